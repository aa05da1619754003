"""What an incident has in common with each group, feature by feature and item by item, as arrays.

Every feature of a group is a sum over the incident's items, so that what each item says for or against it can be shown,
weighed by its grade, and taken away. Absence of an item from an incident is never scored: reports are never complete.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from noroshi.attribute.index import RARE, Index

__all__ = ["EVIDENCE", "PRIOR", "UNKNOWN", "Compared", "compared"]

Floats = NDArray[np.float64]

PRIOR = ("profile size", "sources", "recent sources", "weak recent sources", "weak sources")
"""Features of a group alone: how much is published of it, and how lately; "weak": where no telling software is seen."""
EVIDENCE = (
    "naive Bayes", "BM25", "cosine", "nearest report", "software rarity", "rarest software",
    "weak naive Bayes", "weak BM25", "weak cosine", "weak nearest report",
)  # fmt: skip
"""Features of an incident and a group: each the sum of parts, one an item."""
UNKNOWN = (
    "constant", "items", "software nobody holds", "software", "any software nobody holds", "no software",
    "software somebody holds", "techniques nobody holds", "best cosine", "best report", "best naive Bayes an item",
    "best BM25 an item", "own software", "rare software", "lead of the best cosine",
    "common techniques",
)  # fmt: skip
"""Features of an incident that speak for an actor who is not listed."""

SHRINK = 2.0
"""Naive Bayes: a profile counts as one observation against so many of the background."""
COMMON = 0.2
"""A technique that more than this share of groups use is common."""
K1, B = 1.2, 0.75
"""BM25's saturation and length normalisation (Robertson and Zaragoza 2009)."""


@dataclass(frozen=True, slots=True)
class Compared:
    """An incident beside G groups: prior (G, P), parts (G, m, E) for its m held items, unknown (U,).

    items: the ids of the m items; the others of the incident are held by nobody and say nothing for any group.
    """

    items: tuple[str, ...]
    prior: Floats
    parts: Floats
    unknown: Floats

    @property
    def features(self) -> Floats:
        """Return prior and evidence of each group, (G, P + E)."""
        return np.concatenate([self.prior, self.parts.sum(1)], axis=1)


def compared(index: Index, techniques: Sequence[str], software: Sequence[str]) -> Compared:
    """Return the comparison of an incident with every group. An item counts once, and in whatever order."""
    seen_t, seen_s = sorted(set(techniques)), sorted(set(software))
    held_t = [t for t in seen_t if t in index.items and index.holders[index.items[t]] > 0]
    held_s = [s for s in seen_s if s in index.items and index.holders[index.items[s]] > 0]
    at = np.array([index.items[item] for item in (*held_t, *held_s)], np.int64)
    is_software = np.arange(len(at)) >= len(held_t)
    missing = len(seen_t) + len(seen_s) - len(at)
    held, rarity, holders = index.held[:, at], index.rarity[at], index.holders[at]
    groups = len(index.groups)

    background = (holders + 0.5) / (groups + 1)
    bayes = np.log((held + SHRINK * background) / ((1.0 + SHRINK) * background))
    mean = float(index.size.mean()) if groups else 1.0
    long = K1 * (1.0 - B + B * index.size / max(mean, 1e-9))
    matched = held * rarity * (K1 + 1.0) / (held + long[:, None])
    length = float(np.sqrt((rarity * rarity).sum() + missing * index.unheld() ** 2)) or 1.0
    cosine = held * rarity**2 / (np.maximum(index.norm, 1e-9)[:, None] * length)
    nearest = nearest_report(index, at, rarity, length)
    own = held * rarity * is_software
    rarest = np.zeros_like(own)
    if own.size:
        best = own.argmax(1)
        rarest[np.arange(groups), best] = own[np.arange(groups), best]

    telling = bool((is_software & (holders <= RARE)).any())
    weak = 0.0 if telling else 1.0
    size, sources = np.log(np.maximum(index.size, 1.0)), np.log(np.maximum(index.sources, 1.0))
    recent = np.log1p(index.recent)
    parts = np.stack([bayes, matched, cosine, nearest, own, rarest, weak * bayes, weak * matched, weak * cosine,
                      weak * nearest], axis=2)  # fmt: skip
    few = held * (is_software & (holders <= RARE))
    common = float((~is_software & (holders > COMMON * groups)).sum())
    mine = (float((few * (holders == 1.0)).sum(1).max(initial=0.0)), float(few.sum(1).max(initial=0.0)))
    unknown = unknown_features(
        (len(seen_t), len(held_t)), (len(seen_s), len(held_s)), parts.sum(1), mine, common
    )  # fmt: skip
    prior = np.stack([size, sources, recent, weak * recent, weak * sources], axis=1)
    return Compared((*held_t, *held_s), prior, parts, unknown)


def nearest_report(index: Index, at: NDArray[np.int64], rarity: Floats, length: float) -> Floats:
    """Return the parts of the cosine with each group's most similar single report, (G, m)."""
    groups = len(index.groups)
    says = index.reports.says[:, at] * rarity**2
    near = says.sum(1) / (np.maximum(index.length, 1e-9) * length)
    order = np.lexsort((np.arange(len(near)), -near))
    _, first = np.unique(index.reports.group[order], return_index=True)
    best = order[first]
    parts = np.zeros((groups, len(at)))
    parts[index.reports.group[best]] = says[best] / (np.maximum(index.length[best], 1e-9) * length)[:, None]
    return parts


def unknown_features(
    techniques: tuple[int, int], software: tuple[int, int], totals: Floats, mine: tuple[float, float], common: float
) -> Floats:
    """Return the features of `UNKNOWN`, (U,), from (seen, held by anyone) of each class and each group's totals.

    mine: the most software that one group holds alone, and that few hold; common: techniques that many groups hold.
    """
    new_software = software[0] - software[1]
    best = totals.max(0, initial=0.0) if len(totals) else np.zeros(len(EVIDENCE))
    cosines = np.sort(totals[:, 2])[::-1] if len(totals) else np.zeros(0)
    lead = float(cosines[0] - cosines[1]) if len(cosines) > 1 else 0.0
    each = max(techniques[0] + software[0], 1)
    return np.array([
        1.0, np.log(each), np.log1p(new_software), np.log1p(software[0]), float(new_software > 0),
        float(software[0] == 0), np.log1p(software[1]), np.log1p(techniques[0] - techniques[1]), best[2], best[3],
        best[0] / each, best[1] / each, np.log1p(mine[0]), np.log1p(mine[1]), lead, np.log1p(common),
    ])  # fmt: skip
