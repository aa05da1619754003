"""From a score to its risk: relative first, annual chances second, control systems with a factor of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from noroshi.desk.odds import slopes
from noroshi.rate.probability import OUTCOMES, POPULATION_MEAN, access_factor, annual_probability, rate

if TYPE_CHECKING:
    from noroshi.flow.kernel import Floats

__all__ = ["BANDS", "risk"]

LEVELS = 64
TAILS = (0.05, 0.95)
BANDS = (("much_lower", 0.5), ("lower", 0.8), ("typical", 1.25), ("higher", 2.0), ("much_higher", np.inf))
"""Band of the relative rate of incidents, and what it is at most."""


def risk(mean: float, sd: float, digits: int = 3) -> dict[str, Any]:
    """Return the risk of an organisation of score `mean` with standard deviation `sd` (points of 100) as plain values.

    relative: its rate of incidents against that of the surveyed mean score; band: in words; annual: chance a year of
    each outcome; control_systems: that a harmful breach gets through to control systems as well, about which office
    surveys say nothing. Each with its mean and 5-95 % over the score, the slope and, for the last, the access factor.
    Correlational: organisations that score higher have had fewer incidents.
    """
    from scipy.special import ndtri

    z = ndtri((np.arange(LEVELS) + 0.5) / LEVELS)
    score = np.clip(mean + sd * z, 0.0, 100.0)[:, None]
    beta = slopes()[None, :]
    harm = annual_probability(score, beta, 1.0, "harm")
    relative = rate(score, beta, 1.0, "harm") / rate(POPULATION_MEAN, beta, 1.0, "harm")
    middle = float(np.median(relative))
    through = harm[:, :, None] * access_factor(z)[None, None, :]
    return {
        "relative": spread_of(relative, digits), "band": next(name for name, most in BANDS if middle <= most),
        "annual": {name: spread_of(annual_probability(score, beta, 1.0, name), digits) for name in OUTCOMES},
        "control_systems": spread_of(through, digits),
    }  # fmt: skip


def spread_of(values: Floats, digits: int) -> dict[str, float]:
    """Return the mean, median and 5-95 % points of equally likely values, to so many digits after the point."""
    low, high = np.quantile(values, TAILS)
    found = {"mean": values.mean(), "median": np.median(values), "low": low, "high": high}
    return {key: round(float(value), digits) for key, value in found.items()}
