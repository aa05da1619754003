"""What may not be seen is not seen: every route, role and marking; and two worlds that differ in secrets look alike."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
from collections.abc import Callable
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import httpx
import pytest
from tests.store.databases import KINDS, address
from tests.web.taxii_world import BASE, HIGH, MEDIA, TLP, WORKS, basic, indicator, make_hub

from noroshi.desk.declaring import apply_declaration
from noroshi.desk.hub import Hub
from noroshi.settings import Settings
from noroshi.web.doors import Doors
from noroshi.web.rest import create_rest

ORDER = ("CLEAR", "GREEN", "AMBER", "RED")
CASE = "00000000-0000-4000-8000-00000000ca5e"
START = 1_800_000_000_000_000
CURSOR = re.compile(rb'"next":"[^"]+"')


def sent(hub: Hub, at: int, *objects: dict[str, Any], who: str = "duty") -> None:
    """Send an envelope at a moment (seconds after the start)."""
    found = hub.store.principal(who)
    assert found
    root = hub.root(found[0], "trust")
    where = hub.collection(found[0], root, HIGH)
    data = json.dumps({"objects": list(objects)}).encode()
    hub.send(found[0], root, where, data, START + at * 1_000_000).kept.result(10)


@lru_cache(maxsize=2)
def doors(hub: Hub) -> Doors:
    """Return TAXII and the REST interface of a hub."""
    nowhere = Path("/nowhere")
    settings = Settings("hub", 8600, "en", 0, nowhere, nowhere, "", request_rate=0)
    rest = create_rest(hub, settings)
    return Doors(rest, hub, rest)


def answers(hub: Hub, who: dict[str, str], paths: list[str]) -> dict[str, tuple[int, dict[str, str], bytes]]:
    """Return status, headers and body of each path as somebody sees it, cursors masked."""

    async def all_of_them() -> dict[str, tuple[int, dict[str, str], bytes]]:
        transport = httpx.ASGITransport(app=doors(hub))
        async with httpx.AsyncClient(
            transport=transport, base_url="http://hub", headers={"Accept": MEDIA, **who}
        ) as ask:
            found = {}
            for path in paths:
                answer = await ask.get(path)
                body = CURSOR.sub(b'"next":"-"', answer.content)
                found[path] = (answer.status_code, dict(answer.headers), body)
            return found

    return asyncio.run(all_of_them())


def paths(ids: list[str]) -> list[str]:
    """Return every route of the collection with filters that could tell of something hidden."""
    filters = ["", "?limit=1", "?limit=2", "?match[version]=all", "?match[version]=first", "?match[version]=last",
               "?match[type]=indicator", "?match[type]=relationship", "?match[spec_version]=2.1",
               "?added_after=2027-01-15T08:00:03.000000Z", "?match[version]=2026-01-01T00:05:00.000Z",
               f"?match[id]={','.join(ids)}"]  # fmt: skip
    found = [f"{BASE}/{route}/{one}" for route, one in itertools.product(("objects", "manifest"), filters)]
    for name in ids:
        found += [f"{BASE}/objects/{name}/", f"{BASE}/objects/{name}/?match[version]=all",
                  f"{BASE}/objects/{name}/?match[version]=first", f"{BASE}/objects/{name}/versions/"]  # fmt: skip
    found += ["/taxii2/", "/trust/", "/trust/collections/", f"/trust/collections/{HIGH}/", "/trust/status/x/"]
    return [*found, *rest_paths(ids)]


def rest_paths(ids: list[str]) -> list[str]:
    """Return every route of the REST interface that reads, with filters that could tell of something hidden."""
    objects = f"/api/v1/collections/trust/{HIGH}/objects"
    filters = ["", "?limit=1", "?limit=2", "?version=all", "?version=first", "?version=2026-01-01T00:05:00.000Z",
               "?type=indicator", "?type=relationship", "?spec_version=2.1", f"?id={','.join(ids)}",
               "?added_after=2027-01-15T08:00:03.000000Z"]  # fmt: skip
    others = ["me", "collections", f"collections/trust/{HIGH}", "submissions/trust/x", "tokens", "sessions", "session",
              "principals", "principals/ally", "communities", "warnings", "releases", "incidents", "situations", "asks",
              f"incidents/{CASE}", f"situations/{CASE}", f"situations/{CASE}/asks",
              *(f"incidents/{CASE}/{one}" for one in ("duties", "impact", "severity")),
              *(f"situations/{CASE}/{one}" for one in ("impact", "severity", "brief", "calendar", "calls", "position",
                                                                   "memo", "memo.pdf")),
              f"situations/{CASE}/unwarned", "replays", f"replays/{CASE}", "nothing"]  # fmt: skip
    merged = f"/api/v1/collections/trust/{HIGH}/merged"
    things = [merged, f"{merged}?limit=1", f"{merged}?type=indicator", *(f"{merged}?id={name}" for name in ids)]
    return [*things, *(objects + one for one in filters), *(f"{objects}/{name}" for name in ids),
            *(f"{objects}/{name}/derived" for name in ids),
            *(f"/api/v1/{one}" for one in others)]  # fmt: skip


def relationship(number: int, source: str, target: str) -> dict[str, Any]:
    return {
        "type": "relationship", "spec_version": "2.1", "id": f"relationship--{indicator(number)['id'][11:]}",
        "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z",
        "relationship_type": "related-to", "source_ref": source, "target_ref": target,
    }  # fmt: skip


SECRETS: dict[str, list[dict[str, Any]]] = {
    "another object": [indicator(50, marking="RED")],
    "a newer version of a known one": [indicator(1, minute=9, marking="RED")],
    "an older version": [indicator(2, minute=0, marking="AMBER", created="2025-01-01T00:00:00.000Z")],
    "the same version, marked higher, by another": [indicator(3, minute=5, marking="RED")],
    "a relationship to something hidden": [
        indicator(51, marking="RED"), relationship(60, indicator(1)["id"], indicator(51)["id"]),
    ],
    "a relationship to nothing": [relationship(61, indicator(1)["id"], indicator(52)["id"])],
    "a hidden relationship between known ones": [
        {**relationship(62, indicator(1)["id"], indicator(2)["id"]), "object_marking_refs": [TLP["RED"]]},
    ],
    "something marked by what nobody explained": [
        indicator(53, object_marking_refs=["marking-definition--11111111-1111-4111-8111-111111111111"]),
    ],
    "many": [indicator(100 + k, marking="AMBER") for k in range(40)],
}  # fmt: skip


SHOWN_TO_NOBODY = ("a relationship to nothing", "something marked by what nobody explained")


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest) -> Callable[[Path], str]:
    """Return a function that makes a new database of a kind and returns its URL."""
    return partial(address, request.param)


def world(folder: Path, database: Callable[[Path], str], secrets: list[dict[str, Any]]) -> Hub:
    """Return a hub with what anybody of GREEN may see and, between that, secrets."""
    folder.mkdir()
    hub = make_hub(folder, database(folder))
    sent(hub, 0, indicator(1, minute=5, marking="CLEAR"), indicator(2, minute=5, marking="GREEN"))
    if secrets:
        sent(hub, 2, *secrets, who="ally")
    sent(hub, 4, indicator(3, minute=5, marking="GREEN"), relationship(9, indicator(1)["id"], indicator(2)["id"]) | {
        "object_marking_refs": [TLP["GREEN"]]})  # fmt: skip
    sent(hub, 6, indicator(1, minute=6, marking="GREEN"))
    return hub


@pytest.mark.parametrize("secret", SECRETS)
def test_two_worlds_that_differ_in_a_secret_look_alike(
    tmp_path: Path, secret: str, database: Callable[[Path], str]
) -> None:
    ids = [indicator(k)["id"] for k in (1, 2, 3, 50, 51, 53)]
    asked = paths([*ids, relationship(60, "", "")["id"], relationship(61, "", "")["id"]])
    hubs = [world(tmp_path / "with", database, SECRETS[secret]), world(tmp_path / "without", database, [])]
    seen = [answers(hub, WORKS, asked) for hub in hubs]
    for path in asked:
        assert seen[0][path] == seen[1][path], path
    everything = f"{BASE}/objects/?match[version]=all"
    whole, less = (answers(hub, basic("duty"), [everything])[everything] for hub in hubs)
    assert (whole != less) == (secret not in SHOWN_TO_NOBODY)
    for hub in hubs:
        hub.store.close()


def may_see(
    sees: str | None, communities: set[str], marking: str | None, named: set[str] | None, default: str | None
) -> bool:
    """The oracle: TLP by level, communities by membership, the default for what is unmarked; nothing else."""
    level = marking or default
    if sees is None or level is None or ORDER.index(level) > ORDER.index(sees):
        return False
    return named is None or bool(named & communities)


def community(*names: str) -> dict[str, Any]:
    from noroshi.share.markings import community_definition

    return community_definition(names)


def test_every_role_sees_of_every_marking_and_community_what_the_oracle_says(
    tmp_path: Path, database: Callable[[Path], str]
) -> None:
    hub = make_hub(tmp_path, database(tmp_path))
    roles = list(itertools.product([None, *ORDER], [set(), {"jp-us"}, {"jp-us", "asean"}]))
    lines = [(tmp_path / "declared.toml").read_text(encoding="utf-8")]
    for k, (sees, communities) in enumerate(roles):
        level = f'sees = "{sees}"\n' if sees else ""
        lines += [
            "[[principal]]", f'name = "role{k}"', 'kind = "partner"', f'token = "a-long-token-of-role-{k:04d}"', level,
            f"communities = {sorted(communities)}", "[[grant]]", f'principal = "role{k}"', f'collection = "{HIGH}"',
            "read = true",
        ]  # fmt: skip
    (tmp_path / "more.toml").write_text("\n".join(lines), encoding="utf-8")
    apply_declaration(hub.store, tmp_path / "more.toml")
    cases = list(itertools.product([None, *ORDER], [None, {"jp-us"}, {"asean"}, {"jp-us", "eu"}]))
    for k, (marking, named) in enumerate(cases):
        refs = [TLP[marking]] if marking else []
        definition = [community(*named)] if named else []
        refs += [one["id"] for one in definition]
        more: dict[str, Any] = {"object_marking_refs": refs} if refs else {}
        sent(hub, k, *definition, indicator(k, **more))
    for k, (sees, communities) in enumerate(roles):
        who = {"Authorization": f"Bearer a-long-token-of-role-{k:04d}"}
        names = [indicator(c)["id"] for c in range(len(cases))]
        listed = answers(
            hub, who, [f"{BASE}/objects/?match[type]=indicator", f"{BASE}/manifest/?match[type]=indicator"]
        )
        for _, _, body in listed.values():
            told = {one["id"] for one in json.loads(body).get("objects", [])}
            wanted = {
                name for name, (marking, named) in zip(names, cases, strict=True)
                if may_see(sees, communities, marking, named, "CLEAR")
            }  # fmt: skip
            assert told == wanted, (sees, communities)
        each = answers(hub, who, [f"{BASE}/objects/{name}/" for name in names])
        for name, (status, _, _) in zip(names, each.values(), strict=True):
            assert status == (200 if name in wanted else 404)
    hub.store.close()


def test_access_withdrawn_ends_with_the_next_request_cursors_included(
    tmp_path: Path, database: Callable[[Path], str]
) -> None:
    hub = make_hub(tmp_path, database(tmp_path))
    sent(hub, 0, *(indicator(k, marking="GREEN") for k in range(4)))
    page = answers(hub, WORKS, [f"{BASE}/objects/?limit=2"])[f"{BASE}/objects/?limit=2"]
    assert json.loads(page[2])["more"] is True
    declared = (tmp_path / "declared.toml").read_text(encoding="utf-8").replace('sees = "GREEN"', 'sees = "CLEAR"')
    (tmp_path / "less.toml").write_text(declared, encoding="utf-8")
    assert apply_declaration(hub.store, tmp_path / "less.toml") == ("principal works: changed",)
    assert answers(hub, WORKS, [f"{BASE}/objects/"])[f"{BASE}/objects/"][2] == b"{}"
    hub.store.close()
