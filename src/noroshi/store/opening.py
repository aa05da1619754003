"""Opens the store that the settings name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from noroshi.errors import Fault, InputError

if TYPE_CHECKING:
    from noroshi.store.contract import Store

__all__ = ["open_store"]

SQLITE = "sqlite:///"
POSTGRES = ("postgresql://", "postgres://")
FILE = "noroshi.sqlite3"


def open_store(database: str, folder: Path) -> Store:
    """Return the store at a URL, or in a file in the folder where none is given. InputError where it cannot be had."""
    from noroshi.store.sqlite import open_sqlite

    if not database:
        return open_sqlite(folder / FILE)
    if database.startswith(SQLITE):
        return open_sqlite(Path(database.removeprefix(SQLITE)))
    if database.startswith(POSTGRES):
        from noroshi.store.postgres import open_postgres

        return open_postgres(database)
    fault = Fault("bad-setting", column="database", found=database.partition("://")[0] + "://…",
                  expected=f"{SQLITE}PATH or {POSTGRES[0]}HOST/NAME",
                  remedy="correct it, or give nothing at all")  # fmt: skip
    raise InputError([fault])
