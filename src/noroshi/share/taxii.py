"""The rules of TAXII 2.1 that need no store: media types, parameters, timestamps, what an answer holds.

OASIS TAXII Version 2.1 (10 June 2021): media types 1.6.8, filters 3.4, pagination 3.4, error messages 3.6.1.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from noroshi.share.instants import instant
from noroshi.share.instants import micros as timestamp

__all__ = [
    "IDENTIFIER", "MEDIA_TYPE", "STIX_MEDIA_TYPE", "Query", "Refused", "acceptable", "content_type_ok", "micros",
    "parse_query", "timestamp",
]  # fmt: skip

MEDIA_TYPE = "application/taxii+json;version=2.1"
STIX_MEDIA_TYPE = "application/stix+json;version={}"
IDENTIFIER = re.compile(
    r"[a-z0-9][a-z0-9-]{1,248}--[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\Z", re.ASCII
)
TYPE = re.compile(r"[a-z0-9-]{1,250}\Z", re.ASCII)
SPECS = ("2.0", "2.1")
WORDS = ("last", "first", "all")
MOST_VALUES = 500
"""Values of one filter: more is a fault of the client, and would be one of the database."""
PARAMETERS = ("added_after", "limit", "next", "match[id]", "match[type]", "match[version]", "match[spec_version]")


class Refused(Exception):  # noqa: N818  an answer, not an error of ours
    """What cannot be answered as asked: the HTTP status, a title and more words."""

    def __init__(self, status: int, title: str, description: str = "") -> None:
        """Take the status and what is said with it."""
        super().__init__(title)
        self.status, self.title, self.description = status, title, description


@dataclass(frozen=True, slots=True)
class Query:
    """What a request for objects, a manifest or versions asks for.

    Values of one field are alternatives, fields must all hold. versions: timestamps in microseconds, or the words
    "first", "last", "all"; the default is the last alone. added_after in microseconds, exclusive; limit: 0 = not given.
    """

    ids: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    versions: tuple[int, ...] = ()
    first: bool = False
    last: bool = True
    every: bool = False
    specs: tuple[str, ...] = ()
    added_after: int = 0
    limit: int = 0
    cursor: str = ""


def acceptable(accept: str | None) -> bool:
    """Say whether an Accept header takes TAXII 2.1 JSON: named with this version or none, by a wildcard, or not given.

    A quality of 0 excludes what it stands with (RFC 9110, 12.4.2).
    """
    if accept is None or not accept.strip():
        return True
    best = 0.0
    closeness = -1
    for part in accept.split(","):
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        given = dict(piece.split("=", 1) for piece in parameters if "=" in piece)
        version = given.get("version", "").strip('"')
        rank = {"application/taxii+json": 2, "application/*": 1, "*/*": 0}.get(name, -1)
        if rank < 0 or (rank == 2 and version not in ("", "2.1")):  # noqa: PLR2004  the nearest of the three
            continue
        try:
            quality = float(given.get("q", "1"))
        except ValueError:
            quality = 0.0
        if rank > closeness or (rank == closeness and quality > best):
            closeness, best = rank, quality
    return best > 0.0


def content_type_ok(content_type: str | None) -> bool:
    """Say whether a body is TAXII 2.1 JSON by its Content-Type; the version may be left out."""
    if not content_type:
        return False
    name, *parameters = (piece.strip().lower() for piece in content_type.split(";"))
    given = dict(piece.split("=", 1) for piece in parameters if "=" in piece)
    return name == "application/taxii+json" and given.get("version", "2.1").strip('"') == "2.1"


def micros(text: str) -> int:
    """Return microseconds since 1970 of an RFC 3339 timestamp in UTC; what is finer is cut. ValueError."""
    found = instant(text)
    if found is None:
        raise ValueError("expected a timestamp such as 2026-11-22T10:00:00.000000Z")
    return found[0]


def parse_query(pairs: Sequence[tuple[str, str]], allowed: Sequence[str] = PARAMETERS) -> Query:
    """Return what the parameters ask for; Refused 400 for what is unknown, twice there, or no valid value.

    `pairs` as decoded from the query string; `allowed`: the parameters that this resource has.
    """
    given: dict[str, str] = {}
    for name, value in pairs:
        if name not in allowed:
            raise Refused(400, "Unknown parameter", f"this resource has {', '.join(allowed) or 'no parameters'}")
        if name in given:
            raise Refused(400, "Parameter given twice", f"{name}: give its values once, separated by commas")
        given[name] = value
    versions = listed(given, "match[version]")
    return Query(
        ids=checked(listed(given, "match[id]"), IDENTIFIER, "match[id]"),
        types=checked(listed(given, "match[type]"), TYPE, "match[type]"),
        versions=tuple(stamp(one, "match[version]") for one in versions if one not in WORDS),
        first="first" in versions, last=not versions or "last" in versions, every="all" in versions,
        specs=one_of(listed(given, "match[spec_version]"), SPECS, "match[spec_version]"),
        added_after=stamp(given["added_after"], "added_after") if "added_after" in given else 0,
        limit=positive(given["limit"]) if "limit" in given else 0,
        cursor=given.get("next", ""),
    )  # fmt: skip


def listed(given: Mapping[str, str], name: str) -> tuple[str, ...]:
    """Return the values of a filter, each once; Refused for an empty one or too many."""
    if name not in given:
        return ()
    values = tuple(dict.fromkeys(given[name].split(",")))
    if not all(values):
        raise Refused(400, "Empty value", f"{name}: values separated by commas, none of them empty")
    if len(values) > MOST_VALUES:
        raise Refused(400, "Too many values", f"{name}: at most {MOST_VALUES}")
    return values


def checked(values: tuple[str, ...], pattern: re.Pattern[str], name: str) -> tuple[str, ...]:
    """Return values that all have a form; Refused otherwise."""
    for value in values:
        if not pattern.match(value):
            raise Refused(400, "Invalid value", f"{name}: not of the form that STIX gives it")
    return values


def one_of(values: tuple[str, ...], known: tuple[str, ...], name: str) -> tuple[str, ...]:
    """Return values that are all known; Refused otherwise."""
    for value in values:
        if value not in known:
            raise Refused(400, "Invalid value", f"{name}: one of {', '.join(known)}")
    return values


def stamp(value: str, name: str) -> int:
    """Return a timestamp in microseconds; Refused for anything else."""
    try:
        return micros(value)
    except ValueError as error:
        raise Refused(400, "Invalid timestamp", f"{name}: {error}") from None


def positive(value: str) -> int:
    """Return a whole number above 0; Refused for anything else."""
    if not (value.isascii() and value.isdigit()) or len(value) > 9 or int(value) == 0:  # noqa: PLR2004  under a billion
        raise Refused(400, "Invalid value", "limit: a whole number of 1 or more")
    return int(value)
