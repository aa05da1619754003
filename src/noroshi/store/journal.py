"""What writes the journal and the ledger: work says what it did, and the writer links all of it before it commits.

The end of a chain is one place that every writer needs, so it is held for as short as can be: the hashes of a whole
transaction are made at its end, after all that its requests did, and nothing else is waited for from there on.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import msgspec

from noroshi.share.chain import CHAINS, SALT_BYTES, Tail, Told, begin, canonical, linked, runs, sealed
from noroshi.share.entries import Applied, Deleted, Kept
from noroshi.store.many import steps

if TYPE_CHECKING:
    from noroshi.store.contract import Connection, Status, Viewer
    from noroshi.store.objects import Added

__all__ = ["Teller", "seal", "tail_of", "tell", "tell_applied", "tell_deleted", "tell_kept"]

SECRETS = ("password", "token")


class Teller(sqlite3.Connection):
    """A connection that gathers what is to be told of its transaction. A class, since sqlite3 makes it."""

    def __init__(self, *args: Any, **more: Any) -> None:  # noqa: ANN401  sqlite3's own
        """Start with nothing told."""
        super().__init__(*args, **more)
        self.told: list[Told] = []

    def executemany(self, text: str, rows: Iterable[Any], /) -> sqlite3.Cursor:
        """Do a statement for each of many rows, many at a step."""
        found = steps(text, rows)
        if found is None:
            return super().executemany(text, rows)
        cursor = self.cursor()
        for said, values in found:
            cursor.execute(said, values)
        return cursor

    def numbers(self, text: str, values: Sequence[Any] = (), /) -> list[int]:
        """Return the whole numbers of the one column that a statement finds, in one step."""
        (found,) = self.execute(f"WITH t(x) AS ({text}) SELECT json_group_array(x) FROM t", values).fetchone()
        return msgspec.json.decode(found, type=list[int])


def tell(connection: Connection, kind: str, said: object, salt: bytes = b"") -> None:
    """Say in the journal what this transaction does; if its request fails, so does the telling."""
    connection.told.append(Told(CHAINS[0], kind, canonical(said), salt))


def tell_kept(connection: Connection, collection: int, status: Status, added: Added) -> None:
    """Tell of an envelope: what of it was kept, in order, and what else was re-classed by it."""
    salt = os.urandom(SALT_BYTES)
    said = Kept(
        status.principal, collection, status.uid, len(status.successes), len(status.failures), runs(added.numbers),
        sealed(salt, b"".join(added.shas)), sorted(added.reclassed.items()),
    )  # fmt: skip
    tell(connection, "kept", said, salt)


def tell_deleted(connection: Connection, collection: int, viewer: Viewer, rows: list[int]) -> None:
    """Tell of rows that a principal took away."""
    tell(connection, "deleted", Deleted(viewer.principal, collection, runs(sorted(rows))))


def tell_applied(
    connection: Connection, table: str, key: dict[str, object], values: dict[str, object], *, made: bool
) -> None:
    """Tell of a row that a declaration made or changed: a principal by its number, of secrets only whether they are."""
    shown = {name: bool(value) if name in SECRETS else value for name, value in values.items()}
    if table != "principal":
        tell(connection, "applied", Applied(table, made, key, shown))
        return
    salt = os.urandom(SALT_BYTES)
    (no,) = connection.execute("SELECT no FROM principal WHERE name = ?", (key["name"],)).fetchone()
    said = Applied(table, made, {"no": no}, shown, sealed(salt, str(key["name"]).encode()))
    tell(connection, "applied", said, salt)


def nobody_else(_: str) -> None:
    """Keep nobody from the end of a chain: in SQLite only one writes."""


def seal(connection: Connection, hold: Callable[[str], None] = nobody_else) -> None:
    """Link what was told to the ends of the chains, last of all before a commit; `hold` keeps other writers from one.

    The time of an entry is that of its transaction's end, by the clock of this machine.
    """
    at = time.time_ns() // 1000
    for chain in CHAINS:
        told = [one for one in connection.told if one.chain == chain]
        if not told:
            continue
        hold(chain)
        entries = linked(tail_of(connection, chain), at, told)
        connection.executemany(f"INSERT INTO {chain} (no, at, kind, content, hash) VALUES (?, ?, ?, ?, ?)", entries)
        salts = [(chain, entry.no, one.salt) for entry, one in zip(entries, told, strict=True) if one.salt]
        connection.executemany("INSERT INTO salt (chain, no, salt) VALUES (?, ?, ?)", salts)
    connection.told.clear()


def tail_of(connection: Connection, chain: str) -> Tail:
    """Return where a chain ends."""
    row = connection.execute(f"SELECT no, hash FROM {chain} ORDER BY no DESC LIMIT 1").fetchone()
    return Tail(*row) if row else begin(chain)
