"""Sharing on the screen: who may see which page, what is told of faults, and that what is hidden leaves no trace."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import pytest
from litestar import Litestar
from litestar.testing import TestClient
from tests.browser.site import DRILL, LIVE, made_hub
from tests.desk.test_searching import RED, indicator, link, made, oid, send, who

from noroshi.desk import sessions
from noroshi.desk.hub import Hub
from noroshi.desk.sessions import token_against_forgery
from noroshi.settings import Settings
from noroshi.share.learning import learn_all
from noroshi.web.app import create_app
from noroshi.web.screen.words import word
from noroshi.web.source import BriefSource

ADDRESS = "http://127.0.0.1:8600"
Client = TestClient[Litestar]
FLAW = made("vulnerability", 7, name="CVE-2026-41001", description="A flaw.", x_noroshi_products=["GridMaster"])
SAID = {
    "title_en": "GridMaster", "title_ja": "GridMaster", "text_en": "It is attacked.", "text_ja": "攻撃を受けている。",
    "action_en": "Look.", "action_ja": "確認すること。", "severity": "high", "tlp": "AMBER",
    "sectors": ["power", "gas"],
}  # fmt: skip
MAIN = re.compile(r"<main.*?</main>", re.DOTALL)


@contextmanager
def world(folder: Path) -> Iterator[tuple[Client, Hub]]:
    folder.mkdir(exist_ok=True)
    learn_all()
    hub = made_hub(folder, "")
    settings = Settings("127.0.0.1", 8600, "en", 0, folder, folder, "", request_rate=0)

    def stays(_: object) -> NoReturn:
        raise AssertionError

    with TestClient(create_app(settings, BriefSource(stays), hub), base_url=ADDRESS) as client:
        client.follow_redirects = False
        yield client, hub
    hub.store.close()


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Client, Hub]]:
    with world(tmp_path_factory.mktemp("hub")) as (client, hub):
        send(hub, indicator(1), made("malware", 2, name="Kagerou", is_family=True), FLAW)
        send(hub, link(3, oid("indicator", 1), oid("malware", 2)))
        yield client, hub


def as_who(client: Client, hub: Hub, name: str) -> str:
    """Log somebody in; return what a form of its pages must carry."""
    secret = sessions.log_in(hub.store, who(hub, name), 12, time.time_ns() // 1000).asker.secret
    client.cookies.clear()
    client.cookies.set("noroshi", secret)
    return token_against_forgery(secret)


def sent(client: Client, hub: Hub, name: str) -> str:
    """Warn the power and gas sectors as somebody; return where the warning is."""
    token = as_who(client, hub, name)
    looked = client.post("/warnings/new", data={**SAID, "csrf": token, "what": "preview"})
    assert looked.status_code == 200
    seen = re.search(r'name="seen" value="([^"]+)"', looked.text)
    assert seen is not None
    chosen = re.findall(r'name="to" value="([^"]+)"', looked.text)
    done = client.post("/warnings/new", data={**SAID, "csrf": token, "what": "send", "seen": seen[1], "to": chosen})
    assert done.status_code == 303
    return str(done.headers["location"]).partition("?")[0]


def test_who_may_write_no_warnings_sees_no_form_for_it(filled: tuple[Client, Hub]) -> None:
    client, hub = filled
    for name, writes in (
        ("duty", True),
        ("energy-ministry", True),
        ("grid", False),
        ("ally", False),
        ("auditor", False),
    ):
        as_who(client, hub, name)
        assert ("/warnings/new" in client.get("/warnings").text) == writes
        assert client.get("/warnings/new").status_code == (200 if writes else 403)
    as_who(client, hub, "grid")
    assert "/warnings/new" not in client.get(f"/sharing/objects/{FLAW['id']}").text


def test_partner_hubs_and_who_would_get_what_are_for_who_runs_the_exchange(filled: tuple[Client, Hub]) -> None:
    client, hub = filled
    for name, status in (("duty", 200), ("boss", 200), ("energy-ministry", 403), ("grid", 403), ("auditor", 403)):
        as_who(client, hub, name)
        assert client.get("/sharing/peers").status_code == status
    as_who(client, hub, "grid")
    assert 'id="leaving"' not in client.get(f"/sharing/objects/{FLAW['id']}?show=leaving").text


def test_a_warning_is_looked_at_before_it_is_sent_and_every_fault_is_told(filled: tuple[Client, Hub]) -> None:
    client, hub = filled
    token = as_who(client, hub, "duty")
    empty = client.post("/warnings/new", data={"csrf": token, "title_en": "x", "severity": "high", "tlp": "AMBER"},
                        headers={"accept-language": "ja"})  # fmt: skip
    assert empty.status_code == 422
    assert empty.text.count("未記入です") == 5
    unseen = client.post("/warnings/new", data={**SAID, "csrf": token, "what": "send", "seen": "0", "to": ["grid"]})
    assert (unseen.status_code, word("warning_changed_since", "en") in unseen.text) == (422, True)
    looked = client.post(
        "/warnings/new", data={**SAID, "csrf": token, "what": "preview", "deadline": "2026-12-01T10:00"}
    )
    assert "期限: 2026-12-01 10:00(日本時間)" in looked.text
    assert re.findall(r'name="to" value="([^"]+)"', looked.text) == ["energy-ministry", "gas", "grid"]
    assert "drill-grid" in looked.text


def test_a_warning_is_for_whom_it_was_sent_to_and_who_may_follow_it(filled: tuple[Client, Hub]) -> None:
    client, hub = filled
    place = sent(client, hub, "duty")
    for name, status, follows in (
        ("grid", 200, False), ("gas", 200, False), ("boss", 200, True), ("auditor", 200, True), ("ally", 404, False),
        ("drill-grid", 404, False),
    ):  # fmt: skip
        as_who(client, hub, name)
        shown = client.get(place)
        assert (shown.status_code, 'id="standing"' in shown.text) == (status, follows), name
    token = as_who(client, hub, "ally")
    assert client.post(place + "/receipt", data={"csrf": token, "state": "acted"}).status_code == 404
    assert client.post(place + "/retraction", data={"csrf": token, "why_en": "x", "why_ja": "x"}).status_code in (
        403,
        404,
    )
    token = as_who(client, hub, "gas")
    assert client.post(place + "/receipt", data={"csrf": token, "state": "acted", "note": "=1+1"}).status_code == 303
    as_who(client, hub, "duty")
    listed = client.get(place + "/coverage.csv").text
    assert ("gas,gas,True,acted" in listed, "'=1+1" in listed) == (True, True)


def test_a_withdrawn_warning_says_why_in_both_languages(filled: tuple[Client, Hub]) -> None:
    client, hub = filled
    place = sent(client, hub, "duty")
    token = as_who(client, hub, "duty")
    half = client.post(place + "/retraction", data={"csrf": token, "why_en": "It was wrong."})
    assert (half.status_code, word("warning_fault_why", "en") in half.text) == (422, True)
    done = client.post(place + "/retraction", data={"csrf": token, "why_en": "It was wrong.", "why_ja": "誤りだった。"})
    assert done.status_code == 303
    shown = client.get(place, headers={"accept-language": "ja"})
    assert "誤りだった。" in shown.text
    assert word("warning_kind_retraction", "ja") in shown.text


def test_the_list_is_taken_out_as_csv_and_stix(filled: tuple[Client, Hub]) -> None:
    client, hub = filled
    as_who(client, hub, "duty")
    rows = client.get("/sharing.csv?type=malware").text.splitlines()
    assert (len(rows), "Kagerou" in rows[1]) == (2, True)
    objects = client.get("/sharing.json?type=malware").json()["objects"]
    assert [one["name"] for one in objects] == ["Kagerou"]


def test_a_list_of_an_exercise_is_stix_alone(filled: tuple[Client, Hub]) -> None:
    client, hub = filled
    send(hub, {**indicator(50), "labels": ["exercise"]}, into=DRILL)
    as_who(client, hub, "duty")
    shown = client.get(f"/sharing?in={DRILL}").text
    assert (word("exercise", "en") in shown, "/sharing.csv" in shown) == (True, False)
    assert client.get(f"/sharing.csv?in={DRILL}").status_code == 403
    assert client.get(f"/sharing.json?in={DRILL}").status_code == 200


def test_what_came_of_a_file_is_told_and_only_to_who_may_send(filled: tuple[Client, Hub]) -> None:
    client, hub = filled
    token = as_who(client, hub, "duty")
    wrong = {**indicator(60), "pattern": "["}
    data = json.dumps({"type": "bundle", "objects": [indicator(61), wrong]}).encode()
    done = client.post("/sharing/import", data={"csrf": token, "in": LIVE}, files={"file": ("a.json", data)})
    assert (done.status_code, wrong["id"] in done.text, "Beacon 61" in done.text) == (200, True, True)
    none = client.post("/sharing/import", data={"csrf": token, "in": LIVE})
    assert (none.status_code, word("sharing_import_choose", "en") in none.text) == (422, True)
    token = as_who(client, hub, "grid")
    refused = client.post("/sharing/import", data={"csrf": token, "in": LIVE}, files={"file": ("a.json", data)})
    assert refused.status_code == 422
    as_who(client, hub, "auditor")
    assert client.get("/sharing/import").status_code == 403


PAGES = (
    "/sharing", "/sharing?q=beacon", "/sharing?q=secret", "/sharing?tlp=RED", "/sharing.csv", "/sharing.json",
    f"/sharing/objects/{oid('indicator', 1)}", f"/sharing/objects/{oid('indicator', 90)}",
    f"/sharing/objects/{oid('malware', 2)}?show=same", f"/sharing?in={DRILL}", "/sharing/releases", "/warnings",
)  # fmt: skip


def test_what_is_hidden_leaves_no_trace_on_any_page(tmp_path: Path) -> None:
    said: list[list[tuple[int, str]]] = []
    for secret in (False, True):
        with world(tmp_path / str(secret)) as (client, hub):
            send(hub, indicator(1), made("malware", 2, name="Kagerou", is_family=True))
            if secret:
                send(hub, indicator(90, RED, name="secret beacon"), link(91, oid("indicator", 90), oid("malware", 2)))
                send(hub, link(92, oid("indicator", 1), oid("malware", 2), RED))
                send(hub, {**indicator(93), "labels": ["exercise"]}, into=DRILL)
            as_who(client, hub, "grid")
            answers = [client.get(page) for page in PAGES]
            said.append([(one.status_code, told(one.text)) for one in answers])
    assert said[0] == said[1]


def told(text: str) -> str:
    """Return what a page says but for what is random: tokens, and the moments at which objects came."""
    found = MAIN.search(text)
    shown = found[0] if found else text
    shown = re.sub(r'name="csrf" value="[^"]*"', "", shown)
    return re.sub(r"\d\d-\d\d \d\d:\d\d|\b\d\d:\d\d\b|20\d\d-\d\d-\d\dT[\d:.]+Z?", "", shown)


def test_a_warning_that_cannot_go_where_it_was_to_go_is_kept_and_says_why(filled: tuple[Client, Hub]) -> None:
    client, hub = filled
    token = as_who(client, hub, "duty")
    asked = {**SAID, "csrf": token, "title_en": "Nowhere", "collection": DRILL}
    seen = re.search(
        r'name="seen" value="([^"]+)"', client.post("/warnings/new", data={**asked, "what": "preview"}).text
    )
    assert seen is not None
    done = client.post("/warnings/new", data={**asked, "what": "send", "seen": seen[1], "to": ["grid"]})
    assert (done.status_code, "nothing was sent" in done.text, "/retraction" in done.text) == (422, True, True)
    assert client.get("/warnings").text.count(word("warning_unsent", "en")) == 1
