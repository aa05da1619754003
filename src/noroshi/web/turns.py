"""Turns: what takes long is done for one who asks at a time; the others are asked to come again."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from noroshi.desk.limits import TooMany

__all__ = ["Running", "one_at_a_time"]

Running = Callable[[], AbstractContextManager[None]]
BUSY_S = 2.0
"""How long one waits for one's turn before being asked to come again, and in how many seconds."""


def one_at_a_time() -> Running:
    """Return what gives a turn; Refused 429 while somebody else has it for long."""
    held = threading.Lock()

    @contextmanager
    def running() -> Iterator[None]:
        if not held.acquire(timeout=BUSY_S):
            raise TooMany(BUSY_S)
        try:
            yield
        finally:
            held.release()

    return running
