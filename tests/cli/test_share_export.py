"""`noroshi share export` and lists in: nothing leaves that its principal does not see; what leaves is entered."""

from __future__ import annotations

import csv
import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from tests.cli.conftest import Command
from tests.web.taxii_world import DECLARED, HIGH, LOW, indicator

from noroshi.desk import credentials
from noroshi.desk.bringing_in import place
from noroshi.desk.hub import open_hub
from noroshi.files import warninglists
from noroshi.settings import load_settings
from noroshi.share.entries import Given, read_entry
from noroshi.store.journal_reading import entries

Run = Callable[..., tuple[int, str, str]]
PATTERNS = {
    1: ("[ipv4-addr:value = '198.51.100.7']", "GREEN"), 2: ("[domain-name:value = 'Evil.example']", "GREEN"),
    3: ("[url:value = 'hxxps://evil.example/a?b']", "CLEAR"), 4: (f"[file:hashes.MD5 = '{'a' * 32}']", "GREEN"),
    5: ("[ipv4-addr:value = '203.0.113.66']", "RED"), 6: ("[domain-name:value = 'secret.example']", "AMBER"),
    7: ("[ipv4-addr:value = '192.0.2.1' OR ipv4-addr:value = '192.0.2.2']", "GREEN"),
    8: ("[ipv4-addr:value = '192.0.2.9' AND network-traffic:dst_port = 5]", "GREEN"), 9: ("[what]", "GREEN"),
    10: ("[ipv4-addr:value = '192.0.2.10']", "GREEN"), 11: ("[ipv4-addr:value = '192.0.2.11']", "GREEN"),
    12: ("[ipv4-addr:value = '192.0.2.12']", "GREEN"), 13: ("[ipv4-addr:value = '192.0.2.13']", "GREEN"),
    14: ("[domain-name:value = 'example.com']", "GREEN"),
}  # fmt: skip
MORE: dict[int, dict[str, Any]] = {
    9: {"pattern_type": "snort"}, 10: {"revoked": True}, 11: {"valid_until": "2026-02-01T00:00:00Z"},
    12: {"valid_from": "2999-01-01T00:00:00Z"}, 13: {"labels": ["PAP:AMBER"]}, 1: {"name": "=1+1"},
}  # fmt: skip


@pytest.fixture
def run(command: Command, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Return a function that runs `noroshi share …` in the world, with the indicators above in a collection."""
    monkeypatch.setenv("NOROSHI_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("NOROSHI_DATABASE", raising=False)
    declared = tmp_path / "declared.toml"
    declared.write_text(DECLARED.replace('sees = "CLEAR"', 'sees = "AMBER"'), encoding="utf-8")
    with patch.multiple(credentials, PASSES=1, MEMORY_KIB=1024):
        command("admin", "apply", declared)
    hub = open_hub(load_settings())
    objects = [
        {**indicator(k, marking=level), "valid_from": "2026-01-01T00:00:00Z", **MORE.get(k, {}), "pattern": text}
        for k, (text, level) in PATTERNS.items()
    ]
    at = place(hub, "duty", HIGH)
    sent = hub.send(*at, json.dumps({"objects": objects}).encode(), 1_780_000_000_000_000)
    sent.kept.result()
    assert not sent.status.failures
    hub.close()
    return lambda *arguments: command("share", *arguments)


def export(run: Run, form: str, *more: object, who: str = "works") -> str:
    code, out, err = run("export", "--as", who, "--collection", HIGH, "--form", form, *more)
    assert code == 0, err
    return out


def values(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


def given() -> list[Given]:
    hub = open_hub(load_settings())
    try:
        found = [read_entry(one) for some in entries(hub.store.ask, "ledger", 0) for one in some]
        return [one for one in found if isinstance(one, Given)]
    finally:
        hub.close()


@pytest.mark.parametrize(("form", "expected"), [
    ("ip", ["192.0.2.1", "192.0.2.2", "198.51.100.7"]), ("domain", ["evil.example", "example.com"]),
    ("url", ["https://evil.example/a?b"]), ("hashes", ["a" * 32]),
])  # fmt: skip
def test_a_list_has_what_its_principal_sees_and_may_use(
    run: Run, tmp_path: Path, form: str, expected: list[str]
) -> None:
    path = tmp_path / "out.txt"
    export(run, form, "--to", path)
    assert values(path) == expected
    head = path.read_text(encoding="utf-8").splitlines()[:4]
    level = "CLEAR" if form == "url" else "GREEN"
    assert (head[0], head[1], head[3]) == (
        f"# High value: {form}",
        f"# marking: TLP:{level}",
        f"# count: {len(expected)}",
    )
    (entry,) = given()
    assert (entry.route, entry.count) == ("export", {"ip": 2, "domain": 2}.get(form, 1))


def test_a_rehearsal_says_what_would_leave_and_why_the_rest_stays(run: Run, tmp_path: Path) -> None:
    said = json.loads(export(run, "ip", "--dry-run", "--json"))
    assert said["written"] is None
    path = tmp_path / "out.txt"
    export(run, "ip", "--to", path)
    assert sorted(row["value"] for row in said["objects"] if row["leaves"]) == values(path)
    assert said["counts"] == {
        "expired": 1, "leaves": 3, "no-single-value": 1, "not-yet": 1, "other-kind": 4, "other-pattern": 1, "pap": 1,
        "revoked": 1,
    }  # fmt: skip
    assert "secret" not in json.dumps(said)
    assert "203.0.113.66" not in json.dumps(said)
    text = export(run, "ip", "--dry-run", "--lang", "ja")
    assert "書き出す予定" in text
    assert "有効期間の前" in text
    assert len(given()) == 1


def test_who_sees_more_gets_more_and_the_strictest_marking_is_told(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    export(run, "ip", "--to", path, who="duty")
    assert "203.0.113.66" in values(path)
    assert "# marking: TLP:RED" in path.read_text(encoding="utf-8")


def test_a_copy_that_is_hidden_changes_nothing(run: Run, tmp_path: Path) -> None:
    path, again = tmp_path / "out.csv", tmp_path / "again.csv"
    export(run, "csv", "--to", path)
    hub = open_hub(load_settings())
    copy = {**indicator(4, marking="GREEN"), "valid_from": "2026-01-01T00:00:00Z", "pattern": PATTERNS[4][0]}
    red = {"type": "grouping", "spec_version": "2.1", "id": f"grouping--{copy['id'][11:]}", "context": "unspecified",
           "created": copy["created"], "modified": copy["modified"], "object_refs": [copy["id"]],
           "object_marking_refs": indicator(1, marking="RED")["object_marking_refs"]}  # fmt: skip
    sent = hub.send(*place(hub, "ally", HIGH), json.dumps({"objects": [red, copy]}).encode(), 1_780_000_000_000_001)
    sent.kept.result()
    hub.close()
    export(run, "csv", "--to", again)
    assert again.read_bytes() == path.read_bytes()
    export(run, "csv", "--to", again, who="duty")  # who sees both is told the stricter one
    assert next(row["marking"] for row in table(again) if row["value"] == "a" * 32) == "TLP:RED"


def test_benign_values_can_be_left_out(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lists" / "some").mkdir(parents=True)
    one = {"name": "Some", "type": "hostname", "list": ["example.com"], "version": 1, "description": ""}
    (tmp_path / "lists" / "some" / "list.json").write_text(json.dumps(one), encoding="utf-8")
    monkeypatch.setattr(warninglists, "shipped_folder", lambda: tmp_path / "lists")
    monkeypatch.setenv("NOROSHI_CACHE_DIR", str(tmp_path / "cache"))
    path = tmp_path / "out.txt"
    export(run, "domain", "--to", path, "--without-benign")
    assert values(path) == ["evil.example"]
    assert json.loads(export(run, "domain", "--dry-run", "--json", "--without-benign"))["counts"]["benign"] == 1


def test_a_csv_has_a_marking_a_row_and_comes_back_as_it_went(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    export(run, "csv", "--to", path, who="duty")
    rows = {row["value"]: row for row in table(path)}
    assert rows["203.0.113.66"]["marking"] == "TLP:RED"
    assert rows["192.0.2.13"]["pap"] == "AMBER"
    assert rows["198.51.100.7"]["name"] == "'=1+1"
    code, _, err = run(
        "import", path, "--kind", "csv", "--source", "Us", "--as", "ally", "--collection", HIGH, "--json"
    )
    assert code == 0, err
    again = tmp_path / "again.csv"
    export(run, "csv", "--to", again, who="duty")
    known = {one["id"] for one in rows.values()}
    back = [row for row in table(again) if row["id"] not in known]
    assert {(row["value"], row["marking"], row["pap"]) for row in back} == {
        (row["value"], row["marking"], row["pap"]) for row in rows.values()
    }


def test_a_feed_goes_out_and_comes_in_with_its_markings(run: Run, tmp_path: Path) -> None:
    if importlib.util.find_spec("misp_stix_converter") is None:
        pytest.skip("misp-stix is not installed")
    folder = tmp_path / "feed"
    export(run, "misp", "--to", folder, who="duty")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    tags = {one["Tag"][0]["name"]: uid for uid, one in manifest.items() if len(one["Tag"]) == 1}
    assert set(tags) == {"tlp:clear", "tlp:green", "tlp:amber", "tlp:red"}
    red = json.loads((folder / f"{tags['tlp:red']}.json").read_text(encoding="utf-8"))["Event"]
    assert [(one["type"], one["value"]) for one in red["Attribute"]] == [("ip-dst", "203.0.113.66")]
    assert {line.split(",")[1] for line in values(folder / "hashes.csv")} == set(manifest)
    code, out, err = run("import", folder, "--as", "ally", "--collection", HIGH, "--json")
    assert code == 0, err
    assert json.loads(out)[0]["failures"] == []
    path = tmp_path / "out.txt"
    export(run, "ip", "--to", path)
    assert "203.0.113.66" not in values(path)
    export(run, "misp", "--to", folder)  # now for somebody who sees less: what is gone is taken away
    assert not (folder / f"{tags['tlp:red']}.json").exists()
    assert len(list(folder.iterdir())) == 2 + len(json.loads((folder / "manifest.json").read_text(encoding="utf-8")))


def test_stix_goes_out_byte_for_byte(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    export(run, "stix", "--to", path)
    bundle = json.loads(path.read_text(encoding="utf-8"))
    assert {one["id"] for one in bundle["objects"]} == {indicator(k)["id"] for k in PATTERNS if k not in {5, 6}}


def test_a_folder_with_other_things_is_left_alone(run: Run, tmp_path: Path) -> None:
    (tmp_path / "feed").mkdir()
    (tmp_path / "feed" / "letter.txt").write_text("mine", encoding="utf-8")
    code, _, err = run("export", "--as", "works", "--collection", HIGH, "--form", "misp", "--to", tmp_path / "feed")
    assert code == 2
    assert "letter.txt" in err
    assert (tmp_path / "feed" / "letter.txt").exists()


def test_who_or_what_is_not_there_is_not_found(run: Run, tmp_path: Path) -> None:
    for who, where in (("ghost", HIGH), ("works", LOW)):
        code, *_ = run("export", "--as", who, "--collection", where, "--form", "ip", "--to", tmp_path / "x")
        assert code == 3
    assert run("export", "--as", "works", "--collection", HIGH, "--form", "ip")[0] == 2
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize(("text", "kind", "line", "found"), [
    ("198.51.100.7\nnot a value\n", "list", 2, "not a value"), ("# x\n\n999.1.1.1\n", "list", 3, "999.1.1.1"),
    ("value,type\n198.51.100.7,ipv4\nevil,sha256\n", "csv", 3, "evil"),
    ("value,type\nx.example,frob\n", "csv", 2, "x.example"),
    ("value,marking\nx.example,TLP:PINK\n", "csv", 2, "TLP:PINK"), ("value,name\nx.example\n", "csv", 2, "1 cells"),
    ("# marking: secret\nx.example\n", "list", None, "secret"), ("name,size\na,b\n", "csv", 1, "name, size"),
    ("", "list", None, "no value"), ("# communities: (nobody)\nx.example\n", "list", None, "(nobody)"),
])  # fmt: skip
def test_a_bad_line_is_named_and_nothing_goes_in(
    run: Run, tmp_path: Path, text: str, kind: str, line: int | None, found: str
) -> None:
    path = tmp_path / "in.txt"
    path.write_text(text, encoding="utf-8")
    code, out, err = run("import", path, "--kind", kind, "--source", "Us", "--as", "ally", "--collection", HIGH)
    assert (code, out) == (2, "")
    assert (f"in.txt:{line}" if line else "in.txt") in err
    assert found in err
    assert export(run, "csv", "--dry-run", who="duty").count("would leave") == 10


@pytest.mark.parametrize(("head", "marking", "seen"), [
    ("", "GREEN", True), ("", None, True), ("", "AMBER", False), ("# marking: TLP:RED\n", "GREEN", False),
    ("# communities: jp-us\n", "GREEN", False), ("# marking: CLEAR\n", "AMBER", False),
])  # fmt: skip
def test_a_list_comes_in_with_the_strictest_marking_and_once(
    run: Run, tmp_path: Path, head: str, marking: str | None, seen: bool
) -> None:
    path = tmp_path / "in.txt"
    path.write_text(head + "# from somewhere\nnew[.]example  # seen\n2001:db8::1\n10.9.0.0/16\n", encoding="utf-8")
    asked = ("import", path, "--kind", "list", "--source", "Us", "--as", "ally", "--collection", HIGH, "--json",
             *(("--marking", marking) if marking else ()))  # fmt: skip
    code, out, err = run(*asked)
    assert code == 0, err
    assert json.loads(out)[0]["failures"] == []
    told = export(run, "csv", "--dry-run")
    assert ("new.example" in told) is seen  # unmarked takes the collection's default, which is CLEAR
    everything = export(run, "csv", "--dry-run", who="duty")
    assert all(value in everything for value in ("new.example", "2001:db8::1", "10.9.0.0/16"))
    run(*asked)
    assert export(run, "csv", "--dry-run", who="duty") == everything


@pytest.mark.parametrize("manifest", [
    "", "[]", "{}", '{"../../etc/passwd": {}}', '{"a6ef17d6-91cb-4a05-b10b-2f045daf874c": {}}',
])  # fmt: skip
def test_a_feed_at_fault_is_named(run: Run, tmp_path: Path, manifest: str) -> None:
    (tmp_path / "feed").mkdir()
    (tmp_path / "feed" / "manifest.json").write_text(manifest, encoding="utf-8")
    code, _, err = run("import", tmp_path / "feed", "--as", "ally", "--collection", HIGH)
    assert code == 2
    assert "manifest.json" in err
