"""Several processes that serve one address, each a whole hub: whoever dies is started again, and all stop together.

Each worker takes requests from the one listening socket and reads rights from the store at every request, so that what
is withdrawn by one is withdrawn for all. A worker whose starter is gone stops by itself.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from typing import TYPE_CHECKING, NamedTuple

from noroshi.errors import NoroshiError

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

__all__ = ["Inherited", "inherited", "supervise"]

VARIABLE = "NOROSHI_INHERITED"
"""Environment variable in which a worker is told its descriptors: of the socket, and of a pipe that ends with us."""
FIGURES = "PROMETHEUS_MULTIPROC_DIR"
"""Environment variable of prometheus_client: the folder in which workers keep their counts together."""
SOON_S, LOOK_S, PATIENCE_S = 5.0, 0.1, 10.0
MOST_FAILURES = 3
"""Workers that may end within SOON_S of their start, one after the other, before we give up."""


class Inherited(NamedTuple):
    """What a worker has from the process that started it."""

    listening: socket.socket
    lifeline: int

    def watch(self) -> None:
        """Stop this process once the one that started it is gone."""

        def wait() -> None:
            os.read(self.lifeline, 1)
            os.kill(os.getpid(), signal.SIGTERM)

        threading.Thread(target=wait, name="noroshi-lifeline", daemon=True).start()


def inherited() -> Inherited | None:
    """Return what this process was given as a worker; None where a person started it."""
    said = os.environ.get(VARIABLE, "")
    if not said:
        return None
    handle, lifeline = map(int, said.split(":"))
    return Inherited(socket.socket(fileno=handle), lifeline)


class Worker(NamedTuple):
    """A worker and when it was started."""

    process: subprocess.Popen[bytes]
    since: float


def supervise(count: int, listening: socket.socket) -> None:
    """Keep `count` workers that run this same command on the socket, until told to stop; KeyboardInterrupt at Ctrl-C.

    NoroshiError where workers end as soon as they are started.
    """
    stopping, told = threading.Event(), []

    def stop(number: int, _: FrameType | None) -> None:
        told.append(number)
        stopping.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    life, lifeline = os.pipe()
    with tempfile.TemporaryDirectory(prefix="noroshi-figures-") as figures:
        workers = [started(listening, life, figures) for _ in range(count)]
        try:
            kept_up(workers, stopping, figures, lambda: started(listening, life, figures))
        finally:
            stopped([one.process for one in workers])
            os.close(lifeline)
            os.close(life)
            for number, handler in before.items():
                signal.signal(number, handler)
    if signal.SIGINT in told:
        raise KeyboardInterrupt


def started(listening: socket.socket, life: int, figures: str) -> Worker:
    """Start a worker."""
    handles = (listening.fileno(), life)
    told = {**os.environ, VARIABLE: ":".join(map(str, handles)), FIGURES: figures}
    command = [sys.executable, "-m", "noroshi", *sys.argv[1:]]
    # in a session of its own: Ctrl-C reaches us alone, and we tell the workers
    process = subprocess.Popen(command, env=told, pass_fds=handles, start_new_session=True)  # noqa: S603  our own words
    return Worker(process, time.monotonic())


def kept_up(workers: list[Worker], stopping: threading.Event, figures: str, start: Callable[[], Worker]) -> None:
    """Start a worker again whenever one has ended, until told to stop."""
    from prometheus_client.multiprocess import mark_process_dead

    failures = 0
    while not stopping.wait(LOOK_S):
        for k, one in enumerate(workers):
            if one.process.poll() is None:
                continue
            failures = failures + 1 if time.monotonic() - one.since < SOON_S else 0
            if failures >= MOST_FAILURES:
                raise NoroshiError(f"workers end as soon as they start, the last with {one.process.returncode}")
            mark_process_dead(one.process.pid, figures)  # type: ignore[no-untyped-call]
            workers[k] = start()


def stopped(processes: list[subprocess.Popen[bytes]]) -> None:
    """Have workers finish what they are at, and end those that take too long."""
    for one in processes:
        if one.poll() is None:
            one.terminate()
    end = time.monotonic() + PATIENCE_S
    for one in processes:
        try:
            one.wait(max(end - time.monotonic(), 0.0))
        except subprocess.TimeoutExpired:
            one.kill()
            one.wait()
