"""Who would get an object: each principal that may read its collection, and each partner hub to which it is pushed.

The same code answers as when they ask, or as when it is pushed; nothing is sent. Only who runs the exchange is told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from noroshi.desk.peers import opened
from noroshi.desk.peers_push import begun
from noroshi.desk.permitting import must, rights_of
from noroshi.desk.warnings_sending import real_timing
from noroshi.share.policy import LEAVES, unseen
from noroshi.share.release import ReleaseClass
from noroshi.share.taxii import Query
from noroshi.store import people
from noroshi.store.origins import origins
from noroshi.store.peers import known_peers
from noroshi.wire.asking import PeerFault

if TYPE_CHECKING:
    from noroshi.desk.hub import Hub
    from noroshi.settings import Settings
    from noroshi.store.contract import Collection, Principal

__all__ = ["ROUTE", "Getter", "Leaving", "would_get"]

ROUTE = "leaving"
MOST = 500
"""Principals that are asked for at a time."""


class Getter(NamedTuple):
    """Somebody who may read the collection; rule: of `share.policy.RULES`, why it gets nothing, "" = it gets it."""

    name: str
    kind: str
    rule: str


class Leaving(NamedTuple):
    """Who would get an object. peers: (name, rule, fault), the fault where it cannot be said; more: not all asked."""

    readers: tuple[Getter, ...]
    peers: tuple[tuple[str, str, PeerFault | None], ...]
    more: bool


def would_get(hub: Hub, settings: Settings, asker: Principal, where: Collection, name: str) -> Leaving:
    """Return who would get the newest versions of an object, as things stand. Refused 403 for who may not know."""
    must(asker, "principals.list")
    granted = [one for one in people.grants(hub.store) if one.uid == where.uid and one.read]
    readers = tuple(getter(hub, where, name, one.principal) for one in granted[:MOST])
    peers: list[tuple[str, str, PeerFault | None]] = []
    for peer in known_peers(hub.store):
        if not peer.pushes or peer.outof != where.uid:
            continue
        try:
            partner = opened(settings, hub, peer, real_timing())
        except PeerFault as fault:
            peers.append((peer.name, "", fault))
            continue
        try:
            work = begun(partner)
            rows = work.told(Query(ids=(name,), last=True))
            rules = [one.rule for one in work.chosen(rows)] or [barred(hub, partner.principal, where, name)]
            peers.append((peer.name, next((one for one in rules if one != LEAVES), LEAVES), None))
        except PeerFault as fault:
            peers.append((peer.name, "", fault))
        finally:
            partner.asker.close()
    return Leaving(readers, tuple(peers), len(granted) > MOST)


def getter(hub: Hub, where: Collection, name: str, principal: str) -> Getter:
    """Return whether a principal is told of an object when it asks, and else why not."""
    found = hub.store.principal(principal)
    if found is None:
        return Getter(principal, "", "not-told")
    who = found[0]
    mine = next((one for root in hub.roots(who) for one in hub.collections(who, root) if one.no == where.no), None)
    told = mine is not None and mine.can_read and hub.page(who, mine, Query(ids=(name,), limit=1), ROUTE).page.rows
    return Getter(who.name, who.kind, "" if told else barred(hub, who, where, name))


def barred(hub: Hub, who: Principal, where: Collection, name: str) -> str:
    """Return the rule by which a principal is not told of an object."""
    rights = rights_of(who)
    rules = [unseen(rights, ReleaseClass.from_key(one.release)) for one in origins(hub.store, where.no, name)]
    return next((rule for rule in rules if rule), "not-told")
