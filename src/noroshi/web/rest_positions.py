"""The REST interface's position on a situation: entered, read, signed, and its memo as HTML and PDF."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from litestar import Request, Response, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from noroshi.desk import memos, positions, situations
from noroshi.desk.permitting import must
from noroshi.desk.position_shapes import PositionShown
from noroshi.errors import InputError
from noroshi.report.memo import memo_html, memo_policy
from noroshi.report.memo_pdf import memo_pdf
from noroshi.respond.position import Claimed, Considered, Decided, Found, Stated, Touched, Withdrawn
from noroshi.share.taxii import Refused
from noroshi.web import rest_position_shapes as shapes
from noroshi.web.headers import language
from noroshi.web.rest_asking import asker_of, get
from noroshi.web.rest_case_shapes import Written
from noroshi.web.rest_cases import some
from noroshi.web.rest_values import fit, micros, moment
from noroshi.web.turns import one_at_a_time

if TYPE_CHECKING:
    from noroshi.desk.hub import Hub
    from noroshi.respond.position import Content

__all__ = ["handlers"]

Ask = Request[Any, Any, Any]
PATH = "/situations/{uid:str}/position"


def handlers(hub: Hub, lang: str) -> list[HTTPRouteHandler]:
    """Return what answers for positions and their memos; lang: of a memo where the reader asks for none."""
    setting = one_at_a_time()

    @get(PATH, sync_to_thread=True, summary="The position on a situation, with what is warned of")
    def position(request: Ask, uid: FromPath[str]) -> PositionShown:
        return memos.seen(hub, asker_of(request).principal, fit(uid, situations.ABSENT))

    @post(PATH, sync_to_thread=True, opt={"json": True}, status_code=200,
          summary="Enter claims, our finding by hand, statements, effects, options, a decision; take back")  # fmt: skip
    def enter(request: Ask, uid: FromPath[str], data: JSONBody[shapes.MoreOfPosition]) -> Written:
        who, now = asker_of(request).principal, micros()
        lines = some(lines_of(data))
        return Written(positions.say(hub, who, fit(uid, situations.ABSENT), lines, when(data.at, now), now))

    @post(PATH + "/assessment", sync_to_thread=True, opt={"json": True}, status_code=200,
          summary="Enter our finding as an assessment file says it")  # fmt: skip
    def assess(request: Ask, uid: FromPath[str], data: JSONBody[shapes.NewAssessment]) -> Written:
        who, now = asker_of(request).principal, micros()
        must(who, "situations.manage")
        situations.must_find(hub, who, fit(uid, situations.ABSENT))
        try:
            found = positions.finding_in(data.file.encode("utf-8", "surrogatepass"))
        except InputError as error:
            said = "; ".join(f"{one.column}: {one.found} (expected {one.expected})" for one in error.faults)
            raise Refused(422, "Unprocessable", said) from None
        return Written(positions.assess(hub, who, uid, found, when(data.at, now), now))

    @post(PATH + "/signature", sync_to_thread=True, opt={"json": True}, status_code=200,
          summary="Sign what stands, by its digest")  # fmt: skip
    def sign(request: Ask, uid: FromPath[str], data: JSONBody[shapes.NewSignature]) -> Written:
        who, now = asker_of(request).principal, micros()
        return Written(positions.sign(hub, who, fit(uid, situations.ABSENT), data.role, data.digest, now, now))

    @get("/situations/{uid:str}/memo", sync_to_thread=True, media_type="text/html",
         summary="The memo as a page, in the language that the reader accepts")  # fmt: skip
    def page(request: Ask, uid: FromPath[str]) -> Response[str]:
        spoken = language(None, request.headers.get("accept-language", ""), lang)
        found = memos.memo(hub, asker_of(request).principal, fit(uid, situations.ABSENT), micros())
        policy = f"{memo_policy()}; frame-ancestors 'none'"
        headers = {"Content-Language": spoken, "Content-Security-Policy": policy}
        return Response(memo_html(found, spoken), media_type="text/html", headers=headers)

    @get("/situations/{uid:str}/memo.pdf", sync_to_thread=True, media_type="application/pdf",
         summary="The memo as PDF, in the language that the reader accepts")  # fmt: skip
    def pdf(request: Ask, uid: FromPath[str]) -> Response[bytes]:
        spoken = language(None, request.headers.get("accept-language", ""), lang)
        found = memos.memo(hub, asker_of(request).principal, fit(uid, situations.ABSENT), micros())
        headers = {"Content-Language": spoken, "Content-Disposition": 'inline; filename="memo.pdf"'}
        with setting():
            body = memo_pdf(found, spoken)
        return Response(body, media_type="application/pdf", headers=headers)

    return [position, enter, assess, sign, page, pdf]


def lines_of(data: shapes.MoreOfPosition) -> list[Content | Withdrawn]:
    """Return the lines that are entered."""
    found: list[Content | Withdrawn] = [Claimed(**msgspec.structs.asdict(one)) for one in data.claims]
    found += [] if data.finding is None else [Found(**msgspec.structs.asdict(data.finding))]
    found += [Stated(**msgspec.structs.asdict(one)) for one in data.statements]
    found += [Touched(**msgspec.structs.asdict(one)) for one in data.effects]
    found += [Considered(**msgspec.structs.asdict(one)) for one in data.options]
    found += [] if data.decision is None else [Decided(**msgspec.structs.asdict(data.decision))]
    return found + [Withdrawn(one.entry, one.why) for one in data.withdraw]


def when(at: str | None, now: int) -> int:
    """Return when something was so, by default now; Refused 422 for what is no time."""
    return now if at is None else moment("at", at)
