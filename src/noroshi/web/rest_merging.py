"""The REST interface's merging: one thing from several sources as one sees it, and one's word that it is, or is not."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import msgspec
from litestar import Request, Response, delete, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from noroshi.desk.merging import Thing, Word, judge, take_back, things
from noroshi.desk.permitting import must
from noroshi.share.merging_keys import RULES
from noroshi.share.taxii import parse_query, timestamp
from noroshi.web import rest_shapes as shapes
from noroshi.web.headers import language
from noroshi.web.rest_asking import asker_of, get
from noroshi.web.rest_objects import DEFAULT_LIMIT, given, taxii_pairs, where

if TYPE_CHECKING:
    from noroshi.desk.hub import Hub

__all__ = ["handlers", "thing_shown"]

Ask = Request[Any, Any, Any]
OF_MERGED = ("id", "type", "limit", "next")
MOST = 1000
PATH = "/collections/{root:str}/{uid:str}"


def handlers(hub: Hub, lang: str) -> list[HTTPRouteHandler]:
    """Return what answers for things."""

    @get(PATH + "/merged", sync_to_thread=True, opt={"query": OF_MERGED},
         summary="What several sources know as one thing, and why it is one")  # fmt: skip
    def merged(request: Ask, root: FromPath[str], uid: FromPath[str]) -> Response[shapes.Things]:
        who = asker_of(request).principal
        _, one = where(hub, who, root, uid)
        query = parse_query(taxii_pairs(request))
        spoken = language(None, request.headers.get("accept-language", ""), lang)
        found = things(hub, who, one, query.ids, query.types)
        limit = min(query.limit or DEFAULT_LIMIT, MOST)
        after = [thing for thing in found.found if thing.ids[0] > query.cursor]  # an id that the asker was told
        page = after[:limit]
        told = {part.row.n for thing in page for part in thing.parts}
        handed = found.handed._replace(rows=tuple(row for row in found.handed.rows if row.n in told))
        said = msgspec.json.encode({
            "things": [thing_shown(thing, spoken) for thing in page], "partial": found.partial,
            "next": page[-1].ids[0] if len(after) > limit else None,
        })  # fmt: skip
        given(hub, request, handed, said)
        headers = {"Content-Language": spoken}
        return Response(said, media_type="application/json", headers=headers)  # type: ignore[arg-type]  # its JSON

    @post(PATH + "/judgements", sync_to_thread=True, opt={"json": True},
          summary="Say that two objects are the same thing, or are not")  # fmt: skip
    def say(
        request: Ask, root: FromPath[str], uid: FromPath[str], data: JSONBody[shapes.NewJudgement]
    ) -> shapes.Judged:
        who = asker_of(request).principal
        must(who, "merges.judge")
        _, one = where(hub, who, root, uid)
        now = time.time_ns() // 1000
        return judged(judge(hub, who, one, data.a, data.b, same=data.same, reason=data.reason, now=now))

    @delete(PATH + "/judgements/{judgement:str}", sync_to_thread=True, summary="Take a judgement back")
    def unsay(request: Ask, root: FromPath[str], uid: FromPath[str], judgement: FromPath[str]) -> None:
        who = asker_of(request).principal
        must(who, "merges.judge")
        _, one = where(hub, who, root, uid)
        take_back(hub, who, one, judgement, time.time_ns() // 1000)

    return [merged, say, unsay]


def thing_shown(thing: Thing, lang: str) -> shapes.ThingShown:
    """Return a thing as it is shown, in a language."""
    japanese = int(lang == "ja")
    return shapes.ThingShown(
        list(thing.ids), thing.type, thing.sources,
        [
            shapes.PartShown(part.row.id, part.row.stamp, timestamp(part.row.seq), part.revoked,
                             shapes.SourceShown(part.source_kind, part.source or None, part.own))
            for part in thing.parts
        ],
        [shapes.LinkShown(one.a, one.b, one.rule, RULES[one.rule][japanese], one.text) for one in thing.links],
        [shapes.ApartShown(one.a, one.b, one.rule, one.by) for one in thing.apart],
        [judged(one) for one in thing.words],
    )  # fmt: skip


def judged(one: Word) -> shapes.Judged:
    """Return a judgement as it is shown."""
    return shapes.Judged(one.uid, one.same, one.a, one.b, timestamp(one.at), one.own, one.everybody, one.reason)
