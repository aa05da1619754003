"""`/live`: the stream by which an open page learns that it is out of date; it says nothing else."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from litestar import Request, Response, get
from litestar.response import Stream

from noroshi.desk.limits import TooMany
from noroshi.share.taxii import Refused
from noroshi.web.screen.page import HEADERS

if TYPE_CHECKING:
    from noroshi.web.screen.screen import Screen

__all__ = ["declare"]

Ask = Request[Any, Any, Any]
TOLD = {**HEADERS, "Cache-Control": "no-store", "X-Accel-Buffering": "no"}
"""A proxy before the hub is not to hold back what is told."""


def declare(screen: Screen) -> None:
    """Declare the stream."""

    @get("/live", name="live")
    async def live(request: Ask) -> Response[Any]:
        page = await asyncio.to_thread(screen.page, request)
        if page.asker is None:
            return page.answer(b"", "text/plain", status=401)
        try:
            told = screen.streams.told(page.asker.secret, page.asker.principal, page.query("seen"))
        except TooMany as refused:
            return page.answer(b"", "text/plain", status=429, headers={"Retry-After": str(refused.wait)})
        except Refused as refused:
            return page.answer(b"", "text/plain", status=refused.status)
        return Stream(told, media_type="text/event-stream", headers=TOLD)

    screen.handlers.append(live)
