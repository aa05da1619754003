"""One address, two doors: machines that speak TAXII, and everybody else."""

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


class Doors:
    """The ASGI application of `noroshi serve`: a class, since it holds both."""

    def __init__(self, pages: Litestar, hub: Hub) -> None:
        """Take what answers people and what machines ask."""
        self.pages, self.hub = pages, hub
        self.machines = TaxiiDoor(hub)
        self.counted = Counted(self._passed, self.door_of)

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Count a request and pass it to the door that its path names."""
        await self.counted(scope, receive, send)

    def door_of(self, path: str) -> str:
        """Return which door a path leads to."""
        first = path.strip("/").partition("/")[0]
        return "taxii" if first == DISCOVERY or first in self.hub.store.root_names() else "pages"

    async def _passed(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Pass a request to the door that its path names."""
        if scope["type"] == "http" and self.door_of(scope["path"]) == "taxii":
            await self.machines(scope, receive, send)
            return
        await self.pages(scope, receive, send)  # type: ignore[arg-type]  # litestar has types of its own for ASGI
