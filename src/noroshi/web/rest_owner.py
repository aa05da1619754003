"""The link for the first owner: a page with a form that needs no script, and the same for a program."""

from __future__ import annotations

import time
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from litestar import Request, Response, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from noroshi.desk.founding import founded, holds
from noroshi.share.taxii import Refused
from noroshi.web import rest_shapes as shapes
from noroshi.web.headers import SECURITY, language
from noroshi.web.rest_asking import get
from noroshi.web.screen.statics import address_of

if TYPE_CHECKING:
    from noroshi.desk.hub import Hub

__all__ = ["handlers"]

Ask = Request[Any, Any, Any]
WORDS = {
    "brand": ("Noroshi", "狼煙 Noroshi"),
    "log_in": ("Log in", "ログイン"),
    "title": ("The first owner", "最初の所有者"),
    "lead": ("Choose the name and the password of who answers for this hub. The link works once.",
             "このハブの責任者の名前とパスワードを決めてください。リンクは一度だけ使えます。"),
    "name": ("Name", "名前"),
    "password": ("Password, 12 characters or more", "パスワード(12文字以上)"),
    "make": ("Make the owner", "所有者を作成"),
    "done": ("Done. Log in with this name and password.", "完了。この名前とパスワードでログインしてください。"),
    "gone": ("This link does not hold: it has been used, or its hour is over. Start the hub again for a new one.",
             "このリンクは無効です(使用済みか期限切れ)。ハブを再起動すると新しいリンクが表示されます。"),
    "wrong": ("A name has letters, digits and . _ @ -; a password 12 characters or more.",
              "名前は英数字と . _ @ -、パスワードは12文字以上。"),
}  # fmt: skip
PAGE = """<!DOCTYPE html>
<html lang="{lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Noroshi: {title}</title><link rel="icon" href="data:,"><link rel="stylesheet" href="{sheet}"></head>
<body><header class="bar"><div><a class="brand" href="/">{brand}</a></div></header>
<main id="main" class="page narrow"><h1>{title}</h1>{lead}{form}</main></body></html>
"""
FORM = """<form method="post" autocomplete="off"><p class="field"><label for="name">{name}</label>
<input id="name" name="name" required maxlength="100" autocomplete="username" autofocus></p>
<p class="field"><label for="password">{password}</label><input id="password" name="password" type="password" required
 minlength="12" maxlength="1000" autocomplete="new-password"></p><p><button>{make}</button></p></form>"""
HEADERS = {
    "Content-Security-Policy": SECURITY["Content-Security-Policy"].replace("form-action 'none'", "form-action 'self'"),
    "Referrer-Policy": "same-origin",
}
"""Its own form may be sent, and says where it comes from."""
LONGEST_FORM = 10_000


def handlers(hub: Hub, default: str) -> list[HTTPRouteHandler]:
    """Return what answers for the first owner."""

    def page(request: Ask, words: str, status: int, *, form: bool) -> Response[str]:
        lang = language(None, request.headers.get("accept-language", ""), default)
        said = {name: escape(both[int(lang == "ja")]) for name, both in WORDS.items()}
        told = {"gone": "fault", "wrong": "fault", "done": "said"}.get(words, "lead")
        after = FORM.format(**said) if form else ""
        if words == "done":
            after = f'<p><a class="button" href="/login">{said["log_in"]}</a></p>'
        body = PAGE.format(
            lang=lang, title=said["title"], brand=said["brand"], sheet=address_of("screen.css"), form=after,
            lead=f'<p class="{told}">{said[words]}</p>',
        )  # fmt: skip
        headers = {**HEADERS, "Content-Language": lang}
        return Response(body, status_code=status, media_type="text/html", headers=headers)

    @get("/owner/{secret:str}", sync_to_thread=True, opt={"open": True}, include_in_schema=False)
    def ask(request: Ask, secret: FromPath[str]) -> Response[str]:
        if not holds(hub, secret, time.time_ns() // 1000):
            return page(request, "gone", 404, form=False)
        return page(request, "lead", 200, form=True)

    @post("/owner/{secret:str}", opt={"open": True}, include_in_schema=False)
    async def answered(request: Ask, secret: FromPath[str]) -> Response[str]:
        import asyncio

        given = parse_qs((await request.body())[:LONGEST_FORM].decode("utf-8", "replace"))
        name, password = (given.get(field, [""])[0] for field in ("name", "password"))
        try:
            await asyncio.to_thread(founded, hub, secret, name, password, time.time_ns() // 1000)
        except Refused as refused:
            gone = refused.status == 404  # noqa: PLR2004  Not Found
            return page(request, "gone" if gone else "wrong", refused.status, form=not gone)
        return page(request, "done", 200, form=False)

    @post("/owner", sync_to_thread=True, opt={"open": True, "json": True}, status_code=204,
          summary="Make the first owner, with the secret of the link that the hub printed")  # fmt: skip
    def owner(data: JSONBody[shapes.OwnerAsked]) -> None:
        founded(hub, data.link, data.name, data.password, time.time_ns() // 1000)

    return [ask, answered, owner]
