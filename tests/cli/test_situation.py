"""`noroshi situation` as a duty officer and an operator use it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

import pytest
from tests.cli.conftest import Command

DECLARED = """
[[principal]]
name = "duty"
kind = "centre"
token = "a-token-that-is-long-enough-for-duty"
sees = "RED"
[[principal]]
name = "kumo"
kind = "operator"
token = "a-token-that-is-long-enough-for-kumo"
sees = "AMBER"
[[contact]]
principal = "kumo"
organisation = "kumo-rail"
sector = "railway"
[[principal]]
name = "transport"
kind = "ministry"
token = "a-token-that-is-long-enough-for-ministry"
sees = "AMBER"
[[principal]]
name = "port"
kind = "operator"
token = "a-token-that-is-long-enough-for-port"
sees = "AMBER"
"""


class Result(NamedTuple):
    """What a command ended with and said."""

    exit_code: int
    stdout: str
    stderr: str

    @property
    def output(self) -> str:
        """Return all that it said."""
        return self.stdout + self.stderr


Run = Callable[..., Result]


@pytest.fixture
def run(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("NOROSHI_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("NOROSHI_DATABASE", raising=False)
    declared = tmp_path / "hub.toml"
    declared.write_text(DECLARED, encoding="utf-8")
    command("admin", "apply", declared)
    return lambda *words, who="duty": Result(*command("situation", *words, "--as", who))


def made(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def opened(run: Run, *more: str) -> str:
    found = made(run("open", "--title", "Trains without tickets", "--title-ja", "切符のない列車", "--json", *more))
    return str(found["situation"])


def reported(run: Run, *more: str) -> str:
    words = ("report", "--what", "unavailability", "--effect", "tickets cannot be sold", "--json", *more)
    return str(made(run(*words, who="kumo"))["incident"])


def test_from_the_report_to_the_end(run: Run) -> None:
    situation = opened(run)
    incident = reported(run, "--since", "2026-11-22T09:30+09:00")
    update = ("--set", "since=2026-11-22T08:00+09:00", "--set", "persons=120000", "--harm", "service=40000", "--state",
              "confirmed", "--why", "log of the ticket server")  # fmt: skip
    assert "line 4" in run("update", incident, *update, who="kumo").output
    assert "1 incident" in run("gather", situation, incident).output
    assert run("note", situation, "Kumo Rail was called").exit_code == 0
    shown = run("show", incident).output
    for text in ("kumo-rail: confirmed  TLP:AMBER", "since when: 2026-11-22 08:00 JST (21 23:00 UTC)",
                 "before: 2026-11-22 09:30 JST (22 00:30 UTC) (line 1)", "120,000", "harm (service): 40,000",
                 "log of the ticket server"):  # fmt: skip
        assert text in shown
    case = made(run("show", situation, "--json"))
    assert [one["incident"] for one in case["incidents"]] == [incident]
    fields = case["incidents"][0]["fields"]
    assert (fields["since"]["value"], fields["since"]["before"]) == (
        "2026-11-21T23:00:00.000000Z", [{"value": "2026-11-22T00:30:00.000000Z", "line": 1}],
    )  # fmt: skip
    assert [line["kind"] for line in case["lines"]] == ["opened", "gathered", "remarked"]
    assert run("close", situation, "--why", "trains sell tickets again").exit_code == 0
    assert re.search(r"20\d\d-\d\d-\d\d \d\d:\d\d JST .*終結", run("list", "--lang", "ja").output)
    assert "2026-11-22 08:00 JST (21 23:00 UTC)  confirmed" in run("list", "--incidents").output
    assert run("gather", situation, incident, "--away").exit_code == 2
    assert run("close", situation, "--reopen", "--why", "again").exit_code == 0
    assert run("gather", situation, incident, "--away").exit_code == 0


def test_the_last_time_that_can_be_said_can_be_shown(run: Run) -> None:
    words = ("--to", "kumo", "--what", "Check", "--what-ja", "点検", "--by", "9998-12-31T23:59:59Z")
    assert run("ask", opened(run), *words).exit_code == 0
    assert "9999-01-01 08:59 JST" in run("asks", who="kumo").output


def test_times_that_cannot_be_are_refused_with_what_was_expected(run: Run) -> None:
    begun = ("report", "--what", "leak", "--effect", "x", "--organisation", "kumo-rail", "--since")
    for since, expected in (("2096-01-01T00:00Z", "no later than now"),
                            ("1900-01-01T00:00+09:00", "from 1970 to 9998")):  # fmt: skip
        answer = run(*begun, since)
        assert (answer.exit_code, expected in answer.output) == (2, True)
    incident = reported(run, "--since", "2026-11-20T09:30+09:00")
    for words in (("--met", "appi-prompt", "--at", "2026-11-19T09:30+09:00"), ("--set", "ended=2026-11-19T09:30Z")):
        answer = run("update", incident, *words)
        assert (answer.exit_code, "no earlier than since, 2026-11-20T00:30Z" in answer.output) == (2, True)
    assert len(made(run("show", incident, "--json"))["lines"]) == 1
    assert f"Next: noroshi situation show {incident}" in run("update", incident, "--text", "x").output
    assert "Next: noroshi situation impact" in run("gather", opened(run), incident).output
    late = run("ask", opened(run), "--to", "kumo", "--what", "a", "--what-ja", "あ", "--by", "2020-01-01T00:00Z")
    assert (late.exit_code, "later than now" in late.output) == (2, True)


def test_others_see_nothing_and_cannot_tell(run: Run) -> None:
    situation, incident = opened(run), reported(run)
    run("gather", situation, incident)
    for uid in (situation, incident, "none"):
        answer = run("show", uid, who="port")
        assert (answer.exit_code, situation in answer.output) == (3, False)
    for words in (("list",), ("list", "--incidents")):
        assert run(*words, who="port").output == "Nothing that you may see.\n"
    assert run("admit", situation, "port").exit_code == 0
    part = run("show", situation, who="port").output
    assert "an organisation that is not named: systems or services not available" in part
    assert "kumo" not in part
    assert "Timeline" not in part
    assert run("show", incident, who="port").exit_code == 3
    run("update", incident, "--consent", "sector", who="kumo")
    assert "分野「railway」の組織" in run("show", situation, "--lang", "ja", who="port").output
    run("admit", situation, "port", "--away")
    assert run("show", situation, who="port").exit_code == 3


def test_asked_through_a_ministry_and_answered(run: Run) -> None:
    situation = opened(run)
    words = ("ask", situation, "--to", "kumo", "--what", "Check the ticket server", "--what-ja", "券売機の点検",
             "--by", "2020-11-24T17:00+09:00")  # fmt: skip
    with patch("noroshi.cli.situation_asks.micros", return_value=1_600_000_000_000_000):  # in 2020
        name = str(made(run(*words, "--through", "transport", "--json"))["ask"])
    told = run("asks", who="kumo").output
    for text in ("kumo through transport: Check the ticket server", "asked", "by 2020-11-24 17:00 JST", "OVERDUE"):
        assert text in told
    assert situation not in told
    assert run("asks", who="port").output == "No requests.\n"
    assert run("answer", name, "done", who="port").exit_code == 3
    assert run("answer", name, "refused", who="kumo").exit_code == 2
    assert run("remind", name).exit_code == 0
    assert run("answer", name, "accepted", "--why", "tonight", who="kumo").exit_code == 0
    assert run("answer", name, "done", "--why", "restarted", who="kumo").exit_code == 0
    stands = run("asks", situation, "--lang", "ja").output
    assert "transport: 要請中0 受諾0 実施済み1 拒否0(期限超過0)" in stands
    assert "督促1回" in stands
    assert "reminded once" in run("asks", situation).output
    found = made(run("asks", situation, "--json"))
    assert (found["asks"][0]["state"], found["by_ministry"][0]["done"]) == ("done", 1)
    assert "answer to a request" in run("show", situation).output
    assert made(run("show", situation, "--json"))["asks"][0]["why"] == "restarted"
    assert "expected a principal" in run("ask", situation, "--to", "nobody", *words[4:]).output


def test_an_exercise_says_so(run: Run) -> None:
    situation = opened(run, "--exercise")
    incident = made(run("report", "--what", "malware", "--effect", "x", "--organisation", "kumo-rail", "--situation",
                        situation, "--json"))  # fmt: skip
    assert (incident["exercise"], incident["situation"]) == (True, situation)
    for uid in (situation, incident["incident"]):
        assert run("show", uid).output.startswith("EXERCISE EXERCISE EXERCISE\n")
        assert run("show", uid, "--lang", "ja").output.startswith("演習 演習 演習\n")
        assert made(run("show", uid, "--json"))["exercise"] is True
    assert "[EXERCISE]" in run("list").output
    real = reported(run)
    answer = run("gather", situation, real)
    assert (answer.exit_code, "exercise" in answer.output) == (2, True)


FAULTY: list[tuple[tuple[str, ...], str]] = [
    (("update", "?", "--set", "persons=-1", "--state", "confirmed"), "persons: -1"),
    (("update", "?", "--set", "colour=red"), "colour: no such field"),
    (("update", "?", "--set", "persons"), "FIELD=VALUE"),
    (("update", "?", "--state", "closed", "--harm", "data=many"), "KIND=AMOUNT"),
    (("update", "?", "--set", "since=2026-11-22T08:00"), "a time with its zone"),
    (("update", "?", "--set", "since=soon"), "a time with its zone"),
    (("update", "?", "--set", "since=0001-01-01T00:00+14:00"), "a time with its zone"),
    (("update", "?", "--text", "x", "--at", "9999-12-31T23:59Z"), "a time with its zone"),
    (("update", "?", "--text", "x", "--at", "1969-12-31T23:59Z"), "a time with its zone"),
    (("update", "?"), "nothing to say"),
    (("update", "?", "--set", "malicious=perhaps"), "malicious: perhaps"),
    (("report", "--what", "boom", "--effect", "x"), "what: boom"),
    (("report", "--what", "leak", "--effect", "x", "--tlp", "PINK"), "tlp: PINK"),
    (("report", "--what", "leak", "--effect", "x", "--organisation", "port"), "own organisation"),
    (("open", "--title", "a", "--title-ja", "b"), "the centre leads"),
]


@pytest.mark.parametrize(("words", "said"), FAULTY)
def test_what_is_wrong_is_named_and_nothing_of_it_is_kept(run: Run, words: tuple[str, ...], said: str) -> None:
    incident = reported(run)
    answer = run(*(incident if word == "?" else word for word in words), who="kumo")
    assert answer.exit_code == 2
    assert said in answer.output
    assert len(made(run("show", incident, "--json"))["lines"]) == 1
    assert made(run("list", "--json"))["situations"] == []


def test_what_it_does_to_the_estate(run: Run) -> None:
    situation = opened(run, "--estate", "sorami")
    words = ("report", "--what", "malware", "--effect", "x", "--since", "2026-11-22T04:00+09:00", "--organisation",
             "tomariura-port", "--situation", situation, "--json")  # fmt: skip
    incident = made(run(*words))["incident"]
    said = run("impact", situation).output
    for text in ("port-tos: freeze, from hour 0 (no system was named", "Containers in and out: from hour 0", "EXCEEDED",
                 "isokaze-logistics → tomariura-port"):  # fmt: skip
        assert text in said
    found = made(run("impact", incident, "--estate", "sorami", "--json"))
    assert (found["began"], found["below"][0]["id"]) == ("2026-11-21T19:00:00.000000Z", "containers")
    assert run("impact", incident).exit_code == 2
    assert run("impact", situation, "--estate", "nowhere").exit_code == 3
    assert run("impact", situation, who="port").exit_code == 3
    run("update", incident, "--state", "closed")
    assert "復旧済みまたは終結" in run("impact", situation, "--lang", "ja").output


def test_what_must_be_reported_and_what_was(run: Run, tmp_path: Path) -> None:
    incident = reported(run, "--since", "2026-11-20T09:30+09:00")
    first = made(run("duties", incident, "--only", "appi", "--json", who="kumo"))
    prompt = {one["id"]: one for one in first["duties"]}["appi-prompt"]
    entered = made(run("show", incident, "--json"))["lines"][0]["entered"]
    assert prompt["since"][:19] == entered[:19]
    aware = ("--set", "awareness=2026-11-20T10:00+09:00", "--set", "regimes=APPI")
    assert run("update", incident, *aware, who="kumo").exit_code == 0
    found = made(run("duties", incident, "--json", who="kumo"))
    assert {one["regime"] for one in found["duties"]} == {"APPI"}
    assert found["duties"][0]["since"] == "2026-11-20T01:00:00Z"
    assert run("update", incident, "--met", "appi-prompt", "--at", "2026-11-21T12:00+09:00", who="kumo").exit_code == 0
    calendar = tmp_path / "duties.ics"
    written = run("duties", incident, "--json", "--ics", str(calendar))
    assert str(calendar) in written.stderr
    after = json.loads(written.stdout)
    met = {one["id"]: one["met"] for one in after["duties"]}
    assert (met["appi-prompt"], met["appi-final"]) == ("2026-11-21T03:00:00Z", None)
    text = calendar.read_text()
    assert incident[:8] in text
    assert "appi-prompt" not in text
    assert "duty met: appi-prompt" in run("show", incident).output
    assert run("duties", incident, who="port").exit_code == 3
    assert run("duties", incident, "--only", "no-such-law").exit_code == 3
    assert "APPI" in run("duties", incident, "--lang", "ja").output
    assert run("duties", opened(run)).exit_code == 3
