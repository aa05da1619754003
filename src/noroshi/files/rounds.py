"""Reads a round of ratings: a folder of answers files, or JSON Lines with an answers object a line; all faults at once.

What is as it should be is decoded with its types at once; only what is not goes the slow way that names every fault.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
import numpy as np
from numpy.typing import NDArray

from noroshi.errors import Fault, InputError
from noroshi.files.answers import EXAMPLE, checked_sheet, load_object
from noroshi.rate.evidence import GRADES, Answer, Columns, Sheet, columns, in_order

if TYPE_CHECKING:
    from collections.abc import Iterator

    from noroshi.rate.catalogue import Catalogue

__all__ = ["Round", "load_round"]

MORE = ("size", "region")
"""Keys that an answers object of a round may have besides: its stratum, and where it is."""
LINES = 2000
"""Lines decoded before they become arrays: what stands in memory as objects at a time."""
Grade = Literal["self", "document", "third_party", "measured"]
# whole numbers, as in the schema of the brief: typing keeps one of two equal types, and 0.0 would show there as well
Part = Annotated[float, msgspec.Meta(ge=0, le=1)]


class _Answer(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """One answer without fault; what may be left out has a default."""

    item: str
    grade: Grade
    date: date
    level: Part | None = None
    not_applicable: str | None = None
    source: Any = ""
    note: Any = None
    up_to: Part | None = None


class _Sheet(msgspec.Struct, forbid_unknown_fields=True):
    """One answers object without fault."""

    organisation: str
    sector: str
    as_of: date
    answers: list[_Answer]
    catalogue: Any = None
    note: Any = None
    size: str | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Round:
    """A round of ratings: organisations with sector, size and region, (organisations,), and all their answers.

    as_of: the latest day of any; day: of each, as an ordinal; row: where each stands in the file (0 in a folder), and
    `file` which one.
    """

    name: str
    as_of: date
    organisation: NDArray[np.str_]
    sector: NDArray[np.str_]
    size: NDArray[np.str_]
    region: NDArray[np.str_]
    day: NDArray[np.int64]
    answers: Columns
    file: tuple[str, ...]
    row: tuple[int, ...]


def load_round(where: str | Path, catalogue: Catalogue) -> Round:
    """Return the round at `where`: a folder of answers files (*.json), or a file with one object a line (*.jsonl).

    InputError with every fault of every line or file, and with every organisation that stands twice.
    """
    path = Path(where)
    taken = _Taken(catalogue)
    if path.is_dir():
        for file in sorted(path.glob("*.json")):
            try:
                taken.slow(str(file), load_object(file), None)
            except InputError as error:
                taken.faults += error.faults
    else:
        for row, line in _lines(path):
            taken.line(str(path), row, line)
    if not taken.names and not taken.faults:
        expected = "at least one answers object: files *.json in a folder, or lines in a file *.jsonl"
        taken.faults.append(Fault("bad-answers", file=str(path), found="none", expected=expected, remedy=EXAMPLE))
    if taken.faults:
        raise InputError(taken.faults)
    return taken.round(path.stem)


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the lines of a file that are not empty, numbered from 1; InputError where it cannot be read."""
    try:
        with path.open("rb") as file:
            for row, line in enumerate(file, 1):
                text = line.removeprefix(b"\xef\xbb\xbf") if row == 1 else line
                if text.strip():
                    yield row, text
    except OSError as error:
        said = error.strerror or ""
        raise InputError([Fault("missing-file", file=str(path), found=said, expected="a file that can be read",
                                remedy="correct the path")]) from None  # fmt: skip


class _Taken:
    """What has been read so far: a class, since every line adds to it."""

    def __init__(self, catalogue: Catalogue) -> None:
        """Start with nothing."""
        self.catalogue = catalogue
        self.decoder = msgspec.json.Decoder(_Sheet)
        self.grades = {grade: k for k, grade in enumerate(GRADES)}
        self.names: dict[str, tuple[str, int]] = {}
        self.about: list[tuple[str, str, str]] = []
        self.days: list[int] = []
        self.parts: list[Columns] = []
        self.held: list[Sheet | _Sheet] = []
        self.faults: list[Fault] = []

    def line(self, file: str, row: int, line: bytes) -> None:
        """Take one line: at once if it is without fault, else slowly."""
        try:
            sheet = self.decoder.decode(line)
            plain = self.plain(sheet)
        except (msgspec.DecodeError, UnicodeDecodeError):
            plain = False
        if plain:
            self.take(file, row, sheet, (sheet.sector, sheet.size or "", sheet.region or ""))
            return
        try:
            table = json.loads(line.decode("utf-8"))
        except UnicodeDecodeError as error:
            found = repr(line[error.start : error.start + 4])
            self.faults.append(Fault("bad-encoding", "error", file, row, "", found, "UTF-8", "save it as UTF-8"))
        except (json.JSONDecodeError, RecursionError) as error:
            said = error.msg if isinstance(error, json.JSONDecodeError) else "lists within lists without end"
            self.faults.append(Fault("bad-json", "error", file, row, "", said, EXAMPLE, "correct this line"))
        else:
            if isinstance(table, dict):
                self.slow(file, table, row)
            else:
                found = type(table).__name__
                self.faults.append(Fault("bad-json", "error", file, row, "", found, EXAMPLE, "write one object a line"))

    def plain(self, sheet: _Sheet) -> bool:
        """Say whether a sheet of the right types is without fault."""
        texts = (sheet.organisation, sheet.sector, *(x for x in (sheet.size, sheet.region) if x is not None))
        index, day = self.catalogue.index, sheet.as_of
        return all(text.strip() for text in texts) and all(
            a.item in index and a.date <= day
            and (a.level is not None if a.not_applicable is None else bool(a.not_applicable.strip()))
            and (a.up_to is None or (a.not_applicable is None and a.level is not None and a.level <= a.up_to))
            for a in sheet.answers
        )  # fmt: skip

    def slow(self, file: str, table: dict[str, Any], row: int | None) -> None:
        """Take one answers object, noting every fault."""
        sheet, faults = checked_sheet(file, table, self.catalogue, row, MORE)
        self.faults += faults
        if not faults:
            about = (sheet.sector, str(table.get("size") or ""), str(table.get("region") or ""))
            self.take(file, row or 0, sheet, about)

    def take(self, file: str, row: int, sheet: Sheet | _Sheet, about: tuple[str, str, str]) -> None:
        """Add an organisation; a fault if it is there already."""
        name = sheet.organisation
        if name in self.names:
            first_file, first_row = self.names[name]
            place = first_file + (f":{first_row}" if first_row else "")
            expected = f"each organisation once in a round; it stands in {place} too"
            self.faults.append(
                Fault(
                    "duplicate-id", "error", file, row or None, "organisation", name, expected, "remove one of the two"
                )
            )
            return
        self.names[name] = file, row
        self.about.append(about)
        self.days.append(sheet.as_of.toordinal())
        self.held.append(sheet)
        if len(self.held) >= LINES:
            self.flush()

    def flush(self) -> None:
        """Turn the sheets that are held into arrays."""
        first = sum(part.organisations for part in self.parts)
        # the two ways must not mix the order of organisations
        if all(isinstance(sheet, _Sheet) for sheet in self.held):
            part = self.fast_columns([s for s in self.held if isinstance(s, _Sheet)])
        else:
            part = columns(self.catalogue, [s if isinstance(s, Sheet) else _as_sheet(s) for s in self.held])
        self.parts.append(numbered_from(part, first))
        self.held = []

    def fast_columns(self, sheets: list[_Sheet]) -> Columns:
        """Return sheets without ranges as columns."""
        index, grades = self.catalogue.index, self.grades
        counts = [len(sheet.answers) for sheet in sheets]
        answers = [answer for sheet in sheets for answer in sheet.answers]
        day = np.repeat(np.array([sheet.as_of.toordinal() for sheet in sheets], dtype=np.int64), counts)
        return Columns(
            len(sheets),
            np.repeat(np.arange(len(sheets)), counts),
            np.array([index[a.item] for a in answers], dtype=np.int64),
            np.array([a.level or 0.0 for a in answers], dtype=np.float64),
            np.array([grades[a.grade] for a in answers], dtype=np.int64),
            day - np.array([a.date.toordinal() for a in answers], dtype=np.int64),
            np.array([a.not_applicable is not None for a in answers], dtype=np.bool_),
            np.array([np.nan if a.up_to is None else a.up_to for a in answers], dtype=np.float64),
        )

    def round(self, name: str) -> Round:
        """Return all that was taken."""
        self.flush()
        about = np.array(self.about).reshape(-1, 3)
        joined = in_order(self.parts, len(self.names))
        places = list(self.names.values())
        return Round(
            name, date.fromordinal(max(self.days)), np.array(list(self.names)), about[:, 0], about[:, 1], about[:, 2],
            np.array(self.days, dtype=np.int64), joined, tuple(file for file, _ in places),
            tuple(row for _, row in places),
        )  # fmt: skip


def numbered_from(part: Columns, first: int) -> Columns:
    """Return columns whose organisations are numbered from `first`."""
    return replace(part, organisation=part.organisation + first)


def _as_sheet(sheet: _Sheet) -> Sheet:
    """Return a decoded sheet as the core knows it."""
    return Sheet(
        sheet.organisation, sheet.sector, sheet.as_of,
        tuple(
            Answer(a.item, a.level or 0.0, a.grade, a.date, a.not_applicable or "", up_to=a.up_to)
            for a in sheet.answers
        ),
    )  # fmt: skip
