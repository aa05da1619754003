"""The REST interface's write to release: a reduced copy proposed by one, seen and decided on by another."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec
from litestar import Request, Response, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from noroshi.desk.permitting import must
from noroshi.desk.releasing import Copy, approve, origins_of, proposals, propose, refuse, show, withdraw
from noroshi.share.releasing import Plan
from noroshi.share.taxii import timestamp
from noroshi.web.rest_asking import asker_of, get
from noroshi.web.rest_objects import given, identifier, where

if TYPE_CHECKING:
    from noroshi.desk.hub import Hub
    from noroshi.desk.releasing import Shown

__all__ = ["handlers"]

Ask = Request[Any, Any, Any]
PATH = "/collections/{root:str}/{uid:str}/objects/{name:str}"
State = Literal["proposed", "approved", "refused", "withdrawn"]
SourceState = Literal["there", "newer", "gone", ""]
Word = Annotated[str, Meta(min_length=1, max_length=1000)]
Words = Annotated[list[Word], Meta(max_length=1000)]
Texts = Annotated[dict[str, str], Meta(max_length=100)]
Level = Literal["CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"]
Uid = Annotated[str, Meta(pattern="^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")]


class ReleasePlan(Struct, forbid_unknown_fields=True):
    """What of an object goes and how the copy is marked; communities null: for all; pap null: as the source."""

    tlp: Level
    communities: Annotated[list[Word], Meta(min_length=1, max_length=100)] | None = None
    pap: Literal["CLEAR", "GREEN", "AMBER", "RED"] | None = None
    drop: Words = []
    text: Texts = {}
    replace: Texts = {}
    drop_refs: Words = []
    words: Words = []
    allow: Words = []
    keep: Words = []


class NewRelease(Struct, forbid_unknown_fields=True):
    """A reduced copy to be proposed. into: the collection where it goes; null: the same."""

    plan: ReleasePlan
    reason: Annotated[str, Meta(min_length=1, max_length=1000, pattern="^[^\\x00]+$")]
    into: Uid | None = None


class Decision(Struct, forbid_unknown_fields=True):
    """Why it is decided so."""

    why: Annotated[str, Meta(max_length=1000, pattern="^[^\\x00]*$")] = ""


class ReleaseListed(Struct):
    """A proposal. source null: it was erased; source_state newer: the source has a newer version by now."""

    id: str
    state: State
    source: str | None
    source_state: SourceState
    collection: str
    derived: str
    into: str
    proposer: str
    reason: str
    at: str
    decided_by: str | None
    decided_at: str | None
    why: str
    out: bool


class ChangeShown(Struct):
    """One property: removed, changed, added or left; before and after are null where it is not there."""

    place: str
    what: Literal["removed", "changed", "added", "left"]
    before: Any
    after: Any


class ReleaseShown(ReleaseListed):
    """A proposal with the copy, the plan, and what was taken out."""

    plan: dict[str, Any] | None
    object: dict[str, Any]
    changes: list[ChangeShown]


class ReleasesListed(Struct):
    """What one proposed or may decide on, the oldest first."""

    releases: list[ReleaseListed]


class CopyShown(Struct):
    """A copy and what it was made of. source null: that was erased."""

    source: str | None
    source_state: SourceState
    derived: str
    into: str
    state: State
    at: str


class CopiesShown(Struct):
    """What an object was reduced from, and the copies of it, where one sees both."""

    copies: list[CopyShown]


def handlers(hub: Hub) -> list[HTTPRouteHandler]:
    """Return what answers for reduced copies."""

    @get("/releases", sync_to_thread=True, summary="Reduced copies that I proposed or may decide on")
    def every(request: Ask) -> ReleasesListed:
        who = asker_of(request).principal
        return ReleasesListed([ReleaseListed(**listed(one)) for one in proposals(hub, who)])

    @get("/releases/{release:str}", sync_to_thread=True, summary="A proposal: what was taken out, and what is left")
    def one(request: Ask, release: FromPath[str]) -> Response[ReleaseShown]:
        return answer(hub, request, show(hub, asker_of(request).principal, release))

    @post(PATH + "/releases", sync_to_thread=True, opt={"json": True},
          summary="Propose a reduced copy of an object for other readers")  # fmt: skip
    def begin(
        request: Ask, root: FromPath[str], uid: FromPath[str], name: FromPath[str], data: JSONBody[NewRelease]
    ) -> Response[ReleaseShown]:
        who = asker_of(request).principal
        must(who, "releases.propose")
        _, place = where(hub, who, root, uid)
        plan = msgspec.convert(msgspec.to_builtins(data.plan), Plan)
        made = propose(hub, who, place, identifier(name), plan, data.into or uid, data.reason, now())
        return answer(hub, request, made)

    @post("/releases/{release:str}/approval", sync_to_thread=True, status_code=200,
          summary="Approve a copy that somebody else proposed: it goes out")  # fmt: skip
    def agree(request: Ask, release: FromPath[str]) -> Response[ReleaseShown]:
        machine = request.headers.get("authorization", "").lower().startswith("bearer ")
        who = asker_of(request).principal
        return answer(hub, request, approve(hub, who, release, now(), machine=machine))

    @post("/releases/{release:str}/refusal", sync_to_thread=True, status_code=200, opt={"json": True},
          summary="Refuse a proposal")  # fmt: skip
    def say_no(request: Ask, release: FromPath[str], data: JSONBody[Decision]) -> Response[ReleaseShown]:
        return answer(hub, request, refuse(hub, asker_of(request).principal, release, data.why, now()))

    @post("/releases/{release:str}/withdrawal", sync_to_thread=True, status_code=200, opt={"json": True},
          summary="Withdraw a proposal, or a copy that is out")  # fmt: skip
    def take_back(request: Ask, release: FromPath[str], data: JSONBody[Decision]) -> Response[ReleaseShown]:
        return answer(hub, request, withdraw(hub, asker_of(request).principal, release, data.why, now()))

    @get(PATH + "/derived", sync_to_thread=True, summary="What an object was reduced from, and copies of it")
    def derived(request: Ask, root: FromPath[str], uid: FromPath[str], name: FromPath[str]) -> CopiesShown:
        who = asker_of(request).principal
        of, _ = where(hub, who, root, uid)
        found = origins_of(hub, who, hub.readable(who, of, uid), identifier(name))
        return CopiesShown([copy_shown(each) for each in found])

    return [every, one, begin, agree, say_no, take_back, derived]


def now() -> int:
    """Return the time in microseconds."""
    return time.time_ns() // 1000


def listed(one: Shown) -> dict[str, Any]:
    """Return a proposal without what it says of the source."""
    of = one.release
    return {
        "id": of.uid, "state": of.state, "source": of.source or None, "source_state": one.source_state,
        "collection": one.collection, "derived": of.derived, "into": one.target, "proposer": one.proposer,
        "reason": of.reason, "at": timestamp(of.at), "decided_by": one.decided_by or None,
        "decided_at": None if of.decided_at is None else timestamp(of.decided_at), "why": of.why,
        "out": of.sent_at is not None,
    }  # fmt: skip


def answer(hub: Hub, request: Ask, one: Shown) -> Response[ReleaseShown]:
    """Return a proposal as it is shown, entered in the ledger for what it says of the source."""
    of = one.release
    said = msgspec.json.encode({
        **listed(one), "plan": msgspec.Raw(of.plan.encode()) if of.plan else None, "object": msgspec.Raw(of.body),
        "changes": [change._asdict() for change in one.changes],
    })  # fmt: skip
    if one.handed is not None:
        given(hub, request, one.handed, said)
    return Response(said, media_type="application/json")  # type: ignore[arg-type]  # its JSON


def copy_shown(one: Copy) -> CopyShown:
    """Return a copy as it is shown."""
    return CopyShown(one.source or None, one.source_state, one.derived, one.target, one.state, timestamp(one.at))  # type: ignore[arg-type]  # states are those of the store
