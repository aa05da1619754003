"""Generated estates: sound, repeatable, and with the statistics that the docstrings state."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from noroshi.estate.check import check
from noroshi.estate.diff import diff
from noroshi.estate.generate import KINDS, generate
from noroshi.estate.generate_grid import LEVELS
from noroshi.estate.model import Estate


@pytest.fixture(scope="module")
def estate() -> Estate:
    """Return an estate of 20,000 assets."""
    return generate(20_000, np.random.default_rng(7))


def apart(frame: pl.DataFrame, suffix: str) -> NDArray[np.float64]:
    """Return how far the two positions of each row are apart (km)."""
    north = (frame["lat"] - frame["lat" + suffix]).to_numpy()
    east = (frame["lon"] - frame["lon" + suffix]).to_numpy()
    return np.asarray(111.2 * np.hypot(north, 0.82 * east), dtype=np.float64)


@pytest.mark.parametrize("n", [100, 150, 1000, 5000])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_any_size_is_sound(n: int, seed: int) -> None:
    made = generate(n, np.random.default_rng(seed))
    assert made.count("assets") == n
    assert check(made).faults() == ()
    assert made.meta.fictional


def test_the_same_seed_gives_the_same_estate() -> None:
    a, b = (generate(500, np.random.default_rng(3)) for _ in range(2))
    assert not diff(a, b)
    assert diff(a, generate(500, np.random.default_rng(4)))


def test_too_few_assets_are_refused_and_steps_are_named() -> None:
    with pytest.raises(ValueError, match="at least 100"):
        generate(99, np.random.default_rng(1))
    seen: list[str] = []
    generate(100, np.random.default_rng(1), seen.append)
    assert seen == ["towns", "grid", "assets", "dependencies"]


def test_degrees(estate: Estate) -> None:
    branches = estate.frames["power_branches"]
    ends = pl.concat([branches["from_bus"], branches["to_bus"]]).alias("bus")
    degree = ends.value_counts(name="degree")["degree"].to_numpy()
    assert 2.5 <= 2 * branches.height / estate.count("power_buses") <= 2.9
    assert degree.size == estate.count("power_buses")
    assert (degree > 7).mean() < 0.01


def test_voltages(estate: Estate) -> None:
    kv = estate.column("power_buses", "kv")
    n = (kv == LEVELS[0].kv).sum()
    for level in LEVELS:
        assert (kv == level.kv).sum() / n == pytest.approx(level.share, abs=0.01)


def test_lengths_grow_with_voltage(estate: Estate) -> None:
    buses = estate.frames["power_buses"].select("id", "lat", "lon", "kv")
    lines = (
        estate.frames["power_branches"].filter(pl.col("id").str.starts_with("line"))
        .join(buses, left_on="from_bus", right_on="id").join(buses, left_on="to_bus", right_on="id", suffix="_to")
    )  # fmt: skip
    km = apart(lines, "_to")
    medians = [float(np.median(km[(lines["kv"] == level.kv).to_numpy()])) for level in LEVELS]
    assert medians == sorted(medians)
    assert (lines["kv"] == lines["kv_to"]).all()


def test_both_sides_have_plants_for_their_peak(estate: Estate) -> None:
    side = dict(zip(estate.ids("power_buses"), estate.column("power_buses", "island"), strict=True))
    demand = {"east": 0.0, "west": 0.0}
    for name, mw in zip(estate.ids("power_buses"), estate.column("power_buses", "demand_mw"), strict=True):
        demand[side[name]] += mw
    plants = {"east": 0.0, "west": 0.0}
    for at, mw in zip(estate.column("generators", "bus"), estate.column("generators", "p_max_mw"), strict=True):
        plants[side[at]] += mw
    for which, peak in demand.items():
        assert plants[which] == pytest.approx(1.3 * peak, rel=0.01)
    kinds = estate.frames["power_branches"]["kind"].value_counts().sort("kind").rows()
    assert dict(kinds)["fc"] == 3


def test_assets_have_the_shares_of_their_kinds_and_a_bus_near_by(estate: Estate) -> None:
    kinds = estate.frames["assets"]["kind"].to_list()
    for kind in KINDS:
        assert kinds.count(kind.kind) / len(kinds) == pytest.approx(kind.share, abs=0.02)
    needs = estate.frames["dependencies"].filter(pl.col("commodity") == "electricity")
    assert needs.height == 20_000
    both = (
        needs.join(estate.frames["assets"], left_on="dependant", right_on="id")
        .join(estate.frames["power_buses"], left_on="providers", right_on="id", suffix="_bus")
    )  # fmt: skip
    km = apart(both, "_bus")
    assert np.median(km) < 15
    assert (both["kv"] == LEVELS[0].kv).all()
