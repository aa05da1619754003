"""Partners that do not keep to TAXII: each is named, what came before stays, and of what was wrong nothing is kept."""

from __future__ import annotations

import gzip
import itertools
import json
import random
import time
import uuid
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.web.partners_world import COLLECTION, LEVELS, people, settings_in
from tests.wire.stranger import Request, answer, envelope, says, stranger

from noroshi.desk.declaring import apply_file
from noroshi.desk.hub import open_hub
from noroshi.desk.peers import Outcome, standing, sync
from noroshi.store.opening import open_store
from noroshi.wire.asking import Timing
from noroshi.wire.trying import Patience

START = 1_767_225_600_000_000
NOW = START / 1e6 + 1_000_000.0


def indicator(number: int, level: str = "GREEN", **more: Any) -> dict[str, Any]:
    when = "2026-01-01T00:00:00.000Z"
    marking = {"object_marking_refs": [LEVELS[level]]} if level else {}
    return {
        "type": "indicator", "spec_version": "2.1", "id": f"indicator--{uuid.UUID(int=number, version=4)}",
        "created": when, "modified": when, "valid_from": when, "name": f"n {number}", "pattern_type": "stix",
        "pattern": "[ipv4-addr:value = '198.51.100.7']", **marking, **more,
    }  # fmt: skip


GOOD = envelope([indicator(1), indicator(2)], START, START + 1, "two")


class At:
    """A hub with a partner at an address. A class, for the clock that a test moves on."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.settings = folder, settings_in(folder / "data")
        self.waits: list[float] = []
        self.now = NOW

    def agree(self, url: str, more: str = 'max_tlp = "AMBER"\npull = true', default: str = "") -> None:
        path = self.folder / "hub.toml"
        path.write_text(people("a", "b", default=default, quick=True) + (
            f'[[peer]]\nname = "b"\nurl = "{url}"\ncollection = "{COLLECTION}"\ninto = "{COLLECTION}"\n'
            f'from = "{COLLECTION}"\nprincipal = "hub-b"\ntoken = "a-token-at-the-other-side"\n{more}\n'
        ), encoding="utf-8")  # fmt: skip
        apply_file(self.settings, path)

    def run(self, *ways: str, names: tuple[str, ...] = ("b",), answer_s: float = 20.0) -> Outcome:
        timing = Timing(lambda: self.now, time.monotonic, self.waits.append, random.Random(1),  # noqa: S311  jitter
                        Patience(tries=3), answer_s=answer_s, silence_s=5.0)  # fmt: skip
        (found,) = sync(self.settings, names, ways or ("pull",), timing)
        return found

    def ask(self, text: str, *values: object) -> list[Any]:
        store = open_store("", self.settings.data)
        found = store.ask(text, values)
        store.close()
        return found

    def keys(self) -> dict[str, str]:
        return dict(self.ask("SELECT o.id, r.key FROM object o JOIN release r ON r.no = o.release"))

    def ids(self) -> list[int]:
        rows = self.ask("SELECT body FROM object ORDER BY seq")
        return [uuid.UUID(json.loads(body)["id"].partition("--")[2]).int & 0xFFFF for (body,) in rows]


@pytest.fixture
def at(tmp_path: Path) -> At:
    return At(tmp_path)


def torrent() -> Iterator[bytes]:
    """Yield a body that does not end."""
    kind = "application/taxii+json;version=2.1"
    yield f"HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {2 << 30}\r\n\r\n".encode()
    yield b'{"objects":['
    yield from itertools.repeat(b" " * (1 << 20))


def trickle() -> Iterator[bytes]:
    """Yield a body a byte at a time."""
    yield b"HTTP/1.1 200 OK\r\ncontent-type: application/taxii+json;version=2.1\r\ncontent-length: 100000\r\n\r\n"
    while True:
        time.sleep(0.05)
        yield b" "


def packed(data: bytes, **headers: str) -> Iterable[bytes]:
    return answer(data, content_encoding="gzip", **headers)


LATER = START + 10
BAD: dict[str, tuple[str, Iterable[bytes] | Callable[[], Iterable[bytes]]]] = {
    "more and nothing": ("endless", answer(b'{"more":true,"next":"x"}')),
    "the same page again": ("repeats", GOOD),
    "dates go back": ("backwards", envelope([indicator(3)], START - 9, START - 8, "x")),
    "last before first": ("backwards", envelope([indicator(3)], LATER + 5, LATER, "x")),
    "no dates": ("no-dates", answer(json.dumps({"objects": [indicator(3)]}).encode())),
    "dates that are none": ("no-dates", answer(b'{"objects":[{}]}', x_taxii_date_added_first="x")),
    "a date far ahead": ("in-future", envelope([indicator(3)], LATER, 253_370_764_800_000_000, "x")),
    "a web page": ("wrong-type", answer(b"<html>", kind="text/html")),
    "another TAXII": ("wrong-type", answer(b"{}", kind="application/taxii+json;version=2.0")),
    "no JSON": ("not-an-envelope", answer(b'{"objects":[')),
    "a list": ("not-an-envelope", answer(b"[]")),
    "a key twice": ("not-an-envelope", answer(b'{"more":false,"more":true,"objects":[]}')),
    "more that is no flag": ("not-an-envelope", answer(b'{"more":"yes","objects":[]}')),
    "too many objects": ("not-an-envelope", answer(b'{"objects":[' + b",".join([b"1"] * 10_001) + b"]}")),
    "2 GB": ("too-large", torrent),
    "a bomb": ("too-large", packed(gzip.compress(b" " * (200 << 20), 9))),
    "no gzip": ("bad-body", packed(b'{"objects":[]}')),
    "half a gzip": ("cut", packed(gzip.compress(b"{}" + b" " * 1000)[:-9])),
    "another coding": ("bad-body", answer(b"{}", content_encoding="br")),
    "another host": ("redirected", answer(b"", 302, location="http://127.0.0.2:1/trust/")),
    "another port": ("redirected", answer(b"", 307, location="http://127.0.0.1:1/trust/")),
    "round and round": ("redirected", answer(b"", 302, location="?again")),
    "half a body": ("cut", [answer(b"{}")[0][:-1]]),
    "nothing": ("cut", [b""]),
    "not known": ("unauthorised", answer(b"{}", 401)),
    "not let": ("forbidden", answer(b"{}", 403)),
    "a fault of theirs": ("busy", answer(b"{}", 500)),
    "not understood": ("refused", answer(b'{"title":"no"}', 418)),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_is_wrong_is_named_and_only_what_came_before_is_kept(at: At, name: str) -> None:
    code, bad = BAD[name]
    with stranger(says(GOOD, bad)) as url:
        at.agree(url)
        found = at.run()
    assert found.fault is not None, name
    assert (found.fault.code, found.done) == (code, 2)
    assert at.ids() == [1, 2]
    (said,) = standing(at.settings)
    assert (said["pull"]["objects"], said["pull"]["fault"]) == (2, code)
    assert said["pull"]["next_try"] > at.now * 1e6
    assert "a-token-at-the-other-side" not in json.dumps(said)


def test_a_body_that_trickles_ends_in_time(at: At) -> None:
    with stranger(says(GOOD, trickle)) as url:
        at.agree(url)
        found = at.run(answer_s=0.2)
    assert found.fault is not None
    assert (found.fault.code, at.ids()) == ("timed-out", [1, 2])


def test_the_next_try_goes_on_from_the_last_page(at: At) -> None:
    asked: list[dict[str, str]] = []
    third = envelope([indicator(3)], LATER, LATER)

    def say(request: Request) -> Iterable[bytes]:
        asked.append(request.query)
        return (GOOD, answer(b"{}", 404), answer(b"{}", 410), third)[len(asked) - 1]

    with stranger(say) as url:
        at.agree(url)
        assert at.run().fault is not None
        assert at.run().fault is None
    assert at.ids() == [1, 2, 3]
    assert [one.get("next") for one in asked] == [None, "two", "two", None]


def test_a_server_without_cursors_is_read_by_dates(at: At) -> None:
    asked: list[dict[str, str]] = []
    more = json.dumps({"more": True, "objects": [indicator(1)]}).encode()
    dates = {"x_taxii_date_added_first": "2026-01-01T00:00:00.5Z", "x_taxii_date_added_last": "2026-01-01T00:00:00.5Z"}

    def say(request: Request) -> Iterable[bytes]:
        asked.append(request.query)
        return answer(more, **dates) if len(asked) == 1 else envelope([indicator(2)], LATER + 600_000, LATER + 600_000)

    with stranger(say) as url:
        at.agree(url)
        assert at.run().fault is None
    assert at.ids() == [1, 2]
    assert asked[1]["added_after"] == "2026-01-01T00:00:00.5Z"


def test_a_busy_partner_is_asked_again_when_it_says_and_left_alone_for_longer(at: At) -> None:
    with stranger(says(answer(b"{}", 503, retry_after="7"), answer(b"{}", 429, retry_after="9"),
                       envelope([indicator(1)], START, START))) as url:  # fmt: skip
        at.agree(url)
        assert at.run().fault is None
    assert at.waits == [7.0, 9.0]
    with stranger(says(answer(b"{}", 503, retry_after="86400"))) as url:
        at.agree(url)
        found = at.run()
        assert found.fault is not None
        assert (found.fault.code, found.fault.wait, len(at.waits)) == ("busy", 86400.0, 2)
        # a run for all partners leaves it alone, one that names it does not
        assert at.run(names=()).waits == int((at.now + 86400) * 1e6)
        at.now += 86401
        assert at.run(names=()).fault is not None


def test_what_cannot_be_kept_is_named_object_by_object_and_the_rest_is_kept(at: At) -> None:
    bad = [{**indicator(3), "pattern": 7}, indicator(4, "RED"), indicator(5, ""), {"type": "indicator"}]
    with stranger(says(envelope([indicator(1), *bad, indicator(2)], START, START + 5))) as url:
        at.agree(url)
        found = at.run()
    assert (found.fault, found.done, found.refusals) == (None, 3, 3)
    assert at.ids() == [1, 5, 2]
    assert {why for _, _, why in found.refused or ()} >= {"over-cap"}
    (said,) = standing(at.settings)
    assert {one["id"] for one in said["pull"]["refusals"]} == {indicator(3)["id"], indicator(4)["id"], ""}
    # 5 is unmarked: it is there, and nobody is shown it until a container of the same source says who may see it
    assert at.keys()[indicator(5)["id"]] == "[null,null]"


def test_a_collections_default_is_for_a_partner_only_where_that_is_said(at: At) -> None:
    page = says(envelope([indicator(5, "")], START, START))
    for more, key in (('unmarked = "deny"', "[null,null]"), ('unmarked = "default"', '["GREEN",null]')):
        (at.folder / more[12:]).mkdir()
        here = At(at.folder / more[12:])
        with stranger(page) as url:
            here.agree(url, f'max_tlp = "AMBER"\npull = true\n{more}', default="GREEN")
            assert here.run().done == 1
        assert list(here.keys().values()) == [key]


def test_who_claims_anothers_id_neither_overwrites_nor_hides_it(at: At) -> None:
    ours = {**indicator(1), "name": "ours"}
    at.agree("http://127.0.0.1:9/trust/")
    hub = open_hub(at.settings)
    duty = hub.store.principal("duty")
    works = hub.store.principal("hub-b")
    assert duty
    assert works
    root = hub.roots(duty[0])[0]
    where = hub.collection(duty[0], root, COLLECTION)
    hub.send(duty[0], root, where, json.dumps({"objects": [ours]}).encode(), START).kept.result()
    hub.store.close()
    claims = [{**indicator(1, "RED"), "name": "theirs"}, {**indicator(1, "AMBER"), "name": "theirs too"}]
    holds = {"type": "grouping", "spec_version": "2.1", "id": f"grouping--{uuid.UUID(int=9, version=4)}",
             "created": ours["created"], "modified": ours["created"], "context": "unspecified",
             "object_refs": [ours["id"]], "object_marking_refs": [LEVELS["RED"]]}  # fmt: skip
    with stranger(says(envelope([claims[0], claims[1], holds], START, START + 2))) as url:
        at.agree(url)
        found = at.run()
    assert found.fault is None
    text = "SELECT o.body, r.key FROM object o JOIN release r ON r.no = o.release WHERE o.source = ?"
    rows = at.ask(text, duty[0].no)
    assert [(json.loads(body)["name"], key) for body, key in rows] == [("ours", '["GREEN",null]')]


def test_a_definition_on_a_later_page_is_asked_for_by_name(at: At) -> None:
    definition = {
        "type": "marking-definition", "spec_version": "2.1", "created": "2026-01-01T00:00:00.000Z",
        "id": f"marking-definition--{uuid.UUID(int=7, version=4)}", "definition_type": "statement",
        "definition": {"statement": "ours"}, "object_marking_refs": [LEVELS["CLEAR"]],
    }  # fmt: skip
    needs = indicator(1)
    needs["object_marking_refs"].append(definition["id"])
    pages = says(envelope([needs], START, START, "x"), envelope([definition], START + 1, START + 1))

    def say(request: Request) -> Iterable[bytes]:
        if request.query.get("match[id]") == definition["id"]:
            return envelope([definition], START + 1, START + 1)
        return pages(request)

    with stranger(say) as url:
        at.agree(url)
        assert at.run().fault is None
    assert at.keys()[needs["id"]] == '["GREEN",null]'


def test_what_a_refused_container_asks_binds_its_parts(at: At) -> None:
    holds = {"type": "grouping", "spec_version": "2.1", "id": f"grouping--{uuid.UUID(int=9, version=4)}",
             "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z", "context": "unspecified",
             "object_refs": [indicator(k)["id"] for k in (1, 2)], "object_marking_refs": [LEVELS["RED"]]}  # fmt: skip
    pages = (envelope([indicator(1), indicator(3)], START, START + 1, "x"), envelope([holds], LATER, LATER, "y"),
             envelope([indicator(2)], LATER + 1, LATER + 1))  # fmt: skip
    with stranger(says(*pages)) as url:
        at.agree(url)
        assert at.run().fault is None
    # 1 came before its container, 2 after it: neither is within what was agreed
    assert at.ids() == [3]


STATUS = {"id": str(uuid.UUID(int=1, version=4)), "status": "complete", "total_count": 2, "success_count": 2,
          "failure_count": 0, "pending_count": 0}  # fmt: skip


def pushing(at: At, *statuses: bytes) -> tuple[Outcome, list[Request]]:
    """Return what a push of two objects did where envelopes are answered by these statuses, one after the other."""
    asked: list[Request] = []
    left = list(statuses)

    def say(request: Request) -> Iterable[bytes]:
        asked.append(request)
        if request.path == "/trust/":
            return answer(b'{"max_content_length": 100000}')
        said = left.pop(0) if len(left) > 1 else left[0]
        return answer(said, 202 if request.method == "POST" else 200)

    with stranger(say) as url:
        at.agree(url, 'max_tlp = "AMBER"\npush = true')
        hub = open_hub(at.settings)
        duty = hub.store.principal("duty")
        assert duty
        root = hub.roots(duty[0])[0]
        where = hub.collection(duty[0], root, COLLECTION)
        objects = json.dumps({"objects": [indicator(1), indicator(2), indicator(3, "RED")]}).encode()
        hub.send(duty[0], root, where, objects, START).kept.result()
        hub.store.close()
        return at.run("push"), asked


def test_a_status_is_asked_for_until_it_is_complete(at: At) -> None:
    waiting = {**STATUS, "status": "pending", "success_count": 0, "pending_count": 2}
    found, asked = pushing(at, *(json.dumps(one).encode() for one in (waiting, waiting, STATUS)))
    assert (found.fault, found.done) == (None, 2)
    assert [one.path.rstrip("/").rpartition("/")[2] for one in asked[1:]] == ["objects", STATUS["id"], STATUS["id"]]
    assert indicator(3)["id"].encode() not in asked[1].body


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (b"yes", "bad-status"),
        (json.dumps({**STATUS, "success_count": 9}).encode(), "bad-status"),
        (json.dumps({**STATUS, "status": "pending"}).encode(), "pending"),
        (json.dumps({**STATUS, "status": "pending", "id": "../../other"}).encode(), "bad-status"),
    ],
)
def test_a_status_that_is_none_ends_it_and_nothing_counts_as_sent(at: At, status: bytes, code: str) -> None:
    found, _ = pushing(at, status)
    assert found.fault is not None
    assert (found.fault.code, found.done) == (code, 0)
    assert at.ask("SELECT * FROM peer_sent") == []


def test_what_the_other_side_refuses_is_kept_object_by_object(at: At) -> None:
    no = {"id": indicator(2)["id"], "version": "2026-01-01T00:00:00.000Z", "message": "not here"}
    status = {**STATUS, "success_count": 1, "failure_count": 1, "failures": [no]}
    found, _ = pushing(at, json.dumps(status).encode())
    assert (found.fault, found.done, found.refusals) == (None, 1, 1)
    (said,) = standing(at.settings)
    assert [(one["id"], one["reason"]) for one in said["push"]["refusals"]] == [(no["id"], "not here")]
