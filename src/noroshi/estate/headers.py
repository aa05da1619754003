"""Matching a file's header with the described columns: names, units, what is missing, what nobody knows."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from noroshi.estate.cells import Sheet, nearest
from noroshi.estate.column import Column, Table

if TYPE_CHECKING:
    from noroshi.estate.findings import Findings

__all__ = ["header", "match"]

WITH_UNIT = re.compile(r"^(?P<name>.*?)\s*\[(?P<unit>[^\]]*)\]$")
OWN_UNIT = "unit"
"""Described unit of a column whose unit stands in the row's own column `unit`."""


def match(sheet: Sheet, findings: Findings) -> Sheet:
    """Return the sheet with only the table's columns, named as described; note what does not match.

    A header may carry the unit, as in "capacity_tph [t/h]"; another unit than the described one is a fault, since no
    value is ever converted silently. Columns without a name and without a value are dropped.
    """
    table, place = sheet.table, sheet.place
    names = [col.name for col in table.columns]
    chosen: dict[str, pl.Series] = {}
    units: dict[str, str] = {}
    for series in sheet.frame.get_columns():
        title = series.name
        found = WITH_UNIT.match(title.strip())
        name = found["name"] if found else title.strip().removesuffix(DOUBLE)
        if name not in names:
            if name or series.null_count() < series.len():
                unknown(table, title, place.first - 1, sheet, findings)
            continue
        if name in chosen:
            findings.add(
                "duplicate-column", place.file, row=place.first - 1, column=name, found=title.removesuffix(DOUBLE)
            )
            continue
        chosen[name] = series.alias(name)
        if found:
            units[name] = found["unit"].strip()
    for name, unit in units.items():
        check_unit(table.column(name), unit, chosen, sheet, findings)
    for col in table.columns:
        if col.required and col.name not in chosen:
            findings.add("missing-column", place.file, row=place.first - 1, column=col.name,
                         found=clip_names(sheet.frame.columns), hint=col.name, meaning=col.meaning,
                         meaning_ja=col.meaning_ja)  # fmt: skip
    return replace(sheet, frame=pl.DataFrame([chosen[name] for name in names if name in chosen]))


DOUBLE = "\u0000again"
"""What the readers put behind the name of a column that the header has already named (frames need unique names)."""


def unknown(table: Table, title: str, row: int, sheet: Sheet, findings: Findings) -> None:
    """Note a column that the table does not have, with the name that was probably meant."""
    title = title.removesuffix(DOUBLE)
    near = nearest(title, [col.name for col in table.columns])
    near = near or next((col.name for col in table.columns if col.meaning_ja.strip("。") == title.strip()), "")
    findings.add("unknown-column", sheet.place.file, row=row, column=title, found=title, table=table.name,
                 hint=f"did you mean {near}? " if near else "",
                 hint_ja=f"{near} のことか。" if near else "")  # fmt: skip


def check_unit(col: Column, unit: str, chosen: dict[str, pl.Series], sheet: Sheet, findings: Findings) -> None:
    """Compare the unit in the header with the described one; where that is the row's own, with the column `unit`."""
    place = sheet.place
    if col.unit == OWN_UNIT and OWN_UNIT in (c.name for c in sheet.table.columns):
        if OWN_UNIT not in chosen:
            height = sheet.frame.height
            chosen[OWN_UNIT] = pl.Series(OWN_UNIT, [unit], dtype=pl.String).new_from_index(0, height)
            return
        own = chosen[OWN_UNIT].cast(pl.String)
        findings.many("wrong-unit", place, OWN_UNIT, own.is_not_null() & (own != unit), own, unit=unit,
                      hints=())  # fmt: skip
    elif unit != col.unit:
        findings.add("wrong-unit", place.file, row=place.first - 1, column=col.name, found=f"[{unit}]",
                     unit=col.unit or "-", hint=header(col))  # fmt: skip


def header(col: Column, *, with_unit: bool = True) -> str:
    """Return the column's header: its name, with the unit in brackets where it has one and `with_unit` asks for it."""
    return f"{col.name} [{col.unit}]" if with_unit and col.unit and col.unit != OWN_UNIT else col.name


def clip_names(names: list[str]) -> str:
    """Return the names found in a header, in one line."""
    return ", ".join(name.removesuffix(DOUBLE) for name in names)
