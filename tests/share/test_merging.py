"""Merging: what is one thing and why; in any order, again, with judgements taken back, and whatever is hidden."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as searching
from hypothesis import strategies as st

from noroshi.share import merging_keys
from noroshi.share.merging import Group, Judgement, Member, merged
from noroshi.share.merging_keys import RULES, facts_of, keys_of

IDS = [f"indicator--{k}" for k in range(9)]
KEYS = st.lists(st.tuples(st.sampled_from([*RULES][1:4]), st.sampled_from("xyz")), max_size=3).map(tuple)
FACTS = st.lists(st.tuples(st.just("sha256"), st.sampled_from("pq")), max_size=1).map(tuple)
MEMBERS = st.lists(st.builds(Member, st.sampled_from(IDS), KEYS, FACTS), max_size=12)
JUDGED = st.lists(
    st.builds(Judgement, st.uuids().map(str), st.booleans(), st.sampled_from(IDS), st.sampled_from(IDS),
              st.integers(0, 5)), max_size=8, unique_by=lambda one: one.uid,
)  # fmt: skip


def stix(kind: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, **more}


def pattern(text: str) -> dict[str, Any]:
    return stix("indicator", pattern=text, pattern_type="stix")


SAME = {
    "an address in any order": (pattern("[ipv4-addr:value = '192.0.2.1' OR ipv4-addr:value = '192.0.2.2']"),
                                pattern("[ipv4-addr:value IN ('192.0.2.2', '192.0.2.1')]")),
    "a defanged name": (pattern("[domain-name:value = 'Evil[.]Example']"),
                        pattern("[ domain-name:value='evil.example' ]")),
    "a tree in another order": (pattern("[process:pid = 5 AND file:size > 9]"),
                                pattern("[file:size > 9 AND process:pid = 5]")),
    "a CVE by name or reference": (stix("vulnerability", name="CVE-2026-1234"), stix("vulnerability", name="Hole",
        external_references=[{"source_name": "cve", "external_id": "cve-2026-1234"}])),
    "IPv6 in two writings": (stix("ipv6-addr", value="2001:DB8:0:0::1"), stix("ipv6-addr", value="2001:db8::1")),
    "a file": (stix("file", hashes={"MD5": "A" * 32}),
               stix("file", name="x", hashes={"MD5": "a" * 32, "SHA-1": "b" * 40})),
    "a URL": (stix("url", value="HXXP://Evil[.]example"), stix("url", value="http://evil.example/")),
    "a rule of another language": (stix("indicator", pattern="alert  tcp", pattern_type="snort"),
                                   stix("indicator", pattern="alert tcp", pattern_type="snort")),
}  # fmt: skip
OTHER = {
    "an address and its indicator": (stix("ipv4-addr", value="192.0.2.1"), pattern("[ipv4-addr:value = '192.0.2.1']")),
    "http and https": (stix("url", value="http://evil.example/"), stix("url", value="https://evil.example/")),
    "one of two values": (pattern("[ipv4-addr:value = '192.0.2.1']"),
                          pattern("[ipv4-addr:value = '192.0.2.1' OR ipv4-addr:value = '192.0.2.2']")),
    "a CWE in common": tuple(stix("vulnerability", name=name, external_references=[
        {"source_name": "cwe", "external_id": "CWE-79"}]) for name in ("CVE-2026-1111", "CVE-2026-2222")),
    "two files of one MD5": (stix("file", hashes={"MD5": "a" * 32, "SHA-256": "b" * 64}),
                             stix("file", hashes={"MD5": "a" * 32, "SHA-256": "c" * 64})),
    "AND and OR": (pattern("[process:pid = 5 AND file:size > 9]"), pattern("[process:pid = 5 OR file:size > 9]")),
    "followed by": (pattern("[process:pid = 5] FOLLOWEDBY [file:size > 9]"),
                    pattern("[file:size > 9] FOLLOWEDBY [process:pid = 5]")),
    "names alone": (stix("malware", name="Kitsune"), stix("malware", name="Kitsune")),
}  # fmt: skip


@pytest.mark.parametrize("text", [
    "[ipv4-addr:value = '192.0.2.1']", "[url:value = 'HXXP://Evil.example/a']", "[domain-name:value = 'EVIL.example.']",
    "[file:hashes.'SHA-256' = '" + "A" * 64 + "']", "[ipv4-addr:value = '10.0.0.0/8']",
    "[domain-name:value = 'not one']",
])  # fmt: skip
def test_the_quick_way_says_what_the_parser_says(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    quick = keys_of(pattern(text))
    monkeypatch.setattr(merging_keys, "plain_atom", lambda _: None)
    assert quick == keys_of(pattern(text))


def of(*values: dict[str, Any]) -> tuple[Group, ...]:
    return merged(Member(f"x--{k}", keys_of(one), facts_of(one)) for k, one in enumerate(values))


@pytest.mark.parametrize("name", SAME)
def test_what_is_one_thing(name: str) -> None:
    (group,) = of(*SAME[name])
    assert group.ids == ("x--0", "x--1")
    assert group.links[0].rule in RULES


@pytest.mark.parametrize("name", OTHER)
def test_what_is_not(name: str) -> None:
    assert len(of(*OTHER[name])) == 2


def test_files_that_share_only_a_weak_hash_say_why_they_are_two() -> None:
    one, other = of(*OTHER["two files of one MD5"])
    assert [(why.rule, why.by) for why in one.apart] == [("md5", "sha256")]
    assert one.apart == other.apart


def test_a_person_s_word_counts_over_rules_and_by_whatever_way_round() -> None:
    a, b, c = (Member(name, (("value", "v"),)) for name in "abc")
    apart = Judgement("u1", False, "a", "c", 1)
    one, other = merged((a, b, c), (apart,))
    assert (one.ids, other.ids) == (("a", "b"), ("c",))
    assert {why.by for why in other.apart} == {"u1"}
    lone = Member("d")
    (whole,) = merged((a, lone), (Judgement("u2", True, "d", "a", 1),))
    assert [(why.rule, why.text) for why in whole.links] == [("judged", "u2")]
    assert len(merged((a, c), (apart, Judgement("u3", True, "c", "a", 2)))) == 1  # the latest of a pair


@searching(max_examples=70, deadline=None)
@given(MEMBERS, JUDGED, st.randoms())
def test_the_order_makes_no_difference(members: list[Member], judged: list[Judgement], chance: Any) -> None:
    found = merged(members, judged)
    chance.shuffle(members)
    chance.shuffle(judged)
    assert merged(members, judged) == found
    assert merged([*members, *members], judged) == found


@searching(max_examples=70, deadline=None)
@given(MEMBERS, JUDGED)
def test_what_is_held_apart_is_never_one_and_nothing_is_lost(members: list[Member], judged: list[Judgement]) -> None:
    found = merged(members, judged)
    assert sorted(name for one in found for name in one.ids) == sorted({one.id for one in members})
    place = {name: k for k, one in enumerate(found) for name in one.ids}
    last = {frozenset((one.a, one.b)): one for one in sorted(judged, key=lambda one: (one.at, one.uid))}
    for one in last.values():
        if not one.same and one.a != one.b and {one.a, one.b} <= place.keys():
            assert place[one.a] != place[one.b]
    for group in found:
        reached, links = {group.ids[0]}, list(group.links)
        for _ in group.ids:
            reached |= {name for why in links if {why.a, why.b} & reached for name in (why.a, why.b)}
        assert reached == set(group.ids)  # every id is there for a reason that is told


@searching(max_examples=70, deadline=None)
@given(MEMBERS, JUDGED, st.sets(st.sampled_from(IDS)))
def test_what_is_hidden_has_no_influence(members: list[Member], judged: list[Judgement], hidden: set[str]) -> None:
    seen = [one for one in members if one.id not in hidden]
    heard = [one for one in judged if not {one.a, one.b} & hidden]
    assert merged(seen, judged) == merged(seen, heard)
