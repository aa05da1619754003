"""Assessments in a store: each is a dossier of its organisation, one on either side of the wall; and their evidence."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from noroshi.store import dossiers

if TYPE_CHECKING:
    from noroshi.store.contract import Connection
    from noroshi.store.dossiers import Dossier
    from noroshi.store.people import Asked

__all__ = ["body_of", "every", "found", "keep_body", "uid_of"]

SPACE = uuid.UUID("4c7a1f6e-6f0d-5a33-9a55-2b1f0f6d8c11")
"""Of which the ids of assessments are names (RFC 9562, version 5): an organisation has one, whoever begins it."""


def uid_of(organisation: str, *, exercise: bool) -> str:
    """Return the id of an organisation's assessment, the one of exercises or the other."""
    return str(uuid.uuid5(SPACE, f"{'exercise' if exercise else 'real'} {organisation}"))


def found(store: Asked, organisation: str, *, exercise: bool) -> Dossier | None:
    """Return the assessment of an organisation; None where it has not begun."""
    return dossiers.found(store, uid_of(organisation, exercise=exercise))


def every(store: Asked) -> tuple[Dossier, ...]:
    """Return all assessments, the newest first."""
    return dossiers.dossiers(store, dossiers.ASSESSMENT)


def keep_body(connection: Connection, uid: str, dossier: int, body: bytes) -> None:
    """Keep a file of evidence under an id that is new."""
    connection.execute("INSERT INTO evidence_file (uid, dossier, body) VALUES (?, ?, ?)", (uid, dossier, body))


def body_of(store: Asked, uid: str, dossier: int) -> bytes | None:
    """Return a file of evidence of an assessment; None where there is none of that id."""
    rows = store.ask("SELECT body FROM evidence_file WHERE uid = ? AND dossier = ?", (uid, dossier))
    return bytes(rows[0][0]) if rows else None
