"""A file that somebody brings in: STIX, MISP or CSAF, with every fault shown, and what to do about what came."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from litestar import Response

from noroshi.desk.bringing_in_sent import CameIn, bring_in_sent
from noroshi.desk.permitting import must
from noroshi.errors import InputError
from noroshi.share.reasons import in_language
from noroshi.share.taxii import Refused
from noroshi.web.screen.sharing_objects import WARNED_OF
from noroshi.web.screen.sharing_shown import TYPES

if TYPE_CHECKING:
    from noroshi.desk.hub import Hub
    from noroshi.store.contract import Collection, Principal, Root
    from noroshi.web.screen.form import Form
    from noroshi.web.screen.page import Page
    from noroshi.web.screen.screen import Screen

__all__ = ["declare", "writable"]

MOST_FAULTS = 200


def writable(hub: Hub, asker: Principal) -> list[tuple[Root, Collection]]:
    """Return the collections to which somebody may write, those of exercises last."""
    found = [(root, one) for root in hub.roots(asker) for one in hub.collections(asker, root) if one.can_write]
    return sorted(found, key=lambda one: one[1].exercise)


def declare(screen: Screen) -> None:
    """Declare the pages of what is brought in."""
    hub = screen.hub

    @screen.view("/sharing/import")
    def bring(page: Page) -> Response[Any]:
        must(page.who, "objects.send")
        return asked(page, [])

    @screen.change("/sharing/import")
    def brought(page: Page, form: Form) -> Response[Any]:
        must(page.who, "objects.send")
        at = next((one for one in writable(hub, page.who) if one[1].uid == form.get("in")), None)
        sent = form.file("file")
        if at is None or sent is None:
            return asked(page, [page.w("sharing_import_choose")], form)
        try:
            came = bring_in_sent(hub, page.who, at, sent.name[:200], sent.data, page.now)
        except InputError as error:
            return asked(page, [one.line(page.lang) for one in error.faults], form)
        except Refused as refused:
            return asked(page, [page.refusal(refused) or str(refused)], form)
        return done(page, came, at[1])

    def asked(page: Page, wrong: list[str], form: Form | None = None) -> Response[Any]:
        return page.show(
            "sharing_import.html", status=422 if wrong else 200, title=page.w("sharing_import_title"), narrow=True,
            targets=writable(hub, page.who), wrong=wrong[:MOST_FAULTS], more=max(0, len(wrong) - MOST_FAULTS),
            chosen=form.get("in") if form else "",
        )  # fmt: skip

    def done(page: Page, came: CameIn, where: Collection) -> Response[Any]:
        told = [(name, in_language(why, page.lang)) for name, why in came.done.failures]
        wrong = [f"{name}: {why}" if name else why for name, why in told]
        return page.show(
            "sharing_imported.html", status=200 if came.done.kept else 422, title=page.w("sharing_imported_title"),
            came=came, where=where, wrong=wrong[:MOST_FAULTS], more=max(0, len(wrong) - MOST_FAULTS), kinds=TYPES,
            warns=page.may("warnings.write"), warned_of=WARNED_OF, exercise=where.exercise,
        )  # fmt: skip
