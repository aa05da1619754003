"""The TAXII 2.1 door: plain ASGI; every answer is built from what the hub lets the asker see."""

from __future__ import annotations

import asyncio
import gzip
import time
import zlib
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import msgspec

from noroshi.desk.limits import TooMany
from noroshi.share.taxii import MEDIA_TYPE, Refused, acceptable, content_type_ok
from noroshi.web import taxii_resources as resources
from noroshi.web.headers import SECURITY

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    from noroshi.desk.hub import Hub
    from noroshi.store.contract import Principal

    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]

__all__ = ["DISCOVERY", "TaxiiDoor"]

DISCOVERY = "taxii2"
SHORTEST_ZIPPED = 1000
SECRETS = (("cache-control", "private, no-store"), ("vary", "accept, accept-encoding, authorization"))
HEADERS = [
    *((name.lower().encode(), value.encode()) for name, value in {**SECURITY, **dict(SECRETS)}.items()),
]
ASK = (b"www-authenticate", b'Basic realm="noroshi", charset="UTF-8", Bearer realm="noroshi"')
MOST_QUERY = 65536


class TaxiiDoor:
    """The ASGI application of discovery and every API root: a class, since it holds the hub."""

    def __init__(self, hub: Hub) -> None:
        """Take the hub."""
        self.hub = hub

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        method = scope["method"]
        try:
            answer = await self._answer(scope, headers, receive)
        except Refused as refused:
            answer = error(refused)
        except Exception as unexpected:  # the last line: a fault of ours tells the asker nothing of itself
            import logging

            logging.getLogger("noroshi.web").exception("a request failed", exc_info=unexpected)
            answer = error(Refused(500, "Internal error", "the hub could not answer; its log says why"))
        await sent(answer, headers, send, head=method == "HEAD")

    async def _answer(
        self, scope: MutableMapping[str, Any], headers: dict[str, str], receive: Receive
    ) -> resources.Reply:
        """Return the answer; Refused where there is none."""
        principal = await self._who(headers.get("authorization", ""), (scope.get("client") or ("",))[0])
        if not acceptable(headers.get("accept")):
            raise Refused(406, "Not acceptable", f"this resource is {MEDIA_TYPE}")
        parts = tuple(scope["path"].strip("/").split("/"))
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        found = resources.found(parts, method)
        raw = scope.get("query_string", b"")
        if len(raw) > MOST_QUERY:
            raise Refused(414, "Too long", f"a query of at most {MOST_QUERY} bytes")
        try:
            text = raw.decode("ascii")
            pairs = tuple(parse_qsl(text, keep_blank_values=True, strict_parsing=bool(raw), errors="strict"))
        except (UnicodeDecodeError, ValueError):
            raise Refused(400, "Invalid query", "parameters as name=value, percent-encoded UTF-8") from None
        answer = await found(resources.Asked(self.hub, principal, parts, pairs, partial(body, headers, receive)))
        if answer.handed is not None and scope["method"] != "HEAD":
            entered = self.hub.gave(principal, answer.handed, answer.body)
            if entered is not None:
                await asyncio.wrap_future(entered)
        return answer

    async def _who(self, header: str, address: str) -> Principal:
        """Return who asks; Refused 401 for nobody known."""
        now = time.monotonic()
        found = self.hub.credentials.quick(header, now) if header else None
        if found is None and header:
            found = await asyncio.to_thread(self.hub.credentials.slow, header, now, address)
        if found is None:
            raise Refused(401, "Unauthorized", "give a name and password (Basic) or a token (Bearer)")
        return found


def error(refused: Refused) -> resources.Reply:
    """Return what is said of a request that is refused (TAXII 2.1, 3.6.1)."""
    said = {"title": refused.title, "http_status": str(refused.status)}
    if refused.description:
        said["description"] = refused.description
    extra = [ASK] if refused.status == 401 else []  # noqa: PLR2004  Unauthorized
    if isinstance(refused, TooMany):
        extra.append((b"retry-after", str(refused.wait).encode()))
    if isinstance(refused, resources.WrongMethod):
        extra.append((b"allow", ", ".join(refused.allowed).encode()))
    return resources.Reply(refused.status, msgspec.json.encode(said), extra)


async def body(headers: dict[str, str], receive: Receive, most: int) -> bytes:
    """Return a request's body, unpacked; Refused 415 for what is not TAXII, 413 for what is longer than `most`."""
    if not content_type_ok(headers.get("content-type")):
        raise Refused(415, "Unsupported media type", f"send {MEDIA_TYPE}")
    coding = headers.get("content-encoding", "identity").strip().lower()
    if coding not in {"identity", "gzip"}:
        raise Refused(415, "Unsupported encoding", "send it plain or as gzip")
    too_large = Refused(413, "Too large", f"at most {most} bytes, unpacked too")
    said = headers.get("content-length", "0")
    if not said.isdigit() or int(said) > most:
        raise too_large
    parts, size = [], 0
    unpack = zlib.decompressobj(wbits=31) if coding == "gzip" else None
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Refused(400, "Incomplete", "the request ended too soon")
        part = message.get("body", b"")
        try:
            part = unpack.decompress(part, most - size + 1) if unpack else part
        except zlib.error:
            raise Refused(400, "Invalid gzip", "the body is not gzip, as it says it is") from None
        size += len(part)
        if size > most or (unpack and unpack.unconsumed_tail):
            raise too_large
        parts.append(part)
        if not message.get("more_body", False):
            break
    if unpack and not unpack.eof:
        raise Refused(400, "Incomplete", "the gzip body ends too soon")
    return b"".join(parts)


async def sent(answer: resources.Reply, headers: dict[str, str], send: Send, *, head: bool) -> None:
    """Send an answer, packed if that is asked for and pays; of a HEAD only what stands before the body."""
    data, extra = answer.body, list(answer.headers)
    takes = {part.partition(";")[0].strip() for part in headers.get("accept-encoding", "").lower().split(",")}
    if len(data) >= SHORTEST_ZIPPED and "gzip" in takes:
        data = gzip.compress(data, 1, mtime=0)
        extra.append((b"content-encoding", b"gzip"))
    extra += [(b"content-type", MEDIA_TYPE.encode()), (b"content-length", str(len(data)).encode()), *HEADERS]
    await send({"type": "http.response.start", "status": answer.status, "headers": extra})
    await send({"type": "http.response.body", "body": b"" if head else data})
