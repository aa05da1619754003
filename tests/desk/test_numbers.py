"""Figures as people read them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noroshi.desk.numbers import amount, hours, interval, percent, plain

SIZES = {"k": 1e3, "M": 1e6, "bn": 1e9, "tn": 1e12, "万": 1e4, "億": 1e8, "兆": 1e12}


@pytest.mark.parametrize(
    ("value", "en", "ja"),
    [
        (0, "0", "0"),
        (0.0123, "0.0123", "0.0123"),
        (980, "980", "980"),
        (1234, "1.23 k", "1,234"),
        (9999, "10 k", "1万"),
        (999_600, "1 M", "100万"),
        (1_240_000, "1.24 M", "124万"),
        (253_000_000, "253 M", "2.53億"),
        (1.5e12, "1.5 tn", "1.5兆"),
    ],
)
def test_amounts(value: float, en: str, ja: str) -> None:
    assert amount(value, "en").replace("\u00a0", " ") == en
    assert amount(value, "ja") == ja


@given(st.floats(min_value=1e-6, max_value=9e14), st.sampled_from(["en", "ja"]))
def test_an_amount_reads_back_to_three_digits(value: float, lang: str) -> None:
    said = amount(value, lang).replace(",", "").replace("\u00a0", "")
    size = next((factor for word, factor in SIZES.items() if said.endswith(word)), 1.0)
    number = float(said.rstrip("kMbtn万億兆"))
    assert number * size == pytest.approx(value, rel=0.0051)


@pytest.mark.parametrize(
    ("share", "said"),
    [(0, "0%"), (1e-9, "<0.1%"), (0.0123, "1.2%"), (0.5, "50%"), (0.9996, ">99.9%"), (1, "100%")],
)
def test_percent(share: float, said: str) -> None:
    assert percent(share, "ja") == said
    assert percent(share, "en").replace("\u00a0", "") == said


def test_units_and_ranges() -> None:
    assert hours(72, "ja") == "72時間"
    assert hours(1.5, "en") == "1.5\u00a0h"
    assert interval(0, 12_000, "ja") == "0〜1.2万"
    assert plain(float("nan")) == "–"
    assert plain(72.0) == "72"
