"""The REST interface at /api/v1: what people's programs and the screen ask, described by OpenAPI as it is answered.

Every answer is private and not to be stored; what is refused is told as RFC 9457 says, with nothing of anybody else.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import msgspec
from litestar import Litestar, Request, Response, Router
from litestar.datastructures import MutableScopeHeaders
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig

from noroshi.desk.limits import Buckets, TooMany
from noroshi.desk.oidc import provider_of
from noroshi.share.taxii import Refused
from noroshi.web import (
    rest_case_reckoning,
    rest_cases,
    rest_merging,
    rest_objects,
    rest_oidc,
    rest_owner,
    rest_people,
    rest_positions,
    rest_releasing,
    rest_replays,
    rest_sessions,
    rest_situation_press,
    rest_situation_warnings,
    rest_warnings,
)
from noroshi.web.headers import SECURITY
from noroshi.web.rest_asking import LOOPBACK, Door, get
from noroshi.web.rest_openapi import described
from noroshi.web.rest_shapes import Problem
from noroshi.web.serve import address

if TYPE_CHECKING:
    from litestar.connection import ASGIConnection
    from litestar.handlers.base import BaseRouteHandler
    from litestar.types import Message, Scope

    from noroshi.desk.hub import Hub
    from noroshi.settings import Settings

__all__ = ["PREFIX", "create_rest"]

PREFIX = "/api/v1"
MINUTE = 60.0
LONGEST = 1_000_000
"""Bytes of a body; objects may be longer, as their API root says."""
PRIVATE = {"Cache-Control": "private, no-store", "Vary": "accept, accept-language, authorization, cookie"}
TITLES = {
    400: "Bad request", 404: "Not found", 405: "Method not allowed", 413: "Too large", 415: "Unsupported media type",
}  # fmt: skip
Ask = Request[Any, Any, Any]


def create_rest(hub: Hub, settings: Settings) -> Litestar:
    """Return the REST interface over a hub."""
    door = Door(hub, Buckets(settings.request_rate, MINUTE), near=settings.host in LOOPBACK)
    described_as: list[bytes] = []

    async def passed(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
        await door(connection, handler)  # a function, since litestar copies what it is given

    @get("/openapi.json", sync_to_thread=False, opt={"open": True}, include_in_schema=False)
    def openapi(request: Ask) -> Response[bytes]:
        if not described_as:
            described_as.append(msgspec.json.encode(described(request.app, PREFIX)))
        return Response(described_as[0], media_type="application/json")

    handlers = [
        openapi,
        *rest_objects.handlers(hub, settings.lang),
        *rest_merging.handlers(hub, settings.lang),
        *rest_releasing.handlers(hub),
        *rest_people.handlers(hub),
        *rest_sessions.handlers(hub, settings.session_hours),
        *rest_warnings.handlers(hub, settings),
        *rest_cases.handlers(hub),
        *rest_positions.handlers(hub, settings.lang),
        *rest_case_reckoning.handlers(hub, settings),
        *rest_situation_warnings.handlers(hub, settings),
        *rest_situation_press.handlers(hub),
        *rest_replays.handlers(hub, settings),
        *rest_owner.handlers(hub, settings.lang),
        *rest_oidc.handlers(hub, provider_of(settings, address(settings)), settings),
    ]
    return Litestar(
        [Router(PREFIX, route_handlers=handlers, guards=[passed])],
        before_send=[private],
        exception_handlers={Refused: refused, HTTPException: failed, Exception: unexpected},
        openapi_config=OpenAPIConfig(title="Noroshi", version="1", path="/api/v1/-"),
        request_max_body_size=LONGEST,
        logging_config=None,
    )


def problem(status: int, title: str, detail: str, headers: dict[str, str] | None = None) -> Response[Any]:
    """Return an answer that says what is wrong (RFC 9457)."""
    said = Problem("about:blank", title, status, detail)
    return Response(said, status_code=status, media_type="application/problem+json", headers=headers)


def refused(request: Ask, error: Refused) -> Response[Any]:  # noqa: ARG001  litestar's signature
    """Return what the desk, or we, refuse."""
    headers: dict[str, str] = {}
    if error.status == 401:  # noqa: PLR2004  Unauthorized
        headers["WWW-Authenticate"] = 'Bearer realm="noroshi"'
    if isinstance(error, TooMany):
        headers["Retry-After"] = str(error.wait)
    return problem(error.status, error.title, error.description, headers)


def failed(request: Ask, error: HTTPException) -> Response[Any]:  # noqa: ARG001  litestar's signature
    """Return what cannot be read, or is not there."""
    extra = error.extra if isinstance(error.extra, list) else []
    where = "; ".join(
        f"{one.get('key', 'body')}: {one.get('message', '')}" if isinstance(one, dict) else str(one) for one in extra
    )
    title = TITLES.get(error.status_code, "Refused")
    return problem(error.status_code, title, where or title, dict(error.headers or {}))


def unexpected(request: Ask, error: Exception) -> Response[Any]:  # noqa: ARG001  litestar's signature
    """Return that the hub is at fault: what, its log says, and nobody else."""
    logging.getLogger("noroshi.web").error("a request failed", exc_info=error)
    return problem(500, "Internal error", "the hub could not answer; its log says why")


async def private(message: Message, scope: Scope) -> None:  # noqa: ARG001  litestar's signature
    """Put on every answer what keeps it private, and a page's rights as they are for all pages."""
    if message["type"] == "http.response.start":
        headers = MutableScopeHeaders(message)
        for name, value in {**SECURITY, **PRIVATE}.items():
            headers.setdefault(name, value)
