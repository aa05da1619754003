"""Dispatch: the compiled program equals HiGHS in the angle formulation, and small cases worked by hand."""

from __future__ import annotations

import numba
import numpy as np
import pytest
from tests.flow.grids import random_case

from noroshi.flow.dcflow import envelope, factor, islands
from noroshi.flow.dispatch import Grid, Units, check, dispatch, dispatch_counted
from noroshi.flow.kernel import Floats, Ints
from noroshi.flow.reference import dispatch_reference
from noroshi.flow.tableau import INACCURATE, INFEASIBLE, OPTIMAL

CASES = 40 if numba.config.DISABLE_JIT else 1000


def run(label: Ints, count: int, u: Units, grid: Grid) -> tuple[int, Floats, Floats, Floats, Floats]:
    p, shed = np.full(u.gen_bus.size, np.nan), np.full(u.shed_hi.shape, np.nan)
    f, flow = np.full(u.dc_from.size, np.nan), np.full(grid.line_from.size, np.nan)
    status = dispatch(label, count, u, grid, p, shed, f, flow)
    return status, p, shed, f, flow


def objective(u: Units, p: Floats, shed: Floats, f: Floats) -> float:
    return float(u.gen_cost @ p + (u.shed_w * shed).sum() + u.dc_cost @ np.abs(f))


def test_equals_highs_on_random_cases() -> None:
    binding = 0
    for seed in range(CASES):
        label, count, u, grid = random_case(seed)
        status, p, shed, f, flow = run(label, count, u, grid)
        assert status == OPTIMAL, seed
        wanted = dispatch_reference(label, count, u, grid)
        got = objective(u, p, shed, f)
        assert got == pytest.approx(wanted.objective, rel=1e-9, abs=1e-7), seed
        for mine, theirs in ((p, wanted.p), (shed, wanted.shed), (f, wanted.f), (flow, wanted.flow)):
            assert np.allclose(mine, theirs, rtol=1e-7, atol=1e-6), seed
        binding += int((np.minimum(grid.lim_fwd - flow, grid.lim_back + flow)[grid.line_in] < 1e-6).any())
    assert binding > CASES / 5


def ring(limit: float, *, dead: int = -1, dc: float = 0.0) -> tuple[Ints, int, Units, Grid]:
    """Buses 0, 1, 2 in a ring of equal lines (limit on 0-1), bus 3 alone behind a link from 0.

    A cheap generator of 300 at 0, a dear one of 50 at 2; demand 90 at 1 and 60 at 3, a tenth of it critical.
    """
    line_from, line_to = np.array([0, 0, 2]), np.array([1, 2, 1])
    line_b, line_in = np.full(3, 10.0), np.ones(3, np.bool_)
    alive = np.arange(4) != dead
    label = np.empty(4, np.int64)
    count = islands(4, line_from, line_to, line_in, alive, label)
    first, start = envelope(4, line_from, line_to)
    factored, ground = np.empty(start[-1]), np.empty(4, np.bool_)
    factor(label, line_from, line_to, line_b, line_in, first, start, factored, ground)
    demand = np.array([0.0, 90.0, 0.0, 60.0])
    units = Units(
        np.array([0, 2]), np.array([300.0, 50.0]), np.array([0.1, 0.9]),
        np.zeros((4, 2)), np.outer(demand, [0.9, 0.1]), np.tile([100.0, 1000.0], (4, 1)),
        np.array([0]), np.array([3]), np.array([dc]), np.array([0.0]), np.array([0.01]),
    )  # fmt: skip
    inf = np.full(3, np.inf)
    fwd, back = inf.copy(), inf.copy()
    fwd[0] = back[0] = limit
    return label, count, units, Grid(line_from, line_to, line_b, line_in, fwd, back, first, start, factored, ground)


def test_merit_order_without_limits() -> None:
    status, p, shed, f, flow = run(*ring(np.inf))
    assert status == OPTIMAL
    assert p == pytest.approx([90.0, 0.0])
    assert shed[3] == pytest.approx([54.0, 6.0])
    assert f[0] == 0.0
    assert flow == pytest.approx([60.0, 30.0, 30.0])


def test_a_limit_is_relieved_by_redispatch() -> None:
    # Flow 0-1 is 2/3 of what bus 0 sends and 1/3 of what bus 2 sends: 2/3 (90 - x) + x/3 = 50 gives x = 30.
    _, p, shed, _, flow = run(*ring(50.0))
    assert p == pytest.approx([60.0, 30.0])
    assert shed[1].sum() == pytest.approx(0.0)
    assert flow[0] == pytest.approx(50.0)


def test_a_tight_limit_sheds_the_normal_demand() -> None:
    # With bus 2 at its most, 50: 2/3 a + 50/3 = 30 gives a = 20; 70 of 90 are served.
    _, p, shed, _, flow = run(*ring(30.0))
    assert p == pytest.approx([20.0, 50.0])
    assert shed[1] == pytest.approx([20.0, 0.0])
    assert flow[0] == pytest.approx(30.0)


def test_a_link_feeds_another_island_up_to_its_limit() -> None:
    _, p, shed, f, _ = run(*ring(np.inf, dc=40.0))
    assert f[0] == pytest.approx(40.0)
    assert shed[3] == pytest.approx([20.0, 0.0])
    assert p == pytest.approx([130.0, 0.0])


def test_what_is_dead_is_off_and_unserved() -> None:
    _, p, shed, f, flow = run(*ring(np.inf, dead=0, dc=40.0))
    assert p == pytest.approx([0.0, 50.0])
    assert shed[1].sum() == pytest.approx(40.0)
    assert (f[0], flow[0], flow[1]) == (0.0, 0.0, 0.0)
    assert shed[3].tolist() == [54.0, 6.0]


def test_everything_dead() -> None:
    label, count, u, grid = ring(np.inf)
    label[:] = -1
    grid.ground[:] = True
    status, p, shed, _, flow = run(label, 0, u, grid)
    assert status == OPTIMAL
    assert p.sum() == flow.sum() == 0.0
    assert shed.tolist() == u.shed_hi.tolist()
    del count


def test_a_wrong_input_is_said_and_everything_is_unserved() -> None:
    label, count, u, grid = ring(np.inf)
    grid.lim_fwd[:] = -80.0
    grid.lim_back[:] = 70.0
    status, p, shed, f, flow = run(label, count, u, grid)
    assert status == INFEASIBLE
    assert p.sum() == f.sum() == flow.sum() == 0.0
    assert shed.tolist() == u.shed_hi.tolist()


@pytest.mark.parametrize("field", ["gen_ub", "gen_cost", "shed_hi", "shed_w"])
def test_not_a_number_never_passes(field: str) -> None:
    label, count, u, grid = ring(50.0)
    getattr(u, field)[:] = np.nan
    status, p, *_ = run(label, count, u, grid)
    assert status != OPTIMAL or not p.any()


def test_a_factor_of_another_topology_is_caught() -> None:
    label, count, u, grid = ring(50.0)
    grid.factored[:] = np.nan
    assert run(label, count, u, grid)[0] == INACCURATE


def test_check_finds_each_kind_of_wrong_answer() -> None:
    label, count, u, grid = ring(50.0, dc=10.0)
    status, p, shed, f, flow = run(label, count, u, grid)
    assert status == OPTIMAL
    assert check(label, count, u, grid, p, shed, f, flow) == OPTIMAL
    for change in ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0), (-20.0, 20.0, 0.0), (np.nan, 0.0, 0.0)):
        wrong = p + np.array([change[0], 0.0]), shed + change[1], f + change[2]
        assert check(label, count, u, grid, *wrong, flow) == INACCURATE
    assert check(label, count, u, grid, np.array([90.0 + f[0], 0.0]), shed, f, flow) == INACCURATE
    label[3] = -1
    assert check(label, count - 1, u, grid, p, shed, f, flow) == INACCURATE


def test_more_line_rows_than_first_made_room_for() -> None:
    rows = 0
    for seed in range(9, 12):
        label, count, u, grid = random_case(seed, buses=48)
        grid.lim_fwd[:] *= 0.3
        grid.lim_back[:] *= 0.3
        p, shed = np.empty(u.gen_bus.size), np.empty(u.shed_hi.shape)
        f, flow = np.empty(u.dc_from.size), np.empty(grid.line_from.size)
        status, _, more = dispatch_counted(label, count, u, grid, p, shed, f, flow)
        assert status == OPTIMAL
        rows = max(rows, more)
        assert objective(u, p, shed, f) == pytest.approx(dispatch_reference(label, count, u, grid).objective, rel=1e-9)
    assert rows > 16
