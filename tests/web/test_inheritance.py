"""A container's marking binds what its own source sent, before or after it, and nobody else's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.web.taxii_world import BASE, WORKS, basic, indicator, make_hub
from tests.web.test_leaks import answers, sent

from noroshi.desk.hub import Hub

DUTY = basic("duty")


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    found = make_hub(tmp_path)
    yield found
    found.store.close()


def container(number: int, marking: str | None, *ids: str, kind: str = "grouping") -> dict[str, Any]:
    """Return a grouping or report of objects."""
    made = indicator(number, marking=marking)
    common = {key: made[key] for key in ("spec_version", "created", "modified", "name")}
    if marking:
        common["object_marking_refs"] = made["object_marking_refs"]
    own = {"context": "suspicious-activity"} if kind == "grouping" else {"published": made["created"]}
    return {"type": kind, "id": f"{kind}--{made['id'][11:]}", "object_refs": list(ids), **common, **own}


def listed(hub: Hub, who: dict[str, str]) -> set[str]:
    path = f"{BASE}/objects/"
    return {one["id"] for one in json.loads(answers(hub, who, [path])[path][2]).get("objects", [])}


def test_a_red_event_leaks_nothing(hub: Hub) -> None:
    parts = [indicator(k) for k in range(18)]
    sent(hub, 0, container(50, "RED", *(one["id"] for one in parts)), *parts)
    assert listed(hub, WORKS) == set()
    assert len(listed(hub, DUTY)) == 19


def test_a_container_that_comes_later_binds_what_its_source_sent_before(hub: Hub) -> None:
    sent(hub, 0, indicator(1), indicator(2))
    assert listed(hub, WORKS) == {indicator(1)["id"], indicator(2)["id"]}
    sent(hub, 1, container(50, "RED", indicator(1)["id"]))
    assert listed(hub, WORKS) == {indicator(2)["id"]}


def test_a_container_that_came_earlier_binds_what_its_source_sends_later(hub: Hub) -> None:
    sent(hub, 0, container(50, "RED", indicator(1)["id"], kind="report"))
    sent(hub, 1, indicator(1), indicator(2))
    assert listed(hub, WORKS) == {indicator(2)["id"]}


def test_nobody_can_hide_what_another_sent(hub: Hub) -> None:
    sent(hub, 0, indicator(1, marking="GREEN"))
    sent(hub, 1, container(50, "RED", indicator(1)["id"]), who="ally")
    assert listed(hub, WORKS) == {indicator(1)["id"]}
    sent(hub, 2, indicator(1, marking="GREEN"), who="ally")
    assert listed(hub, WORKS) == {indicator(1)["id"]}


def test_containers_in_a_chain_bind_to_the_end(hub: Hub) -> None:
    inner, outer = container(51, None, indicator(1)["id"]), container(52, "AMBER", container(51, None)["id"])
    sent(hub, 0, indicator(1))
    sent(hub, 1, inner)
    assert indicator(1)["id"] in listed(hub, WORKS)
    sent(hub, 2, outer)
    assert listed(hub, WORKS) == set()


def test_a_green_container_does_not_open_what_is_red(hub: Hub) -> None:
    sent(hub, 0, indicator(1, marking="RED"), container(50, "GREEN", indicator(1)["id"]))
    assert listed(hub, WORKS) == {container(50, "GREEN")["id"]}


def test_a_definition_sent_again_cannot_loosen_the_first(hub: Hub) -> None:
    def definition(level: str) -> dict[str, Any]:
        return {"type": "marking-definition", "spec_version": "2.1", "created": "2026-01-01T00:00:00.000Z",
                "id": "marking-definition--11111111-1111-4111-8111-111111111111", "definition_type": "tlp",
                "definition": {"tlp": level}}  # fmt: skip

    mine: dict[str, Any] = {"object_marking_refs": [definition("red")["id"]]}
    sent(hub, 0, definition("red"), indicator(1, **mine))
    sent(hub, 1, definition("green"), indicator(2, **mine))
    assert not {indicator(1)["id"], indicator(2)["id"]} & listed(hub, WORKS)
    assert {indicator(1)["id"], indicator(2)["id"]} <= listed(hub, DUTY)
