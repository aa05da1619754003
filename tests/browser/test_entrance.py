"""How one comes in and goes out, in a real browser: log in, a wrong password, colours, language, log out."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.browser.chromium import barriers
from tests.browser.conftest import Visit
from tests.browser.site import PASSWORD

from noroshi.web.screen.words import word

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_one_logs_in_by_name_and_password_and_out_again(visit: Visit, lang: str) -> None:
    with visit(lang=lang, allowed=("401", "404")) as page:
        page.goto("/login?next=/login")
        assert barriers(page) == []
        page.get_by_label(word("name", lang), exact=True).fill("duty")
        page.get_by_label(word("password", lang)).fill("wrong")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_have_text(word("log_in_wrong", lang))
        assert barriers(page) == []
        page.get_by_label(word("name", lang), exact=True).fill("duty")
        page.get_by_label(word("password", lang)).fill(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/")
        page.goto("/no-such-page")
        expect(page.get_by_role("heading", level=1)).to_have_text(word("refused_404", lang))
        page.get_by_text("duty", exact=True).click()
        page.get_by_role("button", name=word("log_out", lang)).click()
        expect(page.get_by_role("status").get_by_text(word("logged_out", lang))).to_be_visible()


def test_language_and_colours_are_kept(visit: Visit) -> None:
    with visit("duty", allowed=("404",)) as page:
        page.goto("/no-such-page")
        page.get_by_role("button", name="日本語").click()
        expect(page.locator("html")).to_have_attribute("lang", "ja")
        light = page.evaluate("getComputedStyle(document.body).backgroundColor")
        page.get_by_text("duty", exact=True).click()
        page.get_by_role("button", name=word("theme_dark", "ja")).click()
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light
        assert barriers(page) == []
