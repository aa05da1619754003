"""`noroshi estate` as a user types it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Command

from noroshi.cli.main import main
from noroshi.files.estates import load

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(command: Command) -> Run:
    """Return a function that runs `noroshi estate ...` here and returns exit code, output and errors."""

    def call(*arguments: str | Path, lang: str = "en") -> tuple[int, str, str]:
        return command("--lang", lang, "estate", *arguments)

    return call


@pytest.fixture
def made(run: Run, tmp_path: Path) -> Path:
    """Return a generated estate of 200 assets."""
    code, out, _ = run("generate", "200", tmp_path / "made", "--seed", "3")
    assert code == 0
    assert "Wrote generated-200" in out
    return tmp_path / "made"


def parsed(text: str) -> Any:
    """Return the JSON that a command printed."""
    return json.loads(text)


def test_check_says_that_it_is_sound(run: Run, made: Path) -> None:
    code, out, err = run("check", made)
    assert (code, err) == (0, "")
    assert out.startswith("generated-200: no errors, 0 warnings")
    assert "エラーなし" in run("check", made, lang="ja")[1]
    report = parsed(run("check", made, "--json")[1])
    assert report == {
        "estate": "generated-200",
        "errors": 0,
        "warnings": 0,
        "counts": {"error": {}, "warning": {}},
        "faults": [],
    }


def test_check_as_json_exits_with_2_too(run: Run, made: Path) -> None:
    (made / "gas_nodes.csv").write_text("id,demand_tph\nn1,-5\n")
    code, out, _ = run("check", made, "--json")
    assert code == 2
    report = parsed(out)
    assert report["counts"]["error"] == {"out-of-range": 1}
    assert report["faults"][0]["file"] == "gas_nodes.csv"
    assert report["faults"][0]["row"] == 2
    code, _, err = run("show", made)
    assert code == 2
    assert "gas_nodes.csv:2 [demand_tph]" in err


def test_more_faults_than_are_listed(run: Run, made: Path) -> None:
    (made / "gas_nodes.csv").write_text("id,demand_tph\n" + "".join(f"n{k},-5\n" for k in range(1500)))
    code, out, _ = run("check", made)
    assert code == 2
    assert len(out.splitlines()) == 1002
    assert "500 more" in out
    assert "1,500 errors" in out


def test_show_what_it_holds(run: Run, made: Path) -> None:
    code, out, _ = run("show", made)
    assert code == 0
    assert "illustrative" in out
    assert "invented" in out
    assert "noroshi estate generate" in out
    assert "例示" in run("show", made, lang="ja")[1]
    whole = parsed(run("show", made, "--json")[1])
    assert whole["rows"]["assets"] == 200
    assert whole["estate"]["fictional"] is True


def test_show_the_benchmark(run: Run, tmp_path: Path) -> None:
    (tmp_path / "estate.toml").write_text(
        'id = "x"\nillustrative = false\n[benchmark]\npass_mark = 72\noverall = 58.5\ntechnical = 37.8\n'
        'organisational = 20.7\nsource = "a survey"\nyear = 2014\n'
    )
    (tmp_path / "sectors.csv").write_text("id,name_en,name_ja\np,P,P\n")
    _, out, _ = run("show", tmp_path)
    assert "58.5 / 72 (a survey, 2014)" in out
    assert "illustrative" not in out


def test_show_a_row_and_its_neighbours(run: Run, made: Path) -> None:
    code, out, _ = run("show", made, "asset-0")
    assert code == 0
    assert "bus-66-" in out
    assert "named by" in out
    (entry,) = parsed(run("show", made, "asset-0", "--json")[1])
    assert entry["table"] == "assets"
    assert any(link["through"].startswith("electricity") for link in entry["needs"])
    code, _, err = run("show", made, "asset-x")
    assert code == 3
    assert "asset-x" in err
    many = run("show", made, "sys-power-0")[1]
    assert "commanded_by" in many


def test_only_so_many_links_are_shown(run: Run, tmp_path: Path) -> None:
    (tmp_path / "estate.toml").write_text('id = "x"\n')
    rows = "".join(f"o{k},O,O,s\n" for k in range(250))
    (tmp_path / "sectors.csv").write_text("id,name_en,name_ja\ns,S,S\n")
    (tmp_path / "organisations.csv").write_text("id,name_en,name_ja,sector\n" + rows)
    assert "200 of 250 shown" in run("show", tmp_path, "s")[1]


def test_the_schema_needs_no_estate(run: Run) -> None:
    assert parsed(run("show", "--schema")[1])["title"] == "Noroshi estate"
    code, _, err = run("show")
    assert code == 2
    assert "--schema" in err


@pytest.mark.parametrize(
    ("name", "options", "form"),
    [
        ("out", [], "csv"), ("out.json", [], "json"), ("out.geojson", [], "geojson"),
        ("deep/out.geojson", [], "geojson"), ("out", ["--format", "parquet"], "parquet"), ("out", ["--units"], "csv"),
    ],
)  # fmt: skip
def test_convert(name: str, options: list[str], form: str, run: Run, made: Path, tmp_path: Path) -> None:
    where = tmp_path / name
    code, out, _ = run("convert", made, where, *options, "--json")
    assert code == 0
    assert parsed(out)["format"] == form
    if form == "geojson":
        assert json.loads(where.read_text())["type"] == "FeatureCollection"
        return
    assert load(where).count("assets") == 200
    assert run("diff", made, where)[1] == "No difference.\n"


def test_diff(run: Run, made: Path, tmp_path: Path) -> None:
    run("generate", "300", tmp_path / "other", "--seed", "4")
    code, out, _ = run("diff", made, tmp_path / "other")
    assert code == 0
    assert "estate.toml id: generated-200 -> generated-300" in out
    assert "  + asset-250" in out or "more; all are counted" in out
    assert "assets: 100 added, 0 removed" in out
    report = parsed(run("diff", made, tmp_path / "other", "--json")[1])
    assert {"table", "added", "removed", "changed"} == set(report["tables"][0])
    assert "追加100行" in run("diff", made, tmp_path / "other", lang="ja")[1]
    assert run("diff", made, made, lang="ja")[1] == "差分なし。\n"


def test_what_is_not_there_exits_with_3(run: Run, tmp_path: Path) -> None:
    for verb in ("check", "show"):
        code, _, err = run(verb, tmp_path / "nothing")
        assert code == 3
        assert "estate.toml" in err


def test_the_environment_sets_the_language(
    made: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NOROSHI_LANG", "ja")
    with pytest.raises(SystemExit):
        main(["estate", "check", str(made)])
    assert "エラーなし" in capsys.readouterr().out


def test_a_terminal_sees_that_work_goes_on(
    run: Run, made: Path, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    code, out, err = run("check", made)
    assert code == 0
    assert "no errors" in out
    assert "Reading" in err


@pytest.mark.parametrize(
    "arguments", [["generate", "99", "x"], ["generate", "many", "x"], ["convert", "x"], ["frobnicate"]]
)
def test_wrong_arguments_exit_with_2(arguments: list[str], run: Run) -> None:
    assert run(*arguments)[0] == 2
