"""Who asks the REST interface, and whether the request may be looked at: before anything of it is read.

A cookie is sent by a browser whatever page asks it to, so that a change by cookie must come from our own page and carry
what only that page can know. A Basic header is sent by browsers too; a Bearer header never is, unless a script says so.
"""

from __future__ import annotations

import asyncio
import hmac
import time
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from litestar import HttpMethod, route

from noroshi.desk.sessions import Asker, of_header, of_session, token_against_forgery
from noroshi.share.taxii import Refused

if TYPE_CHECKING:
    from litestar import Request
    from litestar.connection import ASGIConnection
    from litestar.handlers.base import BaseRouteHandler

    from noroshi.desk.hub import Hub
    from noroshi.desk.limits import Buckets

__all__ = ["COOKIE", "Door", "asker_of", "cookie_name", "get", "pairs_of"]

get = partial(route, http_method=[HttpMethod.GET, HttpMethod.HEAD])
"""A resource that can be read, or asked for its head alone (RFC 9110, 9.3.2)."""
COOKIE = "noroshi"
LOOPBACK = ("127.0.0.1", "::1", "localhost")
SAFE = ("GET", "HEAD", "OPTIONS")
MOST_QUERY = 65_536
JSON_TYPES = ("application/json",)
UNAUTHORIZED = Refused(401, "Unauthorized", "give a name and password (Basic), a token (Bearer), or log in")
FORGED = Refused(403, "Forbidden", "a change must come from the hub's own page, with its X-CSRF-Token")


def cookie_name(scheme: str) -> str:
    """Return the name of the session's cookie: with TLS one that no other host or path can set (RFC 6265bis, 4.1.3)."""
    return f"__Host-{COOKIE}" if scheme == "https" else COOKIE


def asker_of(request: Request[Any, Any, Any]) -> Asker:
    """Return who asks, as `Door` found."""
    found = request.scope["state"].get("asker")
    if not isinstance(found, Asker):
        raise UNAUTHORIZED
    return found


def pairs_of(connection: ASGIConnection[Any, Any, Any, Any]) -> tuple[tuple[str, str], ...]:
    """Return the parameters of the query; Refused 400 for what cannot be read, 414 for what is too long."""
    raw: bytes = connection.scope.get("query_string", b"")
    if len(raw) > MOST_QUERY:
        raise Refused(414, "Too long", f"a query of at most {MOST_QUERY} bytes")
    try:
        return tuple(parse_qsl(raw.decode("ascii"), keep_blank_values=True, strict_parsing=bool(raw), errors="strict"))
    except (UnicodeDecodeError, ValueError):
        raise Refused(400, "Invalid query", "parameters as name=value, percent-encoded UTF-8") from None


class Door:
    """What every request passes before its handler: a class, for the hub and the buckets."""

    def __init__(self, hub: Hub, buckets: Buckets, *, near: bool) -> None:
        """Take the hub, what counts requests, and whether only names of this machine are answered to."""
        self.hub, self.buckets, self.near = hub, buckets, near

    async def __call__(self, connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
        """Let a request pass, with who asks in its state; Refused where it may not."""
        headers = connection.headers
        if self.near and named(headers.get("host", "")) not in LOOPBACK:
            raise Refused(400, "Bad host", "the hub does not answer to this host name")
        method = str(connection.scope.get("method", "GET"))
        authorization = headers.get("authorization", "")
        if method not in SAFE and not authorization.lower().startswith("bearer "):
            refuse_forgery(connection)
        if not handler.opt.get("open"):
            asker = await self.who(connection, authorization, method)
            self.buckets.spend(str(asker.principal.no), time.monotonic())
            connection.scope["state"]["asker"] = asker
        allowed = handler.opt.get("query", ())
        for name, _ in pairs_of(connection):
            if name not in allowed and not handler.opt.get("any"):
                raise Refused(400, "Unknown parameter", f"this resource has {', '.join(allowed) or 'no parameters'}")
        if handler.opt.get("json"):
            kind = headers.get("content-type", "").partition(";")[0].strip().lower()
            if kind not in JSON_TYPES:
                raise Refused(415, "Unsupported media type", f"send {JSON_TYPES[0]}")

    async def who(self, connection: ASGIConnection[Any, Any, Any, Any], authorization: str, method: str) -> Asker:
        """Return who asks, by a header, else by a session; Refused 401 for nobody known."""
        now = time.monotonic()
        if authorization:
            found = self.hub.credentials.quick(authorization, now)
            if found is None:
                address = connection.client.host if connection.client else ""
                found = await asyncio.to_thread(self.hub.credentials.slow, authorization, now, address)
            if found is None:
                raise UNAUTHORIZED
            return of_header(self.hub.store, found)
        secret = connection.cookies.get(cookie_name(str(connection.scope.get("scheme", "http"))), "")
        asker = of_session(self.hub.store, secret, time.time_ns() // 1000) if secret else None
        if asker is None:
            raise UNAUTHORIZED
        sent = connection.headers.get("x-csrf-token", "")
        if method not in SAFE and not hmac.compare_digest(sent.encode(), token_against_forgery(secret).encode()):
            raise FORGED
        return asker


def refuse_forgery(connection: ASGIConnection[Any, Any, Any, Any]) -> None:
    """Refuse a change that a page of another origin asks for: browsers say so (Fetch Metadata, and RFC 6454)."""
    site = connection.headers.get("sec-fetch-site")
    if site is not None:  # Origin is "null" from a page that sends no referrer, though it is our own
        if site not in ("same-origin", "none"):
            raise FORGED
        return
    origin = connection.headers.get("origin")
    try:
        foreign = origin is not None and urlsplit(origin).netloc.lower() != connection.headers.get("host", "").lower()
    except ValueError:
        foreign = True
    if foreign:
        raise FORGED


def named(host: str) -> str | None:
    """Return the name in a Host header."""
    try:
        return urlsplit("//" + host).hostname
    except ValueError:
        return None
