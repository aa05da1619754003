"""Threats from a STIX 2.0 or 2.1 bundle: a group or campaign and the ATT&CK techniques that it uses."""

from __future__ import annotations

import gzip
import re
import zlib
from pathlib import Path

import msgspec

from noroshi.errors import Fault, InputError, NotFoundError
from noroshi.files.nearest import did_you_mean, name_key
from noroshi.files.sector_words import sectors_of
from noroshi.stress.threat import DEFAULT_EFFECTS, Threat, effects_of

__all__ = ["stix_threat"]

LARGEST_BYTES = 400_000_000
GZIP = b"\x1f\x8b"
ACTORS = ("intrusion-set", "campaign", "threat-actor")
TECHNIQUE = re.compile(r"T\d{4}(\.\d{3})?")
PLACE = re.compile(r"at `(.+?)`")
SHOWN = 8


class Reference(msgspec.Struct, frozen=True):
    """An external reference; only its id is used."""

    external_id: str = ""


class StixObject(msgspec.Struct, frozen=True):
    """Any object of a bundle; only what we use."""

    type: str
    id: str = ""
    name: str = ""
    aliases: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    revoked: bool = False
    deprecated: bool = msgspec.field(default=False, name="x_mitre_deprecated")
    relationship_type: str = ""
    source_ref: str = ""
    target_ref: str = ""
    external_references: tuple[Reference, ...] = ()


class Bundle(msgspec.Struct, frozen=True):
    """A bundle."""

    type: str
    objects: tuple[StixObject, ...] = ()


def stix_threat(path: Path, name: str = "") -> Threat:
    """Return the group or campaign called `name` (name, alias or external id) of the bundle at `path`.

    Without a name the bundle's only one. What is revoked or deprecated counts as absent. A group also uses what the
    campaigns attributed to it use. Raises InputError (missing-file, bad-json, bad-threat with the place, too-many) for
    a file that is no such bundle or holds several groups when none is named, NotFoundError for a name it does not have.
    """
    objects = {one.id: one for one in read_bundle(path).objects if not (one.revoked or one.deprecated)}
    actors = [one for one in objects.values() if one.type in ACTORS and one.name]
    actor = choose(path, actors, name)
    links = [one for one in objects.values() if one.type == "relationship"]
    own = [x.source_ref for x in links if x.relationship_type == "attributed-to" and x.target_ref == actor.id]
    acting = {actor.id, *(one for one in own if one in objects)}
    said = [x for x in links if x.source_ref in acting and x.target_ref in objects]
    reached = [(x.relationship_type, objects[x.target_ref]) for x in said]
    ids = {outer_id(one) for kind, one in reached if kind == "uses" and one.type == "attack-pattern"}
    techniques = tuple(sorted(one for one in ids if TECHNIQUE.fullmatch(one)))
    targets = [sector for kind, one in reached if kind == "targets" for sector in one.sectors]
    effects = effects_of(techniques)
    return Threat(
        id=outer_id(actor) or actor.id,
        name=actor.name,
        aliases=tuple(alias for alias in actor.aliases if alias != actor.name),
        source=f"STIX bundle {path.name}",
        techniques=techniques,
        sectors=sectors_of(targets),
        effects=effects or DEFAULT_EFFECTS,
        assumed_effects=not effects,
    )


def choose(path: Path, actors: list[StixObject], name: str) -> StixObject:
    """Return the actor that is meant."""
    if not actors:
        raise refuse(path, "bad-threat", "no group or campaign", "an intrusion-set or campaign that is not revoked",
                     "give another bundle")  # fmt: skip
    if name:
        key = name_key(name)
        for called in (lambda one: (one.name, outer_id(one), one.id), lambda one: one.aliases):
            for one in actors:
                if key in {name_key(text) for text in called(one) if text}:
                    return one
        known = [text for one in actors for text in (one.name, *one.aliases, outer_id(one)) if text]
        raise NotFoundError(f"{path} has no group or campaign {name!r}{did_you_mean(name, known)}")
    if len(actors) > 1:
        some = ", ".join(one.name for one in actors[:SHOWN])
        raise refuse(path, "bad-threat", f"{len(actors)} groups and campaigns", f"{path.name}#NAME, as {some} …",
                     f"add # and a name: {path}#{outer_id(actors[0]) or actors[0].name}")  # fmt: skip
    return actors[0]


def outer_id(one: StixObject) -> str:
    """Return the id by which others know the object, such as G0032 or T1486; empty if it has none."""
    return one.external_references[0].external_id if one.external_references else ""


def read_bundle(path: Path) -> Bundle:
    """Return the bundle at `path`, plain or compressed with gzip."""
    try:
        with path.open("rb") as file:
            packed = file.read(2) == GZIP
        with gzip.open(path) if packed else path.open("rb") as stream:
            data = stream.read(LARGEST_BYTES + 1)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise refuse(path, "bad-threat", str(error), "a whole gzip file", "fetch the file again") from None
    except OSError as error:
        said = error.strerror or ""
        raise refuse(path, "missing-file", said, "a STIX bundle that can be read", "correct the path") from None
    if len(data) > LARGEST_BYTES:
        raise refuse(path, "too-many", f"more than {LARGEST_BYTES:,} bytes", f"at most {LARGEST_BYTES:,} bytes",
                     "give a smaller bundle")  # fmt: skip
    try:
        bundle = msgspec.json.decode(data, type=Bundle)
    except msgspec.ValidationError as error:
        place = PLACE.search(str(error))
        raise refuse(path, "bad-threat", str(error), "a STIX bundle", "correct the object that is named",
                     place[1] if place else "") from None  # fmt: skip
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise refuse(path, "bad-json", str(error), "a STIX bundle in JSON", "correct the file") from None
    if bundle.type != "bundle":
        said = f"type {bundle.type!r}"
        raise refuse(path, "bad-threat", said, 'an object of type "bundle"', "give a STIX bundle", "$.type")
    return bundle


def refuse(path: Path, code: str, found: str, expected: str, remedy: str, place: str = "") -> InputError:  # noqa: PLR0913  as many facets as a fault has
    """Return the error of one fault in the file."""
    return InputError([Fault(code, "error", str(path), None, place, found, expected, remedy)])
