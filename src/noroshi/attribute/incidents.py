"""What a later release reports for the first time, as incidents whose published attribution is known: the test.

Temporal and by source, never by row: an incident is a report first cited in the later release by one group, or a new
campaign. Its truth is what the later release says, so what is measured is agreement with published vendor attribution.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from noroshi.attribute.knowledge import Knowledge, Use

__all__ = ["LEAST_ITEMS", "Incident", "first_reported", "within"]

LEAST_ITEMS = 3
"""Techniques and software that an incident has at least to be counted; fewer say nothing of who it was."""


@dataclass(frozen=True, slots=True)
class Incident:
    """One incident: what was seen, and which group it is published as.

    id: the report's source or the campaign's id; truth: a group, "" for a campaign that nobody is said to be behind;
    known: that group has a profile in the earlier release; forget: sources that the profile must do without.
    """

    id: str
    kind: str
    truth: str
    known: bool
    techniques: tuple[str, ...]
    software: tuple[str, ...]
    day: date
    forget: frozenset[str] = frozenset()

    @property
    def size(self) -> int:
        """Return how many techniques and software it has."""
        return len(self.techniques) + len(self.software)


def first_reported(old: Knowledge, new: Knowledge, least: int = LEAST_ITEMS) -> tuple[Incident, ...]:
    """Return the incidents that `new` reports and `old` does not, in the order of their ids.

    `old` is in the terms of `new` (`Knowledge.in_terms_of`). Reports that several groups share are left out, and those
    that only a new campaign cites, since the campaign itself is counted.
    """
    candidates = set(old.groups)
    fresh = {a.id for a in new.actors.values() if a.is_campaign and a.id not in old.actors}
    by_source: dict[str, list[Use]] = defaultdict(list)
    by_campaign: dict[str, list[Use]] = defaultdict(list)
    for use in new.uses:
        if use.actor in fresh:
            by_campaign[use.actor].append(use)
        for source in use.sources:
            if source not in old.sources and "/" in source:
                by_source[source].append(use)
    found = []
    for source, uses in by_source.items():
        owners = {group for use in uses for group in new.held_by(use.actor) or (use.actor,)}
        if len(owners) == 1 and not all(use.actor in fresh for use in uses):
            (owner,) = owners
            truth = "" if new.actors[owner].is_campaign else owner
            day = new.sources.get(source, new.as_of)
            found.append(Incident(source, "report", truth, truth in candidates, *items_of(uses, new), day))
    for campaign, uses in by_campaign.items():
        held = new.held_by(campaign)
        known = [group for group in held if group in candidates]
        truth = (known or [*held, ""])[0]
        told = frozenset(new.actors[campaign].sources).union(*(use.sources for use in uses))
        days = [new.sources[source] for source in told if source in new.sources]
        day = max(days, default=new.as_of)
        found.append(Incident(campaign, "campaign", truth, truth in candidates, *items_of(uses, new), day, told))
    return tuple(sorted((one for one in found if one.size >= least), key=lambda one: one.id))


def items_of(uses: list[Use], knowledge: Knowledge) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the techniques and the software of these uses, each once, sorted."""
    items = {use.item for use in uses}
    return tuple(sorted(items - knowledge.software)), tuple(sorted(items & knowledge.software))


def within(
    knowledge: Knowledge, days: tuple[date, ...], least: int = LEAST_ITEMS
) -> Mapping[date, tuple[Incident, ...]]:
    """Return, for each of `days` but the last, the incidents first reported between it and the next one.

    From one release alone, by the dates of what it says: the past of a knowledge base whose old releases are not at
    hand. What was removed from it since is missing, so this serves to train on, never to evaluate.
    """
    found = {}
    for start, end in pairwise(days):
        found[start] = first_reported(knowledge.at(start), knowledge.at(end), least)
    return found
