"""The hub: what a principal may do with collections, checked here and nowhere else; deny by default."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from noroshi.desk.announcing import resume
from noroshi.desk.classing import classifier
from noroshi.desk.credentials import Credentials
from noroshi.desk.cursors import Cursors, hub_key
from noroshi.desk.ledger import Handed, deliver
from noroshi.desk.permitting import must, within
from noroshi.desk.receiving import known_definitions, received
from noroshi.desk.seeing import Seeing
from noroshi.share.learning import learn_all
from noroshi.share.markings import Tlp
from noroshi.share.taxii import Query, Refused
from noroshi.store.contract import Status
from noroshi.store.opening import open_store

if TYPE_CHECKING:
    from concurrent.futures import Future

    from noroshi.settings import Settings
    from noroshi.store.contract import Collection, Page, Principal, Root, Store, Version

__all__ = ["Answer", "Hub", "Sent", "open_hub"]

MOST_ROWS = 2000
"""Rows of a page where the reader asks for more, or for no number."""
ABSENT = Refused(404, "Not found", "there is no such resource, or you may not know of it")


class Answer(NamedTuple):
    """A page, the cursor to what follows it ("" at the end), and what the ledger is to be told if it is given away."""

    page: Page
    cursor: str
    handed: Handed


class Sent(NamedTuple):
    """The status of an envelope, and the future that is done when it is on disk."""

    status: Status
    kept: Future[None]


@dataclass(frozen=True, slots=True)
class Hub:
    """A store with those who may use it."""

    store: Store
    credentials: Credentials
    cursors: Cursors
    seeing: Seeing
    strict: bool = False

    def close(self) -> None:
        """Finish what is being written and close the store."""
        self.store.close()

    def roots(self, principal: Principal) -> tuple[Root, ...]:
        """Return the API roots that a principal may know of."""
        found = self.store.roots(principal.no)
        if principal.scope is None or principal.scope.collections is None:
            return found
        return tuple(one for one in found if self.collections(principal, one))

    def root(self, principal: Principal, name: str) -> Root:
        """Return an API root by name; Refused 404 where the principal may not know of it."""
        for one in self.roots(principal):
            if one.name == name:
                return one
        raise ABSENT

    def collections(self, principal: Principal, root: Root) -> tuple[Collection, ...]:
        """Return the collections of a root that a principal may read or write."""
        return within(principal, self.store.collections(root.no, principal.no))

    def collection(self, principal: Principal, root: Root, uid: str) -> Collection:
        """Return a collection by id; Refused 404 where the principal may not know of it."""
        for one in self.collections(principal, root):
            if one.uid == uid:
                return one
        raise ABSENT

    def readable(self, principal: Principal, root: Root, uid: str) -> Collection:
        """Return a collection that the principal may read; Refused 403 where it may only write."""
        found = self.collection(principal, root, uid)
        if not found.can_read:
            raise Refused(403, "Forbidden", "you may not read this collection")
        return found

    def page(self, principal: Principal, collection: Collection, query: Query, route: str) -> Answer:
        """Return a page of what a query asks for, as the principal sees it; Refused 404 for a hidden single object."""
        after, limit = self._from(principal, collection, query, route)
        viewer = self.seeing.viewer(principal, collection.no)
        page = self.store.page(collection.no, viewer, query, after, limit)
        # a class that came in between: its rows are not in the page, and must not fall behind the reader's place
        while page.rows and (now := self.seeing.viewer(principal, collection.no)) != viewer:
            viewer = now
            page = self.store.page(collection.no, viewer, query, after, limit)
        cursor = self._next(principal, collection, query, route, page.rows[-1].seq if page.more else None)
        return Answer(page, cursor, Handed(collection.no, route, page.rows, viewer.classes))

    def versions(
        self, principal: Principal, collection: Collection, query: Query, route: str
    ) -> tuple[tuple[Version, ...], str, Handed]:
        """Return a page of the versions of one object, the cursor after it, and what the ledger is to be told."""
        after, limit = self._from(principal, collection, query, route)
        viewer = self.seeing.viewer(principal, collection.no)
        found = self.store.versions(collection.no, viewer, query, after, limit)
        more = found[limit - 1].seq if len(found) > limit else None
        handed = Handed(collection.no, route, found[:limit], viewer.classes)
        return found[:limit], self._next(principal, collection, query, route, more), handed

    def gave(self, principal: Principal, handed: Handed, body: bytes) -> Future[None] | None:
        """Enter in the ledger what a response gives away; it must wait for the future, if one is returned."""
        return deliver(self.store, principal.no, handed, body, strict=self.strict)

    def delete(self, principal: Principal, collection: Collection, query: Query) -> Future[int]:
        """Take away versions of an object that the principal sees; it takes leave to read and to write."""
        must(principal, "objects.delete")
        if not (collection.can_read and collection.can_write):
            raise Refused(403, "Forbidden", "to delete takes leave to read and to write")
        return self.store.delete(collection.no, self.seeing.viewer(principal, collection.no), query)

    def send(self, principal: Principal, root: Root, collection: Collection, data: bytes, now: int) -> Sent:
        """Take an envelope in: what is sound is kept, the rest is named in the status. `now` in microseconds."""
        must(principal, "objects.send")
        if not collection.can_write:
            raise Refused(403, "Forbidden", "you may not write to this collection")
        known = known_definitions(self.store.definitions(principal.no))
        default = Tlp(collection.default_tlp) if collection.default_tlp >= 0 else None
        found = received(data, known, now, exercise=collection.exercise)
        status = Status(str(uuid.uuid4()), root.no, principal.no, now, found.successes, found.failures)
        classify = classifier(default, found.definitions)
        return Sent(status, self.store.add(collection.no, principal.no, found.rows, status, now, classify))

    def status(self, principal: Principal, root: Root, uid: str) -> Status:
        """Return the status of an envelope that the principal sent; Refused 404 for any other."""
        must(principal, "submissions.read")
        found = self.store.status(root.no, principal.no, uid)
        if found is None:
            raise ABSENT
        return found

    def _from(self, principal: Principal, collection: Collection, query: Query, route: str) -> tuple[int, int]:
        """Return after which seq to read, and how many rows at most."""
        after = 0
        if query.cursor:
            after = self.cursors.opened(query.cursor, principal.no, route, collection.no, query)
        return after, min(query.limit or MOST_ROWS, MOST_ROWS)

    def _next(
        self, principal: Principal, collection: Collection, query: Query, route: str, seq: int | None
    ) -> str:  # fmt: skip
        """Return the cursor after a page, "" at the end."""
        return "" if seq is None else self.cursors.sealed(principal.no, route, collection.no, query, seq)


def open_hub(settings: Settings) -> Hub:
    """Return the hub over the store that the settings name, made on first use. InputError where it cannot be opened."""
    learn_all()
    store = open_store(settings.database, settings.data)
    resume(store)
    strict = settings.ledger == "strict"
    cursors = Cursors(hub_key(settings.data))
    return Hub(store, Credentials(store, settings.login_failures), cursors, Seeing(store), strict=strict)
