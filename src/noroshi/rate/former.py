"""What others found stays found: answers of a former round that a later one leaves out, or tells better, count on.

A third party's finding or a measurement is not the organisation's to take back. It fades with the half-life of its
question, and later findings stand beside it; but an organisation that deletes or betters a bad scan gains nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from noroshi.rate.evidence import ACCEPTED, GRADES, Columns, Sheet, columns, in_order

if TYPE_CHECKING:
    from noroshi.rate.catalogue import Catalogue

__all__ = ["NOT_THERE", "carried", "carried_sheet", "taken_back"]

Ints = NDArray[np.int64]
LONGEST = 1 << 22
"""More days than lie between any two dates, either way."""
NOT_THERE = -1
"""Place of an organisation in a round of which it is not part."""


def taken_back(former: Columns, now: Columns, place: Ints, elapsed: Ints) -> tuple[Ints, Ints]:
    """Return which answers of `former` count on (their rows), and which of `now` they stand for (their rows).

    place: of each organisation of `former` in `now`, or NOT_THERE; elapsed: the days between its two dates. Answers
    that others gave are held against those of the same organisation, item, grade and day, the lowest against the
    lowest: what has no counterpart counts on, and so does what was lower, or ended lower, than its counterpart. What
    was said not to apply is no finding, and whoever is not in `now` has no answers there.
    """
    ours, theirs = (np.flatnonzero(found(given)) for given in (former, now))
    ours = ours[place[former.organisation[ours]] != NOT_THERE]
    mine, other = former.at(ours), now.at(theirs)
    items = 1 + int(max(mine.item.max(initial=0), other.item.max(initial=0)))
    old = alike(mine, place[mine.organisation], mine.days + elapsed[mine.organisation], items)
    new = alike(other, other.organisation, other.days, items)
    old_rank, new_rank = ranks(old, mine), ranks(new, other)
    widest = 1 + int(max(old_rank.max(initial=0), new_rank.max(initial=0)))
    _, at_old, at_new = np.intersect1d(
        old * widest + old_rank, new * widest + new_rank, assume_unique=True, return_indices=True
    )
    lower = (mine.level[at_old] < other.level[at_new]) | (upper(mine)[at_old] < upper(other)[at_new])
    stays = np.ones(len(ours), np.bool_)
    stays[at_old[~lower]] = False
    return ours[stays], theirs[at_new[lower]]


def carried(former: Columns, now: Columns, place: Ints, elapsed: Ints) -> Columns:
    """Return the answers of `now` with what it may not leave out or better; see `taken_back`."""
    on, out = taken_back(former, now, place, elapsed)
    if not len(on):
        return now
    kept = np.ones(len(now.item), np.bool_)
    kept[out] = False
    older = former.at(on)
    whose = older.organisation
    older = replace(older, organisation=place[whose], days=np.maximum(older.days + elapsed[whose], 0))
    return in_order([now.at(kept), older], now.organisations)


def carried_sheet(catalogue: Catalogue, former: Sheet, now: Sheet) -> Sheet:
    """Return the answers of one organisation with what it may not leave out or better of its former ones.

    ValueError if the former ones are of another organisation, or of a later day.
    """
    if former.organisation != now.organisation or former.as_of > now.as_of:
        said = f"{former.organisation}, {former.as_of.isoformat()}"
        raise ValueError(f"former answers of {said} for {now.organisation}, {now.as_of.isoformat()}")
    days = np.array([(now.as_of - former.as_of).days])
    on, out = taken_back(columns(catalogue, [former]), columns(catalogue, [now]), np.zeros(1, np.int64), days)
    left = set(out.tolist())
    kept = [answer for k, answer in enumerate(now.answers) if k not in left]
    return replace(now, answers=(*kept, *(former.answers[k] for k in on.tolist())))


def found(given: Columns) -> NDArray[np.bool_]:
    """Say which answers are findings of others, (answers,)."""
    return ~given.silent & (given.grade >= list(GRADES).index(ACCEPTED))


def upper(given: Columns) -> NDArray[np.float64]:
    """Return the upper ends of the answers, (answers,)."""
    return np.where(np.isnan(given.up_to), given.level, given.up_to)


def alike(given: Columns, organisation: Ints, days: Ints, items: int) -> Ints:
    """Return a number for each answer, the same for those of one organisation, item, grade and day.

    Days may be below 0: a later round may have asked one organisation earlier than the one before.
    """
    return ((organisation * items + given.item) * len(GRADES) + given.grade) * 2 * LONGEST + LONGEST + days


def ranks(cell: Ints, given: Columns) -> Ints:
    """Return the place of each answer among those of its cell, the lowest first."""
    order = np.lexsort((upper(given), given.level, cell))
    in_turn = cell[order]
    first = np.flatnonzero(np.r_[True, in_turn[1:] != in_turn[:-1]][: len(cell)])
    count = np.diff(np.r_[first, len(cell)])
    rank = np.empty(len(cell), np.int64)
    rank[order] = np.arange(len(cell)) - np.repeat(first, count)
    return rank
