"""The brief about a situation as one self-contained page: marking at head and foot, A4 when it is printed."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from noroshi.desk.case_brief_words import clock
from noroshi.report.case_brief_rows import figures, pick, sections
from noroshi.report.case_brief_words import say
from noroshi.report.html import TEMPLATES, alone

if TYPE_CHECKING:
    from noroshi.desk.case_brief import Briefed

__all__ = ["case_page", "case_style", "marked"]


def case_page(found: Briefed, lang: str) -> str:
    """Return the page of a brief; it says nothing that hangs on when or where it was made."""
    one = found.shown
    title = pick(one.title, lang)
    drill = f"[{say('drill', lang)}] " if one.exercise else ""
    return alone("case_brief.html", lang, {
        "title": f"{drill}{title} – {say('brief', lang)}", "heading": title, "estate": "",
        "exercise": say("exercise", lang) if one.exercise else "",
        "marking": marked(one.tlp, one.communities), "kind": say("brief", lang),
        "as_of": say("as_of", lang, when=clock(one.at)),
        "standing": say("closed" if one.closed else "open", lang), "sentence": pick(one.sentence, lang),
        "notice": "" if one.leads else say("part", lang),
        "figures": figures(one, lang), "sections": tuple(sections(found, lang)),
    }, case_style())  # fmt: skip


def marked(tlp: str, communities: list[str] | None) -> str:
    """Return a marking in words."""
    return f"TLP:{tlp}" + (f" ({', '.join(communities)})" if communities else "")


@cache
def case_style() -> str:
    """Return the style that pages of a case have besides that of every page."""
    return (TEMPLATES / "case.css").read_text(encoding="utf-8")
