"""Erasure in one transaction: the rows go, the salts of what told of them go, and the chain stays as it was."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from noroshi.share.chain import CHAINS, SALT_BYTES, numbers, runs, sealed, within
from noroshi.share.entries import Erased, Given, Judged, Kept, Released, Restated, read_entry
from noroshi.store.journal import tell
from noroshi.store.journal_reading import entries, rows_of, salt_of, shas
from noroshi.store.merging import erase_said
from noroshi.store.objects import settle, take_away
from noroshi.store.releasing import erase_releases

if TYPE_CHECKING:
    from noroshi.share.chain import Entry
    from noroshi.store.contract import Connection
    from noroshi.store.journal_reading import Ask

__all__ = ["Telling", "erase", "forget_deliveries"]

JOURNAL, LEDGER = CHAINS


@dataclass
class Telling:
    """The entries that tell of some rows: looked for before the transaction, and what came since within it.

    kept: envelopes by their entry; sealed_by: the entry that has the seal over what is left of one, where it was
    restated; given: deliveries by their entry; judged: entries of judgements by their uid; released: those of
    reduced copies by theirs; upto: how far each chain was read.
    """

    rows: Sequence[int]
    kept: dict[int, Kept] = field(default_factory=dict)
    sealed_by: dict[int, tuple[int, str]] = field(default_factory=dict)
    given: dict[int, tuple[Entry, Given]] = field(default_factory=dict)
    judged: dict[str, int] = field(default_factory=dict)
    released: dict[str, list[int]] = field(default_factory=dict)
    upto: dict[str, int] = field(default_factory=lambda: dict.fromkeys(CHAINS, 0))

    def begin(self, rows: Sequence[int]) -> None:
        """Begin anew, for other rows."""
        self.rows = rows
        self.upto = dict.fromkeys(CHAINS, 0)
        for known in (self.kept, self.sealed_by, self.given, self.judged, self.released):
            known.clear()

    def look(self, ask: Ask, chains: Sequence[str] = CHAINS) -> list[int]:
        """Read on from where it was read to; return the new entries of the ledger that tell of the rows."""
        new = []
        for chain in chains:
            for some in entries(ask, chain, self.upto[chain]):
                new += [entry.no for entry in some if self._noted(entry)]
                self.upto[chain] = some[-1].no
        return new

    def _noted(self, entry: Entry) -> bool:
        """Note an entry that matters; say whether it is a delivery."""
        said = read_entry(entry)
        match said:
            case Kept() if within(said.rows, self.rows):
                self.kept[entry.no] = said
            case Restated():
                self.sealed_by[said.entry] = (entry.no, said.digest)
            case Judged() if said.digest:
                self.judged[said.uid] = entry.no
            case Released() if said.digest and entry.no not in self.released.get(said.uid, ()):
                self.released.setdefault(said.uid, []).append(entry.no)
            case Given() if within(said.rows, self.rows):
                self.given[entry.no] = (entry, said)
                return True
        return False


def erase(connection: Connection, name: str, collection: int | None, reason: str, telling: Telling) -> int:
    """Erase an object in one collection, or in all; return how many rows. `telling` knows afterwards who had it."""

    def ask(text: str, values: Sequence[Any]) -> list[Any]:
        found: list[Any] = connection.execute(text, values).fetchall()
        return found

    found = rows_of(ask, name, collection)
    rows = [row.n for row in found]
    if rows != telling.rows:  # one came meanwhile: all is looked at again
        telling.begin(rows)
    telling.look(ask)
    tell(connection, "erased", Erased(runs(rows), reason))
    for no, kept in telling.kept.items():
        restate(connection, ask, no, kept, telling)
    forget_deliveries(connection, telling.given)
    take_away(connection, rows)
    connection.executemany(
        "INSERT INTO gone (n, collection, id, stamp, sha) VALUES (?, ?, '', '', ?)"
        " ON CONFLICT (n) DO UPDATE SET id = '', stamp = '', sha = excluded.sha",
        [(row.n, row.collection, b"") for row in found],
    )
    erase_said(connection, name, {row.collection for row in found}, telling.judged)
    erase_releases(connection, name, {row.collection for row in found}, telling.released)
    for of in {row.collection for row in found}:
        settle(connection, of, {name})
    if not rows_of(ask, name):
        connection.execute("DELETE FROM passed WHERE id = ?", (name,))
        connection.execute("DELETE FROM awaited WHERE id = ?", (name,))
        connection.execute("DELETE FROM peer_sent WHERE id = ?", (name,))
        connection.execute("DELETE FROM peer_refused WHERE id = ?", (name,))
        clear_statuses(connection, name)
    return len(rows)


def restate(connection: Connection, ask: Ask, no: int, kept: Kept, telling: Telling) -> None:
    """Seal what an envelope brought besides anew, if the old seal still holds, and destroy the old salt."""
    by, digest = telling.sealed_by.get(no, (no, kept.digest))
    rows = list(numbers(kept.rows))
    found = shas(ask, rows)
    known = {**found.gone, **found.there}
    before = [known.get(n, b"?") for n in rows]
    erased = set(telling.rows)
    left = b"".join(known.get(n, b"") for n in rows if n not in erased)
    old = salt_of(ask, JOURNAL, by)
    held = old is not None and sealed(old, b"".join(before)) == digest
    salt = os.urandom(SALT_BYTES)
    tell(connection, "restated", Restated(no, sealed(salt, left) if held else ""), salt)
    connection.execute("DELETE FROM salt WHERE chain = ? AND no IN (?,?)", (JOURNAL, no, by))


def forget_deliveries(connection: Connection, given: Sequence[int] | dict[int, Any]) -> None:
    """Destroy the salts of deliveries: what their bodies were can no more be confirmed by a guess."""
    connection.executemany("DELETE FROM salt WHERE chain = ? AND no = ?", [(LEDGER, no) for no in given])


def clear_statuses(connection: Connection, name: str) -> None:
    """Take an id out of the statuses of envelopes."""
    like = f"%{name}%"
    rows = connection.execute(
        "SELECT uid, successes, failures FROM status WHERE successes LIKE ? OR failures LIKE ?", (like, like)
    ).fetchall()
    for uid, *lists in rows:
        left = [json.dumps([one for one in json.loads(text) if name not in "".join(one)]) for text in lists]
        connection.execute("UPDATE status SET successes = ?, failures = ? WHERE uid = ?", (*left, uid))
