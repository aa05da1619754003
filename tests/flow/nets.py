"""Random gas networks and journeys for the tests."""

from __future__ import annotations

import numpy as np

from noroshi.flow.gas import GasNet


def random_net(seed: int, nodes: int = 0) -> GasNet:
    """A gas network of 1 to 20 nodes (or the given number) with shut, one-way and parallel pipes and empty stores."""
    rng = np.random.default_rng(seed)
    n = nodes or int(rng.integers(1, 21))
    pipes = int(rng.integers(0, 2 * n)) if n > 1 else 0
    sources, stores = int(rng.integers(0, n + 1)), int(rng.integers(0, n + 1))
    pipe_from = rng.integers(0, n, pipes)
    demand = rng.uniform(0.0, 100.0, n) * (rng.random(n) < 0.85)
    critical = rng.uniform(0.0, 1.0, n) * (rng.random(n) < 0.9)
    u_hi = np.stack([demand * (1.0 - critical), demand * critical], axis=1)
    return GasNet(
        u_hi.sum(axis=1),
        np.where(rng.random((n, 2)) < 0.1, u_hi * rng.random((n, 2)), 0.0),
        u_hi,
        np.array([100.0, 1000.0]) * (1.0 + 0.01 * rng.random((n, 2))),
        pipe_from,
        (pipe_from + rng.integers(1, 4, pipes)) % n,
        rng.uniform(0.0, 90.0, pipes) * (rng.random(pipes) < 0.85),
        rng.uniform(0.0, 90.0, pipes) * (rng.random(pipes) < 0.6),
        rng.uniform(0.001, 0.01, pipes),
        rng.integers(0, n, sources),
        rng.uniform(0.0, 200.0, sources) * (rng.random(sources) < 0.9),
        rng.uniform(0.0, 1.0, sources),
        rng.integers(0, n, stores),
        rng.uniform(0.0, 60.0, stores) * (rng.random(stores) < 0.8),
        rng.uniform(5.0, 6.0, stores),
        rng.uniform(0.0, 30.0, stores) * (rng.random(stores) < 0.8),
        rng.uniform(1.5, 3.0, stores),
    )
