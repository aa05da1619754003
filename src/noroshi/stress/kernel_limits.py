"""Kernels: what binds a dispatch (capacities, control, sudden losses, demand), and whom to blame for a shortfall."""

from __future__ import annotations

import numpy as np

from noroshi.flow.kernel import Bools, kernel
from noroshi.stress.draw import Draw
from noroshi.stress.model import NONE
from noroshi.stress.networks import TRANCHES
from noroshi.stress.outcome import DEMAND
from noroshi.stress.rules import CHANGE, SNAP, STEP, SUDDEN, TICK
from noroshi.stress.scene import (
    BLOCK,
    BRANCHES,
    BUSES,
    PLANTS,
    POWER_HELD,
    Plan,
    Scene,
)  # fmt: skip


@kernel
def bus_controlled(m: Plan, s: Scene, b: int) -> bool:
    """Say whether a bus and the system above it are under control."""
    control = s.control
    boss = m.power.bus_system[b]
    return control[m.units.start[BUSES] + b] and (boss == NONE or control[boss])


@kernel
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


@kernel
def limits(m: Plan, d: Draw, s: Scene, lost: Bools, quick: Bools) -> None:
    """Bounds of generators, links, tranches and corridors, from capacities, control and what was lost."""
    y = s.y
    forward = s.forward
    backward = s.backward
    g_bus = m.power.g_bus
    bound = s.bound
    dc = m.power.dc
    dc_forward = s.dc_forward
    dc_backward = s.dc_backward
    b_corridor = m.power.b_corridor
    start = m.units.start
    closed = s.closed
    s_c = s.c
    b_secure = m.power.b_secure
    b_secure_back = m.power.b_secure_back
    last_in = s.last_in
    label = s.label
    b_y = m.power.b_y
    control = s.control
    last_p = s.last_p
    last_f = s.last_f
    b_from = m.power.b_from
    b_to = m.power.b_to
    set_f = s.set_f
    g_max = m.power.g_max
    pending = s.pending
    set_p = s.set_p
    g_fast = m.power.g_fast
    b_sign = m.power.b_sign
    now = s.now
    w = m.power
    for g in range(w.g_bus.size):
        unit = start[PLANTS] + g
        b = g_bus[g]
        most = s_c[unit] * g_max[g] * d.capacity if label[b] != NONE else 0.0
        bound[g] = most
        if label[b] != NONE and last_p[g] > most + SUDDEN:
            lost[label[b]] = True
    for i in range(w.dc.size):
        k = dc[i]
        cap = s_c[start[BRANCHES] + k] if closed[k] else 0.0
        dc_forward[i] = cap * b_secure[k]
        dc_backward[i] = cap * b_secure_back[k]
        if last_f[i] > dc_forward[i] + SUDDEN or -last_f[i] > dc_backward[i] + SUDDEN:
            for b in (b_from[k], b_to[k]):
                if label[b] != NONE:
                    lost[label[b]] = True
        if not control[start[BRANCHES] + k] and set_f[i] < np.inf:
            dc_forward[i] = min(dc_forward[i], max(set_f[i], 0.0))
            dc_backward[i] = min(dc_backward[i], max(-set_f[i], 0.0))
    for k in range(w.b_from.size):
        if last_in[k] and not closed[k] and b_corridor[k] != NONE:
            for b in (b_from[k], b_to[k]):
                if label[b] != NONE:
                    lost[label[b]] = True
    for b in range(w.critical.size):
        if label[b] != NONE:
            quick[label[b]] = quick[label[b]] or lost[label[b]] or TICK + now[0] < pending[b] < np.inf
    for g in range(w.g_bus.size):
        b = g_bus[g]
        held = not (control[start[PLANTS] + g] and bus_controlled(m, s, b))
        if held or (label[b] != NONE and quick[label[b]]):
            bound[g] = min(bound[g], set_p[g] + g_fast[g])
    y[:] = 0.0
    forward[:] = np.inf
    backward[:] = np.inf
    for k in range(w.b_from.size):
        if closed[k] and b_corridor[k] != NONE:
            y[b_corridor[k]] += b_y[k]
    for k in range(w.b_from.size):
        unit = start[BRANCHES] + k
        j = b_corridor[k]
        if closed[k] and j != NONE and control[unit]:
            scale = s_c[unit] * abs(y[j] / b_y[k])
            there = b_secure[k] if b_sign[k] > 0 else b_secure_back[k]
            again = b_secure_back[k] if b_sign[k] > 0 else b_secure[k]
            forward[j] = min(forward[j], there * scale)
            backward[j] = min(backward[j], again * scale)


@kernel
def must_shed(m: Plan, d: Draw, s: Scene) -> None:
    """Demand by tranche (`high`), and what cannot be served: beyond a bus's own capacity, or already shed (`low`)."""
    demand = s.demand
    w_demand = m.power.demand
    high = s.high
    s_c = s.c
    low = s.low
    count = s.count
    critical = m.power.critical
    start = m.units.start
    ceiling = s.ceiling
    w = m.power
    count[POWER_HELD] = 0
    for b in range(w.critical.size):
        demand[b] = w_demand[b, count[BLOCK]] * d.demand
        left = 0.0
        for k in range(TRANCHES):
            last = k == TRANCHES - 1
            high[b, k] = critical[b] * demand[b] if last else (1.0 - critical[b]) * demand[b] / (TRANCHES - 1)
            left += high[b, k]
        left *= 1.0 - s_c[start[BUSES] + b]
        for k in range(TRANCHES):
            must = min(left, high[b, k])
            left -= must
            if ceiling[b, k] > must:
                count[POWER_HELD] = 1
            low[b, k] = min(max(must, ceiling[b, k]), high[b, k])


@kernel
def dark(m: Plan, s: Scene, d: Draw, count: int) -> int:
    """Return an island with neither a live generator nor a link that can hold it up; NONE if all have one."""
    label = s.label
    g_bus = m.power.g_bus
    closed = s.closed
    b_corridor = m.power.b_corridor
    b_start = m.power.b_start
    b_from = m.power.b_from
    b_to = m.power.b_to
    s_c = s.c
    g_max = m.power.g_max
    start = m.units.start
    w = m.power
    fed = np.zeros(count, np.bool_)
    for g in range(w.g_bus.size):
        i = label[g_bus[g]]
        if i != NONE and s_c[start[PLANTS] + g] * g_max[g] * d.capacity > STEP:
            fed[i] = True
    for k in range(w.b_from.size):
        if closed[k] and b_corridor[k] == NONE and b_start[k] == 1:
            fed[label[b_from[k]]] = True
            fed[label[b_to[k]]] = True
    for i in range(count):
        if not fed[i]:
            return i
    return NONE


@kernel
def snap(value: float, low: float, high: float) -> float:
    """Return the value inside its bounds, at a bound where it is nearly there."""
    if abs(value - low) < SNAP:
        value = low
    if abs(value - high) < SNAP:
        value = high
    return min(max(value, low), high)
