"""Tells those who may see more than they saw of what was there already: in steps, so that it can be gone on with."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from noroshi.store.contract import Store

__all__ = ["announce_all", "resume"]


def announce_all(store: Store, told: Callable[[int], None] | None = None) -> int:
    """Announce all that is waiting, and return how many rows that were; `told` is called with the count so far.

    Each step is a transaction: whoever is stopped goes on where it was, here or in another process.
    """
    total = 0
    for what in store.announcing():
        while (count := store.announce(what, time.time_ns() // 1000).result()) >= 0:
            total += count
            if told is not None:
                told(total)
    return total


def resume(store: Store) -> None:
    """Go on with what another process left, beside everything else; nothing is started where nothing waits."""
    if store.announcing():
        threading.Thread(target=announce_all, args=(store,), name="noroshi-announcing", daemon=True).start()
