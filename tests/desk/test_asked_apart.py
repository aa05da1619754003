"""The brief that a process of its own computes is the same, and what happens there is told here."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from noroshi.desk.asked import asked_brief
from noroshi.desk.asked_apart import AskedApart
from noroshi.desk.brief_schema import encode
from noroshi.errors import InputError, NoroshiError, NotFoundError, StoppedError
from noroshi.settings import Settings

TRIALS = 20


def settings(folder: Path) -> Settings:
    return Settings("127.0.0.1", 0, "en", 1, folder, folder, "")


def nothing(step: str, share: float) -> None:
    """Take progress."""
    del step, share


def test_it_is_the_same_brief_with_its_steps(tmp_path: Path) -> None:
    steps: list[float] = []
    with AskedApart("sorami", None, TRIALS, None, settings(tmp_path)) as asked:
        brief = asked(lambda _, share: steps.append(share))
    here = asked_brief("sorami", None, TRIALS, None, settings(tmp_path / "other"))(nothing)
    assert encode(brief) == encode(here)
    assert len(steps) > 2
    assert asked.process.poll() is not None


def test_what_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="nowhere"):
        AskedApart("nowhere", None, TRIALS, None, settings(tmp_path))
    broken = tmp_path / "broken.json"
    broken.write_text("{")
    with pytest.raises(InputError) as told:
        AskedApart(str(broken), None, TRIALS, None, settings(tmp_path))
    assert str(told.value.faults[0].file).endswith("broken.json")


def test_who_stops_it_ends_the_process(tmp_path: Path) -> None:
    def enough(step: str, share: float) -> None:
        raise StoppedError(f"{step} {share}")

    with AskedApart("sorami", None, TRIALS, None, settings(tmp_path)) as asked:
        with pytest.raises(StoppedError):
            asked(enough)
        assert asked.process.poll() is not None


def test_it_ends_with_who_asked(tmp_path: Path) -> None:
    asked = AskedApart("sorami", None, 1_000_000, None, settings(tmp_path))
    asked.pipe.close()
    assert asked.process.wait(5.0) == 1


def test_a_process_that_is_killed_is_told_of(tmp_path: Path) -> None:
    with AskedApart("sorami", None, 1_000_000, None, settings(tmp_path)) as asked:
        os.kill(asked.process.pid, signal.SIGKILL)
        with pytest.raises(NoroshiError, match="ended with -9"):
            asked(nothing)
