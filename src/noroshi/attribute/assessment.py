"""One assessment: ranked hypotheses, nexus, guard, what flips it, forged shares, what would settle it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from noroshi.attribute.evidence import BEHAVIOUR, CLASSES, Evidence, Finding, findings
from noroshi.attribute.flips import flips_when_removed
from noroshi.attribute.guard import USUAL, Check, Terms, guard
from noroshi.attribute.index import Index
from noroshi.attribute.scoring import UNLISTED, Model, Scored, score

__all__ = ["FORGED", "Assessment", "Forged", "Settling", "assess", "known_items", "nexus_shares"]

Floats = NDArray[np.float64]

FORGED = (0.0, 0.1, 0.3)
"""Shares of the evidence that may be forged; each class is forgeable to its own degree."""
PRIORS = (0.25, 0.44, 0.6)
"""P(unknown) before the evidence, for the band of sensitivity."""
NOT_STATED = "not stated"
SETTLING = 3


@dataclass(frozen=True, slots=True)
class Forged:
    """The leader where a share of the evidence may be forged, and P(unknown)."""

    leader: str
    probability: float
    unknown: float


@dataclass(frozen=True, slots=True)
class Settling:
    """An item that is not in evidence, whose it is, and the probability of that group if it were found at B2."""

    kind: str
    id: str
    of: str
    now: float
    then: float


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the evidence carries, and no more. `asserted`: a group, or None where the guard does not hold.

    flips: labels of the smallest set whose removal changes the leading group, None where none does; band: for each
    prior of `PRIORS`, P(leader) and P(unknown).
    """

    scored: Scored
    shares: Floats
    leader: int
    nexus: tuple[tuple[str, float], ...]
    checks: tuple[Check, ...]
    asserted: str | None
    flips: tuple[str, ...] | None
    forged: tuple[tuple[float, Forged], ...]
    band: tuple[tuple[float, float, float], ...]
    settling: tuple[Settling, ...]
    unrecognised: tuple[str, ...]


def known_items(found: Sequence[Finding], index: Index) -> tuple[str, ...]:
    """Return the labels of techniques and software that no group of the index holds."""
    return tuple(one.label for one in found if one.kind in BEHAVIOUR and one.id not in index.items)


def assess(model: Model, index: Index, evidence: Evidence, terms: Terms = USUAL, *, brief: bool = False) -> Assessment:
    """Return the assessment of `evidence`; `brief` leaves out what only explains: flips, forged shares, what settles.

    The claims of others are not scored: they are kept apart from our own finding.
    """
    found = tuple(one for one in findings(evidence.items) if one.kind != "claim")

    def rescore(left: Sequence[Finding]) -> Scored:
        return score(model, index, left, terms.unknown_prior)

    scored = rescore(found)
    shares = scored.posterior()
    leader = int(shares[:-1].argmax()) if len(shares) > 1 else 0
    checks = guard(scored, leader, rescore, terms) if len(shares) > 1 else ()
    holds = bool(checks) and all(check.holds for check in checks)
    flips = None if brief else flips_when_removed(scored, rescore)
    return Assessment(
        scored,
        shares,
        leader,
        nexus_shares(index, shares),
        checks,
        scored.hypotheses[leader] if holds else None,
        None if flips is None else tuple(found[k].label for k in flips),
        () if brief else tuple((share, forged_posterior(scored, share)) for share in FORGED),
        () if brief else tuple(band(model, index, found, leader, prior) for prior in PRIORS),
        () if brief else settling(model, index, found, shares, terms.unknown_prior),
        known_items(found, index),
    )


def nexus_shares(index: Index, shares: Floats) -> tuple[tuple[str, float], ...]:
    """Return the probability of each nexus, the most likely first; of unlisted actors as "unknown".

    Groups of whom no nexus is published count as `NOT_STATED`.
    """
    total: dict[str, float] = {UNLISTED: float(shares[-1])}
    for nexus, share in zip(index.nexus, shares[:-1].tolist(), strict=True):
        total[nexus or NOT_STATED] = total.get(nexus or NOT_STATED, 0.0) + share
    return tuple(sorted(total.items(), key=lambda one: (-one[1], one[0])))


def forged_posterior(scored: Scored, share: float) -> Forged:
    """Return who leads where each finding is believed by its grade times 1 - forgeability of its class · share."""
    trust = np.array([1.0 - CLASSES[one.kind].forgeable * share for one in scored.findings])
    shares = scored.posterior(scored.weights * trust)
    if len(shares) == 1:
        return Forged("", 0.0, 1.0)
    leader = int(shares[:-1].argmax())
    return Forged(scored.hypotheses[leader], float(shares[leader]), float(shares[-1]))


def band(model: Model, index: Index, found: Sequence[Finding], leader: int, prior: float) -> tuple[float, float, float]:
    """Return a prior of the unknown with P(leader) and P(unknown) under it."""
    shares = score(model, index, found, prior).posterior()
    return prior, float(shares[leader]) if len(shares) > 1 else 0.0, float(shares[-1])


def settling(
    model: Model, index: Index, found: Sequence[Finding], shares: Floats, unknown_prior: float | None
) -> tuple[Settling, ...]:
    """Return what would move the two leading groups most if it were found: their rarest items that are not in evidence.

    Of software and techniques each, since they are found in different ways and at different cost.
    """
    seen = {one.id for one in found}
    names = list(index.items)
    told = []
    for g in np.lexsort((np.arange(len(shares) - 1), -shares[:-1]))[:2].tolist():
        for software in (True, False):
            rows = [k for k in np.flatnonzero((index.held[g] > 0) & (index.software == software)).tolist()
                    if names[k] not in seen]  # fmt: skip
            rows.sort(key=lambda k: (-index.rarity[k], names[k]))
            for k in rows[: SETTLING - 1]:
                kind = "software" if software else "technique"
                extra = Finding(kind, names[k], names[k], (), 1.0, (), ())
                then = score(model, index, sorted([*found, extra], key=lambda one: (one.kind, one.label)),
                             unknown_prior).posterior()  # fmt: skip
                told.append(Settling(kind, names[k], index.groups[g], float(shares[g]), float(then[g])))
    told.sort(key=lambda one: (one.now - one.then, one.kind, one.id))
    return tuple(told)


def without(evidence: Evidence, labels: Sequence[str]) -> Evidence:
    """Return the evidence without items of these labels."""
    return replace(evidence, items=tuple(item for item in evidence.items if item.label not in labels))
