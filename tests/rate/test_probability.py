"""Score to probability: the reference table, and what must hold for any slope."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from noroshi.rate.probability import (
    OUTCOMES,
    POPULATION_MEAN,
    Z90,
    access_factor,
    annual_probability,
    base_rate,
    beta_at,
    over_days,
    period_probability,
)


@pytest.mark.parametrize(
    ("outcome", "expected", "within"),
    [
        ("any", (0.86, 0.68, 0.48, 0.32), 0.005),
        ("harm", (0.48, 0.31, 0.19, 0.12), 0.005),
        ("significant", (0.118, 0.070, 0.041, 0.024), 0.0005),
    ],
)
def test_the_reference_table(outcome: str, expected: tuple[float, ...], within: float) -> None:
    found = annual_probability(np.array([45.2, 58.5, 72.0, 85.0]), outcome=outcome)
    assert found == pytest.approx(expected, abs=within + 1e-9)


@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize("beta", [0.0, 0.01, 0.041, 0.1, 0.2])
def test_the_population_has_the_outcome(outcome: str, beta: float) -> None:
    # An independent sum: the midpoint rule over ±8 standard deviations.
    z = (np.arange(-80_000, 80_000) + 0.5) / 10_000
    weights = np.exp(-0.5 * z**2)
    shares = -np.expm1(-base_rate(outcome, beta) * np.exp(-beta * 20.0 * z))
    assert float(shares @ weights / weights.sum()) == pytest.approx(OUTCOMES[outcome], abs=1e-9)


def test_778_of_1175() -> None:
    assert round(778 / 1175, 3) == OUTCOMES["any"]


@settings(deadline=None, max_examples=50)
@given(st.floats(0.0, 99.0), st.floats(0.1, 1.0), st.floats(0.001, 0.2), st.floats(0.0, 1.0))
def test_a_better_score_is_never_more_likely_breached(score: float, more: float, beta: float, r: float) -> None:
    low, high = annual_probability(np.array([score, score + more]), beta, r)
    assert 0.0 <= high <= low <= 1.0


def test_without_reliability_everyone_has_the_populations_share() -> None:
    assert annual_probability([0.0, 58.5, 100.0], reliability=0.0) == pytest.approx([0.662] * 3)


def test_arguments_broadcast() -> None:
    found = annual_probability(np.full((3, 1), 50.0), np.full((1, 4), 0.03))
    assert found.shape == (3, 4)
    assert np.ptp(found) < 1e-12
    assert base_rate("any", 0.041).shape == ()
    assert base_rate("any", np.zeros((2, 0))).shape == (2, 0)


def test_a_month_is_a_twelfth_of_the_rate() -> None:
    year = annual_probability(POPULATION_MEAN)
    month = period_probability(POPULATION_MEAN, 365.0 / 12.0)
    assert 1.0 - (1.0 - month) ** 12 == pytest.approx(float(year))
    assert over_days(year, 365.0 / 12.0) == pytest.approx(float(month))
    assert over_days(1.0, 30.0) == 1.0


def test_the_slope_and_the_access_factor_have_their_quantiles() -> None:
    assert beta_at(0.0) == pytest.approx(0.041)
    assert np.log(beta_at(1.0) / beta_at(0.0)) == pytest.approx(0.53)
    assert access_factor([0.0, Z90, 9.0]) == pytest.approx([0.2, 0.5, 1.0])


@pytest.mark.parametrize("outcome", ["none", 0.0, 1.0, float("nan")])
def test_an_outcome_is_a_share(outcome: str | float) -> None:
    with pytest.raises(ValueError, match="share"):
        base_rate(outcome, 0.041)


@pytest.mark.parametrize("beta", [-0.1, float("inf"), float("nan")])
def test_a_slope_is_not_negative(beta: float) -> None:
    with pytest.raises(ValueError, match="slopes"):
        base_rate("any", beta)
