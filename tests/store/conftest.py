"""Every test of the contract runs on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.store.databases import KINDS, address
from tests.store.made import DECLARED

from noroshi.store.contract import Store
from noroshi.store.opening import open_store

Opener = Callable[[], Store]


@pytest.fixture(params=KINDS)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the URL of a new database."""
    return address(request.param, tmp_path)


@pytest.fixture
def opened(url: str, tmp_path: Path) -> Iterator[Opener]:
    """Return a function that opens the database once more, as another process would."""
    stores: list[Store] = []

    def another() -> Store:
        stores.append(open_store(url, tmp_path))
        return stores[-1]

    another().apply(DECLARED)
    yield another
    for store in stores:
        store.close()


@pytest.fixture
def store(opened: Opener) -> Store:
    """Return a store with two collections and three principals."""
    return opened()
