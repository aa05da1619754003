"""From a score to a chance of being breached; correlational, and every screen that shows it says so.

An organisation of score S has incidents at a rate of lambda0·exp(−beta·r·(S − 58.5)) a year: a point of score divides
the rate by exp(beta·r). beta comes from three vendor studies (grade F against A: 13.8, 4 and 6.4 times the incidents);
r is the reliability of the score's evidence; lambda0 makes the mean over the surveyed population, S ~ N(58.5, 20),
equal the share of organisations with that outcome within a year (Trend Micro Japan 2014, n = 1,175: 778 = 66.2 %).
With r = 0 the score says nothing and everyone has the population's share.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "ACCESS_MEDIAN", "ACCESS_P90", "BETA_MEDIAN", "BETA_SIGMA", "OUTCOMES", "POPULATION_MEAN", "POPULATION_SPREAD",
    "access_factor", "annual_probability", "base_rate", "beta_at", "over_days", "period_probability", "rate",
]  # fmt: skip

OUTCOMES = {"any": 0.662, "harm": 0.356, "significant": 0.093}
"""Share of organisations that had within a year: any incident, one with harm, a publicly significant one."""

POPULATION_MEAN, POPULATION_SPREAD = 58.5, 20.0
"""Mean score of the published survey; the standard deviation is our assumption."""

BETA_MEDIAN, BETA_SIGMA = 0.041, 0.53
"""The slope per point of score: LogNormal(ln 0.041, 0.53)."""

ACCESS_MEDIAN, ACCESS_P90 = 0.2, 0.5
"""From a breach of the office to a hold on the plant: the chance of that second step, drawn widely."""

DAYS_A_YEAR = 365.0
Z90 = 1.2815515655446004
STEPS = 60
CLOSE = 1e-13

Floats = NDArray[np.float64]
# The trapezium rule converges geometrically for a Gaussian times an analytic function; 0.1 apart it is exact to 1e-10
# for slopes up to 0.2, where Gauss–Hermite of the same size is not.
NODES: Floats = np.linspace(-8.5, 8.5, 171)
WEIGHTS: Floats = np.exp(-0.5 * NODES**2) / np.exp(-0.5 * NODES**2).sum()


def outcome_share(outcome: str | float) -> float:
    """Return the share of organisations of a named outcome, or the given share; ValueError for anything else."""
    share = OUTCOMES.get(outcome, math.nan) if isinstance(outcome, str) else float(outcome)
    if not 0.0 < share < 1.0:
        raise ValueError(f"expected a share between 0 and 1 or one of {', '.join(OUTCOMES)}; found {outcome!r}")
    return share


def base_rate(outcome: str | float, beta: ArrayLike) -> Floats:
    """Return lambda0 (incidents a year at the mean score) for each slope in `beta` (per point, >= 0), same shape.

    It solves mean over S ~ N(58.5, 20) of 1 − exp(−lambda0·exp(−beta·(S − 58.5))) = outcome, by Newton's method on
    ln lambda0. ValueError for a slope that is negative or not finite.
    """
    share = outcome_share(outcome)
    slopes = np.atleast_1d(np.asarray(beta, dtype=np.float64))
    if not np.all(np.isfinite(slopes) & (slopes >= 0.0)):
        raise ValueError("expected slopes that are finite and not negative")
    tilt = -POPULATION_SPREAD * slopes[..., None] * NODES
    log_rate = np.full(slopes.shape, math.log(-math.log1p(-share)))
    for _ in range(STEPS):
        hazard = np.exp(log_rate[..., None] + tilt)
        none = np.exp(-hazard)
        gap = (1.0 - none) @ WEIGHTS - share
        # A full Newton step may overshoot where the curve is flat; e² a step is far enough anywhere.
        step = np.clip(gap / np.maximum((hazard * none) @ WEIGHTS, 1e-300), -2.0, 2.0)
        log_rate -= step
        if np.max(np.abs(step), initial=0.0) < CLOSE:
            break
    solved: Floats = np.exp(log_rate)
    return solved.reshape(np.shape(beta))


def rate(
    score: ArrayLike, beta: ArrayLike = BETA_MEDIAN, reliability: ArrayLike = 1.0, outcome: str | float = "any"
) -> Floats:
    """Return incidents a year for scores (0-100), broadcast against slopes and reliabilities (0-1)."""
    slope = np.asarray(beta, dtype=np.float64) * np.asarray(reliability, dtype=np.float64)
    points = np.asarray(score, dtype=np.float64) - POPULATION_MEAN
    found: Floats = base_rate(outcome, slope) * np.exp(-slope * points)
    return found


def annual_probability(
    score: ArrayLike, beta: ArrayLike = BETA_MEDIAN, reliability: ArrayLike = 1.0, outcome: str | float = "any"
) -> Floats:
    """Return the chance of at least one incident within a year; arguments broadcast, the result is in [0, 1]."""
    return period_probability(score, DAYS_A_YEAR, beta, reliability, outcome)


def period_probability(
    score: ArrayLike,
    days: ArrayLike,
    beta: ArrayLike = BETA_MEDIAN,
    reliability: ArrayLike = 1.0,
    outcome: str | float = "any",
) -> Floats:
    """Return the chance of at least one incident within `days`; arguments broadcast, the result is in [0, 1]."""
    years = np.asarray(days, dtype=np.float64) / DAYS_A_YEAR
    chance: Floats = -np.expm1(-rate(score, beta, reliability, outcome) * years)
    return chance


def over_days(annual: ArrayLike, days: ArrayLike) -> Floats:
    """Return the chance within `days` of what happens with probability `annual` within a year, at a constant rate."""
    years = np.asarray(days, dtype=np.float64) / DAYS_A_YEAR
    chance: Floats = 1.0 - np.power(1.0 - np.asarray(annual, dtype=np.float64), years)
    return chance


def beta_at(z: ArrayLike) -> Floats:
    """Return the slope per point of score at the standard normal deviates `z`; 0 gives the median."""
    slope: Floats = BETA_MEDIAN * np.exp(BETA_SIGMA * np.asarray(z, dtype=np.float64))
    return slope


def access_factor(z: ArrayLike) -> Floats:
    """Return the chance that a breached organisation's OT system is reached too, at the standard normal deviates `z`.

    Lognormal with median 0.2 and 90 % point 0.5, cut at 1. Office-IT surveys say nothing about control systems; this
    width is our assumption.
    """
    sigma = math.log(ACCESS_P90 / ACCESS_MEDIAN) / Z90
    factor: Floats = np.minimum(1.0, ACCESS_MEDIAN * np.exp(sigma * np.asarray(z, dtype=np.float64)))
    return factor
