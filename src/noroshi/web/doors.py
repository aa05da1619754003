"""One address, three doors: machines that speak TAXII, programs of people, and everybody else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from noroshi.web.metrics import Counted
from noroshi.web.taxii import DISCOVERY, TaxiiDoor

if TYPE_CHECKING:
    from collections.abc import MutableMapping

    from litestar import Litestar

    from noroshi.desk.hub import Hub
    from noroshi.web.taxii import Receive, Send

__all__ = ["Doors"]

API, LIVE = "api", "/live"
"""The second is counted apart: it is answered for as long as somebody listens."""


class Doors:
    """The ASGI application of `noroshi serve`: a class, since it holds both."""

    def __init__(self, pages: Litestar, hub: Hub, rest: Litestar | None = None) -> None:
        """Take what answers people, what machines ask, and the REST interface, if there is to be one."""
        self.pages, self.hub, self.rest = pages, hub, rest
        self.machines = TaxiiDoor(hub)
        self.counted = Counted(self._passed, self.door_of)

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Count a request and pass it to the door that its path names."""
        await self.counted(scope, receive, send)

    def door_of(self, path: str) -> str:
        """Return which door a path leads to."""
        first = path.strip("/").partition("/")[0]
        if first == API and self.rest is not None:
            return "rest"
        if path == LIVE:
            return "live"
        return "taxii" if first == DISCOVERY or first in self.hub.store.root_names() else "pages"

    def end(self) -> None:
        """End the streams of the pages, so that the hub can stop."""
        end = self.pages.state.get("end")
        if end is not None:
            end()

    async def _passed(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Pass a request to the door that its path names."""
        door = self.door_of(scope["path"]) if scope["type"] == "http" else "pages"
        if door == "taxii":
            await self.machines(scope, receive, send)
            return
        people = self.rest if door == "rest" and self.rest is not None else self.pages
        await people(scope, receive, send)  # type: ignore[arg-type]  # litestar has types of its own for ASGI
