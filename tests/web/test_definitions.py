"""A marking definition may come after what it marks: until then nobody is shown it, then whoever it admits, once."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.web.taxii_world import BASE, HIGH, WORKS, basic, indicator, make_hub
from tests.web.test_inheritance import container
from tests.web.test_leaks import START, answers, sent

from noroshi.desk.classing import classifier
from noroshi.desk.hub import Hub
from noroshi.desk.receiving import received
from noroshi.share.markings import Tlp, community_definition
from noroshi.store.contract import Status

DUTY = basic("duty")
ALLIES = community_definition(["jp-us"])


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    found = make_hub(tmp_path)
    yield found
    found.store.close()


def definition(number: int, level: str) -> dict[str, Any]:
    """Return a definition of our own that asks for a TLP level."""
    return {"type": "marking-definition", "spec_version": "2.1", "created": "2026-01-01T00:00:00.000Z",
            "id": f"marking-definition--1111111{number}-1111-4111-8111-111111111111", "definition_type": "tlp",
            "definition": {"tlp": level}}  # fmt: skip


def marked(number: int, *definitions: dict[str, Any]) -> dict[str, Any]:
    return indicator(number, object_marking_refs=[one["id"] for one in definitions])


def polled(hub: Hub, who: dict[str, str], since: str = "") -> tuple[list[str], str]:
    """Return the indicators and groupings that a poll gives, and what to poll with next."""
    path = f"{BASE}/objects/?match[type]=indicator,grouping" + (f"&added_after={since}" if since else "")
    _, headers, body = answers(hub, who, [path])[path]
    found = [one["id"] for one in json.loads(body).get("objects", [])]
    return found, headers.get("x-taxii-date-added-last", since)


def test_what_comes_before_its_definition_is_told_of_when_that_comes(hub: Hub) -> None:
    open_one = definition(1, "green")
    sent(hub, 0, indicator(5), marked(1, open_one), marked(2, ALLIES))
    first, since = polled(hub, WORKS)
    assert first == [indicator(5)["id"]]
    mine, my_since = polled(hub, DUTY)
    assert mine == first
    sent(hub, 1, open_one, ALLIES)
    assert polled(hub, WORKS, since)[0] == [indicator(1)["id"]]
    assert polled(hub, DUTY, my_since)[0] == [indicator(1)["id"], indicator(2)["id"]]


def test_each_of_several_definitions_must_be_there(hub: Hub) -> None:
    both = definition(1, "green"), definition(2, "red")
    sent(hub, 0, marked(1, *both))
    sent(hub, 1, both[0])
    assert polled(hub, DUTY)[0] == []
    sent(hub, 2, both[1])
    assert polled(hub, DUTY)[0] == [indicator(1)["id"]]
    assert polled(hub, WORKS)[0] == []


def test_anothers_definition_explains_nothing(hub: Hub) -> None:
    sent(hub, 0, marked(1, definition(1, "green")))
    sent(hub, 1, definition(1, "green"), who="ally")
    assert polled(hub, DUTY)[0] == []


def test_what_a_container_holds_waits_with_it(hub: Hub) -> None:
    wide, narrow = definition(1, "green"), definition(2, "red")
    held = {**container(50, None, indicator(1)["id"]), "object_marking_refs": [wide["id"]]}
    other = {**container(51, None, indicator(2)["id"]), "object_marking_refs": [narrow["id"]]}
    sent(hub, 0, held, other, indicator(1), indicator(2))
    assert polled(hub, DUTY)[0] == []
    sent(hub, 1, wide, narrow)
    assert polled(hub, WORKS)[0] == [held["id"], indicator(1)["id"]]
    assert set(polled(hub, DUTY)[0]) == {held["id"], other["id"], indicator(1)["id"], indicator(2)["id"]}


def test_the_order_of_envelopes_makes_no_difference(tmp_path: Path) -> None:
    parts = [
        definition(1, "amber"), {**container(50, "GREEN", indicator(1)["id"], indicator(2)["id"])},
        {**container(51, None, indicator(2)["id"]), "object_marking_refs": [definition(1, "")["id"]]},
        indicator(1), indicator(2),
    ]  # fmt: skip
    seen = set()
    for k, order in enumerate(itertools.permutations(parts)):
        if k % 7:  # one in seven of the 120 orders: each kind of part comes first, last and between
            continue
        folder = tmp_path / str(k)
        folder.mkdir()
        hub = make_hub(folder)
        for at, part in enumerate(order):
            sent(hub, at, part)
        seen.add((frozenset(polled(hub, WORKS)[0]), frozenset(polled(hub, DUTY)[0])))
        hub.store.close()
    green = {container(50, None)["id"], indicator(1)["id"]}
    assert seen == {(frozenset(green), frozenset(green | {container(51, None)["id"], indicator(2)["id"]}))}


def test_a_definition_that_came_in_another_envelope_meanwhile_counts(hub: Hub) -> None:
    found = hub.store.principal("duty")
    assert found
    who = found[0]
    root = hub.root(who, "trust")
    where = hub.collection(who, root, HIGH)
    one = json.dumps({"objects": [marked(1, ALLIES)]}).encode()
    read = received(one, {}, START)  # before the other is kept
    sent(hub, 0, ALLIES)
    status = Status("a", root.no, who.no, START, read.successes, read.failures)
    hub.store.add(
        where.no, who.no, read.rows, status, START, classifier(Tlp.CLEAR, read.definitions)
    ).result(10)  # fmt: skip
    assert polled(hub, DUTY)[0] == [indicator(1)["id"]]
    assert polled(hub, WORKS)[0] == []
