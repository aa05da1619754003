"""Partner hubs in the store: what was agreed, how far each way has come, what they have, what was refused.

How far a pull has come changes in the transaction that takes the page in, so that a process that is killed between
pages repeats and loses nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from noroshi.share.policy import EXPLAINS, refused
from noroshi.share.release import ReleaseClass, visible
from noroshi.store import objects
from noroshi.store.contract import Classed, DeclaredPeer, Viewer
from noroshi.store.journal import tell_deleted
from noroshi.store.queries import marks

if TYPE_CHECKING:
    from collections.abc import Mapping
    from concurrent.futures import Future

    from noroshi.share.policy import Policy
    from noroshi.share.release import Principal as Rights
    from noroshi.store.contract import Classify, Connection, Incoming, Past, Sift, Store

    Keep = Callable[[Connection, str, dict[str, object], dict[str, object], str], list[str]]

__all__ = [
    "PULL", "PUSH", "Fact", "Moved", "Overtaken", "Peer", "Refusal", "State", "Taken", "chunks", "declare_peer",
    "everything", "facts", "failed", "joining", "known_peers", "moved", "refusals", "sent_already", "sifting", "state",
]  # fmt: skip

PULL, PUSH = "pull", "push"
CHUNK = 400
MOST_REFUSALS = 10_000
"""Refusals kept of one partner and way: the newest."""
PEER = (
    "p.name, p.url, p.remote, p.into_uid, p.from_uid, w.name, p.pulls, p.pushes, p.max_tlp, p.communities, p.types,"
    " p.unmarked, p.ca, p.password, p.no"
)
STATE = ("place", "cursor", "seen", "policy", "done", "refused", "failures", "tried", "next_try", "fault")


class Overtaken(Exception):  # noqa: N818  a reason to stop, not an error
    """Another process has moved on from the place where we were."""


@dataclass(frozen=True, slots=True)
class Peer(DeclaredPeer):
    """A partner hub as it stands."""

    no: int


@dataclass(frozen=True, slots=True)
class State:
    """How far one way has come; see the table `peer_state`. Times in microseconds."""

    place: str = ""
    cursor: str = ""
    seen: str = ""
    policy: str = ""
    done: int = 0
    refused: int = 0
    failures: int = 0
    tried: int = 0
    next_try: int = 0
    fault: str = ""


class Refusal(NamedTuple):
    """One object that was refused: which, when, why."""

    id: str
    version: str
    at: int
    reason: str


class Fact(NamedTuple):
    """One row: its id, digest, source, and the key of its release class."""

    id: str
    sha: bytes
    source: int
    release: str


class Moved(NamedTuple):
    """A step of one way: where it was, where it is then, what was refused on it."""

    way: str
    before: State
    after: State
    refusals: tuple[tuple[str, str, str], ...] = ()


@dataclass(slots=True)
class Taken:
    """What became of a page: how many are there now, how many of them are new, how many came back; refused with a rule.

    refused: (id, stamp, rule).
    """

    kept: int = 0
    fresh: int = 0
    echoes: int = 0
    refused: tuple[tuple[str, str, str], ...] = ()


# ---- what was agreed


def declare_peer(connection: Connection, one: DeclaredPeer, kept: Keep) -> list[str]:
    """Make or change a partner; return what was done, a line each."""
    (who,) = connection.execute("SELECT no FROM principal WHERE name = ?", (one.principal,)).fetchone()
    values = {
        "url": one.url, "remote": one.remote, "into_uid": one.into, "from_uid": one.outof, "principal": who,
        "password": one.password, "pulls": int(one.pulls), "pushes": int(one.pushes), "max_tlp": one.max_tlp,
        "communities": "" if one.communities is None else listed(one.communities), "types": listed(one.types),
        "unmarked": one.unmarked, "ca": one.ca,
    }  # fmt: skip
    return kept(connection, "peer", {"name": one.name}, values, one.name)


def listed(names: frozenset[str]) -> str:
    """Return names as one text."""
    return json.dumps(sorted(names), ensure_ascii=False)


def known_peers(store: Store) -> tuple[Peer, ...]:
    """Return every partner, by name."""
    rows = store.ask(f"SELECT {PEER} FROM peer p JOIN principal w ON w.no = p.principal ORDER BY p.name")
    return tuple(
        Peer(*(*row[:6], bool(row[6]), bool(row[7]), row[8], frozenset(json.loads(row[9])) if row[9] else None,
               frozenset(json.loads(row[10])), row[11], row[12], bytes(row[13]), row[14]))
        for row in rows
    )  # fmt: skip


# ---- how far it has come


def state(store: Store, peer: int, way: str) -> State:
    """Return how far one way has come."""
    rows = store.ask(f"SELECT {', '.join(STATE)} FROM peer_state WHERE peer = ? AND way = ?", (peer, way))
    return State(*rows[0]) if rows else State()


def refusals(store: Store, peer: int, way: str, most: int) -> tuple[Refusal, ...]:
    """Return what was refused, the newest first."""
    rows = store.ask(
        "SELECT id, version, at, reason FROM peer_refused WHERE peer = ? AND way = ? ORDER BY at DESC, id LIMIT ?",
        (peer, way, most),
    )
    return tuple(Refusal(*row) for row in rows)


def move(connection: Connection, peer: int, step: Moved) -> None:
    """Keep where one way is, with what was refused; Overtaken where it is no longer where it was."""
    rows = connection.execute("SELECT place, cursor FROM peer_state WHERE peer = ? AND way = ?", (peer, step.way))
    found = rows.fetchone()
    if (tuple(found) if found else ("", "")) != (step.before.place, step.before.cursor):
        raise Overtaken
    write(connection, peer, step.way, step.after)
    at = step.after.tried
    connection.executemany(
        "INSERT INTO peer_refused (peer, way, id, version, at, reason) VALUES (?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (peer, way, id, version) DO UPDATE SET at = excluded.at, reason = excluded.reason",
        [(peer, step.way, name, version, at, reason) for name, version, reason in step.refusals],
    )
    if step.refusals:
        connection.execute(
            "DELETE FROM peer_refused WHERE peer = ? AND way = ? AND at < (SELECT at FROM peer_refused WHERE peer = ?"
            " AND way = ? ORDER BY at DESC LIMIT 1 OFFSET ?)",
            (peer, step.way, peer, step.way, MOST_REFUSALS - 1),
        )


def write(connection: Connection, peer: int, way: str, now: State) -> None:
    """Keep a state as it is."""
    changes = ", ".join(f"{name} = excluded.{name}" for name in STATE)
    connection.execute(
        f"INSERT INTO peer_state (peer, way, {', '.join(STATE)}) VALUES (?, ?, {', '.join('?' * len(STATE))})"
        f" ON CONFLICT (peer, way) DO UPDATE SET {changes}",
        (peer, way, *(getattr(now, name) for name in STATE)),
    )


def moved(store: Store, peer: int, step: Moved, sent: Sequence[tuple[str, bytes]] = ()) -> Future[None]:
    """Return the future of a step and of what the partner has from us with it (id, digest), in one transaction."""

    def work(connection: Connection) -> None:
        move(connection, peer, step)
        rows = [(peer, name, sha, step.after.tried) for name, sha in sent]
        connection.executemany(
            "INSERT INTO peer_sent (peer, id, sha, at) VALUES (?, ?, ?, ?) ON CONFLICT (peer, id, sha) DO NOTHING", rows
        )

    return store.change(work)


def failed(store: Store, peer: int, way: str, now: State) -> Future[None]:
    """Return the future of a failure being kept: when, how often in a row, when next, why. It moves nothing."""
    names = ("failures", "tried", "next_try", "fault")

    def work(connection: Connection) -> None:
        connection.execute(
            f"INSERT INTO peer_state (peer, way, {', '.join(STATE)}) VALUES (?, ?, {', '.join('?' * len(STATE))})"
            f" ON CONFLICT (peer, way) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in names)}",
            (peer, way, *(getattr(now, name) for name in STATE)),
        )

    return store.change(work)


# ---- what comes in


def sifting(  # noqa: PLR0913  where, who, what was agreed, the step, and what is told of it
    peer: int, collection: int, source: int, policy: Policy, rights: Rights, step: Moved, taken: Taken
) -> Sift:
    """Return what leaves out of a page, within its transaction, what is not to be taken in, and moves the place.

    What was not agreed is left out, but what it asks of its parts binds them all the same, and takes away those that
    came before it where that puts them outside what was agreed. Left out too is what came back: the same bytes that the
    partner could have had from us.
    """

    def sift(
        connection: Connection, rows: tuple[Incoming, ...], classify: Classify, ways: objects.Ways
    ) -> tuple[tuple[Incoming, ...], Classify]:
        classed = classes(connection, source, rows, classify, ways)
        there = copies(connection, collection, {row.header.id for row in rows})
        kept, left, echoes = [], [], 0
        for at, (row, key) in enumerate(zip(rows, classed.rows, strict=True)):
            rule = refused(policy, row.header.type, ReleaseClass.from_key(key))
            if rule:
                left.append((row.header.id, row.stamp, rule))
            elif row.header.type not in EXPLAINS and came_back(row, source, rights, there):
                echoes += 1
            else:
                kept.append(at)
        taken.kept, taken.echoes, taken.refused = len(kept), echoes, tuple(left)
        mine = {key for key, those in there.items() if any(by == source for by, _ in those)}
        taken.fresh = sum((rows[at].header.id, rows[at].sha) not in mine for at in kept)
        before = step.after
        no = len(left) + len(step.refusals)
        after = replace(before, done=before.done + len(kept), refused=before.refused + no)
        move(connection, peer, step._replace(after=after, refusals=(*step.refusals, *left)))
        keys = tuple(classed.rows[at] for at in kept)
        gone = withdrawn(connection, collection, source, policy, classed)
        now = classed._replace(rows=keys, there={n: key for n, key in classed.there.items() if n not in gone})
        return tuple(rows[at] for at in kept), lambda _, __: now

    return sift


def withdrawn(connection: Connection, collection: int, source: int, policy: Policy, classed: Classed) -> set[int]:
    """Take away the rows of a source that classed anew that now lie outside what was agreed; return their numbers."""
    found: dict[int, str] = {}
    for n, key in classed.there.items():
        row = connection.execute(
            "SELECT id, type FROM object WHERE n = ? AND collection = ?", (n, collection)
        ).fetchone()
        if row and refused(policy, row[1], ReleaseClass.from_key(key)):
            found[n] = row[0]
    if found:
        connection.executemany(objects.KEEP_GONE, [(n,) for n in found])
        objects.take_away(connection, list(found))
        objects.settle(connection, collection, set(found.values()))
        tell_deleted(connection, collection, Viewer(source, ()), list(found))
    return set(found)


def classes(
    connection: Connection, source: int, rows: tuple[Incoming, ...], classify: Classify, ways: objects.Ways
) -> Classed:
    """Return what the classes of rows will be, nothing written."""
    found: list[Classed] = []

    def look(_: object, past: Past) -> Classed:
        found.append(classify(rows, past))
        return Classed((), {}, {})

    objects.released(connection, source, (), look, ways)
    return found[0]


def copies(connection: Connection, collection: int, ids: set[str]) -> dict[tuple[str, bytes], list[tuple[int, str]]]:
    """Return (id, digest) -> (source, key of its class) of the rows that there are of some ids."""
    found: dict[tuple[str, bytes], list[tuple[int, str]]] = {}
    for some in chunks(sorted(ids)):
        for fact in connection.execute(*copied(collection, some)).fetchall():
            name, sha, source, key = fact
            found.setdefault((name, bytes(sha)), []).append((source, key))
    return found


def copied(collection: int, ids: Sequence[str]) -> tuple[str, tuple[Any, ...]]:
    """Return the statement for the facts of rows of some ids."""
    text = (
        "SELECT o.id, o.sha, o.source, r.key FROM object o INDEXED BY object_version JOIN release r ON r.no = o.release"
        f" WHERE o.collection = ? AND o.id IN ({marks(len(ids))})"
    )
    return text, (collection, *ids)


def came_back(
    row: Incoming, source: int, rights: Rights, there: Mapping[tuple[str, bytes], list[tuple[int, str]]]
) -> bool:
    """Return whether another source's row has the same bytes, and the partner may see it."""
    same = there.get((row.header.id, row.sha), ())
    return any(by != source and visible(rights, ReleaseClass.from_key(key)) for by, key in same)


# ---- what goes out


def facts(store: Store, collection: int, ids: Sequence[str]) -> tuple[Fact, ...]:
    """Return the facts of every row of some ids."""
    found: list[Fact] = []
    for some in chunks(ids):
        found += [Fact(name, bytes(sha), by, key) for name, sha, by, key in store.ask(*copied(collection, some))]
    return tuple(found)


def sent_already(store: Store, peer: int, ids: Sequence[str]) -> set[tuple[str, bytes]]:
    """Return what a partner has from us of some ids: (id, digest)."""
    found: set[tuple[str, bytes]] = set()
    for some in chunks(ids):
        text = f"SELECT id, sha FROM peer_sent WHERE peer = ? AND id IN ({marks(len(some))})"
        found |= {(name, bytes(sha)) for name, sha in store.ask(text, (peer, *some))}
    return found


def joining(store: Store, collection: int, ids: Sequence[str]) -> set[str]:
    """Return the ids of the relationships and sightings of a collection that join some ids."""
    found: set[str] = set()
    for some in chunks(ids):
        text = (
            "SELECT o.id FROM link l INDEXED BY link_end CROSS JOIN object o WHERE"
            f" l.end_id IN ({marks(len(some))}) AND o.n = l.n AND o.collection = ?"
        )
        found |= {name for (name,) in store.ask(text, (*some, collection))}
    return found


def everything(store: Store, collection: int, after: int, limit: int) -> list[tuple[Any, ...]]:
    """Return rows of a collection after a place, whoever may see them: (seq, id, type, stamp, sha, source, key)."""
    return store.ask(
        "SELECT o.seq, o.id, o.type, o.stamp, o.sha, o.source, r.key FROM object o INDEXED BY object_seq"
        " JOIN release r ON r.no = o.release WHERE o.collection = ? AND o.seq > ? ORDER BY o.seq LIMIT ?",
        (collection, after, limit),
    )


def chunks(ids: Sequence[str]) -> list[Sequence[str]]:
    """Return ids so many at a time as one statement takes."""
    return [ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK)]
