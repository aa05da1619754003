"""Kernels: gas with its stores, and transport, in the event engine (docs/semantics.md, Gas, transport, services)."""

from __future__ import annotations

import numpy as np

from noroshi.flow.kernel import Bools, Floats, Tables, bare, row_kept, row_taken
from noroshi.flow.seams import bare_seam
from noroshi.flow.transport import allocate
from noroshi.stress.draw import Draw
from noroshi.stress.kernel_limits import settled, snap
from noroshi.stress.kernel_shares import fall, shares
from noroshi.stress.kernel_solutions import gas_solved
from noroshi.stress.kernel_units import tell
from noroshi.stress.model import NONE
from noroshi.stress.outcome import DEMAND, SELF
from noroshi.stress.outcome import EMPTY as RAN_EMPTY
from noroshi.stress.rules import CHANGE, EMPTY, SNAP, STEP, TICK
from noroshi.stress.scene import (
    BLOCK,
    DRAW,
    FAILED,
    GAS_HELD,
    GAS_KNOWN,
    GAS_PLAIN,
    LINKS,
    NODES,
    PIPES,
    PLAN,
    SCENE,
    SOURCES,
    STORES,
    TRIPS,
    Plan,
    Scene,
)  # fmt: skip


@bare
def has_gas(level: Floats, size: Floats, t: int) -> bool:
    """Say whether a store has something left."""
    return level[t] > EMPTY * size[t]


@bare
def has_room(level: Floats, size: Floats, t: int) -> bool:
    """Say whether a store can take more."""
    return level[t] < (1.0 - EMPTY) * size[t]


@bare
def inputs_moved(m: Plan, s: Scene) -> bool:
    """Compare the inputs of gas with those of the last solution, and keep them."""
    count = s.count
    level = s.level
    t_size = m.gas.t_size
    start = m.units.start
    s_c = s.c
    gas_key = s.gas_key
    first, last = start[NODES], start[LINKS]
    moved = count[GAS_KNOWN] != count[BLOCK] + 1
    for u in range(first, last):
        if s_c[u] != gas_key[u - first]:
            moved = True
            gas_key[u - first] = s_c[u]
    at = last - first
    for t in range(s.level.size):
        for flag in (1.0 if has_gas(level, t_size, t) else 0.0, 1.0 if has_room(level, t_size, t) else 0.0):
            if gas_key[at] != flag:
                moved = True
                gas_key[at] = flag
            at += 1
    count[GAS_KNOWN] = count[BLOCK] + 1
    return moved


@bare
def solve_once(m: Plan, d: Draw, s: Scene) -> None:
    """Solve the gas network as it is now."""
    s_c = s.c
    gas_demand = s.gas_demand
    count = s.count
    s_draw = s.draw
    s_fill = s.fill
    level = s.level
    t_size = m.gas.t_size
    start = m.units.start
    demand = m.gas.demand
    critical = m.gas.critical
    unserved = s.unserved
    gas_ceiling = s.gas_ceiling
    p_cap = m.gas.p_cap
    p_back = m.gas.p_back
    s_node = m.gas.s_node
    s_cap = m.gas.s_cap
    t_node = m.gas.t_node
    p_from = m.gas.p_from
    p_to = m.gas.p_to
    t_draw = m.gas.t_draw
    t_fill = m.gas.t_fill
    g = m.gas
    nodes, pipes, stores = g.critical.size, g.p_from.size, g.t_node.size
    low = s.gas_low
    high = s.gas_high
    node = s_c[start[NODES] : start[NODES + 1]]
    count[GAS_HELD] = 0
    for n in range(nodes):
        gas_demand[n] = demand[n, count[BLOCK]] * d.demand
        high[n, 0] = (1.0 - critical[n]) * gas_demand[n]
        high[n, 1] = critical[n] * gas_demand[n]
        left = (1.0 - node[n]) * (high[n, 0] + high[n, 1])
        for k in range(2):
            must = min(left, high[n, k])
            left -= must
            if gas_ceiling[n, k] > must:
                count[GAS_HELD] = 1
            low[n, k] = min(max(must, gas_ceiling[n, k]), high[n, k])
    forward = s.gas_forward
    backward = s.gas_backward
    for p in range(pipes):
        c = s_c[start[PIPES] + p] if node[p_from[p]] > STEP and node[p_to[p]] > STEP else 0.0
        forward[p] = c * p_cap[p]
        backward[p] = c * p_back[p]
    send = s.send
    for q in range(send.size):
        send[q] = s_c[start[SOURCES] + q] * s_cap[q] if node[s_node[q]] > STEP else 0.0
    draw = s.draw_cap
    fill = s.fill_cap
    for t in range(stores):
        c = s_c[start[STORES] + t] if node[t_node[t]] > STEP else 0.0
        draw[t] = c * t_draw[t] if has_gas(level, t_size, t) else 0.0
        fill[t] = c * t_fill[t] if has_room(level, t_size, t) else 0.0
    if gas_solved(m, s) != 0:
        count[FAILED] += 1
    for n in range(nodes):
        for k in range(2):
            unserved[n, k] = settled(unserved[n, k], low[n, k], high[n, k], gas_ceiling[n, k])
            gas_ceiling[n, k] = max(gas_ceiling[n, k], unserved[n, k])
    for t in range(stores):
        s_draw[t] = snap(s_draw[t], 0.0, np.inf)
        s_fill[t] = snap(s_fill[t], 0.0, np.inf)


@bare
def better(fell: Bools, unit: int, loss: float, who: int, best: float) -> bool:
    """Say whether `unit` is a likelier cause than `who`: fallen in this instant first, then the larger loss."""
    fallen = who != DEMAND and fell[who]
    return loss > CHANGE and (fell[unit] > fallen or (fell[unit] == fallen and loss > best))


@bare
def culprit(m: Plan, s: Scene, part: int) -> int:
    """Return the gas unit of a connected network with the largest loss, of those fallen now if any; else DEMAND."""
    start = m.units.start
    p_cap = m.gas.p_cap
    s_cap = m.gas.s_cap
    t_draw = m.gas.t_draw
    g_part = m.gas.part
    alive = s.alive
    fell = s.fell
    s_c = s.c
    p_from = m.gas.p_from
    s_node = m.gas.s_node
    t_node = m.gas.t_node
    p_to = m.gas.p_to
    g = m.gas
    who = DEMAND
    best = CHANGE
    for n in range(g.critical.size):
        unit = start[NODES] + n
        if g_part[n] == part and not alive[unit]:
            loss = 0.0
            for q in range(g.s_node.size):
                loss += s_cap[q] if s_node[q] == n else 0.0
            for p in range(g.p_from.size):
                loss += p_cap[p] if p_from[p] == n or p_to[p] == n else 0.0
            if better(fell, unit, loss, who, best):
                who, best = unit, loss
    for p in range(g.p_from.size):
        unit = start[PIPES] + p
        loss = (1.0 - s_c[unit]) * p_cap[p]
        if g_part[p_from[p]] == part and better(fell, unit, loss, who, best):
            who, best = unit, loss
    for q in range(g.s_node.size):
        unit = start[SOURCES] + q
        loss = (1.0 - s_c[unit]) * s_cap[q]
        if g_part[s_node[q]] == part and better(fell, unit, loss, who, best):
            who, best = unit, loss
    for t in range(g.t_node.size):
        unit = start[STORES] + t
        loss = (1.0 - s_c[unit]) * t_draw[t]
        if g_part[t_node[t]] == part and better(fell, unit, loss, who, best):
            who, best = unit, loss
    return who


@bare
def nominal(m: Plan, s: Scene) -> bool:
    """Say whether nothing in the network is impaired and every store is full."""
    start = m.units.start
    key = s.gas_key
    units = start[LINKS] - start[NODES]
    fine = True
    for i in range(key.size):
        wanted = 1.0 if i < units or (i - units) % 2 == 0 else 0.0
        fine = fine and key[i] == wanted
    return fine


@bare
def recall(d: Draw, s: Scene) -> bool:
    """Take the nominal solution of this level and block, if it is known."""
    at = 6 * d.level + s.count[BLOCK]
    if not s.memo.gas[at]:
        return False
    row_taken(s.memo.gas_demand, at, s.gas_demand)
    row_taken(s.memo.gas_answer, at, s.gas_out)
    s.count[GAS_HELD] = 0
    return True


@bare
def untouched(unserved: Tables, draw: Floats, fill: Floats) -> bool:
    """Say whether everyone is served without the stores."""
    plain = True
    for n in range(unserved.shape[0]):
        plain &= unserved[n, 0] == 0.0 and unserved[n, 1] == 0.0
    for t in range(draw.size):
        plain &= draw[t] == 0.0 and fill[t] == 0.0
    return plain


@bare
def remember(d: Draw, s: Scene) -> None:
    """Keep the nominal solution of this level and block, if it serves everyone without the stores."""
    at = 6 * d.level + s.count[BLOCK]
    if untouched(s.unserved, s.draw, s.fill):
        s.memo.gas[at] = True
        row_kept(s.gas_demand, s.memo.gas_demand, at)
        row_kept(s.gas_out, s.memo.gas_answer, at)


@bare_seam("boolean", PLAN, DRAW, SCENE)
def solve_gas(m: Plan, d: Draw, s: Scene) -> bool:
    """Solve gas if an input changed, lower the shares of its nodes; say whether anything fell."""
    gas_demand = s.gas_demand
    start = m.units.start
    critical = m.gas.critical
    alive = s.alive
    unserved = s.unserved
    part = m.gas.part
    v = s.v
    s_crit = s.crit
    g = m.gas
    if g.critical.size == 0:
        return False
    if inputs_moved(m, s):
        plain = nominal(m, s)
        s.count[GAS_PLAIN] = 1 if plain else 0
        if not (plain and recall(d, s)):
            solve_once(m, d, s)
            if plain:
                remember(d, s)
    f = shares(m, s)
    moved = False
    blamed = s.blamed
    blamed[:] = SELF
    for n in range(g.critical.size):
        u = start[NODES] + n
        demand = gas_demand[n]
        total = max(0.0, 1.0 - (unserved[n, 0] + unserved[n, 1]) / demand) if demand > 0.0 else 1.0
        top = critical[n] * demand
        crit = max(0.0, 1.0 - unserved[n, 1] / top) if top > 0.0 else total
        if alive[u] and (total < v[u] - STEP or crit < s_crit[u] - STEP):
            if blamed[part[n]] == SELF:
                blamed[part[n]] = culprit(m, s, part[n])
            moved = fall(f, u, total, crit, blamed[part[n]], NONE) or moved
    return moved


@bare
def changed(values: Floats, key: Floats) -> bool:
    """Say whether the values are others than the last time, and keep them."""
    moved = False
    for k in range(key.size):
        moved |= values[k] != key[k]
        key[k] = values[k]
    return moved


@bare
def solve_transport(m: Plan, s: Scene) -> bool:
    """Put trips on their routes and lower their shares; say whether anything fell."""
    start = m.units.start
    primary_at = m.transport.route.primary_at
    primary_link = m.transport.route.primary_link
    alive = s.alive
    served = s.served
    v = s.v
    l_cap = m.transport.l_cap
    cap = s.link_cap
    t = m.transport
    if t.demand.size == 0:
        return False
    links, trips = start[LINKS], start[TRIPS]
    c = s.c[links : links + t.l_cap.size]
    if changed(c, s.link_key):
        for link in range(c.size):
            cap[link] = c[link] * l_cap[link]
        allocate(cap, t.route, t.demand, t.order, s.served, s.load)
    f = shares(m, s)
    moved = False
    for k in range(t.demand.size):
        u = trips + k
        if not alive[u] or served[k] >= v[u] - STEP:
            continue
        worst = NONE
        for i in range(primary_at[k], primary_at[k + 1]):
            link = primary_link[i]
            if worst == NONE or c[link] < c[worst]:
                worst = link
        if worst == NONE or c[worst] >= 1.0 - STEP:
            worst = NONE
            most = CHANGE
            for link in range(c.size):
                if (1.0 - c[link]) * l_cap[link] > most:
                    most = (1.0 - c[link]) * l_cap[link]
                    worst = link
        who = DEMAND if worst == NONE else links + worst
        moved = fall(f, u, served[k], served[k], who, NONE) or moved
    return moved


@bare
def stores_due(m: Plan, s: Scene, best: float) -> float:
    """Return the sooner of `best` and the hour at which a store runs empty or full."""
    fill = s.fill
    draw = s.draw
    now = s.now
    level = s.level
    t_size = m.gas.t_size
    if s.count[GAS_KNOWN] == 0:
        return best
    for t in range(s.level.size):
        rate = fill[t] - draw[t]
        hour = np.inf
        if rate < -SNAP:
            hour = now[0] + level[t] / -rate
        elif rate > SNAP:
            hour = now[0] + (t_size[t] - level[t]) / rate
        if now[0] + TICK < hour < best:
            best = hour
    return best


@bare
def advance_stores(m: Plan, s: Scene, hours: float) -> None:
    """Let levels change for `hours`; a store that runs empty says so."""
    level = s.level
    s_now = s.now
    t_size = m.gas.t_size
    fill = s.fill
    draw = s.draw
    part = m.gas.part
    t_node = m.gas.t_node
    start = m.units.start
    if s.count[GAS_KNOWN] == 0:
        return
    for t in range(s.level.size):
        before = level[t]
        level[t] = before + (fill[t] - draw[t]) * hours
        if not has_gas(level, t_size, t):
            level[t] = 0.0
            if before > EMPTY * t_size[t]:
                who = culprit(m, s, part[t_node[t]])
                now = s_now[0]
                s_now[0] = now + hours
                tell(s, RAN_EMPTY, start[STORES] + t, who)
                s_now[0] = now
        elif not has_room(level, t_size, t):
            level[t] = t_size[t]
