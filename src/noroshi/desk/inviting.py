"""Invitations: who runs the hub sends a link to a new person, who chooses a password by it, once and within some days.

Of a link that does not hold nothing is told: not whether there ever was one, nor whose.
"""

from __future__ import annotations

import secrets
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from noroshi.desk.credentials import token_digest
from noroshi.desk.founding import refuse_name, refuse_password
from noroshi.desk.people import changed, guard, hashed, refuse_cast
from noroshi.desk.permitting import may, must
from noroshi.share.markings import Tlp
from noroshi.share.permissions import KINDS, Leave
from noroshi.share.taxii import Refused
from noroshi.store import inviting as kept
from noroshi.store import people
from noroshi.store.contract import DeclaredContact, DeclaredPrincipal, Principal
from noroshi.store.inviting import OPEN, TAKEN, WITHDRAWN, Invited
from noroshi.store.warnings_contacts import declare_contact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from noroshi.desk.hub import Hub
    from noroshi.store.contract import Connection

__all__ = ["DAYS", "MOST_DAYS", "Wanted", "accept", "holds", "invite", "listed", "state_of", "withdraw"]

DAYS, MOST_DAYS = 7, 90
DAY = 86_400_000_000
GONE = Refused(404, "Not found", "there is no such link, or it has been used, or its time is over")
ABSENT = Refused(404, "Not found", "there is no such invitation")
THERE = Refused(409, "Conflict", "there is a principal of that name already")
ENDED = Refused(409, "Conflict", "the invitation has been taken, or withdrawn, already")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who is invited: name, kind, what it may see (TLP), and whose contact it will be; exercise: for these alone."""

    name: str
    kind: str
    tlp: str
    organisation: str = ""
    sectors: Sequence[str] = ()
    communities: Sequence[str] = ()
    exercise: bool = False
    days: int = DAYS


def invite(hub: Hub, asker: Principal, wanted: Wanted, now: int) -> tuple[Invited, str]:
    """Keep an invitation; return it with the secret of its link, which is told once. `now` in microseconds.

    Refused 403 as for making the principal itself, 409 where there is one of that name, 422 for what cannot be.
    """
    must(asker, "principals.change")
    refuse_name(wanted.name)
    refuse_cast(wanted.name)
    tlp = Tlp.named(wanted.tlp)
    if wanted.kind not in KINDS:
        raise Refused(422, "Unprocessable", f"kind: {wanted.kind[:40] or 'nothing'} (expected {', '.join(KINDS)})")
    if tlp is None:
        expected = ", ".join(map(str, Tlp))
        raise Refused(422, "Unprocessable", f"tlp: {wanted.tlp[:40] or 'nothing'} (expected {expected})")
    if not 1 <= wanted.days <= MOST_DAYS:
        raise Refused(422, "Unprocessable", f"days: {wanted.days} (expected 1 to {MOST_DAYS})")
    if wanted.kind == "operator" and not wanted.organisation:
        raise Refused(422, "Unprocessable", "organisation: nothing (expected the id of the operator's organisation)")
    if wanted.kind == "ministry" and not wanted.sectors:
        raise Refused(422, "Unprocessable", "sectors: nothing (expected the ids of the ministry's sectors)")
    guard(asker, "principals.change", touched=wanted.kind == "centre", sees=int(tlp))
    secret = secrets.token_urlsafe(32)
    one = Invited(
        str(uuid.uuid4()), wanted.name, wanted.kind, int(tlp), frozenset(wanted.communities), wanted.organisation,
        frozenset(wanted.sectors), wanted.exercise, asker.no, now, now + wanted.days * DAY,
    )  # fmt: skip

    def work(wire: Connection) -> None:
        if people.locked(wire, wanted.name) is not None:
            raise THERE
        kept.keep(wire, one, token_digest(secret))

    hub.store.change(work).result()
    return one, secret


def listed(hub: Hub, asker: Principal) -> tuple[tuple[Invited, str], ...]:
    """Return every invitation with the name of who sent it, the newest first."""
    must(asker, "principals.change")
    found = kept.listed(hub.store)
    names = people.names_of(hub.store, [one.author for one in found])
    return tuple((one, names[one.author][0]) for one in found)


def state_of(one: Invited, now: int) -> str:
    """Return how an invitation stands: open, taken, withdrawn, or over."""
    return "over" if one.state == OPEN and one.expires <= now else one.state


def withdraw(hub: Hub, asker: Principal, uid: str) -> None:
    """End an open invitation. Refused 404 where there is none, 409 where it has ended."""
    must(asker, "principals.change")

    def work(wire: Connection) -> None:
        one = kept.locked(wire, uid)
        if one is None:
            raise ABSENT
        if one.state != OPEN:
            raise ENDED
        kept.end(wire, one, WITHDRAWN, asker.no)

    hub.store.change(work).result()


def holds(hub: Hub, secret: str, now: int) -> Invited | None:
    """Return the invitation of a link that holds; None for any other, however it came to that."""
    one = kept.of_digest(hub.store, token_digest(secret))
    return one if one is not None and state_of(one, now) == OPEN else None


def accept(hub: Hub, secret: str, password: str, now: int) -> str:
    """Make who was invited, with the password that it chose; return its name. Refused 404, 409, 422.

    Who invited it must still be allowed to: the rights of a link are those of its author, now.
    """
    one = holds(hub, secret, now)
    if one is None:
        raise GONE
    refuse_password(password)
    fresh = hashed(hub, password)

    def work(wire: Connection) -> None:
        there = kept.locked(wire, one.uid)
        if there is None or there.state != OPEN or not still_may(wire, hub, there):
            raise GONE
        said = DeclaredPrincipal(one.name, one.kind, one.sees, one.communities, fresh, None)
        if not people.make(wire, said, owner=False, subject=""):
            raise THERE
        if one.organisation or one.sectors or one.exercise:
            declare_contact(
                wire,
                DeclaredContact(one.name, one.organisation, sectors=one.sectors, exercise=one.exercise),
            )
        made = people.locked(wire, one.name)
        kept.end(wire, there, TAKEN, made.no if made else 0)

    changed(hub, work)
    return one.name


def still_may(wire: Connection, hub: Hub, one: Invited) -> bool:
    """Say whether who sent an invitation may still make such a principal."""
    names = people.names_of(hub.store, [one.author])
    author = people.locked(wire, names[one.author][0]) if names else None
    if author is None:
        return False
    asker = Principal(
        author.no, author.name, author.kind, author.sees, author.communities, author.version, owner=author.owner
    )
    if may(asker, "principals.change") is Leave.NEVER or (author.sees < 0 and not author.owner):
        return False
    owns = may(asker, "centres.change") is not Leave.NEVER
    return owns or (one.kind != "centre" and one.sees <= author.sees)
