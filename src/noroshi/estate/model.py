"""The estate in memory: what it is (`Meta`) and its tables, one polars frame each, complete and typed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from noroshi.estate.column import Column, Kind, Table
from noroshi.estate.tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["DTYPES", "SEASONS", "Benchmark", "Estate", "Meta", "complete", "empty", "from_frames"]

DTYPES: dict[Kind, type[pl.DataType]] = {
    Kind.ID: pl.String,
    Kind.TEXT: pl.String,
    Kind.CHOICE: pl.String,
    Kind.REF: pl.String,
    Kind.REFS: pl.String,
    Kind.NUMBER: pl.Float64,
    Kind.COUNT: pl.Int64,
    Kind.YES_NO: pl.Boolean,
}
"""Kind of a column -> its type in memory."""

SEASONS = ("winter", "spring", "summer", "autumn")
Data = "pl.DataFrame | Mapping[str, Sequence[Any]] | Sequence[Mapping[str, Any]]"


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A published mean score against which the estate's sectors are shown, in points of 100."""

    pass_mark: float
    overall: float
    technical: float
    organisational: float
    source: str
    year: int


@dataclass(frozen=True, slots=True)
class Meta:
    """What estate.toml says: which estate this is and what its figures are worth.

    `posture` says in words what the ratings in it are, `assumptions` what else was assumed; a brief repeats both.
    `season` is the one whose demand a run takes when it names none.
    """

    id: str
    name_en: str = ""
    name_ja: str = ""
    region: str = ""
    currency: str = ""
    time_zone: str = "UTC"
    version: str = "1"
    illustrative: bool = True
    fictional: bool = False
    posture: str = ""
    posture_ja: str = ""
    assumptions: tuple[str, ...] = ()
    assumptions_ja: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    season: str = "summer"
    benchmark: Benchmark | None = None


@dataclass(frozen=True, slots=True)
class Estate:
    """A country, region or company as data: every table of `TABLES`, columns as described, defaults filled in.

    Text, choices and keys are String, numbers Float64, counts Int64, yes/no Boolean; null is "not given".
    """

    meta: Meta
    frames: dict[str, pl.DataFrame]
    known: dict[Any, Any] = field(default_factory=dict, compare=False, repr=False)

    def frame(self, table: str) -> pl.DataFrame:
        """Return the table as a frame; KeyError for a table that is not described."""
        return self.frames[table]

    def column(self, table: str, name: str) -> np.ndarray[Any, Any]:
        """Return a column as an array, read-only and without a copy where it can be.

        Numbers are float64 with NaN for "not given", counts int64 (float64 with NaN if some are not given), yes/no
        bool, text and keys an object array with None.
        """
        series = self.frames[table][name]
        if series.dtype == pl.String:
            out = np.empty(series.len(), dtype=object)
            out[:] = series.to_list()
            return out
        return series.to_numpy()

    def ids(self, table: str) -> list[str]:
        """Return the ids of the table's rows, in order."""
        return self.frames[table]["id"].to_list()

    def rows(self, table: str) -> dict[str, int]:
        """Return id -> row number (0-based) of the table; built once."""
        key = ("rows", table)
        if key not in self.known:
            self.known[key] = {name: k for k, name in enumerate(self.ids(table))}
        rows: dict[str, int] = self.known[key]
        return rows

    def lists(self, table: str, column: str) -> list[list[str]]:
        """Return a column of several ids as one list per row; [] where it is empty."""
        cells = self.frames[table][column].to_list()
        return [[part.strip() for part in cell.split(";") if part.strip()] if cell else [] for cell in cells]

    def count(self, table: str) -> int:
        """Return the number of rows of the table."""
        return self.frames[table].height


def from_frames(meta: Meta, frames: Mapping[str, Data]) -> Estate:  # type: ignore[valid-type]
    """Return an estate of these tables, with defaults filled in and nothing checked.

    A table is a frame, a mapping of column -> values or a list of rows. KeyError for a table or column that is not
    described; polars' InvalidOperationError for a value that cannot become its column's type.
    """
    for name in frames:
        if name not in TABLES:
            raise KeyError(name)
    out = {}
    for name, table in TABLES.items():
        data = frames.get(name)
        frame = data if isinstance(data, pl.DataFrame) else pl.DataFrame(data or {}, infer_schema_length=None)
        out[name] = complete(table, frame)
    return Estate(meta, out)


def complete(table: Table, frame: pl.DataFrame, height: int | None = None) -> pl.DataFrame:
    """Return `frame` with all columns of `table` in order and typed, defaults where values are not given.

    `height` is the number of rows where `frame` may have no column to say so. KeyError for a column that the table does
    not have.
    """
    names = {col.name for col in table.columns}
    for name in frame.columns:
        if name not in names:
            raise KeyError(f"{table.name}.{name}")
    rows = frame.height if height is None else height
    if rows == 0:
        return empty(table)
    if frame.width == 0:
        first = table.columns[0]
        frame = pl.DataFrame({first.name: pl.Series([None] * rows, dtype=DTYPES[first.kind])})
    return frame.with_columns(filled(col, given=col.name in frame.columns) for col in table.columns).select(
        col.name for col in table.columns
    )


def filled(col: Column, *, given: bool) -> pl.Expr:
    """Return the expression of the column: its values as typed, its default where there are none."""
    dtype = DTYPES[col.kind]
    default = default_of(col)
    if not given:
        return pl.lit(default, dtype=dtype).alias(col.name)
    values = pl.col(col.name).cast(dtype)
    return values if default is None else values.fill_null(pl.lit(default, dtype=dtype))


def default_of(col: Column) -> str | float | bool | None:
    """Return the column's default in its own type (counts as int)."""
    return int(col.default) if col.kind is Kind.COUNT and col.default is not None else col.default


def empty(table: Table) -> pl.DataFrame:
    """Return the table without rows."""
    return pl.DataFrame(schema={col.name: DTYPES[col.kind] for col in table.columns})
