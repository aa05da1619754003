"""CSAF 2.0 advisories: every object is STIX as the hub takes it, statuses told apart, every fault with its pointer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.files.csaf_samples import PROFILES, advisory, changed

from noroshi.errors import InputError
from noroshi.files.csaf import csaf_objects
from noroshi.files.objects_in import read_objects
from noroshi.share.markings import TLP_2, Tlp
from noroshi.share.reasons import Reason
from noroshi.share.validation import read


def made(value: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in csaf_objects("a.json", value)}


def of_type(found: dict[str, dict[str, Any]], kind: str) -> list[dict[str, Any]]:
    return [one for one in found.values() if one["type"] == kind]


@pytest.mark.parametrize("category", PROFILES)
def test_every_object_of_every_profile_is_stix(category: str) -> None:
    found = made(advisory(category=category))
    for one in found.values():
        assert not isinstance(said := read(json.dumps(one).encode()), Reason), (one, said)
    (report,) = of_type(found, "report")
    assert category in report["labels"]
    assert set(report["object_refs"]) == {one["id"] for one in of_type(found, "vulnerability")}
    assert (report["created"], report["name"]) == ("2026-03-01T00:00:00.000Z", "Flaws in Kagari Gateway")
    assert {one["external_id"] for one in report["external_references"] if "external_id" in one} == {
        "KG-2026-001",
        "KGSA-1",
    }


def test_an_advisory_without_vulnerabilities_is_a_report_of_its_publisher() -> None:
    found = made({"document": advisory(category="csaf_informational_advisory")["document"]})
    assert sorted(one["type"] for one in found.values()) == ["identity", "report"]
    (report,) = of_type(found, "report")
    assert report["object_refs"] == [report["created_by_ref"]]
    assert not isinstance(read(json.dumps(report).encode()), Reason)


def test_statuses_are_told_apart() -> None:
    found = made(advisory())
    told = {
        (found[one["source_ref"]]["name"][-3:], one["relationship_type"], found[one["target_ref"]]["name"],
         one["x_noroshi_csaf_status"])
        for one in of_type(found, "relationship")
    }  # fmt: skip
    assert told == {
        ("4.1", "has", "CVE-2026-20001", "known_affected"), ("4.2", "has-fixed", "CVE-2026-20001", "fixed"),
        ("3.9", "may-have", "CVE-2026-20001", "under_investigation"),
        ("4.2", "not-affected-by", "KB-77", "known_not_affected"), ("3.9", "has", "KB-77", "first_affected"),
    }  # fmt: skip
    (flaw,) = (one for one in of_type(found, "vulnerability") if one["name"].startswith("CVE"))
    (score,) = flaw["x_noroshi_cvss_v3"]
    assert (score["score"], score["severity"], found[score["products"][0]]["version"]) == (9.8, "CRITICAL", "4.1")
    assert {"source_name": "cve", "external_id": "CVE-2026-20001"} in flaw["external_references"]
    assert flaw["x_noroshi_remediations"] == [{"category": "vendor_fix", "details": "Go to 4.2"}]


def test_products_have_the_ids_that_the_standard_gives_them() -> None:
    products = {one["name"]: one for one in of_type(made(advisory()), "software")}
    stix2 = pytest.importorskip("stix2")
    for one in products.values():
        plain = {key: one[key] for key in ("name", "cpe", "vendor", "version") if key in one}
        assert one["id"] == stix2.v21.Software(**plain).id
    assert products["Kagari Works Gateway 4.1"]["x_noroshi_purl"] == "pkg:generic/kagari/gateway@4.1"
    assert products["Kagari Works Gateway 3.9"]["x_noroshi_cpe_2_2"] == "cpe:/a:kagari:gateway:3.9"


@pytest.mark.parametrize(
    ("label", "level"), [("WHITE", "CLEAR"), ("GREEN", "GREEN"), ("AMBER", "AMBER"), ("RED", "RED")]
)
def test_everything_carries_the_label(label: str, level: str) -> None:
    asked = Tlp.named(level)
    for one in made(advisory(label)).values():
        assert [TLP_2[ref] for ref in one["object_marking_refs"]] == [asked]


def test_what_is_unmarked_stays_unmarked() -> None:
    assert all("object_marking_refs" not in one for one in made(advisory(None)).values())


def test_the_same_document_gives_the_same_objects_and_a_revision_new_versions() -> None:
    first = made(advisory())
    assert made(advisory()) == first
    later = advisory()
    tracking = later["document"]["tracking"]
    tracking.update(version="2", current_release_date="2026-04-01T00:00:00.1234Z",
                    revision_history=[*tracking["revision_history"], {"number": "2"}])  # fmt: skip
    later["vulnerabilities"][0]["product_status"] = {"fixed": ["G41", "G42"], "under_investigation": ["G39"]}
    second = made(later)
    for kind in ("report", "vulnerability"):
        assert {one["id"] for one in of_type(first, kind)} == {one["id"] for one in of_type(second, kind)}
        assert {one["modified"] for one in of_type(second, kind)} == {"2026-04-01T00:00:00.123Z"}
        assert {one["created"] for one in of_type(second, kind)} == {"2026-03-01T00:00:00.000Z"}
    for one in of_type(first, "software") + of_type(first, "identity"):
        assert second[one["id"]] == one
    had = next(one for one in of_type(first, "relationship")
               if one["relationship_type"] == "has" and first[one["source_ref"]]["version"] == "4.1")  # fmt: skip
    assert second[had["id"]]["revoked"] is True
    stands = {(one["source_ref"], one["relationship_type"]) for one in of_type(second, "relationship")
              if one["target_ref"] == had["target_ref"] and not one.get("revoked")}  # fmt: skip
    assert (had["source_ref"], "has-fixed") in stands
    assert len(stands) == 3


@pytest.mark.parametrize(("pointer", "value", "told"), [
    ("/document/title", None, "/document/title"),
    ("/document/title", "  ", "/document/title"),
    ("/document/csaf_version", "1.2", "/document/csaf_version"),
    ("/document/tracking/id", 7, "/document/tracking/id"),
    ("/document/tracking/status", "maybe", "/document/tracking/status"),
    ("/document/tracking/status", [], "/document/tracking/status"),
    ("/document/tracking/current_release_date", "2026-03-01", "/document/tracking/current_release_date"),
    ("/document/tracking/current_release_date", "2026-03-01T10:00:00", "/document/tracking/current_release_date"),
    ("/document/tracking/current_release_date", "2025-03-01T10:00:00Z", "/document/tracking/current_release_date"),
    ("/document/distribution/tlp/label", "PINK", "/document/distribution/tlp/label"),
    ("/document/distribution/tlp/label", None, "/document/distribution/tlp/label"),
    ("/document/distribution/tlp/label", ["RED"], "/document/distribution/tlp/label"),
    ("/document/publisher", [], "/document/publisher"),
    ("/document/notes/0/text", 5, "/document/notes/0/text"),
    ("/vulnerabilities", {}, "/vulnerabilities"),
    ("/vulnerabilities/1", "x", "/vulnerabilities/1"),
    ("/vulnerabilities/0/scores/0/cvss_v3/baseScore", 11, "/vulnerabilities/0/scores/0/cvss_v3/baseScore"),
    ("/vulnerabilities/0/scores/0/cvss_v3/baseScore", True, "/vulnerabilities/0/scores/0/cvss_v3/baseScore"),
    ("/vulnerabilities/0/product_status/fixed", ["G99"], "/vulnerabilities/0/product_status/fixed/0"),
    ("/vulnerabilities/0/product_status/fixed", ["G41"], "/vulnerabilities/0/product_status/fixed"),
    ("/vulnerabilities/0/product_status", [], "/vulnerabilities/0/product_status"),
    ("/product_tree", [], "/product_tree"),
    ("/product_tree/branches", 5, "/product_tree/branches"),
    ("/product_tree/branches/0/category", None, "/product_tree/branches/0"),
    ("/product_tree/branches/0/branches/0/branches/0/product", {"name": "x"},
     "/product_tree/branches/0/branches/0/branches/0/product"),
    ("/product_tree/branches/0/branches/0/branches/1/product/product_id", "G41",
     "/product_tree/branches/0/branches/0/branches/1/product/product_id"),
    ("/product_tree/branches/0/branches/0/branches/0/product/product_identification_helper/cpe", 5,
     "/product_tree/branches/0/branches/0/branches/0/product/product_identification_helper"),
])  # fmt: skip
def test_each_fault_has_its_pointer(pointer: str, value: object, told: str) -> None:
    with pytest.raises(InputError) as caught:
        made(changed(pointer, value))
    assert told in {one.column for one in caught.value.faults}
    for one in caught.value.faults:
        assert one.file == "a.json"
        assert one.found
        assert one.expected
        assert one.remedy


def test_all_faults_at_once() -> None:
    value = changed("/document/title", None)
    value["document"]["tracking"]["status"] = "maybe"
    del value["vulnerabilities"][1]["ids"][0]["text"]
    with pytest.raises(InputError) as caught:
        made(value)
    assert {one.column for one in caught.value.faults} == {
        "/document/title", "/document/tracking/status", "/vulnerabilities/1/ids/0/text"
    }  # fmt: skip


def test_a_label_twice_is_not_read_as_the_last(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps(advisory("RED")).replace('"label": "RED"', '"label": "RED", "label": "WHITE"'))
    with pytest.raises(InputError, match="twice"):
        read_objects(path)


def test_what_is_no_csaf_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"document": {}}')
    with pytest.raises(InputError, match="csaf_version"):
        read_objects(path, "csaf")
