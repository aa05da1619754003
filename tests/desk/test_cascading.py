"""Many cascades over threads: the same whoever runs them, stopped when told, too many refused."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from tests.flow.test_screening import random_network

from noroshi.desk.cascading import cascade_grid, ran_all
from noroshi.errors import InputError, StoppedError
from noroshi.files.grid_cases import Case
from noroshi.flow.cascade_grid import prepared
from noroshi.flow.cascade_rules import Limits, Rules


def a_case(n: int, m: int) -> Case:
    """Return a random grid with names."""
    net = random_network(np.random.default_rng(4), n, m)
    branches = len(net.a)
    return Case("random", net, tuple(f"line-{k}" for k in range(branches)), tuple(f"bus-{k}" for k in range(n)),
                np.arange(branches))  # fmt: skip


def test_threads_and_order_change_no_bit() -> None:
    made = prepared(a_case(60, 50).network, Limits(0.7))
    rng = np.random.default_rng(1)
    outages = rng.integers(0, len(made.grid.a), (1500, 3))
    shares: list[float] = []
    one, two = (
        ran_all(made, outages, Rules(), threads=1),
        ran_all(made, outages, Rules(), threads=3, progress=shares.append),
    )
    assert np.array_equal(one.counts, two.counts)
    assert one.lost_mw.tobytes() == two.lost_mw.tobytes()
    back = ran_all(made, outages[::-1].copy(), Rules(), threads=2)
    assert one.lost_mw.tobytes() == back.lost_mw[::-1].tobytes()
    assert (max(shares), int(one.counts[:, 1].max()) > 3) == (1.0, True)


def test_a_run_stops_when_told() -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(StoppedError):
        cascade_grid(a_case(12, 10), Rules(), Limits(), k=1, stop=stop)


def test_more_than_can_be_run_asks_for_a_sample() -> None:
    with pytest.raises(InputError, match="--sample"):
        cascade_grid(a_case(200, 200), Rules(), Limits(), k=5)


def test_reactances_that_leave_no_answer_are_a_fault() -> None:
    case = a_case(3, 0)
    net = case.network._replace(
        a=np.array([0, 0]), b=np.array([1, 1]), susceptance=np.array([100.0, -100.0]), shifted=np.zeros(2),
        rating=np.ones(2), capacity=np.ones(3),
    )  # fmt: skip
    with np.errstate(divide="ignore", invalid="ignore"), pytest.raises(InputError, match="no-reactance"):
        cascade_grid(case._replace(network=net, branch=("a", "b"), place=np.arange(2)), Rules(), Limits(), k=1)
