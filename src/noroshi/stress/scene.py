"""The compiled engine's state of one scenario, and the model as one argument for its kernels."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from noroshi.flow.dcflow import envelope
from noroshi.flow.kernel import Bools, Floats, Ints, Tables, Whole, kernel
from noroshi.flow.reference_types import by_reference
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
POWER_HELD, GAS_HELD = 12, 13
"""Places in `Scene.count`. HELD: the last solution was kept from serving more than the one before it in its pass."""


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


class Memo(NamedTuple):
    """Solutions of networks in which nothing is impaired, by level x 6 + block: most scenarios leave most whole."""

    power: Bools  # known
    served: Bools  # with nothing shed
    p: Tables
    shed: Tables  # (levels x 6, buses x tranches)
    f: Tables
    demand: Tables
    label: Whole
    gas: Bools
    gas_demand: Tables
    q: Tables
    flow: Tables


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
    dirty: Bools
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
    # power
    key: Floats
    key_flags: Bools
    demand: Floats
    p: Floats
    shed: Tables
    f: Floats
    label: Ints
    closed: Bools
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
    bound: Floats
    low: Tables
    high: Tables
    y: Floats
    forward: Floats
    backward: Floats
    dc_forward: Floats
    dc_backward: Floats
    flow: Floats
    factored: Floats
    ground: Bools
    # gas
    gas_key: Floats
    gas_demand: Floats
    unserved: Tables
    q: Floats
    draw: Floats
    fill: Floats
    gas_flow: Floats
    gas_ceiling: Tables
    level: Floats
    # transport
    served: Floats
    load: Floats
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


def plan(model: Model) -> Plan:
    """Return the model as the kernels take it."""
    w, t = model.power, model.transport
    first, start = envelope(len(w.critical), w.c_from, w.c_to)
    team = np.cumsum([0, *model.crews.teams]).astype(np.int64)
    tables = LEFT.reshape(-1, LEFT.shape[-1]), TAKES_CONTROL
    parts = model.units, model.rows, w, model.gas, t.route, (t.l_cap, t.demand, t.order), model.services, model.crews
    return gather(*parts, *tables, team, first, start)


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
    team: Ints,
    first: Ints,
    start: Ints,
) -> Plan:
    """Put the parts of a plan together."""
    transport = TransportRef(trips[0], trips[1], trips[2], RoutesRef(*route))
    return PlanRef(
        UnitsRef(*units), RowsRef(*rows), PowerRef(*power), GasRef(*gas), transport, ServicesRef(*services),
        CrewsRef(*crews), left, takes, team, first, start,
    )  # fmt: skip


@kernel
def draw_of(d: Draw) -> Draw:
    """Return a draw as the kernels take it."""
    return DrawRef(*d)


@kernel
def memo(m: Plan, levels: int) -> Memo:
    """Return room for the nominal solutions of `levels` pairs of demand and capacity; one per thread."""
    n = 6 * levels
    w, g = m.power, m.gas
    return MemoRef(
        np.zeros(n, np.bool_), np.zeros(n, np.bool_), np.zeros((n, w.g_bus.size)),
        np.zeros((n, TRANCHES * w.critical.size)),
        np.zeros((n, w.dc.size)), np.zeros((n, w.critical.size)), np.zeros((n, w.critical.size), np.int64),
        np.zeros(n, np.bool_), np.zeros((n, g.critical.size)), np.zeros((n, g.s_node.size)),
        np.zeros((n, g.p_from.size)),
    )  # fmt: skip


@kernel
def scene(m: Plan, d: Draw, kept: Memo, events: int) -> Scene:
    """Return the state just before hour 0, with room for `events` events (0 = no trace)."""
    n = m.units.table.size
    rows = m.rows.unit.size
    hits = d.unit.size
    teams = m.team[-1]
    w = m.power
    buses, branches, plants, dc, lines = w.critical.size, w.b_from.size, w.g_bus.size, w.dc.size, w.c_from.size
    g = m.gas
    nodes, stores = g.critical.size, g.t_node.size
    s = SceneRef(
        kept,
        np.zeros(1), np.zeros(14, np.int64),
        np.ones(n), np.ones(n, np.bool_), np.ones(n, np.bool_), np.ones(n), np.ones(n), np.ones(n), np.ones(n),
        np.ones(n, np.bool_), np.zeros(n, np.bool_), np.zeros(n, np.bool_), np.zeros(n, np.bool_),
        np.full(plants, np.inf), np.full(n, DEMAND), np.full(n, NONE), np.zeros(n, np.bool_), np.zeros(n, np.int64),
        np.zeros(rows, np.int64), np.full(rows, np.inf), np.ones(rows),
        np.full(hits, np.inf), np.zeros(hits, np.int64), np.zeros(teams), np.zeros(teams), np.zeros(teams),
        np.full(branches, NONE),
        np.zeros(buses + branches + plants), np.zeros(buses + branches + plants, np.bool_), np.zeros(buses),
        np.zeros(plants),
        np.zeros((buses, TRANCHES)), np.zeros(dc), np.full(buses, NONE), np.zeros(branches, np.bool_),
        np.ones(branches, np.bool_), np.ones(plants, np.bool_), np.zeros(buses, np.bool_), np.zeros((buses, TRANCHES)),
        np.zeros(plants), np.zeros(dc), np.zeros(branches, np.bool_), np.full(plants, np.inf),
        np.zeros((buses, TRANCHES)),
        np.full(dc, np.inf), np.full(buses, np.inf), np.zeros(plants), np.zeros((buses, TRANCHES)),
        np.zeros((buses, TRANCHES)), np.zeros(lines), np.zeros(lines), np.zeros(lines), np.zeros(dc), np.zeros(dc),
        np.zeros(lines), np.zeros(m.start[-1]), np.zeros(buses, np.bool_),
        np.zeros(nodes + g.p_from.size + g.s_node.size + 3 * stores), np.zeros(nodes), np.zeros((nodes, 2)),
        np.zeros(g.s_node.size), np.zeros(stores), np.zeros(stores), np.zeros(g.p_from.size), np.zeros((nodes, 2)),
        g.t_first.copy(), np.zeros(m.transport.demand.size), np.zeros(m.transport.l_cap.size),
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


@kernel
def told(s: Scene) -> tuple[Ints, Floats, Ints, Ints, Ints]:
    """Return the counters, and the hours, kinds, units and causes of the events."""
    return s.count, s.hour, s.what, s.who, s.because


@kernel
def spells(s: Scene) -> tuple[Floats, Floats]:
    """Return the hours below the floor and the longest spell of them, per service."""
    return s.below, s.longest


@kernel
def fields(d: Draw) -> tuple[Ints, Ints, Floats, Floats, Floats, Floats, Floats, Floats, Floats, Floats, Floats, int]:
    """Return what a draw in the kernels' form holds, in order; its four numbers as one array."""
    numbers = np.array([d.demand, d.capacity, d.horizon, d.clock])
    return (
        d.unit, d.effect, d.onset, d.seen, d.end, d.work, d.manual, d.manual_after, d.autonomy, d.degraded, numbers,
        d.level,
    )  # fmt: skip
