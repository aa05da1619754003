"""The cheapest way to the pass mark: measures after which P(S >= mark) on evidence alone is at least 0.9.

The chance is that of the verdict: in each of its draws the points of all items add up, and a measure, once done and
documented, moves its item's points. What is not exact is the search: a plan is found by adding and taking away, and a
bound on the cost from programs over HiGHS, each of which is shown a set of measures that does not suffice even at best
and must choose something outside it (cover inequalities: Balas, Mathematical Programming 8, 1975). Both are told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from noroshi.rate.plans import Options, precedence
from noroshi.rate.score import SURE

__all__ = ["Passing", "cheapest"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Enough = Callable[[Bools], bool]
ROUNDS = 200
CLOSE = 1e-9


@dataclass(frozen=True, slots=True)
class Passing:
    """The measures (measures,) that suffice, their cost, the chance of passing then; no way costs less than `bound`."""

    chosen: Bools
    cost: float
    p_pass: float
    bound: float


def cheapest(given: Options, now: Floats, gains: Floats, mark: float, sure: float = SURE) -> Passing | None:
    """Return the cheapest way to a chance of `sure`; None if all that is offered together does not suffice.

    now (draws,): points in each draw; gains (measures, draws): what each measure adds, after those it needs.
    """
    need = closure(given)
    everything = given.offered.copy()

    def chance(x: Bools, most: bool = False) -> float:  # noqa: FBT001, FBT002  two sides of one thing
        parts = np.maximum(gains[x], 0.0) if most else gains[x]
        return float((now + parts.sum(axis=0) >= mark - CLOSE).mean())

    if chance(everything) < sure:
        everything = everything & (gains.mean(axis=1) > 0.0)
        everything = (need[everything].any(axis=0) | everything) & given.offered
        if chance(everything) < sure:
            return None
    best = thinned(given, need, everything, lambda x: chance(x) >= sure)
    cost = float(given.cost @ best)
    bound, last = lower_bound(given, now, gains, lambda x: chance(x, most=True) >= sure, mark * sure, cost)
    if last is not None and chance(last) >= sure:
        best, cost = last, float(given.cost @ last)
    return Passing(best, cost, chance(best), min(bound, cost))


def closure(given: Options) -> Bools:
    """Return (measures, measures): row i has i and all that it needs, whatever those need included."""
    reach = given.needs | np.eye(len(given.offered), dtype=np.bool_)
    while True:
        more = (reach.astype(np.int64) @ reach.astype(np.int64)) > 0
        if (more == reach).all():
            return np.asarray(reach)
        reach = more


def thinned(given: Options, need: Bools, x: Bools, enough: Enough) -> Bools:
    """Return what is left of x when what can be spared is dropped, or exchanged for something cheaper.

    Whatever needs a dropped measure goes with it.
    """
    best = x.copy()
    while True:
        moves = []
        for i in np.flatnonzero(best):
            without = best & ~need[:, i]
            moves.append(without)
            moves += [without | need[j] for j in np.flatnonzero(given.offered & ~best)]
        cost = np.array([given.cost @ one for one in moves])
        allowed = [k for k in np.argsort(cost, kind="stable") if cost[k] < given.cost @ best - CLOSE]
        found = next((moves[k] for k in allowed if enough(moves[k])), None)
        if found is None:
            return best
        best = found


def lower_bound(  # noqa: PLR0913  what a program takes
    given: Options, now: Floats, gains: Floats, enough: Enough, least_mean: float, known: float
) -> tuple[float, Bools | None]:
    """Return a cost that no sufficient choice goes below, and a choice of that cost if there is one.

    It is the dearest optimum of programs with ever more covers; where such an optimum suffices, nothing is cheaper.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    n = len(given.offered)
    order = precedence(given.needs, given.offered)
    # points are never negative, so that a chance of 0.9 to reach the mark takes a mean of 0.9 times the mark
    rows, least = [np.maximum(gains, 0.0).mean(axis=1)], [least_mean - float(now.mean())]
    bound = 0.0
    for _ in range(ROUNDS):
        found = milp(
            given.cost, integrality=np.ones(n), bounds=Bounds(0.0, 1.0),
            constraints=[
                LinearConstraint(order, -np.inf, 0.0),
                LinearConstraint(np.array(rows), np.array(least) - CLOSE, np.inf),
            ],
        )  # fmt: skip
        if found.x is None:
            return known, None
        bound = max(bound, float(found.fun))
        x = np.asarray(found.x > 0.5) & given.offered  # noqa: PLR2004  binary
        if enough(x):
            return bound, x
        if bound >= known - CLOSE:
            return bound, None
        for i in np.argsort(given.cost, kind="stable"):  # as much as does not suffice yet: the wider, the sharper
            if given.offered[i] and not x[i]:
                wider = x.copy()
                wider[i] = True
                if not enough(wider):
                    x = wider
        rows.append((~x & given.offered).astype(np.float64))
        least.append(1.0)
    return bound, None
