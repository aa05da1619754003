"""Dispatch and load shedding over all islands at once, as an exact linear program.

minimise  Σ cost·p + Σ weight·shed + Σ cost·|f|
subject to, per island:  Σ p + Σ shed - Σ dc out + Σ dc in = Σ demand,  with demand of a bus = Σ_k shed_hi[bus, k];
0 ≤ p ≤ gen_ub,  shed_lo ≤ shed ≤ shed_hi,  -dc_back ≤ f ≤ dc_fwd,  and -lim_back ≤ flow ≤ lim_fwd on every line.

The rows start as one balance per island; lines found violated by a DC flow are added as PTDF rows (Stott & Marinho,
"Linear programming for power-system network security applications", IEEE PAS-98, 1979) until none is.
With line limits ≥ 0 the point p = 0, shed = shed_hi, f = 0 always satisfies everything; it is what is written when the
solver fails, with a status that says so.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from noroshi.flow.dcflow import angles, flows, ptdf_row
from noroshi.flow.kernel import Bools, Floats, Ints, bare, bare_kernel, inner, kernel
from noroshi.flow.simplex import improve
from noroshi.flow.tableau import INACCURATE, OPTIMAL, Program, append_row, begin, fitted, program, rebuild, settle

ROWS_PER_ROUND = 4
"""Most violated lines added between two solves."""
FIRST_ROWS, PIVOTS = 16, 4000
"""Line rows for which there is room at first; pivots allowed per solve, of which 5 to 40 are typical."""
TIGHT, LOOSE, OVERLOAD = 1e-11, 1e-9, 1e-13
"""Of the simplex, the final check, and a line without a row (slow loops magnify it), times a bus's greatest demand."""


class Units(NamedTuple):
    """What feeds in, what can be shed and what joins islands. Power in MW, costs per MW."""

    gen_bus: Ints
    """(G,) bus of each generator."""
    gen_ub: Floats
    """(G,) greatest output."""
    gen_cost: Floats
    """(G,)"""
    shed_lo: Floats
    """(B, K) least unserved demand."""
    shed_hi: Floats
    """(B, K) demand, by tranche of priority."""
    shed_w: Floats
    """(B, K) weight of unserved demand."""
    dc_from: Ints
    """(D,)"""
    dc_to: Ints
    """(D,)"""
    dc_fwd: Floats
    """(D,) greatest flow from dc_from to dc_to."""
    dc_back: Floats
    """(D,) the same the other way, ≥ 0."""
    dc_cost: Floats
    """(D,) per MW of |flow|, > 0."""


class Grid(NamedTuple):
    """AC lines with the factor of their topology (see `dcflow.factor`)."""

    line_from: Ints
    """(L,)"""
    line_to: Ints
    """(L,)"""
    line_b: Floats
    """(L,) susceptance, any unit."""
    line_in: Bools
    """(L,) closed lines."""
    lim_fwd: Floats
    """(L,) limit from line_from to line_to, ≥ 0; inf = none."""
    lim_back: Floats
    """(L,) the same the other way, ≥ 0."""
    first: Ints
    """(B,) from `dcflow.envelope`."""
    start: Ints
    """(B + 1,) from `dcflow.envelope`."""
    factored: Floats
    """(start[B],) from `dcflow.factor`."""
    ground: Bools
    """(B,) from `dcflow.factor`."""


@bare
def _columns(island: Ints, u: Units, p: Program, column: Ints, fixed: Floats) -> int:
    """List the columns that can move; put into fixed (B,) what each bus takes in without them.

    Writes cost, bounds and group into p, and a code into column: g; G + flat index of shed; G + B·K + 2d (forward part
    of a link, ≥ 0) and the next (backward part, ≤ 0). Groups: one per bus, then one per link.
    """
    gens = u.gen_bus.size
    tranches = u.shed_hi.shape[1]
    links = gens + u.shed_hi.size
    count = 0
    for g in range(gens):
        if island[u.gen_bus[g]] >= 0 and u.gen_ub[g] > 0.0:
            column[count] = g
            p.cost[count] = u.gen_cost[g]
            p.low[count] = 0.0
            p.high[count] = u.gen_ub[g]
            p.group[count] = u.gen_bus[g]
            count += 1
    for bus in range(island.size):
        fixed[bus] = 0.0
        if island[bus] < 0:
            continue
        for k in range(tranches):
            fixed[bus] -= u.shed_hi[bus, k]
            if u.shed_hi[bus, k] > u.shed_lo[bus, k]:
                column[count] = gens + bus * tranches + k
                p.cost[count] = u.shed_w[bus, k]
                p.low[count] = u.shed_lo[bus, k]
                p.high[count] = u.shed_hi[bus, k]
                p.group[count] = bus
                count += 1
            else:
                fixed[bus] += u.shed_lo[bus, k]
    for d in range(u.dc_from.size):
        if island[u.dc_from[d]] < 0 or island[u.dc_to[d]] < 0:
            continue
        for part in range(2):
            if (u.dc_fwd[d] if part == 0 else u.dc_back[d]) > 0.0:
                column[count] = links + 2 * d + part
                p.cost[count] = u.dc_cost[d] if part == 0 else -u.dc_cost[d]
                p.low[count] = 0.0 if part == 0 else -u.dc_back[d]
                p.high[count] = u.dc_fwd[d] if part == 0 else 0.0
                p.group[count] = island.size + d
                count += 1
    return count


@bare
def _balances(p: Program, island: Ints, n_island: int, u: Units, fixed: Floats) -> None:
    """Write one balance row per island; its slack is 0."""
    columns = p.cost.size - p.rhs.size
    for i in range(n_island):
        for k in range(p.coef.shape[1]):
            p.coef[i, k] = 0.0
        p.rhs[i] = 0.0
        p.low[columns + i] = 0.0
        p.high[columns + i] = 0.0
    for bus in range(island.size):
        if island[bus] >= 0:
            p.coef[island[bus], bus] = 1.0
            p.rhs[island[bus]] -= fixed[bus]
    for d in range(u.dc_from.size):
        a = island[u.dc_from[d]]
        b = island[u.dc_to[d]]
        if a >= 0 and b >= 0:
            p.coef[a, island.size + d] -= 1.0
            p.coef[b, island.size + d] += 1.0


@inner
def _prepared(island: Ints, n_island: int, u: Units, column: Ints, fixed: Floats, capacity: int) -> Program:
    """The program with its balances at its starting basis, and room for `capacity` rows."""
    room = program(u.gen_bus.size + u.shed_hi.size + 2 * u.dc_from.size, island.size + u.dc_from.size, capacity)
    p = fitted(room, _columns(island, u, room, column, fixed))
    _balances(p, island, n_island, u, fixed)
    begin(p, n_island)
    return p


@bare
def _flow_now(
    p: Program, columns: int, fixed: Floats, island: Ints, u: Units, grid: Grid, angle: Floats, out_flow: Floats
) -> None:
    """DC flow of the program's current point; angle: (B,) room."""
    nb = island.size
    for bus in range(nb):
        angle[bus] = fixed[bus]
    for j in range(columns):
        g = p.group[j]
        if g < nb:
            angle[g] += p.value[j]
        else:
            angle[u.dc_from[g - nb]] -= p.value[j]
            angle[u.dc_to[g - nb]] += p.value[j]
    angles(grid.first, grid.start, grid.factored, grid.ground, angle)
    flows(island, grid.line_from, grid.line_to, grid.line_b, grid.line_in, angle, out_flow)


@bare
def _violated(flow: Floats, grid: Grid, has_row: Bools, tolerance: float, excess: Floats, out_line: Ints) -> int:
    """The worst lines over their limit that have no row yet, worst first; answers how many of them."""
    count = 0
    for line in range(flow.size):
        over = max(flow[line] - grid.lim_fwd[line], -flow[line] - grid.lim_back[line])
        if over > tolerance and not has_row[line]:
            if count < out_line.size:
                count += 1
            elif over <= excess[count - 1]:
                continue
            at = count - 1
            while at > 0 and excess[at - 1] < over:
                excess[at] = excess[at - 1]
                out_line[at] = out_line[at - 1]
                at -= 1
            excess[at] = over
            out_line[at] = line
    return count


@bare
def _add_line(p: Program, rows: int, line: int, fixed: Floats, island: Ints, u: Units, grid: Grid) -> None:
    """Append the PTDF row of one line."""
    nb = island.size
    row = p.coef[rows]
    ptdf_row(line, grid.line_from, grid.line_to, grid.line_b, grid.first, grid.start, grid.factored, grid.ground, row)
    base = 0.0
    for bus in range(nb):
        base += row[bus] * fixed[bus]
    for d in range(u.dc_from.size):
        row[nb + d] = row[u.dc_to[d]] - row[u.dc_from[d]]
    append_row(p, rows, -grid.lim_back[line] - base, grid.lim_fwd[line] - base)


@bare
def _write(p: Program, column: Ints, island: Ints, u: Units, out_p: Floats, out_shed: Floats, out_f: Floats) -> None:
    """Write the program's point, inside its bounds; what is dead is off and unserved."""
    gens = u.gen_bus.size
    links = gens + u.shed_hi.size
    tranches = u.shed_hi.shape[1]
    for g in range(gens):
        out_p[g] = 0.0
    for d in range(out_f.size):
        out_f[d] = 0.0
    for bus in range(island.size):
        for k in range(tranches):
            out_shed[bus, k] = u.shed_lo[bus, k] if island[bus] >= 0 else u.shed_hi[bus, k]
    for j in range(column.size):
        code = column[j]
        value = min(max(p.value[j], p.low[j]), p.high[j])
        if code < gens:
            out_p[code] = value
        elif code < links:
            out_shed[(code - gens) // tranches, (code - gens) % tranches] = value
        else:
            out_f[(code - links) >> 1] += value


@bare
def _give_up(u: Units, out_p: Floats, out_shed: Floats, out_f: Floats, out_flow: Floats) -> None:
    """Write the point that always exists: everything off and unserved."""
    for g in range(out_p.size):
        out_p[g] = 0.0
    for bus in range(out_shed.shape[0]):
        for k in range(out_shed.shape[1]):
            out_shed[bus, k] = u.shed_hi[bus, k]
    for d in range(out_f.size):
        out_f[d] = 0.0
    for line in range(out_flow.size):
        out_flow[line] = 0.0


@bare_kernel
def _checked(
    island: Ints,
    n_island: int,
    u: Units,
    grid: Grid,
    out_p: Floats,
    out_shed: Floats,
    out_f: Floats,
    out_flow: Floats,
    angle: Floats,
    balance: Floats,
) -> int:
    """As `check`, with room for angles (B,) and balances (n_island,)."""
    nb = island.size
    scale = 1.0
    fine = True
    for bus in range(nb):
        demand = 0.0
        angle[bus] = 0.0
        for k in range(u.shed_hi.shape[1]):
            demand += u.shed_hi[bus, k]
            angle[bus] += out_shed[bus, k] - u.shed_hi[bus, k]
            least = u.shed_lo[bus, k] if island[bus] >= 0 else u.shed_hi[bus, k]
            fine = fine and least <= out_shed[bus, k] <= u.shed_hi[bus, k]
        scale = max(scale, demand)
    for g in range(out_p.size):
        angle[u.gen_bus[g]] += out_p[g]
        fine = fine and 0.0 <= out_p[g] <= (max(u.gen_ub[g], 0.0) if island[u.gen_bus[g]] >= 0 else 0.0)
    for d in range(out_f.size):
        angle[u.dc_from[d]] -= out_f[d]
        angle[u.dc_to[d]] += out_f[d]
        joined = island[u.dc_from[d]] >= 0 and island[u.dc_to[d]] >= 0
        fine = fine and -u.dc_back[d] <= out_f[d] <= u.dc_fwd[d] and (joined or out_f[d] == 0.0)
    for i in range(n_island):
        balance[i] = 0.0
    for bus in range(nb):
        if island[bus] >= 0:
            balance[island[bus]] += angle[bus]
    for i in range(n_island):
        fine = fine and abs(balance[i]) <= 4.0 * LOOSE * scale
    angles(grid.first, grid.start, grid.factored, grid.ground, angle)
    flows(island, grid.line_from, grid.line_to, grid.line_b, grid.line_in, angle, out_flow)
    for line in range(out_flow.size):
        within = -grid.lim_back[line] - LOOSE * scale <= out_flow[line] <= grid.lim_fwd[line] + LOOSE * scale
        fine = fine and within
    return OPTIMAL if fine else INACCURATE


@kernel
def dispatch_counted(
    island: Ints,
    n_island: int,
    u: Units,
    grid: Grid,
    out_p: Floats,
    out_shed: Floats,
    out_f: Floats,
    out_flow: Floats,
) -> tuple[int, int, int]:
    """As `dispatch`, answering (status, pivots, line rows)."""
    nb = island.size
    column = np.empty(u.gen_bus.size + u.shed_hi.size + 2 * u.dc_from.size, np.int64)
    fixed = np.empty(nb)
    p = _prepared(island, n_island, u, column, fixed, n_island + FIRST_ROWS)
    column = column[: p.cost.size - p.rhs.size]
    scale = 1.0
    for bus in range(nb):
        scale = max(scale, -fixed[bus])
    rows = n_island
    has_row = np.zeros(grid.line_from.size, np.bool_)
    row_line = np.empty(grid.line_from.size, np.int64)
    worst = np.empty(ROWS_PER_ROUND, np.int64)
    excess = np.empty(ROWS_PER_ROUND)
    angle = np.empty(nb)
    pivots = 0
    repairs = 0
    status = OPTIMAL
    while status == OPTIMAL:
        status, more = improve(p, rows, TIGHT * scale, PIVOTS)
        pivots += more
        if status != OPTIMAL:
            break
        _flow_now(p, column.size, fixed, island, u, grid, angle, out_flow)
        new = _violated(out_flow, grid, has_row, OVERLOAD * scale, excess, worst)
        if new == 0:
            if settle(p, rows, TIGHT * scale) == OPTIMAL:
                break
            repairs += 1
            status = rebuild(p, rows) if repairs < 3 else INACCURATE
        for k in range(new):
            row_line[rows - n_island + k] = worst[k]
            has_row[worst[k]] = True
        first = rows
        rows += new
        if rows > p.rhs.size:  # start again with more room: rare, and cheaper than to keep a way to grow
            p = _prepared(island, n_island, u, column, fixed, 2 * rows)
            first = n_island
        for row in range(first, rows):
            _add_line(p, row, row_line[row - n_island], fixed, island, u, grid)
    if status == OPTIMAL:
        _write(p, column, island, u, out_p, out_shed, out_f)
        balance = np.empty(n_island)
        status = _checked(island, n_island, u, grid, out_p, out_shed, out_f, out_flow, angle, balance)
    if status != OPTIMAL:
        _give_up(u, out_p, out_shed, out_f, out_flow)
    return status, pivots, rows - n_island


def check(
    island: Ints,
    n_island: int,
    u: Units,
    grid: Grid,
    out_p: Floats,
    out_shed: Floats,
    out_f: Floats,
    out_flow: Floats,
) -> int:
    """Recompute balances and flows from the answer alone, write out_flow; OPTIMAL if all limits hold, else INACCURATE.

    Tolerance: LOOSE × the greatest demand of a bus (at least 1), four times that for balances.
    """
    room = np.empty(island.size), np.empty(n_island)
    return _checked(island, n_island, u, grid, out_p, out_shed, out_f, out_flow, *room)


def dispatch(
    island: Ints,
    n_island: int,
    u: Units,
    grid: Grid,
    out_p: Floats,
    out_shed: Floats,
    out_f: Floats,
    out_flow: Floats,
) -> int:
    """Solve dispatch and shedding exactly; see the head of this file for the program.

    island: (B,) label of each bus from `dcflow.islands`, -1 = dead (its demand is unserved, its generators and links
    are off); n_island: how many labels. Writes out_p (G,), out_shed (B, K), out_f (D,) and out_flow (L,), in MW.
    Answers tableau.OPTIMAL, or another status of `tableau` with the all-shed point written.
    The optimum is unique when costs are distinct; callers spread equal ones by 1e-4 or more.
    """
    return dispatch_counted(island, n_island, u, grid, out_p, out_shed, out_f, out_flow)[0]
