"""Where the hub's brief comes from: computed beside the server, which answers meanwhile."""

from __future__ import annotations

import hashlib
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace

from noroshi.desk.brief_schema import Brief, encode
from noroshi.errors import InputError, NoroshiError, StoppedError

__all__ = ["BriefSource", "Compute", "Progress", "Standing"]

Progress = Callable[[str, float], None]
"""Takes the step in words and the share done (0 to 1)."""

Compute = Callable[[Progress], Brief]
"""Returns the brief, telling its progress; whatever it raises ends the work."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What there is now: the brief, or how far its computing is, or why it failed.

    `data` is the brief as JSON, `digest` its SHA-256; `fault` is what the user reads in English and Japanese.
    """

    brief: Brief | None = None
    data: bytes = b""
    digest: str = ""
    step: str = ""
    share: float = 0.0
    fault: tuple[str, str] = ("", "")

    @property
    def state(self) -> str:
        """One word: ready, failed or computing."""
        if self.brief is not None:
            return "ready"
        return "failed" if self.fault[0] else "computing"


class BriefSource:
    """Computes one brief in a thread of its own and says where it stands: a class, since it changes while read."""

    def __init__(self, compute: Compute) -> None:
        """Take what computes the brief; nothing runs before `start`."""
        self._compute = compute
        self._standing = Standing()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="brief", daemon=True)

    def standing(self) -> Standing:
        """Return where the brief stands now; safe from any thread, since a standing is never changed, only replaced."""
        return self._standing

    def start(self) -> None:
        """Start computing."""
        self._thread.start()

    def stop(self, wait_s: float = 5.0) -> None:
        """Ask the work to stop at its next report of progress, and wait for it at most `wait_s` seconds."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(wait_s)

    def wait(self, at_most_s: float) -> Standing:
        """Return the standing once the work has ended, or after `at_most_s` seconds."""
        self._thread.join(at_most_s)
        return self._standing

    def _work(self) -> None:
        """Compute; every way in which that can end leaves a standing that the page can show."""
        try:
            brief = self._compute(self._report)
            data = encode(brief)
        except StoppedError:
            return
        except InputError as error:
            self._standing = Standing(fault=(error.report("en"), error.report("ja")))
        except NoroshiError as error:
            self._standing = Standing(fault=(str(error), str(error)))
        except Exception as error:  # noqa: BLE001  a bug must be seen on the page, not leave it waiting for ever
            traceback.print_exc()
            said = f"{type(error).__name__}: {error}"
            self._standing = Standing(fault=(said, said))
        else:
            self._standing = Standing(brief, data, hashlib.sha256(data).hexdigest(), share=1.0)

    def _report(self, step: str, share: float) -> None:
        """Note the progress; StoppedError if the work is to stop."""
        if self._stop.is_set():
            raise StoppedError
        self._standing = replace(self._standing, step=step, share=min(1.0, max(0.0, share)))
