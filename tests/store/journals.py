"""What tests of the journal and the ledger do to a store behind its back, and what they read there."""

from __future__ import annotations

from typing import Any

from noroshi.desk.journal import Verified, verify
from noroshi.desk.ledger import Handed, deliver
from noroshi.errors import InputError
from noroshi.share.chain import CHAINS, Entry
from noroshi.share.entries import Given, read_entry
from noroshi.share.taxii import Query
from noroshi.store.contract import Store, Viewer
from noroshi.store.journal_reading import entries

__all__ = ["altered", "behind", "cell", "chain_of", "faults", "give", "givens", "holds"]


def behind(store: Store, text: str, *values: Any) -> None:
    """Change a store as whoever can write to its database could, unseen by the journal."""
    store.write(lambda connection: connection.execute(text, values)).result(20)


def cell(store: Store, table: str, column: str, where: str) -> Any:
    """Return a value of a row."""
    ((found,),) = store.ask(f"SELECT {column} FROM {table} WHERE {where}")  # noqa: S608  names of the test's own
    return found


def altered(store: Store, table: str, column: str, value: Any, where: str) -> None:
    """Put another value into a row, behind the store's back."""
    behind(store, f"UPDATE {table} SET {column} = ? WHERE {where}", value)  # noqa: S608  names of the test's own


def chain_of(store: Store, chain: str = CHAINS[0]) -> list[Entry]:
    """Return every entry of a chain."""
    return [one for some in entries(store.ask, chain) for one in some]


def givens(store: Store) -> list[Given]:
    """Return what the ledger says."""
    return [said for one in chain_of(store, CHAINS[1]) if isinstance(said := read_entry(one), Given)]


def holds(store: Store, *points: Any, key: str = "", objects: bool = True) -> Verified:
    """Verify a store; checkpoints as (name, checkpoint)."""
    return verify(store, points, key, objects=objects)


def faults(store: Store, *points: Any, key: str = "", objects: bool = True) -> list[tuple[str, str, int | None]]:
    """Return (code, file, row) of each fault that verification finds; none where all holds."""
    try:
        verify(store, points, key, objects=objects)
    except InputError as error:
        return [(one.code, one.file, one.row) for one in error.faults]
    return []


def give(store: Store, viewer: Viewer, query: Query, *, strict: bool = False, body: bytes = b"body") -> Any:
    """Hand a page out as a door does; return the future that its response must wait for, if any."""
    rows = store.page(1, viewer, query, 0, 1000).rows
    return deliver(store, viewer.principal, Handed(1, "objects", rows, viewer.classes), body, strict=strict)
