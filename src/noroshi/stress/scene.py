"""The compiled engine's state of one scenario, and the model as one argument for its kernels."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from noroshi.flow.dcflow import envelope
from noroshi.flow.kernel import Bools, Floats, Ints, Tables, Whole, inner, kernel
from noroshi.flow.reference_types import by_reference, kind_of
from noroshi.flow.seams import entry, seam
from noroshi.flow.transport import Routes
from noroshi.stress.draw import Draw
from noroshi.stress.effects import LEFT, TAKES_CONTROL
from noroshi.stress.model import NONE, Crews, Rows, Services, Units
from noroshi.stress.networks import TRANCHES, Gas, Power, Transport
from noroshi.stress.outcome import DEMAND

if TYPE_CHECKING:
    from noroshi.stress.model import Model

SYSTEMS, ASSETS, BUSES, BRANCHES, PLANTS, NODES, PIPES, SOURCES, STORES, LINKS, TRIPS, SERVICES, END = range(13)
"""Unit tables by number; `units.start[BUSES]` is the first bus."""

BLOCK, EVENTS, FELL, SOLVES, POWER_KNOWN, GAS_KNOWN = range(6)
FAILED, CALM, CAPACITY, INSTANTS, POWER_PLAIN, GAS_PLAIN = range(6, 12)
POWER_HELD, GAS_HELD, POWER_ANEW, GAS_ANEW = range(12, 16)
"""Places in `Scene.count`. HELD: the last solution was kept from serving more than the one before it in its pass.

SOLVES counts the dispatch programs asked for, ANEW those (of gas: of single networks) whose answer was not kept.
"""
ENTRIES = 256
"""Programs of each network whose answers a thread keeps."""


class Plan(NamedTuple):
    """The model, with what only the kernels need: the effect table, team numbering, the envelope of the corridors."""

    units: Units
    rows: Rows
    power: Power
    gas: Gas
    transport: Transport
    services: Services
    crews: Crews
    left: Tables  # (effects x 4 families, 3 phases)
    takes: Bools
    team: Ints  # CSR crew -> teams
    first: Ints
    start: Ints
    dc_from: Ints
    dc_to: Ints
    dc_cost: Floats
    gas_in_at: Ints  # CSR connected gas network -> places of its own in `Scene.gas_in`
    gas_in: Ints
    gas_out_at: Ints
    gas_out: Ints


class Memo(NamedTuple):
    """Solutions known already, for one thread: two threads must never share one.

    First those of networks in which nothing is impaired, by level x 6 + block: most scenarios leave most whole.
    Then any programs with their answers, by what went into them: an instant often asks what an earlier one asked.
    """

    power: Bools  # known
    served: Bools  # with nothing shed
    power_answer: Tables  # (levels x 6, size of `Scene.power_out`)
    demand: Tables
    label: Whole
    gas: Bools
    gas_demand: Tables
    gas_answer: Tables  # (levels x 6, size of `Scene.gas_out`)
    power_known: Bools  # (ENTRIES,)
    power_in: Tables  # (ENTRIES, size of `Scene.power_in`)
    power_out: Tables
    gas_known: Ints  # (ENTRIES,) connected network, or NONE
    gas_in: Tables  # (ENTRIES, inputs of the largest connected network)
    gas_out: Tables


class Scene(NamedTuple):
    """All that changes, by unit, dependency row, hit, bus, store ... as in `reference_flow.State`."""

    memo: Memo
    now: Floats
    count: Ints  # type: ignore[assignment]  # hides a method of tuples that nobody calls here
    own: Floats
    own_control: Bools
    control: Bools
    c: Floats
    v: Floats
    crit: Floats
    prev: Floats
    alive: Bools
    started: Bools
    dirty: Bools  # padded to eights
    watch: Bools
    ready: Floats
    cause: Ints
    called: Ints
    fell: Bools
    order: Ints
    row: Ints
    due: Floats
    held: Floats
    hit_end: Floats
    said: Ints
    team_at: Floats
    team_lat: Floats
    team_lon: Floats
    opened: Ints
    ended: Ints  # rows whose autonomy ends in this instant: units, and whom they blame
    ended_by: Ints
    # power: power_in and power_out are the program and its answer as one array each; those after them are views of it
    power_in: Floats
    power_out: Floats
    island: Floats
    demand: Floats
    low: Tables
    bound: Floats
    y: Floats
    forward: Floats
    backward: Floats
    dc_forward: Floats
    dc_backward: Floats
    p: Floats
    shed: Tables
    f: Floats
    flow: Floats
    key: Floats
    key_flags: Bools
    label: Ints
    closed: Bools
    corridor_in: Bools
    free_b: Bools
    free_g: Bools
    sudden: Bools
    ceiling: Tables
    last_p: Floats
    last_f: Floats
    last_in: Bools
    set_p: Floats
    set_shed: Tables
    set_f: Floats
    pending: Floats
    high: Tables
    factored: Floats
    ground: Bools
    # gas: the same, and the inputs of one connected network gathered
    gas_in: Floats
    gas_out: Floats
    gas_part: Floats
    gas_demand: Floats
    gas_low: Tables
    gas_high: Tables
    gas_forward: Floats
    gas_backward: Floats
    send: Floats
    draw_cap: Floats
    fill_cap: Floats
    unserved: Tables
    q: Floats
    draw: Floats
    fill: Floats
    gas_flow: Floats
    gas_key: Floats
    gas_ceiling: Tables
    level: Floats
    # transport
    link_key: Floats
    served: Floats
    load: Floats
    # room for kernels, which allocate nothing
    passed: Bools  # hits
    lost: Bools  # buses, by island, as the next four
    quick: Bools
    fed: Bools
    relief: Floats
    most: Floats
    waiting: Bools  # buses and one
    blamed: Ints  # the more of buses and gas nodes
    gas_todo: Bools  # nodes
    gas_missed: Bools  # connected networks
    link_cap: Floats
    # trace
    hour: Floats
    what: Ints
    who: Ints
    because: Ints
    # services
    below: Floats
    spell: Floats
    longest: Floats


UnitsRef = by_reference(Units, globals())
RowsRef = by_reference(Rows, globals())
PowerRef = by_reference(Power, globals())
GasRef = by_reference(Gas, globals())
RoutesRef = by_reference(Routes, globals())
TransportRef = by_reference(Transport, globals())
ServicesRef = by_reference(Services, globals())
CrewsRef = by_reference(Crews, globals())
PlanRef = by_reference(Plan, globals())
DrawRef = by_reference(Draw, globals())
MemoRef = by_reference(Memo, globals())
SceneRef = by_reference(Scene, globals())


PLAN, DRAW, MEMO, SCENE = (kind_of(cls) for cls in (Plan, Draw, Memo, Scene))
"""The compiled types, for seams."""


def plan(model: Model) -> Plan:
    """Return the model as the kernels take it."""
    w, t, g = model.power, model.transport, model.gas
    first, start = envelope(len(w.critical), w.c_from, w.c_to)
    team = np.cumsum([0, *model.crews.teams]).astype(np.int64)
    tables = LEFT.reshape(-1, LEFT.shape[-1]), TAKES_CONTROL
    parts = model.units, model.rows, w, g, t.route, (t.l_cap, t.demand, t.order), model.services, model.crews
    node, pipe, source, store = g.part, g.part[g.p_from], g.part[g.s_node], g.part[g.t_node]
    pair = np.repeat(node, 2)
    inputs = by_part(np.concatenate([node, pair, pair, pipe, pipe, source, store, store]))
    outputs = by_part(np.concatenate([pair, source, store, store, pipe]))
    links = w.b_from[w.dc], w.b_to[w.dc], w.b_cost[w.dc]
    return gather(*parts, *tables, (team, first, start), links, (*inputs, *outputs))


def by_part(part: Ints) -> tuple[Ints, Ints]:
    """Return the CSR of connected network (0, 1 … in the order of their names) -> places in `part` that name it."""
    names, number = np.unique(part, return_inverse=True)
    order = np.argsort(number, kind="stable").astype(np.int64)
    return np.searchsorted(number[order], np.arange(len(names) + 1)).astype(np.int64), order


@kernel
def gather(
    units: Units,
    rows: Rows,
    power: Power,
    gas: Gas,
    route: Routes,
    trips: tuple[Floats, Floats, Ints],
    services: Services,
    crews: Crews,
    left: Tables,
    takes: Bools,
    shape: tuple[Ints, Ints, Ints],
    links: tuple[Ints, Ints, Floats],
    parts: tuple[Ints, Ints, Ints, Ints],
) -> Plan:
    """Put the parts of a plan together."""
    transport = TransportRef(trips[0], trips[1], trips[2], RoutesRef(*route))
    return PlanRef(
        UnitsRef(*units), RowsRef(*rows), PowerRef(*power), GasRef(*gas), transport, ServicesRef(*services),
        CrewsRef(*crews), left, takes, shape[0], shape[1], shape[2], links[0], links[1], links[2],
        parts[0], parts[1], parts[2], parts[3],
    )  # fmt: skip


@kernel
def draw_of(d: Draw) -> Draw:
    """Return a draw as the kernels take it."""
    return DrawRef(*d)


@inner
def power_sizes(m: Plan) -> tuple[int, int]:
    """Return how many numbers a dispatch program and its answer are."""
    w = m.power
    buses, plants, dc, lines = w.critical.size, w.g_bus.size, w.dc.size, w.c_from.size
    return (2 + TRANCHES) * buses + plants + 3 * lines + 2 * dc, plants + TRANCHES * buses + dc + lines


@inner
def gas_answer_size(m: Plan) -> int:
    """Return how many numbers the answer to a gas program is."""
    g = m.gas
    return 2 * g.critical.size + g.s_node.size + 2 * g.t_node.size + g.p_from.size


@inner
def widest(at: Ints) -> int:
    """Return the size of the longest run of a CSR."""
    most = 0
    for k in range(at.size - 1):
        most = max(most, at[k + 1] - at[k])
    return most


@kernel
def memo(m: Plan, levels: int) -> Memo:
    """Return room for the nominal solutions of `levels` pairs of demand and capacity; one per thread."""
    n = 6 * levels
    buses, nodes = m.power.critical.size, m.gas.critical.size
    given, answer = power_sizes(m)
    unknown = np.full(ENTRIES, NONE)
    return MemoRef(
        np.zeros(n, np.bool_), np.zeros(n, np.bool_), np.zeros((n, answer)), np.zeros((n, buses)),
        np.zeros((n, buses), np.int64), np.zeros(n, np.bool_), np.zeros((n, nodes)), np.zeros((n, gas_answer_size(m))),
        np.zeros(ENTRIES, np.bool_), np.zeros((ENTRIES, given)), np.zeros((ENTRIES, answer)), unknown,
        np.zeros((ENTRIES, widest(m.gas_in_at))), np.zeros((ENTRIES, widest(m.gas_out_at))),
    )  # fmt: skip


@seam(SCENE, PLAN, DRAW, MEMO, "int64")
def before(m: Plan, d: Draw, kept: Memo, events: int) -> Scene:
    """Return the state just before hour 0, with room for `events` events (0 = no trace)."""
    n = m.units.table.size
    rows = m.rows.unit.size
    hits = d.unit.size
    teams = m.team[-1]
    w = m.power
    buses, branches, plants, dc, lines = w.critical.size, w.b_from.size, w.g_bus.size, w.dc.size, w.c_from.size
    g = m.gas
    nodes, pipes, sources, stores = g.critical.size, g.p_from.size, g.s_node.size, g.t_node.size
    shed = TRANCHES * buses
    given, answer = power_sizes(m)
    power_in, power_out = np.zeros(given), np.zeros(answer)
    low = 2 * buses
    bound = low + shed
    y = bound + plants
    link = y + 3 * lines
    gas_in, gas_out = np.zeros(5 * nodes + 2 * pipes + sources + 2 * stores), np.zeros(gas_answer_size(m))
    pipe = 5 * nodes
    source = pipe + 2 * pipes
    store = source + sources
    drawn = 2 * nodes + sources
    s = SceneRef(
        kept,
        np.zeros(1), np.zeros(16, np.int64),
        np.ones(n), np.ones(n, np.bool_), np.ones(n, np.bool_), np.ones(n), np.ones(n), np.ones(n), np.ones(n),
        np.ones(n, np.bool_), np.zeros(n, np.bool_), np.zeros((n + 7) // 8 * 8, np.bool_), np.zeros(n, np.bool_),
        np.full(plants, np.inf), np.full(n, DEMAND), np.full(n, NONE), np.zeros(n, np.bool_), np.zeros(n, np.int64),
        np.zeros(rows, np.int64), np.full(rows, np.inf), np.ones(rows),
        np.full(hits, np.inf), np.zeros(hits, np.int64), np.zeros(teams), np.zeros(teams), np.zeros(teams),
        np.full(branches, NONE), np.zeros(rows, np.int64), np.zeros(rows, np.int64),
        power_in, power_out, power_in[:buses], power_in[buses:low], power_in[low:bound].reshape((buses, TRANCHES)),
        power_in[bound:y], power_in[y : y + lines], power_in[y + lines : y + 2 * lines], power_in[y + 2 * lines : link],
        power_in[link : link + dc], power_in[link + dc :],
        power_out[:plants], power_out[plants : plants + shed].reshape((buses, TRANCHES)),
        power_out[plants + shed : plants + shed + dc], power_out[plants + shed + dc :],
        np.zeros(buses + branches + plants), np.zeros(buses + branches + plants, np.bool_),
        np.full(buses, NONE), np.zeros(branches, np.bool_), np.zeros(lines, np.bool_),
        np.ones(branches, np.bool_), np.ones(plants, np.bool_), np.zeros(buses, np.bool_), np.zeros((buses, TRANCHES)),
        np.zeros(plants), np.zeros(dc), np.zeros(branches, np.bool_), np.full(plants, np.inf),
        np.zeros((buses, TRANCHES)), np.full(dc, np.inf), np.full(buses, np.inf), np.zeros((buses, TRANCHES)),
        np.zeros(m.start[-1]), np.zeros(buses, np.bool_),
        gas_in, gas_out, np.zeros(kept.gas_in.shape[1]), gas_in[:nodes], gas_in[nodes : 3 * nodes].reshape((nodes, 2)),
        gas_in[3 * nodes : pipe].reshape((nodes, 2)), gas_in[pipe : pipe + pipes], gas_in[pipe + pipes : source],
        gas_in[source:store], gas_in[store : store + stores], gas_in[store + stores :],
        gas_out[: 2 * nodes].reshape((nodes, 2)), gas_out[2 * nodes : drawn], gas_out[drawn : drawn + stores],
        gas_out[drawn + stores : drawn + 2 * stores], gas_out[drawn + 2 * stores :],
        np.zeros(nodes + pipes + sources + 3 * stores), np.zeros((nodes, 2)),
        g.t_first.copy(), np.full(m.transport.l_cap.size, -1.0), np.zeros(m.transport.demand.size),
        np.zeros(m.transport.l_cap.size),
        np.zeros(hits, np.bool_), np.zeros(buses, np.bool_), np.zeros(buses, np.bool_), np.zeros(buses, np.bool_),
        np.zeros(buses), np.zeros(buses), np.zeros(buses + 1, np.bool_), np.zeros(max(buses, nodes), np.int64),
        np.zeros(nodes, np.bool_), np.zeros(m.gas_out_at.size - 1, np.bool_), np.zeros(m.transport.l_cap.size),
        np.zeros(events), np.zeros(events, np.int64), np.zeros(events, np.int64), np.zeros(events, np.int64),
        np.zeros(m.services.unit.size), np.zeros(m.services.unit.size), np.zeros(m.services.unit.size),
    )  # fmt: skip
    for k in range(hits):
        if not np.isnan(d.end[k]):
            s.hit_end[k] = d.end[k]
    for crew in range(m.crews.teams.size):
        for team in range(m.team[crew], m.team[crew + 1]):
            s.team_lat[team] = m.crews.lat[crew]
            s.team_lon[team] = m.crews.lon[crew]
    s.count[CAPACITY] = events
    s.count[CALM] = 1
    return s


@entry
def scene(m: Plan, d: Draw, kept: Memo, events: int) -> Scene:
    """Return the state just before hour 0, as `before`; for Python."""
    return before(m, d, kept, events)


@kernel
def told(s: Scene) -> tuple[Ints, Floats, Ints, Ints, Ints]:
    """Return the counters, and the hours, kinds, units and causes of the events."""
    return s.count, s.hour, s.what, s.who, s.because


@kernel
def fields(d: Draw) -> tuple[Ints, Ints, Floats, Floats, Floats, Floats, Floats, Floats, Floats, Floats, Floats, int]:
    """Return what a draw in the kernels' form holds, in order; its four numbers as one array."""
    numbers = np.array([d.demand, d.capacity, d.horizon, d.clock])
    return (
        d.unit, d.effect, d.onset, d.seen, d.end, d.work, d.manual, d.manual_after, d.autonomy, d.degraded, numbers,
        d.level,
    )  # fmt: skip
