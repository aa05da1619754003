"""How one comes in and goes out: log in, log out, and how one wants the pages to look."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from litestar import Response
from litestar.datastructures import Cookie

from noroshi.desk import sessions
from noroshi.report.words import LANGUAGES
from noroshi.web.rest_sessions import cookie, no_cookie
from noroshi.web.screen.page import ESTATE_COOKIE, LANG_COOKIE, THEME_COOKIE, THEMES

if TYPE_CHECKING:
    from noroshi.web.screen.form import Form
    from noroshi.web.screen.page import Page
    from noroshi.web.screen.screen import Screen

__all__ = ["declare", "ours"]

YEAR_S = 31_536_000


def declare(screen: Screen) -> None:
    """Declare the pages of the entrance."""
    hub, settings = screen.hub, screen.settings

    @screen.view("/login", everybody=True)
    def login(page: Page) -> Response[Any]:
        if page.asker is not None:
            return page.go(ours(page.query("next")))
        return entrance(page, page.query("next"))

    @screen.change("/login", everybody=True)
    def logged_in(page: Page, form: Form) -> Response[Any]:
        address = page.request.client.host if page.request.client else ""
        found = hub.credentials.password(form.get("name"), _untrimmed(form, "password"), time.monotonic(), address)
        if found is None:
            return entrance(page, form.get("next"), wrong=True)
        opened = sessions.log_in(hub.store, found, settings.session_hours, page.now)
        answer = page.go(ours(form.get("next")))
        answer.cookies.append(cookie(page.request, opened))
        return answer

    @screen.change("/logout")
    def logged_out(page: Page, _: Form) -> Response[Any]:
        assert page.asker is not None  # noqa: S101  `change` lets nobody else in
        sessions.ended(hub.store, page.asker, everywhere=False)
        answer = page.go("/login", said="logged_out")
        answer.cookies.append(no_cookie(page.request))
        return answer

    @screen.change("/view", everybody=True)
    def view(page: Page, form: Form) -> Response[Any]:
        answer = page.go(_without_lang(ours(form.get("next"))))
        known = tuple(map(page.estates.key, (*page.estates.names, *page.copies)))
        page.estates.again(page.estates.chosen(form.get("estate")))
        for name, allowed, key in (
            (LANG_COOKIE, LANGUAGES, "lang"), (THEME_COOKIE, THEMES, "theme"), (ESTATE_COOKIE, known, "estate"),
        ):  # fmt: skip
            if form.get(key) in allowed:
                answer.cookies.append(
                    Cookie(key=name, value=form.get(key), path="/", max_age=YEAR_S, httponly=True, samesite="strict")
                )
        return answer


def entrance(page: Page, onward: str, *, wrong: bool = False) -> Response[Any]:
    """Return the page on which one logs in; a wrong password is said with 401, and nothing of which of both it was."""
    provider = urlsplit(page.settings.oidc_issuer).hostname or ""
    return page.show(
        "login.html", status=401 if wrong else 200, title=page.w("log_in"), onward=ours(onward), wrong=wrong,
        provider=provider, narrow=True,
    )  # fmt: skip


def ours(address: str) -> str:
    """Return an address of this hub as given, or "/" for any that leads, or may be read as leading, elsewhere."""
    plain = address.isprintable() and "\\" not in address
    return address if plain and address.startswith("/") and not address.startswith("//") else "/"


def _untrimmed(form: Form, name: str) -> str:
    """Return a field with its blanks: they may belong to a password."""
    return (form.fields.get(name) or [""])[0]


def _without_lang(address: str) -> str:
    """Return an address that does not ask for a language, since the choice is kept from now on."""
    parts = urlsplit(address)
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "lang"]
    return urlunsplit(parts._replace(query=urlencode(kept)))
