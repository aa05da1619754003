"""Warnings that are being sent by this process: a page waits a moment for them, then follows how they come along."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["SendingNow"]

PATIENCE_S = 2.0
AT_ONCE = 4


class SendingNow:
    """What is being sent: a class, since a page that comes later asks whether it still is.

    What a process that ends leaves unsent, sending again sends: the desk keeps what each recipient has.
    """

    def __init__(self) -> None:
        """Start with nothing under way."""
        self.pool = ThreadPoolExecutor(AT_ONCE, "noroshi-warn")
        self.lock = threading.Lock()
        self.under_way: dict[str, Future[object]] = {}

    def send(self, uid: str, work: Callable[[], object]) -> None:
        """Have a warning sent, and wait a moment for it; what is refused meanwhile is raised here.

        Beside another sending of the same one, which may have begun before a correction: no message leaves twice, since
        each is claimed in the store.
        """
        with self.lock:
            self.under_way = {name: one for name, one in self.under_way.items() if not one.done()}
            running = self.under_way[uid] = self.pool.submit(work)
        if wait([running], PATIENCE_S).done:
            running.result()

    def running(self, uid: str) -> bool:
        """Say whether a warning is being sent at this moment."""
        with self.lock:
            one = self.under_way.get(uid)
        return one is not None and not one.done()
