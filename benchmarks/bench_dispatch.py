"""Claim: the compiled dispatch answers in about 0.1 ms at the scale of `japan`, many times quicker than HiGHS.

Both sides get the same 200 random states of one 56-bus, 110-line, 118-generator, 14-link grid with 5 tranches of
demand per bus; a tenth of the generators, 3 % of the lines and 2 % of the buses are out in each. The kernel's time is
per solve inside a compiled loop of 20, as the stress engine calls it, and includes islands, the factor of the topology,
the program and its final check. HiGHS gets the same program in the angle formulation as one sparse model; only its
`run` is timed, cold, on one thread (highspy). Objectives are compared. Run: python benchmarks/bench_dispatch.py
"""

from __future__ import annotations

import time

import highspy
import numpy as np
from scipy.sparse import csc_array

from noroshi.flow.dcflow import envelope, factor, islands
from noroshi.flow.dispatch import Grid, Units, dispatch_counted
from noroshi.flow.kernel import Bools, Floats, Ints, kernel
from noroshi.flow.reference import HIGHS, angle_program

BUSES, LINES, GENS, LINKS, STATES, REPEATS = 56, 110, 118, 14, 200, 20


@kernel
def solve_state(  # noqa: PLR0913 - a kernel takes arrays, not objects
    u: Units, grid: Grid, alive: Bools, label: Ints, p: Floats, shed: Floats, f: Floats, flow: Floats
) -> tuple[int, int, int]:
    """What the engine does at a change of state, REPEATS times over: (status, pivots, line rows)."""
    work = (0, 0, 0)
    for _ in range(REPEATS):
        count = islands(label.size, grid.line_from, grid.line_to, grid.line_in, alive, label)
        factor(
            label, grid.line_from, grid.line_to, grid.line_b, grid.line_in, grid.first, grid.start, grid.factored,
            grid.ground,
        )  # fmt: skip
        work = dispatch_counted(label, count, u, grid, p, shed, f, flow)
    return work


def grid_of(rng: np.random.Generator) -> tuple[Units, Grid]:
    """A long grid in six areas that only links join, with limits that bind in a few places."""
    area = np.sort(rng.integers(0, 6, BUSES))
    pairs = [(b - 1, b) for b in range(1, BUSES) if area[b] == area[b - 1]]
    while len(pairs) < LINES:
        a = int(rng.integers(0, BUSES))
        b = a + int(rng.integers(2, 6))
        if b < BUSES and area[a] == area[b]:
            pairs.append((a, b))
    line_from, line_to = np.array(pairs).T
    demand = rng.uniform(200.0, 4000.0, BUSES)
    dc_from = rng.integers(0, BUSES, LINKS)
    units = Units(
        rng.integers(0, BUSES, GENS),
        rng.uniform(100.0, 2.5 * demand.sum() / GENS, GENS),
        rng.uniform(0.05, 0.95, GENS),
        np.zeros((BUSES, 5)),
        np.outer(demand, [0.225, 0.225, 0.225, 0.225, 0.1]),
        np.array([100.0, 110.0, 120.0, 130.0, 1000.0]) * (1.0 + 0.01 * rng.random((BUSES, 5))),
        dc_from,
        (dc_from + rng.integers(1, BUSES, LINKS)) % BUSES,
        rng.uniform(300.0, 1500.0, LINKS),
        rng.uniform(300.0, 1500.0, LINKS),
        rng.uniform(0.001, 0.01, LINKS),
    )
    limit = rng.uniform(1500.0, 8000.0, LINES)
    first, start = envelope(BUSES, line_from, line_to)
    room = np.empty(start[-1])
    return units, Grid(
        line_from, line_to, rng.uniform(5.0, 60.0, LINES), np.ones(LINES, np.bool_), limit, limit.copy(),
        first, start, room, np.empty(BUSES, np.bool_),
    )  # fmt: skip


def highs_of(island: Ints, u: Units, grid: Grid) -> highspy.Highs:
    """The same program as a HiGHS model, with the tolerances of the reference."""
    at = angle_program(island, u, grid)
    matrix = csc_array(np.vstack([at.rows, at.upper[0]]))
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = at.cost.size, matrix.shape[0]
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = at.cost, at.low, at.high
    lp.row_lower_ = np.concatenate([at.rhs, np.full(at.upper[1].size, -np.inf)])
    lp.row_upper_ = np.concatenate([at.rhs, at.upper[1]])
    lp.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)  # noqa: FBT003 - HiGHS's own signature
    for name, value in HIGHS.items():
        solver.setOptionValue(name, value)
    solver.passModel(lp)
    return solver


def main() -> None:
    """Print times per solve (median, 5th to 95th percentile), their ratio, the work done and the largest difference."""
    rng = np.random.default_rng(7)
    base, grid = grid_of(rng)
    p, shed, f, flow = np.empty(GENS), np.empty((BUSES, 5)), np.empty(LINKS), np.empty(LINES)
    label, alive = np.empty(BUSES, np.int64), np.ones(BUSES, np.bool_)
    ours, theirs, work, worst = [], [], [], 0.0
    for state in range(STATES + 1):
        u = base._replace(
            gen_ub=base.gen_ub * (rng.random(GENS) > 0.1), shed_hi=base.shed_hi * rng.uniform(0.5, 1.0, (BUSES, 1))
        )
        alive[:] = rng.random(BUSES) > 0.02
        grid.line_in[:] = rng.random(LINES) > 0.03
        at = time.perf_counter()
        status, pivots, rows = solve_state(u, grid, alive, label, p, shed, f, flow)
        spent = (time.perf_counter() - at) / REPEATS
        if state == 0:
            continue  # compiles or loads
        ours.append(spent)
        solver = highs_of(label, u, grid)
        at = time.perf_counter()
        solver.run()
        theirs.append(time.perf_counter() - at)
        best = solver.getInfo().objective_function_value
        objective = u.gen_cost @ p + (u.shed_w * shed).sum() + u.dc_cost @ np.abs(f)
        worst = max(worst, abs(objective - best) / max(1.0, best))
        work.append((status, pivots, rows))
    for name, times in (("compiled", ours), ("HiGHS", theirs)):
        low, middle, high = np.percentile(np.array(times) * 1e6, [5, 50, 95])
        print(f"{name:10} {middle:9.1f} us a solve ({low:.1f} to {high:.1f})")
    print(f"ratio of medians {np.median(theirs) / np.median(ours):.0f}; largest difference in objective {worst:.1e}")
    status, pivots, rows = np.array(work).T
    print(f"failures {np.count_nonzero(status)}; pivots median {np.median(pivots):.0f}, greatest {pivots.max()}; "
          f"line rows median {np.median(rows):.0f}, greatest {rows.max()}")  # fmt: skip


if __name__ == "__main__":
    main()
