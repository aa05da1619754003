"""Write to release over the REST interface: proposed by one, approved by another with a password, told to few."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.web.rest_world import ALLY, API, DUTY, Client, add, client, detail, rest_hub
from tests.web.taxii_world import HIGH, NOBODY, PASSWORD, WORKS, basic, indicator

from noroshi.desk.credentials import hash_password, token_digest
from noroshi.store import people
from noroshi.store.contract import DeclaredPrincipal
from noroshi.store.journal_reading import entries

OBJECTS = f"{API}/collections/trust/{HIGH}/objects"
NAME = indicator(1)["id"]
SECOND = basic("second")
TOKEN = {"Authorization": "Bearer a-token-of-the-second-person-for-tests"}
PLAN = {"tlp": "GREEN", "drop": ["description"], "words": ["Aoba Power"]}
ASKED = {"plan": PLAN, "reason": "operators must know"}


@pytest.fixture
def ask(tmp_path: Path) -> Iterator[Client]:
    """Return a client of a world with a second person of the centre, who has a token besides, and a RED object."""
    hub = rest_hub(tmp_path)
    token = token_digest("a-token-of-the-second-person-for-tests")
    add(hub, DeclaredPrincipal("second", "centre", 4, frozenset(), hash_password(PASSWORD), token))
    (collection,) = (row.no for row in people.places(hub.store) if row.uid == HIGH)
    second = hub.store.principal("second")
    assert second
    hub.store.change(lambda wire: people.permit(wire, second[0].no, collection, read=True, write=True)).result(10)
    with client(hub, tmp_path) as made:
        sent = indicator(1, marking="RED", description="At Aoba Power.")
        assert made.post(OBJECTS, headers=ALLY, json=sent).status_code == 202
        made.app.state.hub = hub
        yield made
    hub.close()


def test_from_a_proposal_to_its_end(ask: Client) -> None:
    made = ask.post(f"{OBJECTS}/{NAME}/releases", headers=DUTY, json=ASKED)
    assert made.status_code == 201, made.text
    uid, copy = made.json()["id"], made.json()["derived"]
    shown = ask.get(f"{API}/releases/{uid}", headers=SECOND).json()
    assert shown["plan"]["words"] == ["Aoba Power"]
    assert {one["place"]: one["what"] for one in shown["changes"]}["description"] == "removed"
    approval = f"{API}/releases/{uid}/approval"
    assert "second person" in detail(ask.post(approval, headers=DUTY))
    assert "a person approves" in detail(ask.post(approval, headers=TOKEN))
    assert ask.post(approval, headers=WORKS).status_code == 404
    assert ask.post(approval, headers=NOBODY).status_code == 403
    assert ask.get(OBJECTS, headers=WORKS).json()["items"] == []
    done = ask.post(approval, headers=SECOND)
    assert (done.status_code, done.json()["state"], done.json()["out"]) == (200, "approved", True)
    (item,) = ask.get(OBJECTS, headers=WORKS).json()["items"]
    assert item["id"] == copy
    assert "Aoba" not in json.dumps(item)
    for name in (NAME, copy):
        (told,) = ask.get(f"{OBJECTS}/{name}/derived", headers=ALLY).json()["copies"]
        assert (told["source"], told["derived"], told["source_state"]) == (NAME, copy, "there")
    assert ask.get(f"{OBJECTS}/{copy}/derived", headers=WORKS).json() == {"copies": []}
    assert ask.get(f"{OBJECTS}/{NAME}/derived", headers=WORKS).status_code == 404
    gone = ask.post(f"{API}/releases/{uid}/withdrawal", headers=SECOND, json={"why": "wrong"})
    assert gone.json()["state"] == "withdrawn"
    (item,) = ask.get(OBJECTS, headers=WORKS).json()["items"]
    assert item["object"]["revoked"] is True
    assert ask.get(f"{API}/releases", headers=WORKS).json() == {"releases": []}
    assert [one["id"] for one in ask.get(f"{API}/releases", headers=DUTY).json()["releases"]] == [uid]


def test_what_is_left_in_is_named(ask: Client) -> None:
    left = ask.post(f"{OBJECTS}/{NAME}/releases", headers=DUTY, json={**ASKED, "plan": {**PLAN, "drop": []}})
    assert left.status_code == 422
    assert detail(left) == "description: a word of what was taken out is left: Aoba Power"
    for wrong in ({**ASKED, "plan": {"tlp": "PINK"}}, {**ASKED, "reason": ""}, {**ASKED, "more": 1}, {"plan": PLAN}):
        assert ask.post(f"{OBJECTS}/{NAME}/releases", headers=DUTY, json=wrong).status_code == 400
    assert ask.post(f"{OBJECTS}/{NAME}/releases", headers=ALLY, json=ASKED).status_code == 403


def test_what_was_shown_of_the_source_is_in_the_ledger(ask: Client) -> None:
    uid = ask.post(f"{OBJECTS}/{NAME}/releases", headers=DUTY, json=ASKED).json()["id"]
    ask.get(f"{API}/releases/{uid}", headers=SECOND)
    store = ask.app.state.hub.store
    store.change(lambda _: None).result(10)
    routes = [json.loads(one.content)["route"] for some in entries(store.ask, "ledger", 0) for one in some]
    assert routes == ["release", "release"]
