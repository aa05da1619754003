"""Looking for objects: what is found, in which order, how far a question goes, and that hidden equals absent."""

from __future__ import annotations

import itertools
import json
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.browser.site import DRILL, LIVE, made_hub
from tests.store.databases import KINDS, address

from noroshi.desk import searching
from noroshi.desk.hub import Hub
from noroshi.desk.searching import Wanted, around, named, search
from noroshi.share.learning import learn_all
from noroshi.share.taxii import Refused
from noroshi.store.contract import Principal

GREEN = "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"
AMBER = "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"
RED = "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"
AT = "2026-01-01T00:00:00.000Z"
BOUND_S = 3.0
"""CPU seconds of one question over 100,000 objects."""
CLOCK = itertools.count(1_800_000_000_000_000, 1_000_000)


def oid(kind: str, number: int) -> str:
    return f"{kind}--{uuid.UUID(int=number, version=4)}"


def made(kind: str, number: int, marking: str = GREEN, **more: Any) -> dict[str, Any]:
    return {"type": kind, "spec_version": "2.1", "id": oid(kind, number), "created": AT, "modified": AT,
            "object_marking_refs": [marking], **more}  # fmt: skip


def indicator(number: int, marking: str = GREEN, **more: Any) -> dict[str, Any]:
    value = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
    return made("indicator", number, marking, **{
        "name": f"Beacon {number}", "pattern": f"[ipv4-addr:value = '{value}']", "pattern_type": "stix",
        "valid_from": AT, **more,
    })  # fmt: skip


def link(number: int, source: str, target: str, marking: str = GREEN) -> dict[str, Any]:
    return made("relationship", number, marking, relationship_type="indicates", source_ref=source, target_ref=target)


def who(hub: Hub, name: str) -> Principal:
    found = hub.store.principal(name)
    assert found is not None
    return found[0]


def send(hub: Hub, *objects: dict[str, Any], by: str = "duty", into: str = LIVE) -> None:
    source = who(hub, by)
    root = hub.roots(source)[0]
    done = hub.send(source, root, hub.collection(source, root, into), json.dumps({"objects": objects}).encode(),
                    next(CLOCK))  # fmt: skip
    done.kept.result(60)
    assert done.status.failures == ()


@pytest.fixture(params=KINDS)
def hub(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Hub]:
    learn_all()
    found = made_hub(tmp_path, address(request.param, tmp_path))
    yield found
    found.store.close()


def titles(hub: Hub, name: str = "duty", **asked: Any) -> list[str]:
    return [one.face.title for one in search(hub, who(hub, name), Wanted(**asked)).found]


def test_what_is_looked_for_is_found_the_newest_first(hub: Hub) -> None:
    send(hub, indicator(1), made("malware", 2, name="Kagerou", is_family=True, aliases=["Heat Haze"]))
    send(hub, made("vulnerability", 3, name="給電の脆弱性", external_references=[
        {"source_name": "cve", "external_id": "CVE-2026-41001"}]))  # fmt: skip
    assert titles(hub) == ["給電の脆弱性", "Kagerou", "Beacon 1"]
    assert titles(hub, text="beacon") == titles(hub, text="10.0.0[.]1") == titles(hub, text=oid("indicator", 1))
    assert titles(hub, text="haze heat") == titles(hub, types=("malware",)) == ["Kagerou"]
    assert titles(hub, text="cve-2026-41001") == titles(hub, text="給電") == ["給電の脆弱性"]
    assert titles(hub, text="not there") == titles(hub, tlp="RED") == titles(hub, kind="partner") == []
    assert titles(hub, tlp="GREEN", kind="centre") == titles(hub)
    assert titles(hub, since=search(hub, who(hub, "duty"), Wanted()).found[1].row.seq) == ["給電の脆弱性"]


def test_pages_bring_everything_once(hub: Hub) -> None:
    for k in range(5):
        send(hub, *(indicator(10 * k + i, AMBER if i % 2 else GREEN) for i in range(5)))
    asked, found = Wanted(types=("indicator",)), []
    while True:
        page = search(hub, who(hub, "duty"), asked, limit=4)
        found += [one.row.id for one in page.found]
        if not page.cursor:
            break
        asked = asked._replace(cursor=page.cursor)
    assert len(found) == len(set(found)) == 25
    other = Wanted(types=("malware",), cursor=asked.cursor)
    with pytest.raises(Refused):
        search(hub, who(hub, "duty"), other)
    with pytest.raises(Refused):
        search(hub, who(hub, "boss"), asked)


def test_a_question_goes_only_so_far_and_says_so(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "LOOKED", 3)
    send(hub, *(indicator(k) for k in range(8)))
    page = search(hub, who(hub, "duty"), Wanted(text="10.0.0.0"))
    assert (page.found, page.looked, page.upto > 0) == ((), 3, True)
    for _ in range(2):
        page = search(hub, who(hub, "duty"), Wanted(text="10.0.0.0", cursor=page.cursor))
    assert [one.face.title for one in page.found] == ["Beacon 0"]
    assert (page.cursor, page.upto) == ("", 0)


QUESTIONS = (
    Wanted(), Wanted(text="beacon"), Wanted(text="secret"), Wanted(tlp="RED"), Wanted(types=("relationship",)),
    Wanted(text=oid("indicator", 90)), Wanted(kind="centre"),
)  # fmt: skip


def told(hub: Hub, name: str) -> list[Any]:
    """Return all that search says to somebody, but for places and sealed cursors."""
    principal = who(hub, name)
    found: list[Any] = []
    for asked in QUESTIONS:
        hits = search(hub, principal, asked)
        shown = [(one.row.id, one.face, one.ends, one.tlp, one.source, one.source_kind) for one in hits.found]
        found.append((hits.looked, bool(hits.cursor), hits.upto, shown))
    one = named(hub, principal, oid("indicator", 1))
    found.append([(each.row.id, each.ends) for each in around(hub, principal, one).found])
    return found


def test_what_is_hidden_leaves_no_trace(tmp_path: Path) -> None:
    learn_all()
    said = []
    for secret in (False, True):
        folder = tmp_path / str(secret)
        folder.mkdir()
        hub = made_hub(folder, "")
        send(hub, indicator(1), made("malware", 2, name="Kagerou", is_family=True))
        if secret:
            send(hub, indicator(90, RED, name="secret beacon"), link(91, oid("indicator", 90), oid("malware", 2)))
            send(hub, link(92, oid("indicator", 1), oid("malware", 2), RED))
            send(hub, made("opinion", 93, RED, opinion="agree", object_refs=[oid("indicator", 1)]))
            send(hub, {**indicator(94), "labels": ["exercise"], "name": "secret drill"}, into=DRILL)
        send(hub, link(3, oid("indicator", 1), oid("malware", 2)))
        said.append(told(hub, "grid"))
        if secret:
            assert "secret beacon" in titles(hub)
            with pytest.raises(Refused) as refused:
                named(hub, who(hub, "grid"), oid("indicator", 90))
            assert refused.value.status == 404
        hub.store.close()
    assert said[0] == said[1]


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_hundred_thousand_objects_are_searched_under_a_bound(kind: str, tmp_path: Path) -> None:
    learn_all()
    hub = made_hub(tmp_path, address(kind, tmp_path))
    for start in range(0, 100_000, 10_000):
        send(hub, *(indicator(k, (GREEN, AMBER, RED)[k % 3]) for k in range(start, start + 10_000)))
    principal = who(hub, "duty")
    for asked, count in (
        (Wanted(), 50), (Wanted(text="beacon 99999"), 1), (Wanted(text="nothing at all"), 0), (Wanted(tlp="RED"), 50),
        (Wanted(text=oid("indicator", 5)), 1), (Wanted(types=("malware",)), 0),
    ):  # fmt: skip
        begun = time.process_time()
        hits = search(hub, principal, asked)
        taken = time.process_time() - begun
        print(f"{kind}: {asked.text or asked.tlp or asked.types or 'all'}: {len(hits.found)} in {taken:.3f} s CPU")  # noqa: T201  the figure
        assert len(hits.found) == count
        assert taken < BOUND_S
    hub.store.close()
