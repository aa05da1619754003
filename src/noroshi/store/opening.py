"""Opens the store that the settings name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from noroshi.errors import Fault, InputError

if TYPE_CHECKING:
    from noroshi.store.sqlite import SqliteStore

__all__ = ["open_store"]

SQLITE = "sqlite:///"
FILE = "noroshi.sqlite3"


def open_store(database: str, folder: Path) -> SqliteStore:
    """Return the store at a URL, or in a file in the folder where none is given. InputError where it cannot be had."""
    from noroshi.store.sqlite import open_sqlite

    if not database:
        return open_sqlite(folder / FILE)
    if not database.startswith(SQLITE):
        fault = Fault("bad-setting", column="database", found=database.partition("://")[0] + "://…",
                      expected=f"{SQLITE}PATH", remedy="give a file's path, or nothing at all")  # fmt: skip
        raise InputError([fault])
    return open_sqlite(Path(database.removeprefix(SQLITE)))
