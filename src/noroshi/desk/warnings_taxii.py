"""Warnings over TAXII: posted to a collection like any object, and counted as delivered when the ledger says so."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from noroshi.share.chain import CHAINS, within
from noroshi.share.entries import Given, read_entry
from noroshi.share.taxii import Refused
from noroshi.share.warnings import Why
from noroshi.share.warnings_stix import note_id, stix_objects
from noroshi.store import people
from noroshi.store import warnings as kept
from noroshi.store.journal_reading import entries, named, rows_of

if TYPE_CHECKING:
    from noroshi.desk.hub import Hub
    from noroshi.store.contract import Collection, Connection, Principal, Root
    from noroshi.store.warnings import Kept

__all__ = ["collected", "place", "post", "readers"]

NOWHERE = Refused(404, "Not found", "there is no such collection, or you may not write to it")


def place(hub: Hub, asker: Principal, uid: str) -> tuple[Root, Collection]:
    """Return a collection that one may write to; Refused 404."""
    for root in hub.roots(asker):
        for one in hub.collections(asker, root):
            if one.uid == uid and one.can_write:
                return root, one
    raise NOWHERE


def readers(hub: Hub, uid: str) -> set[str]:
    """Return the names of those who may read a collection."""
    return {one.principal for one in people.grants(hub.store) if one.uid == uid and one.read}


def post(hub: Hub, asker: Principal, there: Kept, where: tuple[Root, Collection]) -> None:
    """Put the last version of a warning into a collection, as its writer; Refused where it is not taken.

    To post it again changes nothing: the same version has the same bytes.
    """
    import msgspec

    first = kept.versions(hub.store, there.no)[0]
    body = msgspec.json.encode({"objects": stix_objects(there.last, first.said.at)})
    done = hub.send(asker, *where, body, time.time_ns() // 1000)
    done.kept.result()
    if done.status.failures:
        raise Refused(409, "Conflict", "; ".join(message for _, _, message in done.status.failures))


def collected(hub: Hub, there: Kept) -> None:
    """Keep who was given which version over TAXII or REST, as the ledger says; they are recipients from now on."""
    if not there.collection:
        return
    rows = [row.n for row in rows_of(hub.store.ask, note_id(there.uid))]
    if not rows:
        return
    at_version = {one.said.at: one.said.version for one in kept.versions(hub.store, there.no)}
    names = named(hub.store.ask, rows)
    author = hub.store.principal(there.author)
    known = {(one.version, one.principal) for one in kept.receipts(hub.store, there.no)}
    fresh: dict[tuple[int, int], int] = {}
    for some in entries(hub.store.ask, CHAINS[1], there.since):
        for entry in some:
            given = read_entry(entry)
            if not isinstance(given, Given) or (author and given.principal == author[0].no):
                continue
            for n in within(given.rows, rows):
                step = (at_version.get(names[n][1], 0), given.principal)
                if step[0] and step not in known:
                    fresh.setdefault(step, entry.at)
    if fresh:
        chosen = {one.principal for one in kept.recipients(hub.store, there.no) if one.chosen_by}
        hub.store.change(lambda wire: note(wire, there.no, fresh, chosen)).result()


def note(connection: Connection, no: int, fresh: dict[tuple[int, int], int], chosen: set[int]) -> None:
    """Keep that versions were fetched: (version, principal) -> when."""
    for (version, who), at in sorted(fresh.items()):
        if who not in chosen:
            kept.choose(connection, no, who, at, [kept.Choice(who, (), (Why("collected", ""),), "", chosen=True)])
        kept.settle(connection, no, (version, who, "taxii"), kept.SENT, at)
