"""`noroshi brief`, `stress ensemble` and `stress resilience`: bytes, files, languages, exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # it ships no types
import pytest
from tests.cli.conftest import Command
from tests.desk.small import tiny

from noroshi.desk.brief_schema import schema
from noroshi.files.estates import save

Run = Callable[..., tuple[int, str, str]]
FEW = ("--trials", "40")


@pytest.fixture
def run(command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Return a function that runs `noroshi ...` here, with a cache of its own, and returns code, output and errors."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NOROSHI_CACHE_DIR", str(tmp_path / "cache"))

    def call(*arguments: str | Path) -> tuple[int, str, str]:
        return command(*arguments)

    return call


@pytest.fixture
def estate(tmp_path: Path) -> Path:
    """Return a folder with the tiny estate."""
    folder = tmp_path / "tiny"
    save(tiny(), folder)
    return folder


def stored(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "cache").rglob("*.*"))


def width(line: str) -> int:
    from rich.cells import cell_len

    return cell_len(line)


def test_the_json_is_the_same_computed_or_stored_with_one_thread_or_two(run: Run, tmp_path: Path) -> None:
    code, out, err = run("brief", "sorami", *FEW, "--json", "--threads", "2")
    assert (code, err) == (0, "")
    jsonschema.validate(json.loads(out), json.loads(schema()))
    (kept,) = stored(tmp_path)
    assert run("brief", "sorami", *FEW, "--json")[1] == out
    kept.unlink()
    assert run("brief", "sorami", *FEW, "--json", "--threads", "1")[1] == out


def test_files_are_written_in_both_languages(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    code, out, err = run("brief", "sorami", *FEW, "--out", folder)
    assert (code, out) == (0, "")
    assert {path.name for path in folder.iterdir()} == {"brief.json", "brief.en.html", "brief.ja.html"}
    assert all(path.name in err for path in folder.iterdir())
    assert (folder / "brief.json").read_text() == run("brief", "sorami", *FEW, "--json")[1]
    assert 'lang="ja"' in (folder / "brief.ja.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(("lang", "word"), [("en", "Press first"), ("ja", "警告する組織")])
def test_the_brief_is_printed_within_80_columns(run: Run, lang: str, word: str) -> None:
    code, out, _ = run("brief", "sorami", *FEW, "--lang", lang)
    assert code == 0
    assert word in out
    assert [line for line in out.splitlines() if width(line) > 80] == []


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("verb", [("ensemble", *FEW), ("resilience", "--no-pairs")])
def test_ensembles_and_resilience_are_printed_within_80_columns(run: Run, verb: tuple[str, ...], lang: str) -> None:
    code, out, _ = run("stress", verb[0], "sorami", *verb[1:], "--lang", lang)
    assert code == 0
    assert len(out.splitlines()) > 20
    assert [line for line in out.splitlines() if width(line) > 80] == []


def test_the_json_of_an_ensemble_does_not_depend_on_threads(run: Run, estate: Path) -> None:
    one, two = (run("stress", "ensemble", estate, *FEW, "--json", "--threads", n)[1] for n in ("1", "2"))
    assert one == two
    found: Any = json.loads(one)
    assert {"services", "harms", "p_any", "mean_hits", "sensitivity"} <= set(found)


def test_the_json_of_resilience_has_intervals_examples_and_proof(run: Run, estate: Path) -> None:
    code, out, _ = run("stress", "resilience", estate, "--json")
    found: Any = json.loads(out)
    assert code == 0
    light = next(one for one in found["resilience"] if one["service"] == "light")
    assert (light["low"], light["high"], light["example"], light["name"]) == (1, 1, ["grid"], "Light")
    assert "tried alone" in light["proof"]
    assert (found["threat"], found["pairs"]) == (None, True)


@pytest.mark.parametrize("verb", [("brief",), ("stress", "ensemble"), ("stress", "resilience")])
def test_an_unknown_threat_or_estate_does_not_exist(run: Run, verb: tuple[str, ...], estate: Path) -> None:
    assert run(*verb, estate, "--threat", "nobody-like-this")[0] == 3
    assert run(*verb, estate.parent / "nowhere")[0] == 3


@pytest.mark.parametrize("lang", ["en", "ja"])
@pytest.mark.parametrize("verb", [("brief",), ("stress", "ensemble"), ("stress", "resilience")])
def test_a_threat_that_attacks_nobody_is_a_fault_with_a_remedy(
    run: Run, verb: tuple[str, ...], lang: str, tmp_path: Path
) -> None:
    folder, threat = tmp_path / "bare", tmp_path / "space.toml"
    save(tiny(without=("suppliers",)), folder)
    threat.write_text('name = "Space"\nsectors = ["space"]\n', encoding="utf-8")
    code, out, err = run("--lang", lang, *verb, folder, "--threat", threat)
    assert (code, out) == (2, "")
    assert "bad-threat" in err
    assert "name sectors" in err
    assert "Traceback" not in err
    assert stored(tmp_path) == []


@pytest.mark.parametrize("step", ["run_ensemble", "consequences"])
def test_ctrl_c_ends_with_130_and_stores_nothing(
    run: Run, estate: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(f"noroshi.desk.brief.{step}", interrupted)
    folder = tmp_path / "out"
    code, out, err = run("brief", estate, *FEW, "--out", folder)
    assert (code, out) == (130, "")
    assert "Traceback" not in err
    assert stored(tmp_path) == []
    assert not folder.exists()
