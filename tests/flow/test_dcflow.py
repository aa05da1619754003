"""DC flow: islands, flows and PTDF against dense linear algebra, on random grids and by hand."""

from __future__ import annotations

import numpy as np
import pytest
from tests.flow.grids import random_case

from noroshi.flow.dcflow import FACTORED, SINGULAR, angles, envelope, factor, flows, islands, ptdf_row
from noroshi.flow.kernel import Bools, Floats, Ints


def test_islands_are_numbered_by_their_lowest_bus() -> None:
    line_from, line_to = np.array([5, 3, 1, 2, 6]), np.array([3, 1, 5, 0, 4])
    label = np.empty(8, np.int64)
    every = np.ones(5, np.bool_)
    assert islands(8, line_from, line_to, every, np.ones(8, np.bool_), label) == 4
    assert label.tolist() == [0, 1, 0, 1, 2, 1, 2, 3]
    shut = np.array([True, True, True, False, True])
    alive = np.ones(8, np.bool_)
    alive[3] = False
    assert islands(8, line_from, line_to, shut, alive, label) == 5
    assert label.tolist() == [0, 1, 2, -1, 3, 1, 3, 4]


def test_islands_equal_scipy_on_random_grids() -> None:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    rng = np.random.default_rng(3)
    for _ in range(50):
        nb = int(rng.integers(1, 40))
        lines = int(rng.integers(0, 50))
        line_from, line_to = rng.integers(0, nb, lines), rng.integers(0, nb, lines)
        line_in = rng.random(lines) < 0.7
        label = np.empty(nb, np.int64)
        count = islands(nb, line_from, line_to, line_in, np.ones(nb, np.bool_), label)
        pairs = coo_array((np.ones(line_in.sum()), (line_from[line_in], line_to[line_in])), shape=(nb, nb))
        wanted, parts = connected_components(pairs, directed=False)
        assert count == wanted
        assert len({*zip(label.tolist(), parts.tolist(), strict=True)}) == count
        assert label[np.unique(label, return_index=True)[1]].tolist() == list(range(count))


def dense(label: Ints, line_from: Ints, line_to: Ints, line_b: Floats, line_in: Bools, injection: Floats) -> Floats:
    """Flows by the pseudo-inverse of the whole susceptance matrix."""
    nb = label.size
    matrix = np.zeros((line_from.size, nb))
    for line in range(line_from.size):
        a, b = line_from[line], line_to[line]
        if line_in[line] and label[a] >= 0 and label[a] == label[b]:
            matrix[line, a] += 1.0
            matrix[line, b] -= 1.0
    laplacian = matrix.T @ (line_b[:, None] * matrix)
    return np.asarray(line_b * (matrix @ (np.linalg.pinv(laplacian) @ injection)))


def balanced(rng: np.random.Generator, label: Ints) -> Floats:
    """Injections that add up to 0 in each island."""
    injection = rng.normal(size=label.size) * 100.0
    for part in np.unique(label):
        where = label == part
        injection[where] -= 0.0 if part < 0 else injection[where].mean()
    return np.where(label < 0, 0.0, injection)


def test_flows_and_ptdf_equal_dense_algebra() -> None:
    for seed in range(40):
        rng = np.random.default_rng(seed)
        label, _, _, g = random_case(seed)
        injection = balanced(rng, label)
        wanted = dense(label, g.line_from, g.line_to, g.line_b, g.line_in, injection)
        angle, flow = injection.copy(), np.empty(g.line_from.size)
        angles(g.first, g.start, g.factored, g.ground, angle)
        flows(label, g.line_from, g.line_to, g.line_b, g.line_in, angle, flow)
        assert np.allclose(flow, wanted, atol=1e-9)
        row = np.empty(label.size)
        for line in np.flatnonzero(g.line_in & (label[g.line_from] >= 0) & (label[g.line_to] >= 0)):
            ptdf_row(int(line), g.line_from, g.line_to, g.line_b, g.first, g.start, g.factored, g.ground, row)
            assert row @ injection == pytest.approx(wanted[line], abs=1e-9)
            assert not row[g.ground].any()


def test_lodf_identity() -> None:
    """Flow after an outage = flow + LODF·flow of the outaged line (reference case of the design), within 1e-9."""
    label, _, _, g = random_case(17)
    rng = np.random.default_rng(17)
    injection = balanced(rng, label)
    tried = 0
    before = dense(label, g.line_from, g.line_to, g.line_b, g.line_in, injection)
    rows = np.zeros((g.line_from.size, label.size))
    closed = g.line_in & (label[g.line_from] >= 0) & (label[g.line_to] >= 0)
    for line in np.flatnonzero(closed):
        ptdf_row(int(line), g.line_from, g.line_to, g.line_b, g.first, g.start, g.factored, g.ground, rows[line])
    between = rows[:, g.line_from] - rows[:, g.line_to]  # flow on l per unit sent along k
    for k in np.flatnonzero(closed):
        if abs(1.0 - between[k, k]) < 1e-6:
            continue  # a bridge: its outage parts the island
        line_in = g.line_in.copy()
        line_in[k] = False
        factored, ground = np.empty(g.start[-1]), np.empty(label.size, np.bool_)
        assert factor(label, g.line_from, g.line_to, g.line_b, line_in, g.first, g.start, factored, ground) == FACTORED
        angle, after = injection.copy(), np.empty(g.line_from.size)
        angles(g.first, g.start, factored, ground, angle)
        flows(label, g.line_from, g.line_to, g.line_b, line_in, angle, after)
        others = np.arange(g.line_from.size) != k
        wanted = before + between[:, k] / (1.0 - between[k, k]) * before[k]
        assert np.allclose(after[others], wanted[others], atol=1e-9)
        tried += 1
    assert tried > 5


def test_negative_reactance_and_self_loops_are_allowed() -> None:
    line_from, line_to = np.array([0, 1, 0, 2]), np.array([1, 2, 2, 2])
    line_b, line_in = np.array([10.0, -4.0, 5.0, 3.0]), np.ones(4, np.bool_)
    label = np.zeros(3, np.int64)
    first, start = envelope(3, line_from, line_to)
    factored, ground = np.empty(start[-1]), np.empty(3, np.bool_)
    assert factor(label, line_from, line_to, line_b, line_in, first, start, factored, ground) == FACTORED
    angle, flow = np.array([60.0, 0.0, -60.0]), np.empty(4)
    angles(first, start, factored, ground, angle)
    flows(label, line_from, line_to, line_b, line_in, angle, flow)
    assert flow == pytest.approx(dense(label, line_from, line_to, line_b, line_in, np.array([60.0, 0.0, -60.0])))
    assert flow[3] == 0.0


def test_lines_that_cancel_out_are_said_to_be_singular() -> None:
    line_from, line_to = np.array([0, 0]), np.array([1, 1])
    first, start = envelope(2, line_from, line_to)
    factored, ground = np.empty(start[-1]), np.empty(2, np.bool_)
    label, line_in = np.zeros(2, np.int64), np.ones(2, np.bool_)
    assert factor(label, line_from, line_to, np.array([5.0, -5.0]), line_in, first, start, factored, ground) == SINGULAR
