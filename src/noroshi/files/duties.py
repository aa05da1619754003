"""Reads duties to report: TOML with one [[duty]] each, all faults at once; those that ship, or files of one's own."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from pathlib import Path
from typing import Any

from noroshi.errors import InputError, NotFoundError
from noroshi.files.calendars import calendar
from noroshi.files.toml_text import Block, TomlText, read_toml
from noroshi.files.zones import zone_names
from noroshi.respond.counting import COUNTINGS, UNITS
from noroshi.respond.duties import ANCHORS, STATUSES, Duty

__all__ = ["load_duties", "shipped_duties"]

SHIPPED = Path(__file__).resolve().parent.parent / "samples" / "duties"
CODE = "bad-duty"
EXAMPLE = '[[duty]] with id = "…", regime = "…", anchor = "awareness", amount = 72, unit = "hours", source = "…"'
TEXTS = ("id", "regime", "name", "name_ja", "trigger", "trigger_ja", "form", "form_ja", "source")
OPTIONAL = ("step", "calendar", "note", "note_ja", "verified_by")
CHOICES = {"anchor": tuple(ANCHORS), "unit": tuple(UNITS), "counting": tuple(COUNTINGS), "status": tuple(STATUSES)}
DEFAULTS = {"unit": "hours", "counting": "plain", "status": "in-force"}
KEYS = (*TEXTS, *OPTIONAL, *CHOICES, "recipients", "amount", "least", "zone", "rolls", "closes", "verified_on")
KNOWN_YEAR = 2026
MOST = {"hours": 24 * 366, "days": 3660, "business_days": 1000, "months": 120}


def shipped_duties() -> dict[str, Path]:
    """Return name -> file of the duties that ship with Noroshi."""
    return {path.stem: path for path in sorted(SHIPPED.glob("*.toml"))}


def load_duties(paths: Sequence[str | Path] = ()) -> tuple[Duty, ...]:
    """Return the duties in the files at `paths`, else all that ship, in their order.

    InputError with every fault of every file: what is missing or of another kind, ids that stand twice, steps that do
    not exist or go in a circle, a range that is none, what is verified by somebody but on no day.
    """
    texts = [read_toml(path, EXAMPLE) for path in paths or shipped_duties().values()]
    blocks = [block for text in texts for block in _blocks(text)]
    duties = [_duty(block) for block in blocks]
    seen: set[str] = set()
    for block, duty in zip(blocks, duties, strict=True):
        if duty.id and duty.id in seen:
            block.fault("id", duty.id, "an id of its own", "give another id", "duplicate-id")
        seen.add(duty.id)
    steps = {duty.id: duty.step for duty in duties}
    for block, duty in zip(blocks, duties, strict=True):
        _check_step(block, duty, steps)
        if paths and duty.calendar:
            _check_calendar(block, duty)
    faults = [fault for text in texts for fault in sorted(text.faults, key=lambda one: one.row or 0)]
    if faults:
        raise InputError(faults)
    return tuple(duties)


def _blocks(text: TomlText) -> list[Block]:
    """Return the duties of a file; what else stands in it is a fault."""
    text.top().only(("duty",), CODE)
    return text.blocks("duty")


def _duty(block: Block) -> Duty:
    """Return one duty; its faults are noted."""
    block.only(KEYS, CODE)
    for key in TEXTS:
        if key not in block.values:
            block.fault(key, "", "text in quotes", f'such as {key} = "…"', "missing-value")
    texts = {key: block.words(key, "?", CODE) for key in TEXTS if key in block.values}
    texts |= {key: block.words(key, "", CODE) for key in OPTIONAL if key in block.values}
    for key, choices in CHOICES.items():
        texts[key] = block.one_of(key, choices, "bad-choice") or DEFAULTS.get(key, "")
    if "anchor" not in block.values:
        block.fault("anchor", "", " | ".join(ANCHORS), 'such as anchor = "awareness"', "missing-value")
    zone = block.one_of("zone", zone_names(), CODE) or ""
    rolls = _of(block, "rolls", bool, True, "true or false")  # noqa: FBT003  the default
    closes = _of(block, "closes", time, None, "a time such as 17:30:00")
    day = _of(block, "verified_on", date, None, "a date such as 2026-11-22")
    if bool(texts.get("verified_by")) != (day is not None):
        block.fault("verified_on", str(block.values.get("verified_on", "")), "verified_by and verified_on together",
                    "say who compared the row with its source, and when; else neither", CODE)  # fmt: skip
    amount, least = _amounts(block, texts["unit"])
    given: dict[str, Any] = {"id": "", "regime": "", "name": "", "name_ja": "", "trigger": "", "trigger_ja": "",
                             "form": "", "form_ja": "", "source": ""}  # fmt: skip
    return Duty(**(given | texts), recipients=_recipients(block), amount=amount, least=least, zone=zone, rolls=rolls,
                closes=closes, verified_on=day)  # fmt: skip


def _of(block: Block, key: str, kind: type, default: Any, expected: str) -> Any:  # noqa: ANN401  of that kind
    """Return the value of `key` where it is of that kind, the default where it is not given or at fault."""
    value = block.values.get(key, default)
    if value is default or type(value) is kind:
        return value
    block.fault(key, repr(value)[:80], expected, f"correct {key}, or remove it", CODE)
    return default


def _amounts(block: Block, unit: str) -> tuple[int | None, int | None]:
    """Return how long one has, and the least of a range; None where it is not given or at fault."""
    found: list[int | None] = []
    for key in ("amount", "least"):
        value = block.values.get(key)
        if value is None or (type(value) is int and 1 <= value <= MOST[unit]):
            found.append(value)
            continue
        code = "out-of-range" if type(value) is int else "bad-number"
        block.fault(key, repr(value)[:80], f"a whole number of {unit} from 1 to {MOST[unit]}", "correct it", code)
        found.append(None)
    amount, least = found
    if "least" in block.values and (amount is None or (least is not None and least >= amount)):
        block.fault("least", repr(least), "less than amount", "correct one of the two, or remove least", "out-of-range")
    return amount, least


def _recipients(block: Block) -> tuple[tuple[str, str], ...]:
    """Return the recipients, each in English and Japanese."""
    rows = block.values.get("recipients", [])
    if (
        isinstance(rows, list)
        and rows
        and all(isinstance(row, list) and len(row) == 2 and all(isinstance(one, str) for one in row) for row in rows)  # noqa: PLR2004  two languages
    ):
        return tuple((row[0], row[1]) for row in rows)
    block.fault("recipients", repr(rows)[:80], 'a list of pairs such as [["CSIRT", "CSIRT"]]',
                "name each in English and Japanese", CODE if rows else "missing-value")  # fmt: skip
    return ()


def _check_calendar(block: Block, duty: Duty) -> None:
    """Note a calendar that there is not; those of the duties that ship are known to be."""
    try:
        calendar(duty.calendar, KNOWN_YEAR, KNOWN_YEAR)
    except NotFoundError as error:
        block.fault("calendar", duty.calendar, "a country, its part, or JP-administration", str(error), "dangling-key")


def _check_step(block: Block, duty: Duty, steps: dict[str, str]) -> None:
    """Note a step that is missing, not asked for, unknown, or part of a circle."""
    if (duty.anchor == "previous") != bool(duty.step):
        block.fault("step", duty.step, 'step with anchor = "previous", and only with it',
                    'such as anchor = "previous", step = "nis2-notification"', CODE)  # fmt: skip
    if not duty.step:
        return
    if duty.step not in steps:
        block.fault("step", duty.step, "the id of another duty", "correct it", "dangling-key")
        return
    passed, at = {duty.id}, duty.step
    while at and at not in passed:
        passed.add(at)
        at = steps.get(at, "")
    if at:
        block.fault("step", duty.step, "steps that begin somewhere", "one of them must run from a moment", CODE)
