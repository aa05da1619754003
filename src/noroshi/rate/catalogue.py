"""What is asked of an organisation: items with levels, what proves them, and the measures that raise them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

__all__ = ["KINDS", "Catalogue", "Item", "Level", "Measure"]

KINDS = ("technical", "organisational")


@dataclass(frozen=True, slots=True)
class Level:
    """One answer to a question: how far the item is met (0-1), and what is seen then."""

    at: float
    en: str
    ja: str


@dataclass(frozen=True, slots=True)
class Item:
    """One question. `importance` weighs it within its kind; evidence loses half its weight in `half_life_days`.

    `measured_by` names the importers that can measure it; csf, cpg, nist_800_53 and attack are identifiers of the other
    schemes' outcomes, goals, controls and mitigations that it answers to. `control_systems`: it asks about those alone.
    """

    id: str
    kind: str
    question_en: str
    question_ja: str
    levels: tuple[Level, ...]
    evidence_en: str
    evidence_ja: str
    half_life_days: float
    importance: float
    measured_by: tuple[str, ...] = ()
    csf: tuple[str, ...] = ()
    cpg: tuple[str, ...] = ()
    nist_800_53: tuple[str, ...] = ()
    attack: tuple[str, ...] = ()
    control_systems: bool = False


@dataclass(frozen=True, slots=True)
class Measure:
    """What raises an item to a level: its cost (million yen, 1,000 staff, first year), person-months, what comes first.

    `effect` is the part of the success of the techniques behind `attack` (mitigations) that it takes away, 0-0.9.
    """

    id: str
    item: str
    to: float
    name_en: str
    name_ja: str
    cost: float
    staff: float
    effect: float
    source: str
    requires: tuple[str, ...] = ()
    attack: tuple[str, ...] = ()


@dataclass(frozen=True)
class Catalogue:
    """Items and measures, with the points of the two kinds (60 and 40 in the survey whose shape it has)."""

    id: str
    version: str
    name_en: str
    name_ja: str
    source: str
    technical_points: float
    organisational_points: float
    items: tuple[Item, ...]
    measures: tuple[Measure, ...] = ()

    @cached_property
    def index(self) -> dict[str, int]:
        """Item id -> place."""
        return {item.id: k for k, item in enumerate(self.items)}

    @cached_property
    def technical(self) -> NDArray[np.bool_]:
        """Which items are technical, (items,)."""
        return np.array([item.kind == KINDS[0] for item in self.items])

    @cached_property
    def importance(self) -> NDArray[np.float64]:
        """The items' importance, (items,)."""
        return np.array([item.importance for item in self.items])

    @cached_property
    def half_life(self) -> NDArray[np.float64]:
        """The half-lives of evidence on the items in days, (items,)."""
        return np.array([item.half_life_days for item in self.items])

    def points(self, counted: NDArray[np.bool_] | None = None) -> NDArray[np.float64]:
        """Return what each item is worth in points, (..., items): its importance's part of its kind's points.

        counted (..., items): which items count (default: all); the others are worth 0, and those of their kind more. A
        kind of which nothing counts is worth nothing.
        """
        use = np.ones(len(self.items), np.bool_) if counted is None else counted
        worth = np.zeros(use.shape)
        for mine, points in ((self.technical, self.technical_points), (~self.technical, self.organisational_points)):
            weight = np.where(use & mine, self.importance, 0.0)
            total = weight.sum(axis=-1, keepdims=True)
            worth += points * np.divide(weight, total, out=np.zeros_like(weight), where=total > 0.0)
        return worth
