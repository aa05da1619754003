"""Full validation of STIX objects: 2.1 by the standard (OASIS, 10 June 2021), 2.0 more loosely by its own.

Custom types and properties are let through (section 11); what is odd but genuine is a warning, not a refusal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

import msgspec

from noroshi.share.headers import Header, assemble
from noroshi.share.instants import before, is_instant
from noroshi.share.learning import learned
from noroshi.share.reading import check
from noroshi.share.reasons import Reason, of_conversion
from noroshi.share.stix_common import Object
from noroshi.share.stix_domain import DOMAIN, META, RELATIONSHIPS
from noroshi.share.stix_observables import OBSERVABLES
from noroshi.share.validation_parts import check_extensions, check_granular, check_hashes, check_keys, check_references
from noroshi.share.validation_rules import COMPANIONS, ORDERS, TIMES

__all__ = ["STANDARD", "Read", "read", "validate"]

STANDARD: dict[str, type[Object]] = DOMAIN | RELATIONSHIPS | META | dict(OBSERVABLES)
"""Type -> shape of every type of STIX 2.1."""


class Read(msgspec.Struct, frozen=True, gc=False):
    """An object that is accepted: its header, its content, and what is odd in it."""

    header: Header
    value: dict[str, Any]
    warnings: tuple[Reason, ...] = ()


def read(raw: bytes) -> Read | Reason:
    """Return the object that the bytes hold, checked strictly and validated, or the first reason against it."""
    value = check(raw)
    return value if isinstance(value, Reason) else validate(value)


class _Rule(NamedTuple):
    """What is checked of one type beyond its shape, compiled from the tables."""

    shape: type[Any]
    known: frozenset[str]
    seen: set[str]
    times: tuple[str, ...]
    orders: tuple[tuple[str, str, bool], ...]


def _rule(shape: type[Any]) -> _Rule:
    """Compile the rule of a type."""
    fields = frozenset(shape.__struct_fields__)
    return _Rule(
        learned(shape),
        fields,
        set(fields),
        tuple(place for place in shape.__struct_fields__ if place in TIMES),
        tuple(order for order in ORDERS if order[0] in fields and order[1] in fields),
    )


class _Custom(Object, kw_only=True, gc=False):
    """An object of a type that the standard does not have: its common properties."""


class _Old(Object, kw_only=True, gc=False):
    """An object of STIX 2.0 (Part 1, section 3.1): no `spec_version`; labels may be of any kind."""

    spec_version: Literal["", "2.0"] = ""  # type: ignore[assignment]
    created: str


_RULES = {kind: _rule(shape) for kind, shape in STANDARD.items()}
_CUSTOM = _rule(_Custom)
_OLD = _rule(_Old)
_OLD_NEEDS = {
    "attack-pattern": ("name",),
    "campaign": ("name",),
    "course-of-action": ("name",),
    "identity": ("name", "identity_class"),
    "indicator": ("labels", "pattern", "valid_from"),
    "intrusion-set": ("name",),
    "malware": ("labels", "name"),
    "observed-data": ("first_observed", "last_observed", "number_observed", "objects"),
    "report": ("labels", "name", "published", "object_refs"),
    "threat-actor": ("labels", "name"),
    "tool": ("labels", "name"),
    "vulnerability": ("name",),
    "relationship": ("relationship_type", "source_ref", "target_ref"),
    "sighting": ("sighting_of_ref",),
    "marking-definition": ("definition_type", "definition"),
}
"""Type of STIX 2.0 -> what it requires (Part 2, sections 2 and 3; Part 1, section 4.1)."""


def validate(value: dict[str, Any]) -> Read | Reason:
    """Return the accepted object, or the first reason why STIX does not allow it.

    `value` is what `reading.check` returned. An object with `created` and without `spec_version` is of STIX 2.0,
    unless its type is one that 2.0 does not have.
    """
    kind = value.get("type")
    if type(kind) is not str:
        return Reason("missing" if kind is None else "wrong-type", "type")
    if kind == "bundle":  # STIX 2.1, section 8: it is no STIX Object, and what it holds was not looked at
        return Reason("a-bundle", "type")
    old = "created" in value and value.get("spec_version", "2.0") == "2.0"
    old = old and (kind in _OLD_NEEDS or kind not in STANDARD)
    rule = _OLD if old else _RULES.get(kind, _CUSTOM)
    try:
        shaped = msgspec.convert(value, rule.shape)
        found = assemble(shaped, value)
    except msgspec.ValidationError as error:
        return of_conversion(error)
    if type(found) is Reason:
        return found
    odd = kind in _HOLDS_DICTIONARIES
    if not rule.seen.issuperset(value):
        bad = _bad_name(rule, value)
        if bad:
            return bad
        odd = odd or not _RESERVED.isdisjoint(value)
    wrong = (
        (rule.times and _wrong_times(rule, value))
        or _wrong_parts(shaped, value)
        or (_wrong_old(kind, value) if old else _wrong_companions(kind, value))
    )
    return wrong or Read(found, value, tuple(_warnings(rule.known, value)) if odd else ())  # type: ignore[arg-type]


def _wrong_times(rule: _Rule, value: Mapping[str, Any]) -> Reason | None:
    """Return the first reason among timestamps and their order."""
    for place in rule.times:
        text = value.get(place)
        if text is not None and not is_instant(text):
            return Reason("bad-timestamp", place, text[:50])
    for earlier, later, strictly in rule.orders:
        if later in value and earlier in value:
            first, last = value[earlier], value[later]
            if before(last, first) or (strictly and not before(first, last)):
                return Reason("wrong-order", later, f"{value[later]}, {earlier} {value[earlier]}"[:100])
    return None


_PROPERTY = re.compile(r"[a-z][a-z0-9_]{0,249}")
_RESERVED = frozenset({"severity", "username", "phone_number", "action"})
_DICTIONARIES = frozenset({"additional_header_fields", "environment_variables", "ipfix"})
_HOLDS_DICTIONARIES = frozenset({"email-message", "process", "network-traffic"})
_MOST_SEEN = 2000


def _bad_name(rule: _Rule, value: Mapping[str, Any]) -> Reason | None:
    """Return the reason against the first name that no property may have (section 3.1).

    Custom names that are in order are remembered, but for reserved ones, so that they are looked at once.
    """
    for name in value:
        if name not in rule.seen:
            if _PROPERTY.fullmatch(name) is None:
                return Reason("bad-key", name[:100])
            if len(rule.seen) < _MOST_SEEN and name not in _RESERVED:
                rule.seen.add(name)
    return None


def _wrong_parts(shaped: Any, value: Mapping[str, Any]) -> Reason | None:  # noqa: ANN401  any shape
    """Return the first reason among the parts that objects share."""
    if "external_references" in value:
        wrong = check_references(shaped.external_references)
        if wrong:
            return wrong
    if "granular_markings" in value:
        return next(check_granular(shaped.granular_markings, value), None)
    return None


def _wrong_companions(kind: str, value: dict[str, Any]) -> Reason | None:
    """Return the first reason among what one property asks of another, hashes and extensions."""
    if kind in COMPANIONS:
        wrong = next(COMPANIONS[kind](value), None)
        if wrong:
            return wrong
    if "hashes" in value and kind in STANDARD:
        wrong = next(check_hashes(value["hashes"], "hashes"), None)
        if wrong:
            return wrong
    if "extensions" in value:
        return next(check_extensions(kind, value["extensions"]), None)
    return None


def _warnings(known: frozenset[str], value: dict[str, Any]) -> Iterator[Reason]:
    """Yield what the standard forbids but the field does.

    Reserved names (section 3.8; OpenCTI sends incidents with `severity`), and keys of dictionaries (section 2.3) that
    are what was observed: `ProgramFiles(x86)` is the name of an environment variable.
    """
    for name in sorted(_RESERVED & value.keys()):
        yield Reason("reserved", name)
    for name in sorted(_DICTIONARIES & value.keys() & known):
        yield from check_keys(value[name], name)


def _wrong_old(kind: str, value: dict[str, Any]) -> Reason | None:
    """Return the first reason why an object is not of STIX 2.0: what its type requires."""
    needed = _OLD_NEEDS.get(kind, ())
    if kind != "marking-definition":
        needed = ("modified", *needed)
    missing = next((place for place in needed if place not in value), None)
    return Reason("missing", missing) if missing else None
