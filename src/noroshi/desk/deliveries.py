"""Who got which version of what, when: read from the delivery ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from noroshi.errors import NotFoundError
from noroshi.share.chain import CHAINS, numbers, within
from noroshi.share.entries import Given, read_entry
from noroshi.share.taxii import timestamp
from noroshi.store.journal_reading import entries, named, rows_of
from noroshi.store.opening import open_store

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from noroshi.settings import Settings
    from noroshi.share.chain import Entry
    from noroshi.store.contract import Store

__all__ = ["Delivered", "Names", "deliveries", "deliveries_hub", "receivers"]


class Delivered(NamedTuple):
    """A version of an object that somebody was given; object and version are empty where it was erased since."""

    entry: int
    at: str
    principal: str
    collection: str
    route: str
    object: str
    version: str


class Names:
    """Names of principals and collections by their numbers. A class, since both are read once."""

    def __init__(self, store: Store) -> None:
        """Read them."""
        self.principals: dict[int, str] = dict(store.ask("SELECT no, name FROM principal"))
        self.collections: dict[int, str] = dict(store.ask("SELECT no, uid FROM collection"))

    def told(
        self, entry: Entry, given: Given, rows: Iterable[int], names: dict[int, tuple[str, str]]
    ) -> Iterator[Delivered]:
        """Yield what an entry says of some of its rows."""
        principal = self.principals.get(given.principal, f"#{given.principal}")
        collection = self.collections.get(given.collection, f"#{given.collection}")
        for n in rows:
            yield Delivered(entry.no, timestamp(entry.at), principal, collection, given.route, *names.get(n, ("", "")))


def deliveries_hub(settings: Settings, name: str = "", principal: str = "") -> list[Delivered]:
    """Return the deliveries of the store that the settings name; as `deliveries`."""
    store = open_store(settings.database, settings.data)
    try:
        return list(deliveries(store, name, principal))
    finally:
        store.close()


def deliveries(store: Store, name: str = "", principal: str = "") -> Iterator[Delivered]:
    """Yield what was given away, in order: of an object if it is named, to a principal if it is named.

    The names of objects that were erased are not known any more. NotFoundError for what the hub does not know.
    """
    rows = [row.n for row in rows_of(store.ask, name)] if name else []
    if name and not rows:
        raise NotFoundError(f"no such object: {name}")
    found = store.principal(principal) if principal else None
    if principal and found is None:
        raise NotFoundError(f"no such principal: {principal}")
    who, names = (found[0].no if found else None), Names(store)
    for some in entries(store.ask, CHAINS[1]):
        for entry in some:
            given = read_entry(entry)
            if not isinstance(given, Given) or (who is not None and given.principal != who):
                continue
            those = within(given.rows, rows) if name else list(numbers(given.rows))
            yield from names.told(entry, given, those, named(store.ask, those))


def receivers(listed: Sequence[Delivered]) -> list[str]:
    """Return who is named in deliveries, each once, by name."""
    return sorted({one.principal for one in listed})
