"""What may leave to a partner and what is taken from it: every rule by a case, and none lets out more than is seen."""

from __future__ import annotations

import itertools

import pytest

from noroshi.share.headers import Header
from noroshi.share.inheritance import Passed
from noroshi.share.markings import UNMARKED, Marking, Tlp
from noroshi.share.policy import LEAVES, RULES, Facts, Going, Policy, carried, decide, refused, unseen
from noroshi.share.release import Principal, ReleaseClass, visible

LEVELS = (None, *Tlp)
GROUPS = (None, frozenset[str](), frozenset({"jp-us"}), frozenset({"asean"}), frozenset({"jp-us", "asean"}))
CLASSES = [ReleaseClass(level, names) for level in LEVELS for names in GROUPS]
PARTNER = Principal(Tlp.AMBER, frozenset({"jp-us"}))
AGREED = Policy(Tlp.AMBER)
GREEN = ReleaseClass(Tlp.GREEN, None)


@pytest.mark.parametrize(
    ("rule", "facts"),
    [
        (LEAVES, Facts("indicator", GREEN, told=True)),
        ("unmarked", Facts("indicator", ReleaseClass(None, None), told=False)),
        ("tlp-not-seen", Facts("indicator", ReleaseClass(Tlp.RED, None), told=False)),
        ("community-not-seen", Facts("indicator", ReleaseClass(Tlp.GREEN, frozenset({"asean"})), told=False)),
        ("came-from-it", Facts("indicator", GREEN, told=True, came=True)),
        ("not-told", Facts("relationship", GREEN, told=False)),
        ("onward", Facts("indicator", ReleaseClass(Tlp.AMBER, None), told=True, passed_on=True)),
        (LEAVES, Facts("indicator", GREEN, told=True, passed_on=True)),
        ("sent-before", Facts("indicator", GREEN, told=True, sent=True)),
        ("end-stays", Facts("relationship", GREEN, told=True, joins=False)),
        ("not-carried", Facts("indicator", GREEN, told=True, carried=False)),
        (LEAVES, Facts("marking-definition", GREEN, told=True, came=True)),
    ],
)
def test_each_rule_decides_its_case(rule: str, facts: Facts) -> None:
    assert decide(AGREED, PARTNER, facts) == rule


def test_what_was_agreed_bounds_both_ways() -> None:
    amber, jp_us = ReleaseClass(Tlp.AMBER, None), ReleaseClass(Tlp.GREEN, frozenset({"jp-us"}))
    assert refused(Policy(Tlp.GREEN), "indicator", amber) == "over-cap"
    assert refused(Policy(Tlp.RED, types=frozenset({"indicator"})), "malware", GREEN) == "other-type"
    assert refused(Policy(Tlp.RED, types=frozenset({"indicator"})), "marking-definition", GREEN) == ""
    assert refused(Policy(Tlp.RED, frozenset({"asean"})), "indicator", jp_us) == "other-community"
    assert refused(Policy(Tlp.RED, frozenset({"asean"})), "indicator", GREEN) == ""
    assert decide(Policy(Tlp.GREEN), PARTNER, Facts("marking-definition", amber, told=True)) == "over-cap"


def test_nothing_leaves_that_its_principal_does_not_see_or_that_was_not_agreed() -> None:
    principals = [Principal(level, names) for level in LEVELS for names in GROUPS if names is not None]
    policies = [Policy(level, names) for level in Tlp for names in GROUPS]
    left = 0
    for who, policy, released, told, passed_on in itertools.product(
        principals, policies, CLASSES, (True, False), (True, False)
    ):
        facts = Facts("indicator", released, told=told and visible(who, released), passed_on=passed_on)
        if decide(policy, who, facts) == LEAVES:
            left += 1
            assert visible(who, released)
            assert told
            assert released.tlp is not None
            assert released.tlp <= policy.most
            assert not passed_on or released.tlp <= Tlp.GREEN
    assert left


def test_a_class_is_unseen_by_a_rule_exactly_where_it_is_not_visible() -> None:
    for released, level, names in itertools.product(CLASSES, LEVELS, GROUPS[1:]):
        who = Principal(level, names or frozenset())
        assert (unseen(who, released) == "") == visible(who, released)
        assert unseen(who, released) in {"", *RULES}


def going(own: Marking, released: ReleaseClass) -> Going:
    """Return an object as it goes."""
    head = Header("indicator--1", "indicator", "2.1", "", "", "", None)
    return Going(head, own, released)


@pytest.mark.parametrize(
    ("own", "passed", "released", "safe"),
    [
        (Marking(Tlp.AMBER), Passed(), ReleaseClass(Tlp.AMBER, None), True),
        # inherited here, and nothing there would bind it
        (UNMARKED, Passed(), ReleaseClass(Tlp.AMBER, None), False),
        (Marking(Tlp.GREEN), Passed(), ReleaseClass(Tlp.AMBER, None), False),
        # its container is there already
        (UNMARKED, Passed(bound=Marking(Tlp.AMBER)), ReleaseClass(Tlp.AMBER, None), True),
        (UNMARKED, Passed(bound=Marking(Tlp.RED)), ReleaseClass(Tlp.AMBER, None), True),
        # a collection's default stays behind; what is CLEAR may arrive unmarked
        (UNMARKED, Passed(), ReleaseClass(Tlp.GREEN, None), False),
        (UNMARKED, Passed(), ReleaseClass(Tlp.CLEAR, None), True),
        (Marking(Tlp.GREEN), Passed(), ReleaseClass(Tlp.GREEN, frozenset({"jp-us"})), False),
        (Marking(Tlp.GREEN, frozenset({"jp-us"})), Passed(), ReleaseClass(Tlp.GREEN, frozenset({"jp-us"})), True),
        (UNMARKED, Passed(), ReleaseClass(None, None), False),
    ],
)
def test_what_binds_here_must_bind_there(own: Marking, passed: Passed, released: ReleaseClass, safe: bool) -> None:
    assert carried(going(own, released), {"indicator--1": passed}) is safe


def test_every_rule_is_said_in_both_languages() -> None:
    assert all(english.isascii() and not japanese.isascii() for english, japanese in RULES.values())
