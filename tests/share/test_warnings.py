"""Warnings: whom they concern and why, who may not be told, and receipts that only rise."""

from __future__ import annotations

import itertools
import json
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from noroshi.share.markings import Tlp
from noroshi.share.release import Principal, visible
from noroshi.share.validation import Read, read
from noroshi.share.warnings import (
    Audience,
    Exposed,
    Said,
    Signed,
    Why,
    Words,
    Written,
    kept_from,
    overlap,
    propose,
    release_of,
    same_product,
    statement,
)
from noroshi.share.warnings_checks import wrongs
from noroshi.share.warnings_receipts import STATES, Standing, coverage, risen
from noroshi.share.warnings_stix import EXTENSION, stix_objects
from noroshi.share.warnings_words import KIND_WORDS, RULES, message, notice, reason

WORDS = Words("Patch now", "直ちに更新")
few = settings(max_examples=40)
NAMES = st.sampled_from(["water", "electricity", "gas", "rail"])


def said(tlp: str = "GREEN", communities: tuple[str, ...] | None = None, **audience: Any) -> Said:
    return Said(WORDS, WORDS, WORDS, "high", tlp, communities, Audience(**audience))


def exposed(name: str = "works", sees: Tlp | None = Tlp.RED, **more: Any) -> Exposed:
    return Exposed(name, Principal(sees, more.pop("communities", frozenset())), **more)


def signed(**changes: Any) -> Signed:
    plain: dict[str, Any] = {
        "warning": "0c5ba4d2-3f30-4a4a-9f63-9c5b2a6f6a11", "version": 1, "kind": "warning",
        "at": "2026-11-22T10:00:00.000Z", "by": "duty", "severity": "high", "tlp": "AMBER", "communities": ("jp-us",),
        "title": WORDS, "text": WORDS, "action": WORDS, "about": (),
    }  # fmt: skip
    return Signed(Written(**{**plain, **changes}), "ab" * 32, "cd" * 64)


@pytest.mark.parametrize(
    ("audience", "contact", "rules"),
    [
        ({"everyone": True}, {}, ["everyone"]),
        ({"principals": ("works",)}, {}, ["named"]),
        ({"sectors": ("water", "gas")}, {"sectors": ("rail", "water", "gas")}, ["sector", "sector"]),
        ({"sectors": ("water",)}, {"sectors": ("Water",)}, []),
        ({"products": ("cpe:2.3:a:umi:grid",)}, {"products": ("cpe:2.3:a:umi:grid:4.2:*",)}, ["product"]),
        ({"networks": ("192.0.2.0/24",)}, {"networks": ("192.0.2.200/30", "198.51.100.0/24")}, ["network"]),
        ({"organisations": ("grid",)}, {"organisation": "grid"}, ["organisation"]),
        ({}, {"sectors": ("water",)}, []),
    ],
)
def test_each_reason_is_found(audience: dict[str, Any], contact: dict[str, Any], rules: list[str]) -> None:
    found = propose(said(**audience), [exposed(**contact)])
    assert [why.rule for one in found for why in one.reasons] == rules


def test_dependency_and_threat_are_reasons_too_and_all_are_told() -> None:
    both = {"plant": Why("dependency", "plant → grid")}, {"plant": Why("threat", "likely target", "標的となり得る")}
    (one,) = propose(said(sectors=("water",)), [exposed(organisation="plant", sectors=("water",)), exposed("b")], *both)
    assert [why.rule for why in one.reasons] == ["sector", "dependency", "threat"]
    assert reason(one.reasons[2], "ja") == "要約の脅威: 標的となり得る"
    assert reason(one.reasons[1], "en") == "depends on it: plant → grid"


def test_every_rule_has_words_in_both_languages() -> None:
    assert all(en.isascii() and not ja.isascii() for en, ja in (*RULES.values(), *KIND_WORDS.values()))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("cpe:2.3:a:umi:grid", "cpe:2.3:a:umi:grid:4.2:*:*", True),
        ("cpe:2.3:a:umi:grid:4.1", "cpe:2.3:a:umi:grid:4.2", False),
        ("cpe:2.3:a:umi:grid:*", "cpe:2.3:a:umi:grid:4.2", True),
        ("cpe:2.3:a:umi:gridlock", "cpe:2.3:a:umi:grid", False),
        ("cpe:2.3:o:umi:grid", "cpe:2.3:a:umi:grid", False),
        (r"cpe:2.3:a:umi:a\:b", "cpe:2.3:a:umi:a", False),
        ("GridMaster  4", "gridmaster 4", True),
        ("GridMaster", "gridmaster 4", False),
        ("cpe:2.3:a:umi:grid", "grid", False),
        ("cpe:2.3:", "cpe:2.3:", False),
    ],
)
def test_products_are_compared_part_by_part(one: str, other: str, same: bool) -> None:
    assert same_product(one, other) is same
    assert same_product(other, one) is same


@few
@given(st.ip_addresses(v=4), st.integers(0, 32), st.ip_addresses(v=4), st.integers(0, 32))
def test_ranges_overlap_where_the_shorter_prefix_is_shared(a: Any, m: int, b: Any, n: int) -> None:
    shorter = min(m, n)
    assert overlap(f"{a}/{m}", f"{b}/{n}") is (int(a) >> (32 - shorter) == int(b) >> (32 - shorter))


@pytest.mark.parametrize("other", ["::/0", "nothing", "192.0.2.0/40", ""])
def test_what_is_no_range_of_the_same_kind_has_nothing_in_common(other: str) -> None:
    assert not overlap("192.0.2.0/24", other)


ASKED: tuple[tuple[str, ...] | None, ...] = (None, ("jp-us",), ("eu", "jp-us"))
MEMBERS: tuple[frozenset[str], ...] = (frozenset(), frozenset({"jp-us"}), frozenset({"asean"}))


@pytest.mark.parametrize("tlp", [*Tlp])
def test_who_may_not_see_it_is_proposed_as_that(tlp: Tlp) -> None:
    for sees, asked, member in itertools.product((None, *Tlp), ASKED, MEMBERS):
        as_that(tlp, sees, asked, member)


def as_that(tlp: Tlp, sees: Tlp | None, asked: tuple[str, ...] | None, member: frozenset[str]) -> None:
    """Hold one proposal against the rule in other words."""
    one = exposed(sees=sees, communities=member)
    (found,) = propose(said(str(tlp), asked, everyone=True), [one])
    too_high = sees is None or tlp > sees
    outside = asked is not None and not set(asked) & member
    assert found.kept_from == ("tlp" if too_high else "community" if outside else "")
    assert bool(found.kept_from) is not visible(one.rights, release_of(said(str(tlp), asked)))


def test_a_level_that_cannot_be_read_is_shown_to_nobody() -> None:
    assert kept_from(said("PURPLE"), Principal(Tlp.RED), exercise=False) == "tlp"


@few
@given(st.lists(st.sampled_from(STATES)), st.randoms(use_true_random=False))
def test_receipts_rise_whatever_comes_in_whatever_order(states: list[str], rng: Any) -> None:
    now = risen(states)
    for late in STATES:
        assert STATES.index(risen([*states, late])) >= STATES.index(now)
    mixed = [*states, *states]
    rng.shuffle(mixed)
    assert risen(mixed) == now
    assert risen([*states, "delivered"] if "acted" in states else ["acted", "delivered"]) == "acted"


STANDINGS = st.builds(
    Standing, st.text(max_size=3), st.lists(NAMES, max_size=3, unique=True).map(tuple), st.booleans(),
    st.sampled_from(["", "tlp"]), st.sampled_from(STATES),
)  # fmt: skip


@few
@given(st.lists(STANDINGS, max_size=12))
def test_coverage_adds_up(rows: list[Standing]) -> None:
    total, *sectors = coverage(rows)
    assert (total.sector, total.at_risk, total.chosen) == ("", len(rows), sum(row.chosen for row in rows))
    for one in (total, *sectors):
        assert one.at_risk >= one.chosen >= one.delivered >= one.acknowledged >= one.acted >= 0
        assert one.kept_from <= one.at_risk
    assert {one.sector for one in sectors} == {name for row in rows for name in row.sectors or ("-",)}
    assert sum(one.at_risk for one in sectors) == sum(max(1, len(row.sectors)) for row in rows)
    acted = [row for row in rows if row.chosen and row.state == "acted"]
    assert total.acted == len(acted)


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"title": Words("x", "")}, "title.ja"),
        ({"title": Words("a\nb", "x")}, "title.en"),
        ({"text": Words("x" * 20_001, "x")}, "text.en"),
        ({"action": Words("x\x00", "x")}, "action.en"),
        ({"tlp": "AMBER "}, "tlp"),
        ({"severity": "worst"}, "severity"),
        ({"communities": ()}, "communities"),
        ({"communities": ("a\nb",)}, "communities"),
        ({"about": ("x",)}, "about"),
        ({"audience": Audience(networks=("192.0.2.0/33",))}, "audience.networks"),
        ({"audience": Audience(sectors=("x",) * 1001)}, "audience.sectors"),
    ],
)
def test_what_cannot_be_kept_is_named(change: dict[str, Any], key: str) -> None:
    assert wrongs(said()) == ()
    assert [one.key for one in wrongs(msgspec.structs.replace(said(), **change))] == [key]


def test_what_is_signed_says_all_of_it_and_nothing_else_looks_alike() -> None:
    one = signed().said
    told = json.loads(statement(one))
    assert told.pop("noroshi_warning") == 1
    assert told == json.loads(msgspec.json.encode(one))
    changes: list[dict[str, Any]] = [
        {"version": 2}, {"kind": "retraction"}, {"tlp": "GREEN"}, {"communities": None}, {"by": "x"},
        {"title": Words("Patch now", "x")}, {"about": ("indicator--1",)},
    ]  # fmt: skip
    others = {statement(msgspec.structs.replace(one, **change)) for change in changes}
    assert len(others | {statement(one)}) == len(changes) + 1


@pytest.mark.parametrize("kind", KIND_WORDS)
def test_a_mail_says_everything_in_both_languages(kind: str) -> None:
    told = message(signed(kind=kind, title=Words("Title", "題"), text=Words("Text", "本文")), "https://hub.example/")
    for part in ("Title", "題", "Text", "本文", "TLP:AMBER (jp-us)", "https://hub.example/warnings/", "ab" * 32):
        assert part in told.text
    assert all(word in told.subject for word in (*KIND_WORDS[kind], "TLP:AMBER", "題", "Title"))
    assert "\n" not in told.subject


def test_a_notice_says_nothing_of_what_the_warning_says() -> None:
    one = signed().said
    told = notice(one.warning, 1, "retraction", one.at)
    assert one.warning in told.text
    assert "withdrawn" in told.text
    assert "撤回" in told.text
    assert not any(part in told.text + told.subject for part in ("Patch", "更新", "AMBER", "jp-us", "duty"))


@pytest.mark.parametrize("communities", [None, ("eu", "jp-us")])
def test_the_stix_objects_are_valid_and_mark_the_note_alone(communities: Any) -> None:
    one = signed(kind="retraction", communities=communities)
    objects = stix_objects(one, "2026-11-22T10:00:00.000Z")
    for value in objects:
        checked = read(msgspec.json.encode(value))
        assert isinstance(checked, Read), checked
        assert checked.warnings == (), value["type"]
    note = objects[-1]
    assert note["revoked"] is True
    assert note["extensions"][EXTENSION]["said"] == msgspec.to_builtins(one.said)
    assert len(note["object_marking_refs"]) == (1 if communities is None else 2)
    ids = {value["id"] for value in objects}
    assert set(note["object_refs"]) <= ids
    assert not set(itertools.chain(*(value["object_marking_refs"] for value in objects[-3:-1]))) & set(
        note["object_marking_refs"]
    )
