"""DC power flow by islands: connected parts, one factor of the susceptance matrix per topology, flows, PTDF rows.

The reduced susceptance matrix (one bus grounded per island: the lowest) is kept as L D Lᵀ in skyline form: row i runs
from its leftmost neighbour to the diagonal, and fill never leaves it (George & Liu, "Computer Solution of Large Sparse
Positive Definite Systems", ch. 4). The layout is made once per grid from all its lines, so any topology fits in it.
Negative susceptances are allowed: the ground is chosen by index and D may be negative.
"""

from __future__ import annotations

import numpy as np

from noroshi.flow.kernel import Bools, Floats, Ints, bare, bare_kernel, kernel

FACTORED, SINGULAR = 0, 1


@bare
def _root(parent: Ints, bus: int) -> int:
    """The root of the bus's tree, halving the path on the way."""
    while parent[bus] != bus:
        parent[bus] = parent[parent[bus]]
        bus = parent[bus]
    return bus


@bare_kernel
def islands(nb: int, line_from: Ints, line_to: Ints, line_in: Bools, bus_alive: Bools, out_label: Ints) -> int:
    """Label connected parts of the live buses: 0, 1 ... in order of each part's lowest bus; dead buses get -1.

    nb: number of buses; line_from, line_to: (L,) bus indices; line_in: (L,) which lines are closed; bus_alive: (nb,).
    Writes out_label (nb,) and answers the number of parts. Union-find whose root is always the lowest bus.
    """
    for bus in range(nb):
        out_label[bus] = bus
    for line in range(line_from.size):
        a = line_from[line]
        b = line_to[line]
        if line_in[line] and bus_alive[a] and bus_alive[b]:
            a = _root(out_label, a)
            b = _root(out_label, b)
            if a < b:
                out_label[b] = a
            else:
                out_label[a] = b
    for bus in range(nb):
        out_label[bus] = _root(out_label, bus)
    count = 0
    # Roots are the lowest bus of their part, so they are renumbered before any other bus of it is met.
    for bus in range(nb):
        if not bus_alive[bus]:
            out_label[bus] = -1
        elif out_label[bus] == bus:
            out_label[bus] = count
            count += 1
        else:
            out_label[bus] = out_label[out_label[bus]]
    return count


@kernel
def envelope(nb: int, line_from: Ints, line_to: Ints) -> tuple[Ints, Ints]:
    """The skyline of a grid, made once from all its lines, closed or not.

    Answers first (nb,), the leftmost column of each row, and start (nb + 1,), where each row begins in the factor;
    start[nb] is the size of the factor. Buses in geographical order keep it small.
    """
    first = np.arange(nb)
    for line in range(line_from.size):
        a = min(line_from[line], line_to[line])
        b = max(line_from[line], line_to[line])
        first[b] = min(first[b], a)
    start = np.zeros(nb + 1, np.int64)
    for bus in range(nb):
        start[bus + 1] = start[bus] + bus - first[bus] + 1
    return first, start


@bare
def carries(line: int, label: Ints, line_from: Ints, line_to: Ints, line_in: Bools) -> bool:
    """Whether the line is closed between two different live buses of one island."""
    a = line_from[line]
    b = line_to[line]
    return bool(line_in[line] and a != b and label[a] >= 0 and label[a] == label[b])


@bare
def _dot(a: Floats, b: Floats, a_at: int, b_at: int, size: int) -> float:
    """Dot product of two runs in four fixed lanes: quick, and the same order of sums on every machine."""
    s0 = 0.0
    s1 = 0.0
    s2 = 0.0
    s3 = 0.0
    whole = size - size % 4
    for k in range(0, whole, 4):
        s0 += a[a_at + k] * b[b_at + k]
        s1 += a[a_at + k + 1] * b[b_at + k + 1]
        s2 += a[a_at + k + 2] * b[b_at + k + 2]
        s3 += a[a_at + k + 3] * b[b_at + k + 3]
    for k in range(whole, size):
        s0 += a[a_at + k] * b[b_at + k]
    return (s0 + s1) + (s2 + s3)


@kernel
def factor(
    label: Ints,
    line_from: Ints,
    line_to: Ints,
    line_b: Floats,
    line_in: Bools,
    first: Ints,
    start: Ints,
    out_factor: Floats,
    out_ground: Bools,
) -> int:
    """Factor the reduced susceptance matrix of one topology.

    label: (nb,) island of each bus, -1 = dead, as from `islands`; line_b: (L,) susceptance, any unit;
    line_in: (L,) closed lines; first, start: from `envelope`. Writes out_factor (start[nb],) and out_ground (nb,):
    buses whose angle is 0 (the lowest of each island, and dead ones).
    Answers FACTORED, or SINGULAR when a pivot is below 1e-12 of its row's own susceptance.
    """
    nb = label.size
    seen = np.zeros(nb, np.bool_)
    for k in range(start[nb]):
        out_factor[k] = 0.0
    diagonal = np.zeros(nb)
    size = np.zeros(nb)
    for bus in range(nb):
        out_ground[bus] = True
        if label[bus] >= 0:
            out_ground[bus] = not seen[label[bus]]
            seen[label[bus]] = True
    for line in range(line_from.size):
        if carries(line, label, line_from, line_to, line_in):
            a = min(line_from[line], line_to[line])
            b = max(line_from[line], line_to[line])
            diagonal[a] += line_b[line]
            diagonal[b] += line_b[line]
            size[a] += abs(line_b[line])
            size[b] += abs(line_b[line])
            if not (out_ground[a] or out_ground[b]):
                out_factor[start[b] + a - first[b]] -= line_b[line]
    status = FACTORED
    for i in range(nb):
        at = start[i]
        pivot = 1.0 if out_ground[i] else diagonal[i]
        for j in range(first[i], i):
            left = max(first[i], first[j])
            here = at + j - first[i]
            out_factor[here] -= _dot(out_factor, out_factor, at + left - first[i], start[j] + left - first[j], j - left)
        for j in range(first[i], i):
            here = at + j - first[i]
            scaled = out_factor[here] / out_factor[start[j + 1] - 1]
            pivot -= scaled * out_factor[here]
            out_factor[here] = scaled
        if not abs(pivot) > 1e-12 * size[i]:
            status = SINGULAR
            pivot = 1.0
        out_factor[start[i + 1] - 1] = pivot
    return status


@bare_kernel
def angles(first: Ints, start: Ints, factored: Floats, ground: Bools, vector: Floats) -> None:
    """Replace injections by angles in place: (nb,) power per bus in, susceptance-scaled angle per bus out."""
    nb = ground.size
    for i in range(nb):
        if ground[i]:
            vector[i] = 0.0
        else:
            vector[i] -= _dot(factored, vector, start[i], first[i], i - first[i])
    for i in range(nb - 1, -1, -1):
        angle = vector[i] / factored[start[i + 1] - 1]
        vector[i] = angle
    for i in range(nb - 1, -1, -1):
        angle = vector[i]
        if angle != 0.0:
            at = start[i] - first[i]
            for j in range(first[i], i):
                vector[j] -= factored[at + j] * angle


@bare_kernel
def flows(
    label: Ints,
    line_from: Ints,
    line_to: Ints,
    line_b: Floats,
    line_in: Bools,
    angle: Floats,
    out_flow: Floats,
) -> None:
    """Flow per line, positive from line_from to line_to: susceptance × difference of angles; 0 where open or dead."""
    for line in range(line_from.size):
        out_flow[line] = 0.0
        if carries(line, label, line_from, line_to, line_in):
            out_flow[line] = line_b[line] * (angle[line_from[line]] - angle[line_to[line]])


@bare_kernel
def ptdf_row(
    line: int,
    line_from: Ints,
    line_to: Ints,
    line_b: Floats,
    first: Ints,
    start: Ints,
    factored: Floats,
    ground: Bools,
    out_row: Floats,
) -> None:
    """Flow on one closed line per unit injected at each bus and taken out at its island's ground: out_row (nb,)."""
    for k in range(out_row.size):
        out_row[k] = 0.0
    out_row[line_from[line]] = line_b[line]
    out_row[line_to[line]] = -line_b[line]
    angles(first, start, factored, ground, out_row)
