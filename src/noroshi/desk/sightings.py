"""What goes back to the source: how often an indicator was seen and when, what people found wrong; no log content."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

import msgspec

from noroshi.errors import Fault, InputError

if TYPE_CHECKING:
    from noroshi.desk.matching import Hit

__all__ = ["Seen", "Sightings", "bundle", "write_sightings"]

NAMESPACE = UUID("3c2a7f0e-4b8e-5a53-9c55-7f6f6b3d9f10")
"""Of our own deterministic ids, so that a search that is run again says the same thing once."""
AUTHOR = f"identity--{uuid5(NAMESPACE, 'noroshi match')}"
MOST = 999_999_999
"""The largest count of a sighting (STIX 2.1, section 5.2)."""


@dataclass(slots=True)
class Seen:
    """How often an indicator was seen, and from when to when (STIX timestamps); its marking."""

    count: int = 0
    first: str | None = None
    last: str | None = None
    marking: str = ""


@dataclass(slots=True)
class Sightings:
    """Counts of hits by indicator; filled as they come."""

    seen: dict[str, Seen] = field(default_factory=dict)

    def add(self, hit: Hit) -> None:
        """Count a hit, unless its value is known to be benign."""
        if hit.benign:
            return
        one = self.seen.setdefault(hit.id, Seen(marking=hit.marking))
        one.count += 1
        if hit.time:
            one.first = min(one.first or hit.time, hit.time)
            one.last = max(one.last or hit.time, hit.time)


class Reviewed(msgspec.Struct):
    """What is read of a hit that people judged wrong: the indicator's id, and why."""

    id: str
    reason: str = ""


def bundle(counts: Sightings, wrong: list[Reviewed], now: datetime) -> dict[str, Any]:
    """Return a STIX 2.1 bundle of one sighting per indicator, and one opinion per indicator judged wrong.

    An id says who saw what, when and how often, so the same search gives the same objects. Times of objects are those
    of the last sighting, else the beginning of `now`'s day; `strongly-disagree` is the word for a false positive
    (section 10.18).
    """
    day = now.strftime("%Y-%m-%dT00:00:00.000Z")
    refused = {one.id: one.reason for one in wrong}
    objects: list[dict[str, Any]] = [
        {"type": "identity", "spec_version": "2.1", "id": AUTHOR, "created": "2026-01-01T00:00:00.000Z",
         "modified": "2026-01-01T00:00:00.000Z", "name": "noroshi match", "identity_class": "system"},
    ]  # fmt: skip
    for id_, one in sorted(counts.seen.items()):
        if id_ in refused:
            continue
        key = f"{id_} {one.first} {one.last} {one.count}"
        at = one.last or day
        times = {"first_seen": one.first, "last_seen": one.last} if one.first else {}
        objects.append(
            {"type": "sighting", "spec_version": "2.1", "id": f"sighting--{uuid5(NAMESPACE, key)}",
             "created_by_ref": AUTHOR, "created": at, "modified": at, **times, "count": min(one.count, MOST),
             "sighting_of_ref": id_}
        )  # fmt: skip
    for id_, reason in sorted(refused.items()):
        objects.append(
            {"type": "opinion", "spec_version": "2.1", "id": f"opinion--{uuid5(NAMESPACE, f'{id_} {reason}')}",
             "created_by_ref": AUTHOR, "created": day, "modified": day, "opinion": "strongly-disagree",
             **({"explanation": reason} if reason else {}), "labels": ["false-positive"], "object_refs": [id_]}
        )  # fmt: skip
    key = " ".join(str(one["id"]) for one in objects)
    return {"type": "bundle", "id": f"bundle--{uuid5(NAMESPACE, key)}", "objects": objects}


def write_sightings(where: str, counts: Sightings, reviewed: str | None, now: datetime) -> None:
    """Write the bundle to `where`, whole or not at all; `reviewed`: hits, one JSON object a line, judged wrong.

    InputError where that file cannot be read or a line of it is no hit.
    """
    wrong = read_reviewed(reviewed) if reviewed else []
    path = Path(where)
    new = path.with_name(path.name + ".new")
    text = msgspec.json.format(msgspec.json.encode(bundle(counts, wrong, now)), indent=1)
    try:
        new.write_bytes(text + b"\n")
        new.replace(path)
    except OSError as error:
        raise InputError([Fault("missing-file", file=where, found=error.strerror or str(error),
                                expected="a file that may be written", remedy="name another")]) from None  # fmt: skip


def read_reviewed(where: str) -> list[Reviewed]:
    """Return the hits that people judged wrong."""
    try:
        lines = Path(where).read_bytes().splitlines()
    except OSError as error:
        raise InputError([Fault("missing-file", file=where, found=error.strerror or str(error),
                                expected="hits as --json prints them",
                                remedy="correct the name")]) from None  # fmt: skip
    found, faults = [], []
    for row, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            found.append(msgspec.json.decode(line, type=Reviewed))
        except msgspec.DecodeError as error:
            faults.append(Fault("bad-json", file=where, row=row, found=str(error), expected='{"id": "indicator--…"}',
                                remedy="keep the line as --json printed it"))  # fmt: skip
    if faults:
        raise InputError(faults)
    return found
