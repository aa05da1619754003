"""The delivery ledger on its way to disk: what a response gave away is committed within 100 ms, and never dropped.

Entries gather for some milliseconds and are written together, so that a synced commit is paid once for many answers,
and a thread is woken once for all of them.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from noroshi.share.chain import Told

__all__ = ["Deliveries"]

PAUSE_S = 0.05
"""For how long entries gather."""
MOST = 4096
"""Entries that may wait; past these a response waits for its own entry."""
AGAIN_S = 0.5
LAST_TRIES = 10
"""Tries to write while closing, where the disk is full or the database is gone."""


class Deliveries:
    """A thread that hands entries to the writer. A class, since the thread and what waits live together."""

    def __init__(self, write: Callable[[Sequence[Told]], Future[None]]) -> None:
        """Start the thread; `write` returns the future of entries being on disk."""
        self.write = write
        self.waiting: list[tuple[Told, Future[None] | None]] = []
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

    def close(self) -> None:
        """Write what waits and stop."""
        self.closing.set()
        self.come.set()
        self.thread.join()

    def _run(self) -> None:
        """Write what gathers in a pause together, until told to stop."""
        while not self.closing.is_set() or self.waiting:
            self.come.wait()
            self.closing.wait(PAUSE_S)
            with self.lock:
                batch, self.waiting = self.waiting, []
                self.come.clear()
            if batch:
                self._written(batch)

    def _written(self, batch: list[tuple[Told, Future[None] | None]]) -> None:
        """Write entries, again and again where that fails: meanwhile responses wait, since too many entries do."""
        tries = 0
        while failed := self.write([told for told, _ in batch]).exception():
            log = logging.getLogger("noroshi.store")
            log.error("the delivery ledger cannot be written", exc_info=None if tries else failed)
            tries += 1
            if self.closing.is_set() and tries >= LAST_TRIES:
                log.error("entries of the delivery ledger that were lost: %d", len(batch))
                break
            self.closing.wait(AGAIN_S)
        with self.lock:
            self.count -= len(batch)
        for _, done in batch:
            if done is not None and failed is None:
                done.set_result(None)
            elif done is not None:
                done.set_exception(failed)
