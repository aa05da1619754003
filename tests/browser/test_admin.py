"""Administration in a real browser: somebody made, who logs in and is withdrawn; a token that works; the journal."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.browser.chromium import barriers
from tests.browser.conftest import Visit
from tests.browser.site import Site

from noroshi.web.screen.words import word

pytestmark = pytest.mark.browser
SECRET = "a password of its own"  # noqa: S105  of a world that lives for a test


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_somebody_is_made_logs_in_and_is_withdrawn_under_an_open_page(visit: Visit, lang: str) -> None:
    name = f"new-{lang}"
    with visit("boss", lang=lang) as page, visit(lang=lang) as theirs:
        page.goto("/admin")
        assert barriers(page) == []
        page.get_by_role("link", name=word("admin_new", lang)).click()
        assert barriers(page) == []
        page.locator("#name").fill(name)
        page.locator("#password").fill(SECRET)
        page.get_by_role("button", name=word("admin_make", lang)).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
        assert barriers(page) == []
        theirs.goto("/login?next=/me")
        theirs.get_by_label(word("name", lang), exact=True).fill(name)
        theirs.get_by_label(word("password", lang)).fill(SECRET)
        theirs.keyboard.press("Enter")
        expect(theirs.get_by_role("heading", level=1)).to_have_text(word("me_title", lang))
        page.locator("#sure").fill(name)
        page.get_by_role("button", name=word("admin_withdraw", lang)).click()
        expect(page.get_by_role("status").get_by_text(word("admin_said_withdrawn", lang))).to_be_visible()
        theirs.get_by_role("button", name=word("me_end_all", lang)).click()
        expect(theirs.get_by_role("button", name=word("log_in", lang))).to_be_visible()


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_token_is_shown_once_and_works(visit: Visit, site: Site, lang: str) -> None:
    with visit("duty", lang=lang, dark=lang == "ja", narrow=lang == "ja", allowed=("401",)) as page:
        page.goto("/me")
        assert barriers(page) == []
        page.locator("#label").fill("SIEM")
        page.get_by_role("button", name=word("me_token_make", lang)).click()
        secret = page.locator("#secret").input_value()
        assert barriers(page) == []
        asked = {"Authorization": f"Bearer {secret}"}
        context = page.context.browser.new_context() if page.context.browser else page.context
        answer = context.request.get(f"{site.address}/api/v1/collections", headers=asked)
        assert (answer.status, "collections" in answer.text()) == (200, True)
        page.goto("/me")
        assert secret not in page.content()
        page.get_by_role("button", name=word("me_revoke", lang)).click()
        expect(page.get_by_role("status").get_by_text(word("me_said_revoked", lang))).to_be_visible()
        assert context.request.get(f"{site.address}/api/v1/collections", headers=asked).status == 401
        if context is not page.context:
            context.close()


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_journal_is_verified_and_its_checkpoint_taken(visit: Visit, lang: str) -> None:
    with visit("boss", lang=lang) as page:
        page.goto("/admin/journal")
        assert barriers(page) == []
        page.get_by_role("button", name=word("admin_journal_verify", lang)).click()
        expect(page.get_by_text(word("admin_journal_holds", lang))).to_be_visible()
        with page.expect_download() as taken:
            page.get_by_role("button", name=word("admin_journal_checkpoint", lang)).click()
        assert taken.value.suggested_filename.startswith("checkpoint-")
        for path in ("/admin/communities", "/admin/settings", "/admin/backup"):
            page.goto(path)
            assert barriers(page) == []
