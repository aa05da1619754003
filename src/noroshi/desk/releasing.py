"""Write to release: a reduced copy is proposed by one person, approved by another, and goes in as any object does.

Whoever decides sees what was taken out and what is left, and the copy is made once more with that person's eyes before
it goes. To everybody else it is an object like any other: what it was made from is told only to those who see both.
"""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from noroshi.desk.explaining import pap_of
from noroshi.desk.permitting import may, must
from noroshi.share.markings import Tlp
from noroshi.share.permissions import Leave
from noroshi.share.release import Principal as Rights
from noroshi.share.release import ReleaseClass, visible
from noroshi.share.releasing import Derivative, Plan, as_open, derived, difference, may_not_give, revoked
from noroshi.share.taxii import IDENTIFIER, Query, Refused
from noroshi.store import people
from noroshi.store import releasing as kept
from noroshi.store.origins import origins

if TYPE_CHECKING:
    from collections.abc import Callable

    from noroshi.desk.hub import Hub
    from noroshi.desk.ledger import Handed
    from noroshi.share.releasing import Change, Refusal
    from noroshi.store.contract import Collection, Listed, Principal, Root
    from noroshi.store.origins import Origin

__all__ = ["Copy", "NotReleasable", "Shown", "approve", "origins_of", "proposals", "propose", "refuse",
           "show", "withdraw"]  # fmt: skip

ABSENT = Refused(404, "Not found", "there is no such resource, or you may not know of it")
LONGEST_REASON = 1000
ROUTE = "release"
UID = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
THERE, NEWER, GONE = "there", "newer", "gone"


class NotReleasable(Refused):
    """A copy is refused, with every reason."""

    def __init__(self, refusals: tuple[Refusal, ...]) -> None:
        """Take the reasons."""
        super().__init__(422, "Not releasable", "; ".join(one.line() for one in refusals))
        self.refusals = refusals


class Shown(NamedTuple):
    """A proposal as the proposer and those who may decide see it. source_state: there, newer (a version came), gone.

    handed: what the ledger is to be told; None where nothing of the source is shown.
    """

    release: kept.Release
    proposer: str
    decided_by: str
    collection: str
    target: str
    source_state: str
    changes: tuple[Change, ...]
    handed: Handed | None


class Copy(NamedTuple):
    """A copy and what it was made from, as somebody sees who sees both. source "": it was erased."""

    source: str
    source_state: str
    derived: str
    target: str
    state: str
    at: int


class Found(NamedTuple):
    """The newest version of a source as somebody sees it."""

    row: Listed
    value: dict[str, Any]
    origin: Origin
    own: bool
    handed: Handed


def propose(  # noqa: PLR0913  who, of what, how, where to, why, and when
    hub: Hub, asker: Principal, where: Collection, name: str, plan: Plan, into: str, reason: str, now: int
) -> Shown:  # fmt: skip
    """Keep a proposal to release a reduced copy of an object; into: the id of the collection. `now` in microseconds.

    Refused 403 where the table says never, or one collection is for exercises and the other not; 404 for what the
    asker does not see; NotReleasable with every reason.
    """
    must(asker, "releases.propose")
    if len(reason) > LONGEST_REASON or not reason.strip():
        raise Refused(422, "Not possible", f"a reason of 1 to {LONGEST_REASON} characters")
    target = next((one for one in places(hub, asker).values() if one[1].uid == into), None)
    found = newest(hub, asker, where, name)
    if found is None or target is None:
        raise ABSENT
    refuse_across(where, target[1])
    uid = str(uuid.uuid4())
    made = remade(hub, asker, where, found, plan, (target[1].no, str(uuid.uuid4()), now))
    one = kept.Release(
        uid, where.no, name, found.row.version, found.origin.release, target[1].no, made.value["id"],
        msgspec.json.encode(made.value), msgspec.json.encode(plan).decode(), asker.no, reason, now,
    )  # fmt: skip
    hub.store.change(lambda connection: kept.keep(connection, one)).result()
    return shown(hub, asker, one)


def remade(  # noqa: PLR0913  whose eyes, of what, how, and as what
    hub: Hub, asker: Principal, where: Collection, found: Found, plan: Plan, made: tuple[int, str, int]
) -> Derivative:  # fmt: skip
    """Return the copy as a plan makes it with somebody's eyes. made: collection, UUID and time of it."""
    target, uid, now = made
    creator = found.value.get("created_by_ref")
    gone = [*plan.drop_refs, *([creator] if creator and "created_by_ref" not in plan.keep else [])]
    there = found.row.body.decode()  # what it does not say at all is refused by its rule
    seen = (newest(hub, asker, where, name) for name in gone if IDENTIFIER.match(name) and name in there)
    taken = [one.value for one in seen if one is not None]
    pap = pap_of(hub, found.row, found.origin.source)
    one = derived(found.value, plan, uid, now, pap=pap, taken=taken, seen=open_to(hub, asker, target))
    if not isinstance(one, Derivative):
        raise NotReleasable(one)
    return one


def open_to(hub: Hub, asker: Principal, target: int) -> Callable[[str, ReleaseClass], bool]:
    """Return what says whether all readers of a class see an object in a collection, as far as somebody can know."""
    mine = rights(asker)

    def seen(name: str, release: ReleaseClass) -> bool:
        classes = [ReleaseClass.from_key(one.release) for one in origins(hub.store, target, name)]
        return any(visible(mine, one) and as_open(one, release) for one in classes)

    return seen


def show(hub: Hub, asker: Principal, uid: str) -> Shown:
    """Return a proposal with what was taken out and what is left; Refused 404 for who is no part of it.

    The proposer sees it while it sees the source; so does who may decide.
    """
    return shown(hub, asker, known(hub, asker, uid))


def proposals(hub: Hub, asker: Principal) -> tuple[Shown, ...]:
    """Return what somebody has proposed or may decide on, the oldest first, without the differences."""
    return tuple(
        shown(hub, asker, one)._replace(changes=(), handed=None)
        for one in kept.releases(hub.store)
        if concerns(hub, asker, one)
    )


def approve(hub: Hub, asker: Principal, uid: str, now: int, *, machine: bool = False) -> Shown:
    """Approve a proposal, as a second person; the copy goes in as the approver's. `now` in microseconds.

    machine: a token asks. Refused 403 for the proposer, a machine or who may not give the marking; 409 where the copy
    would not be the same any more, or somebody has decided; an approval that was cut short may be said again.
    """
    must(asker, "releases.approve")
    one = known(hub, asker, uid)
    if machine or is_machine(hub, asker):
        raise Refused(403, "Forbidden", "a person approves: with a password or a session")
    everybody = decides(hub, asker, one)
    if everybody is None:
        raise Refused(403, "Forbidden", "a second person approves: the centre, or whose object it is")
    if one.state != kept.PROPOSED and not (one.state == kept.APPROVED and one.sent_at is None):
        raise Refused(409, "Conflict", f"it is {one.state}")
    spots = places(hub, asker)
    root, target = spots.get(one.target, (None, None))
    if root is None or target is None or not target.can_write:
        raise Refused(403, "Forbidden", "you may not write to that collection")
    refuse_across(spots[one.collection][1], target)
    made = again(hub, asker, one, spots[one.collection][1])
    faults = may_not_give(made.release, rights(asker), everybody=everybody)
    if faults:
        raise NotReleasable(faults)
    states, by = (kept.PROPOSED, kept.APPROVED) if one.state == kept.APPROVED else (kept.PROPOSED,), (asker.no, now)
    if not hub.store.change(lambda wire: kept.decide(wire, uid, states, kept.APPROVED, by, "")).result():
        raise Refused(409, "Conflict", "somebody has decided already")
    try:
        put(hub, asker, (root, target), made.objects(), now)
    except Refused:
        back = (kept.APPROVED,)
        hub.store.change(lambda wire: kept.decide(wire, uid, back, kept.PROPOSED, by, "it was not taken")).result()
        raise
    hub.store.change(lambda wire: kept.sent(wire, uid, now)).result()
    return show(hub, asker, uid)


def refuse_across(where: Collection, target: Collection) -> None:
    """Refuse with 403 a copy from an exercise's collection into another, or the reverse, whatever its labels are."""
    if where.exercise != target.exercise:
        raise Refused(
            403, "Forbidden", "the collection is on the other side of the wall between exercises and the rest"
        )


def again(hub: Hub, asker: Principal, one: kept.Release, where: Collection) -> Derivative:
    """Return the copy of a proposal made anew with the approver's eyes; Refused 409 if it differs from the proposed."""
    found = newest(hub, asker, where, one.source)
    if found is None or found.row.version != one.stamp:
        raise Refused(409, "Conflict", "the source is gone or has a newer version: propose anew")
    plan = msgspec.json.decode(one.plan, type=Plan)
    made = remade(hub, asker, where, found, plan, (one.target, one.derived.rpartition("--")[2], one.at))
    if msgspec.json.encode(made.value) != one.body:
        raise Refused(409, "Conflict", "the copy would differ from the one that was proposed: propose anew")
    return made


def refuse(hub: Hub, asker: Principal, uid: str, why: str, now: int) -> Shown:
    """Refuse a proposal, as somebody who could approve it; Refused 403 and 409 as `approve`."""
    must(asker, "releases.approve")
    one = known(hub, asker, uid)
    if decides(hub, asker, one) is None:
        raise Refused(403, "Forbidden", "a second person refuses: the centre, or whose object it is")
    settle(hub, asker, one, kept.REFUSED, why, now)
    return show(hub, asker, uid)


def withdraw(hub: Hub, asker: Principal, uid: str, why: str, now: int) -> Shown:
    """Withdraw a proposal, or a copy that is out: its readers get a version that is revoked (STIX 2.1, 3.6.2).

    By the proposer, or by who may decide; of a copy that is out it takes leave to write where it is.
    """
    one = known(hub, asker, uid)
    must(asker, "releases.propose" if one.proposer == asker.no else "releases.approve")
    if one.state == kept.APPROVED:
        spot = places(hub, asker).get(one.target)
        if spot is None or not spot[1].can_write:
            raise Refused(403, "Forbidden", "you may not write to that collection")
        value = revoked(json.loads(one.body), now)
        plan = msgspec.json.decode(one.plan, type=Plan) if one.plan else None
        definition = definition_of(hub, one, plan)
        put(hub, asker, spot, [*definition, value], now)
        settle(hub, asker, one, kept.WITHDRAWN, why, now, kept.APPROVED)
    else:
        settle(hub, asker, one, kept.WITHDRAWN, why, now)
    return show(hub, asker, uid)


def settle(  # noqa: PLR0913  who, what, why, and from what
    hub: Hub, asker: Principal, one: kept.Release, state: str, why: str, now: int, since: str = kept.PROPOSED
) -> None:
    """Bring a proposal into a state; Refused 409 where it is not in the one before any more, 422 for a long reason."""
    if len(why) > LONGEST_REASON:
        raise Refused(422, "Not possible", f"a reason of at most {LONGEST_REASON} characters")
    by = (asker.no, now)
    if not hub.store.change(lambda wire: kept.decide(wire, one.uid, (since,), state, by, why)).result():
        raise Refused(409, "Conflict", "somebody has decided already")


def definition_of(hub: Hub, one: kept.Release, plan: Plan | None) -> list[dict[str, Any]]:
    """Return the marking definition that goes with a copy, as its class says; none where it is for all."""
    from noroshi.share.markings import community_definition

    if plan is not None:
        return [] if plan.communities is None else [community_definition(plan.communities)]
    for row in origins(hub.store, one.target, one.derived):
        communities = ReleaseClass.from_key(row.release).communities
        if communities:
            return [community_definition(communities)]
    return []


def put(hub: Hub, asker: Principal, spot: tuple[Root, Collection], objects: list[dict[str, Any]], now: int) -> None:
    """Put objects into a collection through the door that all objects take; Refused 409 where one is not taken."""
    done = hub.send(asker, *spot, msgspec.json.encode({"objects": objects}), now)
    done.kept.result()
    if done.status.failures:
        raise Refused(409, "Conflict", "; ".join(message for _, _, message in done.status.failures))


def origins_of(hub: Hub, asker: Principal, where: Collection, name: str) -> tuple[Copy, ...]:
    """Return the copies made of an object, and what it was made of: each only where one sees, or saw, both.

    Refused 404 for an object that one does not see; one of which nothing is known to one has none of them.
    """
    spots = places(hub, asker)
    found: list[Copy] = []
    for one in kept.releases(hub.store, about=name):
        if one.sent_at is None or where.no not in (one.collection, one.target) or one.target not in spots:
            continue
        state = source_state(hub, asker, one)
        if state and newest(hub, asker, spots[one.target][1], one.derived) is not None:
            target = spots[one.target][1].uid
            found.append(Copy(one.source, state, one.derived, target, one.state, one.sent_at))
    if not found and newest(hub, asker, where, name) is None:
        raise ABSENT
    return tuple(found)


# ---- who sees what


def known(hub: Hub, asker: Principal, uid: str) -> kept.Release:
    """Return a proposal that concerns somebody; Refused 404 for any other."""
    found = kept.releases(hub.store, uid) if UID.fullmatch(uid) else ()
    if not found or not concerns(hub, asker, found[0]):
        raise ABSENT
    return found[0]


def concerns(hub: Hub, asker: Principal, one: kept.Release) -> bool:
    """Say whether somebody is told of a proposal: who made it or may decide, as long as the source is seen."""
    if not source_state(hub, asker, one):
        return False
    return one.proposer == asker.no or decides(hub, asker, one) is not None


def decides(hub: Hub, asker: Principal, one: kept.Release) -> bool | None:
    """Return whether somebody may decide for everybody, False for its own object, None where it may not decide."""
    said = may(asker, "releases.approve")
    if said is Leave.NEVER or one.proposer == asker.no:
        return None
    if said is Leave.ALLOWED:
        return True
    where = places(hub, asker).get(one.collection)
    found = None if where is None else newest(hub, asker, where[1], one.source)
    return False if found is not None and found.own else None


def source_state(hub: Hub, asker: Principal, one: kept.Release) -> str:
    """Return how a source stands for somebody who sees it, or might see it if it were there still; "" for others."""
    where = places(hub, asker).get(one.collection)
    if where is None or not where[1].can_read:
        return ""
    found = newest(hub, asker, where[1], one.source) if one.source else None
    if found is not None:
        return THERE if found.row.version == one.stamp else NEWER
    if one.source and origins(hub.store, one.collection, one.source):
        return ""  # it is there, and hidden
    return GONE if visible(rights(asker), ReleaseClass.from_key(one.released)) else ""


def shown(hub: Hub, asker: Principal, one: kept.Release) -> Shown:
    """Return a proposal as it is shown."""
    spots = {spot.no: spot.uid for spot in people.places(hub.store)}
    names = people.names_of(hub.store, [one.proposer, *([one.decided_by] if one.decided_by else [])])
    state = source_state(hub, asker, one)
    changes: tuple[Change, ...] = ()
    handed = None
    if state == THERE:
        found = newest(hub, asker, places(hub, asker)[one.collection][1], one.source)
        if found is not None:
            changes, handed = difference(found.value, json.loads(one.body)), found.handed
    by = names.get(one.decided_by or 0, ("", ""))[0]
    who = names.get(one.proposer, ("", ""))[0]
    return Shown(one, who, by, spots.get(one.collection, ""), spots.get(one.target, ""), state, changes, handed)


def newest(hub: Hub, asker: Principal, where: Collection, name: str) -> Found | None:
    """Return the newest version of an object that somebody sees; None where it sees none."""
    if not where.can_read or not name:
        return None
    answer = hub.page(asker, where, Query(ids=(name,), limit=1), ROUTE)
    mine = rights(asker)
    for row in answer.page.rows:
        sha = hashlib.sha256(row.body).digest()
        rows = [one for one in origins(hub.store, where.no, name)
                if one.sha == sha and visible(mine, ReleaseClass.from_key(one.release))]  # fmt: skip
        if rows:
            own = any(one.source == asker.no for one in rows)
            handed = answer.handed._replace(rows=(row,))
            return Found(row, json.loads(row.body), rows[0], own, handed)
    return None


def places(hub: Hub, asker: Principal) -> dict[int, tuple[Root, Collection]]:
    """Return the collections that somebody may know of, by their numbers."""
    return {one.no: (root, one) for root in hub.roots(asker) for one in hub.collections(asker, root)}


def rights(asker: Principal) -> Rights:
    """Return what of a principal decides what it may see."""
    return Rights(Tlp(asker.sees) if asker.sees >= 0 else None, asker.communities)


def is_machine(hub: Hub, asker: Principal) -> bool:
    """Say whether a principal cannot log in as a person does."""
    account = people.account(hub.store, no=asker.no)
    return account is None or not (account.password or account.subject)
