"""The one place where the table of permissions is asked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from noroshi.share.contacts import BOTH_WORLDS
from noroshi.share.markings import Tlp
from noroshi.share.permissions import Leave, leave, reason
from noroshi.share.release import Principal as Rights
from noroshi.share.taxii import Refused
from noroshi.store.warnings_contacts import drills

if TYPE_CHECKING:
    from noroshi.store.contract import Collection, Principal, Store

__all__ = ["may", "must", "must_be_on_side", "on_side", "rights_of", "within"]

ACROSS = Refused(
    403, "Forbidden", "you are on the other side of the wall: exercises, and those who are there for them, stay apart"
)


def may(principal: Principal, action: str) -> Leave:
    """Return what a principal may, as it comes: with a token, no more than that was made for."""
    scopes = None if principal.scope is None else principal.scope.names
    return leave(action, principal.kind, owner=principal.owner, scopes=scopes)


def must(principal: Principal, action: str) -> Leave:
    """Return what a principal may; Refused 403, with the table's reason, where that is nothing."""
    said = may(principal, action)
    if said is not Leave.NEVER:
        return said
    if principal.scope is not None and leave(action, principal.kind, owner=principal.owner) is not Leave.NEVER:
        raise Refused(403, "Forbidden", "this token was not made for that")
    raise Refused(403, "Forbidden", reason(action, Leave.NEVER))


def on_side(store: Store, who: Principal, *, exercise: bool) -> bool:
    """Say whether a principal is on a side of the wall between exercises and the rest, as it stands now."""
    return who.kind in BOTH_WORLDS or drills(store, who.no) == exercise


def must_be_on_side(store: Store, who: Principal, *, exercise: bool) -> None:
    """Let pass who is on a side of the wall; Refused 403: nobody writes across it."""
    if not on_side(store, who, exercise=exercise):
        raise ACROSS


def rights_of(who: Principal) -> Rights:
    """Return what decides what a principal may see."""
    return Rights(Tlp(who.sees) if who.sees >= 0 else None, who.communities)


def within(principal: Principal, found: tuple[Collection, ...]) -> tuple[Collection, ...]:
    """Return of the collections that are granted those that the principal may use as it comes, and how."""
    reads, writes = (may(principal, action) is not Leave.NEVER for action in ("objects.read", "objects.send"))
    scope = principal.scope
    if reads and writes and (scope is None or scope.collections is None):
        return found
    kept = (
        replace(one, can_read=one.can_read and reads, can_write=one.can_write and writes)
        for one in found
        if scope is None or scope.collections is None or one.no in scope.collections
    )
    return tuple(one for one in kept if one.can_read or one.can_write)
