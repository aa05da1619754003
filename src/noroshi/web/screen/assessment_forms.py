"""What the form of the self-assessment shows of each question, and how what was filled in is read."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from noroshi.desk import assessments as desk
from noroshi.desk.numbers import percent
from noroshi.errors import InputError
from noroshi.rate.assessment import Given
from noroshi.rate.catalogue import KINDS
from noroshi.rate.evidence import GRADES, Sheet

if TYPE_CHECKING:
    from noroshi.desk.assessments import Shown
    from noroshi.rate.assessment import Standing
    from noroshi.rate.catalogue import Item
    from noroshi.web.screen.form import Form, Uploaded
    from noroshi.web.screen.page import Page

__all__ = ["Misread", "asked", "form_of", "read_given", "read_sheet", "sections"]

SUFFIXES = (".xlsx", ".csv")
AWAY = "na"
NEAR = 1e-9


class Misread(ValueError):  # noqa: N818  what was typed, said to who typed it
    """Something that was filled in cannot be read: the message says what, in the page's language."""


# ---- what is shown


def sections(shown: Shown, page: Page, token: str) -> list[tuple[str, list[dict[str, Any]]]]:
    """Return the sections of the form with their questions; token: that of this page, for `Answered.page`."""
    items = desk.asked_catalogue().items
    return [(page.w(kind), [asked(shown, one.id, page, token) for one in items if one.kind == kind]) for kind in KINDS]


def asked(shown: Shown, item: str, page: Page, token: str, fault: str = "") -> dict[str, Any]:
    """Return one question as the form shows it: levels about the middle one, what stands, what waits, files."""
    catalogue, state = desk.asked_catalogue(), shown.state
    desk.refuse_unknown(item)
    one = catalogue.items[catalogue.index[item]]
    levels = [{"at": f"{level.at:g}", "text": page.pick(level.en, level.ja)} for level in one.levels]
    middle = len(levels) // 2
    stands = state.standing.get(item)
    given = stands.said.given if stands else None
    waits = state.aside.get(item, ())
    return {
        "id": item, "no": catalogue.index[item] + 1, "question": page.pick(one.question_en, one.question_ja),
        "proves": page.pick(one.evidence_en, one.evidence_ja), "levels": levels, "middle": levels[middle],
        "lower": levels[:middle], "higher": levels[middle + 1 :], "seen": state.seen(item), "page": token,
        "fault": fault,
        "given": given, "level": "" if given is None else AWAY if given.not_applicable else f"{given.level:g}",
        "said": level_text(one, given, page), "by": stands.by if stands else "",
        "at": page.at(stands.at) if stands else "",
        "above": None if given is None or given.not_applicable or not page.part else next(
            (level for level in levels if float(level["at"]) > given.level), None
        ),
        "files": state.files.get(item, ()), "grades": [(grade, page.w(f"grade_{grade}")) for grade in GRADES],
        "more": [] if stands is None or given is None else [
            page.w("assessment_also", grade=page.w(f"grade_{each.grade}"), day=each.date.isoformat(),
                   level=level_text(one, each, page)) for each in stands.said.more
        ],
        "waits": [side(one, each, page) for each in waits],
        "stands": side(one, stands, page) if stands else None,
        "history": [side(one, each, page) for each in reversed(state.history.get(item, ()))],
        "today": desk.today(page.now).isoformat(),
    }  # fmt: skip


def side(item: Item, one: Standing, page: Page) -> dict[str, Any]:
    """Return an answer of somebody's as it is shown beside another."""
    given = one.said.given
    grade = "" if given is None else f"{page.w(f'grade_{given.grade}')}, {given.date.isoformat()}"
    return {
        "line": one.n, "by": one.by, "at": page.at(one.at), "text": level_text(item, given, page), "grade": grade,
        "note": "" if given is None else given.source,
    }  # fmt: skip


def level_text(item: Item, given: Given | None, page: Page) -> str:
    """Return what an answer says in words."""
    if given is None:
        return page.w("assessment_nothing")
    if given.not_applicable:
        return f"{page.w('assessment_na')}: {given.not_applicable}"
    found = next((page.pick(level.en, level.ja) for level in item.levels if abs(level.at - given.level) < NEAR), "")
    if given.up_to is not None:
        return f"{percent(given.level, page.lang)}..{percent(given.up_to, page.lang)}"
    return found or percent(given.level, page.lang)


# ---- what is read


def read_given(form: Form, page: Page) -> Given | None:
    """Return the answer that a question's form holds; None for the wish to take it back. Misread."""
    level, why = form.get("level"), form.get("why")
    if level == "none":
        return None
    if not level:
        raise Misread(page.w("assessment_level_first"))
    if level == AWAY and not why:
        raise Misread(page.w("assessment_why_first"))
    try:
        at = 0.0 if level == AWAY else float(level)
    except ValueError:
        raise Misread(page.w("assessment_bad_level", found=level[:40])) from None
    text = form.get("date") or desk.today(page.now).isoformat()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Misread(page.w("assessment_bad_date", found=text[:40])) from None
    upper = form.get("up_to") if level == form.get("was") else ""
    return Given(
        at, form.get("grade") or "self", day, why if level == AWAY else "", form.get("source"),
        float(upper) if upper.replace(".", "", 1).isdigit() else None,
    )  # fmt: skip


def form_of(sheet: Sheet, lang: str) -> bytes:
    """Return a workbook to fill in, with the answers of a sheet."""
    from noroshi.files.answers_book import write_workbook

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answers.xlsx"
        write_workbook(path, desk.asked_catalogue(), sheet, lang)
        return path.read_bytes()


def read_sheet(file: Uploaded | None, organisation: str, page: Page) -> Sheet:
    """Return the answers in a filled-in form. Misread; InputError with every fault of it."""
    from noroshi.files.answers import load_answers

    if file is None:
        raise Misread(page.w("assessment_upload_none"))
    suffix = Path(file.name).suffix.lower()
    if suffix not in SUFFIXES:
        raise Misread(page.w("assessment_upload_suffix"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"form{suffix}"
        path.write_bytes(file.data)
        try:
            found = load_answers(path, desk.asked_catalogue())
        except InputError as error:
            name = Path(file.name.replace("\\", "/")).name
            raise InputError([replace(one, file=name) for one in error.faults]) from None
    if found.organisation != organisation:
        raise Misread(page.w("assessment_upload_other", found=found.organisation[:80], mine=organisation))
    return found
