"""One run of What-if: how far it has come, what it says, why; saved, shared, deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from litestar import MediaType
from msgspec import Struct

from noroshi.desk import whatif_runs as runs
from noroshi.desk.numbers import amount, hours, percent
from noroshi.desk.whatif_losses import losses_of, moment
from noroshi.desk.whatif_map import LineShown, MapShown, NodeShown
from noroshi.desk.whatif_running import progress_of, settled, stop
from noroshi.desk.whatif_runs import DONE, ENDED
from noroshi.desk.whatif_states import frames_of, states_at
from noroshi.report.html import safe
from noroshi.share.taxii import Refused
from noroshi.stress.sentences import EFFECT_WORDS
from noroshi.web.screen.whatif_shown import (
    LEVELS,
    STATE_WORDS,
    STEP_WORDS,
    curves,
    loss_state,
    named,
    notice_of,
    sentence,
)
from noroshi.web.screen.whatif_threat import threat_page

if TYPE_CHECKING:
    from litestar import Response

    from noroshi.desk.whatif_runs import Answer, Record
    from noroshi.web.screen.form import Form
    from noroshi.web.screen.page import Page
    from noroshi.web.screen.screen import Screen

__all__ = ["declare", "hour_of"]

TOP_LOSSES = 25


class Played(Struct, frozen=True, kw_only=True):
    """A run as the map plays it back: the map, hours, what changed at each as place in nodes + lines -> state."""

    map: MapShown
    horizon: float
    hours: tuple[float, ...]
    changes: tuple[dict[str, int], ...]
    loading: dict[str, tuple[int, ...]]
    frames: tuple[float, ...]


def declare(screen: Screen) -> None:
    """Declare the pages of a run."""

    @screen.view("/what-if/{uid:str}")
    def one(page: Page) -> Response[Any]:
        record = found(page)
        if record.state != DONE:
            return page.show("whatif_going.html", title=named(page, record), **going(page, record))
        return threat_page(page, record) if record.kind == "threat" else result_page(page, record)

    @screen.view("/what-if/{uid:str}/progress")
    def progress(page: Page) -> Response[Any]:
        record = found(page)
        if record.state in ENDED:
            return page.answer(b"", "text/html", headers={"HX-Refresh": "true"})
        return page.show("whatif_progress.html", **going(page, record))

    @screen.view("/what-if/{uid:str}/played.json")
    def played(page: Page) -> Response[Any]:
        import msgspec

        record = found(page)
        answer, shown = runs.answer(page.settings, record), runs.read(page.settings, record.uid, "map", MapShown)
        playback = answer.playback
        said = Played(map=shown, horizon=playback.horizon_h, hours=playback.hours, changes=playback.changes,
                      loading=answer.loading, frames=frames_of(playback))  # fmt: skip
        return page.answer(msgspec.json.encode(said), MediaType.JSON)

    @screen.view("/what-if/{uid:str}/why")
    def why(page: Page) -> Response[Any]:
        record = found(page)
        answer, shown = runs.answer(page.settings, record), runs.read(page.settings, record.uid, "map", MapShown)
        unit = page.query("unit")
        content = {"title": page.w("wi_why_of", name=name_of(page, answer, shown, unit)), "record": record,
                   "name": name_of(page, answer, shown, unit), **whys(page, answer, unit)}  # fmt: skip
        return page.show("whatif_why_part.html" if page.part else "whatif_why.html", **content)

    @screen.change("/what-if/{uid:str}/stop")
    def stopped(page: Page, _: Form) -> Response[Any]:
        stop(page.settings, page.who, page.path("uid"))
        return page.go(f"/what-if/{page.path('uid')}", said="wi_stopping")

    @screen.change("/what-if/{uid:str}/save")
    def saved(page: Page, form: Form) -> Response[Any]:
        runs.rename(page.settings, page.who, page.path("uid"), form.get("name"))
        return page.go(f"/what-if/{page.path('uid')}", said="wi_now_saved")

    @screen.change("/what-if/{uid:str}/share")
    def shared(page: Page, form: Form) -> Response[Any]:
        names = tuple(one.strip() for one in form.get("names").replace(",", "\n").splitlines() if one.strip())
        everybody = bool(form.get("everybody"))
        runs.share(page.settings, page.hub.store, page.who, page.path("uid"), names, everybody=everybody)
        return page.go(f"/what-if/{page.path('uid')}", said="wi_now_shared")

    @screen.change("/what-if/{uid:str}/delete")
    def deleted(page: Page, _: Form) -> Response[Any]:
        runs.delete(page.settings, page.who, page.path("uid"))
        return page.go("/what-if", said="wi_now_deleted")


def found(page: Page) -> Record:
    """Return the run of an address as it stands; Refused 404 for whom it is not."""
    return settled(page.settings, runs.must_find(page.settings, page.who, page.path("uid")))


def going(page: Page, record: Record) -> dict[str, Any]:
    """Return how far a run has come, or why it has no answer."""
    stands = progress_of(page.settings, record)
    return {
        "record": record, "step": page.w(STEP_WORDS.get(stands.step, "wi_s_model")), "part": stands.part,
        "state": page.w(STATE_WORDS[record.state]), "own": runs.owned(page.who, record), "ended": record.state in ENDED,
    }  # fmt: skip


def hour_of(page: Page, answer: Answer) -> float:
    """Return the hour that an address names, 0 where it names none; Refused 422 for one that is not in the run."""
    try:
        hour = float(page.query("at", "0"))
    except ValueError:
        hour = -1.0
    if not 0.0 <= hour <= answer.playback.horizon_h:
        raise Refused(422, "Unprocessable", f"at: an hour of the run (expected 0 to {answer.playback.horizon_h:g})")
    return hour


def result_page(page: Page, record: Record) -> Response[Any]:
    """Return what a run of a shock says."""
    answer, lang = runs.answer(page.settings, record), page.lang
    losses = losses_of(answer)
    said, rest = sentence(page, answer, losses)
    frames = [moment(answer, losses, hour) for hour in frames_of(answer.playback)]
    shown = runs.read(page.settings, record.uid, "map", MapShown)
    names = {one.id: page.pick(one.name_en, one.name_ja) for one in everything(shown)}
    estate = answer.result["estate"]
    return page.show(
        "whatif_result.html", title=named(page, record), record=record, sentence=said, rest=rest,
        own=runs.owned(page.who, record) and page.may("whatif.run"), losses=losses[:TOP_LOSSES],
        more=losses[TOP_LOSSES:],
        frames=frames, curves=curves(page, answer), bands=answer.bands, shown=shown, answer=answer, names=names,
        state_of=loss_state, levels=LEVELS, scripts=("map.js",), estate=estate,
        notice=notice_of(page, estate),
        amount=lambda value: amount(value, lang), hours=lambda value: hours(value, lang),
        percent=lambda value: percent(value, lang), effects={k: page.pick(*v) for k, v in EFFECT_WORDS.items()},
        link=f"{page.settings.address or str(page.request.base_url).rstrip('/')}/what-if/{record.uid}",
        state_at=states_at(answer.playback, 0.0), why={"first": next(iter(answer.whys), None)},
    )  # fmt: skip


def everything(shown: MapShown) -> list[NodeShown | LineShown]:
    """Return the nodes and lines of a map."""
    return [*shown.nodes, *shown.lines]


def name_of(page: Page, answer: Answer, shown: MapShown, unit: str) -> str:
    """Return what a unit is called; Refused 404 for what the run does not have."""
    for one in everything(shown):
        if one.id == unit:
            return page.pick(one.name_en, one.name_ja)
    for row in answer.result["services"]:
        if row["id"] == unit:
            return page.pick(row["name_en"], row["name_ja"])
    if any(one.unit == unit for one in answer.whys):
        return unit
    raise Refused(404, "Not found", "the run has no such unit")


def whys(page: Page, answer: Answer, unit: str) -> dict[str, Any]:
    """Return why a unit fell: each loss with its lines."""
    mine = [one for one in answer.whys if one.unit == unit]
    return {"whys": [{"head": lines[0], "lines": lines[1:]} for lines in
                     (one.lines_ja if page.lang == "ja" else one.lines for one in mine)], "glyph": safe}  # fmt: skip
