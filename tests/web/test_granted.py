"""Leave given and taken, as a TAXII client sees it that only ever polls `added_after`."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest
from tests.store.databases import KINDS, address
from tests.web.taxii_world import BASE, DECLARED, DUTY, MEDIA, WORKS, answering, indicator, make_hub

from noroshi.desk.declaring import apply_declaration
from noroshi.desk.hub import Hub

HELD = {"Accept": MEDIA, **WORKS}
OTHER = {"Accept": MEDIA, "Authorization": "Bearer another-token-that-is-long-enough"}


@pytest.fixture(params=KINDS)
def hub(request: pytest.FixtureRequest, tmp_path: Path) -> Hub:
    """Return the hub of the world; whoever has it answer closes it."""
    return make_hub(tmp_path, address(request.param, tmp_path))


def declare(hub: Hub, folder: Path, *changes: tuple[str, str]) -> tuple[str, ...]:
    """Apply the world's declaration with some of its text changed."""
    text = DECLARED
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    path = folder / "changed.toml"
    path.write_text(text, encoding="utf-8")
    return apply_declaration(hub.store, path)


def post(client: httpx.Client, *objects: dict[str, object]) -> None:
    said = client.post(f"{BASE}/objects/", content=json.dumps({"objects": objects}),
                       headers={"Accept": MEDIA, "Content-Type": MEDIA, **DUTY})  # fmt: skip
    assert said.status_code == 202, said.text
    assert said.json()["failure_count"] == 0, said.text


def poll(client: httpx.Client, headers: dict[str, str], since: str) -> tuple[list[str], str]:
    """Return the names of what was added after a date, page by page, and the date of the last."""
    names: list[str] = []
    while True:
        query = {"limit": "2", **({"added_after": since} if since else {})}
        found = client.get(f"{BASE}/objects/", params=query, headers=headers)
        assert found.status_code == 200
        said = found.json()
        names += [one.get("name", one["type"]) for one in said.get("objects", [])]
        since = found.headers.get("x-taxii-date-added-last", since)
        if not said.get("more"):
            return names, since


def test_leave_given_late_brings_what_was_there_once_and_moves_nobody_else(hub: Hub, tmp_path: Path) -> None:
    sees = ('sees = "GREEN"', 'sees = "AMBER"')
    joined = {
        "type": "relationship", "spec_version": "2.1", "id": "relationship--7b0f1a6e-6e9f-4bd6-8f0a-2f6ad1c4b4a1",
        "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z",
        "relationship_type": "related-to", "source_ref": indicator(1)["id"], "target_ref": indicator(2)["id"],
    }  # fmt: skip
    with answering(hub) as url, httpx.Client(base_url=url) as client:
        post(client, indicator(1), indicator(2, marking="AMBER"), indicator(3, marking="RED"), joined)
        names, since = poll(client, HELD, "")
        assert names == ["indicator 1"]
        before = client.get(f"{BASE}/manifest/", headers=OTHER)
        assert any("announced 2 objects" in line for line in declare(hub, tmp_path, sees))
        post(client, indicator(4, marking="AMBER"))
        names, since = poll(client, HELD, since)
        assert names == ["indicator 2", "relationship", "indicator 4"]
        assert poll(client, HELD, since)[0] == []
        assert poll(client, HELD, "")[0] == ["indicator 1", "indicator 2", "relationship", "indicator 4"]
        after = client.get(f"{BASE}/manifest/", headers=OTHER)
        assert after.json()["objects"][:-1] == before.json()["objects"], "nobody else sees a change"
        assert declare(hub, tmp_path, sees) == (), "applied again, nothing is announced again"


def test_leave_taken_ends_at_the_next_request_and_given_again_brings_only_what_was_missed(
    hub: Hub, tmp_path: Path
) -> None:
    with answering(hub) as url, httpx.Client(base_url=url) as client:
        post(client, indicator(1), indicator(2, marking="GREEN"))
        first = client.get(f"{BASE}/objects/", params={"limit": "1"}, headers=HELD)
        cursor, since = first.json()["next"], first.headers["x-taxii-date-added-last"]
        names, since = poll(client, HELD, since)
        assert names == ["indicator 2"]
        declare(hub, tmp_path, ('sees = "GREEN"', 'sees = "CLEAR"'))
        onwards = client.get(f"{BASE}/objects/", params={"limit": "1", "next": cursor}, headers=HELD)
        assert onwards.status_code == 200
        assert onwards.json() == {}, "a cursor of before shows nothing that is hidden now"
        one = client.get(f"{BASE}/objects/{indicator(2)['id']}/", headers=HELD)
        assert one.status_code == 404
        post(client, indicator(3, marking="GREEN"))
        assert poll(client, HELD, since)[0] == []
        post(client, indicator(4))
        names, since = poll(client, HELD, since)
        assert names == ["indicator 4"]
        declare(hub, tmp_path)
        names, since = poll(client, HELD, since)
        assert names == ["indicator 3"]
        assert sorted(poll(client, HELD, "")[0]) == [f"indicator {k}" for k in range(1, 5)]
