"""What may leave to a partner hub and what is taken from it: one rule decides for each object, and has a name.

TLP 2.0 (FIRST, 2022): RED is for those who were named, AMBER+STRICT for one's own organisation, AMBER for it and its
clients; so what a partner sent may go on to a third one only as GREEN or CLEAR. What was written here goes as far as
the partner's own principal sees, within what was agreed with it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from noroshi.share.headers import Header
from noroshi.share.inheritance import NOTHING, Passed, effective
from noroshi.share.markings import Marking, Tlp
from noroshi.share.release import Principal, ReleaseClass, release_class

__all__ = [
    "EXPLAINS",
    "LEAVES",
    "ONWARD",
    "RULES",
    "Facts",
    "Going",
    "Policy",
    "Terms",
    "carried",
    "decide",
    "refused",
    "unseen",
]

ONWARD = Tlp.GREEN
"""The highest level at which what one partner sent may go on to another."""
EXPLAINS = frozenset({"marking-definition"})
"""Types that go with whatever they explain, whichever types were agreed, and whoever else has sent them: each source
explains its own."""
LEAVES = "leaves"

RULES: dict[str, tuple[str, str]] = {
    LEAVES: ("within what was agreed, and its principal sees it", "合意の範囲内で、相手の主体が閲覧できる"),
    "tlp-not-seen": ("its principal may not see this TLP", "相手の主体が閲覧できないTLP"),
    "community-not-seen": ("its principal is in none of its communities", "相手の主体が属さない共同体向け"),
    "unmarked": ("unmarked or unexplained: shown to nobody", "標示がない、または標示の意味が不明:誰にも見せない"),
    "not-told": (
        "joins what its principal may not see, or another copy is told", "閲覧できないものを結ぶ、または別の写しがある",
    ),
    "came-from-it": ("it came from there", "その相手から来た"),
    "over-cap": ("above the TLP that was agreed", "合意したTLPを超える"),
    "other-community": ("for communities that were not agreed", "合意にない共同体向け"),
    "other-type": ("of a type that was not agreed", "合意にない種別"),
    "onward": (
        "another partner sent it, and only GREEN and CLEAR may go on", "別の相手から受領。転送はGREENとCLEARのみ",
    ),
    "end-stays": ("it joins what is not within what was agreed", "合意の範囲外のものを結んでいる"),
    "not-carried": ("what binds it here would not bind it there", "ここでの制限が相手側では効かない"),
    "sent-before": ("it was sent before", "送信済み"),
    "passed-by": ("looked at before; --again looks anew", "判断済み。--againで見直す"),
}  # fmt: skip
"""Code of a rule -> what it says, in English and Japanese. All but the first keep an object here."""


@dataclass(frozen=True, slots=True)
class Terms:
    """A partner hub: where it is, what is pulled into and pushed from which collection, as whom.

    communities None: any; types empty: all; unmarked: "deny", or "default" where the collection's default is for what
    comes from there too; ca: a file of authorities, trusted instead of the usual ones.
    """

    name: str
    url: str
    remote: str
    into: str
    outof: str
    principal: str
    pulls: bool
    pushes: bool
    max_tlp: int
    communities: frozenset[str] | None
    types: frozenset[str]
    unmarked: str
    ca: str


class Policy(msgspec.Struct, frozen=True):
    """What was agreed with a partner: the highest TLP, communities (None: any) and types (empty: all)."""

    most: Tlp
    communities: frozenset[str] | None = None
    types: frozenset[str] = frozenset()


class Facts(msgspec.Struct, frozen=True):
    """What decides about one object, besides the policy.

    told: whether the partner's principal is told of it when it asks; came: whether it came from the partner; passed_on:
    whether another partner sent it; joins: whether all that it joins is within what was agreed too; carried: whether
    what went before it asks as much there as is asked here; sent: whether the partner has it from us.
    """

    type: str
    released: ReleaseClass
    told: bool
    came: bool = False
    passed_on: bool = False
    carried: bool = True
    sent: bool = False
    joins: bool = True


def refused(policy: Policy, kind: str, released: ReleaseClass) -> str:
    """Return the rule by which an object of a type and class is outside what was agreed, "" where it is within.

    What has no TLP is within: its class shows it to nobody.
    """
    if kind in EXPLAINS:
        return ""
    if policy.types and kind not in policy.types:
        return "other-type"
    if released.tlp is not None and released.tlp > policy.most:
        return "over-cap"
    if policy.communities is not None and released.communities is not None:
        return "" if released.communities & policy.communities else "other-community"
    return ""


def unseen(principal: Principal, released: ReleaseClass) -> str:
    """Return the rule by which a principal does not see a class, "" where it sees it (`release.visible`)."""
    if released.tlp is None:
        return "unmarked"
    if principal.sees is None or released.tlp > principal.sees:
        return "tlp-not-seen"
    if released.communities is not None and released.communities.isdisjoint(principal.communities):
        return "community-not-seen"
    return ""


def decide(policy: Policy, principal: Principal, facts: Facts) -> str:
    """Return the one rule that decides whether an object leaves to a partner: `LEAVES`, or why it stays."""
    tlp = facts.released.tlp
    over = facts.type in EXPLAINS and tlp is not None and tlp > policy.most
    stays = (
        unseen(principal, facts.released),
        "came-from-it" if facts.came and facts.type not in EXPLAINS else "",
        "" if facts.told else "not-told",
        "over-cap" if over else refused(policy, facts.type, facts.released),
        "onward" if facts.passed_on and (tlp is None or tlp > ONWARD) else "",
        "" if facts.joins else "end-stays",
        "sent-before" if facts.sent else "",
        "" if facts.carried else "not-carried",
    )
    return next((rule for rule in stays if rule), LEAVES)


class Going(msgspec.Struct, frozen=True):
    """One object that is to go: its header, what its own markings ask, its class here."""

    header: Header
    own: Marking
    released: ReleaseClass


def carried(one: Going, passed: Mapping[str, Passed]) -> bool:
    """Return whether an object arrives at least as strict as it is here, where `passed` is what binds it there.

    There it is one source's contribution: only its own bytes and what went before it bind it. A collection's default
    stays behind, and what the other side's is cannot be known; only what is CLEAR here may arrive unmarked.
    """
    there = release_class(effective(one.own, passed.get(one.header.id, NOTHING)))
    here = one.released
    if here.tlp is None or (here.tlp > Tlp.CLEAR and (there.tlp is None or there.tlp < here.tlp)):
        return False
    return here.communities is None or (there.communities is not None and there.communities <= here.communities)
