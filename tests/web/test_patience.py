"""Slow senders on loopback: a head or a body that comes byte by byte ends; one that is only long does not."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn

from noroshi.web import patience
from noroshi.web.patience import LATE, patient

HEAD, BODY = 0.6, 0.8


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Read the body, then say how long it was; nothing where it broke off."""
    size, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        size, more = size + len(message.get("body", b"")), message.get("more_body", False)
    body = f"{scope['path']} {size}".encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
    await send({"type": "http.response.body", "body": body})


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    config = uvicorn.Config(app, port=0, log_level="critical", lifespan="off", ws="none", http=patient(HEAD, BODY))
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.01)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    thread.join(10)


def drip(port: int, first: bytes, rest: bytes, pause: float) -> tuple[bytes, float]:
    """Send something, then the rest byte by byte; return what came back, and after how long it ended."""
    start = time.monotonic()
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(first)
        line.settimeout(pause)
        got = b""
        for k in range(len(rest) + 400):
            try:
                line.sendall(rest[k : k + 1])
                part = line.recv(1000)
            except TimeoutError:
                continue
            except OSError:
                break
            got += part
            if not part:
                break
        return got, time.monotonic() - start


@pytest.mark.parametrize("first", [b"", b"GET /a HTTP/1.1\r\nHost: x\r\nX: "], ids=["nothing", "a header without end"])
def test_a_head_that_does_not_come_ends_the_connection(port: int, first: bytes) -> None:
    got, took = drip(port, first, b"y" * 400 if first else b"", 0.05)
    assert got == LATE
    assert HEAD <= took < HEAD + 5


def test_so_does_the_second_head_on_a_connection(port: int) -> None:
    got, took = drip(port, b"GET /a HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\nX: ", b"y" * 400, 0.05)
    assert got.endswith(LATE)
    assert b"/a 0" in got
    assert took < HEAD + 5


def test_a_body_that_comes_byte_by_byte_ends_the_connection(port: int) -> None:
    got, took = drip(port, b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n", b"z" * 400, 0.05)
    assert got == LATE
    assert BODY <= took < BODY + 5


def test_a_body_that_is_only_long_is_waited_for(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "SLOWEST", 1000)
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(b"POST /a HTTP/1.1\r\nHost: x\r\nContent-Length: 20000\r\n\r\n")
        for _ in range(20):
            time.sleep(0.1)  # two seconds in all
            line.sendall(b"z" * 1000)
        assert b"/a 20000" in line.recv(1000)


def test_a_request_that_comes_whole_is_answered(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        for path in (b"/a", b"/b"):
            line.sendall(b"GET " + path + b" HTTP/1.1\r\nHost: x\r\n\r\n")
            assert path + b" 0" in line.recv(1000)
