"""Compiling the engine before its first run: every seam is some process's work, and what is old is made anew."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from noroshi.desk import kernels
from noroshi.flow.seams import symbols
from noroshi.stress import kernel_draw  # noqa: F401  imports every module that has seams


def test_every_seam_is_compiled_by_exactly_one_process() -> None:
    named = [module for part in kernels.PARTS for module in part]
    assert len(named) == len(set(named))
    if symbols():  # none without the JIT
        assert {symbol.split(".")[-2] for symbol in symbols()} == set(named)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder of kernels with a stale one in it."""
    monkeypatch.setattr(kernels, "places", lambda: [tmp_path])
    monkeypatch.setattr("numba.config.DISABLE_JIT", 0)
    (tmp_path / "old.nbi").touch()
    (tmp_path / "other.txt").touch()
    return tmp_path


def test_what_other_sources_gave_is_removed_and_a_receipt_left(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def done(report: Callable[[float], None]) -> bool:
        calls.append(report)
        return True

    monkeypatch.setattr(kernels, "all_compiled", done)
    kernels.warm()
    kernels.warm()
    assert len(calls) == 1
    left = sorted(path.name for path in folder.iterdir())
    assert left[1:] == ["other.txt"]
    assert left[0].startswith("noroshi-")


def test_a_process_that_fails_leaves_no_receipt(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/no/such/interpreter")
    kernels.warm()
    assert [path.name for path in folder.iterdir()] == ["other.txt"]
    monkeypatch.setattr(sys, "executable", "/bin/false")
    said: list[float] = []
    kernels.warm(said.append)
    assert said == [0.0]
    assert [path.name for path in folder.iterdir()] == ["other.txt"]


@pytest.mark.slow
def test_the_brief_is_the_same_after_the_kernels_are_compiled_anew(tmp_path: Path) -> None:
    said = []
    for name in ("one", "two"):
        own = {"HOME": str(tmp_path / name), "NUMBA_CACHE_DIR": str(tmp_path / name / "kernels")}
        done = subprocess.run(
            [sys.executable, "-m", "noroshi", "brief", "sorami", "--trials", "200", "--json"],
            env={**os.environ, **own}, capture_output=True, check=True, timeout=600,
        )  # fmt: skip
        said.append(done.stdout)
        assert list((tmp_path / name / "kernels").rglob("noroshi-*.compiled"))
    assert said[0] == said[1]
