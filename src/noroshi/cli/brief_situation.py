"""`noroshi brief --situation`: the brief about a case, as of a moment, in the terminal, as JSON or as a page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from noroshi.cli.acting import at_desk, micros
from noroshi.cli.situation_incidents import moment
from noroshi.cli.verbs import aside, print_json

if TYPE_CHECKING:
    from noroshi.settings import Settings

__all__ = ["WRITTEN", "show"]

WRITTEN = ("Written: {path}", "書き出し: {path}")


def show(  # noqa: PLR0913  which, for whom, as of when, in which form
    settings: Settings, uid: str, principal: str, when: str | None, html: Path | None, *, as_json: bool
) -> None:
    """Print the brief about a situation, or write it as a page; with neither form it is text."""
    from noroshi.desk.case_brief import case_brief

    at = micros() if when is None else moment(when, "--at")
    with at_desk(settings, principal) as (hub, who), aside():
        found = case_brief(hub, who, uid, at, lang=settings.lang)
    if html is not None:
        from noroshi.report.case_brief_html import case_page

        html.write_text(case_page(found, settings.lang), encoding="utf-8")
        click.echo(WRITTEN[int(settings.lang == "ja")].format(path=html), err=True)
    if as_json:
        print_json(found.shown)
    elif html is None:
        from rich.console import Console

        from noroshi.report.case_brief_text import print_case_brief

        print_case_brief(found, settings.lang, Console())
