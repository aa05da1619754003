"""What-if in a real browser: choose by click and by keys, run, stop, play, ask why, compare, save, share, take away."""

from __future__ import annotations

import json
import random
import re
import sys
import threading
import time

import pytest
from playwright.sync_api import CDPSession, Page, Route, expect
from tests.browser.chromium import barriers
from tests.browser.conftest import Visit
from tests.browser.site import Site
from tests.slowness import slowness

from noroshi.desk import whatif_running, whatif_runs
from noroshi.desk.whatif_asked import asked_of, shipped_for
from noroshi.desk.whatif_running import Order, Runner
from noroshi.files.estates import load
from noroshi.web.screen.words import word

pytestmark = pytest.mark.browser

SHOCK = "grid-centre-loss-of-control"
NODES, LINES, STEPS = 5000, 8000, 100
STEP_MS, READY_MS = 8.0, 1000.0
LARGE_MS = 3000.0
"""The promise is a second with nothing beside it (0.8 s: docs/acceptance.md); here another browser works beside it."""
SLOW_MS = 60_000
TIMES = 4


@pytest.fixture(scope="module")
def kept(site: Site) -> str:
    """A run of the duty officer's, by its address."""
    estate = load("sorami")
    order = Order(asked=asked_of(shipped_for(estate)[SHOCK]), draws=10)
    made = Runner(site.settings).start(site.who("duty"), order, "sorami", estate, time.time_ns() // 1000)
    for thread in threading.enumerate():
        if thread.name == "noroshi-whatif":
            thread.join(240)
    return f"/what-if/{made.uid}"


def ready(page: Page, path: str) -> None:
    page.goto(path)
    page.wait_for_selector(".map[data-ready]:not([data-ready=no])", timeout=SLOW_MS)


def quickest_ready(page: Page, path: str) -> float:
    """Return after how many ms the map can be used; the machine may be busy with other things: the best of four."""
    took: list[float] = []
    while len(took) < TIMES and min(took, default=READY_MS + 1) > READY_MS:
        ready(page, path)
        took.append(float(page.locator(".map").get_attribute("data-ready") or "inf"))
    return min(took)


def walked(page: Page, key: str = "ArrowRight", times: int = 1) -> str:
    """Walk on the map, and return where one then is."""
    page.locator(".map canvas").nth(1).focus()
    for _ in range(times):
        page.keyboard.press(key)
    return page.locator(".map").get_attribute("data-at") or ""


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_one_chooses_by_click_and_by_keys_and_runs_it(visit: Visit, lang: str) -> None:
    with visit("duty", lang=lang, allowed=("422",)) as page:
        ready(page, "/what-if")
        assert barriers(page) == []
        page.get_by_label(word("wi_search", lang)).fill("port-tos")
        page.locator('#found button[value="port-tos"]').click()
        expect(page.locator('[data-target="port-tos"]')).to_be_visible()
        at = walked(page, times=2)
        page.keyboard.press("Enter")
        expect(page.locator(f'#plan [data-target="{at}"]')).to_be_visible()
        page.locator(".map canvas").nth(1).focus()
        page.keyboard.press("Enter")
        expect(page.locator(f'#plan [data-target="{at}"]')).to_have_count(0)
        place = page.locator(".map").bounding_box()
        assert place
        page.get_by_label(word("wi_horizon", lang)).fill("-3")
        page.get_by_role("button", name=word("wi_run", lang), exact=True).click()
        expect(page.get_by_role("alert")).to_be_visible()
        assert barriers(page) == []
        page.get_by_label(word("wi_horizon", lang)).fill("96")
        page.get_by_role("button", name=word("wi_run", lang), exact=True).click()
        page.wait_for_url("**/what-if/*-*")
        page.wait_for_selector(".map[data-ready]", timeout=SLOW_MS)
        expect(page.locator(".sentence")).not_to_be_empty()


@pytest.mark.sqlite_alone
def test_a_click_on_the_map_chooses(visit: Visit) -> None:
    with visit("duty") as page:
        ready(page, "/what-if")
        at = walked(page, "ArrowDown", 3)
        canvas = page.locator(".map canvas").nth(1)
        box = canvas.bounding_box()
        assert box
        for share in range(20, 80, 3):
            canvas.click(position={"x": box["width"] * 0.45, "y": box["height"] * share / 100})
            if page.locator("#plan [data-target]").count():
                break
        expect(page.locator("#plan [data-target]").first).to_be_visible()
        assert at


@pytest.mark.sqlite_alone
def test_a_run_is_told_as_it_goes_and_stopped(visit: Visit, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    going = threading.Event()

    def lasts(record: object, estate: object, said: object) -> object:
        while not going.wait(0.02):
            said("bands", 0.4)  # type: ignore[operator]
        raise AssertionError(record, estate)

    monkeypatch.setattr(whatif_running, "compute", lasts)
    with visit("duty", lang="ja") as page:
        page.goto("/what-if")
        page.locator('#found button[name="add"]').first.click()
        expect(page.locator("#plan [data-target]")).to_be_visible()
        page.get_by_role("button", name=word("wi_run", "ja"), exact=True).click()
        page.wait_for_url("**/what-if/*-*")
        expect(page.get_by_text(word("wi_s_bands", "ja"))).to_be_visible()
        assert barriers(page) == []
        page.get_by_role("button", name=word("wi_stop", "ja")).click()
        expect(page.get_by_text(word("wi_stopped_lead", "ja"))).to_be_visible()
        assert barriers(page) == []
    going.set()
    assert {one.state for one in whatif_runs.listed(site.settings, site.who("duty"))} <= {"stopped", "done"}


@pytest.mark.sqlite_alone
@pytest.mark.parametrize("lang", ["en", "ja"])
def test_it_is_played_with_space_and_slider_and_says_why(visit: Visit, kept: str, lang: str) -> None:
    with visit("duty", lang=lang, dark=lang == "ja") as page:
        assert quickest_ready(page, kept) <= READY_MS * slowness()
        host = page.locator(".map")
        expect(page.locator(".frames button")).to_have_count(6)
        walked(page)
        before = host.get_attribute("data-hour")
        page.keyboard.press(" ")
        expect(host).not_to_have_attribute("data-hour", before or "")
        page.get_by_label(word("wi_time", lang), exact=True).fill("1.5")
        expect(host).to_have_attribute("data-hour", "1.5")
        expect(page.locator("a[data-hour]").first).to_have_attribute("href", re.compile(r"\?at=1\.5$"))
        at = walked(page, "ArrowDown")
        page.keyboard.press("Enter")
        expect(page.locator(f'#why[data-unit="{at}"] h3')).to_be_visible()
        service = "Electricity, Sorahama" if lang == "en" else "電力・空浜"
        page.get_by_role("link", name=word("wi_why_of", lang, name=service)).click()
        expect(page.locator("#why .chain").first).to_be_visible()
        assert barriers(page) == []


@pytest.mark.sqlite_alone
def test_pictures_and_tables_are_taken_away(visit: Visit, kept: str) -> None:
    with visit("duty") as page:
        ready(page, kept)
        with page.expect_download() as png:
            page.get_by_role("link", name=word("wi_x_png", "en")).click()
        assert png.value.suggested_filename.endswith("h.png")
        page.get_by_text(word("wi_export", "en"), exact=True).click()
        for key in ("wi_x_losses", "wi_x_geojson", "wi_x_svg", "wi_x_pdf"):
            with page.expect_download() as got:
                page.get_by_role("link", name=word(key, "en")).click()
            assert got.value.path().stat().st_size > 100


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_one_saves_and_shares_and_a_third_finds_nothing(visit: Visit, kept: str, lang: str) -> None:
    name = f"Kept {lang}"
    with visit("duty", lang=lang) as page:
        ready(page, kept)
        page.locator("summary", has_text=word("wi_save", lang)).or_(
            page.locator("summary", has_text=word("wi_rename", lang))
        ).first.click()
        page.locator("#save-name").fill(name)
        page.locator('form[action$="/save"] button').click()
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
        page.locator("summary", has_text=word("wi_share", lang)).click()
        page.locator("#share-names").fill("grid")
        assert barriers(page) == []
        page.locator('form[action$="/share"] button').click()
        expect(page.get_by_text(word("wi_now_shared", lang))).to_be_visible()
    with visit("grid", lang=lang) as page:
        ready(page, kept)
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
        expect(page.locator('form[action$="/delete"]')).to_have_count(0)
    with visit("gas", lang=lang, allowed=("404",)) as page:
        page.goto(kept)
        expect(page.get_by_role("heading", level=1)).to_have_text(word("refused_404", lang))


@pytest.mark.sqlite_alone
def test_two_are_compared(visit: Visit, kept: str) -> None:
    with visit("duty", lang="ja", narrow=True) as page:
        ready(page, kept)
        assert barriers(page) == []
        page.goto(f"/what-if/compare?a={kept.rsplit('/', 1)[1]}&b={kept.rsplit('/', 1)[1]}")
        expect(page.get_by_text(word("wi_compare_same", "ja"))).to_be_visible()
        assert barriers(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= 391


@pytest.mark.sqlite_alone
def test_a_large_estate_is_played_within_its_budget(visit: Visit, kept: str) -> None:
    draw = random.Random(5)  # noqa: S311  an invented estate
    places = [(round(draw.uniform(31, 45), 3), round(draw.uniform(130, 145), 3)) for _ in range(NODES)]
    nodes = [[f"n{k}", f"N{k}", "", "assets", *at, True] for k, at in enumerate(places)]
    ends = [(draw.randrange(NODES), draw.randrange(NODES)) for _ in range(LINES)]
    lines = [
        [f"l{k}", f"L{k}", "", ("power", "gas", "transport")[k % 3], *places[a], *places[b]]
        for k, (a, b) in enumerate(ends)
    ]
    hours = [round(k * 0.7, 2) for k in range(STEPS)]
    changes = [
        {f"{'nl'[k % 2]}{draw.randrange(NODES)}": draw.choices(range(4), (8, 1, 1, 1))[0] for k in range(400)}
        for _ in hours
    ]
    played = {
        "map": {"estate": "made", "coast": True, "nodes": nodes, "lines": lines}, "horizon": 72.0, "hours": hours,
        "changes": changes, "loading": {f"l{k}": [draw.randrange(90)] * STEPS for k in range(LINES)},
        "frames": hours[:6],
    }  # fmt: skip
    body = json.dumps(played)

    def given(route: Route) -> None:
        route.fulfill(body=body, content_type="application/json")

    with visit("duty") as page:
        page.route("**/played.json", given)
        began = quickest_ready(page, kept)
        meter = page.context.new_cdp_session(page)
        meter.send("Performance.enable", {"timeDomain": "threadTicks"})
        before = script_s(meter)
        page.evaluate(
            """(hours) => {
              const bar = document.querySelector('.playbar input');
              for (const hour of hours) {
                bar.value = String(hour);
                bar.dispatchEvent(new Event('input'));
              }
            }""",
            hours,
        )
        took = 1000.0 * (script_s(meter) - before) / STEPS
        said = f"{NODES} nodes, {LINES} lines: map ready in {began:.0f} ms, {took:.2f} ms of script a step\n"
        sys.stdout.write(said)
        assert began <= LARGE_MS * slowness(), said
        assert took <= STEP_MS * slowness(), said


def script_s(meter: CDPSession) -> float:
    """Return the seconds of the page's own thread that went into scripts: others on the machine do not count."""
    found = meter.send("Performance.getMetrics")["metrics"]
    return float(next(one["value"] for one in found if one["name"] == "ScriptDuration"))
