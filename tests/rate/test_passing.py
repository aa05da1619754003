"""The cheapest way to the mark: as cheap as trying everything finds, its bound below that, and enough to pass."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from noroshi.files.catalogues import load_catalogue
from noroshi.rate.passing import cheapest, closure
from noroshi.rate.plans import Options

CATALOGUE = load_catalogue()
DRAWS = 400
SURE = 0.9


def case(seed: int) -> tuple[Options, np.ndarray, np.ndarray, float]:
    """Return up to 10 measures with prerequisites, what each adds to the points in each draw, and a mark."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 11))
    needs = np.zeros((n, n), np.bool_)
    for i in range(1, n):
        if rng.random() < 0.4:
            needs[i, rng.integers(i)] = True
    offered = np.ones(n, np.bool_)
    given = Options(CATALOGUE, offered, np.zeros(n), needs, rng.integers(1, 30, n).astype(float), np.ones(n),
                    np.ones(1), np.zeros((1, n)))  # fmt: skip
    quality = rng.normal(size=DRAWS)
    now = np.clip(30.0 + 6.0 * quality, 0.0, 100.0)
    gains = np.maximum(rng.uniform(2.0, 12.0, n)[:, None] + rng.normal(0.0, 2.0, (n, DRAWS)), 0.0)
    return given, now, gains, float(rng.uniform(35.0, 60.0))


def brute(given: Options, now: np.ndarray, gains: np.ndarray, mark: float) -> float:
    best = np.inf
    for bits in itertools.product([False, True], repeat=len(given.offered)):
        x = np.array(bits)
        if all(x[given.needs[i]].all() for i in np.flatnonzero(x)) and (
            float((now + gains[x].sum(axis=0) >= mark - 1e-9).mean()) >= SURE
        ):
            best = min(best, float(given.cost @ x))
    return best


def test_cheapest_equals_trying_everything() -> None:
    found_some = 0
    for seed in range(60):
        given, now, gains, mark = case(seed)
        best = brute(given, now, gains, mark)
        found = cheapest(given, now, gains, mark, SURE)
        if found is None:
            assert best == np.inf
            continue
        found_some += 1
        assert found.p_pass >= SURE
        assert found.bound == pytest.approx(best)
        assert found.cost == pytest.approx(best)
        for i in np.flatnonzero(found.chosen):
            assert found.chosen[given.needs[i]].all()
    assert found_some >= 30


def test_nothing_to_do_costs_nothing() -> None:
    given, now, gains, _ = case(1)
    found = cheapest(given, now, gains, 0.0, SURE)
    assert found is not None
    assert not found.chosen.any()
    assert found.cost == found.bound == 0.0


def test_the_closure_has_what_needs_need() -> None:
    given, _, _, _ = case(1)
    needs = np.zeros((3, 3), np.bool_)
    needs[2, 1] = needs[1, 0] = True
    small = Options(CATALOGUE, np.ones(3, np.bool_), np.zeros(3), needs, np.ones(3), np.ones(3), given.weight,
                    np.zeros((1, 3)))  # fmt: skip
    assert closure(small).tolist() == [[True, False, False], [True, True, False], [True, True, True]]


@pytest.mark.parametrize("seed", range(5))
def test_a_higher_mark_never_costs_less(seed: int) -> None:
    given, now, gains, _ = case(seed)
    costs = []
    for mark in (32.0, 38.0, 44.0, 50.0):
        found = cheapest(given, now, gains, mark, SURE)
        costs.append(np.inf if found is None else found.bound)
    assert costs == sorted(costs)
