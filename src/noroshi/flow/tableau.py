"""A linear program with boxed variables and its simplex tableau: begin, append a row, correct, rebuild.

Columns that share their coefficients (generators and shed tranches on one bus) share one group, and the tableau holds
one column per group: 412 columns at the scale of Japan are 70 groups. The pivots are in `simplex`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from noroshi.flow.kernel import Floats, Ints, bare, bare_kernel, inner, kernel

OPTIMAL, LIMIT, INFEASIBLE, INACCURATE = 0, 1, 2, 3
"""Status codes: solved; too many pivots; no point satisfies the rows; the answer failed its own check."""

LOWER, UPPER, BASIC = 0, 1, 2
"""Where a column stands."""
PIVOT_ZERO = 1e-9
"""Coefficients of the tableau up to this are taken for 0."""


class Program(NamedTuple):
    """A program and its tableau. R rows at most, C columns then R slacks, G groups then R slack groups."""

    coef: Floats
    """(R, G) coefficients as given."""
    rhs: Floats
    """(R,) right-hand sides."""
    cost: Floats
    """(C + R,) cost per unit; slacks cost nothing."""
    low: Floats
    """(C + R,) least value; finite for the first C."""
    high: Floats
    """(C + R,) greatest value; finite for the first C."""
    group: Ints
    """(C + R,) the group of each column; slack i is alone in group G + i."""
    value: Floats
    """(C + R,) the current point."""
    side: Ints
    """(C + R,) LOWER, UPPER or BASIC."""
    basis: Ints
    """(R,) the column that is basic in each row."""
    table: Floats
    """(R, G + R) inverse of the basis times (coef, identity)."""
    price: Floats
    """(G + R,) a column's reduced cost is cost - price[group]."""
    member: Ints
    """(C,) the first C columns, sorted by group."""
    member_at: Ints
    """(G + 1,) where each group begins in member."""
    ratio: Floats
    """(C + R,) room for ratio tests: kernels that run often allocate nothing."""
    picked: Ints
    """(C + R,) room for lists of columns."""
    shift: Floats
    """(G + R,) room for sums by group."""
    rest: Floats
    """(R,) room for residuals."""


@kernel
def program(columns: int, groups: int, rows: int) -> Program:
    """Room for a program; nothing in it is set. The caller fills cost, low, high, group, coef, rhs, slack bounds."""
    total = columns + rows
    return Program(
        np.empty((rows, groups)),
        np.empty(rows),
        np.empty(total),
        np.empty(total),
        np.empty(total),
        np.empty(total, np.int64),
        np.empty(total),
        np.empty(total, np.int64),
        np.empty(rows, np.int64),
        np.empty((rows, groups + rows)),
        np.empty(groups + rows),
        np.empty(columns, np.int64),
        np.empty(groups + 1, np.int64),
        np.empty(total),
        np.empty(total, np.int64),
        np.empty(groups + rows),
        np.empty(rows),
    )


@inner
def fitted(p: Program, columns: int) -> Program:
    """The same arrays for fewer columns: what is filled in for the first `columns` stays, slacks move up behind."""
    total = columns + p.rhs.size
    return Program(
        p.coef,
        p.rhs,
        p.cost[:total],
        p.low[:total],
        p.high[:total],
        p.group[:total],
        p.value[:total],
        p.side[:total],
        p.basis,
        p.table,
        p.price,
        p.member[:columns],
        p.member_at,
        p.ratio[:total],
        p.picked[:total],
        p.shift,
        p.rest,
    )


@bare
def _residual(p: Program, rows: int) -> float:
    """Write rhs - coef x - slack of the first rows into p.rest; answer the greatest absolute value (NaN if any is)."""
    columns = p.cost.size - p.rhs.size
    groups = p.coef.shape[1]
    for k in range(groups):
        p.shift[k] = 0.0
    for j in range(columns):
        p.shift[p.group[j]] += p.value[j]
    worst = 0.0
    for i in range(rows):
        rest = p.rhs[i] - p.value[columns + i]
        for k in range(groups):
            rest -= p.coef[i, k] * p.shift[k]
        p.rest[i] = rest
        if not abs(rest) <= worst:
            worst = abs(rest)
    return worst


@bare
def _sort_members(p: Program) -> None:
    """List the columns of each group, in order."""
    for g in range(p.member_at.size):
        p.member_at[g] = 0
    for j in range(p.member.size):
        p.member_at[p.group[j]] += 1
    at = 0
    for g in range(p.member_at.size):
        at += p.member_at[g]
        p.member_at[g] = at
    for j in range(p.member.size - 1, -1, -1):
        p.member_at[p.group[j]] -= 1
        p.member[p.member_at[p.group[j]]] = j


@bare_kernel
def begin(p: Program, rows: int) -> None:
    """Start from the slack basis: each column at the bound that its cost wants, the slacks taking up the rest."""
    _sort_members(p)
    columns = p.cost.size - p.rhs.size
    groups = p.coef.shape[1]
    for j in range(columns):
        p.side[j] = UPPER if p.cost[j] < 0.0 else LOWER
        p.value[j] = p.high[j] if p.cost[j] < 0.0 else p.low[j]
    for k in range(groups + rows):
        p.price[k] = 0.0
    for i in range(rows):
        slack = columns + i
        p.cost[slack] = 0.0
        p.group[slack] = groups + i
        p.side[slack] = BASIC
        p.value[slack] = 0.0
        p.basis[i] = slack
        for k in range(groups):
            p.table[i, k] = p.coef[i, k]
        for k in range(groups, groups + rows):
            p.table[i, k] = 0.0
        p.table[i, groups + i] = 1.0
    _residual(p, rows)
    for i in range(rows):
        p.value[columns + i] = p.rest[i]


@bare_kernel
def append_row(p: Program, rows: int, low: float, high: float) -> None:
    """Add row number `rows`, low ≤ coef[rows]·x ≤ high, its slack basic; coef[rows] is already filled in."""
    columns = p.cost.size - p.rhs.size
    groups = p.coef.shape[1]
    slack = columns + rows
    p.rhs[rows] = 0.0
    p.cost[slack] = 0.0
    p.low[slack] = -high
    p.high[slack] = -low
    p.group[slack] = groups + rows
    p.side[slack] = BASIC
    p.basis[rows] = slack
    activity = 0.0
    for j in range(columns):
        activity += p.coef[rows, p.group[j]] * p.value[j]
    p.value[slack] = -activity
    p.price[groups + rows] = 0.0
    new = p.table[rows]
    for k in range(groups):
        new[k] = p.coef[rows, k]
    for k in range(groups, groups + rows):
        new[k] = 0.0
    for i in range(rows):
        p.table[i, groups + rows] = 0.0
        basic = p.basis[i]
        if basic < columns:
            factor = p.coef[rows, p.group[basic]]
            if factor != 0.0:
                old = p.table[i]
                for k in range(groups + rows):
                    new[k] -= factor * old[k]
    new[groups + rows] = 1.0


@bare
def eliminate(table: Floats, rows: int, width: int, row: int, column: int) -> None:
    """Clear the column outside the row, whose entry there is 1."""
    line = table[row]
    for i in range(rows):
        factor = table[i, column]
        if i != row and factor != 0.0:
            other = table[i]
            for k in range(width):
                other[k] -= factor * line[k]
            other[column] = 0.0


@bare_kernel
def settle(p: Program, rows: int, tolerance: float) -> int:
    """Correct the basics against the rows as given, recompute the prices, and check the answer. OPTIMAL or INACCURATE.

    The checks: rows and bounds to 4 tolerances, signs of the reduced costs to 1e-9 of the greatest cost.
    """
    columns = p.cost.size - p.rhs.size
    groups = p.coef.shape[1]
    _residual(p, rows)
    for i in range(rows):
        change = 0.0
        for k in range(rows):
            change += p.table[i, groups + k] * p.rest[k]
        p.value[p.basis[i]] += change
    fine = _residual(p, rows) <= 4.0 * tolerance
    for k in range(groups + rows):
        p.price[k] = 0.0
    for i in range(rows):
        price = p.cost[p.basis[i]]
        if price != 0.0:
            for k in range(groups + rows):
                p.price[k] += price * p.table[i, k]
    greatest = 1.0
    for j in range(columns):
        greatest = max(greatest, abs(p.cost[j]))
    for j in range(columns + rows):
        inside = p.low[j] - 4.0 * tolerance <= p.value[j] <= p.high[j] + 4.0 * tolerance
        wanted = True
        if p.high[j] > p.low[j]:
            reduced = p.cost[j] - p.price[p.group[j]]
            slip = 1e-9 * greatest
            wanted = (p.side[j] == UPPER or reduced >= -slip) and (p.side[j] == LOWER or reduced <= slip)
        fine = fine and inside and wanted
    return OPTIMAL if fine else INACCURATE


@bare_kernel
def rebuild(p: Program, rows: int) -> int:
    """Make the tableau anew from the rows as given and the present basis. OPTIMAL, or INACCURATE if it is singular."""
    columns = p.cost.size - p.rhs.size
    groups = p.coef.shape[1]
    width = groups + rows
    for i in range(rows):
        for k in range(groups):
            p.table[i, k] = p.coef[i, k]
        for k in range(groups, width):
            p.table[i, k] = 0.0
        p.table[i, groups + i] = 1.0
        p.picked[i] = p.basis[i]
        p.basis[i] = -1
    for at in range(rows):
        j = p.picked[at]
        g = p.group[j]
        best = -1
        size = PIVOT_ZERO
        for i in range(rows):
            if p.basis[i] < 0 and abs(p.table[i, g]) > size:
                size = abs(p.table[i, g])
                best = i
        if best < 0:
            for i in range(rows):
                p.basis[i] = p.picked[i]
            return INACCURATE
        line = p.table[best]
        inverse = 1.0 / line[g]
        for k in range(width):
            line[k] *= inverse
        line[g] = 1.0
        eliminate(p.table, rows, width, best, g)
        p.basis[best] = j
    settle(p, rows, 0.0)
    # The corrected prices may want another bound: move there, so that the dual simplex can go on.
    for j in range(columns + rows):
        if p.side[j] != BASIC and p.high[j] - p.low[j] < np.inf:
            wants = UPPER if p.cost[j] < p.price[p.group[j]] else LOWER
            p.side[j] = wants
            p.value[j] = p.high[j] if wants == UPPER else p.low[j]
    settle(p, rows, 0.0)
    return OPTIMAL


def boxed_program(cost: Floats, coef: Floats, rhs: Floats, low: Floats, high: Floats, rows: int) -> Program:
    """A program over plain columns, each its own group, at its starting basis, with room for `rows` rows in all.

    cost, low, high: (C,); coef: (R, C); rhs: (R,). The rows are equations: their slacks are fixed at 0.
    """
    columns = cost.size
    m = rhs.size
    p = program(columns, columns, rows)
    p.cost[:columns] = cost
    p.low[:columns] = low
    p.high[:columns] = high
    p.group[:columns] = np.arange(columns)
    p.coef[:m] = coef
    p.rhs[:m] = rhs
    p.low[columns : columns + m] = 0.0
    p.high[columns : columns + m] = 0.0
    begin(p, m)
    return p
