"""Markings: TLP 2.0 (who may see), PAP (what may be done with it), communities (which group it is for)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from enum import IntEnum
from functools import reduce
from typing import Any

import msgspec

from noroshi.share.headers import Header

__all__ = [
    "COMMUNITIES",
    "COMMUNITY_EXTENSION",
    "TLP_1",
    "TLP_2",
    "UNMARKED",
    "Marking",
    "Pap",
    "Tlp",
    "all_of",
    "community_definition",
    "definition_marking",
    "definitions",
    "explained",
    "joined",
    "own_marking",
    "strictest",
    "tlp_definition",
]


class Tlp(IntEnum):
    """Traffic Light Protocol 2.0 (FIRST, 2022), from open to closed; no value at all is unmarked, not CLEAR."""

    CLEAR = 0
    GREEN = 1
    AMBER = 2
    AMBER_STRICT = 3
    RED = 4

    def __str__(self) -> str:
        """Return the label as FIRST writes it, without `TLP:`."""
        return self.name.replace("_", "+")

    @classmethod
    def named(cls, text: str) -> Tlp | None:
        """Return the level of `AMBER+STRICT`, `tlp:amber` or TLP 1's `white`, in any case; None for other text."""
        return _TLP_NAMES.get(text.strip().lower().removeprefix("tlp:"))


class Pap(IntEnum):
    """Permissible Actions Protocol: what may be done with it, from anything to only passive work out of sight."""

    CLEAR = 0
    GREEN = 1
    AMBER = 2
    RED = 3

    def __str__(self) -> str:
        """Return the label without `PAP:`."""
        return self.name

    @classmethod
    def named(cls, text: str) -> Pap | None:
        """Return the level of `PAP:AMBER` or the older `white`, in any case; None for other text."""
        return _PAP_NAMES.get(text.strip().lower().removeprefix("pap:"))


_TLP_NAMES = {str(level).lower(): level for level in Tlp} | {
    "white": Tlp.CLEAR, "unclear": Tlp.RED, "ex:chr": Tlp.RED, "amber_strict": Tlp.AMBER_STRICT,
}  # fmt: skip
_PAP_NAMES = {level.name.lower(): level for level in Pap} | {"white": Pap.CLEAR}


class Marking(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is asked of those who have it. tlp None: unmarked. pap None: nothing said.

    communities: it is for members of any of these; None: for everybody whom the TLP admits; empty: for nobody.
    unknown: ids of definitions that are named and not there yet; what they ask cannot be told, so it is for nobody.
    """

    tlp: Tlp | None = None
    communities: frozenset[str] | None = None
    pap: Pap | None = None
    unknown: frozenset[str] = frozenset()


UNMARKED = Marking()
"""Nothing is said: denied, unless the collection has a default."""


def strictest(a: Marking, b: Marking) -> Marking:
    """Return the least marking that is as strict as both: a join (commutative, associative, idempotent).

    Higher TLP, higher PAP, and only those communities that both admit.
    """
    if a is b or b is UNMARKED:
        return a
    if a is UNMARKED:
        return b
    return Marking(
        b.tlp if a.tlp is None else a.tlp if b.tlp is None else max(a.tlp, b.tlp),
        b.communities if a.communities is None else a.communities if b.communities is None
        else a.communities & b.communities,
        b.pap if a.pap is None else a.pap if b.pap is None else max(a.pap, b.pap),
        a.unknown | b.unknown,
    )  # fmt: skip


def explained(marking: Marking, known: Mapping[str, Marking]) -> Marking:
    """Return a marking with what is known by now put in for definitions that were not there."""
    if marking.unknown.isdisjoint(known):
        return marking
    left = Marking(marking.tlp, marking.communities, marking.pap, marking.unknown - known.keys())
    return reduce(strictest, [known[name] for name in sorted(marking.unknown & known.keys())], left)


TLP_1: dict[str, Tlp] = {
    "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9": Tlp.CLEAR,
    "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da": Tlp.GREEN,
    "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82": Tlp.AMBER,
    "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed": Tlp.RED,
}
"""The four definitions of STIX 2.0 and 2.1 (section 7.2.1.4)."""

TLP_2: dict[str, Tlp] = {
    "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487": Tlp.CLEAR,
    "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb": Tlp.GREEN,
    "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421": Tlp.AMBER,
    "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003": Tlp.AMBER_STRICT,
    "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1": Tlp.RED,
}
"""The five of the OASIS extension for TLP 2.0."""

TLP_EXTENSION = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
"""The extension by which a marking definition says its TLP 2.0 level, as `tlp_2_0`."""

_OTHERS = {"marking-definition--826578e1-40ad-459f-bc73-ede076f81f37": Tlp.AMBER_STRICT}
"""OpenCTI's own AMBER+STRICT, whose definition is a mere statement."""

_KNOWN: dict[str, Marking] = {name: Marking(level) for name, level in (TLP_1 | TLP_2 | _OTHERS).items()}

COMMUNITIES = "extension-definition--79997656-d1a6-47d9-b490-14964bb0f148"
"""The id of our extension: a marking definition says in `communities` whom its objects are for."""

_OURSELVES = "identity--6ac2ed48-06e4-4993-9bc5-5f01d25c671c"
_SINCE = "2026-11-22T00:00:00.000Z"

COMMUNITY_EXTENSION: dict[str, Any] = {
    "type": "extension-definition",
    "spec_version": "2.1",
    "id": COMMUNITIES,
    "created_by_ref": _OURSELVES,
    "created": _SINCE,
    "modified": _SINCE,
    "name": "Communities that may see",
    "description": (
        "Added to a marking-definition. `communities`: a list of at least one name of a community (a sector, a "
        "ministry's companies, a bilateral or regional channel). An object so marked is for members of any of them, "
        "within what its TLP admits; of several such markings on one object each must admit the reader."
    ),
    "schema": (
        '{"type":"object","required":["extension_type","communities"],"properties":{"extension_type":{"const":'
        '"property-extension"},"communities":{"type":"array","minItems":1,"items":{"type":"string","minLength":1}}}}'
    ),
    "version": "1.0.0",
    "extension_types": ["property-extension"],
}
"""The definition of our extension, to be sent beside markings that use it."""


def definitions(objects: Iterable[Mapping[str, Any]]) -> dict[str, Marking]:
    """Return what each marking definition among `objects` (read by `reading.check`) asks, by id.

    Where two have one id, both must be kept: a definition never changes (STIX 2.1, section 7.2.1), so a second is
    a mistake or an attempt to loosen the first. Well-known ids mean what they mean, whatever is sent under them.
    """
    found: dict[str, Marking] = {}
    for value in objects:
        name = value.get("id")
        if value.get("type") == "marking-definition" and isinstance(name, str):
            asked = _KNOWN.get(name) or definition_marking(value)
            found[name] = strictest(found[name], asked) if name in found else asked
    return found


def joined(known: Mapping[str, Marking], came: Mapping[str, Marking]) -> dict[str, Marking]:
    """Return the definitions of a source with those that came now: of one id, both are kept (see `definitions`)."""
    return {**known, **{name: strictest(known.get(name, UNMARKED), asked) for name, asked in came.items()}}


def definition_marking(value: Mapping[str, Any]) -> Marking:
    """Return what a marking definition asks, by its content.

    Read: `definition_type` tlp or pap, the TLP 2.0 extension, our communities, and OpenCTI's custom properties. A
    level that cannot be read counts as RED, an unreadable list of communities as nobody. A statement asks nothing.
    """
    asked = UNMARKED
    kind, definition = value.get("definition_type"), value.get("definition")
    for said_by, said in (
        (kind, definition),
        (value.get("x_opencti_definition_type"), value.get("x_opencti_definition")),
    ):
        scheme = said_by.lower() if isinstance(said_by, str) else ""
        if scheme.startswith(("tlp", "pap")):
            asked = strictest(asked, _level(scheme[:3], said, said_by))
    extensions = value.get("extensions")
    if isinstance(extensions, dict):
        if TLP_EXTENSION in extensions:
            held = extensions[TLP_EXTENSION]
            asked = strictest(asked, _level("tlp", held.get("tlp_2_0") if isinstance(held, dict) else None, None))
        if COMMUNITIES in extensions:
            asked = strictest(asked, Marking(communities=_communities(extensions[COMMUNITIES])))
    return asked


def _level(scheme: str, said: object, said_by: object) -> Marking:
    """Return the marking of a level, RED if it cannot be read.

    What is `said` is text, or an object of one pair as misp-stix writes it: {"PAP": "AMBER"}.
    """
    if isinstance(said, dict) and len(said) == 1:
        (said,) = said.values()
    texts = [text for text in (said, said_by) if isinstance(text, str)]
    if scheme == "tlp":
        levels = [level for text in texts if (level := Tlp.named(text)) is not None]
        return Marking(max(levels, default=Tlp.RED))
    actions = [action for text in texts if (action := Pap.named(text)) is not None]
    return Marking(pap=max(actions, default=Pap.RED))


def _communities(held: object) -> frozenset[str]:
    """Return the communities that our extension names; none, so that nobody is admitted, if it cannot be read."""
    names = held.get("communities") if isinstance(held, dict) else None
    if not isinstance(names, list) or not all(isinstance(name, str) and name for name in names):
        return frozenset()
    return frozenset(names)


def own_marking(header: Header, known: Mapping[str, Marking]) -> Marking:
    """Return what an object's own markings ask, with the references that nothing is known of.

    `known` are the definitions that came with it or that its source sent before (`definitions`); never another
    source's. Read: object markings, granular markings (the whole object takes the strictest) and labels tlp:… and
    PAP:….
    """
    asked = UNMARKED
    for ref in header.markings + header.granular:
        one = _KNOWN.get(ref) or known.get(ref)
        asked = strictest(asked, Marking(unknown=frozenset((ref,))) if one is None else one)
    for tag in header.tags:
        asked = strictest(asked, _level(tag[:3], tag, None))
    return asked


def tlp_definition(level: Tlp) -> str:
    """Return the id of the TLP 2.0 marking definition of a level."""
    return next(name for name, one in TLP_2.items() if one is level)


def community_definition(communities: Iterable[str]) -> dict[str, Any]:
    """Return the marking definition "for members of any of `communities`"; its id follows from their names.

    ValueError without a name. The id is a UUIDv5 (RFC 4122, section 4.3) in the namespace of our extension.
    """
    names = sorted(set(communities))
    if not names or not all(names):
        raise ValueError("a community marking names at least one community")
    space = bytes.fromhex(COMMUNITIES.partition("--")[2].replace("-", ""))
    digest = bytearray(hashlib.sha1(space + "\n".join(names).encode(), usedforsecurity=False).digest()[:16])
    digest[6], digest[8] = digest[6] & 0x0F | 0x50, digest[8] & 0x3F | 0x80
    text = digest.hex()
    uuid = "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))
    return {
        "type": "marking-definition",
        "spec_version": "2.1",
        "id": f"marking-definition--{uuid}",
        "created_by_ref": _OURSELVES,
        "created": _SINCE,
        "name": "For " + ", ".join(names),
        "extensions": {COMMUNITIES: {"extension_type": "property-extension", "communities": names}},
    }


def all_of(markings: Iterable[Marking]) -> Marking:
    """Return the least marking that is as strict as each; UNMARKED of none."""
    return reduce(strictest, markings, UNMARKED)
