"""A warning is written: both languages side by side, then all that would leave and who is kept from it, then sent."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from litestar import Response

from noroshi.desk import warnings as desk
from noroshi.desk.permitting import must
from noroshi.desk.warnings_drafting import begun, preview
from noroshi.desk.warnings_sending import Wanted, real_timing, resend, send
from noroshi.share.taxii import Refused
from noroshi.share.warnings import Audience, Said, Words
from noroshi.share.warnings_words import CHANNELS, KEPT_FROM
from noroshi.web.screen.warnings_faults import faults
from noroshi.web.screen.warnings_form import (
    Filled,
    digest,
    filled_of,
    filled_with,
    lenses_of,
    reason_named,
    said_of,
    shown_with,
)
from noroshi.web.screen.warnings_shown import shown as one_shown

if TYPE_CHECKING:
    from noroshi.desk.warnings_drafting import Preview
    from noroshi.web.screen.form import Form
    from noroshi.web.screen.page import Page
    from noroshi.web.screen.screen import Screen
    from noroshi.web.screen.warnings_sending_now import SendingNow

__all__ = ["declare"]

EMPTY = Said(Words("", ""), Words("", ""), Words("", ""), "high", "AMBER", audience=Audience())
TYPED = (403, 409, 422)
"""Statuses of refusals that are told above the form, with what was typed."""


def declare(screen: Screen, sending: SendingNow) -> None:
    """Declare the pages on which warnings are written."""
    correction(screen, sending)
    hub, settings = screen.hub, screen.settings

    @screen.view("/warnings/new")
    def new(page: Page) -> Response[Any]:
        must(page.who, "warnings.write")
        said = begun(hub, page.who, page.query("about"), page.query("in")) if page.query("about") else EMPTY
        return shown(page, filled_with(said))

    @screen.change("/warnings/new")
    def composed(page: Page, form: Form) -> Response[Any]:
        must(page.who, "warnings.write")
        filled = filled_of(form)
        said = said_of(filled)
        wrong = faults(page, said)
        if wrong:
            return shown(page, filled, wrong)
        lenses = lenses_of(page, asked=filled.estate)
        try:
            found = preview(hub, settings.data, settings.address, page.who, said, page.now, lenses)
            if form.get("what") != "send":
                return shown(page, filled, found=found, said=said)
            chosen = tuple(form.all("to"))
            if form.get("seen") != digest(said) or not chosen:
                told = "warning_changed_since" if chosen else "warning_nobody_chosen"
                return shown(page, filled, [page.w(told)], found, said)
            uid = desk.write(hub, settings.data, page.who, said, page.now).uid
        except Refused as refused:
            if refused.status not in TYPED:
                raise
            return shown(page, filled, [page.refusal(refused)])
        wanted = Wanted(chosen, collection=filled.collection)
        try:
            sending.send(uid, partial(send, hub, settings, page.who, uid, wanted, real_timing(), lenses))
        except Refused as refused:
            return one_shown(page, sending, [page.refusal(refused)], uid)
        return page.go(f"/warnings/{uid}", "warning_said_sent")


def correction(screen: Screen, sending: SendingNow) -> None:
    """Declare the pages on which warnings are corrected."""
    hub, settings = screen.hub, screen.settings

    @screen.view("/warnings/{uid:str}/correct")
    def correct(page: Page) -> Response[Any]:
        return correcting(page, filled_with(of_kept(page)))

    @screen.change("/warnings/{uid:str}/correct")
    def corrected(page: Page, form: Form) -> Response[Any]:
        uid, filled = page.path("uid"), filled_of(form)
        there = desk.mine_to_change(hub, page.who, uid)
        said = said_of(filled._replace(exercise=there.last.said.exercise))
        wrong = faults(page, said)
        if wrong:
            return correcting(page, filled, wrong)
        try:
            desk.correct(hub, settings.data, page.who, uid, said, page.now)
        except Refused as refused:
            if refused.status not in TYPED:
                raise
            return correcting(page, filled, [page.refusal(refused)])
        try:
            sending.send(uid, partial(resend, hub, settings, page.who, uid, real_timing()))
        except Refused as refused:
            return one_shown(page, sending, [page.refusal(refused)])
        return page.go(f"/warnings/{uid}", "warning_said_corrected")


def of_kept(page: Page) -> Said:
    """Return the last version of a warning as a draft."""
    there = desk.mine_to_change(page.hub, page.who, page.path("uid"))
    last = there.last.said
    return Said(last.title, last.text, last.action, last.severity, last.tlp, last.communities, there.audience,
                last.about, last.exercise)  # fmt: skip


def correcting(page: Page, filled: Filled, wrong: list[str] | None = None) -> Response[Any]:
    """Return the page on which a warning is corrected."""
    there = desk.mine_to_change(page.hub, page.who, page.path("uid"))
    exercise = there.last.said.exercise
    return page.show(
        "warnings_correct.html", status=422 if wrong else 200, title=page.w("warning_correct_title"),
        wrong=wrong or [], uid=there.uid, exercise=exercise, **shown_with(page, filled._replace(exercise=exercise)),
    )  # fmt: skip


def shown(
    page: Page, filled: Filled, wrong: list[str] | None = None, found: Preview | None = None,
    said: Said | None = None,
) -> Response[Any]:  # fmt: skip
    """Return the page on which a warning is written; found: what would come of it, where that was asked."""
    return page.show(
        "warnings_new.html", status=422 if wrong else 200, title=page.w("warning_new_title"), wrong=wrong or [],
        found=found, seen=digest(said) if said else "", exercise=filled.exercise, reason=reason_named, draft=said,
        kept_from=KEPT_FROM, channels=CHANNELS, japanese=int(page.lang == "ja"), **shown_with(page, filled),
    )  # fmt: skip
