"""Objects in and out of a transaction: which row is first, last, or mixed is kept right as rows come and go."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from noroshi.share.inheritance import Passed
from noroshi.share.markings import Marking
from noroshi.store import queries
from noroshi.store.contract import Stored

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from noroshi.share.taxii import Query
    from noroshi.store.contract import Classify, Incoming, Viewer

__all__ = ["add", "delete"]

CHUNK = 500
INSERT = (
    "INSERT INTO object (n, collection, seq, id, type, version, stamp, spec, source, release, first, last, mixed, ends,"
    " sha, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1, 1, 0, ?, ?, ?)"
)
SIBLINGS = "SELECT n, version, source, release FROM object INDEXED BY object_version WHERE collection = ? AND id = ?"


def add(  # noqa: PLR0913  where, whose, what, when, and how it is classed
    connection: sqlite3.Connection, collection: int, source: int, rows: tuple[Incoming, ...], now: int,
    classify: Classify,
) -> None:  # fmt: skip
    """Keep objects in a collection, each at a place of its own: max(the last place + 1, now).

    A version that this source has sent already is left as it is. A relationship whose end comes only now gets a new
    place, since nobody could have been told of it before.
    """
    (seq,) = connection.execute("SELECT max(seq) FROM object WHERE collection = ?", (collection,)).fetchone()
    (last_n,) = connection.execute("SELECT max(n) FROM object").fetchone()
    seq, n = max(seq or 0, now - 1), last_n or 0
    known = versions_there(connection, collection, {row.header.id for row in rows})
    release = released(connection, source, rows, classify)
    fresh, crowded = [], set()
    first_n = n + 1
    for row, klass in zip(rows, release, strict=True):
        head = row.header
        there = known.setdefault(head.id, set())
        if (row.version, source) in there:
            continue
        if there:
            crowded.add(head.id)
        there.add((row.version, source))
        seq, n = seq + 1, n + 1
        fresh.append((n, collection, seq, head.id, head.type, row.version, row.stamp, head.spec_version, source, klass,
                      len(head.ends), row.sha, row.body, head.ends))  # fmt: skip
    connection.executemany(INSERT, (one[:-1] for one in fresh))
    links = [(one[0], end) for one in fresh for end in dict.fromkeys(one[-1])]
    connection.executemany("INSERT INTO link (n, end_id) VALUES (?, ?)", links)
    for name in crowded:
        settle(connection, collection, name)
    announce(connection, collection, {one[3] for one in fresh} - crowded, seq, first_n)


def released(connection: sqlite3.Connection, source: int, rows: tuple[Incoming, ...], classify: Classify) -> list[int]:
    """Return the release class of each row; rows of the source that a container now reaches get theirs anew."""

    def earlier(ids: set[str]) -> dict[str, Passed]:
        found: dict[str, Passed] = {}
        for some in chunked(ids):
            places = queries.marks(len(some))
            text = f"SELECT id, bound, lent FROM passed WHERE source = ? AND id IN ({places})"
            for name, bound, lent in connection.execute(text, (source, *some)):
                found[name] = Passed(marking_of(bound), marking_of(lent))
        return found

    def there(ids: set[str]) -> list[Stored]:
        found: list[Stored] = []
        for some in chunked(ids):
            text = f"SELECT n, body FROM object WHERE source = ? AND id IN ({queries.marks(len(some))})"
            found += [Stored(n, body) for n, body in connection.execute(text, (source, *some))]
        return found

    classed = classify(rows, earlier, there)
    numbers: dict[str, int] = {}
    for key in {*classed.rows, *classed.there.values()}:
        connection.execute("INSERT OR IGNORE INTO release (key) VALUES (?)", (key,))
        (numbers[key],) = connection.execute("SELECT no FROM release WHERE key = ?", (key,)).fetchone()
    connection.executemany(
        "INSERT INTO passed (source, id, bound, lent) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (source, id) DO UPDATE SET bound = excluded.bound, lent = excluded.lent",
        [(source, name, text_of(one.bound), text_of(one.lent)) for name, one in classed.passed.items()],
    )
    for n, key in classed.there.items():
        connection.execute("UPDATE object SET release = ? WHERE n = ?", (numbers[key], n))
        place = connection.execute("SELECT collection, id FROM object WHERE n = ?", (n,)).fetchone()
        settle(connection, *place)
    return [numbers[key] for key in classed.rows]


def text_of(marking: Marking) -> str:
    """Return a marking as text that `marking_of` reads back."""
    return msgspec.json.encode(marking).decode()


def marking_of(text: str) -> Marking:
    """Return the marking of a text."""
    return msgspec.json.decode(text, type=Marking)


def versions_there(
    connection: sqlite3.Connection, collection: int, ids: set[str]
) -> dict[str, set[tuple[int, int]]]:  # fmt: skip
    """Return id -> (version, source) of the rows that there are of some ids."""
    found: dict[str, set[tuple[int, int]]] = {}
    for some in chunked(ids):
        rows = connection.execute(
            "SELECT id, version, source FROM object INDEXED BY object_version WHERE collection = ? AND id IN"
            f" ({queries.marks(len(some))})",
            (collection, *some),
        )
        for name, version, source in rows:
            found.setdefault(name, set()).add((version, source))
    return found


def announce(connection: sqlite3.Connection, collection: int, ids: set[str], seq: int, first_n: int) -> None:
    """Give the relationships before row `first_n` that waited for these ids a place after all others."""
    late: set[int] = set()
    for some in chunked(ids):
        rows = connection.execute(
            f"SELECT n FROM link INDEXED BY link_end WHERE end_id IN ({queries.marks(len(some))}) AND n < ?",
            (*some, first_n),
        )
        late.update(n for (n,) in rows)
    for n in sorted(late):
        seq += 1
        connection.execute("UPDATE object SET seq = ? WHERE n = ? AND collection = ?", (seq, n, collection))


def chunked(ids: set[str]) -> Iterator[tuple[str, ...]]:
    """Yield ids in their order, so many at a time as one statement takes."""
    ordered = sorted(ids)
    for start in range(0, len(ordered), CHUNK):
        yield tuple(ordered[start : start + CHUNK])


def settle(connection: sqlite3.Connection, collection: int, name: str) -> None:
    """Set first, last and mixed of every row of an id."""
    rows = connection.execute(SIBLINGS, (collection, name)).fetchall()
    mixed = len({(source, release) for _, _, source, release in rows}) > 1
    for n, version, _, release in rows:
        same = [other for _, other, _, theirs in rows if theirs == release]
        connection.execute(
            "UPDATE object SET first = ?, last = ?, mixed = ? WHERE n = ?",
            (version <= min(same), version >= max(same), mixed, n),
        )


def delete(connection: sqlite3.Connection, collection: int, viewer: Viewer, query: Query) -> int:
    """Take away the versions that a query asks for and the viewer may see; return how many."""
    found = [n for (n,) in connection.execute(*queries.delete_rows(collection, viewer, query))]
    for n in found:
        connection.execute("DELETE FROM link WHERE n = ?", (n,))
        connection.execute("DELETE FROM object WHERE n = ?", (n,))
    for name in query.ids:
        settle(connection, collection, name)
    return len(found)
