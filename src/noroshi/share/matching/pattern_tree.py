"""A STIX 2.1 pattern as a tree (OASIS STIX 2.1, section 9)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

__all__ = ["Both", "Comparison", "Joined", "Literal", "Observation", "Pattern", "Qualified", "Step", "Test", "Timespan"]

Literal: TypeAlias = "str | int | float | bool | bytes | datetime"
Step: TypeAlias = "str | int | None"
"""A step of an object path: a key, a place in a list, or None for any place (`[*]`)."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One comparison of what lies at an object path with a literal, or with several for IN; for EXISTS with none."""

    type: str
    path: tuple[Step, ...]
    operator: str
    values: tuple[Literal, ...] = ()
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Both:
    """Comparisons joined by AND or OR; they are of one and the same object."""

    operator: str
    parts: tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class Observation:
    """What stands between square brackets: a test of one observation."""

    test: Test


@dataclass(frozen=True, slots=True)
class Joined:
    """Two observation expressions joined by AND, OR or FOLLOWEDBY."""

    operator: str
    left: Pattern
    right: Pattern


@dataclass(frozen=True, slots=True)
class Timespan:
    """START t'…' STOP t'…': from `start` on and before `stop`, in microseconds since 1970."""

    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Qualified:
    """An observation expression that must be seen REPEATS n TIMES, WITHIN n SECONDS, or in a time span.

    `by`: the number of times (int), microseconds (float), or the span.
    """

    part: Pattern
    by: int | float | Timespan


Test: TypeAlias = Comparison | Both
Pattern: TypeAlias = Observation | Joined | Qualified
