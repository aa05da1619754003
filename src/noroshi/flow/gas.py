"""Hourly gas flow as an exact linear program: who is served, what sources send, what stores give and take.

minimise  Σ weight·unserved + Σ source_cost·q + Σ draw_cost·d - Σ fill_gain·f + Σ pipe_cost·|flow|
subject to, per node:  inflow - outflow + q + d - f + Σ unserved = demand;
0 ≤ q ≤ cap,  0 ≤ d ≤ draw_cap,  0 ≤ f ≤ fill_cap,  -back ≤ flow ≤ fwd,  u_lo ≤ unserved ≤ u_hi.

Pipes that can carry nothing split the network into parts, and each part is a program of its own: tableaux stay small.
Unserved may reach the whole demand, so a point always exists; it is what is written when the solver fails.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from noroshi.flow.dcflow import islands
from noroshi.flow.kernel import Bools, Floats, Ints, bare, inner, kernel
from noroshi.flow.simplex import solve
from noroshi.flow.tableau import INACCURATE, OPTIMAL, Program, begin, fitted, program

PIVOTS = 20000
"""Pivots allowed per part; typical is one or two per node."""
TIGHT, LOOSE = 1e-11, 1e-9
"""Tolerances of the simplex and of the final check, relative to the greatest demand of a node (at least 1)."""


class GasNet(NamedTuple):
    """A gas network in one hour. Flows in t/h, costs per t/h."""

    demand: Floats
    """(N,) demand, ≤ Σ u_hi."""
    u_lo: Floats
    """(N, 2) least unserved, normal then critical."""
    u_hi: Floats
    """(N, 2) greatest unserved."""
    u_weight: Floats
    """(N, 2)"""
    pipe_from: Ints
    """(P,)"""
    pipe_to: Ints
    """(P,)"""
    fwd: Floats
    """(P,) greatest flow from pipe_from to pipe_to."""
    back: Floats
    """(P,) the same the other way, ≥ 0; 0 for one-way pipes."""
    pipe_cost: Floats
    """(P,) per unit of |flow|, > 0."""
    source_node: Ints
    """(S,)"""
    source_cap: Floats
    """(S,) greatest send-out."""
    source_cost: Floats
    """(S,)"""
    store_node: Ints
    """(T,)"""
    draw_cap: Floats
    """(T,) greatest withdrawal: 0 when empty."""
    draw_cost: Floats
    """(T,) above fill_gain, or a store would fill itself from itself."""
    fill_cap: Floats
    """(T,) greatest filling: 0 when full."""
    fill_gain: Floats
    """(T,)"""


@bare
def _put(p: Program, code: Ints, at: int, what: int, group: int, cost: float, low: float, high: float) -> int:
    """Write one column if it can move; answers the next free place."""
    if not high > low:
        return at
    code[at] = what
    p.group[at] = group
    p.cost[at] = cost
    p.low[at] = low
    p.high[at] = high
    return at + 1


@bare
def _columns(net: GasNet, part: int, label: Ints, row: Ints, rows: int, p: Program, code: Ints) -> int:
    """List the columns of one part and write its pipes' groups; row numbers the part's nodes.

    Codes, in this order: unserved N·2, pipes P·2 (forward, backward), sources S, drawing T, filling T.
    """
    nodes = net.demand.size
    count = 0
    for n in range(nodes):
        if label[n] == part:
            for c in range(2):
                count = _put(p, code, count, 2 * n + c, row[n], net.u_weight[n, c], net.u_lo[n, c], net.u_hi[n, c])
    base = 2 * nodes
    group = rows
    for k in range(net.fwd.size):
        if label[net.pipe_from[k]] == part and max(net.fwd[k], net.back[k]) > 0.0:
            count = _put(p, code, count, base + 2 * k, group, net.pipe_cost[k], 0.0, net.fwd[k])
            count = _put(p, code, count, base + 2 * k + 1, group, -net.pipe_cost[k], -net.back[k], 0.0)
            for i in range(rows):
                p.coef[i, group] = 0.0
            p.coef[row[net.pipe_from[k]], group] -= 1.0
            p.coef[row[net.pipe_to[k]], group] += 1.0
            group += 1
    base += 2 * net.fwd.size
    for s in range(net.source_node.size):
        n = net.source_node[s]
        if label[n] == part:
            count = _put(p, code, count, base + s, row[n], net.source_cost[s], 0.0, net.source_cap[s])
    base += net.source_node.size
    stores = net.store_node.size
    for t in range(stores):
        n = net.store_node[t]
        if label[n] == part:
            count = _put(p, code, count, base + t, row[n], net.draw_cost[t], 0.0, net.draw_cap[t])
            # Filling is a negative withdrawal, which earns its gain.
            count = _put(p, code, count, base + stores + t, row[n], net.fill_gain[t], -net.fill_cap[t], 0.0)
    return count


@inner
def _solve_part(
    net: GasNet, part: int, label: Ints, row: Ints, rows: int, pipes: int, scale: float, out: Floats
) -> int:
    """Solve one part and write its columns' values into out by code; answers the status."""
    most = out.size
    room = program(most, rows + pipes, rows)
    code = np.empty(most, np.int64)
    code = code[: _columns(net, part, label, row, rows, room, code)]
    p = fitted(room, code.size)
    for i in range(rows):
        for k in range(rows):
            p.coef[i, k] = 0.0
    for n in range(net.demand.size):
        if label[n] == part:
            i = row[n]
            p.coef[i, i] = 1.0
            p.rhs[i] = net.demand[n]
            for c in range(2):
                if not net.u_hi[n, c] > net.u_lo[n, c]:
                    p.rhs[i] -= net.u_lo[n, c]
            p.low[code.size + i] = 0.0
            p.high[code.size + i] = 0.0
    begin(p, rows)
    status, _ = solve(p, rows, TIGHT * scale, PIVOTS)
    for j in range(code.size):
        out[code[j]] = min(max(p.value[j], p.low[j]), p.high[j])
    return status


@bare
def _check(net: GasNet, scale: float, u: Floats, q: Floats, d: Floats, f: Floats, flow: Floats, rest: Floats) -> int:
    """OPTIMAL if the written answer balances at every node to 4 LOOSE × scale, else INACCURATE; rest: (N,) room."""
    for n in range(rest.size):
        rest[n] = u[n, 0] + u[n, 1] - net.demand[n]
    for s in range(q.size):
        rest[net.source_node[s]] += q[s]
    for t in range(d.size):
        rest[net.store_node[t]] += d[t] - f[t]
    for k in range(flow.size):
        rest[net.pipe_from[k]] -= flow[k]
        rest[net.pipe_to[k]] += flow[k]
    fine = True
    for n in range(rest.size):
        fine = fine and abs(rest[n]) <= 4.0 * LOOSE * scale
    return OPTIMAL if fine else INACCURATE


@bare
def _give_up(net: GasNet, out_u: Floats, out_q: Floats, out_d: Floats, out_f: Floats, out_flow: Floats) -> None:
    """Write the point that always exists: everything unserved and nothing flowing."""
    for n in range(out_u.shape[0]):
        for c in range(2):
            out_u[n, c] = net.u_hi[n, c]
    for s in range(out_q.size):
        out_q[s] = 0.0
    for t in range(out_d.size):
        out_d[t] = 0.0
        out_f[t] = 0.0
    for k in range(out_flow.size):
        out_flow[k] = 0.0


@kernel
def gas_parts(
    net: GasNet, todo: Bools, out_u: Floats, out_q: Floats, out_d: Floats, out_f: Floats, out_flow: Floats
) -> int:
    """Solve the parts of the hour whose nodes are marked in todo (N,); the rest of the answer is there already.

    All nodes of a connected network are marked, or none. For the rest see `gas_flow`.
    """
    nodes = net.demand.size
    pipes = net.fwd.size
    stores = net.store_node.size
    sources = net.source_node.size
    at_flow = 2 * nodes
    at_q = at_flow + 2 * pipes
    at_d = at_q + sources
    x = np.zeros(at_d + 2 * stores)
    open_pipe = np.empty(pipes, np.bool_)
    for k in range(pipes):
        open_pipe[k] = max(net.fwd[k], net.back[k]) > 0.0
    scale = 1.0
    for n in range(nodes):
        scale = max(scale, net.demand[n])
        for c in range(2):
            x[2 * n + c] = net.u_lo[n, c]
    label = np.empty(nodes, np.int64)
    parts = islands(nodes, net.pipe_from, net.pipe_to, open_pipe, np.ones(nodes, np.bool_), label)
    row = np.empty(nodes, np.int64)
    size = np.zeros(parts, np.int64)
    size_pipes = np.zeros(parts, np.int64)
    wanted = np.zeros(parts, np.bool_)
    for n in range(nodes):
        row[n] = size[label[n]]
        size[label[n]] += 1
        wanted[label[n]] = todo[n]
    for k in range(pipes):
        if open_pipe[k]:
            size_pipes[label[net.pipe_from[k]]] += 1
    status = OPTIMAL
    for part in range(parts):
        if wanted[part]:
            status = max(status, _solve_part(net, part, label, row, size[part], size_pipes[part], scale, x))
    for n in range(nodes):
        if todo[n]:
            out_u[n, 0] = x[2 * n]
            out_u[n, 1] = x[2 * n + 1]
    for k in range(pipes):
        if todo[net.pipe_from[k]]:
            out_flow[k] = x[at_flow + 2 * k] + x[at_flow + 2 * k + 1]
    for s in range(sources):
        if todo[net.source_node[s]]:
            out_q[s] = x[at_q + s]
    for t in range(stores):
        if todo[net.store_node[t]]:
            out_d[t] = x[at_d + t]
            out_f[t] = max(-x[at_d + stores + t], 0.0)
    if status == OPTIMAL:
        status = _check(net, scale, out_u, out_q, out_d, out_f, out_flow, np.empty(nodes))
    if status != OPTIMAL:
        _give_up(net, out_u, out_q, out_d, out_f, out_flow)
    return status


def gas_flow(net: GasNet, out_u: Floats, out_q: Floats, out_d: Floats, out_f: Floats, out_flow: Floats) -> int:
    """Solve the hour exactly; see the head of this file for the program.

    Writes out_u (N, 2) unserved, out_q (S,) send-out, out_d (T,) withdrawal, out_f (T,) filling, out_flow (P,), in t/h.
    Answers tableau.OPTIMAL, or another status of `tableau` with everything unserved and nothing flowing.
    The optimum is unique when costs are distinct; callers spread equal ones by 1e-4 or more.
    """
    return gas_parts(net, np.ones(net.demand.size, np.bool_), out_u, out_q, out_d, out_f, out_flow)
