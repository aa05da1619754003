"""Backup and restore of a SQLite store, while it is in use: a copy of one moment, checked before it counts."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from noroshi.errors import Fault, InputError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["backup", "restore"]


def backup(store: Path, to: Path) -> int:
    """Copy a store to a new file and return its size in bytes.

    It is read in one go, as of one moment, while writers go on: a copy in pieces would begin anew after each commit.
    InputError where there is no store, or the file is there already.
    """
    if not store.is_file():
        raise InputError([Fault("missing-file", file=str(store), expected="a store", remedy="check NOROSHI_DATA")])
    return copied(store, to, "give a new file's name")


def restore(copy: Path, store: Path) -> int:
    """Make a store of a backup and return its size; InputError where the backup is damaged, or a store is there."""
    if not copy.is_file():
        raise InputError([Fault("missing-file", file=str(copy), expected="a backup", remedy="correct the path")])
    store.parent.mkdir(parents=True, exist_ok=True)
    return copied(copy, store, "stop the hub and move the store away first")


def copied(source: Path, to: Path, remedy: str) -> int:
    """Copy a database, check the copy, and give it its name once it is on disk."""
    if to.exists():
        raise InputError([Fault("bad-choice", file=str(to), found="a file", expected="none yet", remedy=remedy)])
    part = to.with_name(to.name + ".part")
    part.unlink(missing_ok=True)

    try:
        reading = f"{source.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(reading, uri=True)) as opened, closing(sqlite3.connect(part)) as made:
            opened.backup(made)
            (sound,) = made.execute("PRAGMA integrity_check").fetchone()
            if sound != "ok":
                raise sqlite3.DatabaseError(sound)
            made.execute("SELECT max(no) FROM principal")  # another program's database has no such table
        with part.open("rb") as file:
            os.fsync(file.fileno())
        part.replace(to)
    except sqlite3.Error as error:
        part.unlink(missing_ok=True)
        fault = Fault("bad-store", file=str(source), found=str(error), expected="a sound store of ours",
                      remedy="take another backup")  # fmt: skip
        raise InputError([fault]) from None
    return to.stat().st_size
