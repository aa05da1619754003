"""Kernels: dispatch, shedding, collapse and cascade inside the event engine (docs/semantics.md, Power)."""

from __future__ import annotations

import numpy as np

from noroshi.flow.dcflow import factor, islands
from noroshi.flow.dispatch import Grid, Units, dispatch
from noroshi.flow.kernel import Bools, kernel
from noroshi.stress.draw import Draw
from noroshi.stress.kernel_units import die, fall
from noroshi.stress.model import NONE
from noroshi.stress.networks import TRANCHES
from noroshi.stress.outcome import BLACKOUT, DEMAND, DOWN, SELF, TRIPPED
from noroshi.stress.rules import CHANGE, OVER, SNAP, STEP, TICK
from noroshi.stress.scene import (
    BLOCK, BRANCHES, BUSES, FAILED, PLANTS, POWER_KNOWN, SOLVES, Plan, Scene,
)  # fmt: skip


@kernel
def bus_controlled(m: Plan, s: Scene, b: int) -> bool:
    """Say whether a bus and the system above it are under control."""
    boss = m.power.bus_system[b]
    return s.control[m.units.start[BUSES] + b] and (boss == NONE or s.control[boss])


@kernel
def inputs_moved(m: Plan, s: Scene) -> bool:
    """Compare the inputs of power with those of the last solution, and keep them."""
    w = m.power
    buses, branches, plants = w.critical.size, w.b_from.size, w.g_bus.size
    moved = s.count[POWER_KNOWN] != s.count[BLOCK] + 1
    for b in range(buses):
        value = s.c[m.units.start[BUSES] + b]
        flag = TICK + s.now[0] < s.pending[b] < np.inf
        moved = moved or value != s.key[b] or flag != s.key_flags[b]
        s.key[b] = value
        s.key_flags[b] = flag
    for k in range(branches):
        value = s.c[m.units.start[BRANCHES] + k]
        flag = s.control[m.units.start[BRANCHES] + k]
        moved = moved or value != s.key[buses + k] or flag != s.key_flags[buses + k]
        s.key[buses + k] = value
        s.key_flags[buses + k] = flag
    for g in range(plants):
        value = s.c[m.units.start[PLANTS] + g]
        flag = s.control[m.units.start[PLANTS] + g] and bus_controlled(m, s, w.g_bus[g])
        at = buses + branches + g
        moved = moved or value != s.key[at] or flag != s.key_flags[at]
        s.key[at] = value
        s.key_flags[at] = flag
    s.count[POWER_KNOWN] = s.count[BLOCK] + 1
    return moved


@kernel
def culprit(m: Plan, s: Scene, part: int) -> int:
    """Return the unit of a connected network with the largest loss now, fallen in this instant if any; else DEMAND."""
    w = m.power
    best = CHANGE
    fallen = False
    who = DEMAND
    for b in range(w.critical.size):
        unit = m.units.start[BUSES] + b
        if w.part[b] == part and not s.alive[unit]:
            loss = 0.0
            for k in range(w.b_from.size):
                if w.b_from[k] == b or w.b_to[k] == b:
                    loss += w.b_rating[k]
            for g in range(w.g_bus.size):
                if w.g_bus[g] == b:
                    loss += w.g_max[g]
            if loss > CHANGE and (s.fell[unit] > fallen or (s.fell[unit] == fallen and loss > best)):
                best, fallen, who = loss, s.fell[unit], unit
    for k in range(w.b_from.size):
        unit = m.units.start[BRANCHES] + k
        loss = (1.0 - s.c[unit]) * w.b_rating[k]
        better = s.fell[unit] > fallen or (s.fell[unit] == fallen and loss > best)
        if w.part[w.b_from[k]] == part and loss > CHANGE and better:
            best, fallen, who = loss, s.fell[unit], unit
    for g in range(w.g_bus.size):
        if w.part[w.g_bus[g]] != part:
            continue
        unit = m.units.start[PLANTS] + g
        loss = (1.0 - s.c[unit]) * w.g_max[g]
        if loss > CHANGE and (s.fell[unit] > fallen or (s.fell[unit] == fallen and loss > best)):
            best, fallen, who = loss, s.fell[unit], unit
        boss = w.bus_system[w.g_bus[g]]
        kept = s.control[unit] and (boss == NONE or s.control[boss])
        if not kept and s.c[unit] > 0.0 and s.set_p[g] < np.inf:
            own = m.units.commander[unit]
            if own != NONE and not s.control[own]:
                boss = own
            named = unit if boss == NONE else boss
            loss = max(w.g_max[g] - s.set_p[g] - w.g_fast[g], 0.0)
            if loss > CHANGE and (s.fell[named] > fallen or (s.fell[named] == fallen and loss > best)):
                best, fallen, who = loss, s.fell[named], named
    return who


@kernel
def kill(m: Plan, s: Scene, island: int) -> None:
    """Black out an island: its buses and generators must be started again."""
    w = m.power
    who = DEMAND
    for b in range(w.critical.size):
        if s.label[b] == island:
            who = culprit(m, s, w.part[b])
            break
    for b in range(w.critical.size):
        if s.label[b] == island:
            die(m, s, m.units.start[BUSES] + b, BLACKOUT, who)
    for g in range(w.g_bus.size):
        if s.label[w.g_bus[g]] == island:
            die(m, s, m.units.start[PLANTS] + g, DOWN, m.units.start[BUSES] + w.g_bus[g])


@kernel
def trip(m: Plan, s: Scene, k: int) -> None:
    """Open an overloaded circuit until its control is back; blame who lost control."""
    unit = m.units.start[BRANCHES] + k
    boss = m.units.commander[unit]
    who = boss if boss != NONE and s.own_control[unit] else unit
    s.opened[k] = who
    s.own[unit] = 0.0
    die(m, s, unit, TRIPPED, SELF if who == unit else who)


@kernel
def limits(m: Plan, d: Draw, s: Scene, count: int, lost: Bools, quick: Bools) -> None:
    """Bounds of generators, links, tranches and corridors, from capacities, control and what was lost."""
    w = m.power
    for g in range(w.g_bus.size):
        unit = m.units.start[PLANTS] + g
        b = w.g_bus[g]
        most = s.c[unit] * w.g_max[g] * d.capacity if s.label[b] != NONE else 0.0
        s.bound[g] = most
        if s.label[b] != NONE and s.last_p[g] > most + TICK:
            lost[s.label[b]] = True
    for i in range(w.dc.size):
        k = w.dc[i]
        cap = s.c[m.units.start[BRANCHES] + k] if s.closed[k] else 0.0
        s.dc_forward[i] = cap * w.b_secure[k]
        s.dc_backward[i] = cap * w.b_secure_back[k]
        if s.last_f[i] > s.dc_forward[i] + TICK or -s.last_f[i] > s.dc_backward[i] + TICK:
            for b in (w.b_from[k], w.b_to[k]):
                if s.label[b] != NONE:
                    lost[s.label[b]] = True
        if not s.control[m.units.start[BRANCHES] + k] and s.set_f[i] < np.inf:
            s.dc_forward[i] = min(s.dc_forward[i], max(s.set_f[i], 0.0))
            s.dc_backward[i] = min(s.dc_backward[i], max(-s.set_f[i], 0.0))
    for k in range(w.b_from.size):
        if s.last_in[k] and not s.closed[k] and w.b_corridor[k] != NONE:
            for b in (w.b_from[k], w.b_to[k]):
                if s.label[b] != NONE:
                    lost[s.label[b]] = True
    for b in range(w.critical.size):
        if s.label[b] != NONE:
            quick[s.label[b]] = quick[s.label[b]] or lost[s.label[b]] or TICK + s.now[0] < s.pending[b] < np.inf
    for g in range(w.g_bus.size):
        b = w.g_bus[g]
        held = not (s.control[m.units.start[PLANTS] + g] and bus_controlled(m, s, b))
        if held or (s.label[b] != NONE and quick[s.label[b]]):
            s.bound[g] = min(s.bound[g], s.set_p[g] + w.g_fast[g])
    s.y[:] = 0.0
    s.forward[:] = np.inf
    s.backward[:] = np.inf
    for k in range(w.b_from.size):
        if s.closed[k] and w.b_corridor[k] != NONE:
            s.y[w.b_corridor[k]] += w.b_y[k]
    for k in range(w.b_from.size):
        unit = m.units.start[BRANCHES] + k
        j = w.b_corridor[k]
        if s.closed[k] and j != NONE and s.control[unit]:
            scale = s.c[unit] * abs(s.y[j] / w.b_y[k])
            there = w.b_secure[k] if w.b_sign[k] > 0 else w.b_secure_back[k]
            again = w.b_secure_back[k] if w.b_sign[k] > 0 else w.b_secure[k]
            s.forward[j] = min(s.forward[j], there * scale)
            s.backward[j] = min(s.backward[j], again * scale)


@kernel
def must_shed(m: Plan, d: Draw, s: Scene) -> None:
    """Demand by tranche (`high`), and what cannot be served: beyond a bus's own capacity, or already shed (`low`)."""
    w = m.power
    for b in range(w.critical.size):
        s.demand[b] = w.demand[b, s.count[BLOCK]] * d.demand
        left = 0.0
        for k in range(TRANCHES):
            last = k == TRANCHES - 1
            s.high[b, k] = w.critical[b] * s.demand[b] if last else (1.0 - w.critical[b]) * s.demand[b] / (TRANCHES - 1)
            left += s.high[b, k]
        left *= 1.0 - s.c[m.units.start[BUSES] + b]
        for k in range(TRANCHES):
            must = min(left, s.high[b, k])
            left -= must
            s.low[b, k] = min(max(must, s.ceiling[b, k]), s.high[b, k])


@kernel
def dark(m: Plan, s: Scene, d: Draw, count: int) -> int:
    """Return an island with neither a live generator nor a link that can hold it up; NONE if all have one."""
    w = m.power
    fed = np.zeros(count, np.bool_)
    for g in range(w.g_bus.size):
        i = s.label[w.g_bus[g]]
        if i != NONE and s.c[m.units.start[PLANTS] + g] * w.g_max[g] * d.capacity > STEP:
            fed[i] = True
    for k in range(w.b_from.size):
        if s.closed[k] and w.b_corridor[k] == NONE and w.b_start[k] == 1:
            fed[s.label[w.b_from[k]]] = True
            fed[s.label[w.b_to[k]]] = True
    for i in range(count):
        if not fed[i]:
            return i
    return NONE


@kernel
def collapsed(m: Plan, s: Scene, quick: Bools) -> int:
    """Return the first island in which relays would have to shed more than they can; NONE if none."""
    w = m.power
    relief = np.zeros(quick.size)
    most = np.zeros(quick.size)
    for b in range(w.critical.size):
        i = s.label[b]
        if i == NONE:
            continue
        most[i] += w.ufls[b] * s.demand[b]
        left = (1.0 - s.c[m.units.start[BUSES] + b]) * s.demand[b]
        for k in range(TRANCHES):
            must = min(left, s.high[b, k])
            left -= must
            relief[i] += max(s.shed[b, k] - max(must, s.set_shed[b, k]), 0.0)
    for i in range(quick.size):
        if quick[i] and relief[i] > most[i] + SNAP:
            return i
    return NONE


@kernel
def overloaded(m: Plan, s: Scene) -> int:
    """Return the worst overloaded circuit that is not under control; NONE if none."""
    w = m.power
    worst = NONE
    ratio = 1.0 + OVER
    for k in range(w.b_from.size):
        unit = m.units.start[BRANCHES] + k
        j = w.b_corridor[k]
        if s.closed[k] and j != NONE and not s.control[unit]:
            load = abs(s.flow[j]) * abs(w.b_y[k] / s.y[j]) / (w.b_rating[k] * s.c[unit])
            if load > ratio:
                worst = k
                ratio = load
    return worst


@kernel
def snap(value: float, low: float, high: float) -> float:
    """Return the value inside its bounds, at a bound where it is nearly there."""
    if abs(value - low) < SNAP:
        value = low
    if abs(value - high) < SNAP:
        value = high
    return min(max(value, low), high)


@kernel
def solve_once(m: Plan, d: Draw, s: Scene) -> bool:
    """Solve the live islands once; False if one went dark or collapsed or a circuit tripped, so that it must be again."""
    w = m.power
    buses = m.units.start[BUSES]
    live = s.alive[buses : buses + w.critical.size]
    for k in range(w.b_from.size):
        s.closed[k] = s.c[m.units.start[BRANCHES] + k] > STEP and live[w.b_from[k]] and live[w.b_to[k]]
    corridor_in = np.zeros(w.c_from.size, np.bool_)
    for k in range(w.b_from.size):
        if s.closed[k] and w.b_corridor[k] != NONE:
            corridor_in[w.b_corridor[k]] = True
    count = islands(w.critical.size, w.c_from, w.c_to, corridor_in, live, s.label)
    island = dark(m, s, d, count)
    if island != NONE:
        kill(m, s, island)
        return False
    lost = np.zeros(count, np.bool_)
    quick = np.zeros(count, np.bool_)
    limits(m, d, s, count, lost, quick)
    must_shed(m, d, s)
    factor(s.label, w.c_from, w.c_to, s.y, corridor_in, m.first, m.start, s.factored, s.ground)
    units = Units(
        w.g_bus, s.bound, w.g_cost, s.low, s.high, w.weight, w.b_from[w.dc], w.b_to[w.dc], s.dc_forward, s.dc_backward,
        w.b_cost[w.dc],
    )  # fmt: skip
    grid = Grid(
        w.c_from, w.c_to, s.y, corridor_in, s.forward, s.backward, m.first, m.start, s.factored, s.ground
    )
    if dispatch(s.label, count, units, grid, s.p, s.shed, s.f, s.flow) != 0:
        s.count[FAILED] += 1
    s.count[SOLVES] += 1
    for g in range(s.p.size):
        s.p[g] = snap(s.p[g], 0.0, s.bound[g])
    for b in range(w.critical.size):
        for k in range(TRANCHES):
            s.shed[b, k] = snap(s.shed[b, k], s.low[b, k], s.high[b, k])
            s.ceiling[b, k] = max(s.ceiling[b, k], s.shed[b, k])
    for i in range(w.dc.size):
        s.f[i] = snap(s.f[i], -s.dc_backward[i], s.dc_forward[i])
    island = collapsed(m, s, quick)
    if island != NONE:
        kill(m, s, island)
        return False
    circuit = overloaded(m, s)
    if circuit != NONE:
        trip(m, s, circuit)
        return False
    for b in range(w.critical.size):
        s.sudden[b] = s.label[b] != NONE and lost[s.label[b]]
    for k in range(w.b_from.size):
        s.free_b[k] = s.control[m.units.start[BRANCHES] + k]
    for g in range(w.g_bus.size):
        s.free_g[g] = s.control[m.units.start[PLANTS] + g] and bus_controlled(m, s, w.g_bus[g])
    return True


@kernel
def solve_power(m: Plan, d: Draw, s: Scene) -> bool:
    """Solve power if an input changed since the last solution, lower the shares of buses; say whether anything fell."""
    w = m.power
    if w.critical.size == 0:
        return False
    moved = False
    while inputs_moved(m, s):
        if not solve_once(m, d, s):
            moved = True
            s.count[POWER_KNOWN] = 0
    parts = np.full(w.critical.size, SELF)
    for b in range(w.critical.size):
        u = m.units.start[BUSES] + b
        if not s.alive[u]:
            continue
        demand = s.demand[b]
        total = 0.0
        for k in range(TRANCHES):
            total += s.shed[b, k]
        total = 1.0 - total / demand if demand > 0.0 else 1.0
        top = w.critical[b] * demand
        crit = 1.0 - s.shed[b, TRANCHES - 1] / top if top > 0.0 else total
        if total < s.v[u] - STEP or crit < s.crit[u] - STEP:
            if parts[w.part[b]] == SELF:
                parts[w.part[b]] = culprit(m, s, w.part[b])
            moved = fall(m, s, u, total, crit, parts[w.part[b]], NONE) or moved
    return moved
