"""What is pulled from a partner hub: page by page through the same checks as everything else, at its own source."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import TYPE_CHECKING

from noroshi.desk.classing import classifier
from noroshi.desk.receiving import MOST_OBJECTS, known_definitions, received
from noroshi.files.declared_peers import DEFAULT
from noroshi.share.markings import Tlp
from noroshi.share.taxii import Refused
from noroshi.store import peers as kept
from noroshi.store.contract import Status
from noroshi.store.peers import PULL, Moved, Taken
from noroshi.wire.asking import PeerFault
from noroshi.wire.taxii_client import Page, Place, fetched, pages

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from noroshi.desk.peers import Outcome, Partner
    from noroshi.desk.receiving import Received
    from noroshi.share.markings import Marking
    from noroshi.store.contract import Collection, Root

__all__ = ["pull"]

MOST_AT_ONCE = 2_000_000
"""Objects that are taken in one go; the next try goes on from there."""
MOST_STALE = 50
"""Pages in a row without anything new, of a partner that was not to begin anew."""
MOST_ASKED = 200
"""Marking definitions that are asked for by name, for one page."""


def pull(partner: Partner, outcome: Outcome, *, again: bool, said: Callable[[int], None]) -> None:
    """Take in what a partner has added since the last time, and say in `outcome` what became of it.

    Each page and the place after it are kept in one transaction. PeerFault for what the partner does wrong: then what
    came before is kept, and nothing of that page.
    """
    where = partner.place(partner.peer.into, write=True)
    there, now = partner.begun(PULL, again=again)
    anew = there is not now
    asked: set[str] = set()
    stale = 0
    for page in pages(partner.asker, partner.peer.remote, Place(now.place, now.cursor, now.seen)):
        then = page.then
        after = partner.reached(replace(now, place=then.after, cursor=then.cursor, seen=then.seen))
        taken = take(
            partner, where, explained(partner, page, asked, exercise=where[1].exercise), Moved(PULL, there, after)
        )
        there = now = replace(after, done=after.done + taken.kept, refused=after.refused + len(taken.refused))
        outcome.done += taken.kept
        outcome.echoes += taken.echoes
        outcome.refuse(taken.refused)
        said(outcome.done)
        stale = 0 if taken.fresh or anew else stale + 1
        if stale > MOST_STALE:
            raise PeerFault("repeats", f"{MOST_STALE} pages without anything new")
        if outcome.done > MOST_AT_ONCE:
            raise PeerFault("too-many", f"{MOST_AT_ONCE:,} objects")
    kept.moved(partner.hub.store, partner.peer.no, Moved(PULL, there, partner.reached(now))).result()


def explained(partner: Partner, page: Page, asked: set[str], *, exercise: bool) -> Received:
    """Return the objects of a page that can be kept, with the marking definitions that explain them.

    A definition may lie on a later page; what nobody has explained is shown to nobody, so it is asked for by name.
    """
    known = known_definitions(partner.hub.store.definitions(partner.principal.no))
    found = taken_apart(page.objects, known, partner.now, exercise=exercise)
    wanted = {ref for row in found.rows for ref in row.own.unknown} - asked
    if not wanted:
        return found
    some = sorted(wanted)[:MOST_ASKED]
    asked.update(some)
    more = fetched(partner.asker, partner.peer.remote, some)
    if not more or len(more) + len(page.objects) > MOST_OBJECTS:
        return found
    return taken_apart((*more, *page.objects), known, partner.now, exercise=exercise)


def taken_apart(objects: tuple[bytes, ...], known: Mapping[str, Marking], now: int, *, exercise: bool) -> Received:
    """Return what of objects can be kept; PeerFault where together they are no envelope."""
    try:
        return received(b'{"objects":[' + b",".join(objects) + b"]}", known, now, exercise=exercise)
    except Refused as refused:
        raise PeerFault("not-an-envelope", refused.description[:200]) from None


def take(partner: Partner, where: tuple[Root, Collection], found: Received, step: Moved) -> Taken:
    """Keep a page and its place in one transaction; return what became of it."""
    root, collection = where
    who = partner.principal.no
    default = Tlp(collection.default_tlp) if collection.default_tlp >= 0 and partner.peer.unmarked == DEFAULT else None
    status = Status(str(uuid.uuid4()), root.no, who, partner.now, found.successes, found.failures)
    failures = tuple((name, version, message) for name, version, message in found.failures)
    taken = Taken()
    sift = kept.sifting(partner.peer.no, collection.no, who, partner.policy, partner.rights,
                        step._replace(refusals=failures), taken)  # fmt: skip
    classify = classifier(default, found.definitions)
    partner.hub.store.add(collection.no, who, found.rows, status, partner.now, classify, sift).result()
    taken.refused += failures
    return taken
