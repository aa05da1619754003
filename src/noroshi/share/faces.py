"""What people know an object by: its name or value, and the words by which it is found."""

from __future__ import annotations

import unicodedata
from typing import Any

import msgspec

from noroshi.share.matching.values import refanged
from noroshi.share.outgoing import values_of

__all__ = ["Face", "face_of", "searched", "terms"]

TEXTS = (
    "name", "value", "pattern", "abstract", "description", "path", "key", "subject", "opinion", "relationship_type",
    "cpe", "vendor", "account_login", "user_id", "display_name", "command_line", "content", "id", "type",
)  # fmt: skip
"""Properties (STIX 2.1) in which people look for words."""
NAMES = ("name", "value", "abstract", "path", "key", "subject", "display_name", "user_id", "command_line", "number")
"""Properties by which an object is called, the first there is."""
LONGEST = 200
MOST_VALUES = 3


class Face(msgspec.Struct, frozen=True):
    """What an object is called, and what stands beside that: the values that it names, or its kind."""

    title: str
    values: tuple[str, ...] = ()


def face_of(value: dict[str, Any]) -> Face:
    """Return what an object is called; its id where it has no name of any kind."""
    found = next((str(value[key]) for key in NAMES if value.get(key) not in (None, "")), "")
    if value.get("type") == "indicator":
        values = tuple(text for _, text in values_of(value)) or (str(value.get("pattern", "")),)
        shown = tuple(one[:LONGEST] for one in values[:MOST_VALUES]) + (("…",) if len(values) > MOST_VALUES else ())
        return Face((found or shown[0])[:LONGEST], tuple(one for one in shown if one != found))
    hashes = value.get("hashes")
    more = tuple(map(str, hashes.values()))[:1] if isinstance(hashes, dict) else ()
    title = found or next(iter(more), "") or str(value.get("relationship_type") or value.get("opinion") or "")
    return Face((title or str(value.get("id", "")))[:LONGEST], tuple(one for one in more if one != title))


def searched(value: dict[str, Any]) -> str:
    """Return all that people may look for in an object, as `terms` writes words."""
    parts = [value[key] for key in TEXTS if isinstance(value.get(key), str)]
    parts += [one for one in value.get("aliases") or () if isinstance(one, str)]
    hashes = value.get("hashes")
    parts += [one for one in hashes.values() if isinstance(one, str)] if isinstance(hashes, dict) else []
    for one in value.get("external_references") or ():
        if isinstance(one, dict) and isinstance(one.get("external_id"), str):
            parts.append(one["external_id"])
    return plain("\n".join(parts))


def terms(text: str) -> tuple[str, ...]:
    """Return the words that somebody looks for, of which an object must have all; `evil[.]example` is undone."""
    return tuple(dict.fromkeys(plain(refanged(word)) for word in text.split()))


def plain(text: str) -> str:
    """Return a text for comparing: width and case make no difference (Unicode NFKC)."""
    return (text if text.isascii() else unicodedata.normalize("NFKC", text)).casefold()
