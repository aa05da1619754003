"""The ladder: verdicts, bases and intervals."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from noroshi.estate.model import Benchmark, Estate, Meta, from_frames
from noroshi.rate.ladder import BANDS, banded, ladder, public_ladder, scores, verdict


def estate(organisations: list[dict[str, Any]], benchmark: Benchmark | None = None, **sector: object) -> Estate:
    row = {"id": "water", "name_en": "Water", "name_ja": "水道", "authority": "MLIT", **sector}
    members = [{"id": f"o{k}", "name_en": "O", "name_ja": "O", "sector": "water", **org}
               for k, org in enumerate(organisations)]  # fmt: skip
    return from_frames(Meta("toy", benchmark=benchmark), {"sectors": [row], "organisations": members})


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [(72.0, 80.0, "pass"), (60.0, 71.9, "fail"), (60.0, 72.0, "evidence needed"), (71.9, 90.0, "evidence needed")],
)
def test_verdicts(low: float, high: float, said: str) -> None:
    assert verdict(low, high) == said


def test_a_published_sector_is_shown_as_published() -> None:
    (rung,) = ladder(estate([{}], score=75.3, score_low=74.0, score_high=76.6, score_basis="published"))
    assert (rung.score, rung.low, rung.high, rung.basis, rung.verdict) == (75.3, 74.0, 76.6, "published", "pass")
    assert (rung.organisations, rung.rated, rung.authority, rung.authority_ja) == (1, 0, "MLIT", "MLIT")
    (bare,) = ladder(estate([{}], score=52.4, score_basis="published"))
    assert (bare.low, bare.high, bare.verdict) == (52.4, 52.4, "fail")


def test_a_sector_without_a_score_takes_the_benchmark_and_says_assumed() -> None:
    published = Benchmark(72.0, 60.0, 38.0, 22.0, "a survey", 2015)
    (rung,) = ladder(estate([], published, score_basis="published"))
    assert (rung.score, rung.low, rung.high, rung.basis) == (60.0, 40.0, 80.0, "assumed")
    (plain,) = ladder(estate([]))
    assert (plain.score, plain.basis, plain.verdict) == (58.5, "assumed", "evidence needed")


def test_own_scores_are_averaged_with_their_errors() -> None:
    rows = [{"score": mean, "score_low": mean - 10.0, "score_high": mean + 10.0} for mean in (70.0, 80.0)]
    (rung,) = ladder(estate(rows, score=50.0, score_basis="published"))
    assert (rung.score, rung.basis, rung.rated) == (75.0, "own", 2)
    assert rung.high - 75.0 == pytest.approx(10.0 / math.sqrt(2.0))  # two independent errors of 10 (at 90 %)
    assert rung.verdict == "evidence needed"


def test_organisations_without_a_score_widen_the_interval() -> None:
    rated = [{"score": 70.0, "score_low": 70.0, "score_high": 70.0}]
    (alone,) = ladder(estate(rated))
    (of_two,) = ladder(estate([*rated, {}]))
    assert alone.high == alone.low == 70.0
    # One of two, spread 20: variance (1 − 1/2)·400/1.
    assert of_two.high - of_two.score == pytest.approx(1.6449 * math.sqrt(200.0), rel=1e-4)
    assert (of_two.rated, of_two.organisations) == (1, 2)


def test_the_pass_mark_is_the_benchmarks() -> None:
    strict = Benchmark(90.0, 60.0, 38.0, 22.0, "a survey", 2015)
    (rung,) = ladder(estate([], strict, score=80.0, score_basis="published"))
    assert rung.verdict == "fail"


def test_scores_of_organisations() -> None:
    rows: list[dict[str, Any]] = [{}, {"score": 64.0}, {"score": 70.0, "score_low": 60.0, "score_high": 80.0},
                                  {"sector": "unlisted"}]  # fmt: skip
    found = scores(estate(rows, score=52.4, score_spread=16.0))
    assert found.mean.tolist() == [52.4, 64.0, 70.0, 58.5]
    assert found.spread == pytest.approx([16.0, 4.0, 10.0 / 1.6449, 20.0], rel=1e-4)
    assert found.own.tolist() == [False, True, True, False]


@pytest.mark.parametrize("count", [0, 1, 9, 10, 11])
@pytest.mark.parametrize("basis", ["published", "own", "assumed"])
def test_fewer_than_ten_own_scores_are_not_told_outside_the_ministry(count: int, basis: str) -> None:
    rows: list[dict[str, Any]] = [{"score": 80.0 + k} for k in range(count)] + [{}] * 5
    given_mean: dict[str, Any] = {"score": 52.4, "score_low": 50.0, "score_high": 54.0, "score_basis": basis}
    made = estate(rows, **given_mean)
    (told,) = public_ladder(made)
    if count >= 10:
        assert told == ladder(made)[0]
        assert told.basis == "own"
    else:
        # as if nobody had a score; a mean that is "own" is nobody's publication
        (bare,) = public_ladder(estate([{}] * (count + 5), **given_mean))
        assert told == bare
        assert told.score == (58.5 if basis == "own" else 52.4)
        assert told.basis == ("assumed" if basis == "own" else basis)
        assert told.rated == 0


def test_chances_are_told_in_bands_of_more_than_ten_points() -> None:
    chance = np.array([0.0, 0.0312, 0.0312, 0.09, 0.6, 1.0, 1e-12])
    own = np.array([True, False, True, True, True, True, True])
    assert banded(chance, own) == pytest.approx([0.0, 0.0312, 0.02, 0.1, 0.5, 1.0, 1e-9])
    ratios = np.diff(np.log(BANDS)) / 0.041
    assert ratios.min() > 16.0
