"""A TAXII 2.1 client that trusts nobody: pages that move forward or end in a named fault, envelopes sent to their end.

OASIS TAXII 2.1: envelopes 3.7, pagination and the headers of dates 3.4, status 4.3, objects 5.4 and 5.5.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypeVar

import msgspec

from noroshi.share.contacts import crosses
from noroshi.share.reading import split
from noroshi.share.reasons import Reason
from noroshi.share.taxii import MEDIA_TYPE, content_type_ok, micros
from noroshi.wire.asking import OK, Asker, PeerFault, Reply, Request, checked

__all__ = ["LONGEST_BODY", "Page", "Place", "Sent", "authorization", "fetched", "longest_envelope", "pages", "send"]

LONGEST_BODY = 64 * 1024 * 1024
"""The longest answer, in bytes unpacked; a page that is longer is asked for in smaller ones."""
LONGEST_SENT = 8 * 1024 * 1024
LONGEST_WORD = 1024 * 1024
"""The longest answer that holds no objects."""
OBJECTS = 500
"""Objects of a page, as asked for."""
LONGEST_STATUS = 8 * LONGEST_WORD
MOST_OBJECTS = 10_000
AHEAD_US = 86_400_000_000
"""How far the other hub's clock may be ahead of ours."""
ACCEPTED = 202
GONE = frozenset({400, 404, 410, 422})
"""What is said of a cursor that is no longer good."""
STATUS_TRIES = 40
IDS = 50
Shape = TypeVar("Shape")


class Place(NamedTuple):
    """How far a collection was read: after which date added, the cursor within that, the last date that was seen.

    Dates as the other hub wrote them; "" at the beginning.
    """

    after: str = ""
    cursor: str = ""
    seen: str = ""


class Page(NamedTuple):
    """Objects as they were sent, and the place to store once all of them are taken in."""

    objects: tuple[bytes, ...]
    then: Place


class Beside(msgspec.Struct):
    """What stands beside the objects of an envelope."""

    more: bool = False
    next: str = ""


class Entry(msgspec.Struct):
    """What became of one object."""

    id: str
    version: str = ""
    message: str = ""


class Told(msgspec.Struct):
    """A status, as far as it is read."""

    id: str
    status: str
    total_count: int
    success_count: int
    failure_count: int
    pending_count: int
    failures: list[Entry] = []


class Sent(NamedTuple):
    """What became of an envelope: how many were taken in, and the others as (id, version, message)."""

    taken: int
    failures: tuple[tuple[str, str, str], ...]


class Root(msgspec.Struct):
    """What is read of an API root."""

    max_content_length: int = LONGEST_SENT


def authorization(username: str, password: str, token: str) -> dict[str, str]:
    """Return the header that says who asks: a token, else a name and a password."""
    if token:
        return {"Authorization": f"Bearer {token}", "Accept": MEDIA_TYPE}
    pair = base64.b64encode(f"{username}:{password}".encode()).decode()
    return {"Authorization": f"Basic {pair}", "Accept": MEDIA_TYPE}


def pages(asker: Asker, collection: str, place: Place, *, longest: int = LONGEST_BODY) -> Iterator[Page]:
    """Yield the pages of a collection after a place, all versions, until there is no more.

    Every page that is yielded lies after the one before. PeerFault for anything else: a page that comes again, dates
    that are missing, go backwards or lie in the future, more without anything, a body that is too long.
    """
    limit, before, fresh = OBJECTS, b"", True
    while True:
        params = {"limit": str(limit), "match[version]": "all"}
        params |= {name: value for name, value in (("added_after", place.after), ("next", place.cursor)) if value}
        try:
            reply = asker.ask(Request("GET", f"collections/{collection}/objects/", longest, params))
        except PeerFault as fault:
            if fault.code != "too-large" or limit == 1:
                raise
            limit = max(1, limit // 8)
            continue
        if place.cursor and fresh and reply.status in GONE:
            # a cursor that has ended: from the last date that is sure, which gives again what is there already
            place, fresh = Place(place.after, "", ""), False
            continue
        objects, beside = envelope(checked(reply, OK))
        fresh = False
        if not objects:
            if beside.more:
                raise PeerFault("endless")
            return
        digest = hashlib.sha256(reply.body).digest()
        if digest == before:
            raise PeerFault("repeats")
        before = digest
        last = dated(reply, place, asker.timing.wall())
        if beside.more:
            place = Place(place.after, beside.next, last) if beside.next else Place(last, "", last)
        else:
            place = Place(last, "", last)
        yield Page(objects, place)
        if not beside.more:
            return


def envelope(reply: Reply) -> tuple[tuple[bytes, ...], Beside]:
    """Return the objects of an answer and what stands beside them; PeerFault where it is no envelope."""
    if not content_type_ok(reply.headers.get("content-type")):
        raise PeerFault("wrong-type", str(reply.headers.get("content-type"))[:100])
    parcel = split(reply.body, MOST_OBJECTS)
    if isinstance(parcel, Reason):
        raise PeerFault("not-an-envelope", parcel.line()[:200])
    try:
        return parcel.objects, msgspec.convert(parcel.beside, Beside)
    except msgspec.ValidationError as error:
        raise PeerFault("not-an-envelope", str(error)[:200]) from None


def dated(reply: Reply, place: Place, now: float) -> str:
    """Return the date added of the last object of a page; PeerFault where the dates do not move forward."""
    texts = [reply.headers.get(f"x-taxii-date-added-{which}", "") for which in ("first", "last")]
    try:
        first, last = (micros(text) for text in texts)
    except ValueError:
        raise PeerFault("no-dates", " ".join(texts)[:100]) from None
    known = [micros(text) for text in (place.after, place.seen) if text]
    if first > last or any(first < one for one in known):
        raise PeerFault("backwards", f"{texts[0]} after {place.seen or place.after or texts[1]}")
    if last > now * 1e6 + AHEAD_US:
        raise PeerFault("in-future", texts[1])
    return texts[1]


def fetched(asker: Asker, collection: str, ids: Sequence[str], *, longest: int = LONGEST_BODY) -> tuple[bytes, ...]:
    """Return all versions of some objects that the other hub tells of; PeerFault."""
    found: list[bytes] = []
    for start in range(0, len(ids), IDS):
        params = {"match[id]": ",".join(ids[start : start + IDS]), "match[version]": "all"}
        reply = asker.ask(Request("GET", f"collections/{collection}/objects/", longest, params))
        found += envelope(checked(reply, OK))[0]
    return tuple(found)


def longest_envelope(asker: Asker) -> int:
    """Return how many bytes an envelope may have at the other hub, and at most as many as we send; PeerFault."""
    root = decoded(checked(asker.ask(Request("GET", "", LONGEST_WORD)), OK), Root, "wrong-type")
    return max(1, min(root.max_content_length, LONGEST_SENT))


def send(asker: Asker, collection: str, objects: Sequence[bytes], *, exercise: bool) -> Sent:
    """Send an envelope and wait until the other hub is done with it; PeerFault.

    It may be sent again where the answer was lost, so that the other hub must take a version twice for one, as TAXII
    hubs do. exercise: whether what is sent is of an exercise: then all of it must be, and else nothing.
    """
    if any(crosses(msgspec.json.decode(one), exercise=exercise) for one in objects):
        raise PeerFault("crosses-exercise")
    body = b'{"objects":[' + b",".join(objects) + b"]}"
    path = f"collections/{collection}/objects/"
    reply = asker.ask(Request("POST", path, LONGEST_STATUS, body=body, content_type=MEDIA_TYPE))
    told = decoded(checked(reply, ACCEPTED, OK), Told, "bad-status")
    for _ in range(STATUS_TRIES):
        if told.status == "complete":
            break
        asker.timing.sleep(asker.timing.patience.first)
        path = f"status/{plain_id(told.id)}/"
        told = decoded(checked(asker.ask(Request("GET", path, LONGEST_STATUS)), OK), Told, "bad-status")
    else:
        raise PeerFault("pending", told.id[:100])
    if told.success_count + told.failure_count != told.total_count or told.total_count > len(objects):
        raise PeerFault("bad-status", "its counts do not add up")
    failures = [(one.id[:300], one.version[:40], one.message[:300]) for one in told.failures[: len(objects)]]
    failures += [("", "", "refused without a word")] * (told.failure_count - len(failures))
    return Sent(told.success_count, tuple(failures))


def plain_id(text: str) -> str:
    """Return the id of a status as it may stand in a path; PeerFault for one that leads elsewhere."""
    if not text or len(text) > 100 or not all(one.isalnum() or one in "-_" for one in text):  # noqa: PLR2004  a UUID is 36
        raise PeerFault("bad-status", "its id")
    return text


def decoded(reply: Reply, kind: type[Shape], fault: str) -> Shape:
    """Return the body of an answer as a shape; PeerFault of a code where it is none."""
    if not content_type_ok(reply.headers.get("content-type")):
        raise PeerFault("wrong-type", str(reply.headers.get("content-type"))[:100])
    try:
        return msgspec.json.decode(reply.body, type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise PeerFault(fault, str(error)[:200]) from None
