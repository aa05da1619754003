"""A file that somebody sends to a page: read as `noroshi share import` reads it, and taken in by the same door."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from noroshi.desk.bringing_in import BroughtIn, envelopes, one_file
from noroshi.errors import InputError
from noroshi.files.objects_in import read_objects

if TYPE_CHECKING:
    from noroshi.desk.hub import Hub
    from noroshi.store.contract import Collection, Principal, Root

__all__ = ["CameIn", "bring_in_sent"]

FIRST = frozenset({"report", "vulnerability", "grouping", "indicator", "malware", "campaign"})
"""Types that a person would look at first."""


class CameIn(NamedTuple):
    """What became of a file, and the ids of what a person would look at first, each with its type and name."""

    done: BroughtIn
    first: tuple[tuple[str, str, str], ...]


def bring_in_sent(  # noqa: PLR0913  whose, where, what
    hub: Hub, asker: Principal, at: tuple[Root, Collection], name: str, data: bytes, now: int
) -> CameIn:
    """Take the objects of a file in; `now` in microseconds, name: as the sender calls the file.

    InputError with every fault of a file that cannot be read; what is wrong with single objects is in the answer.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sent.json"
        path.write_bytes(data)
        try:
            kind, objects = read_objects(path)
        except InputError as error:
            raise InputError([replace(one, file=name) for one in error.faults]) from None
    done = one_file(hub, (asker, *at), name, kind, envelopes(objects), now)
    failed = {failure[0] for failure in done.failures}
    found = objects if isinstance(objects, list) else msgspec.json.decode(objects).get("objects", [])
    return CameIn(done, tuple(face for one in found if (face := first_of(one)) and face[0] not in failed))


def first_of(one: Any) -> tuple[str, str, str] | None:  # noqa: ANN401  any JSON
    """Return id, type and name of what a person would look at first; None for anything else."""
    if not isinstance(one, dict) or one.get("type") not in FIRST:
        return None
    return str(one.get("id", "")), str(one["type"]), str(one.get("name") or one.get("pattern") or one.get("id", ""))
