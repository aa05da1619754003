"""How far a rank depends on how the score is made: on weights, on the way of adding up, on any single item.

Ranks are told as intervals. In each draw the items' weights are drawn anew around the catalogue's (Dirichlet, within
each kind), every organisation's items from their posteriors, and items are added up (arithmetic mean) or multiplied
(weighted geometric mean, in which a hole in one place cannot be filled by others): OECD, Handbook on Constructing
Composite Indicators, 2008, steps 6 and 7.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from noroshi.rate.catalogue import Catalogue
from noroshi.rate.score import Scored, item_quantiles

__all__ = ["Robustness", "robustness"]

Floats = NDArray[np.float64]
DRAWS = 1000
SEED = 20141124
CONCENTRATION = 4.0
"""Dirichlet concentration for each point of importance: an item's weight varies by about a third of itself."""
LEVELS = 64
LEAST = 0.01
"""The least level in a geometric mean: at 0 a single item would decide everything."""
TAILS = (0.05, 0.5, 0.95)
FULL = 100.0


@dataclass(frozen=True, slots=True)
class Robustness:
    """Ranks of organisations, 1 the best: low, middle, high (organisations,) are the 5, 50 and 95 % points.

    linear and geometric (organisations,): scores by either way of adding up, with the catalogue's weights; without
    (organisations, items): the score if an item were not asked; decisive (organisations,): the item whose leaving out
    moves the score most.
    """

    low: Floats
    middle: Floats
    high: Floats
    linear: Floats
    geometric: Floats
    without: Floats
    decisive: NDArray[np.int64]


def robustness(catalogue: Catalogue, scored: Scored, *, draws: int = DRAWS, seed: int = SEED) -> Robustness:
    """Return how robust scores and ranks of organisations are to how the score is made.

    Half of the draws add up, half multiply. What does not apply to an organisation (worth 0 points) is left out of its
    own score in all of them.
    """
    mean, points = scored.item_mean, scored.points
    counts = points > 0.0
    rng = np.random.default_rng(seed)
    levels = item_quantiles(mean, scored.item_sd, LEVELS)
    organisations, items = mean.shape
    ranks = np.empty((draws, organisations))
    place = np.arange(organisations)[:, None], np.arange(items)[None, :]
    for k in range(draws):
        level = levels[rng.integers(LEVELS, size=mean.shape), *place]
        weight = drawn_weights(catalogue, rng)
        score = total(catalogue, weight, level, counts, geometric=bool(k % 2))
        # of equal scores none is before the other: the mean of the ranks they share
        ranks[k] = ranked(score)
    low, middle, high = np.quantile(ranks, TAILS, axis=0)
    linear = total(catalogue, catalogue.importance, mean, counts, geometric=False)
    without = np.empty(mean.shape)
    for i in range(items):
        rest = counts.copy()
        rest[:, i] = False
        without[:, i] = total(catalogue, catalogue.importance, mean, rest, geometric=False)
    moved = np.abs(without - linear[:, None])
    return Robustness(
        low, middle, high, linear, total(catalogue, catalogue.importance, mean, counts, geometric=True), without,
        np.asarray(moved.argmax(axis=1), dtype=np.int64),
    )  # fmt: skip


def drawn_weights(catalogue: Catalogue, rng: np.random.Generator) -> Floats:
    """Return importances drawn around the catalogue's, (items,), each kind's adding up to what they do there."""
    weight = np.empty(len(catalogue.items))
    for mine in (catalogue.technical, ~catalogue.technical):
        if mine.any():
            own = catalogue.importance[mine]
            weight[mine] = rng.dirichlet(CONCENTRATION * own) * own.sum()
    return weight


def total(catalogue: Catalogue, weight: Floats, level: Floats, counts: NDArray[np.bool_], *, geometric: bool) -> Floats:
    """Return scores of 100, (organisations,), from levels (organisations, items), of the items that count.

    A kind of which nothing counts is worth nothing.
    """
    out = np.zeros(len(level))
    for mine, points in ((catalogue.technical, catalogue.technical_points),
                         (~catalogue.technical, catalogue.organisational_points)):  # fmt: skip
        use = np.where(counts & mine, weight, 0.0)
        whole = use.sum(axis=1)
        values = np.log(np.maximum(level, LEAST)) if geometric else level
        met = np.divide((use * values).sum(axis=1), whole, out=np.zeros(len(level)), where=whole > 0.0)
        out += points * np.where(whole > 0.0, np.exp(met) if geometric else met, 0.0)
    return out


def ranked(score: Floats) -> Floats:
    """Return ranks, 1 for the highest score; equal scores share the mean of theirs."""
    order = np.argsort(-score, kind="stable")
    ranks = np.empty(len(score))
    ranks[order] = np.arange(1, len(score) + 1)
    for value in np.unique(score):
        same = score == value
        if same.sum() > 1:
            ranks[same] = ranks[same].mean()
    return ranks
