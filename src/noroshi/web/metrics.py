"""What the hub counts of itself, in the format of Prometheus: requests, their time, bytes; no name, no id."""

from __future__ import annotations

import os
import time
from logging import INFO
from typing import TYPE_CHECKING, Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from noroshi.web.headers import SECURITY
from noroshi.web.logs import ACCESS

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    Application = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]

__all__ = ["PATH", "Counted"]

PATH = "/metrics"
NEAR = ("127.0.0.1", "::1")
"""Who may read the figures: programs of this machine; others through a proxy that it trusts."""
BUCKETS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Counted:
    """An ASGI application around another that counts what passes: a class, for its counters."""

    def __init__(self, inner: Application, door_of: Callable[[str], str]) -> None:
        """Take the application, and what says which door a path leads to."""
        self.inner, self.door_of = inner, door_of
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "noroshi_requests", "Requests answered.", ("door", "method", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "noroshi_request_seconds", "Time until the last byte was handed on.", ("door",), buckets=BUCKETS,
            registry=self.registry,
        )  # fmt: skip
        self.sent = Counter("noroshi_sent_bytes", "Bytes of bodies sent.", ("door",), registry=self.registry)
        self.running = Gauge(
            "noroshi_requests_running", "Requests not answered yet.", registry=self.registry,
            multiprocess_mode="livesum",
        )  # fmt: skip

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Pass a request on and count it, or tell the figures."""
        if scope["type"] != "http":
            await self.inner(scope, receive, send)
            return
        if scope["path"] == PATH:
            await self._told(scope, send)
            return
        door, start, status, sent = self.door_of(scope["path"]), time.perf_counter(), 500, 0

        async def noted(message: Message) -> None:
            nonlocal status, sent
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                size = len(message.get("body", b""))
                sent += size
                self.sent.labels(door).inc(size)
            await send(message)

        self.running.inc()
        try:
            await self.inner(scope, receive, noted)
        finally:
            self.running.dec()
            method = scope["method"] if scope["method"] in METHODS else "other"
            seconds = time.perf_counter() - start
            self.requests.labels(door, method, str(status)).inc()
            self.seconds.labels(door).observe(seconds)
            if ACCESS.isEnabledFor(INFO):
                said = {"door": door, "method": method, "status": status, "seconds": round(seconds, 6), "bytes": sent}
                ACCESS.info("request", extra=said)

    def _of_all(self) -> CollectorRegistry:
        """Return the figures: of every worker where there are several."""
        if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
            return self.registry
        from prometheus_client.multiprocess import MultiProcessCollector

        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return together

    async def _told(self, scope: MutableMapping[str, Any], send: Send) -> None:
        """Tell the figures to a program of this machine; to others there is no such page."""
        near = (scope.get("client") or ("",))[0] in NEAR
        body = generate_latest(self._of_all()) if near else b"404 Not Found\n"
        kind = CONTENT_TYPE_LATEST if near else "text/plain; charset=utf-8"
        headers = [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode()),
                   (b"cache-control", b"no-store"),
                   *((name.lower().encode(), value.encode()) for name, value in SECURITY.items())]  # fmt: skip
        await send({"type": "http.response.start", "status": 200 if near else 404, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""Methods that are counted by name: any other text would be a label of its own, and there is no end of those."""
