"""Screening of outages by DC flow: the worst loading after each, many at a time; cut-off parts balanced, not skipped.

A removed branch is left in the network, and what it carries is taken out at one end and put in at the other, so that
the rest sees it gone (O. Alsac, B. Stott, W. F. Tinney, "Sparsity-oriented compensation methods for modified network
solutions", IEEE PAS-102, 1983; Woodbury). How much needs products of sparse half solves alone, which are made once a
network; one back substitution then gives the angles of many outages side by side, and loadings are looked at as they
are made, never kept. Where bridges cut buses off, each part is balanced by its own generators in proportion to
capacity, and a part without any has no supply. Outages for which the compensation has no one answer (two branches or
more that together cut something off) are told apart; `screening_exact` answers them.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from noroshi.flow.kernel import Bools, Floats, Ints, Tables, Whole, inner, kernel
from noroshi.flow.lanes import LANES, column_gathered, column_scattered, worst_of
from noroshi.flow.ldl import Factor, Halves, halves_dot, marked_path

__all__ = [
    "MOST_OUT",
    "PLAIN",
    "SINGULAR",
    "SPLIT",
    "TINY",
    "Grid",
    "Rated",
    "Room",
    "Tree",
    "backward",
    "screen_lanes",
    "walked",
]

PLAIN, SPLIT, SINGULAR = 0, 1, 2
"""What became of an outage: all buses still joined; buses cut off by bridges; not answered here."""
TINY = 1e-7
"""A pivot of the compensation, or a capacity in MW, smaller than this is taken for 0."""
MOST_OUT = 8
"""Branches that may be out together."""


class Tree(NamedTuple):
    """A depth-first walk.

    order (n,): buses as met; at (n,): place of each in it; below (n,): how many buses hang under each, itself included;
    bridge (m,): bus at the lower end of a bridge, -1 for a branch that is none.
    """

    order: Ints
    at: Ints
    below: Ints
    bridge: Ints


class Grid(NamedTuple):
    """A network: m branches in service and n buses, by their places in the input.

    susceptance (m,): MW per radian; flow (m,): MW before any outage; share (m,): MW where every bus of the largest
    island puts in 1 MW per MW of its capacity, to the ground. injection, capacity, demand (n,): MW at each bus,
    injections balanced by island; row (n,): row of each bus in the factor's order, grounded ones after the last; island
    (n,); main: the largest island, with its capacity and demand in MW.
    """

    susceptance: Floats
    flow: Floats
    share: Floats
    injection: Floats
    capacity: Floats
    demand: Floats
    row: Ints
    island: Ints
    main: int
    main_capacity: float
    main_demand: float


class Rated(NamedTuple):
    """The branches with a rating, as the widest loop reads them.

    branch (r,): which; place (m,): where each is among them, -1 = nowhere; a, b (r,): rows of their ends; factor, flow,
    share (r,): the grid's susceptance, flow and share over the rating, of the type of the lanes.
    """

    branch: Ints
    place: Ints
    a: Ints
    b: Ints
    factor: Any
    flow: Any
    share: Any


class Room(NamedTuple):
    """Where one worker works.

    lanes ((rows + 1) x LANES, flat), best, share (LANES,), low, inverse: the factor's values, all of the type of the
    lanes; mark (rows,), skipped (LANES x MOST_OUT,), parts (MOST_OUT + 1, 3), matrix (MOST_OUT, MOST_OUT + 1), amount
    (MOST_OUT,).
    """

    lanes: Any
    best: Any
    share: Any
    low: Any
    inverse: Any
    mark: Bools
    skipped: Ints
    parts: Tables
    matrix: Tables
    amount: Floats


@kernel
def walked(n: int, start: Ints, to: Ints, branch: Ints, roots: Ints, m: int) -> Tree:
    """Walk depth first from each root and find the bridges (R. E. Tarjan, IPL 2, 1974); parallel branches are none.

    start (n + 1,), to, branch: for each bus its neighbours, and by which branch.
    """
    order = np.empty(n, np.int64)
    at = np.full(n, -1)
    below = np.ones(n, np.int64)
    low = np.zeros(n, np.int64)
    bridge = np.full(m, -1)
    by = np.full(n, -1)
    came = np.full(n, -1)
    turn = start[:-1].copy()
    stack = np.empty(n, np.int64)
    count = 0
    for root in roots:
        stack[0] = root
        height = 1
        order[count] = root
        at[root] = count
        low[root] = count
        count += 1
        while height > 0:
            bus = stack[height - 1]
            if turn[bus] < start[bus + 1]:
                p = turn[bus]
                turn[bus] += 1
                other = to[p]
                if branch[p] == by[bus]:
                    continue
                if at[other] >= 0:
                    low[bus] = min(low[bus], at[other])
                    continue
                by[other] = branch[p]
                came[other] = bus
                order[count] = other
                at[other] = count
                low[other] = count
                count += 1
                stack[height] = other
                height += 1
                continue
            height -= 1
            above = came[bus]
            if above >= 0:
                below[above] += below[bus]
                low[above] = min(low[above], low[bus])
                if low[bus] > at[above]:
                    bridge[by[bus]] = bus
    return Tree(order, at, below, bridge)


@inner
def _innermost(k: int, outage: Ints, tree: Tree) -> int:
    """Which of an outage's bridges has the k-th bus of the walk under it with the fewest others; -1 for none."""
    found = -1
    size = tree.order.size + 1
    for j in range(outage.size):
        low = tree.bridge[outage[j]]
        if low >= 0 and tree.at[low] <= k < tree.at[low] + tree.below[low] and tree.below[low] < size:
            found = j
            size = tree.below[low]
    return found


@inner
def _under_another(low: int, outage: Ints, tree: Tree) -> bool:
    """Whether a bridge's lower bus hangs under another bridge of the outage."""
    for branch in outage:
        other = tree.bridge[branch]
        if other >= 0 and other != low and tree.at[other] < tree.at[low] < tree.at[other] + tree.below[other]:
            return True
    return False


@inner
def _split(outage: Ints, g: Grid, tree: Tree, lane: int, room: Room, parent: Ints) -> tuple[int, float]:
    """Put into a lane what balances the parts that bridges cut off; answers what became of it, and MW of demand cut.

    Writes room.share[lane]: MW that the rest draws per MW of its capacity. Cut off is the demand of all parts but that
    with the most.
    """
    room.share[lane] = 0.0
    bridges = 0
    for branch in outage:
        low = tree.bridge[branch]
        if low >= 0:
            bridges += 1
            if g.island[low] != g.main:
                return SINGULAR, 0.0
    if bridges == 0:
        return PLAIN, 0.0
    parts = room.parts
    parts[:, :] = 0.0
    mw = 0.0
    capacity = g.main_capacity
    demand = g.main_demand
    for branch in outage:
        low = tree.bridge[branch]
        if low < 0 or _under_another(low, outage, tree):
            continue
        for k in range(tree.at[low], tree.at[low] + tree.below[low]):
            bus = tree.order[k]
            part = _innermost(k, outage, tree)
            parts[part, 0] += g.injection[bus]
            parts[part, 1] += g.capacity[bus]
            parts[part, 2] += g.demand[bus]
    most = 0.0
    for part in range(outage.size):
        mw -= parts[part, 0]
        capacity -= parts[part, 1]
        demand -= parts[part, 2]
        most = max(most, parts[part, 2])
    if capacity <= TINY:
        return SINGULAR, 0.0
    share = mw / capacity
    room.share[lane] = share
    for branch in outage:
        low = tree.bridge[branch]
        if low < 0 or _under_another(low, outage, tree):
            continue
        for k in range(tree.at[low], tree.at[low] + tree.below[low]):
            bus = tree.order[k]
            part = _innermost(k, outage, tree)
            own = g.injection[bus]
            if parts[part, 1] > TINY:
                own = parts[part, 0] / parts[part, 1] * g.capacity[bus]
            # The rest's share is drawn from the whole island elsewhere: here it is given back.
            room.lanes[g.row[bus] * LANES + lane] += share * g.capacity[bus] - own
            marked_path(g.row[bus], parent, room.mark)
    return SPLIT, g.main_demand - max(most, demand)


@inner
def _forward(f: Factor, room: Room) -> None:
    """Solve L y = x in every lane, where anything is."""
    for j in range(f.d.size):
        if room.mark[j]:
            column_scattered(room.lanes, j, room.low, f.row, f.start[j], f.start[j + 1])


@inner
def _compensated(
    outage: Ints, became: int, g: Grid, tree: Tree, f: Factor, h: Halves, lane: int, room: Room
) -> bool:  # fmt: skip
    """Add to a lane what makes the outage's branches that are no bridges carry nothing; False where nothing does.

    With A the flows that one MW in and out at the ends of each brings about, x solves (1 - A) x = flow.
    """
    count = 0
    k = room.matrix
    for one in outage:
        if tree.bridge[one] >= 0:
            continue
        flow = g.flow[one]
        if became == SPLIT:
            moved = 0.0
            for p in range(h.start[one], h.start[one + 1]):
                moved += h.value[p] * f.inverse[h.row[p]] * room.lanes[h.row[p] * LANES + lane]
            flow += g.susceptance[one] * moved - room.share[lane] * g.share[one]
        column = 0
        for other in outage:
            if tree.bridge[other] >= 0:
                continue
            if one == other:
                k[count, column] = 1.0 - g.susceptance[one] * h.own[one]
            else:
                k[count, column] = -g.susceptance[one] * halves_dot(h, f.inverse, one, other)
            column += 1
        k[count, MOST_OUT] = flow
        count += 1
    if not _solved(k, count, room.amount):
        return False
    at = 0
    for one in outage:
        if tree.bridge[one] >= 0:
            continue
        for p in range(h.start[one], h.start[one + 1]):
            room.lanes[h.row[p] * LANES + lane] += room.amount[at] * h.value[p]
        at += 1
    return True


@inner
def _solved(k: Tables, size: int, out: Floats) -> bool:
    """Solve size equations with the right side in column MOST_OUT, by partial pivots; False at a tiny one."""
    for j in range(size):
        best = j
        for i in range(j + 1, size):
            if abs(k[i, j]) > abs(k[best, j]):
                best = i
        if abs(k[best, j]) < TINY:
            return False
        for c in range(MOST_OUT + 1):
            k[j, c], k[best, c] = k[best, c], k[j, c]
        for i in range(j + 1, size):
            share = k[i, j] / k[j, j]
            for c in range(j, size):
                k[i, c] -= share * k[j, c]
            k[i, MOST_OUT] -= share * k[j, MOST_OUT]
    for j in range(size - 1, -1, -1):
        total = k[j, MOST_OUT]
        for c in range(j + 1, size):
            total -= k[j, c] * out[c]
        out[j] = total / k[j, j]
    return True


@inner
def backward(f: Factor, room: Room) -> None:
    """Solve D Lᵀ x = y in every lane."""
    for j in range(f.d.size - 1, -1, -1):
        column_gathered(room.lanes, j, room.inverse, room.low, f.row, f.start[j], f.start[j + 1])


@inner
def _worst(outages: Whole, first: int, size: int, rated: Rated, room: Room) -> None:
    """Find in every lane the worst loading, each outage's own branches left out."""
    count = 0
    for w in range(size):
        for branch in outages[first + w]:
            at = rated.place[branch]
            if at < 0:
                continue
            k = count
            while k > 0 and room.skipped[k - 1] > at:
                room.skipped[k] = room.skipped[k - 1]
                k -= 1
            room.skipped[k] = at
            count += 1
    for w in range(LANES):
        room.best[w] = 0.0
    begin = 0
    for k in range(count + 1):
        end = room.skipped[k] if k < count else rated.branch.size
        worst_of(room.best, room.lanes, rated.a, rated.b, rated.flow, rated.factor, room.share, rated.share, begin, end)
        if k < count and end >= begin:
            for w in range(size):
                out = False
                for branch in outages[first + w]:
                    out = out or branch == rated.branch[end]
                if not out:
                    moved = room.lanes[rated.a[end] * LANES + w] - room.lanes[rated.b[end] * LANES + w]
                    value = abs(rated.flow[end] + rated.factor[end] * moved - room.share[w] * rated.share[end])
                    room.best[w] = max(room.best[w], value)
        begin = max(begin, end + 1)


@kernel
def screen_lanes(
    g: Grid, tree: Tree, f: Factor, h: Halves, rated: Rated, outages: Whole, first: int, last: int, room: Room,
    out_worst: Floats, out_became: Ints, out_cut: Floats,
) -> None:  # fmt: skip
    """Screen the outages [first, last) of (N, k): the worst loading after each, over the rating, of what is left.

    Writes out_worst (N,), out_became (N,): PLAIN, SPLIT or SINGULAR, where the worst is not known, and out_cut (N,): MW
    of demand in all parts but that with the most.
    """
    for begin in range(first, last, LANES):
        size = min(LANES, last - begin)
        room.lanes[:] = 0.0
        room.mark[:] = False
        any_split = False
        for w in range(LANES):
            room.share[w] = 0.0
        for w in range(size):
            became, cut = _split(outages[begin + w], g, tree, w, room, f.parent)
            out_became[begin + w] = became
            out_cut[begin + w] = cut
            any_split = any_split or became == SPLIT
        if any_split:
            _forward(f, room)
        for w in range(size):
            became = out_became[begin + w]
            if became != SINGULAR and not _compensated(outages[begin + w], became, g, tree, f, h, w, room):
                out_became[begin + w] = SINGULAR
        backward(f, room)
        _worst(outages, begin, size, rated, room)
        for w in range(size):
            out_worst[begin + w] = room.best[w]
