"""The REST interface's people: principals, grants and communities for the centre, one's own tokens for everybody."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

from litestar import Request, delete, patch, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody
from msgspec import UNSET

from noroshi.desk import people, tokens
from noroshi.files.declarations import NAME
from noroshi.share.contacts import CAST
from noroshi.share.markings import Tlp
from noroshi.share.taxii import Refused, timestamp
from noroshi.web import rest_shapes as shapes
from noroshi.web.rest_asking import asker_of, get
from noroshi.web.rest_objects import level_name

if TYPE_CHECKING:
    from noroshi.desk.hub import Hub

__all__ = ["handlers"]

Ask = Request[Any, Any, Any]
COMMUNITY = re.compile(r"[^\x00-\x1f\x7f/]{1,100}\Z")
LABEL = re.compile(r"[^\x00-\x1f\x7f]{1,100}\Z")
SUBJECT = re.compile(r"([\x21-\x7e]{1,340} [\x20-\x7e]{1,255})?\Z")


def handlers(hub: Hub) -> list[HTTPRouteHandler]:
    """Return what answers for principals, grants, communities and tokens."""
    return [*principals(hub), *communities(hub), *own_tokens(hub)]


def principals(hub: Hub) -> list[HTTPRouteHandler]:
    """Return what answers for principals and their grants."""

    @get("/principals", sync_to_thread=True, summary="Every principal, with its grants (centre)")
    def listed(request: Ask) -> shapes.Principals:
        return shapes.Principals([shown(one) for one in people.listed(hub, asker_of(request).principal)])

    @post("/principals", sync_to_thread=True, opt={"json": True}, summary="Make a principal (centre)")
    def make(request: Ask, data: JSONBody[shapes.NewPrincipal]) -> shapes.PrincipalShown:
        named("" if data.name.startswith(CAST) else data.name, NAME, "name")
        wanted = people.Wanted(
            data.kind, tlp(data.sees), members(data.communities), data.password or "", provider(data.subject),
            data.owner, data.token,
        )  # fmt: skip
        return shown(people.make(hub, asker_of(request).principal, data.name, wanted))

    @get("/principals/{name:str}", sync_to_thread=True, summary="One principal, with its grants (centre)")
    def one(request: Ask, name: FromPath[str]) -> shapes.PrincipalShown:
        return shown(people.one(hub, asker_of(request).principal, known(name)))

    @patch("/principals/{name:str}", sync_to_thread=True, opt={"json": True},
           summary="Change a principal: kind, TLP, communities, password, token (centre)")  # fmt: skip
    def change(request: Ask, name: FromPath[str], data: JSONBody[shapes.PrincipalChange]) -> shapes.PrincipalShown:
        wanted = people.Wanted(
            None if data.kind is UNSET else data.kind,
            None if data.sees is UNSET else tlp(data.sees),
            None if data.communities is UNSET else members(data.communities),
            None if data.password is UNSET else data.password or "",
            None if data.subject is UNSET else provider(data.subject),
            None if data.owner is UNSET else data.owner,
            data.token,
        )  # fmt: skip
        return shown(people.change(hub, asker_of(request).principal, known(name), wanted))

    @delete("/principals/{name:str}", sync_to_thread=True, summary="Take everything from a principal (centre)")
    def withdraw(request: Ask, name: FromPath[str]) -> None:
        people.withdraw(hub, asker_of(request).principal, known(name))

    @put("/principals/{name:str}/grants/{root:str}/{uid:str}", sync_to_thread=True, opt={"json": True},
         summary="Grant a principal to read or write a collection, this and no more (centre)")  # fmt: skip
    def grant(
        request: Ask, name: FromPath[str], root: FromPath[str], uid: FromPath[str], data: JSONBody[shapes.GrantAsked]
    ) -> shapes.PrincipalShown:
        leave = (data.read, data.write)
        return shown(people.grant(hub, asker_of(request).principal, known(name), (root, uid), leave))

    @delete("/principals/{name:str}/grants/{root:str}/{uid:str}", sync_to_thread=True,
            summary="Withdraw a collection from a principal (centre)")  # fmt: skip
    def refuse(request: Ask, name: FromPath[str], root: FromPath[str], uid: FromPath[str]) -> None:
        people.grant(hub, asker_of(request).principal, known(name), (root, uid), (False, False))

    return [listed, make, one, change, withdraw, grant, refuse]


def communities(hub: Hub) -> list[HTTPRouteHandler]:
    """Return what answers for communities."""

    @get("/communities", sync_to_thread=True, summary="Every community, with its members (centre)")
    def listed(request: Ask) -> shapes.Communities:
        found = people.members(hub, asker_of(request).principal)
        return shapes.Communities([shapes.Community(name, list(inside)) for name, inside in found.items()])

    @put("/communities/{community:str}/members/{name:str}", sync_to_thread=True,
         summary="Admit a principal to a community (centre)")  # fmt: skip
    def admit(request: Ask, community: FromPath[str], name: FromPath[str]) -> shapes.Admitted:
        named(community, COMMUNITY, "community")
        found = people.admit(hub, asker_of(request).principal, community, known(name), member=True)
        return shapes.Admitted(found.account.name, sorted(found.account.communities))

    @delete("/communities/{community:str}/members/{name:str}", sync_to_thread=True,
            summary="Take a principal out of a community (centre)")  # fmt: skip
    def dismiss(request: Ask, community: FromPath[str], name: FromPath[str]) -> None:
        named(community, COMMUNITY, "community")
        people.admit(hub, asker_of(request).principal, community, known(name), member=False)

    return [listed, admit, dismiss]


def own_tokens(hub: Hub) -> list[HTTPRouteHandler]:
    """Return what answers for one's own tokens."""

    @get("/tokens", sync_to_thread=True, summary="My tokens")
    def listed(request: Ask) -> shapes.MyTokens:
        return shapes.MyTokens([token(one) for one in tokens.listed(hub, asker_of(request).principal)])

    @post("/tokens", sync_to_thread=True, opt={"json": True}, summary="Make a token; its secret is shown this once")
    def make(request: Ask, data: JSONBody[shapes.NewToken]) -> shapes.TokenShown:
        named(data.label, LABEL, "label")
        within = None if data.collections is None else [(one.root, one.collection) for one in data.collections]
        scopes = frozenset(data.scopes)
        who = asker_of(request).principal
        return token(tokens.made(hub, who, data.label, scopes, within, data.days, time.time_ns() // 1000))

    @post("/tokens/{uid:str}/rotation", sync_to_thread=True, status_code=200,
          summary="Give a token a new secret; the old one ends at once")  # fmt: skip
    def rotate(request: Ask, uid: FromPath[str]) -> shapes.TokenShown:
        return token(tokens.rotated(hub, asker_of(request).principal, uid, time.time_ns() // 1000))

    @delete("/tokens/{uid:str}", sync_to_thread=True, summary="Revoke a token")
    def revoke(request: Ask, uid: FromPath[str]) -> None:
        tokens.revoked(hub, asker_of(request).principal, named(uid, LABEL, "token"))

    return [listed, make, rotate, revoke]


def named(value: str, pattern: re.Pattern[str], what: str) -> str:
    """Return a text of a form; Refused 400 for another."""
    if not pattern.match(value):
        raise Refused(400, "Invalid value", f"{what}: not of the form that this interface gives it")
    return value


def known(name: str) -> str:
    """Return a name that could be one; Refused 404 for what cannot, for there is no such principal."""
    return name if NAME.match(name) else "-"


def tlp(level: str | None) -> int:
    """Return a TLP level as the store has it; -1 for none."""
    found = Tlp.named(level) if level else None
    return -1 if found is None else int(found)


def members(names: list[str]) -> frozenset[str]:
    """Return names of communities; Refused 400 for what cannot be one."""
    return frozenset(named(name, COMMUNITY, "communities") for name in names)


def provider(subject: str | None) -> str:
    """Return what an OpenID provider calls a principal; Refused 400 for what it cannot be (OpenID Connect Core, 2)."""
    return named(subject or "", SUBJECT, "subject")


def shown(one: people.Changed) -> shapes.PrincipalShown:
    """Return a principal as it is told."""
    each = one.account
    return shapes.PrincipalShown(
        each.name, each.kind, each.owner, level_name(each.sees), sorted(each.communities),  # type: ignore[arg-type]  # a kind
        each.subject or None, bool(each.password), each.token is not None,
        [shapes.GrantShown(had.root, had.uid, had.read, had.write) for had in one.grants], one.token or None,
    )  # fmt: skip


def token(one: tokens.Shown) -> shapes.TokenShown:
    """Return a token as it is told."""
    within = None if one.collections is None else [shapes.GrantPlace(at.root, at.uid) for at in one.collections]
    kept = one.kept
    return shapes.TokenShown(
        kept.uid, kept.label, sorted(kept.scopes), within, timestamp(kept.made), timestamp(kept.expires),
        one.secret or None,
    )  # fmt: skip
