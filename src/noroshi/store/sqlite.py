"""The store in one SQLite file: readers of their own, one writer with group commit, all synced before it answers."""

from __future__ import annotations

import json
import sqlite3
import threading
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any

from noroshi.errors import InputError
from noroshi.store import objects, queries
from noroshi.store.contract import Collection, Listed, Page, Principal, Root, Status, Version
from noroshi.store.declaring import declare
from noroshi.store.migrating import migrate
from noroshi.store.writing import Writer

if TYPE_CHECKING:
    from collections.abc import Callable

    from noroshi.share.taxii import Query
    from noroshi.store.contract import Classify, Declared, Incoming, Viewer

__all__ = ["SqliteStore", "open_sqlite"]

PRAGMAS = (
    "PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", "PRAGMA busy_timeout = 30000", "PRAGMA foreign_keys = ON",
    "PRAGMA cache_size = -32768", "PRAGMA mmap_size = 268435456", "PRAGMA wal_autocheckpoint = 4000",
)  # fmt: skip
PRINCIPAL = "no, name, kind, sees, communities, version"


def open_sqlite(where: Path) -> SqliteStore:
    """Return the store in a file, made and brought up to date as need be. InputError where it cannot be opened."""
    where.parent.mkdir(parents=True, exist_ok=True)
    return SqliteStore(where)


class SqliteStore:
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
        self.writer = Writer(self._connect)

    def close(self) -> None:
        """Finish what is being written and close."""
        self.writer.close()

    def _connect(self) -> sqlite3.Connection:
        """Return a connection of this thread's own."""
        try:
            connection = sqlite3.connect(self.path, isolation_level=None, cached_statements=512)
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
        return found

    def submit(self, work: Callable[[sqlite3.Connection], Any]) -> Future[Any]:
        """Return the future of work that writes."""
        return self.writer.submit(work)

    # ---- who

    def principal(self, name: str) -> tuple[Principal, str] | None:
        """Return a principal by name with its password's hash ("" = none)."""
        row = self.reader.execute(f"SELECT {PRINCIPAL}, password FROM principal WHERE name = ?", (name,)).fetchone()
        return (principal_of(row[:6]), row[6]) if row else None

    def token(self, digest: bytes) -> Principal | None:
        """Return the principal whose token has this SHA-256 digest."""
        row = self.reader.execute(f"SELECT {PRINCIPAL} FROM principal WHERE token = ?", (digest,)).fetchone()
        return principal_of(row) if row else None

    # ---- where

    def root_names(self) -> frozenset[str]:
        """Return the names of all API roots."""
        return frozenset(name for (name,) in self.reader.execute("SELECT name FROM api_root"))

    def roots(self, principal: int) -> tuple[Root, ...]:
        """Return the API roots in which a principal has any collection, by name."""
        rows = self.reader.execute(
            "SELECT DISTINCT r.no, r.name, r.title, r.description, r.max_content_length FROM api_root r"
            " JOIN collection c ON c.root = r.no JOIN permit p ON p.collection = c.no"
            " WHERE p.principal = ? AND (p.can_read OR p.can_write) ORDER BY r.name",
            (principal,),
        )
        return tuple(Root(*row) for row in rows)

    def collections(self, root: int, principal: int) -> tuple[Collection, ...]:
        """Return the collections of a root that a principal may read or write, by id."""
        rows = self.reader.execute(
            "SELECT c.no, c.root, c.uid, c.title, c.description, c.default_tlp, p.can_read, p.can_write"
            " FROM collection c JOIN permit p ON p.collection = c.no"
            " WHERE c.root = ? AND p.principal = ? AND (p.can_read OR p.can_write) ORDER BY c.uid",
            (root, principal),
        )
        return tuple(
            Collection(no, of, uid, title, description, default, bool(read), bool(write))
            for no, of, uid, title, description, default, read, write in rows
        )

    # ---- release classes

    def releases(self) -> dict[str, int]:
        """Return the key of every release class with its place."""
        return dict(self.reader.execute("SELECT key, no FROM release").fetchall())

    def definitions(self, source: int) -> list[bytes]:
        """Return the bodies of the marking definitions that a source has sent."""
        rows = self.reader.execute(
            "SELECT body FROM object INDEXED BY object_definition WHERE source = ? AND type = 'marking-definition'"
            " ORDER BY n",
            (source,),
        )
        return [body for (body,) in rows]

    def apply(self, declared: Declared) -> tuple[str, ...]:
        """Make what is declared, change what differs, leave the rest; return what was done, a line each."""
        done: tuple[str, ...] = self.submit(lambda connection: declare(connection, declared)).result()
        return done

    # ---- objects

    def add(  # noqa: PLR0913  where, whose, what, when, and how it is classed
        self, collection: int, source: int, rows: tuple[Incoming, ...], status: Status, now: int, classify: Classify
    ) -> Future[None]:
        """Return the future of rows and status kept in one transaction; what is there already is no fault."""

        def work(connection: sqlite3.Connection) -> None:
            objects.add(connection, collection, source, rows, now, classify)
            connection.execute(
                "INSERT INTO status (uid, root, principal, requested, successes, failures) VALUES (?, ?, ?, ?, ?, ?)",
                (status.uid, status.root, status.principal, status.requested, json.dumps(status.successes),
                 json.dumps(status.failures)),
            )  # fmt: skip

        return self.submit(work)

    def page(self, collection: int, viewer: Viewer, query: Query, after: int, limit: int) -> Page:
        """Return rows with seq > after that the query asks for and the viewer may see, at most `limit`."""
        rows = self.reader.execute(*queries.page_rows(collection, viewer, query, after, limit)).fetchall()
        return Page(tuple(Listed(*row) for row in rows[:limit]), len(rows) > limit)

    def versions(self, collection: int, viewer: Viewer, query: Query, after: int, limit: int) -> tuple[Version, ...]:
        """Return the versions of the object query.ids[0] that the viewer may see, one more than `limit` at most."""
        rows = self.reader.execute(*queries.version_rows(collection, viewer, query, after, limit))
        return tuple(Version(*row) for row in rows)

    def delete(self, collection: int, viewer: Viewer, query: Query) -> Future[int]:
        """Return the future of how many versions were taken away: those asked for that the viewer may see."""
        return self.submit(lambda connection: objects.delete(connection, collection, viewer, query))

    def status(self, root: int, principal: int, uid: str) -> Status | None:
        """Return the status of an envelope that the principal sent."""
        row = self.reader.execute(
            "SELECT uid, root, principal, requested, successes, failures FROM status"
            " WHERE uid = ? AND root = ? AND principal = ?",
            (uid, root, principal),
        ).fetchone()
        if row is None:
            return None
        name, of, who, requested, done, failed = row
        return Status(name, of, who, requested, entries(done), entries(failed))


def entries(text: str) -> tuple[tuple[str, str, str], ...]:
    """Return the entries of a status as they were kept."""
    return tuple((name, version, message) for name, version, message in json.loads(text))


def principal_of(row: tuple[Any, ...]) -> Principal:
    """Return a principal from its row."""
    no, name, kind, sees, communities, version = row
    return Principal(no, name, kind, sees, frozenset(json.loads(communities or "[]")), version)


def fault_of(path: Path, error: sqlite3.Error) -> Any:  # noqa: ANN401  a Fault; imported where it is made
    """Return what is wrong with a file that is no store of ours."""
    from noroshi.errors import Fault

    return Fault("bad-store", file=str(path), found=str(error), expected="a Noroshi store, or a place for a new one",
                 remedy="check the folder's permissions and free space, or give another NOROSHI_DATA")  # fmt: skip
