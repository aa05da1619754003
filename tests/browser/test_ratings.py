"""Ratings in a real browser: an operator from invitation to plan, two at one question, a form out and back."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect
from tests.browser.chromium import barriers
from tests.browser.conftest import Visit
from tests.browser.site import Site

from noroshi.desk import assessments, warnings
from noroshi.desk.inviting import Wanted, invite
from noroshi.desk.warnings_sending import Wanted as Recipients
from noroshi.desk.warnings_sending import real_timing, send
from noroshi.rate.assessment import Given
from noroshi.rate.catalogue import Item
from noroshi.share.warnings import Audience, Said, Words
from noroshi.web.screen.words import word

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
SECRET = "one that nobody else has"  # noqa: S105  of a world that lives for a test
WORDS_A_MINUTE, LETTERS_A_MINUTE, CLICK_S, MOST_MINUTES = 200.0, 500.0, 3.0, 15.0
"""Reading: English by words, Japanese by letters; a click or a field filled in."""


@dataclass
class Tried:
    """What somebody reads and does: lines of text as they appear for the first time, clicks and fields."""

    page: Page
    lang: str
    lines: set[str] = field(default_factory=set)
    amount: float = 0.0
    steps: int = 0

    def read(self) -> None:
        """Count what is seen now and was not seen before."""
        for line in str(self.page.locator("main").inner_text()).splitlines():
            text = line.strip().removeprefix(word("assessment_yes", self.lang)).strip()  # nobody reads it twice
            if text and text not in self.lines:
                self.lines.add(text)
                self.amount += len(text) if self.lang == "ja" else len(text.split())

    def step(self) -> None:
        """Count something done, and read what it brings."""
        self.steps += 1
        self.read()

    @property
    def minutes(self) -> float:
        """Return how long it takes."""
        speed = LETTERS_A_MINUTE if self.lang == "ja" else WORDS_A_MINUTE
        return self.amount / speed + self.steps * CLICK_S / 60.0


def warned(site: Site, name: str) -> None:
    """Send a warning of an incident's kind to somebody."""
    who = site.who("duty")
    said = Said(
        Words("Stolen passwords open VPN devices", "盗まれたパスワードによるVPN装置への侵入"),
        Words("A port abroad was stopped for a day.", "海外の港湾が1日停止した。"),
        Words("Turn on a second factor for all remote logins.", "外部からの接続すべてに多要素認証を適用する。"),
        "high", "AMBER", audience=Audience(principals=(name,)),
    )  # fmt: skip
    made = warnings.write(site.hub, site.settings.data, who, said, time.time_ns() // 1000)
    send(site.hub, site.settings, who, made.uid, Recipients(proposed=True), real_timing())


def answered_all(tried: Tried, proven: Sequence[Item]) -> None:
    """Answer every question with "yes" to the first statement, and give a file for some."""
    page, lang = tried.page, tried.lang
    for k, item in enumerate(assessments.asked_catalogue().items):
        part = page.locator(f"#q-{item.id}")
        part.get_by_role("radio", name=re.compile("^" + re.escape(word("assessment_yes", lang)))).click()
        expect(part.locator(".saved")).to_be_visible()
        tried.steps += 1
        if k % 9 == 0:
            tried.read()
    tried.read()
    for item in proven:
        part = page.locator(f"#q-{item.id}")
        part.get_by_text(word("assessment_file", lang), exact=True).first.click()
        tried.step()
        part.locator("input[type=file]").set_input_files(
            {"name": f"{item.id}.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 " + item.id.encode()}
        )
        expect(part.get_by_role("link", name=f"{item.id}.pdf")).to_be_visible()
        tried.step()


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_an_operator_comes_from_the_invitation_to_its_plan(
    visit: Visit, site: Site, lang: str, capsys: pytest.CaptureFixture[str]
) -> None:
    name = f"port-{lang}"
    organisation = {"en": "hikariura-port", "ja": "tomariura-port"}[lang]
    wanted = Wanted(name, "operator", "AMBER", organisation, ("port",))
    _, secret = invite(site.hub, site.who("duty"), wanted, time.time_ns() // 1000)
    with visit(lang=lang) as page:
        tried = Tried(page, lang)
        page.goto(f"/invitation/{secret}")
        tried.read()
        assert barriers(page) == []
        for key in (word("invitation_password", lang, count=12), word("invitation_again", lang)):
            page.get_by_label(key).fill(SECRET)
            tried.step()
        page.get_by_role("button", name=word("invitation_in", lang)).click()
        page.wait_for_url("**/mine**")
        tried.step()
        warned(site, name)
        page.reload()
        tried.read()
        page.get_by_role("button", name=word("mine_acknowledge", lang)).click()
        expect(page.get_by_text(word("mine_state_acknowledged", lang))).to_be_visible()
        tried.step()
        assert barriers(page) == []
        page.get_by_role("link", name=word("mine_begin", lang)).click()
        page.wait_for_url("**/assessment")
        tried.step()
        items = assessments.asked_catalogue().items
        answered_all(tried, items[:2])
        expect(page.locator("#standing progress")).to_have_attribute("value", str(len(items)))
        assert barriers(page) == []
        page.get_by_role("button", name=word("assessment_submit", lang)).click()
        page.wait_for_url("**/ratings/**", timeout=300_000)
        expect(page.get_by_role("status").get_by_text(word("assessment_submitted", lang))).to_be_visible()
        expect(page.locator("#plan table")).to_be_visible()
        tried.steps += 1
        for head in page.locator("#plan, .panel").all():  # the score and the plan; the long table is for later
            text = head.inner_text()
            tried.amount += len(text) if lang == "ja" else len(text.split())
        assert barriers(page) == []
    with capsys.disabled():
        sys.stdout.write(f"\nan operator, {lang}: {tried.steps} steps, {tried.minutes:.1f} minutes\n")
    assert tried.minutes <= MOST_MINUTES
    shown = assessments.read(site.hub, site.who("boss"), organisation)
    assert len(shown.state.answered) == len(items)
    assert [one.version for one, _, _ in shown.state.versions] == [1]


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_two_at_one_question_lose_no_answer(visit: Visit, site: Site, lang: str) -> None:
    item = {"en": "mfa", "ja": "tls"}[lang]
    with visit("grid", lang=lang) as one, visit("grid", lang=lang) as two:
        for page in (one, two):
            page.goto("/assessment")
        yes = re.compile("^" + re.escape(word("assessment_yes", lang)))
        one.locator(f"#q-{item}").get_by_role("radio", name=yes).click()
        expect(one.locator(f"#q-{item}").locator(".saved")).to_be_visible()
        part = two.locator(f"#q-{item}")
        part.get_by_role("radio", name=word("assessment_no", lang)).click()
        part.locator(".fewer-levels input").last.click()
        expect(part.get_by_text(word("assessment_dispute", lang))).to_be_visible()
        assert barriers(two) == []
        part.get_by_role("button", name=word("assessment_take", lang)).click()
        expect(part.get_by_text(word("assessment_dispute", lang))).to_be_hidden()
        expect(part.get_by_text(word("assessment_history", lang, count=2))).to_be_visible()
        shown = assessments.mine(site.hub, site.who("grid"))
        assert [one.said.given.level for one in shown.state.history[item] if one.said.given] == [0.67, 0.0]
        assert [each.level for each in shown.state.answers(item)] == [0.0]
        one.reload()  # what was saved is there again
        expect(one.locator(f"#q-{item}").get_by_text(word("assessment_history", lang, count=2))).to_be_visible()


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_form_goes_out_and_back_and_never_overwrites(visit: Visit, site: Site, lang: str, tmp_path: Path) -> None:
    who, now = site.who("gas"), time.time_ns() // 1000
    day = assessments.today(now)
    seen = assessments.mine(site.hub, who).state.seen("backup")
    assessments.answer(site.hub, who, "backup", Given(0.25, "self", day), seen, now)
    with visit("gas", lang=lang, allowed=("422",)) as page:
        page.goto("/assessment")
        with page.expect_download() as saved:
            page.get_by_role("link", name=word("assessment_download", lang)).click()
        path = tmp_path / "form.xlsx"
        saved.value.save_as(path)
        seen = assessments.mine(site.hub, who).state.seen("backup")
        assessments.answer(site.hub, who, "backup", Given(0.75, "self", day), seen, now)
        page.get_by_label(word("assessment_upload_label", lang)).set_input_files(path)
        page.get_by_role("button", name=word("assessment_upload", lang)).click()
        expect(page.locator("#q-backup").get_by_text(word("assessment_dispute", lang))).to_be_visible()
        page.locator("#q-backup").get_by_role("button", name=word("assessment_keep", lang)).click()
        expect(page.locator("#q-backup").locator(".saved")).to_be_visible()
        assert [one.level for one in assessments.mine(site.hub, who).state.answers("backup")] == [0.75]
        path.write_bytes(b"no workbook")
        page.get_by_label(word("assessment_upload_label", lang)).set_input_files(path)
        page.get_by_role("button", name=word("assessment_upload", lang)).click()
        expect(page.get_by_role("alert")).to_contain_text("form.xlsx")


@pytest.mark.sqlite_alone
def test_the_plan_follows_the_slider(visit: Visit) -> None:
    with visit("boss") as page:
        page.goto("/ratings/kusabe-town")
        before = page.locator("#plan").inner_text()
        page.locator(".slider input").fill("120")
        expect(page.locator("#plan input[name=budget]")).to_have_value("120")
        assert page.locator("#plan").inner_text() != before
