"""Reduced copies of objects as they are proposed and decided on; the journal has seals of them, which can be erased."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from noroshi.share.chain import SALT_BYTES, sealed
from noroshi.share.entries import Released
from noroshi.store.journal import tell

if TYPE_CHECKING:
    from noroshi.store.contract import Connection
    from noroshi.store.people import Asked

__all__ = ["APPROVED", "PROPOSED", "REFUSED", "WITHDRAWN", "Release", "decide", "erase_releases", "keep", "releases",
           "sent"]  # fmt: skip

PROPOSED, APPROVED, REFUSED, WITHDRAWN = "proposed", "approved", "refused", "withdrawn"
COLUMNS = (
    "uid, collection, source, stamp, released, target, derived, body, plan, proposer, reason, at, state, decided_by,"
    " decided_at, why, sent_at"
)


class Release(NamedTuple):
    """A reduced copy as it is kept; times in microseconds.

    collection, source, stamp, released: what it was made from, and that one's release class then; source "" = erased.
    target, derived, body: where it goes, its id and its bytes; plan: as JSON; sent_at: when it went in, None: not yet.
    """

    uid: str
    collection: int
    source: str
    stamp: str
    released: str
    target: int
    derived: str
    body: bytes
    plan: str
    proposer: int
    reason: str
    at: int
    state: str = PROPOSED
    decided_by: int | None = None
    decided_at: int | None = None
    why: str = ""
    sent_at: int | None = None


def releases(store: Asked, uid: str = "", *, about: str = "") -> tuple[Release, ...]:
    """Return the reduced copies, the oldest first; or the one named, or those from or to an object."""
    values: list[object] = []
    which = ""
    if uid:
        which, values = " WHERE uid = ?", [uid]
    elif about:
        which, values = " WHERE source = ? OR derived = ?", [about, about]
    found = store.ask(f"SELECT {COLUMNS} FROM derivation{which} ORDER BY at, uid", values)
    return tuple(Release._make((*row[:7], bytes(row[7]), *row[8:])) for row in found)


def keep(connection: Connection, one: Release) -> None:
    """Keep a proposal, and tell the journal: what it says is sealed, so that it can be erased."""
    marks = ", ".join("?" * len(one))
    connection.execute(f"INSERT INTO derivation ({COLUMNS}) VALUES ({marks})", tuple(one))
    said = f"{one.source}\n{one.stamp}\n{one.released}\n{one.plan}\n{one.reason}".encode()
    salt = os.urandom(SALT_BYTES)
    entry = Released(one.proposer, one.target, one.uid, one.state, sealed(salt, said + b"\n" + one.body))
    tell(connection, "released", entry, salt)


def decide(connection: Connection, uid: str, states: Sequence[str], state: str, by: tuple[int, int], why: str) -> bool:  # noqa: PLR0913  whose, from what, to what, by whom
    """Bring a copy from one of some states to another; False where it is in none of them. by: principal, time."""
    marks = ", ".join("?" * len(states))
    found = connection.execute(
        "UPDATE derivation SET state = ?, decided_by = ?, decided_at = ?, why = ?"
        f" WHERE uid = ? AND state IN ({marks}) RETURNING target",
        (state, *by, why, uid, *states),
    ).fetchone()
    if found is None:
        return False
    salt = os.urandom(SALT_BYTES) if why else b""
    digest = sealed(salt, why.encode()) if why else ""
    tell(connection, "released", Released(by[0], found[0], uid, state, digest), salt)
    return True


def sent(connection: Connection, uid: str, at: int) -> None:
    """Note that a copy is in its collection."""
    connection.execute("UPDATE derivation SET sent_at = ? WHERE uid = ?", (at, uid))


def erase_releases(
    connection: Connection, name: str, collections: Iterable[int], sealed_by: dict[str, list[int]]
) -> None:  # fmt: skip
    """Erase what is kept of copies of an object, or of it as a copy, and the salts of what the journal says of them.

    A copy that was approved stays, and that there was a source; nothing is left of which, nor of what was said of it.
    sealed_by: uid of a copy -> its entries in the journal.
    """
    uids: list[Any] = []
    like = f"%{name}%"
    for place in sorted(set(collections)):
        mine = "((collection = ? AND source = ?) OR (target = ? AND (plan LIKE ? OR reason LIKE ? OR why LIKE ?)))"
        named = (place, name, place, like, like, like)
        gone = f"(({mine} AND (state = ? OR sent_at IS NULL)) OR (target = ? AND derived = ?))"
        values = (*named, PROPOSED, place, name)
        uids += connection.execute(f"SELECT uid FROM derivation WHERE {gone}", values).fetchall()
        connection.execute(f"DELETE FROM derivation WHERE {gone}", values)
        uids += connection.execute(f"SELECT uid FROM derivation WHERE {mine}", named).fetchall()
        connection.execute(
            f"UPDATE derivation SET source = '', stamp = '', plan = '', reason = '', why = '' WHERE {mine}", named
        )
    salts = [("journal", no) for (uid,) in uids for no in sealed_by.get(uid, ())]
    connection.executemany("DELETE FROM salt WHERE chain = ? AND no = ?", salts)
