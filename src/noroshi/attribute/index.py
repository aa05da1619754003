"""The profiles of all groups as arrays: who holds what, how rare it is, how often and how lately each was reported."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from noroshi.attribute.knowledge import Knowledge, profiles

__all__ = ["RARE", "Index", "Reports", "index_of", "without_group", "without_report"]

RECENT_DAYS = 3 * 365.25
"""A source that was first cited within this time counts as recent."""
RARE = 3
"""Software that at most so many groups are said to use is held to be their own, not shared or rented."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Reports:
    """Each source of each group as a set of items: (reports,) its group and name, (reports, items) what it says."""

    group: NDArray[np.int64]
    source: tuple[str, ...]
    says: NDArray[np.bool_]
    recent: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Index:
    """The profiles as arrays, G groups and I items.

    times (G, I): by how many sources an item is said of a group; held (G, I): 1 where it is said at all; holders (I,);
    rarity (I,): ln((G + 1) / (holders + 1/2)); size (G,): items held; norm (G,): length of the row of rarities;
    length (R,): the same of each report; sources and recent (G,): sources in all, and those of the last three years.
    """

    groups: tuple[str, ...]
    nexus: tuple[str, ...]
    items: dict[str, int]
    software: NDArray[np.bool_]
    times: Floats
    reports: Reports
    held: Floats
    holders: Floats
    rarity: Floats
    size: Floats
    norm: Floats
    length: Floats
    sources: Floats
    recent: Floats

    def unheld(self) -> float:
        """Return the rarity of what no group holds."""
        return float(np.log((len(self.groups) + 1) / 0.5))


def index_of(knowledge: Knowledge) -> Index:
    """Return the index of all groups in `knowledge`; the order of groups and items is that of their ids."""
    found = profiles(knowledge)
    names = sorted({item for profile in found for item in profile.items})
    items = {item: k for k, item in enumerate(names)}
    times = np.zeros((len(found), len(items)))
    rows: dict[tuple[int, str], list[int]] = {}
    for g, profile in enumerate(found):
        for item, sources in profile.items.items():
            times[g, items[item]] = len(sources)
            for source in sources:
                rows.setdefault((g, source), []).append(items[item])
    keys = sorted(rows)
    says = np.zeros((len(keys), len(items)), dtype=np.bool_)
    for r, key in enumerate(keys):
        says[r, rows[key]] = True
    ages = [(knowledge.as_of - knowledge.sources.get(source, knowledge.as_of)).days for _, source in keys]
    recent = np.array([source in knowledge.sources for _, source in keys], np.bool_) & (np.array(ages) < RECENT_DAYS)
    reports = Reports(np.array([g for g, _ in keys], np.int64), tuple(source for _, source in keys), says, recent)
    nexus = tuple(knowledge.actors[profile.group].nexus for profile in found)
    software = np.array([name in knowledge.software for name in names], np.bool_)
    return derived(tuple(p.group for p in found), nexus, items, software, times, reports)


def derived(  # noqa: PLR0913  what everything else follows from
    groups: tuple[str, ...], nexus: tuple[str, ...], items: dict[str, int], software: NDArray[np.bool_], times: Floats,
    reports: Reports,
) -> Index:  # fmt: skip
    """Return the index with everything that follows from the counts."""
    held = (times > 0.0).astype(np.float64)
    holders = held.sum(0)
    rarity = np.log((len(groups) + 1) / (holders + 0.5))
    squared = rarity * rarity
    return Index(
        groups, nexus, items, software, times, reports, held, holders, rarity,
        held.sum(1),
        np.sqrt(held @ squared),
        np.sqrt(reports.says @ squared),
        np.bincount(reports.group, minlength=len(groups)).astype(np.float64),
        np.bincount(reports.group, reports.recent, minlength=len(groups)).astype(np.float64),
    )  # fmt: skip


def without_report(index: Index, report: int) -> Index:
    """Return the index as if this report had never been cited; its group stays, if with an empty profile."""
    keep = np.arange(len(index.reports.group)) != report
    times = index.times.copy()
    times[index.reports.group[report]] -= index.reports.says[report]
    return derived(index.groups, index.nexus, index.items, index.software, times, kept(index.reports, keep))


def without_group(index: Index, group: int) -> Index:
    """Return the index as if nothing were known of this group."""
    stay = np.arange(len(index.groups)) != group
    left = kept(index.reports, index.reports.group != group)
    shifted = Reports(left.group - (left.group > group), left.source, left.says, left.recent)
    groups = tuple(g for k, g in enumerate(index.groups) if k != group)
    nexus = tuple(n for k, n in enumerate(index.nexus) if k != group)
    return derived(groups, nexus, index.items, index.software, index.times[stay], shifted)


def kept(reports: Reports, keep: NDArray[np.bool_]) -> Reports:
    """Return the reports that stay."""
    source = tuple(s for s, stays in zip(reports.source, keep.tolist(), strict=True) if stays)
    return Reports(reports.group[keep], source, reports.says[keep], reports.recent[keep])
