"""Briefs that were computed before: kept by content key, so that the same question is not computed twice.

A stored brief can always be computed again, so anything wrong with its file means "not there", never an error.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from noroshi.desk.brief_schema import Brief, decode, encode
from noroshi.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from noroshi.estate.model import Estate

__all__ = ["code_fingerprint", "estate_fingerprint", "kept", "key", "load", "store"]

FOLDER = "briefs"
SUFFIX = ".brief"
KEPT = 16
"""How many stored briefs are kept; the one written longest ago goes first."""

ROOMS = ("desk", "estate", "files", "flow", "rate", "stress")
"""The rooms of the package whose code decides what a brief says."""

STRAY_AFTER_S = 3600.0
TURN_S = 0.2
DIGEST = 64  # hexadecimal digits of a SHA-256


def estate_fingerprint(estate: Estate) -> str:
    """Return a SHA-256 of all that the estate says: its description and every table, row order included."""
    digest = hashlib.sha256(msgspec.json.encode(estate.meta, order="deterministic"))
    for name in sorted(estate.frames):
        digest.update(f"\n# {name}\n".encode())
        digest.update(estate.frames[name].write_csv().encode())
    return digest.hexdigest()


def code_fingerprint(rooms: tuple[str, ...] = ROOMS) -> str:
    """Return a SHA-256 of the code of these rooms: of all that computes a brief, so that a changed one is not stale."""
    package = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for room in rooms:
        for path in sorted((package / room).rglob("*.py")):
            digest.update(f"\n# {path.relative_to(package).as_posix()}\n".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def key(estate: Estate, threat: object, *, trials: int, seed: int, horizon_h: float | None = None) -> str:
    """Return the content key of a brief: of the estate, the threat (any struct), the draws and the code."""
    said = (estate_fingerprint(estate), threat, trials, seed, horizon_h, code_fingerprint())
    return hashlib.sha256(msgspec.json.encode(said, order="deterministic")).hexdigest()


def load(cache: Path, brief_key: str) -> Brief | None:
    """Return the brief stored under `brief_key` in the folder `cache`; None if it is not there or not whole."""
    path = cache / FOLDER / (brief_key + SUFFIX)
    try:
        data = path.read_bytes()
    except OSError:
        return None
    said, body = data[:DIGEST], data[DIGEST + 1 :]
    if said != hashlib.sha256(body).hexdigest().encode():
        return None
    try:
        return decode(body, file=path.name)
    except InputError:
        return None


def store(cache: Path, brief_key: str, brief: Brief) -> Path:
    """Write the brief so that it is there in full or not at all, also after a kill or power loss; return its path.

    OSError where the folder cannot be written.
    """
    folder = cache / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    body = encode(brief)
    handle, temporary = tempfile.mkstemp(dir=folder, suffix=".tmp")
    path = folder / (brief_key + SUFFIX)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(hashlib.sha256(body).hexdigest().encode() + b"\n" + body)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:  # a kill by Ctrl-C must not leave the half-written file either
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_folder(folder)
    _prune(folder)
    return path


def kept(cache: Path, brief_key: str, make: Callable[[], Brief], waiting: Callable[[], None] | None = None) -> Brief:
    """Return the brief stored under `brief_key`, else the one that `make` computes, which is stored.

    Of several processes that ask for it at one time one computes it and the others wait for that; `waiting` is called
    as they do, and whatever it raises ends it. A folder that cannot be written only means that the brief is computed
    again next time.
    """
    brief = load(cache, brief_key)
    if brief is not None:
        return brief
    with _turn(cache / FOLDER / f"{brief_key}.lock", waiting):
        brief = load(cache, brief_key)
        if brief is None:
            brief = make()
            with contextlib.suppress(OSError):
                store(cache, brief_key, brief)
    return brief


@contextlib.contextmanager
def _turn(path: Path, waiting: Callable[[], None] | None) -> Iterator[None]:
    """Hold a lock that ends with this process; nobody is held up where there can be none."""
    try:
        import fcntl

        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except (ImportError, OSError):
        yield
        return
    try:
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if waiting is not None:
                    waiting()
                time.sleep(TURN_S)
            except OSError:  # a file system without locks
                break
        yield
    finally:
        # whoever waits has it open and finds what was stored; at worst two compute the same, which harms nobody
        path.unlink(missing_ok=True)
        os.close(handle)


def _sync_folder(folder: Path) -> None:
    """Make the new name last a power loss; systems that cannot open a folder keep names by themselves."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _prune(folder: Path) -> None:
    """Remove all but the newest `KEPT` briefs, and what killed writers left; another process may do the same."""
    with contextlib.suppress(OSError):
        written = sorted(folder.glob("*" + SUFFIX), key=lambda path: (path.stat().st_mtime, path.name))
        aside = [*folder.glob("*.tmp"), *folder.glob("*.lock")]
        stray = [path for path in aside if path.stat().st_mtime < time.time() - STRAY_AFTER_S]
        for path in (*written[:-KEPT], *stray):
            path.unlink(missing_ok=True)
