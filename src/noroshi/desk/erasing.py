"""Erasure: an object goes for good, the chain stays valid, and who had received it is told once, to be told of it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, NamedTuple

from noroshi.desk.deliveries import Delivered, Names
from noroshi.errors import Fault, InputError, NotFoundError
from noroshi.share.chain import CHAINS, within
from noroshi.store.journal_erasing import Telling, erase, forget_deliveries
from noroshi.store.journal_reading import named, rows_of
from noroshi.store.opening import open_store
from noroshi.store.warnings import naming

if TYPE_CHECKING:
    from noroshi.settings import Settings
    from noroshi.store.contract import Store

__all__ = ["Erasure", "erase_hub", "erase_object"]

SETTLED_S = 0.3
"""After so long what was on its way to a reader while the object went is in the ledger."""


class Erasure(NamedTuple):
    """What an erasure did: rows that went, deliveries of them, how many other objects and warnings still name it."""

    rows: int
    deliveries: tuple[Delivered, ...]
    named_by: int


def erase_hub(settings: Settings, name: str, collection: str, reason: str) -> Erasure:
    """Erase in the store that the settings name; as `erase_object`."""
    store = open_store(settings.database, settings.data)
    try:
        return erase_object(store, name, collection, reason)
    finally:
        store.close()


def erase_object(store: Store, name: str, collection: str = "", reason: str = "") -> Erasure:
    """Erase every version of an object from every source, in one collection or in all, and say who had received it.

    What else names it (relationships, reports, copies that others have, backups) is not touched. NotFoundError for an
    object or collection that is not there; InputError for a reason that would keep the id.
    """
    if not reason.strip() or name in reason:
        fault = Fault("bad-choice", column="reason", found=reason, expected="why it is erased, without its id",
                      remedy="the reason stays in the journal for good: name an order or a rule")  # fmt: skip
        raise InputError([fault])
    where = place(store, collection)
    rows = rows_of(store.ask, name, where)
    if not rows:
        raise NotFoundError(f"no such object: {name}")
    telling = Telling([row.n for row in rows])
    telling.look(store.ask)
    names = named(store.ask, telling.rows)
    work = store.write(
        lambda connection: erase(connection, name, where, reason, telling), {row.collection for row in rows}
    )
    count = work.result()
    time.sleep(SETTLED_S)
    if late := telling.look(store.ask, CHAINS[1:]):
        store.write(lambda connection: forget_deliveries(connection, late)).result()
    store.scrub()
    known = Names(store)
    told = [
        one for entry, given in telling.given.values()
        for one in known.told(entry, given, within(given.rows, telling.rows), names)
    ]  # fmt: skip
    ((named_by,),) = store.ask("SELECT count(DISTINCT n) FROM link WHERE end_id = ?", (name,))
    return Erasure(count, tuple(told), named_by + naming(store, name))


def place(store: Store, uid: str) -> int | None:
    """Return the number of a collection, None where none is named; NotFoundError where there is no such one."""
    if not uid:
        return None
    found = store.ask("SELECT no FROM collection WHERE uid = ?", (uid,))
    if not found:
        raise NotFoundError(f"no such collection: {uid}")
    return int(found[0][0])
