"""What an estate has, to be looked through: how many rows, search over every table, a table in pages, one row."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Any, NamedTuple

import polars as pl

from noroshi.errors import NotFoundError
from noroshi.estate.column import Column, Kind
from noroshi.estate.tables import TABLES

if TYPE_CHECKING:
    from noroshi.estate.model import Estate

__all__ = ["MOST", "Hit", "Part", "Thing", "counts", "csv_of", "named", "part", "search", "thing"]

MOST = 50
"""Rows of a page, and hits of a search, at most."""
NAMES = ("name_en", "name_ja")
ENDS = ("source", "confidence", "note")
KEPT = 100
"""Rows that refer to one, of one column, that are named."""


class Hit(NamedTuple):
    """A row that a search found; its names are "" where its table has none."""

    table: str
    id: str
    name_en: str
    name_ja: str


class Part(NamedTuple):
    """Some rows of a table, by column; total: how many there are in all pages."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Any, ...], ...]
    total: int


class Thing(NamedTuple):
    """One row: its values in the order of its table, and what refers to it: (table, column, ids, how many)."""

    table: str
    id: str
    values: tuple[tuple[Column, Any], ...]
    referring: tuple[tuple[str, str, tuple[str, ...], int], ...]


def counts(estate: Estate) -> dict[str, int]:
    """Return table -> number of rows, of those that have any."""
    return {name: estate.count(name) for name in TABLES if estate.count(name)}


def search(estate: Estate, text: str, most: int = MOST) -> tuple[tuple[Hit, ...], int]:
    """Return rows whose id, or a name in either language, has every word of a text, and how many there are.

    Case and width of letters do not matter. Who begins with the text comes first, then in the order of the tables.
    """
    asked = folded(text)
    words = asked.split()
    if not words:
        return (), 0
    found: list[tuple[bool, int, Hit]] = []
    for place, table in enumerate(TABLES):
        frame = estate.frame(table)
        ids = frame["id"].to_list()
        english, japanese = (
            frame[name].to_list() if name in frame.columns else [None] * frame.height for name in NAMES
        )
        for one, en, ja in zip(ids, english, japanese, strict=True):
            said = folded(f"{one} {en or ''} {ja or ''}")
            if all(word in said for word in words):
                first = any(folded(name or "").startswith(asked) for name in (one, en, ja))
                found.append((not first, place, Hit(table, one, en or "", ja or "")))
    found.sort(key=lambda one: (one[0], one[1]))
    return tuple(hit for *_, hit in found[:most]), len(found)


def part(  # noqa: PLR0913  what to look through, which of it, in which order, from where
    estate: Estate, table: str, text: str = "", where: tuple[str, str] = ("", ""), order: str = "", start: int = 0,
    most: int = MOST,
) -> Part:  # fmt: skip
    """Return some rows of a table: those with every word of a text, or a value in a column, in an order.

    where: a column of the table and its value; order: a column, with "-" before it from the highest down; both are
    passed over where the table has no such column. NotFoundError where there is no such table.
    """
    frame = chosen(estate, table, text, where, order)
    columns = tuple(col for col in TABLES[table].columns if shown(col, estate.frame(table)))
    rows = frame.slice(start, most).select(col.name for col in columns).rows() if frame.height else []
    return Part(columns, tuple(rows), frame.height)


def csv_of(estate: Estate, table: str, text: str = "", where: tuple[str, str] = ("", ""), order: str = "") -> str:
    """Return what `part` finds, all of it and every column, as CSV."""
    frame = chosen(estate, table, text, where, order)
    yes_no = [name for name, kind in frame.schema.items() if kind == pl.Boolean]
    said = (pl.when(pl.col(name)).then(pl.lit("yes")).otherwise(pl.lit("no")).alias(name) for name in yes_no)
    return frame.with_columns(*said).write_csv()


def chosen(estate: Estate, table: str, text: str, where: tuple[str, str], order: str) -> pl.DataFrame:
    """Return the rows of a table that are asked for, in their order."""
    if table not in TABLES:
        raise NotFoundError(f"an estate has no table {table!r}")
    frame = estate.frame(table)
    words = folded(text).split()
    if words and frame.height:
        cells = frame.select(pl.col(pl.String).fill_null("")).rows()
        kept = [all(word in said for word in words) for said in (folded(" ".join(row)) for row in cells)]
        frame = frame.filter(pl.Series(kept, dtype=pl.Boolean))
    column, value = where
    if value and column in frame.columns:
        frame = frame.filter(pl.col(column).cast(pl.String) == value)
    down, column = order.startswith("-"), order.removeprefix("-")
    if column in frame.columns:
        frame = frame.sort(column, descending=down, nulls_last=True, maintain_order=True)
    return frame


def shown(col: Column, frame: pl.DataFrame) -> bool:
    """Say whether a list of rows shows a column: not what nobody fills in, nor where figures come from."""
    return col.name not in ENDS and (col.required or frame[col.name].null_count() < frame.height)


def thing(estate: Estate, table: str, ident: str) -> Thing:
    """Return one row with what refers to it; NotFoundError where there is none."""
    if table not in TABLES or ident not in estate.rows(table):
        raise NotFoundError(f"the estate {estate.meta.id} has no {ident!r} in {table!r}")
    row = estate.frame(table).row(estate.rows(table)[ident], named=True)
    referring = []
    for other, said in TABLES.items():
        for col in said.columns:
            if col.kind in {Kind.REF, Kind.REFS} and table in col.refs and estate.count(other):
                ids = naming(estate.frame(other), col.name, ident)
                if ids:
                    referring.append((other, col.name, tuple(ids[:KEPT]), len(ids)))
    return Thing(table, ident, tuple((col, row[col.name]) for col in TABLES[table].columns), tuple(referring))


def naming(frame: pl.DataFrame, column: str, ident: str) -> list[str]:
    """Return the ids of the rows that name one in a column of one or several ids."""
    cells = pl.concat_str([pl.lit(";"), pl.col(column).str.replace_all(" ", ""), pl.lit(";")])
    return frame.filter(cells.str.contains(f";{ident};", literal=True))["id"].to_list()


def named(estate: Estate) -> dict[str, Hit]:
    """Return id -> the row of that id, by which pages name and link it; found once for an estate.

    Ids of units are unique, those of others may come again in another table: the first counts.
    """
    if "named" not in estate.known:
        found: dict[str, Hit] = {}
        for table in TABLES:
            frame = estate.frame(table)
            has = [name for name in NAMES if name in frame.columns]
            for row in frame.select("id", *has).iter_rows(named=True):
                hit = Hit(table, row["id"], row.get("name_en") or "", row.get("name_ja") or "")
                found.setdefault(row["id"], hit)
        estate.known["named"] = found
    made: dict[str, Hit] = estate.known["named"]
    return made


def folded(text: str) -> str:
    """Return a text for comparing: full-width letters as half-width ones, all of them small."""
    return unicodedata.normalize("NFKC", text).casefold()
