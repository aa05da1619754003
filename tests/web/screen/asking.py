"""A client of the screen over the tests' hub on `sorami`, logged in as its owner, for tests of one place's pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from tests.browser.site import ESTATE, PASSWORD, made_hub

from noroshi.settings import Settings
from noroshi.web.app import create_app
from noroshi.web.estates import Estates
from noroshi.web.source import BriefSource

ADDRESS = "http://127.0.0.1:8600"
Client = TestClient[Litestar]


def stays(_: object) -> NoReturn:
    """Stand for a brief that these tests do not ask for."""
    raise AssertionError


@pytest.fixture(scope="module")
def hub_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hub")


@pytest.fixture(scope="module")
def client(hub_folder: Path) -> Iterator[Client]:
    hub = made_hub(hub_folder, "")
    settings = replace(Settings("127.0.0.1", 8600, "en", 0, hub_folder, hub_folder, ""), request_rate=0)
    source = BriefSource(stays)
    app = create_app(settings, source, hub, Estates(source, settings, ESTATE))
    with TestClient(app, base_url=ADDRESS) as made:
        made.follow_redirects = False
        yield made
    hub.store.close()


@pytest.fixture
def asking(client: Client) -> Client:
    """The client, logged in as the owner."""
    logged(client, "boss")
    return client


def logged(client: Client, name: str, password: str = PASSWORD) -> int:
    """Log in as somebody; return the status."""
    client.cookies.clear()
    return client.post("/login", data={"name": name, "password": password}).status_code


def found(client: Client, path: str, lang: str = "en", **query: str) -> str:
    """Return the text of a page that must be there."""
    answer = client.get(path, params={"lang": lang, **query})
    assert answer.status_code == 200, answer.text[:2000]
    return answer.text


def sent(client: Client, path: str, on: str, *, files: Any = None, **fields: Any) -> Any:
    """Send a form as the page `on` would, with its token."""
    token = re.search(r'name="csrf" content="([^"]+)"', client.get(on).text)
    assert token
    return client.post(path, data={"csrf": token[1], **fields}, files=files)
