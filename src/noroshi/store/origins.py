"""Where the rows of an object came from: asked only of rows that a reader has been shown already."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from noroshi.share.inheritance import NOTHING, Passed
from noroshi.store.past import marking_of

if TYPE_CHECKING:
    from noroshi.store.people import Asked

__all__ = ["Origin", "origins", "passed_on"]


class Origin(NamedTuple):
    """A row's source, the key of its release class, and the SHA-256 of its bytes."""

    source: int
    release: str
    sha: bytes


def origins(store: Asked, collection: int, name: str) -> tuple[Origin, ...]:
    """Return the origins of every row of an id, those that a reader may not see included, the first added first."""
    rows = store.ask(
        "SELECT o.source, r.key, o.sha FROM object o INDEXED BY object_version CROSS JOIN release r"
        " WHERE o.collection = ? AND o.id = ? AND r.no = o.release ORDER BY o.seq",
        (collection, name),
    )
    return tuple(Origin(source, key, bytes(sha)) for source, key, sha in rows)


def passed_on(store: Asked, source: int, name: str) -> Passed:
    """Return what containers of a source pass on to an id."""
    rows = store.ask("SELECT bound, lent FROM passed WHERE source = ? AND id = ?", (source, name))
    return Passed(*map(marking_of, rows[0])) if rows else NOTHING
