"""Whom to press first: one plan for each organisation from a set of good ones, for the most harm saved in all.

An organisation that is breached at a rate of λ in the period is breached at λ·R after a plan that leaves attacks the
part R of their success; what that saves is the difference of the two chances times the harm to expect from its breach.
Each organisation's plans are a chain, cheapest to dearest: always the next measure, with what it needs, that takes most
for its cost. Between organisations the money goes where the next step saves most for its cost (the steps of the upper
hull, which is the linear relaxation of the multiple-choice knapsack: Sinha and Zoltners, Operations Research 27, 1979).
A bound on what any plans at all could save says how good that is.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from noroshi.rate.passing import closure
from noroshi.rate.plans import Options, precedence
from noroshi.rate.tangents import Limits, choose, merged, value

__all__ = ["Press", "Pressed", "chains", "press"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
CLOSE = 1e-12
ROUNDING = 1e-9
ITERATIONS = 150
CLOSER = 60
GAP = 1e-3


class Chain(NamedTuple):
    """Plans of one organisation: measures (plans, measures), cost (plans,), the part of success left (plans,)."""

    chosen: Bools
    cost: Floats
    left: Floats


class Pressed(NamedTuple):
    """What is asked of one organisation: its place, its measures, what they cost, save and leave."""

    place: int
    chosen: Bools
    cost: float
    saves: float
    left: float


@dataclass(frozen=True, slots=True)
class Press:
    """Whom to press, what saves most first; all saved together, and what no plans within the budget could exceed."""

    pressed: tuple[Pressed, ...]
    cost: float
    saves: float
    bound: float

    @property
    def gap(self) -> float:
        """Return how far the savings may be from the best, as a part of the bound."""
        return max(0.0, self.bound - self.saves) / self.bound if self.bound > 0.0 else 0.0


def chains(given: list[Options]) -> list[Chain]:
    """Return a chain of plans for each organisation; equal organisations share one."""
    keys = [(one.offered.tobytes(), one.done.tobytes(), one.weight.tobytes()) for one in given]
    first = {key: place for place, key in reversed(list(enumerate(keys)))}
    made = {key: chain(given[place]) for key, place in first.items()}
    return [made[key] for key in keys]


def chain(given: Options) -> Chain:
    """Return plans from none to all that is offered, each the last and the step that takes most for its cost."""
    need = closure(given)
    left, rows = merged(given.weight / max(float(given.weight.sum()), CLOSE), given.effect)
    have = np.zeros(len(given.offered), np.bool_)
    plans, costs, parts = [have.copy()], [0.0], [float(left.sum())]
    while (rest := np.flatnonzero(given.offered & ~have)).size:
        added = need[rest] & ~have
        after = np.exp(-(added.astype(np.float64) @ rows.T)) @ left
        cost = added @ given.cost
        best = int(np.argmax((parts[-1] - after) / np.maximum(cost, CLOSE)))
        if parts[-1] - after[best] <= CLOSE:
            break
        have = have | added[best]
        left = left * np.exp(-(rows @ added[best]))
        plans.append(have.copy())
        costs.append(costs[-1] + float(cost[best]))
        parts.append(float(left.sum()))
    return Chain(np.array(plans), np.array(costs), np.array(parts))


def saved(rate: Floats, harm: float, left: Floats) -> Floats:
    """Return what plans save: rate (s,) equally likely rates of breach in the period, left (plans,) -> (plans,)."""
    return np.asarray(harm * (np.exp(-np.outer(left, rate)) - np.exp(-rate)).mean(axis=1))


def press(given: list[Options], rate: Floats, harm: Floats, budget: float, *, closer: int = CLOSER) -> Press:
    """Return whom to press with what for `budget` million yen in all.

    given: what each organisation may do; rate (s, organisations): equally likely rates of breach in the period; harm
    (organisations,): what a breach of each does by itself. closer: for how many organisations, those by which the bound
    is furthest above what was found, the best plan at the price of money is sought too, to a small gap.
    """
    plans = [Plans(one, rate[:, c], float(harm[c])) for c, one in enumerate(chains(given))]
    picked = pick(plans, budget)
    over = np.array([above(one, mine, picked.price) for one, mine in zip(given, plans, strict=True)])
    slack = over - np.array([mine.net(picked.price) for mine in plans])
    for c in np.argsort(-slack, kind="stable")[:closer]:
        if slack[c] <= CLOSE:
            break
        found, over[c] = best_at(given[c], plans[c], picked.price)
        plans[c] = plans[c].with_plan(given[c], found)
    price = picked.price
    picked = pick(plans, budget)
    pressed = [
        Pressed(c, mine.chain.chosen[k], float(mine.chain.cost[k]), float(mine.saves[k]), float(mine.chain.left[k]))
        for c, (mine, k) in enumerate(zip(plans, picked.at, strict=True))
        if k > 0
    ]
    pressed.sort(key=lambda one: (-one.saves, one.place))
    total = float(sum(one.saves for one in pressed))
    return Press(tuple(pressed), picked.spent, total, max(total, price * budget + float(over.sum())))


class Plans:
    """The plans of one organisation with what each saves: a class, since a plan may be added."""

    def __init__(self, chain: Chain, rate: Floats, harm: float) -> None:
        """Take plans, the equally likely rates of breach, and the harm of one."""
        self.chain, self.rate, self.harm = chain, rate, harm
        self.saves = saved(rate, harm, chain.left)

    def net(self, price: float) -> float:
        """Return the most that a plan saves beyond its cost at a price of money."""
        return float((self.saves - price * self.chain.cost).max())

    def with_plan(self, given: Options, x: Bools) -> Plans:
        """Return the plans with one more, in order of cost."""
        left = float(value(given.weight, given.effect, x)) / max(float(given.weight.sum()), CLOSE)
        cost = np.append(self.chain.cost, given.cost @ x)
        order = np.lexsort((np.append(self.chain.left, left), cost))
        made = Chain(np.vstack([self.chain.chosen, x])[order], cost[order], np.append(self.chain.left, left)[order])
        return Plans(made, self.rate, self.harm)


class Picked(NamedTuple):
    """Which plan of each organisation (organisations,), what they cost, and what the next step would save a yen."""

    at: Ints
    spent: float
    price: float


def pick(plans: list[Plans], budget: float) -> Picked:
    """Return a plan for each organisation: steps of the hulls, what saves most for its cost first, while they fit."""
    steps: list[tuple[float, int, int, int]] = []
    for c, mine in enumerate(plans):
        corner = hull(mine.chain.cost, mine.saves)
        for a, b in pairwise(corner):
            gain, more = mine.saves[b] - mine.saves[a], mine.chain.cost[b] - mine.chain.cost[a]
            steps.append((float(gain / max(more, CLOSE)), c, a, b))
    steps.sort(key=lambda step: (-step[0], step[1], step[2]))
    at, spent, price = np.zeros(len(plans), np.int64), 0.0, 0.0
    stopped = np.zeros(len(plans), np.bool_)
    for slope, c, a, b in steps:
        more = float(plans[c].chain.cost[b] - plans[c].chain.cost[a])
        if stopped[c] or spent + more > budget + ROUNDING:
            stopped[c] = True
            price = max(price, slope)
            continue
        at[c], spent = b, spent + more
    return Picked(at, spent, price)


def hull(cost: Floats, value: Floats) -> list[int]:
    """Return the places of the upper hull of plans by cost, from the first."""
    corner = [0]
    for k in range(1, len(cost)):
        if value[k] <= value[corner[-1]] + CLOSE:
            continue
        while len(corner) > 1 and (
            (value[corner[-1]] - value[corner[-2]]) * (cost[k] - cost[corner[-2]])
            <= (value[k] - value[corner[-2]]) * (cost[corner[-1]] - cost[corner[-2]])
        ):
            corner.pop()
        corner.append(k)
    return corner


def chord(mine: Plans) -> float:
    """Return k such that k·(1 − R) is at least what any plan saves that leaves R: the chord of a convex function."""
    least = float(mine.chain.left[mine.chain.left.argmin()])
    if least >= 1.0 - CLOSE:
        return 0.0
    return float(saved(mine.rate, mine.harm, np.array([least]))[0]) / (1.0 - least)


def above(given: Options, mine: Plans, price: float) -> float:
    """Return what no plan of an organisation can save beyond its cost at a price of money (Lagrange's bound).

    k·R(x) + price·cost·x lies above its tangent plane wherever that touches; planes are taken where a few steps of
    gradient descent lead.
    """
    k, use = chord(mine), given.offered
    if k <= CLOSE:
        return 0.0
    weight, rows = merged(k * given.weight / max(float(given.weight.sum()), CLOSE), given.effect[:, use])
    cost = price * given.cost[use]
    x, step = np.full(len(cost), 0.5), 1.0 / np.maximum((weight * rows.sum(axis=1)) @ rows, CLOSE)
    best = 0.0
    for _ in range(ITERATIONS):
        now = weight * np.exp(-(rows @ x))
        slope = cost - now @ rows
        best = max(best, float(now.sum() + cost @ x + np.where(slope > 0.0, -slope * x, slope * (1.0 - x)).sum()))
        x = np.clip(x - step * slope, 0.0, 1.0)
    return max(0.0, k - best)


def best_at(given: Options, mine: Plans, price: float) -> tuple[Bools, float]:
    """Return the plan that saves most beyond its cost at a price of money, and what no plan could."""
    k = chord(mine)
    order = precedence(given.needs, given.offered)
    weight = k * given.weight / max(float(given.weight.sum()), CLOSE)
    found = choose(weight, given.effect, Limits(order, np.zeros(len(order))), GAP, price * given.cost)
    if found is None:
        raise RuntimeError("doing nothing keeps every limit, and yet no plan was found")
    return found.x & given.offered, max(0.0, k - found.bound)
