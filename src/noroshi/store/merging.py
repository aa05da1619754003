"""What people said of two objects, and the contributions that a viewer sees, from which things are made of them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from noroshi.share.chain import SALT_BYTES, sealed
from noroshi.share.entries import Judged
from noroshi.store.journal import tell
from noroshi.store.queries import ends_seen, marks, seen

if TYPE_CHECKING:
    from noroshi.store.contract import Connection, Viewer
    from noroshi.store.people import Asked

__all__ = ["Contribution", "Said", "contributions", "erase_said", "keep", "said_in", "undo"]

PAGE = 2000
SAID = "uid, collection, principal, everybody, same, a, b, at, reason"


class Contribution(NamedTuple):
    """One row that a viewer sees: its number, place, object, version and source."""

    n: int
    seq: int
    id: str
    type: str
    version: int
    stamp: str
    source: int
    body: bytes


class Said(NamedTuple):
    """A judgement as it is kept. everybody: it counts for all who see both, else for its principal alone."""

    uid: str
    collection: int
    principal: int
    everybody: bool
    same: bool
    a: str
    b: str
    at: int
    reason: str


def contributions(
    store: Asked, collection: int, viewer: Viewer, types: Iterable[str], most: int
) -> tuple[tuple[Contribution, ...], bool]:
    """Return the newest version of each object from each source that a viewer sees, and whether there were more.

    In the order of their places; at most `most` rows are looked at, all of them rows that the viewer sees.
    """
    newest: dict[tuple[str, int], Contribution] = {}
    more = False
    for looked, row in enumerate(rows(store, collection, viewer, sorted(types))):
        if looked == most:
            more = True
            break
        was = newest.get((row.id, row.source))
        if was is None or row.version > was.version:
            newest[row.id, row.source] = row
    return tuple(sorted(newest.values(), key=lambda one: one.seq)), more


def rows(store: Asked, collection: int, viewer: Viewer, types: list[str]) -> Iterator[Contribution]:
    """Yield every row of these types that a viewer sees, in the order of places."""
    after = 0
    text = (
        "SELECT o.n, o.seq, o.id, o.type, o.version, o.stamp, o.source, o.body FROM object o INDEXED BY object_seq"
        f" WHERE o.collection = ? AND o.seq > ? AND o.type IN ({marks(len(types))}) AND {seen('o', viewer)}"
        f" AND {ends_seen(viewer)} ORDER BY o.seq LIMIT ?"
    )
    while types:
        some = store.ask(text, (collection, after, *types, PAGE))
        for n, seq, name, kind, version, stamp, source, body in some:
            yield Contribution(n, seq, name, kind, version, stamp, source, bytes(body))
        if len(some) < PAGE:
            return
        after = some[-1][1]


def said_in(store: Asked, collection: int, principal: int, uid: str = "") -> tuple[Said, ...]:
    """Return the judgements of a collection that count for a principal, those taken back left out; or the one named."""
    values: list[object] = [collection, principal]
    one = ""
    if uid:
        one, values = " AND uid = ?", [*values, uid]
    found = store.ask(
        f"SELECT {SAID} FROM judgement WHERE collection = ? AND (everybody = 1 OR principal = ?) AND undone_at IS NULL"
        f"{one} ORDER BY at, uid", values,
    )  # fmt: skip
    return tuple(
        Said(uid, of, by, bool(everybody), bool(same), a, b, at, reason)
        for uid, of, by, everybody, same, a, b, at, reason in found
    )


def keep(connection: Connection, one: Said) -> None:
    """Keep a judgement, and tell the journal: what it is about is sealed, so that it can be erased."""
    connection.execute(
        f"INSERT INTO judgement ({SAID}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*one[:3], int(one.everybody), int(one.same), *one[5:]),
    )
    salt = os.urandom(SALT_BYTES)
    digest = sealed(salt, f"{one.a} {one.b} {one.reason}".encode())
    entry = Judged(one.principal, one.collection, one.uid, "same" if one.same else "different", digest)
    tell(connection, "judged", entry, salt)


def undo(connection: Connection, uid: str, principal: int, at: int) -> bool:
    """Take a judgement back and tell the journal; False where it was taken back already."""
    found = connection.execute(
        "UPDATE judgement SET undone_at = ?, undone_by = ? WHERE uid = ? AND undone_at IS NULL RETURNING collection",
        (at, principal, uid),
    ).fetchone()
    if found is None:
        return False
    tell(connection, "judged", Judged(principal, found[0], uid, "undone", ""))
    return True


def erase_said(connection: Connection, name: str, collections: Iterable[int], sealed_by: dict[str, int]) -> None:
    """Erase the judgements about an object, and the salts of what the journal says of them.

    sealed_by: uid of a judgement -> its entry in the journal.
    """
    for collection in sorted(set(collections)):
        uids = connection.execute(
            "SELECT uid FROM judgement WHERE collection = ? AND (a = ? OR b = ?)", (collection, name, name)
        ).fetchall()
        connection.execute("DELETE FROM judgement WHERE collection = ? AND (a = ? OR b = ?)", (collection, name, name))
        gone = [("journal", sealed_by[uid]) for (uid,) in uids if uid in sealed_by]
        connection.executemany("DELETE FROM salt WHERE chain = ? AND no = ?", gone)
