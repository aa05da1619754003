"""Whom to press in an estate: what is promised together is what a run with the plans done shows."""

from __future__ import annotations

import numpy as np
import pytest
from tests.desk.small import EVERYONE, tiny

from noroshi.desk.odds import odds_for
from noroshi.desk.pressing import after_plans, difference, press_estate, press_first, rows, saving
from noroshi.errors import NotFoundError
from noroshi.files.estates import load
from noroshi.stress.ensembles import run_ensemble
from noroshi.stress.model import build

TRIALS = 6000


def test_the_promise_agrees_with_a_run_of_the_plans() -> None:
    found = press_estate(load("sorami", "en"), None, budget=800.0, trials=TRIALS, check=True)
    assert found.seen is not None
    assert found.rows
    assert found.cost <= 800.0
    promise, seen = found.together, found.seen
    reach = np.hypot(promise.high - promise.low, seen.high - seen.low) / 2.0
    # two independent estimates of one number: their difference is within what their 90 % intervals say together
    assert abs(promise.mean - seen.mean) <= 1.2 * reach
    assert promise.low > 0.0
    assert promise.high - promise.low < 0.5 * promise.mean
    assert seen.low < promise.mean < seen.high


def test_reweighing_is_unbiased_where_it_can_be_computed() -> None:
    estate = tiny()
    model = build(estate)
    odds = odds_for(estate, model, EVERYONE)
    left = np.array([0.5, 0.8])
    after = after_plans(odds, left)
    assert after.chance[:, :2] == pytest.approx(1.0 - (1.0 - odds.chance[:, :2]) ** left)
    np.testing.assert_array_equal(after.chance[:, 2:], odds.chance[:, 2:])
    promise = saving(model, run_ensemble(model, odds, trials=4000, seed=1), odds, after)
    before, then = (run_ensemble(model, o, trials=4000, seed=2) for o in (odds, after))
    seen = difference(model, before, then)
    assert promise.low < seen.high
    assert seen.low < promise.high
    nothing = saving(model, before, odds, odds)
    assert nothing == (0.0, 0.0, 0.0)


def test_rows_say_who_with_what_and_why() -> None:
    estate = tiny()
    model = build(estate)
    odds = odds_for(estate, model, EVERYONE)
    harm = np.array([5000.0, 100.0])
    pressing = press_first(estate, EVERYONE, odds, harm, budget=60.0)
    chances = odds.chance[:, :2].mean(axis=0)
    said = rows(estate, EVERYONE, chances, harm, pressing)
    assert said[0].organisation == "grid"
    assert said[0].measures
    assert len(said[0].measures) == len(said[0].measure_names) == len(said[0].measure_names_ja)
    assert sum(one.cost for one in said) <= 60.0
    assert [one.saves for one in said] == sorted((one.saves for one in said), reverse=True)
    assert "%" in said[0].why
    assert "%" in said[0].why_ja
    chance = float(odds.chance[:, 0].mean())
    assert 0.0 < said[0].saves < chance * harm[0]


def test_savings_are_told_by_the_chance_that_may_be_told() -> None:
    estate = tiny()
    odds = odds_for(estate, build(estate), EVERYONE)
    harm, exact = np.array([5000.0, 100.0]), odds.chance[:, :2].mean(axis=0)
    pressing = press_first(estate, EVERYONE, odds, harm, budget=60.0)
    told = np.array([0.05, exact[1]])
    (first, *_), left = rows(estate, EVERYONE, exact, harm, pressing, told=told), pressing.left()[0]
    assert first.saves == pytest.approx(5000.0 * (0.95**left - 0.95))
    assert first.why_ja.startswith("30日以内の侵害確率5%")


def test_a_ministry_presses_its_own_only() -> None:
    estate = load("sorami", "en")
    found = press_estate(estate, None, budget=300.0, ministry="Ministry of Health", trials=200)
    assert {one.sector for one in found.rows} == {"medical"}
    with pytest.raises(NotFoundError, match="Ministry of Energy"):
        press_estate(estate, None, budget=300.0, ministry="Ministry of Silly Walks", trials=200)
