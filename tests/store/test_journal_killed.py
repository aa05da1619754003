"""A writer killed at any moment leaves a journal that holds and says exactly what is stored."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from tests.store.databases import address
from tests.store.journals import chain_of, holds
from tests.store.killing import SIZE
from tests.store.made import DECLARED, everything
from tests.store.test_killed import one_round

from noroshi.desk.checkpoints import make_checkpoint, own_key
from noroshi.share.entries import Kept, read_entry
from noroshi.store.opening import open_store


@pytest.mark.parametrize(("kind", "count"), [("sqlite", 4), ("postgres", 2)])
def test_a_killed_writer_leaves_a_journal_that_says_what_is_stored(kind: str, count: int, tmp_path: Path) -> None:
    url = address(kind, tmp_path)
    chance = random.Random(count)  # noqa: S311  moments to kill at, the same each time
    store = open_store(url, tmp_path)
    store.apply(DECLARED)
    first, points = 0, []
    for _ in range(count):
        acknowledged = one_round(url, first, tmp_path, chance.uniform(0, 0.3))
        first = max(acknowledged, default=first) + 5
        points.append(("kept", make_checkpoint(store, tmp_path)))
        found = holds(store, *points, key=own_key(tmp_path))
        said = [one for one in map(read_entry, chain_of(store)) if isinstance(one, Kept)]
        assert found.objects is not None
        assert found.objects == (len(everything(store)), 0, 0, 0)
        assert len(said) * SIZE == found.objects.there
        assert {one.status for one in said} >= {f"envelope-{k}" for k in acknowledged}
    store.close()
