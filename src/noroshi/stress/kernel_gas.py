"""Kernels: gas with its stores, and transport, inside the event engine (docs/semantics.md, Gas, transport, services)."""

from __future__ import annotations

import numpy as np

from noroshi.flow.gas import GasNet, gas_flow
from noroshi.flow.kernel import kernel
from noroshi.flow.transport import allocate
from noroshi.stress.draw import Draw
from noroshi.stress.kernel_power import snap
from noroshi.stress.kernel_units import fall, tell
from noroshi.stress.model import NONE
from noroshi.stress.outcome import DEMAND, SELF
from noroshi.stress.outcome import EMPTY as RAN_EMPTY
from noroshi.stress.rules import CHANGE, EMPTY, SNAP, STEP, TICK
from noroshi.stress.scene import (
    BLOCK, FAILED, GAS_KNOWN, LINKS, NODES, PIPES, SOURCES, STORES, TRIPS, Plan, Scene,
)  # fmt: skip


@kernel
def has_gas(m: Plan, s: Scene, t: int) -> bool:
    """Say whether a store has something left."""
    return s.level[t] > EMPTY * m.gas.t_size[t]


@kernel
def has_room(m: Plan, s: Scene, t: int) -> bool:
    """Say whether a store can take more."""
    return s.level[t] < (1.0 - EMPTY) * m.gas.t_size[t]


@kernel
def inputs_moved(m: Plan, s: Scene) -> bool:
    """Compare the inputs of gas with those of the last solution, and keep them."""
    first, last = m.units.start[NODES], m.units.start[LINKS]
    moved = s.count[GAS_KNOWN] != s.count[BLOCK] + 1
    for u in range(first, last):
        if s.c[u] != s.gas_key[u - first]:
            moved = True
            s.gas_key[u - first] = s.c[u]
    at = last - first
    for t in range(s.level.size):
        for flag in (1.0 if has_gas(m, s, t) else 0.0, 1.0 if has_room(m, s, t) else 0.0):
            if s.gas_key[at] != flag:
                moved = True
                s.gas_key[at] = flag
            at += 1
    s.count[GAS_KNOWN] = s.count[BLOCK] + 1
    return moved


@kernel
def solve_once(m: Plan, d: Draw, s: Scene) -> None:
    """Solve the gas network as it is now."""
    g = m.gas
    nodes, pipes, stores = g.critical.size, g.p_from.size, g.t_node.size
    low = np.empty((nodes, 2))
    high = np.empty((nodes, 2))
    node = s.c[m.units.start[NODES] : m.units.start[NODES + 1]]
    for n in range(nodes):
        s.gas_demand[n] = g.demand[n, s.count[BLOCK]] * d.demand
        high[n, 0] = (1.0 - g.critical[n]) * s.gas_demand[n]
        high[n, 1] = g.critical[n] * s.gas_demand[n]
        left = (1.0 - node[n]) * (high[n, 0] + high[n, 1])
        for k in range(2):
            must = min(left, high[n, k])
            left -= must
            low[n, k] = min(max(must, s.gas_ceiling[n, k]), high[n, k])
    forward = np.zeros(pipes)
    backward = np.zeros(pipes)
    for p in range(pipes):
        if node[g.p_from[p]] > STEP and node[g.p_to[p]] > STEP:
            forward[p] = s.c[m.units.start[PIPES] + p] * g.p_cap[p]
            backward[p] = s.c[m.units.start[PIPES] + p] * g.p_back[p]
    send = np.zeros(g.s_node.size)
    for q in range(send.size):
        if node[g.s_node[q]] > STEP:
            send[q] = s.c[m.units.start[SOURCES] + q] * g.s_cap[q]
    draw = np.zeros(stores)
    fill = np.zeros(stores)
    for t in range(stores):
        if node[g.t_node[t]] > STEP:
            c = s.c[m.units.start[STORES] + t]
            draw[t] = c * g.t_draw[t] if has_gas(m, s, t) else 0.0
            fill[t] = c * g.t_fill[t] if has_room(m, s, t) else 0.0
    net = GasNet(
        s.gas_demand, low, high, g.weight, g.p_from, g.p_to, forward, backward, g.p_cost, g.s_node, send, g.s_cost,
        g.t_node, draw, g.t_cost, fill, g.t_gain,
    )  # fmt: skip
    if gas_flow(net, s.unserved, s.q, s.draw, s.fill, s.gas_flow) != 0:
        s.count[FAILED] += 1
    for n in range(nodes):
        for k in range(2):
            s.unserved[n, k] = snap(s.unserved[n, k], low[n, k], high[n, k])
            s.gas_ceiling[n, k] = max(s.gas_ceiling[n, k], s.unserved[n, k])
    for t in range(stores):
        s.draw[t] = snap(s.draw[t], 0.0, np.inf)
        s.fill[t] = snap(s.fill[t], 0.0, np.inf)


@kernel
def better(s: Scene, unit: int, loss: float, who: int, best: float) -> bool:
    """Say whether `unit` is a likelier cause than `who`: fallen in this instant first, then the larger loss."""
    fallen = who != DEMAND and s.fell[who]
    return loss > CHANGE and (s.fell[unit] > fallen or (s.fell[unit] == fallen and loss > best))


@kernel
def culprit(m: Plan, s: Scene, part: int) -> int:
    """Return the gas unit of a connected network with the largest loss now, fallen in this instant if any; else DEMAND."""
    g = m.gas
    who = DEMAND
    best = CHANGE
    for n in range(g.critical.size):
        unit = m.units.start[NODES] + n
        if g.part[n] == part and not s.alive[unit]:
            loss = 0.0
            for q in range(g.s_node.size):
                loss += g.s_cap[q] if g.s_node[q] == n else 0.0
            for p in range(g.p_from.size):
                loss += g.p_cap[p] if g.p_from[p] == n or g.p_to[p] == n else 0.0
            if better(s, unit, loss, who, best):
                who, best = unit, loss
    for p in range(g.p_from.size):
        unit = m.units.start[PIPES] + p
        loss = (1.0 - s.c[unit]) * g.p_cap[p]
        if g.part[g.p_from[p]] == part and better(s, unit, loss, who, best):
            who, best = unit, loss
    for q in range(g.s_node.size):
        unit = m.units.start[SOURCES] + q
        loss = (1.0 - s.c[unit]) * g.s_cap[q]
        if g.part[g.s_node[q]] == part and better(s, unit, loss, who, best):
            who, best = unit, loss
    for t in range(g.t_node.size):
        unit = m.units.start[STORES] + t
        loss = (1.0 - s.c[unit]) * g.t_draw[t]
        if g.part[g.t_node[t]] == part and better(s, unit, loss, who, best):
            who, best = unit, loss
    return who


@kernel
def solve_gas(m: Plan, d: Draw, s: Scene) -> bool:
    """Solve gas if an input changed, lower the shares of its nodes; say whether anything fell."""
    g = m.gas
    if g.critical.size == 0:
        return False
    if inputs_moved(m, s):
        solve_once(m, d, s)
    moved = False
    blamed = np.full(g.critical.size, SELF)
    for n in range(g.critical.size):
        u = m.units.start[NODES] + n
        demand = s.gas_demand[n]
        total = 1.0 - (s.unserved[n, 0] + s.unserved[n, 1]) / demand if demand > 0.0 else 1.0
        top = g.critical[n] * demand
        crit = 1.0 - s.unserved[n, 1] / top if top > 0.0 else total
        if s.alive[u] and (total < s.v[u] - STEP or crit < s.crit[u] - STEP):
            if blamed[g.part[n]] == SELF:
                blamed[g.part[n]] = culprit(m, s, g.part[n])
            moved = fall(m, s, u, total, crit, blamed[g.part[n]], NONE) or moved
    return moved


@kernel
def solve_transport(m: Plan, s: Scene) -> bool:
    """Put trips on their routes and lower their shares; say whether anything fell."""
    t = m.transport
    if t.demand.size == 0:
        return False
    links, trips = m.units.start[LINKS], m.units.start[TRIPS]
    c = s.c[links : links + t.l_cap.size]
    allocate(c * t.l_cap, t.route, t.demand, t.order, s.served, s.load)
    moved = False
    for k in range(t.demand.size):
        u = trips + k
        if not s.alive[u] or s.served[k] >= s.v[u] - STEP:
            continue
        worst = NONE
        for i in range(t.route.primary_at[k], t.route.primary_at[k + 1]):
            link = t.route.primary_link[i]
            if worst == NONE or c[link] < c[worst]:
                worst = link
        if worst == NONE or c[worst] >= 1.0 - STEP:
            worst = NONE
            most = CHANGE
            for link in range(c.size):
                if (1.0 - c[link]) * t.l_cap[link] > most:
                    most = (1.0 - c[link]) * t.l_cap[link]
                    worst = link
        who = DEMAND if worst == NONE else links + worst
        moved = fall(m, s, u, s.served[k], s.served[k], who, NONE) or moved
    return moved


@kernel
def stores_due(m: Plan, s: Scene, best: float) -> float:
    """Return the sooner of `best` and the hour at which a store runs empty or full."""
    if s.count[GAS_KNOWN] == 0:
        return best
    for t in range(s.level.size):
        rate = s.fill[t] - s.draw[t]
        hour = np.inf
        if rate < -SNAP:
            hour = s.now[0] + s.level[t] / -rate
        elif rate > SNAP:
            hour = s.now[0] + (m.gas.t_size[t] - s.level[t]) / rate
        if s.now[0] + TICK < hour < best:
            best = hour
    return best


@kernel
def advance_stores(m: Plan, d: Draw, s: Scene, hours: float) -> None:
    """Let levels change for `hours`; a store that runs empty says so."""
    if s.count[GAS_KNOWN] == 0:
        return
    for t in range(s.level.size):
        before = s.level[t]
        s.level[t] = before + (s.fill[t] - s.draw[t]) * hours
        if not has_gas(m, s, t):
            s.level[t] = 0.0
            if before > EMPTY * m.gas.t_size[t]:
                who = culprit(m, s, m.gas.part[m.gas.t_node[t]])
                now = s.now[0]
                s.now[0] = now + hours
                tell(s, RAN_EMPTY, m.units.start[STORES] + t, who)
                s.now[0] = now
        elif not has_room(m, s, t):
            s.level[t] = m.gas.t_size[t]
