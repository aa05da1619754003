"""What a column and a table are: one description that validation, files, docs and forms all read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Kind(Enum):
    """The type of a column's values as written in a file."""

    ID = "id"  # a stable slug, unique in its table
    TEXT = "text"
    NUMBER = "number"
    COUNT = "count"  # a whole number
    YES_NO = "yes/no"
    CHOICE = "choice"
    REF = "ref"  # the id of a row in one of `refs`
    REFS = "refs"  # several such ids, separated by ";"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, type, unit, default, limits, allowed values and meaning in both languages.

    `low` and `high` are inclusive limits of NUMBER and COUNT columns, in the column's unit. A column that is
    neither required nor has a default is empty (null) when not given.
    """

    name: str
    kind: Kind
    meaning: str
    meaning_ja: str
    unit: str = ""
    default: str | float | bool | None = None
    required: bool = False
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    refs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """One table of an estate: its columns in file order, and what a row is.

    `units` says that the rows are units of the stress engine: they have a state, may be hit by a shock, and may
    stand in `dependencies`. Ids of unit tables are unique across all of them.
    """

    name: str
    row: str
    row_ja: str
    columns: tuple[Column, ...]
    units: bool = False

    def column(self, name: str) -> Column:
        """Return the column called `name`; KeyError if there is none."""
        for col in self.columns:
            if col.name == name:
                return col
        raise KeyError(name)


def ident(meaning: str = "Stable slug of the row.", meaning_ja: str = "行の固定識別子。") -> Column:
    """Describe an id column."""
    return Column("id", Kind.ID, meaning, meaning_ja, required=True)


def text(name: str, meaning: str, meaning_ja: str, *, required: bool = False, default: str | None = None) -> Column:
    """Describe a text column."""
    return Column(name, Kind.TEXT, meaning, meaning_ja, required=required, default=default)


def number(  # noqa: PLR0913  a column has this many facets; a table reads best one row a line
    name: str,
    unit: str,
    meaning: str,
    meaning_ja: str,
    *,
    default: float | None = None,
    required: bool = False,
    low: float | None = 0.0,
    high: float | None = None,
) -> Column:
    """Describe a number with its unit; not negative unless `low` says otherwise."""
    return Column(name, Kind.NUMBER, meaning, meaning_ja, unit, default, required, low, high)


def count(name: str, unit: str, meaning: str, meaning_ja: str, *, default: float | None = None) -> Column:
    """Describe a whole number, zero or more."""
    return Column(name, Kind.COUNT, meaning, meaning_ja, unit, default, low=0.0)


def yes_no(name: str, meaning: str, meaning_ja: str, *, default: bool = False) -> Column:
    """Describe a yes/no column."""
    return Column(name, Kind.YES_NO, meaning, meaning_ja, default=default)


def choice(name: str, choices: tuple[str, ...], meaning: str, meaning_ja: str, *, default: str | None = None) -> Column:
    """Describe a column with a closed list of values; required when it has no default."""
    return Column(name, Kind.CHOICE, meaning, meaning_ja, default=default, required=default is None, choices=choices)


def ref(name: str, refs: str | tuple[str, ...], meaning: str, meaning_ja: str, *, required: bool = False) -> Column:
    """Describe a foreign key into one of the tables `refs`."""
    targets = (refs,) if isinstance(refs, str) else refs
    return Column(name, Kind.REF, meaning, meaning_ja, required=required, refs=targets)


def refs(name: str, targets: str | tuple[str, ...], meaning: str, meaning_ja: str, *, required: bool = False) -> Column:
    """Describe a list of foreign keys, separated by ";"."""
    tables = (targets,) if isinstance(targets, str) else targets
    return Column(name, Kind.REFS, meaning, meaning_ja, required=required, refs=tables)


PROVENANCE: tuple[Column, ...] = (
    text("source", "Where the row's figures come from.", "数値の出所。"),
    text("confidence", "How far to trust the row: high, medium, low, or words.", "確からしさ。"),
    text("note", "Anything a reader should know.", "注記。"),
)
"""Columns that end every table: a figure without a source is an assumption, and says so."""

PLACE: tuple[Column, ...] = (
    number("lat", "deg", "Latitude, WGS 84.", "緯度。", low=-90.0, high=90.0),
    number("lon", "deg", "Longitude, WGS 84.", "経度。", low=-180.0, high=180.0),
)
