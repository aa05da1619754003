"""Reads single cells that people filled in: levels, dates, grades, texts, as spreadsheets and keyboards leave them."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from noroshi.files.answer_words import GRADE_WORDS, named, normal, number_text, same_level, unescape
from noroshi.rate.catalogue import Item

__all__ = ["EPOCH", "Broken", "date_of", "grade_of", "is_empty", "level_of", "levels_of", "text_of"]

EPOCH = date(1899, 12, 30)
"""Day 0 of a spreadsheet's dates."""
SERIALS = (20_000, 80_000)
"""Numbers that are read as such days: 1954 to 2119."""
REIWA = 2018
FULL = 100.0
NUMBER = r"[+-]?(?:\d+(?:[.,]\d+)?|[.,]\d+)(?:e[+-]?\d+)?"
RANGE = re.compile(rf"({NUMBER}\s*%?)\s*(?:\.\.|[–—~〜])\s*({NUMBER}\s*%?)", re.IGNORECASE)
"""Two levels with a sign between them that no spreadsheet takes for a date or a subtraction."""
ALONE = re.compile(rf"({NUMBER})\s*(%?)", re.IGNORECASE)
WITH_WORDS = re.compile(rf"({NUMBER})\s*(%?)\s*[–—―\-:=|?]\s*(.*[^\W\d_].*)", re.IGNORECASE | re.DOTALL)
DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ t]\d{1,2}:\d{2}(?::\d{2}(?:\.0+)?)?)?")
REIWA_DAY = re.compile(r"(?:令和|r)\s*(\d{1,2}|元)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")
EIGHT = re.compile(r"(\d{4})(\d{2})(\d{2})")
GRADES_NAMED = named(GRADE_WORDS)
SHOWN = 60
LEVEL = "a number from 0 to 1, a percentage, or one of the levels"


@dataclass(frozen=True, slots=True)
class Broken:
    """What a cell holds that cannot be read: the fault's code, what was found, what was expected, what to do."""

    code: str
    found: str
    expected: str
    remedy: str


def is_empty(value: object) -> bool:
    """Say whether a cell holds nothing."""
    return value is None or (isinstance(value, str) and not value.strip())


def text_of(value: object) -> str:
    """Return a cell as text; numbers without a needless .0, dates as 2026-11-01."""
    if value is None:
        return ""
    if isinstance(value, str):
        return unescape(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value == datetime.combine(value.date(), datetime.min.time()) else str(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def level_of(value: object, item: Item) -> float | Broken:
    """Return a level, 0-1: a number, a percentage, a level's number with its wording, or its wording alone."""
    said = text_of(value)[:SHOWN]
    if isinstance(value, str):
        return _written_level(unicodedata.normalize("NFKC", unescape(value)).strip(), said, item)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return _bounded(float(value) if abs(value) <= FULL else math.inf, said)  # an int may be too large for a float
    if isinstance(value, (date, datetime)):
        return Broken("date-mangled", said, LEVEL, "type the level again; the spreadsheet took it for a date")
    return Broken("bad-number", said, LEVEL, "choose a level from the list")


def levels_of(value: object, item: Item) -> tuple[float, float | None] | Broken:
    """Return a level and, where the cell holds a range such as 0.25..0.67, its upper end (else None)."""
    both = RANGE.fullmatch(unicodedata.normalize("NFKC", value).strip()) if isinstance(value, str) else None
    low = level_of(value if both is None else both[1], item)
    if both is None or isinstance(low, Broken):
        return low if isinstance(low, Broken) else (low, None)
    high = level_of(both[2], item)
    if isinstance(high, float) and high < low:
        return Broken("out-of-range", text_of(value)[:SHOWN], "a range that rises", "write the lower level first")
    return high if isinstance(high, Broken) else (low, high)


def _written_level(written: str, said: str, item: Item) -> float | Broken:
    """Return a level that is written as text."""
    alone, known, both = ALONE.fullmatch(written), same_level(written, item), WITH_WORDS.fullmatch(written)
    if alone:
        return _bounded(_figure(alone[1], alone[2]), said)
    if known is not None:
        return known.at
    if both is None:
        return Broken("bad-number", said, LEVEL, "choose a level from the list")
    figure, meant = _figure(both[1], both[2]), same_level(both[3], item)
    if meant is not None and meant.at != figure:
        remedy = "choose the level again from the list"
        return Broken("bad-choice", said, f"the wording of {both[1]}, not that of {number_text(meant.at)}", remedy)
    return _bounded(figure, said)


def _figure(digits: str, percent: str) -> float:
    """Return the number that digits, with or without a percent sign, stand for."""
    figure = float(digits.replace(",", "."))
    return figure / FULL if percent else figure


def _bounded(figure: float, said: str) -> float | Broken:
    """Return a level, or what is wrong with it."""
    if math.isfinite(figure) and 0.0 <= figure <= 1.0:
        return figure
    remedy = f"for {said} of 100 write {said} %" if 1.0 < figure <= FULL else "correct it"
    return Broken("out-of-range", said, "a number from 0 to 1", remedy)


def grade_of(value: object) -> str | Broken:
    """Return a grade of evidence, from its key or its words in either language."""
    said = text_of(value)
    grade = GRADES_NAMED.get(normal(said))
    if grade is not None:
        return grade
    words = ", ".join(f"{en} ({ja})" for en, ja in GRADE_WORDS.values())
    return Broken("bad-choice", said[:SHOWN], f"one of {words}", "choose from the list")


def date_of(value: object, epoch: date = EPOCH) -> date | Broken:
    """Return a day: a spreadsheet's date or its number, or a text.

    Texts: 2026-11-01, 2026/11/1, 20261101, 2026年11月1日, 令和8年11月1日, R8.11.1, with full-width digits too.
    """
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool) and SERIALS[0] <= value <= SERIALS[1]:
        return epoch + timedelta(days=int(value))
    said = text_of(value)
    written = unicodedata.normalize("NFKC", said).strip().casefold()
    found, reiwa = DAY.fullmatch(written) or EIGHT.fullmatch(written), REIWA_DAY.fullmatch(written)
    parts = found.groups() if found else reiwa.groups() if reiwa else ("0", "0", "0")
    year = 1 if parts[0] == "元" else int(parts[0])
    try:
        return date(year + (REIWA if reiwa else 0), int(parts[1]), int(parts[2]))
    except ValueError:
        return Broken("bad-answers", said[:SHOWN], "a date such as 2026-11-01 or 2026/11/1", "write year, month, day")
