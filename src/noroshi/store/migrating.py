"""Brings a database up to the newest schema: numbered SQL files, each in a transaction, once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from noroshi.errors import Fault, InputError

if TYPE_CHECKING:
    import sqlite3

__all__ = ["migrate", "migrations", "newer", "statements"]

FOLDER = Path(__file__).resolve().parent / "migrations"


def migrations(folder: Path = FOLDER) -> list[tuple[int, str]]:
    """Return number and text of every migration of a folder, rising."""
    return [(int(path.stem), path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.sql"))]


def newer(file: str, found: int, known: int) -> InputError:
    """Return what is said of a database that a newer Noroshi wrote."""
    return InputError([
        Fault("bad-store", file=file, found=f"schema {found}", expected=f"schema {known} or older",
              remedy="run the newer Noroshi that wrote it, or restore a backup made before"),
    ])  # fmt: skip


def migrate(connection: sqlite3.Connection, file: str) -> int:
    """Bring the database up to date and return its version; InputError for one of a newer Noroshi."""
    known = migrations()
    connection.execute("BEGIN IMMEDIATE")  # two processes that start at once: the second finds all done
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > known[-1][0]:
        connection.execute("ROLLBACK")
        raise newer(file, version, known[-1][0])
    for number, text in known:
        if number > version:
            for statement in statements(text):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {number}")
    connection.execute("COMMIT")
    return known[-1][0]


def statements(text: str) -> list[str]:
    """Return the statements of a migration; none of ours has a semicolon within."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("--")]
    return [one.strip() for one in "\n".join(lines).split(";") if one.strip()]
