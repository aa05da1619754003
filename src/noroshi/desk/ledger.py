"""What a response gives away becomes an entry of the delivery ledger: to whom, which rows, what its reader saw then.

An entry names rows by the numbers that the store gave them, exactly those that were told, so that who received an
object can be said later whatever was re-classed or announced since. A number says nothing of an object, and nothing at
all once the object was erased.
"""

from __future__ import annotations

import os
from concurrent.futures import Future
from typing import TYPE_CHECKING, NamedTuple

from noroshi.share.chain import CHAINS, SALT_BYTES, Told, canonical, runs, sealed
from noroshi.share.entries import Given

if TYPE_CHECKING:
    from noroshi.store.contract import Listed, Store, Version

__all__ = ["Handed", "deliver"]


class Handed(NamedTuple):
    """What an answer is made of: its collection, the route, the rows, the release classes that its reader sees."""

    collection: int
    route: str
    rows: tuple[Listed | Version, ...]
    classes: tuple[int, ...]


def deliver(store: Store, principal: int, handed: Handed, body: bytes, *, strict: bool) -> Future[None] | None:
    """Have it entered that a principal is given this body; return a future only where the response must wait for it.

    strict: it always waits, until the entry is on disk, and the bytes are sealed too; that takes longer than all else
    that the ledger does to a page, and the rows say which bytes they were. An answer without objects has no entry.
    """
    if not handed.rows:
        return None
    if strict:
        return store.write(lambda connection: connection.told.append(told(principal, handed, body)))
    return store.deliver(told(principal, handed, None))


def told(principal: int, handed: Handed, body: bytes | None) -> Told:
    """Return the entry; without a body there is nothing to seal."""
    rows, salt = handed.rows, b"" if body is None else os.urandom(SALT_BYTES)
    given = Given(
        principal, handed.collection, handed.route, runs([row.n for row in rows]), len(rows), rows[0].seq,
        rows[-1].seq, runs(handed.classes), "" if body is None else sealed(salt, body),
    )  # fmt: skip
    return Told(CHAINS[1], "given", canonical(given), salt)
