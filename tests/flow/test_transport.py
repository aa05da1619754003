"""Transport: routes by hand, and the allocation equal to its plain twin."""

from __future__ import annotations

import numba
import numpy as np
import pytest

from noroshi.flow.kernel import Floats, Ints
from noroshi.flow.reference import allocate_reference
from noroshi.flow.transport import Routes, allocate, routes

CASES = 50 if numba.config.DISABLE_JIT else 1000


def run(cap: Floats, route: Routes, demand: Floats, order: Ints) -> tuple[Floats, Floats]:
    share, load = np.full(demand.size, np.nan), np.full(cap.size, np.nan)
    allocate(cap, route, demand, order, share, load)
    return share, load


def of(route: Routes, trip: int) -> tuple[list[int], list[int]]:
    return (
        route.primary_link[route.primary_at[trip] : route.primary_at[trip + 1]].tolist(),
        route.alternative_link[route.alternative_at[trip] : route.alternative_at[trip + 1]].tolist(),
    )


def square() -> Routes:
    """Stops 0-1-2-3 in a ring (links 0..3, the last 3-0 slow), 4 apart; trips 0→2, 0→4, 1→1, 2→3 by link 2 only."""
    allowed = np.ones((4, 4), np.bool_)
    allowed[3] = [False, False, True, False]
    return routes(
        5, np.array([0, 1, 2, 3]), np.array([1, 2, 3, 0]), np.array([1.0, 1.0, 1.0, 5.0]), allowed,
        np.array([0, 0, 1, 2]), np.array([2, 4, 1, 3]),
    )  # fmt: skip


def test_routes_by_hand() -> None:
    route = square()
    assert of(route, 0) == ([0, 1], [3, 2])
    assert of(route, 1) == ([], [])
    assert of(route, 2) == ([], [])
    assert of(route, 3) == ([2], [])
    assert route.here.tolist() == [False, False, True, False]


def test_ties_take_the_lowest_link() -> None:
    route = routes(
        2, np.array([0, 1, 0]), np.array([1, 0, 1]), np.ones(3), np.ones((1, 3), np.bool_), np.array([0]), np.array([1])
    )
    assert of(route, 0) == ([0], [1])


def test_a_negative_time_is_refused() -> None:
    one = np.array([0])
    with pytest.raises(ValueError, match=r"found -1\.0"):
        routes(2, one, one + 1, np.array([-1.0]), np.ones((1, 1), np.bool_), one, one + 1)


def test_overflow_takes_the_alternative() -> None:
    cap = np.array([10.0, 4.0, 3.0, 9.0])
    share, load = run(cap, square(), np.array([8.0, 1.0, 5.0, 2.0]), np.arange(4))
    assert share.tolist() == [7.0 / 8.0, 0.0, 1.0, 0.0]
    assert load.tolist() == [4.0, 4.0, 3.0, 3.0]


def test_the_order_decides_who_is_served() -> None:
    cap = np.array([10.0, 4.0, 3.0, 9.0])
    share, _ = run(cap, square(), np.array([8.0, 1.0, 5.0, 2.0]), np.array([3, 2, 1, 0]))
    assert share.tolist() == [5.0 / 8.0, 0.0, 1.0, 1.0]


def test_a_trip_without_demand_asks_only_for_an_open_route() -> None:
    none = np.zeros(4)
    assert run(np.ones(4), square(), none, np.arange(4))[0].tolist() == [1.0, 0.0, 1.0, 1.0]
    assert run(np.array([0.0, 1.0, 1.0, 1.0]), square(), none, np.arange(4))[0].tolist() == [1.0, 0.0, 1.0, 1.0]
    assert run(np.array([0.0, 1.0, 0.0, 1.0]), square(), none, np.arange(4))[0].tolist() == [0.0, 0.0, 1.0, 0.0]


def test_equals_the_plain_twin() -> None:
    for seed in range(CASES):
        rng = np.random.default_rng(seed)
        stops, links, trips = int(rng.integers(2, 15)), int(rng.integers(1, 30)), int(rng.integers(1, 25))
        link_from = rng.integers(0, stops, links)
        route = routes(
            stops, link_from, (link_from + rng.integers(1, stops, links)) % stops, rng.integers(1, 5, links) / 2.0,
            rng.random((trips, links)) < 0.9, rng.integers(0, stops, trips), rng.integers(0, stops, trips),
        )  # fmt: skip
        cap = rng.uniform(0.0, 50.0, links) * (rng.random(links) < 0.8)
        demand = rng.uniform(0.0, 40.0, trips) * (rng.random(trips) < 0.8)
        order = rng.permutation(trips)
        share, load = run(cap, route, demand, order)
        wanted_share, wanted_load = allocate_reference(cap, route, demand, order)
        assert np.allclose(share, wanted_share, rtol=0, atol=1e-12)
        assert np.allclose(load, wanted_load, rtol=0, atol=1e-12 * 50)
        assert (load <= cap + 1e-12).all()
        for trip in range(trips):
            first, second = of(route, trip)
            assert not set(first) & set(second)
