"""NCISS: a score of 0 to 100 from eight categories; an interval while some are not known, which holds every completion.

Source: CISA, National Cyber Incident Scoring System; the table is data (samples/severity/nciss.toml).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

__all__ = ["FULL", "Category", "Interval", "Option", "Part", "Scheme", "Score", "score"]

FULL = 100.0
Facts = Mapping[str, frozenset[str]]
"""Category -> the options that it may be; a category that is missing may be any."""


class Interval(NamedTuple):
    """The least and the greatest that a figure may be; equal where it is known."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a category: its value, 0-100, and names."""

    id: str
    value: int
    name: str
    name_ja: str


@dataclass(frozen=True, slots=True)
class Category:
    """One of the eight things that are judged: its weight and options, by rising value."""

    id: str
    name: str
    name_ja: str
    weight: int
    options: tuple[Option, ...]

    def within(self, possible: frozenset[str] | None) -> tuple[int, int]:
        """Return the least and greatest value of the options that are possible; KeyError for one that there is not."""
        if not possible:
            return self.options[0].value, self.options[-1].value
        values = {option.id: option.value for option in self.options}
        found = [values[one] for one in possible]
        return min(found), max(found)


@dataclass(frozen=True, slots=True)
class Scheme:
    """The categories of the score, and where they are from."""

    id: str
    name: str
    name_ja: str
    source: str
    categories: tuple[Category, ...]

    def ends(self) -> tuple[int, int]:
        """Return the least and greatest sum of weight times value: the scores 0 and 100."""
        return (
            sum(one.weight * one.options[0].value for one in self.categories),
            sum(one.weight * one.options[-1].value for one in self.categories),
        )


class Part(NamedTuple):
    """What one category adds to the score, in points of 100, and whether it is known."""

    category: str
    points: Interval
    known: bool


class Score(NamedTuple):
    """The score, what each category adds to it, and how many are not known."""

    value: Interval
    parts: tuple[Part, ...]
    unknown: int


def score(scheme: Scheme, facts: Facts) -> Score:
    """Return the score of an incident of which `facts` are known.

    100 * (S - least) / (greatest - least), S the sum of weight times value: 0 and 100 at the ends, exactly. KeyError
    for a category or an option that the scheme does not have: they are the reader's business.
    """
    names = {one.id for one in scheme.categories}
    for name in facts:
        if name not in names:
            raise KeyError(name)
    least, greatest = scheme.ends()
    span = greatest - least
    low = high = 0
    parts = []
    for one in scheme.categories:
        possible = facts.get(one.id)
        below, above = (one.weight * value for value in one.within(possible))
        base = one.weight * one.options[0].value
        low, high = low + below, high + above
        points = Interval(FULL * (below - base) / span, FULL * (above - base) / span)
        parts.append(Part(one.id, points, below == above))
    value = Interval(FULL * (low - least) / span, FULL * (high - least) / span)
    return Score(value, tuple(parts), sum(not part.known for part in parts))
