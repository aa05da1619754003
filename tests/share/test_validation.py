"""Full validation: every type, what each property may be, genuine objects, and the standard's own parser beside it."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.share.stix_samples import DATED, OLD_SAMPLES, SAMPLES, SHA256, TOOL, UUID, ref

from noroshi.share.headers import Header, header
from noroshi.share.reading import Parcel, split
from noroshi.share.reasons import Reason
from noroshi.share.stix_extensions import EXTENSIONS
from noroshi.share.validation import STANDARD, Read, read, validate

EARLY, LATE = "2023-01-01T00:00:00Z", "2025-01-01T00:00:00Z"
RED = "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed"
REQUIRED = {
    kind: sorted(field.name for field in msgspec.structs.fields(shape) if field.required)
    for kind, shape in STANDARD.items()
}
OLD_KINDS = {
    "attack-pattern", "campaign", "course-of-action", "identity", "indicator", "intrusion-set", "malware",
    "observed-data", "report", "threat-actor", "tool", "vulnerability", "relationship", "sighting",
    "marking-definition",
}  # fmt: skip
"""The types that STIX 2.0 has too."""


def changed(kind: str, **more: Any) -> dict[str, Any]:
    """The sample of the kind with other properties; None takes one out."""
    return {name: one for name, one in (SAMPLES[kind] | more).items() if one is not None}


def test_there_is_a_sample_of_every_type() -> None:
    assert SAMPLES.keys() == STANDARD.keys()
    assert len(STANDARD) == 19 + 2 + 18 + 3


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_sample_is_accepted_with_the_header_that_stands_alone(kind: str) -> None:
    raw = json.dumps(SAMPLES[kind]).encode()
    found = read(raw)
    assert isinstance(found, Read), found
    assert found.header == header(SAMPLES[kind])
    assert found.value == SAMPLES[kind]
    assert found.warnings == ()


@pytest.mark.parametrize("kind", SAMPLES)
def test_the_standard_s_own_parser_accepts_the_samples_too(kind: str) -> None:
    stix2 = pytest.importorskip("stix2", reason="needs stix2, of the test extra")
    assert stix2.parse(SAMPLES[kind], version="2.1")["id"] == SAMPLES[kind]["id"]


@pytest.mark.parametrize(("kind", "place"), [(k, p) for k, places in REQUIRED.items() for p in places])
def test_what_is_required_is_missed(kind: str, place: str) -> None:
    found = validate(changed(kind, **{place: None}))
    if place == "spec_version" and isinstance(found, Read):
        assert kind in OLD_KINDS
        assert found.header.spec_version == "2.0"
        return
    assert isinstance(found, Reason)
    if place != "spec_version" or kind not in OLD_KINDS:  # without it, these are objects of 2.0 that lack something
        assert (found.code, found.place) == ("missing", place)


@pytest.mark.parametrize("kind", SAMPLES)
def test_every_property_has_its_type(kind: str) -> None:
    for place, value in SAMPLES[kind].items():
        if place == "definition":
            continue
        others: list[Any] = [{"a": {}}, [[]], None, 1.5, True]
        for wrong in others:
            if type(wrong) is type(value) or (place in {"latitude", "longitude", "precision"} and wrong == 1.5):
                continue
            assert isinstance(validate(SAMPLES[kind] | {place: wrong}), Reason), (place, wrong)


@pytest.mark.parametrize("kind", SAMPLES)
def test_lists_and_dictionaries_may_not_be_empty(kind: str) -> None:
    for place, value in SAMPLES[kind].items():
        if isinstance(value, list | dict):
            found = validate(SAMPLES[kind] | {place: type(value)()})
            assert isinstance(found, Reason)
            assert found.place == place
            assert found.code in {"empty-list", "empty-dictionary", "wrong-type"}


@pytest.mark.parametrize("kind", SAMPLES)
def test_references_and_times_are_what_they_are_called(kind: str) -> None:
    for place, value in SAMPLES[kind].items():
        if place.endswith("_ref"):
            for wrong in ("", "x", "bundle--" + UUID, value + "\n", value[:-1]):
                assert (
                    validate(changed(kind, **{place: wrong})) == Reason("bad-ref", place) or place == "created_by_ref"
                )
                assert isinstance(validate(changed(kind, **{place: wrong})), Reason)
        elif place.endswith("_refs"):
            found = validate(changed(kind, **{place: [*value, "bundle--" + UUID]}))
            assert isinstance(found, Reason)
            assert found.code == "bad-ref"
        elif isinstance(value, str) and value[:4] == "2024":
            for wrong in ("", "2024-02-30T00:00:00Z", "2024-01-01", "2024-01-01T00:00:00+00:00"):
                found = validate(changed(kind, **{place: wrong}))
                assert isinstance(found, Reason)
                assert (found.code, found.place) == ("bad-timestamp", place)


WRONG: list[tuple[str, dict[str, Any], str, str]] = [
    ("tool", {"modified": EARLY}, "wrong-order", "modified"),
    ("campaign", {"first_seen": LATE}, "wrong-order", "last_seen"),
    ("indicator", {"valid_until": "2024-01-01T00:00:00.000Z"}, "wrong-order", "valid_until"),
    ("relationship", {"stop_time": "2024-01-01T00:00:00.0Z"}, "wrong-order", "stop_time"),
    ("observed-data", {"first_observed": LATE}, "wrong-order", "last_observed"),
    ("sighting", {"last_seen": EARLY}, "wrong-order", "last_seen"),
    ("network-traffic", {"end": EARLY}, "wrong-order", "end"),
    ("tool", {"created_by_ref": TOOL}, "bad-ref", "created_by_ref"),
    ("tool", {"object_marking_refs": [TOOL]}, "bad-ref", "object_marking_refs"),
    ("relationship", {"source_ref": ref("relationship")}, "bad-ref", "source_ref"),
    ("relationship", {"target_ref": RED}, "bad-ref", "target_ref"),
    ("sighting", {"sighting_of_ref": ref("sighting")}, "bad-ref", "sighting_of_ref"),
    ("observed-data", {"object_refs": [TOOL]}, "bad-ref", "object_refs[0]"),
    ("malware-analysis", {"analysis_sco_refs": [TOOL]}, "bad-ref", "analysis_sco_refs[0]"),
    ("file", {"contains_refs": [TOOL]}, "bad-ref", "contains_refs[0]"),
    ("ipv4-addr", {"resolves_to_refs": [ref("domain-name")]}, "bad-ref", "resolves_to_refs[0]"),
    ("tool", {"confidence": 101}, "out-of-range", "confidence"),
    ("tool", {"confidence": -1}, "out-of-range", "confidence"),
    ("sighting", {"count": 10**9}, "out-of-range", "count"),
    ("observed-data", {"number_observed": 0}, "out-of-range", "number_observed"),
    ("location", {"latitude": 90.1}, "out-of-range", "latitude"),
    ("location", {"longitude": -181}, "out-of-range", "longitude"),
    ("network-traffic", {"dst_port": 65536}, "out-of-range", "dst_port"),
    ("file", {"size": -1}, "out-of-range", "size"),
    ("autonomous-system", {"number": 2**53}, "out-of-range", "number"),
    ("autonomous-system", {"number": 10**30}, "out-of-range", "number"),
    ("opinion", {"opinion": "maybe"}, "bad-choice", "opinion"),
    ("artifact", {"encryption_algorithm": "ROT13"}, "bad-choice", "encryption_algorithm"),
    ("artifact", {"encryption_algorithm": ""}, "bad-choice", "encryption_algorithm"),
    ("extension-definition", {"extension_types": ["new-thing"]}, "bad-choice", "extension_types[0]"),
    ("windows-registry-key", {"values": [{"data_type": "REG_X"}]}, "bad-choice", "values[0].data_type"),
    ("tool", {"external_references": [{"source_name": "a"}]}, "one-of", "external_references[0]"),
    ("tool", {"external_references": [{"url": "a"}]}, "missing", "external_references[0].source_name"),
    (
        "tool", {"external_references": [{"source_name": "a", "url": "b", "hashes": {"MD5": "0"}}]},
        "bad-hash", "external_references[0].hashes.MD5",
    ),
    ("tool", {"kill_chain_phases": [{"phase_name": "a"}]}, "missing", "kill_chain_phases[0].kill_chain_name"),
    ("file", {"hashes": {"SHA-256": "x" * 64}}, "bad-hash", "hashes.SHA-256"),
    ("file", {"hashes": {"SHA-256": SHA256[:-1]}}, "bad-hash", "hashes.SHA-256"),
    ("file", {"hashes": {"ab": "x"}}, "bad-key", "hashes.ab"),
    ("file", {"hashes": {"SHA 256": "x"}}, "bad-key", "hashes.SHA 256"),
    ("file", {"hashes": {"MD5": 7}}, "wrong-type", "hashes[...]"),
    ("file", {"hashes": None, "name": None}, "one-of", ""),
    ("file", {"magic_number_hex": "0"}, "not-encoded", "magic_number_hex"),
    ("file", {"magic_number_hex": "FF"}, "not-encoded", "magic_number_hex"),
    ("mac-addr", {"value": "D2:FB:49:24:37:18"}, "not-encoded", "value"),
    ("mac-addr", {"value": "d2-fb-49-24-37-18"}, "not-encoded", "value"),
    ("ipv4-addr", {"value": "198.51.100.256"}, "wrong-type", "value"),
    ("ipv4-addr", {"value": "2001:db8::1"}, "wrong-type", "value"),
    ("ipv6-addr", {"value": "198.51.100.1"}, "wrong-type", "value"),
    ("artifact", {"payload_bin": "a"}, "not-encoded", "payload_bin"),
    ("artifact", {"payload_bin": "=aaa"}, "not-encoded", "payload_bin"),
    ("artifact", {"url": "a"}, "not-together", "payload_bin"),
    ("artifact", {"payload_bin": None}, "one-of", "payload_bin"),
    ("artifact", {"payload_bin": None, "url": "a"}, "needs", "url"),
    ("artifact", {"decryption_key": "a"}, "needs", "decryption_key"),
    ("email-message", {"body": "a"}, "not-together", "body"),
    ("email-message", {"is_multipart": False}, "not-together", "body_multipart"),
    ("email-message", {"body_multipart": [{"content_type": "a"}]}, "one-of", "body_multipart[0]"),
    ("network-traffic", {"src_ref": None}, "one-of", ""),
    ("network-traffic", {"end": LATE, "is_active": True}, "not-together", "end"),
    ("process", {"pid": None, "extensions": None}, "one-of", ""),
    ("user-account", {"user_id": None, "extensions": None}, "one-of", ""),
    ("windows-registry-key", {"key": None, "values": None}, "one-of", ""),
    ("x509-certificate", {"issuer": None, "validity_not_before": None}, "one-of", ""),
    ("location", {"latitude": None, "longitude": None, "precision": None}, "one-of", ""),
    ("location", {"longitude": None}, "needs", "latitude"),
    ("location", {"latitude": None, "longitude": None, "country": "jp"}, "needs", "precision"),
    ("malware", {"name": None}, "missing", "name"),
    ("malware-analysis", {"result": None}, "one-of", ""),
    ("observed-data", {"objects": {"0": {"type": "url"}}}, "not-together", "objects"),
    ("observed-data", {"object_refs": None}, "one-of", "objects"),
    ("observed-data", {"object_refs": None, "objects": {"0": {"value": "a"}}}, "missing", "objects.0.type"),
    ("indicator", {"pattern": "url"}, "wrong-type", "pattern"),
    ("indicator", {"pattern": ""}, "wrong-type", "pattern"),
    ("marking-definition", {"definition": None}, "one-of", ""),
    ("marking-definition", {"definition": "TLP"}, "wrong-type", "definition"),
    ("tool", {"granular_markings": [{"selectors": ["name"]}]}, "one-of", "granular_markings[0]"),
    (
        "tool", {"granular_markings": [{"selectors": ["name"], "marking_ref": RED, "lang": "ja"}]},
        "not-together", "granular_markings[0]",
    ),
    (
        "tool", {"granular_markings": [{"selectors": ["name"], "marking_ref": TOOL}]},
        "bad-ref", "granular_markings[0].marking_ref",
    ),
    *(
        (
            "tool", {"granular_markings": [{"selectors": [selector], "marking_ref": RED}]},
            "bad-selector", "granular_markings[0].selectors",
        )
        for selector in ("nothing", "aliases.[1]", "aliases.b", "name.[0]", "aliases[0]", "", "name.", "Name", "a..b")
    ),
    ("tool", {"extensions": {"tool--x": {"a": 1}}}, "bad-extension", "extensions.tool--x"),
    ("tool", {"extensions": {"x-ext": {}}}, "empty-dictionary", "extensions[...]"),
    ("tool", {"extensions": {"x ext": {"a": 1}}}, "bad-key", "extensions.x ext"),
    (
        "tool", {"extensions": {ref("extension-definition"): {"extension_type": "new"}}},
        "bad-choice", f"extensions.{ref('extension-definition')}.extension_type",
    ),
    ("file", {"extensions": {"archive-ext": {"comment": "a"}}}, "missing", "extensions.archive-ext.contains_refs"),
    ("tool", {"Custom": 1}, "bad-key", "Custom"),
    ("tool", {"x-own": 1}, "bad-key", "x-own"),
    ("tool", {"spec_version": "2.2"}, "bad-choice", "spec_version"),
    ("url", {"spec_version": "2.0"}, "bad-choice", "spec_version"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "more", "code", "place"), WRONG)
def test_what_is_not_allowed(kind: str, more: dict[str, Any], code: str, place: str) -> None:
    found = validate(changed(kind, **more))
    assert isinstance(found, Reason)
    assert (found.code, found.place) == (code, place)
    assert found.line() != found.line("ja")


RIGHT: list[tuple[str, dict[str, Any]]] = [
    ("tool", {"x_own": {"Any": [[], None, 1.5]}, "labels": ["a"], "lang": "ja", "revoked": False}),
    ("tool", {"granular_markings": [{"selectors": ["aliases.[0]", "name"], "marking_ref": RED}]}),
    (
        "tool",
        {"granular_markings": [{"selectors": ["x_own.a_b.[1].c"], "lang": "ja"}], "x_own": {"a_b": [1, {"c": 2}]}},
    ),
    ("tool", {"extensions": {ref("extension-definition"): {"extension_type": "property-extension", "rank": 5}}}),
    ("tool", {"extensions": {ref("extension-definition"): {"rank": 5}, "x-old-ext": {"a": 1}}}),
    ("url", {"spec_version": None, "defanged": True}),
    ("ipv4-addr", {"value": "198[.]51[.]100[.]1", "defanged": True}),
    ("file", {"hashes": {"SSDEEP": "3:a:b", "x_own_hash": "?"}}),
    ("relationship", {"source_ref": ref("x-own"), "target_ref": ref("url")}),
    ("report", {"object_refs": [ref("x-own"), ref("relationship"), ref("marking-definition")]}),
    ("malware", {"is_family": False, "name": None}),
    ("campaign", {"last_seen": "2024-01-01T00:00:00.000Z"}),
    ("tool", {"modified": DATED["created"]}),
    ("location", {"latitude": None, "longitude": None, "precision": None, "country": "jp"}),
    ("marking-definition", {"definition": None, "definition_type": None, "extensions": {"x-ext": {"a": 1}}}),
    ("indicator", {"pattern": "alert tcp", "pattern_type": "snort"}),
    ("artifact", {"payload_bin": None, "url": "https://example.com/", "hashes": {"SHA-256": SHA256}}),
]


@pytest.mark.parametrize(("kind", "more"), RIGHT)
def test_what_is_allowed(kind: str, more: dict[str, Any]) -> None:
    found = validate(changed(kind, **more))
    assert isinstance(found, Read), found


def test_custom_types_have_their_common_properties_checked() -> None:
    own = {"type": "x-own", "id": ref("x-own"), **DATED, "anything": [[]]}
    assert isinstance(validate(own), Read)
    assert validate(own | {"created_by_ref": TOOL}) == Reason("bad-ref", "created_by_ref", TOOL)
    observable = {"type": "x-sco", "id": ref("x-sco"), "value": "a"}
    assert isinstance(validate(observable), Read)
    assert isinstance(validate({"type": 7}), Reason)
    assert isinstance(validate({}), Reason)


def test_what_the_field_does_against_the_standard_is_a_warning() -> None:
    incident = validate(changed("incident", severity="high"))
    assert isinstance(incident, Read)
    assert incident.warnings == (Reason("reserved", "severity"),)
    process = validate(changed("process", environment_variables={"ProgramFiles(x86)": "C:\\"}))
    assert isinstance(process, Read)
    assert [warning.code for warning in process.warnings] == ["bad-key"]


@pytest.mark.parametrize("kind", OLD_SAMPLES)
def test_objects_of_2_0_are_accepted_by_their_own_rules(kind: str) -> None:
    old = OLD_SAMPLES[kind]
    found = validate(old)
    assert isinstance(found, Read), found
    assert found.header.spec_version == "2.0"
    for place in old.keys() - {"type", "id", "created"}:
        assert validate({name: one for name, one in old.items() if name != place}) == Reason("missing", place)
    assert isinstance(validate(old | {"modified": EARLY}), Reason)


def test_predefined_extensions_belong_to_their_types() -> None:
    assert {kind: len(held) for kind, held in EXTENSIONS.items()} == {
        "file": 5, "network-traffic": 4, "process": 2, "user-account": 1,
    }  # fmt: skip


RELEASES = ["8.2", "9.0", "10.1", "11.3", "12.1", "13.1", "14.1"]


@pytest.mark.parametrize(
    "name", [*(f"attack/enterprise-attack-v{release}.json.gz" for release in RELEASES), "stix/ics-attack.json.gz"]
)
def test_every_object_of_attack_is_accepted_without_a_warning(shared: Path, name: str) -> None:
    path = shared / "data" / name
    if not path.is_file():
        pytest.skip(f"needs {path}")
    parcel = split(gzip.decompress(path.read_bytes()), most=100_000)
    assert isinstance(parcel, Parcel)
    assert len(parcel.objects) > 1000
    for raw in parcel.objects:
        found = read(raw)
        assert isinstance(found, Read), (found, raw[:300])
        assert isinstance(found.header, Header)
        assert found.warnings == ()
