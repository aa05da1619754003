"""What the door gives away is in the ledger: exactly what was in the body, nothing that its reader may not see."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.store.databases import KINDS, address
from tests.store.journals import chain_of, givens
from tests.web.rest_world import API, client, rest_hub
from tests.web.taxii_world import BASE, DUTY, HIGH, MEDIA, WORKS, indicator, make_hub
from tests.web.test_leaks import ORDER, SECRETS, answers, paths, sent

from noroshi.desk.hub import Hub
from noroshi.share.chain import CHAINS, numbers
from noroshi.share.entries import Given
from noroshi.store.journal_reading import named
from noroshi.web.taxii import TaxiiDoor

WAIT_S = 20
LEDGER = CHAINS[1]


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest) -> Callable[[Path], str]:
    """Return a function that makes a new database of a kind and returns its URL."""
    return partial(address, request.param)


def strict(hub: Hub) -> Hub:
    """Make a hub enter what it gives before it is sent."""
    object.__setattr__(hub, "strict", True)  # frozen for all but tests
    return hub


def ids_in(body: bytes) -> set[str]:
    """Return the ids of objects that stand in the body of a page or manifest."""
    return {one["id"] for one in json.loads(body or b"{}").get("objects", [])}


def test_the_ledger_has_exactly_what_was_in_the_bodies(
    tmp_path: Path, database: Callable[[Path], str]
) -> None:  # fmt: skip
    """Random objects, two readers, random pages: what each entry names is what its body had, in order."""
    hub = strict(make_hub(tmp_path, database(tmp_path)))
    chance = random.Random(7)  # noqa: S311  the same each time
    for k in range(6):
        objects = [indicator(chance.randrange(40), minute=k, marking=chance.choice(ORDER)) for _ in range(10)]
        sent(hub, k, *{one["id"]: one for one in objects}.values(), who=chance.choice(["duty", "ally"]))
    asked = [f"{BASE}/{route}/?limit={limit}{more}" for route in ("objects", "manifest") for limit in (1, 5, 100)
             for more in ("", "&match[version]=all", f"&match[id]={indicator(3)['id']}")]  # fmt: skip
    for header in (WORKS, DUTY):
        for path in asked:
            before = len(givens(hub.store))
            status, _, body = answers(hub, header, [path])[path]
            new = givens(hub.store)[before:]
            if not (told := ids_in(body)):
                assert new == []
                continue
            (one,) = new
            rows = named(hub.store.ask, list(numbers(one.rows)))
            assert (status, {name for name, _ in rows.values()}) == (200, told)
            assert one.count == len(list(numbers(one.rows))) == len(json.loads(body)["objects"])
            hidden = {name for name, _ in rows.values()} - visible(hub, one)
            assert hidden == set()
    hub.store.close()


def visible(hub: Hub, one: Given) -> set[str]:
    """Return the ids of objects whose class is one of those that the entry says its reader saw."""
    classes = set(numbers(one.classes))
    rows = hub.store.ask("SELECT id, release FROM object")
    return {name for name, release in rows if release in classes}


@pytest.mark.parametrize("secret", ["another object", "a newer version of a known one", "many"])
def test_entries_of_two_worlds_that_differ_in_a_secret_tell_the_same(tmp_path: Path, secret: str) -> None:
    """What a reader without leave is given is entered alike, whether or not there is something hidden."""
    seen = []
    for name, hidden in (("with", SECRETS[secret]), ("without", [])):
        folder = tmp_path / name
        folder.mkdir()
        hub = strict(make_hub(folder))
        sent(hub, 0, indicator(1, minute=5, marking="CLEAR"), indicator(2, minute=5, marking="GREEN"))
        if hidden:
            sent(hub, 2, *hidden, who="ally")
        sent(hub, 4, indicator(3, minute=5, marking="GREEN"))
        answers(hub, WORKS, paths([indicator(k)["id"] for k in (1, 2, 3, 50)]))
        seen.append([
            (one.route, one.count, one.first, one.last,
             sorted(named(hub.store.ask, list(numbers(one.rows))).values()))
            for one in givens(hub.store)
        ])  # fmt: skip
        hub.store.close()
    assert seen[0] == seen[1]


def asked_once(hub: Hub, path: str, method: str = "GET", *, events: list[str] | None = None) -> int:
    """Ask the TAXII door one thing; note when a body is sent."""

    async def one() -> int:
        door = TaxiiDoor(hub)

        async def noted(scope: Any, receive: Any, send: Any) -> None:
            async def told(message: Any) -> None:
                if events is not None and message["type"] == "http.response.body":
                    events.append(f"body, {len(chain_of(hub.store, LEDGER))} entries")
                await send(message)

            await door(scope, receive, told)

        transport = httpx.ASGITransport(app=noted)
        async with httpx.AsyncClient(transport=transport, base_url="http://hub", headers={"Accept": MEDIA}) as ask:
            return (await ask.request(method, path, headers=WORKS)).status_code

    return asyncio.run(one())


def test_strict_is_on_disk_before_the_body_is_sent(tmp_path: Path, database: Callable[[Path], str]) -> None:
    hub = strict(make_hub(tmp_path, database(tmp_path)))
    sent(hub, 0, indicator(1, marking="GREEN"))
    events: list[str] = []
    for _ in range(3):
        assert asked_once(hub, f"{BASE}/objects/", events=events) == 200
    assert events == [f"body, {k} entries" for k in (1, 2, 3)]
    hub.store.close()


def test_a_response_of_which_the_ledger_cannot_be_told_is_not_sent(tmp_path: Path) -> None:
    hub = strict(make_hub(tmp_path))
    sent(hub, 0, indicator(1, marking="GREEN"))
    hub.store.write(lambda connection: connection.execute("DROP TABLE ledger")).result(WAIT_S)
    events: list[str] = []
    assert asked_once(hub, f"{BASE}/objects/") == 500
    assert events == []
    hub.store.close()


def test_what_gives_nothing_away_has_no_entry(tmp_path: Path) -> None:
    hub = strict(make_hub(tmp_path))
    sent(hub, 0, indicator(1, marking="GREEN"), indicator(2, marking="RED"))
    for path in ("/taxii2/", "/trust/", "/trust/collections/", f"/trust/collections/{HIGH}/",
                 f"{BASE}/objects/?match[type]=malware", f"{BASE}/objects/{indicator(2)['id']}/",
                 f"{BASE}/objects/?limit=0"):  # fmt: skip
        asked_once(hub, path)
    assert asked_once(hub, f"{BASE}/objects/", "HEAD") == 200
    assert chain_of(hub.store, LEDGER) == []
    assert asked_once(hub, f"{BASE}/objects/{indicator(1)['id']}/versions/") == 200
    assert [one.route for one in givens(hub.store)] == ["versions"]
    hub.store.close()


def test_what_the_rest_interface_gives_away_is_entered(tmp_path: Path) -> None:
    hub = strict(rest_hub(tmp_path))
    name, hidden = indicator(1)["id"], indicator(2)["id"]
    with client(hub, tmp_path) as ask:
        sent(hub, 0, indicator(1, marking="GREEN"), indicator(2, marking="RED"))
        place = f"{API}/collections/trust/{HIGH}/objects"
        for path in (place, f"{place}/{name}", f"{place}/{hidden}", f"{API}/me"):
            ask.get(path, headers=WORKS)
        ask.head(place, headers=WORKS)
    rows = [named(hub.store.ask, list(numbers(one.rows))) for one in givens(hub.store)]
    assert [one.route for one in givens(hub.store)] == ["rest-objects", "rest-object"]
    assert [{told for told, _ in some.values()} for some in rows] == [{name}, {name}]
    hub.store.close()
