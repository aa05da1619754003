"""Checks of the parts that objects share: external references, hashes, granular markings, extensions, dictionaries."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from noroshi.share.headers import type_of
from noroshi.share.reasons import Reason, of_conversion
from noroshi.share.stix_common import ExternalReference, GranularMarking
from noroshi.share.stix_extensions import EXTENSIONS
from noroshi.share.validation_rules import HASHES

__all__ = ["check_extensions", "check_granular", "check_hashes", "check_keys", "check_references"]

_UNSET = msgspec.UNSET
_KEY = re.compile(r"[a-zA-Z0-9_-]{1,250}")
_HEX = re.compile(r"[0-9a-fA-F]+")
_SELECTOR = re.compile(r"[a-z0-9_]{1,250}(?:\.(?:\[[0-9]{1,9}\]|[a-zA-Z0-9_-]{1,250}))*")
_EXTENSION_TYPES = frozenset({"new-sdo", "new-sco", "new-sro", "property-extension", "toplevel-property-extension"})


def check_references(references: tuple[ExternalReference, ...]) -> Reason | None:
    """Return what is wrong with external references: each says more than its source (section 2.5.2)."""
    for k, one in enumerate(references):
        if one.url is _UNSET and one.description is _UNSET and one.external_id is _UNSET:
            return Reason("one-of", f"external_references[{k}]", "description, url, external_id")
        if one.hashes is not _UNSET:
            wrong = next(check_hashes(one.hashes, f"external_references[{k}].hashes"), None)
            if wrong:
                return wrong
    return None


def check_hashes(hashes: Mapping[str, str], place: str) -> Iterator[Reason]:
    """Yield what is wrong with hashes: keys (section 2.7) and, for algorithms of the vocabulary, the digits."""
    for name, digits in hashes.items():
        if _KEY.fullmatch(name) is None or len(name) < _SHORTEST_HASH_NAME:
            yield Reason("bad-key", f"{place}.{name}"[:100])
        elif name in HASHES and (len(digits) != HASHES[name] or _HEX.fullmatch(digits) is None):
            yield Reason("bad-hash", f"{place}.{name}", digits[:130])


_SHORTEST_HASH_NAME = 3


def check_keys(dictionary: Mapping[str, Any], place: str) -> Iterator[Reason]:
    """Yield the keys that a dictionary may not have (section 2.3)."""
    for key in dictionary:
        if _KEY.fullmatch(key) is None:
            yield Reason("bad-key", f"{place}.{key}"[:100])


def check_granular(markings: tuple[GranularMarking, ...], value: Mapping[str, Any]) -> Iterator[Reason]:
    """Yield what is wrong with granular markings: either a marking or a language, of something that is there."""
    for k, one in enumerate(markings):
        place = f"granular_markings[{k}]"
        if bool(one.marking_ref) == bool(one.lang):
            yield Reason("not-together" if one.lang else "one-of", place, "marking_ref, lang")
        for selector in one.selectors:
            if not _selects(selector, value):
                yield Reason("bad-selector", f"{place}.selectors", selector[:100])


def _selects(selector: str, value: object) -> bool:
    """Return whether the selector (section 7.2.3.1) names something in the object: `a`, `a.[0]`, `a.b`, `a.[0].b`."""
    if _SELECTOR.fullmatch(selector) is None:
        return False
    for step in selector.split("."):
        if isinstance(value, list) and step.startswith("["):
            index = int(step[1:-1])
            if index >= len(value):
                return False
            value = value[index]
        elif isinstance(value, dict) and step in value:
            value = value[step]
        else:
            return False
    return True


def check_extensions(kind: str, extensions: Mapping[str, Mapping[str, Any]]) -> Iterator[Reason]:
    """Yield what is wrong with `extensions` (sections 3.10 and 7.3): keys, kinds, and the content of predefined ones.

    Keys are ids of extension definitions, predefined names, or (deprecated) custom names.
    """
    predefined = EXTENSIONS.get(kind, {})
    for name, held in extensions.items():
        place = f"extensions.{name}"[:100]
        if name in predefined:
            try:
                msgspec.convert(held, predefined[name])
            except msgspec.ValidationError as error:
                reason = of_conversion(error)
                yield Reason(reason.code, f"{place}.{reason.place}", reason.said)
        elif "--" in name:
            if type_of(name) != "extension-definition":
                yield Reason("bad-extension", place)
            elif held.get("extension_type", "property-extension") not in _EXTENSION_TYPES:
                yield Reason("bad-choice", f"{place}.extension_type", str(held["extension_type"])[:50])
        elif _KEY.fullmatch(name) is None:
            yield Reason("bad-key", place)
