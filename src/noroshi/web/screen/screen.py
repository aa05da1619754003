"""The screen as a whole: what a page is made with, how its addresses are declared, and what is refused as a page."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from litestar import HttpMethod, Request, Response, post, route
from litestar.exceptions import HTTPException

from noroshi.desk.limits import Buckets, TooMany
from noroshi.errors import InputError, NotFoundError
from noroshi.share.taxii import Refused
from noroshi.web.impacts import Impacts
from noroshi.web.rest_asking import refuse_forgery
from noroshi.web.screen.form import Form, read_form, refuse_without_token
from noroshi.web.screen.page import Page
from noroshi.web.streams import Streams

if TYPE_CHECKING:
    from litestar.handlers import HTTPRouteHandler

    from noroshi.desk.hub import Hub
    from noroshi.settings import Settings
    from noroshi.web.estates import Estates

__all__ = ["Answer", "Change", "Screen"]

Ask = Request[Any, Any, Any]
Answer = Callable[[Page], Response[Any]]
Change = Callable[[Page, Form], Response[Any]]
MINUTE = 60.0
PARTS = 5
"""Parts of pages that count as one request: a page asks for some beside itself."""


class Screen:
    """What declares pages: a class, since its handlers are gathered one by one.

    `view` and `change` are the only two ways to a page, so that no page forgets who asks, and no change its token.
    """

    def __init__(self, hub: Hub, settings: Settings, estates: Estates) -> None:
        """Take the hub that is asked, the settings, and the estates that can be shown."""
        self.hub, self.settings, self.estates = hub, settings, estates
        self.streams, self.impacts = Streams(hub), Impacts(estates)
        self.handlers: list[HTTPRouteHandler] = []
        self.buckets = Buckets(settings.request_rate * PARTS, MINUTE)

    def view(self, path: str, *, everybody: bool = False) -> Callable[[Answer], Answer]:
        """Declare a page that changes nothing; everybody: whether it is shown to who has not logged in."""

        def declared(answer: Answer) -> Answer:
            def shown(page: Page) -> Response[Any]:
                return answer(self.counted(page, everybody=everybody))

            @route(path, http_method=[HttpMethod.GET, HttpMethod.HEAD], name=f"view {path}")
            async def handler(request: Ask) -> Response[Any]:
                return await asyncio.to_thread(self.answered, request, shown)

            self.handlers.append(handler)
            return answer

        return declared

    def change(self, path: str, *, everybody: bool = False) -> Callable[[Change], Change]:
        """Declare what a page's form asks for; everybody: whether one need not have logged in."""

        def declared(change: Change) -> Change:
            @post(path, status_code=200, name=f"change {path}")
            async def handler(request: Ask) -> Response[Any]:
                try:
                    refuse_forgery(request)
                    form = await read_form(request)
                except Refused as refused:
                    return self.refused(self.page(request), refused)

                def changed(page: Page) -> Response[Any]:
                    self.counted(page, everybody=everybody)
                    refuse_without_token(form, request.headers.get("x-csrf-token", ""), page.csrf)
                    return change(page, form)

                return await asyncio.to_thread(self.answered, request, changed)

            self.handlers.append(handler)
            return change

        return declared

    def page(self, request: Ask) -> Page:
        """Return a request for a page."""
        return Page(request, self.hub, self.settings, self.estates)

    def built(self) -> frozenset[str]:
        """Return the patterns of the addresses of all pages that there are."""
        return frozenset(str(one.name).removeprefix("view ") for one in self.handlers)

    def end(self) -> None:
        """End what would keep the hub from stopping."""
        self.streams.end()
        self.impacts.stop()

    def counted(self, page: Page, *, everybody: bool) -> Page:
        """Let a request pass that is not one too many; Refused 401 where one must have logged in."""
        if not everybody:
            self.buckets.spend(str(page.who.no), time.monotonic())
        return page

    def answered(self, request: Ask, answer: Answer) -> Response[Any]:
        """Return an answer; what is refused, or wrong in what was sent, as a page that says so."""
        page = self.page(request)
        try:
            return answer(page)
        except Refused as refused:
            return self.refused(page, refused)
        except InputError as error:
            return self.told(page, 422, error.report(page.lang))
        except NotFoundError as error:
            return self.told(page, 404, str(error))

    def refused(self, page: Page, refused: Refused) -> Response[Any]:
        """Return a refusal; who has not logged in is led to where one does."""
        if refused.status == 401:  # noqa: PLR2004  Unauthorized
            back = page.request.url.path if page.request.method in ("GET", "HEAD") else "/"
            query = page.request.url.query
            entrance = page.go("/login", next=back + (f"?{query}" if query else ""))
            if page.part:
                return page.answer(b"", "text/html", headers={"HX-Redirect": entrance.headers["Location"]})
            return entrance
        more = {"Retry-After": str(refused.wait)} if isinstance(refused, TooMany) else {}
        return self.told(page, refused.status, page.refusal(refused), more)

    def told(self, page: Page, status: int, detail: str, headers: dict[str, str] | None = None) -> Response[Any]:
        """Return what is wrong: a page of its own, or the line above a page of which a part was asked for."""
        known = status if f"refused_{status}" in _KNOWN else 400
        if page.part:
            shown = page.show("fault_part.html", status=status, title=page.w(f"refused_{known}"), detail=detail)
            shown.headers.update({"HX-Retarget": "#said", "HX-Reswap": "innerHTML"})
        else:
            lead = page.w(f"refused_lead_{known}") if f"refused_lead_{known}" in _KNOWN else ""
            shown = page.show(
                "refused.html", status=status, title=page.w(f"refused_{known}"), lead=lead,
                detail="" if status == 404 else detail, narrow=True,  # noqa: PLR2004  Not Found: nothing more is told
            )  # fmt: skip
        shown.headers.update(headers or {})
        return shown

    def failed(self, request: Ask, error: Exception) -> Response[Any]:
        """Return as a page what litestar itself could not answer, or where we are at fault, which the log says."""
        page = self.page(request)
        if isinstance(error, HTTPException):
            return self.told(page, error.status_code, error.detail, dict(error.headers or {}))
        if isinstance(error, Refused):
            return self.refused(page, error)
        logging.getLogger("noroshi.web").error("a page failed", exc_info=error)
        return self.told(page, 500, "")


def _known() -> frozenset[str]:
    """Return the words for refusals that there are."""
    from noroshi.web.screen.words_frame import FRAME_WORDS

    return frozenset(FRAME_WORDS)


_KNOWN = _known()
