"""Looking for objects: the newest first, over all that one may read; what is hidden leaves no trace in what is told.

Each question looks at a bounded number of rows that its reader sees, and says how far it came, and goes on there.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from noroshi.desk.ledger import Handed
from noroshi.desk.permitting import may, must
from noroshi.share.faces import Face, face_of, searched, terms
from noroshi.share.markings import Tlp
from noroshi.share.permissions import Leave
from noroshi.share.release import ReleaseClass
from noroshi.share.taxii import IDENTIFIER, Query, Refused
from noroshi.store import people
from noroshi.store.searching import joined_to, newest

if TYPE_CHECKING:
    from noroshi.desk.hub import Hub
    from noroshi.store.contract import Collection, Principal, Root, Viewer
    from noroshi.store.searching import Held

__all__ = ["LOOKED", "Hit", "Hits", "Telling", "Wanted", "around", "by_ids", "named", "readable", "search"]

LOOKED = 20_000
"""Rows that one question looks at."""
FIRST, STEP = 100, 5000
MOST_AROUND, MOST_OPINIONS = 200, 2000
EVER = 2**62
ROUTE = "search"
ABSENT = Refused(404, "Not found", "there is no such resource, or you may not know of it")


class Wanted(NamedTuple):
    """What is looked for; what is empty asks for nothing. since: microseconds; kind: of the source's principal.

    text: words that must all stand in an object; collection: an id, "" = all that are no exercise's, or where one may
    read no other, all.
    """

    text: str = ""
    types: tuple[str, ...] = ()
    tlp: str = ""
    kind: str = ""
    since: int = 0
    collection: str = ""
    cursor: str = ""


class Hit(NamedTuple):
    """One object: where it is, what it is called, its marking, who sent it (name "" where that is not for the reader).

    value: the object; ends: what a relationship joins, by name.
    """

    row: Held
    root: Root
    where: Collection
    face: Face
    value: dict[str, Any]
    tlp: Tlp
    communities: tuple[str, ...] | None
    source: str
    source_kind: str
    own: bool
    ends: tuple[str, str] = ("", "")


class Hits(NamedTuple):
    """What was found. looked: rows gone over; upto: when the last of them was added, 0 where that was all.

    cursor: where to go on, "" at the end; handed: what the ledger is to be told.
    """

    found: tuple[Hit, ...]
    cursor: str
    looked: int
    upto: int
    handed: tuple[Handed, ...]


def readable(hub: Hub, asker: Principal) -> tuple[tuple[Root, Collection], ...]:
    """Return the collections that somebody may read, those of exercises last."""
    found = [(root, one) for root in hub.roots(asker) for one in hub.collections(asker, root) if one.can_read]
    return tuple(sorted(found, key=lambda one: one[1].exercise))


def search(hub: Hub, asker: Principal, wanted: Wanted, limit: int = 50) -> Hits:
    """Return a page of what is looked for, the newest first. Refused 400, 403, 404."""
    must(asker, "objects.read")
    places = chosen(hub, asker, wanted.collection)
    views = {one.no: hub.seeing.viewer(asker, one.no) for _, one in places}
    asked = Query(types=wanted.types)
    of = f"{ROUTE} {msgspec.json.encode(wanted._replace(cursor='')).decode()}"
    before = hub.cursors.opened(wanted.cursor, asker.no, of, 0, asked) if wanted.cursor else EVER
    telling = Telling(hub, asker, places)
    words = terms(wanted.text)
    if len(words) == 1 and IDENTIFIER.match(words[0]):
        asked, words = Query(ids=words, types=wanted.types), ()
    streams = [
        stream(hub, one.no, views[one.no], asked, classes_at(hub, views[one.no], wanted.tlp), (wanted.since, before))
        for _, one in places
    ]
    found: list[Hit] = []
    looked, last, more = 0, before, False
    for no, row in heapq.merge(*streams, key=lambda one: -one[1].seq):
        if row.seq != last and (len(found) >= limit or looked >= LOOKED):
            more = True
            break
        looked, last = looked + 1, row.seq
        if wanted.kind and telling.kind(row.source) != wanted.kind:
            continue
        value = msgspec.json.decode(row.body)
        if not words or all(map(searched(value).__contains__, words)):
            found.append(telling.hit(no, row, value))
    told, ends = telling.with_ends(found, views)
    cursor = hub.cursors.sealed(asker.no, of, 0, asked_of(wanted), last) if more else ""
    return Hits(tuple(told), cursor, looked, last if more else 0, (*handed(found, views), *ends))


def asked_of(wanted: Wanted) -> Query:
    """Return the query to which a cursor is bound."""
    return Query(types=wanted.types)


def chosen(hub: Hub, asker: Principal, uid: str) -> tuple[tuple[Root, Collection], ...]:
    """Return the collections that are looked through: the one named (Refused 404), else see `Wanted`."""
    places = readable(hub, asker)
    if uid:
        found = tuple(one for one in places if one[1].uid == uid)
        if not found:
            raise ABSENT
        return found
    return tuple(one for one in places if not one[1].exercise) or places


def classes_at(hub: Hub, viewer: Viewer, tlp: str) -> tuple[int, ...]:
    """Return the classes of a viewer that have a TLP; all for ""."""
    if not tlp:
        return viewer.classes
    level = Tlp.named(tlp)
    keys = {no: key for key, no in hub.store.releases().items()}
    return tuple(no for no in viewer.classes if ReleaseClass.from_key(keys[no]).tlp is level)


def stream(  # noqa: PLR0913  where, whose eyes, what, between which places
    hub: Hub, no: int, viewer: Viewer, asked: Query, classes: tuple[int, ...], span: tuple[int, int]
) -> Iterator[tuple[int, Held]]:
    """Yield what a viewer sees of a collection, the newest first, some at a time, and more the longer it is asked."""
    after, before = span
    step = FIRST
    while True:
        rows = newest(hub.store, no, viewer, asked, classes, before, step)
        yield from ((no, row) for row in rows if row.seq > after)
        if len(rows) < step or rows[-1].seq <= after:
            return
        before, step = rows[-1].seq, STEP


def handed(found: Iterable[Hit], views: dict[int, Viewer]) -> list[Handed]:
    """Return what the ledger is to be told of objects, a collection each."""
    of: dict[int, list[Held]] = {}
    for one in found:
        of.setdefault(one.where.no, []).append(one.row)
    return [given(no, rows, views[no]) for no, rows in of.items()]


def given(no: int, rows: Iterable[Held], viewer: Viewer) -> Handed:
    """Return what the ledger is to be told of some rows of a collection."""
    from noroshi.store.contract import Version

    ordered = sorted({row.n: row for row in rows}.values(), key=lambda row: row.seq)
    return Handed(no, ROUTE, tuple(Version(row.seq, row.version, row.n) for row in ordered), viewer.classes)


class Telling:
    """What a reader may be told of rows: a class, since names and release classes are asked once for all of them."""

    def __init__(self, hub: Hub, asker: Principal, places: Iterable[tuple[Root, Collection]]) -> None:
        """Take who asks, and where."""
        self.hub, self.asker = hub, asker
        self.places = {one.no: (root, one) for root, one in places}
        self.all = may(asker, "sources.read") is Leave.ALLOWED
        self.sources: dict[int, tuple[str, str]] = {}
        self.keys = {no: ReleaseClass.from_key(key) for key, no in hub.store.releases().items()}

    def source(self, no: int) -> tuple[str, str]:
        """Return name and kind of a source."""
        if no not in self.sources:
            self.sources |= people.names_of(self.hub.store, [no])
        return self.sources.get(no, ("", ""))

    def kind(self, no: int) -> str:
        """Return the kind of a source."""
        return self.source(no)[1]

    def hit(self, no: int, row: Held, value: dict[str, Any]) -> Hit:
        """Return a row as it is told."""
        released, (name, kind) = self.keys[row.release], self.source(row.source)
        own = row.source == self.asker.no
        mine = None if released.communities is None else tuple(sorted(released.communities & self.asker.communities))
        tlp = released.tlp if released.tlp is not None else Tlp.RED
        root, where = self.places[no]
        shown = name if own or self.all else ""
        return Hit(row, root, where, face_of(value), value, tlp, mine, shown, kind, own)

    def with_ends(self, found: list[Hit], views: dict[int, Viewer]) -> tuple[list[Hit], list[Handed]]:
        """Return hits with the names of what relationships and sightings join, and what the ledger is told of those."""
        wanted: dict[int, set[str]] = {}
        for one in found:
            wanted.setdefault(one.where.no, set()).update(ends_of(one.value))
        names: dict[tuple[int, str], str] = {}
        told = []
        for no, ids in wanted.items():
            rows = by_ids(self.hub, no, views[no], ids)
            names |= {(no, row.id): face_of(msgspec.json.decode(row.body)).title for row in rows}
            if rows:
                told.append(given(no, rows, views[no]))
        return [self._joined(one, names) for one in found], told

    def _joined(self, one: Hit, names: dict[tuple[int, str], str]) -> Hit:
        """Return a hit with the names of its two ends."""
        ends = ends_of(one.value)
        if not ends:
            return one
        said = [names.get((one.where.no, name), "") for name in ends]
        return one._replace(ends=(said[0], said[1] if len(said) > 1 else ""))


def ends_of(value: dict[str, Any]) -> tuple[str, ...]:
    """Return what a relationship joins, or of what a sighting is."""
    names = ("source_ref", "target_ref") if value.get("type") == "relationship" else ("sighting_of_ref",)
    return tuple(value[key] for key in names if isinstance(value.get(key), str))


def by_ids(hub: Hub, no: int, viewer: Viewer, ids: Iterable[str]) -> tuple[Held, ...]:
    """Return the last versions of objects of some ids, as a viewer sees them; at most 500."""
    some = tuple(sorted(ids))[:500]
    return newest(hub.store, no, viewer, Query(ids=some), viewer.classes, EVER, 500) if some else ()


def named(hub: Hub, asker: Principal, name: str, uid: str = "") -> Hit:
    """Return the last version of an object in a collection, or in the first where it is seen; Refused 404."""
    must(asker, "objects.read")
    if not IDENTIFIER.match(name):
        raise ABSENT
    places = [one for one in readable(hub, asker) if uid in ("", one[1].uid)]
    for root, one in places:
        rows = by_ids(hub, one.no, hub.seeing.viewer(asker, one.no), (name,))
        if rows:
            return Telling(hub, asker, [(root, one)]).hit(one.no, rows[0], msgspec.json.decode(rows[0].body))
    raise ABSENT


def around(hub: Hub, asker: Principal, one: Hit) -> Hits:
    """Return the relationships and sightings that name an object, the newest first, with the names of their ends.

    And the opinions on it, of the newest that there are.
    """
    viewer = hub.seeing.viewer(asker, one.where.no)
    said = newest(hub.store, one.where.no, viewer, Query(types=("opinion",)), viewer.classes, EVER, MOST_OPINIONS)
    about = tuple(row for row in said if one.row.id in msgspec.json.decode(row.body).get("object_refs", ()))
    rows = (*joined_to(hub.store, one.where.no, viewer, one.row.id, MOST_AROUND), *about)
    telling = Telling(hub, asker, [(one.root, one.where)])
    found = [telling.hit(one.where.no, row, msgspec.json.decode(row.body)) for row in rows]
    views = {one.where.no: viewer}
    told, ends = telling.with_ends(found, views)
    return Hits(tuple(told), "", len(rows), 0, (*handed(found, views), *ends))
