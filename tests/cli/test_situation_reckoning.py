"""`noroshi situation severity`, `calls` and `noroshi brief --situation` as a duty officer uses them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Command
from tests.cli.test_situation import DECLARED, Result, Run

REPORT = ("report", "--what", "malware", "--effect", "screens are dark", "--organisation", "sorami-generation",
          "--sector", "power", "--since", "2026-11-22T04:00+09:00", "--json")  # fmt: skip


@pytest.fixture
def noroshi(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("NOROSHI_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.delenv("NOROSHI_DATABASE", raising=False)
    declared = tmp_path / "hub.toml"
    declared.write_text(DECLARED, encoding="utf-8")
    command("admin", "apply", declared)
    return lambda *words, who="duty": Result(*command(*words, "--as", who))


def made(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def opened(noroshi: Run, *more: str) -> str:
    words = (
        "situation",
        "open",
        "--title",
        "A grid without eyes",
        "--title-ja",
        "見えない系統",
        "--estate",
        "sorami",
    )
    return str(made(noroshi(*words, "--json", *more))["situation"])


def reported(noroshi: Run, situation: str) -> str:
    return str(made(noroshi("situation", *REPORT, "--situation", situation))["incident"])


def test_severity_follows_from_what_is_known_and_from_what_a_person_sets(noroshi: Run) -> None:
    situation = opened(noroshi)
    incident = reported(noroshi, situation)
    first = made(noroshi("situation", "severity", incident, "--json"))
    assert first["facts"] == [{
        "incident": incident, "line": 1, "scale": "nciss", "category": "cross-sector", "options": ["energy"],
        "why": "sector", "why_en": "its sector", "why_ja": "分野による",
    }]  # fmt: skip
    assert first["nciss"]["together"]["cascade"] is None
    more = ("--set", "nciss.functional=denial-critical", "--set", "nciss.actor=criminal,apt", "--set", "malicious=yes",
            "--state", "confirmed")  # fmt: skip
    assert noroshi("situation", "update", incident, *more).exit_code == 0
    then = made(noroshi("situation", "severity", situation, "--json"))
    (one,), was = then["nciss"]["incidents"], first["nciss"]["incidents"][0]
    assert was["low"] < one["low"] < one["high"] <= was["high"]
    assert {fact["category"]: fact["options"] for fact in then["facts"]} == {
        "functional": ["denial-critical"], "actor": ["apt", "criminal"], "cross-sector": ["energy"],
        "activity": ["effect", "engage", "presence"],
    }  # fmt: skip
    assert then["nciss"]["together"]["cascade"]["high"] > 0.0
    said = noroshi("situation", "severity", situation).output
    for text in ("NCISS, 0 to 100", "line 2: set by a person: nciss.actor = apt, criminal", "+ cascade"):
        assert text in said
    assert "人が設定" in noroshi("situation", "severity", situation, "--lang", "ja").output
    assert "NCISS: functional impact: denial-critical" in noroshi("situation", "show", incident).output
    assert noroshi("situation", "severity", situation, who="port").exit_code == 3
    wrong = noroshi("situation", "update", incident, "--set", "nciss.actor=somebody")
    assert (wrong.exit_code, "hacktivist" in wrong.output) == (2, True)
    drill = opened(noroshi, "--exercise")
    assert noroshi("situation", "severity", drill).output.startswith("EXERCISE EXERCISE EXERCISE\n")
    assert made(noroshi("situation", "severity", drill, "--json"))["exercise"] is True


def test_the_brief_of_a_case_in_every_form(noroshi: Run, command: Command, tmp_path: Path) -> None:
    situation = opened(noroshi)
    incident = reported(noroshi, situation)
    said = noroshi("brief", "--situation", situation)
    for text in ("TLP:AMBER", "Sorami Generation hit: malware infection", "Services below their floor", "NCISS",
                 f"I1 = incident {incident}", "What is not known"):  # fmt: skip
        assert text in said.output, text
    then = made(noroshi("brief", "--situation", situation, "--at", "2099-01-01T00:00:00Z", "--json"))
    assert (then["situation"], then["at"], then["leads"]) == (situation, "2099-01-01T00:00:00.000000Z", True)
    page = tmp_path / "case.html"
    written = noroshi("brief", "--situation", situation, "--html", str(page), "--lang", "ja")
    assert (written.exit_code, written.stdout, str(page) in written.stderr) == (0, "", True)
    text = page.read_text(encoding="utf-8")
    assert "見えない系統" in text
    assert "<script" not in text
    assert "default-src &#39;none&#39;" in text
    for uid, who, more in ((situation, "port", ()), ("none", "duty", ()),
                           (situation, "duty", ("--at", "2020-01-01T00:00:00Z"))):  # fmt: skip
        answer = noroshi("brief", "--situation", uid, *more, who=who)
        assert (answer.exit_code, situation in answer.output) == (3, False)
    case = ("--situation", situation)
    mixed: list[tuple[tuple[str, ...], str]] = [
        (("sorami", *case, "--as", "duty"), "ESTATE"), (("--trials", "5", *case, "--as", "duty"), "--trials"),
        (case, "--situation without --as"), (("--as", "duty"), "--as"), (("--html", "x.html"), "--html"),
        ((*case, "--as", "duty", "--at", "soon"), "a time with its zone"),
    ]  # fmt: skip
    for words, found in mixed:
        code, _, err = command("brief", *words)
        assert (code, found in err) == (2, True), words


def test_the_call_sheet_in_every_form(noroshi: Run, tmp_path: Path) -> None:
    situation = opened(noroshi)
    reported(noroshi, situation)
    said = noroshi("situation", "calls", situation).output
    assert "Call sheet: A grid without eyes" in said
    assert "Nobody is to be called." in said  # no contact of these people has a number
    assert made(noroshi("situation", "calls", situation, "--json"))["rows"] == []
    page = tmp_path / "calls.html"
    written = noroshi("situation", "calls", situation, "--html", str(page), "--lang", "ja")
    assert (written.exit_code, written.stdout, str(page) in written.stderr) == (0, "", True)
    assert "電話連絡票" in page.read_text(encoding="utf-8")
    assert noroshi("situation", "calls", situation, who="port").exit_code == 2
    assert noroshi("situation", "calls", "none").exit_code == 3
