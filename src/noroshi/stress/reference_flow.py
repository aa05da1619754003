"""The reference engine's state and networks: dispatch, shedding, collapse and cascade; gas with stores; transport."""

from __future__ import annotations

import math
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from noroshi.flow.dispatch import Grid, Units
from noroshi.flow.gas import GasNet
from noroshi.flow.reference import allocate_reference, dispatch_reference, gas_reference
from noroshi.stress import outcome as o
from noroshi.stress.model import NONE, T
from noroshi.stress.networks import TRANCHES, Gas, Power
from noroshi.stress.outcome import DEMAND, SELF, Event
from noroshi.stress.rules import CHANGE, EMPTY, OVER, REDISPATCH_H, SNAP, STEP, SUDDEN, TICK

Array: TypeAlias = NDArray[Any]
Lost: TypeAlias = list[tuple[int, float]]


class State(SimpleNamespace):
    """Everything that changes; lists are by unit, row, hit and crew as `Model` (`m`) and `Draw` (`d`) order them.

    Unit: `rows`, `own` (what hits leave), `c` (capacity), `v` (share), `crit` (share of critical customers), `prev`
    (share after the last instant), `own_control`, `control`, `alive`, `started` (in this instant), `cause`. Row: `row`,
    `row_due`, `held` (the level that it may not exceed). Hit: `hit_end`, `hit_said`. Crew: `teams` (free at, lat, lon).
    `ready`: dead generator -> when it has restarted; `fell`: unit -> what it is called, in order of falling; `opened`:
    circuit -> who lost control. `power`, `gas`: the last solutions, set-points and levels, see `begin`.
    """


def fall(s: State, u: int, value: float, crit: float, who: int, what: int = NONE) -> bool:
    """Lower the share of u; remember who did it the first time it is below what it was before this instant."""
    moved = bool(value < s.v[u] - STEP or crit < s.crit[u] - STEP)
    if moved:
        s.v[u], s.crit[u] = min(s.v[u], value), min(s.crit[u], crit)
        if s.v[u] < s.prev[u] - CHANGE and u not in s.fell:
            s.fell[u], s.cause[u] = what, who
    return moved


def die(s: State, u: int, what: int, who: int) -> None:
    """Stop u: it must be started again."""
    if s.alive[u]:
        fall(s, u, 0.0, 0.0, who, what)
        s.alive[u], s.c[u], s.v[u], s.crit[u] = False, 0.0, 0.0, 0.0


def at(s: State, table: str) -> slice:
    """Return the units of a table."""
    return slice(int(s.m.units.start[T[table]]), int(s.m.units.start[T[table] + 1]))


def of(s: State, table: str, values: list[Any]) -> Array:
    """Return the values of a table's units as an array, of the values' own type also where there are none."""
    return np.array(values[at(s, table)], dtype=type(values[0]))


def blamed(s: State, losses: Lost) -> int:
    """Return the unit with the largest loss, of those fallen in this instant if any; DEMAND if nothing is lost."""
    lost = [(unit in s.fell, loss, -k) for k, (unit, loss) in enumerate(losses) if loss > CHANGE]
    return losses[-max(lost)[2]][0] if lost else DEMAND


def begin(s: State) -> None:
    """Prepare: nothing is known of any last solution; stores at their first level."""
    buses, plants, links, stores = (len(x) for x in (s.m.power.critical, s.m.power.g_bus, s.m.power.dc, s.m.gas.t_node))
    w, g = SimpleNamespace(key=None, was_held=False), SimpleNamespace(key=None, was_held=False)
    w.sudden, w.pending = set(), [math.inf] * buses  # buses that lost something; when each is redispatched
    w.last_p, w.last_f, w.last_in = np.zeros(plants), np.zeros(links), np.zeros(len(s.m.power.b_from), dtype=bool)
    w.set_p, w.set_f, w.set_shed = np.full(plants, np.inf), np.full(links, np.inf), np.zeros((buses, TRANCHES))
    g.level, g.draw, g.fill = s.m.gas.t_first.copy(), np.zeros(stores), np.zeros(stores)
    s.power, s.gas = w, g


def demands(s: State, st: SimpleNamespace, net: Power | Gas, reach: Array) -> tuple[Array, Array]:
    """Set the demand by tranche (equal parts of the normal, then the critical) and return what must go unserved.

    First because only `reach` of a node can be served, first tranches first; second, because it was short in this pass.
    """
    parts = st.ceiling.shape[1]
    st.demand = net.demand[:, s.block] * s.d.demand
    st.hi = np.column_stack([(1.0 - net.critical) * st.demand / (parts - 1)] * (parts - 1) + [net.critical * st.demand])
    out = ((1.0 - reach) * st.hi.sum(axis=1))[:, None] - (np.cumsum(st.hi, axis=1) - st.hi)
    must = np.clip(out, 0.0, st.hi)
    st.was_held = bool((st.ceiling > must).any())
    return must, np.minimum(np.maximum(must, st.ceiling), st.hi)


def snap(x: Array, lo: Array | float, hi: Array | float) -> Array:
    """Return x inside its bounds, at a bound where it is nearly there."""
    x = np.where(np.abs(x - lo) < SNAP, lo, x)
    return np.clip(np.where(np.abs(x - hi) < SNAP, hi, x), lo, hi)


def settled(st: SimpleNamespace, x: Array, lo: Array) -> Array:
    """Return `snap`, but not down to what was short before in this pass: a loop that settles slowly goes on."""
    x = np.maximum(snap(x, np.where((st.ceiling > 0.0) & (st.ceiling == lo), -np.inf, lo), st.hi), lo)
    st.ceiling = np.maximum(st.ceiling, x)
    return x


def short(s: State, table: str, part: Array, st: SimpleNamespace, losses: Callable[[State, int], Lost]) -> bool:
    """Lower the shares of a network's nodes to what they are served, and blame; say whether anything fell."""
    moved, who = False, dict[int, int]()
    for b in range(len(part)):
        u, p = at(s, table).start + b, int(part[b])
        total = max(0.0, 1.0 - float(st.unserved[b].sum() / st.demand[b])) if st.demand[b] > 0 else 1.0
        crit = max(0.0, 1.0 - float(st.unserved[b, -1] / st.hi[b, -1])) if st.hi[b, -1] > 0 else total
        if s.alive[u] and (total < s.v[u] - STEP or crit < s.crit[u] - STEP):
            who[p] = who[p] if p in who else blamed(s, losses(s, p))
            moved = fall(s, u, total, crit, who[p]) or moved
    return moved


def controlled(s: State) -> tuple[Array, Array]:
    """Return which branches and which generators are under control (a generator also needs that of its bus)."""
    bus = of(s, "power_buses", s.control)[s.m.power.g_bus]
    return of(s, "power_branches", s.control), of(s, "generators", s.control) & bus


def solve_power(s: State) -> bool:
    """Solve power if an input changed since the last solution, lower the shares of buses; say whether anything fell."""
    st, moved = s.power, False
    while len(s.m.power.critical):
        b_ok, g_ok = controlled(s)
        waits = [s.now + TICK < due < math.inf for due in st.pending]
        key = [s.block, waits, b_ok.tolist(), g_ok.tolist()]
        key += [s.c[at(s, t)] for t in ("power_buses", "power_branches", "generators")]
        if key == st.key:
            return short(s, "power_buses", s.m.power.part, st, power_losses) or moved
        st.key = key if dispatch(s, b_ok, g_ok, np.array(waits)) else None
        moved = moved or st.key is None
    return False


def dispatch(s: State, b_ok: Array, g_ok: Array, waits: Array) -> bool:
    """Solve the live islands once; False, to be done again, if one went dark or collapsed or a circuit tripped."""
    w, st = s.m.power, s.power
    bus_c, live = of(s, "power_buses", s.c), of(s, "power_buses", s.alive)
    branch_c, gen_c = of(s, "power_branches", s.c), of(s, "generators", s.c)
    closed, ac = (branch_c > STEP) & live[w.b_from] & live[w.b_to], w.b_corridor != NONE
    label = labels(live, w.b_from[closed & ac], w.b_to[closed & ac])
    most = gen_c * w.g_max * s.d.capacity * live[w.g_bus]
    held_up = closed & ~ac & (w.b_start == 1)
    fed = {*label[w.g_bus[most > STEP]], *label[w.b_from[held_up]], *label[w.b_to[held_up]]}
    for i in range(label.max() + 1):
        if i not in fed:
            return kill(s, np.flatnonzero(label == i))
    dc_cap = np.where(closed[w.dc], branch_c[w.dc], 0.0)
    cap_fwd, cap_back = dc_cap * w.b_secure[w.dc], dc_cap * w.b_secure_back[w.dc]
    cut = w.dc[(st.last_f > cap_fwd + SUDDEN) | (-st.last_f > cap_back + SUDDEN)]
    cut = np.concatenate([cut, np.flatnonzero(st.last_in & ~closed & ac)])
    ends = np.concatenate([w.b_from[cut], w.b_to[cut], w.g_bus[st.last_p > most + SUDDEN]])
    new = np.isin(label, label[ends]) & live
    quick = np.unique(label[(new | waits) & live])
    bound = np.where(np.isin(label[w.g_bus], quick) | ~g_ok, np.minimum(most, st.set_p + w.g_fast), most)
    hold = ~b_ok[w.dc] & np.isfinite(st.set_f)
    cap_fwd = np.where(hold, np.minimum(cap_fwd, np.maximum(st.set_f, 0.0)), cap_fwd)
    cap_back = np.where(hold, np.minimum(cap_back, np.maximum(-st.set_f, 0.0)), cap_back)
    must, lo = demands(s, st, w, bus_c)
    y, fwd, back = corridors(s, closed, branch_c, b_ok)
    links = (w.b_from[w.dc], w.b_to[w.dc], cap_fwd, cap_back, w.b_cost[w.dc])
    grid = Grid(w.c_from, w.c_to, y, y != 0.0, fwd, back, *[np.empty(0)] * 4)  # type: ignore[arg-type]
    units = Units(w.g_bus, bound, w.g_cost, lo, st.hi, w.weight, *links)
    best = dispatch_reference(label, int(label.max()) + 1, units, grid)
    p, f, shed = snap(best.p, 0.0, bound), snap(best.f, -cap_back, cap_fwd), settled(st, best.shed, lo)
    relief = np.maximum(shed - np.maximum(must, st.set_shed), 0.0).sum(axis=1)
    for i in quick:
        area = np.flatnonzero(label == i)
        if relief[area].sum() > (w.ufls[area] * st.demand[area]).sum() + SNAP:
            return kill(s, area)
    worst, ratio = NONE, 1.0 + OVER
    for k in np.flatnonzero(closed & ac & ~b_ok):
        load = abs(best.flow[w.b_corridor[k]]) * abs(w.b_y[k] / y[w.b_corridor[k]]) / (w.b_rating[k] * branch_c[k])
        worst, ratio = (int(k), load) if load > ratio else (worst, ratio)
    if worst != NONE:  # it opens until its control is back; to blame is who lost control
        unit = at(s, "power_branches").start + worst
        boss = int(s.m.units.commander[unit])
        s.opened[unit] = boss if boss != NONE and s.own_control[unit] else unit
        die(s, unit, o.TRIPPED, SELF if s.opened[unit] == unit else boss)
        return False
    st.p, st.unserved, st.f, st.label, st.sudden = p, shed, f, label, set(np.flatnonzero(new).tolist())
    st.closed, st.g_ok, st.b_ok = closed, g_ok, b_ok
    return True


def labels(live: Array, start: Array, end: Array) -> Array:
    """Return the island of each live bus, numbered by lowest bus; -1 = dead."""
    label = np.where(live, np.arange(len(live)), NONE)
    for _ in live:
        np.minimum.at(label, np.concatenate([start, end]), np.concatenate([label[end], label[start]]))
    return np.where(live, np.searchsorted(np.unique(label[live]), label), NONE)


def corridors(s: State, closed: Array, branch_c: Array, b_ok: Array) -> tuple[Array, Array, Array]:
    """Return each corridor's susceptance and its limits both ways, from its closed circuits under control."""
    w = s.m.power
    y, fwd, back = np.zeros(len(w.c_from)), np.full(len(w.c_from), np.inf), np.full(len(w.c_from), np.inf)
    k = np.flatnonzero(closed & (w.b_corridor != NONE))
    np.add.at(y, w.b_corridor[k], w.b_y[k])
    k = k[b_ok[k]]
    scale, there, again = branch_c[k] * np.abs(y[w.b_corridor[k]] / w.b_y[k]), w.b_secure[k], w.b_secure_back[k]
    np.minimum.at(fwd, w.b_corridor[k], np.where(w.b_sign[k] > 0, there, again) * scale)
    np.minimum.at(back, w.b_corridor[k], np.where(w.b_sign[k] > 0, again, there) * scale)
    return y, fwd, back


def kill(s: State, area: Array) -> bool:
    """Black out an island: its buses and generators must be started again."""
    first, plants = at(s, "power_buses").start, at(s, "generators").start
    who = blamed(s, power_losses(s, int(s.m.power.part[area[0]])))
    for b in area.tolist():
        die(s, first + b, o.BLACKOUT, who)
    for g in np.flatnonzero(np.isin(s.m.power.g_bus, area)).tolist():
        die(s, plants + g, o.DOWN, first + int(s.m.power.g_bus[g]))
    return False


def lacking(s: State, table: str, node: Array, most: Array, inside: Array) -> Lost:
    """Return what each unit of a table lacks now of its own capacity, if it stands at a node of the network."""
    first = at(s, table).start
    return [(first + k, (1.0 - s.c[first + k]) * float(most[k])) for k in np.flatnonzero(inside[node]).tolist()]


def power_losses(s: State, part: int) -> Lost:
    """Return what a connected grid lacks now, MW: all that meets at a dead bus, what each circuit and generator lacks.

    What a generator held at its set-point does not give counts for who lost control.
    """
    w, first, inside = s.m.power, at(s, "power_buses").start, s.m.power.part == part
    meet = [w.b_rating[(w.b_from == b) | (w.b_to == b)].sum() + w.g_max[w.g_bus == b].sum() for b in range(len(w.part))]
    out = [(first + b, float(meet[b])) for b in np.flatnonzero(inside).tolist() if not s.alive[first + b]]
    out += lacking(s, "power_branches", w.b_from, w.b_rating, inside)
    out += lacking(s, "generators", w.g_bus, w.g_max, inside)
    for g in np.flatnonzero(inside[w.g_bus] & ~controlled(s)[1] & np.isfinite(s.power.set_p)).tolist():
        unit = at(s, "generators").start + g
        lost = first + int(w.g_bus[g]) if s.control[unit] else unit
        boss = int(s.m.units.commander[lost])
        rest = float(w.g_max[g] - s.power.set_p[g] - w.g_fast[g]) if s.c[unit] > 0 else 0.0
        out.append((boss if boss != NONE and not s.control[boss] else lost, rest))
    return out


def bus_may_start(s: State, u: int) -> bool:
    """Say whether something live can energise a dead bus: a generator of its own, or a circuit to a live bus."""
    w, (buses, lines, plants) = s.m.power, (at(s, t).start for t in ("power_buses", "power_branches", "generators"))
    for g in np.flatnonzero(w.g_bus == u - buses).tolist():
        if s.started[plants + g] or (s.alive[plants + g] and s.c[plants + g] * w.g_max[g] > STEP):
            return True
    here, joins = (w.b_from == u - buses) | (w.b_to == u - buses), (w.b_corridor != NONE) | (w.b_start == 1)
    ends = [(lines + k, 2 * buses + int(w.b_from[k] + w.b_to[k]) - u) for k in np.flatnonzero(here & joins).tolist()]
    return any(s.alive[line] and s.c[line] > STEP and s.alive[other] for line, other in ends)


def solve_gas(s: State) -> bool:
    """Solve gas if an input changed, lower the shares of its nodes; say whether anything fell."""
    g, st = s.m.gas, s.gas
    node, pipe, source, store = (of(s, t, s.c) for t in ("gas_nodes", "gas_pipes", "gas_sources", "gas_stores"))
    has, room = st.level > EMPTY * g.t_size, st.level < (1.0 - EMPTY) * g.t_size
    key = [s.block, *(x.tolist() for x in (node, pipe, source, store, has, room))]
    if key != st.key and len(g.critical):
        _, lo = demands(s, st, g, node)
        pipe, stored = pipe * (node > STEP)[g.p_from] * (node > STEP)[g.p_to], store * (node > STEP)[g.t_node]
        best = gas_reference(GasNet(
            st.demand, lo, st.hi, g.weight, g.p_from, g.p_to, pipe * g.p_cap, pipe * g.p_back, g.p_cost, g.s_node,
            source * g.s_cap * (node > STEP)[g.s_node], g.s_cost, g.t_node, stored * has * g.t_draw, g.t_cost,
            stored * room * g.t_fill, g.t_gain,
        ))  # fmt: skip
        st.q, st.draw, st.fill, st.key = best.q, snap(best.d, 0.0, np.inf), snap(best.f, 0.0, np.inf), key
        st.unserved = settled(st, best.u, lo)
    return short(s, "gas_nodes", g.part, st, gas_losses)


def gas_losses(s: State, part: int) -> Lost:
    """Return what a connected gas network lacks now, t/h: all that meets at a dead node, what each other unit lacks."""
    g, first, inside = s.m.gas, at(s, "gas_nodes").start, s.m.gas.part == part
    meet = [g.s_cap[g.s_node == n].sum() + g.p_cap[(g.p_from == n) | (g.p_to == n)].sum() for n in range(len(g.part))]
    out = [(first + n, float(meet[n])) for n in np.flatnonzero(inside).tolist() if not s.alive[first + n]]
    out += lacking(s, "gas_pipes", g.p_from, g.p_cap, inside) + lacking(s, "gas_sources", g.s_node, g.s_cap, inside)
    return out + lacking(s, "gas_stores", g.t_node, g.t_draw, inside)


def solve_transport(s: State) -> bool:
    """Put trips on their routes and lower their shares; say whether anything fell."""
    t, moved, c = s.m.transport, False, of(s, "transport_links", s.c)
    links, trips, lost = at(s, "transport_links").start, at(s, "trips").start, (1.0 - c) * t.l_cap
    share = allocate_reference(c * t.l_cap, t.route, t.demand, t.order)[0] if len(t.demand) else t.demand
    for k in range(len(t.demand)):
        way = t.route.primary_link[t.route.primary_at[k] : t.route.primary_at[k + 1]].tolist()
        worst = min(way, key=lambda i: c[i], default=NONE)
        if worst == NONE or c[worst] >= 1.0 - STEP:
            worst = int(lost.argmax()) if lost.max(initial=0.0) > CHANGE else NONE
        who = DEMAND if worst == NONE else links + worst
        moved = (s.alive[trips + k] and fall(s, trips + k, share[k], share[k], who)) or moved
    return moved


def commit(s: State) -> None:
    """Keep the settled solution: set-points where redispatch was free, and who waits for it."""
    w, st = s.m.power, s.power
    if st.key is not None:
        for b, due in enumerate(st.pending):
            st.pending[b] = s.now + REDISPATCH_H if b in st.sudden else math.inf if due <= s.now + TICK else due
        free = ~np.isin(st.label, st.label[np.array(st.pending) < math.inf])
        st.set_p = np.where(free[w.g_bus] & st.g_ok, st.p, st.set_p)
        st.set_shed = np.where(free[:, None], st.unserved, st.set_shed)
        st.set_f = np.where(st.b_ok[w.dc] & free[w.b_from[w.dc]] & free[w.b_to[w.dc]], st.f, st.set_f)
        st.last_p, st.last_f, st.last_in, st.sudden = st.p, st.f, st.closed, set()


def advance_stores(s: State, hours: float) -> None:
    """Let levels change for `hours`; a store that runs empty says so."""
    g, before = s.m.gas, s.gas.level
    level = before + (s.gas.fill - s.gas.draw) * hours
    full = np.where(level >= (1.0 - EMPTY) * g.t_size, g.t_size, level)
    s.gas.level = np.where(level <= EMPTY * g.t_size, 0.0, full)
    for k in np.flatnonzero((s.gas.level <= 0.0) & (before > EMPTY * g.t_size)).tolist():
        who = blamed(s, gas_losses(s, int(g.part[g.t_node[k]])))
        s.events.append(Event(s.now + hours, o.EMPTY, at(s, "gas_stores").start + k, who))
