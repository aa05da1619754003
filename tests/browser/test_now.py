"""The duty officer's page in a real browser: it fits, it is live, it says when the hub is gone, and it is quick."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import httpx
import pytest
from playwright.sync_api import expect
from tests.browser.abnormal import drilled, reported, troubled
from tests.browser.chromium import barriers
from tests.browser.conftest import Visit
from tests.browser.site import Site
from tests.slowness import slowness

from noroshi.web.screen.words import word

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
MOST_PAINT_MS, MOST_PAGE = 300, 25_000
TIMES = 6


@pytest.fixture(scope="module")
def trouble(site: Site) -> dict[str, str]:
    return {**troubled(site), **{f"drill {key}": uid for key, uid in drilled(site).items()}}


def fits(page: object) -> bool:
    """Say whether a page needs no scrolling, down or to the side."""
    return bool(page.evaluate(  # type: ignore[attr-defined]
        "document.documentElement.scrollHeight <= innerHeight && document.documentElement.scrollWidth <= innerWidth"
    ))  # fmt: skip


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_calm_day_and_a_bad_one_fit_on_one_screen(visit: Visit, lang: str, trouble: dict[str, str]) -> None:
    with visit("duty", lang=lang) as page:
        for address, key in (("/", "now_real"), ("/?world=exercise", "now_drill")):
            page.goto(address)
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            expect(page.get_by_role("link", name=word(key, lang), exact=True)).to_have_attribute("aria-current", "page")
            assert fits(page)
            assert barriers(page) == []
        expect(page.get_by_role("complementary", name=word("exercise", lang))).to_be_visible()
    with visit("ally", lang=lang) as page:
        page.goto("/")
        expect(page.get_by_role("heading", level=1)).to_have_text(word("now_calm", lang))
        assert fits(page)
    assert trouble


def test_it_can_be_read_on_a_phone_and_in_the_dark(visit: Visit, trouble: dict[str, str]) -> None:
    for how in ({"narrow": True}, {"dark": True, "lang": "ja"}, {"narrow": True, "dark": True, "lang": "ja"}):
        with visit("duty", **how) as page:
            page.goto("/")
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            assert barriers(page) == []
    assert trouble


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_who_has_not_logged_in_reads_what_is_public_and_is_led_to_the_log_in(
    visit: Visit, lang: str, trouble: dict[str, str]
) -> None:
    with visit(lang=lang) as page:
        page.goto("/")
        assert barriers(page) == []
        assert "Asanagi Grid" not in page.content()
        page.get_by_role("main").get_by_role("link", name=word("log_in", lang)).click()
        page.wait_for_url("**/login")
    assert trouble


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_map_shows_the_risk_and_the_brief_is_a_page(visit: Visit, lang: str) -> None:
    with visit("duty", lang=lang) as page:
        page.goto("/")
        page.get_by_role("link", name=word("now_map_risk", lang)).click()
        expect(page.get_by_role("link", name=word("now_map_risk", lang))).to_have_attribute("aria-current", "true")
        page.get_by_role("link", name=word("menu_brief", lang), exact=True).click()
        page.wait_for_url("**/brief")
        expect(page.get_by_role("link", name=word("brief_save", lang))).to_be_visible()
        assert barriers(page) == []


def test_what_somebody_reports_is_seen_by_another_without_a_reload(site: Site, visit: Visit) -> None:
    with visit("duty") as duty, visit("gas") as gas, visit("grid") as grid:
        for page in (duty, gas, grid):
            page.goto("/")
            expect(page.locator("body")).to_have_attribute("data-standing", "yes")
            page.evaluate("window.stayed = true; document.body.addEventListener('changed', () => window.told = true)")
        reported(site, "yunagi-gas", "gas", by="duty", regimes=())
        expect(duty.get_by_role("link", name="Yunagi Gas").first).to_be_visible()
        expect(duty.locator("#cases ~ ul")).to_contain_text("Yunagi Gas")
        reported(site, "asanagi-gas", "gas", by="gas", regimes=())
        expect(gas.locator("#cases ~ ul")).to_contain_text("Asanagi Gas")
        assert duty.evaluate("window.stayed")
        assert gas.evaluate("window.stayed && window.told")
        assert not grid.evaluate("window.told")
        assert "Yunagi Gas" not in grid.content()


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_first_paint_is_quick_and_the_page_is_small(site: Site, visit: Visit, lang: str) -> None:
    secret = site.secret("duty")
    whole = httpx.get(f"{site.address}/?lang={lang}", headers={"Cookie": f"noroshi={secret}"}).content
    assert len(gzip.compress(whole, 6)) <= MOST_PAGE
    with visit("duty", lang=lang) as page:
        paints: list[float] = []
        # the machine may be busy with other things: as often as it takes for one undisturbed, six times at most
        while len(paints) < TIMES and min(paints, default=MOST_PAINT_MS + 1) > MOST_PAINT_MS:
            page.goto("/")
            paints.append(painted_ms(page))
    assert min(paints) <= MOST_PAINT_MS * slowness(), paints


def painted_ms(page: Page) -> float:
    """Wait until something is painted; return after how long."""
    while True:
        found = page.evaluate("performance.getEntriesByName('first-contentful-paint').map((one) => one.startTime)")
        if found:
            return float(found[0])
        page.wait_for_timeout(20)
