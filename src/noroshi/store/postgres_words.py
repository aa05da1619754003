"""SQLite's words put into PostgreSQL's, so that each statement is written once.

Marks of values become psycopg's; a list of marks becomes one array, so that a statement is prepared once for lists of
any length; hints for SQLite's planner go; inserts of many rows become binary COPY.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

__all__ = ["Copy", "arranged", "copied", "worded"]

HINT = re.compile(r" INDEXED BY \w+")
MARKS = re.compile(r" IN \((\?(?:,\?)*)\)|\?")
PLAIN_INSERT = re.compile(r"INSERT INTO (\w+) \(([\w, ]+)\) VALUES \(\?(?:, \?)*\)\Z")


class Worded(NamedTuple):
    """A statement for psycopg, and how many of the values each of its places takes: 0 = one that is no list."""

    text: bytes
    takes: tuple[int, ...]


class Copy(NamedTuple):
    """A COPY that takes the place of an insert: the statement, its table and columns."""

    text: bytes
    table: str
    columns: tuple[str, ...]


@lru_cache(maxsize=512)
def worded(text: str) -> Worded:
    """Return a statement in PostgreSQL's words."""
    takes: list[int] = []

    def place(found: re.Match[str]) -> str:
        if found[1] is None:
            takes.append(0)
            return "%s"
        takes.append(found[1].count("?"))
        return " = ANY(%s)"

    said = MARKS.sub(place, HINT.sub("", text.replace("%", "%%")))
    return Worded(said.encode(), tuple(takes))


def arranged(takes: tuple[int, ...], values: Sequence[Any]) -> Sequence[Any]:
    """Return values as a statement's places take them: those of a list together."""
    if not any(takes):
        return values
    found: list[Any] = []
    start = 0
    for count in takes:
        found.append(list(values[start : start + count]) if count else values[start])
        start += count or 1
    return found


@lru_cache(maxsize=64)
def copied(text: str) -> Copy | None:
    """Return the COPY that does what an insert of many rows does; None for any other statement."""
    found = PLAIN_INSERT.match(text)
    if found is None:
        return None
    columns = tuple(name.strip() for name in found[2].split(","))
    text = f"COPY {found[1]} ({', '.join(columns)}) FROM STDIN (FORMAT BINARY)"
    return Copy(text.encode(), found[1], columns)
