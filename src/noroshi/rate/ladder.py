"""The ladder of sectors against the pass mark, and the score that each organisation brings into an ensemble."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from noroshi.estate.model import Estate
from noroshi.rate.probability import POPULATION_MEAN, POPULATION_SPREAD

__all__ = [
    "LEAST_SHOWN", "PASS_MARK", "VERDICTS", "Rung", "Scores", "banded", "ladder", "public_ladder", "scores", "verdict",
]  # fmt: skip

PASS_MARK = 72.0
"""Pass mark of the published survey, in points of 100."""

LEAST_SHOWN = 10
"""Organisations with own scores below which their mean is shown to their own ministry only."""

BANDS = np.sort(np.outer(10.0 ** np.arange(-9, 1), (1.0, 2.0, 5.0)).ravel())
"""Chances that are told of single organisations: next to each other they differ by 17 points of score or more."""

VERDICTS = ("pass", "fail", "evidence needed")
Z95 = 1.6448536269514722
HIGHEST = 100.0


@dataclass(frozen=True, slots=True)
class Rung:
    """One sector on the ladder: its mean score with a 90 % interval, what it is based on, and the verdict.

    `basis` is "published" (a survey), "assumed" (nothing better is known) or "own" (the mean of `rated` of the
    sector's `organisations`, from their own scores).
    """

    id: str
    name_en: str
    name_ja: str
    authority: str
    authority_ja: str
    score: float
    low: float
    high: float
    spread: float
    basis: str
    verdict: str
    organisations: int
    rated: int


@dataclass(frozen=True, slots=True)
class Scores:
    """What is believed of each organisation's score, in table order: mean, standard deviation, and if it is its own."""

    mean: NDArray[np.float64]
    spread: NDArray[np.float64]
    own: NDArray[np.bool_]


def verdict(low: float, high: float, mark: float = PASS_MARK) -> str:
    """Return "pass" if all of [low, high] reaches the mark, "fail" if none of it does, else "evidence needed"."""
    return VERDICTS[0] if low >= mark else VERDICTS[1] if high < mark else VERDICTS[2]


def ladder(estate: Estate) -> tuple[Rung, ...]:
    """Return a rung for every sector of the estate, in table order.

    Where organisations of the sector have own scores, the rung is their mean. Its interval has their measuring errors
    (taken as independent) and, for those that have no score, the finite-population sampling error of n out of N with
    the sector's spread (Cochran, Sampling Techniques, 2.6). Otherwise it is what the sectors table says.
    """
    mark = estate.meta.benchmark.pass_mark if estate.meta.benchmark else PASS_MARK
    sector_of = estate.column("organisations", "sector")
    believed = scores(estate)
    rows = estate.frame("sectors").to_dicts()
    return tuple(rung(row, believed, sector_of == row["id"], estate, mark) for row in rows)


def public_ladder(estate: Estate) -> tuple[Rung, ...]:
    """Return the ladder as readers outside the ministries may see it, in table order.

    A sector of which fewer than `LEAST_SHOWN` organisations have own scores shows none of them: its rung is what is
    published or assumed of it, as if nobody were rated. A mean that the sectors table calls "own" is no publication.
    """
    found = []
    believed, sector_of = scores(estate), estate.column("organisations", "sector")
    mark = estate.meta.benchmark.pass_mark if estate.meta.benchmark else PASS_MARK
    for row, one in zip(estate.frame("sectors").to_dicts(), ladder(estate), strict=True):
        if one.rated >= LEAST_SHOWN:
            found.append(one)
            continue
        told = {**row, "score": None, "score_low": None, "score_high": None} if row["score_basis"] == "own" else row
        nobody = Scores(believed.mean, believed.spread, np.zeros_like(believed.own))
        found.append(rung(told, nobody, sector_of == row["id"], estate, mark))
    return tuple(found)


def banded(chance: NDArray[np.float64], own: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return chances of breach (organisations,) as they may be told: where the score is `own`, the nearest of `BANDS`.

    A chance to many digits is a score to many digits. Nearest by ratio; 0 stays 0.
    """
    near = np.abs(np.log(np.maximum(chance, BANDS[0]))[:, None] - np.log(BANDS[BANDS <= 1.0])).argmin(axis=1)
    return np.where(own & (chance > 0.0), BANDS[near], chance)


def rung(row: dict[str, Any], believed: Scores, members: NDArray[np.bool_], estate: Estate, mark: float) -> Rung:
    """Return the rung of one sector: its row, what is believed of all organisations, and which are its members."""
    own = members & believed.own
    count, rated = int(members.sum()), int(own.sum())
    score, spread = said(row, estate)
    basis = str(row["score_basis"]) if row["score"] is not None else "assumed"
    if rated:
        score = float(believed.mean[own].mean())
        measuring = float((believed.spread[own] ** 2).sum()) / rated**2
        sampling = (1.0 - rated / count) * spread**2 / rated
        reach = Z95 * math.sqrt(measuring + sampling)
        low, high, basis = score - reach, score + reach, "own"
    else:
        # A published mean is what it is; of an assumed one nothing is known but the spread between organisations.
        reach = 0.0 if basis == "published" else spread
        low = score - reach if row["score_low"] is None else float(row["score_low"])
        high = score + reach if row["score_high"] is None else float(row["score_high"])
    low, high = max(0.0, low), min(HIGHEST, high)
    words = (row["name_en"], row["name_ja"], row["authority"] or "", row["authority_ja"] or row["authority"] or "")
    return Rung(row["id"], *words, score, low, high, spread, basis, verdict(low, high, mark), count, rated)


def said(row: dict[str, Any], estate: Estate) -> tuple[float, float]:
    """Return the sector's mean and spread from its row; without a score, the benchmark's overall mean."""
    overall = estate.meta.benchmark.overall if estate.meta.benchmark else POPULATION_MEAN
    score = overall if row["score"] is None else row["score"]
    spread = POPULATION_SPREAD if row["score_spread"] is None else row["score_spread"]
    return float(score), float(spread)


def scores(estate: Estate) -> Scores:
    """Return the score of every organisation as a mean and a standard deviation, in table order.

    Its own score where it has one, with the standard deviation of its 90 % interval (without an interval: a quarter of
    the sector's spread); else its sector's mean and the spread between the sector's organisations.
    """
    sectors = {row["id"]: said(row, estate) for row in estate.frame("sectors").to_dicts()}
    fallback = said({"score": None, "score_spread": None}, estate)
    prior = [sectors.get(name, fallback) for name in estate.column("organisations", "sector")]
    mean = np.array([one[0] for one in prior], dtype=np.float64)
    spread = np.array([one[1] for one in prior], dtype=np.float64)
    score, low, high = (estate.column("organisations", name) for name in ("score", "score_low", "score_high"))
    own = ~np.isnan(score)
    width = np.where(np.isnan(high - low), spread / 4.0, (high - low) / (2.0 * Z95))
    return Scores(np.where(own, score, mean), np.where(own, width, spread), own)
