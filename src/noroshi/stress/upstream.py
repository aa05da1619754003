"""What can reach what: every service that the loss of some units could touch, by the shape of the estate alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from noroshi.estate.tables import UNIT_TABLES
from noroshi.stress.model import NONE, T

if TYPE_CHECKING:
    from collections.abc import Iterable

    from noroshi.flow.kernel import Bools, Ints
    from noroshi.stress.model import Model


def reachable(model: Model, units: Iterable[int]) -> Bools:
    """Return which services (services,) lie downstream of `units`: through commands, dependencies and shared networks.

    A unit of a power or gas network reaches every bus or node of its connected part, a link every trip.
    """
    seen = np.zeros(len(model.ids), np.bool_)
    done: set[tuple[str, int]] = set()
    queue = [int(u) for u in units]
    while queue:
        u = queue.pop()
        if seen[u]:
            continue
        seen[u] = True
        queue += [int(x) for x in model.rows.back_unit[model.rows.back[u] : model.rows.back[u + 1]] if not seen[x]]
        group = network_of(model, u)
        if group is not None and group not in done:
            done.add(group)
            queue += members(model, group)
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
