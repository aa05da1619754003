"""Kernels: dispatch, shedding, collapse and cascade inside the event engine (docs/semantics.md, Power)."""

from __future__ import annotations

import numpy as np

from noroshi.flow.dcflow import factor, islands
from noroshi.flow.dispatch import Grid, Units, dispatch
from noroshi.flow.kernel import Bools, kernel
from noroshi.stress.draw import Draw
from noroshi.stress.kernel_limits import bus_controlled, culprit, dark, limits, must_shed, snap
from noroshi.stress.kernel_units import die, fall
from noroshi.stress.model import NONE
from noroshi.stress.networks import TRANCHES
from noroshi.stress.outcome import BLACKOUT, DEMAND, DOWN, SELF, TRIPPED
from noroshi.stress.rules import OVER, SNAP, STEP, TICK
from noroshi.stress.scene import (
    BLOCK,
    BRANCHES,
    BUSES,
    FAILED,
    PLANTS,
    POWER_HELD,
    POWER_KNOWN,
    POWER_PLAIN,
    SOLVES,
    Plan,
    Scene,
)  # fmt: skip


@kernel
def inputs_moved(m: Plan, s: Scene) -> bool:
    """Compare the inputs of power with those of the last solution, and keep them."""
    count = s.count
    s_c = s.c
    key = s.key
    key_flags = s.key_flags
    control = s.control
    pending = s.pending
    start = m.units.start
    now = s.now
    g_bus = m.power.g_bus
    w = m.power
    buses, branches, plants = w.critical.size, w.b_from.size, w.g_bus.size
    moved = count[POWER_KNOWN] != count[BLOCK] + 1
    for b in range(buses):
        value = s_c[start[BUSES] + b]
        flag = TICK + now[0] < pending[b] < np.inf
        moved = moved or value != key[b] or flag != key_flags[b]
        key[b] = value
        key_flags[b] = flag
    for k in range(branches):
        value = s_c[start[BRANCHES] + k]
        flag = control[start[BRANCHES] + k]
        moved = moved or value != key[buses + k] or flag != key_flags[buses + k]
        key[buses + k] = value
        key_flags[buses + k] = flag
    for g in range(plants):
        value = s_c[start[PLANTS] + g]
        flag = control[start[PLANTS] + g] and bus_controlled(m, s, g_bus[g])
        at = buses + branches + g
        moved = moved or value != key[at] or flag != key_flags[at]
        key[at] = value
        key_flags[at] = flag
    count[POWER_KNOWN] = count[BLOCK] + 1
    return moved


@kernel
def kill(m: Plan, s: Scene, island: int) -> None:
    """Black out an island: its buses and generators must be started again."""
    label = s.label
    part = m.power.part
    g_bus = m.power.g_bus
    start = m.units.start
    w = m.power
    who = DEMAND
    for b in range(w.critical.size):
        if label[b] == island:
            who = culprit(m, s, part[b])
            break
    for b in range(w.critical.size):
        if label[b] == island:
            die(m, s, start[BUSES] + b, BLACKOUT, who)
    for g in range(w.g_bus.size):
        if label[g_bus[g]] == island:
            die(m, s, start[PLANTS] + g, DOWN, start[BUSES] + g_bus[g])


@kernel
def trip(m: Plan, s: Scene, k: int) -> None:
    """Open an overloaded circuit until its control is back; blame who lost control."""
    unit = m.units.start[BRANCHES] + k
    boss = m.units.commander[unit]
    who = boss if boss != NONE and s.own_control[unit] else unit
    s.opened[k] = who
    die(m, s, unit, TRIPPED, SELF if who == unit else who)


@kernel
def collapsed(m: Plan, s: Scene, quick: Bools) -> int:
    """Return the first island in which relays would have to shed more than they can; NONE if none."""
    label = s.label
    ufls = m.power.ufls
    demand = s.demand
    s_c = s.c
    high = s.high
    shed = s.shed
    start = m.units.start
    set_shed = s.set_shed
    w = m.power
    relief = np.zeros(quick.size)
    most = np.zeros(quick.size)
    for b in range(w.critical.size):
        i = label[b]
        if i == NONE:
            continue
        most[i] += ufls[b] * demand[b]
        left = (1.0 - s_c[start[BUSES] + b]) * demand[b]
        for k in range(TRANCHES):
            must = min(left, high[b, k])
            left -= must
            relief[i] += max(shed[b, k] - max(must, set_shed[b, k]), 0.0)
    for i in range(quick.size):
        if quick[i] and relief[i] > most[i] + SNAP:
            return i
    return NONE


@kernel
def overloaded(m: Plan, s: Scene) -> int:
    """Return the worst overloaded circuit that is not under control; NONE if none."""
    b_corridor = m.power.b_corridor
    start = m.units.start
    closed = s.closed
    control = s.control
    b_rating = m.power.b_rating
    s_c = s.c
    flow = s.flow
    b_y = m.power.b_y
    y = s.y
    w = m.power
    worst = NONE
    ratio = 1.0 + OVER
    for k in range(w.b_from.size):
        unit = start[BRANCHES] + k
        j = b_corridor[k]
        if closed[k] and j != NONE and not control[unit]:
            load = abs(flow[j]) * abs(b_y[k] / y[j]) / (b_rating[k] * s_c[unit])
            if load > ratio:
                worst = k
                ratio = load
    return worst


@kernel
def settled(value: float, low: float, high: float, ceiling: float) -> float:
    """Return `snap`, but not down to what was short before in this pass: a loop that settles slowly goes on."""
    return max(snap(value, -np.inf if 0.0 < ceiling == low else low, high), low)


@kernel
def solve_once(m: Plan, d: Draw, s: Scene) -> bool:
    """Solve the live islands once; False if one went dark or collapsed or a circuit tripped: it must be done again."""
    start = m.units.start
    closed = s.closed
    b_from = m.power.b_from
    b_to = m.power.b_to
    p = s.p
    s_f = s.f
    sudden = s.sudden
    free_b = s.free_b
    control = s.control
    free_g = s.free_g
    bound = s.bound
    shed = s.shed
    ceiling = s.ceiling
    dc_forward = s.dc_forward
    s_c = s.c
    b_corridor = m.power.b_corridor
    low = s.low
    high = s.high
    dc_backward = s.dc_backward
    label = s.label
    g_bus = m.power.g_bus
    w = m.power
    buses = start[BUSES]
    live = s.alive[buses : buses + w.critical.size]
    for k in range(w.b_from.size):
        closed[k] = s_c[start[BRANCHES] + k] > STEP and live[b_from[k]] and live[b_to[k]]
    corridor_in = np.zeros(w.c_from.size, np.bool_)
    for k in range(w.b_from.size):
        if closed[k] and b_corridor[k] != NONE:
            corridor_in[b_corridor[k]] = True
    count = islands(w.critical.size, w.c_from, w.c_to, corridor_in, live, s.label)
    island = dark(m, s, d, count)
    if island != NONE:
        kill(m, s, island)
        return False
    lost = np.zeros(count, np.bool_)
    quick = np.zeros(count, np.bool_)
    limits(m, d, s, lost, quick)
    must_shed(m, d, s)
    factor(s.label, w.c_from, w.c_to, s.y, corridor_in, m.first, m.start, s.factored, s.ground)
    units = Units(
        w.g_bus, s.bound, w.g_cost, s.low, s.high, w.weight, b_from[w.dc], b_to[w.dc], s.dc_forward, s.dc_backward,
        w.b_cost[w.dc],
    )  # fmt: skip
    grid = Grid(w.c_from, w.c_to, s.y, corridor_in, s.forward, s.backward, m.first, m.start, s.factored, s.ground)
    if dispatch(s.label, count, units, grid, s.p, s.shed, s.f, s.flow) != 0:
        s.count[FAILED] += 1
    s.count[SOLVES] += 1
    for g in range(s.p.size):
        p[g] = snap(p[g], 0.0, bound[g])
    for b in range(w.critical.size):
        for k in range(TRANCHES):
            shed[b, k] = settled(shed[b, k], low[b, k], high[b, k], ceiling[b, k])
            ceiling[b, k] = max(ceiling[b, k], shed[b, k])
    for i in range(w.dc.size):
        s_f[i] = snap(s_f[i], -dc_backward[i], dc_forward[i])
    island = collapsed(m, s, quick)
    if island != NONE:
        kill(m, s, island)
        return False
    circuit = overloaded(m, s)
    if circuit != NONE:
        trip(m, s, circuit)
        return False
    for b in range(w.critical.size):
        sudden[b] = label[b] != NONE and lost[label[b]]
    for k in range(w.b_from.size):
        free_b[k] = control[start[BRANCHES] + k]
    for g in range(w.g_bus.size):
        free_g[g] = control[start[PLANTS] + g] and bus_controlled(m, s, g_bus[g])
    return True


@kernel
def nominal(s: Scene) -> bool:
    """Say whether nothing in the network is impaired, out of control or waiting for redispatch."""
    key = s.key
    flags = s.key_flags
    buses = s.label.size
    fine = True
    for i in range(key.size):
        fine = fine and key[i] == 1.0 and flags[i] == (i >= buses)
    return fine


@kernel
def recall(d: Draw, s: Scene) -> bool:
    """Take the nominal solution of this level and block, if it is known."""
    at = 6 * d.level + s.count[BLOCK]
    if not s.memo.power[at]:
        return False
    s.p[:] = s.memo.p[at]
    s.shed.ravel()[:] = s.memo.shed[at]
    s.ceiling[:] = np.maximum(s.ceiling, s.shed)
    s.f[:] = s.memo.f[at]
    s.demand[:] = s.memo.demand[at]
    s.label[:] = s.memo.label[at]
    s.closed[:] = True
    s.free_b[:] = True
    s.free_g[:] = True
    s.sudden[:] = False
    s.count[POWER_HELD] = 0
    return True


@kernel
def remember(d: Draw, s: Scene) -> None:
    """Keep the nominal solution of this level and block."""
    at = 6 * d.level + s.count[BLOCK]
    s.memo.power[at] = True
    s.memo.p[at] = s.p
    s.memo.shed[at] = s.shed.ravel()
    s.memo.f[at] = s.f
    s.memo.demand[at] = s.demand
    s.memo.label[at] = s.label
    s.memo.served[at] = s.shed.max() == 0.0


@kernel
def solve_power(m: Plan, d: Draw, s: Scene) -> bool:
    """Solve power if an input changed since the last solution, lower the shares of buses; say whether anything fell."""
    count = s.count
    s_demand = s.demand
    start = m.units.start
    alive = s.alive
    shed = s.shed
    critical = m.power.critical
    v = s.v
    s_crit = s.crit
    part = m.power.part
    w = m.power
    if w.critical.size == 0:
        return False
    moved = False
    while inputs_moved(m, s):
        plain = nominal(s)
        count[POWER_PLAIN] = 1 if plain else 0
        if plain and recall(d, s):
            continue
        done = solve_once(m, d, s)
        if plain and done:
            remember(d, s)
        if not done:
            moved = True
            count[POWER_KNOWN] = 0
    parts = np.full(w.critical.size, SELF)
    for b in range(w.critical.size):
        u = start[BUSES] + b
        if not alive[u]:
            continue
        demand = s_demand[b]
        total = 0.0
        for k in range(TRANCHES):
            total += shed[b, k]
        total = max(0.0, 1.0 - total / demand) if demand > 0.0 else 1.0
        top = critical[b] * demand
        crit = max(0.0, 1.0 - shed[b, TRANCHES - 1] / top) if top > 0.0 else total
        if total < v[u] - STEP or crit < s_crit[u] - STEP:
            if parts[part[b]] == SELF:
                parts[part[b]] = culprit(m, s, part[b])
            moved = fall(m, s, u, total, crit, parts[part[b]], NONE) or moved
    return moved
