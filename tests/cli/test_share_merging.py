"""`noroshi share merged | split | join | undo`, as a person meets them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import pytest
from tests.cli.conftest import Command
from tests.web.taxii_world import DECLARED, HIGH, indicator

from noroshi.desk import credentials
from noroshi.desk.bringing_in import place
from noroshi.desk.hub import open_hub
from noroshi.settings import load_settings

Run = Callable[..., tuple[int, str, str]]
A, B, SECRET = (indicator(k)["id"] for k in (1, 2, 3))


@pytest.fixture
def run(command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Return a function that runs `noroshi share …` in a world where two sources have sent the same."""
    monkeypatch.setenv("NOROSHI_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("NOROSHI_DATABASE", raising=False)
    declared = tmp_path / "declared.toml"
    declared.write_text(DECLARED, encoding="utf-8")
    with patch.multiple(credentials, PASSES=1, MEMORY_KIB=1024):
        command("admin", "apply", declared)
    hub = open_hub(load_settings())
    for number, who, level in ((1, "duty", "GREEN"), (2, "ally", "GREEN"), (3, "ally", "RED")):
        one = {**indicator(number, marking=level), "pattern": "[domain-name:value = 'evil.example']"}
        hub.send(*place(hub, who, HIGH), json.dumps({"objects": [one]}).encode(), 1_800_000_000_000_000).kept.result()
    hub.close()
    return lambda *arguments, who="works": command("share", *arguments, "--collection", HIGH, "--as", who)


def things(run: Run, who: str) -> list[list[str]]:
    code, out, err = run("merged", "--json", who=who)
    assert code == 0, err
    return [one["ids"] for one in json.loads(out)["things"]]


def test_said_shown_and_taken_back(run: Run) -> None:
    assert (things(run, "works"), things(run, "duty")) == ([[A, B]], [[A, B, SECRET]])
    code, out, _ = run("split", A, B, "--reason", "another campaign", "--json", who="duty")
    assert code == 0
    name = json.loads(out)["uid"]
    assert (things(run, "works"), things(run, "duty")) == ([[A], [B]], [[A, SECRET], [B]])
    _, out, _ = run("merged", "--id", B, who="duty")
    assert "not the same (another campaign)" in out
    _, out, _ = run("merged", "--id", B, "--lang", "ja")
    assert "別扱い" in out
    assert "another campaign" not in out
    assert SECRET not in out
    assert run("undo", name, who="ally")[0] == 3
    assert run("undo", name, who="duty")[0] == 0
    assert (things(run, "works"), things(run, "duty")) == ([[A, B]], [[A, B, SECRET]])


def test_what_one_does_not_see_is_not_there(run: Run) -> None:
    for words in (("join", A, SECRET), ("split", A, SECRET), ("undo", "none"), ("join", A, A)):
        code, out, err = run(*words)
        assert (code, out) == (3, "")
        assert "Traceback" not in err
    assert run("merged", who="ghost")[0] == 3
