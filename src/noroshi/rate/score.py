"""A score of 100 with its 90 % interval and a verdict, from graded evidence on each item.

Item i: θ ~ Beta(κ'm' + n·a, κ'(1 − m') + n(1 − a)): a the answers' mean, n what they are worth as observations, m' the
mean of its peers, moved by how much better or worse than its peers this organisation is on what is known of it.
S = Σ pᵢθᵢ with the items' points p.

That movement is one normal quality Z behind all items, with correlation ρ between any two, such that with no evidence S
spreads as the sector does; its mean is the linear Bayes estimate (Bühlmann and Straub, ASTIN Bulletin 5, 1970) and its
variance stays in the interval. Taken as independent, 26 small pulls towards the peers make one large one.
What is only claimed may be over-claimed, by an amount common to all claims, known with an error.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from noroshi.rate.catalogue import Catalogue
from noroshi.rate.evidence import GRADES, Evidence
from noroshi.rate.ladder import PASS_MARK

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "KAPPA",
    "SURE",
    "Peers",
    "Scored",
    "Verdicts",
    "earned",
    "pass_probability",
    "score",
    "settling",
    "verdicts",
]

KAPPA = 2.0
"""Observations that the peers' mean is worth: items of one sector differ by about 0.3."""
SURE = 0.9
"""Probability from which on a verdict is given."""
TAIL = 0.05
FULL = 100.0
LEAST = 0.02
"""How near to 0 and 1 a belief about peers may go."""
DRAWS = 4096
SEED = 20141124
"""Of the deviates behind `pass_probability`: the same for everyone, so that better evidence cannot lose by luck."""
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Peers:
    """What is believed before any answer: mean (organisations, items) or (items,), 0-1, over-claim taken off already.

    spread (organisations,) or a number: standard deviation of S between organisations, points. overclaim and its
    standard deviation are those of self-assessed answers, as seen in audited pairs.
    """

    mean: Floats
    spread: Floats | float
    overclaim: float = 0.0
    overclaim_sd: float = 0.05


@dataclass(frozen=True, slots=True)
class Scored:
    """Scores of organisations: each (organisations,) in points, and by item (organisations, items).

    low, high: 5 % and 95 % points of S; reach: P(S >= mark) of the displayed posterior. item_mean and item_sd are of
    θ; part: each item's share of the variance of S; points: what each item is worth.
    """

    mean: Floats
    technical: Floats
    organisational: Floats
    sd: Floats
    low: Floats
    high: Floats
    reach: Floats
    item_mean: Floats
    item_sd: Floats
    part: Floats
    points: Floats


def part_claimed(evidence: Evidence) -> Floats:
    """Return which part of what is known of each item is only claimed, 0-1."""
    known = evidence.strength > 0.0
    return np.divide(evidence.claimed, evidence.strength, out=np.zeros_like(evidence.strength), where=known)


def honest(evidence: Evidence, peers: Peers) -> Floats:
    """Return the answers with the over-claim taken off the claims, 0-1."""
    return np.clip(evidence.level - peers.overclaim * part_claimed(evidence), 0.0, 1.0)


def score(catalogue: Catalogue, evidence: Evidence, peers: Peers, mark: float = PASS_MARK) -> Scored:
    """Return the scores of the organisations of `evidence`, all at once.

    The distribution of S is the Beta on 0-100 with its mean and variance.
    """
    from scipy.special import betainc, betaincinv

    n, level, claimed = evidence.strength, honest(evidence, peers), part_claimed(evidence)
    points = catalogue.points(~evidence.left_out)
    prior = np.broadcast_to(peers.mean, level.shape)
    rho = common(catalogue, peers)[:, None]
    kappa = (KAPPA + 1.0) / (1.0 - rho) - 1.0
    pull = kappa / (kappa + n)
    loading = np.sqrt(rho * prior * (1.0 - prior) / (KAPPA + 1.0))
    weight = np.where(evidence.left_out, 0.0, rho / (1.0 - rho) * (1.0 - pull))
    surprise = np.divide(level - prior, loading, out=np.zeros_like(level), where=loading > 0.0)
    z_variance = 1.0 / (1.0 + weight.sum(axis=1, keepdims=True))
    z = (weight * surprise).sum(axis=1, keepdims=True) * z_variance
    moved = np.clip(prior + loading * z, LEAST, 1.0 - LEAST)
    alpha, beta = kappa * moved + n * level, kappa * (1.0 - moved) + n * (1.0 - level)
    mean = alpha / (alpha + beta)
    own = mean * (1.0 - mean) / (alpha + beta + 1.0)
    quality, over = points * loading * pull, points * (1.0 - pull) * claimed * peers.overclaim_sd
    variances = (
        points**2 * own
        + quality * quality.sum(axis=1, keepdims=True) * z_variance
        + over * over.sum(axis=1, keepdims=True)
    )  # fmt: skip
    variance, center, worth = variances.sum(axis=1), (points * mean).sum(axis=1), points.sum(axis=1)
    scale = np.where(worth > 0.0, worth, FULL)
    a, b = beta_with(center / scale, variance / scale**2)
    return Scored(
        mean=center,
        technical=(points * mean * catalogue.technical).sum(axis=1),
        organisational=(points * mean * ~catalogue.technical).sum(axis=1),
        sd=np.sqrt(variance),
        low=scale * betaincinv(a, b, TAIL),
        high=scale * betaincinv(a, b, 1.0 - TAIL),
        reach=1.0 - betainc(a, b, np.minimum(mark / scale, 1.0)),
        item_mean=mean,
        item_sd=np.sqrt(own + (loading * pull) ** 2 * z_variance),
        part=np.divide(variances, variance[:, None], out=np.zeros_like(variances), where=variance[:, None] > 0.0),
        points=points,
    )


def beta_with(mean: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """Return the parameters of the Beta distributions with these means and variances, as near as there are any."""
    room = mean * (1.0 - mean)
    size = np.maximum(room / np.clip(variance, 1e-12, 0.999 * room + 1e-12) - 1.0, 1e-6)
    return np.maximum(mean * size, 1e-9), np.maximum((1.0 - mean) * size, 1e-9)


def item_quantiles(mean: Floats, sd: Floats, count: int) -> Floats:
    """Return equally likely levels of items from their posteriors' means and standard deviations, (count, ...)."""
    from scipy.special import betaincinv

    alpha, beta = beta_with(mean, sd**2)
    at = (np.arange(count) + 0.5) / count
    return np.asarray(betaincinv(alpha, beta, at.reshape(-1, *[1] * np.ndim(mean))))


def common(catalogue: Catalogue, peers: Peers) -> Floats:
    """Return ρ (organisations,): how far items go together so that without evidence S spreads as the sector does."""
    prior = np.atleast_2d(peers.mean)
    each = catalogue.points() * np.sqrt(prior * (1.0 - prior) / (KAPPA + 1.0))
    apart, together = (each**2).sum(axis=1), each.sum(axis=1) ** 2
    wanted = np.square(np.atleast_1d(np.asarray(peers.spread, dtype=np.float64)))
    return np.asarray(np.clip((wanted - apart) / np.maximum(together - apart, 1e-12), 0.0, 1.0))


def earned(catalogue: Catalogue, evidence: Evidence, peers: Peers, s: int) -> Floats:
    """Return the points that each item earns in each draw for organisation s on evidence alone, (items, DRAWS).

    Evidenced is what somebody else could check; a mere claim is not, nor that an item does not apply unless a third
    party says so, and of what a scanner can measure neither is a document: such items earn 0, and what has faded below
    one observation counts in proportion. An item's posterior is moved by its own evidence only, or a bad answer would
    weigh on the others and to withdraw it would help. Each θ is its quantile at deviates that are the same for
    everyone: a better answer moves every draw up, withdrawing evidence every draw down.
    """
    from scipy.special import betaincinv, ndtr

    level, n = evidence.shown[s], evidence.firm[s]
    prior = np.broadcast_to(peers.mean, evidence.level.shape)[s]
    held = prior * np.minimum(n, 1.0)
    alpha, beta = KAPPA * held + n * level, KAPPA * (1.0 - held) + n * (1.0 - level)
    points = catalogue.points(~evidence.accepted[s])
    rho = common(catalogue, peers)
    share = rho[s if len(rho) > 1 else 0] * KAPPA / (KAPPA + n)
    deviates = np.random.default_rng(SEED).standard_normal((len(catalogue.items) + 1, DRAWS))
    found = np.zeros((len(catalogue.items), DRAWS))
    for i in np.flatnonzero((n > 0.0) & ~evidence.left_out[s]):
        u = ndtr(np.sqrt(share[i]) * deviates[-1] + np.sqrt(1.0 - share[i]) * deviates[i])
        found[i] = points[i] * betaincinv(alpha[i], beta[i], u)
    return found


def pass_probability(catalogue: Catalogue, evidence: Evidence, peers: Peers, mark: float = PASS_MARK) -> Floats:
    """Return P(S >= mark) on evidence alone, (organisations,): neither better evidence nor silence can cheat it."""
    return np.array(
        [(earned(catalogue, evidence, peers, s).sum(axis=0) >= mark).mean() for s in range(len(evidence.level))]
    )


@dataclass(frozen=True, slots=True)
class Verdicts:
    """The verdict on one organisation, the probability behind it, and the items that would settle it."""

    verdict: str
    p_pass: float
    would_settle: tuple[str, ...]


def verdicts(
    catalogue: Catalogue, evidence: Evidence, peers: Peers, scored: Scored, mark: float = PASS_MARK
) -> tuple[Verdicts, ...]:
    """Return pass if P >= 0.9 on evidence alone, fail if P <= 0.1 with all that is believed, else what settles it."""
    chance = pass_probability(catalogue, evidence, peers, mark)
    out = []
    for s, p in enumerate(chance.tolist()):
        if p >= SURE:
            out.append(Verdicts("pass", p, ()))
        elif scored.reach[s] <= 1.0 - SURE:
            out.append(Verdicts("fail", p, ()))
        else:
            out.append(Verdicts("evidence needed", p, settling(catalogue, evidence, scored, s)))
    return tuple(out)


def settling(catalogue: Catalogue, evidence: Evidence, scored: Scored, s: int) -> tuple[str, ...]:
    """Return the items to measure first, by share of the variance of S: those that together make half of it."""
    able = ~evidence.left_out[s] & (evidence.strength[s] < GRADES["measured"])
    order: Sequence[int] = [int(i) for i in np.argsort(-scored.part[s], kind="stable") if able[i]]
    reached = np.cumsum(scored.part[s][order])
    return tuple(catalogue.items[i].id for i in order[: int(np.searchsorted(reached, 0.5)) + 1])
