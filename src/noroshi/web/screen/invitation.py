"""Invitations: who runs the hub makes a link, and whoever has it chooses a password and is in."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from litestar import Response

from noroshi.desk import inviting, sessions
from noroshi.desk.permitting import must
from noroshi.files.declarations import SHORTEST_PASSWORD
from noroshi.share.markings import Tlp
from noroshi.share.permissions import KINDS
from noroshi.share.taxii import Refused
from noroshi.web.rest_sessions import cookie

if TYPE_CHECKING:
    from noroshi.web.screen.form import Form
    from noroshi.web.screen.page import Page
    from noroshi.web.screen.screen import Screen

__all__ = ["declare"]

FIELDS = ("name", "kind", "tlp", "organisation", "sectors", "days")
PLAIN = {"kind": "operator", "tlp": "AMBER", "days": str(inviting.DAYS), "exercise": ""}


def declare(screen: Screen) -> None:
    """Declare the pages of invitations."""
    declare_inviting(screen)
    hub, settings = screen.hub, screen.settings

    @screen.view("/invitation/{secret:str}", everybody=True)
    def invitation(page: Page) -> Response[Any]:
        return asked(page)

    @screen.change("/invitation/{secret:str}", everybody=True)
    def accepted(page: Page, form: Form) -> Response[Any]:
        password = typed_whole(form, "password")
        if inviting.holds(hub, page.path("secret"), page.now) is None:
            return asked(page)
        if len(password) < SHORTEST_PASSWORD:
            return asked(page, page.w("invitation_short", count=SHORTEST_PASSWORD))
        if password != typed_whole(form, "again"):
            return asked(page, page.w("invitation_differ"))
        try:
            name = inviting.accept(hub, page.path("secret"), password, page.now)
        except Refused as refused:
            return asked(page, page.refusal(refused))
        found = hub.credentials.password(name, password, time.monotonic())
        if found is None:
            return page.go("/login")
        opened = sessions.log_in(hub.store, found, settings.session_hours, page.now)
        answer = page.go(
            "/mine" if found.kind == "operator" else "/", said="mine_welcome" if found.kind == "operator" else ""
        )
        answer.cookies.append(cookie(page.request, opened))
        return answer


def declare_inviting(screen: Screen) -> None:
    """Declare the page on which links are made."""
    hub, settings = screen.hub, screen.settings

    @screen.view("/admin/invite")
    def invite(page: Page) -> Response[Any]:
        return shown(page, {})

    @screen.change("/admin/invite")
    def invited(page: Page, form: Form) -> Response[Any]:
        typed = {name: form.get(name) for name in FIELDS} | {"exercise": form.get("exercise")}
        must(page.who, "principals.change")
        try:
            wanted = wanted_of(page, typed)
            one, secret = inviting.invite(hub, page.who, wanted, page.now)
        except ValueError:
            return shown(page, typed, fault=page.w("invite_bad_days"), status=422)
        except Refused as refused:
            return shown(page, typed, fault=page.refusal(refused), status=refused.status)
        host = settings.address.rstrip("/") or str(page.request.base_url).rstrip("/")
        return shown(page, {}, link=f"{host}/invitation/{secret}", name=one.name)

    @screen.change("/admin/invite/withdraw")
    def withdrawn(page: Page, form: Form) -> Response[Any]:
        inviting.withdraw(hub, page.who, form.get("uid"))
        return page.go("/admin/invite", said="invite_withdrawn")


def typed_whole(form: Form, name: str) -> str:
    """Return a field with its blanks: they may belong to a password."""
    return (form.fields.get(name) or [""])[0]


def asked(page: Page, fault: str = "") -> Response[Any]:
    """Return the page of a link; of one that does not hold it says that alone."""
    one = inviting.holds(page.hub, page.path("secret"), page.now)
    if one is None:
        return page.show(
            "refused.html", status=404, title=page.w("invitation_gone"), lead=page.w("invitation_gone_lead"), detail="",
            narrow=True,
        )  # fmt: skip
    return page.show(
        "invitation.html", status=422 if fault else 200, title=page.w("invitation_title"), one=one, fault=fault,
        shortest=SHORTEST_PASSWORD, narrow=True,
    )  # fmt: skip


def wanted_of(page: Page, typed: dict[str, str]) -> inviting.Wanted:
    """Return who is to be invited; an organisation's sector is the estate's where none is said. ValueError: days."""
    sectors = tuple(one.strip() for one in typed["sectors"].replace("、", ",").split(",") if one.strip())
    organisation = typed["organisation"]
    if organisation and not sectors:
        estate = page.loaded()
        row = estate.rows("organisations").get(organisation)
        sectors = () if row is None else (str(estate.column("organisations", "sector")[row]),)
    return inviting.Wanted(
        typed["name"],
        typed["kind"],
        typed["tlp"],
        organisation,
        sectors,
        (),
        typed["exercise"] == "1",
        int(typed["days"]),
    )


def shown(  # noqa: PLR0913  what was typed, and what became of it
    page: Page, typed: dict[str, str], *, fault: str = "", status: int = 200, link: str = "", name: str = ""
) -> Response[Any]:
    """Return the page on which people are invited, with what was typed."""
    rows = [(one, by, inviting.state_of(one, page.now)) for one, by in inviting.listed(page.hub, page.who)]
    estate = page.loaded()
    return page.show(
        "invite.html", status=status, title=page.w("invite_title"),
        typed={**dict.fromkeys(FIELDS, ""), **PLAIN, **typed},
        fault=fault, link=link, name=name, rows=rows, kinds=KINDS, levels=[str(one) for one in Tlp],
        most=inviting.MOST_DAYS, example=next(iter(estate.ids("organisations")), "x"),
        organisations=estate.frame("organisations").select("id", "name_en", "name_ja").rows(), tlp=Tlp,
    )  # fmt: skip
