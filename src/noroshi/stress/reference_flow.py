"""The networks of the reference engine: dispatch, shedding, collapse and cascade; gas with stores; transport."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from noroshi.flow.dispatch import Grid, Units
from noroshi.flow.gas import GasNet
from noroshi.flow.reference import allocate_reference, dispatch_reference, gas_reference
from noroshi.stress import outcome as o
from noroshi.stress.model import NONE
from noroshi.stress.networks import TRANCHES
from noroshi.stress.outcome import DEMAND, Balance, Event

from noroshi.stress.reference_state import at, die, fall
from noroshi.stress.rules import CHANGE, EMPTY, OVER, REDISPATCH_H, SNAP, STEP, TICK

if TYPE_CHECKING:
    from noroshi.stress.reference_state import State

def begin(s: State) -> None:
    """Prepare: nothing is known of any last solution; stores at their first level."""
    w, g = s.m.power, s.m.gas
    s.power.pending = [math.inf] * len(w.critical)
    s.power.last_p, s.power.set_p = np.zeros(len(w.g_bus)), np.full(len(w.g_bus), np.inf)
    s.power.last_f, s.power.set_f = np.zeros(len(w.dc)), np.full(len(w.dc), np.inf)
    s.power.last_in, s.power.set_shed = np.zeros(len(w.b_from), dtype=bool), np.zeros((len(w.critical), TRANCHES))
    s.gas.level = g.t_first.copy()


def candidates(s: State) -> None:
    """Forget how far shares have fallen: a new pass begins. Where redispatch is due, the last solution no longer holds."""
    if min(s.power.pending, default=math.inf) <= s.now + TICK:
        s.power.key = None
    s.power.ceiling, s.gas.ceiling = np.zeros((len(s.m.power.critical), TRANCHES)), np.zeros((len(s.m.gas.critical), 2))


def of(s: State, table: str, values: list[Any]) -> Any:
    """Return the values of a table's units as an array, of the values' own type also where there are none."""
    return np.array(values[at(s, table)], dtype=type(values[0]))


def tranches(demand: Any, critical: Any) -> Any:
    """Return demand by tranche: four equal parts of the normal demand, then the critical."""
    return np.column_stack([(1.0 - critical) * demand / (TRANCHES - 1)] * (TRANCHES - 1) + [critical * demand])


def forced(hi: Any, share: Any) -> Any:
    """Return what must go unserved if only `share` of the demand can be reached, first tranches first."""
    left, out = (1.0 - share) * hi.sum(axis=1), np.zeros_like(hi)
    for k in range(hi.shape[1]):
        out[:, k] = np.minimum(left, hi[:, k])
        left = left - out[:, k]
    return out


def controlled(s: State) -> tuple[Any, Any]:
    """Return which branches and which generators are under control (a generator also needs its bus's system)."""
    boss = s.m.power.bus_system
    bus = np.array([own and (b == NONE or s.control[b]) for own, b in zip(s.control[at(s, "power_buses")], boss, strict=True)])
    return of(s, "power_branches", s.control), of(s, "generators", s.control) & bus[s.m.power.g_bus]


def solve_power(s: State) -> bool:
    """Solve power if an input changed since the last solution, lower the shares of buses; say whether anything fell."""
    w, st, moved = s.m.power, s.power, False
    if not len(w.critical):
        return False
    while True:
        b_ok, g_ok = controlled(s)
        waits = [due > s.now + TICK and due < math.inf for due in st.pending]
        key = [s.block, waits, b_ok.tolist(), g_ok.tolist()]
        key += [s.c[at(s, t)] for t in ("power_buses", "power_branches", "generators")]
        if key == st.key:
            return short_buses(s) or moved
        result = dispatch(s, b_ok, g_ok, waits)
        if result == "again":
            moved = True
            continue
        st.key = key


def dispatch(s: State, b_ok: Any, g_ok: Any, waits: list[bool]) -> str:
    """Solve the live islands once; "again" if one went dark, collapsed, or a circuit tripped."""
    w, st = s.m.power, s.power
    bus_c, live = of(s, "power_buses", s.c), of(s, "power_buses", s.alive)
    branch_c, gen_c = of(s, "power_branches", s.c), of(s, "generators", s.c)
    closed = (branch_c > STEP) & live[w.b_from] & live[w.b_to]
    ac = w.b_corridor != NONE
    label = labels(live, w.b_from[closed & ac], w.b_to[closed & ac])
    most = gen_c * w.g_max * s.d.capacity * live[w.g_bus]
    for i in range(label.max() + 1):
        fed = (most > STEP) & (label[w.g_bus] == i)
        held_up = closed & ~ac & (w.b_start == 1) & ((label[w.b_from] == i) | (label[w.b_to] == i))
        if not fed.any() and not held_up.any():
            return kill(s, np.flatnonzero(label == i))
    lost = {int(b) for b in w.g_bus[(st.last_p > most + TICK) & live[w.g_bus]]}
    gone = st.last_in & ~closed & ac
    dc_cap = np.where(closed[w.dc], branch_c[w.dc], 0.0)
    cap_fwd, cap_back = dc_cap * w.b_secure[w.dc], dc_cap * w.b_secure_back[w.dc]
    cut = w.dc[(st.last_f > cap_fwd + TICK) | (-st.last_f > cap_back + TICK)]
    lost |= {int(b) for k in (*np.flatnonzero(gone), *cut) for b in (w.b_from[k], w.b_to[k])}
    hit = {int(label[b]) for b in lost if label[b] >= 0}
    new = np.isin(label, list(hit)) & live
    quick = {int(i) for i in label[new | (np.array(waits) & live)]}
    slow = np.isin(label[w.g_bus], list(quick)) | ~g_ok
    bound = np.where(slow, np.minimum(most, st.set_p + w.g_fast), most)
    hold = ~b_ok[w.dc] & np.isfinite(st.set_f)
    cap_fwd = np.where(hold, np.minimum(cap_fwd, np.maximum(st.set_f, 0.0)), cap_fwd)
    cap_back = np.where(hold, np.minimum(cap_back, np.maximum(-st.set_f, 0.0)), cap_back)
    st.demand = w.demand[:, s.block] * s.d.demand
    hi = tranches(st.demand, w.critical)
    must = forced(hi, bus_c)
    lo = np.minimum(np.maximum(must, st.ceiling), hi)
    y, fwd, back = corridors(s, closed, branch_c, b_ok)
    units = Units(w.g_bus, bound, w.g_cost, lo, hi, w.weight, w.b_from[w.dc], w.b_to[w.dc], cap_fwd, cap_back, w.b_cost[w.dc])
    none = np.empty(0)
    grid = Grid(w.c_from, w.c_to, y, y != 0.0, fwd, back, none, none, none, none)  # type: ignore[arg-type]
    best = dispatch_reference(label, int(label.max()) + 1, units, grid)
    p, shed, f = snap(best.p, 0.0, bound), snap(best.shed, lo, hi), snap(best.f, -cap_back, cap_fwd)
    st.ceiling = np.maximum(st.ceiling, shed)
    relief = np.maximum(shed - np.maximum(must, st.set_shed), 0.0).sum(axis=1)
    for i in sorted(quick):
        area = np.flatnonzero(label == i)
        if relief[area].sum() > (w.ufls[area] * st.demand[area]).sum() + SNAP:
            return kill(s, area)
    worst, ratio = NONE, 1.0 + OVER
    for k in np.flatnonzero(closed & ac & ~b_ok):
        load = abs(best.flow[w.b_corridor[k]]) * abs(w.b_y[k] / y[w.b_corridor[k]]) / (w.b_rating[k] * branch_c[k])
        if load > ratio:
            worst, ratio = int(k), load
    if worst != NONE:
        trip(s, worst)
        return "again"
    st.p, st.shed, st.f, st.label = p, shed, f, label
    st.sudden = {int(b) for b in np.flatnonzero(new)}
    st.closed, st.g_ok, st.b_ok = closed, g_ok, b_ok
    return "done"


def labels(live: Any, start: Any, end: Any) -> Any:
    """Return the island of each live bus, numbered by lowest bus; -1 = dead."""
    label = np.where(live, np.arange(len(live)), NONE)
    before = None
    while before is None or (label != before).any():
        before = label.copy()
        low = np.minimum(label[start], label[end])
        np.minimum.at(label, start, low)
        np.minimum.at(label, end, low)
    names = np.unique(label[label >= 0])
    return np.where(live, np.searchsorted(names, label), NONE)


def corridors(s: State, closed: Any, branch_c: Any, b_ok: Any) -> tuple[Any, Any, Any]:
    """Return each corridor's susceptance and its limits both ways, from its closed circuits under control."""
    w = s.m.power
    y, fwd, back = np.zeros(len(w.c_from)), np.full(len(w.c_from), np.inf), np.full(len(w.c_from), np.inf)
    for k in np.flatnonzero(closed & (w.b_corridor != NONE)):
        y[w.b_corridor[k]] += w.b_y[k]
    for k in np.flatnonzero(closed & (w.b_corridor != NONE) & b_ok):
        j, scale = w.b_corridor[k], branch_c[k] * abs(y[w.b_corridor[k]] / w.b_y[k])
        there, again = (w.b_secure, w.b_secure_back) if w.b_sign[k] > 0 else (w.b_secure_back, w.b_secure)
        fwd[j], back[j] = min(fwd[j], there[k] * scale), min(back[j], again[k] * scale)
    return y, fwd, back


def snap(x: Any, lo: Any, hi: Any) -> Any:
    """Return x inside its bounds, at a bound where it is nearly there."""
    x = np.where(np.abs(x - lo) < SNAP, lo, x)
    return np.clip(np.where(np.abs(x - hi) < SNAP, hi, x), lo, hi)


def kill(s: State, area: Any) -> str:
    """Black out an island: its buses and generators must be started again."""
    first, plants = at(s, "power_buses").start, at(s, "generators").start
    who = power_culprit(s, int(s.m.power.part[area[0]]))
    for b in area:
        die(s, first + int(b), o.BLACKOUT, who)
    for g in np.flatnonzero(np.isin(s.m.power.g_bus, area)):
        die(s, plants + int(g), o.DOWN, first + int(s.m.power.g_bus[g]))
    return "again"


def trip(s: State, k: int) -> None:
    """Open an overloaded circuit until its control is back; blame who lost control."""
    unit = at(s, "power_branches").start + k
    boss = int(s.m.units.commander[unit])
    who = boss if boss != NONE and s.own_control[unit] else unit
    s.opened[unit], s.own[unit] = who, 0.0
    die(s, unit, o.TRIPPED, o.SELF if who == unit else who)


def power_culprit(s: State, part: int) -> int:
    """Return the unit of a connected network with the largest loss now, fallen in this instant if any; else DEMAND."""
    w, best, who = s.m.power, (False, CHANGE), DEMAND
    buses, branches, plants = (at(s, t).start for t in ("power_buses", "power_branches", "generators"))
    losses = []
    for b in np.flatnonzero(w.part == part):
        if not s.alive[buses + b]:
            through = w.b_rating[(w.b_from == b) | (w.b_to == b)].sum()
            losses.append((buses + int(b), float(through + w.g_max[w.g_bus == b].sum())))
    losses += [(branches + int(k), (1.0 - s.c[branches + k]) * w.b_rating[k]) for k in np.flatnonzero(w.part[w.b_from] == part)]
    for g in np.flatnonzero(w.part[w.g_bus] == part):
        unit, bus = plants + int(g), int(w.g_bus[g])
        losses.append((unit, (1.0 - s.c[unit]) * w.g_max[g]))
        kept = s.control[unit] and (w.bus_system[bus] == NONE or s.control[w.bus_system[bus]])
        if not kept and s.c[unit] > 0 and math.isfinite(s.power.set_p[g]):
            boss = int(s.m.units.commander[unit])
            boss = boss if boss != NONE and not s.control[boss] else int(w.bus_system[bus])
            losses.append((boss if boss != NONE else unit, max(w.g_max[g] - s.power.set_p[g] - w.g_fast[g], 0.0)))
    for unit, loss in losses:
        if (unit in s.fell, loss) > best and loss > CHANGE:
            best, who = (unit in s.fell, loss), unit
    return who


def short_buses(s: State) -> bool:
    """Lower the shares of buses to what the last solution serves them."""
    w, st, moved, who = s.m.power, s.power, False, {}
    hi = tranches(st.demand, w.critical)
    for b in range(len(w.critical)):
        u = at(s, "power_buses").start + b
        if s.alive[u]:
            total = 1.0 - float(st.shed[b].sum() / st.demand[b]) if st.demand[b] > 0 else 1.0
            crit = 1.0 - float(st.shed[b, -1] / hi[b, -1]) if hi[b, -1] > 0 else total
            part = int(w.part[b])
            if total < s.v[u] - STEP or crit < s.crit[u] - STEP:
                who[part] = power_culprit(s, part) if part not in who else who[part]
                moved = fall(s, u, total, crit, who[part]) or moved
    return moved


def generator_may_start(s: State, u: int) -> bool:
    """Say whether a generator has what it takes: power at its bus, or its own start."""
    g = u - at(s, "generators").start
    return bool(s.m.power.g_start[g]) or s.alive[at(s, "power_buses").start + int(s.m.power.g_bus[g])]


def bus_may_start(s: State, u: int) -> bool:
    """Say whether something live can energise a dead bus."""
    w, first = s.m.power, at(s, "power_buses").start
    b = u - first
    for g in np.flatnonzero(w.g_bus == b):
        unit = at(s, "generators").start + g
        if s.alive[unit] and s.c[unit] * w.g_max[g] > STEP or s.started[unit]:
            return True
    for k in np.flatnonzero((w.b_from == b) | (w.b_to == b)):
        unit, other = at(s, "power_branches").start + k, first + int(w.b_from[k] + w.b_to[k] - b)
        if s.alive[unit] and s.c[unit] > STEP and s.alive[other] and (w.b_corridor[k] != NONE or w.b_start[k]):
            return True
    return False


def solve_gas(s: State) -> bool:
    """Solve gas if an input changed, lower the shares of its nodes; say whether anything fell."""
    g, st = s.m.gas, s.gas
    count = len(g.critical)
    if not count:
        return False
    node, pipe, source, store = (of(s, t, s.c) for t in ("gas_nodes", "gas_pipes", "gas_sources", "gas_stores"))
    has, room = st.level > EMPTY * g.t_size, st.level < (1.0 - EMPTY) * g.t_size
    key = [s.block, node.tolist(), pipe.tolist(), source.tolist(), store.tolist(), has.tolist(), room.tolist()]
    if key != st.key:
        st.demand = g.demand[:, s.block] * s.d.demand
        hi = np.column_stack([(1.0 - g.critical) * st.demand, g.critical * st.demand])
        lo = np.minimum(np.maximum(forced(hi, node), st.ceiling), hi)
        open_ = (node > STEP).astype(float)
        reach = pipe * open_[g.p_from] * open_[g.p_to]
        net = GasNet(
            st.demand, lo, hi, g.weight, g.p_from, g.p_to, reach * g.p_cap, reach * g.p_back, g.p_cost,
            g.s_node, source * g.s_cap * open_[g.s_node], g.s_cost, g.t_node, store * has * g.t_draw * open_[g.t_node],
            g.t_cost, store * room * g.t_fill * open_[g.t_node], g.t_gain,
        )  # fmt: skip
        best = gas_reference(net)
        st.unserved = snap(best.u, lo, hi)
        st.q, st.draw, st.fill, st.key = best.q, snap(best.d, 0.0, np.inf), snap(best.f, 0.0, np.inf), key
        st.ceiling = np.maximum(st.ceiling, st.unserved)
    moved, who = False, {}
    for n in range(count):
        u, part = at(s, "gas_nodes").start + n, int(g.part[n])
        total = 1.0 - float(st.unserved[n].sum() / st.demand[n]) if st.demand[n] > 0 else 1.0
        crit = 1.0 - float(st.unserved[n, 1] / (g.critical[n] * st.demand[n])) if g.critical[n] * st.demand[n] > 0 else total
        if s.alive[u] and (total < s.v[u] - STEP or crit < s.crit[u] - STEP):
            who[part] = gas_culprit(s, part) if part not in who else who[part]
            moved = fall(s, u, total, crit, who[part]) or moved
    return moved


def gas_culprit(s: State, part: int) -> int:
    """Return the gas unit of a connected network with the largest loss now, fallen in this instant if any; else DEMAND."""
    g, best, who = s.m.gas, (False, CHANGE), DEMAND
    nodes, pipes, sources, stores = (at(s, t).start for t in ("gas_nodes", "gas_pipes", "gas_sources", "gas_stores"))
    losses = [(nodes + int(n), float(g.s_cap[g.s_node == n].sum() + g.p_cap[(g.p_from == n) | (g.p_to == n)].sum()))
              for n in np.flatnonzero(g.part == part) if not s.alive[nodes + n]]  # fmt: skip
    losses += [(pipes + int(p), (1.0 - s.c[pipes + p]) * g.p_cap[p]) for p in np.flatnonzero(g.part[g.p_from] == part)]
    losses += [(sources + int(q), (1.0 - s.c[sources + q]) * g.s_cap[q]) for q in np.flatnonzero(g.part[g.s_node] == part)]
    losses += [(stores + int(t), (1.0 - s.c[stores + t]) * g.t_draw[t]) for t in np.flatnonzero(g.part[g.t_node] == part)]
    for unit, loss in losses:
        if (unit in s.fell, loss) > best and loss > CHANGE:
            best, who = (unit in s.fell, loss), unit
    return who


def solve_transport(s: State) -> bool:
    """Put trips on their routes and lower their shares; say whether anything fell."""
    t, moved = s.m.transport, False
    links, trips = at(s, "transport_links").start, at(s, "trips").start
    if not len(t.demand):
        return False
    c = of(s, "transport_links", s.c)
    share, _ = allocate_reference(c * t.l_cap, t.route, t.demand, t.order)
    for k in range(len(t.demand)):
        way = t.route.primary_link[t.route.primary_at[k] : t.route.primary_at[k + 1]].tolist()
        if s.alive[trips + k] and share[k] < s.v[trips + k] - STEP:
            worst = min(way, key=lambda i: c[i], default=None)
            if worst is None or c[worst] >= 1.0 - STEP:
                lost = (1.0 - c) * t.l_cap
                worst = int(lost.argmax()) if lost.max(initial=0.0) > CHANGE else None
            moved = fall(s, trips + k, share[k], share[k], DEMAND if worst is None else links + worst) or moved
    return moved


def commit(s: State) -> None:
    """Keep the settled solution: set-points where redispatch was free, who waits for it, and the balances."""
    w, st = s.m.power, s.power
    if st.key is not None:
        for b in range(len(w.critical)):
            if b in st.sudden:
                st.pending[b] = s.now + REDISPATCH_H
            elif st.pending[b] <= s.now + TICK:
                st.pending[b] = math.inf
        waiting = {int(st.label[b]) for b in range(len(w.critical)) if st.pending[b] < math.inf}
        free = ~np.isin(st.label, list(waiting))
        st.set_p = np.where(free[w.g_bus] & st.g_ok, st.p, st.set_p)
        st.set_shed = np.where(free[:, None], st.shed, st.set_shed)
        st.set_f = np.where(st.b_ok[w.dc] & free[w.b_from[w.dc]] & free[w.b_to[w.dc]], st.f, st.set_f)
        st.last_p, st.last_f, st.last_in = st.p, st.f, st.closed
        st.sudden = set()
        for i in range(int(st.label.max()) + 1):
            area = st.label == i
            into = st.f[area[w.b_to[w.dc]]].sum() - st.f[area[w.b_from[w.dc]]].sum()
            supplied = float(st.p[area[w.g_bus]].sum() + into)
            s.balances.append(Balance(s.now, "power", i, supplied, float(st.shed[area].sum()), float(st.demand[area].sum())))
    g, gs = s.m.gas, s.gas
    for i in np.unique(g.part) if gs.key is not None else ():
        inside, stored = g.part == i, g.part[g.t_node] == i
        supplied = float(gs.q[g.part[g.s_node] == i].sum() + gs.draw[stored].sum())
        asked = float(gs.demand[inside].sum() + gs.fill[stored].sum())
        s.balances.append(Balance(s.now, "gas", int(i), supplied, float(gs.unserved[inside].sum()), asked))


def stores_due(s: State) -> list[float]:
    """Return when stores run empty or full at the present rates."""
    st, size, due = s.gas, s.m.gas.t_size, []
    for k in range(len(size) if st.key is not None else 0):
        rate = float(st.fill[k] - st.draw[k])
        if rate < -SNAP:
            due.append(s.now + st.level[k] / -rate)
        elif rate > SNAP:
            due.append(s.now + (size[k] - st.level[k]) / rate)
    return due


def advance_stores(s: State, hours: float) -> None:
    """Let levels change for `hours`; a store that runs empty says so."""
    st, size = s.gas, s.m.gas.t_size
    for k in range(len(size) if st.key is not None else 0):
        before = st.level[k]
        st.level[k] = before + float(st.fill[k] - st.draw[k]) * hours
        if st.level[k] <= EMPTY * size[k]:
            st.level[k] = 0.0
            if before > EMPTY * size[k]:
                who = gas_culprit(s, int(s.m.gas.part[s.m.gas.t_node[k]]))
                s.events.append(Event(s.now + hours, o.EMPTY, at(s, "gas_stores").start + k, who))
        elif st.level[k] >= (1.0 - EMPTY) * size[k]:
            st.level[k] = size[k]
