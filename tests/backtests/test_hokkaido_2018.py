"""Hokkaido 2018: the intervals are those of docs/backtests/hokkaido-2018.md, fixed before the first run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.backtests.events import Story, tell

from noroshi.estate.model import Estate
from noroshi.files.estates import load
from noroshi.files.shocks import load_shock
from noroshi.stress import engine
from noroshi.stress.draw import median
from noroshi.stress.model import Model, build

HERE = Path(__file__).parent
SERVICE = "electricity-hokkaido"
RELAYS_MW, MORE_MW, DEMAND_MW = 1460.0, 350.0, 3090.0


@pytest.fixture(scope="module")
def island() -> Estate:
    return load(HERE / "hokkaido-2018")


@pytest.fixture(scope="module")
def night(island: Estate) -> Story:
    return tell(island, "hokkaido-2018")


def collapses(model: Model, estate: Estate, without: tuple[str, ...] = ()) -> float:
    """Return the hour at which the island collapses when some of the hits are left out; infinity if it holds."""
    shock = load_shock(HERE / "hokkaido-2018.toml", estate)
    shock = replace(shock, hits=tuple(h for h in shock.hits if h.target not in without))
    return Story(model, engine.run(model, median(model, shock))).hour_of("blackout", "hokkaido")


def test_it_collapses_when_the_last_unit_trips(night: Story) -> None:
    assert 10 / 60 <= night.hour_of("blackout", "hokkaido") <= 40 / 60
    assert night.at(SERVICE, 0.2) > 0.5  # the relays hold it at first
    assert night.share(SERVICE).min() <= 0.01


def test_honshu_keeps_its_power(night: Story) -> None:
    assert night.share("electricity-honshu").min() == 1.0


def test_it_is_back_after_a_day_and_a_half_to_two_and_a_half(night: Story) -> None:
    assert 36.0 <= night.first(SERVICE, 0.99, 0.3) <= 60.0


@pytest.mark.parametrize("steam_h", [20.0, 30.0])
def test_the_hour_does_not_hang_on_the_start_of_the_steam_units(island: Estate, steam_h: float) -> None:
    """By day demand is above all supply: whenever they come in that day, the evening brings the 99 %."""
    model = build(island)
    restart = np.where(model.power.g_restart == 25.0, steam_h, model.power.g_restart)
    story = tell(island, "hokkaido-2018", replace(model, power=model.power._replace(g_restart=restart)))
    assert story.first(SERVICE, 0.99, 0.3) == pytest.approx(40.88)


def test_a_third_is_served_after_a_day(night: Story) -> None:
    assert 0.2 <= night.at(SERVICE, 24.0) <= 0.5


def test_what_would_have_held_holds(island: Estate) -> None:
    """More relays, the two pumped-storage units, or no loss of the last unit: as the review found."""
    model = build(island)
    power = model.power
    relays = power.ufls.copy()
    relays[0] += MORE_MW / DEMAND_MW
    assert relays[0] == pytest.approx((RELAYS_MW + MORE_MW) / DEMAND_MW, abs=1e-4)
    assert collapses(replace(model, power=power._replace(ufls=relays)), island) == np.inf
    most, fast = power.g_max.copy(), power.g_fast.copy()
    kyogoku = island.rows("generators")["kyogoku"]
    most[kyogoku] = fast[kyogoku] = 400.0
    assert collapses(replace(model, power=power._replace(g_max=most, g_fast=fast)), island) == np.inf
    assert collapses(model, island, ("atsuma-1",)) == np.inf


def test_a_black_start_that_works_at_once_brings_it_back_at_dawn_of_the_next_day(island: Estate) -> None:
    """No figure to compare with: the document reports it."""
    model = build(island)
    shock = load_shock(HERE / "hokkaido-2018.toml", island)
    hits = tuple(h for h in shock.hits if h.target != "hydro-black-start")
    story = Story(model, engine.run(model, median(model, replace(shock, hits=hits))))
    assert story.first(SERVICE, 0.99, 0.3) == pytest.approx(26.3)
