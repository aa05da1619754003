"""Checks across rows and tables, on estates in memory."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from noroshi.errors import FAULT_CODES, InputError
from noroshi.estate.check import check
from noroshi.estate.findings import Findings, Place
from noroshi.estate.model import Meta, from_frames
from noroshi.estate.rules import RULES

Rows = list[dict[str, Any]]


def found(**tables: Rows) -> list[tuple[str, str, str, int | None, str]]:
    """Return the faults of an estate of these rows: code, severity, file, row, column."""
    findings = check(from_frames(Meta("e"), tables))
    return [(f.code, f.severity, f.file, f.row, f.column) for f in findings.faults()]


def bus(ident: str, island: str = "east", hz: float = 50.0, mw: float = 0.0) -> dict[str, Any]:
    """Return a bus."""
    return {"id": ident, "island": island, "frequency_hz": hz, "demand_mw": mw}


def branch(ident: str, a: str, b: str, **more: object) -> dict[str, Any]:
    """Return an AC branch, unless `more` says otherwise."""
    return {"id": ident, "from_bus": a, "to_bus": b, "kind": "ac", "x_pu": 0.1, "rating_mw": 100.0, **more}


def plant(ident: str, at: str, mw: float, **more: object) -> dict[str, Any]:
    """Return a generator."""
    return {"id": ident, "bus": at, "fuel": "gas", "p_max_mw": mw, **more}


def unit(ident: str) -> dict[str, Any]:
    """Return an asset."""
    return {"id": ident, "kind": "thing"}


def need(ident: str, who: str, whom: str, **more: object) -> dict[str, Any]:
    """Return a hard dependency, unless `more` says otherwise."""
    return {"id": ident, "dependant": who, "providers": whom, "commodity": "data", **more}


def test_an_empty_estate_has_no_fault() -> None:
    assert found() == []


def test_enough_capacity_is_no_fault_and_too_little_is_a_warning() -> None:
    buses = [bus("a", mw=60), bus("b", mw=50)]
    lines = [branch("l", "a", "b")]
    assert found(power_buses=buses, power_branches=lines, generators=[plant("g", "a", 110)]) == []
    short = ("short-of-capacity", "warning", "power_buses.csv", 2, "island")
    assert found(power_buses=buses, power_branches=lines, generators=[plant("g", "a", 109)]) == [short]
    derated = [plant("g", "a", 220, availability=0.4)]
    assert found(power_buses=buses, power_branches=lines, generators=derated) == [short]


def test_mothballed_plants_do_not_count_and_dc_links_do() -> None:
    buses = [bus("a", mw=60), bus("z", "west", 60, 10)]
    idle = [plant("g", "a", 100), plant("h", "z", 100, status="mothballed")]
    assert found(power_buses=buses, generators=idle) == [("no-generator", "warning", "power_buses.csv", 3, "island")]
    link = [branch("fc", "a", "z", kind="fc", x_pu=None, rating_mw=30.0, secure_mw=20.0)]
    assert found(power_buses=buses, generators=idle, power_branches=link) == []
    weak = [branch("fc", "a", "z", kind="fc", x_pu=None, rating_mw=30.0, secure_mw=9.0)]
    assert found(power_buses=buses, generators=idle, power_branches=weak) == [
        ("short-of-capacity", "warning", "power_buses.csv", 3, "island")
    ]
    back = [branch("fc", "z", "a", kind="fc", x_pu=None, rating_mw=30.0, secure_mw=9.0, secure_back_mw=11.0)]
    assert found(power_buses=buses, generators=idle, power_branches=back) == []


def test_secure_limits_above_the_rating_in_either_direction() -> None:
    lines = [branch("l", "a", "b", secure_mw=101.0), branch("m", "a", "b", secure_back_mw=101.0)]
    faults = found(power_buses=[bus("a"), bus("b")], power_branches=lines, generators=[plant("g", "a", 1)])
    assert [fault[3:] for fault in faults] == [(2, "secure_mw"), (3, "secure_back_mw")]
    assert {fault[0] for fault in faults} == {"secure-above-rating"}


def test_least_output_above_the_greatest() -> None:
    faults = found(power_buses=[bus("a")], generators=[plant("g", "a", 10, p_min_mw=20)])
    assert faults == [("out-of-range", "warning", "generators.csv", 2, "p_min_mw")]


def test_a_dangling_end_is_not_a_tie_too() -> None:
    faults = found(power_buses=[bus("a")], power_branches=[branch("l", "a", "zz")], generators=[plant("g", "a", 1)])
    assert [fault[0] for fault in faults] == ["dangling-key"]


def test_links_and_trips_to_themselves() -> None:
    stops = [{"id": "s", "kind": "rail"}]
    faults = found(
        transport_stops=stops,
        transport_links=[{"id": "k", "from_stop": "s", "to_stop": "s", "kind": "rail", "capacity_per_h": 1.0}],
        trips=[{"id": "t", "origin": "s", "destination": "s", "demand_per_h": 1.0}],
        gas_nodes=[{"id": "n"}],
        gas_pipes=[{"id": "p", "from_node": "n", "to_node": "n", "capacity_tph": 1.0}],
    )
    assert [(fault[0], fault[2], fault[4]) for fault in faults] == [
        ("self-loop", "gas_pipes.csv", "to_node"),
        ("self-loop", "transport_links.csv", "to_stop"),
        ("self-loop", "trips.csv", "destination"),
    ]


CIRCLE = [need("d1", "a", "b"), need("d2", "b", "c"), need("d3", "c", "a")]


def test_a_circle_in_which_nobody_holds_out_is_one_error() -> None:
    findings = check(from_frames(Meta("e"), {"assets": [unit("a"), unit("b"), unit("c")], "dependencies": CIRCLE}))
    (fault,) = findings.faults()
    assert (fault.code, fault.severity, fault.row, fault.found) == (
        "cycle-without-store",
        "error",
        2,
        "a -> b -> c -> a",
    )


@pytest.mark.parametrize(
    "change", [{"autonomy_h": 1.0}, {"degraded": 0.1}, {"logic": "any"}, {"logic": "mean"}], ids=lambda c: next(iter(c))
)
def test_one_store_anywhere_breaks_the_circle(change: dict[str, Any]) -> None:
    rows = [dict(row) for row in CIRCLE]
    rows[1] |= change
    assert found(assets=[unit("a"), unit("b"), unit("c")], dependencies=rows) == []


def test_a_circle_with_equipment_is_only_a_warning() -> None:
    rows = [need("d1", "x", "n"), need("d2", "n", "x")]
    faults = found(assets=[unit("x")], gas_nodes=[{"id": "n"}], dependencies=rows)
    assert [fault[:2] for fault in faults] == [("cycle-without-store", "warning")]


def test_two_circles_are_two_faults_and_a_chain_is_none() -> None:
    units = [unit(name) for name in "abcdefgh"]
    rows = [need("1", "a", "b"), need("2", "b", "a"), need("3", "c", "d;e"), need("4", "e", "c"), need("5", "f", "g"),
            need("6", "g", "h"), need("7", "a", "c")]  # fmt: skip
    findings = check(from_frames(Meta("e"), {"assets": units, "dependencies": rows}))
    assert [(f.row, f.found) for f in findings.faults()] == [(2, "a -> b -> a"), (4, "c -> e -> c")]


def test_a_long_circle_is_shown_in_part() -> None:
    n = 30
    rows = [need(f"d{k}", f"u{k}", f"u{(k + 1) % n}") for k in range(n)]
    findings = check(from_frames(Meta("e"), {"assets": [unit(f"u{k}") for k in range(n)], "dependencies": rows}))
    assert findings.faults()[0].found == "u0 -> u1 -> u2 -> u3 -> u4 -> u5 -> ..."


@pytest.mark.parametrize(("k", "codes"), [(0, ["out-of-range"]), (1, []), (2, []), (3, ["out-of-range"])])
def test_k_is_between_one_and_the_number_of_providers(k: int, codes: list[str]) -> None:
    rows = [need("d", "a", "b;c", logic="k_of_n", k=k, autonomy_h=1.0)]
    assert [f[0] for f in found(assets=[unit("a"), unit("b"), unit("c")], dependencies=rows)] == codes


def test_quantiles_that_are_not_given_are_not_compared() -> None:
    rows = [need("d", "a", "b", autonomy_h=9.0), need("e", "a", "b", autonomy_h=9.0, autonomy_p90_h=8.0)]
    faults = found(assets=[unit("a"), unit("b")], dependencies=rows)
    assert faults == [("out-of-range", "error", "dependencies.csv", 3, "autonomy_h")]


def test_a_median_above_the_default_tail_says_so() -> None:
    findings = check(from_frames(Meta("e"), {"assets": [{**unit("a"), "repair_p50_h": 100.0}]}))
    (fault,) = findings.faults()
    assert (fault.column, fault.found) == ("repair_p50_h", "100")
    assert "repair_p90_h" in fault.expected
    assert "48" in fault.expected


def test_half_a_position_is_a_warning_and_none_is_no_fault() -> None:
    rows = [{**unit("a"), "lat": 35.0}, unit("b"), {**unit("c"), "lat": 35.0, "lon": 136.0}]
    assert found(assets=rows) == [("half-position", "warning", "assets.csv", 2, "lon")]


def test_ids_may_repeat_across_tables_that_are_no_units() -> None:
    sectors = [{"id": "power", "name_en": "P", "name_ja": "P"}]
    crews = [{"id": "power", "name_en": "P", "name_ja": "P"}]
    assert found(sectors=sectors, crews=crews) == []


def test_a_duplicate_names_the_first_place() -> None:
    findings = check(from_frames(Meta("e"), {"assets": [unit("a"), unit("b"), unit("a")], "gas_nodes": [{"id": "b"}]}))
    assert [(f.file, f.row, f.found) for f in findings.faults()] == [("assets.csv", 4, "a"), ("gas_nodes.csv", 2, "b")]
    assert "assets.csv:2" in findings.faults()[0].expected
    assert "assets.csv:3" in findings.faults()[1].expected


def test_a_dangling_key_names_what_was_probably_meant() -> None:
    rows = [need("d", "berth-1", "berth-3;berth-2", autonomy_h=1.0)]
    findings = check(from_frames(Meta("e"), {"assets": [unit("berth-1"), unit("berth-2")], "dependencies": rows}))
    (fault,) = findings.faults()
    assert (fault.found, fault.column) == ("berth-3", "providers")
    assert "berth-" in fault.remedy


@pytest.mark.parametrize(
    ("kind", "value", "good"),
    [
        ("cidr", "192.0.2.0/24", True), ("cidr", "2001:db8::/32", True), ("cidr", "192.0.2.0", False),
        ("cidr", "example.jp", False), ("asn", "AS64496", True), ("asn", "64496", True), ("asn", "ASX", False),
        ("domain", "ports.example.jp", True), ("domain", "_dmarc.example.jp", True), ("domain", "not a domain", False),
    ],
)  # fmt: skip
def test_addresses(kind: str, value: str, good: bool) -> None:
    sectors = [{"id": "s", "name_en": "S", "name_ja": "S"}]
    organisations = [{"id": "o", "name_en": "O", "name_ja": "O", "sector": "s"}]
    rows = [{"id": "n", "organisation": "o", "kind": kind, "value": value}]
    faults = found(sectors=sectors, organisations=organisations, networks=rows)
    assert [fault[0] for fault in faults] == ([] if good else ["bad-address"])


def test_typed_estates_are_checked_cell_by_cell_too() -> None:
    estate = from_frames(
        Meta("e"),
        {
            "organisations": [{"id": "o", "name_en": "O", "name_ja": "O", "sector": "s", "employees": -1}],
            "sectors": [{"id": "s", "name_en": "S", "name_ja": "S", "score": float("inf")}],
            "gas_nodes": [{"id": "N 1", "demand_tph": -1.0}],
        },
    )
    codes = sorted(f.code for f in check(estate).faults())
    assert codes == ["bad-id", "not-finite", "out-of-range", "out-of-range"]


def test_every_rule_has_a_documented_code_and_both_languages() -> None:
    for name, rule in RULES.items():
        assert rule.code in FAULT_CODES, name
        assert rule.remedy, name
        assert not rule.remedy_ja.isascii(), name


def test_findings_count_all_and_keep_some() -> None:
    findings = Findings(limit=3)
    where = pl.Series([True, None, True, True, True, False])
    assert findings.many("not-whole", Place("f.csv"), "c", where, pl.Series([1.5] * 6), of_unit="") == 4
    assert findings.many("not-whole", Place("f.csv"), "d", pl.Series([False]), pl.Series([1.5]), of_unit="") == 0
    findings.add(
        "missing-column", "e.csv", row=1, column="x" * 3, hint="xxx", meaning="m", meaning_ja="m", found="y" * 500
    )
    assert findings.errors == 5
    assert [f.row for f in findings.faults()] == [2, 4, 5]
    with pytest.raises(InputError) as raised:
        findings.raise_errors()
    assert raised.value.total == 5
    clipped = Findings()
    clipped.add("missing-column", "e.csv", found="y" * 500, hint="", meaning="", meaning_ja="")
    assert len(clipped.faults()[0].found) == 120
