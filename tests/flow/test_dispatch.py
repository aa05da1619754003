"""Dispatch: the compiled program equals HiGHS in the angle formulation, and small cases worked by hand."""

from __future__ import annotations

import numba
import numpy as np
import pytest
from tests.flow.grids import random_case

from noroshi.flow.dispatch import Grid, Units, dispatch
from noroshi.flow.kernel import Floats, Ints
from noroshi.flow.reference import dispatch_reference
from noroshi.flow.simplex import OPTIMAL

CASES = 40 if numba.config.DISABLE_JIT else 1000


def run(label: Ints, count: int, u: Units, grid: Grid) -> tuple[int, Floats, Floats, Floats, Floats]:
    p, shed = np.full(u.gen_bus.size, np.nan), np.full(u.shed_hi.shape, np.nan)
    f, flow = np.full(u.dc_from.size, np.nan), np.full(grid.line_from.size, np.nan)
    status = dispatch(label, count, u, grid, p, shed, f, flow)
    return status, p, shed, f, flow


def objective(u: Units, label: Ints, p: Floats, shed: Floats, f: Floats) -> float:
    del label
    return float(u.gen_cost @ p + (u.shed_w * shed).sum() + u.dc_cost @ np.abs(f))


def test_equals_highs_on_random_cases() -> None:
    binding = 0
    for seed in range(CASES):
        label, count, u, grid = random_case(seed)
        status, p, shed, f, flow = run(label, count, u, grid)
        assert status == OPTIMAL, seed
        wanted = dispatch_reference(label, count, u, grid)
        got = objective(u, label, p, shed, f)
        assert got == pytest.approx(wanted.objective, rel=1e-9, abs=1e-7), seed
        for mine, theirs in ((p, wanted.p), (shed, wanted.shed), (f, wanted.f), (flow, wanted.flow)):
            assert np.allclose(mine, theirs, rtol=1e-7, atol=1e-6), seed
        binding += int((np.minimum(grid.lim_fwd - flow, grid.lim_back + flow)[grid.line_in] < 1e-6).any())
    assert binding > CASES / 5
