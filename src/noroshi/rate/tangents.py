"""Chooses yes or no so that a sum of falling exponentials is least, under linear limits: tangents over HiGHS.

minimise f(x) = Σₖ wₖ·exp(−(Lx)ₖ) + p·x over x ∈ {0, 1}ⁿ with Ax ≤ b. Each exponential is replaced by yₖ that lies above
its tangents; the tangents are those at the solutions found so far (outer approximation: Duran and Grossmann,
Mathematical Programming 36, 1986). f is convex, so every such program bounds f from below, and every x it finds from
above; it ends when the two are close.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Choice", "Limits", "choose", "merged", "value"]

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
ROUNDS = 60
RELAXED_ROUNDS = 12
TOLERANCE = 0.5
"""Part of the gap by which a relaxed y may be below its exponential before a tangent is added."""
CLOSE = 1e-9
HALF = 0.5
INFEASIBLE = 2
"""The status of scipy.optimize.milp, as it documents it."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a choice must keep: rows (limits, n) and most (limits,), rows·x <= most."""

    rows: Floats
    most: Floats

    def kept(self, x: Bools) -> Bools:
        """Say which choices keep every limit: x (..., n) -> (...)."""
        return np.asarray((x @ self.rows.T <= self.most + CLOSE).all(axis=-1))


@dataclass(frozen=True, slots=True)
class Choice:
    """x (n,) with its value, and a value below which no x that keeps the limits can go; both in the units of w."""

    x: Bools
    value: float
    bound: float

    @property
    def gap(self) -> float:
        """Return how far the value may be above the best, as a part of it."""
        return max(0.0, self.value - self.bound) / self.value if self.value > 0.0 else 0.0


def value(weight: Floats, effect: Floats, x: NDArray[np.bool_] | Floats) -> Floats:
    """Return f(x): weight (k,), effect (k, n) >= 0, x (..., n) -> (...)."""
    return np.asarray(np.exp(-(x @ effect.T)) @ weight)


def merged(weight: Floats, effect: Floats) -> tuple[Floats, Floats]:
    """Return the same f with fewer terms: those of equal rows together, those of no weight left out."""
    some = weight > 0.0
    rows, place = np.unique(effect[some], axis=0, return_inverse=True)
    return np.asarray(np.bincount(place.ravel(), weight[some], len(rows)), dtype=np.float64), rows


def choose(
    weight: Floats, effect: Floats, limits: Limits, gap: float = 1e-3, price: Floats | None = None
) -> Choice | None:
    """Return the x of least f within the limits, to a relative `gap`; None if no x keeps them.

    weight (k,) >= 0, effect (k, n) >= 0, price (n,) >= 0 (default: nothing). RuntimeError if a program was not solved,
    which is a bug.
    """
    weight, effect = merged(weight, effect)
    cost = np.zeros(effect.shape[1]) if price is None else price
    program = _Program(weight, effect, limits, cost)
    for _ in range(RELAXED_ROUNDS):
        # without whole numbers the programs are quick, and their tangents lie near those that are needed
        found = program.solved(whole=False, part=0.0)
        if found is None:
            return None
        if not program.sharpened(found[0], found[1], TOLERANCE * gap):
            break
    best, least, bound = np.zeros(effect.shape[1], np.bool_), np.inf, 0.0
    for _ in range(ROUNDS):
        found = program.solved(whole=True, part=0.25 * gap)
        if found is None:
            return None
        x, bound = found[0] > HALF, max(bound, found[2])
        now = float(value(weight, effect, x) + cost @ x)
        if now < least:
            best, least = x, now
        if least - bound <= gap * least or not program.sharpened(x.astype(np.float64), found[1], 0.0):
            break
    return Choice(best, least, min(bound, least))


class _Program:
    """The program of x and y (k,) with the cuts found so far: a class, since cuts are added and none is taken away."""

    def __init__(self, weight: Floats, effect: Floats, limits: Limits, price: Floats) -> None:
        """Start with one cut a term: of what n measures leave, no more is gone than the sum of what each takes away.

        That is y >= 1 − Σ (1 − exp(−l))·x, true where x is 0 or 1 (Weierstrass), and closer than the tangent at 0.
        """
        from scipy.sparse import csr_array

        self.weight, self.effect, self.limits, self.price = weight, effect, limits, price
        self.terms, self.n = effect.shape
        self.sparse = csr_array(effect)
        self.rows: list[Any] = []
        self.least: list[Floats] = []
        self.add(csr_array(-np.expm1(-effect)), np.ones(self.terms), np.arange(self.terms))

    def add(self, slopes: Any, least: Floats, terms: Ints) -> None:  # noqa: ANN401  a sparse array of scipy's
        """Add cuts of some terms: y >= least − slopes·x."""
        from scipy.sparse import eye_array, hstack

        self.rows.append(hstack([slopes, eye_array(self.terms, format="csr")[terms]], format="csr"))
        self.least.append(least)

    def sharpened(self, x: Floats, y: Floats, tolerance: float) -> bool:
        """Add the tangents at x of those terms that lie more than a `tolerance` above y; say if there were any."""
        at = self.effect @ x
        high = np.exp(-at)
        below = np.flatnonzero(y < high * (1.0 - tolerance) - CLOSE)
        if len(below):
            self.add(self.sparse[below].multiply(high[below, None]).tocsr(), (high * (1.0 + at))[below], below)
        return len(below) > 0

    def solved(self, *, whole: bool, part: float) -> tuple[Floats, Floats, float] | None:
        """Return x, y and a bound on what any x can reach, to a part of it; None if no x keeps the limits."""
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import vstack

        zeros = np.zeros((len(self.limits.most), self.terms))
        found = milp(
            np.concatenate([self.price, self.weight]),
            integrality=np.concatenate([np.full(self.n, float(whole)), np.zeros(self.terms)]),
            bounds=Bounds(0.0, 1.0),
            constraints=[
                LinearConstraint(np.hstack([self.limits.rows, zeros]), -np.inf, self.limits.most),
                LinearConstraint(vstack(self.rows, format="csr"), np.concatenate(self.least), np.inf),
            ],
            options={"mip_rel_gap": part},
        )
        if found.status == INFEASIBLE:
            return None
        if found.x is None:
            raise RuntimeError(f"a program of the plan was not solved: {found.message}")
        bound = found.fun if found.mip_dual_bound is None else found.mip_dual_bound
        return np.asarray(found.x[: self.n]), np.asarray(found.x[self.n :]), float(bound)
