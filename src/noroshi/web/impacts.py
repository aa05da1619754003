"""What open incidents come to, computed beside the pages: a page never waits for it, and shows it once it is there."""

from __future__ import annotations

import hashlib
import logging
import queue
import threading
from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from noroshi.desk.impact import LONGEST_H, impact_of
from noroshi.desk.now_state import hours_to_look

if TYPE_CHECKING:
    from noroshi.desk.impact import Impact
    from noroshi.desk.incidents import Shown
    from noroshi.web.estates import Estates

__all__ = ["Computed", "Impacts"]

MOST_KEPT, MOST_WAITING = 64, 16


class Computed(NamedTuple):
    """What there is: an impact, or whether it is on its way; neither where it could not be computed."""

    impact: Impact | None
    coming: bool


class Impacts:
    """Impacts by what they were computed from, one at a time: a class, since they come while it is asked."""

    def __init__(self, estates: Estates) -> None:
        """Take the estates; nothing runs before something is asked for."""
        self.estates = estates
        self._kept: OrderedDict[str, Computed] = OrderedDict()
        self._waiting: queue.Queue[tuple[str, str, tuple[Shown, ...], float] | None] = queue.Queue(MOST_WAITING)
        self._held = threading.Lock()
        self._thread: threading.Thread | None = None

    def asked(self, estate: str, there: Sequence[Shown], at: int) -> Computed:
        """Return what incidents do to an estate, as far as that is known now; who asks first has it computed."""
        known = [one.incident.value("since") for one in there]
        since = min((one for one in known if one is not None), default=None)
        hours = hours_to_look(since, at)
        key = _key(estate, there, hours)
        with self._held:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
                return found
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="impacts", daemon=True)
                self._thread.start()
            try:
                self._waiting.put_nowait((key, estate, tuple(there), hours))
            except queue.Full:
                return Computed(None, coming=True)  # and asked for again with the page's next look
            return self._keep(key, Computed(None, coming=True))

    def stop(self) -> None:
        """Compute nothing more."""
        while True:
            try:
                self._waiting.get_nowait()
            except queue.Empty:
                break
        self._waiting.put(None)

    def _keep(self, key: str, found: Computed) -> Computed:
        """Keep what was found, the longest unused going first."""
        self._kept[key] = found
        self._kept.move_to_end(key)
        while len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return found

    def _work(self) -> None:
        """Compute what is waited for, one after the other."""
        while (task := self._waiting.get()) is not None:
            key, estate, there, hours = task
            found = None
            try:
                found = impact_of(self.estates.loaded(estate), estate, there, min(hours, LONGEST_H))
            except Exception:  # whatever it was, the next is computed; the page says that this is not known
                logging.getLogger("noroshi.web").exception("an impact could not be computed")
            with self._held:
                self._keep(key, Computed(found, coming=False))


def _key(estate: str, there: Sequence[Shown], hours: float) -> str:
    """Return by what an impact is known: all that it follows from."""
    said = [
        (one.dossier.uid, one.incident.hidden, one.incident.organisation, one.incident.state,
         one.incident.value("what"), one.incident.value("since"), one.incident.value("systems"))
        for one in there
    ]  # fmt: skip
    return hashlib.sha256(msgspec.json.encode((estate, hours, said), order="deterministic")).hexdigest()
