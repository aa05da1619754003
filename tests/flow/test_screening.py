"""Outages screened side by side against each network built anew and solved by scipy: flows, islands, any number out."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import config, njit
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import spsolve

from noroshi.desk.screening import GRAVE, swept
from noroshi.flow.lanes import LANES, column_gathered, column_scattered, worst_of, worst_of_table
from noroshi.flow.network import Network
from noroshi.flow.screening import PLAIN, SINGULAR, SPLIT
from noroshi.flow.screening_exact import flows_after
from noroshi.flow.screening_grid import ready
from noroshi.flow.screening_stored import fits, stored

Floats = NDArray[np.float64]


def flows(net: Network, out: Any) -> tuple[Floats, int, float]:
    """Return MW in every branch, the parts, and MW of demand cut off: the network is built anew without the outage."""
    m, n = len(net.a), len(net.injection)
    left = np.setdiff1d(np.arange(m), out)
    a, b, s = net.a[left], net.b[left], net.susceptance[left]
    _, whole = connected_components(coo_array((np.ones(m), (net.a, net.b)), shape=(n, n)), directed=False)
    count, part = connected_components(coo_array((np.ones(len(left)), (a, b)), shape=(n, n)), directed=False)
    power = net.injection.copy()
    for k in range(int(whole.max()) + 1):  # balanced as given, then again as cut: in proportion to capacity both times
        power = balanced(power, net.capacity, whole == k)
    for k in range(count):
        power = balanced(power, net.capacity, part == k)
    power += np.bincount(a, net.shifted[left], n) - np.bincount(b, net.shifted[left], n)
    ends, others = np.concatenate([a, b, a, b]), np.concatenate([a, b, b, a])
    matrix = coo_array((np.concatenate([s, s, -s, -s]), (ends, others)), shape=(n, n)).tocsc()
    keep = np.setdiff1d(np.arange(n), [np.flatnonzero(part == k)[0] for k in range(count)])
    angle = np.zeros(n)
    if len(keep):
        angle[keep] = spsolve(matrix[keep][:, keep], power[keep])
    flow = np.zeros(m)
    flow[left] = s * (angle[a] - angle[b]) - net.shifted[left]
    demand = np.bincount(part, net.demand, count)
    most = sum(max(demand[np.unique(part[whole == k])]) for k in range(int(whole.max()) + 1))
    return flow, count, float(demand.sum() - most)


def balanced(power: Floats, capacity: Floats, here: NDArray[np.bool_]) -> Floats:
    made, total = power.copy(), capacity[here].sum()
    made[here] = made[here] - made[here].sum() / total * capacity[here] if total > 0 else 0.0
    return made


def random_network(rng: np.random.Generator, n: int, m: int) -> Network:
    """Return a network with loops, bridges, parallel branches, a phase shifter, and parts of its own."""
    tree = [(int(rng.integers(0, k)), k) for k in range(1, n) if rng.random() < 0.95]
    more = [tuple(rng.choice(n, 2, replace=False).tolist()) for _ in range(m)]
    a, b = np.array([*tree, *more], np.int64).T
    s = rng.uniform(50, 500, len(a)) * np.where(rng.random(len(a)) < 0.03, -0.2, 1.0)
    demand = rng.uniform(0, 100, n)
    capacity = np.where(rng.random(n) < 0.4, rng.uniform(10, 300, n), 0.0)
    shifted = np.where(rng.random(len(a)) < 0.1, rng.uniform(-20, 20, len(a)), 0.0)
    rating = np.where(rng.random(len(a)) < 0.9, rng.uniform(20, 200, len(a)), 0.0)
    return Network(a.copy(), b.copy(), s, shifted, rating, capacity * rng.uniform(0, 1, n) - demand, capacity, demand)


@pytest.mark.parametrize("seed", range(12))
def test_every_outage_is_what_the_network_without_it_gives(seed: int) -> None:
    rng = np.random.default_rng(seed)
    net = random_network(rng, int(rng.integers(3, 30)), int(rng.integers(0, 25)))
    made = ready(net)
    m = len(net.a)
    rating = np.where(net.rating > 0, net.rating, np.inf)
    for k in (1, 2, 3):
        every = np.array(list(combinations(range(m), k)), np.int64)
        outages = every if len(every) <= 60 else every[rng.choice(len(every), 60, replace=False)]
        found, flow = swept(made, outages, threads=1), np.zeros(m)
        parts_before = flows(net, [])[1]
        for at, out in enumerate(outages):
            wanted, parts, cut = flows(net, out)
            size = max(1.0, np.abs(wanted).max())
            assert found.worst_loading[at] == pytest.approx((np.abs(wanted) / rating).max(), rel=1e-9, abs=1e-9 * size)
            assert found.became[at] == (SPLIT if parts > parts_before else PLAIN)
            assert found.island_mw[at] == pytest.approx(cut, abs=1e-9)
            assert flows_after(made.grid, made.factor, made.a, made.b, out, flow)[0] == parts
            assert flow == pytest.approx(wanted, rel=1e-9, abs=1e-8 * size)


def test_three_buses_by_hand() -> None:
    # 0 -> 2 takes 90 MW: 60 by the direct branch, 30 by bus 1, all alike; without the direct one all 90 by bus 1.
    s = np.full(3, 100.0)
    net = Network(np.array([0, 0, 1]), np.array([2, 1, 2]), s, np.zeros(3), np.array([120.0, 60.0, 45.0]),
                  np.array([90.0, 0, -90.0]), np.array([100.0, 0, 0]), np.array([0.0, 0, 90.0]))  # fmt: skip
    made = ready(net)
    assert made.grid.flow == pytest.approx([60, 30, 30])
    found = swept(made, np.array([[0], [1], [2]]), threads=1)
    assert found.worst_loading == pytest.approx([90 / 45, 90 / 120, 90 / 120])
    assert found.island_mw == pytest.approx([0, 0, 0])
    both = swept(made, np.array([[0, 1]]), threads=1)  # bus 0, which feeds, is cut off from the rest
    assert (both.worst_loading[0], both.became[0], both.island_mw[0]) == (0.0, SPLIT, 0.0)


@settings(max_examples=15 if config.DISABLE_JIT else 60)
@given(st.integers(0, 10_000), st.booleans())
def test_nothing_hangs_on_names_order_or_a_bus_beside(seed: int, beside: bool) -> None:
    rng = np.random.default_rng(seed)
    net = random_network(rng, 12, 10)
    m, n = len(net.a), len(net.injection)
    bus, branch = rng.permutation(n), rng.permutation(m)
    place = np.argsort(bus)
    more = (lambda part: np.append(part, 0.0)) if beside else (lambda part: part)
    other = Network(
        place[net.a[branch]], place[net.b[branch]], net.susceptance[branch], net.shifted[branch], net.rating[branch],
        more(net.injection[bus]), more(net.capacity[bus]), more(net.demand[bus]),
    )  # fmt: skip
    outages = np.array(list(combinations(range(m), 2)), np.int64)[:60]
    one = swept(ready(net), outages, threads=1)
    two = swept(ready(other), np.sort(np.argsort(branch)[outages], axis=1), threads=1)
    assert two.worst_loading == pytest.approx(one.worst_loading, rel=1e-7, abs=1e-7)
    assert two.island_mw == pytest.approx(one.island_mw, abs=1e-9)


@pytest.mark.skipif(bool(config.DISABLE_JIT), reason="takes minutes where nothing is compiled")
def test_narrow_numbers_agree_and_threads_change_no_bit() -> None:
    rng = np.random.default_rng(5)
    made = ready(random_network(rng, 60, 60))
    outages = np.array(list(combinations(range(len(made.a)), 2)), np.int64)
    wide = swept(made, outages, threads=1)
    assert np.array_equal(wide.worst_loading, swept(made, outages[::-1].copy(), threads=2).worst_loading[::-1])
    narrow = swept(made, outages, wide=False, threads=2)
    assert narrow.worst_loading == pytest.approx(wide.worst_loading, rel=2e-4, abs=1e-5)
    grave = np.argsort(-wide.worst_loading, kind="stable")[:GRAVE]
    assert narrow.worst_loading[grave] == pytest.approx(wide.worst_loading[grave], rel=1e-12)
    assert SINGULAR not in narrow.became


@pytest.mark.parametrize("seed", range(6))
def test_a_stored_table_gives_what_solving_gives(seed: int) -> None:
    rng = np.random.default_rng(100 + seed)
    net = random_network(rng, 25 if config.DISABLE_JIT else 80, 30 if config.DISABLE_JIT else 90)
    made = ready(net)
    assert fits(made)
    table = stored(made)
    singles = np.arange(len(net.a))[:, None]
    solved = swept(made, singles, threads=1)
    for asked in (singles, singles[::-3]):  # all, and some in another order
        read = swept(made, asked, wide=False, table=table, threads=2)
        wanted = solved.worst_loading[asked[:, 0]]
        assert read.worst_loading == pytest.approx(wanted, rel=2e-4, abs=1e-5)
        assert np.array_equal(read.became, solved.became[asked[:, 0]])
        assert np.array_equal(read.island_mw, solved.island_mw[asked[:, 0]])
    assert set(table.branch) <= set(np.flatnonzero(solved.became == PLAIN))
    assert len(table.branch) > len(net.a) // 3


def test_two_branches_that_cancel_are_a_fault_not_a_number() -> None:
    net = Network(np.array([0, 0]), np.array([1, 1]), np.array([100.0, -100.0]), np.zeros(2), np.ones(2),
                  np.array([5.0, -5.0]), np.array([10.0, 0.0]), np.array([0.0, 5.0]))  # fmt: skip
    with np.errstate(divide="ignore", invalid="ignore"), pytest.raises(ValueError, match="cancel"):
        ready(net)


@pytest.mark.skipif(bool(config.DISABLE_JIT), reason="compares what is compiled with what is not")
def test_compiled_steps_do_what_they_say() -> None:
    rng = np.random.default_rng(3)
    for kind in (np.float64, np.float32):
        table, row = rng.random(6 * LANES).astype(kind), np.array([4, 2, 5], np.int64)
        low, inverse = rng.random(3).astype(kind), rng.random(6).astype(kind)
        steps: tuple[tuple[Any, tuple[Any, ...]], ...] = (
            (column_gathered, (inverse, low, row, 0, 3)), (column_scattered, (low, row, 1, 3)),
        )  # fmt: skip
        for step, rest in steps:
            one, two = table.copy(), table.copy()
            step(one, 1, *rest)
            compiled(step)(two, 1, *rest)
            assert np.array_equal(one, two)
        numbers = (rng.random(3).astype(kind) for _ in range(2))
        ends = (np.array([0, 3, 1], np.int64), np.array([5, 2, 0], np.int64))
        told: Any = (table, *ends, *numbers, rng.random(LANES).astype(kind), rng.random(3).astype(kind), 0, 3)
        least: list[Any] = [np.zeros(LANES, kind), np.zeros(LANES, kind)]
        worst_of(least[0], *told)
        compiled(worst_of)(least[1], *told)
        one, two = least
        assert np.array_equal(one, two)
        assert one.min() > 0
        amount: Any = rng.normal(size=LANES).astype(kind)
        before: Any = rng.normal(size=3).astype(kind)
        lanes: Any = table
        least = [np.zeros(LANES, kind), np.zeros(LANES, kind)]
        worst_of_table(least[0], lanes, before, amount, 2, 3)
        compiled(worst_of_table)(least[1], lanes, before, amount, 2, 3)
        assert np.array_equal(*least)
        assert least[0].min() > 0


def compiled(step: Any) -> Any:
    """Return a compiled function that calls a step, which answers nothing."""

    def gathered(a: Any, j: int, inverse: Any, low: Any, row: Any, first: int, last: int) -> None:
        column_gathered(a, j, inverse, low, row, first, last)

    def scattered(a: Any, j: int, low: Any, row: Any, first: int, last: int) -> None:
        column_scattered(a, j, low, row, first, last)

    def worst(o: Any, n: Any, a: Any, b: Any, f: Any, k: Any, s: Any, e: Any, first: int, last: int) -> None:
        worst_of(o, n, a, b, f, k, s, e, first, last)

    def table(o: Any, n: Any, f: Any, x: Any, first: int, count: int) -> None:
        worst_of_table(o, n, f, x, first, count)

    steps = {column_gathered: gathered, column_scattered: scattered, worst_of: worst, worst_of_table: table}
    return njit(steps[step])
