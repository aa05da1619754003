"""Other schemes over the same answers: CPG 2.0, CSF 2.0, SPRS, OpenSSF's aggregation, a deviation score.

Every scheme is a weighted sum over its own units (goals, subcategories, requirements, checks): start + span Σwc / Σw, c
from 0 to 1 by how far the items behind a unit are met. Each gives three figures: `published`, as the scheme itself
reckons with what is said; `low`, with only what somebody else can check, the rest not met; `high`, with all that is not
known met.

Some schemes as published break an axiom: where a unit without an answer is left out of the mean (OpenSSF Scorecard's
-1, CISA's assessment tool), to delete a bad answer raises the figure. `low` keeps the axioms under every scheme: a
better answer never lowers it, withdrawing all evidence of an item never raises it, an answer given twice does not move
it, and no unit moves it more than one of more weight.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from noroshi.rate.evidence import FIRM, GRADES, Answer, Sheet, weigh

if TYPE_CHECKING:
    from noroshi.rate.catalogue import Catalogue

__all__ = [
    "Group",
    "Known",
    "Scheme",
    "SchemeScore",
    "Unit",
    "UnitScore",
    "deviation",
    "known",
    "score_under",
    "scorecard",
]

Floats = NDArray[np.float64]
NEAR = 1e-9
"""Levels such as 0.67 are met in spite of arithmetic."""
FULL_CHECK = 10.0


@dataclass(frozen=True, slots=True)
class Unit:
    """One goal, subcategory, requirement or check, its weight, and the items of the catalogue that answer to it.

    met_from, partly_from: levels from which it is met, partly met, where the scheme counts in steps; partly_credit:
    what partly is worth, 0-1. shown_never: no answer can show that it is met.
    """

    id: str
    weight: float
    group: str
    items: tuple[str, ...]
    met_from: float = 1.0
    partly_from: float = 2.0
    partly_credit: float = 0.0
    shown_never: bool = False


@dataclass(frozen=True, slots=True)
class Scheme:
    """A scheme bound to a catalogue: start + span Σwc / Σw.

    steps: a unit is met, partly met or not, else as far as its items are; weakest: of several items the least counts,
    else their mean; leaves_out: the published figure leaves out what is not answered, else that is not met. groups:
    id -> name in English and Japanese.
    """

    id: str
    name_en: str
    name_ja: str
    source: str
    note_en: str
    note_ja: str
    start: float
    span: float
    steps: bool
    weakest: bool
    leaves_out: bool
    units: tuple[Unit, ...]
    groups: dict[str, tuple[str, str]]

    def score(self, catalogue: Catalogue, sheet: Sheet) -> SchemeScore:
        """Return the score of an organisation's answers, see `score_under`."""
        return score_under(self, catalogue, sheet)


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of each item, each (items,), 0-1: at least `low`, as `said` (NaN: nothing is), at most `high`.

    away: does not apply, and a third party says so.
    """

    low: Floats
    said: Floats
    high: Floats
    away: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class UnitScore:
    """How far a unit is met, 0-1: at least, as said (None: not answered), at most.

    All three are None where it does not apply and the scheme leaves it out.
    """

    unit: Unit
    low: float | None
    said: float | None
    high: float | None
    state: str
    """met, partly, not, not assessed, or does not apply."""


@dataclass(frozen=True, slots=True)
class Group:
    """A group of units: how many, how many answered, and its share of what it could reach, 0-1."""

    id: str
    units: int
    answered: int
    low: float
    said: float | None
    high: float


@dataclass(frozen=True, slots=True)
class SchemeScore:
    """A score under a scheme, on its scale, and what it is made of. published is None where nothing is answered."""

    scheme: Scheme
    published: float | None
    low: float
    high: float
    groups: tuple[Group, ...]
    units: tuple[UnitScore, ...]


def known(catalogue: Catalogue, sheet: Sheet) -> Known:
    """Return what is known of each item: the mean of what others could check, else of claims; older answers weigh less.

    An answer given twice counts once. That an item does not apply leaves it out if a third party says so; else nothing
    is known of it. `high` takes the upper end of answers that are ranges.
    """
    once = tuple(dict.fromkeys(sheet.answers))
    order = list(GRADES)
    checked = tuple(a for a in once if order.index(a.grade) >= order.index(FIRM) and not a.not_applicable)
    every, firm, every_top, firm_top = (
        weigh(catalogue, [replace(sheet, answers=some)]) for some in (once, checked, tops(once), tops(checked))
    )
    is_firm = (firm.strength[0] > 0.0) & ~every.left_out[0]
    said = np.where(is_firm, firm.level[0], every.level[0])
    unknown = every.left_out[0] | ~(every.strength[0] > 0.0)
    return Known(
        low=np.where(is_firm, firm.level[0], 0.0),
        said=np.where(unknown, np.nan, said),
        high=np.where(unknown, 1.0, np.maximum(said, np.where(is_firm, firm_top.level[0], every_top.level[0]))),
        away=every.accepted[0],
    )


def tops(answers: Sequence[Answer]) -> tuple[Answer, ...]:
    """Return answers with the upper end in place of each range."""
    return tuple(a if a.up_to is None else replace(a, level=a.up_to, up_to=None) for a in answers)


def score_under(scheme: Scheme, catalogue: Catalogue, sheet: Sheet) -> SchemeScore:
    """Return an organisation's score under a scheme, from its answers to the catalogue that the scheme is bound to.

    KeyError where a unit names an item that the catalogue does not have.
    """
    facts = known(catalogue, sheet)
    units = tuple(_unit(scheme, unit, facts, [catalogue.index[name] for name in unit.items]) for unit in scheme.units)
    groups = []
    for name in scheme.groups:
        mine = [one for one in units if one.unit.group == name]
        answered = sum(one.said is not None for one in mine)
        groups.append(Group(name, len(mine), answered, *_shares(mine, leaves_out=scheme.leaves_out)))
    low, said, high = _shares(units, leaves_out=scheme.leaves_out)
    published = None if said is None else scheme.start + scheme.span * said
    return SchemeScore(
        scheme, published, scheme.start + scheme.span * low, scheme.start + scheme.span * high, tuple(groups), units
    )


def _unit(scheme: Scheme, unit: Unit, facts: Known, items: Sequence[int]) -> UnitScore:
    """Return how far a unit is met by the items that answer to it."""
    if not items:
        return UnitScore(unit, 0.0, None, 1.0, "not assessed")
    here = [i for i in items if not facts.away[i]]
    if not here:
        met = (
            None if scheme.leaves_out else 1.0
        )  # what does not apply is left out, or there is nothing to lose points for
        return UnitScore(unit, met, met, met, "does not apply")
    together = np.min if scheme.weakest else np.mean
    low = _credit(scheme, unit, float(together(facts.low[here])))
    high = _credit(scheme, unit, float(together(facts.high[here])), hoped=True)
    answered = [i for i in here if not np.isnan(facts.said[i])]
    if not answered:
        return UnitScore(unit, low, None, high, "not assessed")
    said = _credit(scheme, unit, float(together(facts.said[answered])))
    return UnitScore(unit, low, said, high, "met" if said >= 1.0 - NEAR else "partly" if said > 0.0 else "not")


def _credit(scheme: Scheme, unit: Unit, level: float, *, hoped: bool = False) -> float:
    """Return what a level is worth to a unit, 0-1; hoped: what the answers never show may be so, from partly met on."""
    if not scheme.steps:
        return level
    met_from = unit.met_from if not unit.shown_never else unit.partly_from if hoped else 2.0
    if level >= met_from - NEAR:
        return 1.0
    return unit.partly_credit if level >= unit.partly_from - NEAR else 0.0


def _shares(units: Sequence[UnitScore], *, leaves_out: bool) -> tuple[float, float | None, float]:
    """Return the weighted means of units, 0-1: at least, as published (None: nothing is answered), at most."""
    weight = sum(one.unit.weight for one in units if one.low is not None)
    if weight == 0.0:
        return 0.0, None, 1.0
    low = sum(one.unit.weight * (one.low or 0.0) for one in units) / weight
    high = sum(one.unit.weight * one.high for one in units if one.high is not None) / weight
    answered = [one for one in units if one.said is not None]
    over = sum(one.unit.weight for one in answered) if leaves_out else weight
    said = sum(one.unit.weight * (one.said or 0.0) for one in answered) / over if answered and over else None
    return low, said, high


def deviation(score: float, mean: float, sd: float) -> float:
    """Return the deviation score of a score among peers, 50 + 10 (x - mean) / sd; ValueError unless sd is positive."""
    if not sd > 0.0:
        raise ValueError(f"expected a standard deviation above 0, found {sd:g}")
    return 50.0 + 10.0 * (score - mean) / sd


def scorecard(checks: Sequence[tuple[float, float]]) -> tuple[float | None, float]:
    """Return the aggregate of OpenSSF Scorecard's checks, 0-10: as published, and as a verdict may use it.

    checks: (risk's weight, result), result from 0 to 10 or -1 for none. As published, checks without a result are left
    out (None if none has any); as a verdict may use it, they are 0.
    """
    units = []
    for weight, result in checks:
        share = result / FULL_CHECK
        units.append(UnitScore(Unit("", weight, "", ()), max(share, 0.0), None if result < 0.0 else share, 1.0, ""))
    low, said, _ = _shares(units, leaves_out=True)
    return None if said is None else FULL_CHECK * said, FULL_CHECK * low
