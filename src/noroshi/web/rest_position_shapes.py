"""What the REST interface takes of a position on a situation, as its OpenAPI describes it."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from noroshi.respond.asks import Words
from noroshi.web.rest_case_shapes import Time

__all__ = [
    "MoreOfPosition", "NewAssessment", "NewClaim", "NewDecision", "NewEffect", "NewFinding", "NewOption",
    "NewSignature", "NewStatement", "Taken",
]  # fmt: skip

Short = Annotated[str, Meta(max_length=500, pattern="^[^\\x00-\\x1f\\x7f]*$")]
Id = Annotated[str, Meta(pattern="^([a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?)?$", description='Of the entry; "" = a new one')]
Nexus = Annotated[str, Meta(pattern="^([A-Z]{2})?$", description='A state, ISO 3166-1 alpha-2; "" = nobody')]
Group = Annotated[str, Meta(max_length=100, description="An intrusion set of ATT&CK, by its id or a name it has there")]
Share = Annotated[float, Meta(ge=0, le=1)]
Gravity = Literal["low", "medium", "high"]
Factor = Literal["scope", "scale", "duration", "intensity", "complexity", "sophistication", "impact"]
Norm = Literal["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"]
Rung = Literal["private-message", "public-statement", "joint-statement", "retorsion", "sanctions", "countermeasures"]


class NewClaim(Struct, forbid_unknown_fields=True):
    """What others say of who did it. A person is never named: nexus is a state, group an intrusion set."""

    by: Short
    party: Literal["ally", "government", "company"]
    grade: Annotated[str, Meta(pattern="^[A-F][1-6]$", description="Admiralty grade")]
    source: Short
    id: Id = ""
    nexus: Nexus = ""
    group: Group = ""
    confidence: Short = ""
    text: Words | None = None
    url: Annotated[str, Meta(max_length=2000)] = ""
    public: bool = True


class NewFinding(Struct, forbid_unknown_fields=True):
    """Our own finding, by hand; one from an assessment is entered by its file."""

    guard: Literal["asserted", "not-attributed", "not-assessed"]
    nexus: Nexus = ""
    group: Group = ""
    low: Share | None = None
    high: Share | None = None
    reasons: Annotated[tuple[Words, ...], Meta(max_length=50)] = ()
    text: Words | None = None


class NewStatement(Struct, forbid_unknown_fields=True):
    """What is said, or proposed to be said; nexus, group: whom it names as responsible."""

    audience: Literal["public", "private"]
    text: Words
    id: Id = ""
    to: Short = ""
    nexus: Nexus = ""
    group: Group = ""
    spoken: bool = False


class NewEffect(Struct, forbid_unknown_fields=True):
    """What it does to another matter."""

    topic: Words
    effect: Words
    id: Id = ""


class NewOption(Struct, forbid_unknown_fields=True):
    """An option on a rung of the ladder. norms: of UN GGE 2015, 13, said to be breached."""

    rung: Rung
    text: Words
    pros: Words
    cons: Words
    id: Id = ""
    nexus: Nexus = ""
    group: Group = ""
    norms: Annotated[tuple[Norm, ...], Meta(max_length=11)] = ()
    factors: dict[Factor, Gravity] = {}


class NewDecision(Struct, forbid_unknown_fields=True):
    """What a person decided; option "": none of them."""

    why: Words
    option: Id = ""


class Taken(Struct, forbid_unknown_fields=True):
    """An entry that is taken back, and why."""

    entry: Id
    why: Short


class MoreOfPosition(Struct, forbid_unknown_fields=True):
    """What is entered into a position, all or none, in this order; at least one of these. at: when it was so."""

    claims: Annotated[tuple[NewClaim, ...], Meta(max_length=100)] = ()
    finding: NewFinding | None = None
    statements: Annotated[tuple[NewStatement, ...], Meta(max_length=100)] = ()
    effects: Annotated[tuple[NewEffect, ...], Meta(max_length=100)] = ()
    options: Annotated[tuple[NewOption, ...], Meta(max_length=100)] = ()
    decision: NewDecision | None = None
    withdraw: Annotated[tuple[Taken, ...], Meta(max_length=100)] = ()
    at: Time | None = None


class NewAssessment(Struct, forbid_unknown_fields=True):
    """An assessment file as `noroshi attribute assess --json` wrote it, its text unchanged."""

    file: Annotated[str, Meta(max_length=900_000)]
    at: Time | None = None


class NewSignature(Struct, forbid_unknown_fields=True):
    """In which role one signs, and the digest of what one has read."""

    role: Short
    digest: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
