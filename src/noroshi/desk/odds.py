"""Where the ratings meet the stress engine: scores and a threat become chances of breach."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from noroshi.errors import Fault, InputError
from noroshi.rate.ladder import scores
from noroshi.rate.probability import (
    ACCESS_MEDIAN,
    ACCESS_P90,
    POPULATION_MEAN,
    POPULATION_SPREAD,
    beta_at,
    period_probability,
)
from noroshi.stress.odds import SLOPES, Odds, cumulative, links

if TYPE_CHECKING:
    from noroshi.estate.model import Estate
    from noroshi.flow.kernel import Floats
    from noroshi.stress.model import Model
    from noroshi.stress.threat import Threat

OUTCOME = "harm"
"""The surveyed outcome that a compromise stands for: an incident with harm, 35.6 % of organisations a year."""
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(15)


def slopes() -> Floats:
    """Return the equally likely slopes of probability against score, (SLOPES,), steepness rising."""
    from scipy.special import ndtri

    return np.asarray(beta_at(ndtri((np.arange(SLOPES) + 0.5) / SLOPES)))


def odds_for(estate: Estate, model: Model, threat: Threat) -> Odds:
    """Return the chances of breach under `threat`: organisations in its sectors (all if it names none), and suppliers.

    A score is uncertain: each chance is the mean over its normal distribution, cut to 0-100. Organisations outside the
    threat's sectors are not attacked; suppliers serve every sector and always may be.
    """
    believed = scores(estate)
    own = estate.column("suppliers", "score")
    mean = np.concatenate([believed.mean, np.where(np.isnan(own), POPULATION_MEAN, own)])
    spread = np.concatenate([believed.spread, np.where(np.isnan(own), POPULATION_SPREAD, 0.0)])
    points = np.clip(mean[:, None] + spread[:, None] * NODES, 0.0, 100.0)
    chance = np.empty((SLOPES, len(mean)))
    for j, beta in enumerate(slopes()):
        once = period_probability(points, threat.period_days * threat.reach, beta, 1.0, OUTCOME)
        chance[j] = (once * WEIGHTS).sum(axis=1) / WEIGHTS.sum()
    if threat.sectors:
        aimed = np.isin(estate.column("organisations", "sector").astype(str), threat.sectors)
        chance[:, : len(aimed)] *= aimed
    first, system, reach, guarded = links(estate, model)
    return Odds(chance, first, system, reach, guarded, cumulative(threat.effects), ACCESS_MEDIAN, ACCESS_P90)


def attacked(estate: Estate, threat: Threat, odds: Odds) -> Odds:
    """Return the odds; InputError if nobody has a chance of breach, since no scenario can be drawn then."""
    if float(odds.chance.max(initial=0.0)) > 0.0:
        return odds
    has = ", ".join(estate.ids("sectors")) or "no sector"
    fault = Fault(
        "bad-threat", file=threat.id, column="sectors", found=", ".join(threat.sectors) or "all sectors",
        expected=f"at least one organisation or supplier to attack; the estate {estate.meta.id} has {has}",
        remedy="name sectors that have organisations in the estate, or none to mean all of them",
    )  # fmt: skip
    raise InputError([fault])
