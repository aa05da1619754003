"""Duties, impact, severity, brief and calendar by the REST interface: as on the command line, and hidden is absent."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar
from tests.web.rest_world import ALLY, API, DUTY, MINISTRY, OWNER, Client, client, rest_hub
from tests.web.taxii_world import WORKS
from tests.web.test_rest_cases import WORKS_CONTACT, got, sent, told

from noroshi.desk.hub import Hub
from noroshi.desk.impact import impact
from noroshi.store.contract import Declared

REPORT = {"what": "malware", "effect": "cranes of tomariura-port stand still", "since": "2026-11-22T04:00:00+09:00",
          "organisation": "tomariura-port", "sector": "port", "tlp": "GREEN"}  # fmt: skip
TITLE = {"en": "A port that stands still", "ja": "止まった港"}
NOTHING = "00000000-0000-4000-8000-000000000009"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    made = rest_hub(tmp_path)
    made.store.apply(Declared((), (), (), (), (), (WORKS_CONTACT,)))
    yield made
    made.store.close()


@pytest.fixture
def rest(hub: Hub, tmp_path: Path) -> Iterator[Client]:
    with client(hub, tmp_path) as made:
        yield made


def a_case(rest: Client, **more: Any) -> tuple[str, str]:
    """Open a situation with one incident; return both ids."""
    incident = sent(rest, "/incidents", {**REPORT, **more})
    situation = sent(rest, "/situations", {"title": TITLE, "tlp": "GREEN", "estate": "sorami", **more})
    lines = {"gather": [incident], "text": "the harbour master of tomariura-port was called"}
    assert rest.post(f"{API}/situations/{situation}/lines", json=lines, headers=DUTY).status_code == 200
    fields = {"fields": {"regimes": ["APPI"], "awareness": "2026-11-22T05:00:00+09:00"}, "state": "confirmed"}
    assert rest.post(f"{API}/incidents/{incident}/lines", json=fields, headers=DUTY).status_code == 200
    return situation, incident


def test_what_the_command_line_reckons(rest: Client) -> None:
    situation, incident = a_case(rest)
    ask = sent(rest, f"/situations/{situation}/asks", {"to": "works", "what": {"en": "Read by hand", "ja": "手で検針"},
               "deadline": "2096-11-24T17:00:00+09:00", "through": "works-ministry"})  # fmt: skip
    duties = got(rest, f"/incidents/{incident}/duties")
    assert {one["regime"] for one in duties["duties"]} == {"APPI"}
    assert {one["regime"] for one in got(rest, f"/incidents/{incident}/duties?regime=NIS2&regime=GDPR")["duties"]} == {
        "NIS2", "GDPR",
    }  # fmt: skip
    does = got(rest, f"/situations/{situation}/impact?hours=48")
    assert (does["horizon_h"], does["below"][0]["id"]) == (48.0, "containers")
    assert got(rest, f"/incidents/{incident}/impact?estate=sorami")["victims"] == ["tomariura-port"]
    severity = got(rest, f"/situations/{situation}/severity")
    assert severity["nciss"]["together"]["cascade"] is not None
    assert got(rest, f"/incidents/{incident}/severity")["nciss"]["together"]["cascade"] is None
    brief = got(rest, f"/situations/{situation}/brief")
    assert brief["sentence"]["en"].startswith("Tomariura Port Terminals hit: malware infection; Containers in and out")
    assert brief["asks"][0]["ask"] == ask
    assert (got(rest, f"/situations/{situation}/calls")["rows"], brief["unwarned"] != []) == ([], True), (
        "nobody reached"
    )
    at = max(one["said"]["entered"] for one in brief["changed"])
    assert got(rest, f"/situations/{situation}/brief?at={brief['at']}") == brief
    assert rest.get(f"{API}/situations/{situation}/brief?at=2020-01-01T00:00:00Z", headers=DUTY).status_code == 404
    assert got(rest, f"/situations/{situation}/brief?at={at}")["asks"][0]["ask"] == ask
    answer = rest.get(f"{API}/situations/{situation}/calendar?lang=ja", headers=DUTY)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert {str(one["UID"]) for one in events} >= {f"{ask}@noroshi", f"{incident}.appi-prompt@noroshi"}
    assert "works" in str(next(one["SUMMARY"] for one in events if str(one["UID"]).startswith(ask)))


WRONG = [
    ("impact?hours=0", 422), ("impact?hours=nan", 422), ("impact?hours=x", 422), ("impact?hours=721", 422),
    ("impact?estate=../../etc", 422), ("impact?estate=/etc", 422), ("impact?estate=nowhere", 422),
    ("severity?estate=nowhere", 422), ("brief?at=soon", 422), ("brief?lang=ja", 400), ("calendar?at=x", 400),
]  # fmt: skip


def test_what_is_wrong_is_refused(rest: Client) -> None:
    situation, incident = a_case(rest)
    for asked, status in WRONG:
        answer = rest.get(f"{API}/situations/{situation}/{asked}", headers=DUTY)
        assert answer.status_code == status, asked
    for query in ("regime=no-such-law", "zone=Nowhere/No", "holidays=ZZ"):
        answer = rest.get(f"{API}/incidents/{incident}/duties?{query}", headers=DUTY)
        assert answer.status_code == 422, query


def test_no_folder_of_the_server_is_read(rest: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "private").mkdir()
    (tmp_path / "private" / "services.csv").write_text("id,a-secret-of-the-server\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    situation, incident = a_case(rest)
    for name in ("private", "./private", "private%0A", "sorami%0A", str(tmp_path / "private")):
        for asked in (f"incidents/{incident}", f"situations/{situation}"):
            for what in ("impact", "severity"):
                answer = rest.get(f"{API}/{asked}/{what}?estate={name}", headers=DUTY)
                assert answer.status_code == 422, (asked, name)
                assert "a sample's name" in answer.text
                assert "secret" not in answer.text
    for name, status in (("private", 422), ("private\n", 422), ("sorami\n", 422), ("../private", 400)):
        answer = rest.post(f"{API}/situations", json={"title": TITLE, "estate": name}, headers=DUTY)
        assert answer.status_code == status, name
    assert len(got(rest, "/situations")["situations"]) == 1


def test_who_may_not_see_it_is_answered_as_if_it_were_not_there(rest: Client) -> None:
    situation, incident = a_case(rest)
    paths = [(f"incidents/{{}}/{one}", incident) for one in ("duties", "impact", "severity")]
    paths += [(f"situations/{{}}/{one}", situation) for one in ("impact", "severity", "brief", "calendar")]
    for who in (ALLY, MINISTRY, WORKS):
        for path, uid in paths:
            seen, absent = (rest.get(f"{API}/{path.format(one)}", headers=who) for one in (uid, NOTHING))
            assert told(seen) == told(absent)
            assert seen.status_code in {403, 404}
    for path, _ in paths:  # an id of the other kind is none of this kind
        other = incident if path.startswith("situations") else situation
        assert rest.get(f"{API}/{path.format(other)}", headers=DUTY).status_code == 404
        assert rest.get(f"{API}/{path.format('not-an-id')}", headers=DUTY).status_code == 404


def test_who_takes_part_is_told_no_name(rest: Client) -> None:
    situation, incident = a_case(rest)
    sent(rest, f"/situations/{situation}/lines", {"admit": ["works"]}, DUTY, 200)
    for path in ("severity", "brief", "calendar"):
        answer = rest.get(f"{API}/situations/{situation}/{path}", headers=WORKS)
        assert answer.status_code == 200
        assert "tomariura" not in answer.text
        assert "VEVENT" not in answer.text
    brief = got(rest, f"/situations/{situation}/brief", WORKS)
    assert (brief["leads"], brief["incidents"][0]["incident"]) == (False, incident)
    refused = rest.get(f"{API}/situations/{situation}/impact?estate=sorami", headers=WORKS)
    assert refused.status_code == 200
    assert "tomariura" not in json.dumps(refused.json()["below"]) + json.dumps(refused.json()["depends"])


def test_an_exercise_says_so(rest: Client) -> None:
    situation, incident = a_case(rest, exercise=True)
    for path in (f"incidents/{incident}/duties", f"situations/{situation}/severity", f"situations/{situation}/brief"):
        assert got(rest, f"/{path}")["exercise"] is True
    events = Calendar.from_ical(rest.get(f"{API}/situations/{situation}/calendar", headers=DUTY).content).walk("VEVENT")
    assert events
    assert all(str(one["SUMMARY"]).startswith("EXERCISE 演習") for one in events)


def test_one_at_a_time_has_the_engine(rest: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    situation, _ = a_case(rest)
    monkeypatch.setattr("noroshi.web.turns.BUSY_S", 0.01)
    inside, go_on = threading.Event(), threading.Event()

    def slow(*asked: Any) -> Any:
        inside.set()
        assert go_on.wait(20.0)
        return impact(*asked)

    monkeypatch.setattr("noroshi.web.rest_case_reckoning.reckon_impact", slow)
    found: list[int] = []
    asking = threading.Thread(
        target=lambda: found.append(rest.get(f"{API}/situations/{situation}/impact", headers=DUTY).status_code)
    )
    asking.start()
    assert inside.wait(20.0)
    busy = rest.get(f"{API}/situations/{situation}/severity", headers=OWNER)
    assert (busy.status_code, int(busy.headers["retry-after"]) > 0) == (429, True)
    assert rest.get(f"{API}/situations/{situation}", headers=DUTY).status_code == 200
    go_on.set()
    asking.join(30.0)
    assert found == [200]


def test_the_description_has_every_shape_that_it_names(rest: Client) -> None:
    said = rest.get(f"{API}/openapi.json").json()
    named = set(re.findall(r'"#/components/schemas/([^"]+)"', json.dumps(said)))
    assert named <= set(said["components"]["schemas"])
    asked = said["paths"]["/api/v1/situations/{uid}/impact"]["get"]["parameters"]
    assert {one["name"] for one in asked} == {"uid", "hours", "estate"}
