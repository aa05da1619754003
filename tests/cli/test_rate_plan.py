"""`noroshi rate plan`: the contract of its JSON, budgets over years, the way to the mark, what people read."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.cli.conftest import Command

Run = Callable[..., tuple[int, str, str]]
ANSWERS = {
    "organisation": "hospital-1",
    "sector": "medical",
    "as_of": "2026-11-01",
    "answers": [
        {"item": "mfa", "level": 0.33, "grade": "document", "date": "2026-05-01"},
        {"item": "exposed-patching", "level": 0.5, "grade": "measured", "date": "2026-10-20", "source": "scan 7"},
        {"item": "incident-plan", "level": 1, "grade": "self", "date": "2026-10-01"},
        {"item": "ot-separation", "grade": "self", "date": "2026-10-01", "not_applicable": "no control systems"},
    ],
}


@pytest.fixture
def plan(command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Return a function that plans for the answers above and returns exit code, output and errors."""
    monkeypatch.setenv("COLUMNS", "80")
    path = tmp_path / "answers.json"
    path.write_text(json.dumps(ANSWERS), encoding="utf-8")

    def call(*arguments: str, lang: str = "en") -> tuple[int, str, str]:
        return command("--lang", lang, "rate", "plan", path, *arguments)

    return call


def test_the_contract(plan: Run) -> None:
    code, out, err = plan("--budget", "60", "--json")
    assert code == 0, err
    said = json.loads(out)
    assert {"measures", "cost", "reduction", "gap", "score_after"} <= set(said)
    assert said["measures"] == [step["id"] for step in said["steps"]]
    assert said["cost"] == pytest.approx(sum(step["cost"] for step in said["steps"]))
    assert 0.0 < said["cost"] <= 60.0
    assert 0.0 <= said["gap"] <= 1e-3
    assert said["reduction"] == pytest.approx(1.0 - said["after"] / said["before"], abs=1e-5)
    assert said["steps"][-1]["left"] == pytest.approx(said["after"])
    assert said["score_after"] > said["score_before"]


def test_more_money_takes_more_away(plan: Run) -> None:
    took = [json.loads(plan("--budget", budget, "--json")[1])["reduction"] for budget in ("0", "30", "100", "400")]
    assert took == sorted(took)
    assert took[0] == 0.0
    assert took[-1] > 0.15


def test_staff_limits_too(plan: Run) -> None:
    said = json.loads(plan("--budget", "100", "--staff", "10", "--json")[1])
    assert 0.0 < said["staff"] <= 10.0


def test_years_keep_each_year_s_budget(plan: Run) -> None:
    said = json.loads(plan("--budget", "30,20,20", "--json")[1])
    for year, budget in ((1, 30.0), (2, 20.0), (3, 20.0)):
        assert sum(step["cost"] for step in said["steps"] if step["year"] == year) <= budget
    assert {step["year"] for step in said["steps"]} == {1, 2, 3}


def test_a_threat_changes_what_comes_first(plan: Run) -> None:
    wide = json.loads(plan("--budget", "60", "--json")[1])
    narrow = json.loads(plan("--budget", "60", "--threat", "campaign-2014", "--json")[1])
    assert narrow["measures"] != wide["measures"]
    assert "2014" in narrow["against"]


def test_the_cheapest_way_to_the_mark_passes(plan: Run) -> None:
    code, out, _ = plan("--to-pass", "--json")
    said = json.loads(out)
    assert code == 0
    assert said["p_pass_after"] >= 0.9
    assert said["verdict_after"] == "pass"
    assert said["gap"] <= 0.1
    assert set(said["to_prove"]) == {"mfa", "incident-plan", "ot-separation"}


def test_where_nothing_suffices_it_says_so(plan: Run) -> None:
    assert json.loads(plan("--to-pass", "--grade", "document", "--json")[1]) == {"measures": None}
    assert "72" in plan("--to-pass", "--grade", "document", lang="ja")[1]


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_what_people_read_fits_80_columns(plan: Run, lang: str) -> None:
    from rich.cells import cell_len

    code, out, _ = plan("--budget", "30,20", lang=lang)
    assert code == 0
    assert max(cell_len(line) for line in out.splitlines()) <= 80
    assert ("百万円" in out) == (lang == "ja")


@pytest.mark.parametrize("arguments", [(), ("--budget", "x"), ("--budget", "-3"), ("--budget", "inf"),
                                       ("--budget", "1,2,3,4,5,6"), ("--budget", "3", "--to-pass")])  # fmt: skip
def test_a_budget_at_fault_is_named(plan: Run, arguments: tuple[str, ...]) -> None:
    code, out, err = plan(*arguments)
    assert code == 2
    assert not out
    assert "--budget" in err
    assert "Traceback" not in err


def test_an_unknown_threat_is_not_found(plan: Run) -> None:
    assert plan("--budget", "3", "--threat", "no-such-threat-anywhere")[0] == 3
