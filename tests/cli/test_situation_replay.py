"""`noroshi situation replay`: listed, played with its briefs, gone on with; what is wrong is said."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import replace as replaced
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Command
from tests.store.databases import KINDS, address

from noroshi.desk import warnings_sending

BEGIN = "2026-06-09T05:40+09:00"
KILLS = 20


@pytest.fixture
def replay(command: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """Return a function that runs `noroshi situation replay ...` on a hub of its own."""
    monkeypatch.setenv("NOROSHI_DATA", str(tmp_path / "hub"))

    def call(*arguments: object) -> tuple[int, str, str]:
        return command("situation", "replay", *arguments)

    return call


def test_what_ships_is_listed(replay: Command) -> None:
    for arguments in ((), ("--list",)):
        code, out, _ = replay(*arguments)
        assert code == 0
        assert "sony-2014  Attack on a film studio, December 2014\n  41 steps" in out
        assert "port-ransomware  Ransomware at the port of Tomariura  (never happened" in out
    told = json.loads(replay("--json")[1])["scripts"]
    assert [one["id"] for one in told] == ["port-ransomware", "sony-2014"]


def test_december_2014_from_one_command(replay: Command, command: Command, tmp_path: Path) -> None:
    folder = tmp_path / "briefs"
    code, out, _ = replay("sony-2014", "--briefs", folder)
    assert code == 0
    lines = out.splitlines()
    assert lines[0] == "Attack on a film studio, December 2014"
    rows = [line for line in lines if line[:3].strip().isdigit()]
    assert len(rows) == 41
    assert all("[" in row for row in rows)
    assert "2014-12-20 01:30 JST (19 16:30 UTC)  claim: The FBI attributes" in out
    assert "(grid-tokyo): Ports 195 and 444 are blocked" in out
    assert sum("[Illustration, not history]" in row for row in rows) == 27
    names = sorted(path.name for path in folder.iterdir())
    assert names == sorted(f"brief-{day}.{end}" for day in range(19, 25) for end in ("json", "en.html", "ja.html"))
    assert "帰属" in (folder / "brief-22.ja.html").read_text(encoding="utf-8")
    # what is told to look at next works
    show, brief = (line.split("noroshi ")[1].split() for line in lines[-2:])
    assert command(*show)[0] == 0
    again = json.loads(command(*brief, "--json")[1])
    assert again == json.loads((folder / "brief-24.json").read_bytes())
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    code, out, _ = replay("sony-2014", "--briefs", folder, "--lang", "ja")
    assert (code, out.count("(実施済み)")) == (0, 41)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_an_exercise_says_so_first(replay: Command) -> None:
    code, out, _ = replay("sony-2014", "--exercise", "--begin", BEGIN, "--clock", "real", "--speed", "1e6")
    assert code == 0
    assert out.startswith("EXERCISE EXERCISE EXERCISE\nAttack on a film studio")
    assert "  1/41  2026-06-09 05:40 JST" in out
    told = json.loads(replay("sony-2014", "--exercise", "--begin", BEGIN, "--json")[1])
    assert (told["exercise"], len(told["steps"]), told["steps"][0]["already"]) == (True, 41, True)
    assert all(name.startswith("replay.sony-2014-exercise.") for name in told["cast"])
    assert replay("sony-2014", "--exercise", "--begin", BEGIN, "--lang", "ja")[1].startswith("演習 演習 演習\n")


def test_what_is_wrong_is_said(replay: Command, tmp_path: Path) -> None:
    code, _, err = replay("port-ransomware")
    assert (code, "--exercise" in err, "never happened" in err) == (2, True, True)
    code, _, err = replay("sony-2014", "--begin", BEGIN)
    assert (code, "history has its own times" in err) == (2, True)
    code, _, err = replay("sony-2014", "--exercise", "--begin", "now")
    assert (code, "a time with its zone" in err) == (2, True)
    code, _, err = replay("december")
    assert (code, "shipped: port-ransomware, sony-2014" in err) == (3, True)
    mine = tmp_path / "mine.toml"
    mine.write_text('id = "Mine"\n', encoding="utf-8")
    code, _, err = replay(mine)
    assert code == 2
    assert "mine.toml" in err
    assert not (tmp_path / "hub").exists()


def test_ctrl_c_ends_it_with_130(replay: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    def pressed(_: float) -> None:
        raise KeyboardInterrupt

    # not time.sleep itself: other threads of this process sleep too
    timing = replaced(warnings_sending.real_timing(), sleep=pressed)
    with monkeypatch.context() as patch:
        patch.setattr(warnings_sending, "real_timing", lambda: timing)
        code, out, err = replay("sony-2014", "--clock", "real")
    assert (code, "Traceback" in err) == (130, False)
    assert out.rstrip().splitlines()[-1].startswith("  2/41")
    code, out, _ = replay("sony-2014")
    assert (code, out.count("(done before)")) == (0, 2)


def started(environ: dict[str, str], *more: str) -> subprocess.Popen[str]:
    line = [sys.executable, "-m", "noroshi", "situation", "replay", "sony-2014", *more]
    return subprocess.Popen(line, env=environ, stdout=subprocess.PIPE, text=True, encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_killed_at_random_points_it_goes_on(kind: str, tmp_path: Path) -> None:
    rng = random.Random(20141224)  # noqa: S311  where it is killed
    places: list[dict[str, str]] = []
    for name in ("killed", "straight"):
        folder = tmp_path / name
        folder.mkdir()
        places.append({**os.environ, "NOROSHI_DATA": str(folder), "NOROSHI_DATABASE": address(kind, folder)})
    killed, seen = 0, 0
    while killed < KILLS and seen < 40:
        with started(places[0]) as process:
            assert process.stdout
            fresh = (line for line in process.stdout if line[:3].strip().isdigit() and "(done before)" not in line)
            for _ in range(rng.randint(1, 2)):
                seen += bool(next(fresh, ""))
            time.sleep(rng.random() * 0.02)
            process.send_signal(signal.SIGKILL)
        killed += 1
    assert killed == KILLS
    found: list[dict[str, Any]] = []
    for environ in places:
        out = tmp_path / f"briefs-{len(found)}"
        with started(environ, "--briefs", str(out)) as process:
            assert process.communicate(timeout=120)[0]
        assert process.returncode == 0
        found.append({path.name: path.read_bytes() for path in out.iterdir()})
    assert len(found[0]) == 18
    assert found[0] == found[1]
