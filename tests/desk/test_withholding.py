"""Names of victims that have not agreed are found however they are written, and nothing else is taken out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noroshi.desk.blanking import INSTEAD, blanked, folded

NAMES = tuple(map(folded, ("kumo-rail", "雲鉄道", "ガス社", "minato", "abc")))

WRITTEN = [
    ("Kumo-Rail was hit", "[…] was hit"),
    ("KUMO\u3000RAIL, and kumorails", "[…], and […]s"),
    ("K u m o - r a i l!", "[…]!"),
    ("雲鉄道が被害、雲 鉄道も", "[…]が被害、[…]も"),
    ("ｶﾞｽ社のガス社", "[…]の[…]"),
    ("ＫＵＭＯＲＡＩＬ and ku\u200bmo-rail", "[…] and […]"),
    ("abcd dabc abc. ABCの", "abcd dabc […]. […]の"),
    ("minatominato", "[…]"),
    ("", ""),
    ("nothing of them", "nothing of them"),
]


@pytest.mark.parametrize(("text", "expected"), WRITTEN)
def test_a_name_is_taken_out_however_it_is_written(text: str, expected: str) -> None:
    assert blanked(text, NAMES) == expected


@given(st.text(), st.text(), st.sampled_from(["kumo-rail", "Ｋｕｍｏ Rail", "雲　鉄道", "ＭＩＮＡＴＯ"]))
def test_no_text_around_it_keeps_a_name_in(before: str, after: str, name: str) -> None:
    said = blanked(f"{before} {name} {after}", NAMES)
    assert INSTEAD in said
    long = [each for each in NAMES if each not in {"abc", "雲鉄道", "ガス社"}]
    assert not any(each in folded(part) for part in said.split(INSTEAD) for each in long)


@given(st.text(alphabet=st.characters(exclude_characters="kumoraiｌ雲鉄道ガスｶｽ社nbcKUMORAIL")))
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert blanked(text, ("kumorail", "雲鉄道")) == text
