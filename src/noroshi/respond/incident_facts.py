"""What follows for certain from an incident for the scales of severity; whatever does not is left as not known.

Only what was confirmed counts, since a first report may be wrong. What a person set by hand goes before what follows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from noroshi.respond.incident import Moved
from noroshi.respond.incident_words import OPTIONS

if TYPE_CHECKING:
    from noroshi.respond.incident import Incident

__all__ = ["RULES", "SECTORS", "Fact", "answers", "facts", "nciss"]

ENERGY, TRANSPORT = frozenset({"energy"}), frozenset({"transport"})
SECTORS: dict[str, frozenset[str]] = {
    "power": ENERGY, "electricity": ENERGY, "gas": ENERGY, "petroleum": ENERGY,
    "telecom": frozenset({"communications", "it"}),
    "finance": frozenset({"finance"}), "credit": frozenset({"finance"}),
    "aviation": TRANSPORT, "airport": TRANSPORT, "railway": TRANSPORT, "logistics": TRANSPORT, "port": TRANSPORT,
    "ports": TRANSPORT,
    "medical": frozenset({"health"}), "water": frozenset({"water"}), "chemical": frozenset({"chemical"}),
    "government": frozenset({"government"}), "defence": frozenset({"defence"}),
}  # fmt: skip
"""Sector of an incident -> what it is in NCISS; sectors that are not here leave it open."""
RULES: dict[str, tuple[str, str]] = {
    "by-hand": ("set by a person", "人が設定"),
    "near-miss": ("a near miss: nothing happened", "予兆・ヒヤリハット:実害なし"),
    "not-available": ("systems or services were not available", "システム等の利用困難があった"),
    "data-hit": ("data was leaked or destroyed", "情報の漏えい・破壊があった"),
    "leaked": ("data was leaked, and that is no suspicion any more", "漏えいが確認された(疑いではない)"),
    "intruded": ("somebody was in the systems", "システム等に侵入された"),
    "delivered": ("foreign code reached the systems", "不正コード等が届いた"),
    "effect": ("meant to harm, and it took effect", "悪意による行為が効果を生じた"),
    "recovered": ("it was recovered, so it was recoverable", "復旧した(復旧可能だった)"),
    "sector": ("its sector", "分野による"),
    "below-floor": ("person-hours below floor were counted", "最低水準未満の人時が生じた"),
}
"""Why a fact follows -> in words."""
DONE = frozenset({"recovered", "closed"})
TAKES_EFFECT = frozenset({"unavailability", "destruction", "leak"})


class Fact(NamedTuple):
    """What a category of a scale may be, why, and by which line of the incident. scale: nciss or japan."""

    scale: str
    category: str
    options: frozenset[str]
    why: str
    line: int


def facts(one: Incident) -> tuple[Fact, ...]:
    """Return what is known of an incident for the scales: by hand, else what follows for certain from its fields."""
    given = tuple(by_hand(one))
    named = {(fact.scale, fact.category) for fact in given}
    return (*given, *(fact for fact in followed(one) if (fact.scale, fact.category) not in named))


def by_hand(one: Incident) -> Iterator[Fact]:
    """Yield what a person set."""
    for key in OPTIONS:
        known = one.fields.get(key)
        if known is not None and known.value:
            scale, _, category = key.partition(".")
            yield Fact(scale, category, frozenset(known.value), "by-hand", known.line.n)


def followed(one: Incident) -> Iterator[Fact]:
    """Yield what follows from the fields of an incident that was confirmed."""
    confirmed = next((line.n for line in one.lines if isinstance(line.said, Moved) and line.said.state != "closed"), 0)
    if one.sector.casefold() in SECTORS:
        yield Fact("nciss", "cross-sector", SECTORS[one.sector.casefold()], "sector", one.lines[0].n)
    if not confirmed:
        return
    what, line = one.value("what"), one.fields["what"].line.n
    if what == "near-miss":
        yield Fact("nciss", "functional", frozenset({"none"}), "near-miss", line)
        yield Fact("nciss", "information", frozenset({"none"}), "near-miss", line)
    if what == "unavailability":
        yield but("functional", {"none"}, "not-available", line)
    if what == "leak":
        yield but("information", {"none", "suspected"}, "leaked", line)
    if what == "destruction":
        yield but("information", {"none"}, "data-hit", line)
    yield from activity(one, what, line)
    yield from recovered(one)
    for harm in one.harms:
        if harm.harm == "service" and harm.amount:
            left = frozenset(OPTIONS["japan.continuity"][1]) - {"none"}
            yield Fact("japan", "continuity", left, "below-floor", harm.line.n)


def activity(one: Incident, what: str, line: int) -> Iterator[Fact]:
    """Yield what was seen of the attacker's activity: of one that was meant to harm."""
    if one.value("malicious") is not True:
        return
    if what in TAKES_EFFECT:
        yield Fact("nciss", "activity", frozenset({"effect"}), "effect", line)
    elif what == "intrusion":
        yield Fact("nciss", "activity", frozenset({"presence", "effect"}), "intruded", line)
    elif what in {"malware", "code-execution"}:
        yield Fact("nciss", "activity", frozenset({"engage", "presence", "effect"}), "delivered", line)


def recovered(one: Incident) -> Iterator[Fact]:
    """Yield that it was recoverable, where it is recovered and has not flared up since."""
    states = [(line.n, line.said.state) for line in one.lines if isinstance(line.said, Moved)]
    since = next((n for n, state in reversed(states) if state == "recovered"), 0)
    if since and all(state in DONE for n, state in states if n > since):
        yield but("recovery", {"not-recoverable"}, "recovered", since)


def but(category: str, never: set[str], why: str, line: int) -> Fact:
    """Return that a category of NCISS is any but some."""
    return Fact("nciss", category, frozenset(OPTIONS[f"nciss.{category}"][1]) - never, why, line)


def nciss(known: Iterable[Fact]) -> dict[str, frozenset[str]]:
    """Return category of NCISS -> what it may be; `facts` has at most one of each category."""
    return {fact.category: fact.options for fact in known if fact.scale == "nciss"}


def answers(every: Iterable[Iterable[Fact]]) -> dict[str, bool]:
    """Return statement of Japan's scale -> whether it holds for a case of several incidents: of the worst of them.

    A grade is out of the question where some incident is certain to be worse, or where each is certain to be less.
    """
    found: dict[str, bool] = {}
    cases = [{fact.category: fact.options for fact in known if fact.scale == "japan"} for known in every]
    for axis in ("continuity", "safety"):
        grades = OPTIONS[f"japan.{axis}"][1]
        ends = [sorted(grades.index(one) for one in case.get(axis, grades)) for case in cases]
        least, most = max((one[0] for one in ends), default=0), max((one[-1] for one in ends), default=len(grades) - 1)
        if (least, most) != (0, len(grades) - 1):
            found |= {f"{axis}:{one}": False for k, one in enumerate(grades) if not least <= k <= most}
    return found
