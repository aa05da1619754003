"""Reduced copies: nothing of what was taken out is anywhere in the bytes; a plan that leaves some is refused."""

from __future__ import annotations

import itertools
import json
import random
import uuid
from typing import Any

import msgspec
import pytest

from noroshi.share.markings import Marking, Pap, Tlp, own_marking
from noroshi.share.release import Principal, ReleaseClass, visible
from noroshi.share.releasing import Derivative, Plan, Refusal, as_open, derived, difference, may_not_give, revoked
from noroshi.share.validation import Read, read

UID = "0b7c3f7e-52d0-4a2b-9a53-5f4a3f1f1a11"
NOW = 1_800_000_000_000_000
VICTIM = f"identity--{uuid.UUID(int=7, version=4)}"
OTHER = f"identity--{uuid.UUID(int=8, version=4)}"
AOBA = {"type": "identity", "id": VICTIM, "name": "Aoba Power", "aliases": ["青葉電力"]}


def source(**more: Any) -> dict[str, Any]:
    """Return an incident report on an indicator, whose words name its victim in several places."""
    return {
        "type": "indicator", "spec_version": "2.1", "id": f"indicator--{uuid.UUID(int=1, version=4)}",
        "created_by_ref": OTHER, "created": "2026-01-01T00:00:00.123Z", "modified": "2026-01-02T00:00:00.456Z",
        "name": "Beacon at Aoba Power", "description": "Seen at Aoba Power (vpn.aoba-power.example, 192.0.2.44).",
        "pattern": "[ipv4-addr:value = '198.51.100.7']", "pattern_type": "stix", "valid_from": "2026-01-01T00:00:00Z",
        "labels": ["tlp:red", "beacon"], "x_case": "CASE-2026-0031",
        "external_references": [{"source_name": "aoba-csirt", "external_id": "T-9"},
                                {"source_name": "cve", "external_id": "CVE-2026-0001"}],
        "object_marking_refs": ["marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"], **more,
    }  # fmt: skip


PLAN = Plan("GREEN", text={"name": "Beacon"}, drop=("description",), words=("Aoba Power", "青葉電力"))


def made(value: dict[str, Any] | None = None, plan: Plan = PLAN, **more: Any) -> Derivative:
    one = derived(value or source(), plan, UID, NOW, **more)
    assert isinstance(one, Derivative), one
    return one


def refused(value: dict[str, Any], plan: Plan = PLAN, **more: Any) -> set[tuple[str, str]]:
    one = derived(value, plan, UID, NOW, **more)
    assert not isinstance(one, Derivative)
    assert all(isinstance(each, Refusal) and each.line("en") and each.line("ja") for each in one)
    return {(each.code, each.place) for each in one}


def test_a_copy_is_stix_of_its_own_with_nothing_that_leads_back() -> None:
    one = made(pap=Pap.AMBER)
    found = read(msgspec.json.encode(one.value))
    assert isinstance(found, Read)
    assert own_marking(found.header, {}) == Marking(Tlp.GREEN, None, Pap.AMBER)
    assert one.value["id"] == f"indicator--{UID}"
    assert one.value["created"] == one.value["modified"] == "2027-01-15T08:00:00.000000Z"
    assert one.value["external_references"] == [{"source_name": "cve", "external_id": "CVE-2026-0001"}]
    assert one.value["labels"] == ["beacon", "PAP:AMBER"]
    assert not {"created_by_ref", "x_case", "description"} & one.value.keys()
    for gone in ("Aoba", "aoba", "000000000001", OTHER, "CASE-2026", ".123Z", ".456Z", "tlp:red"):
        assert gone not in json.dumps(one.value), gone


def test_a_community_comes_with_its_definition() -> None:
    one = made(plan=msgspec.structs.replace(PLAN, communities=("jp-us",)))
    assert one.definition is not None
    assert one.definition["id"] in one.value["object_marking_refs"]
    assert one.release == ReleaseClass(Tlp.GREEN, frozenset({"jp-us"}))
    assert [each["type"] for each in one.objects()] == ["marking-definition", "indicator"]


LEFT: dict[str, dict[str, Any]] = {
    "in another property": {"pattern": "[domain-name:value = 'vpn.aoba-power.example']"},
    "in capitals": {"pattern": "[url:value = 'http://x.example/AOBA%20POWER']"},
    "in full width": {"labels": ["Ａｏｂａ Ｐｏｗｅｒ"]},
    "with spaces": {"labels": ["青葉 電力"]},
    "with what cannot be seen": {"labels": ["Ao\u200bba Power"]},
    "made harmless": {"labels": ["vpn[.]aoba-power[.]example"]},
    "an address": {"labels": ["from 192.0.2.44"]},
    "in a public reference": {"external_references": [
        {"source_name": "cve", "external_id": "CVE-2026-1", "description": "as at Aoba Power"}]},
    "in its url": {"external_references": [{"source_name": "cve", "url": "https://vpn.aoba-power.example/1"}]},
    "what went unasked": {"labels": ["see CASE-2026-0031"]},
    "who reported it": {"labels": ["by aoba-csirt"]},
}  # fmt: skip


@pytest.mark.parametrize("where", LEFT)
def test_a_word_of_what_was_taken_out_is_found_whatever_way_it_is_written(where: str) -> None:
    codes = refused(source(**LEFT[where]))
    (place,) = LEFT[where]
    assert all(code == "left-word" and at.startswith(place) for code, at in codes), codes


def test_what_may_be_left_is_said_but_a_word_named_is_never() -> None:
    value = source(labels=["from 192.0.2.44"])
    assert made(value, msgspec.structs.replace(PLAN, allow=("192.0.2.44",)))
    value = source(labels=["Aoba Power"])
    assert refused(value, msgspec.structs.replace(PLAN, allow=("Aoba Power",))) == {("left-word", "labels[0]")}
    assert refused(source(), msgspec.structs.replace(PLAN, drop=(), text={})) >= {("left-word", "description")}


def test_words_are_replaced_everywhere() -> None:
    plan = Plan("GREEN", replace={"Aoba Power": "an operator", "vpn.aoba-power.example": "a gate", "192.0.2.44": "-"})
    one = made(plan=plan)
    assert one.value["description"] == "Seen at an operator (a gate, -)."
    assert refused(source(), Plan("GREEN", replace={"Aoba Power": "AOBA POWER Ltd"})) >= {("left-word", "name")}


@pytest.mark.parametrize("text", ["{id}", "see {id}", "{uuid}", "{UUID}", "[{uuid}]"])
@pytest.mark.parametrize("whose", ["source", "creator"])
def test_the_id_of_what_it_was_made_from_is_nowhere(text: str, whose: str) -> None:
    name = source()["id"] if whose == "source" else OTHER
    bare = name.rpartition("--")[2]
    value = source(labels=[text.format(id=name, uuid=bare, UUID=bare.upper())])
    # nor if its readers could see it
    assert ("left-id", "labels[0]") in refused(value, seen=lambda _, __: True)


def sighting() -> dict[str, Any]:
    return {
        "type": "sighting", "spec_version": "2.1", "id": f"sighting--{uuid.UUID(int=2, version=4)}",
        "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z", "count": 3,
        "sighting_of_ref": f"indicator--{uuid.UUID(int=1, version=4)}", "where_sighted_refs": [VICTIM],
    }  # fmt: skip


def test_who_saw_it_goes_and_its_names_must_not_be_left() -> None:
    plan = Plan("GREEN", drop_refs=(VICTIM,))
    one = made(sighting(), plan, taken=[AOBA], seen=lambda name, _: name.startswith("indicator--"))
    assert "where_sighted_refs" not in one.value
    assert VICTIM[10:] not in json.dumps(one.value)
    value = {**sighting(), "description": "at 青葉電力"}
    seen = {"seen": lambda _, __: True}
    assert refused(value, plan, taken=[AOBA], **seen) == {("left-word", "description")}
    assert refused({**sighting(), "description": f"at {VICTIM}"}, plan, **seen) == {("left-id", "description")}


def test_what_not_all_readers_see_is_not_referred_to() -> None:
    assert refused(sighting(), Plan("GREEN")) == {
        ("hidden-ref", "sighting_of_ref"), ("hidden-ref", "where_sighted_refs[0]"),
    }  # fmt: skip
    relation = {
        "type": "relationship", "spec_version": "2.1", "id": f"relationship--{uuid.UUID(int=3, version=4)}",
        "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z",
        "relationship_type": "targets", "source_ref": sighting()["sighting_of_ref"], "target_ref": VICTIM,
    }  # fmt: skip
    assert ("not-stix", "target_ref") in refused(relation, Plan("GREEN", drop_refs=(VICTIM,)), seen=lambda _, __: True)


@pytest.mark.parametrize(("plan", "fault"), [
    (Plan("PINK"), ("level", "tlp")), (Plan("GREEN", pap="PINK"), ("level", "pap")),
    (Plan("GREEN", pap="GREEN"), ("pap-loosened", "pap")),
    (Plan("GREEN", communities=()), ("communities", "communities")),
    (Plan("GREEN", drop=("descriptoin",)), ("unknown-property", "descriptoin")),
    (Plan("GREEN", text={"labels": "x"}), ("made", "labels")), (Plan("GREEN", drop=("id",)), ("made", "id")),
    (Plan("GREEN", replace={"nowhere": ""}), ("nothing-replaced", "replace")),
    (Plan("GREEN", drop_refs=(VICTIM,)), ("no-such-ref", "drop_refs")),
    (Plan("GREEN", drop=("pattern",)), ("not-stix", "pattern")),
])  # fmt: skip
def test_a_plan_at_fault_is_refused(plan: Plan, fault: tuple[str, str]) -> None:
    assert fault in refused(source(), plan, pap=Pap.AMBER)


def test_what_has_its_value_in_its_id_or_is_revoked_is_refused() -> None:
    value = {"type": "ipv4-addr", "spec_version": "2.1", "id": f"ipv4-addr--{UID}", "value": "192.0.2.1"}
    assert refused(value, Plan("GREEN")) == {("type", "type")}
    assert refused(source(revoked=True)) == {("revoked", "revoked")}


def test_pap_may_be_tighter_and_tlp_anything() -> None:
    assert "PAP:RED" in made(plan=msgspec.structs.replace(PLAN, pap="RED"), pap=Pap.AMBER).value["labels"]
    assert made(plan=msgspec.structs.replace(PLAN, tlp="RED")).release.tlp is Tlp.RED


def test_nothing_taken_out_is_in_the_bytes_of_any_copy() -> None:
    """Random objects and plans: a copy that is made has no word that was taken out, nor its source's id."""
    rng = random.Random(20261122)  # noqa: S311  to be the same each time
    words = [f"q{k}zx{chr(97 + k)}w" for k in range(12)]
    copies = 0
    for _ in range(1500):
        said = {name: " ".join(rng.choices(words, k=rng.randint(1, 3))) for name in ("name", "description", "x_note")}
        refs = [{"source_name": rng.choice(["cve", "own"]), "external_id": rng.choice(words)}]
        value = source(**said, external_references=refs, labels=rng.choices(words, k=2))
        drop = tuple(name for name in ("description", "labels", "external_references", "name") if rng.random() < 0.4)
        text = {"name": rng.choice(words)} if "name" not in drop and rng.random() < 0.5 else {}
        named = tuple(rng.sample(words, rng.randint(0, 2)))
        one = derived(value, Plan("CLEAR", drop=drop, text=text, words=named), UID, NOW)
        if not isinstance(one, Derivative):
            continue
        copies += 1
        body = msgspec.json.encode(one.value).decode()
        kept = {word for key in one.value for word in str(one.value[key]).split()}
        for word in named:
            assert word not in body
        for name in drop:
            whole = [said[name]] if name in said else [each if isinstance(each, str) else each["external_id"]
                                                       for each in value[name]]  # fmt: skip
            assert not any(each in body for each in whole), (drop, kept)
        assert said["x_note"] not in body
        assert value["id"][11:] not in body
    assert copies > 100


def test_the_difference_tells_every_property() -> None:
    one = made()
    changes = difference(source(), one.value)
    assert {each.place for each in changes} == source().keys() | one.value.keys()
    what = {each.place: each.what for each in changes}
    assert (what["description"], what["name"], what["pattern"]) == ("removed", "changed", "left")
    assert [each.what for each in changes] == sorted((each.what for each in changes),
                                                     key=["removed", "changed", "added", "left"].index)  # fmt: skip


LEVELS = (None, *Tlp)
GROUPS: tuple[frozenset[str] | None, ...] = (None, frozenset(), frozenset({"a"}), frozenset({"a", "b"}))


def test_as_open_is_what_every_reader_of_one_class_sees_of_the_other() -> None:
    classes = [ReleaseClass(level, group) for level, group in itertools.product(LEVELS, GROUPS)]
    readers = [Principal(level, frozenset(group)) for level in LEVELS
               for group in ((), ("a",), ("b",), ("a", "b"), ("c",))]  # fmt: skip
    for there, new in itertools.product(classes, classes):
        if as_open(there, new):
            assert all(visible(one, there) for one in readers if visible(one, new)), (there, new)
    assert as_open(ReleaseClass(Tlp.CLEAR, None), ReleaseClass(Tlp.GREEN, frozenset({"a"})))
    assert not as_open(ReleaseClass(Tlp.CLEAR, frozenset({"a"})), ReleaseClass(Tlp.GREEN, None))


def test_nobody_gives_what_it_may_not_see() -> None:
    green = ReleaseClass(Tlp.GREEN, frozenset({"a"}))
    assert may_not_give(green, Principal(Tlp.GREEN, frozenset({"a"})), everybody=False) == ()
    assert may_not_give(green, Principal(Tlp.GREEN), everybody=True) == ()
    assert {one.place for one in may_not_give(green, Principal(Tlp.CLEAR), everybody=False)} == {"tlp", "communities"}


def test_a_copy_withdrawn_is_a_version_that_says_so() -> None:
    found = read(msgspec.json.encode(revoked(made().value, NOW + 1)))
    assert isinstance(found, Read)
    assert found.header.revoked
    assert found.header.version > made().value["modified"]
