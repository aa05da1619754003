"""What every test of the screen uses: one browser, and a hub on each database that a module's tests share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest
from tests.browser.chromium import chromium, opened
from tests.browser.site import Site, serving
from tests.store.databases import KINDS, address

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page


DIAGONAL = {"sqlite": "en", "postgres": "ja"}
"""Which language a flow is seen in on which database: each in both and on both, but not each in both on both."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what shows nothing new: a flow in its other language, a detail on the other database."""
    left = [one for one in items if isinstance(one, pytest.Function) and repeats(one)]
    config.hook.pytest_deselected(items=left)
    items[:] = [one for one in items if one not in left]


def repeats(item: pytest.Function) -> bool:
    """Say whether a test shows on this database, or in this language, what it shows elsewhere already."""
    given = item.callspec.params if hasattr(item, "callspec") else {}
    if item.get_closest_marker("browser") is None or "site" not in given:
        return False
    if item.get_closest_marker("sqlite_alone"):
        return bool(given["site"] != "sqlite")
    return "lang" in given and given["lang"] != DIAGONAL[str(given["site"])]


class Visit(Protocol):
    """Opens a page of a browser of its own as somebody; "" is nobody."""

    def __call__(self, name: str = "", **how: Any) -> AbstractContextManager[Page]: ...


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


@pytest.fixture(scope="session")
def briefs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the brief that all hubs show is kept."""
    return tmp_path_factory.mktemp("briefs")


@pytest.fixture(scope="module", params=KINDS)
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, briefs: Path) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("hub")
    with serving(folder, address(request.param, folder), briefs) as made:
        yield made


@pytest.fixture
def visit(browser: Browser, site: Site) -> Visit:
    def visited(name: str = "", **how: Any) -> AbstractContextManager[Page]:
        return opened(browser, site.address, secret=site.secret(name) if name else "", **how)

    return visited
