"""One's own tokens: made and shown once, listed, made anew, revoked."""

from __future__ import annotations

import secrets
import uuid
from typing import TYPE_CHECKING, NamedTuple

from noroshi.desk.credentials import token_digest
from noroshi.desk.permitting import must
from noroshi.share.permissions import SCOPES
from noroshi.share.taxii import Refused
from noroshi.store import people

if TYPE_CHECKING:
    from collections.abc import Sequence

    from noroshi.desk.hub import Hub
    from noroshi.store.contract import Principal
    from noroshi.store.people import Place, Token

__all__ = ["Shown", "listed", "made", "revoked", "rotated"]

DAY = 86_400_000_000
MOST = 100
"""Tokens that one principal may have at a time."""
PERSON = "person"


class Shown(NamedTuple):
    """A token as its owner sees it: what is kept of it, its collections by name, its secret where it is new."""

    kept: Token
    collections: tuple[Place, ...] | None
    secret: str = ""


def listed(hub: Hub, asker: Principal) -> tuple[Shown, ...]:
    """Return one's own tokens; their secrets are not kept."""
    must(asker, "tokens.manage")
    places = mine(hub, asker)
    return tuple(shown(one, places) for one in people.tokens(hub.store, asker.no))


def made(  # noqa: PLR0913  who, what it is called, what for, where, until when
    hub: Hub, asker: Principal, label: str, scopes: frozenset[str], where: Sequence[tuple[str, str]] | None, days: int,
    now: int,
) -> Shown:  # fmt: skip
    """Make a token; `where`: API roots and ids of collections, None = all that one may use. Refused 404, 409."""
    must(asker, "tokens.manage")
    if not scopes or not scopes <= set(SCOPES) - {PERSON}:
        raise Refused(400, "Invalid value", f"scopes: some of {', '.join(name for name in SCOPES if name != PERSON)}")
    places = mine(hub, asker)
    within = None
    if where is not None:
        numbers = {(one.root, one.uid): one.no for one in places}
        if not all(one in numbers for one in where):
            raise Refused(404, "Not found", "there is no such collection, or you may not know of it")
        within = frozenset(numbers[one] for one in where)
    if len(people.tokens(hub.store, asker.no)) >= MOST:
        raise Refused(409, "Conflict", f"at most {MOST} tokens; revoke one first")
    one = people.Token(str(uuid.uuid4()), asker.no, label, scopes, within, now, now + days * DAY)
    return keep(hub, one, places)


def rotated(hub: Hub, asker: Principal, uid: str, now: int) -> Shown:
    """Give a token a new secret, for as many days as it had; the old one ends at once."""
    must(asker, "tokens.manage")
    for one in people.tokens(hub.store, asker.no):
        if one.uid == uid:
            return keep(hub, one._replace(made=now, expires=now + one.expires - one.made), mine(hub, asker))
    raise Refused(404, "Not found", "you have no such token")


def revoked(hub: Hub, asker: Principal, uid: str) -> None:
    """Take a token away, from the next request on."""
    must(asker, "tokens.manage")
    if not hub.store.change(lambda wire: people.revoke(wire, asker.no, uid)).result():
        raise Refused(404, "Not found", "you have no such token")


def keep(hub: Hub, one: Token, places: tuple[Place, ...]) -> Shown:
    """Keep a token under a new secret."""
    secret = secrets.token_urlsafe(32)
    hub.store.change(lambda wire: people.keep_token(wire, one, token_digest(secret))).result()
    return shown(one, places)._replace(secret=secret)


def mine(hub: Hub, asker: Principal) -> tuple[Place, ...]:
    """Return the collections that one may use."""
    return tuple(
        people.Place(one.no, root.name, one.uid) for root in hub.roots(asker) for one in hub.collections(asker, root)
    )


def shown(one: Token, places: tuple[Place, ...]) -> Shown:
    """Return a token with the names of those of its collections that one may still use."""
    within = one.collections
    return Shown(one, None if within is None else tuple(place for place in places if place.no in within))
