"""Erasing a warning: its text, recipients and receipts go for good, the chain stays valid, who had it is told once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from noroshi.desk.erasing import erase_object
from noroshi.desk.warnings_proposing import follow
from noroshi.errors import Fault, InputError
from noroshi.share.warnings_receipts import STATES
from noroshi.share.warnings_stix import note_id
from noroshi.store import warnings as kept
from noroshi.store.journal_reading import rows_of

if TYPE_CHECKING:
    from noroshi.desk.hub import Hub
    from noroshi.store.contract import Principal

__all__ = ["erase_warning"]


def erase_warning(hub: Hub, asker: Principal, uid: str, reason: str) -> tuple[str, ...]:
    """Erase a warning, its note in TAXII included; return the names of those who had any version of it.

    What others have received, and backups, still hold it. InputError for a reason that would keep the id; Refused as
    `warnings.followed`.
    """
    if not reason.strip() or uid in reason:
        fault = Fault("bad-choice", column="reason", found=reason, expected="why it is erased, without its id",
                      remedy="the reason stays in the journal for good: name an order or a rule")  # fmt: skip
        raise InputError([fault])
    found = follow(hub, asker, uid)
    had = tuple(one.principal for one in found.rows if one.had or one.state != STATES[0])
    if rows_of(hub.store.ask, note_id(uid)):
        erase_object(hub.store, note_id(uid), "", reason)
    hub.store.change(lambda wire: kept.erase(wire, found.kept.no, reason)).result()
    hub.store.scrub()
    return had
