"""Scales of levels: the highest whose statement holds; an interval while some are not known. Nothing is inferred."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

__all__ = ["Ladder", "Level", "Rung", "Statement", "climb"]


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a scale."""

    rank: int
    name: str
    name_ja: str


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement that gives at least the level `rank` where it holds."""

    id: str
    rank: int
    name: str
    name_ja: str


@dataclass(frozen=True, slots=True)
class Ladder:
    """A scale, where it is from, and the statements that decide it.

    least: the level where no statement holds; axes: where a scale is judged on several, statements have ids as
    "axis:grade", and of one axis exactly one holds.
    """

    id: str
    name: str
    name_ja: str
    source: str
    note: str
    note_ja: str
    least: int
    levels: tuple[Level, ...]
    statements: tuple[Statement, ...]
    axes: tuple[tuple[str, str, str], ...] = ()


class Rung(NamedTuple):
    """The lowest and highest level that the facts leave, and the statements that nobody has answered."""

    low: int
    high: int
    open: tuple[str, ...]


def climb(ladder: Ladder, facts: Mapping[str, bool]) -> Rung:
    """Return the levels that are left: the highest that holds, up to the highest that may hold.

    facts: statement -> whether it holds; what is missing is not known. On a scale with axes the answers of an axis
    must leave one grade at least; else ValueError.
    """
    if ladder.axes:
        return _climb_axes(ladder, facts)
    low = max((one.rank for one in ladder.statements if facts.get(one.id)), default=ladder.least)
    high = max((one.rank for one in ladder.statements if facts.get(one.id, True)), default=ladder.least)
    still = tuple(one.id for one in ladder.statements if one.id not in facts and one.rank > low)
    return Rung(low, max(low, high), still)


def _climb_axes(ladder: Ladder, facts: Mapping[str, bool]) -> Rung:
    """Return the levels that are left where the highest of several axes counts."""
    lows, highs, still = [ladder.least], [ladder.least], []
    for axis, _, _ in ladder.axes:
        own = [one for one in ladder.statements if one.id.startswith(f"{axis}:")]
        held = [one for one in own if facts.get(one.id)]
        left = held or [one for one in own if facts.get(one.id, True)]
        if len(held) > 1 or not left:
            msg = f"{axis}: the answers leave {len(held) if held else 'no'} grades"
            raise ValueError(msg)
        lows.append(min(one.rank for one in left))
        highs.append(max(one.rank for one in left))
        if len(left) > 1:
            still.append(axis)
    return Rung(max(lows), max(highs), tuple(still))
