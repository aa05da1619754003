"""How often something may be asked: buckets that fill with time, in the memory of one worker."""

from __future__ import annotations

import threading
from collections import OrderedDict
from math import ceil

from noroshi.share.taxii import Refused

__all__ = ["QUARTER", "Buckets", "Failures", "TooMany"]

KEYS = 20_000
"""Keys that are remembered; the one longest unused goes first, whose bucket is full by then unless it is attacked."""
QUARTER = 900.0
SHARED = 5
"""Failed log-ins that one address may have for each that a name may: people behind one address share it."""


class TooMany(Refused):
    """Asked too often: 429, and after how many seconds to ask again (RFC 6585, section 4)."""

    def __init__(self, wait: float) -> None:
        """Take how long to wait, in seconds."""
        self.wait = max(1, ceil(wait))
        super().__init__(429, "Too many requests", f"ask again in {self.wait} s")


class Buckets:
    """A bucket for each key: a class, for their memory. None of `most` 0 is ever empty."""

    def __init__(self, most: float, every: float) -> None:
        """Take how much a bucket holds, and in how many seconds it fills."""
        self.most, self.rate = most, most / every
        self.lock = threading.Lock()
        self.held: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, key: str, now: float) -> float:
        """Return in how many seconds there is one to take: 0 where there is one. `now` in seconds of any clock."""
        if not self.most:
            return 0.0
        with self.lock:
            left = self._left(key, now)
        return 0.0 if left >= 1 else (1 - left) / self.rate

    def take(self, key: str, now: float) -> None:
        """Take one; what is not there is owed, by one at most."""
        if not self.most:
            return
        with self.lock:
            self.held[key] = (max(0.0, self._left(key, now) - 1), now)
            self.held.move_to_end(key)
            while len(self.held) > KEYS:
                self.held.popitem(last=False)

    def spend(self, key: str, now: float) -> None:
        """Take one, or raise TooMany."""
        wait = self.wait(key, now)
        if wait > 0:
            raise TooMany(wait)
        self.take(key, now)

    def _left(self, key: str, now: float) -> float:
        """Return what a bucket holds now."""
        left, then = self.held.get(key, (self.most, now))
        return min(self.most, left + max(0.0, now - then) * self.rate)


class Failures:
    """Log-ins that failed, by name and by address: a class, for the two tables."""

    def __init__(self, most: int) -> None:
        """Take how many may fail for one name in a quarter of an hour; 0 = no limit."""
        self.names, self.addresses = Buckets(most, QUARTER), Buckets(SHARED * most, QUARTER)

    def refuse(self, name: str, address: str, now: float) -> None:
        """Raise TooMany where too many have failed; whether there is such a name makes no difference."""
        wait = max(self.names.wait(name, now), self.addresses.wait(address, now) if address else 0.0)
        if wait > 0:
            raise TooMany(wait)

    def failed(self, name: str, address: str, now: float) -> None:
        """Note that one failed."""
        self.names.take(name, now)
        if address:
            self.addresses.take(address, now)
