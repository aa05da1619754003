"""The delivery ledger on its way to disk: what a response gave away is committed within 100 ms, and never dropped.

Entries gather for some milliseconds and are written together, so that a synced commit is paid once for many answers.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from noroshi.share.chain import Told

__all__ = ["Deliveries"]

PAUSE_S = 0.03
"""For how long entries gather."""
MOST, MOST_BYTES = 4096, 32 << 20
"""Entries, and bytes of bodies still to be sealed, that may wait; past these a response waits for its own entry."""
AGAIN_S = 0.5
LAST_TRIES = 10
"""Tries to write while closing, where the disk is full or the database is gone."""


class Waiting(NamedTuple):
    """An entry to be made, how many bytes it holds until then, and who waits for it."""

    make: Callable[[], Told]
    weight: int
    done: Future[None]


class Deliveries:
    """A thread that hands entries to the writer. A class, since the thread and its queue live together."""

    def __init__(self, write: Callable[[Sequence[Told]], Future[None]]) -> None:
        """Start the thread; `write` returns the future of entries being on disk."""
        self.write = write
        self.waiting: queue.SimpleQueue[Waiting | None] = queue.SimpleQueue()
        self.lock = threading.Lock()
        self.count = self.weight = 0
        self.closing = threading.Event()
        self.thread = threading.Thread(target=self._run, name="noroshi-ledger", daemon=True)
        self.thread.start()

    def put(self, make: Callable[[], Told], weight: int) -> Future[None] | None:
        """Have an entry written; return None, or where too many wait the future that its response must wait for."""
        one = Waiting(make, weight, Future())
        with self.lock:
            self.count += 1
            self.weight += weight
            full = self.count > MOST or self.weight > MOST_BYTES
        self.waiting.put(one)
        return one.done if full else None

    def close(self) -> None:
        """Write what waits and stop."""
        self.closing.set()
        self.waiting.put(None)
        self.thread.join()

    def _run(self) -> None:
        """Make entries as they come, and write those of a pause together, until told to stop."""
        going = True
        while going:
            first = self.waiting.get()
            if first is None:
                break
            batch, made, until = [first], [self._made(first)], time.monotonic() + PAUSE_S
            while len(batch) < MOST and (left := until - time.monotonic()) > 0:
                try:
                    more = self.waiting.get(timeout=left)
                except queue.Empty:
                    break
                if more is None:
                    going = False
                    break
                batch.append(more)
                made.append(self._made(more))
            self._written(batch, made)

    def _made(self, one: Waiting) -> Told:
        """Return the entry; the body that it was made of is not held any longer."""
        told = one.make()
        with self.lock:
            self.weight -= one.weight
        return told

    def _written(self, batch: list[Waiting], made: list[Told]) -> None:
        """Write entries, again and again where that fails: meanwhile responses wait, since too many entries do."""
        tries = 0
        while True:
            failed = self.write(made).exception()
            if failed is None:
                break
            log = logging.getLogger("noroshi.store")
            log.error("the delivery ledger cannot be written", exc_info=failed if not tries else None)
            tries += 1
            if self.closing.is_set() and tries >= LAST_TRIES:
                log.error("entries of the delivery ledger that were lost: %d", len(made))
                break
            self.closing.wait(AGAIN_S)
        with self.lock:
            self.count -= len(batch)
        for one in batch:
            if failed is None:
                one.done.set_result(None)
            else:
                one.done.set_exception(failed)
