"""The self-assessment: 26 questions, each saved as it is answered; evidence; a form to fill in elsewhere; versions."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from litestar import Response

from noroshi.desk import assessments as desk
from noroshi.desk.numbers import points
from noroshi.desk.permitting import must
from noroshi.desk.ratings import mark_of, rating_of
from noroshi.errors import InputError
from noroshi.report.html import safe
from noroshi.report.ratings_charts import gauge
from noroshi.share.taxii import Refused
from noroshi.web.screen.assessment_forms import Misread, asked, form_of, read_given, read_sheet, sections
from noroshi.web.screen.ratings_tables import STATES, span

if TYPE_CHECKING:
    from noroshi.desk.assessments import Shown
    from noroshi.web.screen.form import Form
    from noroshi.web.screen.page import Page
    from noroshi.web.screen.screen import Screen

__all__ = ["declare"]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def declare(screen: Screen) -> None:
    """Declare the pages of the self-assessment."""
    hub = screen.hub

    @screen.view("/assessment")
    def assessment(page: Page) -> Response[Any]:
        must(page.who, "assessments.write")
        return whole(page, desk.mine(hub, page.who))

    @screen.view("/assessment/standing")
    def standing(page: Page) -> Response[Any]:
        must(page.who, "assessments.write")
        shown = desk.mine(hub, page.who)
        return (
            page.show("assessment_standing.html", **standing_of(shown, page)) if page.part else page.go("/assessment")
        )

    @screen.change("/assessment/answer")
    def answered(page: Page, form: Form) -> Response[Any]:
        item = form.get("item")
        try:
            given = read_given(form, page)
        except Misread as wrong:
            return after(page, desk.mine(hub, page.who), item, form, fault=str(wrong))
        try:
            shown, _ = desk.answer(hub, page.who, item, given, number(form, "seen"), page.now, form.get("page")[:20])
        except Refused as refused:
            if refused.status != 422:  # noqa: PLR2004  Unprocessable: what was typed is at fault
                raise
            return after(page, desk.mine(hub, page.who), item, form, fault=page.refusal(refused))
        return after(page, shown, item, form)

    @screen.change("/assessment/choose")
    def chosen(page: Page, form: Form) -> Response[Any]:
        item = form.get("item")
        shown, done = desk.choose(hub, page.who, item, number(form, "line"), number(form, "seen"), page.now)
        return after(page, shown, item, form, fault="" if done else page.w("assessment_conflict"))

    declare_evidence(screen)
    declare_forms(screen)


def declare_evidence(screen: Screen) -> None:
    """Declare how files come to a question, and back."""
    hub = screen.hub

    @screen.change("/assessment/evidence")
    def attached(page: Page, form: Form) -> Response[Any]:
        item, file = form.get("item"), form.file("file")
        if file is None:
            return after(page, desk.mine(hub, page.who), item, form, fault=page.w("assessment_upload_none"))
        try:
            shown = desk.attach(hub, page.who, item, file.name, file.data, page.now)
        except Refused as refused:
            return after(page, desk.mine(hub, page.who), item, form, fault=page.refusal(refused))
        return after(page, shown, item, form)

    @screen.change("/assessment/evidence/remove")
    def removed(page: Page, form: Form) -> Response[Any]:
        item = form.get("item")
        return after(page, desk.remove(hub, page.who, item, form.get("file"), page.now), item, form)

    @screen.view("/assessment/evidence/{file:str}")
    def evidence(page: Page) -> Response[Any]:
        place = desk.mine(hub, page.who).place
        name, body = desk.evidence(hub, page.who, place.organisation, page.path("file"), exercise=place.exercise)
        headers = {"Content-Security-Policy": "sandbox; default-src 'none'"}
        return page.answer(body, "application/octet-stream", save_as=name, headers=headers)


def declare_forms(screen: Screen) -> None:
    """Declare how all is submitted, and how a form goes out and comes back."""
    hub = screen.hub

    @screen.change("/assessment/submit")
    def submitted(page: Page, form: Form) -> Response[Any]:
        shown = desk.mine(hub, page.who)
        rating = rating_of(shown, page.loaded(), page.now)
        figures = (0.0, 0.0, 0.0)
        if rating is not None:
            scored = rating.scored
            figures = (float(scored.mean[0]), float(scored.low[0]), float(scored.high[0]))
        try:
            desk.submit(hub, page.who, figures, number(form, "seen"), page.now)
        except Refused as refused:
            return whole(page, shown, fault=page.refusal(refused), status=refused.status)
        return page.go(f"/ratings/{shown.place.organisation}", said="assessment_submitted")

    @screen.view("/assessment/form.xlsx")
    def form_out(page: Page) -> Response[Any]:
        must(page.who, "assessments.write")
        shown = desk.mine(hub, page.who)
        body = form_of(desk.sheet(shown, page.now), page.lang)
        return page.answer(body, XLSX, save_as=f"{shown.place.organisation}-{page.lang}.xlsx")

    @screen.change("/assessment/upload")
    def uploaded(page: Page, form: Form) -> Response[Any]:
        must(page.who, "assessments.write")
        shown, file = desk.mine(hub, page.who), form.file("file")
        try:
            sheet = read_sheet(file, shown.place.organisation, page)
            shown, taken = desk.take(hub, page.who, sheet, page.now)
        except (Misread, InputError, Refused) as wrong:
            said = (
                wrong.report(page.lang) if isinstance(wrong, InputError) else getattr(wrong, "description", str(wrong))
            )
            return whole(page, shown, fault=said, status=422)
        counts = {"fresh": len(taken.answered), "same": len(taken.same), "aside": len(taken.aside)}
        return whole(page, shown, told=page.w("assessment_taken", **counts))


def number(form: Form, name: str) -> int:
    """Return a field that is a whole number, 0 where it is none."""
    text = form.get(name)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004  a line's number


def whole(page: Page, shown: Shown, *, fault: str = "", told: str = "", status: int = 200) -> Response[Any]:
    """Return the whole form; fault: what is wrong with what was just sent, told: what became of it."""
    name = shown.place.organisation
    estate = page.loaded()
    row = estate.rows("organisations").get(name)
    if row is not None:
        there = estate.frame("organisations").row(row, named=True)
        name = page.pick(there["name_en"] or name, there["name_ja"])
    return page.show(
        "assessment.html", status=status, title=page.w("assessment_title"), exercise=shown.place.exercise, fault=fault,
        told=told, lead=page.w("assessment_lead", name=name), sections=sections(shown, page, secrets.token_hex(4)),
        **standing_of(shown, page),
    )  # fmt: skip


def after(page: Page, shown: Shown, item: str, form: Form, fault: str = "") -> Response[Any]:
    """Return one question as it stands after something was said of it: the part, or the way back to it."""
    if not page.part:
        return whole(page, shown, fault=fault, status=422) if fault else page.go(f"/assessment#q-{item}")
    made = page.show("assessment_item.html", one=asked(shown, item, page, form.get("page")[:20], fault))
    made.headers["HX-Trigger"] = "answered"
    return made


def standing_of(shown: Shown, page: Page) -> dict[str, Any]:
    """Return how the assessment stands: how much is answered, the score so far, what is submitted."""
    estate = page.loaded()
    rating, mark = rating_of(shown, estate, page.now), mark_of(estate)
    content: dict[str, Any] = {
        "done": len(shown.state.answered), "count": len(desk.asked_catalogue().items), "last": shown.state.last,
        "owner": shown.place.organisation, "disputes": len(shown.state.aside), "live": "", "gauge": "",
    }  # fmt: skip
    if rating is not None:
        low, mean, high = (float(one[0]) for one in (rating.scored.low, rating.scored.mean, rating.scored.high))
        range_ = span(low, high, page.lang)
        label = page.w("ratings_gauge", score=points(mean), range=range_, mark=f"{mark:g}")
        content["live_score"] = page.w("assessment_live", score=points(mean), range=range_)
        content["gauge"] = safe(gauge(mean, (low, high), STATES[rating.verdict.verdict], mark, label))
    else:
        content["live_score"] = page.w("assessment_live_none")
    return content
