"""What is known of each item: answers by grade, what they are worth at a date, and what is said not to apply."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from noroshi.rate.catalogue import Catalogue

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "ACCEPTED", "FIRM", "GRADES", "Answer", "Columns", "Evidence", "Sheet", "columns", "in_order", "settled", "weigh",
    "weigh_columns",
]  # fmt: skip

GRADES = {"self": 1.0, "document": 3.0, "third_party": 8.0, "measured": 15.0}
"""Grade of evidence -> how many observations an answer is worth on its day."""
FIRM = "document"
"""The least grade that counts as evidence where a verdict is asked: somebody else can look at it."""
ACCEPTED = "third_party"
"""The least grade at which "does not apply" is believed, and that counts for a verdict on what a scanner can measure:
a document of one's own must not pass what a scan would disprove, or whoever deletes a bad scan gains."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: how far the item is met (0-1) on a date, the grade of its evidence; or why it does not apply.

    up_to: where the evidence shows a range only, its upper end; `level` is then the lower one (see `settled`).
    """

    item: str
    level: float
    grade: str
    date: date
    not_applicable: str = ""
    source: str = ""
    up_to: float | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """The answers of one organisation, as of a date."""

    organisation: str
    sector: str
    as_of: date
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Answers weighed, by organisation and item, all (organisations, items).

    strength: observations; level: their mean (0 where there are none); claimed: strength of what is only said;
    firm and shown: strength and mean of what counts for a verdict (`FIRM`; `ACCEPTED` where a scanner can measure);
    left_out: said not to apply; accepted: and that is believed; age: days since the newest answer (NaN without one).
    """

    strength: NDArray[np.float64]
    level: NDArray[np.float64]
    claimed: NDArray[np.float64]
    firm: NDArray[np.float64]
    shown: NDArray[np.float64]
    left_out: NDArray[np.bool_]
    accepted: NDArray[np.bool_]
    age: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Columns:
    """The answers of many organisations as arrays, one entry an answer, in the order in which they were given.

    organisation and item: their places; grade: its place in GRADES; days: age of the answer as of the sheet's date;
    silent: it says that the item does not apply; up_to: the upper end where it is a range, else NaN.
    """

    organisations: int
    organisation: NDArray[np.int64]
    item: NDArray[np.int64]
    level: NDArray[np.float64]
    grade: NDArray[np.int64]
    days: NDArray[np.int64]
    silent: NDArray[np.bool_]
    up_to: NDArray[np.float64]

    def at(self, rows: NDArray[np.int64] | NDArray[np.bool_] | slice) -> Columns:
        """Return the answers in these rows."""
        return Columns(self.organisations, *(getattr(self, name)[rows] for name in ANSWER_KEYS))


ANSWER_KEYS = tuple(name for name in Columns.__slots__ if name != "organisations")


def in_order(parts: Sequence[Columns], organisations: int) -> Columns:
    """Return the answers of `parts`, one after the other; their organisations are numbered alike already."""
    return Columns(organisations, *(np.concatenate([getattr(p, name) for p in parts]) for name in ANSWER_KEYS))


def columns(catalogue: Catalogue, sheets: Sequence[Sheet]) -> Columns:
    """Return the answers of `sheets` as columns, in their order; what is dated after `as_of` is of the day.

    KeyError for items that the catalogue does not have: they are the reader's business (`files`).
    """
    index, place = catalogue.index, {grade: k for k, grade in enumerate(GRADES)}
    rows = [(s, sheet.as_of.toordinal(), answer) for s, sheet in enumerate(sheets) for answer in sheet.answers]
    return Columns(
        len(sheets),
        np.array([s for s, _, _ in rows], dtype=np.int64),
        np.array([index[a.item] for _, _, a in rows], dtype=np.int64),
        np.array([a.level for _, _, a in rows], dtype=np.float64),
        np.array([place[a.grade] for _, _, a in rows], dtype=np.int64),
        np.array([max(day - a.date.toordinal(), 0) for _, day, a in rows], dtype=np.int64),
        np.array([bool(a.not_applicable) for _, _, a in rows], dtype=np.bool_),
        np.array([np.nan if a.up_to is None else a.up_to for _, _, a in rows], dtype=np.float64),
    )


def settled(catalogue: Catalogue, given: Columns) -> Columns:
    """Return the answers with a level in place of each range: within it, as high as what else is known bears out.

    A scan that sees only the lower rungs must not pull down what a document says of the higher ones, nor must a claim
    ride on it. So a range counts at the mean of the exact answers that somebody else can check, or at the best lower
    end of the item's ranges if that is higher, but within its own ends. What has faded bears out less: below
    one observation, in proportion. A better answer or a wider range moves no level down.
    """
    ranged = ~np.isnan(given.up_to)
    if not ranged.any():
        return given
    items = len(catalogue.items)
    cells = given.organisations * items
    cell = given.organisation * items + given.item
    left = np.array(list(GRADES.values()))[given.grade] * faded(catalogue, given)
    counts = ~given.silent & (given.grade >= list(GRADES).index(FIRM))
    worth = np.bincount(cell, np.where(counts & ~ranged, left, 0.0), cells)
    total = np.bincount(cell, np.where(counts & ~ranged, left * given.level, 0.0), cells)
    floor = np.zeros(cells)
    seen = counts & ranged
    np.maximum.at(floor, cell[seen], given.level[seen] * np.minimum(left[seen], 1.0))
    mean = np.divide(total, worth, out=np.zeros(cells), where=worth > 0.0)
    borne = np.maximum(floor, mean * np.minimum(worth, 1.0))[cell]
    level = np.where(ranged, np.minimum(given.up_to, np.maximum(given.level, borne)), given.level)
    return replace(given, level=level, up_to=np.full(len(level), np.nan))


def weigh(catalogue: Catalogue, sheets: Sequence[Sheet]) -> Evidence:
    """Return the evidence of each sheet: `weigh_columns` of its answers."""
    return weigh_columns(catalogue, columns(catalogue, sheets))


def weigh_columns(catalogue: Catalogue, given: Columns) -> Evidence:
    """Return the evidence of each organisation. An answer loses half its worth in each half-life of its item.

    That an item does not apply replaces what else is said of it only if it is newer than any answer to it.
    """
    given = settled(catalogue, given)
    items = len(catalogue.items)
    cells = given.organisations * items
    cell, said = given.organisation * items + given.item, ~given.silent
    firm_from, believed_from = (list(GRADES).index(grade) for grade in (FIRM, ACCEPTED))

    def added(values: NDArray[np.float64]) -> NDArray[np.float64]:
        # bincount adds in the order of the answers, as a loop would: the same floats whatever the chunks
        return np.bincount(cell, values, cells)[:cells].astype(np.float64, copy=False)

    worth = np.where(said, np.array(list(GRADES.values()))[given.grade] * faded(catalogue, given), 0.0)
    only_claimed = given.grade < firm_from
    strength = added(worth)
    level = np.divide(added(worth * given.level), strength, out=np.zeros(cells), where=strength > 0.0)
    measurable = np.array([bool(item.measured_by) for item in catalogue.items], dtype=np.bool_)
    counts = np.where(given.grade >= np.where(measurable, believed_from, firm_from)[given.item], worth, 0.0)
    firm = added(counts)
    shown = np.divide(added(counts * given.level), firm, out=np.zeros(cells), where=firm > 0.0)
    age = newest(cells, cell[said], given.days[said])
    # the newest of those that say so decides, the first of them on the same day
    order = np.flatnonzero(given.silent)
    order = order[np.argsort(given.days[order], kind="stable")[::-1]]
    silent, accepted = np.full(cells, np.inf), np.zeros(cells, np.bool_)
    silent[cell[order]], accepted[cell[order]] = given.days[order], given.grade[order] >= believed_from
    left_out = silent < age
    shape = (given.organisations, items)
    return Evidence(
        strength=strength.reshape(shape),
        level=level.reshape(shape),
        claimed=added(np.where(only_claimed, worth, 0.0)).reshape(shape),
        firm=firm.reshape(shape),
        shown=shown.reshape(shape),
        left_out=left_out.reshape(shape),
        accepted=(left_out & accepted).reshape(shape),
        age=np.where(np.isfinite(age), age, np.nan).reshape(shape),
    )


def newest(cells: int, cell: NDArray[np.int64], days: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the least of `days` in each cell, (cells,); infinite where there is none."""
    least = np.full(cells, np.inf)
    np.minimum.at(least, cell, days.astype(np.float64))
    return least


def faded(catalogue: Catalogue, given: Columns) -> NDArray[np.float64]:
    """Return what is left of each answer's worth, 0-1, (answers,).

    From a table by day and half-life, since there are few of either; numpy's own power may differ in the last place
    from one processor to the next.
    """
    if not len(given.days):
        return np.zeros(0)
    lives, of_item = np.unique(catalogue.half_life, return_inverse=True)
    days = np.flatnonzero(np.bincount(given.days))
    row = np.zeros(int(days[-1]) + 1, np.int64)
    row[days] = np.arange(len(days))
    table = np.array([[0.5 ** (day / life) for life in lives.tolist()] for day in days.tolist()])
    left: NDArray[np.float64] = table[row[given.days], of_item[given.item]]
    return left
