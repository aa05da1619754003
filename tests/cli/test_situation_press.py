"""`noroshi situation press`: from a press list to a request, as the centre does it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.test_situation import Run, made, opened, run

__all__ = ["run"]

ROW = {"organisation": "kumo-rail", "name": "Kumo Rail", "name_ja": "雲鉄道", "sector": "railway", "why": "so",
       "why_ja": "理由", "measure_names": ["Copy it"], "measure_names_ja": ["複製"]}  # fmt: skip
UNTIL = "2099-12-01T17:00+09:00"


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    file = tmp_path / "press.json"
    file.write_text(json.dumps({"press_first": [ROW, {**ROW, "organisation": "other-ltd"}]}), encoding="utf-8")
    return file


def test_the_list_is_shown_and_who_is_chosen_is_asked(run: Run, listed: Path) -> None:
    case = opened(run)
    shown = run("press", case, str(listed)).stdout
    assert "1. Kumo Rail (kumo-rail), sector railway" in shown
    assert "asked by name: kumo" in shown
    assert "cannot be asked: no contact is declared for it" in shown
    assert "--ask ORGANISATION" in shown
    told = run("press", case, str(listed), "--ask", "kumo-rail", "--by", UNTIL, "--lang", "ja")
    assert told.exit_code == 0, told.output
    assert "要請済み: kumo、要請中" in told.stdout
    plain = made(run("press", case, str(listed), "--json"))
    assert plain["made"] == []
    assert [len(one["asked"]) for one in plain["press_list"]] == [1, 0]
    assert "Copy it" in run("asks", who="kumo").stdout


def test_what_does_not_go_together_is_said(run: Run, listed: Path) -> None:
    case = opened(run)
    assert "go together" in run("press", case, str(listed), "--ask", "kumo-rail").output
    refused = run("press", case, str(listed), "--ask", "other-ltd", "--by", UNTIL)
    assert (refused.exit_code, "no contact is declared" in refused.output) == (2, True)
    assert "permissions" in run("press", case, str(listed), who="kumo").stderr
