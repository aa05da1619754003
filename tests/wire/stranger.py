"""A partner that says whatever a test wants, byte for byte, on loopback."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from noroshi.share.taxii import MEDIA_TYPE, timestamp

__all__ = ["Request", "Say", "answer", "envelope", "says", "stranger"]


class Request(NamedTuple):
    """What was asked."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


Say = Callable[[Request], Iterable[bytes]]


def answer(body: bytes, status: Any = 200, *, kind: str = MEDIA_TYPE, **headers: str) -> list[bytes]:
    """Return an answer as bytes; status: a whole number."""
    # each connection is closed after its answer, and says so, or a client may ask again on one that is just going
    lines = [f"HTTP/1.1 {status} Said", f"content-type: {kind}", f"content-length: {len(body)}", "connection: close"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return ["\r\n".join([*lines, "", ""]).encode() + body]


def envelope(objects: list[dict[str, Any]], first: int, last: int, after: str = "", **more: str) -> list[bytes]:
    """Return a page of objects that were added from one moment to another (microseconds); after: its cursor."""
    said: dict[str, Any] = {"objects": objects, **({"more": True, "next": after} if after else {})}
    dates = {"x_taxii_date_added_first": timestamp(first), "x_taxii_date_added_last": timestamp(last)}
    return answer(json.dumps(said).encode(), **{**dates, **more})


def says(*pages: Iterable[bytes] | Callable[[], Iterable[bytes]]) -> Say:
    """Return what says one thing after the other, the last one again and again, and {} to what is no page."""
    left = list(pages)

    def say(request: Request) -> Iterable[bytes]:
        if not request.path.endswith("/objects/") or "match[id]" in request.query:
            return answer(b"{}")
        now = left.pop(0) if len(left) > 1 else left[0]
        return now() if callable(now) else now

    return say


@contextmanager
def stranger(say: Say, tls: ssl.SSLContext | None = None) -> Iterator[str]:
    """Run it on a free port until the block ends; yield the address of its API root."""
    listening = socket.create_server(("127.0.0.1", 0))
    if tls is not None:
        listening = tls.wrap_socket(listening, server_side=True)

    def run() -> None:
        while True:
            try:
                taken, _ = listening.accept()
            except ssl.SSLError:
                continue
            except OSError:
                return
            threading.Thread(target=serve, args=(taken, say), daemon=True).start()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield f"{'https' if tls else 'http'}://127.0.0.1:{listening.getsockname()[1]}/trust/"
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(10)


def serve(taken: socket.socket, say: Say) -> None:
    """Answer one request of a connection, then close it."""
    with taken, suppress(OSError), taken.makefile("rb") as reader:
        head = reader.readline().decode()
        if not head:
            return
        method, target, _ = head.split(" ")
        headers: dict[str, str] = {}
        while line := reader.readline().strip():
            name, _, value = line.decode().partition(":")
            headers[name.lower()] = value.strip()
        body = reader.read(int(headers.get("content-length", "0")))
        parts = urlsplit(target)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        for piece in say(Request(method, parts.path, query, headers, body)):
            taken.sendall(piece)
        taken.shutdown(socket.SHUT_WR)
