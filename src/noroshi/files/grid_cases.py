"""Grids for screening: a MATPOWER case with every column that DC flow needs, or the power network of an estate."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from noroshi.errors import Fault, InputError
from noroshi.estate.model import Estate
from noroshi.files.estates import CASES, is_sample, load
from noroshi.files.matpower import BASE_MVA, in_service, read_case
from noroshi.flow.network import Network

__all__ = ["Case", "grid_of", "read_grid"]

TAP, SHIFT = 8, 9
REFUSED = Fault(
    "refused-target", found="the sample describes a real country: its branches are not ranked by damage",
    expected="a test case, a fictional or an own estate",
    remedy="name a MATPOWER case, sorami, or an estate of your own",
)  # fmt: skip
"""What is said instead of a screening that would be a list of targets."""


class Case(NamedTuple):
    """A grid and what its parts are called. branch, bus: names; place (m,): each branch's row in the file, from 0."""

    name: str
    network: Network
    branch: tuple[str, ...]
    bus: tuple[str, ...]
    place: NDArray[np.int64]


def read_grid(where: str, lang: str = "en") -> Case:
    """Return the grid of a MATPOWER case (.m, .m.gz) or of an estate.

    NotFoundError where there is nothing, InputError with every fault; the shipped sample of a real country is refused.
    """
    path = Path(where)
    if path.is_file() and path.name.endswith(CASES):
        return _matpower(path)
    estate = load(where, lang)
    if is_sample(where) and not estate.meta.fictional:
        raise InputError([REFUSED])
    return grid_of(estate)


def _matpower(path: Path) -> Case:
    """Return a MATPOWER case: reactances, taps and shifts (its manual, section 3.7), shunts at nominal voltage."""
    title, _, base, bus, gen, branch, running = read_case(path)
    here = in_service(branch, bus) & (branch[:, 3] != 0) & (branch[:, 0] != branch[:, 1])
    place, branch, gen = np.flatnonzero(here), branch[here], gen[running]
    order = np.argsort(bus[:, 0], kind="stable")
    a, b, at = (order[np.searchsorted(bus[order, 0], one)] for one in (branch[:, 0], branch[:, 1], gen[:, 0]))
    susceptance = base / (branch[:, 3] * np.where(branch[:, TAP] != 0, branch[:, TAP], 1.0))
    n = len(bus)
    network = Network(
        a, b, susceptance, susceptance * np.deg2rad(branch[:, SHIFT]), np.maximum(branch[:, 5], 0.0),
        np.bincount(at, gen[:, 1], n) - bus[:, 2] - bus[:, 4],
        np.bincount(at, np.maximum(gen[:, 8], 0.0), n).astype(float), np.maximum(bus[:, 2], 0.0),
    )  # fmt: skip
    names = tuple(f"{v:g}" for v in bus[:, 0])
    pairs = [f"{names[i]}-{names[j]}" for i, j in zip(a, b, strict=True)]
    return Case(title, network, _circuits(pairs), names, place)


def _circuits(pairs: list[str]) -> tuple[str, ...]:
    """Return the names of branches: where several join the same buses, the second has /2 after it, and so on."""
    met: dict[str, int] = {}
    named = []
    for pair in pairs:
        met[pair] = met.get(pair, 0) + 1
        named.append(pair if met[pair] == 1 else f"{pair}/{met[pair]}")
    return tuple(named)


def grid_of(estate: Estate) -> Case:
    """Return an estate's power network at its peak demand: generators share it in proportion to capacity.

    DC links and converters, whose flow is set and not given by angles, are left out, with what they would carry.
    """
    rows = estate.frame("power_branches")
    here = np.asarray(rows["kind"].is_in(["ac"]).to_numpy(), np.bool_)
    place = np.flatnonzero(here)
    ids = estate.frame("power_buses")["id"].to_list()
    at = {name: k for k, name in enumerate(ids)}

    def index(table: str, column: str) -> NDArray[np.int64]:
        return np.asarray([at[name] for name in estate.frame(table)[column].to_list()], np.int64)

    def values(table: str, column: str) -> NDArray[Any]:
        return np.asarray(estate.frame(table)[column].to_numpy(), np.float64)

    n, demand = len(ids), values("power_buses", "demand_mw")
    capacity = np.bincount(index("generators", "bus"), values("generators", "p_max_mw"), n).astype(float)
    network = Network(
        index("power_branches", "from_bus")[place], index("power_branches", "to_bus")[place],
        BASE_MVA / values("power_branches", "x_pu")[place], np.zeros(len(place)),
        values("power_branches", "rating_mw")[place], -demand, capacity, demand,
        values("power_buses", "critical_share"),
    )  # fmt: skip
    return Case(estate.meta.id, network, tuple(rows["id"].to_numpy()[place].tolist()), tuple(ids), place)
