"""Receipts of warnings: they rise and never fall; and coverage, the same counted by sector."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

__all__ = ["ANSWERS", "STATES", "Coverage", "Standing", "coverage", "risen"]

STATES = ("chosen", "delivered", "acknowledged", "acted")
"""What a recipient can stand at, rising. `chosen` is before anything was delivered."""
ANSWERS = STATES[2:]
"""What a recipient says itself."""


class Standing(msgspec.Struct, frozen=True):
    """A recipient as coverage counts it: its sectors, whether it was chosen, may not be told, and how far it is."""

    principal: str
    sectors: tuple[str, ...]
    chosen: bool
    kept_from: str
    state: str


class Coverage(msgspec.Struct, frozen=True):
    """How many principals of a sector; from `chosen` on each count is within the one before. sector "": all."""

    sector: str
    at_risk: int
    kept_from: int
    chosen: int
    delivered: int
    acknowledged: int
    acted: int


def risen(states: Iterable[str]) -> str:
    """Return the highest of some states: their join, so that neither order nor repetition matters."""
    return max(states, key=STATES.index, default=STATES[0])


def coverage(recipients: Iterable[Standing]) -> tuple[Coverage, ...]:
    """Return the counts by sector, by name, and first those of all; who has no sector counts under `-`."""
    every = tuple(recipients)
    sectors = sorted({name for one in every for name in one.sectors or ("-",)})
    return (counted("", every), *(
        counted(name, tuple(one for one in every if name in (one.sectors or ("-",)))) for name in sectors
    ))  # fmt: skip


def counted(sector: str, those: tuple[Standing, ...]) -> Coverage:
    """Return the counts of some recipients; who acted has it delivered too."""
    reached = [STATES.index(one.state) for one in those if one.chosen]
    return Coverage(
        sector, len(those), sum(bool(one.kept_from) for one in those), len(reached),
        *(sum(state >= least for state in reached) for least in (1, 2, 3)),
    )  # fmt: skip
