"""`noroshi share release …` and `noroshi share derived`, as two persons meet them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import Command
from tests.web.taxii_world import DECLARED, HIGH, PASSWORD, indicator

from noroshi.desk.bringing_in import place
from noroshi.desk.hub import open_hub
from noroshi.settings import load_settings

Run = Callable[..., tuple[int, str, str]]
NAME = indicator(1)["id"]
SECOND = f"""
[[principal]]
name = "second"
kind = "centre"
password = "{PASSWORD}"
sees = "RED"
[[grant]]
principal = "second"
collection = "{HIGH}"
read = true
write = true
"""


@pytest.fixture
def run(command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Return a function that runs `noroshi share …` in a world with a RED object and a second person."""
    monkeypatch.setenv("NOROSHI_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("NOROSHI_DATABASE", raising=False)
    declared = tmp_path / "declared.toml"
    declared.write_text(DECLARED + SECOND, encoding="utf-8")
    command("admin", "apply", declared)
    hub = open_hub(load_settings())
    one = indicator(1, marking="RED", description="At Aoba Power.", labels=["PAP:AMBER"])
    hub.send(*place(hub, "ally", HIGH), json.dumps({"objects": [one]}).encode(), 1_800_000_000_000_000).kept.result()
    hub.close()
    return lambda *arguments, who="duty": command("share", *arguments, "--as", who)


def plan(folder: Path, **said: object) -> Path:
    where = folder / "plan.json"
    where.write_text(json.dumps({"tlp": "GREEN", "words": ["Aoba Power"], **said}), encoding="utf-8")
    return where


def propose(run: Run, where: Path, *more: str, who: str = "duty") -> tuple[int, str, str]:
    said = ("release", "propose", NAME, "--plan", str(where), "--collection", HIGH, "--reason", "they must know", *more)
    return run(*said, who=who)


def test_proposed_shown_approved_and_told(run: Run, tmp_path: Path) -> None:
    code, out, err = propose(run, plan(tmp_path, drop=["description"]), "--json")
    assert code == 0, err
    one = json.loads(out)
    assert (one["state"], one["out"], one["object"]["labels"]) == ("proposed", False, ["PAP:AMBER"])
    _, out, _ = run("release", "show", one["id"], who="second")
    assert 'taken out  description: "At Aoba Power."' in out
    assert "left  pattern" in out
    code, _, err = run("release", "approve", one["id"])
    assert (code, "a second person approves" in err) == (2, True)
    code, out, _ = run("release", "approve", one["id"], "--json", who="second")
    assert (code, json.loads(out)["decided_by"], json.loads(out)["out"]) == (0, "second", True)
    _, out, _ = run("release", "list", "--lang", "ja")
    assert "承認済み" in out
    (listed,) = json.loads(run("release", "list", "--json")[1])
    assert "plan" not in listed
    _, out, _ = run("derived", NAME, "--collection", HIGH, who="ally")
    assert one["derived"] in out
    assert run("derived", NAME, "--collection", HIGH, who="works")[0] == 3
    assert run("derived", one["derived"], "--collection", HIGH, who="works")[:2] == (0, "")
    code, out, _ = run("release", "withdraw", one["id"], "--why", "wrong", who="second")
    assert (code, "withdrawn" in out) == (0, True)


def test_what_may_not_go_is_said_at_once(run: Run, tmp_path: Path) -> None:
    code, _, err = propose(run, plan(tmp_path, pap="CLEAR"))
    assert code == 2
    assert "pap" in err
    code, _, err = propose(run, plan(tmp_path))
    assert (code, "description" in err, "Aoba Power" in err) == (2, True, True)
    assert propose(run, plan(tmp_path, dorp=["description"]))[0] == 2
    assert propose(run, tmp_path / "none.json")[0] == 2
    assert propose(run, plan(tmp_path, drop=["description"]), who="works")[0] == 3
    assert run("release", "refuse", "none", who="second")[0] == 3
    assert json.loads(run("release", "list", "--json")[1]) == []


def test_refused(run: Run, tmp_path: Path) -> None:
    one = json.loads(propose(run, plan(tmp_path, drop=["description"]), "--json")[1])
    assert (
        "too early"
        in json.loads(run("release", "refuse", one["id"], "--why", "too early", "--json", who="second")[1])["why"]
    )
    assert run("release", "approve", one["id"], who="second")[0] == 2


def test_what_may_be_done_with_it_is_shown_before_it_leaves(run: Run) -> None:
    _, out, _ = run("export", "--collection", HIGH, "--form", "csv", "--dry-run")
    assert "RED PAP:AMBER" in out
    _, out, _ = run("export", "--collection", HIGH, "--form", "csv", "--dry-run", "--json")
    assert json.loads(out)["objects"][0]["pap"] == "AMBER"
