"""How far probabilities agree with published vendor attribution: figures with intervals, incidents resampled by group.

Reports on one group resemble each other, so the bootstrap draws groups, not incidents. Differences between two methods
are paired: both on the same draws.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["DRAWS", "Figure", "Row", "auroc", "drawn", "figure", "measure", "paired", "upper_bound"]

Floats = NDArray[np.float64]

DRAWS = 1000
FLOOR = 1e-12
TOP = (3.0, 10.0)


@dataclass(frozen=True, slots=True)
class Row:
    """One incident under one method: shares (H,) with the unknown last, the truth's place, the group to draw by."""

    shares: Floats
    chosen: int
    group: str

    @property
    def known(self) -> bool:
        """Say whether the published actor is among the groups."""
        return self.chosen < len(self.shares) - 1


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with its 95 % interval by bootstrap over groups."""

    value: float
    low: float
    high: float


def rank(row: Row) -> float:
    """Return the place of the truth among the groups, from 1; ties share the middle."""
    shares = row.shares[:-1]
    mine = shares[row.chosen]
    return 1.0 + float((shares > mine).sum()) + (float((shares == mine).sum()) - 1.0) / 2.0


def closed(row: Row) -> Floats:
    """Return the shares of the groups alone."""
    shares: Floats = row.shares[:-1] / max(float(row.shares[:-1].sum()), FLOOR)
    return shares


def brier(shares: Floats, chosen: int) -> float:
    """Return the Brier score of several classes: 0 best, 2 worst."""
    return float((shares * shares).sum() - 2.0 * shares[chosen] + 1.0)


def measure(row: Row) -> dict[str, float]:
    """Return what one incident adds to each figure; NaN where it does not count.

    top-k and "listed" figures are of incidents whose actor is known, among the groups alone; "open" ones of all, with
    the unknown as an alternative.
    """
    nothing = float("nan")
    known = row.known
    place = rank(row) if known else nothing
    alone = closed(row)
    return {
        "top1": float(place <= 1.0) if known else nothing,
        "top3": float(place <= TOP[0]) if known else nothing,
        "top10": float(place <= TOP[1]) if known else nothing,
        "brier_listed": brier(alone, row.chosen) if known else nothing,
        "loss_listed": -float(np.log(max(alone[row.chosen], FLOOR))) if known else nothing,
        "brier_known": brier(row.shares, row.chosen) if known else nothing,
        "brier_unknown": nothing if known else brier(row.shares, row.chosen),
        "brier_open": brier(row.shares, row.chosen),
        "loss_open": -float(np.log(max(row.shares[row.chosen], FLOOR))),
    }


def drawn(groups: Sequence[str], rng: np.random.Generator, draws: int = DRAWS) -> Floats:
    """Return how often each incident counts in each draw, (draws, incidents): groups are drawn with replacement."""
    names, of = np.unique(np.array(groups), return_inverse=True)
    times = rng.multinomial(len(names), np.full(len(names), 1.0 / len(names)), size=draws)
    counts: Floats = times[:, of].astype(np.float64)
    return counts


def figure(values: Floats, times: Floats) -> Figure:
    """Return the mean of `values` with its interval; NaN values do not count. All NaN where there are none."""
    counts = ~np.isnan(values)
    if not counts.any():
        return Figure(float("nan"), float("nan"), float("nan"))
    weight = times[:, counts]
    total = weight.sum(1)
    means = (weight @ values[counts])[total > 0] / total[total > 0]
    low, high = np.quantile(means, [0.025, 0.975]) if len(means) else (np.nan, np.nan)
    return Figure(float(values[counts].mean()), float(low), float(high))


def paired(
    ours: Sequence[Mapping[str, float]], theirs: Sequence[Mapping[str, float]], name: str, times: Floats
) -> Figure:
    """Return by how much `name` is lower for us than for them: above 0 is better for losses."""
    return figure(np.array([b[name] - a[name] for a, b in zip(ours, theirs, strict=True)]), times)


def auroc(said: Floats, came: NDArray[np.bool_], weight: Floats | None = None) -> float:
    """Return the chance that what came was said to be likelier than what did not; ties count half."""
    w = np.ones(len(said)) if weight is None else weight
    order = np.argsort(said, kind="stable")
    said, came, w = said[order], came[order], w[order]
    _, of = np.unique(said, return_inverse=True)
    yes, no = np.bincount(of, w * came), np.bincount(of, w * ~came)
    below = np.cumsum(no) - no
    total = yes.sum() * no.sum()
    return float((yes * (below + no / 2.0)).sum() / total) if total > 0 else float("nan")


def upper_bound(hits: int, count: int, level: float = 0.95) -> float:
    """Return the one-sided upper confidence bound of a share (Clopper and Pearson 1934); 1 where nothing was tried."""
    from scipy.stats import beta

    return 1.0 if hits >= count else float(beta.ppf(level, hits + 1, count - hits))
