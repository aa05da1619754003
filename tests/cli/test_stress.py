"""`noroshi stress`: the contract of its JSON, what people read, and its exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import pytest
from tests.cli.conftest import Command

from noroshi.cli.stress import SUBVERBS, command

Run = Callable[..., tuple[int, str, str]]
PORT = ("--shock", "port-ransomware")


@pytest.fixture
def run(command: Command, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs `noroshi stress ...` here and returns exit code, output and errors."""
    monkeypatch.setenv("COLUMNS", "100")

    def call(*arguments: str | Path, lang: str = "en") -> tuple[int, str, str]:
        return command("--lang", lang, "stress", *arguments)

    return call


def parsed(text: str) -> Any:
    return json.loads(text)


def test_the_json_of_a_run_keeps_its_contract_and_its_bytes(run: Run) -> None:
    code, out, err = run("run", "sorami", *PORT, "--json")
    assert (code, err) == (0, "")
    assert run("run", "sorami", *PORT, "--json")[1] == out
    result = parsed(out)
    assert {"estate", "shock", "horizon_h", "services", "events", "harms"} <= set(result)
    assert result["estate"]["id"] == "sorami"
    assert result["estate"]["fictional"] is True
    wanted = {"id", "served", "person_hours_below_floor", "hours_below_floor", "beyond_tolerance", "causes"}
    for service in result["services"]:
        assert wanted <= set(service)
        assert service["served"][0][0] == 0.0
        hours = [hour for hour, _ in service["served"]]
        assert hours == sorted(set(hours))
        assert all(0.0 <= share <= 1.0 for _, share in service["served"])
    containers = next(one for one in result["services"] if one["id"] == "containers")
    assert containers["causes"] == ["port-tos"]
    assert containers["beyond_tolerance"] is True
    assert {"hour": 0.5, "what": "down", "id": "container-terminal", "cause": "port-tos"} in result["events"]
    assert all(set(event) == {"hour", "what", "id", "cause"} for event in result["events"])
    assert set(result["harms"]) == {"service", "data", "strategic"}


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ["1 of 35 services below their floor", "Containers in and out", "What led to what", "▲ 24", "invented"]),
        ("ja", ["35件中1件", "コンテナ輸出入", "原因の連鎖", "ターミナル統一システム", "▲ 24時間", "架空の国"]),
    ],
)  # fmt: skip
def test_a_run_is_told_in_both_languages(run: Run, lang: str, words: list[str]) -> None:
    code, out, _ = run("run", "sorami", *PORT, lang=lang)
    assert code == 0
    assert [word for word in words if word.lower() not in out.lower()] == []
    own_flag = run("run", "sorami", *PORT, "--lang", lang)[1]
    assert own_flag == out


def test_a_calm_run_says_so(run: Run, tmp_path: Path) -> None:
    calm = tmp_path / "calm.toml"
    calm.write_text('name = "calm"\nhorizon_h = 12\n')
    assert "No service falls below its floor within 12" in run("run", "sorami", "--shock", calm)[1]
    assert "No service loses anything." in run("explain", "sorami", "--shock", calm)[1]
    assert "food loses nothing." in run("explain", "sorami", "food", "--shock", calm)[1]
    assert "欠けていない" in run("explain", "sorami", "food", "--at", "3", "--shock", calm, lang="ja")[1]


def test_explain_says_why(run: Run) -> None:
    code, out, _ = run("explain", "sorami", "food", *PORT)
    assert code == 0
    text = " ".join(out.split())
    assert "Food in shops (food) falls to 64 % at +48.5 h." in text
    assert "← Its 18 h without access ran out" in text
    assert "→ It is whole again at +61.5 h." in text
    assert "「食料品供給」(food)は+48.5時間に64%へ低下。" in run("explain", "sorami", "food", *PORT, lang="ja")[1]


def test_explain_as_json(run: Run) -> None:
    code, out, _ = run("explain", "sorami", *PORT, "--at", "50", "--json")
    assert code == 0
    found = parsed(out)["explanations"]
    assert [one["id"] for one in found] == ["containers", "food"]
    assert all(one["chain"][-1]["struck"]["effect"] == "freeze" for one in found)
    assert all(one["text"] and not one["text_ja"].isascii() for one in found)
    assert run("explain", "sorami", *PORT, "--at", "50", "--json")[1] == out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run", "nowhere", *PORT), "no estate at 'nowhere'"),
        (("run", "sorami", "--shock", "nothing-like-it"), "no shock 'nothing-like-it'"),
        (("explain", "sorami", "foood", *PORT), "did you mean food"),
    ],
)
def test_what_does_not_exist_is_3(run: Run, arguments: tuple[str, ...], said: str) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (3, "")
    assert said in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run", "japan", *PORT), "unknown-target"),
        (("run", "sorami"), "--shock"),
        (("run", "sorami", "--shock", "not-there.toml"), "missing-file"),
        (("run", "sorami", *PORT, "--horizon", "0"), "--horizon"),
        (("run", "sorami", *PORT, "--season", "monsoon"), "--season"),
        (("explain", "sorami", *PORT, "--at", "121"), "the run ends at 120 h"),
    ],
)
def test_input_at_fault_is_2(run: Run, arguments: tuple[str, ...], said: str) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err


def test_a_broken_shock_is_reported_with_its_place(run: Run, tmp_path: Path) -> None:
    broken = tmp_path / "broken.toml"
    broken.write_text('name = "x"\n[[hit]]\ntarget = "port-tos"\neffect = "explode"\nonset_h = -1\n')
    code, _, err = run("run", "sorami", "--shock", broken)
    assert code == 2
    assert "broken.toml:4 [effect]" in err
    assert "broken.toml:5 [onset_h]" in err


def test_the_group_lists_its_commands_in_both_languages(run: Run) -> None:
    english, japanese = run("--help")[1], run("--help", lang="ja")[1]
    for name, verb in SUBVERBS.items():
        assert name in english
        assert verb.does.split()[0] in english
        assert verb.does_ja[:6] in japanese
    assert run("no-such-command")[0] == 2


@pytest.mark.parametrize("name", SUBVERBS)
def test_each_command_describes_itself_as_the_table_does(name: str) -> None:
    found = command.get_command(click.Context(command), name)
    assert found is not None
    assert found.name == name
    assert found.get_short_help_str(200) == SUBVERBS[name].does
