"""What `noroshi share export` does: lists, CSV, MISP feeds and STIX of what a named principal may see, and no more.

The same page that the principal's own GET would give is read, so nothing else decides who may have it; then the rules
of a list (`share.outgoing`). What leaves is entered in the delivery ledger before it is written.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from noroshi.desk.explaining import pap_of
from noroshi.desk.hub import Hub, open_hub
from noroshi.errors import Fault, InputError, NotFoundError
from noroshi.files.lists_out import csv_bytes, list_bytes
from noroshi.files.misp_feed import feed_files, write_feed
from noroshi.files.saving import save_whole
from noroshi.share.markings import UNMARKED, Marking, Tlp, strictest
from noroshi.share.outgoing import FORMS, LEAVES, decided
from noroshi.share.release import Principal as Rights
from noroshi.share.release import ReleaseClass, visible
from noroshi.share.taxii import Query
from noroshi.store.peers import facts

if TYPE_CHECKING:
    from noroshi.desk.ledger import Handed
    from noroshi.settings import Settings
    from noroshi.share.outgoing import Item
    from noroshi.store.contract import Collection, Listed, Principal

__all__ = ["KINDS", "SentOut", "send_out"]

KINDS = (*FORMS, "stix")
"""Forms in which objects go out; `stix` is a bundle of every object, byte for byte."""
ROUTE = "export"
UNFLAGGED = Fault(
    "crosses-exercise", column="--form", found="a list, CSV or feed of an exercise",
    expected="stix, in which each object says that it is one", remedy="a list would block for real: take --form stix",
)  # fmt: skip
PAGE = 1000


@dataclass(frozen=True, slots=True)
class SentOut:
    """What left, or would: rows of (id, version, value, marking, rule), how many of each rule, what was written."""

    rows: tuple[dict[str, Any], ...]
    counts: dict[str, int]
    written: str | None

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {"objects": list(self.rows), "counts": self.counts, "written": self.written}


def send_out(  # noqa: PLR0913  what, where, and how
    settings: Settings, *, principal: str, collection: str, form: str, to: str | None, now: int,
    benign: Callable[[str, str], bool] | None = None,
) -> SentOut:  # fmt: skip
    """Write what a principal may see of a collection in a form of `KINDS` to `to`; None only says what would leave.

    benign: leaves out the values of which it says so. `now` in microseconds. NotFoundError for a principal, or a
    collection that it may read, that is not there; InputError for a place that cannot be written, and for a form
    that could not say that it is of an exercise.
    """
    hub = open_hub(settings)
    try:
        who, where = readable(hub, principal, collection)
        if where.exercise and form != "stix":
            raise InputError([UNFLAGGED])
        rows: list[dict[str, Any]] = []
        items: list[Item] = []
        bodies: list[bytes] = []
        given: list[Handed] = []
        for handed, row, marking in seen(hub, who, where, () if form == "stix" else ("indicator",)):
            if form == "stix":
                bodies.append(row.body)
                rows.append(told(row, marking, row.id, LEAVES))
                leaves = True
            else:
                found = decided(json.loads(row.body), marking, form, now, benign)
                items += found.items
                rows += [told(row, marking, item.value, LEAVES) for item in found.items]
                rows += [told(row, marking, value, rule) for value, rule in found.stays]
                leaves = bool(found.items)
            if leaves:
                given.append(handed._replace(rows=(row,)))
        counts = dict(sorted(Counter(row["rule"] for row in rows).items()))
        if to is None:
            return SentOut(tuple(rows), counts, None)
        files = made(form, items, bodies, where, f"{who.name} {where.uid}", now)
        enter(hub, who, given, b"".join(files.values()))
        if form == "misp":
            write_feed(to, files)
        else:
            save_whole(to, files[""], keep=False)
        return SentOut(tuple(rows), counts, to)
    finally:
        hub.store.close()


def readable(hub: Hub, principal: str, collection: str) -> tuple[Principal, Collection]:
    """Return a principal and a collection that it may read; NotFoundError where there is none."""
    found = hub.store.principal(principal)
    if found is None:
        raise NotFoundError(f"no principal {principal!r}; declare it with `noroshi admin apply`")
    for root in hub.roots(found[0]):
        for one in hub.collections(found[0], root):
            if one.uid == collection and one.can_read:
                return found[0], one
    raise NotFoundError(f"no collection {collection!r} that {principal} may read")


def seen(
    hub: Hub, who: Principal, where: Collection, types: tuple[str, ...]
) -> Iterator[tuple[Handed, Listed, Marking]]:  # fmt: skip
    """Yield the last version of every object that a principal sees, what the ledger is told, and what is asked of it.

    Of the same bytes from several sources the strictest marking counts of those that the principal sees.
    """
    rights = Rights(Tlp(who.sees) if who.sees >= 0 else None, who.communities)
    query = Query(types=types, last=True, limit=PAGE)
    while True:
        answer = hub.page(who, where, query, ROUTE)
        rows = answer.page.rows
        asked: dict[tuple[str, bytes], Marking] = {}
        sources: dict[tuple[str, bytes], int] = {}
        for fact in facts(hub.store, where.no, [row.id for row in rows]):
            released = ReleaseClass.from_key(fact.release)
            if visible(rights, released):
                key = (fact.id, fact.sha)
                asked[key] = strictest(asked.get(key, UNMARKED), Marking(released.tlp, released.communities))
                sources.setdefault(key, fact.source)
        for row in rows:
            key = (row.id, hashlib.sha256(row.body).digest())
            if key in asked:  # what has been taken away since the page was read does not leave
                yield answer.handed, row, with_pap(asked[key], hub, row, sources[key])
        if not answer.cursor:
            return
        query = replace(query, cursor=answer.cursor)


def with_pap(marking: Marking, hub: Hub, row: Listed, source: int) -> Marking:
    """Return a marking with what may be done with the object."""
    return Marking(marking.tlp, marking.communities, pap_of(hub, row, source))


def told(row: Listed, marking: Marking, value: str, rule: str) -> dict[str, Any]:
    """Return what is said of one value."""
    return {
        "id": row.id, "version": row.version, "value": value, "tlp": None if marking.tlp is None else str(marking.tlp),
        "communities": None if marking.communities is None else sorted(marking.communities),
        "pap": None if marking.pap is None else str(marking.pap), "leaves": rule == LEAVES, "rule": rule,
    }  # fmt: skip


def made(form: str, items: list[Item], bodies: list[bytes], where: Collection, key: str, now: int) -> dict[str, bytes]:  # noqa: PLR0913  what, where, and how
    """Return name -> content of what is written; "" is the name of a single file."""
    date = datetime.fromtimestamp(now / 1e6, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if form == "misp":
        return feed_files(items, where.title, key)
    if form == "csv":
        return {"": csv_bytes(items)}
    if form == "stix":
        return {"": b'{"type":"bundle","id":"bundle--' + uid_of(bodies).encode() + b'","objects":['
                + b",\n".join(bodies) + b"]}\n"}  # fmt: skip
    return {"": list_bytes(form, items, where.title, date)}


def uid_of(bodies: list[bytes]) -> str:
    """Return the UUID of a bundle, which follows from what is in it."""
    return str(uuid.UUID(bytes=hashlib.sha256(b"\n".join(bodies)).digest()[:16], version=4))


def enter(hub: Hub, who: Principal, given: list[Handed], body: bytes) -> None:
    """Enter what leaves in the delivery ledger and wait until it is there: a file cannot be called back."""
    for start in range(0, len(given), PAGE):
        some = given[start : start + PAGE]
        handed = some[0]._replace(rows=tuple(one.rows[0] for one in some))
        waiting = hub.gave(who, handed, body)
        if waiting is not None:
            waiting.result()
