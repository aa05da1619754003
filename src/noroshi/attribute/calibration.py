"""Temperature and shift from earlier predictions; how well probabilities agree with what came. Never fitted on both.

Guo et al., On calibration of modern neural networks (2017), for the temperature; Cox (1958) for the slope.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from noroshi.attribute.scoring import Calibration

__all__ = ["Bin", "calibrate", "reliability", "slope", "wilson"]

Floats = NDArray[np.float64]

TIGHT = 4.0
"""Precision of the belief that temperature is 1 and the shift 0, in log units: few predictions move them little."""
BINS = 5
SETTLED = 1e-10
Z95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Bin:
    """Predictions of like probability: how many, their mean, the share that came true and its 95 % interval."""

    count: int
    said: float
    came: float
    low: float
    high: float


def calibrate(scores: Sequence[Floats], chosen: Sequence[int]) -> Calibration:
    """Return the temperature and shift of greatest likelihood on earlier predictions, with a belief in none of either.

    scores: one array (H,) a prediction, the unknown last; chosen: place of what came true.
    """
    from scipy.optimize import minimize

    if not scores:
        return Calibration()
    ends = np.cumsum([0, *map(len, scores)])
    flat, last = np.concatenate(list(scores)), ends[1:] - 1
    at, of = ends[:-1] + np.array(chosen), np.repeat(np.arange(len(scores)), np.diff(ends))

    def loss(x: Floats) -> float:
        raised = flat * np.exp(-x[0])
        raised[last] += x[1]
        top = np.maximum.reduceat(raised, ends[:-1])
        total = np.log(np.add.reduceat(np.exp(raised - top[of]), ends[:-1]))
        return float((top + total - raised[at]).sum() + 0.5 * TIGHT * (x @ x))

    x = minimize(loss, np.zeros(2), method="L-BFGS-B").x
    return Calibration(float(np.exp(x[0])), float(x[1]))


def wilson(hits: int, count: int) -> tuple[float, float]:
    """Return the 95 % interval of a share (Wilson 1927); (0, 1) of nothing."""
    if not count:
        return 0.0, 1.0
    share, z2 = hits / count, Z95 * Z95
    middle = (share + z2 / (2 * count)) / (1 + z2 / count)
    half = Z95 / (1 + z2 / count) * float(np.sqrt(share * (1 - share) / count + z2 / (4 * count * count)))
    return max(middle - half, 0.0), min(middle + half, 1.0)


def reliability(said: Floats, came: NDArray[np.bool_], bins: int = BINS) -> tuple[Bin, ...]:
    """Return the reliability diagram: predictions in bins of equal number, from low to high."""
    order = np.argsort(said, kind="stable")
    found = []
    for rows in np.array_split(order, bins):
        if len(rows):
            hits = int(came[rows].sum())
            low, high = wilson(hits, len(rows))
            found.append(Bin(len(rows), float(said[rows].mean()), hits / len(rows), low, high))
    return tuple(found)


def slope(said: Floats, came: NDArray[np.bool_]) -> float:
    """Return the slope of what came true on the log odds of what was said, by logistic regression; 1 is calibrated.

    NaN where all or nothing came true.
    """
    if not 0 < int(came.sum()) < len(came):
        return float("nan")
    kept = np.clip(said, 1e-4, 1 - 1e-4)
    rows = np.stack([np.ones(len(kept)), np.log(kept / (1 - kept))], axis=1)
    w = np.array([0.0, 1.0])
    for _ in range(50):
        p = 1.0 / (1.0 + np.exp(-np.clip(rows @ w, -30, 30)))
        step = np.linalg.solve((rows * (p * (1 - p))[:, None]).T @ rows + 1e-9 * np.eye(2), rows.T @ (came - p))
        w = w + step
        if float(np.abs(step).max()) < SETTLED:
            break
    return float(w[1])
