"""The struct of a shock: distributions and what it refuses."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noroshi.stress.shock import EFFECTS, Z90, Hit, Shock, Spread


def test_a_spread_has_its_median_and_90_percent_point() -> None:
    spread = Spread(48.0, 120.0)
    assert spread.at(0.0) == 48.0
    assert spread.at(Z90) == pytest.approx(120.0, rel=1e-12)
    assert spread.quantile(0.5) == pytest.approx(48.0)
    assert spread.quantile(0.9) == pytest.approx(120.0, rel=1e-9)
    assert spread.sigma == pytest.approx(math.log(2.5) / 1.28155, rel=1e-5)


@given(st.floats(0.01, 1e4), st.floats(1.0, 50.0), st.floats(0.01, 0.98))
def test_quantiles_rise(p50: float, ratio: float, q: float) -> None:
    spread = Spread(p50, p50 * ratio)
    assert 0.0 < spread.quantile(q) <= spread.quantile(q + 0.01) * (1.0 + 1e-12)


def test_equal_points_are_a_fixed_time() -> None:
    assert Spread(6.0, 6.0).at(3.0) == 6.0
    assert Spread(0.0, 0.0).at(-2.0) == 0.0


@pytest.mark.parametrize(("p50", "p90"), [(2.0, 1.0), (-1.0, 1.0), (0.0, 1.0), (1.0, math.inf), (math.nan, 1.0)])
def test_what_is_no_spread_is_refused(p50: float, p90: float) -> None:
    with pytest.raises(ValueError, match="p50"):
        Spread(p50, p90)


@pytest.mark.parametrize("q", [0.0, 1.0, -0.5])
def test_a_quantile_is_between_0_and_1(q: float) -> None:
    with pytest.raises(ValueError, match="probability"):
        Spread(1.0, 2.0).quantile(q)


def test_a_hit_refuses_what_cannot_be() -> None:
    with pytest.raises(ValueError, match="effect"):
        Hit("a", "explode")
    with pytest.raises(ValueError, match="onset_h"):
        Hit("a", "trip", onset_h=-1.0)
    with pytest.raises(ValueError, match="restore_h"):
        Hit("a", "trip", restore_h=math.inf)
    with pytest.raises(ValueError, match="detect_h"):
        Hit("a", "trip", detect_h=math.nan)


def test_targets_are_named_once_in_order() -> None:
    shock = Shock("s", hits=(Hit("b", "trip"), Hit("a", "freeze"), Hit("b", "data_loss")))
    assert shock.targets == ("b", "a")
    assert (shock.horizon_h, shock.start_hour, shock.season) == (72.0, 0.0, None)
    assert len(EFFECTS) == 6
