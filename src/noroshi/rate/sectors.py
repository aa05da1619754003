"""Sector tables: what the organisations of a sector score on average, and how sure that is when few of them answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["Shrunk", "Stratum", "bounds", "shrunk", "stratified"]

Floats = NDArray[np.float64]
Z95 = 1.6448536269514722
STEPS = 200
CLOSE = 1e-12


@dataclass(frozen=True, slots=True)
class Stratum:
    """One stratum of a sector (a size class, a region): how many organisations it has, and the scores of those rated.

    errors: standard deviations of the scores' own measuring errors, as many as scores.
    """

    size: int
    scores: Sequence[float] | Floats
    errors: Sequence[float] | Floats = ()


@dataclass(frozen=True, slots=True)
class Shrunk:
    """Means drawn towards what all sectors have in common: means and their standard errors (sectors,), and that.

    between is the standard deviation between sectors, center their mean.
    """

    mean: Floats
    error: Floats
    between: float
    center: float


def stratified(strata: tuple[Stratum, ...], spread: float) -> tuple[float, float]:
    """Return the mean of a sector from its strata, and the mean's standard error, in points.

    Weighted by the strata's sizes; each stratum's error has its sampling, with the correction for a finite population,
    and its measuring errors (Cochran, Sampling Techniques, 5.3 and 2.6). A stratum of one has the sector's `spread`;
    one of which nobody is rated is left out, and its absence is counted as if it were one more draw from that spread.
    ValueError where nobody is rated at all, or more are rated than there are.
    """
    if any(len(s.scores) > s.size for s in strata):
        raise ValueError("expected no more scores than organisations in each stratum")
    rated = [s for s in strata if len(s.scores)]
    if not rated:
        raise ValueError("expected at least one organisation with a score")
    covered, total = sum(s.size for s in rated), sum(s.size for s in strata)
    mean, variance = 0.0, 0.0
    for s in rated:
        weight, n = s.size / covered, len(s.scores)
        own = float(np.var(s.scores, ddof=1)) if n > 1 else spread**2
        mean += weight * float(np.mean(s.scores))
        measuring = float(np.sum(np.square(s.errors))) / n**2
        variance += weight**2 * ((1.0 - n / s.size) * own / n + measuring)
    missing = 1.0 - covered / total
    return mean, float(np.sqrt((1.0 - missing) ** 2 * variance + missing**2 * spread**2))


def shrunk(mean: Floats, error: Floats) -> Shrunk:
    """Return sector means drawn towards their common mean: the more, the less sure they are.

    mean, error (sectors,): estimates and their standard errors. The variance between sectors is Paule's and Mandel's
    (J. Res. Natl. Bur. Stand. 87, 1982): that at which the weighted squares add up to one less than the sectors. An
    error of 0 is a mean that is known: it is not moved. Fewer than three sectors are left as they are.
    """
    mean, error = np.asarray(mean, dtype=np.float64), np.asarray(error, dtype=np.float64)
    count = len(mean)
    if count < 3:  # noqa: PLR2004  nothing can be learnt of a spread from two
        return Shrunk(mean.copy(), error.copy(), float("nan"), float(mean.mean()) if count else float("nan"))
    variance = np.maximum(error**2, 1e-12)

    def excess(between: float) -> float:
        weight = 1.0 / (variance + between)
        center = float((weight * mean).sum() / weight.sum())
        return float((weight * (mean - center) ** 2).sum()) - (count - 1)

    low, high = 0.0, float(np.var(mean, ddof=1)) * count + 1.0
    if excess(0.0) <= 0.0:
        high = 0.0
    for _ in range(STEPS):
        if high - low <= CLOSE * max(high, 1.0):
            break
        middle = 0.5 * (low + high)
        low, high = (middle, high) if excess(middle) > 0.0 else (low, middle)
    between = 0.5 * (low + high)
    weight = 1.0 / (variance + between)
    center = float((weight * mean).sum() / weight.sum())
    kept = between / (between + variance)
    # the center is estimated too: what is drawn towards it takes over some of its error
    posterior = kept * variance + (1.0 - kept) ** 2 / weight.sum()
    return Shrunk(center + kept * (mean - center), np.sqrt(posterior), float(np.sqrt(between)), center)


def bounds(means: Floats, counts: NDArray[np.int64], others: int) -> tuple[float, float]:
    """Return the lowest and the highest mean over all organisations, where `others` of them are of unknown sectors.

    means (sectors,): published means; counts (sectors,): how many organisations they are of, 0 = not published. What is
    not known may be anything: scores of others from 0 to 100, and any split of the others among the sectors of unknown
    count (each has at least one) and the rest.
    """
    means, counts = np.asarray(means, dtype=np.float64), np.asarray(counts, dtype=np.int64)
    unknown = means[counts == 0]
    free = others - len(unknown)
    if free < 0:
        raise ValueError(f"expected at least {len(unknown)} other organisations, one a sector of unknown count")
    known = float((means * counts).sum()) + float(unknown.sum())
    total = float(counts.sum() + others)
    return known / total, (known + 100.0 * free) / total
