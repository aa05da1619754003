"""What an organisation should do next under a budget: the measures that leave attacks the least success.

Choose measures x so that Σₜ wₜ·exp(−Σᵢ lₜᵢxᵢ) is least: wₜ how often technique t is used, lₜᵢ what measure i takes from
it. What is in place already counts as far as the organisation's answers say: a measure is a step from a level of its
item to another, and the part of it that is done is how far the posterior lies between the two.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from noroshi.rate.catalogue import Catalogue
from noroshi.rate.tangents import Choice, Limits, choose, merged, value
from noroshi.rate.techniques import Frequencies, log_effects, steps

__all__ = ["Options", "Plan", "Yearly", "in_place", "options", "ordered", "plan", "precedence", "yearly"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
GAP = 1e-3
CLOSE = 1e-9
DONE = 0.95
"""Part of a step from which on it counts as done."""


@dataclass(frozen=True, slots=True)
class Options:
    """What one organisation may do: everything by measure of the catalogue, (measures,), and what it would change.

    offered: not done, applicable, and nothing it needs is out of reach; done: the part that is in place, 0-1;
    needs (measures, measures): row i has what i requires and is not done; weight (techniques,): use of the techniques
    times what the measures in place leave; effect (techniques, measures): what the rest of each measure would take.
    """

    catalogue: Catalogue
    offered: Bools
    done: Floats
    needs: Bools
    cost: Floats
    staff: Floats
    weight: Floats
    effect: Floats


@dataclass(frozen=True, slots=True)
class Plan:
    """Chosen measures (measures,), cost (million yen), staff (person-months), and what they do to attacks' success.

    before and after: what attacks succeed in, weighed by use, of 1 without any measure; bound: no plan within the
    limits leaves less. gap: how far from the best the plan may be, as a part of `after`.
    """

    chosen: Bools
    cost: float
    staff: float
    before: float
    after: float
    bound: float
    gap: float

    @property
    def reduction(self) -> float:
        """Return the part of attacks' present success that is gone, 0-1."""
        return 1.0 - self.after / self.before if self.before > 0.0 else 0.0


@dataclass(frozen=True, slots=True)
class Yearly:
    """A plan over years: chosen (years, measures) what is begun and done in each, after (years,) what is left then."""

    chosen: Bools
    cost: Floats
    staff: Floats
    before: float
    after: Floats
    gap: float


def in_place(catalogue: Catalogue, level: Floats) -> Floats:
    """Return the part of each measure that is done, (..., measures), from the levels of the items (..., items), 0-1."""
    item = np.array([catalogue.index[one.item] for one in catalogue.measures], dtype=np.int64)
    start, end = steps(catalogue), np.array([one.to for one in catalogue.measures])
    return np.asarray(np.clip((level[..., item] - start) / (end - start), 0.0, 1.0))


def options(catalogue: Catalogue, frequency: Frequencies, level: Floats, applies: Bools) -> Options:
    """Return what an organisation may do: level (items,) or (draws, items) how far each is met, applies (items,).

    Levels that are not known for sure come as equally likely draws, and what is in place is the mean over them.

    Where no item applies that asks about control systems, techniques of the ICS domain do not count.
    """
    done = in_place(catalogue, np.atleast_2d(level)).mean(axis=0)
    index = {one.id: i for i, one in enumerate(catalogue.measures)}
    finished = done >= DONE
    usable = np.array([applies[catalogue.index[one.item]] for one in catalogue.measures], dtype=np.bool_)
    needs = np.zeros((len(index), len(index)), np.bool_)
    for i, one in enumerate(catalogue.measures):
        needs[i, [index[name] for name in one.requires]] = True
    needs &= ~finished
    while True:  # what needs something out of reach is out of reach itself
        out = usable & (needs & ~usable).any(axis=1)
        if not out.any():
            break
        usable &= ~out
    effect = log_effects(catalogue, frequency.techniques)
    counts = counted(catalogue, frequency, applies)
    weight = frequency.weight * counts * np.exp(-(effect * done).sum(axis=1))
    return Options(
        catalogue, usable & ~finished, done, needs,
        np.array([one.cost for one in catalogue.measures]), np.array([one.staff for one in catalogue.measures]),
        weight, effect * (1.0 - done),
    )  # fmt: skip


def counted(catalogue: Catalogue, frequency: Frequencies, applies: Bools) -> Bools:
    """Return which techniques count, (techniques,): those of control systems only where the organisation has any."""
    control = np.array([one.control_systems for one in catalogue.items], dtype=np.bool_)
    has = not control.any() or bool(applies[control].any())
    return np.array([has or not one.ics for one in frequency.techniques], dtype=np.bool_)


def precedence(needs: Bools, offered: Bools) -> Floats:
    """Return rows·x <= 0 that say: no measure without what it needs, and none that is not offered."""
    n = len(offered)
    rows = [unit(n, i) - unit(n, j) for i, j in np.argwhere(needs)]
    rows += [unit(n, int(i)) for i in np.flatnonzero(~offered)]
    return np.array(rows).reshape(len(rows), n)


def unit(n: int, i: int) -> Floats:
    """Return the row that picks out x[i]."""
    row = np.zeros(n)
    row[i] = 1.0
    return row


def plan(given: Options, budget: float, staff: float = np.inf, gap: float = GAP) -> Plan:
    """Return the plan that leaves attacks the least success for `budget` million yen and `staff` person-months."""
    first = precedence(given.needs, given.offered)
    rows, most = [first], [np.zeros(len(first))]
    for each, limit in ((given.cost, budget), (given.staff, staff)):
        if np.isfinite(limit):
            rows.append(each[None])
            most.append(np.array([limit]))
    found = choose(given.weight, given.effect, Limits(np.vstack(rows), np.concatenate(most)), gap)
    if found is None:
        raise ValueError(f"expected a budget and staff of 0 or more; found {budget} and {staff}")
    return told(given, found)


def told(given: Options, found: Choice) -> Plan:
    """Return a choice as a plan."""
    before = float(given.weight.sum())
    x = found.x & given.offered
    return Plan(x, float(given.cost @ x), float(given.staff @ x), before, found.value, found.bound, found.gap)


def yearly(given: Options, budgets: Floats, staff: Floats, gap: float = 1e-2) -> Yearly:
    """Return the plan over years: budgets and staff (years,) of each year; what is left over is not kept.

    What counts is the sum over the years of what attacks succeed in at the end of each, so what does most comes first.
    """
    years, n = len(budgets), len(given.offered)
    one = precedence(given.needs, given.offered)
    rows, most = [], []
    for y in range(years):
        placed = np.zeros((len(one), years * n))
        placed[:, y * n : (y + 1) * n] = one
        rows.append(placed)
        most.append(np.zeros(len(one)))
        for each, limit in ((given.cost, budgets[y]), (given.staff, staff[y])):
            if not np.isfinite(limit):
                continue
            spent = np.zeros((1, years * n))
            spent[0, y * n : (y + 1) * n] = each
            if y:
                spent[0, (y - 1) * n : y * n] = -each
            rows.append(spent)
            most.append(np.array([limit]))
        if y:  # what is done stays done
            stays = np.hstack([np.eye(n), -np.eye(n)])
            padded = np.zeros((n, years * n))
            padded[:, (y - 1) * n : (y + 1) * n] = stays
            rows.append(padded)
            most.append(np.zeros(n))
    weight, effect = merged(given.weight, given.effect)
    found = choose(
        np.tile(weight, years),
        np.asarray(np.kron(np.eye(years), effect), dtype=np.float64),
        Limits(np.vstack(rows), np.concatenate(most)),
        gap,
    )
    if found is None:
        raise ValueError("expected budgets and staff of 0 or more")
    held = found.x.reshape(years, n) & given.offered
    begun = held.copy()
    begun[1:] &= ~held[:-1]
    return Yearly(
        begun, begun @ given.cost, begun @ given.staff, float(given.weight.sum()),
        value(given.weight, given.effect, held), found.gap,
    )  # fmt: skip


def ordered(given: Options, chosen: Bools) -> list[int]:
    """Return the chosen measures in the order in which to do them: what takes most for its cost first, needs before."""
    have = np.zeros(len(chosen), np.bool_)
    order: list[int] = []
    while (left := np.flatnonzero(chosen & ~have)).size:
        ready = [int(i) for i in left if not (given.needs[i] & chosen & ~have).any()]
        trials = have | np.eye(len(chosen), dtype=np.bool_)[ready]
        gain = value(given.weight, given.effect, have) - value(given.weight, given.effect, trials)
        best = ready[int(np.argmax(gain / np.maximum(given.cost[ready], CLOSE)))]
        have[best] = True
        order.append(best)
    return order
