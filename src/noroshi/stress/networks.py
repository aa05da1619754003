"""The networks of an estate as plain arrays: power, gas, transport (docs/semantics.md; units MW, t/h, per hour)."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from noroshi.flow.kernel import Floats, Ints, Tables
from noroshi.flow.transport import Routes, routes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from noroshi.estate.model import Estate

TRANCHES = 5
BLOCKS = 6
BASE_MVA = 100.0
NORMAL, CRITICAL = 100.0, 1000.0
STEPS = (1.0, 1.1, 1.2, 1.3)
TIE = 0.01
DC_COST = 1e-3
COST_TIE = 1e-3
SOURCE_COST, DRAW_COST, FILL_GAIN, PIPE_COST = 0.01, 0.05, 0.02, 1e-3
SOURCE_TIE, STORE_TIE, PIPE_TIE = 3**-0.5, 0.05 * 5**0.5, 2**-0.5
"""How far costs rise from the first row to the last: irrational, so that no way costs as much as another."""


class Power(NamedTuple):
    """Buses, branches, AC corridors and generators. `demand` is (buses, 6 blocks); `weight` (buses, 5 tranches).

    Branches with `corridor` = NONE are DC. `sign` is +1 where a circuit points the way of its corridor.
    """

    demand: Tables
    critical: Floats
    ufls: Floats
    weight: Tables
    bus_system: Ints
    part: Ints  # bus -> the connected network it belongs to when everything is in service
    b_from: Ints
    b_to: Ints
    b_corridor: Ints
    b_sign: Ints
    b_y: Floats  # susceptance, MW per radian
    b_rating: Floats
    b_secure: Floats
    b_secure_back: Floats
    b_start: Ints
    b_cost: Floats
    c_from: Ints
    c_to: Ints
    dc: Ints  # the branches that are DC links or converters
    g_bus: Ints
    g_max: Floats
    g_cost: Floats
    g_fast: Floats
    g_restart: Floats
    g_start: Ints


class Gas(NamedTuple):
    """Nodes, pipes, sources and stores. `demand` is (nodes, 6 blocks); `weight` (nodes, 2 classes)."""

    demand: Tables
    critical: Floats
    weight: Tables
    part: Ints
    p_from: Ints
    p_to: Ints
    p_cap: Floats
    p_back: Floats
    p_cost: Floats
    s_node: Ints
    s_cap: Floats
    s_cost: Floats
    t_node: Ints
    t_size: Floats
    t_first: Floats
    t_draw: Floats
    t_fill: Floats
    t_cost: Floats
    t_gain: Floats


class Transport(NamedTuple):
    """Links, trips and their routes (`flow.transport.Routes`); trips are served in `order`."""

    l_cap: Floats
    demand: Floats
    order: Ints
    route: Routes


def numbers(estate: Estate, table: str, name: str) -> NDArray[np.float64]:
    """Return a number column as float64 (NaN = not given), writable: kernels are compiled anew for read-only arrays."""
    return np.array(estate.column(table, name), dtype=np.float64)


def places(estate: Estate, table: str, name: str, target: str) -> NDArray[np.int64]:
    """Return a key column as row numbers of `target`; -1 = not given."""
    rows = estate.rows(target)
    return np.array([-1 if v is None else rows[v] for v in estate.column(table, name)], dtype=np.int64)


def flags(estate: Estate, table: str, name: str) -> NDArray[np.int64]:
    """Return a yes/no column as 0 or 1."""
    return np.asarray(estate.column(table, name), dtype=np.int64)


def rising(count: int) -> NDArray[np.float64]:
    """Return 0 … 1 over `count` rows: what makes two equal rows differ, so that the optimum is unique."""
    return np.arange(count) / max(count, 1)


def profile(estate: Estate, table: str, peak: NDArray[np.float64], season: str) -> NDArray[np.float64]:
    """Return the demand per 4-hour block, (rows, 6): peak x profile x season; flat without a profile."""
    which = places(estate, table, "profile", "profiles")
    shape = np.ones((estate.count("profiles") + 1, BLOCKS))
    for k in range(BLOCKS):
        shape[:-1, k] = numbers(estate, "profiles", f"b{4 * k:02d}") * numbers(estate, "profiles", season)
    return np.ascontiguousarray(peak[:, None] * shape[which])


def parts(count: int, ends: list[tuple[NDArray[np.int64], NDArray[np.int64]]]) -> NDArray[np.int64]:
    """Return the connected part of each node, named by its lowest node."""
    label = np.arange(count)
    changed = True
    while changed:
        changed = False
        for a, b in ends:
            low = np.minimum(label[a], label[b])
            before = label.copy()
            np.minimum.at(label, a, low)
            np.minimum.at(label, b, low)
            changed = changed or bool((label != before).any())
    return label


def power(estate: Estate, season: str) -> Power:
    """Return the power grid with the demand of `season`; mothballed plants have no output."""
    peak = numbers(estate, "power_buses", "demand_mw")
    count = len(peak)
    tie = 1.0 + TIE * rising(count)
    weight = np.empty((count, TRANCHES))
    for k, step in enumerate(STEPS):
        weight[:, k] = NORMAL * step * tie
    weight[:, -1] = CRITICAL * tie
    b_from = places(estate, "power_branches", "from_bus", "power_buses")
    b_to = places(estate, "power_branches", "to_bus", "power_buses")
    ac = np.array([kind == "ac" for kind in estate.column("power_branches", "kind")], dtype=bool)
    pairs = sorted({(min(a, b), max(a, b)) for a, b in zip(b_from[ac].tolist(), b_to[ac].tolist(), strict=True)})
    corridor_of = {pair: k for k, pair in enumerate(pairs)}
    corridor = np.full(len(ac), -1)
    corridor[ac] = [corridor_of[min(a, b), max(a, b)] for a, b in zip(b_from[ac], b_to[ac], strict=True)]
    rating = numbers(estate, "power_branches", "rating_mw")
    secure = numbers(estate, "power_branches", "secure_mw")
    secure = np.where(np.isnan(secure), rating, secure)
    back = numbers(estate, "power_branches", "secure_back_mw")
    x = numbers(estate, "power_branches", "x_pu")
    system = places(estate, "power_buses", "commanded_by", "systems")
    share = numbers(estate, "generators", "availability")
    running = np.array([s != "mothballed" for s in estate.column("generators", "status")], dtype=np.float64)
    p_max = numbers(estate, "generators", "p_max_mw") * share * running
    return Power(
        profile(estate, "power_buses", peak, season), numbers(estate, "power_buses", "critical_share"),
        numbers(estate, "power_buses", "ufls_share"), weight, system, parts(count, [(b_from, b_to)]),
        b_from, b_to, corridor, np.where(b_from <= b_to, 1, -1), np.where(ac, BASE_MVA / np.where(ac, x, 1.0), 0.0),
        rating, secure, np.where(np.isnan(back), secure, back), flags(estate, "power_branches", "black_start"),
        DC_COST * (1.0 + rising(len(ac))), np.array([a for a, _ in pairs], dtype=np.int64),
        np.array([b for _, b in pairs], dtype=np.int64), np.flatnonzero(~ac),
        places(estate, "generators", "bus", "power_buses"), p_max,
        numbers(estate, "generators", "cost") + COST_TIE * rising(len(p_max)),
        numbers(estate, "generators", "fast_share") * p_max, numbers(estate, "generators", "restart_h"),
        flags(estate, "generators", "black_start"),
    )  # fmt: skip


def gas(estate: Estate, season: str) -> Gas:
    """Return the gas network with the demand of `season`."""
    peak = numbers(estate, "gas_nodes", "demand_tph")
    count = len(peak)
    tie = 1.0 + TIE * rising(count)
    p_from = places(estate, "gas_pipes", "from_node", "gas_nodes")
    p_to = places(estate, "gas_pipes", "to_node", "gas_nodes")
    cap = numbers(estate, "gas_pipes", "capacity_tph")
    s_cap = numbers(estate, "gas_sources", "capacity_tph")
    size = numbers(estate, "gas_stores", "capacity_t")
    stores = rising(len(size))
    return Gas(
        profile(estate, "gas_nodes", peak, season), numbers(estate, "gas_nodes", "critical_share"),
        np.column_stack([NORMAL * tie, CRITICAL * tie]), parts(count, [(p_from, p_to)]), p_from, p_to, cap,
        np.where(flags(estate, "gas_pipes", "one_way") == 1, 0.0, cap), PIPE_COST * (1.0 + PIPE_TIE * rising(len(cap))),
        places(estate, "gas_sources", "node", "gas_nodes"), s_cap,
        SOURCE_COST * (1.0 + SOURCE_TIE * rising(len(s_cap))),
        places(estate, "gas_stores", "node", "gas_nodes"), size, size * numbers(estate, "gas_stores", "initial_share"),
        numbers(estate, "gas_stores", "send_out_tph"), numbers(estate, "gas_stores", "fill_tph"),
        DRAW_COST * (1.0 + STORE_TIE * stores), FILL_GAIN * (1.0 + STORE_TIE * stores),
    )  # fmt: skip


def transport(estate: Estate) -> Transport:
    """Return links, trips and their two routes; a trip may use the links of its own mode."""
    l_from = places(estate, "transport_links", "from_stop", "transport_stops")
    l_to = places(estate, "transport_links", "to_stop", "transport_stops")
    kinds = estate.column("transport_links", "kind")
    modes = estate.column("trips", "mode")
    allowed = np.array([[mode in ("any", kind) for kind in kinds] for mode in modes], dtype=bool).reshape(
        len(modes), len(kinds)
    )
    found = routes(
        estate.count("transport_stops"), l_from, l_to, numbers(estate, "transport_links", "hours"), allowed,
        places(estate, "trips", "origin", "transport_stops"), places(estate, "trips", "destination", "transport_stops"),
    )  # fmt: skip
    demand = numbers(estate, "trips", "demand_per_h")
    return Transport(numbers(estate, "transport_links", "capacity_per_h"), demand, np.arange(len(demand)), found)
