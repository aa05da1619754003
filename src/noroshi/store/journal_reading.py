"""What is read of the journal, the ledger and the rows that they tell of, in words that both databases understand."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

from noroshi.share.chain import Entry
from noroshi.store.queries import marks

__all__ = ["Ask", "Row", "Shas", "entries", "last_entry", "latest", "named", "rows_of", "salt_of", "shas"]

Ask = Callable[[str, Sequence[Any]], list[Any]]
"""What finds the rows of a statement: a store's `ask`, or a transaction."""
CHUNK, AT_ONCE = 500, 2000


class Row(NamedTuple):
    """A row that there is or was: its number, collection, and version as it was told."""

    n: int
    collection: int
    stamp: str


class Shas(NamedTuple):
    """SHA-256 of rows by number: of those that are there, and of those that were deleted (empty: erased)."""

    there: dict[int, bytes]
    gone: dict[int, bytes]


def entries(ask: Ask, chain: str, after: int = 0) -> Iterator[list[Entry]]:
    """Yield the entries of a chain after one, in its order, some thousands at a time."""
    while rows := ask(
        f"SELECT no, at, kind, content, hash FROM {chain} WHERE no > ? ORDER BY no LIMIT {AT_ONCE}", (after,)
    ):
        yield [Entry(*row) for row in rows]
        after = rows[-1][0]


def last_entry(ask: Ask) -> int:
    """Return the number of the journal's last entry, 0 where there is none: it rises with whatever is kept."""
    rows = ask("SELECT no FROM journal ORDER BY no DESC LIMIT 1", ())
    return int(rows[0][0]) if rows else 0


def latest(ask: Ask, kind: str, before: int, most: int) -> list[Entry]:
    """Return the last entries of the journal, the newest first; kind: of that alone; before: older than a number."""
    where = " AND ".join(["1 = 1", *(["kind = ?"] if kind else []), *(["no < ?"] if before else [])])
    values = (*((kind,) if kind else ()), *((before,) if before else ()))
    rows = ask(
        f"SELECT no, at, kind, content, hash FROM journal WHERE {where} ORDER BY no DESC LIMIT {int(most)}", values
    )
    return [Entry(*row) for row in rows]


def salt_of(ask: Ask, chain: str, no: int) -> bytes | None:
    """Return what the seals of an entry were made with; None if it had none, or it was destroyed."""
    rows = ask("SELECT salt FROM salt WHERE chain = ? AND no = ?", (chain, no))
    return rows[0][0] if rows else None


def rows_of(ask: Ask, name: str, collection: int | None = None) -> list[Row]:
    """Return the rows of an object, deleted ones too, rising; of one collection, or of all."""
    # by way of every collection, so that an index by id serves
    where = "(SELECT no FROM collection)" if collection is None else f"({int(collection)})"
    there = ask(
        f"SELECT n, collection, stamp FROM object INDEXED BY object_version WHERE collection IN {where} AND id = ?",
        (name,),
    )
    gone = ask(f"SELECT n, collection, stamp FROM gone WHERE id = ? AND id <> '' AND collection IN {where}", (name,))
    return sorted(Row(*row) for row in (*there, *gone))


def shas(ask: Ask, rows: Sequence[int]) -> Shas:
    """Return the SHA-256 of rows, as far as there are any."""
    found = Shas({}, {})
    for start in range(0, len(rows), CHUNK):
        some = rows[start : start + CHUNK]
        for table, into in (("object", found.there), ("gone", found.gone)):
            into.update(ask(f"SELECT n, sha FROM {table} WHERE n IN ({marks(len(some))})", some))
    return found


def named(ask: Ask, rows: Sequence[int]) -> dict[int, tuple[str, str]]:
    """Return number -> (id, version) of rows, deleted ones too; of those that were erased the id is empty."""
    found: dict[int, tuple[str, str]] = {}
    for start in range(0, len(rows), CHUNK):
        some = rows[start : start + CHUNK]
        for table in ("gone", "object"):
            told = ask(f"SELECT n, id, stamp FROM {table} WHERE n IN ({marks(len(some))})", some)
            found.update({n: (name, stamp) for n, name, stamp in told})
    return found
