"""Exercises and the real thing do not meet between two hubs either, however their partners are declared."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from tests.store.databases import KINDS, address
from tests.web.taxii_world import answering

from noroshi.desk import credentials, peers_push, receiving
from noroshi.desk.declaring import apply_file
from noroshi.desk.hub import Hub, open_hub
from noroshi.desk.peers import sync
from noroshi.errors import InputError
from noroshi.settings import Settings, load_settings
from noroshi.share.markings import TLP_2
from noroshi.share.taxii import Query
from noroshi.wire import taxii_client
from noroshi.wire.asking import Timing
from noroshi.wire.trying import Patience

LIVE, DRILL = "91a7b528-80eb-42ed-a74d-c6fbd5a26116", "52892447-4d7e-4f70-b94d-d7f22742ff63"
SIDES = {LIVE: "real", DRILL: "drill"}
OTHER = {"a": "b", "b": "a"}
WAYS = ("pull", "push")
LEVELS = {str(level): name for name, level in TLP_2.items()}
LABELS = ("exercise", "Exercise", " EXERCISE\t", "ｅｘｅｒｃｉｓｅ")
ROUNDS, SEED = 12, 2
TIMING = Timing(time.time, time.monotonic, lambda _: None, random.Random(1), Patience(tries=2))  # noqa: S311  jitter


@dataclass(frozen=True)
class Agreed:
    """A partner as declared: on which side it is said to stand, and what is drawn of its settings."""

    side: str
    theirs: str
    into: str
    outof: str
    login: str
    tlp: str = "AMBER"
    more: str = ""

    @property
    def crosses(self) -> bool:
        """Whether one of its collections here is on the other side than its principal."""
        return {SIDES[self.into], SIDES[self.outof]} != {self.side}

    @property
    def misled(self) -> bool:
        """Whether it reads or writes there what is on the other side: that, nobody here can know."""
        return SIDES[self.theirs] != self.side


def name_of(hub: str, side: str) -> str:
    return f"hub-{hub}" if side == "real" else f"hub-{hub}-drill"


def token(of: str, at: str, side: str) -> str:
    return f"a-token-of-{name_of(of, side)}-at-{at}-0123456789"


def people(me: str) -> str:
    """Return who is who at a hub: a centre, a reader of each side, and the other hub twice, once for each side."""
    other = OTHER[me]
    lines = ["[[api_root]]", 'name = "trust"', "[[principal]]", 'name = "duty"', 'kind = "centre"', 'sees = "RED"',
             f'token = "a-token-of-duty-at-{me}-0123456789"']  # fmt: skip
    for uid, side in SIDES.items():
        drills = str(side == "drill").lower()
        lines += ["[[collection]]", 'api_root = "trust"', f'id = "{uid}"', f"exercise = {drills}",
                  'default_marking = "GREEN"', "[[grant]]", 'principal = "duty"', f'collection = "{uid}"',
                  "read = true", "write = true"]  # fmt: skip
        for name, kind, secret in ((f"grid-{side}", "operator", f"a-token-of-grid-{side}-at-{me}-0123456789"),
                                   (name_of(other, side), "partner", token(other, me, side))):  # fmt: skip
            lines += ["[[principal]]", f'name = "{name}"', f'kind = "{kind}"', f'token = "{secret}"', 'sees = "AMBER"',
                      "[[contact]]", f'principal = "{name}"', f"exercise = {drills}", "[[grant]]",
                      f'principal = "{name}"', f'collection = "{uid}"', "read = true",
                      f"write = {str(kind == 'partner').lower()}"]  # fmt: skip
    return "\n".join(lines)


def agreement(me: str, port: int, one: Agreed) -> str:
    """Return the declaration of a partner, reached at a port of loopback, known there by the principal of a side."""
    other = OTHER[me]
    return "\n".join((
        "[[peer]]", f'name = "{other}-{one.side}"', f'url = "http://127.0.0.1:{port}/trust/"',
        f'collection = "{one.theirs}"', f'into = "{one.into}"', f'from = "{one.outof}"',
        f'principal = "{name_of(other, one.side)}"', f'token = "{token(me, other, one.login)}"',
        f'max_tlp = "{one.tlp}"', "pull = true", "push = true", one.more,
    ))  # fmt: skip


class Place:
    """A hub of its own with its store; agreed: its partners. A class, since all of it lives as long as a test."""

    def __init__(self, folder: Path, name: str, database: str) -> None:
        self.name, self.folder = name, folder
        given = {"data": str(folder / name), "database": database}
        self.settings: Settings = load_settings(given, {"HOME": str(folder)}, folder)
        self.agreed: dict[str, Agreed] = {}
        self.port = 0
        self.apply({})
        self.hub: Hub = open_hub(self.settings)

    def apply(self, agreed: dict[str, Agreed]) -> None:
        """Declare partners; InputError where one crosses."""
        path = self.folder / f"{self.name}.toml"
        path.write_text("\n".join((people(self.name), *(agreement(self.name, self.port, one)
                                                        for one in agreed.values()))), encoding="utf-8")  # fmt: skip
        apply_file(self.settings, path)
        self.agreed = agreed

    def put(self, uid: str, value: dict[str, Any]) -> bool:
        """Send an object to a collection, by the door that everybody uses; say whether it was taken."""
        duty = self.hub.store.principal("duty")
        assert duty
        root = self.hub.root(duty[0], "trust")
        where = self.hub.collection(duty[0], root, uid)
        done = self.hub.send(duty[0], root, where, json.dumps({"objects": [value]}).encode(), time.time_ns() // 1000)
        done.kept.result(10)
        return bool(done.status.successes)

    def held(self) -> Iterator[tuple[str, str, str]]:
        """Yield all that the store holds: (collection, source, side that the object itself tells)."""
        rows = self.hub.store.ask(
            "SELECT c.uid, p.name, o.body FROM object o JOIN collection c ON c.no = o.collection"
            " JOIN principal p ON p.no = o.source"
        )
        for uid, source, body in rows:
            yield uid, source, json.loads(bytes(body))["description"]

    def told(self, name: str) -> set[str]:
        """Return the sides of all that a reader is given over TAXII."""
        found = self.hub.store.principal(name)
        assert found
        who = found[0]
        return {
            json.loads(row.body)["description"]
            for root in self.hub.roots(who) for one in self.hub.collections(who, root) if one.can_read
            for row in self.hub.page(who, one, Query(last=False, every=True), "objects").page.rows
        }  # fmt: skip


@pytest.fixture(params=KINDS)
def hubs(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, Place]]:
    """Two hubs, each answering over HTTP as long as the test lives."""
    with patch.multiple(credentials, PASSES=1, MEMORY_KIB=1024):
        both = {name: Place(tmp_path, name, address(request.param, folder(tmp_path, name))) for name in OTHER}
        with answering(both["a"].hub) as a, answering(both["b"].hub) as b:
            both["a"].port, both["b"].port = (int(url.rpartition(":")[2]) for url in (b, a))
            yield both


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have little in each request, so that what crosses is seldom alone in it."""
    monkeypatch.setattr(taxii_client, "OBJECTS", 7)
    monkeypatch.setattr(peers_push, "PAGE", 9)


def folder(base: Path, name: str) -> Path:
    """Return a folder for a hub, made."""
    made = base / name
    made.mkdir()
    return made


def thing(rng: random.Random, number: int, side: str) -> dict[str, Any]:
    """Return an object of a side; what it says of itself is not what the code looks at."""
    when = f"2026-01-0{rng.randrange(1, 4)}T00:00:00.000Z"
    level = rng.choice([None, *LEVELS])
    labels = ["x", rng.choice(LABELS)] if side == "drill" else ["exercised"]
    label = {"labels": labels} if side == "drill" or rng.random() < 0.5 else {}
    kind = rng.choice(("indicator", "indicator", "grouping", "relationship"))
    name = f"{kind}--00000000-0000-4000-8000-{number:012d}"
    before = f"indicator--00000000-0000-4000-8000-{rng.randrange(number + 1):012d}"
    said: dict[str, dict[str, Any]] = {
        "indicator": {"pattern": "[ipv4-addr:value = '192.0.2.1']", "pattern_type": "stix", "valid_from": when},
        "grouping": {"context": "unspecified", "object_refs": [before]},
        "relationship": {"relationship_type": "related-to", "source_ref": before, "target_ref": before},
    }
    return {"type": kind, "spec_version": "2.1", "id": name, "created": "2026-01-01T00:00:00.000Z", "modified": when,
            "description": side, **said[kind], **label,
            **({} if level is None else {"object_marking_refs": [LEVELS[level]]})}  # fmt: skip


def drawn(rng: random.Random) -> dict[str, Agreed]:
    """Return partners of both sides with random settings; some are misled, some cross, which is refused."""
    found = {}
    for uid, side in SIDES.items():
        across, theirs = rng.choice(list(SIDES)), rng.choice((uid, *SIDES))
        into, outof = ((across, uid), (uid, across), (uid, uid), (uid, uid))[rng.randrange(4)]
        more = rng.choice(("", 'unmarked = "default"', 'types = ["indicator"]', 'types = ["indicator", "grouping"]'))
        found[side] = Agreed(side, theirs, into, outof, SIDES[theirs], rng.choice(("GREEN", "AMBER", "RED")), more)
    return found


def synced(here: Place, rng: random.Random, done: Counter[str]) -> None:
    """Pull and push in a random order, and count what became of it by who was misled."""
    ways = rng.sample(WAYS, rng.randrange(1, 3))
    names = rng.sample([f"{OTHER[here.name]}-{side}" for side in here.agreed], rng.randrange(1, 3))
    for one in sync(here.settings, tuple(names), tuple(ways), TIMING, again=rng.random() < 0.3):
        agreed = here.agreed[one.peer.partition("-")[2]]
        assert one.fault is None or agreed.misled, (one.peer, one.fault)
        kind = "misled" if agreed.misled else f"{one.way} {agreed.side}"
        done[kind] += one.done
        done[f"refused {one.way}"] += one.refusals if agreed.misled else 0


def assert_apart(hubs: dict[str, Place]) -> None:
    """Look at all that either hub holds, and at all that each of its readers is given."""
    for here in hubs.values():
        for uid, source, side in here.held():
            assert side == SIDES[uid], (here.name, source)
        for side in SIDES.values():
            for name in (f"grid-{side}", name_of(OTHER[here.name], side)):
                assert here.told(name) <= {side}, (here.name, name)


def played(hubs: dict[str, Place], rng: random.Random, rounds: int) -> Counter[str]:
    """Play so many rounds, looking at both hubs after each ten; return what was done how often."""
    done: Counter[str] = Counter()
    for here in hubs.values():
        here.apply({side: Agreed(side, uid, uid, uid, side) for uid, side in SIDES.items()})
    for number in range(rounds):
        here = hubs[rng.choice("ab")]
        for k in range(4):
            uid, side = rng.choice(list(SIDES)), rng.choice(list(SIDES.values()))
            assert here.put(uid, thing(rng, rng.randrange(number * 4 + k + 1), side)) is (SIDES[uid] == side)
        if rng.random() < 0.5:
            agreed = drawn(rng)
            if any(one.crosses for one in agreed.values()):
                with pytest.raises(InputError) as fault:
                    here.apply(agreed)
                assert {one.code for one in fault.value.faults} == {"crosses-exercise"}
                done["refused declarations"] += 1
            else:
                here.apply(agreed)
        synced(hubs[rng.choice("ab")], rng, done)
        if number % 10 == 0:
            assert_apart(hubs)
    assert_apart(hubs)
    return done


@pytest.mark.parametrize("rounds", [ROUNDS, pytest.param(100, marks=pytest.mark.slow)])
def test_nothing_crosses_between_hubs_whatever_is_declared_and_synced(hubs: dict[str, Place], rounds: int) -> None:
    done = played(hubs, random.Random(SEED), rounds)  # noqa: S311  choices of a test
    for name, other in OTHER.items():
        for side in SIDES.values():
            sources = {source for _, source, said in hubs[name].held() if said == side}
            assert name_of(other, side) in sources, "on its own side something came"
    assert all(done[f"{way} {side}"] for way in WAYS for side in SIDES.values()), done
    assert done["misled"] == 0, "from the other side nothing is taken"
    assert all(done[key] for key in ("refused pull", "refused push", "refused declarations")), done


@pytest.mark.parametrize("way", WAYS)
def test_a_hub_that_looks_at_nothing_itself_brings_nothing_across(hubs: dict[str, Place], way: str) -> None:
    """What is in the wrong place already, at a partner or here, stays there."""
    a, b = hubs["a"], hubs["b"]
    rng = random.Random(22)  # noqa: S311  choices of a test
    for here in hubs.values():
        here.apply({side: Agreed(side, uid, uid, uid, side) for uid, side in SIDES.items()})
    there = a if way == "push" else b
    with patch.object(receiving, "crosses", lambda *_, **__: False):
        for number in range(40):
            for k, uid in enumerate(SIDES):
                value = thing(rng, 2 * number + k, rng.choice(list(SIDES.values())))
                assert there.put(uid, {**value, "object_marking_refs": [LEVELS["GREEN"]]})
    assert {(SIDES[uid], side) for uid, _, side in there.held()} == {
        (one, other) for one in SIDES.values() for other in SIDES.values()
    }  # fmt: skip
    with patch.object(receiving, "crosses", lambda *_, **__: False) if way == "push" else nullcontext():
        found = sync(a.settings, (), (way,), TIMING)
    into = b if way == "push" else a
    assert all(side == SIDES[uid] for uid, _, side in into.held())
    if way == "push":  # the wire stops at once, whoever takes it
        assert [one.fault and one.fault.code for one in found] == ["crosses-exercise"] * 2
    else:
        assert all(one.fault is None and one.done and one.refusals for one in found)
