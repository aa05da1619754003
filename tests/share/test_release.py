"""Releasability: against an oracle that is written apart, over everything small and a million random triples."""

from __future__ import annotations

import random
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noroshi.share.headers import Header
from noroshi.share.markings import Marking, Tlp
from noroshi.share.release import Principal, ReleaseClass, classes_seen, ends_visible, release_class, visible

LEVELS = ["CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED"]
GROUPS = ["jp-us", "asean", "eu", "water", "power"]

Triple = tuple[str | None, list[str], str | None, list[str] | None]
"""What a principal sees, its communities; an object's TLP, its communities or None."""


def oracle(sees: str | None, member_of: list[str], tlp: str | None, only: list[str] | None) -> bool:
    """Whether the principal may see the object: a reimplementation by words and loops."""
    if sees not in LEVELS or tlp not in LEVELS:
        return False
    allowed = []
    for level in LEVELS:
        allowed.append(level)
        if level == sees:
            break
    if tlp not in allowed:
        return False
    if only is None:
        return True
    for group in only:  # noqa: SIM110  spelt out, to be unlike what it checks
        if group in member_of:
            return True
    return False


def asked(sees: str | None, member_of: list[str], tlp: str | None, only: list[str] | None) -> bool:
    """The same from the code."""
    principal = Principal(None if sees is None else Tlp.named(sees), frozenset(member_of))
    released = ReleaseClass(None if tlp is None else Tlp.named(tlp), None if only is None else frozenset(only))
    return visible(principal, released)


def subsets(names: list[str]) -> list[list[str]]:
    """Every choice of the names."""
    return [list(some) for size in range(len(names) + 1) for some in combinations(names, size)]


def test_everything_small_is_as_the_oracle_says() -> None:
    few = subsets(GROUPS[:3])
    seen = 0
    for sees, member_of, tlp, only in product([None, *LEVELS], few, [None, *LEVELS], [None, *few]):
        assert asked(sees, member_of, tlp, only) == oracle(sees, member_of, tlp, only)
        seen += asked(sees, member_of, tlp, only)
    assert seen == 15 * (8 + 37)  # 15 pairs of levels; 8 unrestricted, 37 meetings of two choices of three


def random_triples(count: int, seed: int) -> None:
    """Compare on random triples."""
    rng = random.Random(seed)  # noqa: S311  not a secret
    few = subsets(GROUPS)
    for _ in range(count):
        sees, tlp = rng.choice([None, *LEVELS]), rng.choice([None, *LEVELS])
        member_of, only = rng.choice(few), rng.choice([None, *few])
        assert asked(sees, member_of, tlp, only) == oracle(sees, member_of, tlp, only)


def test_fifty_thousand_random_triples() -> None:
    random_triples(50_000, 20261122)


@pytest.mark.slow
def test_a_million_random_triples() -> None:
    random_triples(1_000_000, 4)


CLASSES = st.builds(ReleaseClass, st.none() | st.sampled_from(Tlp), st.none() | st.frozensets(st.sampled_from(GROUPS)))
ODD = st.frozensets(st.text(max_size=3))


@given(CLASSES, CLASSES)
def test_equal_classes_and_only_they_have_equal_keys(a: ReleaseClass, b: ReleaseClass) -> None:
    assert (a.key() == b.key()) == (a == b)
    assert ReleaseClass.from_key(a.key()) == a


@given(ODD)
def test_names_of_communities_cannot_forge_a_key(names: frozenset[str]) -> None:
    made = ReleaseClass(Tlp.RED, names)
    assert ReleaseClass.from_key(made.key()) == made


def test_a_key_that_is_none_is_refused() -> None:
    for key in ('["PURPLE",null]', "[]", "x"):
        with pytest.raises(ValueError, match=r".+"):
            ReleaseClass.from_key(key)


@given(
    st.lists(CLASSES, max_size=8), st.builds(Principal, st.sampled_from(Tlp), st.frozensets(st.sampled_from(GROUPS)))
)
def test_classes_seen_are_those_visible(classes: list[ReleaseClass], principal: Principal) -> None:
    seen = classes_seen(principal, enumerate(classes))
    assert seen == {k for k, released in enumerate(classes) if visible(principal, released)}


def test_the_default_gives_a_tlp_to_what_has_none_and_takes_nothing_away() -> None:
    us = frozenset({"jp-us"})
    default = Marking(Tlp.GREEN)
    assert release_class(Marking()) == ReleaseClass(None, None)
    assert release_class(Marking(), default) == ReleaseClass(Tlp.GREEN, None)
    assert release_class(Marking(Tlp.RED), default) == ReleaseClass(Tlp.RED, None)
    assert release_class(Marking(Tlp.CLEAR), Marking(Tlp.RED)) == ReleaseClass(Tlp.CLEAR, None)
    assert release_class(Marking(None, us), default) == ReleaseClass(Tlp.GREEN, us)
    assert release_class(Marking(), Marking(Tlp.AMBER, us)) == ReleaseClass(Tlp.AMBER, us)


def test_a_relationship_is_seen_only_with_both_its_ends() -> None:
    both = Header("relationship--x", "relationship", "2.1", "", "", "", None, ends=("a", "b"))
    assert ends_visible(both, {"a", "b"}.__contains__)
    assert not ends_visible(both, {"a"}.__contains__)
    assert not ends_visible(both, {"b"}.__contains__)
    alone = Header("tool--x", "tool", "2.1", "", "", "", None)
    assert ends_visible(alone, set[str]().__contains__)
