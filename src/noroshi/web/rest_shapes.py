"""What the REST interface takes and gives, as its OpenAPI describes it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

__all__ = [
    "Accepted", "Admitted", "AnObject", "ApartShown", "Collection", "Collections", "Communities", "Community", "Entry",
    "GrantAsked", "GrantShown", "Item", "Judged", "LinkShown", "LogIn", "Me", "MyTokens", "NewJudgement",
    "NewPassword", "NewPrincipal", "NewToken", "OwnerAsked", "Page", "PartShown", "PrincipalChange", "PrincipalShown",
    "Principals", "Problem", "SessionShown", "Sessions", "SourceShown", "Submission", "ThingShown", "Things",
    "TokenShown", "Version",
]  # fmt: skip

Kind = Literal["centre", "ministry", "operator", "partner", "auditor"]
Level = Literal["CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"]
Scope = Literal["read", "write", "manage"]
Name = Annotated[str, Meta(pattern="^[A-Za-z0-9][A-Za-z0-9._@-]{0,99}$", max_length=100)]
Password = Annotated[str, Meta(min_length=12, max_length=1000)]
Label = Annotated[str, Meta(min_length=1, max_length=100, pattern="^[^\\x00-\\x1f\\x7f]+$")]
CommunityName = Annotated[str, Meta(min_length=1, max_length=100, pattern="^[^\\x00-\\x1f\\x7f/]+$")]
Subject = Annotated[str, Meta(max_length=600, pattern="^(\\S+ [\\x20-\\x7e]{1,255})?$")]
RootName = Annotated[str, Meta(pattern="^[a-z0-9][a-z0-9_-]{0,49}$")]
Uid = Annotated[str, Meta(pattern="^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")]
Days = Annotated[int, Meta(ge=1, le=3660)]


class Problem(Struct):
    """What went wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str


class Me(Struct):
    """Who asks, and what the table of permissions says of it: action -> yes, own or never."""

    name: str
    kind: Kind
    owner: bool
    sees: Level | None
    communities: list[str]
    scopes: list[str] | None
    may: dict[str, str]


class Collection(Struct):
    """A collection that one may know of."""

    root: str
    id: str
    title: str
    description: str
    can_read: bool
    can_write: bool
    exercise: bool


class Collections(Struct):
    """Collections that one may know of."""

    collections: list[Collection]


class Item(Struct):
    """One version of an object, as it came."""

    id: str
    added: str
    version: str
    spec_version: str
    object: dict[str, Any]


class Page(Struct):
    """Objects in the order in which they were added; `next` is for the page after this one."""

    items: list[Item]
    more: bool
    next: str | None


class SourceShown(Struct):
    """Who sent it: its kind; its name where that is one's own, or one's task."""

    kind: str
    name: str | None
    own: bool


class Version(Struct):
    """One version of an object, what is asked of its reader in words, and why it is shown."""

    added: str
    version: str
    tlp: Level
    pap: Literal["CLEAR", "GREEN", "AMBER", "RED"] | None
    communities: list[str] | None
    meaning: list[str]
    source: SourceShown
    why: str
    object: dict[str, Any]


class AnObject(Struct):
    """An object with those of its versions that one may see, the oldest added first."""

    id: str
    versions: list[Version]


class Entry(Struct):
    """What became of one object."""

    id: str
    version: str
    message: str


class Submission(Struct):
    """What became of what was sent."""

    id: str
    root: str
    requested: str
    accepted: list[Entry]
    refused: list[Entry]


class Accepted(Submission):
    """What became of what was sent just now."""


class GrantShown(Struct):
    """What a principal may do with a collection."""

    root: str
    collection: str
    read: bool
    write: bool


class GrantAsked(Struct, forbid_unknown_fields=True):
    """What a principal shall be able to do with a collection: this and no more."""

    read: bool
    write: bool


class PrincipalShown(Struct):
    """A principal. token: its new one, shown this once."""

    name: str
    kind: Kind
    owner: bool
    sees: Level | None
    communities: list[str]
    subject: str | None
    has_password: bool
    has_token: bool
    grants: list[GrantShown]
    token: str | None


class Principals(Struct):
    """Every principal, by name."""

    principals: list[PrincipalShown]


class NewPrincipal(Struct, forbid_unknown_fields=True):
    """A principal to be made. token: whether it gets one, shown in the answer.

    subject: the OpenID provider's issuer, a space, and what it calls the principal (`sub`).
    """

    name: Name
    kind: Kind
    sees: Level | None = None
    communities: list[CommunityName] = []
    password: Password | None = None
    subject: Subject | None = None
    owner: bool = False
    token: bool = False


class PrincipalChange(Struct, forbid_unknown_fields=True):
    """What of a principal is to change; what is left out stays, null takes it away."""

    kind: Kind | UnsetType = UNSET
    sees: Level | UnsetType | None = UNSET
    communities: list[CommunityName] | UnsetType = UNSET
    password: Password | UnsetType | None = UNSET
    subject: Subject | UnsetType | None = UNSET
    owner: bool | UnsetType = UNSET
    token: bool = False


class Community(Struct):
    """A community and its members."""

    name: str
    members: list[str]


class Communities(Struct):
    """Every community that anybody belongs to."""

    communities: list[Community]


class Admitted(Struct):
    """A principal and the communities that it belongs to now."""

    principal: str
    communities: list[str]


class Within(Struct, forbid_unknown_fields=True):
    """A collection that a token is for."""

    root: RootName
    collection: Uid


class NewToken(Struct, forbid_unknown_fields=True):
    """A token to be made. collections: null = all that one may use."""

    label: Label
    scopes: Annotated[list[Scope], Meta(min_length=1, max_length=3)]
    days: Days = 90
    collections: Annotated[list[Within], Meta(max_length=100)] | None = None


class TokenShown(Struct):
    """A token. secret: shown once, when it is made or made anew."""

    id: str
    label: str
    scopes: list[str]
    collections: list[GrantPlace] | None
    made: str
    expires: str
    secret: str | None


class GrantPlace(Struct):
    """A collection by the name of its API root and its own id."""

    root: str
    collection: str


class MyTokens(Struct):
    """One's own tokens, the oldest first."""

    tokens: list[TokenShown]


class LogIn(Struct, forbid_unknown_fields=True):
    """Name and password."""

    name: Annotated[str, Meta(min_length=1, max_length=200)]
    password: Annotated[str, Meta(min_length=1, max_length=1000)]


class NewPassword(Struct, forbid_unknown_fields=True):
    """One's old password and the new one."""

    old: Annotated[str, Meta(min_length=1, max_length=1000)]
    new: Password


class OwnerAsked(Struct, forbid_unknown_fields=True):
    """The secret of the link, and name and password of the first owner."""

    link: Annotated[str, Meta(min_length=1, max_length=100)]
    name: Name
    password: Password


class SessionShown(Struct):
    """A session. csrf: what changes must carry as X-CSRF-Token; of this session alone."""

    name: str
    since: str
    expires: str
    current: bool
    csrf: str | None


class Sessions(Struct):
    """One's own sessions, the oldest first."""

    sessions: list[SessionShown]


class PartShown(Struct):
    """One contribution to a thing, by whom."""

    id: str
    version: str
    added: str
    revoked: bool
    source: SourceShown


class LinkShown(Struct):
    """Why two objects are one thing: the rule, what it says, and what is the same by it (or the judgement's id)."""

    a: str
    b: str
    rule: str
    meaning: str
    same: str


class ApartShown(Struct):
    """Why two objects are not one thing though a rule would make them one: a judgement's id, or what differs."""

    a: str
    b: str
    rule: str
    because: str


class Judged(Struct):
    """A judgement in force. everybody: it counts for all who see both objects, else for who made it alone."""

    id: str
    same: bool
    a: str
    b: str
    at: str
    own: bool
    everybody: bool
    reason: str


class ThingShown(Struct):
    """One thing as one sees it: its objects, contributions, the number of sources, and every reason."""

    ids: list[str]
    type: str
    sources: int
    parts: list[PartShown]
    links: list[LinkShown]
    apart: list[ApartShown]
    judgements: list[Judged]


class Things(Struct):
    """Things in the order of their first ids; `next` is for those after these. partial: there were too many rows."""

    things: list[ThingShown]
    partial: bool
    next: str | None


class NewJudgement(Struct, forbid_unknown_fields=True):
    """Two objects of one type, and whether they are the same thing."""

    same: bool
    a: Annotated[str, Meta(min_length=1, max_length=300)]
    b: Annotated[str, Meta(min_length=1, max_length=300)]
    reason: Annotated[str, Meta(max_length=1000)] = ""
