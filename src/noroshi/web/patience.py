"""How long the hub waits for a request: whoever sends its head or body byte by byte holds a connection no longer."""

from __future__ import annotations

import asyncio
from typing import Any, ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

__all__ = ["Patient", "patient"]

SLOWEST = 10_000
"""Bytes a second: a body that comes at least so fast is waited for, however long it is."""
LATE = b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"


def patient(head_s: float, body_s: float) -> type[asyncio.Protocol]:
    """Return uvicorn's protocol that ends a connection whose head or body has not come in so many seconds."""
    return type("PatientOf", (Patient,), {"head_s": head_s, "body_s": body_s})


class Patient(HttpToolsProtocol):
    """One connection, and the clock that runs while something of a request is still to come."""

    head_s: ClassVar[float] = 10.0
    body_s: ClassVar[float] = 60.0
    clock: asyncio.TimerHandle | None = None
    came, granted = 0, 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn has it
        """Start waiting for the first head."""
        super().connection_made(transport)
        self._wait(self.head_s)

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._stop()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Start waiting for the head that these bytes begin, if no request is under way."""
        if self.clock is None and (self.cycle is None or self.cycle.response_complete):
            self._wait(self.head_s)
        super().data_received(data)

    def on_headers_complete(self) -> None:
        """Wait for the body instead."""
        self._stop()
        self._wait(self.body_s)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Count what has come."""
        self.came += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Wait no more: what is still to come is ours."""
        self._stop()
        super().on_message_complete()

    def _wait(self, seconds: float) -> None:
        """Start the clock."""
        self.came, self.granted = 0, 0.0
        self.clock = asyncio.get_running_loop().call_later(seconds, self._late)

    def _stop(self) -> None:
        """Stop the clock."""
        if self.clock is not None:
            self.clock.cancel()
            self.clock = None

    def _late(self) -> None:
        """End the connection, with a word if no answer has begun; or wait on, for a body that comes fast enough."""
        self.clock = None
        transport: Any = self.transport
        if transport.is_closing():
            return
        earned = self.came / SLOWEST - self.granted
        if earned > 1:
            self.granted += earned
            self.clock = asyncio.get_running_loop().call_later(earned, self._late)
            return
        if self.cycle is None or self.cycle.response_complete or not self.cycle.response_started:
            transport.write(LATE)
        transport.close()
