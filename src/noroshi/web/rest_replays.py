"""The REST interface's replays: which scripts there are, playing one, how far it has come, stopping it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Annotated, Any

from litestar import Request, Response, delete, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody
from msgspec import Meta, Struct

from noroshi.desk.replaying import How, Stood, lead, standing
from noroshi.desk.situations import must_find
from noroshi.files.situation_scripts import load_script, shipped_scripts
from noroshi.respond.asks import Words
from noroshi.respond.script import Script
from noroshi.share.taxii import Refused, timestamp
from noroshi.web.replays import Replays
from noroshi.web.rest_asking import asker_of, get
from noroshi.web.rest_case_shapes import Time
from noroshi.web.rest_values import fit, moment

if TYPE_CHECKING:
    from noroshi.desk.hub import Hub
    from noroshi.settings import Settings

__all__ = ["handlers"]

Ask = Request[Any, Any, Any]
ABSENT = Refused(404, "Not found", "there is no such replay")
NO_SCRIPT = Refused(404, "Not found", "no script of that name ships with this hub; GET /replays lists them")
ALONE = Refused(422, "Unprocessable", "begin: of an exercise alone (expected nothing: history has its own times)")
ELSEWHERE = Refused(409, "Conflict", "it is not being played by the process that you have reached")


class NewReplay(Struct, forbid_unknown_fields=True):
    """Which script is played, and how.

    begin: of the exercise, by default now, or when it began; speed: how many times as fast as it was, 0 = no waiting.
    """

    script: Annotated[str, Meta(max_length=40)]
    exercise: bool = False
    begin: Time | None = None
    speed: Annotated[float, Meta(ge=0, le=1_000_000)] = 0.0


class ScriptShown(Struct):
    """A script that ships; happened: it can be played as history."""

    id: str
    title: Words
    note: Words
    happened: bool
    steps: int
    sources: list[str]


class ReplayShown(Struct):
    """A playing: the id is that of its situation. fault: why it did not go on, "" where it did; begin: its own time."""

    id: str
    script: str
    exercise: bool
    done: int
    steps: int
    begin: str | None
    running: bool
    fault: str


class Scripts(Struct):
    """Scripts that ship."""

    scripts: list[ScriptShown]


@cache
def scripts() -> dict[str, Script]:
    """Return the scripts that ship, by their ids."""
    return {name: load_script(name) for name in shipped_scripts()}


def handlers(hub: Hub, settings: Settings) -> list[HTTPRouteHandler]:
    """Return what answers for replays."""
    replays = Replays(hub, settings)

    @get("/replays", sync_to_thread=True, summary="Scripts that can be played (centre)")
    def listed(request: Ask) -> Scripts:
        lead(asker_of(request).principal)
        return Scripts([
            ScriptShown(one.id, one.title, one.note, one.happened, len(one.steps), list(one.sources))
            for one in scripts().values()
        ])  # fmt: skip

    @post("/replays", sync_to_thread=True, opt={"json": True}, status_code=202,
          summary="Play a script, or go on with it, as history or as an exercise (centre)")  # fmt: skip
    def begin(request: Ask, data: JSONBody[NewReplay]) -> Response[ReplayShown]:
        lead(asker_of(request).principal)
        script = scripts().get(data.script)
        if script is None:
            raise NO_SCRIPT
        lead(asker_of(request).principal, script)
        if data.begin is not None and not data.exercise:
            raise ALONE
        at = None if data.begin is None else moment("begin", data.begin)
        made = replays.start(script, How(data.exercise, at, data.speed))
        shown = shown_as(replays, made.situation) or ReplayShown(
            made.situation, script.id, data.exercise, 0, len(script.steps), None, made.alive, made.fault
        )
        return Response(shown, status_code=202, headers={"Location": f"/api/v1/replays/{made.situation}"})

    @get("/replays/{uid:str}", sync_to_thread=True, summary="How far a replay has come (centre)")
    def one(request: Ask, uid: FromPath[str]) -> ReplayShown:
        seen(replays, request, uid)
        found = shown_as(replays, uid)
        if found is None:
            raise ABSENT
        return found

    @delete("/replays/{uid:str}", sync_to_thread=True, status_code=204,
            summary="Stop a replay after the step that it is at; playing it again goes on (centre)")  # fmt: skip
    def stop(request: Ask, uid: FromPath[str]) -> None:
        seen(replays, request, uid)
        running = replays.of(uid)
        if running is not None and running.alive:
            running.stop.set()
        elif shown_as(replays, uid) is None:
            raise ABSENT
        else:
            raise ELSEWHERE

    return [listed, begin, one, stop]


def seen(replays: Replays, request: Ask, uid: str) -> None:
    """Refuse who may not have scripts played, or see the situation of this one."""
    asker = asker_of(request).principal
    lead(asker)
    must_find(replays.hub, asker, fit(uid, ABSENT))


def shown_as(replays: Replays, uid: str) -> ReplayShown | None:
    """Return how a playing stands: how far by the store, whichever process plays it."""
    running = replays.of(uid)
    # first whether it is under way, then how far: what has ended by then is shown whole
    alive, fault = (False, "") if running is None else (running.alive, running.fault)
    found = standing(replays.hub, replays.settings, scripts().values(), uid)
    return None if found is None else replay_shown(*found, running=alive, fault=fault)


def replay_shown(script: Script, one: Stood, *, running: bool, fault: str) -> ReplayShown:
    """Return a playing as plain values."""
    begin = None if one.begin is None else timestamp(one.begin)
    return ReplayShown(one.situation, script.id, one.exercise, one.done, one.total, begin, running, fault)
