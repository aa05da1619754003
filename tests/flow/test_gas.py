"""Gas flow: equal to HiGHS on random networks, and small cases worked by hand."""

from __future__ import annotations

import numba
import numpy as np
import pytest
from tests.flow.nets import random_net

from noroshi.flow.gas import GasNet, gas_flow
from noroshi.flow.kernel import Floats
from noroshi.flow.reference import gas_reference
from noroshi.flow.tableau import INACCURATE, INFEASIBLE, OPTIMAL

CASES = 40 if numba.config.DISABLE_JIT else 1000


def run(net: GasNet) -> tuple[int, Floats, Floats, Floats, Floats, Floats]:
    u, q = np.full(net.u_hi.shape, np.nan), np.full(net.source_node.size, np.nan)
    d, f = np.full(net.store_node.size, np.nan), np.full(net.store_node.size, np.nan)
    flow = np.full(net.fwd.size, np.nan)
    return gas_flow(net, u, q, d, f, flow), u, q, d, f, flow


def test_equals_highs_on_random_networks() -> None:
    unserved = 0
    for seed in range(CASES):
        net = random_net(seed)
        status, u, q, d, f, flow = run(net)
        assert status == OPTIMAL, seed
        wanted = gas_reference(net)
        got = (net.u_weight * u).sum() + net.source_cost @ q + net.draw_cost @ d - net.fill_gain @ f
        got += net.pipe_cost @ np.abs(flow)
        assert got == pytest.approx(wanted.objective, rel=1e-9, abs=1e-7), seed
        for mine, theirs in zip((u, q, d, f, flow), wanted[:5], strict=True):
            assert np.allclose(mine, theirs, rtol=1e-7, atol=1e-7), seed
        unserved += int(u.sum() > net.u_lo.sum() + 1.0)
    assert CASES / 4 < unserved < CASES


def line_of_two(cap: float, *, draw: float = 0.0, fill: float = 0.0, pipe: float = 10.0) -> GasNet:
    """A source at node 0; demand 4 normal and 2 critical at node 1, where a store stands; one pipe, one way."""
    one = np.ones(1)
    return GasNet(
        np.array([0.0, 6.0]), np.zeros((2, 2)), np.array([[0.0, 0.0], [4.0, 2.0]]),
        np.array([[100.0, 1000.0], [100.0, 1000.0]]),
        np.array([0]), np.array([1]), pipe * one, 0.0 * one, 0.01 * one,
        np.array([0]), cap * one, one,
        np.array([1]), draw * one, 5.0 * one, fill * one, 2.0 * one,
    )  # fmt: skip


def test_normal_demand_is_cut_before_critical() -> None:
    status, u, q, _, _, flow = run(line_of_two(3.0))
    assert status == OPTIMAL
    assert u[1] == pytest.approx([3.0, 0.0])
    assert q[0] == pytest.approx(3.0)
    assert flow[0] == pytest.approx(3.0)


def test_a_store_fills_the_gap_after_the_source() -> None:
    _, u, q, d, f, _ = run(line_of_two(5.0, draw=4.0, fill=4.0))
    assert u.sum() == 0.0
    assert (q[0], d[0], f[0]) == pytest.approx((5.0, 1.0, 0.0))


def test_a_store_fills_from_what_is_spare() -> None:
    _, u, q, d, f, flow = run(line_of_two(20.0, draw=4.0, fill=3.0))
    assert u.sum() == 0.0
    assert (q[0], d[0], f[0], flow[0]) == pytest.approx((9.0, 0.0, 3.0, 9.0))


def test_a_shut_pipe_parts_the_network() -> None:
    _, u, q, d, _, flow = run(line_of_two(20.0, draw=1.5, pipe=0.0))
    assert u[1] == pytest.approx([4.0, 0.5])
    assert (q[0], d[0], flow[0]) == pytest.approx((0.0, 1.5, 0.0))


def test_what_cannot_balance_is_said_and_everything_is_unserved() -> None:
    net = line_of_two(3.0)
    net.demand[1] = 20.0  # more than can be unserved and sent together
    status, u, q, _, _, flow = run(net)
    assert status == INFEASIBLE
    assert u.tolist() == net.u_hi.tolist()
    assert q[0] == flow[0] == 0.0


def test_a_node_without_any_column_must_have_no_demand() -> None:
    net = line_of_two(0.0, pipe=0.0)
    net.u_lo[:] = net.u_hi
    assert run(net)[0] == OPTIMAL
    net.demand[0] = 1.0
    assert run(net)[0] in {INFEASIBLE, INACCURATE}
