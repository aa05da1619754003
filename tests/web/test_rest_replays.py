"""Replays over the REST interface: played, followed, stopped, gone on with by another process; one at a time."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.store.databases import KINDS, address
from tests.web.rest_world import API, DUTY, OWNER, Client, client, detail, rest_hub
from tests.web.taxii_world import WORKS

from noroshi.desk.hub import Hub

BEGIN = "2026-06-09T05:40:00+09:00"
PORT = {"script": "port-ransomware", "exercise": True, "begin": BEGIN}


@pytest.fixture(params=KINDS)
def hub(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Hub]:
    made = rest_hub(tmp_path, address(request.param, tmp_path))
    yield made
    made.store.close()


def waited(asked: Client, uid: str) -> dict[str, Any]:
    """Return how a replay stands once it has ended."""
    until = time.monotonic() + 60
    while (found := asked.get(f"{API}/replays/{uid}", headers=OWNER).json())["running"]:
        assert time.monotonic() < until
        time.sleep(0.02)
    return dict(found)


def test_it_is_played_stopped_and_gone_on_with_by_another_process(hub: Hub, tmp_path: Path) -> None:
    with client(hub, tmp_path) as asked:
        slowly = {**PORT, "begin": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()), "speed": 3600.0}
        made = asked.post(f"{API}/replays", headers=OWNER, json=slowly)
        assert made.status_code == 202
        uid = made.json()["id"]
        assert made.headers["location"] == f"{API}/replays/{uid}"
        assert (made.json()["running"], made.json()["steps"]) == (True, 26)
        again = asked.post(f"{API}/replays", headers=OWNER, json=PORT)
        assert (again.status_code, "stop it first" in detail(again)) == (409, True)
        assert asked.delete(f"{API}/replays/{uid}", headers=OWNER).status_code == 204
        ended = waited(asked, uid)
        assert ended["fault"] == "stopped"
        assert 0 < ended["done"] < 26
        assert asked.delete(f"{API}/replays/{uid}", headers=OWNER).status_code == 409
    with client(hub, tmp_path) as other:
        assert other.get(f"{API}/replays/{uid}", headers=OWNER).json() == {**ended, "fault": ""}
        on = other.post(f"{API}/replays", headers=OWNER, json={**slowly, "speed": 0})
        assert on.json()["id"] == uid
        ended = waited(other, uid)
        assert (ended["done"], ended["steps"], ended["fault"], ended["exercise"]) == (26, 26, "", True)
        situation = other.get(f"{API}/situations/{uid}", headers=OWNER).json()
        assert (situation["exercise"], situation["closed"], len(situation["incidents"])) == (True, True, 2)
        assert other.get(f"{API}/situations/{uid}", headers=WORKS).status_code == 404


def test_history_is_played_as_it_was(tmp_path: Path) -> None:
    hub = rest_hub(tmp_path)
    with client(hub, tmp_path) as asked:
        made = asked.post(f"{API}/replays", headers=OWNER, json={"script": "sony-2014"}).json()
        ended = waited(asked, made["id"])
        assert (ended["done"], ended["begin"], ended["exercise"]) == (41, "2014-11-21T20:00:00.000000Z", False)
        shown = asked.get(f"{API}/situations/{made['id']}", headers=OWNER).json()
        assert {one["state"] for one in shown["asks"]} == {"done", "refused"}
    hub.store.close()


def test_who_may_and_what_can_be_played(tmp_path: Path) -> None:
    hub = rest_hub(tmp_path)
    with client(hub, tmp_path) as asked:
        listed = asked.get(f"{API}/replays", headers=OWNER).json()["scripts"]
        assert [(one["id"], one["happened"], one["steps"]) for one in listed] == [
            ("port-ransomware", False, 26), ("sony-2014", True, 41),
        ]  # fmt: skip
        for body, status, said in (
            ({"script": "port-ransomware"}, 422, "never happened"),
            ({"script": "sony-2014", "begin": BEGIN}, 422, "of an exercise alone"),
            ({"script": "../x"}, 404, "lists them"),
            ({**PORT, "begin": "yesterday"}, 422, "with its zone"),
        ):
            answer = asked.post(f"{API}/replays", headers=OWNER, json=body)
            assert answer.status_code == status, body
            assert said in detail(answer)
        # a centre whose leave ends below that of the cast makes nobody who sees more than it does
        low = asked.patch(f"{API}/principals/duty", headers=OWNER, json={"sees": "GREEN"})
        assert low.status_code == 200
        answer = asked.post(f"{API}/replays", headers=DUTY, json=PORT)
        assert (answer.status_code, "more than you may" in detail(answer)) == (403, True)
        assert not hub.store.ask("SELECT 1 FROM principal WHERE name LIKE 'replay.%'")
        made = asked.post(f"{API}/replays", headers=OWNER, json=PORT).json()
        waited(asked, made["id"])
        for method in ("GET", "DELETE"):
            hidden = asked.request(method, f"{API}/replays/{made['id']}", headers=DUTY)
            assert hidden.status_code == 404
        new = asked.post(f"{API}/principals", headers=OWNER, json={"name": "replay.x.duty", "kind": "centre"})
        assert new.status_code == 400
    hub.store.close()
