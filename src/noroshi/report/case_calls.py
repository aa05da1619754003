"""The call sheet of a situation, as text and as one page for A4: boxes to tick, and lines to write on by hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from noroshi.desk.case_brief_words import clock
from noroshi.desk.case_calls import GROUPS
from noroshi.desk.numbers import amount
from noroshi.report.case_brief_html import case_style, marked
from noroshi.report.case_brief_words import say
from noroshi.report.html import alone

if TYPE_CHECKING:
    from noroshi.desk.case_calls import CallRow, CallSheet

__all__ = ["call_lines", "call_page"]

BOX = "[ ]"
LINE = "____________"


def call_lines(sheet: CallSheet, lang: str) -> Iterator[str]:
    """Yield a call sheet as text: whether it is an exercise first, then each callee with what to say."""
    if sheet.exercise:
        yield say("exercise", lang)
    yield f"{marked(sheet.tlp, sheet.communities)}  {say('calls', lang)}: {titled(sheet, lang)}"
    yield say("page", lang, when=clock(sheet.at))
    yield say("calls_lead", lang)
    if sheet.barred:
        yield say("barred_calls", lang, who=", ".join(sheet.barred))
    if not sheet.rows:
        yield say("nobody_calls", lang)
    for number, row in enumerate(sheet.rows, 1):
        yield ""
        yield f"{number:>3}. {BOX} {row.principal}  {why(row, lang)}"
        yield f"       {say('time', lang)} _____  {say('answered_by', lang)} {LINE}"
        for phone in row.phones:
            spoken = f" ({', '.join(phone.languages)})" if phone.languages else ""
            yield f"       {phone.phone}  {phone.name}{spoken}"
        if not row.phones:
            yield f"       {say('no_number', lang)}"
        yield f"       {spoken_in(row, lang)}"
        yield from (f"         {line}" for line in row.say)
    yield ""
    yield marked(sheet.tlp, sheet.communities)
    if sheet.exercise:
        yield say("exercise", lang)


def call_page(sheet: CallSheet, lang: str) -> str:
    """Return a call sheet as one self-contained page."""
    drill = f"[{say('drill', lang)}] " if sheet.exercise else ""
    return alone("case_calls.html", lang, {
        "title": f"{drill}{titled(sheet, lang)} – {say('calls', lang)}", "heading": titled(sheet, lang), "estate": "",
        "exercise": say("exercise", lang) if sheet.exercise else "", "kind": say("calls", lang),
        "marking": marked(sheet.tlp, sheet.communities), "as_of": say("page", lang, when=clock(sheet.at)),
        "lead": say("calls_lead", lang), "empty": say("nobody_calls", lang),
        "barred": say("barred_calls", lang, who=", ".join(sheet.barred)) if sheet.barred else "",
        "rows": [shown(row, lang) for row in sheet.rows], "w_reached": say("reached", lang),
        "w_time": say("time", lang), "w_answered": say("answered_by", lang), "w_none": say("no_number", lang),
    }, case_style())  # fmt: skip


def titled(sheet: CallSheet, lang: str) -> str:
    """Return the title of the situation."""
    return sheet.title.ja if lang == "ja" else sheet.title.en


def shown(row: CallRow, lang: str) -> dict[str, Any]:
    """Return a row as the template takes it."""
    return {
        "name": row.principal, "why": why(row, lang), "say": row.say, "language": row.language,
        "say_in": spoken_in(row, lang),
        "phones": [{"phone": one.phone, "name": one.name, "languages": ", ".join(one.languages)} for one in row.phones],
    }  # fmt: skip


def why(row: CallRow, lang: str) -> str:
    """Return why somebody is called: what it is at risk by, and what it loses."""
    parts = [GROUPS[row.group][int(lang == "ja")]]
    if row.lost:
        parts.append(say("loses", lang, hours=amount(row.lost, lang)))
    return ", ".join(parts) if lang == "en" else "、".join(parts)


def spoken_in(row: CallRow, lang: str) -> str:
    """Return in which language to speak, and that there is no warning to be read."""
    text = say("say_in", lang, language=say(f"lang_{row.language}", lang))
    return text if row.warning else f"{text} ({say('no_text', lang)})"
