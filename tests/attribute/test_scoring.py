"""What the scorer and the guard promise, whatever the evidence: properties on a made-up world."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.attribute.world import World

from noroshi.attribute.assessment import assess, without
from noroshi.attribute.decoys import planted
from noroshi.attribute.evidence import CLASSES, Evidence, Item, findings, reliability
from noroshi.attribute.features import compared
from noroshi.attribute.guard import CHECKS, Terms, guard
from noroshi.attribute.index import index_of
from noroshi.attribute.knowledge import Knowledge
from noroshi.attribute.scoring import Scored, score, utilities
from noroshi.attribute.words import WORDS, likelihood
from noroshi.desk.attributing import Assessor

LETTERS, DIGITS = "ABCDEF", "123456"


def told(world: World, group: str, size: int = 40, sources: int = 2) -> Evidence:
    """Return all that a group does, by several sources."""
    habits = sorted(set(world.habits[group]))[:size]
    items = [Item("technique", f"R{k % sources}", "B2", name) for k, name in enumerate(habits)]
    items += [Item("software", f"R{k % sources}", "B2", name) for k, name in enumerate(world.tools[group])]
    return Evidence(group, tuple(items))


def shares(ready: Assessor, evidence: Evidence) -> np.ndarray[Any, np.dtype[np.float64]]:
    return assess(ready.model, ready.index, evidence, brief=True).shares


def asserted(ready: Assessor, evidence: Evidence) -> str | None:
    return assess(ready.model, ready.index, evidence, brief=True).asserted


@st.composite
def evidences(draw: Any) -> Evidence:
    """Return evidence of any grades, mostly of one group, so that assertions are met too."""
    number = draw(st.integers(0, 30))
    own = [Item("software", "R", "B2", f"S{100 + 3 * number + k:04d}") for k in range(draw(st.integers(0, 3)))]
    ids = draw(st.lists(st.integers(1000, 1119), max_size=14))
    items = [*own, *(Item("technique", "R", "B2", f"T{n}") for n in ids)]
    grades = [draw(st.sampled_from(LETTERS)) + draw(st.sampled_from(DIGITS)) for _ in items]
    sources = [draw(st.sampled_from(("R1", "R2", "R3"))) for _ in items]
    return Evidence("x", tuple(replace(i, grade=g, source=s) for i, g, s in zip(items, grades, sources, strict=True)))


@given(evidence=evidences(), seed=st.integers(0, 1000))
@settings(max_examples=25)
def test_probabilities_sum_to_one_and_order_does_not_matter(ready: Assessor, evidence: Evidence, seed: int) -> None:
    first = assess(ready.model, ready.index, evidence)
    order = np.random.default_rng(seed).permutation(len(evidence.items))
    again = assess(ready.model, ready.index, replace(evidence, items=tuple(evidence.items[k] for k in order)))
    assert abs(first.shares.sum() - 1.0) < 1e-9
    assert (first.shares == again.shares).all()
    assert (first.asserted, first.flips, first.checks) == (again.asserted, again.flips, again.checks)


@given(evidence=evidences())
@settings(max_examples=25)
def test_the_same_from_one_source_counts_once(ready: Assessor, evidence: Evidence) -> None:
    twice = replace(evidence, items=(*evidence.items, *evidence.items))
    assert (shares(ready, evidence) == shares(ready, twice)).all()
    assert asserted(ready, evidence) == asserted(ready, twice)


@given(evidence=evidences(), data=st.data())
@settings(max_examples=50)
def test_no_lower_grade_raises_the_leader_toward_assertion(ready: Assessor, evidence: Evidence, data: Any) -> None:
    def worse(item: Item) -> Item:
        letter = data.draw(st.sampled_from(LETTERS[LETTERS.index(item.grade[0]) :]))
        return replace(item, grade=letter + data.draw(st.sampled_from(DIGITS[DIGITS.index(item.grade[1]) :])))

    lower = replace(evidence, items=tuple(map(worse, evidence.items)))
    before, after = (score(ready.model, ready.index, findings(one.items)) for one in (evidence, lower))
    for leader in range(len(before.hypotheses) - 1):
        assert after.cautious(leader) <= before.cautious(leader) + 1e-12
    if asserted(ready, evidence) is None:
        assert asserted(ready, lower) is None


def test_an_assertion_does_not_outlive_its_grades(ready: Assessor, world: World) -> None:
    strong = next(told(world, g) for g in world.habits if asserted(ready, told(world, g)) == g)
    for grade in ("C3", "D4", "F6"):
        assert asserted(ready, replace(strong, items=tuple(replace(i, grade=grade) for i in strong.items))) is None


def test_counts_of_the_guard_only_fall_when_evidence_is_taken_away(ready: Assessor, world: World) -> None:
    counting = ("classes", "sources", "shared")
    rng = np.random.default_rng(3)
    met = 0
    for group in list(world.habits)[:25]:
        full = told(world, group)
        keep = rng.random(len(full.items)) < 0.6
        part = replace(full, items=tuple(i for i, stays in zip(full.items, keep, strict=True) if stays))
        leader = ready.index.groups.index(group)
        scored = [score(ready.model, ready.index, findings(one.items)) for one in (full, part)]
        terms = Terms()
        held = [{c.rule: c.holds for c in guard(one, leader, lambda left: score(ready.model, ready.index, left), terms)}
                for one in scored]  # fmt: skip
        for rule in counting:
            assert held[1][rule] <= held[0][rule]
            met += held[0][rule] and not held[1][rule]
    assert met, "no count fell: the test says nothing"


def test_new_names_for_everything_change_nothing(ready: Assessor, world: World) -> None:
    new = {
        name: f"X{(k * 7919) % 100003:06d}" for k, name in enumerate([*ready.knowledge.names, *ready.knowledge.groups])
    }
    known = ready.knowledge
    renamed = Knowledge(
        known.name, known.as_of,
        {new[a.id]: replace(a, id=new[a.id]) for a in known.actors.values() if a.id in new},
        tuple(replace(u, actor=new[u.actor], item=new[u.item]) for u in known.uses),
        {new[name]: text for name, text in known.names.items()}, frozenset(new[s] for s in known.software), {},
        known.sources,
    )  # fmt: skip
    index = index_of(renamed)
    for group in list(world.habits)[:10]:
        evidence = told(world, group, 6)
        before = dict(zip(ready.index.groups, shares(ready, evidence), strict=False))
        other = replace(evidence, items=tuple(replace(i, id=new[i.id]) for i in evidence.items))
        after = dict(zip(index.groups, assess(ready.model, index, other, brief=True).shares, strict=False))
        assert all(abs(after[new[g]] - p) < 1e-9 for g, p in before.items())


def test_at_full_weight_the_scores_are_those_of_the_trained_model(ready: Assessor, world: World) -> None:
    for group in list(world.habits)[:10]:
        evidence = told(world, group, 8)
        scored = score(ready.model, ready.index, findings(evidence.items))
        techniques = [i.id for i in evidence.items if i.kind == "technique"]
        plain = utilities(ready.model, compared(ready.index, techniques, world.tools[group]))
        assert np.allclose(scored.scores() - scored.scores()[-1], plain - plain[-1])


def test_without_evidence_only_priors_are_left(ready: Assessor) -> None:
    nothing = assess(ready.model, ready.index, Evidence("x", ()))
    assert nothing.shares[-1] == pytest.approx(0.44)
    assert nothing.asserted is None
    assert nothing.flips is None
    assert not nothing.scored.supports.any()


def test_removing_what_flips_it_makes_another_group_lead_and_nothing_less_does(ready: Assessor, world: World) -> None:
    met = 0
    for group in list(world.habits)[:12]:
        evidence = told(world, group, 5)
        done = assess(ready.model, ready.index, evidence)
        leader = done.scored.hypotheses[done.leader]
        if done.flips is None:
            continue
        met += 1
        for gone, changed in [(done.flips, True), *((done.flips[:k] + done.flips[k + 1 :], False)
                                                    for k in range(len(done.flips)))]:  # fmt: skip
            left = assess(ready.model, ready.index, without(evidence, gone), brief=True)
            assert (left.scored.hypotheses[left.leader] != leader) == changed
    assert met


def test_forged_shares_lower_the_leader_and_raise_the_unknown(ready: Assessor, world: World) -> None:
    done = assess(ready.model, ready.index, told(world, "G0003"))
    parts = [forged for _, forged in done.forged]
    assert [share for share, _ in done.forged] == [0.0, 0.1, 0.3]
    assert parts[0].probability > parts[1].probability > parts[2].probability
    assert parts[0].unknown < parts[1].unknown < parts[2].unknown


def test_a_higher_prior_of_the_unknown_raises_it(ready: Assessor, world: World) -> None:
    band = assess(ready.model, ready.index, told(world, "G0003", 4)).band
    assert [row[2] for row in band] == sorted(row[2] for row in band)


@pytest.mark.parametrize("kind", ["ip-address", "language", "infrastructure", "working-hours"])
def test_addresses_or_language_alone_are_never_enough_whatever_their_number(ready: Assessor, kind: str) -> None:
    items = [Item(kind, f"R{k}", "A1", value=f"v{k}", favours=("G0003",)) for k in range(300)]
    done = assess(ready.model, ready.index, Evidence("x", tuple(items)), brief=True)
    assert done.asserted is None
    assert {c.rule for c in done.checks if not c.holds} >= {"probability", "classes"}
    leader = done.shares[ready.index.groups.index("G0003")]
    base = assess(ready.model, ready.index, Evidence("x", ()), brief=True).shares[ready.index.groups.index("G0003")]
    assert leader / base <= CLASSES[kind].ratio + 1e-9


def test_claims_of_others_are_not_scored(ready: Assessor, world: World) -> None:
    evidence = told(world, "G0003", 4)
    claim = Item("claim", "ally", "A1", value="it was them", favours=("G0009",))
    assert (shares(ready, evidence) == shares(ready, replace(evidence, items=(*evidence.items, claim)))).all()


def test_every_rule_of_the_guard_can_fail_alone_and_one_report_is_never_enough(ready: Assessor, world: World) -> None:
    group = next(g for g in world.habits if asserted(ready, told(world, g)) == g)
    one = assess(ready.model, ready.index, told(world, group, sources=1), brief=True)
    assert [c.rule for c in one.checks if not c.holds] == ["sources"]
    assert (
        assess(ready.model, ready.index, told(world, group, sources=1), Terms(sources=1), brief=True).asserted == group
    )
    assert {c.rule for c in one.checks} == set(CHECKS)
    assert all(c.line("en") and c.line("ja") for c in one.checks)


def test_decoys_within_the_budget_are_never_asserted(ready: Assessor, world: World) -> None:
    rng, led = np.random.default_rng(11), 0
    for group in list(world.habits)[:30]:
        base = told(world, group, 5)
        for decoy, techniques, software in planted(ready.index, group, 1, 3, rng):
            more = [Item("technique", "R7", "A1", t) for t in techniques] + [
                Item("software", "R8", "A1", s) for s in software
            ]
            done = assess(ready.model, ready.index, replace(base, items=(*base.items, *more)), brief=True)
            led += done.scored.hypotheses[done.leader] == decoy
            assert done.asserted != decoy
    assert led, "no decoy even led: the test says nothing"


def test_grades_fall_letter_by_letter_and_what_cannot_be_judged_counts_for_no_more() -> None:
    for digit in DIGITS:
        values = [reliability(letter + digit) for letter in LETTERS]
        assert values == sorted(values, reverse=True)
    for letter in LETTERS:
        values = [reliability(letter + digit) for digit in DIGITS]
        assert values == sorted(values, reverse=True)


def test_a_second_source_makes_a_doubtful_item_count_for_more_never_above_one() -> None:
    one = findings([Item("technique", "R1", "D4", "T1")])[0].weight
    two = findings([Item("technique", "R1", "D4", "T1"), Item("technique", "R2", "D4", "T1")])[0].weight
    assert 0 < one < two < 1
    assert findings([Item("technique", "R1", "A1", "T1"), Item("technique", "R2", "A1", "T1")])[0].weight == 1


def test_the_cautious_probability_is_the_posterior_where_all_is_believed() -> None:
    scored = Scored(("a", "b", "unknown"), findings([Item("technique", "R", "B2", "T1")]), np.zeros(3),
                    np.array([[2.0], [1.0], [0.0]]), np.ones((3, 1), np.bool_), np.ones(1))  # fmt: skip
    assert scored.cautious(0) == pytest.approx(scored.posterior()[0])
    assert scored.cautious(0) == pytest.approx(math.exp(2) / (math.exp(2) + math.exp(1) + 1))


def test_words_of_icd_203() -> None:
    said = {0.01: "almost no chance", 0.1: "very unlikely", 0.3: "unlikely", 0.5: "roughly even chance", 0.7: "likely",
            0.9: "very likely", 0.97: "almost certain", 1.0: "almost certain", 0.0: "almost no chance"}  # fmt: skip
    assert {share: likelihood(share) for share in said} == said
    assert len({row[2] for row in WORDS}) == len(WORDS)
    assert likelihood(0.7, "ja") == "可能性は高い"
