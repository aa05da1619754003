"""Partner hubs: how each stands, what is wrong and what to do, when it is tried next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from litestar import Response

from noroshi.desk.peers_health import health
from noroshi.wire.asking import PEER_FAULTS

if TYPE_CHECKING:
    from noroshi.web.screen.page import Page
    from noroshi.web.screen.screen import Screen

__all__ = ["declare"]

STATES = {"well": 0, "never": 1, "late": 1, "failing": 2}
"""Standing of a way -> its class of state."""
REMEDIES = {
    "unreachable": "net", "cut": "net", "timed-out": "net", "busy": "wait", "pending": "wait", "tls": "tls",
    "unauthorised": "login", "forbidden": "theirs", "not-found": "place", "redirected": "place", "wrong-type": "place",
    "not-granted": "grant", "no-key": "key", "overtaken": "wait",
}  # fmt: skip
"""Fault of a partner -> which remedy is told; for others: theirs to mend."""


def declare(screen: Screen) -> None:
    """Declare the page of partner hubs."""
    hub = screen.hub

    @screen.view("/sharing/peers")
    def peers(page: Page) -> Response[Any]:
        found = health(hub, page.who, page.now)
        return page.show(
            "sharing_peers.html", title=page.w("sharing_peers_title"), found=found, states=STATES, faults=PEER_FAULTS,
            remedies=REMEDIES, japanese=int(page.lang == "ja"), minutes=lambda lag: f"{lag // 60_000_000:,}",
        )  # fmt: skip
