"""What is done with a warning that is there: answered, sent to more or again, withdrawn."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from litestar import Response

from noroshi.desk import warnings as desk
from noroshi.desk.warnings_sending import Wanted, real_timing, resend, send
from noroshi.share.taxii import Refused
from noroshi.share.warnings import Words
from noroshi.share.warnings_receipts import STATES
from noroshi.web.screen.warnings_form import lenses_of
from noroshi.web.screen.warnings_shown import shown

if TYPE_CHECKING:
    from noroshi.web.screen.form import Form
    from noroshi.web.screen.page import Page
    from noroshi.web.screen.screen import Screen
    from noroshi.web.screen.warnings_sending_now import SendingNow

__all__ = ["declare"]


def declare(screen: Screen, sending: SendingNow) -> None:
    """Declare what is done."""
    hub, settings = screen.hub, screen.settings

    @screen.change("/warnings/{uid:str}/receipt")
    def receipt(page: Page, form: Form) -> Response[Any]:
        uid, state = page.path("uid"), form.get("state")
        desk.answer(hub, page.who, uid, state, form.get("note")[:2000], page.now)
        onward = "/warnings" if form.get("back") == "list" else f"/warnings/{uid}"
        return page.go(onward, "warning_said_acted" if state == STATES[3] else "warning_said_acknowledged")

    @screen.change("/warnings/{uid:str}/sending")
    def more(page: Page, form: Form) -> Response[Any]:
        uid, chosen = page.path("uid"), tuple(form.all("to"))
        desk.mine_to_change(hub, page.who, uid)
        work = partial(send, hub, settings, page.who, uid, Wanted(chosen), real_timing(), lenses_of(page))
        try:
            sending.send(uid, work)
        except Refused as refused:
            return shown(page, sending, [page.refusal(refused)])
        return page.go(f"/warnings/{uid}", "warning_said_sent")

    @screen.change("/warnings/{uid:str}/retraction")
    def retraction(page: Page, form: Form) -> Response[Any]:
        uid, why = page.path("uid"), Words(form.get("why_en"), form.get("why_ja"))
        try:
            desk.retract(hub, settings.data, page.who, uid, why, page.now)
        except Refused as refused:
            if refused.status == 404:  # noqa: PLR2004  Not Found
                raise
            both = why.en and why.ja
            return shown(page, sending, [page.refusal(refused) if both else page.w("warning_fault_why")])
        sending.send(uid, partial(resend, hub, settings, page.who, uid, real_timing()))
        return page.go(f"/warnings/{uid}", "warning_said_retracted")
