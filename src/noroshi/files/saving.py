"""Writes a file so that whoever reads it, or pulls the plug, finds the former one whole or the new one whole."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from noroshi.errors import Fault, InputError

__all__ = ["save_whole"]


def save_whole(where: str | Path, data: bytes, *, keep: bool = True) -> Path | None:
    """Replace the file at `where` by `data`; return where the former one is kept, None where there was none.

    The bytes go to a file beside it, to the disk, and then take its name in one step; permissions stay. The former
    file is kept as NAME.bak, in the same way, if `keep`. InputError if the folder or the file cannot be written.
    """
    path = Path(where).resolve()
    kept = path.with_name(path.name + ".bak") if keep and path.exists() else None
    try:
        if kept is not None:
            _put(kept, path.read_bytes(), like=path)
        _put(path, data, like=path)
    except OSError as error:
        remedy = "correct the path, or the permissions of its folder"
        raise InputError([
            Fault("missing-file", "error", str(where), None, "", error.strerror or "", "a place to write to", remedy)
        ]) from None  # fmt: skip
    return kept


def _put(path: Path, data: bytes, like: Path) -> None:
    """Give `path` the content `data` in one step, with the permissions of `like` where that is there."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            os.fchmod(file.fileno(), like.stat().st_mode & 0o777 if like.exists() else 0o600)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:  # a stop by the user too must leave no part behind
        Path(name).unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the new name too must survive a power cut
    finally:
        os.close(folder)
