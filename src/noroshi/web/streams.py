"""Streams that say that something has changed, to each only of what it may see; and nothing else.

Every worker looks for itself: whether the journal of the store has grown, at most every two seconds however many
listen, and only then what its listeners see now. Whatever is not theirs to see leaves their digest, and so their
stream, as it is.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

from noroshi.desk.limits import TooMany
from noroshi.desk.now import digest_of
from noroshi.desk.sessions import of_session
from noroshi.store.journal_reading import last_entry

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from noroshi.desk.hub import Hub
    from noroshi.store.contract import Principal

__all__ = ["LOOK_S", "MOST", "Streams"]

LOOK_S, BEAT_S, SESSION_S = 2.0, 15.0, 4.0
MOST = 12
"""Streams of one principal in one worker: as many pages as somebody may have open before a screen wall."""
AGAIN_S = 30.0
MOST_KEPT = 200
CHANGED, BEAT = b"event: changed\ndata: \n\n", b": still here\n\n"


class Streams:
    """Who listens, and what they were told last: a class, since all of a worker share what is looked at."""

    def __init__(self, hub: Hub) -> None:
        """Take the hub whose store is looked at."""
        self.hub = hub
        self.open: Counter[int] = Counter()
        self.ended = False
        self._wakes: set[asyncio.Event] = set()
        self._looked, self._last = 0.0, -1
        self._digests: dict[tuple[object, ...], tuple[int, str]] = {}
        self._held = threading.Lock()

    def digest(self, who: Principal) -> str:
        """Return the digest of what a principal sees now, made once for each state of the store."""
        with self._held:
            now = time.monotonic()
            if now - self._looked >= LOOK_S or self._last < 0:
                self._last, self._looked = last_entry(self.hub.store.ask), now
            reached = self._last
            key = (who.no, who.version, who.owner, who.scope)
            last, known = self._digests.get(key, (-1, ""))
        if last == reached:
            return known
        found = digest_of(self.hub, who)
        with self._held:
            if len(self._digests) >= MOST_KEPT:
                self._digests.clear()
            self._digests[key] = (reached, found)
        return found

    def told(self, secret: str, who: Principal, seen: str) -> AsyncIterator[bytes]:
        """Return a stream for who has a session; TooMany where it has too many. seen: what its page shows, or ""."""
        if self.open[who.no] >= MOST:
            raise TooMany(AGAIN_S)
        return self._told(secret, who, seen)

    def end(self) -> None:
        """End all streams, from the loop in which they run."""
        self.ended = True
        for one in self._wakes:
            one.set()

    async def _told(self, secret: str, who: Principal, seen: str) -> AsyncIterator[bytes]:
        """Yield what is told, until the session or the hub ends."""
        wake, number = asyncio.Event(), who.no
        self.open[number] += 1
        self._wakes.add(wake)
        try:
            yield BEAT
            beaten = asked = time.monotonic()
            while not self.ended:
                found = await asyncio.to_thread(self.digest, who)
                now = time.monotonic()
                if seen and found != seen:
                    yield CHANGED
                    beaten = now
                elif now - beaten >= BEAT_S:
                    yield BEAT
                    beaten = now
                seen = found
                await _within(wake, LOOK_S)
                if time.monotonic() - asked >= SESSION_S:
                    asked = time.monotonic()
                    there = await asyncio.to_thread(of_session, self.hub.store, secret, time.time_ns() // 1000)
                    if there is None:
                        return
                    who = there.principal
        finally:
            self._wakes.discard(wake)
            self.open[number] -= 1


async def _within(wake: asyncio.Event, seconds: float) -> Any:  # noqa: ANN401  nothing that is used
    """Wait until one is woken, or for so long."""
    try:
        return await asyncio.wait_for(wake.wait(), seconds)
    except TimeoutError:
        return None
