"""Power lost at any moment, and a full disk: what was acknowledged is there, and of no envelope there is a part."""

from __future__ import annotations

import os
import pickle
import random
import sqlite3
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from tests.store.disk import Op, after_power_loss, shared_library
from tests.store.journals import holds
from tests.store.killing import SIZE
from tests.store.made import everything, named

from noroshi.errors import InputError
from noroshi.store.opening import open_store

ROOT = Path(__file__).parent.parent.parent
COUNT = 48
NUMBERS = {named(k): k for k in range(COUNT * SIZE)}

pytestmark = pytest.mark.skipif(not shared_library(), reason="SQLite is built into this Python: no VFS can be added")


def noted(folder: Path, full_from: int = 0, full_to: int = 0) -> list[Op]:
    """Have a process of its own write envelopes in a folder; return all that its disk was told, and what it said."""
    folder.mkdir()
    subprocess.run(
        [sys.executable, "-m", "tests.store.losing", str(folder), *map(str, (COUNT, full_from, full_to))], cwd=ROOT,
        env={**os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}", "HOME": str(folder)}, check=True,
    )  # fmt: skip
    ops: list[Op] = pickle.loads((folder / "ops").read_bytes())  # noqa: S301  written a moment ago by our own process
    return ops


def whole(folder: Path, acknowledged: set[int]) -> set[int]:
    """Look at a store as it was left; return the envelopes that it has."""
    store = open_store("", folder)
    try:
        assert store.ask("PRAGMA integrity_check") == [("ok",)]
        kept = Counter(NUMBERS[one.id] // SIZE for one in everything(store))
        assert set(kept.values()) <= {SIZE}, "half an envelope"
        assert acknowledged <= set(kept), "an acknowledged envelope is gone"
        for k in range(COUNT):
            assert (store.status(1, 1, f"envelope-{k}") is not None) == (k in kept)
        found = holds(store)
        assert found.objects is not None
        assert found.objects == (len(kept) * SIZE, 0, 0, 0), "the journal says what is there"
        return set(kept)
    finally:
        store.close()


@pytest.mark.parametrize("losses", [25, pytest.param(200, marks=pytest.mark.slow)])
def test_nothing_acknowledged_is_lost_with_the_power(tmp_path: Path, losses: int) -> None:
    ops = noted(tmp_path / "run")
    assert [op for op in ops if op.what == "sync"], "nothing was synced: the disk was not looked at"
    chance = random.Random(losses)  # noqa: S311  the same moments each time
    opened = ops.index(Op("said", "open"))
    some = 0
    for loss in range(losses):
        folder = tmp_path / str(loss)
        folder.mkdir()
        before = ops[: chance.randrange(opened, len(ops)) + 1]
        for name, data in after_power_loss([op for op in before if op.what != "said"], chance).items():
            (folder / name).write_bytes(data)
        acknowledged = {op.at for op in before if op.file == "kept"}
        some += 0 < len(whole(folder, acknowledged)) < COUNT
    assert some > losses / 2, "power was hardly ever lost in the middle"


def test_a_store_that_does_not_sync_would_be_found_out(tmp_path: Path) -> None:
    """The same disk that had been told nothing of syncs loses what was acknowledged: the test above can fail."""
    ops = [op for op in noted(tmp_path / "run") if op.what != "sync"]
    chance = random.Random(1)  # noqa: S311  as above
    (tmp_path / "after").mkdir()
    for name, data in after_power_loss([op for op in ops if op.what != "said"], chance).items():
        (tmp_path / "after" / name).write_bytes(data)
    with pytest.raises((AssertionError, InputError, sqlite3.DatabaseError)):
        whole(tmp_path / "after", {op.at for op in ops if op.file == "kept"})


def test_a_full_disk_keeps_what_was_acknowledged_and_goes_on_when_there_is_room(tmp_path: Path) -> None:
    ops = noted(tmp_path / "run", 16, 24)
    said = {op.at: op.file for op in ops if op.what == "said" and op.file != "open"}
    refused = {k for k, text in said.items() if text != "kept"}
    assert refused == set(range(16, 24))
    assert {said[k] for k in refused} == {"Refused: No room"}
    assert whole(tmp_path / "run", set(range(COUNT)) - refused) == set(range(COUNT)) - refused
