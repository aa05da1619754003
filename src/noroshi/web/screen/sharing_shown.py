"""What the pages of sharing have in common: types of objects that have a word, and the ledger's entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from litestar import Response

    from noroshi.desk.ledger import Handed
    from noroshi.web.screen.page import Page

__all__ = ["TYPES", "entered"]

TYPES = (
    "indicator", "vulnerability", "report", "malware", "attack-pattern", "campaign", "intrusion-set", "threat-actor",
    "tool", "infrastructure", "course-of-action", "identity", "location", "grouping", "incident", "note", "opinion",
    "observed-data", "sighting", "relationship", "malware-analysis", "ipv4-addr", "ipv6-addr", "domain-name", "url",
    "file", "email-addr", "software", "marking-definition",
)  # fmt: skip
"""Types (STIX 2.1) for which there are words, in the order in which they are offered."""


def entered(page: Page, handed: Iterable[Handed], answer: Response[Any]) -> Response[Any]:
    """Return an answer once the ledger knows what it gives away."""
    if page.request.method == "HEAD":
        return answer
    body = answer.content if isinstance(answer.content, bytes) else b""
    waiting = [page.hub.gave(page.who, one, body) for one in handed]
    for one in waiting:
        if one is not None:
            one.result()
    return answer
