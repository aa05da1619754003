"""Small estates and shocks drawn at random, with every kind of part and no two equal figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from noroshi.estate.model import Estate, Meta, from_frames
from noroshi.estate.society import SYSTEM_KINDS
from noroshi.stress.shock import EFFECTS, Hit, Shock

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    Rows = list[dict[str, Any]]

LOGICS = ("all", "any", "k_of_n", "mean")
STRUCK = ("assets", "power_branches", "generators", "power_buses", "gas_sources", "gas_pipes", "transport_links")
SEASON_HOURS = ("b00", "b04", "b08", "b12", "b16", "b20")


def small(rng: np.random.Generator, *, flat: bool = False) -> Estate:
    """Return an estate of 2-8 buses in 1-3 islands, gas, transport, systems, assets, services and loops between them.

    A flat one has neither lines nor pipes nor trips: no network divides anything between places.
    """
    systems = [system(rng, k) for k in range(rng.integers(3, 8))]
    boss = [row["id"] for row in systems]
    tables: dict[str, Rows] = {
        "sectors": [{"id": "sec", "name_en": "sector", "name_ja": "分野"}],
        "organisations": [{"id": "org", "name_en": "role", "name_ja": "役割", "sector": "sec"}],
        "crews": [crew(rng, k) for k in range(2)],
        "profiles": [{"id": f"day{k}", **{hour: rng.uniform(0.5, 1.0) for hour in SEASON_HOURS}} for k in range(2)],
        "systems": systems,
        "assets": [asset(rng, k, boss) for k in range(rng.integers(2, 6))],
        **power(rng, boss),
        **gas(rng, boss),
        **transport(rng, boss),
        "services": [service(rng, k, boss) for k in range(rng.integers(2, 6))],
    }
    for table in ("power_branches", "gas_pipes", "trips") if flat else ():
        tables[table] = []
    nodes = [row["id"] for row in tables["gas_nodes"]]
    for plant in tables["generators"]:
        if nodes and rng.random() < 0.4:
            plant["fed_by"] = nodes[rng.integers(len(nodes))]
    tables["dependencies"] = dependencies(rng, tables)
    return from_frames(Meta("random", season="summer"), tables)


def maybe(rng: np.random.Generator, chance: float, value: Any) -> Any:
    """Return the value with this chance, else None."""
    return value if rng.random() < chance else None


def pick(rng: np.random.Generator, some: Sequence[Any]) -> Any:
    """Return one of them."""
    return some[int(rng.integers(len(some)))]


def system(rng: np.random.Generator, k: int) -> dict[str, Any]:
    """Return a system of any kind, with a manual mode in half of the cases."""
    detect, restore = rng.uniform(0.1, 3.0), rng.uniform(2.0, 40.0)
    return {
        "id": f"sys{k}", "organisation": "org", "name_en": "s", "name_ja": "s", "kind": pick(rng, SYSTEM_KINDS),
        "detect_p50_h": detect, "detect_p90_h": 2 * detect, "restore_p50_h": restore, "restore_p90_h": 3 * restore,
        "manual_fallback": maybe(rng, 0.6, pick(rng, (0.0, 1.0, rng.uniform(0.05, 0.95), rng.uniform(0.05, 0.95)))),
        "manual_after_h": rng.uniform(0.2, 5.0),
    }  # fmt: skip


def crew(rng: np.random.Generator, k: int) -> dict[str, Any]:
    """Return a crew of one or two teams, half of them on a day shift."""
    return {
        "id": f"crew{k}", "name_en": "c", "name_ja": "c", "teams": int(rng.integers(1, 3)),
        "speed_kmh": rng.uniform(10.0, 60.0), "shift_start_h": rng.uniform(0.0, 24.0),
        "shift_hours": pick(rng, (24.0, rng.uniform(5.0, 14.0))), "lat": rng.uniform(35.0, 36.0),
        "lon": rng.uniform(139.0, 140.0),
    }  # fmt: skip


def made(rng: np.random.Generator, boss: list[str], command: float = 0.5) -> dict[str, Any]:
    """Return who commands a unit and who repairs it."""
    work = rng.uniform(1.0, 20.0)
    return {
        "commanded_by": maybe(rng, command, pick(rng, boss)), "crew": maybe(rng, 0.7, f"crew{rng.integers(2)}"),
        "repair_p50_h": work, "repair_p90_h": 2 * work,
    }  # fmt: skip


def place(rng: np.random.Generator) -> dict[str, Any]:
    """Return a place."""
    return {"lat": rng.uniform(35.0, 36.0), "lon": rng.uniform(139.0, 140.0)}


def asset(rng: np.random.Generator, k: int, boss: list[str]) -> dict[str, Any]:
    """Return an asset."""
    return {"id": f"asset{k}", "kind": "plant", "capacity": rng.uniform(0.5, 5.0), **place(rng), **made(rng, boss)}


def service(rng: np.random.Generator, k: int, boss: list[str]) -> dict[str, Any]:
    """Return a service."""
    return {
        "id": f"service{k}", "name_en": "s", "name_ja": "s", "sector": "sec", "people": int(rng.integers(10, 10_000)),
        "floor": rng.uniform(0.2, 0.95), "tolerance_h": rng.uniform(1.0, 24.0), "weight": rng.uniform(0.5, 2.0),
        "commanded_by": maybe(rng, 0.4, pick(rng, boss)),
    }  # fmt: skip


def power(rng: np.random.Generator, boss: list[str]) -> dict[str, Rows]:
    """Return buses, branches (trees, rings, parallel circuits, links between islands) and generators."""
    areas = int(rng.integers(1, 4))
    sizes = [int(rng.integers(1, 4)) for _ in range(areas)] if areas > 1 else [int(rng.integers(2, 7))]
    buses: Rows = []
    for a, size in enumerate(sizes):
        buses += [
            {"id": f"bus{a}_{k}", "island": f"island{a}", "demand_mw": rng.uniform(20.0, 200.0),
             "critical_share": pick(rng, (0.0, rng.uniform(0.02, 0.3), rng.uniform(0.02, 0.3))),
             "ufls_share": rng.uniform(0.1, 0.9), "profile": maybe(rng, 0.7, f"day{rng.integers(2)}"), **place(rng),
             **made(rng, boss)}
            for k in range(size)
        ]  # fmt: skip
    ends = []
    for a, size in enumerate(sizes):
        names = [f"bus{a}_{k}" for k in range(size)]
        ends += [(names[k], pick(rng, names[:k])) for k in range(1, size)]
        if size > 2:
            ends += [tuple(rng.permutation(names)[:2].tolist()) for _ in range(rng.integers(0, 3))]
    ends += [pick(rng, ends) for _ in range(rng.integers(0, 3)) if ends]
    branches: Rows = [
        {"id": f"line{k}", "from_bus": pair[0], "to_bus": pair[1], "kind": "ac", "x_pu": rng.uniform(0.01, 0.3),
         **limits(rng), **made(rng, boss, 0.8)}
        for k, pair in enumerate(ends)
    ]  # fmt: skip
    for a in range(1, areas):
        other = int(rng.integers(0, a))
        branches.append(
            {"id": f"link{a}", "from_bus": f"bus{a}_{rng.integers(sizes[a])}", "kind": pick(rng, ("dc", "fc")),
             "to_bus": f"bus{other}_{rng.integers(sizes[other])}", "black_start": bool(rng.random() < 0.5),
             **limits(rng), **made(rng, boss)}
        )  # fmt: skip
    plants: Rows = []
    for row in buses:
        for _ in range(pick(rng, (0, 0, 1, 1, 2)) if plants else 1):
            plants.append(
                {"id": f"plant{len(plants)}", "bus": row["id"], "fuel": "other", "p_max_mw": rng.uniform(50.0, 350.0),
                 "availability": rng.uniform(0.7, 1.0), "cost": rng.uniform(0.01, 0.95),
                 "fast_share": rng.uniform(0.0, 0.4), "restart_h": rng.uniform(0.3, 8.0),
                 "black_start": bool(rng.random() < 0.35),
                 "status": "mothballed" if rng.random() < 0.05 else "operating", **place(rng), **made(rng, boss)}
            )  # fmt: skip
    return {"power_buses": buses, "power_branches": branches, "generators": plants}


def limits(rng: np.random.Generator) -> dict[str, Any]:
    """Return a rating and, in half of the cases, a smaller secure limit."""
    rating = rng.uniform(15.0, 130.0)
    return {
        "rating_mw": rating, "secure_mw": maybe(rng, 0.5, rating * rng.uniform(0.5, 1.0)),
        "secure_back_mw": maybe(rng, 0.3, rating * rng.uniform(0.4, 1.0)),
    }  # fmt: skip


def gas(rng: np.random.Generator, boss: list[str]) -> dict[str, Rows]:
    """Return a gas network of 2-4 nodes, or none."""
    count = int(pick(rng, (0, 2, 3, 4)))
    names = [f"node{k}" for k in range(count)]
    pairs = [(names[k], pick(rng, names[:k])) for k in range(1, count)]
    pairs += [tuple(rng.permutation(names)[:2].tolist()) for _ in range(rng.integers(0, 2)) if count > 1]
    return {
        "gas_nodes": [
            {"id": name, "demand_tph": rng.uniform(5.0, 40.0), "critical_share": rng.uniform(0.0, 0.5),
             "profile": maybe(rng, 0.5, "day0"), **place(rng), **made(rng, boss, 0.2)} for name in names
        ],
        "gas_pipes": [
            {"id": f"pipe{k}", "from_node": a, "to_node": b, "capacity_tph": rng.uniform(10.0, 80.0),
             "one_way": bool(rng.random() < 0.3), **made(rng, boss)} for k, (a, b) in enumerate(pairs)
        ],
        "gas_sources": [
            {"id": f"source{k}", "node": pick(rng, names), "capacity_tph": rng.uniform(30.0, 120.0), **place(rng),
             **made(rng, boss)} for k in range(rng.integers(1, 3)) if count
        ],
        "gas_stores": [
            {"id": f"store{k}", "node": pick(rng, names), "capacity_t": rng.uniform(20.0, 300.0),
             "initial_share": rng.uniform(0.3, 1.0), "send_out_tph": rng.uniform(5.0, 40.0),
             "fill_tph": pick(rng, (0.0, rng.uniform(2.0, 10.0))), **made(rng, boss, 0.3)}
            for k in range(rng.integers(0, 3)) if count
        ],
    }  # fmt: skip


def transport(rng: np.random.Generator, boss: list[str]) -> dict[str, Rows]:
    """Return 3-4 stops, links between them and trips, or none."""
    count = int(pick(rng, (0, 3, 4)))
    names = [f"stop{k}" for k in range(count)]
    pairs = [(names[k], pick(rng, names[:k])) for k in range(1, count)]
    pairs += [tuple(rng.permutation(names)[:2].tolist()) for _ in range(rng.integers(0, 3)) if count]
    return {
        "transport_stops": [{"id": name, "kind": "rail"} for name in names],
        "transport_links": [
            {"id": f"track{k}", "from_stop": a, "to_stop": b, "kind": pick(rng, ("rail", "rail", "road")),
             "capacity_per_h": rng.uniform(20.0, 200.0), "hours": rng.uniform(0.2, 3.0), **made(rng, boss)}
            for k, (a, b) in enumerate(pairs)
        ],
        "trips": [
            {"id": f"trip{k}", "origin": a, "destination": b, "demand_per_h": rng.uniform(5.0, 120.0),
             "mode": pick(rng, ("any", "any", "rail"))}
            for k, (a, b) in enumerate(rng.permutation(names)[:2].tolist() for _ in range(rng.integers(1, 4)) if count)
        ],
    }  # fmt: skip


def dependencies(rng: np.random.Generator, tables: dict[str, Rows]) -> Rows:
    """Return rows of every logic between units of every kind: loops are common."""
    ids = {name: [row["id"] for row in rows] for name, rows in tables.items()}
    commodity = [*ids["power_buses"], *ids["gas_nodes"]]
    giving = [*commodity, *ids["assets"], *ids["systems"], *ids["trips"], *ids["transport_links"]]
    rows: Rows = []

    def add(dependant: str, among: list[str]) -> None:
        some = rng.permutation(sorted(set(among) - {dependant})).tolist()[: rng.integers(1, 4)]
        if some:
            rows.append(row(rng, len(rows), dependant, some))

    for pipe in ids["gas_pipes"]:
        if rng.random() < 0.6:
            add(pipe, ids["power_buses"])
    for table, chance, among in (
        ("services", 1.0, [*giving, *ids["services"]]), ("assets", 0.8, giving), ("systems", 0.5, giving),
        ("gas_sources", 0.5, giving), ("generators", 0.2, giving), ("transport_links", 0.5, giving),
        ("gas_stores", 0.2, giving),
        ("power_branches", 0.1, ids["systems"]), ("power_buses", 0.1, ids["assets"]), ("gas_nodes", 0.1, ids["assets"]),
        ("trips", 0.2, ids["assets"]), ("services", 0.5, commodity),
    ):  # fmt: skip
        for name in ids[table]:
            if rng.random() < chance:
                add(name, among)
    return rows


def row(rng: np.random.Generator, k: int, dependant: str, providers: list[str]) -> dict[str, Any]:
    """Return one dependency row."""
    hours = pick(rng, (0.0, rng.uniform(0.3, 4.0), rng.uniform(1.0, 20.0)))
    return {
        "id": f"row{k}", "dependant": dependant, "providers": ";".join(providers), "logic": pick(rng, LOGICS),
        "k": int(rng.integers(1, len(providers) + 1)), "commodity": "electricity",
        "priority": "critical" if rng.random() < 0.4 else "normal", "autonomy_h": hours,
        "degraded": pick(rng, (0.0, rng.uniform(0.05, 0.9))), "recovery_h": pick(rng, (0.0, rng.uniform(0.5, 6.0))),
    }  # fmt: skip


def shock(rng: np.random.Generator, estate: Estate, most: int = 4) -> Shock:
    """Return 1-4 hits of any effect on systems and on what they command, at once or one after the other."""
    hits = []
    for _ in range(rng.integers(1, most + 1)):
        table = str(pick(rng, ("systems", "systems", "systems", *STRUCK)))
        effects = EFFECTS if table == "systems" else ("trip", *EFFECTS)
        ids = estate.ids(table) or estate.ids("power_buses")
        onset = pick(rng, (0.0, rng.uniform(0.0, 12.0)))
        lasts, unseen = maybe(rng, 0.7, rng.uniform(0.5, 20.0)), maybe(rng, 0.5, rng.uniform(0.0, 4.0))
        hits.append(Hit(str(pick(rng, ids)), str(pick(rng, effects)), onset, lasts, unseen))
    return Shock("random", rng.uniform(12.0, 40.0), tuple(hits), rng.uniform(0.0, 24.0))
