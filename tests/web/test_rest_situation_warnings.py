"""Warnings from a situation by the REST interface: report to answer, and nothing told to who has no part."""

from __future__ import annotations

from tests.web.rest_world import ALLY, API, DUTY, Client
from tests.web.taxii_world import WORKS
from tests.web.test_rest_cases import TITLE, got, rest, sent

__all__ = ["rest"]

WARNING = {
    "title": {"en": "Containers wait", "ja": "コンテナ滞留"}, "text": {"en": "A terminal is off", "ja": "停止"},
    "action": {"en": "Plan other routes", "ja": "別経路を手配"}, "severity": "high",
    "audience": {"sectors": ["water"], "organisations": ["tomariura-port"]},
}  # fmt: skip
REPORT = {"what": "unavailability", "effect": "cranes stand still", "organisation": "tomariura-port", "sector": "port",
          "since": "2026-11-22T09:30:00+09:00", "tlp": "GREEN"}  # fmt: skip


def case(rest: Client, **more: object) -> str:
    """Open a situation with an incident at the port."""
    uid = sent(rest, "/situations", {"title": TITLE, "tlp": "GREEN", "estate": "sorami", **more})
    incident = sent(rest, "/incidents", {**REPORT, **{key: more[key] for key in ("exercise",) if key in more}})
    assert rest.post(f"{API}/situations/{uid}/lines", json={"gather": [incident]}, headers=DUTY).status_code == 200
    return uid


def test_a_warning_is_written_proposed_sent_and_answered(rest: Client) -> None:
    uid = case(rest)
    before = {one["organisation"] for one in got(rest, f"/situations/{uid}/unwarned")["unwarned"]}
    assert "isokaze-logistics" in before
    answer = rest.post(f"{API}/situations/{uid}/warnings", json=WARNING, headers=DUTY)
    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert answer.headers["location"] == f"/api/v1/warnings/{made['warning']}"
    assert [(one["principal"], one["kept_from"]) for one in made["proposed"]] == [("works", "")]
    assert {one["organisation"] for one in made["unwarned"]} == before, "nobody was told yet"
    shown = got(rest, f"/warnings/{made['warning']}")
    assert (shown["tlp"], shown["exercise"]) == ("GREEN", False)
    sending = rest.post(f"{API}/warnings/{made['warning']}/sending", json={"to": ["works"]}, headers=DUTY)
    assert sending.status_code == 200
    receipt = {"state": "acknowledged"}
    assert rest.post(f"{API}/warnings/{made['warning']}/receipt", json=receipt, headers=WORKS).status_code == 200
    lines = got(rest, f"/situations/{uid}")["lines"]
    assert [one["said"]["warning"] for one in lines if one["kind"] == "warned"] == [made["warning"]]


def test_what_is_wrong_is_said_and_an_exercise_goes_to_nobody_who_is_live(rest: Client) -> None:
    uid = case(rest, exercise=True)
    made = rest.post(f"{API}/situations/{uid}/warnings", json=WARNING, headers=DUTY).json()
    assert made["exercise"] is True
    assert [(one["principal"], one["kept_from"]) for one in made["proposed"]] == [("works", "exercise")]
    refused = rest.post(f"{API}/warnings/{made['warning']}/sending", json={"to": ["works"]}, headers=DUTY)
    assert refused.status_code == 403
    named = {**WARNING, "text": {"en": "Tomariura Port Terminals is off", "ja": "停止"}}
    answer = rest.post(f"{API}/situations/{uid}/warnings", json=named, headers=DUTY)
    assert answer.status_code == 422
    assert "has not agreed to be named" in answer.json()["detail"]


def test_an_estate_that_is_not_there_is_said_and_none_is_a_path(rest: Client) -> None:
    for path in ("/etc", "../japan", "a/b", "japan.json", "no-such-estate", "japan\n"):
        answer = rest.post(f"{API}/situations", json={"title": TITLE, "estate": path}, headers=DUTY)
        assert answer.status_code in {400, 422}, path
    uid = sent(rest, "/situations", {"title": TITLE, "tlp": "GREEN"})
    assert rest.get(f"{API}/situations/{uid}/unwarned", headers=DUTY).json() == {"unwarned": []}, "no estate, nobody"


def test_who_has_no_part_is_told_the_same_as_of_nothing(rest: Client) -> None:
    uid, nothing = case(rest), "00000000-0000-4000-8000-000000000009"
    for who in (WORKS, ALLY):
        answers = [rest.get(f"{API}/situations/{one}/unwarned", headers=who) for one in (uid, nothing)]
        answers += [rest.post(f"{API}/situations/{one}/warnings", json=WARNING, headers=who) for one in (uid, nothing)]
        assert {one.status_code for one in answers} == {403}
        assert answers[0].content == answers[1].content
        assert answers[2].content == answers[3].content
