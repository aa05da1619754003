"""Plays a script through the hub: the same functions of the desk as a person's, step by step, as fast as one likes.

Whoever plays it again, also after it was killed at any point, goes on where it stopped: each step is known by its own
key, and done again changes nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from noroshi.desk.permitting import must
from noroshi.desk.replay_cast import Playing, declare
from noroshi.desk.replay_steps import Stage, done, played
from noroshi.respond.script import begun
from noroshi.share.markings import Tlp
from noroshi.share.taxii import Refused
from noroshi.store import dossiers as kept

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from noroshi.desk.hub import Hub
    from noroshi.respond.script import Script, Step
    from noroshi.settings import Settings
    from noroshi.store.contract import Principal
    from noroshi.wire.asking import Timing

__all__ = ["How", "Passed", "Stood", "lead", "playing_of", "replay", "standing", "stood"]

NEVER_WAS = Refused(422, "Unprocessable", "exercise: no (expected yes: what the script tells never happened)")
TOO_HIGH = Refused(403, "Forbidden", "somebody in the cast may see more than you may")
MOST_WAIT_S = 1.0


class How(NamedTuple):
    """How a script is played: as history or as an exercise.

    begin: of the exercise, in microseconds, None = now, or when it began; speed: how many times as fast as it was,
    0 = without any wait.
    """

    exercise: bool = False
    begin: int | None = None
    speed: float = 0.0


class Passed(NamedTuple):
    """A step that has passed: its number from 1 on, of how many, whether it was done before, what it made."""

    step: Step
    number: int
    total: int
    already: bool
    made: str


class Stood(NamedTuple):
    """How far a playing has come: its situation, how many steps of how many are done, and until when it has come."""

    situation: str
    exercise: bool
    done: int
    total: int
    begin: int | None


def lead(asker: Principal, script: Script | None = None) -> None:
    """Refuse who may not have scripts played: it takes what leads situations and what makes principals. Refused 403.

    script: whose cast may see no more than the asker, as with every principal that is made.
    """
    must(asker, "situations.manage")
    must(asker, "principals.change")
    if script is not None and any(Tlp[one.sees] > asker.sees for one in script.cast):
        raise TOO_HIGH


def playing_of(script: Script, how: How) -> Playing:
    """Return which playing of a script it is; Refused 422 for history of what never happened."""
    if not how.exercise and not script.happened:
        raise NEVER_WAS
    return Playing(script.id, how.exercise, "" if how.begin is None or not how.exercise else str(how.begin))


def replay(  # noqa: PLR0913  where, what, how, by which clocks, and who is told
    hub: Hub, settings: Settings, script: Script, how: How, timing: Timing, on_step: Callable[[Stage, Passed], None]
) -> Stage:  # fmt: skip
    """Play a script to its end, or on to its end; return where it was played. What `on_step` raises stops it.

    Refused 422 for history of what never happened, and where the desk refuses a step.
    """
    playing = playing_of(script, how)
    declare(hub.store, script, playing)
    stage = Stage(hub, settings, script, playing)
    if how.exercise:
        stage = moved_to(stage, int(timing.wall()) * 1_000_000 if how.begin is None else how.begin)
    before, began = passed(stage), None
    for number, step in enumerate(stage.script.steps, 1):
        already, made = step.key in before, ""
        if not already:
            if began is None:
                began = (stage.script.steps[0].at, stage.script.steps[0].at) if how.exercise else (
                    round(timing.wall() * 1e6), step.at)  # fmt: skip
            wait(timing, how.speed, began, step.at)
            made = played(stage, step)
        on_step(stage, Passed(step, number, len(stage.script.steps), already, made))
    return stage


def moved_to(stage: Stage, begin: int) -> Stage:
    """Return an exercise that begins at a time, or where it began before; the first step is done by then."""
    first = replace(stage, script=begun(stage.script, begin))
    at = began_at(stage)
    if at is None:
        played(first, first.script.steps[0])
        at = began_at(stage)
    return first if at is None else replace(stage, script=begun(stage.script, at))


def began_at(stage: Stage) -> int | None:
    """Return when a playing began (microseconds), None where it has not."""
    there = kept.found(stage.hub.store, stage.playing.situation)
    return None if there is None else kept.lines(stage.hub.store, there)[0].at


def passed(stage: Stage) -> frozenset[str]:
    """Return the keys of the steps that have passed: those that are done, and briefs before which all is done."""
    found, behind = set(done(stage)), True
    for step in stage.script.steps:
        if step.kind == "brief":
            if behind:
                found.add(step.key)
        else:
            behind = behind and step.key in found
    return frozenset(found)


def stood(hub: Hub, settings: Settings, script: Script, playing: Playing) -> Stood | None:
    """Return how far a playing has come; None where it has not begun."""
    stage = Stage(hub, settings, script, playing)
    begin = began_at(stage)
    if begin is None:
        return None
    return Stood(playing.situation, playing.exercise, len(passed(stage)), len(script.steps), begin)


def standing(hub: Hub, settings: Settings, scripts: Iterable[Script], uid: str) -> tuple[Script, Stood] | None:
    """Return which of some scripts a situation is a playing of, and how far it has come; None for any other."""
    there = kept.found(hub.store, uid)
    if there is None:
        return None
    for script in scripts:
        # an exercise that was given a time of its own has it in its ids: that at which it was opened
        for begin in ("", str(there.made)):
            playing = Playing(script.id, there.exercise, begin)
            found = stood(hub, settings, script, playing) if playing.situation == uid else None
            if found is not None:
                return script, found
    return None


def wait(timing: Timing, speed: float, began: tuple[int, int], at: int) -> None:
    """Wait until the time of a step, by the world's clock and the script's when both began."""
    if not speed:
        return
    until = (began[0] + (at - began[1]) / speed) / 1e6
    while (left := until - timing.wall()) > 0.0:
        timing.sleep(min(left, MOST_WAIT_S))
