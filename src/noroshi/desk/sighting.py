"""What somebody says of an object: seen here, so often, or a false positive; kept as STIX like any other object."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import msgspec

from noroshi.share.contacts import LABEL
from noroshi.share.markings import community_definition, tlp_definition
from noroshi.share.taxii import Refused, timestamp

if TYPE_CHECKING:
    from noroshi.desk.hub import Hub
    from noroshi.desk.searching import Hit
    from noroshi.store.contract import Principal

__all__ = ["SIGHTABLE", "disputed", "seen_here"]

SIGHTABLE = frozenset({
    "attack-pattern", "campaign", "indicator", "infrastructure", "intrusion-set", "malware", "threat-actor", "tool",
    "vulnerability",
})  # fmt: skip
"""Types of which one says that they were seen here."""
MOST, LONGEST = 999_999_999, 2000


def seen_here(  # noqa: PLR0913  who, of what, how often, from when to when
    hub: Hub, asker: Principal, one: Hit, count: int, span: tuple[int, int], now: int
) -> str:
    """Keep a sighting (STIX 2.1, section 5.2) beside an object, marked as that; return its id.

    span: first and last seen, in microseconds, as `now`. Refused 403, and 422 for what cannot be.
    """
    first, last = span
    if not 1 <= count <= MOST:
        raise Refused(422, "Unprocessable", f"a count of 1 to {MOST:,}")
    if not first <= last <= now:
        raise Refused(422, "Unprocessable", "first seen before last seen, and neither in the future")
    times = {"first_seen": timestamp(first), "last_seen": timestamp(last)}
    more = {"sighting_of_ref": one.row.id, "count": count, **times}
    return kept(hub, asker, one, "sighting", more, now)


def disputed(hub: Hub, asker: Principal, one: Hit, why: str, now: int) -> str:
    """Keep that an object is a false positive: an opinion (section 4.16) beside it, marked as that; return its id."""
    if len(why) > LONGEST:
        raise Refused(422, "Unprocessable", f"a reason of at most {LONGEST:,} characters")
    more = {"opinion": "strongly-disagree", **({"explanation": why} if why else {}), "object_refs": [one.row.id]}
    return kept(hub, asker, one, "opinion", {**more, "labels": ["false-positive"]}, now)


def kept(  # noqa: PLR0913  who, of what, what, and when
    hub: Hub, asker: Principal, one: Hit, kind: str, more: dict[str, Any], now: int
) -> str:
    """Put an object about another beside it, through the door that all take; Refused 409 where it is not taken."""
    marks = [tlp_definition(one.tlp)]
    beside: list[dict[str, Any]] = []
    if one.communities is not None:
        beside.append(community_definition(one.communities))
        marks.append(beside[0]["id"])
    labels = [*more.pop("labels", ()), *([LABEL] if one.where.exercise else [])]
    made = {
        "type": kind, "spec_version": "2.1", "id": f"{kind}--{uuid.uuid4()}", "created": timestamp(now),
        "modified": timestamp(now), **more, **({"labels": labels} if labels else {}), "object_marking_refs": marks,
    }  # fmt: skip
    done = hub.send(asker, one.root, one.where, msgspec.json.encode({"objects": [*beside, made]}), now)
    done.kept.result()
    if done.status.failures:
        raise Refused(409, "Conflict", "; ".join(message for _, _, message in done.status.failures))
    return str(made["id"])
