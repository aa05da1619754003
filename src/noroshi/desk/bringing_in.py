"""What `noroshi share import` does: files of others go in through the same door as everything else, as a principal."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from noroshi.desk.hub import Hub, open_hub
from noroshi.errors import NotFoundError
from noroshi.files.lists_in import ListAbout
from noroshi.files.objects_in import read_objects
from noroshi.share.reading import split
from noroshi.share.reasons import Reason
from noroshi.share.taxii import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from noroshi.settings import Settings
    from noroshi.store.contract import Collection, Principal, Root

__all__ = ["BroughtIn", "bring_in"]

ENVELOPE = 1000
"""Objects that go in together where they need not: each envelope is kept as a whole."""


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """What became of one file: its kind, how many objects were kept, and why the others were not (id, reason)."""

    file: str
    kind: str
    kept: int
    failures: tuple[tuple[str, str], ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the figures as plain values."""
        failures = [{"id": name, "message": message} for name, message in self.failures]
        return {"file": self.file, "kind": self.kind, "kept": self.kept, "failures": failures}


def bring_in(  # noqa: PLR0913  where, whose, what, when
    settings: Settings, files: tuple[str, ...], *, collection: str, principal: str, kind: str | None, now: int,
    about: ListAbout | None = None, said: Callable[[float], None] = lambda _: None,
) -> tuple[BroughtIn, ...]:  # fmt: skip
    """Bring files into a collection as a principal who may write there. `now` in microseconds.

    about: whose lists and CSVs are. All files are read before any goes in. InputError for a file at fault,
    NotFoundError for a principal or collection that is not there, or to which that principal may not write.
    """
    read = [(file, *read_objects(file, kind, about or ListAbout())) for file in files]
    hub = open_hub(settings)
    try:
        who, root, where = place(hub, principal, collection)
        found = []
        for k, (file, told, objects) in enumerate(read):
            # what has no version of its own has the time as one: the same observable in two files is not one row
            found.append(one_file(hub, (who, root, where), file, told, envelopes(objects), now + k))
            said((k + 1) / len(read))
        return tuple(found)
    finally:
        hub.store.close()


def place(hub: Hub, principal: str, collection: str) -> tuple[Principal, Root, Collection]:
    """Return the principal and a collection to which it may write; NotFoundError where there is none."""
    found = hub.store.principal(principal)
    if found is None:
        raise NotFoundError(f"no principal {principal!r}; declare it with `noroshi admin apply`")
    for root in hub.roots(found[0]):
        for one in hub.collections(found[0], root):
            if one.uid == collection and one.can_write:
                return found[0], root, one
    raise NotFoundError(f"no collection {collection!r} to which {principal} may write")


def envelopes(objects: list[dict[str, Any]] | bytes) -> Iterator[bytes]:
    """Yield what goes in together. What came as bytes is cut, not written anew; what is one import stays together.

    A container binds what its source sends in any envelope, so that cutting loses no marking.
    """
    if isinstance(objects, bytes):
        parcel = split(objects, 1 << 31)
        pieces = [] if isinstance(parcel, Reason) else list(parcel.objects)
    else:
        pieces = [json.dumps(one, ensure_ascii=False, separators=(",", ":")).encode() for one in objects]
    # definitions of markings, then containers, then the rest: nothing is shown for a moment that will be hidden
    pieces.sort(key=order)
    for start in range(0, len(pieces), ENVELOPE):
        yield b'{"objects":[' + b",".join(pieces[start : start + ENVELOPE]) + b"]}"


def order(piece: bytes) -> int:
    """Return when an object goes in, by its type as far as its bytes tell."""
    head = piece[:4000]
    if b"marking-definition--" in head and b'"marking-definition"' in piece:
        return 0
    return 1 if any(kind in piece for kind in (b'"report"', b'"grouping"', b'"observed-data"')) else 2


def one_file(  # noqa: PLR0913  where, and what
    hub: Hub, at: tuple[Principal, Root, Collection], file: str | Path, kind: str, parts: Iterator[bytes], now: int
) -> BroughtIn:
    """Bring one file's envelopes in and return what became of them."""
    kept, failures = 0, []
    for part in parts:
        try:
            sent = hub.send(*at, part, now)
        except Refused as refused:
            failures.append(("", f"{refused.title}: {refused.description}"))
            continue
        sent.kept.result()
        kept += len(sent.status.successes)
        failures += [(name, message) for name, _, message in sent.status.failures]
    return BroughtIn(str(file), kind, kept, tuple(failures))
