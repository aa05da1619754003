"""What each kind of step does at the desk, as whoever the script says; done again it changes nothing.

Each is entered at the script's own time, so that what is read of it is the same whenever it was played.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from noroshi.desk import asks, incidents, positions, situation_warnings, situations, warnings
from noroshi.desk.bringing_in import envelopes, one_file, place
from noroshi.desk.dossiers import Filing
from noroshi.desk.replay_cast import Playing, as_exercise, renamed
from noroshi.desk.warnings_proposing import Lenses, proposed
from noroshi.desk.warnings_sending import Wanted, send
from noroshi.files.estates import load
from noroshi.respond.script import told, worded
from noroshi.respond.script_lines import POSITIONS, of_incident, of_position, of_situation, reported, request
from noroshi.respond.situation import Gathered, Opened
from noroshi.share.taxii import Refused
from noroshi.share.warnings import Audience, Words
from noroshi.share.warnings_receipts import ANSWERS
from noroshi.store import dossiers as kept
from noroshi.store import warnings as kept_warnings
from noroshi.wire.asking import Timing

if TYPE_CHECKING:
    from noroshi.desk.hub import Hub
    from noroshi.respond.script import Script, Step
    from noroshi.settings import Settings
    from noroshi.store.contract import Principal

__all__ = ["Mark", "Stage", "done", "mark_of", "played"]


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a script is played: the hub, its settings, the script at the times at which it is played, which playing."""

    hub: Hub
    settings: Settings
    script: Script
    playing: Playing

    def who(self, name: str) -> Principal:
        """Return one of the cast as it is now; Refused 404 where somebody has withdrawn it meanwhile."""
        found = self.hub.store.principal(self.playing.name(name))
        if found is None:
            raise Refused(404, "Not found", f"{self.playing.name(name)} is not there any more")
        return found[0]

    @property
    def lead(self) -> Principal:
        """Return who opened the situation."""
        return self.who(self.script.steps[0].by)

    @property
    def filing(self) -> Filing:
        """Return under what an incident of it is filed, without its id."""
        return Filing(self.script.tlp, None, self.playing.exercise)


class Mark(NamedTuple):
    """By what one sees that a step is done: a line of a dossier that is known by `once`."""

    dossier: str
    once: str


def played(stage: Stage, step: Step) -> str:
    """Do a step; return what it made, "" for nothing in particular. Refused where the desk does."""
    return DOES.get(step.kind, remark)(stage, step)


def mark_of(stage: Stage, step: Step) -> Mark | None:
    """Return by what one sees that a step is done; None for one that leaves nothing, as a brief."""
    uid = stage.playing.uid
    match step.kind:
        case "brief" | "receipt":
            return None
        case "update":
            return Mark(uid(step.has["incident"]), f"{step.key}/0")
        case "ask":
            return Mark(stage.playing.situation, f"ask {uid(step.key)}")
        case "answer" | "remind":
            return Mark(stage.playing.situation, step.key)
        case _:
            return Mark(stage.playing.situation, f"{step.key}/0")


def done(stage: Stage) -> frozenset[str]:
    """Return the keys of the steps that are done."""
    store, found = stage.hub.store, set()
    uids = (
        stage.playing.situation,
        *(stage.playing.uid(one.key) for one in stage.script.steps if one.kind == "report"),
    )
    there = {uid: kept.onces(store, one) for uid in uids if (one := kept.found(store, uid)) is not None}
    for step in stage.script.steps:
        mark = mark_of(stage, step)
        there_already = mark is not None and mark.once in there.get(mark.dossier, ())
        if there_already or (step.kind == "receipt" and received(stage, step)):
            found.add(step.key)
    return frozenset(found)


def received(stage: Stage, step: Step) -> bool:
    """Say whether a receipt is there."""
    who = stage.hub.store.principal(stage.playing.name(step.by))
    there = kept_warnings.found(stage.hub.store, stage.playing.uid(step.has["warning"]))
    if who is None or there is None:
        return False
    came = kept_warnings.receipts(stage.hub.store, there.no)
    return any((one.principal, one.state) == (who[0].no, step.has["receipt"]) for one in came)


def open_(stage: Stage, step: Step) -> str:
    """Open the situation."""
    script, who, uid = stage.script, stage.who(step.by), stage.playing.situation
    situations.open_(stage.hub, who, Opened(script.title, script.estate), step.at, stage.filing._replace(uid=uid))
    remark(stage, step)
    return uid


def report(stage: Stage, step: Step) -> str:
    """Report an incident, and put it under the situation."""
    uid = stage.playing.uid(step.key)
    incidents.report(stage.hub, stage.who(step.by), reported(step), step.at, stage.filing._replace(uid=uid))
    lines = [Gathered(uid, told(step))]
    situations.say(stage.hub, stage.lead, stage.playing.situation, lines, step.at, step.at, step.key)
    return uid


def update(stage: Stage, step: Step) -> str:
    """Say more of an incident."""
    uid = stage.playing.uid(step.has["incident"])
    incidents.say(stage.hub, stage.who(step.by), uid, of_incident(step), step.at, step.at, step.key)
    return uid


def remark(stage: Stage, step: Step) -> str:
    """Write what a step says into the situation."""
    lines = of_situation(step, stage.playing.name)
    situations.say(stage.hub, stage.who(step.by), stage.playing.situation, lines, step.at, step.at, step.key)
    return ""


def ingest(stage: Stage, step: Step) -> str:
    """Take a bundle in, as an envelope that one sends; what is there already is no fault."""
    file = Path(step.has["bundle"])
    data = file.read_bytes()
    if stage.playing.exercise:
        data = as_exercise(data, stage.playing)
    at = place(stage.hub, stage.playing.name(step.by), stage.playing.collection)
    came = one_file(stage.hub, at, file.name, "stix", envelopes(data), step.at)
    if came.failures:
        why = "; ".join(f"{name}: {message}" for name, message in came.failures[:5])
        raise Refused(422, "Unprocessable", f"{file.name}: {why} (expected objects that can be kept)")
    remark(stage, step)
    return stage.playing.collection


def warn(stage: Stage, step: Step) -> str:
    """Write a warning, and send it to those of the cast who are at risk; nothing leaves, since they have no address."""
    hub, who, uid, estate = stage.hub, stage.who(step.by), stage.playing.uid(step.key), load(stage.script.estate)
    there = situation_warnings.warn(
        hub, stage.settings.data, who, stage.playing.situation, drafted(stage, step), step.at, estate, uid
    )
    lenses = Lenses(estate)
    to = tuple(one.principal for one in proposed(hub, who, there.uid, lenses) if not one.kept_from)
    send(hub, stage.settings, who, uid, Wanted(to), at_script_time(step), lenses)
    remark(stage, step)
    return uid


def drafted(stage: Stage, step: Step) -> situation_warnings.Draft:
    """Return what a step of kind warn says; what it is about is the exercise's own copies where it is one."""
    has, about = step.has, step.has.get("about", ())
    if stage.playing.exercise:
        about = tuple(renamed(one, stage.playing) for one in about)
    title, text, action = (
        Words(one.en, one.ja) for one in (has["title"], worded(step._replace(says=has["text"])), has["action"])
    )
    audience = Audience(**{key: has.get(key, ()) for key in ("sectors", "products", "organisations")})
    return situation_warnings.Draft(title, text, action, has["severity"], audience, about, has.get("tlp", ""))


def at_script_time(step: Step) -> Timing:
    """Return clocks that stand at a step's time."""
    return Timing(lambda: step.at / 1e6, lambda: 0.0, lambda _: None, Random(0))  # noqa: S311  nothing leaves


def receipt(stage: Stage, step: Step) -> str:
    """Read a warning as one who got it, and answer it."""
    uid, who, state = stage.playing.uid(step.has["warning"]), stage.who(step.by), step.has["receipt"]
    warnings.read(stage.hub, who, uid, step.at)
    if state in ANSWERS:
        warnings.answer(stage.hub, who, uid, state, told(step), step.at)
    return uid


def ask(stage: Stage, step: Step) -> str:
    """Ask somebody for something."""
    name, has, uid = stage.playing.name, step.has, stage.playing.uid(step.key)
    through = name(has["through"]) if "through" in has else ""
    asks.ask(stage.hub, stage.who(step.by), stage.playing.situation, name(has["to"]), through, request(step),
             has["deadline"], step.at, uid)  # fmt: skip
    return uid


def answer(stage: Stage, step: Step) -> str:
    """Answer a request."""
    uid = stage.playing.uid(step.has["ask"])
    asks.answer(stage.hub, stage.who(step.by), uid, step.has["answer"], told(step), step.at, step.key)
    return uid


def remind(stage: Stage, step: Step) -> str:
    """Remind who was asked."""
    uid = stage.playing.uid(step.has["ask"])
    asks.remind(stage.hub, stage.who(step.by), uid, step.at, step.key)
    return uid


def position(stage: Stage, step: Step) -> str:
    """Enter something into the position."""
    said = [of_position(step)]
    positions.say(stage.hub, stage.who(step.by), stage.playing.situation, said, step.at, step.at, step.key)
    return step.key


def sign(stage: Stage, step: Step) -> str:
    """Sign what stands."""
    who, role = stage.who(step.by), step.has["role"]
    positions.sign(stage.hub, who, stage.playing.situation, role, "", step.at, step.at, f"{step.key}")
    return ""


def nothing(stage: Stage, step: Step) -> str:  # noqa: ARG001  as all that does a step
    """Do nothing: a brief is read, not written."""
    return stage.playing.situation


DOES: dict[str, Callable[[Stage, Step], str]] = {
    "open": open_, "report": report, "update": update, "ingest": ingest, "warn": warn, "receipt": receipt, "ask": ask,
    "answer": answer, "remind": remind, "sign": sign, "brief": nothing, **dict.fromkeys(POSITIONS, position),
}  # fmt: skip
"""Kind of a step -> what does it; the others write what they say into the situation."""
