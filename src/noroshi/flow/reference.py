"""The flow programs again, in plain Python with HiGHS or loops: what the kernels are tested against. Slow by design."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from noroshi.flow.kernel import Floats, Ints

if TYPE_CHECKING:
    from noroshi.flow.dispatch import Grid, Units

HIGHS = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}
"""The tightest that HiGHS takes."""


class Dispatched(NamedTuple):
    """An answer of `dispatch_reference`, in MW."""

    p: Floats
    shed: Floats
    f: Floats
    flow: Floats
    objective: float


def linear_program(
    cost: Floats, rows: Floats, rhs: Floats, low: Floats, high: Floats, *, upper: tuple[Floats, Floats] | None = None
) -> tuple[Floats, float]:
    """Minimise cost·x with rows x = rhs, low ≤ x ≤ high and upper[0] x ≤ upper[1], by HiGHS: (x, objective).

    RuntimeError with HiGHS's own words if it finds no optimum.
    """
    from scipy.optimize import linprog

    more = {} if upper is None else {"A_ub": upper[0], "b_ub": upper[1]}
    bounds = np.stack([low, high], axis=1)
    result = linprog(cost, A_eq=rows, b_eq=rhs, bounds=bounds, method="highs", options=HIGHS, **more)
    if result.status != 0:
        raise RuntimeError(f"HiGHS: {result.message}")
    return np.asarray(result.x, dtype=np.float64), float(result.fun)


def dispatch_reference(island: Ints, n_island: int, u: Units, grid: Grid) -> Dispatched:
    """Solve the program of `dispatch` in the angle formulation: one balance row per bus, angles as variables.

    Same inputs as `dispatch`; the factor in `grid` is not used. RuntimeError if HiGHS finds no optimum.
    """
    del n_island
    nb, tranches = u.shed_hi.shape
    n_gen, n_dc, n_line = u.gen_bus.size, u.dc_from.size, grid.line_from.size
    live = island >= 0
    at_shed, at_dc = n_gen, n_gen + nb * tranches
    at_angle = at_dc + 2 * n_dc
    width = at_angle + nb
    rows = np.zeros((nb, width))
    low, high = np.zeros(width), np.zeros(width)
    for g, bus in enumerate(u.gen_bus):
        rows[bus, g] = 1.0
        high[g] = u.gen_ub[g] if live[bus] else 0.0
    for bus in range(nb):
        for k in range(tranches):
            j = at_shed + bus * tranches + k
            rows[bus, j] = 1.0
            high[j] = u.shed_hi[bus, k]
            low[j] = u.shed_lo[bus, k] if live[bus] else high[j]
    for d in range(n_dc):
        a, b = u.dc_from[d], u.dc_to[d]
        for j, sign, most in ((at_dc + 2 * d, 1.0, u.dc_fwd[d]), (at_dc + 2 * d + 1, -1.0, u.dc_back[d])):
            rows[a, j] -= sign
            rows[b, j] += sign
            high[j] = most if live[a] and live[b] else 0.0
    low[at_angle:], high[at_angle:] = -np.inf, np.inf
    flow_of = np.zeros((n_line, width))
    for line in range(n_line):
        a, b = grid.line_from[line], grid.line_to[line]
        if grid.line_in[line] and live[a] and live[b]:
            flow_of[line, at_angle + a] += grid.line_b[line]
            flow_of[line, at_angle + b] -= grid.line_b[line]
            rows[a] -= flow_of[line]
            rows[b] += flow_of[line]
    seen: set[int] = set()
    for bus in range(nb):
        if island[bus] not in seen:
            low[at_angle + bus] = high[at_angle + bus] = 0.0
        if live[bus]:
            seen.add(int(island[bus]))
    cost = np.concatenate([u.gen_cost, u.shed_w.ravel(), np.repeat(u.dc_cost, 2), np.zeros(nb)])
    limited_fwd, limited_back = np.isfinite(grid.lim_fwd), np.isfinite(grid.lim_back)
    upper = (
        np.vstack([flow_of[limited_fwd], -flow_of[limited_back]]),
        np.concatenate([grid.lim_fwd[limited_fwd], grid.lim_back[limited_back]]),
    )
    x, objective = linear_program(cost, rows, u.shed_hi.sum(axis=1), low, high, upper=upper)
    both = x[at_dc:at_angle].reshape(n_dc, 2)
    return Dispatched(
        x[:n_gen], x[at_shed:at_dc].reshape(nb, tranches), both[:, 0] - both[:, 1], flow_of @ x, objective
    )
