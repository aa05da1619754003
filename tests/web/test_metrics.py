"""Figures of the hub: counted by door, method and status; nothing of who or what; told to this machine alone."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from noroshi.web.metrics import Counted


async def inner(scope: dict[str, Any], receive: Any, send: Any) -> None:  # noqa: ARG001  ASGI's signature
    if scope["path"] == "/broken":
        raise RuntimeError("broken")
    await send({"type": "http.response.start", "status": 404 if scope["path"] == "/none" else 200, "headers": []})
    await send({"type": "http.response.body", "body": b"12345"})


def asked(counted: Counted, client: str, *requests: tuple[str, str]) -> list[httpx.Response]:
    async def go() -> list[httpx.Response]:
        transport = httpx.ASGITransport(app=counted, client=(client, 5), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://hub") as ask:
            return [await ask.request(method, path) for method, path in requests]

    return asyncio.run(go())


def test_what_passes_is_counted_by_door_method_and_status() -> None:
    counted = Counted(inner, lambda path: "taxii" if path.startswith("/t") else "pages")  # type: ignore[arg-type]
    *_, told = asked(counted, "127.0.0.1", ("GET", "/t/secret-name/"), ("GET", "/none"), ("POST", "/x"),
                     ("BREW", "/x"), ("GET", "/broken"), ("GET", "/metrics"))  # fmt: skip
    text = told.text
    for line in (
        'noroshi_requests_total{door="taxii",method="GET",status="200"} 1.0',
        'noroshi_requests_total{door="pages",method="GET",status="404"} 1.0',
        'noroshi_requests_total{door="pages",method="other",status="200"} 1.0',
        'noroshi_requests_total{door="pages",method="GET",status="500"} 1.0',
        'noroshi_sent_bytes_total{door="taxii"} 5.0',
        "noroshi_requests_running 0.0",
        'noroshi_request_seconds_count{door="pages"} 4.0',
    ):
        assert line in text
    assert "secret-name" not in text
    assert "BREW" not in text


def test_they_are_for_this_machine_alone() -> None:
    counted = Counted(inner, lambda _: "pages")  # type: ignore[arg-type]
    (far,) = asked(counted, "203.0.113.9", ("GET", "/metrics"))
    assert far.status_code == 404
    assert "noroshi_requests" not in far.text
    (head,) = asked(counted, "127.0.0.1", ("HEAD", "/metrics"))
    assert head.status_code == 200
    assert head.content == b""
