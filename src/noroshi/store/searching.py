"""Objects as people look for them: the newest first, and what joins one; by class, as every other read.

Rows of classes that the reader does not see are not gone over: neither counts nor time tell of them.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from noroshi.share.taxii import Query
from noroshi.store.queries import STREAMS, asked, numbers, of_class, values_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from noroshi.store.contract import Viewer
    from noroshi.store.people import Asked

__all__ = ["Held", "joined_to", "newest"]

COLUMNS = "o.seq, o.id, o.stamp, o.spec, o.body, o.n, o.type, o.source, o.release"
SPAN = "o.collection = ? AND o.seq < ? AND o.last = 1"
BY_ID = "o.collection = ? AND o.seq + 0 < ? AND o.last = 1"
"""The same where rows come by id; see `queries.APART`."""


class Held(NamedTuple):
    """One row: its place, what is told of it, its number, type, and the numbers of its source and release class."""

    seq: int
    id: str
    version: str
    spec: str
    body: bytes
    n: int
    type: str
    source: int
    release: int


def newest(  # noqa: PLR0913  where, whose eyes, what, before which place, how many
    store: Asked, collection: int, viewer: Viewer, query: Query, classes: tuple[int, ...], before: int, limit: int,
) -> tuple[Held, ...]:  # fmt: skip
    """Return the last versions that a viewer sees in some of its classes, the newest first.

    query: its ids and types are asked. There is no bound below: with two, PostgreSQL expects so few rows that it sorts.
    """
    streams = len(classes) if 0 < len(classes) <= STREAMS and not query.ids else 1
    values = [collection, before, *values_of(query)] * streams
    text = newest_text(viewer, Query(("",) * len(query.ids), ("",) * len(query.types)), classes)
    return tuple(map(held, store.ask(text, [*values, limit])))


@lru_cache(maxsize=256)
def newest_text(viewer: Viewer, shape: Query, classes: tuple[int, ...]) -> str:
    """Return the statement of `newest`: a stream for each class, merged, or one over all where they are too many."""
    if len(classes) > STREAMS or shape.ids:
        span, index = (BY_ID, "object_version") if shape.ids else (SPAN, "object_seq")
        own = f"{span} AND o.release + 0 IN ({numbers(classes)}) AND {of_class('o', viewer)}"
        return (
            f"SELECT {COLUMNS} FROM object o INDEXED BY {index} WHERE {asked(viewer, shape, own)}"
            f" ORDER BY o.seq{' + 0' if shape.ids else ''} DESC LIMIT ?"
        )
    index = "object_type_last" if len(shape.types) == 1 else "object_release"
    streams = [
        f"SELECT * FROM (SELECT {COLUMNS} FROM object o INDEXED BY {index} WHERE"
        f" {asked(viewer, shape, f'{SPAN} AND o.release = {place}')} ORDER BY o.seq DESC) s"
        for place in classes or (-1,)
    ]
    return f"{' UNION ALL '.join(streams)} ORDER BY 1 DESC LIMIT ?"


def joined_to(store: Asked, collection: int, viewer: Viewer, name: str, most: int) -> tuple[Held, ...]:
    """Return the last versions of the relationships and sightings that name an object, as a viewer is told of them."""
    own = f"l.collection = ? AND l.end_id = ? AND o.collection = l.collection AND {of_class('o', viewer)}"
    text = (
        f"SELECT {COLUMNS} FROM link l CROSS JOIN object o WHERE o.n = l.n AND {asked(viewer, Query(), own)}"
        " ORDER BY o.seq DESC LIMIT ?"
    )
    return tuple(map(held, store.ask(text, [collection, name, most])))


def held(row: Sequence[Any]) -> Held:
    """Return a row as it is held; PostgreSQL gives its bytes as a view of them."""
    seq, name, version, spec, body, *more = row
    return Held(seq, name, version, spec, bytes(body), *more)
