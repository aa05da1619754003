"""The first owner: a link that is printed once, on the machine itself, and makes one principal."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from noroshi.desk.credentials import hash_password, token_digest
from noroshi.files.declarations import NAME, SHORTEST_PASSWORD
from noroshi.share.contacts import CAST
from noroshi.share.markings import Tlp
from noroshi.share.taxii import Refused
from noroshi.store import people
from noroshi.store.contract import DeclaredPrincipal

if TYPE_CHECKING:
    from noroshi.desk.hub import Hub

__all__ = ["HOLDS_S", "founded", "holds", "invitation", "unowned"]

HOLDS_S = 3600
MICROS = 1_000_000
LONGEST_PASSWORD = 1000
"""Longer is no better."""
GONE = Refused(404, "Not found", "there is no such link, or it has been used, or its hour is over")


def invitation(hub: Hub, now: int) -> str:
    """Return the secret of a link for the first owner, "" where there is anybody already; `now` in microseconds.

    It holds for an hour and once; one that was made before ends.
    """
    if not people.nobody_yet(hub.store):
        return ""
    secret = secrets.token_urlsafe(32)
    digest = token_digest(secret)
    hub.store.change(lambda wire: people.invite(wire, digest, now + HOLDS_S * MICROS)).result()
    return secret


def unowned(hub: Hub) -> bool:
    """Say whether nobody may use the hub yet."""
    return people.nobody_yet(hub.store)


def holds(hub: Hub, secret: str, now: int) -> bool:
    """Say whether a link still holds."""
    return people.invited(hub.store, token_digest(secret), now)


def founded(hub: Hub, secret: str, name: str, password: str, now: int) -> None:
    """Make the first owner. Refused 404 where the link does not hold, 400 for a name or password that cannot be."""
    if not holds(hub, secret, now):
        raise GONE
    refuse_name(name)
    refuse_password(password)
    with hub.credentials.turns:
        hashed = hash_password(password)
    said = DeclaredPrincipal(name, "centre", int(Tlp.RED), frozenset(), hashed, None)
    digest = token_digest(secret)
    if not hub.store.change(lambda wire: people.take_invitation(wire, digest, now, said)).result():
        raise GONE


def refuse_name(name: str) -> None:
    """Refuse with 400 a name that nobody can have."""
    if not NAME.match(name) or name.startswith(CAST):
        raise Refused(400, "Invalid value", "name: letters, digits and . _ @ -, a hundred at most")


def refuse_password(password: str) -> None:
    """Refuse with 400 a password that is too short to be one, or too long."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise Refused(400, "Invalid value", f"password: {SHORTEST_PASSWORD} characters or more")
