"""What a run says: events with causes, shares over time; the same type from both engines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

WHAT = (
    "hit", "detected", "by_hand", "ended", "repair", "repaired", "expired", "empty",
    "degraded", "down", "blackout", "tripped", "improved", "recovered",
)  # fmt: skip
"""What can happen. Losses: `degraded`, `down`, `blackout` (an island collapsed or went dark), `tripped` (overload)."""
(
    HIT,
    DETECTED,
    BY_HAND,
    ENDED,
    REPAIR,
    REPAIRED,
    EXPIRED,
    EMPTY,
    DEGRADED,
    DOWN,
    BLACKOUT,
    TRIPPED,
    IMPROVED,
    RECOVERED,
) = range(14)
LOSSES = (DEGRADED, DOWN, BLACKOUT, TRIPPED)

DEMAND, SELF = -1, -2
"""Causes that are no other unit: more demand than there ever was supply; the unit's own hit."""


class Event(NamedTuple):
    """What happened to a unit at an hour, and the unit that caused it (or DEMAND, SELF)."""

    hour: float
    what: int
    unit: int
    cause: int


@dataclass(frozen=True, slots=True)
class Run:
    """One scenario's result. `hours` (n) and `shares` (n, services): the share from each hour until the next."""

    horizon: float
    hours: NDArray[np.float64]
    shares: NDArray[np.float64]
    events: tuple[Event, ...]

    def below(self, floor: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return hours below the floor and the longest spell of them, per service."""
        ends = np.append(self.hours[1:], self.horizon)
        total = np.zeros(len(floor))
        spell = np.zeros(len(floor))
        longest = np.zeros(len(floor))
        for start, end, share in zip(self.hours, ends, self.shares, strict=True):
            low = share < floor - 1e-9
            total += np.where(low, end - start, 0.0)
            spell = np.where(low, spell + (end - start), 0.0)
            longest = np.maximum(longest, spell)
        return total, longest
