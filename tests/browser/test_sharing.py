"""Sharing in a real browser: an advisory becomes warnings, which are answered and corrected; two release a copy."""

from __future__ import annotations

import json
import re
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect
from tests.browser.chromium import barriers
from tests.browser.conftest import Visit
from tests.browser.site import LIVE, Site

from noroshi.web.screen.words import word

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser

GREEN = "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"
PRODUCT = "cpe:2.3:a:umineko:gridmaster:4.2"
ONE = re.compile(r"/warnings/[0-9a-f-]{36}")
MOST_STEPS = 10


class Steps:
    """Counts what a person does with a mouse: each click, and each file or field that is chosen."""

    def __init__(self) -> None:
        self.taken = 0

    def click(self, what: Locator) -> None:
        self.taken += 1
        what.click()

    def choose(self, what: Locator, file: Path) -> None:
        self.taken += 1
        what.set_input_files(file)


def advisory(name: str, marking: str = GREEN) -> dict[str, Any]:
    at = {"spec_version": "2.1", "created": "2026-11-20T01:00:00.000Z", "modified": "2026-11-20T01:00:00.000Z"}
    return {
        "type": "vulnerability", "id": f"vulnerability--{uuid.uuid4()}", **at, "name": name,
        "description": "Whoever reaches its remote access commands the dispatcher.",
        "x_noroshi_products": [PRODUCT], "object_marking_refs": [marking],
    }  # fmt: skip


def bundle(folder: Path, *objects: dict[str, Any]) -> Path:
    file = folder / "advisory.json"
    file.write_text(json.dumps({"type": "bundle", "id": f"bundle--{uuid.uuid4()}", "objects": list(objects)}))
    return file


def brought(site: Site, *objects: dict[str, Any]) -> None:
    who = site.who("duty")
    root = site.hub.roots(who)[0]
    where = site.hub.collection(who, root, LIVE)
    done = site.hub.send(who, root, where, json.dumps({"objects": list(objects)}).encode(), 1)
    done.kept.result(20)
    assert done.status.failures == ()


@pytest.fixture(params=["en", "ja"])
def lang(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def button(page: Page, key: str, lang: str) -> Locator:
    return page.get_by_role("button", name=word(key, lang), exact=True)


def link(page: Page, key: str, lang: str) -> Locator:
    return page.get_by_role("link", name=word(key, lang), exact=True)


def warned(visit: Visit, file: Path, name: str, lang: str) -> tuple[str, int]:
    """Warn those at risk from a file, as the duty officer; return where the warning is, and the steps that it took."""
    steps = Steps()
    with visit("duty", lang=lang) as page:
        page.goto("/")
        steps.click(page.get_by_role("link", name=word("menu_sharing", lang), exact=True))
        steps.click(link(page, "sharing_import", lang))
        steps.choose(page.get_by_label(word("sharing_file", lang), exact=True), file)
        steps.click(button(page, "sharing_import_go", lang))
        steps.click(link(page, "sharing_warn", lang))
        page.locator("#title_ja").fill(f"{name}への対処")
        steps.click(button(page, "warning_preview", lang).last)
        expect(page.locator("#preview")).to_contain_text("grid")
        assert page.locator("input[name=to]:checked").evaluate_all("all => all.map(one => one.value)") == ["grid"]
        expect(page.locator("#preview")).to_contain_text(word("warning_not_told", lang))
        assert barriers(page) == []
        steps.click(button(page, "warning_send", lang))
        page.wait_for_url(ONE)
        expect(page.locator("#standing")).to_contain_text("grid")
        assert barriers(page) == []
        place = ONE.search(page.url)
    assert place is not None
    return place[0], steps.taken


def test_from_a_new_advisory_to_those_at_risk_who_answer_and_are_corrected(
    visit: Visit, tmp_path: Path, lang: str
) -> None:
    name = f"CVE-2026-4{int(lang == 'ja')}001"
    place, steps = warned(visit, bundle(tmp_path, advisory(name)), name, lang)
    print(f"from the first page to a warning sent: {steps} clicks and choices ({lang})")  # noqa: T201  the figure
    assert steps <= MOST_STEPS
    with visit("grid", lang=lang) as page:
        page.goto("/warnings")
        assert barriers(page) == []
        page.get_by_role("link", name=name).first.click()
        assert barriers(page) == []
        button(page, "warning_acknowledge", lang).click()
        expect(page.get_by_text(word("warning_said_acknowledged", lang))).to_be_visible()
        page.get_by_label(word("warning_note_hint", lang)).fill("remote access is off")
        button(page, "warning_act", lang).click()
        expect(page.get_by_text(word("warning_said_acted", lang))).to_be_visible()
    with visit("duty", lang=lang) as page:
        page.goto(place)
        expect(page.locator("#standing")).to_contain_text("remote access is off")
        row = page.locator(".coverage tbody tr").first
        assert row.locator("td.num").all_inner_texts()[1:] == ["1", "1", "1", "1"]
        link(page, "warning_correct", lang).click()
        page.locator("#title_ja").fill(f"{name}(新)")
        page.locator("#title_en").fill(f"{name} (new)")
        assert barriers(page) == []
        button(page, "warning_correct_go", lang).click()
        expect(page.locator("#standing")).to_contain_text(word("warning_state_chosen", lang))
    with visit("grid", lang=lang) as page:
        page.goto(place)
        expect(page.get_by_role("heading", level=1)).to_contain_text("(")
        expect(page.get_by_text(word("warning_kind_correction", lang), exact=True)).to_be_visible()
        button(page, "warning_acknowledge", lang).click()
        expect(page.get_by_text(word("warning_mine_acknowledged", lang), exact=True)).to_be_visible()
    with visit("gas", lang=lang, allowed=("404",)) as page:
        page.goto("/warnings")
        assert name not in page.content()
        answer = page.goto(place)
        assert answer is not None
        assert answer.status == 404


def test_a_reduced_copy_takes_two_persons_in_two_browsers(visit: Visit, site: Site, lang: str) -> None:
    one = advisory(f"Flaw {uuid.uuid4().hex[:6]}")
    brought(site, {**one, "description": "Seen at Aoba Power."})
    with visit("duty", lang=lang) as first, visit("boss", lang=lang) as second:
        first.goto(f"/sharing/objects/{one['id']}?in={LIVE}")
        assert barriers(first) == []
        link(first, "sharing_propose", lang).click()
        first.get_by_label("description", exact=True).first.check()
        first.get_by_label(word("sharing_plan_words", lang)).fill("Aoba Power")
        first.get_by_label(word("sharing_plan_reason", lang)).fill("operators must know")
        assert barriers(first) == []
        button(first, "sharing_propose_go", lang).click()
        expect(first.get_by_text(word("sharing_decide_other", lang))).to_be_visible()
        expect(button(first, "sharing_approve", lang)).to_have_count(0)
        second.goto("/sharing/releases")
        assert barriers(second) == []
        second.get_by_role("link", name=str(one["id"])).click()
        expect(second.locator("del").filter(has_text="Seen at Aoba Power.")).to_be_visible()
        assert barriers(second) == []
        button(second, "sharing_approve", lang).click()
        expect(second.get_by_text(word("sharing_said_approved", lang))).to_be_visible()
        first.reload()
        first.get_by_role("link", name=re.compile("vulnerability--")).last.click()
        assert "Aoba" not in first.content()


def test_a_file_with_faults_is_told_object_by_object(visit: Visit, tmp_path: Path, lang: str) -> None:
    good, bad = advisory("CVE-2026-55555"), {**advisory("CVE-2026-55556"), "created": "yesterday"}
    with visit("duty", lang=lang, allowed=("422",)) as page:
        page.goto("/sharing/import")
        assert barriers(page) == []
        page.get_by_label(word("sharing_file", lang), exact=True).set_input_files(bundle(tmp_path, good, bad))
        button(page, "sharing_import_go", lang).click()
        expect(page.get_by_role("alert")).to_contain_text(bad["id"])
        expect(page.get_by_role("link", name="CVE-2026-55555")).to_be_visible()
        assert barriers(page) == []
        broken = tmp_path / "broken.json"
        broken.write_text('{"objects": [1')
        page.goto("/sharing/import")
        page.get_by_label(word("sharing_file", lang), exact=True).set_input_files(broken)
        button(page, "sharing_import_go", lang).click()
        expect(page.get_by_role("alert")).to_contain_text("broken.json")


@pytest.mark.sqlite_alone
def test_an_indicator_is_found_sighted_and_disputed(visit: Visit, site: Site) -> None:
    at = {"spec_version": "2.1", "created": "2026-11-20T01:00:00.000Z", "modified": "2026-11-20T01:00:00.000Z"}
    one = {
        "type": "indicator", "id": f"indicator--{uuid.uuid4()}", **at, "name": "Beacon of Kagerou",
        "pattern": "[ipv4-addr:value = '198.51.100.77']", "pattern_type": "stix", "valid_from": at["created"],
        "object_marking_refs": [GREEN],
    }  # fmt: skip
    brought(site, one)
    with visit("duty") as page:
        page.goto("/sharing")
        page.keyboard.press("/")
        page.keyboard.type("198.51.100[.]77")
        page.keyboard.press("Enter")
        page.get_by_role("link", name="Beacon of Kagerou").click()
        page.get_by_text(word("sharing_sight", "en")).click()
        page.get_by_label(word("sharing_count", "en")).fill("4")
        button(page, "sharing_seen", "en").click()
        expect(page.get_by_text(word("sharing_sighted", "en", n=4, times=1))).to_be_visible()
        page.get_by_text(word("sharing_sight", "en")).click()
        page.get_by_label(word("sharing_wrong_why", "en")).fill("it is our own scanner")
        button(page, "sharing_false_positive", "en").click()
        expect(page.get_by_text("it is our own scanner")).to_be_visible()
        link(page, "sharing_leaving_look", "en").click()
        expect(page.locator("#leaving")).to_contain_text("grid")
        assert barriers(page) == []


@pytest.mark.sqlite_alone
@pytest.mark.parametrize("narrow", [False, True])
def test_help_on_a_term_opens_by_keyboard_and_by_pointer_and_closes(visit: Visit, narrow: bool) -> None:
    with visit("duty", lang="ja" if narrow else "en", narrow=narrow) as page:
        page.goto("/warnings/new")
        button = page.get_by_role("button", name=word("glossary_help", "ja" if narrow else "en", term="TLP"))
        meaning = page.locator(".meaning:popover-open")
        expect(meaning).to_have_count(0)
        button.focus()
        page.keyboard.press("Enter")
        expect(meaning).to_contain_text("AMBER+STRICT")
        box, view = meaning.bounding_box(), page.viewport_size
        assert box is not None
        assert view is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= view["width"], "it stands within the window"
        assert barriers(page) == []
        page.keyboard.press("Escape")
        expect(meaning).to_have_count(0)
        button.click()
        expect(meaning).to_have_count(1)
        page.get_by_role("heading", level=1).click()
        expect(meaning).to_have_count(0)
