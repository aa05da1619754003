"""Estates that the hub keeps: copies of samples and what was brought in, each with all its versions, none overwritten.

A version is a folder of plain tables, named by the hash of what is in it; a table that did not change is the same file
in both. What is not sound is never kept: an estate is checked as a whole before a version of it is made.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import tempfile
import uuid
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from noroshi.desk.permitting import may, must
from noroshi.estate.diff import diff
from noroshi.estate.model import Estate
from noroshi.files.estates import load, save
from noroshi.files.saving import save_whole
from noroshi.share.entries import Applied
from noroshi.share.permissions import Leave
from noroshi.share.taxii import Refused
from noroshi.store.journal import tell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from noroshi.desk.hub import Hub
    from noroshi.estate.diff import Difference
    from noroshi.store.contract import Principal

__all__ = ["Kept", "Version", "begin", "changed", "difference", "found", "listed", "own_key", "place", "restored"]

FOLDER, HISTORY, VERSIONS = "estates", "history.json", "versions"
ABSENT = Refused(404, "Not found", "there is no such estate, or you may not know of it")
MEANWHILE = Refused(409, "Conflict", "somebody has changed the estate meanwhile: look at it again, then change it")
LONGEST, MOST = 100, 50


class Version(msgspec.Struct, frozen=True):
    """A version: the hash of its tables, when it was made (microseconds), by whom, what was done, and to what."""

    sha: str
    at: int
    who: str
    what: str
    note: str = ""


class Kept(msgspec.Struct, frozen=True):
    """An estate that the hub keeps: its key, who began it, its name, and its versions, the oldest first."""

    key: str
    owner: str
    name: str
    versions: tuple[Version, ...]


def listed(asker: Principal, data: Path) -> tuple[Kept, ...]:
    """Return the estates that somebody may see, the oldest first: one's own, or all, as the table says."""
    leave = may(asker, "estates.change")
    folder = data / FOLDER
    if leave is Leave.NEVER or not folder.is_dir():
        return ()
    every = [read(path) for path in folder.glob(f"*/{HISTORY}")]
    kept = [one for one in every if leave is Leave.ALLOWED or one.owner == asker.name]
    return tuple(sorted(kept, key=lambda one: (one.versions[0].at, one.key)))


def found(asker: Principal, data: Path, key: str) -> Kept:
    """Return an estate by its key; Refused 404 where there is none that one may see."""
    for one in listed(asker, data):
        if one.key == key:
            return one
    raise ABSENT


def own_key(one: Kept) -> str:
    """Return by what a page names an estate: no sample is called so."""
    return f"own-{one.key}"


def place(data: Path, one: Kept, no: int = 0) -> Path:
    """Return where a version's tables are: the last one, or that of a number from 1 on; Refused 404."""
    if not 0 <= no <= len(one.versions):
        raise ABSENT
    return data / FOLDER / one.key / VERSIONS / one.versions[no - 1].sha


def begin(  # noqa: PLR0913  who keeps what, called how, of what kind, when
    hub: Hub, asker: Principal, data: Path, estate: Estate, name: str, what: str, now: int
) -> Kept:
    """Keep a sound estate under a name of its own; what: "copied" or "imported". `now` in microseconds.

    Refused 422 for a name that cannot be, 409 where somebody has too many.
    """
    must(asker, "estates.change")
    if not name or len(name) > LONGEST or not name.isprintable():
        raise Refused(422, "Unprocessable", f"name: nothing, or more than {LONGEST} letters")
    if sum(one.owner == asker.name for one in listed(asker, data)) >= MOST:
        raise Refused(409, "Conflict", f"at most {MOST} estates of one's own")
    key = uuid.uuid4().hex
    (data / FOLDER / key / VERSIONS).mkdir(mode=0o700, parents=True)
    mine = Estate(replace(estate.meta, name_en=name, name_ja=name), estate.frames)
    with held(data, key):
        sha = written(data / FOLDER / key / VERSIONS, mine, None)
        one = Kept(key, asker.name, name, (Version(sha, now, asker.name, what, estate.meta.id),))
        return told(hub, asker, data, one)


def changed(  # noqa: PLR0913  who changes which, from what on, how, and what is said of it
    hub: Hub, asker: Principal, data: Path, key: str, base: str, work: Callable[[Estate], Estate], note: str, now: int
) -> Kept:
    """Keep what work makes of the last version as a new one; base: the hash of the version that was looked at.

    Refused 404; 409 where that is not the last one any more. What work raises leaves all as it was.
    """
    must(asker, "estates.change")
    found(asker, data, key)
    with held(data, key):
        one = found(asker, data, key)
        if one.versions[-1].sha != base:
            raise MEANWHILE
        at = place(data, one)
        made = work(load(at))
        sha = written(at.parent, made, at)
        if sha == base:
            return one
        more = Version(sha, now, asker.name, "changed", note)
        return told(hub, asker, data, msgspec.structs.replace(one, versions=(*one.versions, more)))


def restored(  # noqa: PLR0913  who goes back in which, to what, when
    hub: Hub, asker: Principal, data: Path, key: str, no: int, now: int
) -> Kept:
    """Make an old version, by its number from 1 on, the last one again; those between stay. Refused 404."""
    must(asker, "estates.change")
    found(asker, data, key)
    with held(data, key):
        one = found(asker, data, key)
        if not 1 <= no <= len(one.versions):
            raise ABSENT
        back = one.versions[no - 1]
        if back.sha == one.versions[-1].sha:
            return one
        more = Version(back.sha, now, asker.name, "restored", str(no))
        return told(hub, asker, data, msgspec.structs.replace(one, versions=(*one.versions, more)))


def difference(asker: Principal, data: Path, key: str, no: int) -> Difference:
    """Return what a version, by its number from 2 on, changed of the one before it; Refused 404."""
    one = found(asker, data, key)
    if not 2 <= no <= len(one.versions):  # noqa: PLR2004  the first has none before it
        raise ABSENT
    return diff(load(place(data, one, no - 1)), load(place(data, one, no)))


def told(hub: Hub, asker: Principal, data: Path, one: Kept) -> Kept:
    """Write an estate's history, and tell the journal of its last version."""
    last = one.versions[-1]
    values = {"version": last.sha, "what": last.what, "by": asker.no}
    said = Applied("estate", len(one.versions) == 1, {"key": one.key}, values)
    hub.store.change(lambda wire: tell(wire, "applied", said)).result()
    save_whole(data / FOLDER / one.key / HISTORY, msgspec.json.encode(one), keep=False)
    return one


def written(folder: Path, estate: Estate, before: Path | None) -> str:
    """Write a version's tables beside the others, whole or not at all; return their hash."""
    part = Path(tempfile.mkdtemp(prefix=".part-", dir=folder))
    try:
        save(estate, part)
        whole = hashlib.sha256()
        for path in sorted(part.iterdir()):
            data = path.read_bytes()
            whole.update(f"{path.name}\n{hashlib.sha256(data).hexdigest()}\n".encode())
            old = None if before is None else before / path.name
            if old is not None and old.is_file() and old.read_bytes() == data:
                path.unlink()
                path.hardlink_to(old)
            else:
                flushed(path)
        sha = whole.hexdigest()
        if not (folder / sha).exists():
            flushed(part)
            part.rename(folder / sha)
            flushed(folder)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return sha


def flushed(path: Path) -> None:
    """Have a file, or the names in a folder, on the disk."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@contextmanager
def held(data: Path, key: str) -> Iterator[None]:
    """Keep others, of other processes too, from changing an estate while the block runs."""
    with (data / FOLDER / key / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def read(path: Path) -> Kept:
    """Return what a history says."""
    return msgspec.json.decode(path.read_bytes(), type=Kept)
