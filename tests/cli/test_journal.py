"""`noroshi journal` and `noroshi admin erase`: what they say in both languages, and their exit codes."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import Command
from tests.web.taxii_world import BASE, HIGH, WORKS, indicator, make_hub
from tests.web.test_leaks import answers, sent

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Return a function that runs `noroshi …` on the store of a hub that was used, and closed."""
    monkeypatch.setenv("NOROSHI_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("NOROSHI_DATABASE", raising=False)
    (tmp_path / "data").mkdir()
    hub = make_hub(tmp_path / "data")
    hub.store.close()
    (tmp_path / "data" / "declared.toml").unlink()
    from noroshi.desk.hub import open_hub
    from noroshi.settings import load_settings

    hub = open_hub(load_settings())
    sent(hub, 0, indicator(1, marking="GREEN"), indicator(2, marking="RED"))
    answers(hub, WORKS, [f"{BASE}/objects/"])
    hub.store.close()
    return command


def test_verified_in_both_languages_and_as_json(run: Run) -> None:
    code, out, err = run("journal", "verify", "--objects")
    assert (code, err) == (0, "")
    assert "All hold." in out
    assert "2 as they were kept" in out
    assert "すべて正しい" in run("journal", "verify", "--lang", "ja")[1]
    said = json.loads(run("journal", "verify", "--objects", "--json")[1])
    assert said["ledger"]["no"] == 1
    assert said["objects"] == {"there": 2, "deleted": 0, "erased": 0, "older": 0}
    assert json.loads(run("journal", "verify", "--json")[1])["objects"] is None


def test_a_checkpoint_is_kept_and_finds_a_dropped_tail(run: Run, tmp_path: Path) -> None:
    point = tmp_path / "point.json"
    assert run("journal", "checkpoint", "--out", str(point))[0] == 0
    assert json.loads(run("journal", "checkpoint")[1])["key"] == json.loads(point.read_text())["key"]
    assert run("journal", "verify", "--checkpoint", str(point))[0] == 0
    with sqlite3.connect(tmp_path / "data" / "noroshi.sqlite3") as store:
        (last,) = store.execute("SELECT max(no) FROM journal").fetchone()
        store.execute("DELETE FROM journal WHERE no = ?", (last,))
        store.execute("DELETE FROM checkpoint")
    assert run("journal", "verify")[0] == 0
    code, _, err = run("journal", "verify", "--checkpoint", str(point))
    assert code == 2
    assert f"journal:{last}" in err
    assert "bad-chain" in err
    assert "署名" in run("--lang", "ja", "journal", "verify", "--key", "00" * 32, "--checkpoint", str(point))[2]
    assert run("journal", "verify", "--checkpoint", str(tmp_path / "none.json"))[0] == 2


def test_deliveries_and_erasure(run: Run) -> None:
    name = indicator(1)["id"]
    (one,) = json.loads(run("journal", "deliveries", "--object", name, "--json")[1])
    assert (one["principal"], one["collection"], one["route"], one["object"]) == ("works", HIGH, "objects", name)
    assert name in run("journal", "deliveries", "--principal", "works")[1]
    assert "No deliveries" in run("journal", "deliveries", "--principal", "duty")[1]
    assert run("journal", "deliveries", "--principal", "stranger")[0] == 3
    assert run("admin", "erase", name)[0] == 2
    code, out, err = run("admin", "erase", name, "--reason", "order 7")
    assert (code, err) == (0, "")
    assert "works" in out
    assert run("admin", "erase", name, "--reason", "order 7")[0] == 3
    assert "受け取った者はいない" in run("admin", "erase", indicator(2)["id"], "--reason", "x", "--lang", "ja")[1]
    assert run("journal", "verify", "--objects")[0] == 0


def test_as_json_an_erasure_says_what_it_did(run: Run) -> None:
    said = json.loads(run("admin", "erase", indicator(1)["id"], "--reason", "order 7", "--json")[1])
    assert (said["rows"], said["named_by"], [one["principal"] for one in said["deliveries"]]) == (1, 0, ["works"])
