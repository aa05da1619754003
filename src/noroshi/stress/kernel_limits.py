"""Kernels: what a dispatch program is made of, and what its answer breaks (docs/semantics.md, Power)."""

from __future__ import annotations

import numpy as np

from noroshi.flow.kernel import Bools, Floats, Ints, bare
from noroshi.stress.draw import Draw
from noroshi.stress.model import NONE
from noroshi.stress.networks import TRANCHES
from noroshi.stress.rules import OVER, SNAP, STEP, SUDDEN, TICK
from noroshi.stress.scene import BLOCK, BRANCHES, BUSES, PLANTS, POWER_HELD, POWER_KNOWN, Plan, Scene


@bare
def bus_controlled(control: Bools, bus_system: Ints, buses: int, b: int) -> bool:
    """Say whether a bus and the system above it are under control; buses: the first bus's unit."""
    boss = bus_system[b]
    return control[buses + b] and (boss == NONE or control[boss])


@bare
def key_moved(
    c: Floats, control: Bools, pending: Floats, now: float, start: Ints, bus_system: Ints, g_bus: Ints, key: Floats,
    flags: Bools,
) -> bool:  # fmt: skip
    """Compare capacities, who waits for redispatch and who is under control with the key, and keep them."""
    first = start[BUSES]
    buses, plants = start[BRANCHES] - first, start[PLANTS] - first
    moved = False
    for k in range(key.size):
        moved |= c[first + k] != key[k]
        key[k] = c[first + k]
    for b in range(buses):
        flag = now + TICK < pending[b] < np.inf
        moved |= flag != flags[b]
        flags[b] = flag
    for k in range(buses, plants):
        moved |= control[first + k] != flags[k]
        flags[k] = control[first + k]
    for g in range(g_bus.size):
        flag = control[first + plants + g] and bus_controlled(control, bus_system, first, g_bus[g])
        moved |= flag != flags[plants + g]
        flags[plants + g] = flag
    return moved


@bare
def inputs_moved(m: Plan, s: Scene) -> bool:
    """Compare the inputs of power with those of the last solution, and keep them."""
    count = s.count
    moved = key_moved(
        s.c, s.control, s.pending, s.now[0], m.units.start, m.power.bus_system, m.power.g_bus, s.key, s.key_flags
    )
    moved = moved or count[POWER_KNOWN] != count[BLOCK] + 1
    count[POWER_KNOWN] = count[BLOCK] + 1
    return moved


@bare
def limits(m: Plan, d: Draw, s: Scene) -> None:
    """Bounds of generators, links, tranches and corridors, from capacities, control and what was lost."""
    lost = s.lost
    quick = s.quick
    lost[:] = False
    quick[:] = False
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
    bus_system = m.power.bus_system
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
        held = not (control[start[PLANTS] + g] and bus_controlled(control, bus_system, start[BUSES], b))
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


@bare
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


@bare
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
    fed = s.fed
    fed[:] = False
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


@bare
def collapsed(m: Plan, s: Scene, count: int) -> int:
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
    quick = s.quick
    relief = s.relief
    most = s.most
    relief[:] = 0.0
    most[:] = 0.0
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
    for i in range(count):
        if quick[i] and relief[i] > most[i] + SNAP:
            return i
    return NONE


@bare
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


@bare
def snap(value: float, low: float, high: float) -> float:
    """Return the value inside its bounds, at a bound where it is nearly there."""
    if abs(value - low) < SNAP:
        value = low
    if abs(value - high) < SNAP:
        value = high
    return min(max(value, low), high)


@bare
def settled(value: float, low: float, high: float, ceiling: float) -> float:
    """Return `snap`, but not down to what was short before in this pass: a loop that settles slowly goes on."""
    return max(snap(value, -np.inf if 0.0 < ceiling == low else low, high), low)
