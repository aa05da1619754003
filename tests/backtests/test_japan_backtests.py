"""Nagoya 2023, off Fukushima 2021, interbank clearing 2023: intervals of docs/backtests, fixed before the first run.

What lies outside its interval is asserted as outside: if the engine comes to say otherwise, the document must too.
"""

from __future__ import annotations

import numpy as np
import pytest
from tests.backtests.events import HERE, Story, tell

from noroshi.estate.model import Estate
from noroshi.files.estates import load
from noroshi.files.shocks import load_shock
from noroshi.stress import engine
from noroshi.stress.draw import hours, median
from noroshi.stress.model import Model, build
from noroshi.stress.shock import Shock, Spread

EAST = ("Tohoku", "Tokyo")


@pytest.fixture(scope="module")
def japan() -> Estate:
    return load("japan")


@pytest.fixture(scope="module")
def model(japan: Estate) -> Model:
    return build(japan)


def of(japan: Estate, *sectors: str) -> set[str]:
    """Return the services of some sectors."""
    pairs = zip(japan.ids("services"), japan.column("services", "sector"), strict=True)
    found = {name for name, sector in pairs if sector in sectors}
    assert found
    return found


def test_nagoya_2023_stops_containers_and_nothing_else(japan: Estate, model: Model) -> None:
    story = tell(japan, "nagoya-2023", model)
    onset, lasting = story.below("port-nagoya")
    assert onset <= 2.0
    assert 48.0 <= lasting <= 72.0
    assert not story.touched() & of(japan, "power", "gas", "water", "medical", "railway")
    assert story.touched() == {"port-nagoya", "freight-west", "parcels-b"}
    assert story.below("freight-west")[1] == story.below("parcels-b")[1] == 0.0


@pytest.fixture(scope="module")
def fukushima(japan: Estate, model: Model) -> Story:
    return tell(japan, "fukushima-2021", model)


def test_fukushima_2021_sheds_a_little_and_holds(japan: Estate, fukushima: Story) -> None:
    m = fukushima.model
    assert not fukushima.said("blackout")
    areas = dict(zip(japan.ids("power_buses"), japan.column("power_buses", "area"), strict=True))
    load_mw = dict(zip(areas, m.power.demand[:, 5], strict=True))
    east = sum(mw for bus, mw in load_mw.items() if areas[bus] in EAST)
    out = 0.0
    for bus in fukushima.said("degraded") & areas.keys():
        assert areas[bus] in EAST
        out += load_mw[bus] * (1.0 - fukushima.at(f"elec-{bus.split('-', 2)[2]}", 0.0))
    assert 0.01 <= out / east <= 0.06


def test_fukushima_2021_is_served_again_too_early(fukushima: Story) -> None:
    """Recorded: 3 h; interval: 1.5-6 h; the model: as soon as redispatch finds the power."""
    back = fukushima.first("elec-jp-08", 1.0, 0.0)
    assert 0.4 < back < 1.5


def test_zengin_2023_lasts_as_long_as_the_sample_thinks_possible(japan: Estate, model: Model) -> None:
    rows = japan.frame("systems").filter(japan.frame("systems")["id"] == "pay-clearing").to_dicts()[0]
    restore = Spread(rows["restore_p50_h"], rows["restore_p90_h"])
    assert restore.quantile(0.05) < 48.0 < restore.quantile(0.95)
    shock = load_shock(HERE / "zengin-2023.toml", japan)
    own = Shock(shock.name, 200.0, tuple(type(h)(h.target, h.effect) for h in shock.hits), shock.start_hour)
    story = Story(model, engine.run(model, median(model, own)))
    assert story.first("clearing", 1.0, 0.0) == pytest.approx(hours(restore, 0.0, 0.0, 0.0) + rows["detect_p50_h"])
    assert story.at("clearing", 0.0) < 1.0


def test_zengin_2023_spreads_too_far_within_finance_and_not_beyond(japan: Estate, model: Model) -> None:
    story = tell(japan, "zengin-2023", model)
    assert story.at("clearing", 1.0) == pytest.approx(0.5)
    assert story.share("clearing").min() == pytest.approx(0.2)  # outside 50-80 %
    assert story.below("retail-banking")[1] == story.below("gov-pensions")[1] == 0.0
    assert (
        story.below("card-payments")[1] == story.below("code-payments")[1] == pytest.approx(24.0)
    )  # outside: they went on
    assert not story.touched() & of(japan, "power", "gas", "water", "medical", "railway", "telecom")
    assert np.isclose(story.share("clearing")[-1], 1.0)
