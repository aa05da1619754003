"""One writer, many who wait: requests that come while a transaction runs share the next one (group commit)."""

from __future__ import annotations

import contextlib
import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from noroshi.store.filling import filled
from noroshi.store.journal import seal
from noroshi.store.room import told

if TYPE_CHECKING:
    from noroshi.store.journal import Teller
    from noroshi.store.ledger import Deliveries, Waiting

__all__ = ["Writer"]

MOST = 64
"""Requests that share a transaction: each waits for all of them."""
LONGEST_S = 0.05
"""After so long a transaction takes no more of them: what readers were given in the meantime is to be on disk soon."""
MUCH, IDLE_S = 500, 0.05
"""Rows written, and seconds without work, after which the log is folded into the file."""


class Writer:
    """A thread with the one connection that writes. A class, since the thread and its queue live together."""

    def __init__(self, connect: Callable[[], Teller], deliveries: Deliveries) -> None:
        """Start the thread; `connect` is called in it. What waits in `deliveries` goes with every transaction."""
        self.deliveries = deliveries
        self.folded = 0
        self.waiting: queue.SimpleQueue[tuple[Callable[[Teller], Any], Future[Any]] | None] = queue.SimpleQueue()
        self.thread = threading.Thread(target=self._run, args=(connect,), name="noroshi-writer", daemon=True)
        self.thread.start()

    def submit(self, work: Callable[[Teller], Any]) -> Future[Any]:
        """Return the future of `work`'s result; it is there once the transaction that holds it is on disk."""
        done: Future[Any] = Future()
        self.waiting.put((work, done))
        return done

    def close(self) -> None:
        """Finish what is waiting and stop."""
        self.waiting.put(None)
        self.thread.join()

    def _run(self, connect: Callable[[], Teller]) -> None:
        """Take what is waiting, all of it in one transaction, until told to stop."""
        connection = connect()
        going = True
        batch: list[tuple[Callable[[Teller], Any], Future[Any]]] = []
        while going or batch:
            if not batch:
                first = self._next(connection)
                if first is None:
                    break
                batch = [first]
            going = going and filled(batch, self.waiting, MOST)
            batch = batch[self._together(connection, batch) :]
        connection.close()

    def _next(self, connection: Teller) -> tuple[Callable[[Teller], Any], Future[Any]] | None:
        """Return what comes next; while nothing comes, much that was written goes from the log to its place.

        Readers map the file into memory, but look up every page that is in the log alone, anew after each write.
        """
        if connection.total_changes - self.folded >= MUCH:
            try:
                return self.waiting.get(timeout=IDLE_S)
            except queue.Empty:
                self.folded = connection.total_changes
                with contextlib.suppress(sqlite3.Error):  # it stays in the log, where it is as safe
                    connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        return self.waiting.get()

    def _together(self, connection: Teller, batch: list[tuple[Callable[[Any], Any], Future[Any]]]) -> int:
        """Do a batch in one transaction, each request in a savepoint of its own: one that fails fails alone.

        Return how many were done: where that takes long, those after them wait for the next.
        """
        results: list[tuple[Future[Any], Any, BaseException | None]] = []
        given: list[Waiting] = []
        try:
            connection.execute("BEGIN IMMEDIATE")
            began = time.monotonic()
            for work, done in batch:
                if results and time.monotonic() - began > LONGEST_S:
                    break
                connection.execute("SAVEPOINT request")
                before = len(connection.told)
                try:
                    results.append((done, work(connection), None))
                    connection.execute("RELEASE request")
                except Exception as error:  # whatever a request raises is its own answer
                    if not connection.in_transaction:
                        raise  # no room: SQLite has ended the transaction by itself, and whatever was in it
                    del connection.told[before:]
                    connection.execute("ROLLBACK TO request")
                    connection.execute("RELEASE request")
                    results.append((done, None, told(error)))
            given = self.deliveries.taken()
            connection.told += [each for each, _ in given]
            seal(connection)
            connection.execute("COMMIT")
        except Exception as error:  # noqa: BLE001  the disk is full, or locked for too long: nobody's work is kept
            self.deliveries.back(given)
            connection.told.clear()
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            because = told(error)
            for _, done in batch:
                done.set_exception(because)
            return len(batch)
        self.deliveries.written(given)
        for done, value, failed in results:
            if failed is None:
                done.set_result(value)
            else:
                done.set_exception(failed)
        return len(results)
