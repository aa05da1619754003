"""The way to the OpenID provider and back: two addresses that browsers are sent to."""

from __future__ import annotations

import time
from html import escape
from typing import TYPE_CHECKING, Any

from litestar import Request, Response
from litestar.datastructures import Cookie
from litestar.handlers import HTTPRouteHandler

from noroshi.desk.limits import QUARTER, Buckets
from noroshi.desk.oidc import FAILED
from noroshi.web.headers import language
from noroshi.web.rest_asking import COOKIE, get, pairs_of
from noroshi.web.rest_sessions import cookie

if TYPE_CHECKING:
    from noroshi.desk.hub import Hub
    from noroshi.desk.oidc import Provider
    from noroshi.settings import Settings

__all__ = ["handlers"]

Ask = Request[Any, Any, Any]
WELCOME = ("You are logged in.", "ログインしました。")
ONWARD = ("Go on", "続ける")
PAGE = """<!DOCTYPE html>
<html lang="{lang}"><head><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=/"><title>Noroshi</title>
<link rel="icon" href="data:,"></head><body><p>{said}</p><p><a href="/">{onward}</a></p></body></html>
"""
"""A page and no redirect: a Strict cookie is not sent along a chain that began at another site."""
MOST_S = 600
MOST_BEGUN = 100
"""Log-ins that one address may begin in a quarter of an hour: each is kept until it comes back."""


def handlers(hub: Hub, provider: Provider | None, settings: Settings) -> list[HTTPRouteHandler]:
    """Return what answers for logging in by a provider; nothing where there is none."""
    if provider is None:
        return []

    begun_lately = Buckets(MOST_BEGUN, QUARTER)

    @get("/oidc", sync_to_thread=True, opt={"open": True}, include_in_schema=False)
    def begin(request: Ask) -> Response[None]:
        begun_lately.spend(request.client.host if request.client else "", time.monotonic())
        begun = provider.begin(hub, time.time_ns() // 1000)
        return Response(None, status_code=302, headers={"Location": begun.url}, cookies=[binder(request, begun.binder)])

    @get("/oidc/callback", sync_to_thread=True, opt={"open": True, "any": True}, include_in_schema=False)
    def back(request: Ask) -> Response[str]:
        pairs = pairs_of(request)
        given = dict(pairs)
        if len(given) != len(pairs) or "error" in given:
            raise FAILED
        opened = provider.finish(
            hub, given.get("code", ""), given.get("state", ""), request.cookies.get(binder(request, "").key, ""),
            given.get("iss"), settings.session_hours, time.time_ns() // 1000,
        )  # fmt: skip
        lang = language(None, request.headers.get("accept-language", ""), settings.lang)
        japanese = int(lang == "ja")
        page = PAGE.format(lang=lang, said=escape(WELCOME[japanese]), onward=escape(ONWARD[japanese]))
        return Response(
            page, media_type="text/html", headers={"Content-Language": lang},
            cookies=[cookie(request, opened), binder(request, "")],
        )  # fmt: skip

    return [begin, back]


def binder(request: Ask, secret: str) -> Cookie:
    """Return the cookie of a log-in under way ("" takes it away): Lax, since the provider sends the browser back."""
    secure = request.scope.get("scheme") == "https"
    name = f"{'__Host-' if secure else ''}{COOKIE}-login"
    return Cookie(
        key=name, value=secret, path="/", max_age=MOST_S if secret else 0, httponly=True, samesite="lax", secure=secure
    )
