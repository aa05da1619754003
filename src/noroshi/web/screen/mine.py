"""An operator's own page: warnings that concern it, its duties and clocks, its rating and gaps, whom it hangs on."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from litestar import Response

from noroshi.desk import asks, assessments, incidents, warnings
from noroshi.desk.incident_duties import dated
from noroshi.desk.numbers import plain, points
from noroshi.desk.permitting import must
from noroshi.desk.ratings import mark_of, rating_of
from noroshi.report.html import safe
from noroshi.report.ratings_charts import gauge
from noroshi.report.tables import Cell, Column, Table
from noroshi.respond.asks import STATES as ASK_STATES
from noroshi.respond.clock import LEVELS, level
from noroshi.share.warnings_receipts import ANSWERS
from noroshi.web.screen import ratings_tables as tables
from noroshi.web.screen.ratings import around_of
from noroshi.web.screen.warnings_deadline import until_of, without

if TYPE_CHECKING:
    from noroshi.desk.rating import Rating
    from noroshi.web.screen.form import Form
    from noroshi.web.screen.page import Page
    from noroshi.web.screen.screen import Screen

__all__ = ["declare"]

GAPS, DUES = 3, 6
OVER = frozenset({"recovered", "closed"})
RUNNING = ("overdue", "last-call", "soon", "due")
DUE_STATES = {"overdue": 3, "last-call": 2, "soon": 1, "due": 0}


def declare(screen: Screen) -> None:
    """Declare the page of one's own organisation."""
    hub = screen.hub

    @screen.view("/mine")
    def mine(page: Page) -> Response[Any]:
        must(page.who, "assessments.write")
        place = assessments.place_of(hub, page.who)
        if place is None:
            return page.show("mine_nowhere.html", title=page.w("mine_title"), narrow=True)
        estate = page.loaded()
        known = place.organisation in estate.rows("organisations")
        name = place.organisation
        if known:
            row = estate.frame("organisations").row(estate.rows("organisations")[name], named=True)
            name = page.pick(row["name_en"] or name, row["name_ja"])
        shown = assessments.mine(hub, page.who)
        rating = rating_of(shown, estate, page.now)
        return page.show(
            "mine.html", title=name, lead=page.w("mine_lead", name=name), exercise=place.exercise,
            owner=place.organisation, warned=warned(page), without=without, duties=duties(page), asks=asked_of(page),
            report=page.may("incidents.report"),
            answered=len(shown.state.answered), count=len(assessments.asked_catalogue().items),
            **({} if rating is None else standing(rating, mark_of(estate), page)), rated=rating is not None,
            around=around_of(estate, place.organisation, name, page) if known else None,
        )  # fmt: skip

    @screen.change("/mine/warnings/{uid:str}")
    def answered(page: Page, form: Form) -> Response[Any]:
        state = form.get("state")
        warnings.answer(hub, page.who, page.path("uid"), state if state in ANSWERS else "", "", page.now)
        return page.go("/mine", said="mine_answered")


def warned(page: Page) -> dict[str, Any]:
    """Return the warnings for oneself: those to answer, which count as delivered by that, and how many are done."""
    found = [
        one for one in warnings.listed(page.hub, page.who) if one.to_me and one.kept.last.said.kind != "retraction"
    ]
    open_ = [one for one in found if one.state not in ANSWERS]
    for one in open_:
        warnings.read(page.hub, page.who, one.kept.last.said.warning, page.now)
    told = [one for one in found if one.state == ANSWERS[0]]
    return {
        "open": [(one.kept.last.said, until_of(page, one.kept.last.said.action)) for one in open_],
        "told": [(one.kept.last.said, until_of(page, one.kept.last.said.action)) for one in told],
        "done": len(found) - len(open_) - len(told),
    }  # fmt: skip


def duties(page: Page) -> Table | None:
    """Return what runs for one's own open incidents, the most urgent first; None where no incident is open."""
    if not page.may("incidents.read"):
        return None
    now = datetime.fromtimestamp(page.now / 1e6, UTC)
    mine = [one for one in incidents.incidents(page.hub, page.who)
            if one.incident.state not in OVER and not one.incident.hidden]  # fmt: skip
    if not mine:
        return None
    running = [
        (due.at, due) for one in mine for due in dated(one.incident, now)
        if due.at is not None and level(due, now) in RUNNING
    ]  # fmt: skip
    running.sort(key=lambda pair: pair[0])
    w = page.w
    columns = (
        Column(w("mine_duty"), "name"),
        Column(w("mine_due"), "num"),
        Column(w("mine_stands"), "state"),
        Column(w("mine_to")),
    )
    rows = tuple(
        (
            Cell(page.pick(due.duty.name, due.duty.name_ja)), Cell(page.at(int(at.timestamp() * 1e6))),
            Cell(page.pick(*LEVELS[level(due, now)]), state=DUE_STATES[level(due, now)]),
            Cell(", ".join(page.pick(*one) for one in due.duty.recipients)),
        )
        for at, due in running[:DUES]
    )  # fmt: skip
    return Table(w("mine_duties"), columns, rows)


def asked_of(page: Page) -> list[dict[str, Any]]:
    """Return what one is asked for and has not done or refused yet."""
    if not page.may("asks.answer"):
        return []
    return [
        {"what": page.pick(one.ask.what.en, one.ask.what.ja), "at": page.at(one.ask.deadline),
         "state": page.pick(*ASK_STATES[one.ask.state])}
        for one in asks.mine(page.hub, page.who) if one.to_me and one.ask.state in {"asked", "accepted"}
    ]  # fmt: skip


def standing(rating: Rating, mark: float, page: Page) -> dict[str, Any]:
    """Return one's score in a picture, and where most points are missing."""
    scored, state = rating.scored, tables.STATES[rating.verdict.verdict]
    low, mean, high = (float(one[0]) for one in (scored.low, scored.mean, scored.high))
    range_ = tables.span(low, high, page.lang)
    label = page.w("ratings_gauge", score=points(mean), range=range_, mark=plain(mark))
    rows = sorted(rating.items(), key=lambda row: -row["points"] * (1.0 - row["mean"]))[:GAPS]
    by = rating.catalogue.index
    gaps = [
        (page.pick(item.question_en, item.question_ja),
         page.w("ratings_points", points=plain(row["points"] * (1 - row["mean"]), 2)), row["id"])
        for row in rows for item in (rating.catalogue.items[by[row["id"]]],)
    ]  # fmt: skip
    return {
        "gauge": safe(gauge(mean, (low, high), state, mark, label)), "score": points(mean), "range": range_,
        "state": state,
        "verdict": tables.word_of(rating.verdict.verdict, page), "gaps": gaps,
    }  # fmt: skip
