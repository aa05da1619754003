"""Leave that comes late: whoever may see more than before is told of what was there already, at new places, once.

A reader who asks only for what was added after its last visit would otherwise never hear of it. Nobody else sees a
change: an announcement has a place of its own for one principal, and the row stays where it is for all others.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from noroshi.share.markings import Tlp
from noroshi.share.release import Principal as Rights
from noroshi.share.release import classes_of_keys, classes_seen
from noroshi.store import queries
from noroshi.store.contract import Viewer

if TYPE_CHECKING:
    from noroshi.store.contract import Announcing, Connection

__all__ = ["announce", "appear", "keep_told", "regrade"]

BATCH = 2000
REACHED = "SELECT seq FROM reached WHERE collection = ?"
Said = tuple[int, frozenset[str]]
"""The highest TLP that a principal may see (-1 = nothing), and its communities."""


def rights_of(said: Said) -> Rights:
    """Return what decides what a principal may see."""
    return Rights(Tlp(said[0]) if said[0] >= 0 else None, said[1])


def classes_of(connection: Connection, rights: Rights) -> frozenset[int]:
    """Return the release classes that someone sees."""
    return classes_seen(rights, classes_of_keys(connection.execute("SELECT no, key FROM release").fetchall()))


def regrade(connection: Connection, principal: int, old: Said, new: Said) -> None:
    """Note what a principal sees now and did not, or did and does no more, from the place that is reached on.

    What it loses and gets back is told of from where it lost it. If it is lost before all of an earlier gain was
    announced, some of that may come twice: rather that than never.
    """
    before, after = (classes_of(connection, rights_of(said)) for said in (old, new))
    if before == after:
        return
    for collection, seq in connection.execute("SELECT collection, seq FROM reached").fetchall():
        for release in sorted(before - after):
            lose(connection, (principal, collection, release), seq)
        gained = [gain(connection, (principal, collection, release), seq) for release in sorted(after - before)]
        if any(gained):
            connection.execute(
                "INSERT INTO announcing (principal, collection, upto, done) VALUES (?, ?, ?, 0)"
                " ON CONFLICT (principal, collection, upto) DO UPDATE SET done = 0",
                (principal, collection, seq),
            )
            connection.execute("UPDATE principal SET apart = 1 WHERE no = ?", (principal,))


def lose(connection: Connection, key: tuple[int, int, int], seq: int) -> None:
    """Note that a class is seen no more; what was to be announced of it and was not waits for the next leave."""
    since = seq
    for upto, done in connection.execute(
        "SELECT upto, done FROM announcing WHERE principal = ? AND collection = ?", key[:2]
    ).fetchall():
        whole = (*key, upto)
        found = connection.execute(
            "SELECT since FROM audience WHERE principal = ? AND collection = ? AND release = ? AND upto = ?", whole
        ).fetchone()
        if found is None:
            continue
        since = min(since, max(done, found[0]))
        connection.execute(
            "DELETE FROM audience WHERE principal = ? AND collection = ? AND release = ? AND upto = ?", whole
        )
        if done > found[0]:
            span(connection, key, found[0], done)
    span(connection, key, since, None)


def gain(connection: Connection, key: tuple[int, int, int], seq: int) -> bool:
    """Note that a class is seen from now on; say whether anything of it may have been there before."""
    open_ = connection.execute(
        "SELECT since FROM audience WHERE principal = ? AND collection = ? AND release = ? AND upto IS NULL", key
    ).fetchone()
    since = open_[0] if open_ is not None else 0
    connection.execute(
        "DELETE FROM audience WHERE principal = ? AND collection = ? AND release = ? AND upto IS NULL", key
    )
    there = connection.execute(
        "SELECT 1 FROM object WHERE release = ? AND collection = ? AND seq > ? AND seq <= ? LIMIT 1",
        (key[2], key[1], since, seq),
    ).fetchone()
    if there is None:
        return False
    span(connection, key, since, seq)
    return True


def span(connection: Connection, key: tuple[int, int, int], since: int, upto: int | None) -> None:
    """Keep that rows of a class with since < seq <= upto came before leave to see them."""
    connection.execute(
        "INSERT INTO audience (principal, collection, release, since, upto) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (principal, collection, release, since) DO UPDATE SET upto = excluded.upto",
        (*key, since, upto),
    )


def announce(connection: Connection, what: Announcing, now: int) -> int:
    """Announce the next rows; return how many, -1 once there are no more. Nothing that was told is told again.

    A relationship or sighting is announced with the last of what it joins, whatever its own class.
    """
    found = connection.execute(
        "SELECT done FROM announcing WHERE principal = ? AND collection = ? AND upto = ?", what
    ).fetchone()
    if found is None:
        return -1
    done, viewer = found[0], viewer_of(connection, what.principal, what.collection)
    late = queries.late("o", viewer)
    rows = connection.execute(
        "SELECT o.n, o.seq, o.id, o.ends FROM object o INDEXED BY object_seq"
        f" WHERE o.collection = ? AND o.seq > ? AND o.seq <= ? AND {late} ORDER BY o.seq LIMIT {BATCH}",
        (what.collection, done, what.upto),
    ).fetchall()
    if not rows:
        connection.execute("DELETE FROM announcing WHERE principal = ? AND collection = ? AND upto = ?", what)
        return -1
    seq = max(connection.execute(REACHED, (what.collection,)).fetchone()[0], now - 1)
    names = {name for _, _, name, ends in rows if not ends}
    fresh = names - ids_seen(connection, viewer, what.collection, names)
    count = place(connection, viewer, what.collection, {n for n, _, _, ends in rows if not ends}, seq)
    waiting = {n for n, _, _, ends in rows if ends} | joined_to(connection, what.collection, fresh)
    count += place(connection, viewer, what.collection, waiting, seq + count)
    connection.execute("UPDATE reached SET seq = ? WHERE collection = ?", (seq + count, what.collection))
    connection.execute(
        "UPDATE announcing SET done = ? WHERE principal = ? AND collection = ? AND upto = ?", (rows[-1][1], *what)
    )
    return count


def viewer_of(connection: Connection, principal: int, collection: int) -> Viewer:
    """Return what a principal sees of a collection now, told apart."""
    sees, communities = connection.execute(
        "SELECT sees, communities FROM principal WHERE no = ?", (principal,)
    ).fetchone()
    rights = rights_of((sees, frozenset(json.loads(communities or "[]"))))
    later = connection.execute(
        "SELECT release, since, upto FROM audience WHERE principal = ? AND collection = ? AND upto IS NOT NULL",
        (principal, collection),
    ).fetchall()
    classes = tuple(sorted(classes_of(connection, rights)))
    return Viewer(principal, classes, True, tuple((release, since, upto) for release, since, upto in later))  # noqa: FBT003


def ids_seen(
    connection: Connection, viewer: Viewer, collection: int, names: set[str], before: int | None = None
) -> set[str]:
    """Return those ids of which the viewer sees a row, of those whose number is below `before`."""
    older = "" if before is None else f" AND e.n < {before}"
    found: set[str] = set()
    for some in queries.chunked(names):
        rows = connection.execute(
            f"SELECT e.id FROM object e INDEXED BY object_version WHERE e.collection = ? AND e.id IN"
            f" ({queries.marks(len(some))}) AND {queries.seen('e', viewer)}{older}",
            (collection, *some),
        )
        found.update(name for (name,) in rows)
    return found


def joined_to(connection: Connection, collection: int, names: set[str], before: int | None = None) -> set[int]:
    """Return the rows that join any of these ids, of those whose number is below `before`."""
    older = "" if before is None else f" AND n < {before}"
    found: set[int] = set()
    for some in queries.chunked(names):
        rows = connection.execute(
            "SELECT n FROM link INDEXED BY link_end WHERE collection = ? AND end_id IN"
            f" ({queries.marks(len(some))}){older}",
            (collection, *some),
        )
        found.update(n for (n,) in rows)
    return found


def appear(connection: Connection, collection: int, names: set[str], seq: int, first_n: int) -> int:
    """Announce what joins ids that were there, to those who see them only by a row that came now; return the last seq.

    Rows that came now have numbers from `first_n` on. For all others the relationship stays where it is.
    """
    if not joined_to(connection, collection, names, first_n):
        return seq
    readers = connection.execute(
        "SELECT principal FROM permit WHERE collection = ? AND can_read = 1 ORDER BY principal", (collection,)
    ).fetchall()
    for (principal,) in readers:
        viewer = viewer_of(connection, principal, collection)
        fresh = ids_seen(connection, viewer, collection, names) - ids_seen(
            connection, viewer, collection, names, first_n
        )
        if fresh:
            joined = joined_to(connection, collection, fresh, first_n)
            count = place(connection, viewer, collection, joined, seq)
            seq += count
            if count:
                connection.execute("UPDATE principal SET apart = 1 WHERE no = ?", (principal,))
    return seq


def keep_told(connection: Connection, n: int, at: tuple[int, int], before: int, release: int) -> None:
    """Keep a row that is classed anew where it is for those who saw it and see it still; at: its collection and place.

    Leave to see the class that it has now may be of a later day than the row; they have been told of it all the same.
    """
    collection, seq = at
    readers = connection.execute(
        "SELECT principal FROM audience WHERE collection = ? AND release = ? AND since < ? AND upto >= ?",
        (collection, release, seq, seq),
    ).fetchall()
    for (principal,) in readers:
        viewer = viewer_of(connection, principal, collection)
        spans = ((since, upto) for of, since, upto in viewer.later if of == before)
        if before in viewer.classes and not any(since < seq <= upto for since, upto in spans):
            connection.execute(
                "INSERT INTO announced (principal, n, collection, seq) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
                (principal, n, collection, seq),
            )


def place(connection: Connection, viewer: Viewer, collection: int, rows: set[int], seq: int) -> int:
    """Give a place after `seq` to those rows that the viewer may be told of now and was not; return how many."""
    found: dict[tuple[str, int], tuple[int, int]] = {}
    for some in queries.chunked(rows):
        told = connection.execute(
            f"SELECT o.n, o.seq, o.id, o.version FROM object o WHERE o.n IN ({queries.marks(len(some))})"
            f" AND {queries.of_class('o', viewer)} AND NOT {queries.announced('o', viewer)}"
            f" AND {queries.ends_seen(viewer)} AND NOT {queries.told_by_another(viewer, 'p.n <> o.n')}",
            some,
        )
        for n, at, name, version in told:
            found[name, version] = min(found.get((name, version), (at, n)), (at, n))
    connection.executemany(
        "INSERT INTO announced (principal, n, collection, seq) VALUES (?, ?, ?, ?)",
        [(viewer.principal, n, collection, seq + k) for k, (_, n) in enumerate(sorted(found.values()), 1)],
    )
    return len(found)
