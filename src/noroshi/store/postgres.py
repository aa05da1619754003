"""The store in PostgreSQL: readers from a pool, one writer a process, all synced before it answers."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any

from noroshi.errors import InputError
from noroshi.store import audiences, objects
from noroshi.store.declaring import declare
from noroshi.store.journal import tell_kept
from noroshi.store.ledger import Deliveries
from noroshi.store.migrating import migrations, newer, statements
from noroshi.store.postgres_wire import (
    CLASSES,
    COLLECTION,
    DECLARING,
    MIGRATING,
    SOURCE,
    Hold,
    Wire,
    bad_store,
    imported,
    masked,
)  # fmt: skip
from noroshi.store.postgres_writing import Writer
from noroshi.store.reading import Reads

if TYPE_CHECKING:
    from noroshi.share.taxii import Query
    from noroshi.store.contract import (
        Announcing,
        Classify,
        Connection,
        Declared,
        Incoming,
        Principal,
        Sift,
        Status,
        Viewer,
    )

__all__ = ["PostgresStore", "open_postgres"]

FOLDER = Path(__file__).resolve().parent / "migrations_postgres"
READERS = 8
"""Connections of a process that read; with the writer's, what one worker takes of the server's max_connections."""


def open_postgres(url: str) -> PostgresStore:
    """Return the store at a URL, brought up to date. InputError where it cannot be had, or psycopg is missing."""
    return PostgresStore(url)


class PostgresStore(Reads):
    """The contract over one database. A class, since connections and the writer live as long as it does."""

    def __init__(self, url: str) -> None:
        """Connect and bring the schema up to date."""
        self.url = url
        wire = Wire(url, writes=True)
        try:
            migrate(wire, url)
        finally:
            wire.close()
        self.readers: queue.LifoQueue[Wire | None] = queue.LifoQueue()
        self.left = READERS
        for _ in range(READERS):
            self.readers.put(None)
        self.deliveries = Deliveries(lambda: self.write(lambda _: None))
        self.writer = Writer(lambda: Wire(url, writes=True), self.deliveries)
        self.deliver = self.deliveries.put

    def close(self) -> None:
        """Finish what is being written, wait for those who read, and close; done again it changes nothing."""
        self.deliveries.close()
        self.writer.close()
        while self.left:
            reader = self.readers.get()
            self.left -= 1
            if reader is not None:
                reader.close()

    def ask(self, text: str, values: Sequence[Any] = ()) -> list[Any]:
        """Return the rows that a statement finds. A connection that the server has ended is made anew, once."""
        reader = self.readers.get()
        try:
            if reader is not None:
                try:
                    return reader.execute(text, values).fetchall()
                except imported().OperationalError:
                    if not reader.closed:
                        raise
            reader = Wire(self.url, writes=False)
            return reader.execute(text, values).fetchall()
        finally:
            self.readers.put(reader)

    def write(self, work: Callable[[Connection], Any], collections: Iterable[int] = ()) -> Future[Any]:
        """Return the future of work in a transaction that keeps other writers out of these collections."""
        return self.writer.submit(frozenset(Hold(COLLECTION, no) for no in collections), work)

    def scrub(self) -> None:
        """Have what was erased leave the tables' files; archives of the server's log are its keeper's."""
        wire = Wire(self.url, writes=True)
        wire.execute("VACUUM object, link, gone, salt, status, passed, journal")
        wire.close()

    def principal(self, name: str) -> tuple[Principal, str] | None:
        """Return a principal by name with its password's hash; nobody has a name that PostgreSQL cannot hold."""
        return None if "\0" in name else super().principal(name)

    def status(self, root: int, principal: int, uid: str) -> Status | None:
        """Return the status of an envelope that the principal sent."""
        return None if "\0" in uid else super().status(root, principal, uid)

    def apply(self, declared: Declared) -> tuple[str, ...]:
        """Make what is declared, change what differs, leave the rest; return what was done, a line each."""
        holds = frozenset({Hold(DECLARING)})
        done: tuple[str, ...] = self.writer.submit(holds, lambda wire: declare(wire, declared)).result()
        return done

    def change(self, work: Callable[[Connection], Any]) -> Future[Any]:
        """Return the future of what work on people and rights returns, in a transaction that is on disk by then."""
        return self.writer.submit(frozenset({Hold(DECLARING)}), work)

    def add(  # noqa: PLR0913  where, whose, what, when, and how it is classed
        self, collection: int, source: int, rows: tuple[Incoming, ...], status: Status, now: int, classify: Classify,
        sift: Sift | None = None,
    ) -> Future[None]:  # fmt: skip
        """Return the future of rows and status kept in one transaction; what is there already is no fault."""

        def work(wire: Wire) -> None:
            kept = sift(wire, rows, classify, WAYS) if sift else (rows, classify)
            added = objects.add(wire, collection, source, kept[0], now, kept[1], WAYS)
            objects.keep_status(wire, status)
            tell_kept(wire, collection, status, added)

        holds = frozenset({Hold(SOURCE, source), Hold(COLLECTION, collection)})
        return self.writer.submit(holds, work, len(rows))

    def announce(self, what: Announcing, now: int) -> Future[int]:
        """Announce the next of it, some thousands, in one transaction; the future says how many, -1 for the last."""
        holds = frozenset({Hold(COLLECTION, what.collection)})
        return self.writer.submit(holds, lambda wire: audiences.announce(wire, what, now))

    def delete(self, collection: int, viewer: Viewer, query: Query) -> Future[int]:
        """Return the future of how many versions were taken away: those asked for that the viewer may see."""
        holds = frozenset({Hold(COLLECTION, collection)})
        return self.writer.submit(holds, lambda wire: objects.delete(wire, collection, viewer, query))


def drawn(wire: Wire, count: int) -> list[int]:
    """Return numbers of rows, rising; drawn by one who holds the collection, so that earlier rows have lower ones."""
    return [n for (n,) in wire.execute("SELECT nextval('object_n') FROM generate_series(1, ?::int)", (count,))]


def interned(wire: Wire, keys: list[str]) -> dict[str, int]:
    """Return the places of release classes; whoever makes one holds them all, or two could wait for each other."""
    text = "SELECT key, no FROM release WHERE key = ANY(?)"
    found: dict[str, int] = dict(wire.execute(text, (keys,)).fetchall())
    if len(found) == len(keys):
        return found
    wire.hold({Hold(CLASSES)})
    for key in keys:
        wire.execute("INSERT INTO release (key) VALUES (?) ON CONFLICT (key) DO NOTHING", (key,))
    return dict(wire.execute(text, (keys,)).fetchall())


def held(wire: Wire, collections: set[int]) -> None:
    """Keep other writers out of collections until the transaction ends."""
    wire.hold(Hold(COLLECTION, no) for no in collections)


WAYS = objects.Ways(drawn, interned, held)


def migrate(wire: Wire, url: str) -> int:
    """Bring the schema up to date and return its version; InputError for one of a newer Noroshi."""
    known = migrations(FOLDER)
    try:
        wire.begin({Hold(MIGRATING)})
        wire.execute("CREATE TABLE IF NOT EXISTS noroshi_schema (version INTEGER NOT NULL)")
        row = wire.execute("SELECT max(version) FROM noroshi_schema").fetchone()
        version = (row[0] if row else 0) or 0
        if version > known[-1][0]:
            wire.rollback()
            raise newer(masked(url), version, known[-1][0])
        for number, text in known:
            if number > version:
                for statement in statements(text):
                    wire.execute(statement)
                wire.execute("INSERT INTO noroshi_schema (version) VALUES (?)", (number,))
        wire.commit()
    except imported().Error as error:
        raise InputError([bad_store(url, str(error).strip())]) from None
    return known[-1][0]
