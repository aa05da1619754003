"""Each rule of the guard, and what flips a finding, on scores written by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from noroshi.attribute.evidence import Finding
from noroshi.attribute.flips import flips_when_removed
from noroshi.attribute.guard import USUAL, Terms, guard
from noroshi.attribute.scoring import Scored


def found(kind: str, label: str, *good: str, weight: float = 1.0) -> Finding:
    return Finding(kind, label, label, (), weight, good, good)


def scored(findings: Sequence[Finding], parts: Sequence[Sequence[float]], holders: Sequence[int]) -> Scored:
    """Return scores of groups a and b and the unknown; what adds to a group is published of it."""
    added = np.array(parts, float)
    supports = added > 0
    supports[-1] = False
    return Scored(("a", "b", "unknown"), tuple(findings), np.zeros(3), added, supports, np.array(holders, float))


def held(
    findings: Sequence[Finding], holders: Sequence[int], each: float = 9.0, terms: Terms = USUAL
) -> dict[str, bool]:
    """Return which rules hold for group a where every finding speaks for it alone."""

    def made(left: Sequence[Finding]) -> Scored:
        at = [findings.index(one) for one in left]
        return scored(left, [[each] * len(left), [0.0] * len(left), [0.0] * len(left)], [holders[k] for k in at])

    return {check.rule: check.holds for check in guard(made(findings), 0, made, terms)}


STRONG = [found("software", f"S{k}", f"R{k % 2}") for k in range(3)] + [
    found("technique", f"T{k}", "R1") for k in range(3)
]
RARE = [1] * 6


def test_a_strong_case_meets_every_rule() -> None:
    assert all(held(STRONG, RARE).values())


@pytest.mark.parametrize(("findings", "holders", "fails"), [
    (STRONG, [4, 4, 4, 1, 1, 1], "classes"),
    (STRONG[:3] + [found("software", f"X{k}", "R1") for k in range(3)], RARE, "classes"),
    ([found("technique", f"T{k}", f"R{k}") for k in range(6)], RARE, "classes"),
    ([found(one.kind, one.label, "R1") for one in STRONG], RARE, "sources"),
    ([found(one.kind, one.label) for one in STRONG], RARE, "sources"),
    (STRONG[:2] + STRONG[3:5], RARE[:4], "removal"),
])  # fmt: skip
def test_each_rule_fails_alone(findings: list[Finding], holders: list[int], fails: str) -> None:
    assert [rule for rule, holds in held(findings, holders).items() if not holds] == [fails]


def test_what_many_use_is_not_enough() -> None:
    assert not held(STRONG, [30] * 6)["shared"]
    assert held(STRONG, [30, 30, 30, 30, 30, 3])["shared"]


def test_weak_scores_fail_by_probability_and_unknown() -> None:
    rules = held(STRONG, RARE, each=0.3)
    assert not rules["probability"]
    assert not rules["unknown"]


def test_a_larger_budget_or_more_sources_may_be_asked_for() -> None:
    assert not held(STRONG, RARE, terms=Terms(budget=6))["removal"]
    assert not held(STRONG, RARE, terms=Terms(sources=3))["sources"]
    assert held([found(one.kind, one.label, "R1") for one in STRONG], RARE, terms=Terms(sources=1))["sources"]


def test_doubt_counts_against_the_leader_and_never_against_its_rivals() -> None:
    doubted = [found("technique", "T1", "R1", weight=0.2), found("technique", "T2", "R1", weight=0.2)]
    one = scored(doubted, [[4.0, 0.0], [0.0, 3.0], [0.0, 0.0]], [1, 1])
    plain = scored([found("technique", "T1", "R1", weight=0.2), found("technique", "T2", "R1")],
                   [[4.0, 0.0], [0.0, 3.0], [0.0, 0.0]], [1, 1])  # fmt: skip
    assert one.cautious(0) == pytest.approx(plain.cautious(0))
    assert one.cautious(0) < one.posterior()[0]


def test_what_is_not_needed_to_flip_it_is_put_back() -> None:
    both = [found("technique", "T1", "R1"), found("technique", "T2", "R1")]
    start = scored(both, [[2.0, 1.5], [0.0, 0.0], [0.0, 0.0]], [1, 1])

    def rescore(left: Sequence[Finding]) -> Scored:
        # without T2 all else weighs otherwise, as where it was the only telling software
        lead = 1.0 if any(one.label == "T2" for one in left) else -1.0
        made = scored(left, [[lead] * len(left), [0.0] * len(left), [0.0] * len(left)], [1] * len(left))
        return made if left else scored([], np.zeros((3, 0)).tolist(), [])

    shifted = Scored(
        start.hypotheses, start.findings, np.array([0.0, 3.0, 0.0]), start.parts, start.supports, start.holders
    )

    def with_prior(left: Sequence[Finding]) -> Scored:
        made = rescore(left)
        return Scored(
            made.hypotheses, made.findings, np.array([0.0, 0.5, 0.0]), made.parts, made.supports, made.holders
        )

    assert flips_when_removed(shifted, with_prior) == (1,)
