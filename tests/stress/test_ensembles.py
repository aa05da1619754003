"""Ensembles: independent of threads, each scenario alone bit for bit, weights that give back the odds."""

from __future__ import annotations

import numpy as np
import pytest
from numba import config

from noroshi.desk.asked import threat_for
from noroshi.desk.odds import odds_for
from noroshi.files.estates import load
from noroshi.stress import engine, reference
from noroshi.stress.ensembles import Ensemble, Memos, calm_memos, quantiles, replay, run_ensemble
from noroshi.stress.kernel_draw import FACTORS
from noroshi.stress.model import Model, build
from noroshi.stress.odds import SLOPES, Odds
from noroshi.stress.scene import plan

TRIALS, SEED = 60 if config.DISABLE_JIT else 600, 11
Case = tuple[Model, Odds, Ensemble]


@pytest.fixture(scope="module")
def case() -> Case:
    """Return an ensemble of the fictional sample on two threads."""
    estate = load("sorami")
    model = build(estate)
    odds = odds_for(estate, model, threat_for(estate, None))
    return model, odds, run_ensemble(model, odds, trials=TRIALS, seed=SEED, threads=2)


def test_one_thread_gives_what_two_give_and_parts_say_how_far(case: Case) -> None:
    model, odds, two = case
    parts: list[float] = []
    one = run_ensemble(model, odds, trials=TRIALS, seed=SEED, threads=1, progress=parts.append)
    for name in ("weight", "below", "longest", "z", "who", "hits", "solves", "exposed", "share"):
        assert np.array_equal(getattr(one, name), getattr(two, name)), name
    assert parts == sorted(parts)
    assert parts[-1] == 1.0


def test_a_scenario_does_not_depend_on_how_many_there_are(case: Case) -> None:
    model, odds, many = case
    few = run_ensemble(model, odds, trials=7, seed=SEED, threads=1)
    assert np.array_equal(few.below, many.below[:7])
    assert np.array_equal(few.who, many.who[:7])


def test_any_scenario_replays_alone_bit_for_bit(case: Case) -> None:
    model, odds, runs = case
    _, calm, _ = calm_memos(model, plan(model), 72.0, 0.0)
    order = np.argsort(runs.below.sum(axis=1), kind="stable")
    for scenario in (*order[-4:].tolist(), *order[:: TRIALS // 6].tolist()):
        draw = replay(model, odds, seed=SEED, scenario=scenario)
        below, _ = engine.run(model, draw).below(model.services.floor)
        again = np.maximum(below - calm[draw.level], 0.0)
        assert np.array_equal(again, runs.below[scenario]), scenario
        assert len(draw.unit) == runs.hits[scenario]


def test_the_worst_scenario_is_the_same_in_the_reference_engine(case: Case) -> None:
    model, odds, runs = case
    draw = replay(model, odds, seed=SEED, scenario=int(np.argmax(runs.below.sum(axis=1))))
    ours, theirs = engine.run(model, draw), reference.run(model, draw)
    assert [(e.what, e.unit, e.cause) for e in ours.events] == [(e.what, e.unit, e.cause) for e in theirs.events]
    assert ours.shares == pytest.approx(theirs.shares, abs=1e-9)


def test_the_weight_of_a_scenario_is_the_chance_of_any_breach_under_its_slope(case: Case) -> None:
    _, odds, runs = case
    from scipy.special import ndtr

    slope = np.minimum((ndtr(runs.z[:, FACTORS.index("slope")]) * SLOPES).astype(int), SLOPES - 1)
    assert runs.weight == pytest.approx(1.0 - np.prod(1.0 - odds.chance[slope], axis=1), rel=1e-12)
    assert runs.p_any == pytest.approx(runs.weight.mean())
    assert runs.who.any(axis=1).all()


def test_weighted_breaches_are_as_frequent_as_the_odds_say(case: Case) -> None:
    _, odds, runs = case
    found = (runs.who.T * runs.weight).mean(axis=1)
    wanted = odds.chance.mean(axis=0)
    error = np.sqrt(wanted / TRIALS)
    assert np.abs(found - wanted).max() < 5.0 * error.max()
    assert np.abs(found - wanted).mean() < 1.5 * error.mean()


def test_demand_and_capacity_are_drawn_evenly_and_common_deviates_are_standard(case: Case) -> None:
    _, _, runs = case
    assert np.abs(runs.z.mean(axis=0)).max() < 4.0 / np.sqrt(TRIALS)
    assert np.abs(runs.z.std(axis=0) - 1.0).max() < 4.0 / np.sqrt(2 * TRIALS)


def test_nobody_to_breach_is_refused(case: Case) -> None:
    model, odds, _ = case
    with pytest.raises(ValueError, match="chance of breach above 0"):
        run_ensemble(model, odds._replace(chance=np.zeros_like(odds.chance)), trials=1, seed=1)


def test_progress_may_stop_the_work(case: Case) -> None:
    model, odds, _ = case

    def stop(_: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_ensemble(model, odds, trials=TRIALS, seed=SEED, threads=2, progress=stop)


def test_two_runs_at_once_have_their_own_memories_of_solutions(case: Case) -> None:
    memos = Memos(plan(case[0]), 1)
    with memos.lent() as one:
        with memos.lent() as two:
            assert one is not two
        with memos.lent() as again:
            assert again is two
    with pytest.raises(KeyboardInterrupt), memos.lent():
        raise KeyboardInterrupt
    assert len(memos.free) == 2


def test_weighted_quantiles_by_hand() -> None:
    values = np.array([3.0, 1.0, 2.0, 10.0])
    weight = np.array([1.0, 1.0, 1.0, 7.0])
    assert quantiles(values, weight, (0.05, 0.1, 0.11, 0.3, 0.31, 1.0)).tolist() == [1.0, 1.0, 2.0, 3.0, 10.0, 10.0]
    table = np.stack([values, -values], axis=1)
    assert quantiles(table, weight, (0.5,)).tolist() == [[10.0, -10.0]]
