"""The specification of the cascade in plain Python and NumPy: dense solves, sets, one thing after the other.

It shares words and inputs with `cascade`, and no step: islands by search, angles by least squares island by island.
"""

from __future__ import annotations

import numpy as np

from noroshi.flow.cascade_rules import EVEN, OVER, TINY_MW, Cascade, Limits, Rules, Start, Trip, begun
from noroshi.flow.kernel import Bools, Floats, Ints, Tables
from noroshi.flow.network import Network

__all__ = ["reference_cascade"]


def reference_cascade(net: Network, limits: Limits, rules: Rules, outage: Ints) -> Cascade:
    """Return the cascade of a network from a set of branches out."""
    n, m = len(net.injection), len(net.a)
    start = before(net, limits)
    live, dark, heat = np.ones(m, np.bool_), np.full(n, -1), np.zeros(m)
    made, demand = start.made.copy(), start.demand.copy()
    trips = [Trip(int(k), 0.0, 0, 0.0) for k in np.unique(outage)]
    live[outage] = False
    time, turn, collapses, solves = 0.0, 0, 0, 0
    while True:
        for part in parts_of(net, live, dark < 0):
            if not balance(start, rules, part, made, demand, time / 60.0):
                dark[part] = turn
                collapses += 1
        live &= (dark[net.a] < 0) & (dark[net.b] < 0)
        flow = flows(net, live, dark < 0, made - demand.sum(axis=0))
        solves += 1
        loading = np.abs(flow) / start.limit
        over = np.flatnonzero(loading > 1.0 + OVER)
        wait = 0.0
        due = over
        if rules.relay and len(over):
            whole = rules.relay_s / (loading[over] ** rules.relay_power - 1.0)
            left = (1.0 - heat[over]) * whole
            wait = left.min()
            due = over[left <= wait + EVEN * max(wait, 1.0)]
            hotter = heat[over] + wait / whole
            heat = np.maximum(heat - wait / rules.cool_s, 0.0)
            heat[over] = hotter
        if not len(over) or (rules.relay and time + wait > rules.horizon_s):
            break
        time, turn = time + wait, turn + 1
        trips += [Trip(int(k), float(time), turn, float(loading[k])) for k in due]
        live[due] = False
    lost = start.demand - demand
    served = [part for part in parts_of(net, live, dark < 0) if demand[:, part].sum() > TINY_MW]
    return Cascade(
        trips, lost.sum(axis=0), lost.sum(axis=1), float(lost.sum()), len(served), dark, collapses, flow, len(over),
        turn, solves,
    )  # fmt: skip


def before(net: Network, limits: Limits) -> Start:
    """Return the network before the attack: each island balanced by its generators, in proportion to capacity."""
    n, m = len(net.injection), len(net.a)
    every, injection, alive = np.ones(n, np.bool_), np.zeros(n), np.zeros(n, np.bool_)
    for part in parts_of(net, np.ones(m, np.bool_), every):
        capacity = net.capacity[part].sum()
        if capacity > 0:
            alive[part] = True
            injection[part] = net.injection[part] - net.injection[part].sum() / capacity * net.capacity[part]
    return begun(net, injection, alive, flows(net, np.ones(m, np.bool_), every, injection), limits)


def parts_of(net: Network, live: Bools, alive: Bools) -> list[Ints]:
    """Return the buses of each island of live buses, joined by live branches."""
    near: list[list[int]] = [[] for _ in alive]
    for k in np.flatnonzero(live):
        near[net.a[k]].append(int(net.b[k]))
        near[net.b[k]].append(int(net.a[k]))
    met, parts = ~alive, []
    for first in np.flatnonzero(alive).tolist():
        if met[first]:
            continue
        met[first] = True
        part = [first]
        for bus in part:  # grows as it is gone through
            for other in near[bus]:
                if not met[other]:
                    met[other] = True
                    part.append(other)
        parts.append(np.array(sorted(part), np.int64))
    return parts


def balance(start: Start, rules: Rules, part: Ints, made: Floats, demand: Tables, minutes: float) -> bool:
    """Put an island in balance, in place; False where its frequency is lost, and everything in it with it."""
    need, have = demand[:, part].sum(), made[part].sum()
    most = np.minimum(
        start.most[part], start.made[part] + (rules.reserve + rules.ramp * minutes) * start.capacity[part]
    )
    spare = np.maximum(most - made[part], 0.0)
    if need < have - TINY_MW:
        made[part] *= need / have
    if need <= have + TINY_MW:
        return True
    rest = need - have - spare.sum()
    if rest <= TINY_MW:
        made[part] += spare * min((need - have) / spare.sum(), 1.0)
        return True
    armed = start.demand[:, part].sum()
    if armed - need + rest > rules.follow * armed:
        made[part], demand[:, part] = 0.0, 0.0
        return False
    made[part] += spare
    for level in demand:
        here = level[part].sum()
        level[part] *= 1.0 - min(rest, here) / here if here > 0 else 1.0
        rest -= min(rest, here)
    return True


def flows(net: Network, live: Bools, alive: Bools, injection: Floats) -> Floats:
    """Return MW in every branch, 0 where it is not live: island by island, the lowest bus at angle 0."""
    flow = np.zeros(len(net.a))
    for part in parts_of(net, live, alive):
        here = np.flatnonzero(live & np.isin(net.a, part))
        if not len(here):
            continue
        a, b, s = np.searchsorted(part, net.a[here]), np.searchsorted(part, net.b[here]), net.susceptance[here]
        matrix, right = np.zeros((len(part), len(part))), injection[part].copy()
        for i, j, sign in ((a, a, 1.0), (b, b, 1.0), (a, b, -1.0), (b, a, -1.0)):
            np.add.at(matrix, (i, j), sign * s)
        np.add.at(right, a, net.shifted[here])
        np.add.at(right, b, -net.shifted[here])
        angle = np.zeros(len(part))
        angle[1:] = np.linalg.solve(matrix[1:, 1:], right[1:])
        flow[here] = s * (angle[a] - angle[b]) - net.shifted[here]
    return flow
