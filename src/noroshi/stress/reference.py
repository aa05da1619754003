"""The reference engine: docs/semantics.md in plain Python. It is the specification; `stress.engine` must equal it.

Nothing is fast on purpose. `reference_flow` solves the networks; here are time, capacity, start and trace.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from noroshi.stress import outcome as o
from noroshi.stress import reference_flow as flow
from noroshi.stress.draw import Draw
from noroshi.stress.effects import BY_HAND, LEFT, MANUAL, SEEN, TAKES_CONTROL, UNSEEN
from noroshi.stress.model import LOGICS, NONE, PROCESS, Model, T
from noroshi.stress.networks import TRANCHES
from noroshi.stress.outcome import DEMAND, SELF, Event, Run
from noroshi.stress.reference_flow import State, at, die, fall
from noroshi.stress.rules import BLOCK_H, CHANGE, DRAINING, KM_PER_DEG, OUT, RECOVERING, SNAP, STEP, TICK, WHOLE


def run(m: Model, d: Draw, look: Callable[[State], Any] = lambda _: None) -> Run:
    """Run one scenario and return shares and events; `look` sees the settled state of every instant."""
    s, hours, shares = begin(m, d), list[float](), list[list[float]]()
    instant(s)  # the ordinary state just before the shock: set-points, first shares
    s.calm = False
    while True:
        instant(s)
        look(s)
        hours.append(s.now)
        shares.append([s.v[u] for u in m.services.unit])
        due = coming(s)
        if due >= d.horizon - TICK:
            return Run(d.horizon, np.array(hours), np.array(shares).reshape(len(hours), -1), tuple(s.events))
        flow.advance_stores(s, due - s.now)
        s.now = due


def begin(m: Model, d: Draw) -> State:
    """Return the state just before hour 0: everything runs, every row is whole."""
    n, rows, hits = len(m.ids), len(m.row_ids), len(d.unit)
    s = State(m=m, d=d, now=0.0, calm=True, ready={}, fell={}, opened={}, events=[], cause=[DEMAND] * n)
    s.own, s.c, s.v, s.crit, s.prev = ([1.0] * n for _ in range(5))
    s.own_control, s.control, s.alive = ([True] * n for _ in range(3))
    s.rows = [range(int(m.rows.start[u]), int(m.rows.start[u + 1])) for u in range(n)]
    s.row, s.row_due, s.held = [WHOLE] * rows, [math.inf] * rows, [1.0] * rows
    s.hit_end, s.hit_said = [math.inf if math.isnan(end) else float(end) for end in d.end], [0] * hits
    s.teams = [[(0.0, float(m.crews.lat[k]), float(m.crews.lon[k]))] * int(t) for k, t in enumerate(m.crews.teams)]
    flow.begin(s)
    return s


def coming(s: State) -> float:
    """Return the next hour at which something is due; infinity if nothing is."""
    times = [BLOCK_H * (math.floor((s.now + s.d.clock + TICK) / BLOCK_H) + 1) - s.d.clock]
    times += [float(t) for k in range(len(s.d.unit)) for t in stages(s, k)]
    times += [*s.row_due, *s.ready.values(), *s.power.pending]
    for size, level, rate in zip(s.m.gas.t_size, s.gas.level, s.gas.fill - s.gas.draw, strict=True):  # empty or full
        times += [s.now + float((size - level if rate > 0 else level) / abs(rate))] if abs(rate) > SNAP else []
    return min((t for t in times if t > s.now + TICK), default=math.inf)


def stages(s: State, k: int) -> tuple[float, float, float, float]:
    """Return the hours at which hit k lands, is seen, is worked by hand (infinity where it cannot be), and ends."""
    d, unit = s.d, s.d.unit[k]
    system = s.m.units.table[unit] == T["systems"] and not math.isnan(d.manual[unit])
    return d.onset[k], d.seen[k], d.seen[k] + d.manual_after[unit] if system else math.inf, s.hit_end[k]


def instant(s: State) -> None:
    """Bring everything that is due now to its new settled state, and write the trace."""
    s.block = math.floor((s.now + s.d.clock + TICK) / BLOCK_H) % 6
    equipment(s)
    for k, due in enumerate(s.row_due):
        if s.row[k] == RECOVERING and due <= s.now + TICK:
            s.row[k], s.row_due[k], s.held[k] = OUT, math.inf, 1.0
    s.started, s.fell = [False] * len(s.m.ids), {}
    again = True
    while again:
        candidates(s)
        while lower(s):
            pass
        again = start(s)
    after_rows(s)
    flow.commit(s)
    trace(s)


def equipment(s: State) -> None:
    """Step 1: own states and control from hits and their phases; crews."""
    m, d = s.m, s.d
    assign_crews(s)
    s.own, s.own_control = [1.0] * len(m.ids), [True] * len(m.ids)
    for k in range(0 if s.calm else len(d.unit)):
        unit, effect, hours = int(d.unit[k]), int(d.effect[k]), stages(s, k)
        told = (o.HIT, o.DETECTED, o.BY_HAND, o.REPAIRED if math.isnan(d.end[k]) else o.ENDED)
        landed, seen, by_hand, ended = (hour <= s.now + TICK for hour in hours)
        for bit, reached in enumerate((landed, seen, by_hand and hours[2] < hours[3] - TICK, ended)):
            if reached and not s.hit_said[k] >> bit & 1:
                s.hit_said[k] |= 1 << bit
                s.events.append(Event(s.now, told[bit], unit, SELF))
        if landed and not ended:
            phase = BY_HAND if by_hand else SEEN if seen else UNSEEN
            left = float(LEFT[effect, m.units.family[unit] if m.units.table[unit] == T["systems"] else 3, phase])
            s.own[unit] = min(s.own[unit], float(d.manual[unit]) if left == MANUAL else left)
            s.own_control[unit] &= bool((phase == BY_HAND and d.manual[unit] > 0) or not TAKES_CONTROL[effect])


def assign_crews(s: State) -> None:
    """Give free teams the oldest jobs; a job's end is known once it is taken. Unknown places take no travel."""
    d, u, crews = s.d, s.m.units, s.m.crews
    jobs = [k for k in range(len(d.unit)) if math.isnan(d.end[k]) and s.hit_end[k] == math.inf]
    for k in sorted(jobs, key=lambda k: (d.seen[k], d.unit[k])):
        unit, crew = int(d.unit[k]), int(u.crew[d.unit[k]])
        free = [t for t, (since, _, _) in enumerate(s.teams[crew]) if since <= s.now + TICK]
        if free and d.seen[k] <= s.now + TICK and not s.calm:
            _, lat, lon = s.teams[crew][free[0]]
            there = (lat, lon) if math.isnan(u.lat[unit]) else (float(u.lat[unit]), float(u.lon[unit]))
            x = (there[1] - lon) * math.cos(math.radians(0.5 * (lat + there[0])))
            km = 0.0 if math.isnan(lat) else KM_PER_DEG * math.sqrt(x * x + (there[0] - lat) ** 2)
            s.hit_end[k] = shift_end(s, crew, km / float(crews.speed[crew]) + float(d.work[k]))
            s.teams[crew][free[0]] = (s.hit_end[k], *there)
            s.events.append(Event(s.now, o.REPAIR, unit, SELF))


def shift_end(s: State, crew: int, work: float) -> float:
    """Return the hour at which `work` hours are done from now on, counting only the crew's shift."""
    length = float(s.m.crews.shift_hours[crew])
    into = float((s.now + s.d.clock - s.m.crews.shift_start[crew]) % 24.0)
    begins, today = (s.now, length - into) if into < length else (s.now + (24.0 - into), length)
    nights = 0 if work <= today else 1 + math.floor((work - today) / length)
    return float(s.now + work if length >= 24.0 - TICK else begins + work + nights * (24.0 - length))


def candidates(s: State) -> None:
    """Step 2: whatever is alive, at full share; a solution held down by its pass, or due now, is forgotten."""
    s.c, s.v, s.crit = ([1.0 if alive else 0.0 for alive in s.alive] for _ in range(3))
    s.control = [True] * len(s.alive)
    due = min(s.power.pending, default=math.inf) <= s.now + TICK
    for st, net, parts, old in ((s.power, s.m.power, TRANCHES, due), (s.gas, s.m.gas, 2, False)):
        st.key = None if st.was_held or old else st.key
        st.ceiling = np.zeros((len(net.critical), parts))


def lower(s: State) -> bool:
    """Step 3, once: capacities, then the networks; say whether a network fell, so that it must be done again."""
    while sweep(s):
        pass
    return any([flow.solve_power(s), flow.solve_gas(s), flow.solve_transport(s)])


def sweep(s: State) -> bool:
    """Let capacities and control fall once in unit order; say whether any did."""
    moved = False
    for u in range(len(s.m.ids)):
        value, who = capacity(s, u)
        boss = int(s.m.units.commander[u])
        kept = s.own_control[u] and (boss == NONE or s.control[boss])
        if s.m.units.family[u] == PROCESS:  # it also needs half of its inputs
            kept = kept and all(level(s, k)[0] >= 0.5 for k in s.rows[u])
        if s.control[u] and not kept:
            s.control[u], moved = False, True
        if s.alive[u] and value < s.c[u] - STEP:
            s.c[u], moved = value, True
            fall(s, u, min(s.v[u], value), min(s.crit[u], value), who)
            if value <= STEP:
                die(s, u, o.DOWN, who)
    return moved


def capacity(s: State, u: int) -> tuple[float, int]:
    """Return what u could give, and who limits it (ties: own, command, row order)."""
    limits = [(0.0, s.opened[u]) if u in s.opened else (s.own[u], SELF)]
    boss = int(s.m.units.commander[u])
    if boss != NONE:
        limits.append((s.own[boss] if s.m.units.family[boss] == PROCESS else s.c[boss], boss))
    return min([*limits, *(level(s, k) for k in s.rows[u])], key=lambda limit: limit[0])


def level(s: State, k: int) -> tuple[float, int]:
    """Return what dependency row k leaves its dependant, and the provider with the largest weighted shortfall."""
    supplied, provider = supply(s, k)
    expired = s.row[k] in (OUT, RECOVERING)
    if not (expired or (s.row[k] == DRAINING and s.row_due[k] <= s.now + TICK) or s.d.autonomy[k] <= TICK):
        return 1.0, provider
    left = supplied + (1.0 - supplied) * float(s.d.degraded[k])
    return min(left, s.held[k]) if expired and s.m.rows.recovery[k] > TICK else left, provider


def supply(s: State, k: int) -> tuple[float, int]:
    """Return the supply of row k (all, any, k_of_n, mean) and the provider with the largest weighted shortfall."""
    r, share = s.m.rows, s.crit if s.m.rows.critical[k] else s.v
    span = slice(int(r.first[k]), int(r.first[k + 1]))
    values = [share[p] for p in r.provider[span]]
    lacks = [w * (1.0 - value) for w, value in zip(r.weight[span], values, strict=True)]
    worst = int(r.provider[span][lacks.index(max(lacks))])
    logic = LOGICS[r.logic[k]]
    if logic == "mean":
        mean = float(sum(w * value for w, value in zip(r.weight[span], values, strict=True)))
        return min(mean, 1.0) if max(lacks) > STEP else 1.0, worst
    rank = {"all": len(values), "any": 1, "k_of_n": int(r.k[k])}[logic]
    return sorted(values, reverse=True)[rank - 1], worst


def start(s: State) -> bool:
    """Step 4: start what the settled state allows, once per instant; say whether anything started."""
    table, w, buses, plants = s.m.units.table, s.m.power, at(s, "power_buses"), at(s, "generators")
    before = sum(s.started)
    for u in range(len(s.m.ids)):
        if s.alive[u] or s.started[u] or table[u] == T["power_buses"]:
            continue
        if s.control[u]:  # an overloaded circuit closes again
            s.opened.pop(u, None)
        able = capacity(s, u)[0] > STEP
        if table[u] == T["generators"]:
            g = u - plants.start
            able = able and (bool(w.g_start[g]) or s.alive[buses.start + int(w.g_bus[g])])
            if able and s.ready.setdefault(u, s.now + float(w.g_restart[g])) > s.now + TICK:
                continue
            s.ready.pop(u, None)
        s.alive[u] = s.started[u] = able
    moved = True
    while moved:  # a bus energises its neighbours at once: what then is served is for the dispatch to say
        moved = False
        for b in range(buses.start, buses.stop):
            if not s.alive[b] and not s.started[b] and capacity(s, b)[0] > STEP and flow.bus_may_start(s, b):
                s.alive[b] = s.started[b] = moved = True
    return bool(sum(s.started) > before)


def after_rows(s: State) -> None:
    """Move each dependency row on, given the settled supply."""
    for k in range(len(s.row)):
        supplied, provider = supply(s, k)
        autonomy, recovery = float(s.d.autonomy[k]), float(s.m.rows.recovery[k])
        if supplied >= 1.0 - CHANGE:
            if s.row[k] not in (OUT, RECOVERING) or recovery <= TICK or s.held[k] >= 1.0 - CHANGE:
                s.row[k], s.row_due[k], s.held[k] = WHOLE, math.inf, 1.0
            elif s.row[k] == OUT:
                s.row[k], s.row_due[k] = RECOVERING, s.now + recovery
            continue
        if s.row[k] == WHOLE:
            s.row[k], s.row_due[k] = DRAINING, s.now + autonomy
        if s.row[k] == DRAINING and s.row_due[k] <= s.now + TICK:
            s.row[k] = OUT
            if autonomy > TICK:
                s.events.append(Event(s.now, o.EXPIRED, int(s.m.rows.unit[k]), provider))
        if s.row[k] in (OUT, RECOVERING):
            s.row[k], s.row_due[k] = OUT, math.inf
            s.held[k] = min(s.held[k], supplied + (1.0 - supplied) * float(s.d.degraded[k]))


def trace(s: State) -> None:
    """Write the changes of this instant: losses in the order in which they fell, then gains in unit order."""
    for u, what in s.fell.items():
        if s.v[u] < s.prev[u] - CHANGE:
            kind = o.DOWN if s.v[u] <= CHANGE else o.DEGRADED
            who = s.cause[u]
            for _ in s.fell:  # a cause that was up again by the end of the instant gives way to its own
                passing = who in s.fell and s.v[who] >= s.prev[who] - CHANGE and s.cause[who] != SELF
                who = s.cause[who] if passing else who
            s.events.append(Event(s.now, kind if what in (NONE, o.DOWN) else what, u, who))
    for u in range(len(s.m.ids)):
        if s.v[u] > s.prev[u] + CHANGE:
            s.events.append(Event(s.now, o.RECOVERED if s.v[u] >= 1.0 - CHANGE else o.IMPROVED, u, SELF))
    s.prev = list(s.v)
