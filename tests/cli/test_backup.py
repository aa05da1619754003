"""`noroshi admin backup` and `restore`: whole while others write, checked, never over what is there."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import Command
from tests.web.taxii_world import DECLARED, indicator
from tests.web.test_leaks import sent

from noroshi.desk.credentials import Credentials
from noroshi.desk.cursors import Cursors, hub_key
from noroshi.desk.declaring import apply_declaration
from noroshi.desk.hub import Hub
from noroshi.desk.seeing import Seeing
from noroshi.share.taxii import Query
from noroshi.store.sqlite import open_sqlite

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(command: Command, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs `noroshi admin …` on the store of a folder."""

    def call(folder: Path, *arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setenv("NOROSHI_DATA", str(folder))
        monkeypatch.delenv("NOROSHI_DATABASE", raising=False)
        return command("admin", *arguments)

    return call


def hub_in(folder: Path) -> Hub:
    """Return the hub over the store of a folder."""
    folder.mkdir(exist_ok=True)
    store = open_sqlite(folder / "noroshi.sqlite3")
    declared = folder / "declared.toml"
    declared.write_text(DECLARED, encoding="utf-8")
    apply_declaration(store, declared)
    return Hub(store, Credentials(store), Cursors(hub_key(folder)), Seeing(store))


def count(hub: Hub) -> int:
    """Return how many objects the duty officer sees."""
    (principal, _) = hub.store.principal("duty") or (None, "")
    assert principal
    root = hub.root(principal, "trust")
    where = next(one for one in hub.collections(principal, root) if one.can_read)
    return len(hub.page(principal, where, Query(), "objects").page.rows)


def test_a_backup_while_others_write_has_whole_envelopes_and_restores(tmp_path: Path, run: Run) -> None:
    hub = hub_in(tmp_path / "a")
    stop = threading.Event()

    def writing() -> None:
        k = 0
        while not stop.is_set():
            sent(hub, k, *(indicator(10 * k + j) for j in range(10)))
            k += 1

    writer = threading.Thread(target=writing)
    writer.start()
    try:
        code, out, err = run(tmp_path / "a", "backup", tmp_path / "copy.sqlite3", "--json")
    finally:
        stop.set()
        writer.join()
    assert code == 0, err
    assert json.loads(out)["bytes"] == (tmp_path / "copy.sqlite3").stat().st_size
    assert run(tmp_path / "b", "restore", tmp_path / "copy.sqlite3")[0] == 0
    restored = hub_in(tmp_path / "b")
    assert count(restored) % 10 == 0
    assert count(restored) <= count(hub)
    sent(restored, 10_000, indicator(999_999))
    restored.store.close()
    hub.store.close()


def test_nothing_that_is_there_is_overwritten(tmp_path: Path, run: Run) -> None:
    hub = hub_in(tmp_path / "a")
    sent(hub, 0, indicator(1))
    hub.store.close()
    assert run(tmp_path / "a", "backup", tmp_path / "copy.sqlite3")[0] == 0
    before = (tmp_path / "copy.sqlite3").read_bytes()
    code, _, err = run(tmp_path / "a", "backup", tmp_path / "copy.sqlite3")
    assert code == 2
    assert "copy.sqlite3" in err
    assert (tmp_path / "copy.sqlite3").read_bytes() == before
    assert run(tmp_path / "a", "restore", tmp_path / "copy.sqlite3")[0] == 2


@pytest.mark.parametrize("damage", ["cut", "flipped", "another", "text", "missing"])
def test_a_damaged_backup_is_named_and_makes_nothing(tmp_path: Path, run: Run, damage: str) -> None:
    hub = hub_in(tmp_path / "a")
    sent(hub, 0, *(indicator(k) for k in range(200)))
    hub.store.close()
    copy = tmp_path / "copy.sqlite3"
    run(tmp_path / "a", "backup", copy)
    data = bytearray(copy.read_bytes())
    if damage == "cut":
        copy.write_bytes(data[: len(data) // 2])
    elif damage == "flipped":
        middle = len(data) // 2
        data[middle : middle + 4096] = bytes(4096)
        copy.write_bytes(data)
    elif damage == "another":
        import sqlite3

        copy.unlink()
        with sqlite3.connect(copy) as other:
            other.execute("CREATE TABLE recipes (name TEXT)")
    elif damage == "text":
        copy.write_text("not a database " * 1000, encoding="utf-8")
    else:
        copy.unlink()
    code, _, err = run(tmp_path / "b", "restore", copy)
    assert code == 2
    assert "copy.sqlite3" in err
    assert "Traceback" not in err
    assert not list((tmp_path / "b").glob("*sqlite3*")) if (tmp_path / "b").exists() else True
