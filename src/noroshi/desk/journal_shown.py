"""The journal for people: its latest entries with who did them, the whole of it verified, a checkpoint to take away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from noroshi.desk.checkpoints import make_checkpoint, own_key
from noroshi.desk.journal import verify
from noroshi.desk.permitting import must
from noroshi.share.entries import KINDS
from noroshi.store import people
from noroshi.store.journal_reading import latest

if TYPE_CHECKING:
    from noroshi.desk.checkpoints import Checkpoint
    from noroshi.desk.hub import Hub
    from noroshi.desk.journal import Verified
    from noroshi.settings import Settings
    from noroshi.store.contract import Principal

__all__ = ["MOST", "Line", "Lines", "checkpoint", "entries_of", "kinds", "verified"]

MOST = 50
"""Entries of a page."""
BY = ("principal", "by", "author")
"""Keys of an entry that say who did it, by its number."""
NUMBERED = ("principal", "by", "author", "recipient")


class Line(NamedTuple):
    """An entry: its number, when (microseconds), its kind, who did it ("" = not said), the rest as (key, value)."""

    no: int
    at: int
    kind: str
    who: str
    says: tuple[tuple[str, str], ...]
    hash: str


class Lines(NamedTuple):
    """Entries, the newest first, and whether there are older ones."""

    lines: tuple[Line, ...]
    more: bool


def kinds() -> tuple[str, ...]:
    """Return the kinds of entries that a journal can have."""
    return tuple(kind for kind in KINDS if kind != "given")


def entries_of(hub: Hub, asker: Principal, kind: str = "", before: int = 0) -> Lines:
    """Return the latest entries of the journal; kind: of one kind alone; before: older than that number.

    Nothing secret and no object's content is in an entry: that stands there as a seal, which nobody can read.
    """
    must(asker, "journal.read")
    found = latest(hub.store.ask, kind, before, MOST + 1)
    said = [(one, said_of(one.content)) for one in found[:MOST]]
    numbers = {int(value) for _, each in said for key, value in each.items() if key in NUMBERED and whole(value)}
    names = {no: name for no, (name, _) in people.names_of(hub.store, sorted(numbers)).items()}
    lines = []
    for one, each in said:
        who = next((names.get(int(each[key]), str(each[key])) for key in BY if whole(each.get(key))), "")
        rest = tuple((key, text_of(key, value, names)) for key, value in each.items() if key not in BY)
        lines.append(Line(one.no, one.at, one.kind, who, rest, one.hash.hex()))
    return Lines(tuple(lines), len(found) > MOST)


def verified(hub: Hub, asker: Principal, settings: Settings, *, objects: bool = False) -> Verified:
    """Walk both chains and hold the checkpoints that were kept against them; InputError with what does not hold.

    objects: whether what was kept is compared with what is there too.
    """
    must(asker, "journal.read")
    return verify(hub.store, [], own_key(settings.data), objects=objects)


def checkpoint(hub: Hub, asker: Principal, settings: Settings) -> Checkpoint:
    """Sign where both chains end now, for somebody to keep elsewhere."""
    must(asker, "journal.read")
    return make_checkpoint(hub.store, settings.data)


def said_of(content: bytes) -> dict[str, Any]:
    """Return what an entry says."""
    try:
        found = msgspec.json.decode(content)
    except msgspec.DecodeError:
        return {}
    if isinstance(found, dict):
        more = found.get("values")
        return {**found, **({"by": more["by"]} if isinstance(more, dict) and whole(more.get("by")) else {})}
    return {}


def whole(value: object) -> bool:
    """Say whether a value is a whole number."""
    return isinstance(value, int) and not isinstance(value, bool)


def text_of(key: str, value: Any, names: dict[int, str]) -> str:  # noqa: ANN401  any JSON
    """Return a value in short."""
    if key in NUMBERED and whole(value):
        return names.get(value, str(value))
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
