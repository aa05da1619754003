"""Kernels: falling and starting of units, and the states of dependency rows (docs/semantics.md, steps 2-4)."""

from __future__ import annotations

import numpy as np

from noroshi.flow.kernel import Bools, Floats, Ints, bare, bare_kernel
from noroshi.stress.draw import Draw
from noroshi.stress.kernel_shares import Needs, Shares, capacity, die, fall, keeps_control, needs, shares, supply, touch
from noroshi.stress.model import NONE
from noroshi.stress.outcome import DOWN, EXPIRED
from noroshi.stress.rules import CHANGE, DRAINING, OUT, RECOVERING, STEP, TICK, WHOLE
from noroshi.stress.scene import (
    BRANCHES,
    BUSES,
    CAPACITY,
    EVENTS,
    GAS_HELD,
    GAS_KNOWN,
    PLANTS,
    POWER_HELD,
    POWER_KNOWN,
    SYSTEMS,
    Plan,
    Scene,
)  # fmt: skip


@bare
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


@bare
def risen(f: Shares, own: Floats, own_control: Bools, control: Bools) -> None:
    """Set whatever is alive to full share; mark who may be worth less by itself or by a dead provider."""
    units = f.v.size
    for u in range(units):
        control[u] = True
    for u in range(units):
        f.dirty[u] = (own[u] < 1.0) | (not own_control[u])
    for u in range(units):
        share = 1.0 if f.alive[u] else 0.0
        f.c[u] = share
        f.v[u] = share
        f.crit[u] = share
    for u in range(units):
        if not f.alive[u]:
            touch(f, u)


@bare
def marked(row: Ints, unit: Ints, dirty: Bools) -> None:
    """Mark the dependants of rows that are not whole."""
    for k in range(row.size):
        if row[k] != WHOLE:
            dirty[unit[k]] = True


@bare_kernel
def candidates(m: Plan, s: Scene) -> None:
    """Step 2: whatever is alive, at full share; who may be worth less is marked.

    Where redispatch is due, or a solution was held down by an earlier one of its pass, it no longer holds.
    """
    count = s.count
    dirty = s.dirty
    pending = s.pending
    opened = s.opened
    now = s.now[0] + TICK
    branches = m.units.start[BRANCHES]
    for b in range(pending.size):
        if pending[b] <= now:
            count[POWER_KNOWN] = 0
    if count[POWER_HELD]:
        count[POWER_KNOWN] = 0
    if count[GAS_HELD]:
        count[GAS_KNOWN] = 0
    risen(shares(m, s), s.own, s.own_control, s.control)
    marked(s.row, m.rows.unit, dirty)
    for i in range(opened.size):
        if opened[i] != NONE:
            dirty[branches + i] = True
    s.ceiling[:] = 0.0
    s.gas_ceiling[:] = 0.0


@bare
def swept(n: Needs, f: Shares, table: Ints, eights: Ints) -> None:
    """Let capacities fall, as `sweep`; eights: the marks eight by eight, to pass over what is not marked."""
    moved = True
    while moved:
        moved = False
        u = -1
        while u + 1 < table.size:
            u += 1
            if u & 7 == 0 and eights[u >> 3] == 0:
                u += 7
                continue
            if not f.dirty[u]:
                continue
            f.dirty[u] = False
            value, who, steady = capacity(n, f, u)
            if n.control[u] and not keeps_control(n, u, steady):
                n.control[u] = False
                touch(f, u)
                moved = True
            if f.alive[u] and value < f.c[u] - STEP:
                f.c[u] = value
                if table[u] == SYSTEMS:
                    touch(f, u)
                fall(f, u, min(f.v[u], value), min(f.crit[u], value), who, NONE)
                if value <= STEP:
                    die(f, u, DOWN, who)
                moved = True


@bare_kernel
def sweep(m: Plan, d: Draw, s: Scene) -> None:
    """Let capacities fall in unit order until none does; only units whose inputs moved are looked at."""
    swept(needs(m, d, s), shares(m, s), m.units.table, s.dirty.view(np.int64))


@bare
def generator_may_start(m: Plan, s: Scene, u: int) -> bool:
    """Say whether a generator has power at its bus or starts by itself."""
    start = m.units.start
    g = u - start[PLANTS]
    return m.power.g_start[g] == 1 or s.alive[start[BUSES] + m.power.g_bus[g]]


@bare
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


@bare
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
    n = needs(m, d, s)
    f = shares(m, s)
    started = False
    for u in range(s.alive.size):
        table = u_table[u]
        if alive[u] or s_started[u] or table == BUSES:
            continue
        if table == BRANCHES and control[u]:
            opened[u - start[BRANCHES]] = NONE
        able = capacity(n, f, u)[0] > STEP
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
            if not alive[u] and not s_started[u] and capacity(n, f, u)[0] > STEP and bus_may_start(m, s, u):
                alive[u] = True
                s_started[u] = True
                started = True
                moved = True
    return started


@bare
def watched(f: Shares, watch: Bools) -> None:
    """Mark the units that look at anything short."""
    for u in range(f.v.size):
        if f.v[u] < 1.0 or f.crit[u] < 1.0:
            for i in range(f.back[u], f.back[u + 1]):
                watch[f.back_unit[i]] = True


@bare
def next_state(n: Needs, k: int, supplied: float) -> None:
    """Move row k on, given its settled supply."""
    row = n.row
    due = n.due
    if supplied >= 1.0 - CHANGE:
        if (row[k] == OUT or row[k] == RECOVERING) and n.recovery[k] > TICK and n.held[k] < 1.0 - CHANGE:
            if row[k] == OUT:
                row[k] = RECOVERING
                due[k] = n.now + n.recovery[k]
        else:
            row[k] = WHOLE
            due[k] = np.inf
            n.held[k] = 1.0
        return
    if row[k] == WHOLE:
        row[k] = DRAINING
        due[k] = n.now + n.autonomy[k]
    if row[k] != DRAINING or due[k] <= n.now + TICK:
        row[k] = OUT
        due[k] = np.inf
        n.held[k] = min(n.held[k], supplied + (1.0 - supplied) * n.degraded[k])


@bare
def rows_moved(n: Needs, f: Shares, unit: Ints, watch: Bools, ended: Ints, ended_by: Ints) -> int:
    """Move rows on, as `after_rows`; list the units whose autonomy ended, and whom they blame; answer how many."""
    count = 0
    for k in range(unit.size):
        if not watch[unit[k]] and n.row[k] == WHOLE:
            continue
        supplied, provider = supply(n, f, k)
        fed = n.row[k] == WHOLE or n.row[k] == DRAINING
        next_state(n, k, supplied)
        if fed and n.row[k] == OUT and n.autonomy[k] > TICK:
            ended[count] = unit[k]
            ended_by[count] = provider
            count += 1
    return count


@bare
def after_rows(m: Plan, d: Draw, s: Scene) -> None:
    """Move each dependency row on, given the settled supply; rows that are whole with whole providers need no look."""
    watch = s.watch
    f = shares(m, s)
    watched(f, watch)
    for i in range(rows_moved(needs(m, d, s), f, m.rows.unit, watch, s.ended, s.ended_by)):
        tell(s, EXPIRED, s.ended[i], s.ended_by[i])
    watch[:] = False
