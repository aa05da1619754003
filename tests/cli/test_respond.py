"""`noroshi respond`: duties with times and without, severities, the flow of reports; every fault told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from icalendar import Calendar
from tests.cli.conftest import Command

FACTS = """
name = "worm"
[[incident]]
name = "trust"
functional = "significant-critical"
activity = "effect"
count = 80
[japan]
continuity = "large"
[cascade]
person_hours = 24e6
"""


@pytest.fixture(autouse=True)
def narrow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


def rows(command: Command, *arguments: str) -> dict[str, dict[str, object]]:
    code, out, err = command("respond", "duties", "--json", "--now", "2026-06-02T00:00Z", *arguments)
    assert code == 0, err
    return {row["id"]: row for row in json.loads(out)["duties"]}


def test_duties_without_a_time_are_listed_with_their_law(command: Command) -> None:
    found = rows(command)
    assert {row["level"] for row in found.values()} == {"waiting", "unverified"}
    assert all(row["due"] is None and row["source"] for row in found.values())
    assert found["jp-acd-report"]["level"] == "unverified"
    assert found["jp-acd-report"]["amount"] is None


def test_times_in_the_recipients_zone(command: Command) -> None:
    found = rows(command, "--from", "2026-06-01T10:25", "--zone", "Europe/Berlin", "--holidays", "DE",
                 "--at", "payment=2026-06-01T09:00-04:00")  # fmt: skip
    early = found["nis2-early-warning"]
    assert (early["due"], early["due_there"]) == ("2026-06-02T08:25:00Z", "2026-06-02T10:25+02:00")
    assert early["latest"] == "2026-06-02T09:00:00Z"
    assert early["left_h"] == 8.42
    assert found["circia-ransom"]["due"] == "2026-06-02T13:00:00Z"
    assert found["appi-final"]["due_there"] == "2026-07-01T00:00+09:00"
    assert found["nis2-final-report"]["level"] == "waiting"


def test_a_step_that_was_met_starts_the_next(command: Command) -> None:
    found = rows(command, "--from", "2026-05-29T10:00Z", "--zone", "Europe/Berlin", "--holidays", "DE",
                 "--at", "nis2-notification=2026-06-01T09:00Z", "--only", "nis2")  # fmt: skip
    assert set(found) == {"nis2-early-warning", "nis2-notification", "nis2-notification-trust", "nis2-final-report"}
    assert found["nis2-notification"]["level"] == "met"
    assert found["nis2-early-warning"]["level"] == "overdue"
    assert found["nis2-final-report"]["due_there"] == "2026-07-02T00:00+02:00"


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_page_says_what_is_due_open_and_unverified(command: Command, lang: str) -> None:
    code, out, _ = command("--lang", lang, "respond", "duties", "--from", "2026-10-25T02:30", "--zone", "Europe/Berlin",
                           "--now", "2026-10-25T12:00Z")  # fmt: skip
    assert code == 0
    words = {
        "en": ("unverified: not computed", "check whether it is in force", "on the clock twice", "2026-11-24 24:00"),
        "ja": ("未確認のため計算しない", "施行の有無を要確認", "2回ある", "2026-11-24 24:00"),
    }
    assert all(word in " ".join(out.split()) for word in words[lang])
    assert max(map(len, out.splitlines())) <= 80


def test_a_calendar_is_written(command: Command, tmp_path: Path) -> None:
    path = tmp_path / "d.ics"
    code, _, _ = command("respond", "duties", "--from", "2026-06-01T10:00Z", "--now", "2026-06-01T12:00Z",
                         "--ics", path, "--case", "sony", "--exercise")  # fmt: skip
    assert code == 0
    events = Calendar.from_ical(path.read_bytes()).walk("VEVENT")
    assert {str(one["UID"]) for one in events} >= {"sony.nis2-early-warning@noroshi", "sony.circia-incident@noroshi"}


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--from", "yesterday"), 2, "a time such as"),
        (("--from", "2026-06-01"), 2, "a time of day"),
        (("--from", "2026-06-01T10:00"), 2, "--zone Asia/Tokyo"),
        (("--from", "1066-06-01T10:00Z"), 2, "correct the year"),
        (("--from", "2026-06-01T10:00Z", "--zone", "Asia/Tokio"), 3, "Asia/Tokyo"),
        (("--from", "2026-06-01T10:00Z", "--holidays", "XX"), 3, "no calendar"),
        (("--at", "paiment=2026-06-01T10:00Z"), 3, "payment"),
        (("--at", "payment"), 2, "NAME=TIME"),
        (("--at", "payment=2026-06-01T10:00Z", "--at", "payment=2026-06-01T11:00Z"), 2, "twice"),
        (("--only", "NIS3"), 3, "NIS2"),
        (("--file", "absent.toml"), 2, "correct the path"),
        (("--at", "payment=x", "--at", "detection=y"), 2, "2"),
    ],
)
def test_what_is_wrong_is_said(command: Command, arguments: tuple[str, ...], code: int, said: str) -> None:
    got, out, err = command("respond", "duties", *arguments)
    assert (got, out) == (code, "")
    assert said in err


def test_the_longest_periods_have_days_off_to_the_end(command: Command, tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    row = """
[[duty]]
id = "{id}"
regime = "X"
name = "n"
name_ja = "名"
trigger = "t"
trigger_ja = "条件"
anchor = "awareness"
amount = {amount}
unit = "{unit}"
counting = "eu-1182-71"
zone = "Europe/Berlin"
calendar = "DE"
recipients = [["a", "甲"]]
form = "f"
form_ja = "様式"
source = "Act 1"
verified_by = "me"
verified_on = 2026-01-01
"""
    most = {"days": 3660, "business_days": 1000, "months": 120}
    own.write_text("".join(row.format(id=unit.replace("_", "-"), unit=unit, amount=n) for unit, n in most.items()))
    found = rows(command, "--file", str(own), "--from", "2026-06-01T10:00Z")
    assert [str(found[key]["due_there"])[:10] for key in ("days", "months")] == ["2036-06-10", "2036-06-04"]
    assert str(found["business-days"]["due_there"])[:4] == "2030"


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_severities_with_what_is_added(command: Command, tmp_path: Path, lang: str) -> None:
    facts = tmp_path / "facts.toml"
    facts.write_text(FACTS, encoding="utf-8")
    code, out, _ = command("--lang", lang, "respond", "severity", facts)
    assert code == 0
    words = {
        "en": ("+ campaign (ours)", "+ cascade (ours)", "Level 3 (high) – Level 4 (crisis)", "6 of 8 not known"),
        "ja": ("一連の攻撃による加算", "波及による加算", "レベル3(高) – レベル4(危機)", "8項目中6項目が不明"),
    }
    assert all(word in " ".join(out.split()) for word in words[lang])
    code, out, _ = command("respond", "severity", facts, "--json")
    values = json.loads(out)
    together = values["nciss"]["together"]
    assert together["incidents"] == 80
    assert 0 < together["worst"]["low"] < together["total"]["low"] <= together["total"]["high"] <= 100
    assert values["nciss"]["bands"] is None
    japan = next(one for one in values["scales"] if one["id"] == "japan")
    assert (japan["low"]["rank"], japan["high"]["rank"]) == (3, 4)


def test_facts_that_are_wrong_are_said(command: Command, tmp_path: Path) -> None:
    facts = tmp_path / "facts.toml"
    facts.write_text('[[incident]]\nfunctional = "denial"\n', encoding="utf-8")
    code, _, err = command("respond", "severity", facts)
    assert code == 2
    assert "denial-critical" in err


@pytest.mark.parametrize(("lang", "word"), [("en", "given to operators"), ("ja", "予兆・ヒヤリハット")])
def test_the_flow_of_reports(command: Command, lang: str, word: str) -> None:
    code, out, _ = command("--lang", lang, "respond", "flow")
    assert code == 0
    assert word in out
    assert "407" in out
    code, out, _ = command("respond", "flow", "--json")
    assert json.loads(out)[0]["years"]["FY2023"] == 272
