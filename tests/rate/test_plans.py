"""Plans: as good as trying everything, quick on the real catalogue, and never without what must come first."""

from __future__ import annotations

import itertools
import time

import numpy as np
import pytest
from tests.slowness import slowness

from noroshi.files.catalogues import load_catalogue
from noroshi.files.techniques import load_techniques
from noroshi.rate.plans import Options, in_place, options, ordered, plan, yearly
from noroshi.rate.tangents import Limits, choose, value
from noroshi.rate.techniques import frequencies, log_effects

CATALOGUE = load_catalogue()
KNOWN = load_techniques()
NOTHING = np.zeros(len(CATALOGUE.items))
ALL = np.ones(len(CATALOGUE.items), np.bool_)
INSTANCES = 300


def random_options(seed: int) -> tuple[Options, float, float]:
    """Return up to 12 measures with prerequisites and random effects, a budget and a limit of staff."""
    rng = np.random.default_rng(seed)
    n, terms = int(rng.integers(1, 13)), int(rng.integers(1, 40))
    effect = np.where(rng.random((terms, n)) < 0.3, -np.log1p(-rng.uniform(0.05, 0.9, (terms, n))), 0.0)
    needs = np.zeros((n, n), np.bool_)
    for i in range(1, n):
        if rng.random() < 0.4:
            needs[i, rng.integers(i)] = True
    cost, staff = rng.integers(0, 30, n).astype(np.float64), rng.uniform(0.0, 5.0, n)
    offered = rng.random(n) < 0.9
    for i in range(n):  # as `options` has it: nothing is offered that needs what is not
        offered[i] &= bool(offered[needs[i]].all())
    given = Options(CATALOGUE, offered, np.zeros(n), needs, cost, staff, rng.random(terms), effect)
    return given, float(cost.sum() * rng.random()), float(staff.sum() * rng.uniform(0.3, 1.2))


def brute(given: Options, budget: float, staff: float) -> float:
    """Return the least that any allowed choice leaves, by trying every one."""
    n = len(given.offered)
    every = np.array(list(itertools.product([False, True], repeat=n)), dtype=np.bool_)
    lacking = every.astype(np.float64) @ given.needs.astype(np.float64) * ~every  # needs of the chosen, not chosen
    kept = ~(lacking > 0.0).any(axis=1) & ~(every & ~given.offered).any(axis=1)
    kept &= (every @ given.cost <= budget + 1e-9) & (every @ given.staff <= staff + 1e-9)
    return float(value(given.weight, given.effect, every[kept]).min())


@pytest.mark.parametrize("block", range(10))
def test_a_plan_is_as_good_as_trying_everything(block: int) -> None:
    for seed in range(block * INSTANCES // 10, (block + 1) * INSTANCES // 10):
        given, budget, staff = random_options(seed)
        found, best = plan(given, budget, staff, gap=1e-7), brute(given, budget, staff)
        assert found.after == pytest.approx(best, rel=2e-7, abs=1e-12)
        assert found.bound <= best * (1.0 + 1e-9)
        assert found.cost <= budget + 1e-9
        assert found.staff <= staff + 1e-9
        assert not (found.chosen & ~given.offered).any()
        for i in np.flatnonzero(found.chosen):
            assert found.chosen[given.needs[i]].all()


def test_the_bound_is_a_bound_when_the_search_ends_early() -> None:
    for seed in range(40):
        given, budget, staff = random_options(seed)
        found = plan(given, budget, staff, gap=0.2)
        best = brute(given, budget, staff)
        assert found.bound <= best * (1.0 + 1e-9)
        assert found.after * (1.0 - found.gap) <= best * (1.0 + 1e-9)


@pytest.mark.parametrize("share", [0.05, 0.15, 0.3, 0.5, 0.7])
def test_34_measures_and_300_techniques_within_a_second(share: float) -> None:
    used = sorted((one for one in KNOWN if one.used > 0.0), key=lambda one: (-one.used, one.id))[:300]
    given = options(CATALOGUE, frequencies(used), NOTHING, ALL)
    assert given.effect.shape == (300, 34)
    plan(given, 10.0)  # what is imported on the first call is not the plan's time
    start = time.perf_counter()
    found = plan(given, share * float(given.cost.sum()))
    elapsed = time.perf_counter() - start
    assert found.gap <= 1e-3
    assert found.cost <= share * given.cost.sum()
    assert elapsed < 2.0 * slowness(), f"{elapsed:.2f} s; a second on an idle machine, performance.md"


def test_more_money_never_leaves_more() -> None:
    given = options(CATALOGUE, frequencies(KNOWN, ["T1021.002", "T1486", "T1561.001"]), NOTHING, ALL)
    left = [plan(given, budget).after for budget in (0.0, 15.0, 40.0, 80.0, 200.0)]
    assert left[0] == pytest.approx(float(given.weight.sum()))
    assert all(b <= a * 1.001 for a, b in itertools.pairwise(left))
    assert left[-1] < left[0] * 0.7


def test_two_steps_of_an_item_take_what_the_second_says() -> None:
    techniques = [one for one in KNOWN if "M1032" in one.mitigated_by][:1]
    only = [i for i, one in enumerate(CATALOGUE.measures) if one.item == "mfa"]
    effect = log_effects(CATALOGUE, techniques)[0, only]
    best = max(CATALOGUE.measures[i].effect for i in only)
    assert np.exp(-effect.sum()) == pytest.approx(1.0 - best)


def test_what_is_in_place_is_not_offered_and_counts_already() -> None:
    level = NOTHING.copy()
    level[CATALOGUE.index["mfa"]] = 1.0
    frequency = frequencies(KNOWN)
    bare, given = options(CATALOGUE, frequency, NOTHING, ALL), options(CATALOGUE, frequency, level, ALL)
    mfa = [i for i, one in enumerate(CATALOGUE.measures) if one.item == "mfa"]
    assert bare.offered[mfa].all()
    assert not given.offered[mfa].any()
    assert given.weight.sum() < bare.weight.sum()
    assert bare.weight.sum() == pytest.approx(1.0)


def test_half_a_step_is_half_done() -> None:
    item = CATALOGUE.index["mfa"]
    first, second = (i for i, one in enumerate(CATALOGUE.measures) if one.item == "mfa")
    level = NOTHING.copy()
    level[item] = 0.5 * CATALOGUE.measures[first].to
    assert in_place(CATALOGUE, level)[[first, second]] == pytest.approx([0.5, 0.0])


def test_without_control_systems_their_techniques_and_measures_do_not_count() -> None:
    applies = np.array([not one.control_systems for one in CATALOGUE.items], dtype=np.bool_)
    assert 0 < np.count_nonzero(~applies) < 5
    frequency = frequencies(KNOWN)
    given = options(CATALOGUE, frequency, NOTHING, applies)
    ics = np.array([one.ics for one in frequency.techniques])
    assert not given.weight[ics].any()
    assert given.weight[~ics].all()
    out = [i for i, one in enumerate(CATALOGUE.measures) if not applies[CATALOGUE.index[one.item]]]
    assert not given.offered[out].any()


def test_years_keep_their_budgets_and_do_first_what_does_most() -> None:
    given = options(CATALOGUE, frequencies(KNOWN), NOTHING, ALL)
    found = yearly(given, np.array([30.0, 30.0, 30.0]), np.full(3, np.inf), gap=0.02)
    assert (found.cost <= 30.0 + 1e-9).all()
    assert found.chosen.sum(axis=0).max() <= 1
    assert (np.diff(found.after) <= 1e-12).all()
    assert found.before - found.after[0] >= found.after[0] - found.after[1] - 1e-9
    whole = plan(given, 90.0).after
    assert found.after[-1] >= whole * (1.0 - 1e-3)
    assert found.after[-1] <= whole * 1.1
    for y in range(3):
        have = np.atleast_1d(found.chosen[: y + 1].any(axis=0))
        for i in np.flatnonzero(found.chosen[y]):
            assert have[given.needs[i]].all()


def test_years_equal_trying_everything() -> None:
    for seed in range(12):
        given, budget, _ = random_options(seed)
        n = min(len(given.offered), 6)
        small = Options(CATALOGUE, given.offered[:n], given.done[:n], given.needs[:n, :n], given.cost[:n],
                        given.staff[:n], given.weight, given.effect[:, :n])  # fmt: skip
        found = yearly(small, np.array([budget / 3, budget / 3]), np.full(2, np.inf), gap=1e-7)
        best = np.inf
        every = np.array(list(itertools.product([False, True], repeat=n)), dtype=np.bool_)
        kept = [x for x in every if all(x[small.needs[i]].all() for i in np.flatnonzero(x))
                and not (x & ~small.offered).any()]  # fmt: skip
        for first in kept:
            if small.cost @ first > budget / 3 + 1e-9:
                continue
            for later in kept:
                more = later & ~first
                if (first & ~later).any() or small.cost @ more > budget / 3 + 1e-9:
                    continue
                best = min(best, float(value(small.weight, small.effect, np.array([first, later])).sum()))
        assert float(found.after.sum()) == pytest.approx(best, rel=2e-7)


def test_an_order_puts_needs_first_and_the_best_for_its_cost_before_others() -> None:
    given = options(CATALOGUE, frequencies(KNOWN), NOTHING, ALL)
    found = plan(given, 150.0)
    order = ordered(given, found.chosen)
    assert sorted(order) == sorted(np.flatnonzero(found.chosen))
    for place, i in enumerate(order):
        assert set(np.flatnonzero(given.needs[i])) <= set(order[:place])


def test_limits_that_nothing_keeps_are_said() -> None:
    given, _, _ = random_options(3)
    n = len(given.offered)
    assert choose(given.weight, given.effect, Limits(np.ones((1, n)), np.array([-1.0]))) is None
    with pytest.raises(ValueError, match="budget"):
        plan(given, -1.0)
