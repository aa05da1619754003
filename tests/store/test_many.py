"""Many rows in one step do what one row at a time does."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any

import pytest

from noroshi.store.journal import Teller
from noroshi.store.many import steps

INSERT = "INSERT INTO t (a, b) VALUES (?, ?)"
UPDATE = "UPDATE t SET b = ? WHERE a = ?"


def after(kind: type[sqlite3.Connection], changes: Iterable[tuple[str, list[tuple[Any, ...]]]]) -> list[Any]:
    """Return what a table holds after some changes."""
    connection = sqlite3.connect(":memory:", factory=kind)
    connection.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b BLOB)")
    for text, rows in changes:
        connection.executemany(text, rows)
    found = connection.execute("SELECT a, b FROM t ORDER BY a").fetchall()
    connection.close()
    return found


@pytest.mark.parametrize("count", [0, 1, 3, 4, 255, 256, 257, 900])
def test_steps_do_what_single_rows_do(count: int) -> None:
    changes: list[tuple[str, list[tuple[Any, ...]]]] = [
        (INSERT, [(k, b"%d" % (k * 7)) for k in range(count)]),
        (UPDATE, [(k, count - k) for k in range(0, count, 3)]),
        ("DELETE FROM t WHERE a = ?", [(k,) for k in range(0, count, 5)]),
    ]
    assert after(Teller, changes) == after(sqlite3.Connection, changes)


def test_a_thousand_rows_are_a_few_steps() -> None:
    found = steps(INSERT, [(k, k) for k in range(1000)])
    assert found is not None
    assert len(list(found)) < 15


def test_numbers_come_in_one_step() -> None:
    connection = sqlite3.connect(":memory:", factory=Teller)
    text = "SELECT ? UNION ALL SELECT 2"
    assert connection.numbers(text, (1,)) == [1, 2]
    assert connection.numbers("SELECT 1 WHERE 1 = 0") == []
    connection.close()
