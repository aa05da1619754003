"""Kernels: capacity, control, supply, falling and starting of units (docs/semantics.md, Capacity and steps 2-4)."""

from __future__ import annotations

import numpy as np

from noroshi.flow.kernel import kernel
from noroshi.stress.draw import Draw
from noroshi.stress.model import NONE, PROCESS
from noroshi.stress.outcome import DOWN, EXPIRED, SELF
from noroshi.stress.rules import CHANGE, DRAINING, OUT, RECOVERING, STEP, TICK, WHOLE
from noroshi.stress.scene import (
    BRANCHES,
    BUSES,
    CAPACITY,
    EVENTS,
    FELL,
    GAS_HELD,
    GAS_KNOWN,
    PLANTS,
    POWER_HELD,
    POWER_KNOWN,
    SYSTEMS,
    Plan,
    Scene,
)  # fmt: skip


@kernel
def tell(s: Scene, what: int, unit: int, cause: int) -> None:
    """Write an event, if there is a trace; what has no room is counted, so that the caller can give more."""
    count = s.count
    at = count[EVENTS]
    if at < count[CAPACITY]:
        s.hour[at] = s.now[0]
        s.what[at] = what
        s.who[at] = unit
        s.because[at] = cause
    count[EVENTS] = at + 1


@kernel
def supply(m: Plan, s: Scene, k: int) -> tuple[float, int]:
    """Return the supply of row k and the provider with the largest weighted shortfall."""
    r_first = m.rows.first
    provider = m.rows.provider
    logic = m.rows.logic
    weight = m.rows.weight
    r_k = m.rows.k
    r = m.rows
    first = r_first[k]
    last = r_first[k + 1]
    share = s.crit if r.critical[k] else s.v
    worst = provider[first]
    short = -1.0
    least = np.inf
    most = -np.inf
    total = 0.0
    for j in range(first, last):
        value = share[provider[j]]
        if weight[j] * (1.0 - value) > short:
            worst = provider[j]
            short = weight[j] * (1.0 - value)
        least = min(least, value)
        most = max(most, value)
        total += weight[j] * value
    if logic[k] == 0:
        return least, worst
    if logic[k] == 1:
        return most, worst
    if logic[k] == 2:
        for j in range(first, last):
            value = share[provider[j]]
            above = 0
            equal = 0
            for i in range(first, last):
                other = share[provider[i]]
                above += 1 if other > value else 0
                equal += 1 if other == value else 0
            if above < r_k[k] <= above + equal:
                return value, worst
        return least, worst
    return min(total, 1.0) if short > STEP else 1.0, worst


@kernel
def level(m: Plan, d: Draw, s: Scene, k: int) -> tuple[float, int]:
    """Return what row k leaves its dependant, and whom to blame."""
    row = s.row
    supplied, provider = supply(m, s, k)
    spent = row[k] == OUT or row[k] == RECOVERING or (row[k] == DRAINING and s.due[k] <= s.now[0] + TICK)
    if not (spent or d.autonomy[k] <= TICK):
        return 1.0, provider
    left = supplied + (1.0 - supplied) * d.degraded[k]
    if (row[k] == OUT or row[k] == RECOVERING) and m.rows.recovery[k] > TICK:
        left = min(left, s.held[k])
    return left, provider


@kernel
def capacity(m: Plan, d: Draw, s: Scene, u: int) -> tuple[float, int]:
    """Return what u could give, and who limits it."""
    own = s.own
    opened = s.opened
    start = m.rows.start
    best = own[u]
    who = SELF
    branch = u - m.units.start[BRANCHES]
    if 0 <= branch < s.opened.size and opened[branch] != NONE:
        best = 0.0
        who = opened[branch]
    boss = m.units.commander[u]
    if boss != NONE:
        left = own[boss] if m.units.family[boss] == PROCESS else s.c[boss]
        if left < best:
            best = left
            who = boss
    for k in range(start[u], start[u + 1]):
        left, provider = level(m, d, s, k)
        if left < best:
            best = left
            who = provider
    return best, who


@kernel
def has_control(m: Plan, d: Draw, s: Scene, u: int) -> bool:
    """Say whether u is under control."""
    start = m.rows.start
    boss = m.units.commander[u]
    if not s.own_control[u] or (boss != NONE and not s.control[boss]):
        return False
    if m.units.family[u] == PROCESS:
        for k in range(start[u], start[u + 1]):
            if level(m, d, s, k)[0] < 0.5:
                return False
    return True


@kernel
def touch(m: Plan, s: Scene, u: int) -> None:
    """Have every unit that looks at u looked at again."""
    back = m.rows.back
    dirty = s.dirty
    back_unit = m.rows.back_unit
    for i in range(back[u], back[u + 1]):
        dirty[back_unit[i]] = True


@kernel
def fall(m: Plan, s: Scene, u: int, value: float, crit: float, who: int, what: int) -> bool:
    """Lower the share of u; remember who did it the first time it is below what it was before this instant."""
    v = s.v
    s_crit = s.crit
    fell = s.fell
    moved = value < v[u] - STEP or crit < s_crit[u] - STEP
    if moved:
        v[u] = min(v[u], value)
        s_crit[u] = min(s_crit[u], crit)
        touch(m, s, u)
        if v[u] < s.prev[u] - CHANGE and not fell[u]:
            fell[u] = True
            s.order[s.count[FELL]] = u
            s.count[FELL] += 1
            s.called[u] = what
            s.cause[u] = who
    return moved


@kernel
def die(m: Plan, s: Scene, u: int, what: int, who: int) -> None:
    """Stop u: it must be started again."""
    alive = s.alive
    if alive[u]:
        fall(m, s, u, 0.0, 0.0, who, what)
        alive[u] = False
        s.c[u] = 0.0
        s.v[u] = 0.0
        s.crit[u] = 0.0
        touch(m, s, u)


@kernel
def candidates(m: Plan, s: Scene) -> None:
    """Step 2: whatever is alive, at full share; who may be worth less is marked.

    Where redispatch is due, or a solution was held down by an earlier one of its pass, it no longer holds.
    """
    count = s.count
    control = s.control
    dirty = s.dirty
    s_c = s.c
    v = s.v
    crit = s.crit
    pending = s.pending
    alive = s.alive
    row = s.row
    opened = s.opened
    now = s.now
    own = s.own
    own_control = s.own_control
    unit = m.rows.unit
    start = m.units.start
    for b in range(s.pending.size):
        if pending[b] <= now[0] + TICK:
            count[POWER_KNOWN] = 0
    if count[POWER_HELD]:
        count[POWER_KNOWN] = 0
    if count[GAS_HELD]:
        count[GAS_KNOWN] = 0
    n = s.alive.size
    for u in range(n):
        control[u] = True
        dirty[u] = own[u] < 1.0 or not own_control[u]
    for u in range(n):
        share = 1.0 if alive[u] else 0.0
        s_c[u] = share
        v[u] = share
        crit[u] = share
        if not alive[u]:
            touch(m, s, u)
    for k in range(s.row.size):
        if row[k] != WHOLE:
            dirty[unit[k]] = True
    for i in range(s.opened.size):
        if opened[i] != NONE:
            dirty[start[BRANCHES] + i] = True
    s.ceiling[:] = 0.0
    s.gas_ceiling[:] = 0.0


@kernel
def sweep(m: Plan, d: Draw, s: Scene) -> None:
    """Let capacities fall in unit order until none does; only units whose inputs moved are looked at."""
    dirty = s.dirty
    control = s.control
    alive = s.alive
    s_c = s.c
    table = m.units.table
    v = s.v
    crit = s.crit
    moved = True
    while moved:
        moved = False
        for u in range(s.dirty.size):
            if not dirty[u]:
                continue
            dirty[u] = False
            value, who = capacity(m, d, s, u)
            if control[u] and not has_control(m, d, s, u):
                control[u] = False
                touch(m, s, u)
                moved = True
            if alive[u] and value < s_c[u] - STEP:
                s_c[u] = value
                if table[u] == SYSTEMS:
                    touch(m, s, u)
                fall(m, s, u, min(v[u], value), min(crit[u], value), who, NONE)
                if value <= STEP:
                    die(m, s, u, DOWN, who)
                moved = True


@kernel
def generator_may_start(m: Plan, s: Scene, u: int) -> bool:
    """Say whether a generator has power at its bus or starts by itself."""
    start = m.units.start
    g = u - start[PLANTS]
    return m.power.g_start[g] == 1 or s.alive[start[BUSES] + m.power.g_bus[g]]


@kernel
def bus_may_start(m: Plan, s: Scene, u: int) -> bool:
    """Say whether something live can energise a dead bus."""
    start = m.units.start
    g_bus = m.power.g_bus
    started = s.started
    b_from = m.power.b_from
    b_to = m.power.b_to
    alive = s.alive
    b_corridor = m.power.b_corridor
    b_start = m.power.b_start
    s_c = s.c
    g_max = m.power.g_max
    w = m.power
    buses = start[BUSES]
    b = u - buses
    for g in range(w.g_bus.size):
        unit = start[PLANTS] + g
        if g_bus[g] == b and ((alive[unit] and s_c[unit] * g_max[g] > STEP) or started[unit]):
            return True
    for k in range(w.b_from.size):
        if b_from[k] == b or b_to[k] == b:
            unit = start[BRANCHES] + k
            other = buses + b_from[k] + b_to[k] - b
            joins = b_corridor[k] != NONE or b_start[k] == 1
            if alive[unit] and s_c[unit] > STEP and alive[other] and joins:
                return True
    return False


@kernel
def start(m: Plan, d: Draw, s: Scene) -> bool:
    """Step 4: start what the settled state allows, once per instant; say whether anything started."""
    u_table = m.units.table
    alive = s.alive
    s_started = s.started
    start = m.units.start
    ready = s.ready
    now = s.now
    control = s.control
    opened = s.opened
    g_restart = m.power.g_restart
    started = False
    for u in range(s.alive.size):
        table = u_table[u]
        if alive[u] or s_started[u] or table == BUSES:
            continue
        if table == BRANCHES and control[u]:
            opened[u - start[BRANCHES]] = NONE
        able = capacity(m, d, s, u)[0] > STEP
        if table == PLANTS:
            g = u - start[PLANTS]
            able = able and generator_may_start(m, s, u)
            if not able:
                ready[g] = np.inf
            elif ready[g] == np.inf:
                ready[g] = now[0] + g_restart[g]
            able = able and ready[g] <= now[0] + TICK
            if able:
                ready[g] = np.inf
        if able:
            alive[u] = True
            s_started[u] = True
            started = True
    moved = True
    while moved:
        moved = False
        for u in range(start[BUSES], start[BUSES + 1]):
            if not alive[u] and not s_started[u] and capacity(m, d, s, u)[0] > STEP and bus_may_start(m, s, u):
                alive[u] = True
                s_started[u] = True
                started = True
                moved = True
    return started


@kernel
def after_rows(m: Plan, d: Draw, s: Scene) -> None:
    """Move each dependency row on, given the settled supply; rows that are whole with whole providers need no look."""
    watch = s.watch
    r_unit = m.rows.unit
    row = s.row
    due = s.due
    held = s.held
    v = s.v
    crit = s.crit
    back = m.rows.back
    now = s.now
    autonomy = d.autonomy
    back_unit = m.rows.back_unit
    recovery = m.rows.recovery
    degraded = d.degraded
    for u in range(s.v.size):
        if v[u] < 1.0 or crit[u] < 1.0:
            for i in range(back[u], back[u + 1]):
                watch[back_unit[i]] = True
    for k in range(s.row.size):
        unit = r_unit[k]
        if not watch[unit] and row[k] == WHOLE:
            continue
        supplied, provider = supply(m, s, k)
        if supplied >= 1.0 - CHANGE:
            if (row[k] == OUT or row[k] == RECOVERING) and recovery[k] > TICK and held[k] < 1.0 - CHANGE:
                if row[k] == OUT:
                    row[k] = RECOVERING
                    due[k] = now[0] + recovery[k]
            else:
                row[k] = WHOLE
                due[k] = np.inf
                held[k] = 1.0
            continue
        if row[k] == WHOLE:
            row[k] = DRAINING
            due[k] = now[0] + autonomy[k]
        if row[k] == DRAINING and due[k] <= now[0] + TICK:
            if autonomy[k] > TICK:
                tell(s, EXPIRED, unit, provider)
            row[k] = OUT
        if row[k] == OUT or row[k] == RECOVERING:
            row[k] = OUT
            due[k] = np.inf
            held[k] = min(held[k], supplied + (1.0 - supplied) * degraded[k])
    watch[:] = False
