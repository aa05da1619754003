"""Kernels: capacity, control, supply, falling and starting of units (docs/semantics.md, Capacity and steps 2-4)."""

from __future__ import annotations

import numpy as np

from noroshi.flow.kernel import kernel
from noroshi.stress.draw import Draw
from noroshi.stress.model import NONE, PROCESS
from noroshi.stress.outcome import DOWN, EXPIRED, SELF
from noroshi.stress.rules import CHANGE, DRAINING, OUT, RECOVERING, STEP, TICK, WHOLE
from noroshi.stress.scene import (
    BRANCHES, BUSES, CAPACITY, EVENTS, FELL, PLANTS, POWER_KNOWN, SYSTEMS, Plan, Scene,
)  # fmt: skip


@kernel
def tell(s: Scene, what: int, unit: int, cause: int) -> None:
    """Write an event, if there is a trace; what has no room is counted, so that the caller can give more."""
    at = s.count[EVENTS]
    if at < s.count[CAPACITY]:
        s.hour[at] = s.now[0]
        s.what[at] = what
        s.who[at] = unit
        s.because[at] = cause
    s.count[EVENTS] = at + 1


@kernel
def supply(m: Plan, s: Scene, k: int) -> tuple[float, int]:
    """Return the supply of row k and the provider with the largest weighted shortfall."""
    r = m.rows
    first = r.first[k]
    last = r.first[k + 1]
    share = s.crit if r.critical[k] else s.v
    worst = r.provider[first]
    short = -1.0
    least = np.inf
    most = -np.inf
    total = 0.0
    for j in range(first, last):
        value = share[r.provider[j]]
        if r.weight[j] * (1.0 - value) > short:
            worst = r.provider[j]
            short = r.weight[j] * (1.0 - value)
        least = min(least, value)
        most = max(most, value)
        total += r.weight[j] * value
    if r.logic[k] == 0:
        return least, worst
    if r.logic[k] == 1:
        return most, worst
    if r.logic[k] == 2:  # noqa: PLR2004  LOGICS[2] is k_of_n
        for j in range(first, last):
            value = share[r.provider[j]]
            above = 0
            equal = 0
            for i in range(first, last):
                other = share[r.provider[i]]
                above += 1 if other > value else 0
                equal += 1 if other == value else 0
            if above < r.k[k] <= above + equal:
                return value, worst
        return least, worst
    return min(total, 1.0) if short > STEP else 1.0, worst


@kernel
def level(m: Plan, d: Draw, s: Scene, k: int) -> tuple[float, int]:
    """Return what row k leaves its dependant, and whom to blame."""
    supplied, provider = supply(m, s, k)
    spent = s.row[k] == OUT or s.row[k] == RECOVERING or (s.row[k] == DRAINING and s.due[k] <= s.now[0] + TICK)
    if not (spent or d.autonomy[k] <= TICK):
        return 1.0, provider
    left = supplied + (1.0 - supplied) * d.degraded[k]
    if (s.row[k] == OUT or s.row[k] == RECOVERING) and m.rows.recovery[k] > TICK:
        left = min(left, s.held[k])
    return left, provider


@kernel
def capacity(m: Plan, d: Draw, s: Scene, u: int) -> tuple[float, int]:
    """Return what u could give, and who limits it."""
    best = s.own[u]
    who = SELF
    branch = u - m.units.start[BRANCHES]
    if 0 <= branch < s.opened.size and s.opened[branch] != NONE:
        who = s.opened[branch]
    boss = m.units.commander[u]
    if boss != NONE:
        left = s.own[boss] if m.units.family[boss] == PROCESS else s.c[boss]
        if left < best:
            best = left
            who = boss
    for k in range(m.rows.start[u], m.rows.start[u + 1]):
        left, provider = level(m, d, s, k)
        if left < best:
            best = left
            who = provider
    return best, who


@kernel
def has_control(m: Plan, d: Draw, s: Scene, u: int) -> bool:
    """Say whether u is under control."""
    boss = m.units.commander[u]
    if not s.own_control[u] or (boss != NONE and not s.control[boss]):
        return False
    if m.units.family[u] == PROCESS:
        for k in range(m.rows.start[u], m.rows.start[u + 1]):
            if level(m, d, s, k)[0] < 0.5:
                return False
    return True


@kernel
def touch(m: Plan, s: Scene, u: int) -> None:
    """Have every unit that looks at u looked at again."""
    for i in range(m.rows.back[u], m.rows.back[u + 1]):
        s.dirty[m.rows.back_unit[i]] = True


@kernel
def fall(m: Plan, s: Scene, u: int, value: float, crit: float, who: int, what: int) -> bool:
    """Lower the share of u; remember who did it the first time it is below what it was before this instant."""
    moved = value < s.v[u] - STEP or crit < s.crit[u] - STEP
    if moved:
        s.v[u] = min(s.v[u], value)
        s.crit[u] = min(s.crit[u], crit)
        touch(m, s, u)
        if s.v[u] < s.prev[u] - CHANGE and not s.fell[u]:
            s.fell[u] = True
            s.order[s.count[FELL]] = u
            s.count[FELL] += 1
            s.called[u] = what
            s.cause[u] = who
    return moved


@kernel
def die(m: Plan, s: Scene, u: int, what: int, who: int) -> None:
    """Stop u: it must be started again."""
    if s.alive[u]:
        fall(m, s, u, 0.0, 0.0, who, what)
        s.alive[u] = False
        s.c[u] = 0.0
        s.v[u] = 0.0
        s.crit[u] = 0.0
        touch(m, s, u)


@kernel
def candidates(m: Plan, s: Scene) -> None:
    """Step 2: whatever is alive, at full share; who may be worth less is marked.

    Where redispatch is due, the last solution no longer holds.
    """
    for b in range(s.pending.size):
        if s.pending[b] <= s.now[0] + TICK:
            s.count[POWER_KNOWN] = 0
    n = s.alive.size
    s.count[FELL] = 0
    for u in range(n):
        s.fell[u] = False
        s.control[u] = True
        s.dirty[u] = s.own[u] < 1.0 or not s.own_control[u]
    for u in range(n):
        share = 1.0 if s.alive[u] else 0.0
        s.c[u] = share
        s.v[u] = share
        s.crit[u] = share
        if not s.alive[u]:
            touch(m, s, u)
    for k in range(s.row.size):
        if s.row[k] != WHOLE:
            s.dirty[m.rows.unit[k]] = True
    for i in range(s.opened.size):
        if s.opened[i] != NONE:
            s.dirty[m.units.start[BRANCHES] + i] = True
    s.ceiling[:] = 0.0
    s.gas_ceiling[:] = 0.0


@kernel
def sweep(m: Plan, d: Draw, s: Scene) -> None:
    """Let capacities fall in unit order until none does; only units whose inputs moved are looked at."""
    moved = True
    while moved:
        moved = False
        for u in range(s.dirty.size):
            if not s.dirty[u]:
                continue
            s.dirty[u] = False
            value, who = capacity(m, d, s, u)
            if s.control[u] and not has_control(m, d, s, u):
                s.control[u] = False
                touch(m, s, u)
                moved = True
            if s.alive[u] and value < s.c[u] - STEP:
                s.c[u] = value
                if m.units.table[u] == SYSTEMS:
                    touch(m, s, u)
                fall(m, s, u, min(s.v[u], value), min(s.crit[u], value), who, NONE)
                if value <= STEP:
                    die(m, s, u, DOWN, who)
                moved = True


@kernel
def generator_may_start(m: Plan, s: Scene, u: int) -> bool:
    """Say whether a generator has power at its bus or starts by itself."""
    g = u - m.units.start[PLANTS]
    return m.power.g_start[g] == 1 or s.alive[m.units.start[BUSES] + m.power.g_bus[g]]


@kernel
def bus_may_start(m: Plan, s: Scene, u: int) -> bool:
    """Say whether something live can energise a dead bus."""
    w = m.power
    buses = m.units.start[BUSES]
    b = u - buses
    for g in range(w.g_bus.size):
        unit = m.units.start[PLANTS] + g
        if w.g_bus[g] == b and ((s.alive[unit] and s.c[unit] * w.g_max[g] > STEP) or s.started[unit]):
            return True
    for k in range(w.b_from.size):
        if w.b_from[k] == b or w.b_to[k] == b:
            unit = m.units.start[BRANCHES] + k
            other = buses + w.b_from[k] + w.b_to[k] - b
            joins = w.b_corridor[k] != NONE or w.b_start[k] == 1
            if s.alive[unit] and s.c[unit] > STEP and s.alive[other] and joins:
                return True
    return False


@kernel
def start(m: Plan, d: Draw, s: Scene) -> bool:
    """Step 4: start what the settled state allows, once per instant; say whether anything started."""
    started = False
    for u in range(s.alive.size):
        table = m.units.table[u]
        if s.alive[u] or s.started[u] or table == BUSES:
            continue
        able = capacity(m, d, s, u)[0] > STEP
        if table == PLANTS:
            g = u - m.units.start[PLANTS]
            able = able and generator_may_start(m, s, u)
            if not able:
                s.ready[g] = np.inf
            elif s.ready[g] == np.inf:
                s.ready[g] = s.now[0] + m.power.g_restart[g]
            able = able and s.ready[g] <= s.now[0] + TICK
            if able:
                s.ready[g] = np.inf
        if able:
            s.alive[u] = True
            s.started[u] = True
            started = True
    moved = True
    while moved:
        moved = False
        for u in range(m.units.start[BUSES], m.units.start[BUSES + 1]):
            if not s.alive[u] and not s.started[u] and capacity(m, d, s, u)[0] > STEP and bus_may_start(m, s, u):
                s.alive[u] = True
                s.started[u] = True
                started = True
                moved = True
    return started


@kernel
def after_rows(m: Plan, d: Draw, s: Scene) -> None:
    """Move each dependency row on, given the settled supply; rows that are whole with whole providers need no look."""
    for u in range(s.v.size):
        if s.v[u] < 1.0 or s.crit[u] < 1.0:
            for i in range(m.rows.back[u], m.rows.back[u + 1]):
                s.watch[m.rows.back_unit[i]] = True
    for k in range(s.row.size):
        unit = m.rows.unit[k]
        if not s.watch[unit] and s.row[k] == WHOLE:
            continue
        supplied, provider = supply(m, s, k)
        if supplied >= 1.0 - CHANGE:
            if s.row[k] == OUT and m.rows.recovery[k] > TICK:
                s.row[k] = RECOVERING
                s.due[k] = s.now[0] + m.rows.recovery[k]
            elif s.row[k] != RECOVERING:
                s.row[k] = WHOLE
                s.due[k] = np.inf
            continue
        if s.row[k] == WHOLE:
            s.row[k] = DRAINING
            s.due[k] = s.now[0] + d.autonomy[k]
        if s.row[k] == DRAINING and s.due[k] <= s.now[0] + TICK:
            if d.autonomy[k] > TICK:
                tell(s, EXPIRED, unit, provider)
            s.row[k] = OUT
        if s.row[k] == RECOVERING:
            s.row[k] = OUT
        if s.row[k] == OUT:
            s.due[k] = np.inf
            s.held[k] = supplied + (1.0 - supplied) * d.degraded[k]
    s.watch[:] = False

