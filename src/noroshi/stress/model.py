"""An estate as the engines see it: units, dependency rows and networks as plain arrays (docs/semantics.md, State)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from noroshi.estate.tables import TABLES, UNIT_TABLES
from noroshi.flow.kernel import Floats, Ints
from noroshi.stress import networks as nets
from noroshi.stress.networks import Gas, Power, Transport

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from noroshi.estate.model import Estate

__all__ = ["FAMILIES", "LOGICS", "NONE", "Crews", "Model", "Rows", "Services", "T", "Units", "build"]

NONE = -1
T = {name: k for k, name in enumerate(UNIT_TABLES)}
"""Unit table -> its number in the unit order."""
LOGICS = ("all", "any", "k_of_n", "mean")
PROCESS, FAILSAFE, WORK = 0, 1, 2
FAMILIES = {
    "scada": PROCESS, "ems": PROCESS, "plant_control": PROCESS, "gas_dispatch": PROCESS, "water_control": PROCESS,
    "telecom_core": PROCESS, "signalling": FAILSAFE, "traffic_control": FAILSAFE, "terminal_os": WORK, "ehr": WORK,
    "billing": WORK, "payment": WORK, "broadcast": WORK, "it": WORK,
}  # fmt: skip
"""Kind of system -> what becomes of the work when the computer fails (docs/semantics.md, What a hit does)."""


SYSTEM_HOURS = {
    "detect50": "detect_p50_h", "detect90": "detect_p90_h", "restore50": "restore_p50_h", "restore90": "restore_p90_h",
    "manual": "manual_fallback", "manual_after": "manual_after_h",
}  # fmt: skip
"""Array of `Units` -> column of systems."""


class Units(NamedTuple):
    """One entry per unit, in unit order. Times are medians and 90th percentiles in hours; NaN = not given."""

    table: Ints
    start: Ints  # first unit of each table, and the number of units last
    commander: Ints
    family: Ints
    detect50: Floats
    detect90: Floats
    restore50: Floats
    restore90: Floats
    manual: Floats
    manual_after: Floats
    crew: Ints
    lat: Floats
    lon: Floats


class Rows(NamedTuple):
    """Dependency rows sorted by dependant (`start` is a CSR index over units), and their providers (CSR `first`)."""

    start: Ints
    unit: Ints
    logic: Ints
    k: Ints
    critical: Ints
    autonomy50: Floats
    autonomy90: Floats
    degraded: Floats
    spread: Floats
    recovery: Floats
    first: Ints
    provider: Ints
    weight: Floats
    back: Ints  # CSR over units: who must be looked at again when this unit's share changes
    back_unit: Ints


class Services(NamedTuple):
    """One entry per service."""

    unit: Ints
    people: Floats
    floor: Floats
    tolerance: Floats
    weight: Floats


class Crews(NamedTuple):
    """One entry per crew."""

    teams: Ints
    speed: Floats
    shift_start: Floats
    shift_hours: Floats
    lat: Floats
    lon: Floats


@dataclass(frozen=True, slots=True)
class Model:
    """The arrays, and the names that the arrays do not carry. `row_ids` are in the order of `rows`."""

    ids: tuple[str, ...]
    index: dict[str, int]
    row_ids: tuple[str, ...]
    commodities: tuple[str, ...]
    units: Units
    rows: Rows
    power: Power
    gas: Gas
    transport: Transport
    services: Services
    crews: Crews


def build(estate: Estate, season: str | None = None) -> Model:
    """Return the model of an estate that has passed its checks, with the demand of `season` (default: the estate's).

    KeyError for an id that does not exist: check the estate first.
    """
    ids = tuple(name for table in UNIT_TABLES for name in estate.ids(table))
    index = {name: k for k, name in enumerate(ids)}
    start = np.cumsum([0, *(estate.count(table) for table in UNIT_TABLES)])
    when = season or estate.meta.season
    power = nets.power(estate, when)
    gas = nets.gas(estate, when)
    transport = nets.transport(estate)
    rows, row_ids, commodities = dependency_rows(estate, index)
    people = whole(estate, "services", "people")
    services = Services(
        np.arange(start[T["services"]], start[T["services"] + 1]),
        people,
        real(estate, "services", "floor"),
        real(estate, "services", "tolerance_h"),
        real(estate, "services", "weight"),
    )
    crews = Crews(
        estate.column("crews", "teams").astype(np.int64),
        *(real(estate, "crews", name) for name in ("speed_kmh", "shift_start_h", "shift_hours", "lat", "lon")),
    )
    return Model(
        ids, index, row_ids, commodities, all_units(estate, index, start), rows, power, gas, transport, services, crews
    )


def real(estate: Estate, table: str, name: str) -> NDArray[np.float64]:
    """Return a number column as float64, writable: kernels are compiled anew for read-only arrays."""
    return np.array(estate.column(table, name), dtype=np.float64)


def whole(estate: Estate, table: str, name: str) -> NDArray[np.float64]:
    """Return a count column as float64, 0 where it is not given."""
    return np.nan_to_num(np.asarray(estate.column(table, name), dtype=np.float64))


def all_units(estate: Estate, index: dict[str, int], start: NDArray[np.int64]) -> Units:
    """Return the per-unit arrays, tables one after the other."""
    total = int(start[-1])
    crews = estate.rows("crews")
    table = np.repeat(np.arange(len(UNIT_TABLES)), np.diff(start))
    commander = np.full(total, NONE)
    crew = np.full(total, NONE)
    family = np.full(total, NONE)
    family[: start[1]] = [FAMILIES[kind] for kind in estate.column("systems", "kind")]
    parts: dict[str, NDArray[np.float64]] = {}
    for name in ("detect50", "detect90", "restore50", "restore90", "manual", "manual_after", "lat", "lon"):
        parts[name] = np.full(total, np.nan)
    for t, name in enumerate(UNIT_TABLES):
        span = slice(start[t], start[t + 1])
        columns = {col.name for col in TABLES[name].columns}
        if "commanded_by" in columns:
            commander[span] = [NONE if v is None else index[v] for v in estate.column(name, "commanded_by")]
        if "crew" in columns:
            crew[span] = [NONE if v is None else crews[v] for v in estate.column(name, "crew")]
            parts["restore50"][span] = real(estate, name, "repair_p50_h")
            parts["restore90"][span] = real(estate, name, "repair_p90_h")
        if "lat" in columns:
            parts["lat"][span] = real(estate, name, "lat")
            parts["lon"][span] = real(estate, name, "lon")
    systems = slice(0, start[1])
    for part, column in SYSTEM_HOURS.items():
        parts[part][systems] = real(estate, "systems", column)
    for part in ("detect50", "detect90", "manual_after"):
        parts[part][start[1] :] = 0.0
    for part, hours in (("restore50", 12.0), ("restore90", 48.0)):
        parts[part][np.isnan(parts[part])] = hours  # links, trips and services have no repair columns
    return Units(
        table, start, commander, family, parts["detect50"], parts["detect90"], parts["restore50"], parts["restore90"],
        parts["manual"], parts["manual_after"], crew, parts["lat"], parts["lon"],
    )  # fmt: skip


def dependency_rows(estate: Estate, index: dict[str, int]) -> tuple[Rows, tuple[str, ...], tuple[str, ...]]:
    """Return the rows of `dependencies` and those that `fed_by` implies, by dependant, with ids and commodities."""
    frame = estate.frame("dependencies")
    size = sizes(estate)
    rows: list[dict[str, Any]] = frame.to_dicts()
    for name, source in zip(estate.ids("generators"), estate.column("generators", "fed_by"), strict=True):
        if source is not None:
            rows.append(
                {"id": f"{name}/fed_by", "dependant": name, "providers": source, "logic": "all", "k": 1,
                 "commodity": "fuel", "priority": "normal", "autonomy_h": 0.0, "autonomy_p90_h": None, "degraded": 0.0,
                 "degraded_spread": 0.0, "recovery_h": 0.0}
            )  # fmt: skip
    rows.sort(key=lambda row: index[row["dependant"]])  # stable: file order within a dependant
    unit = np.array([index[row["dependant"]] for row in rows], dtype=np.int64)
    providers = [[index[p.strip()] for p in row["providers"].split(";") if p.strip()] for row in rows]
    first = np.cumsum([0, *(len(p) for p in providers)])
    provider = np.array([p for some in providers for p in some], dtype=np.int64)
    weight = size[provider]
    for d in range(len(rows)):
        span = slice(first[d], first[d + 1])
        if rows[d]["logic"] != "mean" or weight[span].sum() <= 0:
            weight[span] = 1.0
        weight[span] /= weight[span].sum() if rows[d]["logic"] == "mean" else 1.0
    total = len(size)
    numbers = {
        name: np.array([row[name] for row in rows], dtype=np.float64)
        for name in ("autonomy_h", "degraded", "degraded_spread", "recovery_h")
    }
    p90 = [1.5 * row["autonomy_h"] if row["autonomy_p90_h"] is None else row["autonomy_p90_h"] for row in rows]
    back, back_unit = reverse(total, unit, first, provider, commanders(estate, index, total))
    return (
        Rows(
            np.searchsorted(unit, np.arange(total + 1)), unit,
            np.array([LOGICS.index(row["logic"]) for row in rows], dtype=np.int64),
            np.array([row["k"] for row in rows], dtype=np.int64),
            np.array([row["priority"] == "critical" for row in rows], dtype=np.int64),
            numbers["autonomy_h"], np.array(p90, dtype=np.float64), numbers["degraded"], numbers["degraded_spread"],
            numbers["recovery_h"], first, provider, weight, back, back_unit,
        ),
        tuple(row["id"] for row in rows),
        tuple(row["commodity"] for row in rows),
    )  # fmt: skip


def sizes(estate: Estate) -> NDArray[np.float64]:
    """Return the weight of each unit as one of several providers: its capacity, demand or people; else 1."""
    columns = {
        "assets": "capacity", "power_buses": "demand_mw", "power_branches": "rating_mw", "generators": "p_max_mw",
        "gas_nodes": "demand_tph", "gas_pipes": "capacity_tph", "gas_sources": "capacity_tph",
        "gas_stores": "send_out_tph", "transport_links": "capacity_per_h", "trips": "demand_per_h",
        "services": "people",
    }  # fmt: skip
    parts = [
        whole(estate, table, columns[table]) if table in columns else np.ones(estate.count(table))
        for table in UNIT_TABLES
    ]
    return np.concatenate(parts)


def commanders(estate: Estate, index: dict[str, int], total: int) -> NDArray[np.int64]:
    """Return the commanding system of each unit, or NONE."""
    out = np.full(total, NONE)
    for table in UNIT_TABLES[1:]:
        if any(col.name == "commanded_by" for col in TABLES[table].columns):
            for name, system in zip(estate.ids(table), estate.column(table, "commanded_by"), strict=True):
                out[index[name]] = NONE if system is None else index[system]
    return out


def reverse(
    total: int,
    unit: NDArray[np.int64],
    first: NDArray[np.int64],
    provider: NDArray[np.int64],
    commander: NDArray[np.int64],
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the CSR of provider or commander -> the units that look at it."""
    pairs = {(int(p), int(u)) for u, a, b in zip(unit, first[:-1], first[1:], strict=True) for p in provider[a:b]}
    pairs |= {(int(c), u) for u, c in enumerate(commander) if c != NONE}
    order = sorted(pairs)
    heads = np.array([p for p, _ in order], dtype=np.int64)
    return np.searchsorted(heads, np.arange(total + 1)), np.array([u for _, u in order], dtype=np.int64)
