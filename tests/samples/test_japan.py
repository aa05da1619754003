"""The shipped sample `japan`: it fits its sources, its reference day is served, and it says what it assumes."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pytest
from scipy.optimize import linprog
from scipy.sparse import lil_array

from noroshi.estate.model import SEASONS, Estate
from noroshi.estate.tables import TABLES
from noroshi.files.estates import locate, read
from noroshi.stress import draw, reference
from noroshi.stress.model import build
from noroshi.stress.shock import Hit, Shock

if TYPE_CHECKING:
    from pathlib import Path

BLOCKS = ("b00", "b04", "b08", "b12", "b16", "b20")
TOLERANCE = 1e-6
DOCUMENTATION = [
    ipaddress.ip_network(n) for n in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32")
]
SHORT_ISLANDS = {"short-of-capacity"}
LARGEST_BYTES = 1_000_000


@pytest.fixture(scope="module")
def japan() -> Estate:
    """Return the sample; fail if it has an error."""
    estate, findings = read("japan")
    assert findings.errors == 0, findings.faults()
    assert estate is not None
    return estate


def rows(estate: Estate, table: str) -> list[dict[str, Any]]:
    """Return the table as a list of rows."""
    return estate.frame(table).to_dicts()


def demand(estate: Estate, table: str, column: str, season: str, block: str) -> np.ndarray[Any, Any]:
    """Return the demand of each row in one 4-hour block of a season."""
    shape = {p["id"]: p[season] * p[block] for p in rows(estate, "profiles")}
    return np.array([r[column] * shape[r["profile"]] for r in rows(estate, table)])


def unserved_power(estate: Estate, load: np.ndarray[Any, Any]) -> tuple[float, float]:
    """Return the least MW that must be shed with every circuit within its secure limit, and the worst use of a limit.

    A DC optimal flow with bus angles in HiGHS: written apart from `noroshi.flow`, so that it checks it.
    """
    buses, plants = rows(estate, "power_buses"), [g for g in rows(estate, "generators") if g["status"] != "mothballed"]
    lines = sorted(rows(estate, "power_branches"), key=lambda b: str(b["kind"]) != "ac")
    at = {b["id"]: k for k, b in enumerate(buses)}
    n, g, m = len(buses), len(plants), len(lines)
    ac = sum(b["kind"] == "ac" for b in lines)
    a = lil_array((n + ac, g + 2 * n + m))
    for k, plant in enumerate(plants):
        a[at[plant["bus"]], k] = 1.0
    for k in range(n):
        a[k, g + k] = 1.0
    for k, line in enumerate(lines):
        i, j, flow = at[line["from_bus"]], at[line["to_bus"]], g + 2 * n + k
        a[i, flow], a[j, flow] = -1.0, 1.0
        if k < ac:
            a[n + k, flow] = 1.0
            a[n + k, g + n + i], a[n + k, g + n + j] = -100.0 / line["x_pu"], 100.0 / line["x_pu"]
    forth = np.array([b["rating_mw"] if b["secure_mw"] is None else b["secure_mw"] for b in lines])
    back = np.array(
        [f if b["secure_back_mw"] is None else b["secure_back_mw"] for b, f in zip(lines, forth, strict=True)]
    )
    cost = np.r_[[p["cost"] for p in plants], np.full(n, 100.0), np.zeros(n + m)]
    bounds = [(0.0, p["p_max_mw"] * p["availability"]) for p in plants] + [(0.0, x) for x in load]
    bounds += [(None, None)] * n + list(zip(-back, forth, strict=True))
    solved = linprog(cost, A_eq=a.tocsr(), b_eq=np.r_[load, np.zeros(ac)], bounds=bounds, method="highs")
    assert solved.status == 0, solved.message
    flow = solved.x[g + 2 * n :]
    return float(solved.x[g : g + n].sum()), float(np.max(np.where(flow > 0, flow / forth, -flow / back)))


def unserved_gas(estate: Estate, load: np.ndarray[Any, Any]) -> float:
    """Return the least t/h that cannot be served from the sources alone, pipes within their capacity."""
    nodes, sources, pipes = (rows(estate, t) for t in ("gas_nodes", "gas_sources", "gas_pipes"))
    at = {n["id"]: k for k, n in enumerate(nodes)}
    a = lil_array((len(nodes), len(sources) + len(nodes) + len(pipes)))
    for k, source in enumerate(sources):
        a[at[source["node"]], k] = 1.0
    for k in range(len(nodes)):
        a[k, len(sources) + k] = 1.0
    for k, pipe in enumerate(pipes, len(sources) + len(nodes)):
        a[at[pipe["from_node"]], k], a[at[pipe["to_node"]], k] = -1.0, 1.0
    cost = np.r_[np.zeros(len(sources)), np.ones(len(nodes)), np.zeros(len(pipes))]
    bounds = [(0.0, s["capacity_tph"]) for s in sources] + [(0.0, x) for x in load]
    bounds += [(-p["capacity_tph"], p["capacity_tph"]) for p in pipes]
    solved = linprog(cost, A_eq=a.tocsr(), b_eq=load, bounds=bounds, method="highs")
    assert solved.status == 0, solved.message
    return float(solved.x[len(sources) : len(sources) + len(nodes)].sum())


@pytest.mark.parametrize("block", BLOCKS)
def test_the_reference_day_is_served_within_secure_limits(japan: Estate, block: str) -> None:
    """At 75 % of the area peaks nothing is shed and no corridor is over its secure limit."""
    load = demand(japan, "power_buses", "demand_mw", japan.meta.season, block)
    shed, worst = unserved_power(japan, load)
    assert shed == pytest.approx(0.0, abs=TOLERANCE)
    assert worst <= 1.0 + TOLERANCE


def test_every_level_that_the_independent_check_found_served_is_served(japan: Estate) -> None:
    """55, 65 and 75 % of all area peaks at once: no shedding; at 100 % the tables are short."""
    peak = np.array(japan.column("power_buses", "demand_mw"))
    for share in (0.55, 0.65, 0.75):
        assert unserved_power(japan, share * peak)[0] == pytest.approx(0.0, abs=TOLERANCE)
    assert unserved_power(japan, peak)[0] > 10_000.0


def test_the_reference_day_peaks_at_three_quarters_of_the_summer_peak(japan: Estate) -> None:
    """Spring's highest block is 75 % of the area peak for every load profile, summer's is the peak itself."""
    assert japan.meta.season == "spring"
    for p in rows(japan, "profiles"):
        if p["id"].startswith("load-"):
            highest = max(p[b] for b in BLOCKS)
            assert (highest * p["spring"], highest * p["summer"]) == (0.75, 1.0)


@pytest.mark.parametrize("season", SEASONS)
def test_gas_is_served_in_every_block_without_the_stores(japan: Estate, season: str) -> None:
    """LNG terminals, fields and pipes carry the peak demand of every season, power plants included."""
    for block in BLOCKS:
        assert unserved_gas(japan, demand(japan, "gas_nodes", "demand_tph", season, block)) == pytest.approx(
            0.0, abs=TOLERANCE
        )


def test_without_a_shock_every_service_is_whole(japan: Estate) -> None:
    """The engine's own no-shock day gives every service in full at every hour."""
    model = build(japan)
    run = reference.run(model, draw.quiet(draw.median(model, Shock("none", 24.0))))
    assert run.shares.min() == pytest.approx(1.0)
    assert run.events == ()


def test_a_port_stops_like_nagoya_in_2023_and_nothing_else_does(japan: Estate) -> None:
    """A terminal system's trip takes its port for two to three days and leaves power, gas and hospitals alone."""
    model = build(japan)
    run = reference.run(model, draw.median(model, Shock("port", 72.0, (Hit("tos-nagoya", "trip"),))))
    hours, _ = run.below(model.services.floor)
    hit = {model.ids[u] for u, h in zip(model.services.unit, hours, strict=True) if h > 0.0}
    assert hit == {"port-nagoya"}
    assert 48.0 <= hours.max() <= 72.0


def test_ties_and_corridors_keep_to_the_frequency(japan: Estate) -> None:
    """50 and 60 Hz meet only in converters; HVDC joins the islands; Okinawa stands alone."""
    home = {b["id"]: b for b in rows(japan, "power_buses")}
    for line in rows(japan, "power_branches"):
        a, b = home[line["from_bus"]], home[line["to_bus"]]
        same = a["frequency_hz"] == b["frequency_hz"]
        assert (line["kind"] == "fc") == (not same)
        assert line["kind"] != "ac" or a["island"] == b["island"]
        assert "okinawa" not in (a["island"], b["island"])
    assert {b["island"]: b["frequency_hz"] for b in home.values()} == {
        "hokkaido": 50.0, "east50": 50.0, "west60": 60.0, "okinawa": 60.0,
    }  # fmt: skip


def test_lng_plants_are_fed_by_a_node_that_can_carry_them(japan: Estate) -> None:
    """Every LNG plant names its gas node, in whose demand its burn is counted."""
    need: dict[str, float] = {}
    for plant in rows(japan, "generators"):
        if plant["fuel"] == "lng" and plant["status"] == "operating":
            assert plant["fed_by"], plant["id"]
            need[plant["fed_by"]] = need.get(plant["fed_by"], 0.0) + plant["p_max_mw"] * 0.13 * 0.85
    nodes = {n["id"]: n["demand_tph"] for n in rows(japan, "gas_nodes")}
    assert all(nodes[node] >= tph - 0.1 for node, tph in need.items())


def test_counts_and_totals_are_those_of_the_tables(japan: Estate) -> None:
    """56 buses, 42 terminals, 40 airports and 24 ports are there, and people and load add up."""
    assert japan.count("power_buses") == 56
    assert sum(s["kind"] == "lng" for s in rows(japan, "gas_sources")) == 42
    kinds = japan.frame("assets")["kind"].value_counts()
    assert dict(kinds.iter_rows())["airport"] == 40
    ids = set(japan.ids("services"))
    assert sum(i.startswith("port-") for i in ids) == 24
    electricity = japan.frame("services").filter(pl.col("id").str.starts_with("elec-"))
    assert electricity.height == 47
    assert electricity["people"].sum() == 126_146_099
    assert np.sum(japan.column("power_buses", "demand_mw")) == pytest.approx(167_901, abs=5)
    corridors = set(japan.frame("power_branches")["corridor"].to_list())
    assert (
        len([c for c in corridors if c.startswith("line-")]),
        len([c for c in corridors if c.startswith("tie-")]),
    ) == (100, 14)


def test_every_row_says_where_it_comes_from(japan: Estate) -> None:
    """Source and confidence are given on every row of every table."""
    for name in TABLES:
        frame = japan.frame(name)
        if frame.height:
            assert frame["id"].is_unique().all(), name
            assert frame["source"].null_count() == 0, name
            assert frame["confidence"].null_count() == 0, name


def test_no_organisation_has_a_posture_or_a_real_address(japan: Estate) -> None:
    """Organisations are roles without a score; addresses and networks are those kept for documentation."""
    organisations = japan.frame("organisations")
    assert organisations["score"].null_count() == organisations.height
    assert organisations["illustrative"].all()
    assert japan.frame("suppliers")["score"].null_count() == japan.count("suppliers")
    assert japan.frame("systems")["products"].null_count() == japan.count("systems")
    for row in rows(japan, "networks"):
        if row["kind"] == "cidr":
            block = ipaddress.ip_network(row["value"])
            assert any(block.version == d.version and block.subnet_of(d) for d in DOCUMENTATION)  # type: ignore[arg-type]
        else:
            assert row["value"].endswith(".example")
    for row in rows(japan, "contacts"):
        assert row["address"].endswith(".example") if row["channel"] == "mail" else row["address"].startswith("00-000")


def test_sector_means_are_the_published_ones(japan: Estate) -> None:
    """Published where the survey named the sector, else assumed within its bounds and marked so."""
    means = {s["id"]: s for s in rows(japan, "sectors")}
    published = {"telecom": 75.3, "finance": 71.3, "government": 66.1, "medical": 52.1, "welfare": 45.2}
    assert {i: s["score"] for i, s in means.items() if s["score_basis"] == "published"} == published
    for sector in means.values():
        assert sector["score_low"] <= sector["score"] <= sector["score_high"]
        assert sector["score_spread"] == 20.0
    mark = japan.meta.benchmark
    assert mark is not None
    assert (mark.pass_mark, mark.overall, mark.technical, mark.organisational) == (72.0, 58.5, 37.8, 20.7)


def test_the_only_warnings_are_the_known_shortages(japan: Estate) -> None:
    """The two large islands are short of their summer peak: the README says why; nothing else is warned of."""
    assert japan.meta.id == "japan"
    _, findings = read("japan")
    assert set(findings.counts()["warning"]) <= SHORT_ISLANDS


def test_it_stays_small_and_above_the_level_of_single_substations(japan: Estate) -> None:
    """The sample is under 1 MB, and it has no asset kind below zone, corridor, major plant or terminal."""
    assert sum(p.stat().st_size for p in locate("japan").iterdir()) < LARGEST_BYTES
    assert set(japan.frame("assets")["kind"].to_list()) <= {
        "airport", "berth", "cable landing", "chemical plant", "command centre", "datacentre cluster",
        "emergency power", "hospital", "ixp", "mobile network", "refinery", "terminal",
    }  # fmt: skip


def test_figures_are_those_of_the_shared_facts(japan: Estate, shared: Path) -> None:
    """Peaks, people, plants and terminals equal the fact tables; running units alone count where the README says so."""
    facts = shared / "facts" / "japan"
    areas = pl.read_csv(facts / "utilities.csv")
    load = japan.frame("power_buses").group_by("area").agg(pl.col("demand_mw").sum())
    for name, mw in load.iter_rows():
        told = areas.filter(pl.col("area") == name.lower())["peak_demand_mw_2026_summer"].item()
        assert mw == pytest.approx(told, abs=1.0)
    typed = pl.read_csv(facts / "power_stations.csv")
    running = {"Kashiwazaki-Kariwa": 1356.0, "Onagawa": 825.0}
    told = sum(running.get(n, mw) for n, mw in typed.select("name_en", "capacity_mw").iter_rows())
    assert float(np.sum(japan.column("generators", "p_max_mw"))) == pytest.approx(told)
    terminals = pl.read_csv(facts / "lng_terminals.csv")["send_out_mtpa"].sum()
    lng = japan.frame("gas_sources").filter(pl.col("kind") == "lng")["capacity_tph"].sum()
    assert float(lng) * 8760 / 1e6 == pytest.approx(terminals, rel=1e-3)
