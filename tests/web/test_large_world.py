"""A million triples of a principal, a marking and a community, asked of a hub's store, against an oracle apart."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from tests.share.test_release import GROUPS, LEVELS, oracle
from tests.store.databases import KINDS, address
from tests.web.taxii_world import HIGH, TLP, indicator, make_hub

from noroshi.desk.declaring import apply_declaration
from noroshi.desk.hub import Hub
from noroshi.share.markings import community_definition
from noroshi.share.taxii import Query

OBJECTS, PRINCIPALS, PART = 5_000, 200, 1_000
EVERY = Query(every=True, last=False, types=("indicator",))
LEVEL_IDS = {**TLP, "AMBER+STRICT": "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003"}


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest) -> Callable[[Path], str]:
    """Return a function that makes a new database of a kind and returns its URL."""
    return partial(address, request.param)


def some(rng: random.Random) -> list[str]:
    """Return communities drawn at random, none included."""
    return rng.sample(GROUPS, rng.randrange(len(GROUPS) + 1))


def filled(hub: Hub, rng: random.Random) -> dict[str, tuple[str | None, list[str] | None]]:
    """Send objects with markings drawn at random; return the TLP and the communities of each id, None = not said."""
    found = hub.store.principal("duty")
    assert found
    duty = found[0]
    root = hub.root(duty, "trust")
    where = hub.collection(duty, root, HIGH)
    kept: dict[str, tuple[str | None, list[str] | None]] = {}
    for start in range(0, OBJECTS, PART):
        sent: dict[str, dict[str, Any]] = {}
        for k in range(start, start + PART):
            level, only = rng.choice([None, *LEVELS]), some(rng) or None
            definition = community_definition(only) if only else None
            refs = [LEVEL_IDS[level]] if level else []
            if definition:
                sent[definition["id"]] = definition
                refs.append(definition["id"])
            more: dict[str, Any] = {"object_marking_refs": refs} if refs else {}
            made = indicator(k, **more)
            sent[made["id"]] = made
            kept[made["id"]] = level, only
        data = json.dumps({"objects": list(sent.values())}).encode()
        hub.send(duty, root, where, data, 1_800_000_000_000_000 + start).kept.result(120)
    return kept


def declared(hub: Hub, folder: Path, rng: random.Random) -> dict[str, tuple[str | None, list[str]]]:
    """Declare principals with rights drawn at random; return what each sees and where it is a member."""
    rights = {f"role{k}": (rng.choice([None, *LEVELS]), some(rng)) for k in range(PRINCIPALS)}
    lines = [(folder / "declared.toml").read_text(encoding="utf-8")]
    for name, (sees, communities) in rights.items():
        level = f'sees = "{sees}"' if sees else ""
        lines += [
            "[[principal]]", f'name = "{name}"', 'kind = "partner"', f'token = "a-long-token-of-{name}-and-more"',
            level, f"communities = {communities}",
            "[[grant]]", f'principal = "{name}"', f'collection = "{HIGH}"', "read = true",
        ]  # fmt: skip
    (folder / "more.toml").write_text("\n".join(lines), encoding="utf-8")
    apply_declaration(hub.store, folder / "more.toml")
    return rights


def listed(hub: Hub, name: str, limit: int) -> set[str]:
    """Return the ids of all indicators that a principal is told of, page after page."""
    found = hub.store.principal(name)
    assert found
    who = found[0]
    where = hub.collection(who, hub.root(who, "trust"), HIGH)
    told: list[str] = []
    after, more = 0, True
    while more:
        page = hub.store.page(where.no, hub.seeing.viewer(who, where.no), EVERY, after, limit)
        told += [one.id for one in page.rows]
        after, more = (page.rows[-1].seq if page.rows else after), page.more
    assert len(set(told)) == len(told)
    return set(told)


@pytest.mark.slow
def test_a_million_triples_of_a_large_world_are_as_the_oracle_says(
    tmp_path: Path, database: Callable[[Path], str]
) -> None:
    rng = random.Random(20261122)  # noqa: S311  not a secret
    hub = make_hub(tmp_path, database(tmp_path))
    rights, objects = declared(hub, tmp_path, rng), filled(hub, rng)
    triples = seen = 0
    for name, (sees, communities) in rights.items():
        told = listed(hub, name, rng.choice([7, 100, 1000, 10_000]))
        for uid, (level, only) in objects.items():
            wanted = oracle(sees, communities, level or "CLEAR", only)
            assert (uid in told) == wanted, (sees, communities, level, only)
            triples, seen = triples + 1, seen + wanted
    print(f"{triples} triples, {seen} of them seen")  # noqa: T201  the figures, for docs/acceptance.md
    assert triples == OBJECTS * PRINCIPALS
    assert 0.2 * triples < seen < 0.8 * triples
    hub.store.close()
