"""What was written goes from SQLite's log to its place as soon as there is nothing else to do."""

from __future__ import annotations

import time
from pathlib import Path

from tests.store.made import DECLARED, row, send

from noroshi.store.opening import open_store
from noroshi.store.writing import MUCH

MARK = b"a body that is looked for"


def folded(folder: Path) -> bool:
    return MARK in (folder / "noroshi.sqlite3").read_bytes()


def test_much_that_was_written_is_folded_into_the_file_when_there_is_time(tmp_path: Path) -> None:
    store = open_store("", tmp_path)
    store.apply(DECLARED)
    send(store, *(row(k, body=MARK) for k in range(MUCH + 1))).result(10)
    end = time.monotonic() + 20
    while not folded(tmp_path):
        assert time.monotonic() < end
        time.sleep(0.05)
    send(store, row(MUCH + 2)).result(10)  # the writer goes on
    store.close()
