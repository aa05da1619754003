"""Reads and checks an organisation's answers: JSON, all faults at once."""

from __future__ import annotations

import difflib
import json
import math
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from noroshi.errors import Fault, InputError
from noroshi.files.answers_csv import read_csv
from noroshi.files.answers_xlsx import SUFFIXES, read_workbook
from noroshi.rate.evidence import GRADES, Answer, Sheet

if TYPE_CHECKING:
    from noroshi.rate.catalogue import Catalogue

__all__ = ["checked_sheet", "load_answers", "load_object", "shipped_answers"]

SHIPPED = Path(__file__).resolve().parent.parent / "samples" / "answers"
CODE = "bad-answers"
TOP = ("organisation", "sector", "as_of", "answers", "catalogue", "note")
KEYS = ("item", "level", "grade", "date", "not_applicable", "source", "note", "up_to")
LARGEST_BYTES = 50_000_000
EXAMPLE = '{"organisation": "…", "sector": "…", "as_of": "2026-11-01", "answers": [{"item": …, "level": 0-1, …}]}'


class _Reader:
    """The faults of one file, collected: a class, since every check notes its own."""

    def __init__(self, file: str, row: int | None = None) -> None:
        """Start without faults; row: the line, in a file that holds one object a line."""
        self.file, self.row = file, row
        self.faults: list[Fault] = []

    def fault(self, place: str, found: object, expected: str, remedy: str, code: str = CODE) -> None:
        """Note a fault at a place in the file."""
        said = found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)[:80]
        self.faults.append(Fault(code, "error", self.file, self.row, place, said, expected, remedy))

    def only(self, place: str, row: dict[str, Any], known: tuple[str, ...]) -> None:
        """Note every key that is not known."""
        for key in row:
            if key not in known:
                near = difflib.get_close_matches(key, known, 1)
                self.fault(f"{place}{key}", key, ", ".join(known), f"did you mean {near[0]}?" if near else "remove it")

    def text(self, place: str, row: dict[str, Any], key: str) -> str:
        """Return a text that is not empty."""
        value = row.get(key)
        if isinstance(value, str) and value.strip():
            return value
        code = CODE if key in row else "missing-value"
        self.fault(place + key, row.get(key, ""), "text that is not empty", f'such as "{key}": "…"', code)
        return ""

    def day(self, place: str, row: dict[str, Any], key: str) -> date:
        """Return a date, written as 2026-11-01."""
        value = row.get(key)
        try:
            return date.fromisoformat(value)  # type: ignore[arg-type]  # what is no text is a TypeError
        except (TypeError, ValueError):
            self.fault(place + key, row.get(key, ""), "a date as 2026-11-01", f'such as "{key}": "2026-11-01"')
            return date.min


def load_answers(where: str | Path, catalogue: Catalogue) -> Sheet:
    """Return the answers in the file at `where`.

    JSON, or a filled-in form: a workbook (.xlsx) or CSV; a bare name is that of answers which ship with Noroshi.
    InputError with every fault: not JSON, unknown keys or items, levels outside 0-1, dates after `as_of`.
    """
    if not Path(where).exists() and str(where) in shipped_answers():
        where = shipped_answers()[str(where)]
    suffix = Path(where).suffix.lower()
    if suffix in SUFFIXES:
        return read_workbook(where, catalogue)
    if suffix == ".csv":
        return read_csv(where, catalogue)
    sheet, faults = checked_sheet(str(where), load_object(where), catalogue)
    if faults:
        raise InputError(faults)
    return sheet


def shipped_answers() -> dict[str, Path]:
    """Return name -> file of the answers that ship with Noroshi: of organisations of its fictional estate."""
    return {path.stem: path for path in sorted(SHIPPED.glob("*.json"))}


def checked_sheet(
    file: str, table: dict[str, Any], catalogue: Catalogue, row: int | None = None, more: tuple[str, ...] = ()
) -> tuple[Sheet, list[Fault]]:
    """Return the answers in an answers object and all its faults; `more`: other keys that it may have."""
    reader = _Reader(file, row)
    reader.only("", table, (*TOP, *more))
    organisation, sector = reader.text("", table, "organisation"), reader.text("", table, "sector")
    as_of = reader.day("", table, "as_of")
    rows = table.get("answers")
    if not isinstance(rows, list) or not all(isinstance(one, dict) for one in rows):
        reader.fault("answers", rows if "answers" in table else "", "a list of answers", 'such as "answers": []')
        rows = []
    answers = tuple(_answer(reader, f"answers[{k}].", one, as_of, catalogue) for k, one in enumerate(rows))
    for key in more:
        if table.get(key) is not None:
            reader.text("", table, key)
    return Sheet(organisation, sector, as_of, answers), reader.faults


def _answer(reader: _Reader, place: str, row: dict[str, Any], as_of: date, catalogue: Catalogue) -> Answer:
    """Return one answer; its faults are noted."""
    reader.only(place, row, KEYS)
    item = reader.text(place, row, "item")
    if item and item not in catalogue.index:
        near = difflib.get_close_matches(item, catalogue.index, 1)
        remedy = f"did you mean {near[0]}?" if near else "list them with `noroshi rate catalogue`"
        reader.fault(place + "item", item, f"an item of the catalogue {catalogue.id}", remedy, "dangling-key")
    reason = row.get("not_applicable")
    if reason is not None and not (isinstance(reason, str) and reason.strip()):
        reader.fault(
            place + "not_applicable", reason, "why it does not apply", "give the reason in words, or remove it"
        )
    level = row.get("level", 0.0 if reason else None)
    if isinstance(level, bool) or not isinstance(level, (int, float)):
        reader.fault(
            place + "level", level if "level" in row else "", "a number from 0 to 1", "correct it", "bad-number"
        )
    elif not math.isfinite(level) or not 0.0 <= level <= 1.0:
        reader.fault(place + "level", str(level), "a number from 0 to 1", "correct it", "out-of-range")
    up_to = _up_to(reader, place, row, level)
    grade = row.get("grade")
    if grade not in GRADES:
        reader.fault(place + "grade", row.get("grade", ""), "one of " + ", ".join(GRADES), "correct it", "bad-choice")
    day = reader.day(place, row, "date")
    if day > as_of > date.min:
        latest = f"no later than as_of, {as_of.isoformat()}"
        reader.fault(place + "date", day.isoformat(), latest, "correct one of the two", "out-of-range")
    number = float(level) if isinstance(level, (int, float)) else 0.0
    return Answer(item, number, str(grade), day, reason if isinstance(reason, str) else "", str(row.get("source", "")),
                  up_to)  # fmt: skip


def _up_to(reader: _Reader, place: str, row: dict[str, Any], level: object) -> float | None:
    """Return the upper end of a range, None where the level is exact."""
    value = row.get("up_to")
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        reader.fault(place + "up_to", value, "a number from the level to 1", "correct it, or remove it", "bad-number")
    elif not isinstance(level, (int, float)) or not level <= value <= 1.0:
        reader.fault(place + "up_to", str(value), "a number from the level to 1", "correct it", "out-of-range")
    else:
        return float(value)
    return None


def load_object(where: str | Path) -> dict[str, Any]:
    """Return the JSON object in a file; InputError if there is none."""
    path = Path(where)

    def refuse(code: str, found: str, expected: str, remedy: str, row: int | None = None) -> InputError:
        return InputError([Fault(code, "error", str(where), row, "", found, expected, remedy)])

    try:
        size = path.stat().st_size
        if size > LARGEST_BYTES:
            raise refuse("too-many", f"{size:,} bytes", f"at most {LARGEST_BYTES:,} bytes", "give a smaller file")
        data = path.read_bytes()
    except OSError as error:
        raise refuse("missing-file", error.strerror or "", "a JSON file that can be read", "correct the path") from None
    try:
        table = json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        row = data[: error.start].count(b"\n") + 1
        raise refuse(
            "bad-encoding", repr(data[error.start : error.start + 4]), "UTF-8", "save it as UTF-8", row
        ) from None
    except json.JSONDecodeError as error:
        raise refuse("bad-json", error.msg, EXAMPLE, "correct this line", error.lineno) from None
    except RecursionError:
        raise refuse("bad-json", "lists within lists without end", EXAMPLE, "correct the file") from None
    if not isinstance(table, dict):
        raise refuse("bad-json", type(table).__name__, EXAMPLE, "write one object")
    return table
