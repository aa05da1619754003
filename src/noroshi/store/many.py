"""Many rows in one step of SQLite: between two steps the interpreter may go to another thread, and stay there.

A thread that checks an envelope keeps the interpreter for milliseconds at a time. Whoever writes row by row waits for
it at each row; in one step the rows are written while the other thread goes on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any

__all__ = ["steps"]

INSERT = re.compile(r"(INSERT INTO \w+ \([\w, ]+\) VALUES )(\(\?(?:, \?)*\))\Z")
UPDATE = re.compile(r"UPDATE (\w+) SET (\w+) = \? WHERE (\w+) = \?\Z")
AT_ONCE = (256, 64, 16, 4, 1)
"""Rows of one step: few sizes, so that each statement is prepared once."""


def steps(text: str, rows: Iterable[Sequence[Any]]) -> Iterator[tuple[str, list[Any]]] | None:
    """Return statements with their values that do for many rows what `text` does for one; None if we know of none."""
    if several(text, 1) is None:
        return None
    return _steps(text, list(rows))


def _steps(text: str, rows: list[Sequence[Any]]) -> Iterator[tuple[str, list[Any]]]:
    """Yield the statements, those of many rows first."""
    start = 0
    for size in AT_ONCE:
        while len(rows) - start >= size:
            said = several(text, size) or text
            yield said, list(chain.from_iterable(rows[start : start + size]))
            start += size


@lru_cache(maxsize=256)
def several(text: str, count: int) -> str | None:
    """Return the statement that does for so many rows what a plain insert or update does for one; None for others."""
    insert = INSERT.match(text)
    if insert:
        return insert[1] + ", ".join([insert[2]] * count)
    update = UPDATE.match(text)
    if update:
        table, column, key = update.groups()
        given = ", ".join(["(?, ?)"] * count)
        return f"UPDATE {table} SET {column} = v.column1 FROM (VALUES {given}) v WHERE {table}.{key} = v.column2"
    return None
