"""Sorami: whole, invented, self-consistent; everything is served, also with one circuit or unit out."""

from __future__ import annotations

import ipaddress
import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from noroshi.estate.model import SEASONS, Estate
from noroshi.estate.tables import TABLES, UNIT_TABLES
from noroshi.files.estates import read
from noroshi.files.shocks import load_shock, shipped_shocks
from noroshi.rate.ladder import ladder, scores

FOLDER = Path(__file__).parents[2] / "src" / "noroshi" / "samples" / "sorami"
BASE_MVA = 100.0
DOCUMENTATION = [
    ipaddress.ip_network(n) for n in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
]


@pytest.fixture(scope="module")
def sorami() -> Estate:
    found, findings = read("sorami")
    assert [fault.line() for fault in findings.faults()] == []
    assert found is not None
    return found


@cache
def rows(table: str) -> list[dict[str, Any]]:
    found, _ = read("sorami")
    assert found is not None
    return found.frame(table).to_dicts()


def test_it_says_that_it_is_invented(sorami: Estate) -> None:
    assert sorami.meta.fictional
    assert sorami.meta.illustrative
    for table in TABLES:
        assert all(row["source"] == "invented for this sample" for row in rows(table))
    assert all(row["illustrative"] for row in rows("organisations"))


def test_the_page_counts_what_is_there(sorami: Estate) -> None:
    network = [t for t in UNIT_TABLES if t not in ("systems", "assets", "services")]
    counts = [sorami.count(t) for t in ("organisations", "systems", "assets")]
    counts += [sum(sorami.count(t) for t in network), sorami.count("services"), sorami.count("dependencies")]
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    english = re.search(
        r"(\d+) organisations, (\d+) systems,\s+(\d+) assets, (\d+) rows .*? (\d+) services, (\d+) dep", text
    )
    japanese = re.search(
        r"組織(\d+)、システム(\d+)、資産(\d+)、電力・ガス・交通の行(\d+)、\s*サービス(\d+)、依存関係(\d+)", text
    )
    for match in (english, japanese):
        assert match is not None
        assert [int(n) for n in match.groups()] == counts
    clients = {row["organisation"] for row in rows("systems") if "msp-asanagi" in (row["suppliers"] or "")}
    assert len(clients) == 14
    assert "Fourteen organisations" in text
    assert "14の組織" in text


def test_every_table_has_rows_and_both_languages(sorami: Estate) -> None:
    for name, table in TABLES.items():
        assert sorami.count(name) > 0, name
        columns = {column.name for column in table.columns}
        if "name_ja" in columns and "name_en" in columns:
            for row in rows(name):
                assert row["name_en"], row["id"]
                assert re.search("[぀-ヿ一-鿿]", row["name_ja"]), row["id"]


def test_addresses_are_reserved_for_documentation() -> None:
    for row in rows("networks"):
        if row["kind"] == "cidr":
            network = ipaddress.ip_network(row["value"])
            assert any(network.version == d.version and network.subnet_of(d) for d in DOCUMENTATION), row  # type: ignore[arg-type]
        elif row["kind"] == "asn":
            assert 64496 <= int(row["value"].removeprefix("AS")) <= 64511
        else:
            assert row["value"].endswith(".example")
    blocks = [ipaddress.ip_network(row["value"]) for row in rows("networks") if row["kind"] == "cidr"]
    assert len(set(blocks)) == len(blocks)
    for row in rows("contacts"):
        if row["channel"] == "mail":
            assert row["address"].endswith(".example")
        elif row["channel"] in ("phone", "fax"):
            assert row["address"].startswith("+999 ")


def test_every_organisation_can_be_reached_without_mail() -> None:
    ways: dict[str, set[str]] = {}
    for row in rows("contacts"):
        ways.setdefault(row["organisation"], set()).add(row["channel"])
    assert set(ways) == {row["id"] for row in rows("organisations")}
    assert all(len(way) >= 2 and way != {"mail"} for way in ways.values())


def test_scores_and_ladder(sorami: Estate) -> None:
    known = scores(sorami).own
    assert (int(known.sum()), int((~known).sum())) == (57, 3)
    rungs = ladder(sorami)
    assert all(rung.basis == "own" and rung.low <= rung.score <= rung.high for rung in rungs)
    assert {rung.verdict for rung in rungs} == {"pass", "fail", "evidence needed"}
    assert len(rungs) == 17


def test_everyone_has_power_and_water() -> None:
    people = {
        kind: sum(r["people"] for r in rows("services") if r["id"].startswith(kind))
        for kind in ("elec", "water", "care")
    }
    assert people == {"elec": 3_200_000, "water": 3_200_000, "care": 3_200_000}


def test_places_are_in_open_ocean_near_each_other() -> None:
    for table in ("organisations", "assets", "power_buses", "generators", "transport_stops"):
        for row in rows(table):
            assert 29.0 < row["lat"] < 32.5, row["id"]
            assert 164.0 < row["lon"] < 166.8, row["id"]


@pytest.mark.parametrize("season", SEASONS)
@pytest.mark.parametrize("block", range(6))
def test_power_serves_everything(season: str, block: int) -> None:
    assert unserved(season, block, out=None) < 1e-6


OUTAGES = [row["id"] for table in ("power_branches", "generators") for row in rows(table)]


@pytest.mark.parametrize("out", OUTAGES)
def test_power_serves_the_peak_with_one_out(out: str) -> None:
    assert unserved("summer", 3, out) < 1e-6


def unserved(season: str, block: int, out: str | None) -> float:
    """Least shedding in MW within the secure limits: a DC optimal power flow in angles, by HiGHS."""
    from scipy.optimize import linprog

    buses = {row["id"]: k for k, row in enumerate(rows("power_buses"))}
    shape = {row["id"]: row[f"b{4 * block:02d}"] * row[season] for row in rows("profiles")}
    demand = np.array([row["demand_mw"] * shape[row["profile"]] for row in rows("power_buses")])
    plants = [row for row in rows("generators") if row["id"] != out]
    lines = [row for row in rows("power_branches") if row["id"] != out]
    count, width = len(buses), len(plants) + 2 * len(buses) + len(lines)
    balance, angle_rows = np.zeros((count, width)), np.zeros((len(lines), width))
    bounds: list[tuple[float | None, float | None]] = [(0.0, row["p_max_mw"] * row["availability"]) for row in plants]
    bounds += [(0.0, float(mw)) for mw in demand] + [(None, None)] * count
    bounds += [(-row["secure_mw"], row["secure_mw"]) for row in lines]
    for g, row in enumerate(plants):
        balance[buses[row["bus"]], g] = 1.0
    for k in range(count):
        balance[k, len(plants) + k] = 1.0
    for n, row in enumerate(lines):
        at, a, b = len(plants) + 2 * count + n, buses[row["from_bus"]], buses[row["to_bus"]]
        balance[a, at], balance[b, at] = -1.0, 1.0
        if row["kind"] == "ac":
            angle_rows[n, at] = 1.0
            angle_rows[n, len(plants) + count + a] = -BASE_MVA / row["x_pu"]
            angle_rows[n, len(plants) + count + b] = BASE_MVA / row["x_pu"]
    cost = np.zeros(width)
    cost[len(plants) : len(plants) + count] = 1.0
    found = linprog(cost, A_eq=np.vstack([balance, angle_rows]), b_eq=np.concatenate([demand, np.zeros(len(lines))]),
                    bounds=bounds, method="highs")  # fmt: skip
    assert found.status == 0, found.message
    return float(found.fun)


def test_gas_serves_the_peak_without_stores() -> None:
    from scipy.optimize import linprog

    nodes = {row["id"]: k for k, row in enumerate(rows("gas_nodes"))}
    pipes, sources = rows("gas_pipes"), rows("gas_sources")
    balance = np.zeros((len(nodes), len(pipes) + len(sources)))
    for n, row in enumerate(pipes):
        balance[nodes[row["from_node"]], n], balance[nodes[row["to_node"]], n] = -1.0, 1.0
    for n, row in enumerate(sources):
        balance[nodes[row["node"]], len(pipes) + n] = 1.0
    peak = max(
        row[f"b{4 * k:02d}"] * row[s]
        for row in rows("profiles")
        if row["id"] == "day-gas"
        for k in range(6)
        for s in SEASONS
    )
    demand = np.array([row["demand_tph"] * peak for row in rows("gas_nodes")])
    bounds = [(0.0 if row["one_way"] else -row["capacity_tph"], row["capacity_tph"]) for row in pipes]
    bounds += [(0.0, row["capacity_tph"]) for row in sources]
    found = linprog(np.zeros(balance.shape[1]), A_eq=balance, b_eq=demand, bounds=bounds, method="highs")
    assert found.status == 0, found.message


def test_trips_fit_their_links() -> None:
    links = rows("transport_links")
    for trip in rows("trips"):
        direct = [
            row["capacity_per_h"]
            for row in links
            if {row["from_stop"], row["to_stop"]} == {trip["origin"], trip["destination"]}
            and trip["mode"] in ("any", row["kind"])
        ]
        assert trip["id"] == "trip-strait" or max(direct) >= trip["demand_per_h"]


def test_all_that_networks_serve_somebody() -> None:
    needed = {p.strip() for row in rows("dependencies") for p in row["providers"].split(";")}
    needed |= {row["commanded_by"] for t in UNIT_TABLES[1:] for row in rows(t) if row.get("commanded_by")}
    assert {row["id"] for row in rows("power_buses")} <= needed
    idle = {row["id"] for row in rows("assets")} - needed
    assert idle == {"arms-works", "film-studio", "printing-house"}  # those whose loss is no service


def test_the_shipped_shocks_hit_it(sorami: Estate) -> None:
    for path in shipped_shocks().values():
        shock = load_shock(path, sorami)
        assert shock.hits
        assert "estate" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["port-ransomware", "grid-centre-loss-of-control"])
def test_a_shock_degrades_services_and_each_loss_leads_back_to_it(sorami: Estate, name: str) -> None:
    from noroshi.stress import draw, model, reference
    from noroshi.stress.outcome import LOSSES, SELF

    shock = load_shock(name, sorami)
    built = model.build(sorami, shock.season)
    result = reference.run(built, draw.median(built, shock))
    below, _ = result.below(built.services.floor)
    short = {built.ids[u] for u, hours in zip(built.services.unit, below, strict=True) if hours > 0}
    expected = {
        "port-ransomware": {"containers"},
        "grid-centre-loss-of-control": {
            "electricity-sorahama",
            "electricity-midorino",
            "electricity-takamine",
            "metro",
        },
    }
    assert short >= expected[name]
    assert not {s for s in short if s.startswith("care")}
    hit = {built.index[target] for target in shock.targets}
    cause: dict[int, int] = {}
    for event in result.events:
        if event.what in LOSSES:
            cause[event.unit] = event.cause
            at, seen = event.unit, set()
            while at not in hit and at not in seen:
                seen.add(at)
                at = cause[at]
            assert at in hit or at == SELF, built.ids[event.unit]


@pytest.mark.parametrize("part", [("asanagi-ems",), ("line-azuma-sorahama-1", "line-azuma-sorahama-2")])
def test_neither_half_of_the_grid_shock_harms_anyone(sorami: Estate, part: tuple[str, ...]) -> None:
    from dataclasses import replace

    from noroshi.stress import draw, model, reference

    shock = load_shock("grid-centre-loss-of-control", sorami)
    half = replace(shock, hits=tuple(hit for hit in shock.hits if hit.target in part), horizon_h=24.0)
    built = model.build(sorami, half.season)
    below, _ = reference.run(built, draw.median(built, half)).below(built.services.floor)
    assert below.max() == 0.0
