"""The reads of objects as SQL: what a query asks for, what a viewer may see, in the order in which things were added.

A row is told to a viewer if its release class is one that the viewer sees, and whatever it hangs on has a row that the
viewer sees. Of rows of one id and version from several sources the viewer is told the one added first. First and last
are those among what the viewer sees: a newer version in a hidden class must not hide an older one.
"""

from __future__ import annotations

from typing import Any

from noroshi.share.taxii import Query
from noroshi.store.contract import Viewer

__all__ = ["delete_rows", "marks", "page_rows", "version_rows"]

SPAN = "o.collection = ? AND o.seq > ?"
APART = "o.collection = ? AND o.seq + 0 > ?"
"""The same where rows come by id: a planner that sees seq walks the whole order for a single id."""


def marks(count: int) -> str:
    """Return so many places for values."""
    return ",".join("?" * count)


def seen(alias: str, viewer: Viewer) -> str:
    """Return the condition that a row's class is one that the viewer sees; the places are numbers, not values.

    Classes are whole numbers of our own, so that they may stand in the text: one statement for each set of classes,
    which the database prepares once.
    """
    return f"{alias}.release IN ({','.join(map(str, viewer.classes)) or 'NULL'})"


def told(viewer: Viewer) -> str:
    """Return the condition that a viewer is told of row o at all."""
    return (
        f"{seen('o', viewer)} AND (o.ends = 0 OR NOT EXISTS (SELECT 1 FROM link l WHERE l.n = o.n AND NOT EXISTS ("
        f"SELECT 1 FROM object e WHERE e.collection = o.collection AND e.id = l.end_id AND {seen('e', viewer)})))"
        " AND (o.mixed = 0 OR NOT EXISTS (SELECT 1 FROM object p WHERE p.collection = o.collection AND p.id = o.id"
        f" AND p.version = o.version AND p.seq < o.seq AND {seen('p', viewer)}))"
    )


def edge(viewer: Viewer, *, newest: bool) -> str:
    """Return the condition that no newer (or older) version of row o is one that the viewer sees."""
    flag, sign = ("last", ">") if newest else ("first", "<")
    return (
        f"(o.{flag} = 1 AND (o.mixed = 0 OR NOT EXISTS (SELECT 1 FROM object q WHERE q.collection = o.collection AND"
        f" q.id = o.id AND q.version {sign} o.version AND {seen('q', viewer)})))"
    )


def versions_of(viewer: Viewer, query: Query) -> tuple[str, list[Any]]:
    """Return the condition on versions with its values."""
    if query.every:
        return "1 = 1", []
    parts: list[str] = []
    values: list[Any] = []
    if query.versions:
        parts.append(f"o.version IN ({marks(len(query.versions))})")
        values += query.versions
    parts += [edge(viewer, newest=newest) for newest, asked in ((True, query.last), (False, query.first)) if asked]
    return f"({' OR '.join(parts)})", values


def asked(viewer: Viewer, query: Query) -> tuple[str, list[Any]]:
    """Return everything that a query asks of row o, with its values."""
    condition, values = versions_of(viewer, query)
    parts = [told(viewer), condition]
    for column, wanted in (("id", query.ids), ("type", query.types), ("spec", query.specs)):
        if wanted:
            parts.append(f"o.{column} IN ({marks(len(wanted))})")
            values += wanted
    return " AND ".join(parts), values


def source_of(query: Query) -> str:
    """Return which index the rows come from: by id where ids are few, else in the order of seq.

    Left to itself the planner walks the whole order for a single id.
    """
    if query.ids:
        return "object o INDEXED BY object_version"
    if query.last and not (query.first or query.versions or query.every):
        return f"object o INDEXED BY {'object_type_last' if len(query.types) == 1 else 'object_last'}"
    return "object o INDEXED BY object_seq"


def page_rows(collection: int, viewer: Viewer, query: Query, after: int, limit: int) -> tuple[str, list[Any]]:
    """Return the statement for a page, one row more than `limit` to see whether there are more."""
    condition, values = asked(viewer, query)
    flag = " AND o.last = 1" if source_of(query).endswith("_last") else ""
    span, order = (APART, "o.seq + 0") if query.ids else (SPAN, "o.seq")
    text = (
        f"SELECT o.seq, o.id, o.stamp, o.spec, o.body, o.n FROM {source_of(query)} WHERE {span}{flag} AND {condition}"
        f" ORDER BY {order} LIMIT ?"
    )
    return text, [collection, max(after, query.added_after), *values, limit + 1]


def version_rows(collection: int, viewer: Viewer, query: Query, after: int, limit: int) -> tuple[str, list[Any]]:
    """Return the statement for the versions of one object."""
    values: list[Any] = [collection, max(after, query.added_after), query.ids[0]]
    spec = ""
    if query.specs:
        spec, values = f" AND o.spec IN ({marks(len(query.specs))})", [*values, *query.specs]
    text = (
        f"SELECT o.seq, o.stamp, o.n FROM object o INDEXED BY object_version WHERE {APART} AND o.id = ?{spec}"
        f" AND {told(viewer)} ORDER BY o.seq + 0 LIMIT ?"
    )
    return text, [*values, limit + 1]


def delete_rows(collection: int, viewer: Viewer, query: Query) -> tuple[str, list[Any]]:
    """Return the statement that finds the rows to take away."""
    condition, values = asked(viewer, query)
    return (
        f"SELECT o.n FROM object o INDEXED BY object_version WHERE {APART} AND {condition}",
        [collection, query.added_after, *values],
    )
