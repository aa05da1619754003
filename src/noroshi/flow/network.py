"""A grid as DC flow sees it: what readers of files hand to the engine."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Network"]

Floats = NDArray[np.float64]


class Network(NamedTuple):
    """What a DC screening needs to know. n buses, m branches in service.

    a, b (m,): buses at their ends; susceptance (m,): MW per radian; shifted (m,): MW that a phase shifter's angle takes
    off; rating (m,): MW, 0 for none; injection, capacity, demand (n,): MW, injection as given, not yet balanced;
    critical (n,): the share of the demand that is shed last, None where nothing is said.
    """

    a: NDArray[Any]
    b: NDArray[Any]
    susceptance: Floats
    shifted: Floats
    rating: Floats
    injection: Floats
    capacity: Floats
    demand: Floats
    critical: Floats | None = None
