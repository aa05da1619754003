"""The header of a STIX object: what decides where it is kept, who may see it, and what it hangs together with."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Protocol

import msgspec

from noroshi.share.instants import Instant, before, is_instant, reckoned
from noroshi.share.reasons import Reason, of_conversion
from noroshi.share.stix_common import SCO

__all__ = ["CONTAINERS", "ENDS", "MEMBERS", "Common", "Header", "Marked", "assemble", "header", "type_of"]

_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"
_is_uuid = re.compile(_UUID).fullmatch
# The repeated group is not possessive: Python before 3.11.5 loses matches of such (CPython issue 106052).
_is_id = re.compile(rf"([a-z0-9]++(?:-[a-z0-9]++)*)--{_UUID}").fullmatch
_LONGEST_TYPE = 250
_LONGEST = _LONGEST_TYPE + len("--")  # also keeps long text out of what is remembered

CONTAINERS = frozenset({"report", "grouping", "observed-data"})
"""Types whose `object_refs` are what they contain; those of notes and opinions are what they are about."""

ENDS: dict[str, tuple[str, ...]] = {
    "relationship": ("source_ref", "target_ref"),
    "sighting": ("sighting_of_ref", "observed_data_refs", "where_sighted_refs"),
}
"""Type -> references of which each must be visible for the object to be visible."""

MEMBERS: dict[str, tuple[str, ...]] = {
    "malware": ("operating_system_refs", "sample_refs"),
    "malware-analysis": (
        "host_vm_ref", "operating_system_ref", "installed_software_refs", "analysis_sco_refs", "sample_ref",
    ),
    "language-content": ("object_ref",),
    "directory": ("contains_refs",),
    "domain-name": ("resolves_to_refs",),
    "email-addr": ("belongs_to_ref",),
    "email-message": ("from_ref", "sender_ref", "to_refs", "cc_refs", "bcc_refs", "raw_email_ref"),
    "file": ("parent_directory_ref", "contains_refs", "content_ref"),
    "ipv4-addr": ("resolves_to_refs", "belongs_to_refs"),
    "ipv6-addr": ("resolves_to_refs", "belongs_to_refs"),
    "network-traffic": (
        "src_ref", "dst_ref", "src_payload_ref", "dst_payload_ref", "encapsulates_refs", "encapsulated_by_ref",
    ),
    "process": ("opened_connection_refs", "creator_user_ref", "image_ref", "parent_ref", "child_refs"),
    "windows-registry-key": ("creator_user_ref",),
}  # fmt: skip
"""Type -> references to what the object is made of (STIX 2.1, sections 4, 6 and 7), other than `object_refs`."""


class Header(msgspec.Struct, frozen=True, gc=False):
    """What the hub reads of an object. References keep their order; tuples are empty where there are none.

    created, modified, version: timestamps as sent, "" where there is none; the version is `modified`, else `created`;
    without either (SCOs) the server's date added is its version. at: the version as an instant, exact.
    markings: `object_marking_refs`; granular: the marking references of `granular_markings`; tags: labels such as
    tlp:red and PAP:AMBER in lower case; ends: see `ENDS`; contains: `object_refs`; members: see `MEMBERS`.
    """

    id: str
    type: str
    spec_version: str
    created: str
    modified: str
    version: str
    at: Instant | None
    created_by: str = ""
    markings: tuple[str, ...] = ()
    granular: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    contains: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    revoked: bool = False

    @property
    def is_container(self) -> bool:
        """Whether its marking binds what it contains."""
        return self.type in CONTAINERS


class Marked(msgspec.Struct):
    """One entry of `granular_markings`, as far as the header needs it."""

    marking_ref: str = ""


class Common(Protocol):
    """What `assemble` reads of an object whose types have been checked."""

    type: str
    id: str
    spec_version: str
    created: str
    modified: str
    created_by_ref: str
    object_marking_refs: tuple[str, ...]
    granular_markings: Any
    labels: tuple[str, ...]
    revoked: bool


class _Bare(msgspec.Struct):
    type: str
    id: str
    spec_version: str = ""
    created: str = ""
    modified: str = ""
    created_by_ref: str = ""
    object_marking_refs: tuple[str, ...] = ()
    granular_markings: tuple[Marked, ...] = ()
    labels: tuple[str, ...] = ()
    revoked: bool = False


def _wrong_dates(created: str, modified: str, value: dict[str, Any]) -> Reason | None:
    """Return what is wrong with the dates of an object."""
    if "created" in value and not is_instant(created):
        return Reason("bad-timestamp", "created", created[:50])
    if "modified" in value:
        if modified == created:
            return None
        if not is_instant(modified):
            return Reason("bad-timestamp", "modified", modified[:50])
        if created and before(modified, created):
            return Reason("wrong-order", "modified", f"{modified}, created {created}"[:100])
    return None


def _wrong_marks(common: Common, value: dict[str, Any]) -> Reason | None:
    """Return what is wrong with the creator and the markings of an object."""
    creator = common.created_by_ref
    if "created_by_ref" in value and (len(creator) > _LONGEST_TYPE or not _refers(creator, "identity")):
        return Reason("bad-ref", "created_by_ref", creator[:100])
    for ref in common.object_marking_refs:
        if len(ref) > _LONGEST_TYPE or not _refers(ref, "marking-definition"):
            return Reason("bad-ref", "object_marking_refs", ref[:100])
    return None


def type_of(name: str) -> str | None:
    """Return the type that an identifier names, None if it is not `type--UUID` (RFC 4122 or 9562, lower case)."""
    match = _is_id(name)
    return match[1] if match and len(match[1]) <= _LONGEST_TYPE else None


@lru_cache(maxsize=1 << 12)
def _refers(name: str, kind: str) -> bool:
    """Return whether an identifier is of a type; remembered, as creators and markings are few."""
    return type_of(name) == kind


def header(value: dict[str, Any]) -> Header | Reason:
    """Return the header of an object that `reading.check` returned, or the first reason why it has none.

    This is the least that the hub must be able to read; `validation.validate` checks the rest and returns it too.
    """
    try:
        return assemble(msgspec.convert(value, _Bare), value)
    except msgspec.ValidationError as error:
        return of_conversion(error)


def assemble(common: Common, value: dict[str, Any]) -> Header | Reason:
    """Return the header of `value`, whose common properties `common` holds; the reason if id or dates are no such.

    Without `spec_version`, an object with `created` is of STIX 2.0, which has no such property; an SCO is of 2.1.
    msgspec.ValidationError if a reference of `ENDS` or `MEMBERS` is not text.
    """
    kind = common.type
    name, created, modified, spec = common.id, common.created, common.modified, common.spec_version
    start = len(kind) + 2
    if name[:start] != f"{kind}--" or _is_uuid(name, start) is None or start > _LONGEST or not _may_be_type(kind):
        code = "bad-id" if type_of(name) in {None, kind} else "id-of-other-type"
        return Reason(code, "id", name[:100])
    if spec not in _SPECS:
        return Reason("bad-spec-version", "spec_version", spec[:20])
    wrong = _wrong_dates(created, modified, value) or _wrong_marks(common, value)
    if wrong:
        return wrong
    version = modified or created
    granular = common.granular_markings
    labels = common.labels
    return Header(
        name,
        kind,
        spec or ("2.0" if created and kind not in _OBSERVED else "2.1"),
        created,
        modified,
        version,
        reckoned(version) if version else None,
        common.created_by_ref,
        common.object_marking_refs,
        tuple([part.marking_ref for part in granular if part.marking_ref]) if granular else (),
        tuple([tag for label in labels if (tag := label.strip().lower())[:4] in _SCHEMES]) if labels else (),
        _joined(kind, value) if kind in ENDS else (),
        _named(value, ("object_refs",)) if "object_refs" in value else (),
        _named(value, MEMBERS[kind]) if kind in MEMBERS else (),
        common.revoked,
    )


@lru_cache(maxsize=1 << 12)
def _may_be_type(kind: str) -> bool:
    """Return whether a type may have this name (section 3.1)."""
    return type_of(f"{kind}--{_SOME_UUID}") == kind


_SOME_UUID = "00000000-0000-4000-8000-000000000000"
_OBSERVED = frozenset(SCO)
_SPECS = frozenset({"", "2.0", "2.1"})
_SCHEMES = frozenset({"tlp:", "pap:"})


def _joined(kind: str, value: dict[str, Any]) -> tuple[str, ...]:
    """Return the ends of a relationship or sighting; as most objects are relationships, those are read at once."""
    source, target = value.get("source_ref"), value.get("target_ref")
    if kind == "relationship" and type(source) is str and type(target) is str:
        return source, target
    return _named(value, ENDS[kind])


def _named(value: dict[str, Any], places: tuple[str, ...]) -> tuple[str, ...]:
    """Return the identifiers that stand at `places`, each one reference or a list of them."""
    found: list[str] = []
    for place in places:
        ref = value.get(place)
        if ref is None:
            continue
        several = place.endswith("s")
        if not several and type(ref) is str:
            found.append(ref)
        elif several and type(ref) is list and set(map(type, ref)) <= {str}:
            found += ref
        else:
            raise msgspec.ValidationError(
                f"Expected {'a list of references' if several else 'a reference'} - at `$.{place}`"
            )
    return tuple(found)
