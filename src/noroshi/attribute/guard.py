"""What must hold before anything is said to be attributed; else it is not, with the reasons.

Made so that nothing can be argued around it: no lower grade of anything turns a refusal into an assertion, and what is
counted (classes, sources, items of one's own) only falls when evidence is taken away.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from noroshi.attribute.evidence import BEHAVIOUR, CLASSES, Finding
from noroshi.attribute.index import RARE
from noroshi.attribute.scoring import Scored

__all__ = ["BUDGET", "CHECKS", "USUAL", "Check", "Rule", "Terms", "guard", "strongest"]

LEAST_PROBABILITY = 0.9
MOST_UNKNOWN = 0.1
BUDGET = 4
"""Items that an adversary may have planted: one piece of software and three techniques, or any four."""
EVEN = 0.5
"""What the leader must keep without them: at least an even chance, so that it still leads."""
RIVALS = 4
HARD = 0.5
"""A class of which an adversary can plant at most so much is hard to forge."""
LEAST_CLASSES, LEAST_SOURCES = 2, 2

Rescore = Callable[[Sequence[Finding]], Scored]


@dataclass(frozen=True, slots=True)
class Terms:
    """What a person may ask otherwise: items that may be planted, sources of B2 or better that must speak for it.

    unknown_prior: P(unknown) before the evidence, None for the share among what the model was trained on.
    """

    budget: int = BUDGET
    sources: int = LEAST_SOURCES
    unknown_prior: float | None = None


USUAL = Terms()


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the guard: its name, and what it asks, in both languages; {got} and {asked} are filled in."""

    name: str
    asks: str
    asks_ja: str


RULES = {
    rule.name: rule
    for rule in (
        Rule("probability", "the leading group must reach {asked} where doubt counts against it; it has {got}",
             "疑いを不利に数えても首位の確率が{asked}以上であること(現在{got})"),
        Rule("unknown", "an unlisted actor must be less likely than {asked}; it has {got}",
             "未知の主体である確率が{asked}未満であること(現在{got})"),
        Rule("removal", "it must keep even odds without any {asked} items that may be planted; not without {got}",
             "敵が仕込みうる{asked}件を除いても五分以上であること({got}を除くと下回る)"),
        Rule("classes", "two classes of evidence must speak for it, one hard to forge; there are: {got}",
             "二種類以上の証拠が支持し、うち一つは偽装が難しいこと(現在:{got})"),
        Rule("sources", "{asked} sources graded B2 or better must speak for it; there are {got}",
             "B2以上の情報源{asked}件以上が支持すること(現在{got}件)"),
        Rule("shared", "something that at most {asked} groups use must speak for it; the rarest is used by {got}",
             "{asked}集団以下しか使わないものが支持すること(最も稀なものでも{got}集団)"),
    )
}  # fmt: skip
CHECKS = tuple(RULES)


@dataclass(frozen=True, slots=True)
class Check:
    """Whether one rule holds, and what was found."""

    rule: str
    holds: bool
    got: str
    asked: str

    def line(self, lang: str = "en") -> str:
        """Return what the rule asks and what it found, in words."""
        rule = RULES[self.rule]
        return (rule.asks_ja if lang == "ja" else rule.asks).format(got=self.got, asked=self.asked)


def strongest(scored: Scored, leader: int, rival: int, count: int) -> tuple[int, ...]:
    """Return the places of the `count` findings that put `leader` furthest ahead of `rival`, the strongest first."""
    ahead = (scored.parts[leader] - scored.parts[rival]) * scored.weights
    order = np.lexsort((np.arange(len(ahead)), -ahead))
    return tuple(int(k) for k in order[:count] if ahead[k] > 0.0)


def guard(scored: Scored, leader: int, rescore: Rescore, terms: Terms) -> tuple[Check, ...]:
    """Return every check of the guard for the group at `leader`.

    rescore: scores what is left of the findings.
    """
    found = scored.findings
    shares = scored.posterior()
    cautious = min(scored.cautious(leader), float(shares[leader]))
    unknown = float(shares[-1])
    for_it = [k for k in range(len(found)) if bool(scored.supports[leader, k])]
    return (
        Check("probability", cautious >= LEAST_PROBABILITY, f"{cautious:.2f}", f"{LEAST_PROBABILITY:g}"),
        Check("unknown", unknown < MOST_UNKNOWN, f"{unknown:.2f}", f"{MOST_UNKNOWN:g}"),
        removal(scored, leader, rescore, terms.budget),
        classes(scored, for_it),
        sources(found, for_it, terms.sources),
        shared(scored, for_it),
    )


def removal(scored: Scored, leader: int, rescore: Rescore, budget: int) -> Check:
    """Check that the leader keeps an even chance without what most puts it ahead, of its nearest rivals each."""
    shares, name = scored.posterior(), scored.hypotheses[leader]
    order = [int(k) for k in np.lexsort((np.arange(len(shares)), -shares)) if k != leader]
    last = len(shares) - 1
    for rival in dict.fromkeys([last, *order[:RIVALS]]):
        gone = strongest(scored, leader, rival, budget)
        left = rescore([one for k, one in enumerate(scored.findings) if k not in gone])
        if float(left.posterior()[left.hypotheses.index(name)]) < EVEN:
            return Check("removal", holds=False, got= ", ".join(scored.findings[k].label for k in gone) or "anything",
                         asked=str(budget))  # fmt: skip
    return Check("removal", holds=True, got="-", asked=str(budget))


def classes(scored: Scored, for_it: Sequence[int]) -> Check:
    """Check that two classes speak for it, one hard to forge. Software counts as such if it is few groups' own."""
    named = {scored.findings[k].kind for k in for_it}
    hard = {
        scored.findings[k].kind
        for k in for_it
        if CLASSES[scored.findings[k].kind].forgeable <= HARD
        and (scored.findings[k].kind not in BEHAVIOUR or scored.holders[k] <= RARE)
    }
    got = ", ".join(f"{name} (hard to forge)" if name in hard else name for name in sorted(named)) or "none"
    return Check("classes", len(named) >= LEAST_CLASSES and bool(hard), got, str(LEAST_CLASSES))


def sources(found: Sequence[Finding], for_it: Sequence[int], least: int) -> Check:
    """Check that enough sources of grade B2 or better speak for it."""
    good = {source for k in for_it for source in found[k].good_sources}
    return Check("sources", len(good) >= least, str(len(good)), str(least))


def shared(scored: Scored, for_it: Sequence[int]) -> Check:
    """Check that not only what many groups use speaks for it: shared or rented tooling, common techniques."""
    few = [int(scored.holders[k]) for k in for_it if scored.findings[k].kind in BEHAVIOUR]
    least = min(few, default=0)
    return Check("shared", 0 < least <= RARE, f"{least}" if few else "none", str(RARE))
