"""Random grids for the tests of dispatch and DC flow."""

from __future__ import annotations

import numpy as np

from noroshi.flow.dcflow import envelope, factor, islands
from noroshi.flow.dispatch import Grid, Units
from noroshi.flow.kernel import Floats, Ints


def random_case(seed: int, buses: int = 0) -> tuple[Ints, int, Units, Grid]:
    """A grid of 1 to 24 buses (or the given number) with open lines, dead buses, links, and limits that bind."""
    rng = np.random.default_rng(seed)
    nb = buses or int(rng.integers(1, 25))
    n_line = int(rng.integers(0, 2 * nb)) if nb > 1 else 0
    n_gen, n_dc = int(rng.integers(0, 2 * nb + 1)), int(rng.integers(0, nb // 3 + 1)) if nb > 1 else 0
    line_from = rng.integers(0, nb, n_line)
    line_to = (line_from + rng.integers(1, 4, n_line)) % nb
    line_b = rng.uniform(1.0, 50.0, n_line)
    line_in = rng.random(n_line) < 0.9
    alive = rng.random(nb) < 0.92
    label = np.empty(nb, np.int64)
    count = islands(nb, line_from, line_to, line_in, alive, label)
    first, start = envelope(nb, line_from, line_to)
    factored, ground = np.empty(start[-1]), np.empty(nb, np.bool_)
    assert factor(label, line_from, line_to, line_b, line_in, first, start, factored, ground) == 0

    def limits() -> Floats:
        limit = rng.uniform(0.0, 120.0, n_line)
        limit[rng.random(n_line) < 0.3] = np.inf
        limit[rng.random(n_line) < 0.05] = 0.0
        return limit

    demand = rng.uniform(0.0, 200.0, nb) * (rng.random(nb) < 0.85)
    parts = rng.dirichlet(np.ones(5), nb)
    shed_hi = demand[:, None] * parts
    shed_lo = np.where(rng.random((nb, 5)) < 0.1, shed_hi * rng.random((nb, 5)), 0.0)
    weight = np.array([100.0, 110.0, 120.0, 130.0, 1000.0]) * (1.0 + 0.01 * rng.random((nb, 5)))
    dc_from = rng.integers(0, nb, n_dc)
    units = Units(
        rng.integers(0, nb, n_gen),
        rng.uniform(0.0, 200.0, n_gen) * (rng.random(n_gen) < 0.9),
        rng.uniform(0.0, 1.0, n_gen),
        shed_lo,
        shed_hi,
        weight,
        dc_from,
        (dc_from + rng.integers(1, nb, n_dc)) % nb if n_dc else dc_from,
        rng.uniform(0.0, 100.0, n_dc),
        rng.uniform(0.0, 100.0, n_dc) * (rng.random(n_dc) < 0.8),
        rng.uniform(0.001, 0.02, n_dc),
    )
    return (
        label,
        count,
        units,
        Grid(line_from, line_to, line_b, line_in, limits(), limits(), first, start, factored, ground),
    )
