"""Kernels: dispatch, shedding, collapse and cascade inside the event engine (docs/semantics.md, Power)."""

from __future__ import annotations

import numpy as np

from noroshi.flow.dcflow import islands
from noroshi.flow.kernel import Tables, bare, row_kept, row_taken
from noroshi.flow.seams import bare_seam
from noroshi.stress.draw import Draw
from noroshi.stress.kernel_limits import (
    bus_controlled,
    collapsed,
    dark,
    inputs_moved,
    limits,
    must_shed,
    overloaded,
    settled,
    snap,
)  # fmt: skip
from noroshi.stress.kernel_shares import die, fall, shares
from noroshi.stress.kernel_solutions import dispatched
from noroshi.stress.model import NONE
from noroshi.stress.networks import TRANCHES
from noroshi.stress.outcome import BLACKOUT, DEMAND, DOWN, SELF, TRIPPED
from noroshi.stress.rules import CHANGE, STEP
from noroshi.stress.scene import (
    BLOCK,
    BRANCHES,
    BUSES,
    DRAW,
    FAILED,
    PLAN,
    PLANTS,
    POWER_HELD,
    POWER_KNOWN,
    POWER_PLAIN,
    SCENE,
    SOLVES,
    Plan,
    Scene,
)  # fmt: skip


@bare
def culprit(m: Plan, s: Scene, part: int) -> int:
    """Return the unit of a connected network with the largest loss now, fallen in this instant if any; else DEMAND."""
    start = m.units.start
    b_rating = m.power.b_rating
    w_part = m.power.part
    g_max = m.power.g_max
    g_bus = m.power.g_bus
    control = s.control
    commander = m.units.commander
    alive = s.alive
    s_c = s.c
    fell = s.fell
    set_p = s.set_p
    b_from = m.power.b_from
    g_fast = m.power.g_fast
    b_to = m.power.b_to
    w = m.power
    best = CHANGE
    fallen = False
    who = DEMAND
    for b in range(w.critical.size):
        unit = start[BUSES] + b
        if w_part[b] == part and not alive[unit]:
            loss = 0.0
            for k in range(w.b_from.size):
                if b_from[k] == b or b_to[k] == b:
                    loss += b_rating[k]
            for g in range(w.g_bus.size):
                if g_bus[g] == b:
                    loss += g_max[g]
            if loss > CHANGE and (fell[unit] > fallen or (fell[unit] == fallen and loss > best)):
                best, fallen, who = loss, fell[unit], unit
    for k in range(w.b_from.size):
        unit = start[BRANCHES] + k
        loss = (1.0 - s_c[unit]) * b_rating[k]
        better = fell[unit] > fallen or (fell[unit] == fallen and loss > best)
        if w_part[b_from[k]] == part and loss > CHANGE and better:
            best, fallen, who = loss, fell[unit], unit
    for g in range(w.g_bus.size):
        if w_part[g_bus[g]] != part:
            continue
        unit = start[PLANTS] + g
        loss = (1.0 - s_c[unit]) * g_max[g]
        if loss > CHANGE and (fell[unit] > fallen or (fell[unit] == fallen and loss > best)):
            best, fallen, who = loss, fell[unit], unit
        bus = start[BUSES] + g_bus[g]
        if not (control[unit] and control[bus]) and s_c[unit] > 0.0 and set_p[g] < np.inf:
            named = bus if control[unit] else unit
            if commander[named] != NONE and not control[commander[named]]:
                named = commander[named]
            loss = max(g_max[g] - set_p[g] - g_fast[g], 0.0)
            if loss > CHANGE and (fell[named] > fallen or (fell[named] == fallen and loss > best)):
                best, fallen, who = loss, fell[named], named
    return who


@bare
def kill(m: Plan, s: Scene, island: int) -> None:
    """Black out an island: its buses and generators must be started again."""
    label = s.label
    part = m.power.part
    g_bus = m.power.g_bus
    start = m.units.start
    w = m.power
    f = shares(m, s)
    who = DEMAND
    for b in range(w.critical.size):
        if label[b] == island:
            who = culprit(m, s, part[b])
            break
    for b in range(w.critical.size):
        if label[b] == island:
            die(f, start[BUSES] + b, BLACKOUT, who)
    for g in range(w.g_bus.size):
        if label[g_bus[g]] == island:
            die(f, start[PLANTS] + g, DOWN, start[BUSES] + g_bus[g])


@bare
def trip(m: Plan, s: Scene, k: int) -> None:
    """Open an overloaded circuit until its control is back; blame who lost control."""
    unit = m.units.start[BRANCHES] + k
    boss = m.units.commander[unit]
    who = boss if boss != NONE and s.own_control[unit] else unit
    s.opened[k] = who
    die(shares(m, s), unit, TRIPPED, SELF if who == unit else who)


@bare
def solve_once(m: Plan, d: Draw, s: Scene) -> bool:
    """Solve the live islands once; False if one went dark or collapsed or a circuit tripped: it must be done again."""
    start = m.units.start
    closed = s.closed
    b_from = m.power.b_from
    b_to = m.power.b_to
    p = s.p
    s_f = s.f
    sudden = s.sudden
    lost = s.lost
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
    bus_system = m.power.bus_system
    w = m.power
    buses = start[BUSES]
    live = s.alive[buses : buses + w.critical.size]
    for k in range(w.b_from.size):
        closed[k] = s_c[start[BRANCHES] + k] > STEP and live[b_from[k]] and live[b_to[k]]
    corridor_in = s.corridor_in
    corridor_in[:] = False
    for k in range(w.b_from.size):
        if closed[k] and b_corridor[k] != NONE:
            corridor_in[b_corridor[k]] = True
    count = islands(w.critical.size, w.c_from, w.c_to, corridor_in, live, s.label)
    island = dark(m, s, d, count)
    if island != NONE:
        kill(m, s, island)
        return False
    limits(m, d, s)
    must_shed(m, d, s)
    if dispatched(m, s, count) != 0:
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
    island = collapsed(m, s, count)
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
        free_g[g] = control[start[PLANTS] + g] and bus_controlled(control, bus_system, start[BUSES], g_bus[g])
    return True


@bare
def nominal(s: Scene) -> bool:
    """Say whether nothing in the network is impaired, out of control or waiting for redispatch."""
    key = s.key
    flags = s.key_flags
    buses = s.label.size
    fine = True
    for i in range(key.size):
        fine = fine and key[i] == 1.0 and flags[i] == (i >= buses)
    return fine


@bare
def recall(d: Draw, s: Scene) -> bool:
    """Take the nominal solution of this level and block, if it is known."""
    at = 6 * d.level + s.count[BLOCK]
    if not s.memo.power[at]:
        return False
    row_taken(s.memo.power_answer, at, s.power_out)
    row_taken(s.memo.demand, at, s.demand)
    row_taken(s.memo.label, at, s.label)
    raised(s.ceiling, s.shed)
    s.closed[:] = True
    s.free_b[:] = True
    s.free_g[:] = True
    s.sudden[:] = False
    s.count[POWER_HELD] = 0
    s.count[SOLVES] += 1
    return True


@bare
def raised(ceiling: Tables, shed: Tables) -> None:
    """Let nothing be served again in this pass that is shed now."""
    for b in range(shed.shape[0]):
        for k in range(shed.shape[1]):
            ceiling[b, k] = max(ceiling[b, k], shed[b, k])


@bare
def nothing(shed: Tables) -> bool:
    """Say whether nothing is shed."""
    none = True
    for b in range(shed.shape[0]):
        for k in range(shed.shape[1]):
            none &= shed[b, k] == 0.0
    return none


@bare
def remember(d: Draw, s: Scene) -> None:
    """Keep the nominal solution of this level and block."""
    at = 6 * d.level + s.count[BLOCK]
    s.memo.power[at] = True
    s.memo.served[at] = nothing(s.shed)
    row_kept(s.power_out, s.memo.power_answer, at)
    row_kept(s.demand, s.memo.demand, at)
    row_kept(s.label, s.memo.label, at)


@bare_seam("boolean", PLAN, DRAW, SCENE)
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
    f = shares(m, s)
    parts = s.blamed
    parts[:] = SELF
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
            moved = fall(f, u, total, crit, parts[part[b]], NONE) or moved
    return moved
