"""Invitations in a store: a link for one person, kept by its digest, that ends when it is taken or withdrawn."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from noroshi.share.chain import SALT_BYTES, sealed
from noroshi.share.entries import Applied
from noroshi.store.journal import tell

if TYPE_CHECKING:
    from noroshi.store.contract import Connection
    from noroshi.store.people import Asked

__all__ = ["OPEN", "TAKEN", "WITHDRAWN", "Invited", "end", "keep", "listed", "locked", "of_digest"]

OPEN, TAKEN, WITHDRAWN = "open", "taken", "withdrawn"
COLUMNS = "uid, name, kind, sees, communities, organisation, sectors, exercise, author, made, expires, state"


class Invited(NamedTuple):
    """Who is invited: what it will be, whose contact, by whom (number), from when until when (microseconds)."""

    uid: str
    name: str
    kind: str
    sees: int
    communities: frozenset[str]
    organisation: str
    sectors: frozenset[str]
    exercise: bool
    author: int
    made: int
    expires: int
    state: str = OPEN


def of_row(row: Sequence[Any]) -> Invited:
    """Return an invitation from its row."""
    uid, name, kind, sees, communities, organisation, sectors, exercise, *more = row
    named, about = (frozenset(json.loads(text)) for text in (communities, sectors))
    return Invited(uid, name, kind, sees, named, organisation, about, bool(exercise), *more)


def listed(store: Asked) -> tuple[Invited, ...]:
    """Return every invitation, the newest first."""
    return tuple(map(of_row, store.ask(f"SELECT {COLUMNS} FROM invited ORDER BY made DESC, uid")))


def of_digest(store: Asked, digest: bytes) -> Invited | None:
    """Return the invitation of a digest, however it stands."""
    rows = store.ask(f"SELECT {COLUMNS} FROM invited WHERE digest = ?", (digest,))
    return of_row(rows[0]) if rows else None


def locked(connection: Connection, uid: str) -> Invited | None:
    """Return an invitation as it is within the writer's transaction."""
    row = connection.execute(f"SELECT {COLUMNS} FROM invited WHERE uid = ?", (uid,)).fetchone()
    return None if row is None else of_row(row)


def keep(connection: Connection, one: Invited, digest: bytes) -> None:
    """Keep a new invitation; the journal is told what it gives and until when, the name under a seal."""
    lists = (json.dumps(sorted(names), ensure_ascii=False) for names in (one.communities, one.sectors))
    communities, sectors = lists
    connection.execute(
        f"INSERT INTO invited (digest, {COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (digest, one.uid, one.name, one.kind, one.sees, communities, one.organisation, sectors, int(one.exercise),
         one.author, one.made, one.expires, one.state),
    )  # fmt: skip
    salt = os.urandom(SALT_BYTES)
    said = {"kind": one.kind, "sees": one.sees, "by": one.author, "expires": one.expires, "state": one.state}
    tell(
        connection,
        "applied",
        Applied("invited", made=True, key={"uid": one.uid}, values=said, name=sealed(salt, one.name.encode())),
        salt,
    )


def end(connection: Connection, one: Invited, state: str, by: int) -> None:
    """End an open invitation: it is taken, by the principal that it made, or withdrawn by somebody."""
    connection.execute("UPDATE invited SET state = ? WHERE uid = ?", (state, one.uid))
    tell(connection, "applied", Applied("invited", made=False, key={"uid": one.uid}, values={"state": state, "by": by}))
