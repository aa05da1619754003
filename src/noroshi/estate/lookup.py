"""One row of an estate and its neighbours: what it depends on, and what depends on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from noroshi.errors import NotFoundError
from noroshi.estate.cells import nearest
from noroshi.estate.column import Kind
from noroshi.estate.tables import TABLES

if TYPE_CHECKING:
    from noroshi.estate.model import Estate

__all__ = ["Entry", "Link", "look_up"]

SEARCHED = 5000
KEPT = 200


@dataclass(frozen=True, slots=True)
class Link:
    """One tie to another row: its id, and the column or dependency that makes it."""

    id: str
    through: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: its table, its values (those given), what it names or needs, and what names or needs it.

    At most 200 links are kept each way; the totals count all.
    """

    table: str
    values: dict[str, Any]
    needs: tuple[Link, ...]
    needed_by: tuple[Link, ...]
    needs_total: int
    needed_by_total: int


def look_up(estate: Estate, ident: str) -> list[Entry]:
    """Return the rows with the id `ident`: one among units, one per table elsewhere; NotFoundError if there is none."""
    found = [_entry(estate, name, ident) for name in TABLES if ident in estate.rows(name)]
    if not found:
        every = [one for name in TABLES if estate.count(name) <= SEARCHED for one in estate.ids(name)]
        near = nearest(ident, every)
        hint = f"; did you mean {near}?" if near else ""
        raise NotFoundError(f"estate {estate.meta.id} has no row with the id {ident!r}{hint}")
    return found


def _entry(estate: Estate, table: str, ident: str) -> Entry:
    """Return the row `ident` of `table` with its links."""
    row = estate.frames[table].row(estate.rows(table)[ident], named=True)
    needs: list[Link] = []
    for col in TABLES[table].columns:
        if col.kind in {Kind.REF, Kind.REFS} and row[col.name]:
            needs += [Link(part.strip(), col.name) for part in row[col.name].split(";") if part.strip()]
    needed_by: list[Link] = []
    for name, other in TABLES.items():
        for col in other.columns:
            if col.kind in {Kind.REF, Kind.REFS} and table in col.refs and name != "dependencies":
                needed_by += [Link(one, f"{name}.{col.name}") for one in _naming(estate, name, col.name, ident)]
    if TABLES[table].units:
        own, others = _dependencies(estate, ident)
        needs += own
        needed_by += others
    values = {key: value for key, value in row.items() if value is not None}
    return Entry(table, values, tuple(needs[:KEPT]), tuple(needed_by[:KEPT]), len(needs), len(needed_by))


def _naming(estate: Estate, table: str, column: str, ident: str) -> list[str]:
    """Return the ids of the rows of `table` that name `ident` in `column`."""
    frame = estate.frames[table]
    cells = pl.concat_str([pl.lit(";"), pl.col(column).str.replace_all(" ", ""), pl.lit(";")])
    return frame.filter(cells.str.contains(f";{ident};", literal=True))["id"].to_list()


def _dependencies(estate: Estate, ident: str) -> tuple[list[Link], list[Link]]:
    """Return what the unit needs by the table of dependencies, and what needs it."""
    frame = estate.frames["dependencies"]
    own = frame.filter(pl.col("dependant") == ident)
    wanted = ("commodity", "logic", "autonomy_h")
    needs = [
        Link(part.strip(), f"{commodity} ({logic}, {hours:g} h)")
        for providers, commodity, logic, hours in own.select("providers", *wanted).iter_rows()
        for part in (providers or "").split(";")
        if part.strip()
    ]
    rows = set(_naming(estate, "dependencies", "providers", ident))
    others = frame.filter(pl.col("id").is_in(list(rows)))
    picked = others.select("dependant", *wanted).iter_rows()
    return needs, [Link(who, f"{commodity} ({logic}, {hours:g} h)") for who, commodity, logic, hours in picked]
