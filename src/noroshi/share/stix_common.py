"""Data types and common properties of STIX 2.1 (OASIS Standard, 10 June 2021, sections 2 and 3), as msgspec shapes.

A shape says names, types, what is required, closed enumerations and limits; `validation_rules` says what one property
asks of another. Lists and dictionaries may not be empty (sections 2.3 and 2.12). Unknown properties are let through.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

__all__ = [
    "SCO", "SDO", "SMO", "SRO", "AnyRef", "AnyRefs", "ArtifactRef", "Count", "Dictionary", "EndRef",
    "ExternalReference", "Flag", "GranularMarking", "Hashes", "Hex", "Integer", "KillChainPhase", "MarkingRef",
    "Natural", "Number", "Object", "Observable", "Phases", "ScoRefs", "SoftwareRef", "Texts", "UserRef", "Versioned",
    "not_to", "to",
]  # fmt: skip

SDO = (
    "attack-pattern", "campaign", "course-of-action", "grouping", "identity", "incident", "indicator",
    "infrastructure", "intrusion-set", "location", "malware", "malware-analysis", "note", "observed-data", "opinion",
    "report", "threat-actor", "tool", "vulnerability",
)  # fmt: skip
SCO = (
    "artifact", "autonomous-system", "directory", "domain-name", "email-addr", "email-message", "file", "ipv4-addr",
    "ipv6-addr", "mac-addr", "mutex", "network-traffic", "process", "software", "url", "user-account",
    "windows-registry-key", "x509-certificate",
)  # fmt: skip
SRO = ("relationship", "sighting")
SMO = ("bundle", "extension-definition", "language-content", "marking-definition")
_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\Z"


def to(*types: str) -> Meta:
    """Return the constraint that a reference is to an object of one of these types."""
    return Meta(pattern=rf"^(?:{'|'.join(types)})--{_UUID}")


def not_to(*types: str) -> Meta:
    """Return the constraint that a reference is to any type, custom ones included, but these."""
    return Meta(pattern=rf"^(?!(?:{'|'.join(types)})--)[a-z0-9]++(?:-[a-z0-9]++)*--{_UUID}")


AnyRef = Annotated[str, not_to("bundle")]
AnyRefs = Annotated[tuple[AnyRef, ...], Meta(min_length=1)]
ScoRefs = Annotated[tuple[Annotated[str, not_to(*SDO, *SRO, *SMO)], ...], Meta(min_length=1)]
EndRef = Annotated[str, not_to(*SRO, *SMO)]
MarkingRef = Annotated[str, to("marking-definition")]
SoftwareRef = Annotated[str, to("software")]
ArtifactRef = Annotated[str, to("artifact")]
UserRef = Annotated[str, to("user-account")]
Texts = Annotated[tuple[str, ...], Meta(min_length=1)]
Dictionary = Annotated[dict[str, Any], Meta(min_length=1)]
Hashes = Annotated[dict[str, str], Meta(min_length=1)]
Integer = Annotated[int, Meta(ge=-(2**53) + 1, le=2**53 - 1)]
Natural = Annotated[int, Meta(ge=0, le=2**53 - 1)]
Count = Annotated[int, Meta(ge=0, le=999_999_999)]
Hex = Annotated[str, Meta(pattern=r"^([0-9a-f]{2})*\Z")]
Number = float
Flag = bool


class ExternalReference(msgspec.Struct, gc=False):
    """Section 2.5."""

    source_name: str
    description: str | msgspec.UnsetType = msgspec.UNSET
    url: str | msgspec.UnsetType = msgspec.UNSET
    hashes: Hashes | msgspec.UnsetType = msgspec.UNSET
    external_id: str | msgspec.UnsetType = msgspec.UNSET


class KillChainPhase(msgspec.Struct, gc=False):
    """Section 2.11."""

    kill_chain_name: str
    phase_name: str


class GranularMarking(msgspec.Struct, gc=False):
    """Section 7.2.3.1: either `lang` or `marking_ref`, and what of the object it is about."""

    selectors: Texts
    marking_ref: MarkingRef = ""
    lang: str = ""


Phases = Annotated[tuple[KillChainPhase, ...], Meta(min_length=1)]


class Object(msgspec.Struct, kw_only=True, gc=False):
    """What every object has or may have (section 3.2); `headers.assemble` checks id, dates, creator and markings."""

    type: str
    id: str
    spec_version: Literal["2.1"] = "2.1"
    created: str = ""
    modified: str = ""
    created_by_ref: str = ""
    revoked: bool = False
    labels: Texts = ()
    confidence: Annotated[int, Meta(ge=0, le=100)] = 0
    lang: str = ""
    external_references: Annotated[tuple[ExternalReference, ...], Meta(min_length=1)] = ()
    object_marking_refs: Texts = ()
    granular_markings: Annotated[tuple[GranularMarking, ...], Meta(min_length=1)] = ()
    extensions: Annotated[dict[str, Dictionary], Meta(min_length=1)] | msgspec.UnsetType = msgspec.UNSET


class Versioned(Object, kw_only=True, gc=False):
    """An object with versions: domain objects, relationships, and two of the meta objects."""

    spec_version: Literal["2.1"]
    created: str
    modified: str


class Observable(Object, kw_only=True, gc=False):
    """A cyber-observable: no versions; `spec_version` may be left out (section 3.2)."""

    defanged: bool = False
