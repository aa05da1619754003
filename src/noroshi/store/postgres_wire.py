"""A connection to PostgreSQL that takes the store's words, and holds what it writes to until it commits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from noroshi.errors import Fault, InputError
from noroshi.share.chain import CHAINS, Told
from noroshi.store.postgres_words import arranged, copied, worded

if TYPE_CHECKING:
    import psycopg

__all__ = ["CLASSES", "COLLECTION", "DECLARING", "MIGRATING", "SOURCE", "Hold", "Wanted", "Wire", "bad_store", "masked"]

SPACE = 0x4E6F7200
"""Where our advisory locks begin among those of whoever shares the database."""


class Hold(NamedTuple):
    """What a writer keeps others out of until its transaction ends; holds are taken in their order."""

    kind: int
    no: int = 0


MIGRATING, DECLARING, CLASSES, SOURCE, COLLECTION, CHAIN = range(SPACE, SPACE + 6)


class Wanted(Exception):  # noqa: N818  a way to begin anew, not an error
    """Something must be held that another holds: to wait for it out of turn could wait for ever."""

    def __init__(self, hold: Hold) -> None:
        """Take what is wanted."""
        super().__init__(hold)
        self.hold = hold


class Wire:
    """One connection. A class, since it knows what its transaction holds, and the types of columns."""

    def __init__(self, url: str, *, writes: bool) -> None:
        """Connect. InputError where it cannot be."""
        driver = imported()
        try:
            self.raw: psycopg.Connection[Any] = driver.connect(url, autocommit=True, application_name="noroshi")
            self.raw.execute(f"SET plan_cache_mode = {'auto' if writes else 'force_generic_plan'}".encode())
            self.raw.execute("SET default_transaction_isolation = 'read committed'")
            if writes:
                self._make_sure(url)
            else:
                self.raw.execute("SET default_transaction_read_only = on")
                for other in (b"seqscan", b"bitmapscan"):  # every read has an index that has its order
                    self.raw.execute(b"SET enable_" + other + b" = off")
        except driver.Error as error:
            raise InputError([bad_store(url, str(error).strip())]) from None
        self.raw.prepare_threshold = 0
        self.raw.prepared_max = 500
        self.holds: set[Hold] = set()
        self.told: list[Told] = []
        self.types: dict[str, dict[str, str]] = {}

    def _make_sure(self, url: str) -> None:
        """Have commits answered once they are on disk; InputError for a server that never does that."""
        for setting, wrong in (("fsync", "off"), ("synchronous_commit", "off"), ("server_encoding", None)):
            row = self.raw.execute("SELECT current_setting(%s)", (setting,)).fetchone()
            found = row[0] if row else ""
            if setting == "synchronous_commit" and found == wrong:
                self.raw.execute("SET synchronous_commit = on")
            elif found == wrong or (wrong is None and found != "UTF8"):
                raise InputError([bad_store(url, f"{setting} = {found}")])

    def execute(self, text: str, values: Sequence[Any] = (), /) -> psycopg.Cursor[Any]:
        """Return a cursor over what a statement finds."""
        said, takes = worded(text)
        return self.raw.execute(said, arranged(takes, values), binary=True)

    def numbers(self, text: str, values: Sequence[Any] = (), /) -> list[int]:
        """Return the whole numbers of the one column that a statement finds."""
        return [number for (number,) in self.execute(text, values)]

    def executemany(self, text: str, rows: Iterable[Sequence[Any]], /) -> None:
        """Do a statement for each row; a plain insert is a binary COPY."""
        listed = list(rows)
        copy = copied(text)
        if not listed:
            return
        with self.raw.cursor(binary=True) as cursor:
            if copy is None:
                cursor.executemany(worded(text).text, listed)
                return
            types = self._types(copy.table)
            with cursor.copy(copy.text) as into:
                into.set_types([types[name] for name in copy.columns])
                for row in listed:
                    into.write_row(row)

    def _types(self, table: str) -> dict[str, str]:
        """Return the type of each column of a table."""
        if table not in self.types:
            rows = self.execute(
                "SELECT a.attname::text, t.typname::text FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid"
                " WHERE a.attrelid = ?::text::regclass AND a.attnum > 0",
                (table,),
            )
            self.types[table] = dict(rows.fetchall())
        return self.types[table]

    def begin(self, holds: Iterable[Hold]) -> None:
        """Begin a transaction and wait for what it is to hold, in order, so that no two wait for each other."""
        self.raw.execute(b"BEGIN")
        for hold in sorted(holds):
            self.execute("SELECT pg_advisory_xact_lock(?::int, ?::int)", hold)
            self.holds.add(hold)

    def hold(self, holds: Iterable[Hold]) -> None:
        """Hold more within a transaction; Wanted where another has it."""
        for hold in sorted(set(holds) - self.holds):
            row = self.execute("SELECT pg_try_advisory_xact_lock(?::int, ?::int)", hold).fetchone()
            if row is None or not row[0]:
                raise Wanted(hold)
            self.holds.add(hold)

    def hold_chain(self, chain: str) -> None:
        """Wait for the end of a chain and hold it: the last that is held, so that nobody waits for whoever waits."""
        self.execute("SELECT pg_advisory_xact_lock(?::int, ?::int)", Hold(CHAIN, CHAINS.index(chain)))

    def commit(self) -> None:
        """Commit, and be sure that it was one: of a transaction that failed, COMMIT is a rollback."""
        self.holds.clear()
        if self.raw.execute(b"COMMIT").statusmessage != "COMMIT":
            raise imported().OperationalError("the transaction was rolled back")

    def rollback(self) -> None:
        """Undo the transaction, if there is one and anybody to tell."""
        self.holds.clear()
        self.told.clear()
        if not self.raw.closed:
            self.raw.execute(b"ROLLBACK")

    def alive(self) -> bool:
        """Say whether the server still answers: it may have been started anew since."""
        try:
            self.raw.execute(b"SELECT 1")
        except imported().Error:
            self.raw.close()
        return not self.raw.closed

    @property
    def closed(self) -> bool:
        """Whether the connection is gone."""
        return bool(self.raw.closed)

    def close(self) -> None:
        """Close the connection."""
        self.raw.close()


def imported() -> Any:  # noqa: ANN401  a module
    """Return psycopg; InputError where it is not installed."""
    try:
        import psycopg
    except ImportError:
        raise InputError([
            Fault("bad-setting", column="database", found="postgresql://…", expected="the package psycopg",
                  remedy="install noroshi[postgres], or leave the database to SQLite"),
        ]) from None  # fmt: skip
    return psycopg


def masked(url: str) -> str:
    """Return a URL without who logs in and how."""
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.partition('?')[0].rpartition('@')[2]}"


def bad_store(url: str, found: str) -> Fault:
    """Return what is wrong with a database that cannot be ours."""
    return Fault("bad-store", file=masked(url), found=found, expected="PostgreSQL in UTF-8 that syncs to disk",
                 remedy="check that it runs, its address, the password, and that its fsync is on")  # fmt: skip
