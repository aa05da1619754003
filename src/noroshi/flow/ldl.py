"""A sparse symmetric matrix as L D Lᵀ: the elimination tree, the factor, and half solves for sparse right-hand sides.

T. A. Davis, "Algorithm 849: a concise sparse Cholesky factorization package" (ACM TOMS 31, 2005): up-looking, row by
row, without pivoting, so D may be negative. The order of the buses is the minimum degree of A + Aᵀ as SuperLU finds it,
then the postorder of the elimination tree.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from noroshi.flow.kernel import Bools, Floats, Ints, bare_kernel, kernel

__all__ = [
    "Factor",
    "Halves",
    "elimination_order",
    "factored",
    "filled",
    "halves",
    "halves_dot",
    "marked_path",
    "minimum_degree",
]


class Factor(NamedTuple):
    """L D Lᵀ.

    start (n + 1,), row, value: the columns of L under the diagonal; d, inverse (n,): D and 1 / D; parent (n,): the
    elimination tree, -1 at roots.
    """

    start: Ints
    row: Ints
    value: Floats
    d: Floats
    inverse: Floats
    parent: Ints


class Halves(NamedTuple):
    """Sparse vectors L⁻¹(e_a - e_b), one a branch: start (m + 1,), row (rising within each), value.

    own (m,): (e_a - e_b)ᵀ A⁻¹ (e_a - e_b) of each.
    """

    start: Ints
    row: Ints
    value: Floats
    own: Floats


def minimum_degree(n: int, a: Ints, b: Ints) -> Ints:
    """Return the places of n buses in an order that keeps L sparse; a, b (m,): the ends of the branches."""
    from scipy.sparse import coo_array
    from scipy.sparse.linalg import splu

    # A matrix with that pattern that needs no pivot; only the order is used.
    weight = np.full(len(a), 1.0)
    ends, others = np.concatenate([a, b, np.arange(n)]), np.concatenate([b, a, np.arange(n)])
    degree = np.bincount(a, minlength=n) + np.bincount(b, minlength=n) + 1.0
    pattern = coo_array((np.concatenate([-weight, -weight, degree]), (ends, others)), shape=(n, n)).tocsc()
    made = splu(pattern, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options={"SymmetricMode": True})
    return np.asarray(made.perm_c, np.int64)


@kernel
def factored(n: int, start: Ints, row: Ints, value: Floats) -> Factor:
    """Factor a symmetric matrix. start (n + 1,), row, value: its columns, both triangles; every diagonal is there.

    A pivot of exactly 0 gives infinite values further on: the caller looks at d.
    """
    parent = np.full(n, -1)
    flag = np.full(n, -1)
    count = np.zeros(n, np.int64)
    for k in range(n):
        flag[k] = k
        for p in range(start[k], start[k + 1]):
            i = row[p]
            while i < k and flag[i] != k:
                if parent[i] == -1:
                    parent[i] = k
                count[i] += 1
                flag[i] = k
                i = parent[i]
    at = np.zeros(n + 1, np.int64)
    for k in range(n):
        at[k + 1] = at[k] + count[k]
    made = Factor(at, np.empty(at[n], np.int64), np.empty(at[n]), np.empty(n), np.empty(n), parent)
    filled(made, start, row, value, flag, count, np.empty(n, np.int64), np.zeros(n))
    return made


@bare_kernel
def filled(
    f: Factor, start: Ints, row: Ints, value: Floats, flag: Ints, count: Ints, path: Ints, work: Floats
) -> None:  # fmt: skip
    """Write the numbers of a factor whose tree and columns' sizes are known, in place; takes no memory.

    start, row, value: the columns of the matrix, of which only the upper triangle is read. flag, count, path, work
    (n,): room to work in, work all 0 and left so.
    """
    n = f.d.size
    for k in range(n):
        count[k] = 0
        flag[k] = -1
    for k in range(n):
        top = n
        flag[k] = k
        for p in range(start[k], start[k + 1]):
            i = row[p]
            if i > k:
                continue
            work[i] += value[p]
            length = 0
            while flag[i] != k:
                path[length] = i
                length += 1
                flag[i] = k
                i = f.parent[i]
            while length > 0:
                top -= 1
                length -= 1
                path[top] = path[length]
        f.d[k] = work[k]
        work[k] = 0.0
        for s in range(top, n):
            i = path[s]
            y = work[i]
            work[i] = 0.0
            end = f.start[i] + count[i]
            for p in range(f.start[i], end):
                work[f.row[p]] -= f.value[p] * y
            share = y / f.d[i]
            f.d[k] -= share * y
            f.row[end] = k
            f.value[end] = share
            count[i] += 1
    for k in range(n):
        f.inverse[k] = 1.0 / f.d[k]


@kernel
def elimination_order(n: int, start: Ints, row: Ints) -> Ints:
    """Return the places of n rows in postorder of the elimination tree: the same fill, and parents close to children.

    start (n + 1,), row: the columns of a symmetric matrix, both triangles.
    """
    parent = np.full(n, -1)
    above = np.full(n, -1)
    for k in range(n):
        for p in range(start[k], start[k + 1]):
            i = row[p]
            while i != -1 and i < k:
                next_ = above[i]
                above[i] = k
                if next_ == -1:
                    parent[i] = k
                i = next_
    child = np.full(n, -1)
    sibling = np.full(n, -1)
    for k in range(n - 1, -1, -1):
        if parent[k] >= 0:
            sibling[k] = child[parent[k]]
            child[parent[k]] = k
    place = np.empty(n, np.int64)
    stack = np.empty(n, np.int64)
    count = 0
    for root in range(n):
        if parent[root] >= 0:
            continue
        stack[0] = root
        height = 1
        while height > 0:
            k = stack[height - 1]
            below = child[k]
            if below >= 0:
                child[k] = sibling[below]
                stack[height] = below
                height += 1
            else:
                place[k] = count
                count += 1
                height -= 1
    return place


@bare_kernel
def marked_path(bus: int, parent: Ints, mark: Bools) -> None:
    """Mark a bus and all above it in the elimination tree: where L⁻¹ of a vector with that entry is not zero."""
    while bus >= 0 and not mark[bus]:
        mark[bus] = True
        bus = parent[bus]


@kernel
def halves(factor: Factor, a: Ints, b: Ints) -> Halves:
    """Return L⁻¹(e_a - e_b) for branches with their ends at rows a and b (m,) of the factor; -1 = grounded."""
    n = factor.d.size
    work = np.zeros(n)
    mark = np.zeros(n, np.bool_)
    start = np.zeros(a.size + 1, np.int64)
    for k in range(a.size):
        count = 0
        for end in (a[k], b[k]):
            i = end
            while i >= 0 and not mark[i]:
                mark[i] = True
                count += 1
                i = factor.parent[i]
        for end in (a[k], b[k]):
            i = end
            while i >= 0 and mark[i]:
                mark[i] = False
                i = factor.parent[i]
        start[k + 1] = start[k] + count
    row = np.empty(start[-1], np.int64)
    value = np.empty(start[-1])
    own = np.zeros(a.size)
    for k in range(a.size):
        at = start[k]
        for end in (a[k], b[k]):
            i = end
            while i >= 0 and not mark[i]:
                mark[i] = True
                row[at] = i
                at += 1
                i = factor.parent[i]
        row[start[k] : at] = np.sort(row[start[k] : at])
        if a[k] >= 0:
            work[a[k]] += 1.0
        if b[k] >= 0:
            work[b[k]] -= 1.0
        for p in range(start[k], at):
            i = row[p]
            mark[i] = False
            y = work[i]
            work[i] = 0.0
            value[p] = y
            own[k] += y * y * factor.inverse[i]
            for q in range(factor.start[i], factor.start[i + 1]):
                work[factor.row[q]] -= factor.value[q] * y
    return Halves(start, row, value, own)


@bare_kernel
def halves_dot(h: Halves, inverse: Floats, one: int, other: int) -> float:
    """Return (e_a - e_b)ᵀ A⁻¹ (e_c - e_d) for two branches: the sum over the rows that both have."""
    p = h.start[one]
    q = h.start[other]
    total = 0.0
    while p < h.start[one + 1] and q < h.start[other + 1]:
        if h.row[p] < h.row[q]:
            p += 1
        elif h.row[p] > h.row[q]:
            q += 1
        else:
            total += h.value[p] * h.value[q] * inverse[h.row[p]]
            p += 1
            q += 1
    return total
