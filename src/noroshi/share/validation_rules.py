"""What one property of STIX 2.1 asks of another: times, orders, companions; tables first."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from noroshi.share.reasons import Reason
from noroshi.share.stix_observables import OBSERVABLES

__all__ = ["COMPANIONS", "HASHES", "ORDERS", "TIMES"]

TIMES = frozenset({
    "first_seen", "last_seen", "valid_from", "valid_until", "first_observed", "last_observed",
    "published", "submitted", "analysis_started", "analysis_ended", "start_time", "stop_time", "object_modified",
    "ctime", "mtime", "atime", "date", "start", "end", "created_time", "account_created", "account_expires",
    "credential_last_changed", "account_first_login", "account_last_login", "modified_time", "validity_not_before",
    "validity_not_after",
})  # fmt: skip
"""Properties of standard types that are timestamps, beside `created` and `modified`."""

ORDERS: tuple[tuple[str, str, bool], ...] = (
    ("first_seen", "last_seen", False),
    ("first_observed", "last_observed", False),
    ("start", "end", False),
    ("valid_from", "valid_until", True),
    ("start_time", "stop_time", True),
)
"""Earlier property, later property, whether they must differ (sections 3.2, 4, 5.1 and 6.12)."""

HASHES = {"MD5": 32, "SHA-1": 40, "SHA-256": 64, "SHA-512": 128, "SHA3-256": 64, "SHA3-512": 128}
"""Algorithm of the vocabulary -> hexadecimal digits of its hash; SSDEEP and TLSH have forms of their own."""

_Value = Mapping[str, Any]
_Found = Iterator[Reason]


def _at_least_one(*places: str) -> Callable[[_Value], _Found]:
    """Return the rule that one of the properties must be there."""

    def rule(value: _Value) -> _Found:
        if not any(place in value for place in places):
            yield Reason("one-of", said=", ".join(places))

    return rule


def _any_of_its_own(kind: str) -> Callable[[_Value], _Found]:
    """Return the rule that at least one property that only this type has must be there."""
    own = tuple(sorted(set(OBSERVABLES[kind].__struct_fields__) - set(_COMMON)))
    beside = ("extensions",) if kind == "process" else ()
    return _at_least_one(*own, *beside)


_COMMON = (
    "type", "id", "spec_version", "created", "modified", "created_by_ref", "revoked", "labels", "confidence", "lang",
    "external_references", "object_marking_refs", "granular_markings", "extensions", "defanged",
)  # fmt: skip


def _location(value: _Value) -> _Found:
    """Section 4.10.1: somewhere must be named; coordinates come in pairs, precision with them."""
    if not any(place in value for place in ("region", "country", "latitude")):
        yield Reason("one-of", said="region, country, latitude and longitude")
    if ("latitude" in value) != ("longitude" in value):
        yield Reason("needs", "latitude", "longitude")
    if "precision" in value and "latitude" not in value:
        yield Reason("needs", "precision", "latitude and longitude")


def _malware(value: _Value) -> _Found:
    """Section 4.11.1: a family has a name."""
    if value["is_family"] and "name" not in value:
        yield Reason("missing", "name", "is_family")


def _observed(value: _Value) -> _Found:
    """Section 4.14.1: either references or the deprecated container."""
    if ("objects" in value) == ("object_refs" in value):
        code = "not-together" if "objects" in value else "one-of"
        yield Reason(code, "objects", "object_refs")
    for key, inner in value.get("objects", {}).items():
        if not isinstance(inner.get("type"), str):
            yield Reason("missing", f"objects.{key}.type")


def _marking_definition(value: _Value) -> _Found:
    """Section 7.2.1: content by an extension, or by type and definition; it has no versions."""
    if "extensions" not in value and not {"definition_type", "definition"} <= value.keys():
        yield Reason("one-of", said="definition_type and definition, extensions")
    if ("definition_type" in value) != ("definition" in value):
        yield Reason("needs", "definition_type", "definition")
    definition = value.get("definition", {"": ""})
    if not isinstance(definition, dict) or not definition:
        yield Reason("wrong-type", "definition", "a dictionary")


def _artifact(value: _Value) -> _Found:
    """Section 6.1: content or where it lies, the latter with its hash; a key belongs to an algorithm."""
    if ("payload_bin" in value) == ("url" in value):
        yield Reason("not-together" if "url" in value else "one-of", "payload_bin", "url")
    if "url" in value and "hashes" not in value:
        yield Reason("needs", "url", "hashes")
    if "decryption_key" in value and "encryption_algorithm" not in value:
        yield Reason("needs", "decryption_key", "encryption_algorithm")
    if not _BASE64.fullmatch(value.get("payload_bin", "")):
        yield Reason("not-encoded", "payload_bin", "base64")


_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")


def _email(value: _Value) -> _Found:
    """Section 6.6: one body, or parts of which each has a body."""
    multipart = value["is_multipart"]
    if multipart and "body" in value:
        yield Reason("not-together", "body", "is_multipart")
    if not multipart and "body_multipart" in value:
        yield Reason("not-together", "body_multipart", "is_multipart")
    for k, part in enumerate(value.get("body_multipart", ())):
        if "body" not in part and "body_raw_ref" not in part:
            yield Reason("one-of", f"body_multipart[{k}]", "body, body_raw_ref")


def _traffic(value: _Value) -> _Found:
    """Section 6.12: it has a source or a destination; what has ended is not active."""
    yield from _at_least_one("src_ref", "dst_ref")(value)
    if value.get("is_active") is True and "end" in value:
        yield Reason("not-together", "end", "is_active")


def _ipv4(value: _Value) -> _Found:
    """Section 6.8: an address or a network in CIDR notation."""
    yield from _network(value, ipaddress.IPv4Interface)


def _ipv6(value: _Value) -> _Found:
    """Section 6.9, as for IPv4."""
    yield from _network(value, ipaddress.IPv6Interface)


def _network(value: _Value, read: Callable[[str], object]) -> _Found:
    """Yield the reason why the value is no network, unless it is defanged."""
    if value.get("defanged") is True:
        return
    try:
        read(value["value"])
    except ValueError:
        yield Reason("wrong-type", "value", value["value"][:50])


def _indicator(value: _Value) -> _Found:
    """Section 4.7: a pattern of STIX is at least in brackets; the rest is the matcher's business."""
    if value["pattern_type"] == "stix" and "[" not in value["pattern"]:
        yield Reason("wrong-type", "pattern", "[…]")


def _analysis(value: _Value) -> _Found:
    """Section 4.12: it says what it found."""
    yield from _at_least_one("result", "analysis_sco_refs")(value)


COMPANIONS: dict[str, Callable[[_Value], _Found]] = {
    "artifact": _artifact,
    "email-message": _email,
    "file": _at_least_one("hashes", "name"),
    "indicator": _indicator,
    "ipv4-addr": _ipv4,
    "ipv6-addr": _ipv6,
    "location": _location,
    "malware": _malware,
    "malware-analysis": _analysis,
    "marking-definition": _marking_definition,
    "network-traffic": _traffic,
    "observed-data": _observed,
    "process": _any_of_its_own("process"),
    "user-account": _any_of_its_own("user-account"),
    "windows-registry-key": _any_of_its_own("windows-registry-key"),
    "x509-certificate": _any_of_its_own("x509-certificate"),
}
"""Type -> rule over its properties, whose types have been checked."""
