"""Oneself: who one is here, one's tokens, sessions and password."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from litestar import Response

from noroshi.desk import people, sessions, tokens
from noroshi.desk.founding import refuse_password
from noroshi.files.declarations import SHORTEST_PASSWORD
from noroshi.share.permissions import SCOPES
from noroshi.share.taxii import Refused
from noroshi.web.screen.admin import tlp_of, typed_whole

if TYPE_CHECKING:
    from noroshi.desk.sessions import Asker
    from noroshi.desk.tokens import Shown
    from noroshi.store.people import Session
    from noroshi.web.screen.form import Form
    from noroshi.web.screen.page import Page
    from noroshi.web.screen.screen import Screen

__all__ = ["declare"]

OFFERED = tuple(name for name in SCOPES if name != tokens.PERSON)
DAYS, MOST_DAYS, LONGEST = 90, 366, 100
MOST_SHOWN = 10
"""Sessions that are shown; how many more there are is said."""


def declare(screen: Screen) -> None:
    """Declare the pages of oneself."""
    declare_tokens(screen)
    declare_entrance(screen)


def declare_tokens(screen: Screen) -> None:
    """Declare the page of oneself, and what is done with tokens there."""
    hub = screen.hub

    @screen.view("/me")
    def me(page: Page) -> Response[Any]:
        return shown(page, screen)

    @screen.change("/me/tokens")
    def made(page: Page, form: Form) -> Response[Any]:
        label, days = form.get("label"), form.get("days", str(DAYS))
        if not label or len(label) > LONGEST or not label.isprintable():
            return shown(page, screen, page.w("me_label_wrong"), form=form)
        if not days.isdecimal() or not 1 <= int(days) <= MOST_DAYS:
            return shown(page, screen, page.w("me_days_wrong", most=MOST_DAYS), form=form)
        if not form.all("scope"):
            return shown(page, screen, page.w("me_scope_wrong"), form=form)
        try:
            one = tokens.made(hub, page.who, label, frozenset(form.all("scope")), None, int(days), page.now)
        except Refused as refused:
            return shown(page, screen, page.refusal(refused), form=form)
        return shown(page, screen, fresh=one)

    @screen.change("/me/tokens/rotation")
    def rotated(page: Page, form: Form) -> Response[Any]:
        return shown(page, screen, fresh=tokens.rotated(hub, page.who, form.get("token"), page.now))

    @screen.change("/me/tokens/revocation")
    def revoked(page: Page, form: Form) -> Response[Any]:
        tokens.revoked(hub, page.who, form.get("token"))
        return page.go("/me", "me_said_revoked")


def declare_entrance(screen: Screen) -> None:
    """Declare how one ends one's sessions and changes one's password."""
    hub = screen.hub

    @screen.change("/me/sessions")
    def ended(page: Page, form: Form) -> Response[Any]:  # noqa: ARG001  it asks for nothing
        sessions.ended(hub.store, asker_of(page), everywhere=True)
        return page.go("/login", "me_said_ended")

    @screen.change("/me/password")
    def password(page: Page, form: Form) -> Response[Any]:
        fresh = typed_whole(form, "new")
        if fresh != typed_whole(form, "again"):
            return shown(page, screen, page.w("me_password_differ"))
        try:
            refuse_password(fresh)
            people.change_password(hub, page.who, typed_whole(form, "old"), fresh)
        except Refused as refused:
            return shown(page, screen, page.refusal(refused))
        return page.go("/login", "me_said_password")


def shown(
    page: Page, screen: Screen, fault: str = "", fresh: Shown | None = None, form: Form | None = None
) -> Response[Any]:
    """Return the page of oneself."""
    who, hub = page.who, screen.hub
    return page.show(
        "me.html", status=422 if fault else 200, title=page.w("me_title"), fault=fault, fresh=fresh, form=form,
        tokens=tokens.listed(hub, who), scopes=OFFERED, days=DAYS, most=MOST_DAYS, level=tlp_of(who.sees),
        sessions=_newest(sessions.listed(hub.store, asker_of(page), page.now), asker_of(page).session),
        this=asker_of(page).session, shortest=SHORTEST_PASSWORD, most_shown=MOST_SHOWN,
    )  # fmt: skip


def _newest(found: tuple[Session, ...], this: bytes) -> list[Session]:
    """Return one's sessions: this one first, then the newest."""
    return sorted(found, key=lambda one: (one.digest != this, -one.made))


def asker_of(page: Page) -> Asker:
    """Return who asks with its session; Refused 401 where nobody has logged in."""
    assert page.who is not None  # noqa: S101  it refuses
    assert page.asker is not None  # noqa: S101  as it has just been asked for
    return page.asker
