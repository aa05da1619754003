"""An envelope on its way in: each object checked for itself, its own marking read, the rest named with a reason."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from noroshi.share.contacts import LABEL, crosses
from noroshi.share.markings import Marking, definitions, joined, own_marking
from noroshi.share.reading import check, split
from noroshi.share.reasons import Reason
from noroshi.share.taxii import Refused, timestamp
from noroshi.share.validation import read
from noroshi.store.contract import Incoming

if TYPE_CHECKING:
    from collections.abc import Mapping

    from noroshi.share.headers import Header

__all__ = ["Received", "known_definitions", "received"]

MOST_OBJECTS = 10_000
EXERCISE_ALONE = Reason("exercise-alone", "labels", LABEL)
NO_EXERCISE = Reason("no-exercise", "labels", LABEL)


class Received(NamedTuple):
    """What can be kept, what became of each object (id, version, message), all the source's marking definitions."""

    rows: tuple[Incoming, ...]
    successes: tuple[tuple[str, str, str], ...]
    failures: tuple[tuple[str, str, str], ...]
    definitions: dict[str, Marking]


def known_definitions(bodies: list[bytes]) -> dict[str, Marking]:
    """Return what the marking definitions ask that a source has sent before."""
    values = (check(body) for body in bodies)
    return definitions(value for value in values if not isinstance(value, Reason))


def received(data: bytes, known: Mapping[str, Marking], now: int, *, exercise: bool = False) -> Received:
    """Return the objects of an envelope that can be kept, and why the others cannot.

    known: the source's marking definitions; now: the version of objects that have none, in microseconds; exercise:
    whether it is for a collection of exercises. Refused 422 where there is no envelope.
    """
    parcel = split(data, MOST_OBJECTS)
    if isinstance(parcel, Reason):
        raise Refused(422, "Not an envelope", parcel.line())
    objects = [(raw, read(raw)) for raw in parcel.objects]
    came = definitions(one.value for _, one in objects if not isinstance(one, Reason))
    mine = joined(known, came)
    rows, successes, failures = [], [], []
    for raw, one in objects:
        if isinstance(one, Reason):
            failures.append((named(raw), "", one.line()))
            continue
        if crosses(one.value, exercise=exercise):
            failures.append((named(raw), "", (EXERCISE_ALONE if exercise else NO_EXERCISE).line()))
            continue
        row = incoming(raw, one.header, mine, now)
        rows.append(row)
        successes.append((row.header.id, row.stamp, ""))
    return Received(tuple(rows), tuple(successes), tuple(failures), mine)


def named(raw: bytes) -> str:
    """Return the id that a refused object gives itself, as far as it can be read."""
    value = check(raw)
    name = "" if isinstance(value, Reason) else value.get("id", "")
    return name[:300] if isinstance(name, str) else ""


def incoming(raw: bytes, head: Header, known: Mapping[str, Marking], now: int) -> Incoming:
    """Return one object as it is kept."""
    own = own_marking(head, known)
    version, stamp = (head.at[0], head.version) if head.at is not None else (now, timestamp(now))
    return Incoming(head, own, version, stamp, hashlib.sha256(raw).digest(), raw)
