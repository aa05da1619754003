"""The header: what is read of an object, and what has none."""

from __future__ import annotations

from typing import Any

import pytest

from noroshi.share.headers import Header, header, type_of
from noroshi.share.reasons import Reason

UUID = "2f9a9aa9-108a-4333-83e2-4fb25add0463"
WHO = f"identity--{UUID}"
RED = "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed"
CLEAR = "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487"


def made(kind: str = "indicator", **more: Any) -> dict[str, Any]:
    """An object of the kind with dates, `more` beside; None takes a property out."""
    value = {
        "type": kind,
        "spec_version": "2.1",
        "id": f"{kind}--{UUID}",
        "created": "2020-01-01T00:00:00.000Z",
        "modified": "2020-01-02T00:00:00.1234567Z",
    } | more
    return {name: one for name, one in value.items() if one is not None}


def read(kind: str = "indicator", **more: Any) -> Header:
    """The header of `made`."""
    found = header(made(kind, **more))
    assert isinstance(found, Header), found
    return found


def test_all_of_an_object_is_read() -> None:
    found = read(
        created_by_ref=WHO,
        object_marking_refs=[RED],
        granular_markings=[{"marking_ref": CLEAR, "selectors": ["name"]}, {"lang": "ja", "selectors": ["name"]}],
        labels=["TLP:AMBER+STRICT", " pap:RED", "malware", "tlp"],
        revoked=True,
    )
    assert found == Header(
        f"indicator--{UUID}", "indicator", "2.1", "2020-01-01T00:00:00.000Z", "2020-01-02T00:00:00.1234567Z",
        "2020-01-02T00:00:00.1234567Z", (1577923200123456, "7"), WHO, (RED,), (CLEAR,), ("tlp:amber+strict", "pap:red"),
        revoked=True,
    )  # fmt: skip


def test_what_it_hangs_together_with() -> None:
    a, b = f"malware--{UUID}", f"tool--{UUID}"
    assert read("relationship", source_ref=a, target_ref=b).ends == (a, b)
    sighting = read("sighting", sighting_of_ref=a, observed_data_refs=[b, a], where_sighted_refs=[WHO])
    assert sighting.ends == (a, b, a, WHO)
    for kind in ("report", "grouping", "observed-data"):
        held = read(kind, object_refs=[a, b])
        assert held.is_container
        assert held.contains == (a, b)
    assert read("note", object_refs=[a]).contains == (a,)
    assert not read("note", object_refs=[a]).is_container
    assert read("email-message", from_ref=a, to_refs=[b]).members == (a, b)
    assert read("indicator", source_ref=a).ends == ()


def test_versions_of_what_has_none() -> None:
    observable = read("ipv4-addr", spec_version=None, created=None, modified=None)
    assert (observable.spec_version, observable.version, observable.at) == ("2.1", "", None)
    assert read("ipv4-addr", spec_version=None).spec_version == "2.1"
    definition = read("marking-definition", modified=None)
    assert (definition.version, definition.at) == ("2020-01-01T00:00:00.000Z", (1577836800000000, ""))
    assert read(spec_version=None).spec_version == "2.0"
    assert read(spec_version="2.0").spec_version == "2.0"


@pytest.mark.parametrize(
    ("more", "code", "place"),
    [
        ({"id": None}, "missing", "id"),
        ({"id": 7}, "wrong-type", "id"),
        ({"type": 7}, "wrong-type", "type"),
        ({"id": f"tool--{UUID}"}, "id-of-other-type", "id"),
        ({"id": "indicator--x"}, "bad-id", "id"),
        ({"id": f"indicator-{UUID}"}, "bad-id", "id"),
        ({"id": f"indicator--{UUID}\n"}, "bad-id", "id"),
        ({"id": f"indicator--{UUID.upper()}"}, "bad-id", "id"),
        ({"id": "indicator--2f9a9aa9-108a-0333-83e2-4fb25add0463"}, "bad-id", "id"),
        ({"id": "indicator--2f9a9aa9-108a-4333-c3e2-4fb25add0463"}, "bad-id", "id"),
        ({"type": "In", "id": f"In--{UUID}"}, "bad-id", "id"),
        ({"type": "a--b", "id": f"a--b--{UUID}"}, "bad-id", "id"),
        ({"type": "a" * 251, "id": f"{'a' * 251}--{UUID}"}, "bad-id", "id"),
        ({"spec_version": "2.2"}, "bad-spec-version", "spec_version"),
        ({"created": "2020-01-01"}, "bad-timestamp", "created"),
        ({"created": ""}, "bad-timestamp", "created"),
        ({"modified": "x"}, "bad-timestamp", "modified"),
        ({"modified": "2019-12-31T23:59:59.9999999Z"}, "wrong-order", "modified"),
        ({"created_by_ref": f"tool--{UUID}"}, "bad-ref", "created_by_ref"),
        ({"created_by_ref": ""}, "bad-ref", "created_by_ref"),
        ({"object_marking_refs": [WHO]}, "bad-ref", "object_marking_refs"),
        ({"object_marking_refs": RED}, "wrong-type", "object_marking_refs"),
        ({"object_marking_refs": [7]}, "wrong-type", "object_marking_refs[0]"),
        ({"granular_markings": [{"marking_ref": 7}]}, "wrong-type", "granular_markings[0].marking_ref"),
        ({"labels": ["a", None]}, "wrong-type", "labels[1]"),
        ({"revoked": "true"}, "wrong-type", "revoked"),
        ({"object_refs": "x"}, "wrong-type", "object_refs"),
        ({"object_refs": ["x", 7]}, "wrong-type", "object_refs"),
    ],
)
def test_what_has_no_header(more: dict[str, Any], code: str, place: str) -> None:
    found = header(made(**more))
    assert isinstance(found, Reason)
    assert (found.code, found.place) == (code, place)


def test_a_list_may_not_stand_for_one_reference_nor_one_for_a_list() -> None:
    for kind, place, held in (("relationship", "source_ref", ["x"]), ("file", "contains_refs", "x")):
        assert header(made(kind, **{place: held})) == Reason(
            "wrong-type", place, "Expected a reference" if place == "source_ref" else "Expected a list of references"
        )


@pytest.mark.parametrize("version", "12345678")
def test_any_version_of_uuid_will_do(version: str) -> None:
    assert type_of(f"x-own--2f9a9aa9-108a-{version}333-83e2-4fb25add0463") == "x-own"


def test_long_text_is_refused_and_not_remembered() -> None:
    long = "a" * 100_000
    assert header(made(created_by_ref=f"{long}--{UUID}")) == Reason("bad-ref", "created_by_ref", long[:100])
    assert header(made(object_marking_refs=[long])) == Reason("bad-ref", "object_marking_refs", long[:100])
    assert header(made(type=long, id=f"{long}--{UUID}")) == Reason("bad-id", "id", long[:100])
