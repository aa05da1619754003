"""Objects in and out of a transaction: which row is first, last, or mixed is kept right as rows come and go."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from noroshi.share.release import classes_of_keys
from noroshi.store import queries
from noroshi.store.audiences import appear, keep_told
from noroshi.store.journal import tell_deleted
from noroshi.store.past import SourcePast, keep_awaited, keep_passed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from noroshi.share.taxii import Query
    from noroshi.store.contract import Classify, Connection, Incoming, Status, Viewer

__all__ = ["SQLITE_WAYS", "Added", "Ways", "add", "delete", "keep_status", "settle", "take_away"]

INSERT = (
    "INSERT INTO object (n, collection, seq, id, type, version, stamp, spec, source, release, first, last, mixed, ends,"
    " sha, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
EVERY = 2**62
"""A number above those of all rows."""
REACHED = "SELECT seq FROM reached WHERE collection = ?"
REACH = "INSERT INTO reached (collection, seq) VALUES (?, ?) ON CONFLICT (collection) DO UPDATE SET seq = excluded.seq"
SIBLINGS = (
    "SELECT id, n, version, source, release, first, last, mixed FROM object INDEXED BY object_version"
    " WHERE collection = ? AND id IN ({})"
)


class Added(NamedTuple):
    """What an envelope brought: numbers and SHA-256 of its new rows, in order, and n -> class of rows classed anew."""

    numbers: Sequence[int]
    shas: list[bytes]
    reclassed: dict[int, int]


class Released(NamedTuple):
    """The release class of each row, and n -> class of rows classed anew.

    revealed: by collection, number and id of the rows that nobody might see before.
    """

    rows: list[int]
    reclassed: dict[int, int]
    revealed: dict[int, dict[int, str]]


@dataclass(frozen=True, slots=True)
class Ways:
    """What the databases do each in its own way.

    numbers: give so many rows numbers that rise, above those of all rows of the collection; intern: places of release
    classes by their keys; hold: keep other writers out of collections until the transaction ends.
    """

    numbers: Callable[[Any, int], Sequence[int]]
    intern: Callable[[Any, list[str]], dict[str, int]]
    hold: Callable[[Any, set[int]], None]


def after_the_last(connection: Connection, count: int) -> range:
    """Return numbers that follow the highest ever given: in SQLite only one writes."""
    (last,) = connection.execute("SELECT max(n) FROM object").fetchone()
    (gone,) = connection.execute("SELECT max(n) FROM gone").fetchone()
    after = max(last or 0, gone or 0) + 1
    return range(after, after + count)


def interned(connection: Connection, keys: list[str]) -> dict[str, int]:
    """Return the places of release classes, made where they are new."""
    found: dict[str, int] = {}
    for key in keys:
        connection.execute("INSERT INTO release (key) VALUES (?) ON CONFLICT (key) DO NOTHING", (key,))
        (found[key],) = connection.execute("SELECT no FROM release WHERE key = ?", (key,)).fetchone()
    return found


def alone(_: Connection, __: set[int]) -> None:
    """Keep nobody out: in SQLite only one writes."""


SQLITE_WAYS = Ways(after_the_last, interned, alone)


def keep_status(connection: Connection, status: Status) -> None:
    """Keep what became of an envelope."""
    connection.execute(
        "INSERT INTO status (uid, root, principal, requested, successes, failures) VALUES (?, ?, ?, ?, ?, ?)",
        (status.uid, status.root, status.principal, status.requested, json.dumps(status.successes),
         json.dumps(status.failures)),
    )  # fmt: skip


def add(  # noqa: PLR0913  where, whose, what, when, and how it is classed
    connection: Connection, collection: int, source: int, rows: tuple[Incoming, ...], now: int,
    classify: Classify, ways: Ways = SQLITE_WAYS,
) -> Added:  # fmt: skip
    """Keep objects in a collection, each at a place of its own: max(the last place + 1, now).

    A version that this source has sent already is left as it is. A relationship whose end comes only now gets a new
    place, and so does what nobody might see before, since nobody could have been told of it.
    """
    seq = reached(connection, collection, now)
    known = versions_there(connection, collection, {row.header.id for row in rows})
    found = released(connection, source, rows, classify, ways)
    fresh: list[tuple[Any, ...]] = []
    ends: list[tuple[str, ...]] = []
    crowded: set[str] = set()
    for row, klass in zip(rows, found.rows, strict=True):
        head = row.header
        there = known.setdefault(head.id, set())
        # what has no version gets a new one each time it comes: sent again, it is known by its bytes
        marks: set[tuple[int | bytes, int]] = {(row.version if head.at else row.sha, source), (row.version, source)}
        if marks & there:
            continue
        if there:
            crowded.add(head.id)
        there |= marks
        seq += 1
        fresh.append((collection, seq, head.id, head.type, row.version, row.stamp, head.spec_version, source, klass,
                      1, 1, 0, len(head.ends), row.sha, row.body))  # fmt: skip
        ends.append(head.ends)
    if not fresh:
        reveal(connection, found.revealed, now)
        return Added((), [], found.reclassed)
    numbers = ways.numbers(connection, len(fresh))
    connection.executemany(INSERT, [(n, *one) for n, one in zip(numbers, fresh, strict=True)])
    links = [(n, end, collection) for n, those in zip(numbers, ends, strict=True) for end in dict.fromkeys(those)]
    connection.executemany("INSERT INTO link (n, end_id, collection) VALUES (?, ?, ?)", links)
    settle(connection, collection, crowded)
    seq = announce(connection, collection, {one[2] for one in fresh} - crowded, seq, numbers[0])
    seq = appear(connection, collection, crowded, seq, numbers[0])
    connection.execute(REACH, (collection, seq))
    reveal(connection, found.revealed, now)
    return Added(numbers, [one[-2] for one in fresh], found.reclassed)


def released(
    connection: Connection, source: int, rows: tuple[Incoming, ...], classify: Classify, ways: Ways
) -> Released:
    """Return the release classes of rows, and of those of the source's rows that they class anew."""
    classed = classify(rows, SourcePast(connection, source))
    numbers = ways.intern(connection, sorted({*classed.rows, *classed.there.values()}))
    keep_passed(connection, source, classed.passed)
    keep_awaited(connection, source, classed)
    places = {
        n: connection.execute("SELECT collection, id, release, seq FROM object WHERE n = ?", (n,)).fetchone()
        for n in classed.there
    }
    ways.hold(connection, {place[0] for place in places.values() if place})
    changed = {n: numbers[key] for n, key in classed.there.items() if places[n] and places[n][2] != numbers[key]}
    connection.executemany("UPDATE object SET release = ? WHERE n = ?", [(key, n) for n, key in changed.items()])
    ids: dict[int, set[str]] = {}
    for of, name, *_ in (place for place in places.values() if place):
        ids.setdefault(of, set()).add(name)
    for of, names in ids.items():
        settle(connection, of, names)
    revealed: dict[int, dict[int, str]] = {}
    hidden = for_nobody(connection, {places[n][2] for n in changed} | set(changed.values()))
    for n, release in changed.items():
        of, name, before, seq = places[n]
        if before in hidden and release not in hidden:
            revealed.setdefault(of, {})[n] = name
        else:
            keep_told(connection, n, (of, seq), before, release)
    return Released([numbers[key] for key in classed.rows], changed, revealed)


def for_nobody(connection: Connection, classes: set[int]) -> set[int]:
    """Return those classes that are shown to nobody: what is unmarked has such a one."""
    if not classes:
        return set()
    keys = connection.execute(
        f"SELECT no, key FROM release WHERE no IN ({queries.marks(len(classes))})", tuple(sorted(classes))
    ).fetchall()
    return {no for no, released in classes_of_keys(keys) if released.tlp is None}


def reached(connection: Connection, collection: int, now: int) -> int:
    """Return the place after which the next one of a collection comes."""
    row = connection.execute(REACHED, (collection,)).fetchone()
    return max(row[0] if row else 0, now - 1)


def reveal(connection: Connection, revealed: dict[int, dict[int, str]], now: int) -> None:
    """Give what nobody might see before a place after all others, and what joins it; by collection: number and id."""
    for collection, rows in revealed.items():
        seq = reached(connection, collection, now)
        connection.executemany(
            "UPDATE object SET seq = ? WHERE n = ?", [(seq + k, n) for k, n in enumerate(sorted(rows), 1)]
        )
        seq = announce(connection, collection, set(rows.values()), seq + len(rows), EVERY)
        connection.execute(REACH, (collection, seq))


def versions_there(
    connection: Connection, collection: int, ids: set[str]
) -> dict[str, set[tuple[int | bytes, int]]]:  # fmt: skip
    """Return id -> (version, source) and (digest, source) of the rows that there are of some ids."""
    found: dict[str, set[tuple[int | bytes, int]]] = {}
    for some in queries.chunked(ids):
        rows = connection.execute(
            "SELECT id, version, source, sha FROM object INDEXED BY object_version WHERE collection = ? AND id IN"
            f" ({queries.marks(len(some))})",
            (collection, *some),
        )
        for name, version, source, sha in rows:
            found.setdefault(name, set()).update(((version, source), (bytes(sha), source)))
    return found


def announce(connection: Connection, collection: int, ids: set[str], seq: int, first_n: int) -> int:
    """Give the relationships before row `first_n` that waited for these ids a place after all others; the last one."""
    late: set[int] = set()
    for some in queries.chunked(ids):
        rows = connection.numbers(
            "SELECT l.n FROM link l INDEXED BY link_end WHERE l.collection = ?"
            f" AND l.end_id IN ({queries.marks(len(some))}) AND l.n < ? AND NOT EXISTS (SELECT 1 FROM link m"
            " WHERE m.n = l.n AND NOT EXISTS (SELECT 1 FROM object e INDEXED BY object_version"
            " WHERE e.collection = l.collection AND e.id = m.end_id))",
            (collection, *some, first_n),
        )
        late.update(rows)
    places = [(seq + k, n) for k, n in enumerate(sorted(late), 1)]
    connection.executemany("UPDATE object SET seq = ? WHERE n = ?", places)
    return seq + len(places)


def settle(connection: Connection, collection: int, names: set[str]) -> None:
    """Set first, last and mixed of every row of some ids, where they differ."""
    changes: list[tuple[int, ...]] = []
    for some in queries.chunked(names):
        rows: dict[str, list[tuple[int, ...]]] = {}
        for name, *row in connection.execute(SIBLINGS.format(queries.marks(len(some))), (collection, *some)):
            rows.setdefault(name, []).append(tuple(row))
        for those in rows.values():
            mixed = int(len({(source, release) for _, _, source, release, *_ in those}) > 1)
            for n, version, _, release, *flags in those:
                same = [other for _, other, _, theirs, *_ in those if theirs == release]
                wanted = [int(version <= min(same)), int(version >= max(same)), mixed]
                if flags != wanted:
                    changes.append((*wanted, n))
    connection.executemany("UPDATE object SET first = ?, last = ?, mixed = ? WHERE n = ?", changes)


def delete(connection: Connection, collection: int, viewer: Viewer, query: Query) -> int:
    """Take away the versions that a query asks for and the viewer may see; return how many."""
    found = [n for (n,) in connection.execute(*queries.delete_rows(collection, viewer, query))]
    if found:
        connection.executemany(KEEP_GONE, [(n,) for n in found])
        take_away(connection, found)
        settle(connection, collection, set(query.ids))
        tell_deleted(connection, collection, viewer, found)
    return len(found)


KEEP_GONE = (
    "INSERT INTO gone (n, collection, id, stamp, sha) SELECT n, collection, id, stamp, sha FROM object WHERE n = ?"
)


def take_away(connection: Connection, numbers: list[int]) -> None:
    """Take rows away with all that hangs on them."""
    for n in numbers:
        connection.execute("DELETE FROM link WHERE n = ?", (n,))
        connection.execute("DELETE FROM announced WHERE n = ?", (n,))
        connection.execute("DELETE FROM object WHERE n = ?", (n,))
