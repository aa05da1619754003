"""The wall between exercises and the rest: who may read which collection, looked at with each change of either."""

from __future__ import annotations

from typing import TYPE_CHECKING

from noroshi.share.contacts import BOTH_WORLDS

if TYPE_CHECKING:
    from noroshi.store.contract import Connection

__all__ = ["Crossing", "refuse_crossing", "refuse_turning"]

READS = (
    "SELECT p.name, c.uid, p.kind FROM permit g JOIN principal p ON p.no = g.principal"
    " JOIN collection c ON c.no = g.collection LEFT JOIN contact t ON t.principal = p.no"
    " WHERE g.can_read = 1 AND c.exercise <> COALESCE(t.exercise, 0) ORDER BY p.name, c.uid"
)
PEERS = (
    "SELECT p.name, c.uid, p.kind FROM peer e JOIN principal p ON p.no = e.principal"
    " JOIN collection c ON c.uid IN (e.into_uid, e.from_uid) LEFT JOIN contact t ON t.principal = p.no"
    " WHERE c.exercise <> COALESCE(t.exercise, 0) ORDER BY p.name, c.uid"
)
"""What a partner hub is sent, or sends: whatever its kind, each of its collections is of its own world."""
TURNS = (
    "SELECT 1 FROM collection c WHERE c.root = ? AND c.uid = ? AND c.exercise <> ?"
    " AND EXISTS (SELECT 1 FROM object o WHERE o.collection = c.no)"
)


class Crossing(Exception):  # noqa: N818  a reason to stop, not an error
    """Something would cross the wall: pairs of a principal ("" = the objects that are there) and a collection's id."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        """Take what would cross."""
        super().__init__(", ".join(f"{name}: {uid}" for name, uid in pairs))
        self.pairs = pairs


def refuse_crossing(connection: Connection) -> None:
    """Raise Crossing where who is there for exercises alone may read another collection, or the reverse."""
    reads = [(name, uid) for name, uid, kind in connection.execute(READS).fetchall() if kind not in BOTH_WORLDS]
    peers = [(name, uid) for name, uid, _ in connection.execute(PEERS).fetchall()]
    if found := list(dict.fromkeys(reads + peers)):
        raise Crossing(found)


def refuse_turning(connection: Connection, root: int, uid: str, *, exercise: bool) -> None:
    """Raise Crossing where a collection with objects in it would become one of exercises, or cease to be one."""
    if connection.execute(TURNS, (root, uid, int(exercise))).fetchone() is not None:
        raise Crossing([("", uid)])
