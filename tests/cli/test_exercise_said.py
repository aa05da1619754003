"""Whatever a command shows of an exercise says so first, in both languages and in JSON; of a real case none does."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Command
from tests.desk.case_outputs import worked_out_once

PEOPLE = """
[[principal]]
name = "duty"
kind = "centre"
token = "a-token-that-is-long-enough-for-duty"
sees = "RED"
"""
OPERATOR = """
[[principal]]
name = "{name}"
kind = "operator"
token = "a-token-that-is-long-enough-for-{name}"
sees = "AMBER"
[[contact]]
principal = "{name}"
organisation = "sorami-grid"
sector = "power"
exercise = {drills}
"""
PRESS = {"press_first": [{
    "organisation": "sorami-grid", "name": "Grid", "name_ja": "送電", "sector": "power", "measure_names": ["Patch"],
    "measure_names_ja": ["更新"], "why": "", "why_ja": "",
}]}  # fmt: skip
SHOWN = {
    "show": "situation show CASE", "show of an incident": "situation show INCIDENT",
    "duties": "situation duties INCIDENT", "severity": "situation severity CASE",
    "impact": "situation impact CASE --estate sorami --hours 2",
    "asks": "situation asks CASE", "press": "situation press CASE PRESS", "calls": "situation calls CASE",
    "position": "situation position show CASE", "brief": "brief --situation CASE", "propose": "warn propose WARNING",
    "coverage": "warn coverage WARNING", "list": "situation list", "incidents": "situation list --incidents",
    "own asks": "situation asks", "warnings": "warn list",
}  # fmt: skip
"""What is shown -> the command; a list holds a row of each side."""
LISTS = {"list": "situations", "incidents": "incidents", "own asks": "asks", "warnings": "warnings"}
ENOUGH = re.compile(r"EXERCISE|演習")


@pytest.fixture
def noroshi(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("NOROSHI_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("COLUMNS", "120")
    monkeypatch.delenv("NOROSHI_DATABASE", raising=False)
    declared = tmp_path / "hub.toml"
    both = (OPERATOR.format(name=name, drills=of) for name, of in (("grid", "false"), ("grid-drill", "true")))
    declared.write_text(PEOPLE + "".join(both), encoding="utf-8")
    command("admin", "apply", declared)

    def call(line: str, *more: str, who: str = "duty", lang: str = "en") -> str:
        code, out, err = command("--lang", lang, *line.split(), *more, "--as", who)
        assert code == 0, (line, err)
        return str(out)

    with worked_out_once():
        yield call


def made(noroshi: Any, tmp_path: Path, *more: str) -> dict[str, str]:
    """Lead a case, as an exercise or not; return what stands for its parts in `SHOWN`."""
    case = json.loads(noroshi("situation open --title A --title-ja 事態 --json", *more))
    uid = case["situation"]
    report = ("situation report --what malware --effect dark --organisation sorami-generation --sector power"
              " --since 2026-11-20T04:00+09:00 --json --situation")  # fmt: skip
    incident = json.loads(noroshi(report, uid))["incident"]
    name = "grid-drill" if more else "grid"
    noroshi(f"situation ask {uid} --to {name} --what Look --what-ja 確認 --by 2030-01-01T00:00Z")
    words = [f"--{part}{end} x" for part in ("title", "text", "action") for end in ("", "-ja")]
    warning = json.loads(noroshi(f"situation warn {uid} --severity high --json {' '.join(words)}"))["warning"]
    press = tmp_path / "press.json"
    press.write_text(json.dumps(PRESS), encoding="utf-8")
    return {"CASE": uid, "INCIDENT": incident, "WARNING": warning, "PRESS": str(press)}


def filled(line: str, parts: dict[str, str]) -> str:
    return " ".join(parts.get(word, word) for word in line.split())


@pytest.mark.parametrize("more", [("--exercise",), ()], ids=["exercise", "live"])
def test_whatever_is_shown_of_an_exercise_says_so_first(noroshi: Any, tmp_path: Path, more: tuple[str, ...]) -> None:
    parts = made(noroshi, tmp_path, *more)
    wrong = []
    for what, line in SHOWN.items():
        who = ("grid-drill" if more else "grid") if what == "own asks" else "duty"
        for lang in ("en", "ja"):
            first, *rest = noroshi(filled(line, parts), who=who, lang=lang).splitlines()
            said = [first] if more else [first, *rest]
            if any(ENOUGH.search(row) for row in said) is not bool(more):
                wrong.append((what, lang, said[0]))
        found = json.loads(noroshi(filled(line, parts), "--json", who=who))
        if (found[LISTS[what]][0] if what in LISTS else found).get("exercise") is not bool(more):
            wrong.append((what, "json", ""))
    assert not wrong
    calendar = tmp_path / "due.ics"
    noroshi(f"situation duties {parts['INCIDENT']} --only APPI --ics {calendar}")
    names = re.findall(r"^(?:X-WR-CALNAME|SUMMARY):(.*)", calendar.read_text(encoding="utf-8"), re.MULTILINE)
    assert names
    assert {name.startswith("EXERCISE") for name in names} == {bool(more)}
