"""Principals, what they are granted, and communities: what the centre does, each step asked of the table first.

Whom a change touches is read within the transaction that makes it, so that no one is raised between look and change.
"""

from __future__ import annotations

import secrets
import time
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from noroshi.desk.announcing import resume
from noroshi.desk.credentials import fits, hash_password, token_digest
from noroshi.desk.permitting import may, must
from noroshi.share.contacts import CAST
from noroshi.share.permissions import Leave
from noroshi.share.taxii import Refused
from noroshi.store import people
from noroshi.store.contract import DeclaredPrincipal
from noroshi.store.worlds import Crossing, refuse_crossing

if TYPE_CHECKING:
    from collections.abc import Callable

    from noroshi.desk.hub import Hub
    from noroshi.store.contract import Connection, Principal
    from noroshi.store.people import Account, Grant, Place

__all__ = [
    "ABSENT", "Changed", "Wanted", "admit", "change", "change_password", "grant", "listed", "make", "members", "one",
    "places", "withdraw",
]  # fmt: skip

CENTRE = "centre"
MOMENT_S = 0.5
ABSENT = Refused(404, "Not found", "there is no such principal")
NOWHERE = Refused(404, "Not found", "there is no such collection")
THERE = Refused(409, "Conflict", "there is one of that name, or that the provider calls so, already")
LAST = Refused(409, "Conflict", "it is the only owner; make another one first")
PLAYS = Refused(
    409, "Conflict", f"who plays in a script ({CAST}…) is made by its replay alone, and is given nothing by hand"
)
T = TypeVar("T")


class Wanted(NamedTuple):
    """What a principal is to be; None leaves what is there. password "" takes it away; token: a new one, shown once."""

    kind: str | None = None
    sees: int | None = None
    communities: frozenset[str] | None = None
    password: str | None = None
    subject: str | None = None
    owner: bool | None = None
    token: bool = False


class Changed(NamedTuple):
    """A principal as it is now, what it is granted, and its new token, if one was asked for ("" = none)."""

    account: Account
    grants: tuple[Grant, ...]
    token: str = ""


def listed(hub: Hub, asker: Principal) -> tuple[Changed, ...]:
    """Return every principal with its grants."""
    must(asker, "principals.list")
    granted = people.grants(hub.store)
    return tuple(
        Changed(each, tuple(one for one in granted if one.principal == each.name))
        for each in people.accounts(hub.store)
    )


def one(hub: Hub, asker: Principal, name: str) -> Changed:
    """Return a principal by name with its grants; Refused 404 where there is none."""
    must(asker, "principals.list")
    return shown(hub, name, "")


def make(hub: Hub, asker: Principal, name: str, wanted: Wanted) -> Changed:
    """Make a principal; Refused 409 where there is one of that name, or it is one of a replay's cast."""
    must(asker, "principals.change")
    refuse_cast(name)
    kind, owner, token = wanted.kind or "", bool(wanted.owner), secrets.token_urlsafe(32) if wanted.token else ""
    sees = -1 if wanted.sees is None else wanted.sees
    guard(asker, "principals.change", touched=kind == CENTRE or owner, sees=sees)
    refuse_owner(kind, owner=owner)
    said = DeclaredPrincipal(
        name, kind, sees, wanted.communities or frozenset(), hashed(hub, wanted.password),
        token_digest(token) if token else None,
    )  # fmt: skip
    done = changed(hub, lambda wire: people.make(wire, said, owner=owner, subject=wanted.subject or ""))
    if not done:
        raise THERE
    return shown(hub, name, token)


def change(hub: Hub, asker: Principal, name: str, wanted: Wanted) -> Changed:
    """Change a principal; its sessions end where its password does. Refused 404; 409 for the only owner, or a cast."""
    must(asker, "principals.change")
    refuse_cast(name)
    token = secrets.token_urlsafe(32) if wanted.token else ""
    fresh = None if wanted.password is None else hashed(hub, wanted.password)

    def work(wire: Connection) -> None:
        there = found(wire, name)
        kind, owner = kept(wanted.kind, there.kind), kept(wanted.owner, there.owner)
        sees = kept(wanted.sees, there.sees)
        touched = apart(asker, there) or kind == CENTRE or owner
        guard(asker, "principals.change", touched=touched, sees=max(sees, there.sees))
        refuse_owner(kind, owner=owner)
        refuse_last(wire, there, stays=owner)
        said = DeclaredPrincipal(
            name, kind, sees, kept(wanted.communities, there.communities), kept(fresh, there.password),
            token_digest(token) if token else there.token,
        )  # fmt: skip
        if not people.change(wire, said, owner=owner, subject=kept(wanted.subject, there.subject)):
            raise THERE

    changed(hub, work)
    return shown(hub, name, token)


def withdraw(hub: Hub, asker: Principal, name: str) -> None:
    """Take everything from a principal, sessions and tokens included; what it sent stays."""
    must(asker, "principals.change")

    def work(wire: Connection) -> None:
        there = found(wire, name)
        guard(asker, "principals.change", touched=apart(asker, there), sees=there.sees)
        refuse_last(wire, there, stays=False)
        people.withdraw(wire, name)

    changed(hub, work)


def grant(hub: Hub, asker: Principal, name: str, where: tuple[str, str], leave: tuple[bool, bool]) -> Changed:
    """Grant a principal to read and to write a collection (API root, id), as said and no more."""
    must(asker, "grants.change")
    refuse_cast(name)
    place = people.place(hub.store, *where)

    def work(wire: Connection) -> None:
        there = found(wire, name)
        guard(asker, "grants.change", touched=apart(asker, there), sees=-1)
        if place is None:
            raise NOWHERE
        people.permit(wire, there.no, place.no, read=leave[0], write=leave[1])

    changed(hub, work)
    return shown(hub, name, "")


def places(hub: Hub, asker: Principal) -> tuple[Place, ...]:
    """Return every collection that somebody can be granted."""
    must(asker, "grants.change")
    return people.places(hub.store)


def members(hub: Hub, asker: Principal) -> dict[str, tuple[str, ...]]:
    """Return the communities that anybody belongs to, with their members."""
    must(asker, "principals.list")
    every = people.accounts(hub.store)
    names = sorted({name for each in every for name in each.communities})
    return {name: tuple(each.name for each in every if name in each.communities) for name in names}


def admit(hub: Hub, asker: Principal, community: str, name: str, *, member: bool) -> Changed:
    """Admit a principal to a community, or take it out; it counts from the next request."""
    must(asker, "communities.change")
    refuse_cast(name)

    def work(wire: Connection) -> None:
        there = found(wire, name)
        guard(asker, "communities.change", touched=apart(asker, there), sees=-1)
        named = there.communities | {community} if member else there.communities - {community}
        said = DeclaredPrincipal(name, there.kind, there.sees, named, there.password, there.token)
        people.change(wire, said, owner=there.owner, subject=there.subject)

    changed(hub, work)
    return shown(hub, name, "")


def change_password(hub: Hub, asker: Principal, old: str, new: str) -> None:
    """Change one's own password; all sessions that were opened with the old one end. Refused 403 for a wrong one."""
    must(asker, "password.change")
    there = people.account(hub.store, no=asker.no)
    with hub.credentials.turns:
        right = there is not None and bool(there.password) and fits(there.password, old)
    if there is None or not right:
        raise Refused(403, "Forbidden", "the old password is another")
    fresh = hashed(hub, new)

    def work(wire: Connection) -> None:
        now = found(wire, there.name)
        said = DeclaredPrincipal(now.name, now.kind, now.sees, now.communities, fresh, now.token)
        people.change(wire, said, owner=now.owner, subject=now.subject)

    changed(hub, work)


# ---- what every change asks


def guard(asker: Principal, action: str, *, touched: bool, sees: int) -> None:
    """Refuse what the table keeps for owners: centres, owners and oneself, and a higher TLP than one's own."""
    must(asker, action)
    if touched:
        must(asker, "centres.change")
    elif sees > asker.sees and may(asker, "centres.change") is Leave.NEVER:
        raise Refused(403, "Forbidden", "nobody gives, or takes, a higher TLP than one's own")


def apart(asker: Principal, there: Account) -> bool:
    """Say whether a principal is one of those that only an owner changes."""
    return there.kind == CENTRE or there.owner or there.no == asker.no


def refuse_cast(name: str) -> None:
    """Refuse to change who plays in a script: nobody logs in as one of a cast, or sees anything as one."""
    if name.startswith(CAST):
        raise PLAYS


def refuse_owner(kind: str, *, owner: bool) -> None:
    """Refuse an owner that is no centre."""
    if owner and kind != CENTRE:
        raise Refused(409, "Conflict", "only a centre can be an owner")


def refuse_last(wire: Connection, there: Account, *, stays: bool) -> None:
    """Refuse to leave the hub without an owner."""
    if there.owner and not stays and people.owners(wire) == (there.name,):
        raise LAST


def found(wire: Connection, name: str) -> Account:
    """Return a principal within the transaction; Refused 404 where there is none."""
    there = people.locked(wire, name)
    if there is None:
        raise ABSENT
    return there


def kept(wanted: T | None, there: T) -> T:
    """Return what is wanted, or what is there."""
    return there if wanted is None else wanted


def hashed(hub: Hub, password: str | None) -> str:
    """Return the hash of a password, "" of none."""
    if not password:
        return ""
    with hub.credentials.turns:
        return hash_password(password)


def changed(hub: Hub, work: Callable[[Connection], Any]) -> Any:  # noqa: ANN401  what the work returns
    """Return what work returns, once it is on disk. Whoever sees more by it is told of what was there before.

    As much of that as a moment allows is told before this returns, the rest beside everything else.
    """

    def walled(wire: Connection) -> Any:  # noqa: ANN401  what the work returns
        found = work(wire)
        refuse_crossing(wire)
        return found

    try:
        done = hub.store.change(walled).result()
    except Crossing as crossing:
        raise Refused(409, "Conflict", f"exercises and the rest do not meet: {crossing}") from None
    until = time.monotonic() + MOMENT_S
    for what in hub.store.announcing():
        while time.monotonic() < until and hub.store.announce(what, time.time_ns() // 1000).result() >= 0:
            pass
    resume(hub.store)
    return done


def shown(hub: Hub, name: str, token: str) -> Changed:
    """Return a principal as it is now."""
    there = people.account(hub.store, name=name)
    if there is None:
        raise ABSENT
    return Changed(there, tuple(each for each in people.grants(hub.store) if each.principal == name), token)
