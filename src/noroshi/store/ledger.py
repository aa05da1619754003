"""The delivery ledger on its way to disk: what a response gave away is committed within 100 ms, and never dropped.

Every transaction takes along what waits, so that a synced commit is paid once for many answers. Where nobody else
writes, a thread has one made after some milliseconds.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from noroshi.share.chain import Told

__all__ = ["Deliveries"]

PAUSE_S = 0.05
"""For how long an entry waits for a transaction to take it along."""
MOST = 4096
"""Entries that may wait; past these a response waits for its own entry."""
AGAIN_S = 0.5
LAST_TRIES = 10
"""Tries to write while closing, where the disk is full or the database is gone."""


Waiting = tuple["Told", "Future[None] | None"]


class Deliveries:
    """What waits, and a thread that sees to it. A class, since both live together."""

    def __init__(self, write: Callable[[], Future[Any]]) -> None:
        """Start the thread; `write` has a transaction made and returns its future."""
        self.write = write
        self.waiting: list[Waiting] = []
        self.count = 0
        self.lock = threading.Lock()
        self.come, self.closing = threading.Event(), threading.Event()
        self.thread = threading.Thread(target=self._run, name="noroshi-ledger", daemon=True)
        self.thread.start()

    def put(self, told: Told) -> Future[None] | None:
        """Have an entry written; return None, or where too many wait the future that its response must wait for."""
        with self.lock:
            self.count += 1
            done: Future[None] | None = Future() if self.count > MOST else None
            self.waiting.append((told, done))
            first = len(self.waiting) == 1
        if first:
            self.come.set()
        return done

    def taken(self) -> list[Waiting]:
        """Return what waits, for a transaction to take along; it says how that went by `written` or `back`."""
        with self.lock:
            batch, self.waiting = self.waiting, []
        return batch

    def back(self, batch: Iterable[Waiting]) -> None:
        """Take back what could not be written."""
        with self.lock:
            self.waiting[:0] = batch

    def written(self, batch: list[Waiting], failed: BaseException | None = None) -> None:
        """Tell those who wait that their entries are on disk, or lost."""
        with self.lock:
            self.count -= len(batch)
        for _, done in batch:
            if done is not None and failed is None:
                done.set_result(None)
            elif done is not None:
                done.set_exception(failed)

    def close(self) -> None:
        """Have what waits written and stop."""
        self.closing.set()
        self.come.set()
        self.thread.join()

    def _run(self) -> None:
        """Have what waits written when it has waited long enough, until told to stop."""
        while not self.closing.is_set() or self.waiting:
            self.come.wait()
            self.closing.wait(PAUSE_S)
            self.come.clear()
            self._insist()

    def _insist(self) -> None:
        """Have transactions made until nothing waits; meanwhile, if that fails, responses wait, since too many do."""
        tries = 0
        while self.waiting and (failed := self.write().exception()):
            log = logging.getLogger("noroshi.store")
            log.error("the delivery ledger cannot be written", exc_info=None if tries else failed)
            tries += 1
            if self.closing.is_set() and tries >= LAST_TRIES:
                lost = self.taken()
                log.error("entries of the delivery ledger that were lost: %d", len(lost))
                self.written(lost, failed)
            else:
                self.closing.wait(AGAIN_S)
