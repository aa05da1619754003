"""The estate in a real browser: search and graph by keyboard, faults and then none, edit, compare, restore."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from tests.browser.chromium import barriers
from tests.browser.conftest import Visit

from noroshi.files.estate_json import to_json
from noroshi.files.estates import load
from noroshi.web.screen.words import word

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_one_searches_and_walks_along_the_graph_by_keyboard(visit: Visit, lang: str) -> None:
    with visit("gas", lang=lang, dark=lang == "ja", narrow=lang == "ja") as page:
        page.goto("/estate")
        assert barriers(page) == []
        page.keyboard.press("/")
        page.keyboard.type("asanagi-grid")
        page.keyboard.press("Enter")
        page.wait_for_url("**/estate?q=asanagi-grid")
        found = page.locator("table a[href='/estate/organisations/asanagi-grid']")
        found.focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/estate/organisations/asanagi-grid")
        assert barriers(page) == []
        if lang == "ja":  # on a phone there is no room for the picture: its table stands there
            expect(page.locator("svg.ego")).to_be_hidden()
            step = page.locator(".egobox + details tbody a").first
            expect(step).to_be_visible()
            name = step.text_content()
        else:
            step, name = page.locator("svg.ego a").first, page.locator("svg.ego a title").first.text_content()
        step.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text(name or "")
        page.goto("/estate/services")
        assert barriers(page) == []


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_an_estate_is_brought_in_once_its_faults_are_mended(visit: Visit, lang: str) -> None:
    sound = to_json(load("sorami"))
    faulty = json.loads(sound)
    faulty["tables"]["services"][0] |= {"people": "many", "sector": "nothing", "floor": 7}
    with visit("grid", lang=lang, allowed=("422",)) as page:
        page.goto("/estate/import")
        assert barriers(page) == []
        sent(page, json.dumps(faulty).encode(), lang)
        rows = page.locator("main tbody tr")
        expect(rows).to_have_count(3)
        assert barriers(page) == []
        for text in rows.all_text_contents():
            assert "mine.json" in text
        sent(page, sound, lang)
        expect(page.get_by_role("heading", level=1)).to_have_text(f"Mine {lang}")


def sent(page: Page, data: bytes, lang: str) -> None:
    """Choose a file and send it."""
    page.set_input_files("#file", {"name": "mine.json", "mimeType": "application/json", "buffer": data})
    page.locator("#name").fill(f"Mine {lang}")
    page.get_by_role("button", name=word("estate_import_go", lang)).click()


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_copy_is_edited_compared_and_restored(visit: Visit, lang: str) -> None:
    with visit("boss", lang=lang, allowed=("422",)) as page:
        page.goto("/estate")
        page.get_by_role("button", name=word("estate_copy", lang)).click()
        expect(page.get_by_role("status").get_by_text(word("estate_said_kept", lang))).to_be_visible()
        page.goto("/estate/services/metro")
        page.get_by_role("link", name=word("estate_edit", lang), exact=True).click()
        assert barriers(page) == []
        page.locator("#c-people").fill("many")
        page.get_by_role("button", name=word("estate_save_row", lang)).click()
        expect(page.get_by_role("alert")).to_contain_text("people")
        expect(page.locator("#c-people")).to_have_attribute("aria-invalid", "true")
        assert barriers(page) == []
        page.locator("#c-people").fill("270000")
        page.get_by_role("button", name=word("estate_save_row", lang)).click()
        expect(page.get_by_role("status").get_by_text(word("estate_said_saved", lang))).to_be_visible()
        page.goto("/estate/history")
        assert barriers(page) == []
        page.get_by_role("link", name=word("estate_see_difference", lang)).click()
        expect(page.locator("tbody")).to_contain_text("270000")
        assert barriers(page) == []
        page.go_back()
        page.get_by_role("button", name=word("estate_restore", lang)).click()
        expect(page.get_by_role("status").get_by_text(word("estate_said_restored", lang))).to_be_visible()
        page.goto("/estate/services/metro")
        expect(page.locator("main")).to_contain_text("260,000")
