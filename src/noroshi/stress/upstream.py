"""What can reach what: every service that the loss of some units could touch, by the shape of the estate alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from noroshi.estate.tables import UNIT_TABLES
from noroshi.stress.model import NONE, T

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scipy.sparse import csr_array

    from noroshi.flow.kernel import Bools, Ints
    from noroshi.stress.model import Model


def downstream(model: Model) -> csr_array:
    """Return the graph from each unit to those that look at it: through commands, dependencies and shared networks.

    (units + network parts, the same): a unit of a power or gas network leads to its connected part, which leads to
    every bus or node of it; a link leads to every trip.
    """
    from scipy.sparse import csr_array

    rows, groups = model.rows, [network_of(model, u) for u in range(len(model.ids))]
    number = {group: len(groups) + k for k, group in enumerate(sorted({g for g in groups if g is not None}))}
    own = np.array([u for u, group in enumerate(groups) if group is not None], dtype=np.int64)
    parts = np.array([number[group] for group in groups if group is not None], dtype=np.int64)
    served = [(at, unit) for group, at in number.items() for unit in members(model, group)]
    start = np.concatenate([np.repeat(np.arange(len(groups)), np.diff(rows.back)), own, [at for at, _ in served]])
    end = np.concatenate([rows.back_unit, parts, [unit for _, unit in served]])
    size = len(groups) + len(number)
    return csr_array((np.ones(len(start)), (start.astype(np.int64), end.astype(np.int64))), shape=(size, size))


def reachable(model: Model, units: Iterable[int], graph: csr_array | None = None) -> Bools:
    """Return which services (services,) lie downstream of `units`; graph: `downstream`, where the caller keeps it."""
    from scipy.sparse.csgraph import breadth_first_order

    edges = downstream(model) if graph is None else graph
    seen = np.zeros(edges.shape[0], np.bool_)
    for unit in units:
        if not seen[unit]:
            seen[breadth_first_order(edges, int(unit), return_predecessors=False)] = True
    return np.asarray(seen[model.services.unit])


def distance(model: Model, service: int) -> Ints:
    """Return how many steps up from a service (its number) each unit is, by providers and commands; NONE = not above.

    Networks are not crossed: what stands nearest by its own rows is meant.
    """
    rows, commander = model.rows, model.units.commander
    steps = np.full(len(model.ids), NONE)
    layer, at = [int(model.services.unit[service])], 0
    while layer:
        steps[layer] = at
        above: set[int] = set()
        for u in layer:
            above |= {int(p) for p in rows.provider[rows.first[rows.start[u]] : rows.first[rows.start[u + 1]]]}
            above |= {int(commander[u])} - {NONE}
        layer, at = sorted(u for u in above if steps[u] == NONE), at + 1
    return steps


def network_of(model: Model, u: int) -> tuple[str, int] | None:
    """Return the network part that unit u belongs to; None if it is in none."""
    table = UNIT_TABLES[model.units.table[u]]
    at = u - int(model.units.start[T[table]])
    w, g = model.power, model.gas
    if table in ("power_buses", "power_branches", "generators"):
        bus = {"power_buses": np.arange(len(w.part)), "power_branches": w.b_from, "generators": w.g_bus}[table][at]
        return "power", int(w.part[bus])
    if table in ("gas_nodes", "gas_pipes", "gas_sources", "gas_stores"):
        nodes = {
            "gas_nodes": np.arange(len(g.part)),
            "gas_pipes": g.p_from,
            "gas_sources": g.s_node,
            "gas_stores": g.t_node,
        }
        return "gas", int(g.part[nodes[table][at]])
    return ("transport", 0) if table == "transport_links" else None


def members(model: Model, group: tuple[str, int]) -> list[int]:
    """Return the buses, nodes or trips that a network part serves."""
    kind, part = group
    start = model.units.start
    if kind == "power":
        return [int(start[T["power_buses"]] + b) for b in np.flatnonzero(model.power.part == part)]
    if kind == "gas":
        return [int(start[T["gas_nodes"]] + n) for n in np.flatnonzero(model.gas.part == part)]
    return list(range(int(start[T["trips"]]), int(start[T["trips"] + 1])))
