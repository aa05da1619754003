"""The store in one SQLite file: readers of their own, one writer with group commit, all synced before it answers."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any

from noroshi.errors import InputError
from noroshi.store import audiences, objects
from noroshi.store.declaring import declare
from noroshi.store.journal import Teller, tell_kept
from noroshi.store.ledger import Deliveries
from noroshi.store.migrating import migrate
from noroshi.store.reading import Reads
from noroshi.store.writing import Writer

if TYPE_CHECKING:
    from collections.abc import Callable

    from noroshi.share.taxii import Query
    from noroshi.store.contract import Announcing, Classify, Connection, Declared, Incoming, Sift, Status, Viewer

__all__ = ["SqliteStore", "open_sqlite"]

PRAGMAS = (
    "PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA busy_timeout = 30000", "PRAGMA foreign_keys = ON",
    "PRAGMA cache_size = -32768", "PRAGMA mmap_size = 268435456", "PRAGMA wal_autocheckpoint = 16000",
    "PRAGMA secure_delete = ON",
)  # fmt: skip


def open_sqlite(where: Path) -> SqliteStore:
    """Return the store in a file, made and brought up to date as need be. InputError where it cannot be opened."""
    where.parent.mkdir(parents=True, exist_ok=True)
    return SqliteStore(where)


class SqliteStore(Reads):
    """The contract over one file. A class, since connections and the writer live as long as it does."""

    def __init__(self, path: Path) -> None:
        """Open the file and bring it up to date."""
        self.path = path
        self.local = threading.local()
        connection = self._connect()
        try:
            migrate(connection, str(path))
        finally:
            connection.close()
        self.deliveries = Deliveries(lambda: self.write(lambda _: None))
        self.writer = Writer(self._connect, self.deliveries)
        self.deliver = self.deliveries.put

    def close(self) -> None:
        """Finish what is being written and close."""
        self.deliveries.close()
        self.writer.close()

    def _connect(self) -> Teller:
        """Return a connection of this thread's own."""
        try:
            connection = sqlite3.connect(self.path, isolation_level=None, cached_statements=128, factory=Teller)
            for pragma in PRAGMAS:
                connection.execute(pragma)
        except sqlite3.Error as error:
            raise InputError([fault_of(self.path, error)]) from None
        return connection

    @property
    def reader(self) -> sqlite3.Connection:
        """Return this thread's connection for reading."""
        found: sqlite3.Connection | None = getattr(self.local, "reader", None)
        if found is None:
            found = self.local.reader = self._connect()
            found.execute("PRAGMA query_only = ON")
            found.execute("PRAGMA cache_size = -4096")  # each thread has one; the file is mapped into memory
        return found

    def ask(self, text: str, values: Sequence[Any] = ()) -> list[Any]:
        """Return the rows that a statement finds."""
        return self.reader.execute(text, values).fetchall()

    def submit(self, work: Callable[[Teller], Any]) -> Future[Any]:
        """Return the future of work that writes."""
        return self.writer.submit(work)

    def write(self, work: Callable[[Connection], Any], collections: Iterable[int] = ()) -> Future[Any]:
        """Return the future of work in a transaction; in SQLite only one writes, wherever it is."""
        del collections
        return self.writer.submit(work)

    def scrub(self) -> None:
        """Have what was erased leave the write-ahead log too; it was overwritten in its pages (secure_delete)."""
        self._connect().execute("PRAGMA wal_checkpoint(TRUNCATE)").connection.close()

    def apply(self, declared: Declared) -> tuple[str, ...]:
        """Make what is declared, change what differs, leave the rest; return what was done, a line each."""
        done: tuple[str, ...] = self.submit(lambda connection: declare(connection, declared)).result()
        return done

    def change(self, work: Callable[[Connection], Any]) -> Future[Any]:
        """Return the future of what work on people and rights returns, in a transaction that is on disk by then."""
        return self.submit(work)

    # ---- objects

    def add(  # noqa: PLR0913  where, whose, what, when, and how it is classed
        self, collection: int, source: int, rows: tuple[Incoming, ...], status: Status, now: int, classify: Classify,
        sift: Sift | None = None,
    ) -> Future[None]:  # fmt: skip
        """Return the future of rows and status kept in one transaction; what is there already is no fault."""

        def work(connection: Teller) -> None:
            kept = sift(connection, rows, classify, objects.SQLITE_WAYS) if sift else (rows, classify)
            added = objects.add(connection, collection, source, kept[0], now, kept[1])
            objects.keep_status(connection, status)
            tell_kept(connection, collection, status, added)

        return self.submit(work)

    def announce(self, what: Announcing, now: int) -> Future[int]:
        """Announce the next of it, some thousands, in one transaction; the future says how many, -1 for the last."""
        return self.submit(lambda connection: audiences.announce(connection, what, now))

    def delete(self, collection: int, viewer: Viewer, query: Query) -> Future[int]:
        """Return the future of how many versions were taken away: those asked for that the viewer may see."""
        return self.submit(lambda connection: objects.delete(connection, collection, viewer, query))


def fault_of(path: Path, error: sqlite3.Error) -> Any:  # noqa: ANN401  a Fault; imported where it is made
    """Return what is wrong with a file that is no store of ours."""
    from noroshi.errors import Fault

    return Fault("bad-store", file=str(path), found=str(error), expected="a Noroshi store, or a place for a new one",
                 remedy="check the folder's permissions and free space, or give another NOROSHI_DATA")  # fmt: skip
