"""One writer of a process: requests that come while a transaction runs share the next one (group commit).

Several processes may write to one database: each holds the sources and collections that it writes to until its commit,
so that places in a collection become visible in their order.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, NamedTuple

from noroshi.store.filling import filled
from noroshi.store.journal import seal
from noroshi.store.ledger import Deliveries
from noroshi.store.postgres_wire import Hold, Wanted, Wire, imported
from noroshi.store.room import told

__all__ = ["Work", "Writer"]

MOST = 64
"""Requests that share a transaction: each waits for all of them."""
BULK = 2_000
"""Rows after which the planner's figures are taken anew, again at each doubling; later autovacuum does."""
ANALYSED = "ANALYZE object, link, passed, release"


class Work(NamedTuple):
    """What is to be done, what it must hold from its begin, how many rows it may bring, and who waits for it."""

    holds: frozenset[Hold]
    run: Callable[[Wire], Any]
    rows: int
    done: Future[Any]


class Writer:
    """A thread with the one connection that writes. A class, since the thread and its queue live together."""

    def __init__(self, connect: Callable[[], Wire], deliveries: Deliveries) -> None:
        """Start the thread; `connect` is called in it, again where the connection is lost.

        What waits in `deliveries` goes with every transaction.
        """
        self.deliveries = deliveries
        self.waiting: queue.SimpleQueue[Work | None] = queue.SimpleQueue()
        self.connect = connect
        self.rows, self.next_bulk = 0, BULK
        self.thread = threading.Thread(target=self._run, name="noroshi-writer", daemon=True)
        self.thread.start()

    def submit(self, holds: frozenset[Hold], run: Callable[[Wire], Any], rows: int = 0) -> Future[Any]:
        """Return the future of what `run` returns; it is there once the transaction that holds it is on disk."""
        work = Work(holds, run, rows, Future())
        self.waiting.put(work)
        return work.done

    def close(self) -> None:
        """Finish what is waiting and stop."""
        self.waiting.put(None)
        self.thread.join()

    def _run(self) -> None:
        """Take what is waiting, all of it in one transaction, until told to stop."""
        wire: Wire | None = None
        going = True
        while going:
            first = self.waiting.get()
            if first is None:
                break
            batch = [first]
            going = filled(batch, self.waiting, MOST)
            wire = self._together(wire, batch)
        if wire is not None:
            wire.close()

    def _together(self, wire: Wire | None, batch: list[Work]) -> Wire | None:
        """Do a batch in one transaction, and tell those who wait; return the connection, if it is still one."""
        try:
            wire = self.connect() if wire is None or not wire.alive() else wire
            results = committed(wire, batch, self.deliveries)
        except Exception as error:  # noqa: BLE001  the database is gone, or full: nobody's work is kept
            because = told(error)
            for work in batch:
                work.done.set_exception(because)
            dropped(wire)
            return None
        for work, (value, failed) in zip(batch, results, strict=True):
            if failed is None:
                work.done.set_result(value)
            else:
                work.done.set_exception(failed)
        return self._analysed(wire, sum(work.rows for work in batch))

    def _analysed(self, wire: Wire, rows: int) -> Wire | None:
        """Have the planner's figures taken where many rows have come."""
        self.rows += rows
        if self.rows < self.next_bulk:
            return wire
        self.next_bulk = 2 * self.rows
        try:
            wire.execute(ANALYSED)
        except imported().Error:
            dropped(wire)
            return None
        return wire


def committed(wire: Wire, batch: list[Work], deliveries: Deliveries) -> list[tuple[Any, BaseException | None]]:
    """Return what each piece of work returned or raised; what did not raise is on disk, all of it."""
    holds = {hold for work in batch for hold in work.holds}
    while True:
        try:
            wire.begin(holds)
            results = [one(wire, work.run) for work in batch]
            entered(wire, deliveries)
        except Wanted as wanted:
            wire.rollback()
            holds.add(wanted.hold)
        else:
            return results


def entered(wire: Wire, deliveries: Deliveries) -> None:
    """Link what was told and what was given away meanwhile, and commit."""
    given = deliveries.taken()
    wire.told += [told for told, _ in given]
    try:
        seal(wire, wire.hold_chain)
        wire.commit()
    except BaseException:  # whatever it was, what was given away waits for the next transaction
        deliveries.back(given)
        raise
    deliveries.written(given)


def one(wire: Wire, run: Callable[[Wire], Any]) -> tuple[Any, BaseException | None]:
    """Return what a piece of work returns, or what it raises with all that it did undone: it fails alone."""
    wire.execute("SAVEPOINT request")
    before = len(wire.told)
    try:
        value = run(wire)
    except Wanted:
        raise
    except Exception as error:  # whatever a request raises is its own answer
        if wire.closed:
            raise
        del wire.told[before:]
        wire.execute("ROLLBACK TO SAVEPOINT request")
        wire.execute("RELEASE SAVEPOINT request")
        return None, told(error)
    wire.execute("RELEASE SAVEPOINT request")
    return value, None


def dropped(wire: Wire | None) -> None:
    """Close a connection of which nobody knows how it stands."""
    if wire is not None:
        wire.close()
