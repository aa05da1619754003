"""`noroshi rate`: the contract of its JSON, what people read, and every fault of an answers file."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Command

Run = Callable[..., tuple[int, str, str]]
ANSWERS: dict[str, Any] = {
    "organisation": "hospital-1",
    "sector": "medical",
    "as_of": "2026-11-01",
    "answers": [
        {"item": "mfa", "level": 0.67, "grade": "document", "date": "2026-05-01"},
        {"item": "exposed-patching", "level": 0.5, "grade": "measured", "date": "2026-10-20", "source": "scan 7"},
        {"item": "incident-plan", "level": 1, "grade": "self", "date": "2026-10-01"},
        {"item": "ot-separation", "grade": "self", "date": "2026-10-01", "not_applicable": "no control systems"},
    ],
}


@pytest.fixture
def run(command: Command, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Return a function that runs `noroshi rate ...` here and returns exit code, output and errors."""
    monkeypatch.setenv("COLUMNS", "80")

    def call(*arguments: str | Path, lang: str = "en") -> tuple[int, str, str]:
        return command("--lang", lang, "rate", *arguments)

    return call


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    return written(tmp_path, ANSWERS)


def written(folder: Path, value: object) -> Path:
    path = folder / "answers.json"
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return path


def with_answer(**changes: object) -> dict[str, Any]:
    first = {key: value for key, value in {**ANSWERS["answers"][0], **changes}.items() if value is not None}
    return {**ANSWERS, "answers": [first]}


def test_the_json_of_a_score_keeps_its_contract(run: Run, answers: Path) -> None:
    code, out, err = run("score", answers, "--json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert {"score", "technical", "organisational", "low", "high", "p_pass", "verdict", "items", "would_settle"} <= set(
        found
    )
    assert found["score"] == pytest.approx(found["technical"] + found["organisational"], abs=1e-5)
    assert found["low"] < found["score"] < found["high"]
    assert found["verdict"] == "evidence needed"
    rows = {row["id"]: row for row in found["items"]}
    assert len(rows) == 26
    assert all({"id", "mean", "low", "high", "evidence", "age_days"} <= set(row) for row in rows.values())
    assert (rows["mfa"]["evidence"], rows["mfa"]["age_days"]) == ("document", 184)
    assert (rows["backup"]["evidence"], rows["backup"]["age_days"]) == (None, None)
    assert rows["ot-separation"]["not_applicable"]
    assert rows["ot-separation"]["points"] == 0.0
    assert set(found["would_settle"]) <= set(rows)


def test_peers_of_an_estate_are_those_of_the_sector(run: Run, answers: Path) -> None:
    found = json.loads(run("score", answers, "--estate", "japan", "--json")[1])
    assert found["peers"] == "sector medical of the estate japan"
    assert found["score"] < json.loads(run("score", answers, "--json")[1])["score"]  # hospitals are below the mean


def test_a_sector_that_the_estate_lacks(run: Run, tmp_path: Path) -> None:
    code, _, err = run("score", written(tmp_path, {**ANSWERS, "sector": "mining"}), "--estate", "japan")
    assert code == 3
    assert "medical" in err


def test_the_catalogue_lists_items_with_kind_and_weight(run: Run) -> None:
    found = json.loads(run("catalogue", "--json")[1])
    assert len(found["items"]) == 26
    assert all({"id", "kind", "weight"} <= set(item) for item in found["items"])
    assert {item["kind"] for item in found["items"]} == {"technical", "organisational"}


@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", ("evidence needed", "What would settle it", "own claim", "does not apply")),
     ("ja", ("証拠が必要", "判定を決める証拠", "自己申告", "該当しない"))],
)  # fmt: skip
def test_what_people_read_fits_80_columns(run: Run, answers: Path, lang: str, words: tuple[str, ...]) -> None:
    from rich.cells import cell_len

    for arguments in (("score", answers), ("catalogue",)):
        code, out, _ = run(*arguments, lang=lang)
        assert code == 0
        assert max(cell_len(line) for line in out.splitlines()) <= 80
    out = run("score", answers, lang=lang)[1]
    assert all(word in out for word in words)


@pytest.mark.parametrize(
    ("value", "code", "place"),
    [
        ("{", "bad-json", ":1"),
        ("[]", "bad-json", "answers.json"),
        ({**ANSWERS, "answers": 3}, "bad-answers", "[answers]"),
        ({**ANSWERS, "as_of": "1/11/2026"}, "bad-answers", "[as_of]"),
        ({key: value for key, value in ANSWERS.items() if key != "sector"}, "missing-value", "[sector]"),
        ({**ANSWERS, "sektor": "x"}, "bad-answers", "did you mean sector"),
        (with_answer(item="mfaa"), "dangling-key", "did you mean mfa"),
        (with_answer(item=None), "missing-value", "[answers[0].item]"),
        (with_answer(level=1.5), "out-of-range", "[answers[0].level]"),
        (with_answer(level="high"), "bad-number", "[answers[0].level]"),
        (with_answer(level=None), "bad-number", "[answers[0].level]"),
        (with_answer(level=True), "bad-number", "[answers[0].level]"),
        (with_answer(grade="rumour"), "bad-choice", "self, document, third_party, measured"),
        (with_answer(date="2026-12-01"), "out-of-range", "no later than as_of"),
        (with_answer(date=20260501), "bad-answers", "[answers[0].date]"),
        (with_answer(not_applicable=""), "bad-answers", "[answers[0].not_applicable]"),
        (with_answer(lvl=1), "bad-answers", "[answers[0].lvl]"),
    ],
)
def test_a_fault_of_the_answers(run: Run, tmp_path: Path, value: object, code: str, place: str) -> None:
    exit_code, out, err = run("score", written(tmp_path, value))
    assert (exit_code, out) == (2, "")
    assert code in err
    assert place in err
    assert "Traceback" not in err


def test_every_fault_at_once_and_files_that_are_none(run: Run, tmp_path: Path) -> None:
    bad = {**ANSWERS, "answers": [{**row, "level": 7} for row in ANSWERS["answers"]], "as_of": "never"}
    err = run("score", written(tmp_path, bad))[2]
    assert err.count("out-of-range") == 4
    assert "as_of" in err
    assert run("score", tmp_path / "nothing.json")[0] == 2
    (tmp_path / "latin.json").write_bytes('{"organisation": "é"}'.encode("latin-1"))
    assert "bad-encoding" in run("score", tmp_path / "latin.json")[2]
    (tmp_path / "deep.json").write_text("[" * 100_000, encoding="utf-8")
    assert run("score", tmp_path / "deep.json")[0] == 2
    assert run("score", tmp_path / "x.json", "--catalogue", "no-such")[0] == 3


def test_the_shipped_answers_are_what_the_shipped_estate_says_of_them(run: Run) -> None:
    from noroshi.files.answers import shipped_answers
    from noroshi.files.estates import load

    rows = {row["id"]: row for row in load("sorami", "en").frame("organisations").to_dicts()}
    for name in shipped_answers():
        said = json.loads(run("score", name, "--estate", "sorami", "--json")[1])
        row = rows[name]
        assert said["sector"] == row["sector"]
        assert [round(said[key]) for key in ("score", "low", "high")] == [
            row["score"], row["score_low"], row["score_high"],
        ]  # fmt: skip


def test_a_name_that_nothing_has_is_a_missing_file(run: Run) -> None:
    code, _, err = run("score", "no-such-town")
    assert code == 2
    assert "no-such-town" in err
