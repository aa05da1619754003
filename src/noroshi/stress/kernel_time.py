"""Kernels: the order of events, hits and their phases, crews, the trace, and one scenario from start to horizon."""

from __future__ import annotations

import math

import numpy as np

from noroshi.flow.kernel import Floats, kernel
from noroshi.stress.draw import Draw
from noroshi.stress.effects import BY_HAND, MANUAL, SEEN, UNSEEN
from noroshi.stress.kernel_gas import advance_stores, solve_gas, solve_transport, stores_due
from noroshi.stress.kernel_power import solve_power
from noroshi.stress.kernel_units import after_rows, candidates, start, sweep, tell
from noroshi.stress.model import NONE
from noroshi.stress.outcome import (
    BLACKOUT, DEGRADED, DETECTED, DOWN, ENDED, HIT, IMPROVED, RECOVERED, REPAIR, REPAIRED, SELF, TRIPPED,
)  # fmt: skip
from noroshi.stress.outcome import BY_HAND as TOLD_BY_HAND
from noroshi.stress.rules import BLOCK_H, CHANGE, KM_PER_DEG, RECOVERING, REDISPATCH_H, TICK, WHOLE
from noroshi.stress.scene import BLOCK, BRANCHES, CALM, FELL, INSTANTS, POWER_KNOWN, SYSTEMS, Plan, Scene


@kernel
def by_hand_at(m: Plan, d: Draw, k: int) -> float:
    """Return the hour at which hit k's system is worked by hand; infinity where it cannot be."""
    u = d.unit[k]
    if m.units.table[u] != SYSTEMS or math.isnan(d.manual[u]):
        return math.inf
    return d.seen[k] + d.manual_after[u]


@kernel
def sooner(best: float, hour: float, now: float) -> float:
    """Return the earlier of two hours, of those that are still to come."""
    return hour if now + TICK < hour < best else best


@kernel
def coming(m: Plan, d: Draw, s: Scene) -> float:
    """Return the next hour at which something is due; infinity if nothing is."""
    now = s.now[0]
    best = BLOCK_H * (math.floor((now + d.clock + TICK) / BLOCK_H) + 1.0) - d.clock
    for k in range(d.unit.size):
        best = sooner(best, d.onset[k], now)
        best = sooner(best, d.seen[k], now)
        best = sooner(best, by_hand_at(m, d, k), now)
        best = sooner(best, s.hit_end[k], now)
    for k in range(s.due.size):
        best = sooner(best, s.due[k], now)
    for g in range(s.ready.size):
        best = sooner(best, s.ready[g], now)
    for b in range(s.pending.size):
        best = sooner(best, s.pending[b], now)
    return stores_due(m, s, best)


@kernel
def distance(lat: float, lon: float, lat2: float, lon2: float) -> float:
    """Return kilometres in a straight line on a local plane; 0 where a position is not known."""
    if math.isnan(lat) or math.isnan(lat2):
        return 0.0
    x = (lon2 - lon) * math.cos(math.radians(0.5 * (lat + lat2)))
    return KM_PER_DEG * math.sqrt(x * x + (lat2 - lat) * (lat2 - lat))


@kernel
def shift_end(m: Plan, d: Draw, s: Scene, crew: int, work: float) -> float:
    """Return the hour at which `work` hours are done from now on, counting only the crew's shift."""
    now = s.now[0]
    length = m.crews.shift_hours[crew]
    if length >= 24.0 - TICK:
        return now + work
    into = (now + d.clock - m.crews.shift_start[crew]) % 24.0
    begins = now if into < length else now + (24.0 - into)
    first_day = length - into if into < length else length
    if work <= first_day:
        return begins + work
    rest = work - first_day
    days = math.floor(rest / length)
    rest -= days * length
    return begins + first_day + (24.0 - length) + days * 24.0 + rest


@kernel
def assign_crews(m: Plan, d: Draw, s: Scene) -> None:
    """Give free teams the oldest jobs (ties: unit order); a job's end is known once it is taken."""
    passed = np.zeros(d.unit.size, np.bool_)
    while True:
        job = NONE
        for k in range(d.unit.size):
            waits = math.isnan(d.end[k]) and s.hit_end[k] == math.inf and d.seen[k] <= s.now[0] + TICK
            if not waits or passed[k]:
                continue
            older = job == NONE or d.seen[k] < d.seen[job]
            if older or (d.seen[k] == d.seen[job] and d.unit[k] < d.unit[job]):
                job = k
        if job == NONE:
            return
        passed[job] = True
        u = d.unit[job]
        crew = m.units.crew[u]
        team = NONE
        for t in range(m.team[crew], m.team[crew + 1]):
            if s.team_at[t] <= s.now[0] + TICK:
                team = t
                break
        if team == NONE:
            continue
        km = distance(s.team_lat[team], s.team_lon[team], m.units.lat[u], m.units.lon[u])
        s.hit_end[job] = shift_end(m, d, s, crew, km / m.crews.speed[crew] + d.work[job])
        s.team_at[team] = s.hit_end[job]
        if not math.isnan(m.units.lat[u]):
            s.team_lat[team] = m.units.lat[u]
            s.team_lon[team] = m.units.lon[u]
        tell(s, REPAIR, u, SELF)


@kernel
def say(s: Scene, k: int, bit: int, what: int, unit: int) -> None:
    """Write once that a hit has reached a stage."""
    if not (s.said[k] >> bit) & 1:
        s.said[k] |= 1 << bit
        tell(s, what, unit, SELF)


@kernel
def equipment(m: Plan, d: Draw, s: Scene) -> None:
    """Step 1: own states and control from hits and their phases; crews; a circuit under control again closes."""
    s.own[:] = 1.0
    s.own_control[:] = True
    now = s.now[0] + TICK
    if s.count[CALM] == 0:
        assign_crews(m, d, s)
        for k in range(d.unit.size):
            u = d.unit[k]
            hand = by_hand_at(m, d, k)
            ended = s.hit_end[k] <= now
            if d.onset[k] <= now:
                say(s, k, 0, HIT, u)
            if d.seen[k] <= now:
                say(s, k, 1, DETECTED, u)
            if hand <= now and hand < s.hit_end[k] - TICK:
                say(s, k, 2, TOLD_BY_HAND, u)
            if ended:
                say(s, k, 3, REPAIRED if math.isnan(d.end[k]) else ENDED, u)
            if d.onset[k] > now or ended:
                continue
            phase = BY_HAND if hand <= now else (SEEN if d.seen[k] <= now else UNSEEN)
            family = m.units.family[u] if m.units.table[u] == SYSTEMS else 3
            left = m.left[4 * d.effect[k] + family, phase]
            if left == MANUAL:
                left = d.manual[u]
            s.own[u] = min(s.own[u], left)
            kept = (phase == BY_HAND and d.manual[u] > 0.0) or not m.takes[d.effect[k]]
            s.own_control[u] = s.own_control[u] and kept
    for i in range(s.opened.size):
        if s.opened[i] != NONE:
            u = m.units.start[BRANCHES] + i
            boss = m.units.commander[u]
            if s.own_control[u] and (boss == NONE or s.own_control[boss]):
                s.opened[i] = NONE
            else:
                s.own[u] = 0.0


@kernel
def commit(m: Plan, s: Scene) -> None:
    """Keep the settled power solution: set-points where redispatch was free, and who waits for it."""
    w = m.power
    if s.count[POWER_KNOWN] == 0:
        return
    islands = 0
    for b in range(w.critical.size):
        islands = max(islands, s.label[b] + 1)
        if s.sudden[b]:
            s.pending[b] = s.now[0] + REDISPATCH_H
        elif s.pending[b] <= s.now[0] + TICK:
            s.pending[b] = math.inf
        s.sudden[b] = False
    waiting = np.zeros(islands + 1, np.bool_)
    for b in range(w.critical.size):
        if s.pending[b] < math.inf:
            waiting[s.label[b]] = True
    for g in range(w.g_bus.size):
        if s.free_g[g] and not waiting[s.label[w.g_bus[g]]]:
            s.set_p[g] = s.p[g]
        s.last_p[g] = s.p[g]
    for b in range(w.critical.size):
        if not waiting[s.label[b]]:
            s.set_shed[b] = s.shed[b]
    for i in range(w.dc.size):
        k = w.dc[i]
        if s.free_b[k] and not waiting[s.label[w.b_from[k]]] and not waiting[s.label[w.b_to[k]]]:
            s.set_f[i] = s.f[i]
        s.last_f[i] = s.f[i]
    s.last_in[:] = s.closed


@kernel
def trace(s: Scene) -> None:
    """Write the changes of this instant: losses in the order in which they fell, then gains in unit order."""
    for i in range(s.count[FELL]):
        u = s.order[i]
        if s.v[u] < s.prev[u] - CHANGE:
            what = DOWN if s.v[u] <= CHANGE else DEGRADED
            if s.called[u] == BLACKOUT or s.called[u] == TRIPPED:
                what = s.called[u]
            tell(s, what, u, s.cause[u])
    for u in range(s.v.size):
        if s.v[u] > s.prev[u] + CHANGE:
            tell(s, RECOVERED if s.v[u] >= 1.0 - CHANGE else IMPROVED, u, SELF)
    s.prev[:] = s.v


@kernel
def instant(m: Plan, d: Draw, s: Scene) -> None:
    """Bring everything that is due now to its new settled state."""
    s.count[BLOCK] = int(math.floor((s.now[0] + d.clock + TICK) / BLOCK_H)) % 6
    s.count[INSTANTS] += 1
    equipment(m, d, s)
    for k in range(s.row.size):
        if s.row[k] == RECOVERING and s.due[k] <= s.now[0] + TICK:
            s.row[k] = WHOLE
            s.due[k] = math.inf
            s.held[k] = 1.0
    s.started[:] = False
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


@kernel
def account(m: Plan, s: Scene, hours: float) -> None:
    """Add `hours` of the present shares to the services' time below their floor."""
    for i in range(m.services.unit.size):
        if s.v[m.services.unit[i]] < m.services.floor[i] - 1e-9:
            s.below[i] += hours
            s.spell[i] += hours
            s.longest[i] = max(s.longest[i], s.spell[i])
        else:
            s.spell[i] = 0.0


@kernel
def play(m: Plan, d: Draw, s: Scene, grid: Floats, out_grid: Floats, out_hours: Floats, out_shares: Floats) -> int:
    """Run one scenario. Answers how many instants it had.

    grid (G,): hours at which out_grid (G, services) takes the shares; out_hours (R,), out_shares (R, services): the
    first R instants.
    """
    instant(m, d, s)
    s.count[CALM] = 0
    at = 0
    seen = 0
    while True:
        instant(m, d, s)
        if seen < out_hours.size:
            out_hours[seen] = s.now[0]
            for i in range(m.services.unit.size):
                out_shares[seen, i] = s.v[m.services.unit[i]]
        seen += 1
        due = coming(m, d, s)
        until = min(due, d.horizon)
        last = due >= d.horizon - TICK
        while at < grid.size and (grid[at] < until - TICK or last):
            for i in range(m.services.unit.size):
                out_grid[at, i] = s.v[m.services.unit[i]]
            at += 1
        account(m, s, until - s.now[0])
        if last:
            return seen
        advance_stores(m, d, s, due - s.now[0])
        s.now[0] = due
