"""What a brief says where nothing is computed or told: never that there is none."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from unittest.mock import patch

import pytest
from rich.console import Console
from tests.desk.briefed import BEGAN, Case, case

from noroshi.desk import situations
from noroshi.desk.case_brief import Briefed, case_brief
from noroshi.files.estates import load
from noroshi.report.case_brief_html import case_page
from noroshi.report.case_brief_text import print_case_brief
from noroshi.respond.incident import Corrected, Reported
from noroshi.respond.situation import Opened, Words

NONE = (
    "No service goes below its floor",
    "Everybody known to depend",
    "最低水準を下回るサービスはない",
    "依存が知られる組織は",
)
NOT_DUE = ("Nothing is due.", "期限のあるものはない。")


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Case]:
    one = case(tmp_path)
    with patch("noroshi.files.estates.load", cache(load)):
        yield one
    one.hub.store.close()


def forms(found: Briefed) -> dict[str, str]:
    """Return what a brief says in each language, on the page and in the terminal."""
    said = {}
    for lang in ("en", "ja"):
        written = io.StringIO()
        print_case_brief(found, lang, Console(file=written, width=200))
        said[lang] = written.getvalue() + case_page(found, lang)
    return said


def brief(one: Case, hour: float, who: str = "duty") -> Briefed:
    return case_brief(one.hub, one.who(who), one.uid, one.at(hour))


@pytest.mark.parametrize(("estate", "whose", "why", "why_ja"), [
    ("sorami", "nobody-there", "neither its organisation nor its systems are in the estate", "エステートにない"),
    ("", "tomariura-port", "the situation names no estate", "指定されていない"),
])  # fmt: skip
def test_what_is_not_computed_is_not_told_as_none(told: Case, estate: str, whose: str, why: str, why_ja: str) -> None:
    told.uid = situations.open_(told.hub, told.who("duty"), Opened(Words("a", "あ"), estate), told.at(1.0))
    told.reported(1.5, Reported(whose, "malware", "x", BEGAN, "port"))
    found = brief(told, 2.0)
    assert found.shown.impact is None or found.shown.impact.below is None
    assert found.shown.unwarned is None
    assert "is not computed: " in found.shown.sentence.en
    assert why in found.shown.sentence.en
    assert why_ja in found.shown.sentence.ja
    said = forms(found)
    assert not [text for text in NONE for form in said.values() if text in form]
    assert said["en"].count("Not computed:") >= 4
    assert said["ja"].count("未計算:") >= 4


def test_nobody_depends_is_not_everybody_was_chosen(told: Case) -> None:
    told.opened(1.0)
    said = forms(brief(told, 2.0))
    assert "Everybody known" not in said["en"]
    assert "Nobody is known to depend on the victims, and nobody has been warned." in said["en"]


def test_duties_that_are_not_computed_are_not_nothing_due(told: Case) -> None:
    told.opened(1.0)
    uid = told.reported(1.5, Reported("tomariura-port", "malware", "x", BEGAN, "port"))
    for more in ({}, {"regimes": ["FOO"]}):
        with patch("noroshi.desk.incidents.unknown", return_value=[]):
            told.said(2.0, uid, Corrected({"contact": "duty desk", **more}))
        found = brief(told, 3.0)
        assert found.shown.next_due == []
        assert [one.ref for one in found.shown.undated] == ["I1"]
        assert "what is due is not computed" in found.shown.sentence.en
        said = forms(found)
        assert not [text for text in NOT_DUE for form in said.values() if text in form]
        assert "duties of I1 not computed" in said["en"]
        assert "I1の報告義務は未計算" in said["ja"]


def test_an_auditor_that_is_not_told_is_told_so(told: Case) -> None:
    told.told()
    shown = brief(told, 42.0, "check").shown
    assert (shown.next_due, shown.impact, shown.unwarned, shown.asks) == (None, None, None, None)
    assert [one.silent for one in shown.warnings or ()] == [None] * len(shown.warnings or ())
    said = forms(brief(told, 42.0, "check"))
    assert not [text for text in (*NONE, *NOT_DUE) for form in said.values() if text in form]
    assert said["en"].count("not told here") >= 4
    assert said["ja"].count("非開示") >= 4
