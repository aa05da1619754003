"""Group commit: what waits when a transaction begins goes with it."""

from __future__ import annotations

import queue
from typing import TypeVar

__all__ = ["filled"]

Work = TypeVar("Work")


def filled(batch: list[Work], waiting: queue.SimpleQueue[Work | None], most: int) -> bool:
    """Add what waits to a batch until it has `most` or nothing waits; False once None, the last of all, was taken."""
    while len(batch) < most:
        try:
            more = waiting.get_nowait()
        except queue.Empty:
            return True
        if more is None:
            return False
        batch.append(more)
    return True
