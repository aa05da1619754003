"""One thing from three sources: per viewer, with every reason, and with words that can be said and taken back."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.web.rest_world import ALLY, API, DUTY, OWNER, Client, add, client, rest_hub
from tests.web.taxii_world import HIGH, NOBODY, WORKS, indicator

from noroshi.desk.bringing_in import place
from noroshi.desk.hub import Hub
from noroshi.desk.merging import judge
from noroshi.share.taxii import Refused
from noroshi.store import people
from noroshi.store.contract import DeclaredPrincipal
from noroshi.store.journal_reading import entries

MERGED = f"{API}/collections/trust/{HIGH}/merged"
SAY = f"{API}/collections/trust/{HIGH}/judgements"
PATTERN = "[ipv4-addr:value = '198.51.100.7']"


def at(hub: Hub, who: str, *objects: dict[str, Any]) -> None:
    sent = hub.send(*place(hub, who, HIGH), json.dumps({"objects": list(objects)}).encode(), 1_800_000_000_000_000)
    sent.kept.result(10)
    assert not sent.status.failures


def one(number: int, marking: str = "GREEN", pattern: str = PATTERN, **more: Any) -> dict[str, Any]:
    return {**indicator(number, marking=marking, **more), "pattern": pattern}


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    """A hub where three sources have sent the same, each under an id of its own, and a fourth id in secret."""
    made = rest_hub(tmp_path)
    add(made, DeclaredPrincipal("third", "partner", 4, frozenset(), "", None))
    (collection,) = (row.no for row in people.places(made.store) if row.uid == HIGH)
    third = made.store.principal("third")
    assert third
    made.store.change(lambda wire: people.permit(wire, third[0].no, collection, read=True, write=True)).result(10)
    at(made, "duty", one(1), one(9, "RED"))
    at(made, "ally", one(2, pattern="[ipv4-addr:value IN ('198.51.100.7')]"), one(1))
    at(made, "third", one(3), one(4, pattern="[ipv4-addr:value = '203.0.113.1']"))
    yield made
    made.close()


@pytest.fixture
def ask(hub: Hub, tmp_path: Path) -> Iterator[Client]:
    with client(hub, tmp_path) as made:
        yield made


def ids(*numbers: int) -> list[str]:
    return [str(indicator(number)["id"]) for number in numbers]


def seen(ask: Client, who: dict[str, str], query: str = "") -> list[dict[str, Any]]:
    answer = ask.get(MERGED + query, headers=who)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["things"]
    return found


def test_three_sources_are_one_thing_with_its_reasons(ask: Client) -> None:
    (thing,) = seen(ask, WORKS)
    assert (thing["ids"], thing["sources"], len(thing["parts"])) == (ids(1, 2, 3), 3, 4)
    assert {(link["rule"], link["same"]) for link in thing["links"]} == {("pattern", "one of ipv4 198.51.100.7")}
    assert {part["source"]["name"] for part in thing["parts"]} == {None}  # an operator is told kinds alone
    (thing,) = seen(ask, DUTY)
    assert thing["ids"] == ids(1, 2, 3, 9)
    assert {part["source"]["name"] for part in thing["parts"]} == {"duty", "ally", "third"}
    assert seen(ask, WORKS, f"?id={ids(4)[0]}")[0]["sources"] == 1
    assert seen(ask, WORKS, f"?id={ids(9)[0]}") == []
    assert seen(ask, WORKS, "?type=malware") == []
    assert "意味" not in json.dumps(thing)
    japanese = ask.get(MERGED, headers={**WORKS, "Accept-Language": "ja"}).json()["things"][0]
    assert japanese["links"][0]["meaning"] == "同じ内容のパターン"


def test_what_is_hidden_leaves_no_trace(ask: Client, hub: Hub) -> None:
    before = ask.get(MERGED, headers=WORKS).content
    at(hub, "duty", one(5, "RED"), one(6, "AMBER"), one(7, "RED", "[domain-name:value = 'evil.example']"))
    at(hub, "third", one(1, "RED", minute=5))
    said = ask.post(SAY, headers=DUTY, json={"same": False, "a": ids(1)[0], "b": ids(9)[0], "reason": "hush"})
    assert said.status_code == 201, said.text
    assert ask.get(MERGED, headers=WORKS).content == before
    assert [thing["ids"] for thing in seen(ask, DUTY)] == [ids(1, 2, 3, 5, 6), ids(9)]


def test_a_centre_s_word_counts_for_all_and_is_taken_back_without_a_trace(ask: Client, hub: Hub) -> None:
    before = ask.get(MERGED, headers=WORKS).content
    body = {"same": False, "a": ids(3)[0], "b": ids(1)[0], "reason": "another campaign"}
    said = ask.post(SAY, headers=DUTY, json=body)
    name = said.json()["id"]
    assert said.json()["everybody"] is True
    one_, other = seen(ask, WORKS)
    assert (one_["ids"], other["ids"]) == (ids(1, 2), ids(3))
    assert {apart["because"] for apart in other["apart"]} == {name}
    assert [(word["id"], word["same"], word["reason"]) for word in other["judgements"]] == [(name, False, "")]
    assert seen(ask, DUTY)[-1]["judgements"][0]["reason"] == "another campaign"
    assert ask.delete(f"{SAY}/{name}", headers=ALLY).status_code == 404  # it is not its own
    assert ask.delete(f"{SAY}/{name}", headers=DUTY).status_code == 204
    assert ask.delete(f"{SAY}/{name}", headers=DUTY).status_code == 404
    assert ask.get(MERGED, headers=WORKS).content == before
    kinds = [entry.kind for some in entries(hub.store.ask, "journal", 0) for entry in some]
    assert kinds.count("judged") == 2


def test_anybody_else_s_word_counts_for_its_own_view_alone(ask: Client) -> None:
    before = ask.get(MERGED, headers=DUTY).content
    said = ask.post(SAY, headers=WORKS, json={"same": True, "a": ids(1)[0], "b": ids(4)[0]})
    assert (said.status_code, said.json()["everybody"]) == (201, False)  # who may only read may judge for itself
    assert seen(ask, WORKS)[0]["ids"] == ids(1, 2, 3, 4)
    said = ask.post(SAY, headers=ALLY, json={"same": True, "a": ids(1)[0], "b": ids(4)[0]})
    assert (said.status_code, said.json()["everybody"]) == (201, False)
    assert seen(ask, ALLY)[0]["ids"] == ids(1, 2, 3, 4, 9)
    assert ask.get(MERGED, headers=DUTY).content == before
    assert ask.delete(f"{SAY}/{said.json()['id']}", headers=DUTY).status_code == 404
    assert ask.delete(f"{SAY}/{said.json()['id']}", headers=ALLY).status_code == 204


@pytest.mark.parametrize(("a", "b", "status"), [
    (1, 1, 422), (1, 77, 404), (77, 78, 404), (1, 9, 404),
])  # fmt: skip
def test_a_word_needs_two_objects_that_one_sees(hub: Hub, a: int, b: int, status: int) -> None:
    less = DeclaredPrincipal("ally", "partner", 1, frozenset(), "", None)
    hub.store.change(lambda wire: people.change(wire, less, owner=False, subject="")).result(10)
    found = hub.store.principal("ally")
    assert found
    with pytest.raises(Refused) as caught:
        judge(hub, found[0], place(hub, "ally", HIGH)[2], ids(a)[0], ids(b)[0], same=True, reason="", now=1)
    assert caught.value.status == status


def test_objects_of_two_types_and_auditors_are_refused(ask: Client) -> None:
    other = f"malware--{uuid.UUID(int=1, version=4)}"
    assert ask.post(SAY, headers=DUTY, json={"same": True, "a": ids(1)[0], "b": other}).status_code == 422
    assert ask.post(SAY, headers=NOBODY, json={"same": True, "a": ids(1)[0], "b": ids(2)[0]}).status_code == 403
    assert ask.get(MERGED, headers=OWNER).status_code == 404  # it has no grant


def test_every_word_about_what_one_sees_is_shown_so_that_it_can_be_taken_back(ask: Client) -> None:
    said = ask.post(SAY, headers=DUTY, json={"same": False, "a": ids(1)[0], "b": ids(4)[0]}).json()
    ask.post(SAY, headers=DUTY, json={"same": False, "a": ids(4)[0], "b": ids(9)[0]})
    found = seen(ask, WORKS)
    assert [thing["ids"] for thing in found] == [ids(1, 2, 3), ids(4)]
    assert [[word["id"] for word in thing["judgements"]] for thing in found] == [[said["id"]]] * 2
    assert [len(thing["judgements"]) for thing in seen(ask, DUTY)] == [2, 2]


def test_pages_follow_each_other(ask: Client, hub: Hub) -> None:
    at(
        hub,
        "third",
        one(21, pattern="[url:value = 'http://a.example/']"),
        one(22, pattern="[url:value = 'http://a.example']"),
    )
    first = ask.get(MERGED + "?limit=1", headers=WORKS).json()
    second = ask.get(MERGED + f"?limit=1&next={first['next']}", headers=WORKS).json()
    assert (first["things"][0]["ids"], second["things"][0]["ids"]) == (ids(1, 2, 3), ids(21, 22))
    assert second["next"] is None


def test_what_was_told_is_in_the_ledger(ask: Client, hub: Hub) -> None:
    seen(ask, WORKS)
    hub.store.change(lambda _: None).result(10)
    (entry,) = (one for some in entries(hub.store.ask, "ledger", 0) for one in some)
    assert json.loads(entry.content)["route"] == "merged"
    assert json.loads(entry.content)["count"] == 4
