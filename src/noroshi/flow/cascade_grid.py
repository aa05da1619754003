"""A network made ready for cascades: buses in the order of elimination, the factor of all of it, room to work in."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from noroshi.flow.cascade_rules import Limits, Start, begun
from noroshi.flow.kernel import Bools, Floats, Ints, Tables, Whole
from noroshi.flow.ldl import Factor, elimination_order, factored, minimum_degree
from noroshi.flow.ldl_changes import solved_in_place
from noroshi.flow.network import Network
from noroshi.flow.screening_grid import neighbours

__all__ = ["COUNTS", "CascadeGrid", "Prepared", "Room", "prepared", "room"]

COUNTS = TRIPS, ROUNDS, COLLAPSES, ISLANDS, OVERLOADED, SOLVES, CHANGES, FACTORS = range(8)
"""What is counted in a cascade, by its place in `Room.counts`; of the changes and factors only benchmarks ask."""


class CascadeGrid(NamedTuple):
    """A network before any outage: n buses by their places in the factor, m branches, p priorities.

    a, b (m,): buses at the ends; susceptance, shifted (m,): as in Network; per_limit (m,): 1 / MW, 0 for no limit;
    shifters: branches with a shift; flow (m,), angle (n,): MW, radians. made, most, capacity (n,), demand (p, n): as in
    Start. parts, label (n,): islands. near (n + 1,), near_bus, near_branch: what each bus is joined to, by which.
    start, row, value: the matrix by columns, its grounds in it; at (m, 3): where in it a branch's two diagonals and the
    entry between them are, that in the upper triangle; diagonal (n,): where a bus's is; ground (n,): what a ground adds
    there; grounded (n,): buses that have one. work (n,): numbers that a change from there on touches; factoring: what
    making the factor anew costs, in the same measure.
    """

    a: Ints
    b: Ints
    susceptance: Floats
    shifted: Floats
    per_limit: Floats
    shifters: Ints
    flow: Floats
    angle: Floats
    made: Floats
    most: Floats
    capacity: Floats
    demand: Tables
    parts: int
    label: Ints
    near: Ints
    near_bus: Ints
    near_branch: Ints
    start: Ints
    row: Ints
    value: Floats
    at: Whole
    diagonal: Ints
    ground: Floats
    grounded: Bools
    factor: Factor
    work: Ints
    factoring: int


class Room(NamedTuple):
    """Where one worker works; n buses, m branches. After a cascade it holds what came of it.

    trip, trip_turn, trip_time, trip_loading, trip_flow (m,): in order; live (m,): not tripped and not dark; heat, flow,
    loading (m,); label, dark (n,): island, turn of its collapse, -1 for none; made (n,), demand (p, n): MW left;
    counts, by COUNTS; time (1,). The rest is of use on the way only.
    """

    trip: Ints
    trip_turn: Ints
    trip_time: Floats
    trip_loading: Floats
    live: Bools
    heat: Floats
    flow: Floats
    loading: Floats
    label: Ints
    dark: Ints
    alive: Bools
    made: Floats
    demand: Tables
    counts: Ints
    time: Floats
    value: Floats
    factor: Factor
    grounded: Bools
    held: Bools
    angle: Floats
    step: Floats
    trip_flow: Floats
    sums: Tables
    cut: Floats
    flag: Ints
    counted: Ints
    path: Ints
    seen: Ints
    stamp: Ints
    zeros: Floats


class Prepared(NamedTuple):
    """A network made ready. place (n,): where in the grid each bus of the network is; start: as the network has it."""

    grid: CascadeGrid
    place: Ints
    start: Start


def prepared(net: Network, limits: Limits | None = None) -> Prepared:
    """Return a network made ready for cascades. ValueError where its susceptances leave no answer.

    Each island is balanced by its generators in proportion to capacity, as in a screening; one without capacity has no
    supply and no demand.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n, m = len(net.injection), len(net.a)
    count, island = connected_components(coo_array((np.ones(m), (net.a, net.b)), shape=(n, n)), directed=False)
    capacity = np.bincount(island, net.capacity, count)
    per = np.divide(np.bincount(island, net.injection, count), capacity, out=np.zeros(count), where=capacity > 0)
    alive = (capacity > 0)[island]
    injection = np.where(alive, net.injection - per[island] * net.capacity, 0.0)
    place = minimum_degree(n, net.a, net.b)
    start, row, _ = _matrix(place[net.a], place[net.b], net.susceptance, np.zeros(n))
    place = elimination_order(n, start, row)[place]
    order = np.argsort(place)
    a, b, s = place[net.a], place[net.b], net.susceptance
    # Twice all that meets there: a bus on one negative reactance must not come to 0.
    meets = np.bincount(a, np.abs(s), n) + np.bincount(b, np.abs(s), n)
    ground = np.where(meets > 0, 2.0 * meets, 1.0).astype(np.float64)
    label = island[order]
    grounded = np.zeros(n, np.bool_)
    _, last = np.unique(label[::-1], return_index=True)
    grounded[n - 1 - last] = True  # of each island the bus last in order: a change there touches least
    start, row, value = _matrix(a, b, s, np.where(grounded, ground, 0.0))
    factor = factored(n, start, row, value)
    if not np.isfinite(factor.inverse).all():
        msg = "the susceptances leave no answer: two branches in parallel cancel each other"
        raise ValueError(msg)
    drawn = np.bincount(b, net.shifted, n) - np.bincount(a, net.shifted, n)
    angle = np.asarray(injection[order] - drawn, np.float64)
    solved_in_place(factor, angle)
    flow = s * (angle[a] - angle[b]) - net.shifted
    begin = begun(net, injection, alive, flow, limits or Limits())
    at = np.stack([_found(start, row, a, a), _found(start, row, b, b),
                   _found(start, row, np.minimum(a, b), np.maximum(a, b))], axis=1)  # fmt: skip
    sizes = np.diff(factor.start)
    grid = CascadeGrid(
        a, b, s, net.shifted, 1.0 / begin.limit, np.flatnonzero(net.shifted), flow, angle, begin.made[order],
        begin.most[order],
        begin.capacity[order], np.ascontiguousarray(begin.demand[:, order]), int(count), label.astype(np.int64),
        *neighbours(n, a, b), start, row, value, at,
        _found(start, row, np.arange(n), np.arange(n)), ground, grounded, factor, _above(factor.parent, sizes),
        int((sizes * (sizes + 6)).sum()),
    )  # fmt: skip
    return Prepared(grid, place, begin)


def room(grid: CascadeGrid) -> Room:
    """Return what one worker needs to work in: about 140 bytes for each bus and branch."""
    n, m = len(grid.made), len(grid.a)
    f = grid.factor
    own = Factor(f.start, f.row.copy(), f.value.copy(), f.d.copy(), f.inverse.copy(), f.parent)
    wholes = [np.zeros(n, np.int64) for _ in range(6)]
    return Room(
        np.zeros(m, np.int64), np.zeros(m, np.int64), np.zeros(m), np.zeros(m), np.ones(m, np.bool_), np.zeros(m),
        np.zeros(m), np.zeros(m), wholes[0], wholes[1], np.ones(n, np.bool_), np.zeros(n), np.zeros_like(grid.demand),
        np.zeros(len(COUNTS), np.int64), np.zeros(1), grid.value.copy(), own, grid.grounded.copy(),
        np.zeros(n, np.bool_), np.zeros(n), np.zeros(n), np.zeros(m), np.zeros((4, n)), np.zeros(n),
        wholes[2], wholes[3], wholes[4], wholes[5],
        np.zeros(1, np.int64), np.zeros(n),
    )  # fmt: skip


def _matrix(a: Ints, b: Ints, s: Floats, ground: Floats) -> tuple[Ints, Ints, Floats]:
    """Return the matrix of susceptances by columns, rows rising: start, row, value; every diagonal is there."""
    from scipy.sparse import coo_array

    n = len(ground)
    every = np.arange(n)
    ends, others = np.concatenate([a, b, a, b, every]), np.concatenate([a, b, b, a, every])
    matrix = coo_array((np.concatenate([s, s, -s, -s, ground]), (ends, others)), shape=(n, n)).tocsc()
    matrix.sort_indices()
    return matrix.indptr.astype(np.int64), matrix.indices.astype(np.int64), matrix.data


def _found(start: Ints, row: Ints, i: NDArray[Any], j: NDArray[Any]) -> Ints:
    """Return where in the matrix the entries (i, j) are."""
    n = len(start) - 1
    column = np.repeat(np.arange(n), np.diff(start))
    return np.searchsorted(column * n + row, np.asarray(j) * n + i)


def _above(parent: Ints, sizes: Ints) -> Ints:
    """Return for each row how many numbers a change from there on touches, rows counted as six."""
    total = np.zeros(len(parent), np.int64)
    for j in range(len(parent) - 1, -1, -1):
        total[j] = sizes[j] + 6 + (total[parent[j]] if parent[j] >= 0 else 0)
    return total
