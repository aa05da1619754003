"""One thing from several sources: groups of ids with every reason, built from what one viewer sees and nothing else.

A union of ids (union-find) along what people said, then along the rules of `merging_keys`, the surest first; what
people hold apart, or facts contradict, is never joined, by whatever way round. All is done in the order of ids and
keys, so that the order in which members are given makes no difference, and taking a judgement back restores exactly
what was before it.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from noroshi.share.merging_keys import RULES, Key

__all__ = ["Apart", "Group", "Judgement", "Link", "Member", "merged"]


class Member(msgspec.Struct, frozen=True):
    """An object by id: its keys, and facts that must not differ within one thing."""

    id: str
    keys: tuple[Key, ...] = ()
    facts: tuple[Key, ...] = ()


class Judgement(msgspec.Struct, frozen=True):
    """A person's word that two ids are the same thing, or are not; of one pair the latest counts."""

    uid: str
    same: bool
    a: str
    b: str
    at: int


class Link(msgspec.Struct, frozen=True):
    """Why two ids are one: a rule, and what is the same by it (for a judgement its uid)."""

    a: str
    b: str
    rule: str
    text: str


class Apart(msgspec.Struct, frozen=True):
    """Why two ids are not one though a rule would join them; by: the uid of a judgement, or the fact that differs."""

    a: str
    b: str
    rule: str
    by: str


class Group(msgspec.Struct, frozen=True):
    """One thing: its ids in order, why they are one, and what was held apart from it."""

    ids: tuple[str, ...]
    links: tuple[Link, ...]
    apart: tuple[Apart, ...]


class _Union:
    """The union as it grows: a mutable class, since every step depends on all before."""

    def __init__(self, members: dict[str, Member], apart: dict[frozenset[str], str]) -> None:
        self.parent = {name: name for name in members}
        self.within = {name: {name} for name in members}
        self.facts = {name: dict(one.facts) for name, one in members.items()}
        self.held: dict[str, dict[str, str]] = {}
        for pair, uid in apart.items():
            for a, b in (sorted(pair), sorted(pair, reverse=True)):
                self.held.setdefault(a, {})[b] = uid

    def root(self, name: str) -> str:
        while self.parent[name] != name:
            self.parent[name] = self.parent[self.parent[name]]
            name = self.parent[name]
        return name

    def barred(self, a: str, b: str, *, judged: bool) -> str:
        """Return what keeps the things of two ids apart, "" for nothing."""
        a, b = self.root(a), self.root(b)
        if a == b:
            return ""
        theirs = self.within[b]
        uids = [uid for one in self.within[a] for other, uid in self.held.get(one, {}).items() if other in theirs]
        if uids:
            return min(uids)
        differ = [name for name, text in self.facts[a].items() if self.facts[b].get(name, text) != text]
        return "" if judged else min(differ, default="")

    def join(self, a: str, b: str) -> None:
        a, b = sorted((self.root(a), self.root(b)))
        if a != b:
            self.parent[b] = a
            self.within[a] |= self.within.pop(b)
            self.facts[a] = {**self.facts.pop(b), **self.facts[a]}


def merged(members: Iterable[Member], judgements: Iterable[Judgement] = ()) -> tuple[Group, ...]:
    """Return every thing, in the order of its first id. Members of one id are one; words about others are not heard."""
    known: dict[str, Member] = {}
    for one in members:
        was = known.get(one.id, Member(one.id))
        known[one.id] = Member(one.id, tuple(sorted({*was.keys, *one.keys})), tuple(sorted({*was.facts, *one.facts})))
    counts = latest(known, judgements)
    union = _Union(known, {pair: one.uid for pair, one in counts.items() if not one.same})
    links: list[Link] = []
    apart: list[Apart] = []
    for said in sorted((one for one in counts.values() if one.same), key=lambda one: (one.at, one.uid)):
        attempt(union, Link(min(said.a, said.b), max(said.a, said.b), "judged", said.uid), links, apart)
    by_key: dict[Key, list[str]] = {}
    for name in sorted(known):
        for key in known[name].keys:
            by_key.setdefault(key, []).append(name)
    order = {rule: k for k, rule in enumerate(RULES)}
    for (rule, text), names in sorted(by_key.items(), key=lambda item: (order[item[0][0]], item[0][1])):
        first = [names[0]]
        for name in names[1:]:
            if not any(attempt(union, Link(one, name, rule, text), links, apart) for one in first):
                first.append(name)
    return grouped(known, union, links, apart)


def latest(known: dict[str, Member], judgements: Iterable[Judgement]) -> dict[frozenset[str], Judgement]:
    """Return the judgement that counts of each pair, of pairs of which both are known."""
    found: dict[frozenset[str], Judgement] = {}
    for one in sorted(judgements, key=lambda one: (one.at, one.uid)):
        if one.a in known and one.b in known and one.a != one.b:
            found[frozenset((one.a, one.b))] = one
    return found


def attempt(union: _Union, link: Link, links: list[Link], apart: list[Apart]) -> bool:
    """Join two ids, or note what keeps them apart; return whether they are one."""
    by = union.barred(link.a, link.b, judged=link.rule == "judged")
    if by:
        apart.append(Apart(link.a, link.b, link.rule, by))
        return False
    union.join(link.a, link.b)
    links.append(link)
    return True


def grouped(known: dict[str, Member], union: _Union, links: list[Link], apart: list[Apart]) -> tuple[Group, ...]:
    """Return the things of a union with their reasons."""
    ids: dict[str, list[str]] = {}
    for name in sorted(known):
        ids.setdefault(union.root(name), []).append(name)
    whys: dict[str, list[Link]] = {}
    for link in links:
        whys.setdefault(union.root(link.a), []).append(link)
    kept: dict[str, list[Apart]] = {}
    for one in apart:
        for root in {union.root(one.a), union.root(one.b)}:
            kept.setdefault(root, []).append(one)
    return tuple(
        Group(tuple(names), tuple(whys.get(root, ())), tuple(kept.get(root, ()))) for root, names in ids.items()
    )
