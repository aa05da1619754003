"""The world of taxii_world behind the REST interface: an owner besides, and clients that ask as somebody."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
from litestar import Litestar
from litestar.testing import TestClient
from tests.web.taxii_world import NOBODY, PASSWORD, WORKS, basic, make_hub

from noroshi.desk.credentials import hash_password, token_digest
from noroshi.desk.hub import Hub
from noroshi.settings import Settings
from noroshi.store import people
from noroshi.store.contract import DeclaredPrincipal
from noroshi.web.rest import create_rest

ADDRESS = "http://127.0.0.1:8600"
API = "/api/v1"
OWNER = basic("boss")
DUTY = basic("duty")
ALLY = {"Authorization": "Bearer another-token-that-is-long-enough"}
MINISTRY = {"Authorization": "Bearer a-token-of-a-ministry-for-tests"}
ROLES = {"owner": OWNER, "centre": DUTY, "ministry": MINISTRY, "operator": WORKS, "partner": ALLY, "auditor": NOBODY}
NAMES = {"owner": "boss", "centre": "duty", "ministry": "works-ministry", "operator": "works", "partner": "ally",
         "auditor": "nobody"}  # fmt: skip
Client = TestClient[Litestar]


def settings(folder: Path, **more: Any) -> Settings:
    plain = Settings("127.0.0.1", 8600, "en", 0, folder, folder, "", request_rate=0)
    return replace(plain, **more)


def add(hub: Hub, said: DeclaredPrincipal, *, owner: bool = False) -> None:
    """Make a principal without asking anybody."""
    assert hub.store.change(lambda wire: people.make(wire, said, owner=owner, subject="")).result(10)


def rest_hub(folder: Path, database: str = "") -> Hub:
    """Return the hub of the world with an owner and a ministry besides."""
    hub = make_hub(folder, database)
    hashed = hash_password(PASSWORD)
    add(hub, DeclaredPrincipal("boss", "centre", 4, frozenset(), hashed, None), owner=True)
    token = token_digest("a-token-of-a-ministry-for-tests")
    add(hub, DeclaredPrincipal("works-ministry", "ministry", 2, frozenset(), "", token))
    return hub


@contextmanager
def client(hub: Hub, folder: Path, **more: Any) -> Iterator[Client]:
    """Yield a client of the REST interface over a hub; errors of ours are seen, not answered with 500."""
    with TestClient(create_rest(hub, settings(folder, **more)), base_url=ADDRESS) as made:
        yield made


def detail(answer: httpx.Response) -> str:
    """Return what an answer says is wrong, once it has the form of RFC 9457."""
    assert answer.headers["content-type"] == "application/problem+json"
    said: dict[str, Any] = answer.json()
    assert set(said) == {"type", "title", "status", "detail"}
    assert said["status"] == answer.status_code
    return str(said["detail"])
