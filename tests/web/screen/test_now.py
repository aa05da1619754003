"""The duty officer's page: who sees what of it, what is public, and the stream that says that it has changed."""

from __future__ import annotations

import asyncio
import csv
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from tests.browser.abnormal import HOUR, drilled, reported, troubled
from tests.browser.site import Site, made_hub
from tests.report.made_brief import made_brief

from noroshi.desk import incidents, sessions
from noroshi.desk.limits import TooMany
from noroshi.desk.now import digest_of, now_of
from noroshi.respond.incident import Corrected
from noroshi.settings import Settings
from noroshi.web import streams as streams_module
from noroshi.web.app import create_app
from noroshi.web.estates import Estates
from noroshi.web.screen.words import word
from noroshi.web.source import BriefSource
from noroshi.web.streams import MOST, Streams

ADDRESS = "http://127.0.0.1:8600"


class Client(TestClient[Litestar]):
    """A browser, and the hub that it looks at."""

    site: Site


def micros() -> int:
    return time.time_ns() // 1000


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("hub")
    hub = made_hub(folder, "")
    yield Site(ADDRESS, hub, Settings("127.0.0.1", 8600, "en", 0, folder, folder, "", request_rate=0))
    hub.store.close()


@pytest.fixture(scope="module")
def client(site: Site) -> Iterator[Client]:
    source = BriefSource(lambda _: made_brief())
    source.start()
    source.wait(20)
    app = create_app(site.settings, source, site.hub, Estates(source, site.settings, "sorami"))
    with Client(app, base_url=ADDRESS) as made:
        made.follow_redirects, made.site = False, site
        yield made


@pytest.fixture(scope="module")
def ids(site: Site) -> dict[str, str]:
    return troubled(site)


def as_(client: Client, name: str) -> Client:
    client.cookies.clear()
    if name:
        client.cookies.set("noroshi", client.site.secret(name))
    return client


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_a_calm_hub_says_so_and_what_to_do_first(client: Client, lang: str) -> None:
    page = as_(client, "boss").get("/", params={"lang": lang}).text
    for key in ("now_calm", "now_queue_none", "now_cases_none", "now_guide"):
        assert word(key, lang) in page
    token = page.split('name="csrf" value="')[1].split('"')[0]
    assert client.post("/guide", data={"csrf": token}).headers["location"] == "/"
    assert word("now_guide", lang) not in client.get("/", params={"lang": lang}).text


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_page_says_what_is_abnormal_and_due(client: Client, ids: dict[str, str], lang: str) -> None:
    page = as_(client, "duty").get("/", params={"lang": lang})
    assert word("now_state_1", lang) in page.text
    assert word("now_incidents", lang, count=4) in page.text
    assert word("now_overdue", lang, count=4) in page.text
    assert word("now_due_one", lang, time=word("now_minutes", lang, count=40)) in page.text
    assert word("now_undated_one", lang) in page.text
    assert ("空海国の事業者への侵入" if lang == "ja" else "Intrusions at operators of Sorami") in page.text
    assert 'data-live="/live?seen=' in page.text
    assert word("now_guide", lang) not in page.text
    assert ids["situation"]


def test_a_script_asks_for_the_part_alone(client: Client, ids: dict[str, str]) -> None:
    part = as_(client, "duty").get("/", headers={"hx-request": "true"}).text
    assert "<html" not in part
    assert 'id="queue"' in part
    assert ids


def test_each_sees_what_is_its_own(client: Client, ids: dict[str, str]) -> None:
    grid = as_(client, "grid").get("/").text
    assert word("now_incidents_one", "en") in grid
    assert "Asanagi Grid" in grid
    assert word("now_kind_ask", "en") in grid
    for hidden in ("Tomariura", "Sorami Telecom", "Intrusions at operators", ids["port"]):
        assert hidden not in grid
    gas = as_(client, "gas").get("/").text
    assert word("now_calm", "en") not in gas
    assert word("now_mine_one", "en")[:20] in gas
    assert word("now_incidents_one", "en") not in gas
    ministry = as_(client, "energy-ministry").get("/").text
    assert word("now_kind_between", "en") in ministry
    assert "Tomariura" not in ministry


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_who_has_not_logged_in_sees_what_is_public_and_nothing_of_incidents(
    client: Client, ids: dict[str, str], lang: str
) -> None:
    page = as_(client, "").get("/", params={"lang": lang}).text
    assert word("now_public_lead", lang) in page
    assert '<a href="/login"' in page
    assert "data-live" not in page
    for hidden in (*ids.values(), "Asanagi Grid", "朝凪送配電", word("now_queue", lang) + "</h2>"):
        assert hidden not in page


def test_an_exercise_has_a_page_of_its_own_that_says_so(client: Client, site: Site, ids: dict[str, str]) -> None:
    drill = drilled(site)
    real = as_(client, "duty").get("/").text
    assert word("exercise", "en") not in real
    assert "Exercise Beacon" not in real
    assert 'href="/?world=exercise"' in real
    page = client.get("/", params={"world": "exercise"}).text
    assert word("exercise", "en") in page
    assert "Exercise Beacon" in page
    assert "Intrusions at operators" not in page
    assert word("now_real_open", "en") in page
    assert (bool(drill), bool(ids)) == (True, True)
    assert word("exercise", "en") not in as_(client, "grid").get("/").text


def test_the_map_shows_the_risk_of_the_brief_where_that_is_asked_for(client: Client, ids: dict[str, str]) -> None:
    now, risk = (as_(client, "duty").get("/", params={"layer": layer}).text for layer in ("now", "risk"))
    assert ids
    assert word("now_map_lead", "en") in now
    assert word("now_map_lead", "en") not in risk


def test_the_queue_is_sorted_by_time(site: Site, ids: dict[str, str]) -> None:
    at = micros()
    found = now_of(site.hub, site.who("duty"), at).side(exercise=False).pending
    times = [at if one.due is None else one.due for one in found]
    assert times == sorted(times)
    assert {one.kind for one in found} == {"duty", "asked", "unanswered"}
    assert all(one.case in ids.values() for one in found)
    later = now_of(site.hub, site.who("duty"), at + 8 * 24 * HOUR).pending
    assert "unanswered" not in {one.kind for one in later}


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_all_that_is_due_is_a_page_and_a_table_to_keep(client: Client, ids: dict[str, str], lang: str) -> None:
    page = as_(client, "duty").get("/due", params={"lang": lang, "world": "real"}).text
    assert page.count('class="first"') == 12
    assert word("now_due_lead", lang) in page
    sheet = client.get("/due.csv", params={"lang": lang, "world": "real"})
    assert sheet.headers["content-disposition"].startswith("attachment")
    assert len(sheet.text.strip().splitlines()) == 13
    assert ids
    hidden = as_(client, "ally").get("/due", params={"world": "real"}).text
    assert word("now_queue_none", "en") in hidden


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_ladder_is_a_table_to_keep(client: Client, ids: dict[str, str], lang: str) -> None:
    page = as_(client, "duty").get("/", params={"lang": lang, "world": "real"}).text
    assert 'href="/?csv=ladder&amp;world=real"' in page
    sheet = client.get("/", params={"lang": lang, "world": "real", "csv": "ladder"})
    assert sheet.headers["content-disposition"].endswith("noroshi-sectors.csv")
    head, *rows = list(csv.reader(sheet.text.lstrip("\ufeff").splitlines()))
    assert head[:2] == [word("now_sector", lang), word("now_state", lang)]
    assert len(rows) == 10
    states = [word(f"now_state_{k}", lang) for k in (3, 2, 1, 0)]
    assert [states.index(row[1]) for row in rows] == sorted(states.index(row[1]) for row in rows), "the gravest first"
    assert all(re.fullmatch(r"[\d.]+–[\d.]+", row[4]) for row in rows)
    assert ids
    drill = client.get("/", params={"lang": lang, "world": "exercise", "csv": "ladder"})
    assert drill.headers["content-disposition"].endswith("noroshi-sectors-exercise.csv")
    client.cookies.clear()
    assert client.get("/", params={"csv": "ladder"}).headers["content-type"].startswith("text/html")


# ---- the brief within the screen


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_the_brief_is_a_page_of_the_screen_with_ways_to_keep_it(client: Client, lang: str) -> None:
    page = as_(client, "duty").get("/brief", params={"lang": lang})
    assert page.status_code == 200
    for address in ("/brief.json?estate=sorami", "/brief.schema.json", "/brief.html"):
        assert f'href="{address}"' in page.text
        assert client.get(address).status_code == 200
    saved = client.get("/brief.html", params={"lang": lang})
    assert saved.headers["content-disposition"].startswith("attachment")
    assert f'<html lang="{lang}">' in saved.text


def test_an_estate_is_chosen_by_a_cookie_and_its_brief_computed_on_demand(site: Site) -> None:
    source = BriefSource(lambda _: made_brief())
    source.start()
    source.wait(20)
    estates = Estates(source, site.settings, "sorami", begin=lambda *_: Apart())  # type: ignore[arg-type]
    with Client(create_app(site.settings, source, site.hub, estates), base_url=ADDRESS) as client:
        client.follow_redirects, client.site = False, site
        page = as_(client, "duty").get("/").text
        token = page.split('name="csrf" value="')[1].split('"')[0]
        assert client.post("/view", data={"csrf": token, "estate": "japan", "next": "/brief"}).status_code == 303
        assert client.cookies["noroshi-estate"] == "japan"
        assert client.get("/brief").status_code == 200
        estates._sources["japan"].wait(20)
        assert 'href="/brief.json?estate=japan"' in client.get("/brief").text
        client.post("/view", data={"csrf": token, "estate": "../../etc", "next": "/brief"})
        assert client.cookies["noroshi-estate"] == "japan"
    estates.stop()


class Apart:
    """A process that has the brief at once."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """End."""

    def __call__(self, _: object) -> object:
        return made_brief()


def test_a_folder_of_this_machine_is_never_told(site: Site, tmp_path: Path) -> None:
    estates = Estates(BriefSource(lambda _: made_brief()), site.settings, str(tmp_path / "our estate"))
    assert estates.key(estates.served) == "served"
    assert estates.title(estates.served) == ("our estate", "our estate")
    assert estates.chosen("served") == estates.chosen("nonsense") == estates.served
    assert estates.bodies(estates.served) == {}
    assert set(estates.names) == {estates.served, "japan", "sorami"}


# ---- what changed


def test_the_digest_changes_with_what_one_sees_and_with_nothing_else(site: Site) -> None:
    duty, grid, gas = (site.who(name) for name in ("duty", "grid", "gas"))
    before = [digest_of(site.hub, who) for who in (duty, grid, gas)]
    assert [digest_of(site.hub, who) for who in (duty, grid, gas)] == before
    uid = reported(site, "asanagi-gas", "gas")
    after = [digest_of(site.hub, who) for who in (duty, grid, gas)]
    assert [a != b for a, b in zip(after, before, strict=True)] == [True, False, True]
    at = micros()
    incidents.say(site.hub, duty, uid, [Corrected({"effect": "worse"})], at, at)
    last = [digest_of(site.hub, who) for who in (duty, grid, gas)]
    assert [a != b for a, b in zip(last, after, strict=True)] == [True, False, True]


@pytest.mark.parametrize(("name", "told"), [("duty", True), ("grid", False), ("gas", True), ("ally", False)])
def test_a_stream_says_that_what_one_sees_has_changed_and_is_silent_of_the_rest(
    site: Site, monkeypatch: pytest.MonkeyPatch, name: str, *, told: bool
) -> None:
    monkeypatch.setattr(streams_module, "LOOK_S", 0.0)
    streams = Streams(site.hub)
    who = site.who(name)

    async def listen() -> list[bytes]:
        found: list[bytes] = []
        looked = 0
        look = streams.digest

        def digest(asker: object) -> str:
            nonlocal looked
            looked += 1
            if looked == 2:
                reported(site, "asanagi-gas", "gas")
            if looked == 5:
                streams.ended = True
            return look(asker)  # type: ignore[arg-type]

        monkeypatch.setattr(streams, "digest", digest)
        async for one in streams.told(site.secret(name), who, ""):
            found.append(one)  # noqa: PERF401  what came before it ends
        return found

    found = asyncio.run(asyncio.wait_for(listen(), 20))
    assert (streams_module.CHANGED in found) is told
    assert set(found) <= {streams_module.BEAT, streams_module.CHANGED}


def test_what_the_page_did_not_show_yet_is_told_at_once(site: Site) -> None:
    streams = Streams(site.hub)

    async def first(seen: str) -> list[bytes]:
        told = streams.told(site.secret("duty"), site.who("duty"), seen)
        found = [await anext(told)]
        streams.ended = seen == streams.digest(site.who("duty"))
        async for one in told:
            found.append(one)
            streams.end()
        return found

    assert streams_module.CHANGED in asyncio.run(asyncio.wait_for(first("0" * 32), 20))
    streams.ended = False
    assert streams_module.CHANGED not in asyncio.run(asyncio.wait_for(first(streams.digest(site.who("duty"))), 20))


def test_a_stream_ends_with_its_session(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams_module, "LOOK_S", 0.0)
    monkeypatch.setattr(streams_module, "SESSION_S", 0.0)
    streams = Streams(site.hub)
    opened = sessions.log_in(site.hub.store, site.who("gas"), 12, micros())

    async def listen() -> None:
        async for _ in streams.told(opened.asker.secret, opened.asker.principal, ""):
            assert streams.open[opened.asker.principal.no] == 1
            sessions.ended(site.hub.store, opened.asker, everywhere=False)

    asyncio.run(asyncio.wait_for(listen(), 20))
    assert streams.open[opened.asker.principal.no] == 0


def test_nobody_has_too_many_streams(site: Site) -> None:
    streams, who = Streams(site.hub), site.who("gas")
    streams.open[who.no] = MOST
    with pytest.raises(TooMany):
        streams.told("", who, "")


def test_the_stream_is_for_who_has_logged_in(client: Client) -> None:
    assert as_(client, "").get("/live").status_code == 401


def test_a_fresh_hub_says_how_its_first_owner_is_made(site: Site, tmp_path: Path) -> None:
    from noroshi.desk.credentials import Credentials
    from noroshi.desk.cursors import Cursors, hub_key
    from noroshi.desk.hub import Hub
    from noroshi.desk.seeing import Seeing
    from noroshi.store.opening import open_store

    store = open_store("", tmp_path)
    hub = Hub(store, Credentials(store), Cursors(hub_key(tmp_path)), Seeing(store))
    source = BriefSource(lambda _: made_brief())
    with TestClient(create_app(site.settings, source, hub), base_url=ADDRESS) as client:
        for lang in ("en", "ja"):
            page = client.get("/", params={"lang": lang}).text
            assert word("now_unowned", lang) in page
            assert word("now_brief_coming", lang, estate="x").split("x")[-1] in page
    store.close()
