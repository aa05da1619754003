"""Warnings: those for oneself, read and answered; those one may follow, with who got them, answered, and acted."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from litestar import Response

from noroshi.desk import warnings as desk
from noroshi.desk.warnings_proposing import follow
from noroshi.share.warnings_receipts import STATES
from noroshi.share.warnings_words import reason
from noroshi.web.screen import warnings_answering, warnings_compose
from noroshi.web.screen.warnings_deadline import until_of
from noroshi.web.screen.warnings_form import SEVERITY_WORDS
from noroshi.web.screen.warnings_sending_now import SendingNow
from noroshi.web.screen.warnings_shown import STATE_CLASS, followed, shown, standing_of

if TYPE_CHECKING:
    from noroshi.web.screen.page import Page
    from noroshi.web.screen.screen import Screen

__all__ = ["declare"]

LIMIT = 30


def declare(screen: Screen) -> None:
    """Declare the pages of warnings."""
    hub, sending = screen.hub, SendingNow()
    warnings_compose.declare(screen, sending)
    warnings_answering.declare(screen, sending)

    @screen.view("/warnings")
    def every(page: Page) -> Response[Any]:
        found = desk.listed(hub, page.who)
        first = int(page.query("from")) if page.query("from").isdecimal() else 0
        some = found[first : first + LIMIT]
        rows = [(one, followed(page, one.kept.uid), until_of(page, one.kept.last.said.action)) for one in some]
        return page.show(
            "warnings_list.html", title=page.w("warnings_title"), rows=rows, more=len(found) > first + LIMIT,
            after=first + LIMIT, exercise=bool(some) and all(one.kept.last.said.exercise for one in some),
            state_class=STATE_CLASS, severity_words=SEVERITY_WORDS, waiting=sum(
                one.to_me and one.state in STATES[:2] and one.kept.last.said.kind != "retraction" for one in found
            ),
        )  # fmt: skip

    @screen.view("/warnings/{uid:str}")
    def a_warning(page: Page) -> Response[Any]:
        return shown(page, sending)

    @screen.view("/warnings/{uid:str}/standing")
    def standing(page: Page) -> Response[Any]:
        found = follow(hub, page.who, page.path("uid"))
        return page.show("warnings_standing.html", **standing_of(page, found, sending))

    @screen.view("/warnings/{uid:str}/coverage.csv")
    def coverage_csv(page: Page) -> Response[Any]:
        found = follow(hub, page.who, page.path("uid"))
        text = io.StringIO()
        rows = csv.writer(text, lineterminator="\r\n")
        drill = ["EXERCISE"] if found.kept.last.said.exercise else []
        rows.writerow(["principal", "sectors", "chosen", "state", "via", "kept_from", "note", "why", *drill])
        for row in found.rows:
            why = " / ".join(reason(one, page.lang) for one in row.reasons)
            rows.writerow([plain(cell) for cell in (
                row.principal, " ".join(row.sectors), str(row.chosen), row.state, " ".join(row.via), row.kept_from,
                row.note, why, *drill,
            )])  # fmt: skip
        return page.answer("\ufeff" + text.getvalue(), "text/csv", save_as="noroshi-coverage.csv")


def plain(cell: str) -> str:
    """Return a cell of a CSV so that no spreadsheet takes it for a formula."""
    return f"'{cell}" if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
