"""The compiled engine's state of one scenario, and the model as one argument for its kernels."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from noroshi.flow.dcflow import envelope
from noroshi.flow.kernel import Bools, Floats, Ints, kernel
from noroshi.stress.draw import Draw
from noroshi.stress.effects import LEFT, TAKES_CONTROL
from noroshi.stress.model import NONE, Crews, Rows, Services, Units
from noroshi.stress.networks import TRANCHES, Gas, Power, Transport
from noroshi.stress.outcome import DEMAND

if TYPE_CHECKING:
    from noroshi.stress.model import Model

SYSTEMS, ASSETS, BUSES, BRANCHES, PLANTS, NODES, PIPES, SOURCES, STORES, LINKS, TRIPS, SERVICES, END = range(13)
"""Unit tables by number; `units.start[BUSES]` is the first bus."""

BLOCK, EVENTS, FELL, SOLVES, POWER_KNOWN, GAS_KNOWN, FAILED, CALM, CAPACITY, INSTANTS = range(10)
"""Places in `Scene.count`."""


class Plan(NamedTuple):
    """The model, with what only the kernels need: the effect table, team numbering, the envelope of the corridors."""

    units: Units
    rows: Rows
    power: Power
    gas: Gas
    transport: Transport
    services: Services
    crews: Crews
    left: Floats
    takes: Bools
    team: Ints  # CSR crew -> teams
    first: Ints
    start: Ints


class Scene(NamedTuple):
    """All that changes, by unit, dependency row, hit, bus, store ... as in `reference_state.State`."""

    now: Floats
    count: Ints
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
    shed: Floats
    f: Floats
    label: Ints
    closed: Bools
    free_b: Bools
    free_g: Bools
    sudden: Bools
    ceiling: Floats
    last_p: Floats
    last_f: Floats
    last_in: Bools
    set_p: Floats
    set_shed: Floats
    set_f: Floats
    pending: Floats
    bound: Floats
    low: Floats
    high: Floats
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
    unserved: Floats
    q: Floats
    draw: Floats
    fill: Floats
    gas_flow: Floats
    gas_ceiling: Floats
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


def plan(model: Model) -> Plan:
    """Return the model as the kernels take it."""
    w = model.power
    first, start = envelope(len(w.critical), w.c_from, w.c_to)
    team = np.cumsum([0, *model.crews.teams]).astype(np.int64)
    return Plan(
        model.units, model.rows, w, model.gas, model.transport, model.services, model.crews, LEFT, TAKES_CONTROL, team,
        first, start,
    )  # fmt: skip


@kernel
def scene(m: Plan, d: Draw, events: int) -> Scene:
    """Return the state just before hour 0, with room for `events` events (0 = no trace)."""
    n = m.units.table.size
    rows = m.rows.unit.size
    hits = d.unit.size
    teams = m.team[-1]
    w = m.power
    buses, branches, plants, dc, lines = w.critical.size, w.b_from.size, w.g_bus.size, w.dc.size, w.c_from.size
    g = m.gas
    nodes, stores = g.critical.size, g.t_node.size
    s = Scene(
        np.zeros(1), np.zeros(10, np.int64),
        np.ones(n), np.ones(n, np.bool_), np.ones(n, np.bool_), np.ones(n), np.ones(n), np.ones(n), np.ones(n),
        np.ones(n, np.bool_), np.zeros(n, np.bool_), np.zeros(n, np.bool_), np.zeros(n, np.bool_),
        np.full(plants, np.inf), np.full(n, DEMAND), np.full(n, NONE), np.zeros(n, np.bool_), np.zeros(n, np.int64),
        np.zeros(rows, np.int64), np.full(rows, np.inf), np.ones(rows),
        np.full(hits, np.inf), np.zeros(hits, np.int64), np.zeros(teams), np.zeros(teams), np.zeros(teams),
        np.full(branches, NONE),
        np.zeros(buses + branches + plants), np.zeros(buses + branches + plants, np.bool_), np.zeros(buses), np.zeros(plants),
        np.zeros((buses, TRANCHES)), np.zeros(dc), np.full(buses, NONE), np.zeros(branches, np.bool_),
        np.ones(branches, np.bool_), np.ones(plants, np.bool_), np.zeros(buses, np.bool_), np.zeros((buses, TRANCHES)),
        np.zeros(plants), np.zeros(dc), np.zeros(branches, np.bool_), np.full(plants, np.inf), np.zeros((buses, TRANCHES)),
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
