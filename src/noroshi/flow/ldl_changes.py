"""A factor L D Lᵀ changed in place when a branch goes or a bus is grounded, and whole solves with it.

A branch is a change of rank one, and touches only what lies above its ends in the elimination tree (P. E. Gill,
G. H. Golub, W. Murray, M. A. Saunders, "Methods for modifying matrix factorizations", Mathematics of Computation 28,
1974, method C1; T. A. Davis, W. W. Hager, "Modifying a sparse Cholesky factorization", SIAM J. Matrix Anal. 20, 1999).
"""

from __future__ import annotations

from noroshi.flow.kernel import Floats, bare_kernel
from noroshi.flow.ldl import Factor

__all__ = ["FALLEN", "changed", "solved_in_place"]

FALLEN = 1e-5
"""A pivot that keeps less than this of itself has lost so many digits that the factor is better made anew."""


@bare_kernel
def changed(f: Factor, first: int, second: int, amount: float, work: Floats) -> bool:
    """Make the factor of A that of A + amount · (e_first - e_second)(e_first - e_second)ᵀ; second -1: none.

    The pair must lie on one path of the tree, as the ends of any entry of A do. work (n,): all 0, and left so. Answers
    whether the numbers are still sound; where they are not, make the factor anew.
    """
    j = first
    work[first] = 1.0
    if second >= 0:
        work[second] = -1.0
        j = min(first, second)
    sound = True
    while j >= 0:
        p = work[j]
        work[j] = 0.0
        before = f.d[j]
        after = before + amount * p * p
        sound = sound and abs(after) > FALLEN * abs(before)
        if sound and p != 0.0:
            f.d[j] = after
            f.inverse[j] = 1.0 / after
            share = amount * p / after
            amount *= before / after
            for q in range(f.start[j], f.start[j + 1]):
                i = f.row[q]
                work[i] -= p * f.value[q]
                f.value[q] += share * work[i]
        j = f.parent[j]
    return sound


@bare_kernel
def solved_in_place(f: Factor, x: Floats) -> None:
    """Replace x (n,) by A⁻¹ x."""
    n = f.d.size
    for j in range(n):
        y = x[j]
        if y != 0.0:
            for p in range(f.start[j], f.start[j + 1]):
                x[f.row[p]] -= f.value[p] * y
    for j in range(n - 1, -1, -1):
        total = x[j] * f.inverse[j]
        for p in range(f.start[j], f.start[j + 1]):
            total -= f.value[p] * x[f.row[p]]
        x[j] = total
