"""Risk from a score: the figures of the ladder of chances, wider with less evidence, relative first."""

from __future__ import annotations

import pytest

from noroshi.desk.risk import BANDS, risk
from noroshi.rate.probability import annual_probability


def test_at_the_surveyed_mean_it_is_as_usual() -> None:
    found = risk(58.5, 0.0)
    assert found["relative"] == {"mean": 1.0, "median": 1.0, "low": 1.0, "high": 1.0}
    assert found["band"] == "typical"


@pytest.mark.parametrize(("score", "any_", "harm", "significant"), [
    (45.2, 0.86, 0.48, 0.118), (58.5, 0.68, 0.31, 0.070), (72.0, 0.48, 0.19, 0.041), (85.0, 0.32, 0.12, 0.024),
])  # fmt: skip
def test_the_published_ladder_at_the_middle_slope(score: float, any_: float, harm: float, significant: float) -> None:
    for outcome, expected in (("any", any_), ("harm", harm), ("significant", significant)):
        assert float(annual_probability(score, outcome=outcome)) == pytest.approx(expected, abs=0.006)
    median = risk(score, 0.0)["annual"]
    assert median["harm"]["median"] == pytest.approx(harm, abs=0.02)


def test_a_better_score_has_less_of_everything_and_less_evidence_more_spread() -> None:
    high, low = risk(80.0, 5.0), risk(40.0, 5.0)
    assert high["relative"]["median"] < 1.0 < low["relative"]["median"]
    for outcome in ("any", "harm", "significant"):
        assert high["annual"][outcome]["mean"] < low["annual"][outcome]["mean"]
    unsure = risk(80.0, 15.0)
    assert unsure["annual"]["harm"]["high"] - unsure["annual"]["harm"]["low"] > (
        high["annual"]["harm"]["high"] - high["annual"]["harm"]["low"]
    )
    order = [name for name, _ in BANDS]
    assert order.index(high["band"]) < order.index(low["band"])


def test_control_systems_are_behind_a_second_barrier_and_more_uncertain() -> None:
    found = risk(58.5, 5.0)
    assert found["control_systems"]["mean"] < 0.5 * found["annual"]["harm"]["mean"]
    assert found["control_systems"]["high"] / found["control_systems"]["low"] > 3.0 * (
        found["annual"]["harm"]["high"] / found["annual"]["harm"]["low"]
    )
