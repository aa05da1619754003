"""How slow the machine is just now, so that a limit on time is of the program and not of what else runs beside it."""

from __future__ import annotations

import time

import numpy as np

__all__ = ["slowness"]

AT_REST_S = 0.083
"""What the work below takes on the two cores of docs/performance.md with nothing beside it."""


def slowness() -> float:
    """Return how many times as long as on a machine at rest a fixed piece of work takes now; never under 1."""
    began = time.perf_counter()
    total = 0
    for k in range(2_000_000):
        total += k & 3
    draw = np.random.default_rng(total)
    for _ in range(20):
        np.sort(draw.random(100_000))
    return max(1.0, (time.perf_counter() - began) / AT_REST_S)
