"""From findings to a probability of every hypothesis, and what each finding adds to each: the scorer.

A hypothesis is a group of the knowledge base or "not listed". Its score is its prior and the sum of what each finding
says for it, each times how far the finding is believed; probabilities are the softmax of the scores.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from noroshi.attribute.evidence import BEHAVIOUR, CLASSES, Finding, share_of_ratio
from noroshi.attribute.features import PRIOR, Compared, compared
from noroshi.attribute.index import Index
from noroshi.attribute.logit import Fitted

__all__ = ["NO_EVIDENCE_UNKNOWN", "UNLISTED", "Calibration", "Model", "Scored", "score", "utilities"]

Floats = NDArray[np.float64]

UNLISTED = "unknown"
"""The hypothesis that the actor is none of the groups that are known."""
NO_EVIDENCE_UNKNOWN = 0.44
"""P(unknown) where nothing speaks: the share of recorded incidents with no known initiator (design, attribute.md)."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """What earlier predictions taught: scores are divided by `temperature`, `shift` is added to that of the unknown."""

    temperature: float = 1.0
    shift: float = 0.0


@dataclass(frozen=True, slots=True)
class Model:
    """A trained scorer: weights, calibration, and the share of unknown actors among what it was trained on."""

    logit: Fitted
    calibration: Calibration = field(default_factory=Calibration)
    unknown_share: float = NO_EVIDENCE_UNKNOWN


@dataclass(frozen=True, slots=True)
class Scored:
    """The scores of H hypotheses, the last of them "unknown": prior (H,) and parts (H, N) of N findings.

    supports (H, N): that the finding is published of the group, or favours it; holders (N,): of how many groups it is.
    """

    hypotheses: tuple[str, ...]
    findings: tuple[Finding, ...]
    prior: Floats
    parts: Floats
    supports: NDArray[np.bool_]
    holders: Floats

    @property
    def weights(self) -> Floats:
        """Return how far each finding is believed by its grade, (N,)."""
        return np.array([one.weight for one in self.findings])

    def scores(self, weights: Floats | None = None) -> Floats:
        """Return the score of each hypothesis, (H,), by the grades or by other weights of the findings."""
        total: Floats = self.prior + self.parts @ (self.weights if weights is None else weights)
        return total

    def posterior(self, weights: Floats | None = None) -> Floats:
        """Return the probability of each hypothesis, (H,); they sum to 1."""
        return softmax(self.scores(weights))

    def cautious(self, leader: int) -> float:
        """Return the leader's probability where what speaks for it counts by its grade, what speaks against it in full.

        So no lower grade of anything raises it.
        """
        ahead = self.parts[leader] - self.parts
        counted = np.maximum(ahead, 0.0) @ self.weights + np.minimum(ahead, 0.0).sum(1)
        margin = self.prior[leader] - self.prior + counted
        return float(1.0 / np.exp(np.minimum(-margin, 700.0)).sum())


def softmax(scores: Floats) -> Floats:
    """Return probabilities of scores."""
    raised = np.exp(scores - scores.max())
    shares: Floats = raised / raised.sum()
    return shares


def utilities(model: Model, beside: Compared) -> Floats:
    """Return the calibrated scores of an incident at full weight, the last of them the unknown's, (G + 1,)."""
    groups = beside.features @ np.array(model.logit.groups)
    unknown = float(beside.unknown @ np.array(model.logit.unknown))
    scores: Floats = np.append(groups, unknown) / model.calibration.temperature
    scores[-1] += model.calibration.shift
    return scores


def score(
    model: Model, index: Index, found: Sequence[Finding], unknown_prior: float | None = None,
    nexus: Mapping[str, str] | None = None,
) -> Scored:  # fmt: skip
    """Return the scores of what was found. `nexus`: of each group, for findings that favour a nexus.

    At full weight of techniques and software the scores are those of the trained model; where none of it is believed,
    only priors are left, and `NO_EVIDENCE_UNKNOWN` of the unknown. `unknown_prior` replaces the share of unknown actors
    that the model was trained on.
    """
    behaviour = [one for one in found if one.kind in BEHAVIOUR]
    techniques = [one.id for one in behaviour if one.kind == "technique"]
    software = [one.id for one in behaviour if one.kind == "software"]
    beside = compared(index, techniques, software)
    weights = np.array(model.logit.groups)
    groups, size = len(index.groups), len(found)
    heat = model.calibration.temperature
    prior = np.append(beside.prior @ weights[: len(PRIOR)] / heat, 0.0)
    rest = NO_EVIDENCE_UNKNOWN if unknown_prior is None else unknown_prior
    prior[-1] = log_odds(rest) + log_sum(prior[:-1])
    parts, supports, holders = np.zeros((groups + 1, size)), np.zeros((groups + 1, size), np.bool_), np.zeros(size)
    place = {(item in index.items and bool(index.software[index.items[item]]), item): k
             for k, item in enumerate(beside.items)}  # fmt: skip
    told = beside.parts @ weights[len(PRIOR) :] / heat
    moved = 0.0 if unknown_prior is None else log_odds(unknown_prior) - log_odds(model.unknown_share)
    against = 0.0
    if behaviour:
        unknown = float(beside.unknown @ np.array(model.logit.unknown)) / heat + model.calibration.shift + moved
        against = (unknown - prior[-1]) / len(behaviour)
    ties = nexus or dict(zip(index.groups, index.nexus, strict=True))
    for k, one in enumerate(found):
        if one.kind in BEHAVIOUR:
            parts[-1, k] = against
            at = place.get((one.kind == "software", one.id))
            if at is not None:
                parts[:-1, k] = told[:, at]
                supports[:-1, k] = index.held[:, index.items[one.id]] > 0
                holders[k] = index.holders[index.items[one.id]]
        else:
            favoured = np.array([g in one.favours or ties.get(g, "") in one.favours for g in index.groups], np.bool_)
            parts[:-1, k] = favoured * share_of_ratio(found, one)
            supports[:-1, k] = favoured & (CLASSES[one.kind].ratio > 1.0)
            holders[k] = favoured.sum()
    return Scored((*index.groups, UNLISTED), tuple(found), prior, parts, supports, holders)


def log_odds(share: float) -> float:
    """Return the logarithm of the odds of a probability, away from 0 and 1 by a millionth."""
    kept = min(max(share, 1e-6), 1.0 - 1e-6)
    return float(np.log(kept / (1.0 - kept)))


def log_sum(scores: Floats) -> float:
    """Return the logarithm of the sum of exponentials; very low where there is none."""
    if not len(scores):
        return -700.0
    top = float(scores.max())
    return top + float(np.log(np.exp(scores - top).sum()))
