"""One outage at a time, whatever it cuts: what `screening` leaves open, and every loading of those that are looked at.

Parts are found by union-find over what is left and balanced each by its own generators; the compensation may then have
many answers (what circulates through removed branches alone), of which any gives the same flows elsewhere.
"""

from __future__ import annotations

import numpy as np

from noroshi.flow.dcflow import islands
from noroshi.flow.kernel import Floats, Ints, Tables, Whole, inner, kernel
from noroshi.flow.ldl import Factor
from noroshi.flow.screening import MOST_OUT, PLAIN, SPLIT, TINY, Grid

__all__ = ["flows_after", "screen_exact"]


@inner
def _angles(f: Factor, g: Grid, power: Floats) -> Floats:
    """Return the angle at each bus for MW at each; grounded buses are at 0."""
    rows = f.d.size
    x = np.zeros(rows + 1)
    for bus in range(power.size):
        if g.row[bus] < rows:
            x[g.row[bus]] += power[bus]
    for j in range(rows):
        for p in range(f.start[j], f.start[j + 1]):
            x[f.row[p]] -= f.value[p] * x[j]
    for j in range(rows - 1, -1, -1):
        total = x[j] * f.inverse[j]
        for p in range(f.start[j], f.start[j + 1]):
            total -= f.value[p] * x[f.row[p]]
        x[j] = total
    angle = np.empty(power.size)
    for bus in range(power.size):
        angle[bus] = x[g.row[bus]]
    return angle


@inner
def _any_solution(k: Tables, size: int, out: Floats) -> None:
    """Solve size equations that may depend on each other, by full pivots: what is left free is 0."""
    column = np.arange(size)
    rank = size
    for j in range(size):
        row = j
        at = j
        for i in range(j, size):
            for c in range(j, size):
                if abs(k[i, c]) > abs(k[row, at]):
                    row = i
                    at = c
        if abs(k[row, at]) < TINY:
            rank = j
            break
        for c in range(size + 1):
            k[j, c], k[row, c] = k[row, c], k[j, c]
        for i in range(size):
            k[i, j], k[i, at] = k[i, at], k[i, j]
        column[j], column[at] = column[at], column[j]
        for i in range(j + 1, size):
            share = k[i, j] / k[j, j]
            for c in range(j, size + 1):
                k[i, c] -= share * k[j, c]
    out[:] = 0.0
    for j in range(rank - 1, -1, -1):
        total = k[j, size]
        for c in range(j + 1, rank):
            total -= k[j, c] * out[column[c]]
        out[column[j]] = total / k[j, j]


@kernel
def flows_after(g: Grid, f: Factor, a: Ints, b: Ints, outage: Ints, out_flow: Floats) -> tuple[int, float]:
    """Write the flow in MW of every branch after an outage, 0 for its own; answers the parts, and MW of demand cut off.

    a, b (m,): the branches' buses. What is cut off is the demand of all parts but, in each island, that with the most.
    """
    n = g.injection.size
    m = a.size
    left = np.ones(m, np.bool_)
    left[outage] = False
    label = np.empty(n, np.int64)
    parts = islands(n, a, b, left, np.ones(n, np.bool_), label)
    sums = np.zeros((parts, 3))
    for bus in range(n):
        sums[label[bus], 0] += g.injection[bus]
        sums[label[bus], 1] += g.capacity[bus]
        sums[label[bus], 2] += g.demand[bus]
    more = np.zeros(n)
    for bus in range(n):
        part = label[bus]
        more[bus] = -g.injection[bus]
        if sums[part, 1] > TINY:
            more[bus] = -sums[part, 0] / sums[part, 1] * g.capacity[bus]
    angle = _angles(f, g, more)
    for k in range(m):
        out_flow[k] = g.flow[k] + g.susceptance[k] * (angle[a[k]] - angle[b[k]])
    size = outage.size
    matrix = np.empty((size, size + 1))
    moved = np.empty((size, n))
    for j in range(size):
        pair = np.zeros(n)
        pair[a[outage[j]]] += 1.0
        pair[b[outage[j]]] -= 1.0
        moved[j] = _angles(f, g, pair)
    for i in range(size):
        branch = outage[i]
        for j in range(size):
            both = g.susceptance[branch] * (moved[j, a[branch]] - moved[j, b[branch]])
            matrix[i, j] = (1.0 if i == j else 0.0) - both
        matrix[i, size] = out_flow[branch]
    amount = np.zeros(max(size, MOST_OUT))
    _any_solution(matrix, size, amount)
    for k in range(m):
        for j in range(size):
            out_flow[k] += amount[j] * g.susceptance[k] * (moved[j, a[k]] - moved[j, b[k]])
    for branch in outage:
        out_flow[branch] = 0.0
    most = np.zeros(n)
    total = 0.0
    for part in range(parts):
        total += sums[part, 2]
    for bus in range(n):
        most[g.island[bus]] = max(most[g.island[bus]], sums[label[bus], 2])
    return parts, total - most.sum()


@kernel
def screen_exact(
    g: Grid, f: Factor, a: Ints, b: Ints, rating: Floats, outages: Whole, chosen: Ints, whole: int,
    out_worst: Floats, out_became: Ints, out_cut: Floats,
) -> None:  # fmt: skip
    """Screen the chosen outages of (N, k) one at a time; whole: parts before any. Writes as `screen_lanes` does."""
    flow = np.empty(a.size)
    for at in chosen:
        parts, cut = flows_after(g, f, a, b, outages[at], flow)
        worst = 0.0
        for k in range(a.size):
            if rating[k] > 0:
                worst = max(worst, abs(flow[k]) / rating[k])
        out_worst[at] = worst
        out_cut[at] = cut
        out_became[at] = SPLIT if parts > whole else PLAIN
