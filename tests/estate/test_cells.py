# ruff: noqa: E501  a table of cases reads best in few lines
"""Cells of every kind: what is read, what is refused, and how the remedy puts it right."""

from __future__ import annotations

import math

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from noroshi.estate.cells import MANGLED_DATE, Sheet, nearest, slug, typed
from noroshi.estate.column import Table, choice, count, ident, number, ref, text, yes_no
from noroshi.estate.findings import Findings, Place

TABLE = Table("t", "A row.", "行。", (
    ident(), text("name", "N.", "名。"), text("note", "N.", "注。"), number("mw", "MW", "M.", "量。"),
    number("angle", "deg", "A.", "角。", low=None, high=90.0), count("n", "teams", "N.", "数。", default=1),
    yes_no("on", "O.", "可。"), choice("kind", ("ac", "dc"), "K.", "種。", default="ac"), ref("bus", "power_buses", "B.", "母線。"),
))  # fmt: skip


def one(column: str, value: str | None) -> tuple[object, list[tuple[str, str]]]:
    """Return what a cell of `column` is read as, and its faults as (code, remedy)."""
    findings = Findings()
    frame = pl.DataFrame({"id": ["a"], column: pl.Series([value], dtype=pl.String)})
    out = typed(Sheet(TABLE, frame, Place("t.csv")), findings)
    return out[column][0], [(f.code, f.remedy) for f in findings.faults()]


@pytest.mark.parametrize(
    ("column", "value", "read"),
    [
        ("mw", "12.5", 12.5), ("mw", "1e3", 1000.0), ("mw", "+3", 3.0), ("mw", ".5", 0.5), ("mw", None, None),
        ("angle", "-120", -120.0), ("n", "3", 3), ("n", "3.0", 3), ("n", None, 1), ("on", "Yes", True),
        ("on", "FALSE", False), ("on", "1", True), ("on", "0", False), ("on", None, False), ("kind", "dc", "dc"),
        ("kind", None, "ac"), ("name", "Line 3-1", "Line 3-1"), ("note", "2024-03-01", "2024-03-01"), ("bus", "b-1", "b-1"),
    ],
)  # fmt: skip
def test_what_is_read(column: str, value: str | None, read: object) -> None:
    assert one(column, value) == (read, [])


@pytest.mark.parametrize(
    ("column", "value", "code", "remedy"),
    [
        ("mw", "1,234.5", "bad-number", "1234.5"), ("mw", "12,5", "bad-number", "12.5"), ("mw", "12kW", "bad-number", ": 12"),
        ("mw", "\uff11\uff0e\uff15", "bad-number", "1.5"), ("mw", "12 万", "bad-number", "plain number"),
        ("mw", "3/1", "date-mangled", "as text"), ("mw", "#DIV/0!", "bad-number", "formula"),
        ("mw", "-inf", "not-finite", "leave the cell empty"), ("mw", "-0.1", "out-of-range", "correct"),
        ("angle", "91", "out-of-range", "correct"), ("n", "2.5", "bad-number", "round"), ("n", "-1", "out-of-range", "correct"),
        ("n", "1e17", "bad-number", "round"), ("on", "y", "bad-yes-no", "yes or no"), ("kind", "acc", "bad-choice", "'ac'"),
        ("kind", "zzz", "bad-choice", "or another of them"), ("name", "Mar-24", "date-mangled", "as text"),
        ("bus", "3月1日", "date-mangled", "as text"),
    ],
)  # fmt: skip
def test_what_is_refused_and_how_it_is_put_right(column: str, value: str, code: str, remedy: str) -> None:
    _, faults = one(column, value)
    assert [fault[0] for fault in faults] == [code]
    assert remedy in faults[0][1]


@pytest.mark.parametrize(
    "text_", ["1-Mar", "01-mar-24", "Mar-01", "March-2024", "2024/03/01 0:00", "2024-3-1", "2024-03-01T00:00:00", "3/1",
              "3/1/2024", "3月1日", "2024年3月1日", "4月"],
)  # fmt: skip
def test_what_spreadsheets_make_of_3_1(text_: str) -> None:
    assert pl.Series([text_]).str.contains(MANGLED_DATE).all()


@pytest.mark.parametrize(
    "text_", ["3-1", "bus-1", "a-mar", "mar", "march-hare", "12", "1-2-3", "2024", "500/275", "1-marx1"]
)
def test_what_is_no_date(text_: str) -> None:
    assert not pl.Series([text_]).str.contains(MANGLED_DATE).any()


def test_day_numbers_are_ids_where_most_ids_are_numbers() -> None:
    for ids, codes in (
        (["45352", "45353", "a"], []),
        (["45352", "b", "c"], ["date-mangled"]),
        (["99999", "b", "c"], []),
    ):
        findings = Findings()
        typed(Sheet(TABLE, pl.DataFrame({"id": ids}), Place("t.csv")), findings)
        assert [f.code for f in findings.faults()] == codes


def test_a_cell_that_is_no_number_becomes_nan_and_a_mangled_key_null() -> None:
    findings = Findings()
    frame = pl.DataFrame({"id": ["a", "b"], "mw": ["x", "1"], "bus": ["1-Mar", "b1"]})
    out = typed(Sheet(TABLE, frame, Place("t.csv")), findings)
    assert math.isnan(out["mw"][0])
    assert out["mw"][1] == 1.0
    assert out["bus"].to_list() == [None, "b1"]


@given(st.text(max_size=30))
def test_a_slug_is_a_slug(value: str) -> None:
    assert pl.Series([slug(value)]).str.contains(r"^[a-z0-9][a-z0-9._-]*$").all()


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=0))
def test_numbers_read_back_as_they_were(value: float) -> None:
    assert one("mw", repr(value)) == (value, [])


def test_nearest() -> None:
    assert nearest("organization", ["organisation", "area"]) == "organisation"
    assert nearest("zzz", ["organisation", "area"]) == ""
