"""One address, two doors: machines that speak TAXII, and everybody else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Pass a request to the door that its path names."""
        if scope["type"] == "http":
            first = scope["path"].strip("/").partition("/")[0]
            if first == DISCOVERY or first in self.hub.store.root_names():
                await self.machines(scope, receive, send)
                return
        await self.pages(scope, receive, send)  # type: ignore[arg-type]  # litestar has types of its own for ASGI
