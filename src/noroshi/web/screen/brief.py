"""The brief within the screen: the same page as the report, with the ways to keep it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from noroshi.report.html import brief_main, safe, standalone
from noroshi.report.words import LANGUAGES
from noroshi.share.taxii import Refused

if TYPE_CHECKING:
    from litestar import Response

    from noroshi.web.screen.page import Page
    from noroshi.web.screen.screen import Screen
    from noroshi.web.source import Standing

__all__ = ["declare"]

MOST_KEPT = 8
REFRESH_S = "2"


def declare(screen: Screen) -> None:
    """Declare the page of the brief, and the brief as one file."""
    made: OrderedDict[tuple[str, str], str] = OrderedDict()
    held = threading.Lock()

    def body(standing: Standing, lang: str) -> str:
        # made once for each brief and language, since making one takes a tenth of a second
        key = (standing.digest, lang)
        with held:
            if key not in made and standing.brief is not None:
                made[key] = brief_main(standing.brief, lang)
                while len(made) > MOST_KEPT:
                    made.popitem(last=False)
            return made[key]

    @screen.view("/brief", everybody=True)
    def brief(page: Page) -> Response[Any]:
        standing = page.estates.standing(page.estate)
        name = page.w("brief_title", estate=page.pick(*page.estates.title(page.estate)))
        if standing.brief is None:
            if page.part and standing.state == "failed":
                return page.answer(b"", "text/html", headers={"HX-Refresh": "true"})
            fault = standing.fault[LANGUAGES.index(page.lang)]
            status = 500 if standing.state == "failed" else 200
            return page.show("screen_brief.html", status=status, title=name, body="", state=standing.state, fault=fault,
                             step=standing.step, progress=round(standing.share, 3))  # fmt: skip
        if page.part:
            return page.answer(b"", "text/html", headers={"HX-Refresh": "true"})
        key = page.estates.key(page.estate)
        links = [
            (page.w("as_json"), f"/brief.json?estate={key}"), (page.w("as_schema"), "/brief.schema.json"),
            (page.w("brief_save"), "/brief.html"),
        ]  # fmt: skip
        return page.show("screen_brief.html", title=name, body=safe(body(standing, page.lang)), links=links)

    @screen.view("/brief.html", everybody=True)
    def saved(page: Page) -> Response[Any]:
        standing = page.estates.standing(page.estate)
        if standing.brief is None:
            raise Refused(503, "Not ready", page.w(standing.state))
        file = standalone(standing.brief, page.lang)
        return page.answer(file, "text/html", save_as=f"noroshi-{standing.brief.estate.id}-{page.lang}.html")
