"""Sector means: by hand, against simulated truth, and what cannot be known."""

from __future__ import annotations

import numpy as np
import pytest

from noroshi.rate.sectors import Stratum, bounds, shrunk, stratified


def test_a_stratified_mean_by_hand() -> None:
    """Strata of 30 and 10, four and two rated: weights .75 and .25, variances 1/4·(1 − 4/30)·s², 1/2·(1 − 2/10)·s²."""
    large, small = Stratum(30, (50.0, 60.0, 70.0, 60.0)), Stratum(10, (80.0, 90.0))
    mean, error = stratified((large, small), 20.0)
    assert mean == pytest.approx(0.75 * 60.0 + 0.25 * 85.0)
    variance = 0.75**2 * (1 - 4 / 30) * (200 / 3) / 4 + 0.25**2 * (1 - 2 / 10) * 50.0 / 2
    assert error == pytest.approx(variance**0.5)


def test_where_everyone_is_rated_only_measuring_errors_are_left() -> None:
    assert stratified((Stratum(3, (50.0, 60.0, 70.0)),), 20.0) == (60.0, 0.0)
    assert stratified((Stratum(3, (50.0, 60.0, 70.0), (3.0, 4.0, 12.0)),), 20.0)[1] == pytest.approx(13.0 / 3.0)


def test_one_rated_organisation_and_a_stratum_without_any() -> None:
    mean, error = stratified((Stratum(5, (50.0,)), Stratum(5, ())), 20.0)
    assert mean == 50.0
    assert error == pytest.approx((0.25 * 0.8 * 400.0 + 0.25 * 400.0) ** 0.5)


@pytest.mark.parametrize("strata", [(), (Stratum(4, ()),), (Stratum(1, (50.0, 60.0)),)])
def test_what_has_no_mean_is_refused(strata: tuple[Stratum, ...]) -> None:
    with pytest.raises(ValueError, match="expected"):
        stratified(strata, 20.0)


def test_intervals_of_stratified_means_cover_the_truth() -> None:
    rng = np.random.default_rng(5)
    covered = []
    for _ in range(800):
        people = [np.clip(rng.normal(center, 15.0, size), 0, 100) for center, size in ((50, 60), (65, 25), (75, 12))]
        strata = tuple(Stratum(len(p), tuple(rng.choice(p, 8, replace=False))) for p in people)
        mean, error = stratified(strata, 20.0)
        covered.append(abs(mean - np.concatenate(people).mean()) <= 1.6449 * error)
    assert 0.85 <= np.mean(covered) <= 0.94


def test_shrinking_by_hand() -> None:
    """Equal errors s: between = var − s², kept = between/(between + s²) (Paule-Mandel then is the moment estimate)."""
    mean, error = np.array([40.0, 50.0, 60.0, 70.0]), np.full(4, 5.0)
    found = shrunk(mean, error)
    between = float(np.var(mean, ddof=1)) - 25.0
    assert found.between == pytest.approx(between**0.5, rel=1e-6)
    assert found.center == pytest.approx(55.0)
    assert found.mean == pytest.approx(55.0 + between / (between + 25.0) * (mean - 55.0), rel=1e-6)


def test_what_is_known_is_not_moved_and_alike_sectors_become_one() -> None:
    known = shrunk(np.array([45.2, 52.1, 66.1, 75.3]), np.array([0.0, 8.0, 8.0, 8.0]))
    assert known.mean[0] == pytest.approx(45.2, abs=1e-6)
    alike = shrunk(np.array([58.0, 58.5, 59.0]), np.full(3, 6.0))
    assert alike.between == 0.0
    assert alike.mean == pytest.approx(58.5)
    few = shrunk(np.array([40.0, 60.0]), np.array([9.0, 9.0]))
    assert few.mean.tolist() == [40.0, 60.0]


def test_shrunk_means_beat_raw_means_and_say_how_sure_they_are() -> None:
    rng = np.random.default_rng(9)
    raw, ours, covered = [], [], []
    for _ in range(400):
        truth = rng.normal(58.5, 8.0, 14)
        error = rng.choice([2.0, 5.0, 9.0], 14)
        seen = truth + error * rng.standard_normal(14)
        found = shrunk(seen, error)
        raw.append(np.square(seen - truth).mean())
        ours.append(np.square(found.mean - truth).mean())
        covered.append(np.abs(found.mean - truth) <= 1.6449 * found.error)
    assert np.mean(ours) < 0.75 * np.mean(raw)
    assert 0.86 <= np.mean(covered) <= 0.93


def test_the_overall_mean_cannot_be_rebuilt_from_the_six_known_sectors() -> None:
    """Of 1,175 organisations six sector means are published, no counts: 58.5 is possible, and so is much else."""
    low, high = bounds(np.array([75.3, 71.3, 66.1, 58.5, 52.1, 45.2]), np.zeros(6, np.int64), 1175)
    assert low < 1.0
    assert high > 99.0
    assert bounds(np.array([50.0, 70.0]), np.array([3, 1]), 0) == (55.0, 55.0)
    with pytest.raises(ValueError, match="at least 2"):
        bounds(np.array([50.0, 70.0]), np.array([0, 0]), 1)
