"""What changed between two estates: rows added and removed, and cells with their old and new values."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import polars as pl

from noroshi.estate.tables import TABLES

if TYPE_CHECKING:
    from noroshi.estate.model import Estate

__all__ = ["Change", "Difference", "TableDifference", "diff"]


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that differs: which row and column, and the values before and after (None = not given)."""

    id: str
    column: str
    old: Any
    new: Any


@dataclass(frozen=True, slots=True)
class TableDifference:
    """What differs in one table: ids added and removed, in file order, and changed cells in the order of the rows."""

    table: str
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    changed: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """What differs between two estates; `meta` are the keys of estate.toml, `tables` only those that differ."""

    meta: tuple[Change, ...]
    tables: tuple[TableDifference, ...]

    def __bool__(self) -> bool:
        """Say whether anything differs."""
        return bool(self.meta or self.tables)


def diff(a: Estate, b: Estate) -> Difference:
    """Return what has to change in `a` to make it `b`. Rows are the same row if they have the same id.

    The order of rows is not compared, nor is a number that is given as text with more digits: values count.
    """
    meta = tuple(
        Change("", one.name, getattr(a.meta, one.name), getattr(b.meta, one.name))
        for one in fields(a.meta)
        if getattr(a.meta, one.name) != getattr(b.meta, one.name)
    )
    tables = (diff_table(name, a.frames[name], b.frames[name]) for name in TABLES)
    return Difference(meta, tuple(table for table in tables if table.added or table.removed or table.changed))


def diff_table(name: str, a: pl.DataFrame, b: pl.DataFrame) -> TableDifference:
    """Return what differs between two states of one table."""
    added = b.filter(~pl.col("id").is_in(a["id"].implode()))["id"].to_list()
    removed = a.filter(~pl.col("id").is_in(b["id"].implode()))["id"].to_list()
    both = a.with_row_index("row").join(b, on="id", how="inner", suffix="\n", maintain_order="left")
    changed: list[tuple[int, int, Change]] = []
    for k, col in enumerate(TABLES[name].columns[1:]):
        old, new = both[col.name], both[col.name + "\n"]
        at = (~old.eq_missing(new)).arg_true()
        picked = zip(both["row"].gather(at), both["id"].gather(at), old.gather(at), new.gather(at), strict=True)
        changed += [(row, k, Change(ident, col.name, before, after)) for row, ident, before, after in picked]
    changed.sort(key=lambda item: item[:2])
    return TableDifference(name, tuple(added), tuple(removed), tuple(change for *_, change in changed))
