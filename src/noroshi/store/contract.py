"""What a store does for the hub: the records that pass its door, and the promises that every store keeps.

Promises: `add` answers after its transaction is on disk; `seq` (date added, microseconds) rises strictly within a
collection, in the order of commits, so that whoever reads on from a seq misses nothing and gets nothing twice; a read
takes the classes that the reader may see and answers as if nothing else were there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, NamedTuple, Protocol, TypeVar

import msgspec

from noroshi.share.chain import Told
from noroshi.share.contacts import ContactTerms
from noroshi.share.headers import Header
from noroshi.share.inheritance import Passed
from noroshi.share.markings import Marking
from noroshi.share.policy import Terms
from noroshi.share.taxii import Query

__all__ = [
    "Announcing", "Classed", "Classify", "Collection", "Connection", "Declared", "DeclaredContact", "DeclaredPeer",
    "DeclaredPrincipal", "Incoming", "Listed", "Page", "Past", "Principal", "Root", "Scope", "Sift", "Status", "Store",
    "Stored", "Version", "Viewer",
]  # fmt: skip


class Scope(NamedTuple):
    """What a token was made for: names of scopes, and numbers of collections (None = all)."""

    names: frozenset[str]
    collections: frozenset[int] | None


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks: its place in the store, kind, the highest TLP it may see, its communities, how often it was changed.

    apart: whether there is anything of which it alone is told at a later place (see `Viewer`).
    """

    owner: bool = field(default=False, kw_only=True)
    scope: Scope | None = field(default=None, kw_only=True)
    no: int
    name: str
    kind: str
    sees: int
    communities: frozenset[str]
    version: int
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Root:
    """One API root."""

    no: int
    name: str
    title: str
    description: str
    max_content_length: int


@dataclass(frozen=True, slots=True)
class Collection:
    """One collection of an API root, and what the one who asks may do there; default_tlp: -1 = unmarked is denied.

    exercise: it holds what is an exercise, and nothing else.
    """

    no: int
    root: int
    uid: str
    title: str
    description: str
    default_tlp: int
    can_read: bool
    can_write: bool
    exercise: bool = False


class Incoming(msgspec.Struct, frozen=True, gc=False):
    """One object on its way in: its header, what its own markings ask, its version, its own bytes."""

    header: Header
    own: Marking
    version: int
    stamp: str
    sha: bytes
    body: bytes


class Stored(NamedTuple):
    """A row that is there."""

    n: int
    body: bytes


class Classed(NamedTuple):
    """What inheritance makes of an envelope: keys of release classes of the rows that come and, by n, of those there.

    passed: what is passed on to ids from now on, where that has changed. awaits: marking definitions that are not
    there, each with an id whose objects' classes hang on it. explained: those that came: nothing waits for them now.
    """

    rows: tuple[str, ...]
    there: dict[int, str]
    passed: dict[str, Passed]
    awaits: frozenset[tuple[str, str]] = frozenset()
    explained: frozenset[str] = frozenset()


class Past(Protocol):
    """What a source has sent before, as its transaction sees it."""

    def passed(self, ids: set[str]) -> dict[str, Passed]:
        """Return what was passed on to ids so far."""

    def rows(self, ids: set[str]) -> list[Stored]:
        """Return the rows of ids."""

    def definitions(self, ids: set[str]) -> list[bytes]:
        """Return the bodies of marking definitions."""

    def awaiting(self, ids: set[str]) -> set[str]:
        """Return the ids whose objects' classes hang on marking definitions that were not there."""


Classify = Callable[[tuple["Incoming", ...], Past], Classed]
"""What finds the classes of rows."""


Sift = Callable[["Connection", tuple["Incoming", ...], Classify, Any], tuple[tuple["Incoming", ...], Classify]]
"""What leaves rows out of an envelope within its transaction: it is given the database's own ways (`objects.Ways`)."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who reads: its principal's place, and the release classes it may see, rising.

    apart: whether anything was ever announced to this principal alone: it is told of that at the places given then.
    later: (class, since, upto): rows of the class with since < seq <= upto were there before the principal might see
    it; it is told of them once they were announced to it, and at no other place.
    """

    principal: int
    classes: tuple[int, ...]
    apart: bool = False
    later: tuple[tuple[int, int, int], ...] = ()


class Announcing(NamedTuple):
    """Rows of a collection up to a place, of which a principal is to be told though they came before its leave."""

    principal: int
    collection: int
    upto: int


class Listed(NamedTuple):
    """One row of a page: its place in the order, what is told of it, and its number, which is told to nobody."""

    seq: int
    id: str
    version: str
    spec: str
    body: bytes
    n: int


class Page(NamedTuple):
    """Rows in the order in which they were added, and whether there are more."""

    rows: tuple[Listed, ...]
    more: bool


class Version(NamedTuple):
    """One version of an object that a viewer may see, and the number of its row."""

    seq: int
    stamp: str
    n: int


@dataclass(frozen=True, slots=True)
class Status:
    """What became of an envelope, for its sender alone: each entry is (id, version, message)."""

    uid: str
    root: int
    principal: int
    requested: int
    successes: tuple[tuple[str, str, str], ...]
    failures: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class DeclaredPrincipal:
    """A principal as declared; password: its argon2id hash ("" = none); token: its digest; sees: -1 = nothing."""

    name: str
    kind: str
    sees: int
    communities: frozenset[str]
    password: str
    token: bytes | None


@dataclass(frozen=True, slots=True)
class DeclaredPeer(Terms):
    """A partner hub as declared; password: the sealed secret for the other side."""

    password: bytes


@dataclass(frozen=True, slots=True)
class DeclaredContact(ContactTerms):
    """A contact as declared; secret: the sealed one of its web hook, b"" = none."""

    secret: bytes = b""


@dataclass(frozen=True, slots=True)
class Declared:
    """Principals, API roots (name, title, description, longest body), collections and grants as declared.

    collections: (root's name, id, title, description, default TLP or -1, whether of exercises); grants: (principal's
    name, collection's id, may read, may write).
    """

    principals: tuple[DeclaredPrincipal, ...]
    roots: tuple[tuple[str, str, str, int], ...]
    collections: tuple[tuple[str, str, str, str, int, bool], ...]
    grants: tuple[tuple[str, str, bool, bool], ...]
    peers: tuple[DeclaredPeer, ...] = ()
    contacts: tuple[DeclaredContact, ...] = ()


Work = TypeVar("Work")


class Connection(Protocol):
    """A connection that writes, in SQLite's words: `?` for values, INDEXED BY where the planner needs a hint.

    told: what its transaction has to say in the journal and the ledger (see `store.journal`).
    """

    told: list[Told]

    def execute(self, text: str, values: Sequence[Any] = ..., /) -> Any:  # noqa: ANN401  each database's own cursor
        """Return a cursor over what a statement finds."""

    def executemany(self, text: str, rows: Iterable[Sequence[Any]], /) -> object:
        """Do a statement for each row."""

    def numbers(self, text: str, values: Sequence[Any] = ..., /) -> list[int]:
        """Return the whole numbers of the one column that a statement finds."""


class Store(Protocol):
    """What the hub needs of a database."""

    def close(self) -> None:
        """Finish what is being written and close."""

    def ask(self, text: str, values: Sequence[Any] = ...) -> list[Any]:
        """Return the rows that a statement finds; the statements are those of this room alone."""

    def write(self, work: Callable[[Connection], Work], collections: Iterable[int] = ()) -> Future[Work]:
        """Return the future of work in a transaction that keeps other writers out of these collections."""

    def deliver(self, told: Told) -> Future[None] | None:
        """Have an entry of the ledger written within 100 ms; a future is only for a response that must wait for it."""

    def scrub(self) -> None:
        """Have what was erased leave the database's own files, as far as its readers allow it now."""

    def change(self, work: Callable[[Connection], Any]) -> Future[Any]:
        """Return the future of what work on people and rights returns, in a transaction that is on disk by then."""

    def principal(self, name: str) -> tuple[Principal, str] | None:
        """Return a principal by name with its password's hash ("" = none)."""

    def token(self, digest: bytes) -> Principal | None:
        """Return the principal whose token has this SHA-256 digest."""

    def root_names(self) -> frozenset[str]:
        """Return the names of all API roots."""

    def roots(self, principal: int) -> tuple[Root, ...]:
        """Return the API roots in which a principal has any collection."""

    def collections(self, root: int, principal: int) -> tuple[Collection, ...]:
        """Return the collections of a root that a principal may read or write."""

    def releases(self, after: int = 0) -> dict[str, int]:
        """Return the key of every release class with its place, of those beyond `after`: new ones stand higher."""

    def later(self, principal: int, collection: int) -> tuple[tuple[int, int, int], ...]:
        """Return which rows of a collection a principal came to see later than they came; see `Viewer.later`."""

    def announcing(self) -> tuple[Announcing, ...]:
        """Return what is still to be announced to those who may see more than they saw."""

    def announce(self, what: Announcing, now: int) -> Future[int]:
        """Announce the next of it, some thousands, in one transaction; the future says how many, -1 for the last.

        now: in microseconds; no place is before it, since a reader may ask by its own clock.
        """

    def definitions(self, source: int) -> list[bytes]:
        """Return the bodies of the marking definitions that a source has sent."""

    def apply(self, declared: Declared) -> tuple[str, ...]:
        """Make what is declared, change what differs, leave the rest; return what was done, a line each."""

    def add(  # noqa: PLR0913  where, whose, what, when, and how it is classed
        self, collection: int, source: int, rows: tuple[Incoming, ...], status: Status, now: int, classify: Classify,
        sift: Sift | None = None,
    ) -> Future[None]:  # fmt: skip
        """Keep rows and the status in one transaction, on disk when it is done; what is there already is no fault.

        Release classes are found within the transaction, since an envelope may re-class what its source sent before.
        sift: what leaves rows out, within it.
        """

    def page(self, collection: int, viewer: Viewer, query: Query, after: int, limit: int) -> Page:
        """Return rows with seq > after that the query asks for and the viewer may see, at most `limit`."""

    def versions(self, collection: int, viewer: Viewer, query: Query, after: int, limit: int) -> tuple[Version, ...]:
        """Return the versions of the object query.ids[0] that the viewer may see, in the order added."""

    def delete(self, collection: int, viewer: Viewer, query: Query) -> Future[int]:
        """Take away the versions that the query asks for and the viewer may see; the future says how many."""

    def status(self, root: int, principal: int, uid: str) -> Status | None:
        """Return the status of an envelope that the principal sent."""
