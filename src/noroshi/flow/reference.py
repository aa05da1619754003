"""The flow programs again, in plain Python with HiGHS or loops: what the kernels are tested against. Slow by design."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from noroshi.flow.kernel import Floats, Ints

if TYPE_CHECKING:
    from noroshi.flow.dispatch import Grid, Units
    from noroshi.flow.gas import GasNet
    from noroshi.flow.transport import Routes

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
    from scipy.sparse import csr_array

    more = {} if upper is None else {"A_ub": csr_array(upper[0]), "b_ub": upper[1]}
    bounds = np.stack([low, high], axis=1)
    result = linprog(cost, A_eq=csr_array(rows), b_eq=rhs, bounds=bounds, method="highs", options=HIGHS, **more)
    if result.status != 0:
        raise RuntimeError(f"HiGHS: {result.message}")
    return np.asarray(result.x, dtype=np.float64), float(result.fun)


class AngleProgram(NamedTuple):
    """Dispatch with angles as variables: generators, shed, links forward and back in turn, angles."""

    cost: Floats
    rows: Floats
    """One balance per bus."""
    rhs: Floats
    low: Floats
    high: Floats
    upper: tuple[Floats, Floats]
    """Limited flows, forward then backward, and their limits."""
    flow: Floats
    """Flow of each line as a row over the variables."""


def angle_program(island: Ints, u: Units, grid: Grid) -> AngleProgram:
    """Write the program of `dispatch` in the angle formulation; the factor in `grid` is not used."""
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
    return AngleProgram(cost, rows, u.shed_hi.sum(axis=1), low, high, upper, flow_of)


def dispatch_reference(island: Ints, n_island: int, u: Units, grid: Grid) -> Dispatched:
    """Solve the program of `dispatch` in the angle formulation, with the same inputs.

    RuntimeError if HiGHS finds no optimum.
    """
    del n_island
    nb, tranches = u.shed_hi.shape
    at = angle_program(island, u, grid)
    x, objective = linear_program(at.cost, at.rows, at.rhs, at.low, at.high, upper=at.upper)
    p, shed, both, _ = np.split(x, np.cumsum([u.gen_bus.size, nb * tranches, 2 * u.dc_from.size]))
    return Dispatched(p, shed.reshape(nb, tranches), both[::2] - both[1::2], at.flow @ x, objective)


class GasFlowed(NamedTuple):
    """An answer of `gas_reference`, in t/h."""

    u: Floats
    q: Floats
    d: Floats
    f: Floats
    flow: Floats
    objective: float


def gas_reference(net: GasNet) -> GasFlowed:
    """Solve the program of `gas_flow` in one piece with HiGHS. RuntimeError if HiGHS finds no optimum."""
    nodes, pipes, sources, stores = net.demand.size, net.fwd.size, net.source_node.size, net.store_node.size
    ends = np.cumsum([2 * nodes, pipes, pipes, sources, stores, stores])
    at_fwd, at_back, at_q, at_d, at_f, width = (int(end) for end in ends)
    rows = np.zeros((nodes, width))
    for n in range(nodes):
        rows[n, 2 * n : 2 * n + 2] = 1.0
    for k in range(pipes):
        for j, sign in ((at_fwd + k, 1.0), (at_back + k, -1.0)):
            rows[net.pipe_from[k], j] -= sign
            rows[net.pipe_to[k], j] += sign
    for s in range(sources):
        rows[net.source_node[s], at_q + s] = 1.0
    for t in range(stores):
        rows[net.store_node[t], at_d + t] = 1.0
        rows[net.store_node[t], at_f + t] = -1.0
    cost = np.concatenate(
        [net.u_weight.ravel(), net.pipe_cost, net.pipe_cost, net.source_cost, net.draw_cost, -net.fill_gain]
    )
    high = np.concatenate([net.u_hi.ravel(), net.fwd, net.back, net.source_cap, net.draw_cap, net.fill_cap])
    low = np.zeros(width)
    low[: 2 * nodes] = net.u_lo.ravel()
    x, objective = linear_program(cost, rows, net.demand, low, high)
    flow = x[at_fwd:at_back] - x[at_back:at_q]
    return GasFlowed(x[:at_fwd].reshape(nodes, 2), x[at_q:at_d], x[at_d:at_f], x[at_f:], flow, objective)


def allocate_reference(cap: Floats, route: Routes, demand: Floats, order: Ints) -> tuple[Floats, Floats]:
    """Do what `transport.allocate` does, in plain Python: (share per trip, load per link)."""
    load = dict.fromkeys(range(cap.size), 0.0)
    share = np.zeros(demand.size)
    for trip in order.tolist():
        ways = [
            route.primary_link[route.primary_at[trip] : route.primary_at[trip + 1]].tolist(),
            route.alternative_link[route.alternative_at[trip] : route.alternative_at[trip + 1]].tolist(),
        ]
        ways = [way for way in ways if way]
        if route.here[trip]:
            share[trip] = 1.0
        elif demand[trip] <= 0.0:
            share[trip] = float(any(all(cap[link] > 0.0 for link in way) for way in ways))
        else:
            rest = float(demand[trip])
            for way in ways:
                put = max(0.0, min([rest, *(cap[link] - load[link] for link in way)]))
                for link in way:
                    load[link] += put
                rest -= put
            share[trip] = (demand[trip] - rest) / demand[trip]
    return share, np.array([load[link] for link in range(cap.size)])
