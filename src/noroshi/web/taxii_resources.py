"""The resources of TAXII 2.1: what each answers, from what the hub says (TAXII 2.1, sections 4 and 5)."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from noroshi.share.taxii import IDENTIFIER, MEDIA_TYPE, STIX_MEDIA_TYPE, Query, Refused, parse_query, timestamp

if TYPE_CHECKING:
    from noroshi.desk.hub import Answer, Hub
    from noroshi.desk.ledger import Handed
    from noroshi.store.contract import Collection, Principal, Status

__all__ = ["Asked", "Reply", "WrongMethod", "found"]

STIX = STIX_MEDIA_TYPE.format("2.1")
ALL = ("added_after", "limit", "next", "match[id]", "match[type]", "match[version]", "match[spec_version]")
OF_ONE = ("added_after", "limit", "next", "match[version]", "match[spec_version]")
OF_VERSIONS = ("added_after", "limit", "next", "match[spec_version]")
OF_DELETE = ("match[version]", "match[spec_version]")


class Reply(NamedTuple):
    """An answer: status, body, headers of its own, and which rows it gives away."""

    status: int
    body: bytes
    headers: list[tuple[bytes, bytes]]
    handed: Handed | None = None


class Asked(NamedTuple):
    """A request: the hub, who asks, the parts of the path, the parameters, and what reads its body of so many bytes."""

    hub: Hub
    principal: Principal
    parts: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    body: Callable[[int], Awaitable[bytes]]


class WrongMethod(Refused):
    """A resource does not have a method; `allowed` are those that it has."""

    def __init__(self, allowed: tuple[str, ...]) -> None:
        """Take the methods that there are."""
        super().__init__(405, "Method not allowed", f"this resource has {', '.join(allowed)}")
        self.allowed = allowed


Resource = Callable[[Asked], Awaitable[Reply]]


def found(parts: tuple[str, ...], method: str) -> Resource:
    """Return what answers a path and method; Refused 404 where no resource is, 405 where it has no such method."""
    if parts == ("taxii2",):
        shape = "discovery"
    else:
        middle = "/".join("*" if k in {0, 2, 4} else part for k, part in enumerate(parts))
        shape = SHAPES.get(middle, "")
    methods = RESOURCES.get(shape)
    if methods is None:
        raise Refused(404, "Not found", "there is no such resource, or you may not know of it")
    if method not in methods:
        raise WrongMethod((*methods, "HEAD") if "GET" in methods else tuple(methods))
    return methods[method]


def json_of(value: object) -> bytes:
    """Return a value as JSON."""
    return msgspec.json.encode(value)


def plain(asked: Asked) -> None:
    """Refuse parameters: this resource has none."""
    parse_query(asked.pairs, ())


async def discovery(asked: Asked) -> Reply:
    """Return what this server is and the API roots that the asker may know of (4.1)."""
    plain(asked)
    roots = [f"/{one.name}/" for one in asked.hub.roots(asked.principal)]
    said: dict[str, Any] = {"title": "Noroshi"}
    if roots:
        said |= {"default": roots[0], "api_roots": roots}
    return Reply(200, json_of(said), [])


async def api_root(asked: Asked) -> Reply:
    """Return what an API root is (4.2)."""
    plain(asked)
    root = asked.hub.root(asked.principal, asked.parts[0])
    said = {"title": root.title, **({"description": root.description} if root.description else {}),
            "versions": [MEDIA_TYPE], "max_content_length": root.max_content_length}  # fmt: skip
    return Reply(200, json_of(said), [])


async def status(asked: Asked) -> Reply:
    """Return what became of an envelope, to its sender (4.3)."""
    plain(asked)
    root = asked.hub.root(asked.principal, asked.parts[0])
    return Reply(200, json_of(status_values(asked.hub.status(asked.principal, root, asked.parts[2]))), [])


async def collections(asked: Asked) -> Reply:
    """Return the collections that the asker may know of (5.1)."""
    plain(asked)
    root = asked.hub.root(asked.principal, asked.parts[0])
    listed = [collection_values(one) for one in asked.hub.collections(asked.principal, root)]
    return Reply(200, json_of({"collections": listed} if listed else {}), [])


async def collection(asked: Asked) -> Reply:
    """Return one collection (5.2)."""
    plain(asked)
    root = asked.hub.root(asked.principal, asked.parts[0])
    return Reply(200, json_of(collection_values(asked.hub.collection(asked.principal, root, asked.parts[2]))), [])


async def manifest(asked: Asked) -> Reply:
    """Return ids and versions of objects (5.3)."""
    answer = page_of(asked, ALL, "manifest")
    rows = [
        {"id": row.id, "date_added": timestamp(row.seq), "version": row.version,
         "media_type": STIX_MEDIA_TYPE.format(row.spec)}
        for row in answer.page.rows
    ]  # fmt: skip
    said = {**onwards(answer.cursor), **({"objects": rows} if rows else {})}
    return Reply(200, json_of(said), dates(answer), answer.handed)


async def objects(asked: Asked) -> Reply:
    """Return objects (5.4): their bytes as they came, joined."""
    answer = page_of(asked, ALL, "objects")
    return envelope(answer)


async def one_object(asked: Asked) -> Reply:
    """Return versions of one object (5.6); Refused 404 where the asker sees none of it."""
    name = asked.parts[4]
    query = of_object(parse_query(asked.pairs, OF_ONE), name)
    where = readable(asked)
    answer = asked.hub.page(asked.principal, where, query, "object")
    if not answer.page.rows:
        seen(asked, where, name)
    return envelope(answer)


async def versions(asked: Asked) -> Reply:
    """Return the versions of one object (5.8)."""
    name = asked.parts[4]
    query = of_object(parse_query(asked.pairs, OF_VERSIONS), name)
    where = readable(asked)
    listed, cursor, handed = asked.hub.versions(asked.principal, where, query, "versions")
    if not listed:
        seen(asked, where, name)
    said = {**onwards(cursor), **({"versions": [one.stamp for one in listed]} if listed else {})}
    return Reply(200, json_of(said), span(listed[0].seq, listed[-1].seq) if listed else [], handed)


async def delete(asked: Asked) -> Reply:
    """Take away versions of one object, all of them where none is named (5.7)."""
    name = asked.parts[4]
    query = of_object(parse_query(asked.pairs, OF_DELETE), name)
    if not any(key == "match[version]" for key, _ in asked.pairs):
        query = replace(query, every=True)
    root = asked.hub.root(asked.principal, asked.parts[0])
    where = asked.hub.collection(asked.principal, root, asked.parts[2])
    gone = await asyncio.wrap_future(asked.hub.delete(asked.principal, where, query))
    if not gone:
        raise Refused(404, "Not found", "there is no such resource, or you may not know of it")
    return Reply(200, b"", [])


async def post_objects(asked: Asked) -> Reply:
    """Take an envelope in (5.5): 202 once what is sound of it is on disk."""
    root = asked.hub.root(asked.principal, asked.parts[0])
    data = await asked.body(root.max_content_length)
    now = time.time_ns() // 1000
    plain(asked)
    where = asked.hub.collection(asked.principal, root, asked.parts[2])
    sent = await asyncio.to_thread(asked.hub.send, asked.principal, root, where, data, now)
    await asyncio.wrap_future(sent.kept)
    return Reply(202, json_of(status_values(sent.status)), [])


def of_object(query: Query, name: str) -> Query:
    """Return a query for one object by id; Refused 404 for what cannot be an id."""
    if not IDENTIFIER.match(name):
        raise Refused(404, "Not found", "there is no such resource, or you may not know of it")
    return replace(query, ids=(name,))


def page_of(asked: Asked, allowed: tuple[str, ...], route: str) -> Answer:
    """Return the page that a request asks for."""
    query = parse_query(asked.pairs, allowed)
    return asked.hub.page(asked.principal, readable(asked), query, route)


def readable(asked: Asked) -> Collection:
    """Return the collection of the path, which the asker may read."""
    root = asked.hub.root(asked.principal, asked.parts[0])
    return asked.hub.readable(asked.principal, root, asked.parts[2])


def seen(asked: Asked, where: Collection, name: str) -> None:
    """Refuse with 404 an object of which the asker sees no version at all."""
    listed, *_ = asked.hub.versions(asked.principal, where, Query(ids=(name,), limit=1), "seen")
    if not listed:
        raise Refused(404, "Not found", "there is no such resource, or you may not know of it")


def envelope(answer: Answer) -> Reply:
    """Return a page of objects as an envelope (3.7)."""
    rows = answer.page.rows
    if not rows:
        return Reply(200, b"{}", [])
    more = json_of(onwards(answer.cursor))[:-1] + b"," if answer.cursor else b"{"
    body = b"".join((more, b'"objects":[', b",".join([row.body for row in rows]), b"]}"))
    return Reply(200, body, dates(answer), answer.handed)


def onwards(cursor: str) -> dict[str, Any]:
    """Return what says that there is more, and how to get it."""
    return {"more": True, "next": cursor} if cursor else {}


def dates(answer: Answer) -> list[tuple[bytes, bytes]]:
    """Return the headers that say when the first and last of a page were added."""
    rows = answer.page.rows
    return span(rows[0].seq, rows[-1].seq) if rows else []


def span(first: int, last: int) -> list[tuple[bytes, bytes]]:
    """Return the two headers (3.4.2)."""
    return [
        (b"x-taxii-date-added-first", timestamp(first).encode()),
        (b"x-taxii-date-added-last", timestamp(last).encode()),
    ]


def collection_values(one: Collection) -> dict[str, Any]:
    """Return a collection as it is told (5.2.1)."""
    return {
        "id": one.uid, "title": one.title, **({"description": one.description} if one.description else {}),
        "can_read": one.can_read, "can_write": one.can_write, "media_types": [STIX],
    }  # fmt: skip


def status_values(one: Status) -> dict[str, Any]:
    """Return a status as it is told (4.3.1)."""
    said: dict[str, Any] = {
        "id": one.uid, "status": "complete", "request_timestamp": timestamp(one.requested),
        "total_count": len(one.successes) + len(one.failures), "success_count": len(one.successes),
    }  # fmt: skip
    if one.successes:
        said["successes"] = [entry(*row) for row in one.successes]
    said["failure_count"] = len(one.failures)
    if one.failures:
        said["failures"] = [entry(*row) for row in one.failures]
    said["pending_count"] = 0
    return said


def entry(name: str, version: str, message: str) -> dict[str, str]:
    """Return one object's part of a status."""
    return {"id": name, **({"version": version} if version else {}), **({"message": message} if message else {})}


SHAPES = {
    "*": "root", "*/status/*": "status", "*/collections": "collections", "*/collections/*": "collection",
    "*/collections/*/manifest": "manifest", "*/collections/*/objects": "objects",
    "*/collections/*/objects/*": "object", "*/collections/*/objects/*/versions": "versions",
}  # fmt: skip
"""Form of a path -> resource; a star is a name."""

RESOURCES: dict[str, dict[str, Resource]] = {
    "discovery": {"GET": discovery}, "root": {"GET": api_root}, "status": {"GET": status},
    "collections": {"GET": collections}, "collection": {"GET": collection}, "manifest": {"GET": manifest},
    "objects": {"GET": objects, "POST": post_objects}, "object": {"GET": one_object, "DELETE": delete},
    "versions": {"GET": versions},
}  # fmt: skip
"""Resource -> method -> what answers."""
