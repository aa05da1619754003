"""A case led from the first report to the memo, in a real browser and in both languages; exercises; an operator."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from tests.browser.chromium import barriers
from tests.browser.conftest import Visit
from tests.browser.site import Site

from noroshi.web.screen.words import word

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

LONG_MS = 60_000
"""The engine's kernels may have to be compiled first."""
TABS = ("/impact", "/warnings", "/asks", "/press", "/position", "/severity", "/duties", "/brief", "/calls")


def both(page: Page, name: str, text: str, prefix: str = "") -> None:
    """Fill in a text in both languages."""
    for lang in ("ja", "en"):
        page.locator(f"#{prefix}{name}{'-' if prefix else '_'}{lang}").fill(f"{text} ({lang})")


def opened_case(page: Page, lang: str, *, exercise: bool = False) -> str:
    """Open a situation by its form; return its address."""
    page.goto("/situations")
    page.get_by_role("link", name=word("sit_open", lang)).first.click()
    page.locator(f"input[name=kind][value={'exercise' if exercise else 'real'}]").check()
    both(page, "title", "Dispatch")
    page.locator("#estate").select_option("sorami")
    page.get_by_role("button", name=word("sit_open", lang)).click()
    page.wait_for_url(re.compile(r"/situations/[0-9a-f-]{36}"))
    return page.url.partition("?")[0]


def reported(page: Page, lang: str) -> None:
    """Report an incident in three fields, from the page of a situation."""
    page.get_by_role("link", name=word("inc_report_here", lang)).click()
    page.locator("#organisation").fill("asanagi-grid")
    page.locator("#sector").fill("power")
    page.locator("#what").select_option("unavailability")
    page.locator("#effect").fill("Dispatch stands still")
    page.get_by_role("button", name=word("inc_report_do", lang), exact=True).click()
    expect(page.get_by_role("status").get_by_text(word("inc_reported", lang))).to_be_visible()


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_duty_officer_leads_a_case_from_the_report_to_the_memo(visit: Visit, lang: str) -> None:
    with visit("duty", lang=lang) as page:
        case = opened_case(page, lang)
        reported(page, lang)
        expect(page.get_by_role("link", name="asanagi-grid")).to_be_visible()

        page.goto(f"{case}/warnings")
        for name in ("title", "text", "action"):
            both(page, name, "Power may fail")
        page.locator("#whom").select_option("everyone")
        page.get_by_role("button", name=word("sit_warn_write_do", lang)).click()
        for tick in page.locator("input[name=to]").all():
            tick.set_checked(tick.get_attribute("value") == "gas")
        page.get_by_role("button", name=word("sit_warn_preview_do", lang)).click()
        expect(page.locator(".mailed")).to_contain_text("Power may fail (ja)")
        page.get_by_role("button", name=word("sit_warn_send", lang, count=1)).click()
        expect(page.get_by_role("status").get_by_text(word("sit_warn_sent", lang))).to_be_visible()

        page.goto(f"{case}/asks")
        page.locator("#to").select_option("grid")
        page.locator("#through").select_option("energy-ministry")
        both(page, "what", "Switch by hand")
        page.get_by_role("button", name=word("sit_ask_do", lang), exact=True).click()
        expect(page.get_by_role("cell", name=f"Switch by hand ({lang})")).to_be_visible()

        page.goto(f"{case}/position")
        page.locator("summary").get_by_text(word("sit_pos_add_claim", lang), exact=True).click()
        page.locator("#claim-by").fill("FBI")
        page.locator("#claim-source").fill("a statement")
        page.locator("#claim-nexus").fill("KP")
        page.get_by_role("button", name=word("sit_pos_add_claim", lang)).click()
        expect(page.locator("#kind-claim ~ .entry")).to_contain_text("FBI")
        page.locator("summary").get_by_text(word("sit_pos_add_decision", lang), exact=True).click()
        both(page, "why", "No more than we know", "decision-")
        page.get_by_role("button", name=word("sit_pos_add_decision", lang)).click()
        page.locator("#sign-role").fill("Director")
        page.get_by_role("button", name=word("sit_pos_sign", lang), exact=True).click()
        expect(page.get_by_role("status").get_by_text(word("sit_pos_signed", lang))).to_be_visible()

        with page.expect_download() as kept:
            page.get_by_role("link", name=word("sit_pos_pdf", lang)).click()
        assert kept.value.path().read_bytes().startswith(b"%PDF")
        page.goto(f"{case}/calls")
        expect(page.locator(".calllist > li").first).to_be_visible(timeout=LONG_MS)
        sheet = page.request.get(f"{case}/calls.html")
        assert (sheet.status, "gas" in sheet.text()) == (200, True)
        page.goto(case)
        expect(page.locator("#summary .figures")).to_be_visible(timeout=LONG_MS)
        assert barriers(page) == []


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_an_exercise_shows_its_banner_on_every_page(site: Site, visit: Visit, lang: str) -> None:
    with visit("duty", lang=lang, dark=lang == "ja", narrow=lang == "ja") as page:
        case = opened_case(page, lang, exercise=True)
        banner = page.get_by_role("complementary", name=word("exercise", lang))
        expect(banner).to_be_visible()
        reported(page, lang)
        for tab in ("", *TABS):
            page.goto(case + tab)
            expect(banner).to_be_visible()
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), tab
            if not site.settings.database.startswith("postgres"):
                expect(page.locator(".waiting")).to_have_count(0, timeout=LONG_MS)
                assert barriers(page) == [], tab


def test_an_operator_reports_and_answers_what_it_is_asked(site: Site, visit: Visit) -> None:
    if site.settings.database.startswith("postgres"):
        pytest.skip("a detail that does not hang on the database: it is seen on SQLite")
    with visit("duty") as page:
        case = opened_case(page, "en")
        page.goto(f"{case}/asks")
        page.locator("#to").select_option("grid")
        both(page, "what", "Report your stocks")
        page.get_by_role("button", name=word("sit_ask_do", "en"), exact=True).click()
    with visit("grid", narrow=True) as page:
        page.goto("/incidents/new")
        assert barriers(page) == []
        page.locator("#what").select_option("malware")
        page.locator("#effect").fill("Office network")
        page.get_by_role("button", name=word("inc_report_do", "en"), exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("asanagi-grid")
        assert barriers(page) == []
        page.goto("/situations")
        asked = page.locator(".asked li").filter(has_text="Report your stocks").first
        asked.get_by_role("button", name=word("sit_accept", "en")).click()
        expect(page.get_by_role("status").get_by_text(word("sit_answered", "en"))).to_be_visible()
        assert barriers(page) == []


def test_a_script_is_played_as_an_exercise_and_watched(site: Site, visit: Visit) -> None:
    if site.settings.database.startswith("postgres"):
        pytest.skip("a detail that does not hang on the database: it is seen on SQLite")
    with visit("boss") as page:
        page.goto("/scripts")
        assert barriers(page) == []
        script = page.locator("section", has=page.locator("#script-port-ransomware"))
        script.get_by_role("button", name=word("sit_play_exercise", "en")).click()
        expect(page.locator("progress")).to_be_visible()
        expect(page.get_by_role("complementary", name=word("exercise", "en"))).to_be_visible()
        page.get_by_role("link", name=word("sit_play_open", "en")).click()
        expect(page.get_by_role("heading", level=1)).to_be_visible()
