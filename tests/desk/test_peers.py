"""Partners at the desk: what is declared is sealed and kept once; a rehearsal shows exactly what a push sends."""

from __future__ import annotations

import json
import random
import sqlite3
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.store.databases import KINDS, address
from tests.web.partners_world import COLLECTION, LEVELS, Made, agreement, held, made, people, version_of
from tests.web.taxii_world import answering
from tests.wire.certificates import certificate, serving
from tests.wire.stranger import Request, answer, stranger

from noroshi.desk import peers_push
from noroshi.desk.declaring import apply_file
from noroshi.desk.hub import open_hub
from noroshi.desk.peers import Outcome, standing, sync, would_leave
from noroshi.errors import InputError, NotFoundError
from noroshi.settings import Settings, load_settings
from noroshi.store.opening import open_store
from noroshi.wire import taxii_client
from noroshi.wire.asking import Timing
from noroshi.wire.trying import Patience

TIMING = Timing(time.time, time.monotonic, lambda _: None, random.Random(1), Patience(tries=2))  # noqa: S311  jitter


class Place:
    """A hub in a folder. A class, since settings and file go together."""

    def __init__(self, folder: Path, name: str, *others: str, database: str = "") -> None:
        folder.mkdir(exist_ok=True)
        given = {"data": str(folder / name), **({"database": database} if database else {})}
        self.settings: Settings = load_settings(given, {"HOME": str(folder)}, folder)
        self.file, self.name, self.others = folder / f"{name}.toml", name, others

    def declare(self, *peers: str) -> tuple[str, ...]:
        self.file.write_text("\n".join((people(self.name, *self.others, quick=True), *peers)), encoding="utf-8")
        return apply_file(self.settings, self.file)

    def write(self, envelopes: list[tuple[str, list[dict[str, Any]]]]) -> None:
        hub = open_hub(self.settings)
        for who, envelope in envelopes:
            found = hub.store.principal(who)
            assert found
            root = hub.roots(found[0])[0]
            where = hub.collection(found[0], root, COLLECTION)
            sent = hub.send(found[0], root, where, json.dumps({"objects": envelope}).encode(), time.time_ns() // 1000)
            sent.kept.result()
            assert sent.status.failures == ()
        hub.store.close()

    @contextmanager
    def open(self) -> Iterator[int]:
        with answering(open_hub(self.settings)) as url:
            yield int(url.rpartition(":")[2])

    def run(self, *ways: str, **more: Any) -> list[Outcome]:
        return list(sync(self.settings, (), ways, TIMING, **more))

    def keys(self) -> dict[tuple[str, str], str]:
        store = open_store(self.settings.database, self.settings.data)
        rows = store.ask("SELECT o.id, p.name, r.key FROM object o JOIN release r ON r.no = o.release"
                         " JOIN principal p ON p.no = o.source")  # fmt: skip
        store.close()
        return {(name, by): key for name, by, key in rows}


def entered(settings: Settings) -> int:
    """Return of how many objects the ledger says that they were pushed."""
    store = open_store(settings.database, settings.data)
    found = [json.loads(content) for (content,) in store.ask("SELECT content FROM ledger WHERE kind = 'given'")]
    store.close()
    return sum(one["count"] for one in found if one["route"] == "push")


def indicator(number: int, level: str, **more: Any) -> dict[str, Any]:
    when = "2026-01-01T00:00:00.000Z"
    return {
        "type": "indicator", "spec_version": "2.1", "id": f"indicator--{number:08x}-0000-4000-8000-000000000000",
        "created": when, "modified": when, "valid_from": when, "name": f"n {number}", "pattern_type": "stix",
        "pattern": "[ipv4-addr:value = '198.51.100.7']",
        **({"object_marking_refs": [LEVELS[level]]} if level else {}), **more,
    }  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_a_rehearsal_shows_exactly_what_leaves(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers_push, "PAGE", 17)
    things: Made = made("a", 96, 7, pushed=True)
    a, b = Place(tmp_path, "a", "b", database=address(kind, tmp_path)), Place(tmp_path, "b", "a")
    b.declare()
    with b.open() as port:
        a.declare(agreement("a", "b", port, "push = true"))
        a.write(things.envelopes)
        shown = list(would_leave(a.settings, (), TIMING))
        leaves = {row["id"] for row in shown if row["leaves"]}
        assert leaves == {name for name, _ in things.crosses}
        # every object is told of, each version once, and a rehearsal sends and moves nothing
        assert {row["id"] for row in shown} == {name for name, _ in things.every}
        assert Counter((row["id"], row["version"]) for row in shown).most_common(1)[0][1] == 1
        assert set(Counter(row["rule"] for row in shown)) >= {
            "leaves", "unmarked", "tlp-not-seen", "community-not-seen", "over-cap", "not-told",
        }  # fmt: skip
        assert held(tmp_path / "b") == {}
        (sent,) = a.run("push")
        assert (sent.fault, sent.done) == (None, sum(row["leaves"] for row in shown))
        assert entered(a.settings) == sent.done
        assert set(held(tmp_path / "b")["hub-a"]) == things.crosses
        again = Counter(row["rule"] for row in would_leave(a.settings, (), TIMING))
        assert again["leaves"] == 0
        assert again["sent-before"] == sent.done
        # what comes later, and only that, leaves next
        a.write([("duty", [indicator(1, "GREEN"), indicator(2, "RED")])])
        assert [row["id"] for row in would_leave(a.settings, (), TIMING) if row["leaves"]] == [indicator(1, "")["id"]]
        assert a.run("push")[0].done == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_pull_takes_in_exactly_what_may_cross(tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(taxii_client, "OBJECTS", 13)
    things: Made = made("b", 96, 8)
    a, b = Place(tmp_path, "a", "b", database=address(kind, tmp_path)), Place(tmp_path, "b", "a")
    b.declare()
    b.write(things.envelopes)
    with b.open() as port:
        a.declare(agreement("a", "b", port, "pull = true"))
        (found,) = a.run("pull")
        assert found.fault is None
        (again,) = a.run("pull", again=True)
        assert again.fault is None
    there = {name: key for (name, by), key in a.keys().items() if by == "hub-b"}
    here = {name: key for (name, _), key in b.keys().items()}
    assert there == {name: here[name] for name, _ in things.crosses}
    store = open_store(a.settings.database, a.settings.data)
    (count,) = store.ask("SELECT count(*) FROM object")[0]
    store.close()
    assert count == len(things.crosses)


def test_a_part_goes_after_what_binds_it_and_else_stays(tmp_path: Path) -> None:
    a, b = Place(tmp_path, "a", "b"), Place(tmp_path, "b", "a")
    b.declare()
    when = "2026-01-01T00:00:00.000Z"
    holds: dict[str, Any] = {
        "type": "report", "spec_version": "2.1", "id": "report--00000009-0000-4000-8000-000000000000", "created": when,
        "modified": when, "published": when, "name": "r", "object_marking_refs": [LEVELS["AMBER"]],
        "object_refs": [indicator(1, "")["id"], indicator(2, "")["id"]],
    }  # fmt: skip
    with b.open() as port:
        a.declare(agreement("a", "b", port, 'push = true\ntypes = ["indicator"]'))
        a.write([("duty", [indicator(1, ""), indicator(2, "AMBER"), holds])])
        rules = {row["id"]: row["rule"] for row in would_leave(a.settings, (), TIMING)}
        # the report is of a type that was not agreed, so that nothing there would bind the unmarked part
        assert rules == {indicator(1, "")["id"]: "not-carried", indicator(2, "")["id"]: "leaves",
                         holds["id"]: "other-type"}  # fmt: skip
        a.run("push")
        assert {name for name, _ in held(tmp_path / "b")["hub-a"]} == {indicator(2, "")["id"]}
        a.declare(agreement("a", "b", port, "push = true"))
        # what was agreed has changed: it begins anew, and nothing goes twice
        assert [one.done for one in a.run("push")] == [2]
    keys = b.keys()
    assert keys[indicator(1, "")["id"], "hub-a"] == '["AMBER",null]'
    assert max(held(tmp_path / "b")["hub-a"].values()) == 1


def test_what_one_partner_sent_goes_on_to_another_only_as_green(tmp_path: Path) -> None:
    a, b, c = Place(tmp_path, "a", "b", "c"), Place(tmp_path, "b", "a"), Place(tmp_path, "c", "a")
    for one in (b, c):
        one.declare()
    b.write([("duty", [indicator(1, "GREEN"), indicator(2, "AMBER"), indicator(3, "CLEAR")])])
    with ExitStack() as stack:
        ports = {one.name: stack.enter_context(one.open()) for one in (a, b, c)}
        a.declare(*(agreement("a", name, ports[name]) for name in "bc"))
        c.declare(agreement("c", "a", ports["a"], "push = true"))
        for _ in range(3):
            assert [one.fault for one in a.run("pull", "push") + c.run("push")] == [None] * 5
        rules = {(row["peer"], row["id"]): row["rule"] for row in would_leave(a.settings, (), TIMING)}
    assert {name for name, _ in held(tmp_path / "a")["hub-b"]} == {indicator(k, "")["id"] for k in (1, 2, 3)}
    assert {name for name, _ in held(tmp_path / "c")["hub-a"]} == {indicator(k, "")["id"] for k in (1, 3)}
    assert rules["c", indicator(2, "")["id"]] == "onward"
    assert rules["b", indicator(1, "")["id"]] == "came-from-it"
    # round the triangle nothing comes back
    assert set(held(tmp_path / "b")) == {"duty"}
    assert held(tmp_path / "a").get("hub-c") is None


def test_an_observable_without_a_version_comes_once(tmp_path: Path) -> None:
    a, b = Place(tmp_path, "a", "b"), Place(tmp_path, "b", "a")
    value: dict[str, Any] = {"type": "ipv4-addr", "value": "198.51.100.3", "object_marking_refs": [LEVELS["GREEN"]],
                             "id": "ipv4-addr--ff26c055-6336-5bc5-b98d-13d6226742dd"}  # fmt: skip
    b.declare()
    with b.open() as port:
        a.declare(agreement("a", "b", port))
        b.write([("duty", [value])])
        a.write([("works", [{**value, "value": "198.51.100.4"}])])
        for again in (False, True, True):
            a.run("pull", again=again)
            a.run("push", again=again)
    assert version_of(value) == ""
    for name, other in (("a", "b"), ("b", "a")):
        assert held(tmp_path / name)[f"hub-{other}"][value["id"], ""] == 1


def test_a_secret_is_sealed_for_its_place_and_never_shown(tmp_path: Path) -> None:
    a = Place(tmp_path, "a", "b")
    assert "peer b: made" in a.declare(agreement("a", "b", 9))
    assert a.declare(agreement("a", "b", 9)) == ()
    assert a.declare(agreement("a", "b", 9).replace("token-of-a", "another-token-of-a")) == ("peer b: changed",)
    store = open_store("", a.settings.data)
    files = b"".join(path.read_bytes() for path in a.settings.data.iterdir() if path.name != "hub.key")
    assert b"token-of-a-at-b" not in files
    (before,) = store.ask("SELECT password FROM peer")
    store.close()
    assert "another-token" not in json.dumps(standing(a.settings), default=str)
    # moved to another address, or with another key, it cannot be opened, and that is said
    with closing(sqlite3.connect(a.settings.data / "noroshi.sqlite3")) as raw:
        raw.execute("UPDATE peer SET url = 'http://127.0.0.1:10/'")
        raw.commit()
    assert [one.fault.code for one in a.run("pull") if one.fault] == ["no-key"]
    a.declare(agreement("a", "b", 9))
    (a.settings.data / "hub.key").write_bytes(b"k" * 32)
    assert [one.fault.code for one in a.run("push") if one.fault] == ["no-key"]
    assert before


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("http://127.0.0.1:9/", "http://hub.example/", "url"),
        ("http://127.0.0.1:9/", "https://user:secret@hub.example/", "url"),
        ("http://127.0.0.1:9/", "ftp://hub.example/", "url"),
        ('max_tlp = "AMBER"', "", "max_tlp"),
        ('max_tlp = "AMBER"', 'max_tlp = "PURPLE"', "max_tlp"),
        ("pull = true\npush = true", "", "pull"),
        ("pull = true", 'pull = "yes"', "pull"),
        ('principal = "hub-b"', 'principal = "hub-z"', "peer.principal"),
        ("pull = true", "pull = true\ntypes = []", "types"),
        ("pull = true", 'pull = true\nusername = "me"\npassword = "it is a secret"', "token"),
        ("pull = true", 'pull = true\nunmarked = "perhaps"', "unmarked"),
        (f'into = "{COLLECTION}"\n', "", "into"),
        (f'into = "{COLLECTION}"', 'into = "91a7b528-80eb-42ed-a74d-c6fbd5a26117"', "peer.into"),
        ("pull = true", "pull = true\ntrusted = 1", "trusted"),
    ],
)
def test_a_partner_that_is_badly_declared_is_refused_without_showing_secrets(
    tmp_path: Path, old: str, new: str, column: str
) -> None:
    said = agreement("a", "b", 9)
    assert old in said
    with pytest.raises(InputError) as caught:
        Place(tmp_path, "a", "b").declare(said.replace(old, new))
    assert column in {fault.column for fault in caught.value.faults}
    assert "secret" not in caught.value.report()
    assert "token-of-a" not in caught.value.report()


def test_a_partner_without_leave_or_unknown_is_said(tmp_path: Path) -> None:
    a = Place(tmp_path, "a", "b")
    a.declare(agreement("a", "b", 9))
    a.file.write_text(a.file.read_text().replace("read = true\nwrite = true", "read = false\nwrite = false"))
    apply_file(a.settings, a.file)
    assert [one.fault.code for one in a.run("pull", "push") if one.fault] == ["not-granted", "not-granted"]
    with pytest.raises(NotFoundError):
        sync(a.settings, ("nobody",), ("pull",), TIMING)


def test_a_certificate_that_nobody_vouches_for_is_refused_unless_it_is_named(tmp_path: Path) -> None:
    cert, key = certificate(tmp_path)
    tls = serving(cert, key)
    asked: list[str] = []
    a = Place(tmp_path, "a", "b")

    def say(request: Request) -> list[bytes]:
        asked.append(request.headers["authorization"])
        return answer(b"{}")

    with stranger(say, tls) as url:
        said = agreement("a", "b", 9, "pull = true").replace("http://127.0.0.1:9/trust/", url)
        a.declare(said)
        (found,) = a.run("pull")
        assert found.fault is not None
        assert (found.fault.code, asked) == ("tls", [])
        a.declare(f'{said}ca = "{cert}"\n')
        assert [one.fault for one in sync(a.settings, ("b",), ("pull",), TIMING)] == [None]
        assert len(asked) == 1
