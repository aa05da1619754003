"""A case that one has no part in: two worlds, one with it and one without, answer alike whatever is asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.store.databases import KINDS, address
from tests.web.taxii_world import WORKS, basic, indicator, make_hub
from tests.web.test_leaks import CASE, START, answers, doors, paths, sent

from noroshi.desk import asks, incidents, positions, situations
from noroshi.desk.declaring import apply_declaration
from noroshi.desk.dossiers import Filing
from noroshi.desk.hub import Hub
from noroshi.desk.situation_warnings import Draft, warn
from noroshi.desk.warnings import answer
from noroshi.desk.warnings_sending import Wanted, real_timing, send
from noroshi.respond.incident import Remarked, Reported
from noroshi.respond.position import Claimed, Stated
from noroshi.respond.situation import Admitted, Gathered, Opened, Words
from noroshi.settings import Settings
from noroshi.share.warnings import Audience
from noroshi.share.warnings import Words as Text

INCIDENT, ASK, WARNING = (f"00000000-0000-4000-8000-0000000{n}" for n in ("0ca51", "0ca52", "0ca53"))
BRIEF = f"situations/{CASE}/brief?at=2027-02-01T00:00:00Z"
MORE = """
[[principal]]
name = "kiln"
kind = "operator"
token = "a-token-that-is-long-enough-for-kiln"
sees = "AMBER"
[[contact]]
principal = "kiln"
organisation = "tomariura-port"
sector = "port"
[[principal]]
name = "transport"
kind = "ministry"
token = "a-token-that-is-long-enough-for-transport"
sees = "AMBER"
[[contact]]
principal = "transport"
sector = "port"
[[contact]]
principal = "works"
organisation = "isokaze-logistics"
sector = "logistics"
"""
STRANGERS = {"an operator": WORKS, "an auditor of a lower marking": basic("nobody", "correct horse battery!")}
CASES = {"amber": Filing(uid=CASE), "of an exercise": Filing(uid=CASE, exercise=True)}


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest) -> Callable[[Path], str]:
    """Return a function that makes a new database of a kind and returns its URL."""
    return partial(address, request.param)


def world(folder: Path, database: Callable[[Path], str], filing: Filing | None) -> Hub:
    """Return a hub, with a case in all its parts or without; filing: under what the case is filed."""
    folder.mkdir()
    hub = make_hub(folder, database(folder))
    more = folder / "more.toml"
    more.write_text(MORE, encoding="utf-8")
    apply_declaration(hub.store, more)
    sent(hub, 0, indicator(1, minute=5, marking="GREEN"))
    if filing is not None:
        case(hub, folder, filing)
    sent(hub, 4, indicator(2, minute=5, marking="GREEN"))
    return hub


def case(hub: Hub, folder: Path, filing: Filing) -> None:
    """Lead a case from the report to the position, with everybody in it but the strangers."""
    people = {name: found[0] for name in ("duty", "kiln", "transport") if (found := hub.store.principal(name))}
    duty, kiln = people["duty"], people["kiln"]
    at = START + 1_000_000
    said = Reported("tomariura-port", "unavailability", "cranes stand still", at, "port")
    incidents.report(hub, duty, said, at, filing._replace(uid=INCIDENT))
    situations.open_(hub, duty, Opened(Words("Port", "港"), "sorami"), at, filing)
    situations.say(hub, duty, CASE, [Gathered(INCIDENT), Remarked("called them")], at, at)
    positions.say(hub, duty, CASE, [
        Claimed("an ally", "ally", "B2", "statement", nexus="KP"), Stated("public", Words("We condemn", "非難する")),
    ], at, at)  # fmt: skip
    draft = Draft(Text("Containers", "貨物"), Text("wait", "滞留"), Text("plan", "手配"), "high",
                  Audience(everyone=True))  # fmt: skip
    warn(hub, folder, duty, CASE, draft, at, None, WARNING)
    if not filing.exercise:  # nobody of this world is there for exercises
        settings = Settings("hub", 8600, "en", 0, folder, folder, "", request_rate=0)
        situations.say(hub, duty, CASE, [Admitted("kiln")], at, at)
        asks.ask(hub, duty, CASE, "kiln", "transport", Words("Do it", "実施"), at + 1, at, ASK)
        send(hub, settings, duty, WARNING, Wanted(("kiln",)), real_timing())
        answer(hub, kiln, WARNING, "acted", "done", at)


def tried(hub: Hub, who: dict[str, str]) -> dict[str, tuple[int, dict[str, str], bytes]]:
    """Return what each attempt to change something of the case is answered with."""
    bodies: dict[str, Any] = {
        f"incidents/{INCIDENT}/lines": {"text": "x"}, f"situations/{CASE}/lines": {"text": "x"},
        f"asks/{ASK}/answer": {"state": "done"}, f"asks/{ASK}/reminder": None,
        f"warnings/{WARNING}/receipt": {"state": "acted"}, f"warnings/{WARNING}/sending": {},
        f"situations/{CASE}/warnings": {**{key: {"en": "x", "ja": "x"} for key in ("title", "text", "action")},
                                        "severity": "low"},
        f"situations/{CASE}/press": {"press_first": []},
    }  # fmt: skip

    async def all_of_them() -> dict[str, tuple[int, dict[str, str], bytes]]:
        transport = httpx.ASGITransport(app=doors(hub))
        async with httpx.AsyncClient(transport=transport, base_url="http://hub", headers=who) as client:
            done = {path: await client.post(f"/api/v1/{path}", json=body) for path, body in bodies.items()}
        return {path: (one.status_code, dict(one.headers), one.content) for path, one in done.items()}

    return asyncio.run(all_of_them())


@pytest.mark.parametrize("filing", CASES.values(), ids=CASES)
def test_who_has_no_part_cannot_tell_a_world_with_a_case_from_one_without(
    tmp_path: Path, database: Callable[[Path], str], filing: Filing
) -> None:
    hubs = [world(tmp_path / "with", database, filing), world(tmp_path / "without", database, None)]
    more = [f"/api/v1/{one}" for one in (
        f"incidents/{INCIDENT}", *(f"incidents/{INCIDENT}/{of}" for of in ("duties", "impact", "severity")),
        f"warnings/{WARNING}", f"warnings/{WARNING}/coverage", f"warnings/{WARNING}/proposals", "asks", "warnings",
        BRIEF,
    )]  # fmt: skip
    asked = [*paths([indicator(1)["id"], indicator(2)["id"]]), *more]
    for name, who in STRANGERS.items():
        seen = [answers(hub, who, asked) for hub in hubs]
        for path in asked:
            assert seen[0][path] == seen[1][path], (name, path)
        done = [tried(hub, who) for hub in hubs]
        assert done[0] == done[1], name
        assert {status for status, _, _ in done[0].values()} <= {403, 404}
    duty = [answers(hub, basic("duty"), asked) for hub in hubs]
    differ = {path for path in asked if duty[0][path] != duty[1][path]}
    assert {f"/api/v1/situations/{CASE}", f"/api/v1/incidents/{INCIDENT}", f"/api/v1/warnings/{WARNING}",
            "/api/v1/situations", "/api/v1/incidents", "/api/v1/warnings", f"/api/v1/{BRIEF}",
            f"/api/v1/situations/{CASE}/position"} <= differ, "the case is there"  # fmt: skip
    for hub in hubs:
        hub.store.close()
