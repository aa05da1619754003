"""Backup and restore of the hub's store by command, while it runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from noroshi.errors import Fault, InputError
from noroshi.store.backup import backup, restore
from noroshi.store.opening import FILE, SQLITE

if TYPE_CHECKING:
    from noroshi.settings import Settings

__all__ = ["backup_hub", "restore_hub"]


def backup_hub(settings: Settings, to: str) -> int:
    """Copy the store that the settings name to a new file, as of one moment; return its size in bytes. InputError."""
    return backup(file_of(settings), Path(to))


def restore_hub(settings: Settings, copy: str) -> int:
    """Make the store that the settings name of a backup; return its size in bytes. InputError."""
    return restore(Path(copy), file_of(settings))


def file_of(settings: Settings) -> Path:
    """Return the file of a SQLite store; InputError for a database server, which has a backup of its own."""
    if not settings.database:
        return settings.data / FILE
    if settings.database.startswith(SQLITE):
        return Path(settings.database.removeprefix(SQLITE))
    fault = Fault("bad-setting", column="database", found="a database server", expected="a SQLite file",
                  remedy="use pg_dump and pg_restore, which work while the hub runs")  # fmt: skip
    raise InputError([fault])
