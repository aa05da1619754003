"""From the text of cells to typed columns: every cell that does not fit is a fault with its place and a remedy."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from noroshi.estate.column import Column, Kind, Table
from noroshi.estate.model import DTYPES, complete

if TYPE_CHECKING:
    from collections.abc import Callable

    from noroshi.estate.findings import Findings, Place

__all__ = ["MANGLED_DATE", "SLUG", "Sheet", "nearest", "typed"]

SLUG = r"^[a-z0-9][a-z0-9._-]*$"
MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*"
CLOCK = r"(?:[ T]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?"
MANGLED_DATE = (
    rf"(?i)^(?:\d{{1,2}}-{MONTH}(?:-\d{{2,4}})?|{MONTH}-\d{{1,4}}|\d{{4}}[/-]\d{{1,2}}[/-]\d{{1,2}}{CLOCK}"
    rf"|\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?{CLOCK}|(?:\d{{4}}年)?\d{{1,2}}月(?:\d{{1,2}}日)?)$"
)
"""What spreadsheets make of 3-1, 3/1 or 1-3: 1-Mar, Mar-01, 2024/03/01 0:00, 3月1日."""
SERIAL_DATE = r"^(?:3[6-9]|4\d|5[0-4])\d{3}$"
"""A day number of the years 1998 to 2050, as in 45352 = 1 March 2024."""
FREE_TEXT = frozenset({"source", "confidence", "note", "hours", "meaning"})
"""Text columns in which a date is nothing odd."""
SERIAL_SHARE = 0.5
WHOLE_LIMIT = 2.0**53


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table as it was read: its frame (text, or typed already) and where its rows stand."""

    table: Table
    frame: pl.DataFrame
    place: Place


def typed(sheet: Sheet, findings: Findings) -> pl.DataFrame:
    """Return the sheet's columns typed as described and defaults filled in; note every cell that does not fit.

    A cell that does not fit becomes null (text) or NaN (number), so that one fault does not cause others. The columns
    of `sheet.frame` are the table's, as `headers.match` leaves them.
    """
    columns: list[pl.Series] = []
    for col in sheet.table.columns:
        if col.name not in sheet.frame.columns:
            continue
        series = sheet.frame[col.name]
        if series.dtype != DTYPES[col.kind]:
            series = series.cast(pl.String, strict=False) if series.dtype != pl.String else series
        if col.required:
            findings.many("missing-value", sheet.place, col.name, series.is_null(), series, meaning=col.meaning,
                          meaning_ja=col.meaning_ja)  # fmt: skip
        if series.null_count() == series.len():
            continue
        columns.append(TYPERS[col.kind](col, series, sheet.place, findings).alias(col.name))
    return complete(sheet.table, pl.DataFrame(columns), sheet.frame.height)


def ident(col: Column, series: pl.Series, place: Place, findings: Findings) -> pl.Series:
    """Check ids: slugs, and nothing that a spreadsheet made a date of."""
    dates = mangled(series)
    findings.many("date-mangled", place, col.name, dates, series, expected="a slug such as chubu-3-1",
                  expected_ja="chubu-3-1のような識別子")  # fmt: skip
    odd = ~series.str.contains(SLUG) & ~dates
    if odd.any():
        kept = series.gather(odd.arg_true().head(findings.limit)).to_list()
        findings.many("bad-id", place, col.name, odd, series, hints=[slug(v) for v in kept])
    return series


def mangled(series: pl.Series) -> pl.Series:
    """Say for each id whether a spreadsheet made it a date; a bare day number counts where most ids are words."""
    dates = series.str.contains(MANGLED_DATE)
    serial = series.str.contains(SERIAL_DATE)
    if not serial.any():
        return dates
    digits = series.str.contains(r"^\d+$").sum() or 0
    return dates | serial if digits <= SERIAL_SHARE * (series.len() - series.null_count()) else dates


def slug(value: str) -> str:
    """Return `value` as a slug, or "a-1" where nothing of it can be one."""
    kept = "".join(c if c.isascii() and (c.isalnum() or c in "._") else "-" for c in value.lower())
    return kept.strip("-._") or "a-1"


def words(col: Column, series: pl.Series, place: Place, findings: Findings) -> pl.Series:
    """Check text: anything goes, but a date where names stand was made by a spreadsheet."""
    if col.name not in FREE_TEXT:
        findings.many("date-mangled", place, col.name, series.str.contains(MANGLED_DATE), series, expected="text",
                      expected_ja="文字列")  # fmt: skip
    return series


def key(col: Column, series: pl.Series, place: Place, findings: Findings) -> pl.Series:
    """Check the form of keys; whether their rows exist is asked once all tables are read.

    A mangled key becomes null, so that it is not reported as dangling too.
    """
    dates = series.str.contains(MANGLED_DATE)
    targets = ", ".join(col.refs)
    if findings.many("date-mangled", place, col.name, dates, series, expected=f"an id of {targets}",
                     expected_ja=f"{targets} の識別子"):  # fmt: skip
        return series.to_frame("v").select(pl.when(~dates).then(pl.col("v"))).to_series()
    return series


def number(col: Column, series: pl.Series, place: Place, findings: Findings) -> pl.Series:
    """Read numbers; say what is wrong with each cell that is none."""
    unit = col.unit or "1"
    values = series if series.dtype == pl.Float64 else series.cast(pl.Float64, strict=False)
    bad = series.is_not_null() & values.is_null()
    if bad.any():
        for rule, where, remade in wrong_numbers(series, bad):
            head = series.gather(where.arg_true().head(findings.limit)).to_list()
            findings.many(rule, place, col.name, where, series, hints=[remade(v) for v in head], unit=unit,
                          expected=f"a number in {unit}", expected_ja=f"数値(単位: {unit})")  # fmt: skip
    infinite = values.is_not_null() & ~values.is_finite()
    findings.many("not-finite", place, col.name, infinite, series, unit=unit)
    wrong = bad | infinite
    if wrong.any():
        values = (
            values.to_frame("v").select(pl.when(wrong).then(pl.lit(float("nan"))).otherwise(pl.col("v"))).to_series()
        )
    outside = limits_broken(col, values)
    if outside is not None:
        findings.many("out-of-range", place, col.name, outside, series, **limits(col))
    return values


def wrong_numbers(series: pl.Series, bad: pl.Series) -> list[tuple[str, pl.Series, Callable[[str], str]]]:
    """Split the cells that are no numbers by what is wrong with them: (rule, where, how the cell is put right)."""
    out = []
    left = bad
    for rule, pattern, remade in NOT_NUMBERS:
        where = left & series.str.contains(pattern)
        if where.any():
            out.append((rule, where, remade))
            left = left & ~where
    return out


def half_width(text: str) -> str:
    """Return `text` with full-width digits and signs made half-width."""
    return "".join(chr(ord(c) - 0xFEE0) if "\uff01" <= c <= "\uff5e" else c for c in text)


def number_alone(text: str) -> str:
    """Return the number that `text` begins with."""
    return re.split(r"[^\d.,+-]", text, maxsplit=1)[0]


NOT_NUMBERS: tuple[tuple[str, str, Callable[[str], str]], ...] = (
    ("date-mangled", MANGLED_DATE, str),
    ("spreadsheet-error", r"^#[A-Z/0-9]+[!?]?$", str),
    ("thousands", r"^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d*)?$", lambda v: v.replace(",", "")),
    ("decimal-comma", r"^[+-]?\d*,\d+$", lambda v: v.replace(",", ".")),
    ("full-width", "^[\uff0b-\uff19]+$", half_width),
    ("unit-in-cell", r"^[+-]?\d[\d.,]*\s*[A-Za-z%μ°/人件時班円][^\d]*$", number_alone),
    ("bad-number", "", str),
)  # fmt: skip
"""What a cell that is no number may be: rule, pattern, and how it is put right; the last takes what is left."""


def limits_broken(col: Column, values: pl.Series) -> pl.Series | None:
    """Say for each value whether it is outside the column's limits; None where there are none."""
    real = values.is_not_nan() if values.dtype == pl.Float64 else values.is_not_null()
    masks = []
    if col.low is not None:
        masks.append(values < col.low)
    if col.high is not None:
        masks.append(values > col.high)
    if not masks:
        return None
    out = masks[0] if len(masks) == 1 else masks[0] | masks[1]
    return out & real


def limits(col: Column) -> dict[str, str]:
    """Return the column's limits, and what is worth a thought, in both languages."""
    unit = f" {col.unit}" if col.unit else ""
    swap = col.name == "lat"
    thought = {
        "swap": " (were lat and lon swapped?)" if swap else "",
        "swap_ja": "(緯度と経度が逆ではないか)" if swap else "",
    }
    if col.low is None:
        return {"limits": f"at most {col.high:g}{unit}", "limits_ja": f"{col.high:g}{unit} 以下", **thought}
    if col.high is None:
        return {"limits": f"at least {col.low:g}{unit}", "limits_ja": f"{col.low:g}{unit} 以上", **thought}
    return {"limits": f"{col.low:g} to {col.high:g}{unit}", "limits_ja": f"{col.low:g}~{col.high:g}{unit}", **thought}


def count(col: Column, series: pl.Series, place: Place, findings: Findings) -> pl.Series:
    """Read whole numbers; 1000.0 is one, 2.5 is not."""
    if series.dtype == pl.Int64:
        outside = limits_broken(col, series)
        if outside is not None:
            findings.many("out-of-range", place, col.name, outside, series, **limits(col))
        return series
    values = number(col, series, place, findings)
    broken = values.is_not_nan() & ((values.floor() != values) | (values.abs() > WHOLE_LIMIT))
    unit = f" of {col.unit}" if col.unit else ""
    findings.many("not-whole", place, col.name, broken, series, of_unit=unit)
    return values.cast(pl.Int64, strict=False)


def yes_no(col: Column, series: pl.Series, place: Place, findings: Findings) -> pl.Series:
    """Read yes/no, true/false and 1/0."""
    if series.dtype == pl.Boolean:
        return series
    low = series.str.to_lowercase()
    yes = low.is_in(["yes", "true", "1"])
    no = low.is_in(["no", "false", "0"])
    findings.many("bad-yes-no", place, col.name, series.is_not_null() & ~yes & ~no, series)
    return series.to_frame("v").select(pl.when(yes).then(statement=True).when(no).then(statement=False)).to_series()


def choice(col: Column, series: pl.Series, place: Place, findings: Findings) -> pl.Series:
    """Check that the value is one of those allowed."""
    other = ~series.is_in(list(col.choices))
    if other.any():
        kept = series.gather(other.fill_null(value=False).arg_true().head(findings.limit)).to_list()
        near = {value: nearest(value, col.choices) for value in set(kept)}
        one = " or ".join(repr(c) for c in col.choices[:1]) + " or another of them"
        findings.many("bad-choice", place, col.name, other, series, choices=", ".join(col.choices),
                      hints=[repr(near[v]) if near[v] else one for v in kept])  # fmt: skip
    return series


def nearest(word: str, known: list[str] | tuple[str, ...]) -> str:
    """Return the known word that is most like `word`, or "" if none is."""
    found = difflib.get_close_matches(word.lower().strip(), known, n=1, cutoff=0.6)
    return found[0] if found else ""


TYPERS: dict[Kind, Callable[[Column, pl.Series, Place, Findings], pl.Series]] = {
    Kind.ID: ident,
    Kind.TEXT: words,
    Kind.NUMBER: number,
    Kind.COUNT: count,
    Kind.YES_NO: yes_no,
    Kind.CHOICE: choice,
    Kind.REF: key,
    Kind.REFS: key,
}
