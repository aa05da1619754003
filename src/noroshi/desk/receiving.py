"""An envelope on its way in: each object checked for itself, its release class found, the rest named with a reason."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from noroshi.share.headers import Header, header
from noroshi.share.markings import Marking, Tlp, definitions, own_marking
from noroshi.share.reading import check, split
from noroshi.share.reasons import Reason
from noroshi.share.release import ReleaseClass, release_class
from noroshi.share.taxii import Refused, timestamp
from noroshi.store.contract import Incoming

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["NOBODY", "Received", "known_definitions", "received"]

NOBODY = ReleaseClass(None, None)
"""The class of what may be shown to nobody: it is unmarked, or marked by something that nobody has explained."""
MOST_OBJECTS = 10_000


class Received(NamedTuple):
    """What can be kept, and what became of each object: (id, version, message)."""

    rows: tuple[Incoming, ...]
    successes: tuple[tuple[str, str, str], ...]
    failures: tuple[tuple[str, str, str], ...]


def known_definitions(bodies: list[bytes]) -> dict[str, Marking]:
    """Return what the marking definitions ask that a source has sent before."""
    values = (check(body) for body in bodies)
    return definitions(value for value in values if not isinstance(value, Reason))


def received(
    data: bytes,
    default: Tlp | None,
    known: Mapping[str, Marking],
    place: Callable[[ReleaseClass], int],
    now: int,
) -> Received:
    """Return the objects of an envelope that can be kept, and why the others cannot.

    default: the collection's TLP for what arrives unmarked; known: the source's marking definitions; place: number of a
    release class; now: the version of objects that have none, in microseconds. Refused 422 where there is no envelope.
    """
    parcel = split(data, MOST_OBJECTS)
    if isinstance(parcel, Reason):
        raise Refused(422, "Not an envelope", parcel.line())
    values = [check(raw) for raw in parcel.objects]
    mine = {**known, **definitions(value for value in values if not isinstance(value, Reason))}
    rows, successes, failures = [], [], []
    usual = None if default is None else Marking(default)
    for raw, value in zip(parcel.objects, values, strict=True):
        head = value if isinstance(value, Reason) else header(value)
        if isinstance(head, Reason):
            name = str(value.get("id", ""))[:300] if isinstance(value, dict) else ""
            failures.append((name, "", head.line()))
            continue
        row = incoming(raw, head, mine, usual, place, now)
        rows.append(row)
        successes.append((row.id, row.stamp, ""))
    return Received(tuple(rows), tuple(successes), tuple(failures))


def incoming(  # noqa: PLR0913  an object and what its class follows from
    raw: bytes, head: Header, known: Mapping[str, Marking], default: Marking | None,
    place: Callable[[ReleaseClass], int], now: int,
) -> Incoming:  # fmt: skip
    """Return one object as it is kept. What an unknown marking asks cannot be told, so nobody is shown it."""
    marking, unknown = own_marking(head, known)
    released = NOBODY if unknown else release_class(marking, default)
    version, stamp = (head.at[0], head.version) if head.at is not None else (now, timestamp(now))
    return Incoming(
        head.id, head.type, version, stamp, head.spec_version, place(released), head.ends,
        hashlib.sha256(raw).digest(), raw,
    )  # fmt: skip
