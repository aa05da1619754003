"""The compiled engine tells the same story as the reference engine: events, causes, hours and shares.

On the way, what goes into each island and gas network at each instant comes out.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numba import config
from tests.stress.random_estates import shock, small

import noroshi.flow.reference as programs
from noroshi.flow.kernel import Floats
from noroshi.stress import engine, reference
from noroshi.stress.draw import median
from noroshi.stress.model import build
from noroshi.stress.reference_flow import State

CASES = 1000
BATCH = 25
QUICK = 1 if config.DISABLE_JIT else 4
"""Batches in the normal suite; the rest is marked slow, since the reference engine takes its time."""


@pytest.fixture(autouse=True)
def remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the reference engine an answer of HiGHS again where it asks the very same: a third of its programs."""
    solve, known = programs.linear_program, dict[bytes, tuple[Floats, float]]()

    def answer(cost: Floats, rows: Floats, rhs: Floats, low: Floats, high: Floats, **more: Any) -> tuple[Floats, float]:
        key = b"".join(part.tobytes() for part in (cost, rows, rhs, low, high, *more.get("upper", ())))
        if key not in known:
            known[key] = solve(cost, rows, rhs, low, high, **more)
        return known[key]

    monkeypatch.setattr(programs, "linear_program", answer)


def balanced(s: State) -> None:
    """Check the settled state: power per AC island (MW), gas per connected network (t/h), to 1e-6."""
    w, g = s.m.power, s.m.gas
    for i in range(int(s.power.label.max()) + 1):
        area = s.power.label == i
        imports = s.power.f[area[w.b_to[w.dc]]].sum() - s.power.f[area[w.b_from[w.dc]]].sum()
        given = s.power.p[area[w.g_bus]].sum() + imports
        taken = s.power.demand[area].sum() - s.power.unserved[area].sum()
        assert given == pytest.approx(taken, abs=1e-6), f"power, island {i}, hour {s.now}"
    for i in np.unique(g.part):
        inside, stored = g.part == i, g.part[g.t_node] == i
        given = s.gas.q[g.part[g.s_node] == i].sum() + s.gas.draw[stored].sum()
        taken = s.gas.demand[inside].sum() - s.gas.unserved[inside].sum() + s.gas.fill[stored].sum()
        assert given == pytest.approx(taken, abs=1e-6), f"gas, network {i}, hour {s.now}"


def compare(seed: int) -> None:
    """Run both engines on the estate and shock of this seed."""
    rng = np.random.default_rng(seed)
    estate = small(rng)
    model = build(estate)
    draw = median(model, shock(rng, estate))
    plain, fast = reference.run(model, draw, balanced), engine.run(model, draw)
    told = [[event[1:] for event in run.events] for run in (plain, fast)]
    assert told[0] == told[1], f"events differ for seed {seed}"
    hours = [np.array([event.hour for event in run.events]) for run in (plain, fast)]
    np.testing.assert_allclose(hours[1], hours[0], rtol=0, atol=1e-9, err_msg=f"hours of events, seed {seed}")
    np.testing.assert_allclose(fast.hours, plain.hours, rtol=0, atol=1e-9, err_msg=f"instants, seed {seed}")
    np.testing.assert_allclose(fast.shares, plain.shares, rtol=0, atol=1e-9, err_msg=f"shares, seed {seed}")


@pytest.mark.parametrize("batch", range(QUICK))
def test_equal(batch: int) -> None:
    for seed in range(batch * BATCH, (batch + 1) * BATCH):
        compare(seed)


@pytest.mark.slow
@pytest.mark.parametrize("batch", range(QUICK, CASES // BATCH))
def test_equal_on_all(batch: int) -> None:
    for seed in range(batch * BATCH, (batch + 1) * BATCH):
        compare(seed)
