"""Scripts that are played as an exercise, or as history: begun, watched and stopped from the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from litestar import Response

from noroshi.desk.replaying import How, lead
from noroshi.desk.situations import must_find
from noroshi.share.taxii import Refused
from noroshi.web.replays import Replays
from noroshi.web.rest_replays import scripts, shown_as
from noroshi.web.rest_values import fit
from noroshi.web.screen.situations_forms import tried

if TYPE_CHECKING:
    from noroshi.web.screen.form import Form
    from noroshi.web.screen.page import Page
    from noroshi.web.screen.screen import Screen

__all__ = ["declare"]

ABSENT = Refused(404, "Not found", "there is no such replay")

OWN = ("invented for this script", "this script")
"""How scripts that ship name themselves as a source."""


def declare(screen: Screen) -> None:
    """Declare the page of scripts, and that of one which is played."""
    replays = Replays(screen.hub, screen.settings)

    @screen.view("/scripts")
    def every(page: Page) -> Response[Any]:
        return listed(page)

    @screen.change("/scripts")
    def begin(page: Page, form: Form) -> Response[Any]:
        lead(page.who)

        def work() -> Response[Any]:
            script = scripts().get(form.get("script"))
            if script is None:
                raise ABSENT
            lead(page.who, script)
            drill = form.get("kind") != "history"
            made = replays.start(script, How(drill))
            return page.go(f"/scripts/{made.situation}")

        return tried(page, work, lambda faults, status: listed(page, faults, status))

    @screen.view("/scripts/{uid:str}")
    def one(page: Page) -> Response[Any]:
        found = seen(page, replays)
        script = scripts()[found.script]
        return page.show(
            "situations_replay_part.html" if page.part else "situations_replay.html", found=found,
            title=page.pick(script.title.en, script.title.ja), note=page.pick(script.note.en, script.note.ja),
            exercise=found.exercise, steps=[
                {"says": page.pick(step.says.en, step.says.ja), "done": n <= found.done,
                 "source": source(page, step.source)}
                for n, step in enumerate(script.steps, 1)
            ],
        )  # fmt: skip

    @screen.change("/scripts/{uid:str}/stop")
    def stop(page: Page, _: Form) -> Response[Any]:
        found = seen(page, replays)
        running = replays.of(found.id)
        if running is not None and running.alive:
            running.stop.set()
        return page.go(f"/scripts/{found.id}", said="sit_play_stopping")


def listed(page: Page, faults: tuple[str, ...] = (), status: int = 200) -> Response[Any]:
    """Return the page of scripts that ship; Refused 403 for who may not have them played."""
    lead(page.who)
    every = [
        {"id": one.id, "title": page.pick(one.title.en, one.title.ja), "note": page.pick(one.note.en, one.note.ja),
         "happened": one.happened, "steps": len(one.steps), "sources": one.sources}
        for one in scripts().values()
    ]  # fmt: skip
    return page.show("situations_replays.html", status=status, title=page.w("sit_replays"), faults=faults, every=every)


def source(page: Page, text: str) -> str:
    """Return on what a step of a script rests; what the script says of itself in the page's language."""
    own = next((one for one in OWN if text.startswith(one)), "")
    return page.w("sit_play_own") + text.removeprefix(own) if own else text


def seen(page: Page, replays: Replays) -> Any:  # noqa: ANN401  as REST shows it
    """Return how a playing stands; Refused 403, 404."""
    lead(page.who)
    uid = fit(page.path("uid"), ABSENT)
    must_find(page.hub, page.who, uid)
    found = shown_as(replays, uid)
    if found is None:
        raise ABSENT
    return found
