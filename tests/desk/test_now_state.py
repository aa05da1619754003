"""How services, sectors and areas stand at a moment, from an impact that was computed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from msgspec import structs

from noroshi.desk.impact import HOUR, Band, Below, Impact, Struck
from noroshi.desk.now_state import hours_to_look, standing, state_of

BEGAN = 1_000 * HOUR


def service(uid: str, sector: str = "power", area: str = "north", people: int = 100) -> Any:
    return SimpleNamespace(id=uid, sector=sector, area=area, people=people)


def below(uid: str = "light", start: float | None = 2.0, lasts: float = 10.0, tolerance: float = 6.0) -> Below:
    three = Band(start, start, start)
    return Below(uid, "Light", "灯", "power", 100, tolerance, three, Band(lasts, lasts, lasts), (True, True, True), (),
                 "", Band(0.0, 0.0, 0.0), (False, False, False))  # fmt: skip


def impact(*those: Below) -> Impact:
    struck = (Struck("scada", "freeze", 0.0, "one", assumed=False),)
    return Impact("sorami", BEGAN, 72.0, struck, those, (), {})


@pytest.mark.parametrize(
    ("hour", "state"), [(-23.0, 0), (0.0, 1), (1.99, 1), (2.0, 2), (7.99, 2), (8.0, 3), (11.99, 3), (12.0, 0)]
)
def test_a_service_goes_through_its_states_as_time_passes(hour: float, state: int) -> None:
    assert state_of(below(), hour) == state


def test_what_only_the_slow_run_has_is_to_come_and_nothing_more() -> None:
    one = Below("x", "X", "X", "power", 1, 1.0, Band(None, None, 3.0), Band(0.0, 0.0, 4.0), (False, False, True), (),
                "", Band(0.0, 0.0, 0.0), (False, False, False))  # fmt: skip
    assert [state_of(one, hour) for hour in (0.0, 4.0, 7.5)] == [1, 1, 0]


def test_what_is_still_below_when_the_run_ends_stays_below() -> None:
    one = below(lasts=10.0)
    cut = structs.replace(one, cut=(True, True, True))
    assert state_of(cut, 500.0) == 3


def test_sectors_areas_and_people() -> None:
    services = (service("light"), service("heat", people=300), service("rail", "railway", "south", 50),
                service("water", "water", "north", 80))  # fmt: skip
    found = standing(
        services, impact(below(), below("rail", 20.0)), frozenset({"water"}), {"south": 1}, BEGAN + 3 * HOUR
    )
    assert {name: spot.state for name, spot in found.sectors.items()} == {"power": 2, "railway": 1, "water": 1}
    assert {name: (spot.state, spot.service) for name, spot in found.areas.items()} == {
        "north": (2, "light"), "south": (1, "rail"),
    }  # fmt: skip
    assert found.sectors["power"].served == pytest.approx(0.75)
    assert found.sectors["railway"].served == 1.0
    assert found.sectors["power"].ahead[:1] == (0.75,)
    assert found.sectors["power"].ahead[-1] == 1.0
    assert len(found.sectors["power"].ahead) == 25
    assert (found.people, found.below) == (100, ("light",))


def test_people_of_an_area_are_counted_once() -> None:
    services = (service("light"), service("heat", people=300), service("far", area="south", people=7))
    found = standing(services, impact(below(), below("heat"), below("far")), frozenset(), {}, BEGAN + 3 * HOUR)
    assert found.people == 307


def test_nothing_is_said_of_what_was_not_computed() -> None:
    found = standing((service("light"),), None, frozenset({"power"}), {}, BEGAN)
    assert found.sectors["power"] == (1, "", None, ())
    assert found.people == 0


@pytest.mark.parametrize(("passed", "hours"), [(0.0, 72.0), (40.0, 72.0), (48.5, 96.0), (72.0, 120.0), (5000.0, 720.0)])
def test_an_impact_is_looked_at_for_now_and_the_day_after(passed: float, hours: float) -> None:
    found = hours_to_look(BEGAN, BEGAN + int(passed * HOUR))
    assert found == hours
    assert found >= min(passed + 24.0, 720.0)


def test_one_that_has_not_begun_is_looked_at_for_three_days() -> None:
    assert hours_to_look(None, BEGAN) == 72.0
