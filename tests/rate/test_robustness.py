"""Ranks as intervals: narrow where the best is clear, wide where it is not; each way of adding up by hand."""

from __future__ import annotations

import numpy as np
import pytest
from tests.rate.made import catalogue, evidence

from noroshi.rate.catalogue import Catalogue
from noroshi.rate.robustness import robustness, total
from noroshi.rate.score import Peers, Scored, score


def rated(level: object, strength: float = 30.0) -> tuple[Catalogue, Scored]:
    levels = np.asarray(level, dtype=np.float64)
    asked = catalogue()
    peers = Peers(np.full(levels.shape[1], 0.5), 20.0)
    return asked, score(asked, evidence(np.full(levels.shape, strength), levels), peers)


def items() -> int:
    return len(catalogue().items)


def test_clear_differences_have_narrow_ranks_and_small_ones_wide() -> None:
    asked, scored = rated([[0.95] * items(), [0.52] * items(), [0.5] * items(), [0.05] * items()])
    found = robustness(asked, scored, draws=400)
    assert found.low[0] == found.high[0] == 1.0
    assert found.low[3] == found.high[3] == 4.0
    assert found.low[1] == found.low[2] == 2.0
    assert found.high[1] == found.high[2] == 3.0
    assert (found.low <= found.middle).all()
    assert (found.middle <= found.high).all()


def test_less_evidence_means_wider_ranks() -> None:
    rng = np.random.default_rng(3)
    level = np.clip(np.linspace(0.4, 0.6, 20)[:, None] + rng.normal(0.0, 0.05, (20, items())), 0.0, 1.0)
    width = []
    for strength in (1.0, 15.0, 200.0):
        found = robustness(*rated(level, strength), draws=400)
        width.append(float((found.high - found.low).mean()))
    assert width[0] > width[1] > width[2]


def test_a_hole_costs_more_where_items_are_multiplied() -> None:
    even, hole = [0.6] * items(), [0.65] * items()
    hole[0] = 0.0
    asked, scored = rated([even, hole], 500.0)
    found = robustness(asked, scored, draws=10)
    assert (found.geometric <= found.linear + 1e-9).all()
    assert found.linear[1] - found.geometric[1] > 5.0 * (found.linear[0] - found.geometric[0])
    assert found.decisive[1] == 0


def test_by_hand() -> None:
    asked = catalogue()
    weight = asked.importance
    level = np.full((1, items()), 0.5)
    level[0, 0] = 1.0
    counts = np.ones((1, items()), np.bool_)
    mine = asked.technical
    part = weight[0] / weight[mine].sum()
    expected = asked.technical_points * (0.5 + 0.5 * part) + asked.organisational_points * 0.5
    assert total(asked, weight, level, counts, geometric=False)[0] == pytest.approx(expected)
    multiplied = asked.technical_points * 0.5 ** (1.0 - part) + asked.organisational_points * 0.5
    assert total(asked, weight, level, counts, geometric=True)[0] == pytest.approx(multiplied)


def test_what_does_not_apply_is_left_out_and_leaving_one_out_is_that() -> None:
    asked, scored = rated([[0.5] * items()], 100.0)
    found = robustness(asked, scored, draws=10)
    mean = scored.item_mean[0]
    for i in range(items()):
        rest = np.ones((1, items()), np.bool_)
        rest[0, i] = False
        assert found.without[0, i] == pytest.approx(
            total(asked, asked.importance, mean[None], rest, geometric=False)[0]
        )


def test_same_seed_same_ranks() -> None:
    asked, scored = rated(np.random.default_rng(1).random((8, items())))
    one, two = (robustness(asked, scored, draws=50, seed=5) for _ in range(2))
    np.testing.assert_array_equal(one.low, two.low)
    assert sorted(np.round(robustness(asked, scored, draws=1, seed=1).middle)) == sorted(range(1, 9))
