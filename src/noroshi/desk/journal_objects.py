"""Whether what the journal says was kept is there: every row, with its bytes, or a later entry says why not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from noroshi.errors import Fault
from noroshi.share.chain import CHAINS, numbers, sealed, spans
from noroshi.share.entries import Deleted, Erased, Kept, Restated, read_entry
from noroshi.store.journal_reading import entries, salt_of, shas

if TYPE_CHECKING:
    from noroshi.store.contract import Store

__all__ = ["Objects", "compared"]

JOURNAL = CHAINS[0]
TRIES = 3
REMEDY = "find out who could write to the database; restore a backup, or ask the sources to send again"


class Objects(NamedTuple):
    """How many rows of envelopes are there, were deleted, were erased; and are there since before the journal began."""

    there: int
    deleted: int
    erased: int
    older: int


@dataclass
class Told:
    """What the journal says of rows besides having kept them."""

    deleted: set[int] = field(default_factory=set)
    erased: set[int] = field(default_factory=set)
    restated: dict[int, tuple[int, str]] = field(default_factory=dict)
    last: int = 0


def compared(store: Store) -> tuple[Objects, list[Fault]]:
    """Return what the journal and the rows agree on, and where they differ; the hub may run meanwhile."""
    for _ in range(TRIES):
        told = later_entries(store)
        found = rows_as_told(store, told)
        if not found[1] or later_entries(store).last == told.last:
            break
    return found


def later_entries(store: Store) -> Told:
    """Return what the journal says of rows that went."""
    told = Told()
    for some in entries(store.ask, JOURNAL):
        for entry in some:
            match said := read_entry(entry):
                case Deleted():
                    told.deleted.update(numbers(said.rows))
                case Erased():
                    told.erased.update(numbers(said.rows))
                case Restated():
                    told.restated[said.entry] = (entry.no, said.digest)
        told.last = some[-1].no
    return told


def rows_as_told(store: Store, told: Told) -> tuple[Objects, list[Fault]]:
    """Compare every envelope with its rows, and look for rows that no envelope brought."""
    faults: list[Fault] = []
    covered: list[tuple[int, int]] = []
    there = deleted = 0
    for some in entries(store.ask, JOURNAL):
        for entry in some:
            if entry.no > told.last or not isinstance(said := read_entry(entry), Kept):
                continue
            rows = [n for n in numbers(said.rows) if n not in told.erased]
            found = shas(store.ask, rows)
            faults += misplaced(entry.no, rows, found.there, found.gone, told.deleted)
            there, deleted = there + len(found.there), deleted + len(found.gone)
            faults += altered(store, entry.no, said, {**found.gone, **found.there}, rows, told)
            covered = joined([*covered, *spans(said.rows)])
    strangers, older = untold(store, covered)
    if strangers:  # rows come with their entry: those that came meanwhile have one by now
        since = [one for some in entries(store.ask, JOURNAL, told.last) for one in map(read_entry, some)]
        fresh = {n for one in since if isinstance(one, Kept) for n in numbers(one.rows)}
        faults += [fault_of(0, f"row {n}", "only rows that an envelope brought") for n in strangers if n not in fresh]
    return Objects(there, deleted, len(told.erased), older), faults


def misplaced(
    no: int, rows: list[int], there: dict[int, bytes], gone: dict[int, bytes], deleted: set[int]
) -> list[Fault]:  # fmt: skip
    """Return the rows that are not where the journal says: gone without a word, or there though deleted."""
    faults = []
    for n in rows:
        if n not in there and not (n in gone and n in deleted):
            faults.append(fault_of(no, f"row {n} is gone", "the row, or a later entry that says that it went"))
        elif n in there and n in deleted:
            faults.append(fault_of(no, f"row {n} is there", "no row: a later entry says that it was deleted"))
    return faults


def altered(  # noqa: PLR0913  an entry, what is there of it, and what else was told
    store: Store, no: int, said: Kept, known: dict[int, bytes], rows: list[int], told: Told
) -> list[Fault]:  # fmt: skip
    """Return the fault of an envelope whose rows have not the bytes that were sealed."""
    by, digest = told.restated.get(no, (no, said.digest))
    if not rows and said.rows:
        return []
    salt = salt_of(store.ask, JOURNAL, by)
    if salt is None:
        return [fault_of(no, "no salt", f"the salt of entry {by}")]
    if any(n not in known for n in rows) or sealed(salt, b"".join(known[n] for n in rows)) == digest:
        return []
    return [fault_of(no, "rows with other bytes than were kept", f"what entry {by} sealed")]


def untold(store: Store, covered: list[tuple[int, int]]) -> tuple[list[int], int]:
    """Return rows between and after those that envelopes brought, some of them, and how many are older than all."""
    if not covered:
        ((older,),) = store.ask("SELECT count(*) FROM object")
        return [], older
    gaps = zip([high for _, high in covered], [*(low for low, _ in covered[1:]), 1 << 62], strict=True)
    strangers = [
        n for high, low in gaps if low - high > 1
        for (n,) in store.ask("SELECT n FROM object WHERE n > ? AND n < ? LIMIT 10", (high, low))
    ]  # fmt: skip
    ((older,),) = store.ask("SELECT count(*) FROM object WHERE n < ?", (covered[0][0],))
    return strangers, older


def joined(spans_: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return spans in order, those that touch as one."""
    found: list[tuple[int, int]] = []
    for low, high in sorted(spans_):
        if found and low <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(high, found[-1][1]))
        else:
            found.append((low, high))
    return found


def fault_of(no: int, found: str, expected: str) -> Fault:
    """Return the fault of an entry of the journal."""
    return Fault("bad-chain", file=JOURNAL, row=no or None, found=found, expected=expected, remedy=REMEDY)
