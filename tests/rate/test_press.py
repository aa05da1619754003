"""Whom to press: as good as trying everything on small cases, within its bound on large ones, and quick."""

from __future__ import annotations

import itertools
import time

import numpy as np
import pytest
from tests.slowness import slowness

from noroshi.files.catalogues import load_catalogue
from noroshi.files.techniques import load_techniques
from noroshi.rate.plans import Options, options
from noroshi.rate.press import chains, hull, press, saved
from noroshi.rate.tangents import value
from noroshi.rate.techniques import frequencies

CATALOGUE = load_catalogue()
KNOWN = load_techniques()


def small(seed: int) -> tuple[list[Options], np.ndarray, np.ndarray, float]:
    """Return three organisations with three measures each, rates of breach, harms and a budget."""
    rng = np.random.default_rng(seed)
    given = []
    for _ in range(3):
        effect = np.where(rng.random((5, 3)) < 0.6, -np.log1p(-rng.uniform(0.1, 0.8, (5, 3))), 0.0)
        needs = np.zeros((3, 3), np.bool_)
        needs[1, 0] = bool(rng.random() < 0.5)
        given.append(Options(CATALOGUE, np.ones(3, np.bool_), np.zeros(3), needs, rng.integers(1, 9, 3).astype(float),
                             np.ones(3), rng.random(5), effect))  # fmt: skip
    return given, rng.gamma(2.0, 0.05, (4, 3)), rng.lognormal(3.0, 1.0, 3), float(rng.integers(3, 20))


def every_plan(given: Options) -> np.ndarray:
    every = np.array(list(itertools.product([False, True], repeat=len(given.offered))))
    return np.array([x for x in every if all(x[given.needs[i]].all() for i in np.flatnonzero(x))])


def best_of_all(given: list[Options], rate: np.ndarray, harm: np.ndarray, budget: float) -> float:
    choices = []
    for c, one in enumerate(given):
        plans = every_plan(one)
        left = np.asarray(value(one.weight, one.effect, plans)) / one.weight.sum()
        choices.append(list(zip(plans @ one.cost, saved(rate[:, c], float(harm[c]), left), strict=True)))
    best: float = max(
        sum(saves for _, saves in some)
        for some in itertools.product(*choices)
        if sum(cost for cost, _ in some) <= budget + 1e-9
    )
    return best


def test_never_above_the_best_nor_the_best_above_the_bound() -> None:
    reached = []
    for seed in range(60):
        given, rate, harm, budget = small(seed)
        found, best = press(given, rate, harm, budget), best_of_all(given, rate, harm, budget)
        assert found.cost <= budget + 1e-9
        assert found.saves <= best * (1.0 + 1e-9)
        assert found.bound >= best * (1.0 - 1e-9)
        assert found.saves == pytest.approx(sum(one.saves for one in found.pressed))
        reached.append(found.saves / best if best > 0.0 else 1.0)
    # three organisations and whole plans: steps are coarse, and yet
    assert np.mean(reached) > 0.9


def test_a_chain_needs_what_it_needs_and_leaves_less_each_time() -> None:
    (one,) = chains([options(CATALOGUE, frequencies(KNOWN), np.full(len(CATALOGUE.items), 0.3),
                             np.ones(len(CATALOGUE.items), np.bool_))])  # fmt: skip
    given = options(CATALOGUE, frequencies(KNOWN), np.full(len(CATALOGUE.items), 0.3), np.ones(26, np.bool_))
    assert one.left[0] == pytest.approx(1.0)
    assert (np.diff(one.left) < 0.0).all()
    assert (np.diff(one.cost) >= 0.0).all()
    for x, cost, left in zip(one.chosen, one.cost, one.left, strict=True):
        assert cost == pytest.approx(given.cost @ x)
        assert left == pytest.approx(float(value(given.weight, given.effect, x)) / given.weight.sum())
        for i in np.flatnonzero(x):
            assert x[given.needs[i]].all()


def test_the_hull_is_concave() -> None:
    cost, gain = np.array([0.0, 1.0, 2.0, 3.0, 4.0]), np.array([0.0, 1.0, 5.0, 5.5, 5.2])
    assert hull(cost, gain) == [0, 2, 3]


def test_what_is_saved_by_hand() -> None:
    rate, left = np.array([0.1, 0.3]), np.array([1.0, 0.5, 0.0])
    by_hand = [0.0, 100.0 * np.mean(np.exp(-0.5 * rate) - np.exp(-rate)), 100.0 * np.mean(1.0 - np.exp(-rate))]
    assert saved(rate, 100.0, left) == pytest.approx(by_hand)


@pytest.mark.compiled
def test_500_companies_all_different_within_20_seconds() -> None:
    rng = np.random.default_rng(3)
    frequency = frequencies(KNOWN)
    given = [
        options(CATALOGUE, frequency, rng.beta(2.0, 2.0, len(CATALOGUE.items)),
                np.array([not one.control_systems or c % 2 == 0 for one in CATALOGUE.items], dtype=np.bool_))
        for c in range(500)
    ]  # fmt: skip
    rate, harm = rng.gamma(1.0, 0.03, (32, 500)), rng.lognormal(8.0, 1.5, 500)
    start = time.perf_counter()
    found = press(given, rate, harm, 2000.0)
    elapsed = time.perf_counter() - start
    assert elapsed < 20.0 * slowness(), f"{elapsed:.1f} s"
    assert found.gap < 0.02
    assert 1900.0 < found.cost <= 2000.0
    order = [one.saves for one in found.pressed]
    assert order == sorted(order, reverse=True)


def test_no_budget_presses_nobody() -> None:
    given, rate, harm, _ = small(1)
    found = press(given, rate, harm, 0.0)
    assert found.pressed == ()
    assert found.cost == found.saves == 0.0
