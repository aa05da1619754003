"""What a campaign and a cascade add to the score of the worst incident: always shown as additions, never hidden in it.

NCISS judges one incident at one organisation: it puts one hospital above a worm in eighty of them. So two additions
close part of the distance to 100, by formulas of our own:

    campaign  (100 - s) * m / (m + 10)    s the worst score, m the sum of the other scores / 100
    cascade   (100 - c) * h / (h + H)     c = s + campaign, h person-hours below floor at others than the victims,
                                          H = 24,000,000: a million people for a day

Ten other incidents of 100 points, or H, close half of the distance. Nothing is added for one incident without cascade;
the sum stays at or below 100; a worse score, another incident or more person-hours never lower it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from noroshi.respond.nciss import FULL, Interval

__all__ = ["HALF_CAMPAIGN", "HALF_CASCADE", "Uplift", "uplift"]

HALF_CAMPAIGN = 10.0
"""Sum of the other scores / 100 that closes half of the distance to 100: our choice."""
HALF_CASCADE = 24_000_000.0
"""Person-hours below floor that close half of what is left then: a million people for a day; our choice."""


class Uplift(NamedTuple):
    """The worst incident's score, what the campaign and the cascade add, and the sum; each an interval.

    cascade is None where nobody computed it: then nothing is added, and that is to be said.
    """

    worst: Interval
    campaign: Interval
    cascade: Interval | None
    total: Interval


def uplift(scores: Sequence[Interval], person_hours: Interval | None = None) -> Uplift:
    """Return what is to be added for a campaign of incidents with these scores, and for what it takes down elsewhere.

    person_hours: below floor, at others than the victims, from a stress run. ValueError without a score, or for
    negative hours. The sum's interval holds the sum of every choice within the given intervals, since it rises with
    each of them.
    """
    if not scores:
        msg = "no incident has a score"
        raise ValueError(msg)
    if person_hours is not None and not 0.0 <= person_hours.low <= person_hours.high:
        msg = f"person-hours are not negative, and rise: {person_hours}"
        raise ValueError(msg)
    lows = _sums([one.low for one in scores], person_hours.low if person_hours else 0.0)
    highs = _sums([one.high for one in scores], person_hours.high if person_hours else 0.0)
    worst, campaign, cascade, total = (Interval(*pair) for pair in zip(lows, highs, strict=True))
    # An addition may be smaller where the score is higher, as less is left to close: so its ends are put in order.
    campaign, cascade = (Interval(min(one), max(one)) for one in (campaign, cascade))
    return Uplift(worst, campaign, None if person_hours is None else cascade, total)


def _sums(scores: Sequence[float], hours: float) -> tuple[float, float, float, float]:
    """Return the worst score, what the others add, what the cascade adds, and the sum."""
    worst = max(scores)
    others = max(sum(scores) - worst, 0.0) / FULL
    campaign = (FULL - worst) * others / (others + HALF_CAMPAIGN)
    left = FULL - worst - campaign
    cascade = left * hours / (hours + HALF_CASCADE)
    return worst, campaign, cascade, min(worst + campaign + cascade, FULL)
