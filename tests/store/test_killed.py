"""A writer killed at any moment: what it acknowledged is there, and of no envelope there is a part."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest
from tests.store.databases import address
from tests.store.killing import SIZE
from tests.store.made import DECLARED, everything, named

from noroshi.store.opening import open_store

ROOT = Path(__file__).parent.parent.parent


def one_round(url: str, first: int, folder: Path, pause: float) -> list[int]:
    """Start a writer, kill it some time after its first answer; return what it acknowledged."""
    ours = working(url)
    writer = subprocess.Popen(
        [sys.executable, "-m", "tests.store.killing", url, str(first)], cwd=ROOT, stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}", "HOME": str(folder)},
    )  # fmt: skip
    assert writer.stdout is not None
    lines = [writer.stdout.readline()]
    timer = threading.Timer(pause, writer.kill)
    timer.start()
    lines += writer.stdout.readlines()
    timer.join()
    assert writer.wait(20) == -9
    writer.stdout.close()
    for _ in range(400):
        if working(url) <= ours:
            break
        time.sleep(0.05)
    else:
        raise AssertionError("the server still works for a writer that is dead")
    return [int(line) for line in lines if line.endswith("\n")]


def working(url: str) -> set[int]:
    """Return what works at the server for hubs: it finishes what a writer told it to commit before it was killed."""
    if not url.startswith("postgres"):
        return set()
    import psycopg

    with psycopg.connect(url) as connection:
        rows = connection.execute("SELECT pid FROM pg_stat_activity WHERE application_name = 'noroshi'").fetchall()
    return {pid for (pid,) in rows}


def rounds(url: str, folder: Path, count: int) -> None:
    """Kill writers one after the other and look at what is left."""
    chance = random.Random(count)  # noqa: S311  moments to kill at, the same each time
    store = open_store(url, folder)
    store.apply(DECLARED)
    acknowledged: list[int] = []
    number = {named(k): k for k in range(4_000 * SIZE)}
    first = 0
    for _ in range(count):
        acknowledged += one_round(url, first, folder, chance.uniform(0, 0.2))
        kept = Counter(number[one.id] // SIZE for one in everything(store))
        assert set(kept.values()) == {SIZE}, "half an envelope"
        assert not set(acknowledged) - set(kept), "an acknowledged envelope is gone"
        for k in range(first, max(kept) + 5):
            assert (store.status(1, 1, f"envelope-{k}") is not None) == (k in kept)
        first = max(kept) + 1
        assert first < 4_000
    seqs = [one.seq for one in everything(store)]
    assert seqs == sorted(set(seqs))
    store.close()


@pytest.mark.parametrize(("kind", "count"), [("sqlite", 10), ("postgres", 5)])
def test_nothing_acknowledged_is_lost_when_a_writer_is_killed(kind: str, count: int, tmp_path: Path) -> None:
    rounds(address(kind, tmp_path), tmp_path, count)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_nothing_acknowledged_is_lost_over_two_hundred_kills(kind: str, tmp_path: Path) -> None:
    for part in range(10):
        folder = tmp_path / str(part)
        folder.mkdir()
        rounds(address(kind, folder), folder, 20)
