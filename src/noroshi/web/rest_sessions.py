"""The REST interface's sessions: log in, see and end them, a new password; and the link for the first owner."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from litestar import Request, Response, delete, post, put
from litestar.datastructures import Cookie
from litestar.handlers import HTTPRouteHandler
from litestar.params import JSONBody

from noroshi.desk import people, sessions
from noroshi.share.taxii import Refused, timestamp
from noroshi.web import rest_shapes as shapes
from noroshi.web.rest_asking import asker_of, cookie_name, get

if TYPE_CHECKING:
    from noroshi.desk.hub import Hub
    from noroshi.desk.sessions import Opened

__all__ = ["cookie", "handlers", "no_cookie"]

Ask = Request[Any, Any, Any]
WRONG = Refused(401, "Unauthorized", "the name or the password is wrong")


def handlers(hub: Hub, hours: int) -> list[HTTPRouteHandler]:
    """Return what answers for sessions."""

    @post("/session", sync_to_thread=True, opt={"open": True, "json": True}, summary="Log in")
    def log_in(request: Ask, data: JSONBody[shapes.LogIn]) -> Response[shapes.SessionShown]:
        address = request.client.host if request.client else ""
        found = hub.credentials.password(data.name, data.password, time.monotonic(), address)
        if found is None:
            raise WRONG
        opened = sessions.log_in(hub.store, found, hours, time.time_ns() // 1000)
        return Response(shown(opened), cookies=[cookie(request, opened)])

    @get("/session", sync_to_thread=True, summary="The session that this is, and what changes must carry")
    def this_one(request: Ask) -> shapes.SessionShown:
        asker = asker_of(request)
        for one in sessions.listed(hub.store, asker, time.time_ns() // 1000):
            if one.digest == asker.session:
                return shown(sessions.Opened(asker, one.expires), one.made)
        raise Refused(404, "Not found", "this request came without a session")

    @delete("/session", sync_to_thread=True, summary="Log out")
    def log_out(request: Ask) -> Response[None]:
        sessions.ended(hub.store, asker_of(request), everywhere=False)
        return Response(None, cookies=[no_cookie(request)])

    @get("/sessions", sync_to_thread=True, summary="My sessions")
    def listed(request: Ask) -> shapes.Sessions:
        asker = asker_of(request)
        found = sessions.listed(hub.store, asker, time.time_ns() // 1000)
        return shapes.Sessions([
            shapes.SessionShown(
                asker.principal.name, timestamp(one.made), timestamp(one.expires), one.digest == asker.session, None
            )
            for one in found
        ])  # fmt: skip

    @delete("/sessions", sync_to_thread=True, summary="Log out everywhere")
    def log_out_everywhere(request: Ask) -> Response[None]:
        sessions.ended(hub.store, asker_of(request), everywhere=True)
        return Response(None, cookies=[no_cookie(request)])

    @put("/me/password", sync_to_thread=True, opt={"json": True}, status_code=204,
         summary="Change my password; all my sessions end")  # fmt: skip
    def password(request: Ask, data: JSONBody[shapes.NewPassword]) -> None:
        people.change_password(hub, asker_of(request).principal, data.old, data.new)

    return [log_in, this_one, log_out, listed, log_out_everywhere, password]


def shown(opened: Opened, since: int | None = None) -> shapes.SessionShown:
    """Return a session as it is told to whom it belongs."""
    asker = opened.asker
    made = time.time_ns() // 1000 if since is None else since
    forgery = sessions.token_against_forgery(asker.secret)
    return shapes.SessionShown(asker.principal.name, timestamp(made), timestamp(opened.expires), True, forgery)  # noqa: FBT003  a shape's field


def cookie(request: Ask, opened: Opened) -> Cookie:
    """Return the cookie of a session: no script reads it, no other site's page sends it."""
    secure = request.scope.get("scheme") == "https"
    seconds = max(1, opened.expires // 1_000_000 - int(time.time()))
    return Cookie(
        key=cookie_name("https" if secure else "http"), value=opened.asker.secret, path="/", max_age=seconds,
        httponly=True, samesite="strict", secure=secure,
    )  # fmt: skip


def no_cookie(request: Ask) -> Cookie:
    """Return the cookie that takes a session's away."""
    secure = request.scope.get("scheme") == "https"
    name = cookie_name("https" if secure else "http")
    return Cookie(key=name, value="", path="/", max_age=0, httponly=True, samesite="strict", secure=secure)
