"""`noroshi share import`: files of others through the same door; a RED event from MISP leaks nothing."""

from __future__ import annotations

import gzip
import importlib.util
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.cli.conftest import Command
from tests.files.csaf_samples import advisory, changed
from tests.web.taxii_world import BASE, DECLARED, DROP, HIGH, WORKS, basic, indicator
from tests.web.test_leaks import answers

from noroshi.desk.hub import open_hub
from noroshi.settings import load_settings

Run = Callable[..., tuple[int, str, str]]


def event(*tags: str) -> dict[str, Any]:
    """Return a MISP event of six attributes with these tags."""
    kinds = [
        ("ip-dst", "198.51.100.7"), ("domain", "evil.example"), ("url", "http://evil.example/x"),
        ("md5", "d41d8cd98f00b204e9800998ecf8427e"), ("email-src", "a@evil.example"), ("hostname", "c2.evil.example"),
    ]  # fmt: skip
    return {"Event": {
        "uuid": "a6ef17d6-91cb-4a05-b10b-2f045daf874c", "info": "An event", "date": "2026-01-01", "published": True,
        "timestamp": "1767225600", "threat_level_id": "1", "analysis": "2",
        "Orgc": {"name": "Somebody", "uuid": "55f6ea5e-2c60-40e5-964f-47a8950d210f"},
        "Tag": [{"name": tag} for tag in tags],
        "Attribute": [
            {"uuid": f"b6ef17d6-91cb-4a05-b10b-2f045daf875{k}", "type": kind, "value": value, "to_ids": k % 2 == 0,
             "category": "Network activity" if kind != "md5" else "Payload delivery", "timestamp": "1767225600"}
            for k, (kind, value) in enumerate(kinds)
        ],
    }}  # fmt: skip


KEV = {"catalogVersion": "2026.01.01", "dateReleased": "2026-01-01T00:00:00Z", "count": 2, "vulnerabilities": [
    {"cveID": "CVE-2026-10001", "vendorProject": "Made", "product": "Up", "vulnerabilityName": "Made Up flaw",
     "dateAdded": "2026-01-01", "dueDate": "2026-01-21", "shortDescription": "It is made up."},
    {"cveID": "CVE-2026-10002", "vendorProject": "Made", "product": "Down", "dateAdded": "2026-01-01"},
]}  # fmt: skip


@pytest.fixture
def run(command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Return a function that imports values or bytes as files, after the world has been declared."""
    monkeypatch.setenv("NOROSHI_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("NOROSHI_DATABASE", raising=False)
    declared = tmp_path / "declared.toml"
    declared.write_text(DECLARED, encoding="utf-8")
    command("admin", "apply", declared)

    def call(value: object, *more: str, who: str = "duty", collection: str = HIGH) -> tuple[int, str, str]:
        path = tmp_path / "in.json"
        path.write_bytes(value if isinstance(value, bytes) else json.dumps(value).encode())
        return command("share", "import", path, "--collection", collection, "--as", who, "--json", *more)

    return call


def seen(who: dict[str, str]) -> list[dict[str, Any]]:
    """Return what somebody sees of the collection."""
    hub = open_hub(load_settings())
    try:
        path = f"{BASE}/objects/"
        found: list[dict[str, Any]] = json.loads(answers(hub, who, [path])[path][2]).get("objects", [])
        return found
    finally:
        hub.store.close()


@pytest.mark.parametrize(("tags", "shown"), [
    (("tlp:red",), False), (("tlp:amber",), False), (("tlp:amber+strict",), False), (("tlp:green",), True),
    (("tlp:clear",), True),
])  # fmt: skip
def test_an_event_s_tlp_binds_all_of_its_parts(run: Run, tags: tuple[str, ...], shown: bool) -> None:
    if importlib.util.find_spec("misp_stix_converter") is None:  # a plain import would leave its finders behind
        pytest.skip("misp-stix is not installed")
    code, out, err = run(event(*tags))
    assert code == 0, err
    assert all(hasattr(finder, "find_spec") for finder in sys.meta_path)
    (told,) = json.loads(out)
    assert told["kind"] == "misp"
    assert told["failures"] == []
    everything = seen(basic("duty"))
    assert len(everything) >= 12
    patterns = [one["id"] for one in everything if one["type"] in {"indicator", "observed-data", "ipv4-addr", "url"}]
    assert patterns
    mine = {one["id"] for one in seen(WORKS)}
    assert mine.issuperset(patterns) if shown else not mine.intersection(patterns)
    if not shown:
        assert {one["type"] for one in seen(WORKS)} <= {"marking-definition", "identity"}


def test_known_exploited_vulnerabilities_come_in_once(run: Run) -> None:
    assert json.loads(run(KEV)[1])[0]["kept"] == 2
    first = seen(WORKS)
    run(KEV)
    assert seen(WORKS) == first
    assert {one["name"] for one in first} == {"CVE-2026-10001", "CVE-2026-10002"}


def test_a_bundle_is_kept_as_it_came_packed_or_not(run: Run) -> None:
    bundle = {"type": "bundle", "id": "bundle--00000000-0000-4000-8000-000000000001",
              "objects": [indicator(1, marking="GREEN"), {**indicator(2), "pattern": 5}]}  # fmt: skip
    (told,) = json.loads(run(gzip.compress(json.dumps(bundle, indent=2).encode()))[1])
    assert (told["kind"], told["kept"], len(told["failures"])) == ("stix", 1, 1)
    assert "pattern" in told["failures"][0]["message"]
    assert seen(WORKS) == [indicator(1, marking="GREEN")]


@pytest.mark.parametrize("value", [
    b"", b"not json", b"[1,2]", b'{"a":1}', b"\xff\xfe", b"\x1f\x8b\x08broken", b"[" * 100_000,
    {"catalogVersion": "1", "vulnerabilities": [{"cveID": "x"}]},
])  # fmt: skip
def test_a_file_at_fault_is_named_and_nothing_goes_in(run: Run, value: object) -> None:
    code, out, err = run(value)
    assert code == 2
    assert not out
    assert "in.json" in err
    assert "Traceback" not in err
    assert seen(basic("duty")) == []


def test_who_may_not_write_is_not_found(run: Run) -> None:
    assert run(KEV, who="ghost")[0] == 3
    assert run(KEV, who="works")[0] == 3
    assert run(KEV, who="works", collection=DROP)[0] == 0


def test_an_advisory_comes_in_once_and_for_those_whom_its_label_admits(run: Run) -> None:
    (told,) = json.loads(run(advisory("AMBER"))[1])
    assert (told["kind"], told["failures"]) == ("csaf", [])
    assert {one["type"] for one in seen(WORKS)} == set()
    everything = seen(basic("duty"))
    assert len(everything) == told["kept"] == 12
    run(advisory("AMBER"))
    assert seen(basic("duty")) == everything


def test_a_red_advisory_does_not_hide_the_product_of_a_green_one(run: Run, tmp_path: Path) -> None:
    second = tmp_path / "second.json"
    second.write_text(json.dumps(changed("/document/tracking/id", "KG-2026-002")), encoding="utf-8")
    assert run(advisory("RED"), str(second))[0] == 0  # in one import, at one time
    types = [one["type"] for one in seen(WORKS)]
    assert {kind: types.count(kind) for kind in set(types)} == {
        "report": 1, "identity": 1, "software": 3, "vulnerability": 2, "relationship": 5
    }  # fmt: skip
