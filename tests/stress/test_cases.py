"""Twelve cases worked by hand (docs/cases.md has the working): both engines must tell exactly these stories."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from noroshi.estate.model import Meta, from_frames
from noroshi.stress import engine, reference
from noroshi.stress.draw import median
from noroshi.stress.model import build
from noroshi.stress.outcome import DEMAND, SELF, WHAT
from noroshi.stress.shock import Hit, Shock

if TYPE_CHECKING:
    from collections.abc import Callable

    from noroshi.stress.draw import Draw
    from noroshi.stress.model import Model
    from noroshi.stress.outcome import Run

Story = tuple[tuple[float, str, str, str], ...]
Row = dict[str, Any]


class Case(NamedTuple):
    """An estate, a shock, and what follows: (hour, what, unit, cause), and per service (hour, share) at each change."""

    tables: dict[str, list[Row]]
    shock: Shock
    events: Story
    served: dict[str, tuple[tuple[float, float], ...]]


def system(name: str, kind: str, **more: float) -> Row:
    return {"id": name, "organisation": "org", "name_en": name, "name_ja": name, "kind": kind, **more}


def service(name: str) -> Row:
    return {"id": name, "name_en": name, "name_ja": name, "sector": "sec", "people": 100}


def asset(name: str, **more: Any) -> Row:
    return {"id": name, "kind": "plant", **more}


def need(dependant: str, providers: str, **more: Any) -> Row:
    return {
        "id": f"{dependant}-{providers}",
        "dependant": dependant,
        "providers": providers,
        "commodity": "electricity",
        **more,
    }


def bus(name: str, demand: float, **more: Any) -> Row:
    return {"id": name, "island": "main", "demand_mw": demand, "critical_share": 0.2, **more}


def plant(name: str, at: str, most: float, **more: Any) -> Row:
    return {"id": name, "bus": at, "fuel": "other", "p_max_mw": most, "restart_h": 1.0, "cost": 0.1, **more}


def line(name: str, **more: Any) -> Row:
    return {"id": name, "from_bus": "north", "to_bus": "south", "x_pu": 0.1, "commanded_by": "ems", **more}


def hit(target: str, onset: float, restore: float, detect: float = 0.0, effect: str = "trip") -> Hit:
    return Hit(target, effect, onset, restore, detect)


def shock(*hits: Hit, start: float = 0.0) -> Shock:
    return Shock("case", 30.0, hits, start)


def ufls(share: float) -> dict[str, list[Row]]:
    """One bus, 100 MW of which 20 critical; A gives 80 MW, B 20 of its 60 and 15 more at once."""
    return {
        "power_buses": [bus("city", 100.0, ufls_share=share)],
        "generators": [
            plant("A", "city", 80.0, restart_h=2.0, fast_share=0.0),
            plant("B", "city", 60.0, restart_h=3.0, fast_share=0.25, cost=0.2, black_start=True),
        ],
        "services": [service("homes"), service("wards")],
        "dependencies": [need("homes", "city"), need("wards", "city", priority="critical")],
    }


def telecom(battery: float) -> dict[str, list[Row]]:
    """The grid's control needs the exchange, the exchange needs the grid, and has a battery."""
    return {
        "systems": [system("ems", "ems")],
        "assets": [asset("exchange")],
        "power_buses": [bus("city", 100.0, commanded_by="ems")],
        "generators": [plant("P", "city", 120.0, fast_share=0.0, black_start=True, commanded_by="ems")],
        "services": [service("homes")],
        "dependencies": [
            need("exchange", "city", autonomy_h=battery), need("ems", "exchange", commodity="telecom"),
                need("homes", "city"),
        ],
    }  # fmt: skip


def linepack() -> dict[str, list[Row]]:
    """20 t/h at n1, 5 of them critical, through one pipe; 48 t of linepack that can give 12 t/h."""
    return {
        "gas_nodes": [{"id": "n0"}, {"id": "n1", "demand_tph": 20.0, "critical_share": 0.25}],
        "gas_pipes": [{"id": "pipe", "from_node": "n0", "to_node": "n1", "capacity_tph": 40.0}],
        "gas_sources": [{"id": "lng", "node": "n0", "capacity_tph": 50.0}],
        "gas_stores": [{"id": "pack", "node": "n1", "capacity_t": 60.0, "initial_share": 0.8, "send_out_tph": 12.0}],
        "services": [service("heat"), service("wards")],
        "dependencies": [need("heat", "n1"), need("wards", "n1", priority="critical")],
    }


CASES = {
    "1 a port stops and is worked by hand": Case(
        {
            "systems": [system("tos", "terminal_os", manual_fallback=0.3, manual_after_h=2.0)],
            "assets": [asset("quay", commanded_by="tos")],
            "services": [service("boxes")],
            "dependencies": [need("boxes", "quay", commodity="access")],
        },
        shock(hit("tos", 2.0, 10.0, 1.0)),
        (
            (2.0, "hit", "tos", "self"), (2.0, "down", "tos", "self"), (2.0, "down", "quay", "tos"),
            (2.0, "down", "boxes", "quay"), (3.0, "detected", "tos", "self"), (5.0, "by_hand", "tos", "self"),
            (5.0, "improved", "tos", "self"), (5.0, "improved", "quay", "self"), (5.0, "improved", "boxes", "self"),
            (13.0, "ended", "tos", "self"), (13.0, "recovered", "tos", "self"), (13.0, "recovered", "quay", "self"),
            (13.0, "recovered", "boxes", "self"),
        ),
        {"boxes": ((0.0, 1.0), (2.0, 0.0), (5.0, 0.3), (13.0, 1.0))},
    ),
    "2 loss of view is no outage": Case(
        {
            "systems": [system("atc", "signalling")],
            "assets": [asset("track", commanded_by="atc")],
            "services": [service("trains")],
            "dependencies": [need("trains", "track", commodity="access")],
        },
        shock(hit("atc", 1.0, 5.0, 1.0, "loss_of_view")),
        ((1.0, "hit", "atc", "self"), (2.0, "detected", "atc", "self"), (7.0, "ended", "atc", "self")),
        {"trains": ((0.0, 1.0),)},
    ),
    "3 two of three, and a weighted mean": Case(
        {
            "assets": [asset("a", capacity=3.0), asset("b", capacity=2.0), asset("c", capacity=1.0)],
            "services": [service("vote"), service("flow")],
            "dependencies": [need("vote", "a;b;c", logic="k_of_n", k=2), need("flow", "a;b;c", logic="mean")],
        },
        shock(hit("a", 1.0, 4.0), hit("b", 2.0, 7.0, 0.0, "wrong_setpoint")),
        (
            (1.0, "hit", "a", "self"), (1.0, "detected", "a", "self"), (1.0, "down", "a", "self"),
            (1.0, "degraded", "flow", "a"),
            (2.0, "hit", "b", "self"), (2.0, "detected", "b", "self"), (2.0, "degraded", "b", "self"),
            (2.0, "degraded", "vote", "a"), (2.0, "degraded", "flow", "a"),
            (5.0, "ended", "a", "self"), (5.0, "recovered", "a", "self"), (5.0, "recovered", "vote", "self"),
            (5.0, "improved", "flow", "self"),
            (9.0, "ended", "b", "self"), (9.0, "recovered", "b", "self"), (9.0, "recovered", "flow", "self"),
        ),
        {"vote": ((0.0, 1.0), (2.0, 0.5), (5.0, 1.0)), "flow": ((0.0, 1.0), (1.0, 0.5), (2.0, 1 / 3), (5.0, 5 / 6),
            (9.0, 1.0))},
    ),
    "4 autonomy runs out, recovery takes time": Case(
        {
            "assets": [asset("substation")],
            "services": [service("wards"), service("lamps")],
            "dependencies": [
                need("wards", "substation", autonomy_h=6.0, degraded=0.4, recovery_h=3.0),
                need("lamps", "substation", autonomy_h=20.0),
            ],
        },
        shock(hit("substation", 1.0, 11.0)),
        (
            (1.0, "hit", "substation", "self"), (1.0, "detected", "substation", "self"),
            (1.0, "down", "substation", "self"),
            (7.0, "expired", "wards", "substation"), (7.0, "degraded", "wards", "substation"),
            (12.0, "ended", "substation", "self"), (12.0, "recovered", "substation", "self"),
            (15.0, "recovered", "wards", "self"),
        ),
        {"wards": ((0.0, 1.0), (7.0, 0.4), (15.0, 1.0)), "lamps": ((0.0, 1.0),)},
    ),
    "5 relays shed enough: no collapse": Case(
        ufls(0.7),
        shock(hit("A", 1.0, 5.0)),
        (
            (1.0, "hit", "A", "self"), (1.0, "detected", "A", "self"), (1.0, "down", "A", "self"),
            (1.0, "degraded", "city", "A"),
            (1.0, "degraded", "homes", "city"), (1.5, "improved", "city", "self"), (1.5, "improved", "homes", "self"),
            (6.0, "ended", "A", "self"), (8.0, "recovered", "city", "self"), (8.0, "recovered", "A", "self"),
            (8.0, "recovered", "homes", "self"),
        ),
        {"homes": ((0.0, 1.0), (1.0, 0.35), (1.5, 0.6), (8.0, 1.0)), "wards": ((0.0, 1.0),)},
    ),
    "6 relays cannot shed enough: collapse and black start": Case(
        ufls(0.5),
        shock(hit("A", 1.0, 5.0)),
        (
            (1.0, "hit", "A", "self"), (1.0, "detected", "A", "self"), (1.0, "down", "A", "self"),
            (1.0, "blackout", "city", "A"),
            (1.0, "down", "B", "city"), (1.0, "down", "homes", "city"), (1.0, "down", "wards", "city"),
            (4.0, "improved", "city", "self"), (4.0, "recovered", "B", "self"), (4.0, "improved", "homes", "self"),
            (4.0, "recovered", "wards", "self"), (6.0, "ended", "A", "self"), (8.0, "recovered", "city", "self"),
            (8.0, "recovered", "A", "self"), (8.0, "recovered", "homes", "self"),
        ),
        {"homes": ((0.0, 1.0), (1.0, 0.0), (4.0, 0.6), (8.0, 1.0)), "wards": ((0.0, 1.0), (1.0, 0.0), (4.0, 1.0))},
    ),
    "7 suppliers that are not needed": Case(
        {
            "assets": [asset("x"), asset("y")],
            "power_buses": [bus("city", 100.0)],
            "generators": [plant("cheap", "city", 120.0), plant("dear", "city", 120.0, cost=0.9)],
            "services": [service("homes"), service("pay")],
            "dependencies": [need("homes", "city"), need("pay", "x;y", logic="any", commodity="finance")],
        },
        shock(hit("dear", 1.0, 2.0), hit("x", 2.0, 3.0)),
        (
            (1.0, "hit", "dear", "self"), (1.0, "detected", "dear", "self"), (1.0, "down", "dear", "self"),
            (2.0, "hit", "x", "self"), (2.0, "detected", "x", "self"), (2.0, "down", "x", "self"),
            (3.0, "ended", "dear", "self"), (4.0, "recovered", "dear", "self"), (5.0, "ended", "x", "self"),
            (5.0, "recovered", "x", "self"),
        ),
        {"homes": ((0.0, 1.0),), "pay": ((0.0, 1.0),)},
    ),
    "8 loop: a compressor and the plant that it feeds never start by themselves": Case(
        {
            "power_buses": [bus("city", 100.0)],
            "generators": [plant("P", "city", 120.0, fed_by="n1", black_start=True)],
            "gas_nodes": [{"id": "n0"}, {"id": "n1", "demand_tph": 20.0}],
            "gas_pipes": [{"id": "pipe", "from_node": "n0", "to_node": "n1", "capacity_tph": 40.0}],
            "gas_sources": [{"id": "lng", "node": "n0", "capacity_tph": 50.0}],
            "services": [service("homes"), service("heat")],
            "dependencies": [need("pipe", "city"), need("homes", "city"), need("heat", "n1", commodity="gas")],
        },
        shock(hit("P", 1.0, 2.0)),
        (
            (1.0, "hit", "P", "self"), (1.0, "detected", "P", "self"), (1.0, "down", "P", "self"),
            (1.0, "blackout", "city", "P"),
            (1.0, "down", "pipe", "city"), (1.0, "down", "homes", "city"), (1.0, "down", "n1", "pipe"),
            (1.0, "down", "heat", "n1"),
            (3.0, "ended", "P", "self"),
        ),
        {"homes": ((0.0, 1.0), (1.0, 0.0)), "heat": ((0.0, 1.0), (1.0, 0.0))},
    ),
    "9a loop: telecom outlasts the blackout": Case(
        telecom(8.0),
        shock(hit("P", 1.0, 2.0)),
        (
            (1.0, "hit", "P", "self"), (1.0, "detected", "P", "self"), (1.0, "down", "P", "self"),
            (1.0, "blackout", "city", "P"),
            (1.0, "down", "homes", "city"), (3.0, "ended", "P", "self"), (4.0, "recovered", "city", "self"),
            (4.0, "recovered", "P", "self"), (4.0, "recovered", "homes", "self"),
        ),
        {"homes": ((0.0, 1.0), (1.0, 0.0), (4.0, 1.0))},
    ),
    "9b loop: telecom does not, and the grid stays at its set-point": Case(
        telecom(2.5),
        shock(hit("P", 1.0, 2.0)),
        (
            (1.0, "hit", "P", "self"), (1.0, "detected", "P", "self"), (1.0, "down", "P", "self"),
            (1.0, "blackout", "city", "P"),
            (1.0, "down", "homes", "city"), (3.0, "ended", "P", "self"), (3.5, "expired", "exchange", "city"),
            (3.5, "down", "exchange", "city"), (3.5, "down", "ems", "exchange"), (4.0, "recovered", "P", "self"),
        ),
        {"homes": ((0.0, 1.0), (1.0, 0.0))},
    ),
    "10 a linepack runs empty": Case(
        linepack(),
        shock(hit("pipe", 2.0, 8.0)),
        (
            (2.0, "hit", "pipe", "self"), (2.0, "detected", "pipe", "self"), (2.0, "down", "pipe", "self"),
            (2.0, "degraded", "n1", "pipe"), (2.0, "degraded", "heat", "n1"), (6.0, "empty", "pack", "pipe"),
            (6.0, "down", "n1", "pipe"), (6.0, "down", "heat", "n1"), (6.0, "down", "wards", "n1"),
            (10.0, "ended", "pipe", "self"),
            (10.0, "recovered", "n1", "self"), (10.0, "recovered", "pipe", "self"), (10.0, "recovered", "heat", "self"),
            (10.0, "recovered", "wards", "self"),
        ),
        {"heat": ((0.0, 1.0), (2.0, 0.6), (6.0, 0.0), (10.0, 1.0)), "wards": ((0.0, 1.0), (6.0, 0.0), (10.0, 1.0))},
    ),
    "11 one crew for two jobs, with travel and a shift": Case(
        {
            "crews": [{"id": "crew", "name_en": "c", "name_ja": "c", "speed_kmh": 55.5975, "shift_start_h": 8.0,
                       "shift_hours": 8.0, "lat": 35.0, "lon": 139.0}],
            "assets": [asset("far", crew="crew", lat=36.0, lon=139.0), asset("near", crew="crew", lat=35.0, lon=139.0)],
            "services": [service("one"), service("two")],
            "dependencies": [need("one", "far"), need("two", "near")],
        },
        shock(hit("far", 0.0, 3.0), hit("near", 0.0, 2.0), start=10.0),
        (
            (0.0, "repair", "far", "self"), (0.0, "hit", "far", "self"), (0.0, "detected", "far", "self"),
            (0.0, "hit", "near", "self"), (0.0, "detected", "near", "self"), (0.0, "down", "far", "self"),
            (0.0, "down", "near", "self"), (0.0, "down", "one", "far"), (0.0, "down", "two", "near"),
            (5.0, "repair", "near", "self"), (5.0, "repaired", "far", "self"), (5.0, "recovered", "far", "self"),
            (5.0, "recovered", "one", "self"), (25.0, "repaired", "near", "self"), (25.0, "recovered", "near", "self"),
            (25.0, "recovered", "two", "self"),
        ),
        {"one": ((0.0, 0.0), (5.0, 1.0)), "two": ((0.0, 0.0), (25.0, 1.0))},
    ),
    "12 control lost: the lines are not relieved, and trip one after the other": Case(
        {
            "systems": [system("ems", "ems")],
            "power_buses": [bus("north", 0.0), bus("south", 150.0)],
            "power_branches": [line("L1", rating_mw=60.0, secure_mw=50.0), line("L2", rating_mw=70.0, secure_mw=50.0)],
            "generators": [plant("cheap", "north", 200.0, fast_share=0.0),
                plant("dear", "south", 160.0, fast_share=0.25, cost=0.9)],
            "services": [service("homes")],
            "dependencies": [need("homes", "south")],
        },
        shock(hit("ems", 1.0, 4.0, 1.0, "loss_of_control")),
        (
            (1.0, "hit", "ems", "self"), (1.0, "tripped", "L1", "ems"), (1.0, "tripped", "L2", "ems"),
            (1.0, "degraded", "south", "L2"), (1.0, "degraded", "homes", "south"), (1.5, "recovered", "south", "self"),
            (1.5, "recovered", "homes", "self"), (2.0, "detected", "ems", "self"), (6.0, "ended", "ems", "self"),
            (6.0, "recovered", "L1", "self"), (6.0, "recovered", "L2", "self"),
        ),
        {"homes": ((0.0, 1.0), (1.0, 0.6), (1.5, 1.0))},
    ),
}  # fmt: skip


def played(case: Case, run: Callable[[Model, Draw], Run]) -> tuple[Story, dict[str, list[tuple[float, float]]]]:
    """Run the case: its events by name, and each service's changes."""
    estate = from_frames(Meta("case"), {"sectors": [{"id": "sec", "name_en": "s", "name_ja": "s"}], **case.tables})
    model = build(estate)
    result = run(model, median(model, case.shock))
    name = {DEMAND: "demand", SELF: "self"}
    story = tuple(
        (e.hour, WHAT[e.what], model.ids[e.unit], name.get(e.cause) or model.ids[e.cause]) for e in result.events
    )
    served: dict[str, list[tuple[float, float]]] = {}
    for k, unit in enumerate(model.services.unit):
        changes = served.setdefault(model.ids[unit], [])
        for hour, share in zip(result.hours.tolist(), result.shares[:, k].tolist(), strict=True):
            if not changes or abs(share - changes[-1][1]) > 1e-9:
                changes.append((hour, share))
    return story, served


@pytest.mark.parametrize("run", [reference.run, engine.run], ids=["reference", "compiled"])
@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_story(case: Case, run: Callable[[Model, Draw], Run]) -> None:
    story, served = played(case, run)
    assert [event[1:] for event in story] == [event[1:] for event in case.events]
    assert [event[0] for event in story] == pytest.approx([event[0] for event in case.events], abs=1e-9)
    for name, changes in case.served.items():
        assert [pair for at in served[name] for pair in at] == pytest.approx(
            [x for at in changes for x in at], abs=1e-9
        )
