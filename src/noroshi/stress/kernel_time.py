"""Kernels: the order of events, the trace, and one scenario from start to horizon."""

from __future__ import annotations

import math

from noroshi.flow.kernel import Floats, Ints, bare, copied
from noroshi.flow.reference_types import FLOATS, TABLES
from noroshi.flow.seams import bare_seam, entry
from noroshi.stress.draw import Draw
from noroshi.stress.kernel_gas import advance_stores, solve_gas, solve_transport, stores_due
from noroshi.stress.kernel_gas import recall as recall_gas
from noroshi.stress.kernel_hits import by_hand_at, equipment, hands
from noroshi.stress.kernel_power import recall as recall_power
from noroshi.stress.kernel_power import solve_power
from noroshi.stress.kernel_units import after_rows, candidates, start, sweep, tell
from noroshi.stress.networks import TRANCHES
from noroshi.stress.outcome import (
    BLACKOUT,
    DEGRADED,
    DOWN,
    IMPROVED,
    RECOVERED,
    SELF,
    TRIPPED,
)  # fmt: skip
from noroshi.stress.rules import BLOCK_H, CHANGE, OUT, RECOVERING, REDISPATCH_H, TICK
from noroshi.stress.scene import (
    BLOCK,
    CALM,
    CAPACITY,
    DRAW,
    FELL,
    GAS_KNOWN,
    GAS_PLAIN,
    INSTANTS,
    PLAN,
    POWER_KNOWN,
    POWER_PLAIN,
    SCENE,
    Plan,
    Scene,
)  # fmt: skip


@bare
def sooner(best: float, hour: float, now: float) -> float:
    """Return the earlier of two hours, of those that are still to come."""
    return hour if now + TICK < hour < best else best


@bare
def soonest(hours: Floats, best: float, now: float) -> float:
    """Return the earliest of the hours that are still to come, or `best`."""
    for k in range(hours.size):
        best = sooner(best, hours[k], now)
    return best


@bare
def next_block(d: Draw, s: Scene) -> float:
    """Return the hour at which demand changes next."""
    return BLOCK_H * (math.floor((s.now[0] + d.clock + TICK) / BLOCK_H) + 1.0) - d.clock


@bare
def coming(m: Plan, d: Draw, s: Scene) -> float:
    """Return the next hour at which something other than demand changes; infinity if nothing does."""
    onset = d.onset
    seen = d.seen
    hit_end = s.hit_end
    due = s.due
    ready = s.ready
    pending = s.pending
    now = s.now[0]
    best = math.inf
    h = hands(m, d)
    for k in range(seen.size):
        best = sooner(best, onset[k], now)
        best = sooner(best, seen[k], now)
        best = sooner(best, by_hand_at(h, k), now)
        best = sooner(best, hit_end[k], now)
    for hours in (due, ready, pending):
        best = soonest(hours, best, now)
    return stores_due(m, s, best)


@bare
def commit(m: Plan, s: Scene) -> None:
    """Keep the settled power solution: set-points where redispatch was free, and who waits for it."""
    sudden = s.sudden
    last_p = s.last_p
    p = s.p
    dc = m.power.dc
    last_f = s.last_f
    s_f = s.f
    pending = s.pending
    free_g = s.free_g
    set_p = s.set_p
    set_shed = s.set_shed
    shed = s.shed
    free_b = s.free_b
    set_f = s.set_f
    label = s.label
    now = s.now
    g_bus = m.power.g_bus
    b_from = m.power.b_from
    b_to = m.power.b_to
    w = m.power
    if s.count[POWER_KNOWN] == 0:
        return
    islands = 0
    for b in range(w.critical.size):
        islands = max(islands, label[b] + 1)
        if sudden[b]:
            pending[b] = now[0] + REDISPATCH_H
        elif pending[b] <= now[0] + TICK:
            pending[b] = math.inf
        sudden[b] = False
    waiting = s.waiting
    waiting[:] = False
    for b in range(w.critical.size):
        if pending[b] < math.inf:
            waiting[label[b]] = True
    for g in range(w.g_bus.size):
        if free_g[g] and not waiting[label[g_bus[g]]]:
            set_p[g] = p[g]
        last_p[g] = p[g]
    for b in range(w.critical.size):
        if not waiting[label[b]]:
            for k in range(TRANCHES):
                set_shed[b, k] = shed[b, k]
    for i in range(w.dc.size):
        k = dc[i]
        if free_b[k] and not waiting[label[b_from[k]]] and not waiting[label[b_to[k]]]:
            set_f[i] = s_f[i]
        last_f[i] = s_f[i]
    for k in range(s.last_in.size):
        s.last_in[k] = s.closed[k]


@bare
def blame(s: Scene, u: int) -> int:
    """Return the cause of u's fall; a cause that was up again by the end of the instant gives way to its own."""
    cause = s.cause
    who = cause[u]
    for _ in range(s.count[FELL]):
        if who < 0 or not s.fell[who] or s.v[who] < s.prev[who] - CHANGE or cause[who] == SELF:
            break
        who = cause[who]
    return who


@bare
def better(v: Floats, prev: Floats) -> bool:
    """Say whether any share has risen."""
    risen = False
    for u in range(v.size):
        risen |= v[u] > prev[u] + CHANGE
    return risen


@bare
def trace(s: Scene) -> None:
    """Write the changes of this instant: losses in the order in which they fell, then gains in unit order."""
    prev = s.prev
    count = s.count
    order = s.order
    v = s.v
    if count[CAPACITY] == 0:  # nobody reads it
        copied(v, prev)
        return
    called = s.called
    for i in range(count[FELL]):
        u = order[i]
        if v[u] < prev[u] - CHANGE:
            what = DOWN if v[u] <= CHANGE else DEGRADED
            if called[u] == BLACKOUT or called[u] == TRIPPED:
                what = called[u]
            tell(s, what, u, blame(s, u))
    if better(v, prev):
        for u in range(v.size):
            if v[u] > prev[u] + CHANGE:
                tell(s, RECOVERED if v[u] >= 1.0 - CHANGE else IMPROVED, u, SELF)
    copied(v, prev)


@bare
def recovered(row: Ints, due: Floats, held: Floats, now: float) -> None:
    """End the recovery of rows whose time has come."""
    for k in range(row.size):
        if row[k] == RECOVERING and due[k] <= now + TICK:
            row[k] = OUT
            due[k] = math.inf
            held[k] = 1.0


@bare_seam("none", PLAN, DRAW, SCENE)
def instant(m: Plan, d: Draw, s: Scene) -> None:
    """Bring everything that is due now to its new settled state."""
    now = s.now
    s.count[BLOCK] = math.floor((now[0] + d.clock + TICK) / BLOCK_H) % 6
    s.count[INSTANTS] += 1
    equipment(m, d, s)
    recovered(s.row, s.due, s.held, now[0])
    s.started[:] = False
    s.fell[:] = False
    s.count[FELL] = 0
    again = True
    while again:
        candidates(m, s)
        moved = True
        while moved:
            sweep(m, d, s)
            moved = solve_power(m, d, s)
            moved = solve_gas(m, d, s) or moved
            moved = solve_transport(m, s) or moved
        again = start(m, d, s)
    after_rows(m, d, s)
    commit(m, s)
    trace(s)


@bare
def pass_blocks(m: Plan, d: Draw, s: Scene, other: float) -> float:
    """Return the next hour at which something is due, after the blocks through which nothing can change.

    While power and gas are whole and serve everyone in this block and the next, a new block changes set-points only.
    A run with a trace stops at every block, as the reference engine does.
    """
    now = s.now
    count = s.count
    served = s.memo.served
    memo_gas = s.memo.gas
    block = next_block(d, s)
    first = 6 * d.level
    while block < other - TICK and block < d.horizon - TICK and count[CAPACITY] == 0:
        at = first + (count[BLOCK] + 1) % 6
        power = s.label.size == 0 or (count[POWER_PLAIN] == 1 and served[first + count[BLOCK]] and served[at])
        gas = s.unserved.size == 0 or (count[GAS_PLAIN] == 1 and memo_gas[first + count[BLOCK]] and memo_gas[at])
        if not (power and gas):
            break
        account(m, s, block - now[0])
        now[0] = block
        count[BLOCK] = at - first
        if s.label.size > 0:
            recall_power(d, s)
            count[POWER_KNOWN] = count[BLOCK] + 1
            commit(m, s)
        if s.unserved.size > 0:
            recall_gas(d, s)
            count[GAS_KNOWN] = count[BLOCK] + 1
        block = next_block(d, s)
    return min(block, other)


@bare
def account(m: Plan, s: Scene, hours: float) -> None:
    """Add `hours` of the present shares to the services' time below their floor."""
    v = s.v
    below = s.below
    spell = s.spell
    longest = s.longest
    unit = m.services.unit
    floor = m.services.floor
    for i in range(m.services.unit.size):
        if v[unit[i]] < floor[i] - 1e-9:
            below[i] += hours
            spell[i] += hours
            longest[i] = max(longest[i], spell[i])
        else:
            spell[i] = 0.0


@bare_seam("int64", PLAN, DRAW, SCENE, FLOATS, TABLES, FLOATS, TABLES)
def played(m: Plan, d: Draw, s: Scene, grid: Floats, out_grid: Floats, out_hours: Floats, out_shares: Floats) -> int:
    """Run one scenario. Answers how many instants it had.

    grid (G,): hours at which out_grid (G, services) takes the shares; out_hours (R,), out_shares (R, services): the
    first R instants.
    """
    now = s.now
    v = s.v
    unit = m.services.unit
    instant(m, d, s)
    s.count[CALM] = 0
    at = 0
    seen = 0
    while True:
        instant(m, d, s)
        if seen < out_hours.size:
            out_hours[seen] = now[0]
            for i in range(m.services.unit.size):
                out_shares[seen, i] = v[unit[i]]
        seen += 1
        due = pass_blocks(m, d, s, coming(m, d, s))
        until = min(due, d.horizon)
        last = due >= d.horizon - TICK
        while at < grid.size and (grid[at] < until - TICK or last):
            for i in range(m.services.unit.size):
                out_grid[at, i] = v[unit[i]]
            at += 1
        account(m, s, until - now[0])
        if last:
            return seen
        advance_stores(m, s, due - now[0])
        now[0] = due


@entry
def play(m: Plan, d: Draw, s: Scene, grid: Floats, out_grid: Floats, out_hours: Floats, out_shares: Floats) -> int:
    """Run one scenario, as `played`; for Python."""
    return played(m, d, s, grid, out_grid, out_hours, out_shares)
