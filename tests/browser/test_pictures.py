"""Pages look as they did: pictures that are kept, with tolerance; what is really wrong is found, what is not passes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from tests.browser.draw import GOLDEN, KEPT, Golden, photo, standing
from tests.browser.pages import PAGES, world
from tests.browser.pictures import apart, clock_held, difference, read_png, small, written_png
from tests.browser.site import Site, serving

from noroshi.web.screen.menu import MENU

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

MOST_APART, WRONG = 0.003, 0.006
"""Which share of a picture may differ, and from which on something is wrong: two runs, a busy machine, other rounding
of letters and another device differ in less than 0.001; a menu that is gone is 0.007.
"""
LARGEST = 10_000
PLAIN = Golden("now")
WRONGS = {
    "no styles": "[...document.styleSheets].forEach((one) => { one.disabled = true; })",
    "no deadlines": "document.querySelector('#queue').parentElement.remove()",
    "no map": "document.querySelector('.nowmap figure').remove()",
    "no ladder": "document.querySelector('.nowladder').remove()",
    "no menu": "document.querySelector('header nav').remove()",
    "letters half as large again": "document.documentElement.style.fontSize = '150%'",
}
"""What may befall a page, by the script that brings it about."""
WIDTHS = {"Who must be told, at home and among allies? 58.5": 410.1, "狼煙が上がれば知らせるべき者に届く": 272.0}
"""How wide some text is in the letters of the pictures: DejaVu Sans and Noto Sans CJK, which Debian has."""
MEASURED = """(texts) => {
  const to = document.createElement("canvas").getContext("2d");
  to.font = '16px system-ui, "Noto Sans CJK JP", sans-serif';
  return texts.map((text) => to.measureText(text).width);
}"""
Place = tuple[Site, dict[str, str]]


@pytest.fixture(scope="module", autouse=True)
def letters(browser: Browser) -> None:
    """Skip where text is set in other letters than in the pictures: every line of every page would differ."""
    page = browser.new_page()
    found = page.evaluate(MEASURED, list(WIDTHS))
    page.close()
    if found != pytest.approx(list(WIDTHS.values()), abs=1.0):
        pytest.skip(f"pictures are in other letters than this machine has: widths {found}, not {[*WIDTHS.values()]}")


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """A hub whose clock stands still, with the world of all pages; pictures do not hang on the database."""
    folder = tmp_path_factory.mktemp("hub")
    with clock_held(), serving(folder, f"sqlite:///{folder}/hub.sqlite", tmp_path_factory.mktemp("briefs")) as site:
        yield site, world(site)


@pytest.mark.parametrize("one", GOLDEN, ids=[one.file for one in GOLDEN])
def test_a_page_looks_as_it_did(browser: Browser, place: Place, one: Golden, tmp_path: Path) -> None:
    with standing(browser, place[0], one, place[1]) as page:
        full = photo(page, one)
    new, old = small(browser, full, one.width), read_png((KEPT / one.file).read_bytes())
    share = apart(new, old)
    if share > MOST_APART:
        wrong = np.where(difference(new, old)[..., None], np.array([255, 0, 0], np.uint8), 255).astype(np.uint8)
        for name, picture in (("new", full), ("small", written_png(new)), ("difference", written_png(wrong))):
            (tmp_path / f"{name}-{one.file}").write_bytes(picture)
    assert share <= MOST_APART, (
        f"{one.file}: {share:.1%} differs from {KEPT.name}/{one.file}; look at {tmp_path}. "
        "Where the page is meant to look so: make pictures"
    )


@pytest.mark.parametrize("wrong", WRONGS)
def test_what_is_wrong_with_a_page_is_seen(browser: Browser, place: Place, wrong: str) -> None:
    with standing(browser, place[0], PLAIN, place[1]) as page:
        page.evaluate(WRONGS[wrong])
        new = small(browser, photo(page, PLAIN), PLAIN.width)
    assert apart(new, read_png((KEPT / PLAIN.file).read_bytes())) > WRONG


@pytest.mark.parametrize("one", [Golden("now", "ja"), Golden("now", dark=True), Golden("now-calm")], ids=str)
def test_another_language_other_colours_and_another_day_are_seen(browser: Browser, place: Place, one: Golden) -> None:
    with standing(browser, place[0], one, place[1]) as page:
        new = small(browser, photo(page, one), one.width)
    assert apart(new, read_png((KEPT / PLAIN.file).read_bytes())) > WRONG


@pytest.mark.parametrize("scale", [1.25, 2.0])
def test_a_device_that_rounds_otherwise_shows_the_same(browser: Browser, place: Place, scale: float) -> None:
    for one in (PLAIN, Golden("playback", "ja", dark=True)):
        with standing(browser, place[0], one, place[1], scale=scale) as page:
            new = small(browser, photo(page, one), one.width)
        assert apart(new, read_png((KEPT / one.file).read_bytes())) <= MOST_APART, one.file


def test_pictures_are_small_and_none_is_left_over() -> None:
    there = {path.name: path.stat().st_size for path in KEPT.glob("*.png")}
    assert set(there) == {one.file for one in GOLDEN}
    assert max(there.values()) <= LARGEST
    assert {one.name for one in GOLDEN} <= {one.name for one in PAGES}
    assert {one.address for one in MENU} <= {one.address for one in PAGES}
