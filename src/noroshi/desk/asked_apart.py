"""The brief of a hub, computed by a process of its own: the hub stays small and answers as fast as without it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import traceback
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Any, Self

from noroshi.desk.brief_schema import decode, encode
from noroshi.errors import NoroshiError

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

    from noroshi.desk.brief_schema import Brief
    from noroshi.settings import Settings

__all__ = ["AskedApart"]

READ, STEP, DONE, FAULT = "read", "step", "done", "fault"
ENDS_S = 5.0


class AskedApart:
    """What `asked.asked_brief` returns, in a process of its own: a class, since that process is to be ended.

    As it is made, the other process reads the estate and the threat: NotFoundError, InputError.
    """

    def __init__(
        self, where: str, threat: str | None, trials: int | None, seed: int | None, settings: Settings
    ) -> None:  # fmt: skip
        """Start the process and wait until it has read what it was asked about."""
        self.pipe, theirs = Pipe()
        handle = theirs.fileno()
        command = [sys.executable, "-m", __name__, str(handle)]
        self.process = subprocess.Popen(command, pass_fds=(handle,))  # noqa: S603  our own words
        theirs.close()
        try:
            self.pipe.send((where, threat, trials, seed, settings))
            self.heard()
        except BaseException:  # Ctrl-C too
            self.stop()
            raise

    def __call__(self, progress: Callable[[str, float], None]) -> Brief:
        """Return the brief, telling its steps; whatever `progress` raises ends the work."""
        try:
            while (heard := self.heard())[0] == STEP:
                progress(*heard[1])
            return decode(heard[1])
        finally:
            self.stop()

    def __enter__(self) -> Self:
        """Begin what ends with the process."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:  # fmt: skip
        """End the process."""
        self.stop()

    def heard(self) -> tuple[str, Any]:
        """Return what the process says next; what ended it is raised."""
        try:
            kind, said = self.pipe.recv()
        except (EOFError, ConnectionError):
            code = self.process.wait(ENDS_S)
            raise NoroshiError(f"the process that computes the brief ended with {code}") from None
        if kind == FAULT:
            raise said
        return kind, said

    def stop(self) -> None:
        """End the process, if it still runs."""
        self.process.terminate()
        self.process.wait(ENDS_S)


def work(pipe: Connection) -> None:
    """Compute the brief that is asked for and tell how far it is; end where nobody listens any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the hub, which ends us
    from noroshi.desk.asked import asked_brief

    try:
        compute = asked_brief(*pipe.recv())
        threading.Thread(target=end_with, args=(pipe,), name="noroshi-lifeline", daemon=True).start()
        pipe.send((READ, None))
        brief = compute(lambda step, share: pipe.send((STEP, (step, share))))
        pipe.send((DONE, encode(brief)))
    except (EOFError, ConnectionError):
        return
    except NoroshiError as error:
        pipe.send((FAULT, error))
    except Exception as error:  # noqa: BLE001  a bug: the hub says what happened here
        traceback.print_exc()
        pipe.send((FAULT, NoroshiError(f"{type(error).__name__}: {error}")))


def end_with(pipe: Connection) -> None:
    """End this process once who asked is gone: compiling tells no steps by which that would be noticed."""
    with contextlib.suppress(EOFError, OSError):
        pipe.recv()
    os._exit(1)


if __name__ == "__main__":
    work(Connection(int(sys.argv[1])))
