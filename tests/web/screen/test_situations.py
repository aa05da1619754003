"""The pages of situations and incidents: who may, what is refused above the form, both languages, both worlds apart."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator

import httpx
import pytest
from litestar.testing import TestClient
from tests.browser.site import PASSWORD, made_hub
from tests.web.screen.test_screen import ADDRESS, Client

from noroshi.settings import Settings
from noroshi.web.app import create_app
from noroshi.web.screen.situations import guarded
from noroshi.web.screen.situations_forms import read_time
from noroshi.web.screen.situations_reckoning import Reckoner
from noroshi.web.source import BriefSource

TITLE = {"title_en": "Trains without tickets", "title_ja": "切符のない列車", "tlp": "AMBER"}
REPORT = {
    "what": "unavailability", "since": "2026-11-20T09:00", "zone": "Asia/Tokyo", "effect": "Dispatch stands still",
    "organisation": "asanagi-grid", "sector": "power", "tlp": "AMBER", "consent": "withheld",
}  # fmt: skip


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("hub")
    hub = made_hub(folder, "")
    settings = Settings("127.0.0.1", 8600, "en", 0, folder, folder, "", request_rate=0)

    def stays(_: object) -> None:
        raise AssertionError

    app = create_app(settings, BriefSource(stays), hub)  # type: ignore[arg-type]  # nobody asks for the brief
    with TestClient(app, base_url=ADDRESS) as made:
        made.follow_redirects = False
        yield made
    hub.store.close()


class As:
    """Somebody who has logged in; a class, for the token that every form carries."""

    def __init__(self, client: Client, name: str) -> None:
        client.cookies.clear()
        client.post("/login", data={"name": name, "password": PASSWORD})
        self.client = client
        found = re.search(r'<meta name="csrf" content="([^"]+)"', client.get("/situations").text)
        assert found
        self.csrf = found[1]

    def get(self, path: str, **headers: str) -> httpx.Response:
        return self.client.get(path, headers=headers)

    def post(self, path: str, **data: object) -> httpx.Response:
        return self.client.post(path, data={"csrf": self.csrf, **data})

    def open(self, kind: str = "real", **more: str) -> str:
        answer = self.post("/situations/new", **{**TITLE, "kind": kind, **more})
        assert answer.status_code == 303, answer.text
        return answer.headers["location"].partition("?")[0]

    def report(self, **more: str) -> httpx.Response:
        return self.post("/incidents/new", **{**REPORT, **more})


@pytest.fixture
def duty(client: Client) -> As:
    return As(client, "duty")


def test_a_situation_is_opened_once_it_is_said_whether_it_is_real(duty: As) -> None:
    unsaid = duty.post("/situations/new", **TITLE)
    assert unsaid.status_code == 422
    assert "Choose first: real, or an exercise" in unsaid.text
    assert "Trains without tickets" in unsaid.text, "what was typed stays"
    untitled = duty.post("/situations/new", kind="real", tlp="AMBER", title_en="Trains", title_ja="")
    assert (untitled.status_code, "title in Japanese: nothing" in untitled.text) == (422, True)
    case = duty.open()
    assert "Trains without tickets" in duty.get(case).text
    assert "切符のない列車" in duty.get(f"{case}?lang=ja").text
    assert "Trains without tickets" in duty.get("/situations").text
    assert "Trains without tickets" in duty.get("/situations.csv").text


def test_an_exercise_says_so_on_every_page_and_a_real_case_nowhere(duty: As) -> None:
    drill, real = duty.open("exercise"), duty.open()
    assert duty.report(situation=drill.rpartition("/")[2]).status_code == 303
    paths = ("", "/impact", "/warnings", "/asks", "/press", "/position", "/severity", "/duties", "/brief", "/calls")
    for path in paths:
        assert 'class="drill"' in duty.get(drill + path).text, path
        assert 'class="drill"' not in duty.get(real + path).text, path
    assert "EXERCISE EXERCISE" in duty.get(f"{drill}/memo").text
    incident = re.search(r"/incidents/[0-9a-f-]{36}", duty.get(drill).text)
    assert incident
    assert 'class="drill"' in duty.get(incident[0]).text
    assert duty.get(f"{drill}/timeline.csv").headers["content-disposition"].endswith("exercise-timeline.csv")


def test_three_fields_make_a_report_and_faults_stand_above_what_was_typed(duty: As) -> None:
    bare = duty.post("/incidents/new", organisation="asanagi-grid", effect="Dispatch stands", tlp="AMBER")
    assert bare.status_code == 422
    assert "What happened?" in bare.text
    assert "Since when?" in bare.text
    assert "Dispatch stands" in bare.text
    later = duty.report(since="2999-01-01T00:00")
    assert (later.status_code, "lies in the future" in later.text) == (422, True)
    wrong = duty.report(persons="many", harm_data="-3")
    assert (wrong.status_code, "is no whole number" in wrong.text, "is no amount" in wrong.text) == (422, True, True)
    made = duty.report(regimes="APPI", persons="1,200", harm_service="5")
    assert made.status_code == 303
    page = duty.get(made.headers["location"]).text
    assert "Dispatch stands still" in page
    assert "1,200" in page
    assert "APPI" in page


def test_an_operator_reports_for_its_own_organisation(client: Client) -> None:
    grid = As(client, "grid")
    form = grid.get("/incidents/new").text
    assert 'name="organisation"' not in form
    made = grid.report(organisation="", sector="")
    assert made.status_code == 303
    assert "asanagi-grid" in grid.get(made.headers["location"]).text
    other = grid.report(organisation="asanagi-gas")
    assert (other.status_code, "of their own organisation" in other.text) == (403, True)


def test_a_correction_keeps_what_stood_before(duty: As) -> None:
    place = duty.report().headers["location"].partition("?")[0]
    kept = {
        "does": "fields",
        "what": "unavailability",
        "since": "2026-11-20T09:00",
        "zone": "Asia/Tokyo",
        "why": "seen",
    }
    assert duty.post(f"{place}/lines", **kept, effect="All stands still", malicious="unknown").status_code == 303
    page = duty.get(place).text
    assert "<del>Dispatch stands still</del>" in page
    assert "All stands still" in page
    same = duty.post(f"{place}/lines", **kept, effect="All stands still", malicious="unknown")
    assert (same.status_code, "Nothing was said" in same.text) == (422, True)
    back = duty.post(f"{place}/lines", does="state", state="recovered")
    assert (back.status_code, "after reported" in back.text) == (422, True)
    assert duty.post(f"{place}/lines", does="state", state="confirmed").status_code == 303
    loose = duty.post(f"{place}/lines", does="consent", consent="named")
    assert (loose.status_code, "who of the victim agreed" in loose.text) == (422, True)


def test_a_case_is_led_from_its_page(duty: As) -> None:
    case = duty.open()
    place = duty.report().headers["location"].partition("?")[0]
    uid = place.rpartition("/")[2]
    lines = f"{case}/lines"
    assert duty.post(lines, does="gather", incident=uid).status_code == 303
    assert duty.post(lines, does="admit", principal="energy-ministry").status_code == 303
    assert duty.post(lines, does="remark", text="called them").status_code == 303
    page = duty.get(case).text
    assert "asanagi-grid" in page
    assert "called them" in page
    assert duty.post(lines, does="close", why=" ").status_code == 422
    assert duty.post(lines, does="close", why="it is over").status_code == 303
    assert "This situation is closed" in duty.get(case).text
    assert duty.post(lines, does="part", incident=uid).status_code == 422
    assert duty.post(lines, does="reopen", why="again").status_code == 303
    assert duty.post(lines, does="part", incident=uid).status_code == 303
    assert duty.post(lines, does="nothing").status_code == 422


def test_a_warning_leaves_only_after_what_would_leave_was_shown(duty: As) -> None:
    case = duty.open()
    duty.report(situation=case.rpartition("/")[2])
    text = {f"{key}_{lang}": "x" for key in ("title", "text", "action") for lang in ("en", "ja")}
    told = {"severity": "high", "whom": "everyone", "tlp": "AMBER"}
    named = duty.post(f"{case}/warnings", **{**text, "text_en": "asanagi-grid is hit"}, **told)
    assert named.status_code == 422, "the victim has not agreed"
    made = duty.post(f"{case}/warnings", **text, **told)
    place = made.headers["location"].partition("?")[0]
    assert 'name="to" value="gas"' in duty.get(place).text
    assert duty.post(place, does="preview").status_code == 422
    preview = duty.post(place, does="preview", to="gas")
    assert "What would leave" in preview.text
    assert "Ed25519" in preview.text
    assert duty.post(place, does="send", to="gas").status_code == 303
    assert "not delivered" in duty.get(place).text
    other = duty.open()
    assert duty.get(f"{other}/warnings/{place.rpartition('/')[2]}").status_code == 404, "of another situation"


def test_who_is_asked_answers_and_the_ministry_between_reminds(client: Client) -> None:
    duty = As(client, "duty")
    case = duty.open()
    what = {"what_en": "Switch by hand", "what_ja": "手動で操作", "to": "grid", "through": "energy-ministry"}
    unread = duty.post(f"{case}/asks", **what, deadline="", zone="UTC")
    assert (unread.status_code, "Switch by hand" in unread.text) == (422, True)
    assert duty.post(f"{case}/asks", **what, deadline="2031-01-01T09:00", zone="UTC").status_code == 303
    grid = As(client, "grid")
    page = grid.get("/situations").text
    found = re.search(r"/asks/[0-9a-f-]{36}/answer", page)
    assert found
    assert "Switch by hand" in page
    assert "Trains without tickets" not in page, "the request alone is told"
    assert grid.post(found[0], state="refused", why="").status_code == 422
    assert grid.post(found[0], state="accepted", why="").status_code == 303
    ministry = As(client, "energy-ministry")
    assert ministry.post(found[0].replace("answer", "reminder")).status_code == 303
    assert ministry.post(found[0], state="done", why="").status_code == 403
    assert As(client, "gas").post(found[0], state="done", why="").status_code == 404


def test_the_position_is_entered_signed_and_read_as_a_memo(duty: As) -> None:
    case = duty.open()
    place = f"{case}/position"
    claim = {
        "does": "claim",
        "by": "FBI",
        "party": "ally",
        "reliability": "B",
        "credibility": "2",
        "source": "a statement",
    }
    assert duty.post(place, **claim, nexus="kp", public="yes").status_code == 303
    assert duty.post(place, **claim, nexus="XX").status_code == 422
    said = {"does": "statement", "audience": "public", "text_en": "It was them", "text_ja": "彼らである", "nexus": "KP"}
    assert duty.post(place, **said).status_code == 303
    page = duty.get(place).text
    assert "there is no finding of our own" in page
    digest = re.search(r'name="digest" value="([0-9a-f]{64})"', page)
    assert digest
    duty.post(place, does="decision", option="", why_en="No more than we know", why_ja="判明したことのみ")
    stale = duty.post(place, does="sign", role="Director", digest=digest[1])
    assert stale.status_code == 422, "something was entered since"
    digest = re.search(r'name="digest" value="([0-9a-f]{64})"', duty.get(place).text)
    assert digest
    assert duty.post(place, does="sign", role="Director", digest=digest[1]).status_code == 303
    memo = duty.get(f"{case}/memo?lang=ja")
    assert "彼らである" in memo.text
    assert "sha256-" in memo.headers["content-security-policy"]


def test_who_has_no_part_gets_what_is_not_there_and_who_takes_part_its_part(client: Client) -> None:
    duty = As(client, "duty")
    case = duty.open()
    duty.report(situation=case.rpartition("/")[2])
    told = ("", "/severity", "/brief")
    kept = ("/impact", "/duties", "/position", "/memo")
    led = ("/warnings", "/asks", "/press", "/calls")
    gas = As(client, "gas")
    absent = f"/situations/{'0' * 8}-0000-4000-8000-{'0' * 12}"
    for path in (*told, *kept):
        assert gas.get(case + path).status_code == 404, path
        assert gas.get(case + path).text.replace(case, absent) == gas.get(absent + path).text, path
    assert {gas.get(case + path).status_code for path in led} == {403}
    As(client, "duty").post(f"{case}/lines", does="admit", principal="gas")
    gas = As(client, "gas")
    assert {gas.get(case + path).status_code for path in told} == {200}
    assert {gas.get(case + path).status_code for path in kept} == {404}
    assert "asanagi-grid" not in gas.get(case).text


def test_scripts_are_played_by_who_may_lead_and_make_principals(client: Client) -> None:
    assert "port-ransomware" in As(client, "boss").get("/scripts").text
    assert As(client, "grid").get("/scripts").status_code == 403
    assert As(client, "boss").post("/scripts", script="port-ransomware", kind="history").status_code == 422


def test_times_of_forms_have_a_zone_and_a_date_alone_is_none() -> None:
    assert read_time("2026-11-22T09:00", "Asia/Tokyo") == read_time("2026-11-22T00:00", "UTC")
    assert read_time("2026-11-22T09:00", "Nowhere/Else") == read_time("2026-11-22T00:00", "UTC")
    assert [read_time(text, "UTC") for text in ("2026-11-22", "", "soon", "0001-01-01T00:00")] == [None] * 4


def test_no_cell_of_a_csv_is_a_formula() -> None:
    assert [guarded(cell) for cell in ("=1+1", "@x", "-1", -1, None, "a")] == ["'=1+1", "'@x", "'-1", "-1", "", "a"]


def test_a_reckoning_is_done_once_and_its_fault_is_told() -> None:
    reckoner, done = Reckoner(), list[int]()
    job = reckoner.asked("a", lambda: done.append(1), 5.0)
    assert (job.ready, reckoner.asked("a", lambda: done.append(1), 5.0) is job, done) == (True, True, [1])

    def fails() -> None:
        raise ZeroDivisionError

    before = time.monotonic()
    assert reckoner.asked("b", fails, 5.0).fault == "the hub could not compute it; its log says why"
    assert time.monotonic() - before < 5.0


def test_what_is_under_way_is_never_begun_anew_and_what_is_old_is() -> None:
    reckoner, going, begun = Reckoner(), threading.Event(), list[int]()

    def slow() -> None:
        begun.append(1)
        going.wait(10.0)

    first = reckoner.asked("a", slow, 0.0, 0.0)
    assert reckoner.asked("a", slow, 0.0, 0.0) is first, "however long it takes"
    going.set()
    assert first.ended.wait(10.0)
    assert reckoner.asked("a", slow, 5.0) is first
    again = reckoner.asked("a", slow, 5.0, -1.0)
    assert (again is first, again.ready, len(begun)) == (False, True, 2)


def test_severities_coverage_and_lists_name_things_as_people_do(duty: As) -> None:
    case = duty.open()
    place = duty.report(situation=case.rpartition("/")[2]).headers["location"].partition("?")[0]
    incident = re.search(r"/incidents/[0-9a-f-]{36}", duty.get(place).text)
    assert incident
    assert duty.post(f"{incident[0]}/lines", does="facts", **{"nciss.functional": "denial-critical"}).status_code == 303
    page = duty.get(f"{incident[0]}?lang=ja").text
    assert 'value="denial-critical" checked> 停止(重要サービス)' in page
    assert "> denial-critical<" not in page
    assert "機能への影響: 停止(重要サービス)" in whole(duty, f"{case}/severity?lang=ja")
    assert "Functional impact: denial of critical services" in whole(duty, f"{case}/severity")


def whole(who: As, path: str) -> str:
    """Return a page once what it shows is reckoned."""
    until = time.monotonic() + 60.0
    while True:
        text = who.get(path).text
        if 'class="waiting"' not in text or time.monotonic() > until:
            return text
