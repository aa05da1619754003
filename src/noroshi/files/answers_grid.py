"""Reads the grid of a filled-in sheet of answers (a workbook's or a CSV file's), reporting all its faults at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from noroshi.errors import Fault, InputError
from noroshi.files.answer_cells import EPOCH, Broken, date_of, grade_of, is_empty, levels_of, text_of
from noroshi.files.answer_words import COLUMNS, HEAD, named, normal
from noroshi.rate.evidence import Answer, Sheet

if TYPE_CHECKING:
    from noroshi.rate.catalogue import Catalogue, Item

__all__ = ["Grid", "Row", "has_header", "letters", "read_grid"]

CODE = "bad-answers"
LABELS = named({key: (column.en, column.ja) for key, column in COLUMNS.items()})
HEAD_LABELS = named(HEAD)
ENOUGH = 3
"""This many headings in a row make it the header."""
ASKED = ("level", "grade", "date", "not_applicable", "source")
"""The columns of which one must be filled in for a row to be an answer."""
LETTERS = 26

Levels = tuple[float, float | None]
NO_LEVEL: Levels = (0.0, None)
Row = tuple[int, Mapping[int, object]]
"""A row's number, from 1, and what its columns (from 1) hold."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A grid of cells: its file, its sheet (none in CSV), its rows with anything in them, the day 0 of its dates."""

    file: str
    sheet: str
    rows: tuple[Row, ...]
    epoch: date = EPOCH
    faults: list[Fault] = field(default_factory=list)

    def place(self, row: int, column: int) -> str:
        """Return a cell's place as spreadsheets write it: Answers!D12."""
        cell = f"{letters(column)}{row}"
        return f"{self.sheet}!{cell}" if self.sheet else cell

    def fault(self, row: int, column: int, wrong: Broken) -> None:
        """Note a fault of a cell."""
        at = self.place(row, column)
        self.faults.append(Fault(wrong.code, "error", self.file, row, at, wrong.found, wrong.expected, wrong.remedy))


def letters(column: int) -> str:
    """Return a column's letters, from its number from 1: A, ..., Z, AA."""
    out = ""
    while column > 0:
        column, rest = divmod(column - 1, LETTERS)
        out = chr(ord("A") + rest) + out
    return out


def has_header(row: Row) -> bool:
    """Say whether a row is a table's header."""
    return len({LABELS[name] for name in _names(row).values() if name in LABELS}) >= ENOUGH


def _names(row: Row) -> dict[int, str]:
    """Return column -> its text as it is compared."""
    return {column: normal(value) for column, value in row[1].items() if isinstance(value, str)}


def read_grid(grid: Grid, catalogue: Catalogue) -> Sheet:
    """Return the answers in a grid, in the order of their numbers.

    InputError with every fault: columns and values missing, items unknown, levels, grades and dates that cannot be
    read, with the cell, what was found and what to do. Columns and rows may stand in any order, others between them.
    """
    start = next((k for k, row in enumerate(grid.rows) if has_header(row)), None)
    if start is None:
        first = ", ".join(f"{column.en} ({column.ja})" for column in COLUMNS.values() if column.needed)
        found = f"{len(grid.rows)} rows"
        remedy = "start from `noroshi rate export --blank`"
        raise InputError([Fault("missing-column", "error", grid.file, None, grid.sheet, found, first, remedy)])
    columns = _columns(grid, grid.rows[start])
    head = _head(grid, grid.rows[:start])
    organisation, sector = _text(grid, head, "organisation"), _text(grid, head, "sector")
    as_of = _day(grid, head)
    _same_catalogue(grid, head, catalogue)
    numbered: list[tuple[float, int, Answer]] = []
    for k, row in enumerate(grid.rows[start + 1 :]):
        if not has_header(row):
            numbered += ((place, k, answer) for place, answer in _answer(grid, columns, row, as_of, catalogue))
    if grid.faults:
        raise InputError(sorted(grid.faults, key=lambda fault: fault.row or 0))
    return Sheet(organisation, sector, as_of or date.min, tuple(answer for *_, answer in sorted(numbered, key=_order)))


def _order(one: tuple[float, int, Answer]) -> tuple[float, int]:
    """Return an answer's place: its number, then its row."""
    return one[0], one[1]


def _columns(grid: Grid, header: Row) -> dict[str, int]:
    """Return key -> column; those missing or named twice are noted."""
    columns: dict[str, int] = {}
    for column, name in _names(header).items():
        key = LABELS.get(name)
        if key in columns and key is not None:
            wrong = Broken("duplicate-column", name, "each heading once", "remove one of the two columns")
            grid.fault(header[0], column, wrong)
        elif key is not None:
            columns[key] = column
    for key, meant in COLUMNS.items():
        if meant.needed and key not in columns:
            wrong = Broken("missing-column", "", f"{meant.en} ({meant.ja})", "put the column back, with its heading")
            grid.fault(header[0], 1, wrong)
    return columns


def _head(grid: Grid, rows: Iterable[Row]) -> dict[str, tuple[int, int, object]]:
    """Return key -> (row, column, value) of what stands above the table: the cell to the right of its label."""
    head: dict[str, tuple[int, int, object]] = {}
    for row in rows:
        names = _names(row)
        for column, name in names.items():
            key = HEAD_LABELS.get(name.rstrip(":").rstrip())
            if key is None or key in head:
                continue
            right = [k for k, value in sorted(row[1].items()) if k > column and not is_empty(value)]
            if right:
                head[key] = (row[0], right[0], row[1][right[0]])
            else:
                wrong = Broken("missing-value", "", f"{HEAD[key][0]} ({HEAD[key][1]})", "fill in the yellow cell")
                grid.fault(row[0], column + 1, wrong)
                head[key] = (row[0], column + 1, None)
    return head


def _absent(grid: Grid, key: str) -> None:
    """Note that what must stand above the table does not."""
    en, ja = HEAD[key]
    remedy = "write the label and the value above the table"
    grid.faults.append(Fault("missing-value", "error", grid.file, None, grid.sheet, "", f"{en} ({ja})", remedy))


def _text(grid: Grid, head: Mapping[str, tuple[int, int, object]], key: str) -> str:
    """Return a text above the table; its absence is noted."""
    if key not in head:
        _absent(grid, key)
        return ""
    row, column, value = head[key]
    if isinstance(value, Broken):
        grid.fault(row, column, value)
        return ""
    return text_of(value)


def _day(grid: Grid, head: Mapping[str, tuple[int, int, object]]) -> date | None:
    """Return the day as of which is answered; a fault, and None, if it is not there or cannot be read."""
    if "as_of" not in head:
        _absent(grid, "as_of")
        return None
    row, column, value = head["as_of"]
    if value is None:
        return None  # noted where the label was read
    day = value if isinstance(value, Broken) else date_of(value, grid.epoch)
    if isinstance(day, Broken):
        grid.fault(row, column, day)
        return None
    return day


def _same_catalogue(grid: Grid, head: Mapping[str, tuple[int, int, object]], catalogue: Catalogue) -> None:
    """Note a sheet that was made for other questions."""
    row, column, value = head.get("catalogue", (0, 0, None))
    said = text_of(value).split()
    if said and said[0] != catalogue.id:
        remedy = f"read it with --catalogue {said[0]}"
        grid.fault(row, column, Broken(CODE, said[0], f"answers to the catalogue {catalogue.id}", remedy))


def _answer(
    grid: Grid, columns: Mapping[str, int], row: Row, as_of: date | None, catalogue: Catalogue
) -> list[tuple[float, Answer]]:
    """Return the answer of a row with its number, none where the row asks for nothing; its faults are noted."""
    number, cells = row
    given = {key: cells.get(column) for key, column in columns.items()}
    if all(is_empty(given.get(key)) for key in ASKED):
        return []
    before = len(grid.faults)

    def wrong(key: str, problem: Broken) -> None:
        grid.fault(number, columns.get(key, 1), problem)

    for key in (*ASKED, "item"):
        problem = given.get(key)
        if isinstance(problem, Broken):
            wrong(key, problem)
            given[key] = None
    broken = len(grid.faults) > before
    item = _item(given, catalogue)
    if isinstance(item, Broken):
        wrong("item", item)
    level = _level(given, item, broken=broken)
    grade = _needed(given.get("grade"), "grade")
    day = _needed(given.get("date"), "date", grid.epoch)
    if isinstance(day, date) and as_of is not None and day > as_of:
        latest = f"no later than the day as of which is answered, {as_of.isoformat()}"
        day = Broken("out-of-range", day.isoformat(), latest, "correct one of the two")
    for key, value in (("level", level), ("grade", grade), ("date", day)):
        if isinstance(value, Broken) and not (broken and is_empty(given.get(key))):
            wrong(key, value)
    if len(grid.faults) > before or isinstance(item, Broken) or isinstance(level, Broken):
        return []
    if not isinstance(day, date) or not isinstance(grade, str):
        return []
    reason = text_of(given.get("not_applicable"))
    answer = Answer(item.id, level[0], grade, day, reason, text_of(given.get("source")), level[1])
    return [(_place(given.get("number")), answer)]


def _level(given: Mapping[str, object], item: Item | Broken, *, broken: bool) -> Levels | Broken:
    """Return the level of a row, 0 where it does not apply, and the end of its range; or what is wrong with it."""
    value = given.get("level")
    if not is_empty(value):
        return NO_LEVEL if isinstance(item, Broken) else levels_of(value, item)
    if is_empty(given.get("not_applicable")) and not broken:
        return Broken("missing-value", "", "a level, or why it does not apply", "choose a level from the list")
    return NO_LEVEL


def _needed(value: object, key: str, epoch: date = EPOCH) -> object:
    """Return a grade or a date, or what is wrong with it."""
    if is_empty(value):
        column = COLUMNS[key]
        return Broken("missing-value", "", f"{column.en} ({column.ja})", "fill in the cell, or empty the row")
    return grade_of(value) if key == "grade" else date_of(value, epoch)


def _item(given: Mapping[str, object], catalogue: Catalogue) -> Item | Broken:
    """Return the question of a row, by its id or, where that is empty, by its wording."""
    name = normal(text_of(given.get("item")))
    if name in catalogue.index:
        return catalogue.items[catalogue.index[name]]
    asked = normal(text_of(given.get("question")))
    for item in catalogue.items:
        if name == normal(item.id) or (not name and asked in (normal(item.question_en), normal(item.question_ja))):
            return item
    if not name:
        return Broken("missing-value", "", "the id of a question", "write the id, as the first sheet shows it")
    near = difflib.get_close_matches(name, catalogue.index, 1)
    remedy = f"did you mean {near[0]}?" if near else "list them with `noroshi rate catalogue`"
    return Broken("dangling-key", text_of(given.get("item")), f"an item of the catalogue {catalogue.id}", remedy)


def _place(number: object) -> float:
    """Return an answer's number; those without one come last."""
    text = text_of(number)
    return float(text) if text.isdecimal() else float("inf")
