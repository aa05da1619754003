"""A warning as STIX 2.1: a note, since a report or grouping would pass its marking on to what it is about.

The note refers to the hub's own identity, which is marked CLEAR, so that a RED warning hides nothing else. What the
warning says stands in an extension, with its signature; `content` is the same for who does not know the extension.
"""

from __future__ import annotations

import hashlib
from typing import Any

import msgspec

from noroshi.share.contacts import LABEL
from noroshi.share.markings import COMMUNITIES, Tlp, community_definition, tlp_definition
from noroshi.share.warnings import Signed
from noroshi.share.warnings_words import EXERCISE, message

__all__ = ["EXTENSION", "note_id", "stix_objects"]

EXTENSION = "extension-definition--5a3c0c0e-6d0b-4a55-8f0e-6c1b6b0f2d11"
"""The id of our extension of a note: what a warning says, and its signature."""
SINCE = "2026-11-22T00:00:00.000Z"
SCHEMA = (
    '{"type":"object","required":["extension_type","said","key","signature"],"properties":{"extension_type":{"const":'
    '"property-extension"},"said":{"type":"object"},"key":{"type":"string"},"signature":{"type":"string"}}}'
)


def note_id(warning: str) -> str:
    """Return the id of the note that carries a warning."""
    return f"note--{warning}"


def stix_objects(signed: Signed, created: str) -> tuple[dict[str, Any], ...]:
    """Return a version of a warning with all that a reader needs beside it. created: when version 1 was written."""
    said = signed.said
    hub = identity(signed.key)
    marks = [tlp_definition(Tlp.named(said.tlp) or Tlp.RED)]
    definitions = []
    if said.communities is not None:
        definitions.append(community_definition(said.communities))
        marks.append(definitions[0]["id"])
    told = message(signed, "")
    drill = f"{EXERCISE[0]}: " if said.exercise else ""
    note = {
        "type": "note", "spec_version": "2.1", "id": note_id(said.warning), "created_by_ref": hub["id"],
        "created": created, "modified": said.at, "revoked": said.kind == "retraction", "lang": "en",
        "abstract": f"{drill}{said.title.en} / {said.title.ja}", "content": told.text, "authors": [said.by],
        "object_refs": [hub["id"]], "object_marking_refs": marks,
        **({"labels": [LABEL]} if said.exercise else {}), "extensions": {EXTENSION: {
            "extension_type": "property-extension", "said": msgspec.to_builtins(said), "key": signed.key,
            "signature": signed.signature,
        }},
    }  # fmt: skip
    return (*definitions, definition(hub["id"]), hub, note)


def identity(key: str) -> dict[str, Any]:
    """Return the identity of the hub that signs with a key: its id follows from the key (as a UUIDv5)."""
    space = bytes.fromhex(COMMUNITIES.partition("--")[2].replace("-", ""))
    digest = bytearray(hashlib.sha1(space + bytes.fromhex(key), usedforsecurity=False).digest()[:16])
    digest[6], digest[8] = digest[6] & 0x0F | 0x50, digest[8] & 0x3F | 0x80
    text = digest.hex()
    uuid = "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
    return {
        "type": "identity", "spec_version": "2.1", "id": f"identity--{uuid}", "created": SINCE, "modified": SINCE,
        "name": f"Noroshi hub {hashlib.sha256(bytes.fromhex(key)).hexdigest()[:16]}", "identity_class": "system",
        "object_marking_refs": [tlp_definition(Tlp.CLEAR)],
    }  # fmt: skip


def definition(by: str) -> dict[str, Any]:
    """Return the definition of our extension."""
    return {
        "type": "extension-definition", "spec_version": "2.1", "id": EXTENSION, "created_by_ref": by,
        "created": SINCE, "modified": SINCE, "name": "Warning",
        "description": "Added to a note: a warning in English and Japanese, its version, and its Ed25519 signature.",
        "schema": SCHEMA, "version": "1.0.0", "extension_types": ["property-extension"],
        "object_marking_refs": [tlp_definition(Tlp.CLEAR)],
    }  # fmt: skip
