"""Scripts that this process plays for who asked by the REST interface: one at a time, in a thread, until stopped."""

from __future__ import annotations

import logging
import random
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from noroshi.desk.replaying import playing_of, replay
from noroshi.errors import NoroshiError, StoppedError
from noroshi.share.taxii import Refused
from noroshi.wire.asking import Timing

if TYPE_CHECKING:
    from noroshi.desk.hub import Hub
    from noroshi.desk.replay_steps import Stage
    from noroshi.desk.replaying import How, Passed
    from noroshi.respond.script import Script
    from noroshi.settings import Settings

__all__ = ["Replays", "Running"]

SOON_S = 5.0
"""How long who asks for a script waits for its first step."""
BUSY = Refused(409, "Conflict", "a script is being played; stop it first, or wait until it has ended")


@dataclass
class Running:
    """A playing under way, or the last that was: its situation, how it ended ("" = it goes on, or has ended well).

    begun: its first step is done, or it has ended.
    """

    situation: str
    stop: threading.Event = field(default_factory=threading.Event)
    begun: threading.Event = field(default_factory=threading.Event)
    thread: threading.Thread | None = None
    fault: str = ""

    @property
    def alive(self) -> bool:
        """Say whether it is under way."""
        return self.thread is not None and self.thread.is_alive()


class Replays:
    """What is being played here. A class, since it lives as long as the process and holds its one thread."""

    def __init__(self, hub: Hub, settings: Settings) -> None:
        """Take the hub that is played on."""
        self.hub, self.settings = hub, settings
        self.turn = threading.Lock()
        self.last: Running | None = None

    def start(self, script: Script, how: How) -> Running:
        """Begin to play a script, or go on with it; Refused 409 while another is being played here, 422 as `replay`."""
        playing = playing_of(script, how)
        with self.turn:
            if self.last is not None and self.last.alive:
                raise BUSY
            made = Running(playing.situation)
            made.thread = threading.Thread(
                target=self.play, args=(made, script, how), name="noroshi-replay", daemon=True
            )
            self.last = made
            made.thread.start()
        made.begun.wait(SOON_S)
        return made

    def of(self, uid: str) -> Running | None:
        """Return the playing of a situation, if it is the last that was begun here."""
        return self.last if self.last is not None and self.last.situation == uid else None

    def play(self, one: Running, script: Script, how: How) -> None:
        """Play a script until it ends or is told to stop; what went wrong is kept, for who asks."""

        def sleep(seconds: float) -> None:
            if one.stop.wait(seconds):
                raise StoppedError

        def on_step(_: Stage, __: Passed) -> None:
            one.begun.set()
            if one.stop.is_set():
                raise StoppedError

        timing = Timing(time.time, time.monotonic, sleep, random.SystemRandom())
        try:
            replay(self.hub, self.settings, script, how, timing, on_step)
        except StoppedError:
            one.fault = "stopped"
        except Refused as refused:
            one.fault = refused.description
        except NoroshiError as error:
            one.fault = str(error)
        except Exception:  # the thread ends here: who asks is told, the log says why
            one.fault = "the hub could not go on; its log says why"
            logging.getLogger("noroshi.web").exception("a replay failed")
        finally:
            one.begun.set()
