"""Cascades on a grid: a set of branches is out, flows move, what is overloaded trips, islands part and are balanced.

Round by round, until nothing changes: islands by union-find, each in balance (`cascade_balance`), DC flow, relays. The
factor of the grid is changed in place as branches go, and made anew where that costs less or digits were lost. The
rules are in docs/cascade.md; `cascade_reference` is the same in plain Python.
"""

from __future__ import annotations

import numpy as np

from noroshi.flow.cascade_balance import balanced
from noroshi.flow.cascade_grid import (
    CHANGES,
    COLLAPSES,
    FACTORS,
    ISLANDS,
    OVERLOADED,
    ROUNDS,
    SOLVES,
    TRIPS,
    CascadeGrid,
    Prepared,
    Room,
)  # fmt: skip
from noroshi.flow.cascade_rules import EVEN, OVER, TINY_MW, Cascade, Rules, Trip
from noroshi.flow.dcflow import islands
from noroshi.flow.kernel import Floats, Ints, Whole, bare, bare_kernel, copied, kernel
from noroshi.flow.ldl import filled
from noroshi.flow.ldl_changes import changed, solved_in_place

__all__ = ["cascade", "cascade_many", "cascade_of"]

WORTH = 2.0
"""The factor is made anew where the changes would touch so many times the numbers that making it touches (measured)."""
FEW = 16
"""So many trips are looked at one by one before the islands are found anew."""


@bare
def _begin(g: CascadeGrid, outage: Ints, room: Room) -> None:
    """Put the grid back to what it was before any outage, and take the outage's branches out."""
    copied(g.factor.value, room.factor.value)
    copied(g.factor.d, room.factor.d)
    copied(g.factor.inverse, room.factor.inverse)
    copied(g.value, room.value)
    copied(g.made, room.made)
    for bus in range(g.made.size):
        room.alive[bus] = True
        room.dark[bus] = -1
        room.grounded[bus] = g.grounded[bus]
        room.label[bus] = g.label[bus]
        room.angle[bus] = g.angle[bus]
        for level in range(g.demand.shape[0]):
            room.demand[level, bus] = g.demand[level, bus]
    for k in range(g.a.size):
        room.live[k] = True
        room.heat[k] = 0.0
        room.flow[k] = g.flow[k]
        room.loading[k] = 0.0
    for k in range(room.counts.size):
        room.counts[k] = 0
    room.time[0] = 0.0
    for i in range(outage.size):
        if room.live[outage[i]]:
            _trip(room, outage[i], 0)


@bare
def _trip(room: Room, k: int, turn: int) -> None:
    """Put a branch out and write it down."""
    at = room.counts[TRIPS]
    room.trip[at] = k
    room.trip_turn[at] = turn
    room.trip_time[at] = room.time[0]
    room.trip_loading[at] = room.loading[k]
    room.trip_flow[at] = room.flow[k]
    room.counts[TRIPS] = at + 1
    room.live[k] = False
    room.flow[k] = 0.0
    room.loading[k] = 0.0
    room.heat[k] = 0.0


@bare
def _joined(g: CascadeGrid, room: Room, one: int, other: int) -> bool:
    """Say whether two buses are still joined, by a search from both that ends when they meet or one side is all."""
    room.stamp[0] += 2
    here = room.stamp[0]
    n = room.label.size
    room.seen[one] = here
    room.seen[other] = here + 1
    room.path[0] = one  # one side's queue grows from the front, the other's from the back
    room.path[n - 1] = other
    head, tail = 0, 1
    back_head, back_tail = n - 1, n - 2
    while head < tail and back_head > back_tail:
        bus = room.path[head]
        head += 1
        for p in range(g.near[bus], g.near[bus + 1]):
            to = g.near_bus[p]
            if room.live[g.near_branch[p]] and room.seen[to] != here:
                if room.seen[to] == here + 1:
                    return True
                room.seen[to] = here
                room.path[tail] = to
                tail += 1
        bus = room.path[back_head]
        back_head -= 1
        for p in range(g.near[bus], g.near[bus + 1]):
            to = g.near_bus[p]
            if room.live[g.near_branch[p]] and room.seen[to] != here + 1:
                if room.seen[to] == here:
                    return True
                room.seen[to] = here + 1
                room.path[back_tail] = to
                back_tail -= 1
    return False


@bare
def _parted(g: CascadeGrid, room: Room, first: int) -> bool:
    """Say whether the trips from place `first` on have parted an island, or are so many that one had better look."""
    if room.counts[TRIPS] - first > FEW:
        return True
    at = first
    while at < room.counts[TRIPS] and _joined(g, room, g.a[room.trip[at]], g.b[room.trip[at]]):
        at += 1
    return at < room.counts[TRIPS]


@bare
def _grounds(g: CascadeGrid, room: Room, parts: int) -> bool:
    """Ground one bus of each island that has none, so that the matrix stays sound; says whether the factor did."""
    n = room.label.size
    for part in range(parts):
        room.held[part] = False
    for bus in range(n):
        if room.grounded[bus] and room.label[bus] >= 0:
            room.held[room.label[bus]] = True
    sound = True
    for bus in range(n - 1, -1, -1):  # the last in order: a change there touches least
        part = room.label[bus]
        if part >= 0 and not room.held[part]:
            room.held[part] = True
            room.grounded[bus] = True
            room.value[g.diagonal[bus]] += g.ground[bus]
            sound = changed(room.factor, bus, -1, g.ground[bus], room.zeros) and sound
            room.counts[CHANGES] += 1
    return sound


@bare
def _refactored(  # a kernel takes no arguments by keyword alone
    g: CascadeGrid,
    room: Room,
    first: int,
    sound: bool,  # noqa: FBT001
) -> None:
    """Make the factor that of the grid without the branches tripped from place `first` on; sound: it still is one."""
    last = room.counts[TRIPS]
    cost = 0
    for at in range(first, last):
        k = room.trip[at]
        s = g.susceptance[k]
        room.value[g.at[k, 0]] -= s
        room.value[g.at[k, 1]] -= s
        room.value[g.at[k, 2]] += s
        cost += g.work[min(g.a[k], g.b[k])]
    sound = sound and cost < WORTH * g.factoring
    at = first
    while sound and at < last:
        k = room.trip[at]
        sound = changed(room.factor, g.a[k], g.b[k], -g.susceptance[k], room.zeros)
        room.counts[CHANGES] += 1
        at += 1
    if not sound:
        filled(room.factor, g.start, g.row, room.value, room.flag, room.counted, room.path, room.zeros)
        room.counts[FACTORS] += 1


@bare
def _angles(g: CascadeGrid, room: Room) -> None:
    """Solve the angle of every bus from what it gives and takes."""
    x = room.angle
    for bus in range(x.size):
        total = room.made[bus]
        for level in range(g.demand.shape[0]):
            total -= room.demand[level, bus]
        x[bus] = total
    for i in range(g.shifters.size):
        k = g.shifters[i]
        if room.live[k]:
            x[g.a[k]] += g.shifted[k]
            x[g.b[k]] -= g.shifted[k]
    solved_in_place(room.factor, x)


@bare
def _angles_moved(g: CascadeGrid, room: Room, first: int) -> None:
    """Move the angles as the trips from place `first` on do, whose flows must find other ways: half a solve."""
    x = room.step
    for bus in range(x.size):
        x[bus] = 0.0
    for at in range(first, room.counts[TRIPS]):
        k = room.trip[at]
        x[g.a[k]] += room.trip_flow[at]
        x[g.b[k]] -= room.trip_flow[at]
    solved_in_place(room.factor, x)
    for bus in range(x.size):
        room.angle[bus] += x[bus]


@bare
def _flows(g: CascadeGrid, room: Room) -> None:
    """Write the flow and loading of every live branch."""
    x = room.angle
    for k in range(g.a.size):
        if room.live[k]:
            flow = g.susceptance[k] * (x[g.a[k]] - x[g.b[k]]) - g.shifted[k]
            room.flow[k] = flow
            room.loading[k] = abs(flow) * g.per_limit[k]


@bare
def _tripped(g: CascadeGrid, rules: Rules, room: Room, turn: int) -> bool:
    """Trip what is due next; False where nothing is, or not before people have relieved it."""
    over = 0
    wait = np.inf
    for k in range(g.a.size):
        if room.loading[k] > 1.0 + OVER:
            over += 1
            if rules.relay:
                whole = rules.relay_s / (room.loading[k] ** rules.relay_power - 1.0)
                wait = min(wait, (1.0 - room.heat[k]) * whole)
    room.counts[OVERLOADED] = over
    if over == 0 or (rules.relay and room.time[0] + wait > rules.horizon_s):
        return False
    if rules.relay:
        room.time[0] += wait
    for k in range(g.a.size):
        if room.loading[k] > 1.0 + OVER:
            if not rules.relay:
                _trip(room, k, turn)
                continue
            whole = rules.relay_s / (room.loading[k] ** rules.relay_power - 1.0)
            if (1.0 - room.heat[k]) * whole <= wait + EVEN * max(wait, 1.0):
                _trip(room, k, turn)
            else:
                room.heat[k] += wait / whole
        elif room.heat[k] > 0.0:
            room.heat[k] = max(room.heat[k] - wait / rules.cool_s, 0.0)
    return True


@bare
def _darkened(g: CascadeGrid, room: Room) -> None:
    """Let the branches of dark islands carry nothing."""
    for k in range(g.a.size):
        if room.live[k] and room.label[g.a[k]] < 0:
            room.live[k] = False
            room.flow[k] = 0.0
            room.loading[k] = 0.0
            room.heat[k] = 0.0


@bare
def _serving(g: CascadeGrid, room: Room) -> int:
    """Count the islands in which demand is still served."""
    n = room.label.size
    for part in range(n):
        room.cut[part] = 0.0
    for bus in range(n):
        if room.label[bus] >= 0:
            for level in range(g.demand.shape[0]):
                room.cut[room.label[bus]] += room.demand[level, bus]
    count = 0
    for part in range(n):
        if room.cut[part] > TINY_MW:
            count += 1
    return count


@bare_kernel
def cascade(g: CascadeGrid, rules: Rules, outage: Ints, room: Room) -> None:
    """Let one cascade run from a set of branches out; what came of it is then in the room."""
    _begin(g, outage, room)
    n = room.label.size
    before = g.parts
    first = 0
    turn = 0
    while True:
        sound = True
        whole = False
        parts = before
        if _parted(g, room, first):
            parts = islands(n, g.a, g.b, room.live, room.alive, room.label)
        if parts > before:
            sound = _grounds(g, room, parts)
            fallen = balanced(g, rules, room, parts, turn)
            if fallen > 0:
                _darkened(g, room)
                parts -= fallen
            before = parts
            whole = True
        _refactored(g, room, first, sound)
        if whole:
            _angles(g, room)
        else:
            _angles_moved(g, room, first)
        _flows(g, room)
        room.counts[SOLVES] += 1
        first = room.counts[TRIPS]
        if not _tripped(g, rules, room, turn + 1):
            break
        turn += 1
    room.counts[ROUNDS] = turn
    room.counts[ISLANDS] = _serving(g, room)


@kernel
def cascade_many(
    g: CascadeGrid, rules: Rules, outages: Whole, first: int, last: int, room: Room, out: Whole, out_mw: Floats
) -> None:  # fmt: skip
    """Let the cascades [first, last) of (N, k) run, one after the other in one room.

    Writes out (N, 8): what COUNTS counts; out_mw (N,): MW no longer served.
    """
    levels = g.demand.shape[0]
    for at in range(first, last):
        cascade(g, rules, outages[at], room)
        for k in range(room.counts.size):
            out[at, k] = room.counts[k]
        lost = 0.0
        for level in range(levels):
            for bus in range(g.made.size):
                lost += g.demand[level, bus] - room.demand[level, bus]
        out_mw[at] = lost


def cascade_of(made: Prepared, outage: Ints, rules: Rules, own: Room) -> Cascade:
    """Return one cascade from a set of branches out, told in the order of the network; own: a room to work in."""
    g = made.grid
    cascade(g, rules, outage, own)
    order = np.lexsort((own.trip[: own.counts[TRIPS]], own.trip_turn[: own.counts[TRIPS]]))
    trips = [
        Trip(int(own.trip[k]), float(own.trip_time[k]), int(own.trip_turn[k]), float(own.trip_loading[k]))
        for k in order
    ]
    lost = (g.demand - own.demand)[:, made.place]
    count = own.counts
    return Cascade(
        trips, lost.sum(axis=0), lost.sum(axis=1), float(lost.sum()), int(count[ISLANDS]), own.dark[made.place],
        int(count[COLLAPSES]), own.flow.copy(), int(count[OVERLOADED]), int(count[ROUNDS]), int(count[SOLVES]),
    )  # fmt: skip
