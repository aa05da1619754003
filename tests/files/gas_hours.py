"""Gas over many hours twice: one linear program over all hours in HiGHS, and what the engine's stepping leaves.

The program knows the future and the engine does not, so its unserved gas is a lower bound of the engine's.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

import noroshi as nr
from noroshi.stress import networks as nets
from noroshi.stress.shock import Hit, Shock

if TYPE_CHECKING:
    from noroshi.estate.model import Estate

HOURS = 72


def shock_of(out: tuple[str, ...]) -> Shock:
    """These units trip at once and stay out."""
    return Shock("trip", float(HOURS), tuple(Hit(name, "trip", 0.0, 10.0 * HOURS, 0.0) for name in out))


def stepped(estate: Estate, out: tuple[str, ...]) -> float:
    """Return the gas in t that the exits of an imported network go without, by `noroshi.stress.run`."""
    demand = dict(zip(estate.ids("services"), estate.column("services", "demand").tolist(), strict=True))
    lost = 0.0
    for one in nr.stress.run(estate, shock_of(out)).services:
        ends = [hour for hour, _ in one.served[1:]] + [float(HOURS)]
        lost += sum(
            demand[one.id] * (1.0 - share) * (end - hour) for (hour, share), end in zip(one.served, ends, strict=True)
        )
    return lost


def at_once(estate: Estate, out: tuple[str, ...]) -> float:
    """Return the same by one program over all hours: unserved gas, critical first, linepack carried over.

    Per hour: unserved normal and critical, pipes forward and back, sources, drawing, filling, levels at its end. Rows:
    a balance per node, and level - level before + drawing - filling = 0 per store.
    """
    from scipy.optimize import linprog
    from scipy.sparse import coo_array

    g = nets.gas(estate, estate.meta.season)
    count = (len(g.critical), len(g.critical), len(g.p_from), len(g.p_from), len(g.s_node), *[len(g.t_node)] * 3)
    at = np.cumsum([0, *count])
    nodes, stores, wide, high = count[0], count[-1], at[-1], count[0] + count[-1]
    each = [np.arange(k) for k in count]
    n, p, s, t = each[0], each[2], each[4], each[5]
    entries = [
        (n, at[0] + n, 1.0), (n, at[1] + n, 1.0),
        (g.p_from, at[2] + p, -1.0), (g.p_to, at[2] + p, 1.0), (g.p_from, at[3] + p, 1.0), (g.p_to, at[3] + p, -1.0),
        (g.s_node, at[4] + s, 1.0), (g.t_node, at[5] + t, 1.0), (g.t_node, at[6] + t, -1.0),
        (nodes + t, at[5] + t, 1.0), (nodes + t, at[6] + t, -1.0), (nodes + t, at[7] + t, 1.0),
    ]  # fmt: skip
    row, column = np.concatenate([e[0] for e in entries]), np.concatenate([e[1] for e in entries])
    value = np.concatenate([np.full(len(e[1]), e[2]) for e in entries])
    hour = np.arange(HOURS)[:, None]
    later = np.arange(1, HOURS)[:, None]
    matrix = coo_array((
        np.concatenate([np.tile(value, HOURS), np.full(stores * (HOURS - 1), -1.0)]),
        (np.concatenate([(row + hour * high).ravel(), (nodes + t + later * high).ravel()]),
         np.concatenate([(column + hour * wide).ravel(), (at[7] + t + (later - 1) * wide).ravel()])),
    ), shape=(high * HOURS, wide * HOURS)).tocsr()  # fmt: skip
    demand = g.demand[:, 0]
    right = np.tile(np.concatenate([demand, np.zeros(stores)]), HOURS)
    right[nodes:high] += g.t_first
    pipe, source = ([float(name not in out) for name in estate.ids(x)] for x in ("gas_pipes", "gas_sources"))
    most: list[Any] = [(1.0 - g.critical) * demand, g.critical * demand, pipe * g.p_cap, pipe * g.p_back,
                       source * g.s_cap, g.t_draw, g.t_fill, g.t_size]  # fmt: skip
    cost = np.zeros(wide)
    cost[: at[1]], cost[at[1] : at[2]], cost[at[2] : at[4]] = nets.NORMAL, nets.CRITICAL, nets.PIPE_COST
    bounds = np.stack([np.zeros(wide * HOURS), np.tile(np.concatenate(most), HOURS)], axis=1)
    found = linprog(np.tile(cost, HOURS), A_eq=matrix, b_eq=right, bounds=bounds, method="highs")
    assert found.status == 0, found.message
    return float(found.x.reshape(HOURS, wide)[:, : 2 * nodes].sum())


def leaner(estate: Estate, start: float, rate: float = 1.0) -> Estate:
    """Return the estate with this part of the linepack that it starts with, and of what linepack gives per hour."""
    held = estate.frame("gas_stores").with_columns(pl.col("initial_share") * start, pl.col("send_out_tph") * rate)
    return replace(estate, frames={**estate.frames, "gas_stores": held}, known={})
