"""What is said where no store can be opened: no password, and what to do."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest
from tests.store.databases import KINDS, address
from tests.store.made import DECLARED

from noroshi.errors import InputError
from noroshi.store.opening import open_store


@pytest.mark.parametrize("url", ["mysql://me:secret@host/name", "postgresql://me:secret@127.0.0.1:1/name"])
def test_a_database_that_cannot_be_had_is_named_without_its_password(url: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as raised:
        open_store(url, tmp_path)
    assert "secret" not in str(raised.value)


def test_without_psycopg_it_is_said_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(InputError, match=r"noroshi\[postgres\]"):
        open_store("postgresql://host/name", tmp_path)


def test_a_schema_of_a_newer_noroshi_is_refused(tmp_path: Path) -> None:
    url = address("postgres", tmp_path)
    import psycopg

    open_store(url, tmp_path).close()
    with psycopg.connect(url) as connection:
        connection.execute("INSERT INTO noroshi_schema (version) VALUES (9999)")
    with pytest.raises(InputError, match="9999"):
        open_store(url, tmp_path)


@pytest.mark.parametrize("kind", KINDS)
def test_a_store_may_be_closed_again(kind: str, tmp_path: Path) -> None:
    store = open_store(address(kind, tmp_path), tmp_path)
    store.apply(DECLARED)
    assert store.ask("SELECT count(*) FROM principal")
    for _ in range(2):
        closing = threading.Thread(target=store.close, daemon=True)
        closing.start()
        closing.join(30)
        assert not closing.is_alive(), "it waits for itself"
