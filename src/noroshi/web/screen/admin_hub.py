"""The journal, the settings, and backups: what the hub has written down of itself, and how it is set up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from litestar import Response

from noroshi.desk import hub_keeping, journal_shown
from noroshi.errors import InputError
from noroshi.web.screen.admin import tabs

if TYPE_CHECKING:
    from noroshi.desk.journal import Verified
    from noroshi.web.screen.form import Form
    from noroshi.web.screen.page import Page
    from noroshi.web.screen.screen import Screen

__all__ = ["declare"]


def declare(screen: Screen) -> None:
    """Declare the pages of the journal, of the settings and of backups."""
    hub, settings = screen.hub, screen.settings

    @screen.view("/admin/journal")
    def journal(page: Page) -> Response[Any]:
        return entries(page)

    @screen.change("/admin/journal")
    def verify(page: Page, form: Form) -> Response[Any]:
        try:
            found = journal_shown.verified(hub, page.who, settings, objects=form.get("objects") == "yes")
        except InputError as error:
            return entries(page, wrong=tuple(one.line(page.lang) for one in error.faults))
        return entries(page, found)

    @screen.change("/admin/journal/checkpoint")
    def checkpoint(page: Page, form: Form) -> Response[Any]:  # noqa: ARG001  it asks for nothing
        made = journal_shown.checkpoint(hub, page.who, settings)
        text = msgspec.json.format(msgspec.json.encode(made), indent=1) + b"\n"
        name = f"checkpoint-{made.hub}-{made.journal.no}.json"
        return page.answer(text, "application/json", save_as=name)

    def entries(page: Page, verified: Verified | None = None, wrong: tuple[str, ...] = ()) -> Response[Any]:
        kind, before = page.query("kind"), page.query("before", "0")
        kind = kind if kind in journal_shown.kinds() else ""
        found = journal_shown.entries_of(hub, page.who, kind, int(before) if before.isdecimal() else 0)
        return page.show(
            "admin_journal.html", title=page.w("admin_title"), found=found, kind=kind, kinds=journal_shown.kinds(),
            verified=verified, wrong=wrong, **tabs(page, screen, "/admin/journal"),
        )  # fmt: skip

    @screen.view("/admin/settings")
    def standing(page: Page) -> Response[Any]:
        return page.show(
            "admin_settings.html", title=page.w("admin_title"), rows=hub_keeping.settings_of(page.who, settings),
            **tabs(page, screen, "/admin/settings"),
        )  # fmt: skip

    @screen.view("/admin/backup")
    def backup(page: Page) -> Response[Any]:
        return backups(page)

    @screen.change("/admin/backup")
    def back_up(page: Page, form: Form) -> Response[Any]:  # noqa: ARG001  it asks for nothing
        try:
            hub_keeping.back_up(page.who, settings, page.now)
        except InputError as error:
            return backups(page, error.report(page.lang))
        return page.go("/admin/backup", "admin_said_backup")

    def backups(page: Page, fault: str = "") -> Response[Any]:
        found = hub_keeping.backups(page.who, settings)
        return page.show(
            "admin_backup.html", status=422 if fault else 200, title=page.w("admin_title"), rows=found, fault=fault,
            folder=str(settings.data / hub_keeping.BACKUPS), **tabs(page, screen, "/admin/backup"),
        )  # fmt: skip
