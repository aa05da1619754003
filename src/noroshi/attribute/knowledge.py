"""What is published of groups: who is said to use what, by which source and since when, as of a date.

Of MITRE ATT&CK as STIX: intrusion sets, campaigns, "uses" and "attributed-to" relations. Ids are ATT&CK's own (G0032,
T1566.001, S0154); what was revoked goes by the id that replaced it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

__all__ = ["Actor", "Knowledge", "Profile", "Use", "profiles"]


@dataclass(frozen=True, slots=True)
class Use:
    """That an actor is said to use a technique or software, by these sources; `created` in the knowledge base."""

    actor: str
    item: str
    sources: tuple[str, ...]
    created: date | None = None


@dataclass(frozen=True, slots=True)
class Actor:
    """A group, or a campaign with the groups that it is attributed to; `nexus` as the published description says."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    nexus: str = ""
    created: date | None = None
    attributed_to: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def is_campaign(self) -> bool:
        """Say whether it is a campaign: ATT&CK's ids of campaigns begin with C."""
        return self.id.startswith("C")


@dataclass(frozen=True)
class Knowledge:
    """One release of what is published.

    name: of the release; as_of: its day; names: of techniques and software by id; software: which of these are such;
    renamed: id that was revoked -> the id that replaced it; sources: source -> the day on which it was first cited.
    """

    name: str
    as_of: date
    actors: Mapping[str, Actor]
    uses: tuple[Use, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    software: frozenset[str] = frozenset()
    renamed: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, date] = field(default_factory=dict)

    @cached_property
    def groups(self) -> tuple[str, ...]:
        """Return the ids of the groups of which anything is known, sorted: those that can be candidates."""
        known = {group for use in self.uses for group in self.held_by(use.actor)}
        return tuple(sorted(known))

    def held_by(self, actor: str) -> tuple[str, ...]:
        """Return the groups whose profile a use of `actor` counts for: itself, or whom a campaign is attributed to."""
        one = self.actors.get(actor)
        if one is None:
            return ()
        if not one.is_campaign:
            return (actor,)
        return tuple(sorted(group for group in one.attributed_to if group in self.actors))

    def current(self, item: str) -> str:
        """Return the id that `item` goes by now; itself where it was not revoked."""
        return self.renamed.get(item, item)

    def at(self, day: date) -> Knowledge:
        """Return what was known on `day`: uses made by then whose sources had been cited by then, and their actors.

        A use that names no source counts from the day it was made, one without a day as if it had always been there.
        """
        if day >= self.as_of:
            return self
        uses = []
        for use in self.uses:
            if use.created is not None and use.created > day:
                continue
            cited = tuple(s for s in use.sources if self.sources.get(s, day) <= day)
            if cited or not use.sources:
                uses.append(replace(use, sources=cited))
        actors = {k: a for k, a in self.actors.items() if a.created is None or a.created <= day}
        uses = [use for use in uses if use.actor in actors]
        sources = {source: since for source, since in self.sources.items() if since <= day}
        return replace(self, as_of=day, actors=actors, uses=tuple(uses), sources=sources)

    def in_terms_of(self, later: Knowledge) -> Knowledge:
        """Return the same with the ids that `later` uses for the same things: who was merged or renumbered since."""
        new = later.renamed

        def now(name: str) -> str:
            return new.get(name, name)

        actors: dict[str, Actor] = {}
        for actor in self.actors.values():
            if now(actor.id) != actor.id and now(actor.id) in self.actors:
                continue
            groups = tuple(sorted({now(group) for group in actor.attributed_to}))
            actors[now(actor.id)] = replace(actor, id=now(actor.id), attributed_to=groups)
        return replace(
            self,
            actors=actors,
            uses=tuple(replace(use, actor=now(use.actor), item=now(use.item)) for use in self.uses),
            names={now(item): name for item, name in self.names.items()},
            software=frozenset(map(now, self.software)),
            renamed={**{old: now(name) for old, name in self.renamed.items()}, **new},
        )

    def without_sources(self, sources: frozenset[str]) -> Knowledge:
        """Return it without what only these sources say: a use that cites another as well stays, without them."""
        uses = []
        for use in self.uses:
            left = tuple(s for s in use.sources if s not in sources)
            if left or not use.sources:
                uses.append(replace(use, sources=left) if len(left) < len(use.sources) else use)
        return replace(self, uses=tuple(uses))


@dataclass(frozen=True, slots=True)
class Profile:
    """What is published of one group: item -> its sources, and the last day on which it was reported anew."""

    group: str
    items: Mapping[str, frozenset[str]]
    sources: frozenset[str]
    newest: date | None
    since: date | None


def profiles(knowledge: Knowledge) -> tuple[Profile, ...]:
    """Return the profile of every group, in the order of their ids; campaigns count for those they are attributed to.

    A use without sources has the one source "", so that it counts as said once.
    """
    items: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    days: dict[str, list[date]] = defaultdict(list)
    for use in knowledge.uses:
        for group in knowledge.held_by(use.actor):
            items[group][use.item].update(use.sources or ("",))
            if use.created is not None:
                days[group].append(use.created)
            days[group].extend(knowledge.sources[s] for s in use.sources if s in knowledge.sources)
    found = []
    for group in knowledge.groups:
        held = {item: frozenset(items[group][item]) for item in sorted(items[group])}
        found.append(
            Profile(
                group, held, frozenset().union(*held.values()), max(days[group], default=None),
                min(days[group], default=None),
            )
        )  # fmt: skip
    return tuple(found)
