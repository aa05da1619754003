"""What takes a run of the engine is reckoned beside the request: one at a time, kept while nothing changes.

A page asks for it under a key that changes with whatever it is made of; it shows what is there, or that it is on its
way, and asks again.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

from noroshi.desk.limits import TooMany
from noroshi.errors import NoroshiError
from noroshi.share.taxii import Refused

__all__ = ["SOON_S", "Job", "Reckoner"]

SOON_S = 0.35
"""How long a page waits for a job before it shows that it is on its way."""
MOST_KEPT = 48
MOST_WAITING = 12
BUSY_S = 5.0


@dataclass
class Job:
    """A piece of work: its value once it has ended, or what was refused or wrong.

    begun, done: when it was asked for and when it ended, in seconds of a steady clock.
    """

    begun: float
    ended: threading.Event = field(default_factory=threading.Event)
    value: Any = None
    refused: Refused | None = None
    fault: str = ""
    done: float = 0.0

    @property
    def ready(self) -> bool:
        """Say whether it has ended well."""
        return self.ended.is_set() and self.refused is None and not self.fault

    @property
    def seconds(self) -> int:
        """Return how many seconds ago it was asked for."""
        return int(time.monotonic() - self.begun)


class Reckoner:
    """Jobs by their keys. A class, since it lives as long as the screen and holds the engine's turn."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.jobs: OrderedDict[Hashable, Job] = OrderedDict()
        self.lock, self.turn = threading.Lock(), threading.Lock()

    def asked(self, key: Hashable, work: Callable[[], Any], wait_s: float = SOON_S, fresh_s: float = math.inf) -> Job:
        """Return the job of a key, begun now where there is none; what it was refused is raised, as `work` would.

        fresh_s: after so many seconds from its end it is done anew; never while it is under way, however long it takes.
        Refused 429 while too many wait for the engine.
        """
        with self.lock:
            job = self.jobs.get(key)
            if job is not None and job.ended.is_set() and time.monotonic() - job.done > fresh_s:
                job = None
            if job is None:
                waiting = sum(not one.ended.is_set() for one in self.jobs.values())
                if waiting >= MOST_WAITING:
                    raise TooMany(BUSY_S)
                job = self.jobs[key] = Job(time.monotonic())
                threading.Thread(target=self.run, args=(job, work), name="noroshi-reckoning", daemon=True).start()
                self.forget()
            self.jobs.move_to_end(key)
        job.ended.wait(wait_s)
        if job.refused is not None:
            raise job.refused
        return job

    def forget(self) -> None:
        """Drop the oldest jobs that have ended, down to what is kept."""
        for key in [key for key, one in self.jobs.items() if one.ended.is_set()][: max(0, len(self.jobs) - MOST_KEPT)]:
            del self.jobs[key]

    def run(self, job: Job, work: Callable[[], Any]) -> None:
        """Do a job in its turn; however it ends, its page is told."""
        with self.turn:
            try:
                job.value = work()
            except Refused as refused:
                job.refused = refused
            except NoroshiError as error:
                job.fault = str(error)
            except Exception:  # the thread ends here: who asks is told, the log says why
                job.fault = "the hub could not compute it; its log says why"
                logging.getLogger("noroshi.web").exception("a reckoning failed")
            finally:
                job.done = time.monotonic()
                job.ended.set()
