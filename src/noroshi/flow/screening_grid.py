"""A network made ready to be screened: grounded, ordered, factored, walked, its base flows solved."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from noroshi.flow.kernel import Bools, Floats, Ints
from noroshi.flow.lanes import LANES
from noroshi.flow.ldl import Factor, Halves, elimination_order, factored, halves, minimum_degree
from noroshi.flow.network import Network
from noroshi.flow.screening import MOST_OUT, Grid, Rated, Room, Tree, walked

__all__ = ["Ready", "neighbours", "ready", "room"]


class Ready(NamedTuple):
    """A network ready to be screened. a, b (m,): buses at the ends of the branches; rating (m,): MW, 0 for none.

    wide, narrow: the branches with a rating, with numbers of 64 and of 32 bits.
    """

    a: Ints
    b: Ints
    grid: Grid
    tree: Tree
    factor: Factor
    halves: Halves
    rating: Floats
    wide: Rated
    narrow: Rated


def ready(net: Network) -> Ready:
    """Return a network made ready. ValueError where its susceptances leave no answer.

    Each island is balanced by its generators in proportion to capacity; one without capacity has no supply. Of each
    island the bus with the most branches is grounded.
    """
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    n, m = len(net.injection), len(net.a)
    _, island = connected_components(coo_array((np.ones(m), (net.a, net.b)), shape=(n, n)), directed=False)
    count = int(island.max()) + 1
    degree = np.bincount(net.a, minlength=n) + np.bincount(net.b, minlength=n)
    by_degree = np.lexsort((np.arange(n), -degree))
    _, firsts = np.unique(island[by_degree], return_index=True)
    roots = by_degree[firsts]
    main = int(np.argmax(np.bincount(island)))
    injection = _balanced(net, island, count)
    row, factor = _factored(net, roots)
    if not np.isfinite(factor.inverse).all():
        msg = "the susceptances leave no answer: two branches in parallel cancel each other"
        raise ValueError(msg)
    start, to, branch = neighbours(n, net.a, net.b)
    tree = walked(n, start, to, branch, roots[np.argsort(np.arange(count) != main, kind="stable")], m)
    in_main = island == main
    grounded = np.where(row < len(factor.d), row, -1)
    made = halves(factor, grounded[net.a], grounded[net.b])
    angle = _solved(factor, row, injection - _drawn(net))
    unit = _solved(factor, row, np.where(in_main, net.capacity, 0.0))
    grid = Grid(
        net.susceptance, net.susceptance * (angle[net.a] - angle[net.b]) - net.shifted,
        net.susceptance * (unit[net.a] - unit[net.b]), injection, net.capacity, net.demand, row,
        island.astype(np.int64), main, float(net.capacity[in_main].sum()), float(net.demand[in_main].sum()),
    )  # fmt: skip
    wide, narrow = (_rated(net, grid, kind) for kind in (np.float64, np.float32))
    return Ready(net.a, net.b, grid, tree, factor, made, net.rating, wide, narrow)


def _rated(net: Network, g: Grid, kind: type[np.floating[Any]]) -> Rated:
    """Return the branches with a rating, with numbers of a type."""
    branch = np.flatnonzero(net.rating > 0)
    near = np.minimum(g.row[net.a[branch]], g.row[net.b[branch]])
    branch = branch[np.argsort(near, kind="stable")]  # what is read together lies together
    place = np.full(len(net.rating), -1)
    place[branch] = np.arange(len(branch))
    rating = net.rating[branch]
    values = (np.ascontiguousarray(part[branch] / rating, kind) for part in (g.susceptance, g.flow, g.share))
    return Rated(branch, place, g.row[net.a[branch]], g.row[net.b[branch]], *values)


def room(one: Ready, kind: type[np.floating[Any]] = np.float64) -> Room:
    """Return what one worker needs to work in."""
    rows = len(one.factor.d)
    return Room(
        np.zeros((rows + 1) * LANES, kind), np.zeros(LANES, kind), np.zeros(LANES, kind),
        one.factor.value.astype(kind), one.factor.inverse.astype(kind),
        np.zeros(rows, np.bool_), np.zeros(LANES * MOST_OUT, np.int64), np.zeros((MOST_OUT + 1, 3)),
        np.zeros((MOST_OUT, MOST_OUT + 1)), np.zeros(MOST_OUT),
    )  # fmt: skip


def _balanced(net: Network, island: NDArray[Any], count: int) -> Floats:
    """Return the injections, balanced by island; 0 throughout an island without capacity."""
    left = np.bincount(island, net.injection, count)
    capacity = np.bincount(island, net.capacity, count)
    per = np.divide(left, capacity, out=np.zeros(count), where=capacity > 0)
    alive: Bools = (capacity > 0)[island]
    return np.where(alive, net.injection - per[island] * net.capacity, 0.0)


def _drawn(net: Network) -> Floats:
    """Return what phase shifters put out of balance at each bus, as the angles must make good for it."""
    n = len(net.injection)
    return np.asarray(np.bincount(net.b, net.shifted, n) - np.bincount(net.a, net.shifted, n), np.float64)


def _factored(net: Network, roots: NDArray[Any]) -> tuple[Ints, Factor]:
    """Return each bus's row in the order of least fill, grounded ones after the last, and the factor."""
    n = len(net.injection)
    keep = np.ones(n, np.bool_)
    keep[roots] = False
    place = np.full(n, -1)
    place[keep] = np.arange(keep.sum())
    a, b = place[net.a], place[net.b]
    inside = (a >= 0) & (b >= 0)
    order = minimum_degree(int(keep.sum()), a[inside], b[inside])
    row = np.full(n, keep.sum())
    row[keep] = order[place[keep]]
    matrix = _matrix(net, row, int(keep.sum()))
    after = elimination_order(matrix.shape[0], matrix.indptr.astype(np.int64), matrix.indices.astype(np.int64))
    row[keep] = after[row[keep]]
    matrix = _matrix(net, row, int(keep.sum()))
    factor = factored(matrix.shape[0], matrix.indptr.astype(np.int64), matrix.indices.astype(np.int64), matrix.data)
    return row.astype(np.int64), factor


def _matrix(net: Network, row: NDArray[Any], rows: int) -> Any:  # noqa: ANN401  scipy ships no types
    """Return the susceptance matrix of the rows that are not grounded, by columns."""
    from scipy.sparse import coo_array

    a, b, s = row[net.a], row[net.b], net.susceptance
    ends, others = np.concatenate([a, b, a, b]), np.concatenate([a, b, b, a])
    matrix = coo_array((np.concatenate([s, s, -s, -s]), (ends, others)), shape=(rows + 1, rows + 1)).tocsc()
    matrix = matrix[:rows, :rows]
    matrix.sort_indices()
    return matrix


def neighbours(n: int, a: Ints, b: Ints) -> tuple[Ints, Ints, Ints]:
    """Return for each bus its neighbours and by which branch: start (n + 1,), to, branch."""
    ends, others = np.concatenate([a, b]), np.concatenate([b, a])
    order = np.argsort(ends, kind="stable")
    start = np.zeros(n + 1, np.int64)
    np.cumsum(np.bincount(ends, minlength=n), out=start[1:])
    branch = np.concatenate([np.arange(len(a)), np.arange(len(a))])
    return start, others[order], branch[order]


def _solved(factor: Factor, row: Ints, power: Floats) -> Floats:
    """Return the angle at each bus for MW at each."""
    from scipy.sparse import csc_array, eye_array
    from scipy.sparse.linalg import spsolve_triangular

    rows = len(factor.d)
    right = np.bincount(row, power, rows + 1)[:rows]
    low = csc_array((factor.value, factor.row, factor.start), shape=(rows, rows)) + eye_array(rows)
    half = spsolve_triangular(low.tocsr(), right, lower=True, unit_diagonal=True)
    whole = spsolve_triangular(low.T.tocsr(), half * factor.inverse, lower=False, unit_diagonal=True)
    return np.append(whole, 0.0)[row]
