"""A dual simplex for linear programs whose variables are all boxed, as compiled kernels.

minimise cost·x, coef x + slack = rhs, low ≤ x ≤ high. Because every column is boxed, any basis becomes dual feasible
once each nonbasic column stands at the bound that its reduced cost wants; so no first phase is needed, and rows can be
appended to an optimal tableau and the work goes on. Ratio test with bound flipping (Maros, "A generalized dual phase-2
simplex algorithm", EJOR 149, 2003): one pivot walks a whole merit order.
"""

from __future__ import annotations

from noroshi.flow.kernel import Floats, Ints, bare, bare_kernel
from noroshi.flow.tableau import (
    BASIC,
    INFEASIBLE,
    LIMIT,
    LOWER,
    OPTIMAL,
    PIVOT_ZERO,
    UPPER,
    Program,
    eliminate,
    rebuild,
    settle,
)

PIVOT_SAFE = 1e-7
"""A pivot below this is stepped around where another will do."""


@bare
def _leaving(p: Program, rows: int, tolerance: float, careful: bool) -> int:  # noqa: FBT001 - kernels take no keywords
    """The basic row farthest outside its bounds (careful: that of the lowest column), or -1."""
    best = -1
    worst = tolerance
    lowest = p.cost.size
    for i in range(rows):
        j = p.basis[i]
        gap = max(p.low[j] - p.value[j], p.value[j] - p.high[j])
        if careful:
            if gap > tolerance and j < lowest:
                lowest = j
                best = i
        elif gap > worst:
            worst = gap
            best = i
    return best


@bare
def _sift(ratio: Floats, column: Ints, root: int, size: int) -> None:
    """Let the entry at root sink to its place in a heap with the least (ratio, column) on top."""
    r = ratio[root]
    c = column[root]
    while True:
        child = 2 * root + 1
        if child >= size:
            break
        other = child + 1
        if other < size and (
            ratio[other] < ratio[child] or (ratio[other] == ratio[child] and column[other] < column[child])
        ):
            child = other
        if r < ratio[child] or (r == ratio[child] and c < column[child]):
            break
        ratio[root] = ratio[child]
        column[root] = column[child]
        root = child
    ratio[root] = r
    column[root] = c


@bare
def _candidates(p: Program, rows: int, row: int, rising: bool) -> int:  # noqa: FBT001
    """Collect the columns that can move the row's basic the wanted way, with their dual ratios; answer how many."""
    columns = p.cost.size - p.rhs.size
    groups = p.coef.shape[1]
    alpha = p.table[row]
    ratio = p.ratio
    column = p.picked
    count = 0
    for g in range(groups + rows):
        a = alpha[g] if rising else -alpha[g]
        if abs(a) <= PIVOT_ZERO:
            continue
        price = p.price[g]
        at = p.member_at[g] if g < groups else 0
        end = p.member_at[g + 1] if g < groups else 1
        wanted = LOWER if a < 0.0 else UPPER
        for m in range(at, end):
            j = p.member[m] if g < groups else columns + g - groups
            if p.side[j] == wanted and p.high[j] > p.low[j]:
                ratio[count] = max((p.cost[j] - price) / -a, 0.0)
                column[count] = j
                count += 1
    return count


@bare
def _entering(
    p: Program,
    rows: int,
    row: int,
    tolerance: float,
    careful: bool,  # noqa: FBT001 - kernels take no keywords
) -> int:
    """Choose the column that enters for the row, flip those that the dual step passes; -1: the row cannot be met."""
    ratio = p.ratio
    column = p.picked
    leaving = p.basis[row]
    rising = p.value[leaving] < p.low[leaving]
    gap = p.low[leaving] - p.value[leaving] if rising else p.value[leaving] - p.high[leaving]
    size = _candidates(p, rows, row, rising)
    for root in range(size // 2 - 1, -1, -1):
        _sift(ratio, column, root, size)
    alpha = p.table[row]
    total = size
    chosen = -1
    safe = -1
    while size > 0:
        size -= 1
        j = column[0]
        column[0] = column[size]
        ratio[0] = ratio[size]
        _sift(ratio, column, 0, size)
        column[size] = j
        a = abs(alpha[p.group[j]])
        if a >= PIVOT_SAFE:
            safe = size
        gap -= a * (p.high[j] - p.low[j])
        if gap <= tolerance or (careful and a >= PIVOT_SAFE):
            chosen = size
            break
    if chosen < 0:
        return -1
    # A shorter dual step is as valid as the longest one: step back to the last pivot that is safe to divide by.
    if safe > chosen and abs(alpha[p.group[column[chosen]]]) < PIVOT_SAFE:
        chosen = safe
    if chosen + 1 < total:
        _flip(p, rows, chosen + 1, total)
    return int(column[chosen])


@bare
def _flip(p: Program, rows: int, first: int, last: int) -> None:
    """Move the nonbasic columns picked[first : last] to their other bound and the basics with them."""
    groups = p.coef.shape[1]
    shift = p.shift
    for k in range(groups + rows):
        shift[k] = 0.0
    for at in range(first, last):
        j = p.picked[at]
        up = p.side[j] == LOWER
        span = p.high[j] - p.low[j]
        shift[p.group[j]] += span if up else -span
        p.side[j] = UPPER if up else LOWER
        p.value[j] = p.high[j] if up else p.low[j]
    for k in range(groups + rows):
        if shift[k] != 0.0:
            for i in range(rows):
                p.value[p.basis[i]] -= p.table[i, k] * shift[k]


@bare
def _pivot(p: Program, rows: int, row: int, entering: int) -> None:
    """Exchange the row's basic for the entering column; the leaving one stops at the bound it had crossed."""
    width = p.coef.shape[1] + rows
    g = p.group[entering]
    leaving = p.basis[row]
    low = p.value[leaving] < p.low[leaving]
    bound = p.low[leaving] if low else p.high[leaving]
    line = p.table[row]
    pivot = line[g]
    step = (p.value[leaving] - bound) / pivot
    for i in range(rows):
        p.value[p.basis[i]] -= p.table[i, g] * step
    p.value[entering] += step
    p.value[leaving] = bound
    p.side[leaving] = LOWER if low else UPPER
    p.side[entering] = BASIC
    p.basis[row] = entering
    dual = (p.cost[entering] - p.price[g]) / pivot
    inverse = 1.0 / pivot
    for k in range(width):
        p.price[k] += dual * line[k]
        line[k] *= inverse
    line[g] = 1.0
    eliminate(p.table, rows, width, row, g)


@bare_kernel
def improve(p: Program, rows: int, tolerance: float, limit: int) -> tuple[int, int]:
    """Pivot until every basic is within its bounds. Answers (status, pivots).

    tolerance: how far outside a bound counts as inside, in the unit of the columns. Rows leave by greatest
    violation; past half of the limit by lowest index without flips (Bland), which cannot cycle.
    """
    for pivots in range(limit):
        careful = 2 * pivots > limit
        row = _leaving(p, rows, tolerance, careful)
        if row < 0:
            return OPTIMAL, pivots
        entering = _entering(p, rows, row, tolerance, careful)
        if entering < 0:
            return INFEASIBLE, pivots
        _pivot(p, rows, row, entering)
    return LIMIT, limit


@bare_kernel
def solve(p: Program, rows: int, tolerance: float, limit: int) -> tuple[int, int]:
    """Improve and settle, up to three times with a rebuilt tableau in between. Answers (status, pivots)."""
    status, pivots = improve(p, rows, tolerance, limit)
    for _ in range(2):
        if status != OPTIMAL:
            break
        status = settle(p, rows, tolerance)
        if status == OPTIMAL:
            break
        status = rebuild(p, rows)
        if status == OPTIMAL:
            status, more = improve(p, rows, tolerance, limit)
            pivots += more
            if status == OPTIMAL:
                status = settle(p, rows, tolerance)
    return status, pivots
