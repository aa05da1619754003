"""Warnings: what is said, whom it concerns and why, and who may not be told. A person chooses; this only proposes."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Literal

import msgspec

from noroshi.share.chain import canonical
from noroshi.share.markings import Tlp
from noroshi.share.release import Principal, ReleaseClass, visible

__all__ = [
    "KINDS", "SEVERITIES", "Audience", "Exposed", "Proposal", "Said", "Signed", "Why", "Words", "Written", "kept_from",
    "propose", "release_of", "same_product", "statement",
]  # fmt: skip

KINDS = ("warning", "correction", "retraction")
Kind = Literal["warning", "correction", "retraction"]
Severity = Literal["low", "medium", "high", "critical"]
SEVERITIES: tuple[Severity, ...] = ("low", "medium", "high", "critical")
Names = tuple[str, ...]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The same thing said in English and in Japanese."""

    en: str
    ja: str


class Audience(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whom a warning concerns. networks: ranges as CIDR; organisations: ids of an estate, for who depends on them."""

    everyone: bool = False
    principals: Names = ()
    sectors: Names = ()
    products: Names = ()
    networks: Names = ()
    organisations: Names = ()


class Said(msgspec.Struct, frozen=True):
    """What a person writes. action: what to do; communities None: all whom the TLP admits; about: ids of objects.

    exercise: it is part of one, and goes to nobody but who is there for exercises alone.
    """

    title: Words
    text: Words
    action: Words
    severity: Severity
    tlp: str
    communities: Names | None = None
    audience: Audience = Audience()
    about: Names = ()
    exercise: bool = False


class Written(msgspec.Struct, frozen=True, omit_defaults=True):
    """One version of a warning as it is signed and read; its audience is not among it: that is for the hub alone.

    exercise stands in it only where it is one, so that what was signed before there was such a field still holds.
    """

    warning: str
    version: int
    kind: Kind
    at: str
    by: str
    severity: Severity
    tlp: str
    communities: Names | None
    title: Words
    text: Words
    action: Words
    about: Names
    exercise: bool = False


class Signed(msgspec.Struct, frozen=True):
    """A version with its signature (Ed25519, RFC 8032) over `statement`; key, signature: hexadecimal."""

    said: Written
    key: str
    signature: str


class Exposed(msgspec.Struct, frozen=True):
    """Who might be at risk: what it may see, and what is known of it."""

    principal: str
    rights: Principal
    organisation: str = ""
    sectors: Names = ()
    products: Names = ()
    networks: Names = ()
    exercise: bool = False


class Why(msgspec.Struct, frozen=True):
    """One reason for a proposal: a rule of `warnings_words.RULES`, what of the contact fits, in both languages."""

    rule: str
    what: str
    what_ja: str = ""


class Proposal(msgspec.Struct, frozen=True):
    """A recipient with its reasons; kept_from: "" where it may be told, else a key of `KEPT_FROM`."""

    principal: str
    sectors: Names
    reasons: tuple[Why, ...]
    kept_from: str = ""


def statement(said: Written) -> bytes:
    """Return the bytes that are signed: canonical JSON, which no other statement of the hub can be."""
    return canonical({"noroshi_warning": 1, **msgspec.to_builtins(said)})


def release_of(said: Said | Written) -> ReleaseClass:
    """Return the release class of a warning; a level that cannot be read is shown to nobody."""
    return ReleaseClass(Tlp.named(said.tlp), None if said.communities is None else frozenset(said.communities))


def kept_from(said: Said | Written, rights: Principal, *, exercise: bool) -> str:
    """Return why a recipient may not be told: `exercise`, `tlp`, `community`, or "" where it may.

    exercise: whether it is there for exercises alone; for the others `release.visible` decides.
    """
    released = release_of(said)
    if said.exercise != exercise:
        return "exercise"
    if visible(rights, released):
        return ""
    return "tlp" if not visible(rights, ReleaseClass(released.tlp, None)) else "community"


def propose(
    said: Said, exposed: Iterable[Exposed], depends: Mapping[str, Why] | None = None,
    lens: Mapping[str, Why] | None = None,
) -> tuple[Proposal, ...]:  # fmt: skip
    """Return everyone whom a warning concerns, by name, each with every reason there is.

    depends: organisation -> how it depends on one of the audience's; lens: organisation -> why a brief says to warn it.
    """
    found = []
    for one in exposed:
        reasons = [
            *reasons_of(said.audience, one),
            *(given[one.organisation] for given in (depends or {}, lens or {}) if one.organisation in given),
        ]
        if reasons:
            found.append(
                Proposal(one.principal, one.sectors, tuple(reasons), kept_from(said, one.rights, exercise=one.exercise))
            )
    return tuple(sorted(found, key=lambda one: one.principal))


def reasons_of(audience: Audience, one: Exposed) -> list[Why]:
    """Return the reasons that follow from what is declared of a contact."""
    return [
        *([Why("everyone", "")] if audience.everyone else []),
        *(Why("named", one.principal) for _ in [0] if one.principal in audience.principals),
        *(Why("organisation", one.organisation) for _ in [0] if one.organisation in audience.organisations),
        *(Why("sector", name) for name in one.sectors if name in audience.sectors),
        *(Why("product", has) for has in one.products if any(same_product(has, name) for name in audience.products)),
        *(Why("network", has) for has in one.networks if any(overlap(has, other) for other in audience.networks)),
    ]


def same_product(one: str, other: str) -> bool:
    """Say whether two names of products mean the same, or one the other's special case.

    CPE 2.3 names (NISTIR 7696) are compared part by part: `*`, and what is left out after the vendor, fits everything.
    Other names must be equal but for case and blanks.
    """
    mine, theirs = (" ".join(text.casefold().split()) for text in (one, other))
    if not (mine.startswith("cpe:2.3:") and theirs.startswith("cpe:2.3:")):
        return mine == theirs
    pairs = list(zip(parts_of(mine), parts_of(theirs), strict=False))[2:]
    return len(pairs) > 1 and all(a == b or "*" in (a, b) for a, b in pairs)


def parts_of(name: str) -> list[str]:
    r"""Return the parts of a CPE name; `\:` stands within a part."""
    return name.replace("\\:", "\x00").split(":")


def overlap(one: str, other: str) -> bool:
    """Say whether two ranges have an address in common; what is no range has none."""
    mine, theirs = range_of(one), range_of(other)
    if isinstance(mine, ipaddress.IPv4Network) and isinstance(theirs, ipaddress.IPv4Network):
        return mine.overlaps(theirs)
    if isinstance(mine, ipaddress.IPv6Network) and isinstance(theirs, ipaddress.IPv6Network):
        return mine.overlaps(theirs)
    return False


@lru_cache(maxsize=10_000)
def range_of(text: str) -> Network | None:
    """Return a range of addresses; None for what is none."""
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None
