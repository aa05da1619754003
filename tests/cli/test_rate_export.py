"""`noroshi rate export`: out to a spreadsheet and back, scored as it is, its faults by cell; OSCAL; other schemes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from tests.cli.conftest import Command

Run = Callable[..., tuple[int, str, str]]
ANSWERS: dict[str, Any] = {
    "organisation": "hospital-1",
    "sector": "medical",
    "as_of": "2026-11-01",
    "catalogue": "noroshi-26",
    "answers": [
        {"item": "mfa", "level": 0.67, "grade": "document", "date": "2026-05-01"},
        {"item": "exposed-patching", "level": 0.4, "grade": "measured", "date": "2026-10-20", "source": "scan 7"},
        {"item": "incident-plan", "level": 1.0, "grade": "self", "date": "2026-10-01"},
        {"item": "ot-separation", "level": 0.0, "grade": "third_party", "date": "2026-10-01",
         "not_applicable": "no control systems"},
    ],
}  # fmt: skip


@pytest.fixture
def run(command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Return a function that runs `noroshi rate ...` in a folder with answers.json."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "answers.json").write_text(json.dumps(ANSWERS), encoding="utf-8")

    def call(*arguments: str, lang: str = "en") -> tuple[int, str, str]:
        return command("--lang", lang, "rate", *arguments)

    return call


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_out_and_back_is_the_same_file_and_the_same_score(run: Run, tmp_path: Path, ending: str, lang: str) -> None:
    code, out, err = run("export", "answers.json", "--to", f"a.{ending}", lang=lang)
    assert (code, err) == (0, "")
    assert f"a.{ending}" in out
    assert json.loads(run("export", f"a.{ending}", "--to", "back.json", "--json")[1]) == {
        "written": "back.json", "format": "json", "answers": 4,
    }  # fmt: skip
    assert json.loads((tmp_path / "back.json").read_text(encoding="utf-8")) == ANSWERS
    assert run("score", f"a.{ending}", "--json")[1] == run("score", "answers.json", "--json")[1]


def test_a_blank_form_asks_every_question_and_is_not_yet_an_answer(run: Run, tmp_path: Path) -> None:
    assert run("export", "--blank", "--to", "form.xlsx", lang="ja")[0] == 0
    table = load_workbook(tmp_path / "form.xlsx").worksheets[0]
    assert table.title == "回答"
    assert sum(isinstance(table.cell(row, 2).value, str) for row in range(9, table.max_row + 1)) == 26
    code, _, err = run("score", "form.xlsx")
    assert code == 2
    assert all(cell in err for cell in ("B3", "B4", "B5"))
    for cell, value in {"B3": "hospital", "B4": "medical", "B5": "2026/11/1"}.items():
        table[cell].value = value
    table.parent.save(tmp_path / "form.xlsx")
    assert json.loads(run("score", "form.xlsx", "--json")[1])["verdict"] != "pass"


def test_faults_are_said_with_their_cell_in_the_language(run: Run, tmp_path: Path) -> None:
    run("export", "answers.json", "--to", "a.xlsx")
    book = load_workbook(tmp_path / "a.xlsx")
    table = book.worksheets[0]
    row = next(row for row in range(9, 60) if table.cell(row, 1).value == "mfa")
    table.cell(row, 4).value, table.cell(row, 6).value = 75, "soon"
    book.save(tmp_path / "a.xlsx")
    code, out, err = run("score", "a.xlsx", lang="ja")
    assert (code, out) == (2, "")
    assert f"Answers!D{row}" in err
    assert f"Answers!F{row}" in err
    assert "対処" in err


@pytest.mark.parametrize(
    ("form", "root"), [("oscal-ar", "assessment-results"), ("oscal-poam", "plan-of-action-and-milestones")]
)
def test_oscal_from_a_spreadsheet_with_what_is_planned(run: Run, tmp_path: Path, form: str, root: str) -> None:
    (tmp_path / "plan.json").write_text('{"measures": ["mfa-phishing-resistant"]}', encoding="utf-8")
    run("export", "answers.json", "--to", "a.xlsx")
    for source, plan in (("answers.json", ()), ("a.xlsx", ("--plan", "plan.json"))):
        code, _, err = run("export", source, "--to", "out.json", "--format", form, *plan)
        assert (code, err) == (0, "")
        text = (tmp_path / "out.json").read_text(encoding="utf-8")
        assert set(json.loads(text)) == {root}
        assert ('"planned"' in text) == bool(plan)
    if form == "oscal-ar":
        score = json.loads(run("score", "answers.json", "--json")[1])
        values = {one["name"]: one["value"] for one in json.loads(text)[root]["results"][0]["props"]}
        assert float(values["score"]) == pytest.approx(score["score"])
        assert values["verdict"] == score["verdict"]
    (tmp_path / "plan.json").write_text('{"measures": ["magic"]}', encoding="utf-8")
    assert run("export", "answers.json", "--to", "b.json", "--format", form, "--plan", "plan.json")[0] == 2
    assert run("export", "--blank", "--to", "b.json", "--format", form)[0] == 3
    assert not (tmp_path / "b.json").exists()


@pytest.mark.parametrize("scheme", ["cpg-2.0", "csf-2.0", "sprs", "openssf", "ipa-deviation"])
def test_the_same_answers_under_another_scheme(run: Run, scheme: str) -> None:
    from rich.cells import cell_len

    found = json.loads(run("score", "answers.json", "--scheme", scheme, "--json")[1])
    assert found["scheme"] == scheme
    assert found["from"] <= found["low"] <= found["published"] <= found["high"] <= found["to"]
    assert {unit["state"] for unit in found["units"]} <= {"met", "partly", "not", "not assessed", "does not apply"}
    for lang, words in (("en", ("At least", "By group")), ("ja", ("下限", "区分ごとの結果"))):
        code, out, _ = run("score", "answers.json", "--scheme", scheme, lang=lang)
        assert code == 0
        assert all(word in out for word in words)
        assert max(cell_len(line) for line in out.splitlines()) <= 80


def test_a_deviation_score_among_the_peers_of_a_sector_and_a_scheme_that_there_is_not(run: Run) -> None:
    alone = json.loads(run("score", "answers.json", "--scheme", "ipa-deviation", "--json")[1])
    among = json.loads(run("score", "answers.json", "--scheme", "ipa-deviation", "--estate", "japan", "--json")[1])
    assert among["low"] > alone["low"]  # hospitals score below the surveyed mean
    code, _, err = run("score", "answers.json", "--scheme", "stars")
    assert code == 3
    assert "sprs" in err


def test_what_cannot_be_exported(run: Run, tmp_path: Path) -> None:
    assert run("export", "answers.json", "--to", "a.pdf")[0] == 3
    assert run("export", "--blank", "--to", "a.json")[0] == 3
    assert run("export", "--to", "a.xlsx")[0] == 2
    assert run("export", "answers.json", "--blank", "--to", "a.xlsx")[0] == 2
    for name in ("a.xlsx", "a.csv", "a.json"):
        assert run("export", "answers.json", "--to", f"no-such-folder/{name}")[0] == 2
    assert list(tmp_path.glob("a.*")) == []
