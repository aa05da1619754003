"""The reads of objects as SQL: what a query asks for, what a viewer may see, in the order in which things were added.

A row is told to a viewer if its release class is one that the viewer sees, and whatever it hangs on has a row that the
viewer sees. Of rows of one id and version from several sources the viewer is told the one added first. First and last
are those among what the viewer sees: a newer version in a hidden class must not hide an older one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, TypeVar

from noroshi.share.taxii import Query
from noroshi.store.contract import Viewer

__all__ = [
    "announced", "chunked", "delete_rows", "ends_seen", "late", "marks", "of_class", "page_rows", "seen",
    "told_by_another", "version_rows",
]  # fmt: skip

CHUNK = 500
Key = TypeVar("Key", str, int)
SPAN = "o.collection = ? AND o.seq > ?"
APART = "o.collection = ? AND o.seq + 0 > ?"
"""The same where rows come by id: a planner that sees seq walks the whole order for a single id."""

SHOWN = "o.id, o.stamp, o.spec, o.body, o.n"
CLASS = ":class:"
"""Where the number of a class is put in."""

STREAMS = 32
"""Most classes that are read one by one and merged; SQLite takes 500 parts of a statement."""


def marks(count: int) -> str:
    """Return so many places for values."""
    return ",".join("?" * count)


def chunked(ids: set[Key]) -> Iterator[tuple[Key, ...]]:
    """Yield ids or numbers in their order, so many at a time as one statement takes."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), CHUNK):
        yield tuple(ordered[start : start + CHUNK])


def of_class(alias: str, viewer: Viewer) -> str:
    """Return the condition that a row's class is one that the viewer sees; the places are numbers, not values.

    Classes are whole numbers of our own, so that they may stand in the text: one statement for each set of classes,
    which the database prepares once. The sum keeps planners from looking a row up by class, which goes over all rows
    of that class: pages of relationships took seconds.
    """
    return f"{alias}.release + 0 IN ({numbers(viewer.classes)})"


def numbers(places: Iterable[int]) -> str:
    """Return places as they stand in a list."""
    return ",".join(map(str, places)) or "NULL"


def late(alias: str, viewer: Viewer) -> str:
    """Return the condition that a row came before the viewer might see its class."""
    spans: dict[tuple[int, int], list[int]] = {}
    for release, since, upto in viewer.later:
        spans.setdefault((since, upto), []).append(release)
    if not spans:
        return "(1 = 0)"
    parts = [
        f"({alias}.seq > {since} AND {alias}.seq <= {upto} AND {alias}.release IN ({numbers(those)}))"
        for (since, upto), those in sorted(spans.items())
    ]
    return f"({' OR '.join(parts)})"


def announced(alias: str, viewer: Viewer) -> str:
    """Return the condition that a row was announced to the viewer."""
    return f"EXISTS (SELECT 1 FROM announced x WHERE x.principal = {viewer.principal} AND x.n = {alias}.n)"


def seen(alias: str, viewer: Viewer, own: str = "") -> str:
    """Return the condition that the viewer may see a row: by its class, and once it was announced where it is late.

    own: a condition that already says that its class is one that the viewer sees.
    """
    own = own or of_class(alias, viewer)
    return f"({own} AND (NOT {late(alias, viewer)} OR {announced(alias, viewer)}))" if viewer.apart else own


def told(viewer: Viewer, own: str = "") -> str:
    """Return the condition that a viewer is told of row o at all; own: see `seen`."""
    return f"{seen('o', viewer, own)} AND {ends_seen(viewer)} AND NOT {told_by_another(viewer, 'p.seq + 0 < o.seq')}"


def ends_seen(viewer: Viewer) -> str:
    """Return the condition that whatever row o joins has a row that the viewer sees.

    The offset keeps PostgreSQL from reading a whole collection to join it with a few links, where it knows no better.
    """
    return (
        "(o.ends = 0 OR NOT EXISTS (SELECT 1 FROM link l WHERE l.n = o.n AND NOT EXISTS ("
        "SELECT 1 FROM object e INDEXED BY object_version WHERE e.collection = o.collection AND e.id = l.end_id"
        f" AND {seen('e', viewer)} LIMIT 1 OFFSET 0)))"
    )


def told_by_another(viewer: Viewer, which: str) -> str:
    """Return the condition that the viewer sees another row p of the id and version of row o, of those that `which`."""
    return (
        "(o.mixed = 1 AND EXISTS (SELECT 1 FROM object p INDEXED BY object_version WHERE p.collection = o.collection"
        " AND p.id = o.id"
        f" AND p.version = o.version AND {which} AND {seen('p', viewer)}))"
    )


def edge(viewer: Viewer, *, newest: bool) -> str:
    """Return the condition that no newer (or older) version of row o is one that the viewer sees."""
    flag, sign = ("last", ">") if newest else ("first", "<")
    return (
        f"(o.{flag} = 1 AND (o.mixed = 0 OR NOT EXISTS (SELECT 1 FROM object q INDEXED BY object_version WHERE"
        " q.collection = o.collection AND"
        f" q.id = o.id AND q.version {sign} o.version AND {seen('q', viewer)})))"
    )


def versions_of(viewer: Viewer, query: Query) -> str:
    """Return the condition on versions."""
    if query.every:
        return "1 = 1"
    parts = [f"o.version IN ({marks(len(query.versions))})"] if query.versions else []
    parts += [edge(viewer, newest=newest) for newest, asked in ((True, query.last), (False, query.first)) if asked]
    return f"({' OR '.join(parts)})"


def asked(viewer: Viewer, query: Query, own: str = "") -> str:
    """Return everything that a query asks of row o, its values in the order of `values_of`; own: see `seen`."""
    parts = [told(viewer, own), versions_of(viewer, query)]
    for column, wanted in (("id", query.ids), ("type", query.types), ("spec", query.specs)):
        if wanted:
            parts.append(f"o.{column} IN ({marks(len(wanted))})")
    return " AND ".join(parts)


def values_of(query: Query) -> list[Any]:
    """Return the values of what a query asks of row o."""
    return [*(() if query.every else query.versions), *query.ids, *query.types, *query.specs]


def page_rows(collection: int, viewer: Viewer, query: Query, after: int, limit: int) -> tuple[str, list[Any]]:
    """Return the statement for a page, one row more than `limit` to see whether there are more."""
    bounds = [collection, max(after, query.added_after), *values_of(query)]
    several = 1 if query.ids or len(viewer.classes) > STREAMS else len(viewer.classes) or 1
    given = [*bounds * several, limit + 1]
    if viewer.apart:
        given += [*bounds, limit + 1, limit + 1]
    return page_text(viewer, shape_of(query)), given


def shape_of(query: Query) -> Query:
    """Return a query with the same statement, whatever its values are."""
    return Query(
        ("",) * len(query.ids), ("",) * len(query.types), (0,) * len(query.versions), query.first, query.last,
        query.every, ("",) * len(query.specs),
    )  # fmt: skip


@lru_cache(maxsize=256)
def page_text(viewer: Viewer, query: Query) -> str:
    """Return the statement for a page of a query of this shape: made once for each set of classes."""
    text = by_id(asked(viewer, query) + first_place(viewer)) if query.ids else by_class(viewer, query)
    if not viewer.apart:
        return f"{text} LIMIT ?"
    of, where = LATE_BY_ID if query.ids else LATE
    also = (
        f"SELECT a.seq, {SHOWN} FROM {of} WHERE {where} AND a.principal = {viewer.principal}"
        f" AND {asked(viewer, query)} ORDER BY a.seq LIMIT ?"
    )
    return both(f"{text} LIMIT ?", also)


def only_last(query: Query) -> bool:
    """Say whether a query asks for last versions and for no others."""
    return query.last and not (query.first or query.versions or query.every)


def source_of(query: Query) -> str:
    """Return which index the rows of a class come from, in the order of seq."""
    if only_last(query) and len(query.types) == 1:
        return "object o INDEXED BY object_type_last"
    return "object o INDEXED BY object_release"


def by_id(condition: str) -> str:
    """Return the statement for few rows: left to itself the planner walks the whole order for a single id."""
    return (
        f"SELECT o.seq, {SHOWN} FROM object o INDEXED BY object_version WHERE {APART} AND {condition}"
        " ORDER BY o.seq + 0"
    )


def by_class(viewer: Viewer, query: Query) -> str:
    """Return the statement for rows in the order of seq: a stream for each class seen, merged.

    So hidden rows are not gone over: they cost no time, and time does not tell of them. For a viewer of more than
    STREAMS classes all rows are gone over, and what is hidden does show, by some 0.1 µs a row.
    """
    flag = " AND o.last = 1" if only_last(query) else ""
    if len(viewer.classes) > STREAMS:
        every = f"{SPAN}{flag} AND {asked(viewer, query)}{first_place(viewer)}"
        return f"SELECT o.seq, {SHOWN} FROM object o INDEXED BY object_seq WHERE {every} ORDER BY o.seq"
    condition = asked(viewer, query, f"{SPAN}{flag} AND o.release = {CLASS}") + first_place(viewer)
    # Each stream says its order, without which PostgreSQL sorts all rows of all classes.
    stream = f"SELECT * FROM (SELECT o.seq, {SHOWN} FROM {source_of(query)} WHERE {condition} ORDER BY o.seq) s"
    streams = [stream.replace(CLASS, str(place)) for place in viewer.classes or (-1,)]
    return f"{' UNION ALL '.join(streams)} ORDER BY 1"


LATE = ("announced a INDEXED BY announced_seq CROSS JOIN object o", "a.collection = ? AND a.seq > ? AND o.n = a.n")
LATE_BY_ID = (
    "object o INDEXED BY object_version CROSS JOIN announced a", "o.collection = ? AND a.seq + 0 > ? AND a.n = o.n",
)  # fmt: skip
"""Where announced rows come from, and what ties them together: in the order of the places, or by id."""


def first_place(viewer: Viewer) -> str:
    """Return the condition that a row is told at the place where it came: nothing, where the viewer has seen so always.

    A relationship may be announced though its own class is not late, because what it joins is.
    """
    if not viewer.apart:
        return ""
    return f" AND NOT {late('o', viewer)} AND (o.ends = 0 OR NOT {announced('o', viewer)})"


def both(one: str, other: str) -> str:
    """Return a statement for the rows of two, in the order of their first column; it takes one limit more."""
    return f"SELECT * FROM ({one}) t UNION ALL SELECT * FROM ({other}) u ORDER BY 1 LIMIT ?"


def version_rows(collection: int, viewer: Viewer, query: Query, after: int, limit: int) -> tuple[str, list[Any]]:
    """Return the statement for the versions of one object."""
    values: list[Any] = [collection, max(after, query.added_after), query.ids[0]]
    spec = ""
    if query.specs:
        spec, values = f" AND o.spec IN ({marks(len(query.specs))})", [*values, *query.specs]
    text = (
        f"SELECT o.seq, o.stamp, o.n FROM object o INDEXED BY object_version WHERE {APART} AND o.id = ?{spec}"
        f" AND {told(viewer)}{first_place(viewer)} ORDER BY o.seq + 0 LIMIT ?"
    )
    values.append(limit + 1)
    if not viewer.apart:
        return text, values
    of, where = LATE_BY_ID
    also = (
        f"SELECT a.seq, o.stamp, o.n FROM {of} WHERE {where} AND o.id = ?{spec} AND a.principal = {viewer.principal}"
        f" AND {told(viewer)} ORDER BY a.seq LIMIT ?"
    )
    return both(text, also), [*values, *values, limit + 1]


def delete_rows(collection: int, viewer: Viewer, query: Query) -> tuple[str, list[Any]]:
    """Return the statement that finds the rows to take away."""
    return (
        f"SELECT o.n FROM object o INDEXED BY object_version WHERE {APART} AND {asked(viewer, query)}",
        [collection, query.added_after, *values_of(query)],
    )
