"""Situations, incidents and requests by the REST interface: as on the command line, and hidden equals absent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.web.rest_world import ALLY, API, DUTY, MINISTRY, Client, client, rest_hub
from tests.web.taxii_world import NOBODY, WORKS

from noroshi.store.contract import Declared, DeclaredContact

NONE: frozenset[str] = frozenset()
WORKS_CONTACT = DeclaredContact("works", "works-ltd", frozenset({"water"}), NONE, NONE, "", "")
TITLE = {"en": "Water without meters", "ja": "計器の止まった水道"}
REPORT = {
    "what": "malware",
    "effect": "meters of Works Ltd are off",
    "since": "2026-11-22T09:30:00+09:00",
    "tlp": "GREEN",
}


@pytest.fixture
def rest(tmp_path: Path) -> Iterator[Client]:
    hub = rest_hub(tmp_path)
    hub.store.apply(Declared((), (), (), (), (), (WORKS_CONTACT,)))
    with client(hub, tmp_path) as made:
        yield made
    hub.store.close()


def sent(rest: Client, path: str, body: Any, who: dict[str, str] = DUTY, status: int = 201) -> str:
    """Send a body; return the id of what was made, which its address leads to."""
    answer = rest.post(API + path, json=body, headers=who)
    assert answer.status_code == status, answer.text
    if status != 201:
        return ""
    uid = str(answer.json()["id"])
    assert answer.headers["location"].endswith(uid)
    return uid


def got(rest: Client, path: str, who: dict[str, str] = DUTY) -> Any:
    answer = rest.get(API + path, headers=who)
    assert answer.status_code == 200, answer.text
    return answer.json()


def told(answer: httpx.Response) -> tuple[int, bytes, dict[str, str]]:
    """Return all of an answer."""
    return answer.status_code, answer.content, dict(answer.headers)


def test_from_the_report_to_the_answer(rest: Client) -> None:
    incident = sent(rest, "/incidents", REPORT, WORKS)
    more = {"fields": {"persons": 12_000, "since": "2026-11-22T00:00:00Z", "systems": ["meters"], "malicious": True},
            "harms": [{"harm": "service", "amount": 500.5}], "state": "confirmed", "why": "the log"}  # fmt: skip
    assert rest.post(f"{API}/incidents/{incident}/lines", json=more, headers=WORKS).json() == {"line": 4}
    shown = got(rest, f"/incidents/{incident}")
    assert (shown["organisation"], shown["state"], shown["fields"]["persons"]["value"]) == (
        "works-ltd",
        "confirmed",
        12_000,
    )
    assert shown["fields"]["since"] == {
        "value": "2026-11-22T00:00:00.000000Z", "line": 2,
        "before": [{"value": "2026-11-22T00:30:00.000000Z", "line": 1}],
    }  # fmt: skip
    situation = sent(rest, "/situations", {"title": TITLE, "tlp": "GREEN", "estate": "sorami"})
    lines = {"gather": [incident], "admit": ["works"], "text": "called them"}
    assert rest.post(f"{API}/situations/{situation}/lines", json=lines, headers=DUTY).json() == {"line": 4}
    ask = sent(rest, f"/situations/{situation}/asks", {"to": "works", "what": {"en": "Read by hand", "ja": "手で検針"},
               "deadline": "2096-11-24T17:00:00+09:00", "through": "works-ministry"})  # fmt: skip
    (mine,) = got(rest, "/asks", WORKS)["asks"]
    assert (mine["ask"], mine["deadline"], mine["to_me"]) == (ask, "2096-11-24T08:00:00.000000Z", True)
    sent(rest, f"/asks/{ask}/reminder", None, MINISTRY, 204)
    sent(rest, f"/asks/{ask}/answer", {"state": "done", "why": "read"}, WORKS, 204)
    stands = got(rest, f"/situations/{situation}/asks")
    assert (stands["asks"][0]["state"], stands["by_ministry"][0]["done"]) == ("done", 1)
    part = got(rest, f"/situations/{situation}", WORKS)
    assert (part["title"], part["lines"], part["asks"]) == (TITLE, [], [])
    assert [one["organisation"] for one in part["incidents"]] == ["works-ltd"]
    assert rest.post(
        f"{API}/situations/{situation}/lines", json={"close": True, "why": "over"}, headers=DUTY
    ).json() == {"line": 8}
    assert got(rest, "/situations")["situations"][0]["closed"]


def test_who_may_not_see_it_is_answered_as_if_it_were_not_there(rest: Client) -> None:
    paths = ("/incidents", "/situations", "/asks")
    uids = [sent(rest, "/incidents", REPORT, WORKS), sent(rest, "/situations", {"title": TITLE, "tlp": "GREEN"})]
    nothing = "00000000-0000-4000-8000-000000000009"
    sent(rest, f"/situations/{uids[1]}/lines", {"gather": [uids[0]]}, DUTY, 200)
    for who in (ALLY, MINISTRY, NOBODY):
        for path in paths[:2]:
            for uid in uids:
                seen, absent = (rest.get(f"{API}{path}/{one}", headers=who) for one in (uid, nothing))
                assert told(seen) == told(absent)
                assert seen.status_code in {403, 404}
    assert rest.get(f"{API}/situations/{uids[1]}", headers=WORKS).status_code == 404
    assert rest.get(f"{API}/incidents/not-an-id", headers=DUTY).status_code == 404


FAULTY: list[tuple[str, Any, str]] = [
    ("/incidents", {"what": "leak", "effect": "x", "since": "2026-11-22T09:30:00"}, "a time with its zone"),
    ("/incidents", {"what": "leak", "effect": "x", "since": "99999-01-01"}, "a time with its zone"),
    ("/incidents", {"what": "leak", "effect": "x"}, "organisation"),
    ("/situations", {"title": {"en": "", "ja": ""}}, "title.en"),
    ("/situations/{}/lines", {}, "nothing was said"),
    ("/situations/{}/lines", {"admit": ["nobody-here"]}, "nobody-here"),
    ("/situations/{}/lines", {"close": False, "why": "x"}, "it is open"),
    ("/situations/{}/asks", {"to": "ally", "what": TITLE, "deadline": "2026-11-22T09:30:00Z"}, "expected a principal"),
]


@pytest.mark.parametrize(("path", "body", "said"), FAULTY)
def test_what_is_wrong_is_named(rest: Client, path: str, body: Any, said: str) -> None:
    situation = sent(rest, "/situations", {"title": TITLE})
    answer = rest.post(API + path.format(situation), json=body, headers=DUTY)
    assert answer.status_code == 422
    assert said in answer.json()["detail"]
    assert len(got(rest, f"/situations/{situation}")["lines"]) == 1


@pytest.mark.parametrize(
    "body", [{"what": "boom", "effect": "x"}, {"what": "leak"}, {"what": "leak", "effect": "\0"}, []]
)
def test_what_the_description_does_not_allow_is_refused(rest: Client, body: Any) -> None:
    assert rest.post(f"{API}/incidents", json=body, headers=DUTY).status_code == 400
