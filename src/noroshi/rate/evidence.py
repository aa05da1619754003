"""What is known of each item: answers by grade, what they are worth at a date, and what is said not to apply."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from noroshi.rate.catalogue import Catalogue

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["FIRM", "GRADES", "Answer", "Evidence", "Sheet", "weigh"]

GRADES = {"self": 1.0, "document": 3.0, "third_party": 8.0, "measured": 15.0}
"""Grade of evidence -> how many observations an answer is worth on its day."""
FIRM = "document"
"""The least grade that counts as evidence where a verdict is asked: somebody else can look at it."""
ACCEPTED = "third_party"
"""The least grade at which "does not apply" is believed."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: how far the item is met (0-1) on a date, the grade of its evidence; or why it does not apply."""

    item: str
    level: float
    grade: str
    date: date
    not_applicable: str = ""
    source: str = ""


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
    firm: whether anyone else could check some of it; left_out: said not to apply; accepted: and that is believed;
    age: days since the newest answer (NaN without one).
    """

    strength: NDArray[np.float64]
    level: NDArray[np.float64]
    claimed: NDArray[np.float64]
    firm: NDArray[np.bool_]
    left_out: NDArray[np.bool_]
    accepted: NDArray[np.bool_]
    age: NDArray[np.float64]


def weigh(catalogue: Catalogue, sheets: Sequence[Sheet]) -> Evidence:
    """Return the evidence of each sheet. An answer loses half its worth in each half-life of its item.

    Items that the catalogue does not have, and dates after `as_of`, are the reader's business (`files`); here they are
    a KeyError and a worth of the day. That an item does not apply replaces what else is said of it only if it is
    newer than any answer to it.
    """
    shape = (len(sheets), len(catalogue.items))
    strength, total, claimed = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    firm, left_out, accepted = np.zeros(shape, np.bool_), np.zeros(shape, np.bool_), np.zeros(shape, np.bool_)
    age, silent = np.full(shape, np.inf), np.full(shape, np.inf)
    half_life, index = catalogue.half_life.tolist(), catalogue.index
    order = list(GRADES)
    checkable, believed = order.index(FIRM), order.index(ACCEPTED)
    for s, sheet in enumerate(sheets):
        day = sheet.as_of.toordinal()
        for answer in sheet.answers:
            i = index[answer.item]
            days = max(day - answer.date.toordinal(), 0)
            grade = order.index(answer.grade)
            if answer.not_applicable:
                if days < silent[s, i]:
                    silent[s, i], accepted[s, i] = days, grade >= believed
                continue
            worth = GRADES[answer.grade] * 0.5 ** (days / half_life[i])
            strength[s, i] += worth
            total[s, i] += worth * answer.level
            if grade < checkable:
                claimed[s, i] += worth
            else:
                firm[s, i] = True
            age[s, i] = min(age[s, i], days)
    left_out = silent < age
    level = np.divide(total, strength, out=np.zeros(shape), where=strength > 0.0)
    known = np.isfinite(age)
    return Evidence(strength, level, claimed, firm, left_out, left_out & accepted, np.where(known, age, np.nan))
