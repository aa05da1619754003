"""A disk, or a database, that has no room left: said as what it is to who sends, and to who keeps the hub."""

from __future__ import annotations

import logging
import sqlite3

from noroshi.share.taxii import Refused

__all__ = ["told"]

SQL_STATE = "53100"
"""disk_full, in PostgreSQL (its manual, appendix A)."""
FULL = 507
"""Insufficient Storage (RFC 4918, 11.5)."""


def told(error: Exception) -> Exception:
    """Return what who waits for a transaction that failed is told: Refused 507 where there was no room for it."""
    code = getattr(error, "sqlite_errorcode", 0)
    if code != sqlite3.SQLITE_FULL and getattr(error, "sqlstate", "") != SQL_STATE:
        return error
    logging.getLogger("noroshi.store").error("there is no room left to write: %s", error)
    refused = Refused(FULL, "No room", "the hub has no room left: nothing of this was kept, send it again later")
    refused.__cause__ = error
    return refused
