"""Tables of a round: by hand, against the published survey, and how fast."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pytest
from tests.rate.series import MARK, rated

from noroshi.files.estates import load
from noroshi.rate.ladder import PASS_MARK, ladder
from noroshi.rate.probability import OUTCOMES
from noroshi.rate.tables import Key, Population, changes, overall_bounds, sector_cells


def cells_of(sectors: dict[Key, list[float]], population: dict[Key, int] | None = None, **more: Any) -> Any:
    return sector_cells(round_of(sectors), Population(population, **more) if population else None, MARK)


def round_of(sectors: dict[Key, list[float]], name: str = "2026", skip: int = 0) -> Any:
    rows = [(f"{s}{z}{k + skip}", s, z, x) for (s, z), scores in sectors.items() for k, x in enumerate(scores)]
    return rated(name, *(list(column) for column in zip(*rows, strict=True)))


def test_a_sector_by_hand() -> None:
    """Strata of 30 and 10, of which four and two are rated, as in the test of `stratified`; errors of 4 points each."""
    scores: dict[Key, list[float]] = {("a", "l"): [50.0, 60.0, 70.0, 60.0], ("a", "s"): [80.0, 90.0]}
    cell = cells_of(scores, {("a", "l"): 30, ("a", "s"): 10})["a", ""]
    assert cell.mean == pytest.approx(0.75 * 60.0 + 0.25 * 85.0)
    sampling = 0.75**2 * (1 - 4 / 30) * (200 / 3) / 4 + 0.25**2 * (1 - 2 / 10) * 50.0 / 2
    measuring = 0.75**2 * 16.0 / 4 + 0.25**2 * 16.0 / 2
    assert cell.error == pytest.approx((sampling + measuring) ** 0.5)
    assert (cell.organisations, cell.rated) == (40, 6)
    assert cell.bins == (0, 0, 0, 0, 0, 1, 2, 1, 1, 1)
    # reach is 0, 0, .4, 0 and .9, 1: the strata's means .1 and .95
    assert cell.passing == pytest.approx(0.75 * 0.1 + 0.25 * 0.95)
    assert cell.passing_low < cell.passing < cell.passing_high


def test_sizes_that_are_not_counted_and_strata_nobody_is_rated_of() -> None:
    scores: dict[Key, list[float]] = {("a", "l"): [50.0, 60.0], ("a", "s"): [80.0]}
    whole = cells_of(scores, {("a", ""): 30})
    assert whole["a", ""].organisations == 30
    assert whole["a", ""].mean == pytest.approx(190.0 / 3.0)
    assert whole["a", "l"].organisations is None  # of the sizes nothing is known: those rated are all there are
    partly = cells_of(scores, {("a", "l"): 10, ("a", "s"): 10, ("a", "m"): 20, ("b", ""): 60})
    assert partly["a", ""].organisations == 40
    assert partly["", ""].organisations == 100
    assert partly["a", ""].error > cells_of(scores, {("a", "l"): 10, ("a", "s"): 10})["a", ""].error
    with pytest.raises(ValueError, match="at most 1"):
        cells_of(scores, {("a", "l"): 1, ("a", "s"): 10})


def test_change_is_that_of_those_rated_in_both_rounds() -> None:
    then: dict[Key, list[float]] = {("a", ""): [50.0 + k for k in range(20)], ("b", ""): [40.0] * 5}
    now: dict[Key, list[float]] = {("a", ""): [53.0 + k for k in range(20)] + [99.0] * 5, ("b", ""): [44.0] * 5}
    first, second = round_of(then, "2025"), round_of(now)
    found = changes(second, first, sector_cells(second, None, MARK), sector_cells(first, None, MARK))
    assert found["a", ""].points == pytest.approx(3.0)  # the five who joined do not move it
    assert (found["a", ""].matched, found["a", ""].since) == (20, "2025")
    assert found["a", ""].low < 3.0 < found["a", ""].high
    assert found["b", ""].points == pytest.approx(4.0)
    assert found["b", ""].matched == 5  # too few: the difference of the means, with the errors of both
    reach = 1.6449 * (2 * 16.0 / 5) ** 0.5
    assert found["b", ""].high - 4.0 == pytest.approx(reach, rel=1e-3)


def test_small_sectors_are_drawn_towards_the_others() -> None:
    scores: dict[Key, list[float]] = {(f"s{k}", ""): [50.0 + 3 * k + d for d in (-4, 0, 4)] * 20 for k in range(4)}
    found = cells_of({**scores, ("tiny", ""): [95.0]}, {**dict.fromkeys(scores, 200), ("tiny", ""): 50})
    tiny, large = found["tiny", ""].shrunk, found["s0", ""].shrunk
    assert tiny is not None
    assert large is not None
    assert tiny[0] < 75.0
    assert large[0] == pytest.approx(50.0, abs=0.5)


def test_the_published_survey_holds_together() -> None:
    """Of the sample: 37.8 + 20.7 = 58.5 (2014), the pass mark 72 and who reached it; of the literature, 2015."""
    japan = load("japan", "en")
    mark = japan.meta.benchmark
    assert mark is not None
    assert mark.technical + mark.organisational == pytest.approx(mark.overall) == 58.5
    assert mark.pass_mark == PASS_MARK == 72.0
    assert [r.id for r in ladder(japan) if r.basis == "published" and r.verdict == "pass"] == ["telecom"]
    assert pytest.approx(62.7) == 40.0 + 22.7
    assert [name for name, score in {"telecom": 77.0, "finance": 72.3}.items() if score < PASS_MARK] == []
    assert round(778 / 1175, 3) == OUTCOMES["any"]


def test_the_overall_mean_is_bounds_where_counts_are_unknown() -> None:
    means = {r.id: r.score for r in ladder(load("japan", "en")) if r.basis == "published"}
    assert overall_bounds(means, None) == (45.2, 75.3)
    low, high = overall_bounds(means, Population({}, 1175)) or (0.0, 0.0)
    assert low < 1.0
    assert high > 99.0
    assert overall_bounds(means, None, all_sectors=False) == (0.0, 100.0)
    counted = Population({(name, ""): 10 for name in means})
    assert overall_bounds(means, counted) is None


def test_fifteen_sectors_by_three_sizes_take_no_time() -> None:
    rng = np.random.default_rng(0)
    keys: list[Key] = [(f"s{k:02d}", z) for k in range(15) for z in "lms"]
    found = round_of({key: rng.normal(58, 15, 400).clip(0, 100).tolist() for key in keys})
    start = time.process_time()
    cells = sector_cells(found, Population(dict.fromkeys(keys, 500)), MARK)
    assert time.process_time() - start < 1.0
    assert len(cells) == 45 + 15 + 3 + 1
