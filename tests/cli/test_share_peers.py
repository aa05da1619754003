"""`noroshi share pull | push | sync | peers`: what people and programs read of it, exit codes, Ctrl-C."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from tests.cli.conftest import Command
from tests.desk.test_hostile_peers import START, indicator
from tests.web.partners_world import COLLECTION, agreement, people
from tests.wire.stranger import Request, answer, envelope, says, stranger

from noroshi.desk.hub import open_hub
from noroshi.files.declarations import load_declaration
from noroshi.settings import load_settings
from noroshi.share.policy import LEAVES, RULES
from noroshi.wire.asking import PEER_FAULTS


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("NOROSHI_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("NOROSHI_DATABASE", raising=False)
    return tmp_path


def declared(command: Command, folder: Path, url: str, more: str = "pull = true\npush = true") -> None:
    """Declare a hub and a partner at an address."""
    path = folder / "hub.toml"
    said = people("a", "b", quick=True) + agreement("a", "b", 9, more).replace("http://127.0.0.1:9/trust/", url)
    path.write_text(said, encoding="utf-8")
    assert command("admin", "apply", path)[0] == 0


def written(folder: Path, *objects: dict[str, object]) -> None:
    """Put objects of our own into the hub."""
    hub = open_hub(load_settings({"data": str(folder / "data")}, {"HOME": str(folder)}, folder))
    found = hub.store.principal("duty")
    assert found
    root = hub.roots(found[0])[0]
    where = hub.collection(found[0], root, COLLECTION)
    hub.send(found[0], root, where, json.dumps({"objects": objects}).encode(), START).kept.result()
    hub.store.close()


def test_a_partner_is_pulled_from_pushed_to_and_told_of(command: Command, folder: Path) -> None:
    page = envelope([indicator(1), indicator(2, "RED")], START, START + 1)
    with stranger(says(page, page, answer(b"{}"))) as url:
        declared(command, folder, url, "pull = true")
        code, out, _ = command("share", "sync")
        assert (code, out.splitlines()[0]) == (
            0, "b: pulled 1 objects, 0 of ours came back and were left out, 1 refused",
        )  # fmt: skip
        assert "above the TLP that was agreed" in out
        assert command("share", "pull", "b", "--again", "--lang", "ja")[1].startswith("b: 取り込み1件")
        code, out, _ = command("share", "pull", "b", "--json")
        (said,) = json.loads(out)
        assert (said["peer"], said["way"], said["fault"]) == ("b", "pull", None)
        assert "pull: 2 objects, 2 refused, last tried 2" in command("share", "peers")[1]
        (stands,) = json.loads(command("share", "peers", "--json")[1])
        assert stands["pull"]["refusals"][0]["reason"] == "over-cap"
        assert command("share", "push")[1] == "No partner hub is declared for this.\n"


def test_a_rehearsal_names_the_rule_of_every_object(command: Command, folder: Path) -> None:
    declared(command, folder, "http://127.0.0.1:9/trust/")
    written(folder, indicator(1), indicator(2, "RED"), indicator(3, ""))
    code, out, _ = command("share", "push", "--dry-run", "b")
    assert code == 0
    assert f"would leave  b  {indicator(1)['id']}  2026-01-01T00:00:00.000Z  GREEN  leaves" in out
    assert f"stays  b  {indicator(2)['id']}  2026-01-01T00:00:00.000Z  RED  tlp-not-seen" in out
    assert "1 × leaves: within what was agreed" in out
    assert "送る予定" in command("share", "push", "--dry-run", "--lang", "ja")[1]
    said = json.loads(command("share", "push", "--dry-run", "--json")[1])
    assert said["counts"] == {LEAVES: 1, "tlp-not-seen": 1, "unmarked": 1}
    assert [row["id"] for row in said["objects"] if row["leaves"]] == [indicator(1)["id"]]


def test_a_partner_that_fails_is_named_and_left_alone_for_a_while(command: Command, folder: Path) -> None:
    with stranger(says(answer(b"{}", 401))) as url:
        declared(command, folder, url, "pull = true")
        code, _, err = command("share", "sync")
        assert code == 2
        assert "bad-peer" in err
        assert "does not know us by this name and secret" in err
        assert "left alone until" in command("share", "sync")[1]
        assert command("share", "sync", "b")[0] == 2
        assert PEER_FAULTS["unauthorised"][1] in command("share", "peers", "--lang", "ja")[1]
    assert command("share", "pull", "nobody")[0] == 3


def test_ctrl_c_stops_it_and_the_next_run_goes_on(folder: Path, command: Command) -> None:
    asked: list[Request] = []

    def say(request: Request) -> Iterable[bytes]:
        asked.append(request)
        if len(asked) == 1:
            return envelope([indicator(1)], START, START, "x")
        return slow() if len(asked) == 2 else envelope([indicator(2)], START + 1, START + 1)

    def slow() -> Iterator[bytes]:
        time.sleep(30)
        yield b""

    with stranger(say) as url:
        declared(command, folder, url, "pull = true")
        environ = {**os.environ, "NOROSHI_DATA": str(folder / "data")}
        with subprocess.Popen([sys.executable, "-m", "noroshi", "share", "pull"], env=environ,
                              stderr=subprocess.PIPE, text=True) as process:  # fmt: skip
            while len(asked) < 2:
                time.sleep(0.02)
                assert process.poll() is None
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=20)
        assert process.returncode == 130
        assert "Traceback" not in err
        assert command("share", "pull")[0] == 0
        assert asked[2].query["next"] == "x"
    (stands,) = json.loads(command("share", "peers", "--json")[1])
    assert stands["pull"]["objects"] == 2


def test_the_page_about_partners_is_true(root: Path, tmp_path: Path) -> None:
    text = (root / "docs" / "howto" / "partner-hubs.md").read_text(encoding="utf-8")
    block = re.search(r"^```toml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert block
    path = tmp_path / "hub.toml"
    # what is commented out is valid too
    path.write_text(re.sub(r"(?m)^# (?=\w+ = )", "", block[1]), encoding="utf-8")
    said = load_declaration(path)
    (peer,) = said.peers
    assert (peer.name, peer.types, peer.unmarked) == ("b", frozenset({"indicator"}), "default")
    assert [rule for rule in RULES if f"`{rule}`" not in text] == [LEAVES]
