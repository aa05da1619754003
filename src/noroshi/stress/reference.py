"""The reference engine: docs/semantics.md in plain Python. It is the specification; `stress.engine` must equal it.

Nothing here is fast on purpose. `reference_flow` solves the three networks; this file does time, capacity, start and trace.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from noroshi.stress import outcome as o
from noroshi.stress import reference_flow as flow
from noroshi.stress.effects import BY_HAND, LEFT, MANUAL, SEEN, TAKES_CONTROL, UNSEEN
from noroshi.stress.model import NONE, PROCESS, T
from noroshi.stress.outcome import DEMAND, SELF, Event, Run
from noroshi.stress.reference_state import State, die, fall
from noroshi.stress.rules import BLOCK_H, CHANGE, DRAINING, KM_PER_DEG, OUT, RECOVERING, STEP, TICK, WHOLE

if TYPE_CHECKING:
    from noroshi.stress.draw import Draw
    from noroshi.stress.model import Model

def run(m: Model, d: Draw) -> Run:
    """Run one scenario and return shares, events and balances; docs/semantics.md says what each step does."""
    s = begin(m, d)
    hours, shares = [], []
    instant(s)  # the ordinary state just before the shock: set-points, first shares
    s.calm = False
    while True:
        instant(s)
        hours.append(s.now)
        shares.append([s.v[u] for u in m.services.unit])
        due = coming(s)
        if due >= d.horizon - TICK:
            break
        flow.advance_stores(s, due - s.now)
        s.now = due
    return Run(d.horizon, np.array(hours), np.array(shares).reshape(len(hours), -1), tuple(s.events), tuple(s.balances))


def begin(m: Model, d: Draw) -> State:
    """Return the state just before hour 0: everything runs, every row is whole."""
    n, rows = len(m.ids), len(m.row_ids)
    s = State(m, d)
    s.own, s.c, s.v, s.crit, s.prev = ([1.0] * n for _ in range(5))
    s.own_control, s.control, s.alive = [True] * n, [True] * n, [True] * n
    s.cause = [DEMAND] * n
    s.row, s.row_due, s.held = [WHOLE] * rows, [math.inf] * rows, [1.0] * rows
    s.hit_end = [math.inf if math.isnan(end) else float(end) for end in d.end]
    s.hit_said = [0] * len(d.unit)
    s.teams = [[(0.0, float(m.crews.lat[k]), float(m.crews.lon[k]))] * int(t) for k, t in enumerate(m.crews.teams)]
    flow.begin(s)
    return s


def coming(s: State) -> float:
    """Return the next hour at which something is due; infinity if nothing is."""
    times = [BLOCK_H * (math.floor((s.now + s.d.clock + TICK) / BLOCK_H) + 1) - s.d.clock]
    for k in range(len(s.d.unit)):
        times += [float(s.d.onset[k]), float(s.d.seen[k]), by_hand_at(s, k), s.hit_end[k]]
    times += s.row_due
    times += s.ready.values()
    times += s.power.pending
    times += flow.stores_due(s)
    return min((t for t in times if t > s.now + TICK), default=math.inf)


def by_hand_at(s: State, k: int) -> float:
    """Return the hour at which hit k's system is worked by hand; infinity where it cannot be."""
    unit = s.d.unit[k]
    after = float(s.d.seen[k]) + float(s.d.manual_after[unit])
    return math.inf if math.isnan(s.d.manual[unit]) or s.m.units.table[unit] != T["systems"] else after


def instant(s: State) -> None:
    """Bring everything that is due now to its new settled state, and write the trace."""
    s.block = int(math.floor((s.now + s.d.clock + TICK) / BLOCK_H)) % 6
    equipment(s)
    for k, due in enumerate(s.row_due):
        if s.row[k] == RECOVERING and due <= s.now + TICK:
            s.row[k], s.row_due[k], s.held[k] = WHOLE, math.inf, 1.0
    s.started = [False] * len(s.m.ids)
    s.fell = {}
    while True:
        settle(s)
        if not start(s):
            break
    after_rows(s)
    flow.commit(s)
    trace(s)


def equipment(s: State) -> None:
    """Step 1: own states and control from hits and their phases; crews take jobs; a circuit under control again closes."""
    m, d = s.m, s.d
    assign_crews(s)
    s.own, s.own_control = [1.0] * len(m.ids), [True] * len(m.ids)
    for k in range(0 if s.calm else len(d.unit)):
        unit, effect = int(d.unit[k]), int(d.effect[k])
        stages = (d.onset[k], d.seen[k], by_hand_at(s, k), s.hit_end[k])
        reached = [t <= s.now + TICK for t in stages]
        for bit, (what, hour) in enumerate(zip((o.HIT, o.DETECTED, o.BY_HAND, o.ENDED), stages, strict=True)):
            dull = what == o.BY_HAND and hour >= s.hit_end[k] - TICK
            if reached[bit] and not s.hit_said[k] >> bit & 1 and not dull:
                s.hit_said[k] |= 1 << bit
                ended = o.REPAIRED if math.isnan(d.end[k]) else o.ENDED
                s.events.append(Event(s.now, ended if what == o.ENDED else what, unit, SELF))
        if not reached[0] or reached[3]:
            continue
        phase = BY_HAND if reached[2] else SEEN if reached[1] else UNSEEN
        family = int(m.units.family[unit]) if m.units.table[unit] == T["systems"] else 3
        left = LEFT[effect, family, phase]
        left = float(d.manual[unit]) if left == MANUAL else float(left)
        s.own[unit] = min(s.own[unit], left)
        hand = phase == BY_HAND and d.manual[unit] > 0
        s.own_control[unit] = s.own_control[unit] and (hand or not TAKES_CONTROL[effect])
    for circuit in list(s.opened):
        boss = m.units.commander[circuit]
        if s.own_control[circuit] and (boss == NONE or s.own_control[boss]):
            del s.opened[circuit]
        else:
            s.own[circuit] = 0.0


def assign_crews(s: State) -> None:
    """Give free teams the oldest jobs; a job's end is known once it is taken."""
    m, d = s.m, s.d
    jobs = sorted(
        (float(d.seen[k]), int(d.unit[k]), k)
        for k in range(len(d.unit))
        if not s.calm and math.isnan(d.end[k]) and s.hit_end[k] == math.inf and d.seen[k] <= s.now + TICK
    )
    for _, unit, k in jobs:
        crew = int(m.units.crew[unit])
        free = [t for t, (at, _, _) in enumerate(s.teams[crew]) if at <= s.now + TICK]
        if not free:
            continue
        _, lat, lon = s.teams[crew][free[0]]
        km = distance(lat, lon, float(m.units.lat[unit]), float(m.units.lon[unit]))
        s.hit_end[k] = shift_end(s, crew, km / float(m.crews.speed[crew]) + float(d.work[k]))
        there = (lat, lon) if math.isnan(m.units.lat[unit]) else (float(m.units.lat[unit]), float(m.units.lon[unit]))
        s.teams[crew][free[0]] = (s.hit_end[k], *there)
        s.events.append(Event(s.now, o.REPAIR, unit, SELF))


def distance(lat: float, lon: float, lat2: float, lon2: float) -> float:
    """Return kilometres in a straight line on a local plane; 0 where a position is not known."""
    if math.isnan(lat) or math.isnan(lat2):
        return 0.0
    x = (lon2 - lon) * math.cos(math.radians(0.5 * (lat + lat2)))
    return KM_PER_DEG * math.sqrt(x * x + (lat2 - lat) * (lat2 - lat))


def shift_end(s: State, crew: int, work: float) -> float:
    """Return the hour at which `work` hours are done from now on, counting only the crew's shift."""
    first, length = float(s.m.crews.shift_start[crew]), float(s.m.crews.shift_hours[crew])
    if length >= 24.0 - TICK:
        return s.now + work
    into = (s.now + s.d.clock - first) % 24.0
    begins = s.now if into < length else s.now + (24.0 - into)
    first_day = length - into if into < length else length
    if work <= first_day:
        return begins + work
    rest = work - first_day
    days = math.floor(rest / length)
    rest -= days * length
    return begins + first_day + (24.0 - length) + days * 24.0 + rest


def settle(s: State) -> None:
    """Steps 2 and 3: from the candidates, fall to the fixed point."""
    n = len(s.m.ids)
    for u in range(n):
        s.c[u] = s.v[u] = s.crit[u] = 1.0 if s.alive[u] else 0.0
        s.control[u] = True
    flow.candidates(s)
    moved = True
    while moved:
        sweep(s)
        moved = flow.solve_power(s)
        moved = flow.solve_gas(s) or moved
        moved = flow.solve_transport(s) or moved


def sweep(s: State) -> None:
    """Let capacities fall in unit order until none does."""
    moved = True
    while moved:
        moved = False
        for u in range(len(s.m.ids)):
            value, who = capacity(s, u)
            kept = has_control(s, u)
            if s.control[u] and not kept:
                s.control[u], moved = False, True
            if s.alive[u] and value < s.c[u] - STEP:
                s.c[u] = value
                fall(s, u, min(s.v[u], value), min(s.crit[u], value), who)
                if value <= STEP:
                    die(s, u, o.DOWN, who)
                moved = True


def has_control(s: State, u: int) -> bool:
    """Say whether u is under control: by itself and by whoever commands it; a process system also needs half its inputs."""
    boss = int(s.m.units.commander[u])
    if not s.own_control[u] or (boss != NONE and not s.control[boss]):
        return False
    if s.m.units.table[u] == T["systems"] and s.m.units.family[u] == PROCESS:
        return min((level(s, k)[0] for k in rows_of(s, u)), default=1.0) >= 0.5
    return True


def rows_of(s: State, u: int) -> range:
    """Return the dependency rows of u."""
    return range(int(s.m.rows.start[u]), int(s.m.rows.start[u + 1]))


def capacity(s: State, u: int) -> tuple[float, int]:
    """Return what u could give, and who limits it."""
    best, who = s.own[u], s.opened.get(u, SELF)
    boss = int(s.m.units.commander[u])
    if boss != NONE:
        left = s.own[boss] if s.m.units.family[boss] == PROCESS else s.c[boss]
        if left < best:
            best, who = left, boss
    for k in rows_of(s, u):
        left, provider = level(s, k)
        if left < best:
            best, who = left, provider
    return best, who


def level(s: State, k: int) -> tuple[float, int]:
    """Return what dependency row k leaves its dependant, and the provider with the largest weighted shortfall."""
    supplied, provider = supply(s, k)
    spent = s.row[k] in (OUT, RECOVERING) or (s.row[k] == DRAINING and s.row_due[k] <= s.now + TICK)
    spent = spent or s.d.autonomy[k] <= TICK
    if not spent:
        return 1.0, provider
    left = supplied + (1.0 - supplied) * float(s.d.degraded[k])
    if s.row[k] in (OUT, RECOVERING) and s.m.rows.recovery[k] > TICK:
        left = min(left, s.held[k])
    return left, provider


def supply(s: State, k: int) -> tuple[float, int]:
    """Return the supply of row k (all, any, k_of_n, mean) and the provider with the largest weighted shortfall."""
    r = s.m.rows
    span = range(int(r.first[k]), int(r.first[k + 1]))
    share = s.crit if r.critical[k] else s.v
    values = [share[r.provider[j]] for j in span]
    worst, short = int(r.provider[span[0]]), -1.0
    for j, value in zip(span, values, strict=True):
        if r.weight[j] * (1.0 - value) > short:
            worst, short = int(r.provider[j]), r.weight[j] * (1.0 - value)
    if r.logic[k] == 0:
        return min(values), worst
    if r.logic[k] == 1:
        return max(values), worst
    if r.logic[k] == 2:  # noqa: PLR2004  LOGICS[2] is k_of_n
        return sorted(values, reverse=True)[int(r.k[k]) - 1], worst
    total = 0.0
    for j, value in zip(span, values, strict=True):
        total += r.weight[j] * value
    return min(total, 1.0) if short > STEP else 1.0, worst


def start(s: State) -> bool:
    """Step 4: start what the settled state allows, once per instant; say whether anything started."""
    m = s.m
    started = False
    for u in range(len(m.ids)):
        if s.alive[u] or s.started[u] or m.units.table[u] == T["power_buses"]:
            continue
        able = capacity(s, u)[0] > STEP
        if m.units.table[u] == T["generators"]:
            able = able and flow.generator_may_start(s, u)
            if not able:
                s.ready.pop(u, None)
            elif u not in s.ready:
                s.ready[u] = s.now + float(m.power.g_restart[u - m.units.start[T["generators"]]])
            able = able and s.ready[u] <= s.now + TICK
        if able:
            s.ready.pop(u, None)
            s.alive[u] = s.started[u] = started = True
    moved = True
    while moved:  # a bus energises its neighbours at once: what then is served is for the dispatch to say
        moved = False
        for u in range(int(m.units.start[T["power_buses"]]), int(m.units.start[T["power_buses"] + 1])):
            if not s.alive[u] and not s.started[u] and capacity(s, u)[0] > STEP and flow.bus_may_start(s, u):
                s.alive[u] = s.started[u] = started = moved = True
    return started


def after_rows(s: State) -> None:
    """Move each dependency row on, given the settled supply."""
    for k in range(len(s.row)):
        supplied, provider = supply(s, k)
        autonomy = float(s.d.autonomy[k])
        if supplied >= 1.0 - CHANGE:
            if s.row[k] == OUT and s.m.rows.recovery[k] > TICK:
                s.row[k], s.row_due[k] = RECOVERING, s.now + float(s.m.rows.recovery[k])
            elif s.row[k] != RECOVERING:
                s.row[k], s.row_due[k] = WHOLE, math.inf
            continue
        if s.row[k] == WHOLE:
            s.row[k], s.row_due[k] = DRAINING, s.now + autonomy
        if s.row[k] == DRAINING and s.row_due[k] <= s.now + TICK:
            if autonomy > TICK:
                s.events.append(Event(s.now, o.EXPIRED, int(s.m.rows.unit[k]), provider))
            s.row[k] = OUT
        if s.row[k] == RECOVERING:
            s.row[k] = OUT
        if s.row[k] == OUT:
            s.row_due[k] = math.inf
            s.held[k] = level_out(s, k, supplied)


def level_out(s: State, k: int, supplied: float) -> float:
    """Return the level that an expired row is left with."""
    return supplied + (1.0 - supplied) * float(s.d.degraded[k])


def trace(s: State) -> None:
    """Write the changes of this instant: losses in the order in which they fell, then gains in unit order."""
    for u, what in s.fell.items():
        if s.v[u] < s.prev[u] - CHANGE:
            kind = o.DOWN if s.v[u] <= CHANGE else o.DEGRADED
            s.events.append(Event(s.now, kind if what in (NONE, o.DOWN) else what, u, s.cause[u]))
    for u in range(len(s.m.ids)):
        if s.v[u] > s.prev[u] + CHANGE:
            s.events.append(Event(s.now, o.RECOVERED if s.v[u] >= 1.0 - CHANGE else o.IMPROVED, u, SELF))
    s.prev = list(s.v)
