"""One thing from several sources, as one reader sees it: what was merged, by which rule, and people's word on it.

All is built from what the reader sees; what is hidden leaves no trace in counts, reasons or order. A judgement counts
for everybody who sees both objects where the table of permissions lets its principal, else for that principal alone.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, NamedTuple

from noroshi.desk.ledger import Handed
from noroshi.desk.permitting import may, must
from noroshi.share.headers import type_of
from noroshi.share.merging import Judgement, Member, merged
from noroshi.share.merging_keys import TYPES, facts_of, keys_of
from noroshi.share.permissions import Leave
from noroshi.share.reading import check
from noroshi.share.reasons import Reason
from noroshi.share.taxii import Query, Refused
from noroshi.store import people
from noroshi.store.contract import Version
from noroshi.store.merging import Contribution, Said, contributions, keep, said_in, undo

if TYPE_CHECKING:
    from collections.abc import Iterable

    from noroshi.desk.hub import Hub
    from noroshi.share.merging import Apart, Link
    from noroshi.store.contract import Collection, Principal

__all__ = ["MOST_ROWS", "Part", "Thing", "Things", "Word", "judge", "take_back", "things"]

MOST_ROWS = 100_000
"""Rows that one question looks at; beyond it the answer says that it is partial."""
ABSENT = Refused(404, "Not found", "there is no such resource, or you may not know of it")
LONGEST_REASON = 1000
ROUTE = "merged"


class Part(NamedTuple):
    """One contribution to a thing: object, version, source (name "" where that is not for the reader)."""

    row: Contribution
    source: str
    source_kind: str
    own: bool
    revoked: bool


class Word(NamedTuple):
    """A judgement in force as a reader sees it; the reason is for who made it, and for who may see sources."""

    uid: str
    same: bool
    a: str
    b: str
    at: int
    own: bool
    everybody: bool
    reason: str


class Thing(NamedTuple):
    """One thing: its ids, contributions, how many sources they have, and why it is one and not more."""

    ids: tuple[str, ...]
    type: str
    parts: tuple[Part, ...]
    sources: int
    links: tuple[Link, ...]
    apart: tuple[Apart, ...]
    words: tuple[Word, ...]


class Things(NamedTuple):
    """The things asked for, whether not all rows could be looked at, and what the ledger is told."""

    found: tuple[Thing, ...]
    partial: bool
    handed: Handed


def things(  # noqa: PLR0913  whose, of what, and which of them
    hub: Hub, asker: Principal, where: Collection, ids: Iterable[str] = (), types: Iterable[str] = (),
    *, alone: bool = False,
) -> Things:  # fmt: skip
    """Return the things of a collection as a reader sees them, in the order of their first ids.

    ids: only things that have one of these; types: only of these. alone: also what has one source and no judgement.
    Refused 403 where the collection may not be read.
    """
    if not where.can_read:
        raise Refused(403, "Forbidden", "you may not read this collection")
    wanted = frozenset(ids)
    asked = TYPES & (frozenset(types) or TYPES)
    if wanted:
        asked &= {type_of(name) or "" for name in wanted}
    viewer = hub.seeing.viewer(asker, where.no)
    rows, partial = contributions(hub.store, where.no, viewer, asked, MOST_ROWS)
    members, revoked = read_members(rows)
    by_id: dict[str, list[Contribution]] = {}
    for row in rows:
        by_id.setdefault(row.id, []).append(row)
    said = said_in(hub.store, where.no, asker.no)
    groups = merged(members, (Judgement(one.uid, one.same, one.a, one.b, one.at) for one in said))
    told = Telling(hub, asker, tuple(one for one in said if one.a in by_id and one.b in by_id), revoked)
    found: list[Thing] = []
    for group in groups:
        if wanted and wanted.isdisjoint(group.ids):
            continue
        parts = [row for name in group.ids for row in by_id[name]]
        thing = told.thing(group.ids, parts, group.links, group.apart)
        if alone or wanted or len(parts) > 1 or thing.words:
            found.append(thing)
    shown = sorted((part.row for one in found for part in one.parts), key=lambda row: row.seq)
    listed = tuple(Version(row.seq, row.stamp, row.n) for row in shown)
    return Things(tuple(found), partial, Handed(where.no, ROUTE, listed, viewer.classes))


def read_members(rows: Iterable[Contribution]) -> tuple[list[Member], set[int]]:
    """Return every contribution as the core takes it, and the numbers of those that are revoked."""
    members, revoked = [], set()
    for row in rows:
        value = check(row.body)
        if isinstance(value, Reason):
            continue  # it was checked as it came in; what an older version took is shown alone
        members.append(Member(row.id, keys_of(value), facts_of(value)))
        if value.get("revoked") is True:
            revoked.add(row.n)
    return members, revoked


class Telling:
    """What a reader may be told of sources and judgements: a class, since all things of an answer ask it."""

    def __init__(self, hub: Hub, asker: Principal, said: tuple[Said, ...], revoked: set[int]) -> None:
        """Take who asks, and the judgements that count for it, of objects that it sees."""
        self.hub, self.asker, self.revoked = hub, asker, revoked
        self.all = may(asker, "sources.read") is Leave.ALLOWED
        self.names: dict[int, tuple[str, str]] = {}
        self.said: dict[str, list[Said]] = {}
        for one in said:
            for name in (one.a, one.b):
                self.said.setdefault(name, []).append(one)

    def thing(
        self, ids: tuple[str, ...], rows: list[Contribution], links: tuple[Link, ...], apart: tuple[Apart, ...]
    ) -> Thing:
        """Return one thing with what may be told of it, and every word about any of its objects."""
        missing = {row.source for row in rows} - self.names.keys()
        self.names |= people.names_of(self.hub.store, sorted(missing))
        about = {one.uid: one for name in ids for one in self.said.get(name, ())}
        words = tuple(self.word(one) for one in sorted(about.values(), key=lambda one: (one.at, one.uid)))
        parts = tuple(self.part(row) for row in rows)
        return Thing(ids, rows[0].type, parts, len({row.source for row in rows}), links, apart, words)

    def part(self, row: Contribution) -> Part:
        """Return a contribution with its source as the reader may know it."""
        name, kind = self.names.get(row.source, ("", ""))
        own = row.source == self.asker.no
        return Part(row, name if own or self.all else "", kind, own, row.n in self.revoked)

    def word(self, one: Said) -> Word:
        """Return a judgement as the reader may know it."""
        own = one.principal == self.asker.no
        reason = one.reason if own or self.all else ""
        return Word(one.uid, one.same, one.a, one.b, one.at, own, one.everybody, reason)


def judge(  # noqa: PLR0913  who, of what, what, and when
    hub: Hub, asker: Principal, where: Collection, a: str, b: str, *, same: bool, reason: str, now: int
) -> Word:  # fmt: skip
    """Keep somebody's word that two objects are the same thing, or are not. `now` in microseconds.

    Refused 403 where the table says never; 404 where the asker does not see both; 422 for one object, objects of two
    types or of a type that is never merged, or a reason that is too long.
    """
    said = must(asker, "merges.judge")
    if not where.can_read:
        raise Refused(403, "Forbidden", "you may not read this collection")
    if len(reason) > LONGEST_REASON:
        raise Refused(422, "Not possible", f"a reason of at most {LONGEST_REASON} characters")
    kind = type_of(a)
    if a == b or kind not in TYPES or kind != type_of(b):
        raise Refused(422, "Not possible", f"two different objects of one type of {', '.join(sorted(TYPES))}")
    if not (sees(hub, asker, where, a) and sees(hub, asker, where, b)):
        raise ABSENT
    first, second = sorted((a, b))
    everybody = said is Leave.ALLOWED
    one = Said(str(uuid.uuid4()), where.no, asker.no, everybody, same, first, second, now, reason)
    hub.store.change(lambda connection: keep(connection, one)).result()
    return Word(one.uid, same, first, second, now, own=True, everybody=everybody, reason=reason)


def take_back(hub: Hub, asker: Principal, where: Collection, uid: str, now: int) -> None:
    """Take a judgement back: one's own, or, where the table lets one judge for everybody, one that counts for all.

    Refused 403 where the table says never; 404 for one that is not there, or about what the asker does not see.
    """
    said = must(asker, "merges.judge")
    found = next(iter(said_in(hub.store, where.no, asker.no, uid)), None)
    if found is None or not (found.principal == asker.no or said is Leave.ALLOWED):
        raise ABSENT
    if not (where.can_read and sees(hub, asker, where, found.a) and sees(hub, asker, where, found.b)):
        raise ABSENT
    if not hub.store.change(lambda connection: undo(connection, uid, asker.no, now)).result():
        raise ABSENT


def sees(hub: Hub, asker: Principal, where: Collection, name: str) -> bool:
    """Say whether a principal sees any version of an object."""
    return bool(hub.page(asker, where, Query(ids=(name,), every=True, limit=1), ROUTE).page.rows)
