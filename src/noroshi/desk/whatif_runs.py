"""What-ifs that were run: kept in the hub's data folder for who ran them, and for those whom they are shared with.

A run is a folder: `record.json` says whose it is and how it stands, and what it says lies beside it. Who may see a run
is asked here and nowhere else; what one may not see is as if it were not there.
"""

from __future__ import annotations

import contextlib
import re
import shutil
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from msgspec import Struct, structs

from noroshi.desk.permitting import may, must
from noroshi.desk.whatif_asked import Asked
from noroshi.desk.whatif_bands import Bands
from noroshi.desk.whatif_states import Playback, Why
from noroshi.files.saving import save_whole
from noroshi.share.permissions import Leave
from noroshi.share.taxii import Refused

if TYPE_CHECKING:
    from noroshi.settings import Settings
    from noroshi.store.contract import Principal, Store

__all__ = [
    "DONE",
    "ENDED",
    "EVERYBODY",
    "Answer",
    "Reader",
    "Record",
    "answer",
    "begun",
    "delete",
    "listed",
    "must_find",
    "must_own",
    "owned",
    "put",
    "rename",
    "share",
]

FOLDER = "whatif"
WAITING, RUNNING, DONE, STOPPED, FAILED = "waiting", "running", "done", "stopped", "failed"
ENDED = (DONE, STOPPED, FAILED)
EVERYBODY = "*"
KEPT_UNSAVED, KEPT_SAVED = 20, 100
"""Runs that are kept for one person: of those that were not saved the newest, and how many one may save."""
MOST_READERS = 50
LONGEST_NAME = 120
UID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
ABSENT = Refused(404, "Not found", "there is no such what-if, or you may not know of it")
FULL = Refused(409, "Conflict", f"you have saved {KEPT_SAVED} what-ifs; delete one first")
NAMELESS = Refused(422, "Unprocessable", f"name: of a what-if (expected 1 to {LONGEST_NAME} letters)")
Shape = TypeVar("Shape")


class Reader(Struct, frozen=True, kw_only=True):
    """Somebody with whom a run is shared: the name as it was typed, and the number of who has it (-1 = nobody)."""

    name: str
    no: int = -1


class Record(Struct, frozen=True, kw_only=True):
    """A run: whose it is, what was asked, how it stands. made: microseconds since 1970.

    kind: shock or threat; draws: how often it was drawn anew for its bands, 0 = not; estate: by the name of its page,
    `estate_id` by its own.
    """

    uid: str
    owner: int
    by: str
    made: int
    name: str
    estate: str
    estate_id: str
    asked: Asked
    kind: str = "shock"
    threat: str = ""
    draws: int = 0
    saved: bool = False
    state: str = WAITING
    fault: str = ""
    readers: tuple[Reader, ...] = ()
    everybody: bool = False


class Answer(Struct, frozen=True, kw_only=True):
    """What a run of a shock says: its result as `noroshi stress run --json` prints it, states, causes, bands.

    loading: line -> per cent of its rating at each hour of the playback.
    """

    result: dict[str, Any]
    playback: Playback
    whys: tuple[Why, ...]
    loading: dict[str, tuple[int, ...]]
    bands: Bands | None = None


def folder_of(settings: Settings, uid: str) -> Path:
    """Return where a run is kept; Refused 404 for what cannot be its id."""
    if not UID.fullmatch(uid):
        raise ABSENT
    return settings.data / FOLDER / uid


def begun(settings: Settings, record: Record) -> Record:
    """Keep a new run, and let go of the oldest of its owner's that were not saved."""
    folder_of(settings, record.uid).mkdir(parents=True, mode=0o700, exist_ok=True)
    put(settings, record)
    unsaved = [one for one in _all(settings) if one.owner == record.owner and not one.saved and one.state in ENDED]
    for one in unsaved[KEPT_UNSAVED:]:
        _gone(settings, one.uid)
    return record


def new_uid() -> str:
    """Return an id that nobody can guess."""
    return str(uuid.uuid4())


def put(settings: Settings, record: Record) -> None:
    """Keep how a run stands."""
    save_whole(folder_of(settings, record.uid) / "record.json", msgspec.json.encode(record), keep=False)


def keep(settings: Settings, uid: str, name: str, said: object) -> None:
    """Keep what a run says, as `name`.json in its folder."""
    save_whole(folder_of(settings, uid) / f"{name}.json", msgspec.json.encode(said), keep=False)


def read(settings: Settings, uid: str, name: str, shape: type[Shape]) -> Shape:
    """Return what is kept of a run as `name`; Refused 404 where it is not there, or not whole."""
    try:
        return msgspec.json.decode((folder_of(settings, uid) / f"{name}.json").read_bytes(), type=shape)
    except (OSError, msgspec.MsgspecError):
        raise ABSENT from None


def answer(settings: Settings, record: Record) -> Answer:
    """Return what a run of a shock says; Refused 404 before it is done."""
    return read(settings, record.uid, "answer", Answer)


def _all(settings: Settings) -> list[Record]:
    """Return every run that can be read, the newest first."""
    found = []
    root = settings.data / FOLDER
    for folder in root.iterdir() if root.is_dir() else ():
        with contextlib.suppress(Refused):
            found.append(read(settings, folder.name, "record", Record))
    return sorted(found, key=lambda one: (-one.made, one.uid))


def under_way(settings: Settings) -> list[Record]:
    """Return the runs that have not ended, whoever's they are."""
    return [one for one in _all(settings) if one.state not in ENDED]


def sees(who: Principal, record: Record) -> bool:
    """Say whether somebody may see a run."""
    if may(who, "whatif.read") is Leave.NEVER:
        return False
    return record.owner == who.no or record.everybody or any(one.no == who.no for one in record.readers)


def listed(settings: Settings, who: Principal) -> list[Record]:
    """Return the runs that somebody may see, the newest first; Refused 403."""
    must(who, "whatif.read")
    return [one for one in _all(settings) if sees(who, one)]


def must_find(settings: Settings, who: Principal, uid: str) -> Record:
    """Return a run; Refused 404 where there is none, or none for who asks."""
    must(who, "whatif.read")
    found = read(settings, uid, "record", Record)
    if not sees(who, found):
        raise ABSENT
    return found


def owned(who: Principal, record: Record) -> bool:
    """Say whether a run is somebody's own."""
    return record.owner == who.no


def must_own(settings: Settings, who: Principal, uid: str) -> Record:
    """Return a run of somebody's own; Refused 404 where one may not see it, 403 where it is another's."""
    must(who, "whatif.run")
    found = must_find(settings, who, uid)
    if not owned(who, found):
        raise Refused(403, "Forbidden", "who ran it alone may change it")
    return found


def rename(settings: Settings, who: Principal, uid: str, name: str) -> Record:
    """Save a run of one's own under a name; Refused 422 for none, 409 where one has saved too many."""
    found = must_own(settings, who, uid)
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise NAMELESS
    if not found.saved and sum(one.saved and one.owner == who.no for one in _all(settings)) >= KEPT_SAVED:
        raise FULL
    made = structs.replace(found, name=name, saved=True)
    put(settings, made)
    return made


def share(  # noqa: PLR0913  whose, which, with whom
    settings: Settings, store: Store, who: Principal, uid: str, names: tuple[str, ...], *, everybody: bool
) -> Record:
    """Share a run of one's own with those named, or everybody who is logged in, and with nobody else any more.

    A name that nobody has is kept as typed and lets nobody in: it is not told apart from one that somebody has.
    """
    found = must_own(settings, who, uid)
    if len(names) > MOST_READERS:
        raise Refused(422, "Unprocessable", f"names: with whom it is shared (expected at most {MOST_READERS})")
    readers = []
    for name in dict.fromkeys(name for name in names if name):
        known = store.principal(name)
        readers.append(Reader(name=name[:LONGEST_NAME], no=known[0].no if known else -1))
    made = structs.replace(
        found, readers=tuple(readers), everybody=everybody, saved=found.saved or bool(readers or everybody)
    )
    put(settings, made)
    return made


def delete(settings: Settings, who: Principal, uid: str) -> None:
    """Delete a run of one's own that has ended; Refused 409 while it is under way."""
    found = must_own(settings, who, uid)
    if found.state not in ENDED:
        raise Refused(409, "Conflict", "it is being run; stop it first")
    _gone(settings, found.uid)


def _gone(settings: Settings, uid: str) -> None:
    """Take a run away: first its record, so that a half-deleted one is as if it were not there."""
    folder = folder_of(settings, uid)
    (folder / "record.json").unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)
