"""The boxed dual simplex: equal to HiGHS on random programs, and each way out of it reached on purpose."""

from __future__ import annotations

import numba
import numpy as np
import pytest

from noroshi.flow.kernel import Floats
from noroshi.flow.reference import linear_program
from noroshi.flow.simplex import improve, solve
from noroshi.flow.tableau import (
    BASIC,
    INACCURATE,
    INFEASIBLE,
    LIMIT,
    LOWER,
    OPTIMAL,
    Program,
    append_row,
    boxed_program,
    rebuild,
    settle,
)

CASES = 40 if numba.config.DISABLE_JIT else 500
Case = tuple[Floats, Floats, Floats, Floats, Floats]


def random_program(seed: int) -> Case:
    """cost, coef, rhs, low, high of a program that has a point, sparse, with fixed columns and zero costs."""
    rng = np.random.default_rng(seed)
    m, n = int(rng.integers(1, 12)), int(rng.integers(12, 60))
    coef = rng.normal(size=(m, n)) * (rng.random((m, n)) < 0.4)
    low = rng.uniform(-10.0, 0.0, n)
    high = low + rng.uniform(0.0, 20.0, n) * (rng.random(n) < 0.9)
    point = low + (high - low) * rng.random(n)
    cost = rng.normal(size=n) * (rng.random(n) < 0.9)
    return cost, coef, coef @ point, low, high


def test_equals_highs_with_rows_appended_on_the_way() -> None:
    for seed in range(CASES):
        cost, coef, rhs, low, high = random_program(seed)
        rng = np.random.default_rng(seed)
        m, n = coef.shape
        p = boxed_program(cost, coef, rhs, low, high, m + 3)
        status, _ = solve(p, m, 1e-10, 2000)
        assert status == OPTIMAL, seed
        x, best = linear_program(cost, coef, rhs, low, high)
        assert cost @ p.value[:n] == pytest.approx(best, rel=1e-9, abs=1e-8), seed
        for more in range(3):
            row = rng.normal(size=n)
            # Cut the optimum off, but not the whole box: half-way to the point that was feasible by construction.
            centre = float(row @ (p.value[:n] + x)) / 2.0
            p.coef[m + more] = row
            append_row(p, m + more, centre - 5.0, centre + 1e-3 * (more - 1))
            extra = p.coef[m : m + more + 1]
            bounds_high = -p.low[n + m : n + m + more + 1]
            bounds_low = -p.high[n + m : n + m + more + 1]
            status, _ = solve(p, m + more + 1, 1e-10, 2000)
            upper = np.vstack([extra, -extra]), np.concatenate([bounds_high, -bounds_low])
            try:
                x, best = linear_program(cost, coef, rhs, low, high, upper=upper)
            except RuntimeError as error:
                assert "infeasible" in str(error).lower()  # noqa: PT017 - HiGHS may also find none, and then so must we
                assert status == INFEASIBLE, seed
                break
            assert status == OPTIMAL, seed
            assert cost @ p.value[:n] == pytest.approx(best, rel=1e-9, abs=1e-8), seed


def transport_problem(*, ties: bool) -> tuple[Program, int]:
    """An assignment of 4 to 4 with all costs alike, or not: as degenerate as a program gets."""
    size = 4
    coef = np.zeros((2 * size, size * size))
    for i in range(size):
        coef[i, i * size : (i + 1) * size] = 1.0
        coef[size + i, i::size] = 1.0
    cost = np.ones(size * size) if ties else np.arange(1.0, size * size + 1.0) % 5.0
    rows = 2 * size - 1
    p = boxed_program(cost, coef[:rows], np.ones(rows), np.zeros(size * size), np.ones(size * size), rows)
    return p, rows


def test_ties_end() -> None:
    p, rows = transport_problem(ties=True)
    assert solve(p, rows, 1e-10, 500)[0] == OPTIMAL
    assert p.value[:16].sum() == pytest.approx(4.0)


def test_the_careful_rule_finds_the_same_optimum() -> None:
    p, rows = transport_problem(ties=False)
    q, _ = transport_problem(ties=False)
    status, pivots = improve(p, rows, 1e-10, 500)
    assert status == OPTIMAL
    # Half of this limit is used up before the end, so the lowest-index rule finishes the work.
    assert improve(q, rows, 1e-10, pivots + 2)[0] == OPTIMAL
    assert p.cost[:16] @ p.value[:16] == pytest.approx(q.cost[:16] @ q.value[:16])


def test_no_point_is_said_to_be_infeasible() -> None:
    p = boxed_program(np.ones(2), np.ones((1, 2)), np.array([3.0]), np.zeros(2), np.ones(2), 1)
    assert solve(p, 1, 1e-10, 100) == (INFEASIBLE, 0)


def test_too_few_pivots_is_said() -> None:
    p, rows = transport_problem(ties=False)
    assert solve(p, rows, 1e-10, 1) == (LIMIT, 1)


def test_exact_fit_with_nothing_to_spare() -> None:
    p = boxed_program(np.array([1.0, 2.0]), np.ones((1, 2)), np.array([2.0]), np.zeros(2), np.ones(2), 1)
    assert solve(p, 1, 1e-10, 100)[0] == OPTIMAL
    assert p.value[:2].tolist() == [1.0, 1.0]


def test_a_tiny_pivot_is_stepped_around() -> None:
    coef = np.array([[1.0, 1e-8]])
    p = boxed_program(np.array([1.0, 1e-7]), coef, np.array([0.5]), np.zeros(2), np.array([1.0, 1e10]), 1)
    q = boxed_program(np.array([1e-9, 1.0]), coef, np.array([2.0]), np.zeros(2), np.array([1.0, 1e10]), 1)
    assert solve(p, 1, 1e-10, 100)[0] == OPTIMAL
    assert p.value[0] == pytest.approx(0.5)
    status, _ = solve(q, 1, 1e-10, 100)
    assert status == OPTIMAL
    assert q.value[:2] == pytest.approx([1.0, 1e8])


def damaged() -> tuple[Program, int]:
    """An optimal tableau that drift has made wrong."""
    cost, coef, rhs, low, high = random_program(5)
    p = boxed_program(cost, coef, rhs, low, high, rhs.size)
    assert improve(p, rhs.size, 1e-10, 2000)[0] == OPTIMAL
    p.table[: rhs.size] *= 1.5
    p.price[:] += 0.5
    p.value[p.basis[0]] += 1.0
    return p, rhs.size


def test_drift_is_found_and_repaired() -> None:
    p, rows = damaged()
    assert settle(p, rows, 1e-10) == INACCURATE
    assert solve(p, rows, 1e-10, 2000)[0] == OPTIMAL
    cost, coef, rhs, low, high = random_program(5)
    assert cost @ p.value[: cost.size] == pytest.approx(linear_program(cost, coef, rhs, low, high)[1], rel=1e-9)


def test_a_singular_basis_is_said() -> None:
    p = boxed_program(np.ones(3), np.ones((2, 3)), np.ones(2), np.zeros(3), np.ones(3), 2)
    p.basis[:] = [0, 1]
    assert rebuild(p, 2) == INACCURATE
    assert p.basis.tolist() == [0, 1]
    p.side[:2] = BASIC
    p.side[2:] = LOWER
    p.value[:] = 0.2
    assert solve(p, 2, 1e-10, 10)[0] == INACCURATE


def test_not_a_number_never_passes() -> None:
    p = boxed_program(np.ones(2), np.ones((1, 2)), np.array([np.nan]), np.zeros(2), np.ones(2), 1)
    assert solve(p, 1, 1e-10, 100)[0] != OPTIMAL
    p = boxed_program(np.array([np.nan, 1.0]), np.ones((1, 2)), np.ones(1), np.zeros(2), np.ones(2), 1)
    assert solve(p, 1, 1e-10, 100)[0] != OPTIMAL
