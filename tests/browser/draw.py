"""Takes pictures of pages. As a script it makes anew those that are kept, or all of them in a folder, to be looked at.

python -m tests.browser.draw                    tests/browser/pictures, and docs/pictures
python -m tests.browser.draw --all FOLDER       every page in both languages, light and dark, wide and narrow
... --all FOLDER --only now,what-if --how ja-dark,en-narrow
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from tests.browser.chromium import NARROW, WIDE, chromium, opened
from tests.browser.pages import PAGES, settled, world, world_of_japan
from tests.browser.pictures import HELD_S, MOST_HEIGHT, clock_held, small, written_png
from tests.browser.site import Site, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["GOLDEN", "KEPT", "Golden", "photo", "standing"]

KEPT = Path(__file__).parent / "pictures"
IN_DOCS = Path(__file__).parents[2] / "docs" / "pictures"
DOC_LEVELS = 52
"""Of each colour in pictures of the documents; white and black are among them."""
WHOLE = 6000
"""Points of a page that people look at."""
HOWS = tuple(f"{lang}-{tone}{size}" for lang in ("en", "ja") for tone in ("light", "dark") for size in ("", "-narrow"))


class Golden(NamedTuple):
    """A page in one appearance."""

    name: str
    lang: str = "en"
    dark: bool = False
    narrow: bool = False

    @property
    def file(self) -> str:
        """Return what its picture is called."""
        return f"{self.name}-{self.lang}-{'dark' if self.dark else 'light'}{'-narrow' if self.narrow else ''}.png"

    @property
    def width(self) -> int:
        """Return how wide its window is."""
        return (NARROW if self.narrow else WIDE)["width"]


GOLDEN: tuple[Golden, ...] = (
    Golden("now"),
    Golden("now", "ja", dark=True),
    Golden("now", narrow=True),
    Golden("now-exercise", "ja"),
    Golden("public", "ja", narrow=True),
    Golden("login"),
    Golden("brief", "ja"),
    Golden("what-if"),
    Golden("what-if-run"),
    Golden("playback", "ja", dark=True),
    Golden("what-if-compare", dark=True),
    Golden("situation"),
    Golden("situation", "ja", dark=True, narrow=True),
    Golden("situation-impact", "ja"),
    Golden("ratings"),
    Golden("ratings-one", "ja", dark=True),
    Golden("sharing-object", "ja"),
    Golden("warnings-new", dark=True),
    Golden("mine", "ja", narrow=True),
    Golden("estate", "ja"),
    Golden("estate-edit", dark=True),
    Golden("admin-journal"),
)
"""The pictures that are kept: each place of the menu, each appearance several times."""


@contextmanager
def standing(
    browser: Browser, site: Site, one: Golden, ids: dict[str, str], *, scale: float = 1.0
) -> Iterator[Page]:  # fmt: skip
    """Yield a page as who looks at it sees it, once it is complete; scale: points of the device a point.

    The browser's clock stands still where the hub's does.
    """
    looked = next(each for each in PAGES if each.name == one.name)
    secret = site.secret(looked.who) if looked.who else ""
    allowed = (str(looked.status),) if looked.status >= 400 else ()
    with opened(browser, site.address, lang=one.lang, secret=secret, narrow=one.narrow, dark=one.dark,
                allowed=allowed, scale=scale) as page:  # fmt: skip
        page.clock.set_fixed_time(datetime.fromtimestamp(HELD_S + 60, UTC))
        if looked.estate:
            cookie = {"name": "noroshi-estate", "value": looked.estate.format(**ids), "url": site.address}
            page.context.add_cookies([cookie])  # type: ignore[list-item]
        answer = page.goto(looked.address.format(**ids))
        assert answer is not None
        assert answer.status == looked.status, answer.status
        settled(page)
        yield page


def photo(page: Page, one: Golden, most: int = MOST_HEIGHT) -> bytes:
    """Return a picture (PNG) of a page from its top."""
    high = min(most, int(page.evaluate("document.documentElement.scrollHeight")))
    place = {"x": 0, "y": 0, "width": one.width, "height": high}
    return page.screenshot(full_page=True, animations="disabled", caret="hide", clip=place)  # type: ignore[arg-type]


DOCS = Golden("now-japan"), Golden("playback", "ja", dark=True), Golden("ratings")
"""The pictures of README and docs/screen.md."""


def main(arguments: list[str]) -> None:
    """Make the pictures anew."""
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("--all", type=Path, metavar="FOLDER", help="every page there, to be looked at")
    given.add_argument("--only", default="", help="names of pages, with commas between")
    given.add_argument("--how", default=",".join(HOWS), help="appearances, with commas between")
    said = given.parse_args(arguments)
    with ExitStack() as until:
        until.enter_context(clock_held())
        browser, site = until.enter_context(chromium()), until.enter_context(a_hub())
        ids = world(site)
        if said.all:
            every(browser, site, ids, said.all, [one for one in said.only.split(",") if one], said.how.split(","))
            return
        KEPT.mkdir(exist_ok=True)
        for one in GOLDEN:
            with standing(browser, site, one, ids) as page:
                picture = written_png(small(browser, photo(page, one), one.width))
            (KEPT / one.file).write_bytes(picture)
            print(f"{one.file}: {len(picture)} bytes")  # noqa: T201  a script prints
        for one in DOCS[1:]:
            shown_in_docs(browser, site, one, ids)
        japan = until.enter_context(a_hub())
        shown_in_docs(browser, japan, DOCS[0], world_of_japan(japan))


@contextmanager
def a_hub() -> Iterator[Site]:
    """Yield a hub in a folder that goes with it."""
    with tempfile.TemporaryDirectory(prefix="noroshi-pictures-") as name:
        folder = Path(name)
        (folder / "briefs").mkdir()
        with serving(folder, f"sqlite:///{folder}/hub.sqlite", folder / "briefs") as site:
            yield site


def shown_in_docs(browser: Browser, site: Site, one: Golden, ids: dict[str, str]) -> None:
    """Keep a picture of what one sees of a page at once, in as many colours as it takes to look the same."""
    IN_DOCS.mkdir(exist_ok=True)
    with standing(browser, site, one, ids) as page:
        if one.name == "playback":
            page.locator(".frames button").nth(2).click()
            page.evaluate("scrollTo(0, document.querySelector('.mapbox').getBoundingClientRect().top + scrollY - 60)")
        seen = page.screenshot(animations="disabled", caret="hide")
        whole = small(browser, seen, one.width, block=1, levels=DOC_LEVELS)
    (IN_DOCS / one.file).write_bytes(written_png(whole))
    print(f"{one.file}: {(IN_DOCS / one.file).stat().st_size} bytes")  # noqa: T201  a script prints


def every(browser: Browser, site: Site, ids: dict[str, str], folder: Path, only: list[str], hows: list[str]) -> None:
    """Take a picture of every page, whole, in each appearance."""
    folder.mkdir(parents=True, exist_ok=True)
    for looked in PAGES:
        for how in hows if not only or looked.name in only else ():
            one = Golden(looked.name, how[:2], dark="dark" in how, narrow="narrow" in how)
            try:
                with standing(browser, site, one, ids) as page:
                    (folder / one.file).write_bytes(photo(page, one, WHOLE))
            except Exception as error:  # noqa: BLE001  the others are looked at all the same
                print(f"{one.file}: {error}")  # noqa: T201  a script prints


if __name__ == "__main__":
    main(sys.argv[1:])
