"""Who subtracts published tables from one another: exact algebra and linear programs, apart from the rules' own code.

The attacker knows which organisations were in which cell of which round, how many each stratum has, which scores have
changed, and every published mean with its rounding; unknown are the scores. A ministry also knows those of its own.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from tests.rate.series import Round

from noroshi.rate.shown import Shown
from noroshi.rate.tables import Key

LEAST = 10
NARROW = 5.0
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Equations:
    """Published means over unknown groups: what one organisation counts (figures, groups), sizes, bounds of sums."""

    weight: list[list[Fraction]]
    size: list[int]
    members: list[set[str]]
    low: Floats
    high: Floats

    @property
    def sums(self) -> Floats:
        """Coefficients of the groups' mean scores."""
        weight: Floats = np.array(self.weight, dtype=np.float64).reshape(len(self.weight), -1)
        return weight * np.array(self.size, dtype=np.float64)

    @property
    def small(self) -> NDArray[np.int64]:
        return np.flatnonzero(np.array(self.size) < LEAST)


def equations(
    rounds: list[Round], tables: list[dict[Key, Shown]], *, finest: bool = False, own: frozenset[str] = frozenset()
) -> Equations:
    """What is published, as equations. finest: only what is published to 0.1 points. own: sectors known anyhow."""
    bounds: list[tuple[float, float]] = []
    insider = {
        name
        for rated, _, _ in rounds
        for name, sector in zip(rated.organisation.tolist(), rated.sector.tolist(), strict=True)
        if sector in own
    }
    unknown: dict[tuple[str, int], dict[int, Fraction]] = defaultdict(dict)
    run: dict[str, tuple[int, float]] = {}
    for r, (rated, cells, population) in enumerate(rounds):
        strata = list(zip(rated.sector.tolist(), rated.size.tolist(), strict=True))
        count = {key: strata.count(key) for key in set(strata)}
        for name, score in zip(rated.organisation.tolist(), rated.marks.score.tolist(), strict=True):
            number, old = run.get(name, (0, score))
            run[name] = (number + (score != old), score)
        for key in cells:
            one = tables[r][key]
            if one.mean is None or (finest and one.step != 0.1):
                continue
            total, told = 0.0, 0.0
            for name, (sector, size) in zip(rated.organisation.tolist(), strata, strict=True):
                if key[0] in ("", sector) and key[1] in ("", size):
                    stands = 1 if population is None else population.count[sector, size]
                    each = Fraction(stands, 1 if population is None else count[sector, size])
                    total += float(each)
                    if name in insider:
                        told += float(each) * run[name][1]
                    else:
                        unknown[name, run[name][0]][len(bounds)] = each
            half = 0.5 * one.step + 1e-7
            bounds.append(((one.mean - half) * total - told, (one.mean + half) * total - told))
    groups: dict[tuple[tuple[int, Fraction], ...], set[str]] = defaultdict(set)
    for (name, _), places in unknown.items():
        groups[tuple(sorted(places.items()))].add(name)
    weight = [[dict(places).get(f, Fraction(0)) for places in groups] for f in range(len(bounds))]
    low, high = np.array(bounds).reshape(-1, 2).T
    return Equations(weight, [len(names) for names in groups.values()], list(groups.values()), low, high)


def left_over(e: Equations) -> list[list[Fraction]]:
    """A basis of the combinations of figures that vanish on groups of ten and more, over the small groups; exact."""
    large = [g for g, size in enumerate(e.size) if size >= LEAST]
    small = [g for g, size in enumerate(e.size) if size < LEAST]
    rows = [[row[g] for g in large] + [row[g] for g in small] for row in e.weight]
    done = 0
    for column in range(len(large) + len(small)):
        if column == len(large):
            rows, done = rows[done:], 0
        pivot = next((k for k in range(done, len(rows)) if rows[k][column]), None)
        if pivot is None:
            continue
        rows[done], rows[pivot] = rows[pivot], rows[done]
        for k in range(done + 1, len(rows)):
            if rows[k][column]:
                by = rows[k][column] / rows[done][column]
                rows[k] = [a - by * b if b else a for a, b in zip(rows[k], rows[done], strict=True)]
        done += 1
    return [row[len(large) :] for row in rows[:done]] if small else []


def exactly(e: Equations) -> int | None:
    """The fewest organisations that some combination of the figures, taken as exact, tells of; None: no few."""
    basis = np.array(left_over(e), dtype=np.float64)
    if not len(basis):
        return None
    size = np.array(e.size)[e.small]
    used = np.flatnonzero(np.abs(basis).max(axis=0) > 0)
    d, n = len(basis), len(used)
    basis = basis[:, used] / np.abs(basis).max()
    fewest = None
    for g in range(n):
        # a of the basis, z = which groups; the g-th coefficient is 1, the others at most 1000 where z is
        cost = np.concatenate([np.zeros(d), size[used].astype(np.float64)])
        link = np.hstack([basis.T, -1000.0 * np.eye(n)])
        other = np.hstack([-basis.T, -1000.0 * np.eye(n)])
        fixed = np.concatenate([basis[:, g], np.zeros(n)])[None, :]
        found = milp(
            cost, integrality=np.concatenate([np.zeros(d), np.ones(n)]),
            bounds=Bounds(np.r_[np.full(d, -np.inf), np.zeros(n)], np.r_[np.full(d, np.inf), np.ones(n)]),
            constraints=[LinearConstraint(np.vstack([link, other]), -np.inf, 0.0), LinearConstraint(fixed, 1.0, 1.0)],
        )  # fmt: skip
        if found.x is not None:
            total = round(found.fun)
            fewest = total if fewest is None else min(fewest, total)
    return fewest


def unions(e: Equations, seed: int, more: int) -> list[NDArray[np.int64]]:
    """Unions of groups under ten to try: each, what is in one figure and not in another, pairs, and some at random."""
    size, inside = np.array(e.size), np.array(e.weight, dtype=np.float64) > 0.0
    found: set[tuple[int, ...]] = {(int(g),) for g in e.small}
    for a in inside:
        for b in inside:
            found.add(tuple(np.flatnonzero(a & ~b).tolist()))
    for pair in combinations(e.small.tolist(), 2):
        if (inside[:, pair[0]] == inside[:, pair[1]]).mean() > 0.7:
            found.add(pair)
    rng = np.random.default_rng(seed)
    for _ in range(more):
        order = rng.permutation(e.small)
        found.add(tuple(sorted(order[: int(np.searchsorted(np.cumsum(size[order]), LEAST))].tolist())))
    return [np.array(u, dtype=np.int64) for u in sorted(found) if u and size[list(u)].sum() < LEAST]


def narrowest(e: Equations, seed: int = 0, more: int = 20) -> tuple[float, int]:
    """The narrowest interval for the mean score of any union tried, in points, and of how many organisations it is."""
    a, b = np.vstack([e.sums, -e.sums]), np.concatenate([e.high, -e.low])
    best = (np.inf, 0)
    for union in unions(e, seed, more):
        cost = np.zeros(len(e.size))
        count = np.array(e.size)[union]
        cost[union] = count / count.sum()
        ends = [linprog(sign * cost, A_ub=a, b_ub=b, bounds=(0.0, 100.0), method="highs") for sign in (1.0, -1.0)]
        assert all(end.status == 0 for end in ends), "the attacker's equations have a solution: the truth"
        best = min(best, (-ends[1].fun - ends[0].fun, int(count.sum())))
    return best
