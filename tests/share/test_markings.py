"""Markings: what definitions ask, whose word counts, and the join."""

from __future__ import annotations

import uuid
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noroshi.share.headers import Header
from noroshi.share.markings import (
    COMMUNITIES,
    COMMUNITY_EXTENSION,
    TLP_1,
    TLP_2,
    TLP_EXTENSION,
    UNMARKED,
    Marking,
    Pap,
    Tlp,
    all_of,
    community_definition,
    definition_marking,
    definitions,
    joined,
    own_marking,
    strictest,
    tlp_definition,
)  # fmt: skip
from noroshi.share.validation import Read, validate

MARKINGS = st.builds(
    Marking,
    st.none() | st.sampled_from(Tlp),
    st.none() | st.frozensets(st.sampled_from(["jp-us", "asean", "eu"])),
    st.none() | st.sampled_from(Pap),
)
ID = "marking-definition--11111111-1111-4111-8111-111111111111"
OTHER = "marking-definition--22222222-2222-4222-8222-222222222222"
BASE = {"type": "marking-definition", "spec_version": "2.1", "id": ID, "created": "2020-01-01T00:00:00.000Z"}


def marked(*refs: str, granular: tuple[str, ...] = (), tags: tuple[str, ...] = ()) -> Header:
    """The header of an object with these markings."""
    return Header("tool--x", "tool", "2.1", "", "", "", None, markings=refs, granular=granular, tags=tags)


@given(MARKINGS, MARKINGS, MARKINGS)
def test_the_strictest_is_a_join(a: Marking, b: Marking, c: Marking) -> None:
    assert strictest(a, b) == strictest(b, a)
    assert strictest(a, strictest(b, c)) == strictest(strictest(a, b), c) == all_of([c, a, b])
    assert strictest(a, a) == a
    assert strictest(a, UNMARKED) == strictest(UNMARKED, a) == a


def test_levels_are_in_their_order() -> None:
    assert [str(level) for level in sorted(Tlp)] == ["CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"]
    assert [str(level) for level in sorted(Pap)] == ["CLEAR", "GREEN", "AMBER", "RED"]
    assert all(Tlp.named(str(level)) is level and Tlp.named(f"tlp:{level}") is level for level in Tlp)
    assert Tlp.named(" TLP:White ") is Tlp.CLEAR
    assert Pap.named("PAP:WHITE") is Pap.CLEAR
    assert Tlp.named("purple") is None


def test_nobody_is_not_everybody() -> None:
    apart = strictest(Marking(communities=frozenset({"a"})), Marking(communities=frozenset({"b"})))
    assert apart.communities == frozenset()
    assert UNMARKED.communities is None
    assert Marking() != Marking(Tlp.CLEAR)


@pytest.mark.parametrize(("name", "level"), [*TLP_1.items(), *TLP_2.items()])
def test_well_known_definitions_need_not_be_sent_and_cannot_be_changed(name: str, level: Tlp) -> None:
    assert own_marking(marked(name), {}) == Marking(level)
    forged = BASE | {"id": name, "definition_type": "tlp", "definition": {"tlp": "white"}}
    assert definitions([forged])[name] == Marking(level)
    assert own_marking(marked(name), {name: Marking(Tlp.CLEAR)}) == Marking(level)


def test_ids_of_tlp_2() -> None:
    assert [TLP_2[tlp_definition(level)] for level in Tlp] == list(Tlp)


TLP2_RED = {TLP_EXTENSION: {"extension_type": "property-extension", "tlp_2_0": "red"}}
OURS = {COMMUNITIES: {"extension_type": "property-extension", "communities": ["jp-us", "eu"]}}


@pytest.mark.parametrize(
    ("more", "asked"),
    [
        ({"definition_type": "tlp", "definition": {"tlp": "green"}}, Marking(Tlp.GREEN)),
        ({"definition_type": "TLP", "definition": {"tlp": "AMBER+STRICT"}}, Marking(Tlp.AMBER_STRICT)),
        ({"definition_type": "tlp", "definition": {"tlp": "purple"}}, Marking(Tlp.RED)),
        ({"definition_type": "tlp", "definition": {"tlp": 7}}, Marking(Tlp.RED)),
        ({"definition_type": "tlp"}, Marking(Tlp.RED)),
        ({"definition_type": "TLP:GREEN"}, Marking(Tlp.GREEN)),
        ({"definition_type": "TLP", "definition": "TLP:AMBER"}, Marking(Tlp.AMBER)),
        ({"definition_type": "PAP", "definition": {"PAP": "AMBER"}}, Marking(pap=Pap.AMBER)),
        ({"definition_type": "pap", "definition": {"pap": "white"}}, Marking(pap=Pap.CLEAR)),
        ({"definition_type": "pap", "definition": {"pap": "?"}}, Marking(pap=Pap.RED)),
        ({"definition_type": "statement", "definition": {"statement": "TLP:CLEAR"}}, UNMARKED),
        ({"definition_type": "statement", "definition": {"statement": "Copyright"}}, UNMARKED),
        (
            {"definition_type": "statement", "definition": {"statement": "custom"},
             "x_opencti_definition_type": "PAP", "x_opencti_definition": "PAP:GREEN"},
            Marking(pap=Pap.GREEN),
        ),
        ({"extensions": TLP2_RED}, Marking(Tlp.RED)),
        ({"extensions": {TLP_EXTENSION: {"tlp_2_0": "mauve"}}}, Marking(Tlp.RED)),
        ({"extensions": {TLP_EXTENSION: 7}}, Marking(Tlp.RED)),
        ({"definition_type": "tlp", "definition": {"tlp": "green"}, "extensions": TLP2_RED}, Marking(Tlp.RED)),
        ({"extensions": OURS}, Marking(communities=frozenset({"jp-us", "eu"}))),
        ({"extensions": OURS | TLP2_RED}, Marking(Tlp.RED, frozenset({"jp-us", "eu"}))),
        ({"extensions": {COMMUNITIES: {"communities": []}}}, Marking(communities=frozenset())),
        ({"extensions": {COMMUNITIES: {"communities": [7]}}}, Marking(communities=frozenset())),
        ({"extensions": {COMMUNITIES: {}}}, Marking(communities=frozenset())),
        ({"extensions": []}, UNMARKED),
    ],
)  # fmt: skip
def test_what_a_definition_asks(more: dict[str, Any], asked: Marking) -> None:
    assert definition_marking(BASE | more) == asked
    assert own_marking(marked(ID), definitions([BASE | more])) == asked


def test_the_whole_object_takes_the_strictest_of_all_its_markings() -> None:
    known = definitions([BASE | {"extensions": OURS}])
    green, red = tlp_definition(Tlp.GREEN), tlp_definition(Tlp.RED)
    assert own_marking(marked(green, granular=(red,)), {}) == Marking(Tlp.RED)
    assert own_marking(marked(red, tags=("tlp:green",)), {}).tlp is Tlp.RED
    assert own_marking(marked(tags=("tlp:amber+strict", "pap:red")), {}) == Marking(Tlp.AMBER_STRICT, None, Pap.RED)
    assert own_marking(marked(tags=("tlp:whatever",)), {}) == Marking(Tlp.RED)
    assert own_marking(marked(green, ID), known) == Marking(Tlp.GREEN, frozenset({"jp-us", "eu"}))
    assert own_marking(marked(), {}) == UNMARKED


def test_an_unknown_reference_is_told() -> None:
    assert own_marking(marked(ID, tlp_definition(Tlp.CLEAR), OTHER), {}) == Marking(
        Tlp.CLEAR, unknown=frozenset({ID, OTHER})
    )


def test_a_second_definition_cannot_loosen_the_first() -> None:
    strict = BASE | {"definition_type": "tlp", "definition": {"tlp": "red"}}
    loose = BASE | {"definition_type": "tlp", "definition": {"tlp": "white"}}
    for order in ([strict, loose], [loose, strict]):
        assert definitions(order)[ID] == Marking(Tlp.RED)
        first, second = (definitions([one]) for one in order)
        assert joined(first, second)[ID] == Marking(Tlp.RED)
    assert joined({OTHER: Marking(Tlp.GREEN)}, {ID: Marking(Tlp.RED)}) == {
        OTHER: Marking(Tlp.GREEN),
        ID: Marking(Tlp.RED),
    }


def test_opencti_amber_strict_is_known_though_it_is_a_statement() -> None:
    name = "marking-definition--826578e1-40ad-459f-bc73-ede076f81f37"
    assert own_marking(marked(name), {}) == Marking(Tlp.AMBER_STRICT)


def test_our_own_definitions_are_valid_stix_and_mean_what_they_say() -> None:
    assert isinstance(validate(COMMUNITY_EXTENSION), Read)
    for names in (["jp-us"], ["eu", "asean", "eu"]):
        made = community_definition(names)
        assert isinstance(validate(made), Read)
        assert definition_marking(made) == Marking(communities=frozenset(names))
        space = uuid.UUID(COMMUNITIES.partition("--")[2])
        assert made["id"] == f"marking-definition--{uuid.uuid5(space, chr(10).join(sorted(set(names))))}"
    with pytest.raises(ValueError, match="at least one"):
        community_definition([])


def test_every_pair_of_levels_joins_to_the_higher() -> None:
    for a, b in product(Tlp, Tlp):
        assert strictest(Marking(a), Marking(b)).tlp == max(a, b)
