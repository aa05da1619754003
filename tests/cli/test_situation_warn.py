"""As a duty officer on the command line: from the first report to warnings sent, answered and followed."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.cli.conftest import Command

DECLARED = """
[[principal]]
name = "duty"
kind = "centre"
token = "a-token-that-is-long-enough-for-duty"
sees = "RED"
[[principal]]
name = "isokaze"
kind = "operator"
token = "a-token-that-is-long-enough-for-isokaze"
sees = "AMBER"
[[contact]]
principal = "isokaze"
organisation = "isokaze-logistics"
sector = "logistics"
[[principal]]
name = "ferry"
kind = "operator"
token = "a-token-that-is-long-enough-for-ferry"
sees = "GREEN"
[[contact]]
principal = "ferry"
organisation = "strait-ferry"
sector = "logistics"
"""
TEXTS = ("--title", "Containers wait", "--title-ja", "コンテナ滞留", "--text", "A terminal stands still.", "--text-ja",
         "あるターミナルが停止。", "--action", "Plan other routes.", "--action-ja", "別経路を手配。")  # fmt: skip
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@pytest.fixture
def hub(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    monkeypatch.setenv("NOROSHI_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("NOROSHI_DATABASE", raising=False)
    declared = tmp_path / "hub.toml"
    declared.write_text(DECLARED, encoding="utf-8")
    command("admin", "apply", declared)
    return command


def test_from_the_first_report_to_warnings_sent_in_eight_commands(hub: Command) -> None:
    """Each command says what it did and what comes next; five do it, and three look at how it stands."""
    ran: list[str] = []

    def do(*words: str) -> str:
        code, out, err = hub(*words, "--as", "duty")
        assert code == 0, err
        ran.append(" ".join(words[:2]))
        return str(out)

    told = do("situation", "open", "--title", "Port stands still", "--title-ja", "港の停止", "--estate", "sorami")
    case = UUID.findall(told)[0]
    assert f"noroshi situation report … --situation {case}" in told
    told = do("situation", "report", "--what", "unavailability", "--effect", "cranes stand still", "--since",
              "2026-11-22T09:30+09:00", "--organisation", "tomariura-port", "--sector", "port", "--situation",
              case)  # fmt: skip
    assert f"gathered under {case}" in told
    told = do("situation", "impact", case)
    assert "isokaze-logistics" in told
    told = do("situation", "warn", case, *TEXTS)
    warning = UUID.findall(told)[0]
    assert "isokaze: depends on it: isokaze-logistics → tomariura-port" in told
    assert "ferry  [may not see its TLP]" in told
    assert "tomariura-hospital (Tomariura Hospital): tomariura-hospital → isokaze-logistics" in told
    assert "no contact is declared for it" in told
    assert f"noroshi warn send {warning} --as duty --proposed --estate sorami" in told
    told = do("warn", "send", warning, "--proposed", "--estate", "sorami")
    assert "chosen 1, delivered 0" in told
    assert len(ran) <= 8
    code, out, _ = hub("warn", "receipt", warning, "--state", "acted", "--as", "isokaze")
    assert (code, out.strip()) == (0, "acted")
    assert "acted 1" in do("warn", "coverage", warning)
    assert warning in do("situation", "show", case)


def test_what_is_missing_is_named_and_nothing_is_kept(hub: Command) -> None:
    _, out, _ = hub("situation", "open", "--title", "x", "--title-ja", "x", "--as", "duty", "--json")
    case = json.loads(out)["situation"]
    code, _, err = hub("situation", "warn", case, "--title", "x", "--severity", "dire", "--as", "duty")
    assert code == 2
    assert all(f"[--{key}]" in err for key in ("title-ja", "text", "text-ja", "action", "action-ja", "severity"))
    code, _, err = hub("situation", "warn", case, *TEXTS, "--as", "isokaze")
    assert code == 3
    assert "no such situation" in err
    code, out, _ = hub("warn", "list", "--as", "duty", "--json")
    assert json.loads(out)["warnings"] == []


def test_a_file_is_read_as_for_any_warning_and_an_exercise_says_so(hub: Command, tmp_path: Path) -> None:
    _, out, _ = hub("situation", "open", "--title", "x", "--title-ja", "x", "--exercise", "--as", "duty", "--json")
    case = json.loads(out)["situation"]
    file = tmp_path / "warning.toml"
    lines = ['severity = "high"', 'tlp = "GREEN"']
    lines += [f'[{key}]\nen = "a"\nja = "b"' for key in ("title", "text", "action")]
    file.write_text("\n".join([*lines, "[audience]", 'sectors = ["logistics"]']), encoding="utf-8")
    code, out, err = hub("situation", "warn", case, "--file", file, "--as", "duty", "--json")
    assert code == 0, err
    made = json.loads(out)
    assert made["exercise"] is True
    assert {(one["principal"], one["kept_from"]) for one in made["proposed"]} == {
        ("isokaze", "exercise"),
        ("ferry", "exercise"),
    }
    code, out, _ = hub("situation", "warn", case, "--file", file, "--as", "duty", "--lang", "ja")
    assert "(演習)" in out
    assert "演習用と実際の連絡先の区分が警告と異なる" in out
    _, out, _ = hub("warn", "list", "--as", "duty")
    assert out.count("[EXERCISE]") == 2
