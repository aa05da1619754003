"""The test itself: nothing of the future is used, the same releases give the same figures, leaky and honest differ."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from noroshi.attribute.calibration import calibrate, reliability, slope, wilson
from noroshi.attribute.logit import Choice, fit
from noroshi.attribute.measures import Row, auroc, drawn, figure, measure, paired, upper_bound
from noroshi.attribute.results import METHODS, Results
from noroshi.attribute.training import rolling, stages
from noroshi.desk.attributing import evaluate, train
from noroshi.errors import InputError, NotFoundError
from noroshi.files.attack_bundles import load_release
from noroshi.files.attribution_models import ModelFile, load_model


@pytest.fixture(scope="module")
def figures(releases: list[Path]) -> Results:
    return evaluate([releases[0].parent])


def test_predictions_do_not_change_with_what_comes_later(releases: list[Path]) -> None:
    known = [load_release(path) for path in releases]
    short, long = list(rolling(stages(known[:2]))), list(rolling(stages(known)))
    assert len(long) == len(short) + 1
    for early, same in zip(short, long, strict=False):
        assert early.model == same.model
        assert [p.scores.tolist() for p in early.predicted] == [p.scores.tolist() for p in same.predicted]


def test_no_incident_is_in_the_profile_that_it_is_compared_with(releases: list[Path]) -> None:
    for stage in stages([load_release(path) for path in releases]):
        cited = {source for use in stage.old.uses for source in use.sources}
        assert stage.incidents
        assert not cited & {one.id for one in stage.incidents}


def test_the_same_releases_give_the_same_figures_and_the_same_model(
    figures: Results, releases: list[Path], trained: tuple[Path, ModelFile], tmp_path: Path
) -> None:
    # nothing is not equal to itself: what has no figure is compared as written
    assert repr(evaluate(list(reversed(releases)))) == repr(figures)
    train(list(reversed(releases)), tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == trained[0].read_bytes()


def test_figures_say_what_they_are_of(figures: Results) -> None:
    found = figures
    assert found.steps == ("v1.0 → v2.0", "v2.0 → v3.0")
    assert found.known > 10
    assert found.unknown > 5
    assert sum(b.count for b in found.bins) == found.known + found.unknown
    assert set(found.honest) == set(METHODS) == set(found.leaky)
    for name in METHODS:
        assert found.leaky[name]["top1"].value > found.honest[name]["top1"].value
    assert found.honest["Noroshi"]["top1"].value > 0.3
    assert [rule.known for rule in found.guard] == [found.known] * 2
    assert {part.name for part in found.parts} >= {"reports", "v1.0 → v2.0"}


def test_only_what_came_after_a_release_counts_where_that_is_asked(releases: list[Path]) -> None:
    folder = [releases[0].parent]
    late = evaluate(folder, after="v2.0")
    assert late.steps == ("v2.0 → v3.0",)
    fixed = evaluate(folder, base="v1.0")
    assert fixed.steps == ("v1.0 → v3.0",)
    assert fixed.known > late.known
    with pytest.raises(NotFoundError):
        evaluate(folder, after="v3.0")
    with pytest.raises(InputError):
        evaluate(releases[:1])


def test_a_model_file_says_what_it_was_trained_on(trained: tuple[Path, ModelFile]) -> None:
    path, made = trained
    assert load_model(path) == made
    assert [one.name for one in made.trained_on] == ["v1.0", "v2.0", "v3.0"]
    assert all(len(one.sha256) == 64 for one in made.trained_on)
    assert made.reliability
    assert path.stat().st_size < 10_000


@pytest.mark.parametrize("change", [("noroshi-attribution-model-1", "other"), ('"cosine"', '"other"'), ("[", "")])
def test_a_model_of_other_features_is_refused(
    trained: tuple[Path, ModelFile], tmp_path: Path, change: tuple[str, str]
) -> None:
    path = tmp_path / "changed.json"
    path.write_text(trained[0].read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    with pytest.raises(InputError):
        load_model(path)


def test_the_fit_finds_the_weights_that_made_the_choices() -> None:
    rng, true = np.random.default_rng(1), np.array([1.5, -0.7])
    choices = []
    for _ in range(1500):
        groups, unknown = rng.normal(size=(6, 2)) * (1, 3) + (0, 2), np.array([1.0, rng.normal()])
        utility = np.append(groups @ true, -1.0 + 0.8 * unknown[1])
        p = np.exp(utility - utility.max())
        choices.append(Choice(groups, unknown, int(rng.choice(7, p=p / p.sum()))))
    found = fit(choices, 1e-3, 1e-3)
    assert np.allclose(found.groups, true, atol=0.15)
    assert np.allclose(found.unknown, (-1.0, 0.8), atol=0.25)
    with pytest.raises(ValueError, match="nothing"):
        fit([], 1.0, 1.0)


def test_calibration_finds_a_temperature_and_leaves_what_is_right_alone() -> None:
    rng, scores, chosen = np.random.default_rng(2), [], []
    for _ in range(4000):
        right = rng.normal(size=8) * 2
        p = np.exp(right - right.max())
        chosen.append(int(rng.choice(8, p=p / p.sum())))
        scores.append(right * 2.0)
    found = calibrate(scores, chosen)
    assert found.temperature == pytest.approx(2.0, rel=0.06)
    assert abs(found.shift) < 0.15
    assert calibrate([], []).temperature == 1.0


@given(st.lists(st.tuples(st.integers(0, 4), st.booleans()), min_size=2, max_size=30))
@settings(max_examples=60)
def test_auroc_is_the_share_of_pairs_that_are_in_order(pairs: list[tuple[int, bool]]) -> None:
    said, came = np.array([p[0] for p in pairs], float), np.array([p[1] for p in pairs])
    yes, no = said[came], said[~came]
    if not len(yes) or not len(no):
        assert np.isnan(auroc(said, came))
        return
    slow = np.mean([(a > b) + 0.5 * (a == b) for a in yes for b in no])
    assert auroc(said, came) == pytest.approx(slow)


def test_measures_by_hand() -> None:
    one = measure(Row(np.array([0.5, 0.2, 0.3]), 0, "G1"))
    assert one["top1"] == 1.0
    assert one["brier_open"] == pytest.approx(0.25 + 0.04 + 0.09)
    assert one["brier_listed"] == pytest.approx((2 / 7) ** 2 * 2)
    assert one["loss_open"] == pytest.approx(-np.log(0.5))
    new = measure(Row(np.array([0.5, 0.2, 0.3]), 2, "G9"))
    assert np.isnan(new["top1"])
    assert new["brier_unknown"] == pytest.approx(0.49 + 0.25 + 0.04)
    tied = measure(Row(np.array([0.25, 0.25, 0.5]), 1, "G2"))
    assert tied["top1"] == 0.0


def test_intervals_by_hand() -> None:
    assert upper_bound(0, 105) == pytest.approx(1 - 0.05 ** (1 / 105))
    assert upper_bound(1, 96) == pytest.approx(0.0484, abs=1e-4)
    assert upper_bound(3, 3) == 1.0
    low, high = wilson(8, 10)
    assert low == pytest.approx(0.4902, abs=1e-3)
    assert high == pytest.approx(0.9433, abs=1e-3)
    assert wilson(0, 0) == (0.0, 1.0)


def test_the_bootstrap_draws_groups_not_incidents() -> None:
    groups = ["a"] * 50 + ["b"]
    times = drawn(groups, np.random.default_rng(0), 500)
    assert (times[:, :50] == times[:, :1]).all()
    values = np.array([1.0] * 50 + [0.0])
    assert figure(values, times).low == 0.0
    assert paired([{"x": 1.0}] * 51, [{"x": 1.5}] * 51, "x", times).low == pytest.approx(0.5)
    assert np.isnan(figure(np.full(51, np.nan), times).value)


def test_reliability_and_slope_of_what_is_calibrated() -> None:
    rng = np.random.default_rng(5)
    said = rng.random(20_000)
    came = rng.random(20_000) < said
    assert slope(said, came) == pytest.approx(1.0, abs=0.05)
    assert all(b.low <= b.said <= b.high for b in reliability(said, came))
    assert sum(b.count for b in reliability(said, came)) == 20_000
    assert np.isnan(slope(said, np.ones(20_000, np.bool_)))
