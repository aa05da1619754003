"""The REST interface's objects: collections, pages, one object explained, what is sent and what became of it."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from litestar import Request, Response, delete, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from noroshi.desk.explaining import explained
from noroshi.desk.permitting import may
from noroshi.share.markings import Tlp
from noroshi.share.permissions import ACTIONS
from noroshi.share.taxii import IDENTIFIER, Query, Refused, parse_query, timestamp
from noroshi.web import rest_shapes as shapes
from noroshi.web.headers import language
from noroshi.web.rest_asking import asker_of, get, pairs_of
from noroshi.web.rest_words import meaning

if TYPE_CHECKING:
    from noroshi.desk.hub import Hub
    from noroshi.desk.ledger import Handed
    from noroshi.store.contract import Collection, Principal, Root, Status

__all__ = ["LONGEST_BODY", "QUERY", "handlers", "level_name"]

Ask = Request[Any, Any, Any]
ABSENT = Refused(404, "Not found", "there is no such resource, or you may not know of it")
LONGEST_BODY = 104_857_600
DEFAULT_LIMIT = 100
Shape = TypeVar("Shape", bound=shapes.Submission)
QUERY: dict[str, tuple[str, str]] = {
    "added_after": ("added_after", "Objects added after this time, such as 2026-11-22T10:00:00.000000Z."),
    "limit": ("limit", "At most so many on a page, 1 or more; 100 where nothing is said."),
    "next": ("next", "Where the last page ended, as it said, with the same filters."),
    "id": ("match[id]", "Ids, separated by commas."),
    "type": ("match[type]", "Types of STIX objects, separated by commas."),
    "version": ("match[version]", "Versions (timestamps), or first, last, all; the last where nothing is said."),
    "spec_version": ("match[spec_version]", "2.0 or 2.1, or both."),
}
"""Parameters of a page: name here -> name in TAXII 2.1, meaning."""
OF_DELETE = ("version", "spec_version")


class Envelope(msgspec.Struct):
    """What of a body says how it is to be read."""

    objects: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


def handlers(hub: Hub, lang: str) -> list[HTTPRouteHandler]:
    """Return what answers for objects."""

    @get("/me", sync_to_thread=False, summary="Who am I, and what may I do?")
    def me(request: Ask) -> shapes.Me:
        return me_of(asker_of(request).principal)

    @get("/collections", sync_to_thread=True, summary="Collections that I may know of")
    def collections(request: Ask) -> shapes.Collections:
        who = asker_of(request).principal
        return shapes.Collections([
            shapes.Collection(root.name, one.uid, one.title, one.description, one.can_read, one.can_write,
                             one.exercise)
            for root in hub.roots(who) for one in hub.collections(who, root)
        ])  # fmt: skip

    @get("/collections/{root:str}/{uid:str}", sync_to_thread=True, summary="One collection")
    def collection(request: Ask, root: FromPath[str], uid: FromPath[str]) -> shapes.Collection:
        of, one = where(hub, asker_of(request).principal, root, uid)
        return shapes.Collection(of.name, one.uid, one.title, one.description, one.can_read, one.can_write,
                             one.exercise)  # fmt: skip

    @get("/collections/{root:str}/{uid:str}/objects", sync_to_thread=True, opt={"query": tuple(QUERY)},
         summary="A page of objects")  # fmt: skip
    def objects(request: Ask, root: FromPath[str], uid: FromPath[str]) -> Response[shapes.Page]:
        who = asker_of(request).principal
        of, _ = where(hub, who, root, uid)
        one = hub.readable(who, of, uid)
        query = asked(request)
        answer = hub.page(who, one, query, "rest-objects")
        items = [
            {"id": row.id, "added": timestamp(row.seq), "version": row.version, "spec_version": row.spec,
             "object": msgspec.Raw(row.body)}
            for row in answer.page.rows
        ]  # fmt: skip
        said = msgspec.json.encode({"items": items, "more": bool(answer.cursor), "next": answer.cursor or None})
        given(hub, request, answer.handed, said)
        return Response(said, media_type="application/json")  # type: ignore[arg-type]  # its JSON

    @post("/collections/{root:str}/{uid:str}/objects", sync_to_thread=None, opt={"json": True, "raw": True},
          status_code=202, request_max_body_size=LONGEST_BODY,
          summary="Put in one object, a list of them, a bundle or an envelope")  # fmt: skip
    async def send(request: Ask, root: FromPath[str], uid: FromPath[str]) -> Response[shapes.Accepted]:
        who = asker_of(request).principal
        of, one = where(hub, who, root, uid)
        data = enveloped(await body(request, of.max_content_length))
        done = await asyncio.to_thread(hub.send, who, of, one, data, time.time_ns() // 1000)
        await asyncio.wrap_future(done.kept)
        place = f"/api/v1/submissions/{of.name}/{done.status.uid}"
        return Response(submission(done.status, of.name, shapes.Accepted), headers={"Location": place})

    @get("/collections/{root:str}/{uid:str}/objects/{name:str}", sync_to_thread=True,
         summary="One object: its versions, markings, source, and why I see it")  # fmt: skip
    def an_object(
        request: Ask, root: FromPath[str], uid: FromPath[str], name: FromPath[str]
    ) -> Response[shapes.AnObject]:
        who = asker_of(request).principal
        of, _ = where(hub, who, root, uid)
        one = hub.readable(who, of, uid)
        spoken = language(None, request.headers.get("accept-language", ""), lang)
        told, handed = explained(hub, who, one, identifier(name))
        versions = [
            {"added": timestamp(each.row.seq), "version": each.row.version, "tlp": str(each.tlp),
             "pap": None if each.pap is None else str(each.pap), "communities": each.communities,
             "meaning": meaning(each.tlp, each.pap, each.communities, spoken),
             "source": {"kind": each.source_kind, "name": each.source or None, "own": each.own}, "why": each.why,
             "object": msgspec.Raw(each.row.body)}
            for each in told
        ]  # fmt: skip
        said = msgspec.json.encode({"id": name, "versions": versions})
        given(hub, request, handed, said)
        headers = {"Content-Language": spoken}
        return Response(said, media_type="application/json", headers=headers)  # type: ignore[arg-type]  # its JSON

    @delete("/collections/{root:str}/{uid:str}/objects/{name:str}", sync_to_thread=True, opt={"query": OF_DELETE},
            summary="Take away versions of an object that I see, all of them where none is named")  # fmt: skip
    def take_away(request: Ask, root: FromPath[str], uid: FromPath[str], name: FromPath[str]) -> None:
        who = asker_of(request).principal
        _, one = where(hub, who, root, uid)
        pairs = taxii_pairs(request)
        query = parse_query((*pairs, ("match[id]", identifier(name))))
        if not any(key == "match[version]" for key, _ in pairs):
            query = replace(query, every=True)
        if not hub.delete(who, one, query).result():
            raise ABSENT

    @get("/submissions/{root:str}/{uid:str}", sync_to_thread=True, summary="What became of what I sent")
    def sent(request: Ask, root: FromPath[str], uid: FromPath[str]) -> shapes.Submission:
        who = asker_of(request).principal
        of = hub.root(who, root)
        return submission(hub.status(who, of, uid), of.name, shapes.Submission)

    return [me, collections, collection, objects, send, an_object, take_away, sent]


def given(hub: Hub, request: Ask, handed: Handed, said: bytes) -> None:
    """Enter in the ledger what an answer gives away, and wait where the ledger asks for it."""
    entered = None if request.method == "HEAD" else hub.gave(asker_of(request).principal, handed, said)
    if entered is not None:
        entered.result()


def me_of(who: Principal) -> shapes.Me:
    """Return who asks and what it may do."""
    scopes = None if who.scope is None else sorted(who.scope.names)
    leaves = {action: may(who, action).value for action in ACTIONS}
    return shapes.Me(who.name, who.kind, who.owner, level_name(who.sees), sorted(who.communities), scopes, leaves)  # type: ignore[arg-type]  # kinds are those of the table


def level_name(sees: int) -> Any:  # noqa: ANN401  one of the levels that the shapes name
    """Return the name of a TLP level; None for none."""
    return str(Tlp(sees)) if sees >= 0 else None


def where(hub: Hub, who: Principal, root: str, uid: str) -> tuple[Root, Collection]:
    """Return an API root and a collection that the asker may know of; Refused 404."""
    of = hub.root(who, root)
    return of, hub.collection(who, of, uid)


def taxii_pairs(request: Ask) -> tuple[tuple[str, str], ...]:
    """Return the parameters under their names in TAXII."""
    return tuple((QUERY[name][0], value) for name, value in pairs_of(request))


def asked(request: Ask) -> Query:
    """Return what a page is asked for; Refused 400."""
    pairs = taxii_pairs(request)
    if not any(name == "limit" for name, _ in pairs):
        pairs = (*pairs, ("limit", str(DEFAULT_LIMIT)))
    return parse_query(pairs)


def identifier(name: str) -> str:
    """Return the id of an object; Refused 404 for what cannot be one."""
    if not IDENTIFIER.match(name):
        raise ABSENT
    return name


def enveloped(data: bytes) -> bytes:
    """Return a body as an envelope: one object, or a list of them, is put into one. The hub reads it strictly."""
    text = data.lstrip(b" \t\r\n")
    if text.startswith(b"["):
        return b'{"objects":' + data + b"}"
    try:
        found = msgspec.json.decode(data, type=Envelope)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return data  # the hub says what is wrong with it
    if found.objects is not msgspec.UNSET:
        return data
    return b'{"objects":[' + data + b"]}"


async def body(request: Ask, most: int) -> bytes:
    """Return a request's body; Refused 413 for more than `most`."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise Refused(413, "Too large", f"at most {most} bytes")
        parts.append(part)
    return b"".join(parts)


def submission(one: Status, root: str, shape: type[Shape]) -> Shape:
    """Return what became of what was sent."""
    return shape(
        one.uid, root, timestamp(one.requested), [shapes.Entry(*row) for row in one.successes],
        [shapes.Entry(*row) for row in one.failures],
    )  # fmt: skip
