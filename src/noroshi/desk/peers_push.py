"""What is pushed to a partner hub: only what its own principal is told of here, and why each object goes or stays.

A rehearsal runs the same code and sends nothing, so that it shows exactly what would leave.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from noroshi.desk.classing import reached
from noroshi.desk.ledger import Handed, deliver
from noroshi.desk.receiving import known_definitions
from noroshi.share.headers import CONTAINERS, Header, header
from noroshi.share.inheritance import Node, Passed, spread
from noroshi.share.markings import TLP_1, TLP_2, Marking, all_of, own_marking
from noroshi.share.policy import LEAVES, ONWARD, Facts, Going, carried, decide, refused, unseen
from noroshi.share.reading import check
from noroshi.share.reasons import Reason
from noroshi.share.release import ReleaseClass, visible
from noroshi.share.taxii import Query
from noroshi.store import peers as kept
from noroshi.store.peers import PUSH, Fact, Moved
from noroshi.wire.taxii_client import longest_envelope, send

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from noroshi.desk.peers import Outcome, Partner
    from noroshi.store.contract import Collection, Listed

__all__ = ["push", "rehearsed"]

PAGE = 250
"""Rows that are decided together, and the most objects of an envelope."""
SHELL = len(b'{"objects":[]}')
DEEPEST = 8
"""How many steps of inheritance are followed to what binds an object."""
WELL_KNOWN = TLP_1.keys() | TLP_2.keys()
ALL = Query(last=False, every=True)
Key = tuple[str, bytes]


class Chosen(NamedTuple):
    """One row that the partner's principal is told of: where, what, the rule that decides, what it is as it goes."""

    row: Listed
    sha: bytes
    rule: str
    going: Going


@dataclass(slots=True)
class Pushing:
    """A push at work: what binds at the other side by now, and what is remembered between pages."""

    partner: Partner
    collection: Collection
    passed: dict[str, Passed] = field(default_factory=dict)
    explained: set[str] = field(default_factory=set)
    known: dict[int, dict[str, Marking]] = field(default_factory=dict)
    others: frozenset[int] = frozenset()
    containers: dict[str, set[str]] | None = None
    done: set[Key] = field(default_factory=set)

    def told(self, query: Query) -> tuple[Listed, ...]:
        """Return what the partner's principal is told, by the same door as when it asks."""
        partner = self.partner
        return partner.hub.page(partner.principal, self.collection, query, "objects").page.rows

    def chosen(self, rows: Sequence[Listed]) -> list[Chosen]:
        """Return what is to become of rows that are told, but for whether what binds them would bind them there."""
        store, peer = self.partner.hub.store, self.partner.peer.no
        ids = sorted({row.id for row in rows})
        facts: dict[Key, list[Fact]] = {}
        for fact in kept.facts(store, self.collection.no, ids):
            facts.setdefault((fact.id, fact.sha), []).append(fact)
        sent = kept.sent_already(store, peer, ids) | self.done
        heads = [(row, read) for row in rows if (read := head_of(row)) is not None]
        agreed = self.agreed({end for _, head in heads for end in head.ends})
        found = []
        for row, head in heads:
            key = (row.id, hashlib.sha256(row.body).digest())
            those = facts.get(key, [])
            seen = [fact for fact in those if visible(self.partner.rights, ReleaseClass.from_key(fact.release))]
            if seen:  # else it was taken away or classed anew meanwhile
                rule, going = self.one(head, those, seen, sent=key in sent, joins=agreed.issuperset(head.ends))
                found.append(Chosen(row, key[1], rule, going))
        return found

    def agreed(self, ids: set[str]) -> set[str]:
        """Return which of these ids the partner is told of and may have, by some row of theirs."""
        partner = self.partner
        return {
            fact.id for fact in kept.facts(partner.hub.store, self.collection.no, sorted(ids))
            if not unseen(partner.rights, released := ReleaseClass.from_key(fact.release))
            and not refused(partner.policy, fact.id.partition("--")[0], released)
            and (fact.source not in self.others or (released.tlp is not None and released.tlp <= ONWARD))
        }  # fmt: skip

    def one(
        self, head: Header, facts: list[Fact], seen: list[Fact], *, sent: bool, joins: bool
    ) -> tuple[str, Going]:  # fmt: skip
        """Return the rule for one row and what it is as it goes; seen: those facts that the partner may see."""
        partner = self.partner
        markings = (ReleaseClass.from_key(fact.release) for fact in seen)
        strict = all_of(Marking(one.tlp, one.communities) for one in markings)
        released = ReleaseClass(strict.tlp, strict.communities)
        came = any(fact.source == partner.principal.no for fact in facts)
        passed_on = all(fact.source in self.others for fact in seen)
        known = Facts(head.type, released, told=True, came=came, passed_on=passed_on, sent=sent, joins=joins)
        rule = decide(partner.policy, partner.rights, known)
        return rule, Going(head, self.own(head, seen[0].source), released)

    def own(self, head: Header, source: int) -> Marking:
        """Return what an object's own markings ask, by the definitions of its source."""
        if source not in self.known:
            self.known[source] = known_definitions(self.partner.hub.store.definitions(source))
        return own_marking(head, self.known[source])

    def binds(self, some: Iterable[Chosen]) -> bool:
        """Remember what objects pass on and explain at the other side, now that they are there; say if that is new."""
        nodes = [Node(one.going.header, one.going.own) for one in some]
        earlier = {name: self.passed[name] for name in reached(nodes) if name in self.passed}
        after = spread(nodes, earlier)
        said = {node.header.id for node in nodes if node.header.type == "marking-definition"} - self.explained
        self.passed |= after
        self.explained |= said
        return bool(said) or after != earlier

    def ready(self, one: Chosen) -> bool:
        """Return whether an object would arrive explained, and as strict as it is here."""
        refs = one.going.header.markings + one.going.header.granular
        return all(ref in WELL_KNOWN or ref in self.explained for ref in refs) and carried(one.going, self.passed)

    def steps(self, page: list[Chosen]) -> Iterator[list[Chosen]]:
        """Yield what goes together, so that whatever binds or explains an object goes before it.

        Whoever sends what is yielded says so with `binds` before the next step. What cannot be bound is left.
        """
        fetched = {(one.row.id, one.sha) for one in page}
        waiting = [one for one in page if one.rule == LEAVES]
        self.binds(one for one in page if one.rule == "sent-before")
        refs = {ref for one in waiting for ref in one.going.header.markings + one.going.header.granular}
        waiting += self.more(sorted(refs - WELL_KNOWN - self.explained), fetched)[0]
        depth = 0
        while waiting:
            step = [one for one in waiting if self.ready(one)]
            if step:
                taken = set(map(id, step))
                waiting = [one for one in waiting if id(one) not in taken]
                yield step
                continue
            depth += 1
            more, bound = self.more(self.referrers({one.row.id for one in waiting}), fetched)
            if depth > DEEPEST or not (more or bound):
                return
            waiting += more

    def more(self, ids: list[str], fetched: set[Key]) -> tuple[list[Chosen], bool]:
        """Return rows of some ids that may leave too, and whether those that are there already bind anything new."""
        found: list[Chosen] = []
        bound = False
        for some in kept.chunks(ids):
            chosen = self.chosen(self.told(replace(ALL, ids=tuple(some))))
            fresh = [one for one in chosen if (one.row.id, one.sha) not in fetched]
            fetched |= {(one.row.id, one.sha) for one in fresh}
            bound |= self.binds(one for one in fresh if one.rule == "sent-before")
            found += [one for one in fresh if one.rule == LEAVES]
        return found, bound

    def referrers(self, ids: set[str]) -> list[str]:
        """Return the ids of containers and relationships that name some of these."""
        if self.containers is None:
            self.containers = self.contents()
        joined = kept.joining(self.partner.hub.store, self.collection.no, sorted(ids))
        return sorted({*joined, *(name for one in ids for name in self.containers.get(one, ()))})

    def contents(self) -> dict[str, set[str]]:
        """Return of each id the containers that hold it, of those that are told."""
        found: dict[str, set[str]] = {}
        query = replace(ALL, types=tuple(sorted(CONTAINERS)), limit=PAGE)
        while rows := self.told(query):
            for row in rows:
                head = head_of(row)
                for name in head.contains if head else ():
                    found.setdefault(name, set()).add(row.id)
            query = replace(query, added_after=rows[-1].seq)
        return found


def head_of(row: Listed) -> Header | None:
    """Return the header of a row; None where it can no longer be read, which then stays."""
    value = check(row.body)
    head = value if isinstance(value, Reason) else header(value)
    return None if isinstance(head, Reason) else head


def begun(partner: Partner) -> Pushing:
    """Return a push that is about to begin; PeerFault where the partner's principal may not read the collection."""
    _, collection = partner.place(partner.peer.outof, write=False)
    store = partner.hub.store
    found = {one.principal: store.principal(one.principal) for one in kept.known_peers(store)}
    others = {said[0].no for said in found.values() if said is not None} - {partner.principal.no}
    return Pushing(partner, collection, others=frozenset(others))


def push(partner: Partner, outcome: Outcome, *, again: bool, said: Callable[[int], None]) -> None:
    """Send a partner what it may have and has not, and say in `outcome` what became of it.

    The place moves when all of a page is there; what a lost answer leaves in doubt is sent again, and taken once.
    PeerFault (wire/asking.py) for what the partner does wrong.
    """
    work = begun(partner)
    there, now = partner.begun(PUSH, again=again)
    longest = longest_envelope(partner.asker)
    while rows := work.told(replace(ALL, added_after=int(now.place or 0), limit=PAGE)):
        for step in work.steps(work.chosen(rows)):
            for some, too_long in envelopes(step, longest):
                no = (*too_long, *delivered(work, some))
                failed = {name for name, _, _ in no}
                taken = [] if "" in failed else [one for one in some if one.row.id not in failed]
                sent = [(one.row.id, one.sha) for one in taken]
                after = partner.reached(replace(now, done=now.done + len(taken), refused=now.refused + len(no)))
                kept.moved(partner.hub.store, partner.peer.no, Moved(PUSH, there, after, no), sent).result()
                there = now = after
                work.binds(taken)
                work.done.update(sent)
                outcome.done += len(taken)
                outcome.refuse(no)
                said(outcome.done)
        after = partner.reached(replace(now, place=str(rows[-1].seq)))
        kept.moved(partner.hub.store, partner.peer.no, Moved(PUSH, there, after)).result()
        there = now = after
    kept.moved(partner.hub.store, partner.peer.no, Moved(PUSH, there, partner.reached(now))).result()


def delivered(work: Pushing, some: list[Chosen]) -> tuple[tuple[str, str, str], ...]:
    """Send one envelope; return what the other hub refused of it: (id, version, why).

    What leaves is in the ledger before it does.
    """
    if not some:
        return ()
    partner = work.partner
    rows = tuple(sorted((one.row for one in some), key=lambda row: row.seq))
    handed = Handed(work.collection.no, PUSH, rows, partner.hub.seeing.classes(partner.principal))
    entered = deliver(partner.hub.store, partner.principal.no, handed, b"".join(row.body for row in rows), strict=True)
    if entered is not None:
        entered.result()
    sent = send(partner.asker, partner.peer.remote, [one.row.body for one in some],
                exercise=work.collection.exercise)  # fmt: skip
    ids = {one.row.id for one in some}
    return tuple((name if name in ids else "", version, why) for name, version, why in sent.failures)


def envelopes(step: list[Chosen], longest: int) -> Iterator[tuple[list[Chosen], tuple[tuple[str, str, str], ...]]]:
    """Yield what goes in one envelope, no longer than the other hub takes; and at last what is too long by itself."""
    some: list[Chosen] = []
    refused: list[tuple[str, str, str]] = []
    size = SHELL
    for one in step:
        length = len(one.row.body) + 1
        if SHELL + length > longest:
            refused.append((one.row.id, one.row.version, f"longer than the {longest:,} bytes that it takes"))
            continue
        if some and (size + length > longest or len(some) >= PAGE):
            yield some, ()
            some, size = [], SHELL
        some.append(one)
        size += length
    yield some, tuple(refused)


# ---- a rehearsal


def rehearsed(partner: Partner, *, again: bool) -> Iterator[dict[str, Any]]:
    """Yield every object of the collection with the rule that decides about it, as a push would now; nothing is sent.

    PeerFault where the partner's principal may not read the collection.
    """
    work = begun(partner)
    place = int(partner.begun(PUSH, again=again)[1].place or 0)
    shown: set[Key] = set()

    def said(one: Chosen, rule: str) -> Iterator[dict[str, Any]]:
        key = (one.row.id, one.sha)
        if key not in shown:
            shown.add(key)
            yield line(partner, one.row.id, one.row.version, one.going.released, rule)

    for rows in pages(work, place):
        page = work.chosen(rows)
        for step in work.steps(page):
            work.binds(step)
            work.done.update((one.row.id, one.sha) for one in step)
            for one in step:
                yield from said(one, LEAVES)
        for one in page:
            yield from said(one, "not-carried" if one.rule == LEAVES else one.rule)
    for rows in pages(work, 0, place):
        for one in work.chosen(rows):
            yield from said(one, "passed-by" if one.rule == LEAVES else one.rule)
    yield from hidden(work, shown)


def pages(work: Pushing, after: int, upto: int | None = None) -> Iterator[tuple[Listed, ...]]:
    """Yield what is told after a place, up to another."""
    while rows := work.told(replace(ALL, added_after=after, limit=PAGE)):
        after = rows[-1].seq
        those = tuple(row for row in rows if upto is None or row.seq <= upto)
        if not those:
            return
        yield those


def hidden(work: Pushing, shown: set[Key]) -> Iterator[dict[str, Any]]:
    """Yield what the partner's principal is not told of, and why."""
    partner, after = work.partner, 0
    store = partner.hub.store
    while rows := kept.everything(store, work.collection.no, after, PAGE):
        for seq, name, kind, stamp, sha, source, key in rows:
            after = seq
            if (name, bytes(sha)) in shown:
                continue
            shown.add((name, bytes(sha)))
            released = ReleaseClass.from_key(key)
            facts = Facts(kind, released, told=False, came=source == partner.principal.no)
            rule = decide(partner.policy, partner.rights, facts)
            yield line(partner, name, stamp, released, rule)


def line(partner: Partner, name: str, version: str, released: ReleaseClass, rule: str) -> dict[str, Any]:
    """Return what a rehearsal says of an object."""
    return {
        "peer": partner.peer.name, "id": name, "version": version,
        "tlp": None if released.tlp is None else str(released.tlp),
        "communities": None if released.communities is None else sorted(released.communities),
        "leaves": rule == LEAVES, "rule": rule,
    }  # fmt: skip
