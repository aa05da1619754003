"""Severities: NCISS with exact ends, monotone, intervals that hold every completion; additions; scales of levels."""

from __future__ import annotations

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from noroshi.files.severity import load_ladders, load_nciss
from noroshi.respond.ladders import Rung, climb
from noroshi.respond.nciss import Interval, score
from noroshi.respond.severity import FactSheet, Incident, judge
from noroshi.respond.uplift import HALF_CASCADE, uplift

NCISS = load_nciss()
LADDERS = {one.id: one for one in load_ladders()}
OPTIONS = {one.id: [option.id for option in one.options] for one in NCISS.categories}
WEIGHTS = {
    "functional": 6,
    "activity": 5,
    "location": 4,
    "actor": 4,
    "information": 2,
    "recovery": 4,
    "cross-sector": 3,
    "potential": 6,
}
VALUES = {
    "functional": [0, 20, 35, 40, 50, 60, 70, 100],
    "activity": [0, 40, 70, 80, 100],
    "location": [30, 40, 50, 60, 70, 80, 90, 100],
    "actor": [20, 30, 40, 50, 65, 80, 100],
    "information": [0, 10, 20, 50, 60, 70, 80, 100],
    "recovery": [20, 40, 60, 100],
    "cross-sector": [15, 20, 20, 25, 25, 30, 30, 35, 35, 40, 50, 60, 75, 75, 80, 100],
    "potential": [0, 25, 50, 75, 100],
}  # fmt: skip
"""The published table, typed a second time."""


def exact(**chosen: str) -> dict[str, frozenset[str]]:
    return {name.replace("_", "-"): frozenset([one]) for name, one in chosen.items()}


def test_the_table_is_the_published_one() -> None:
    assert {one.id: one.weight for one in NCISS.categories} == WEIGHTS
    assert {one.id: [option.value for option in one.options] for one in NCISS.categories} == VALUES
    assert NCISS.ends() == (325, 3400)


def test_the_ends_are_exactly_0_and_100() -> None:
    least = score(NCISS, {name: frozenset([ids[0]]) for name, ids in OPTIONS.items()})
    greatest = score(NCISS, {name: frozenset([ids[-1]]) for name, ids in OPTIONS.items()})
    assert least.value == (0.0, 0.0)
    assert greatest.value == (100.0, 100.0)
    assert score(NCISS, {}).value == (0.0, 100.0)
    assert score(NCISS, {}).unknown == 8


def test_a_score_worked_by_hand() -> None:
    # 6*70 + 5*100 + 4*60 + 4*40 + 2*20 + 4*60 + 3*30 + 6*50 = 1990; 100 * (1990 - 325) / 3075 = 54.146...
    facts = exact(functional="significant-critical", activity="effect", location="business-management",
                  actor="criminal", information="privacy", recovery="extended", cross_sector="health",
                  potential="50")  # fmt: skip
    found = score(NCISS, facts)
    assert found.value.low == found.value.high == pytest.approx(100 * 1665 / 3075)
    assert sum(part.points.low for part in found.parts) == pytest.approx(found.value.low)


@pytest.mark.parametrize("category", OPTIONS)
@pytest.mark.parametrize("others", [0, -1])
def test_it_rises_with_each_category(category: str, others: int) -> None:
    base = {name: frozenset([ids[others]]) for name, ids in OPTIONS.items()}
    scores = [score(NCISS, base | {category: frozenset([one])}).value.low for one in OPTIONS[category]]
    values = VALUES[category]
    for (a, b), (va, vb) in zip(pairwise(scores), pairwise(values), strict=True):
        assert a < b if va < vb else a == b


def all_scores(possible: dict[str, list[int]]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Every completion's sum of weight times value: all of them, one after the other."""
    sums = np.zeros(1, np.int64)
    for name, values in possible.items():
        sums = (sums[:, None] + WEIGHTS[name] * np.array(values, np.int64)).ravel()
    return sums


def test_the_interval_holds_every_one_of_the_completions() -> None:
    sums = all_scores(VALUES)
    assert len(sums) == 8 * 5 * 8 * 7 * 8 * 4 * 16 * 5
    assert 100 * (sums.min() - 325) / 3075 == score(NCISS, {}).value.low
    assert 100 * (sums.max() - 325) / 3075 == score(NCISS, {}).value.high


POSSIBLE = st.fixed_dictionaries(
    {}, optional={name: st.sets(st.sampled_from(ids), min_size=1).map(frozenset) for name, ids in OPTIONS.items()}
)


@settings(max_examples=40)
@given(POSSIBLE)
def test_the_interval_is_that_of_the_completions_whatever_is_known(facts: dict[str, frozenset[str]]) -> None:
    possible = {
        name: [v for one, v in zip(ids, VALUES[name], strict=True) if name not in facts or one in facts[name]]
        for name, ids in OPTIONS.items()
    }
    sums = all_scores({name: [min(values), max(values)] for name, values in possible.items()})
    found = score(NCISS, facts).value
    assert found.low == 100 * (int(sums.min()) - 325) / 3075
    assert found.high == 100 * (int(sums.max()) - 325) / 3075


@settings(max_examples=40)
@given(POSSIBLE, st.data())
def test_learning_more_only_narrows(facts: dict[str, frozenset[str]], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(list(OPTIONS)))
    left = facts.get(name, frozenset(OPTIONS[name]))
    more = facts | {name: frozenset(data.draw(st.sets(st.sampled_from(sorted(left)), min_size=1)))}
    before, after = score(NCISS, facts).value, score(NCISS, more).value
    assert before.low <= after.low <= after.high <= before.high


def test_a_category_or_option_that_there_is_not() -> None:
    with pytest.raises(KeyError):
        score(NCISS, {"functional": frozenset(["nonsense"])})
    with pytest.raises(KeyError):
        score(NCISS, {"nonsense": frozenset(["none"])})


# ------------------------------------------------------------------------------------------------ additions

HOSPITAL = exact(functional="denial-critical", activity="effect", location="critical-system", actor="criminal",
                 information="privacy", recovery="extended", cross_sector="health", potential="50")  # fmt: skip
TRUST = exact(functional="significant-critical", activity="effect", location="business-network", actor="unknown",
              information="none", recovery="supplemented", cross_sector="health", potential="50")  # fmt: skip


def test_eighty_trusts_come_above_one_hospital_and_the_addition_shows() -> None:
    one = judge(NCISS, (), FactSheet("hospital", (Incident("hospital", HOSPITAL),))).together
    many = judge(NCISS, (), FactSheet("worm", (Incident("trust", TRUST, 80),))).together
    assert one is not None
    assert many is not None
    assert many.worst.low < one.worst.low  # what NCISS alone says
    assert many.total.low > one.total.low  # what the addition repairs
    assert one.campaign == (0.0, 0.0)
    assert one.cascade is None
    # by hand: s = 100 * (6*70 + 5*100 + 4*40 + 4*50 + 0 + 4*40 + 3*30 + 6*50 - 325) / 3075 = 48.94...; m = 79 * s / 100
    s = 100 * (1830 - 325) / 3075
    m = 79 * s / 100
    assert many.worst.low == pytest.approx(s)
    assert many.campaign.low == pytest.approx((100 - s) * m / (m + 10))
    assert many.total.low == pytest.approx(s + (100 - s) * m / (m + 10))


def test_half_of_what_is_left_for_a_million_people_for_a_day() -> None:
    found = uplift([Interval(40, 40)], Interval(HALF_CASCADE, HALF_CASCADE))
    assert found.cascade == (30.0, 30.0)
    assert found.total == (70.0, 70.0)
    nothing = uplift([Interval(40, 60)], Interval(0, 0))
    assert nothing.total == (40.0, 60.0)


SCORES = st.lists(
    st.tuples(st.floats(0, 100), st.floats(0, 100)).map(sorted).map(lambda p: Interval(p[0], p[1])),
    min_size=1,
    max_size=12,
)
HOURS = st.tuples(st.floats(0, 1e10), st.floats(0, 1e10)).map(sorted).map(lambda p: Interval(p[0], p[1]))


@settings(max_examples=50)
@given(SCORES, HOURS, st.data())
def test_the_sum_lies_within_its_interval_and_below_100(
    scores: list[Interval], hours: Interval, data: st.DataObject
) -> None:
    chosen = [data.draw(st.floats(one.low, one.high)) for one in scores]
    h = data.draw(st.floats(hours.low, hours.high))
    whole = uplift(scores, hours)
    one = uplift([Interval(s, s) for s in chosen], Interval(h, h))
    assert 0.0 <= whole.total.low <= whole.total.high <= 100.0
    assert whole.total.low - 1e-9 <= one.total.low <= whole.total.high + 1e-9
    assert one.worst.low <= one.total.low + 1e-9
    assert one.cascade is not None
    assert one.worst.low + one.campaign.low + one.cascade.low == pytest.approx(one.total.low)


@given(
    st.lists(st.floats(0, 100), min_size=1, max_size=8),
    st.floats(0, 1e9),
    st.integers(0, 7),
    st.floats(0, 50),
    st.floats(0, 1e9),
)
def test_worse_more_and_longer_never_lower_it(
    scores: list[float], hours: float, which: int, more: float, longer: float
) -> None:
    def total(values: list[float], h: float) -> float:
        return uplift([Interval(v, v) for v in values], Interval(h, h)).total.low

    base = total(scores, hours)
    worse = list(scores)
    worse[which % len(scores)] = min(worse[which % len(scores)] + more, 100.0)
    assert total(worse, hours) >= base - 1e-9
    assert total([*scores, more], hours) >= base - 1e-9
    assert total(scores, hours + longer) >= base - 1e-9


def test_no_score_or_negative_hours_are_refused() -> None:
    with pytest.raises(ValueError, match="no incident"):
        uplift([])
    with pytest.raises(ValueError, match="negative"):
        uplift([Interval(1, 1)], Interval(-1, 5))


# --------------------------------------------------------------------------------------------------- scales


def test_japan_takes_the_higher_of_continuity_and_safety() -> None:
    japan = LADDERS["japan"]
    grades = ["none", "hardly", "some", "large", "extreme"]
    for (i, a), (j, b) in product(enumerate(grades), enumerate(grades)):
        assert climb(japan, {f"continuity:{a}": True, f"safety:{b}": True}) == Rung(max(i, j), max(i, j), ())
    assert climb(japan, {}) == Rung(0, 4, ("continuity", "safety"))
    assert climb(japan, {"continuity:some": True}) == Rung(2, 4, ("safety",))
    few = {"safety:large": False, "safety:extreme": False, "continuity:none": True}
    assert climb(japan, few) == Rung(0, 2, ("safety",))
    with pytest.raises(ValueError, match="safety"):
        climb(japan, {f"safety:{one}": False for one in grades})
    with pytest.raises(ValueError, match="continuity"):
        climb(japan, {"continuity:none": True, "continuity:some": True})


@pytest.mark.parametrize("name", ["ciss", "nis2"])
def test_a_scale_holds_every_completion(name: str) -> None:
    ladder = LADDERS[name]
    ids = [one.id for one in ladder.statements]
    ranks = {one.id: one.rank for one in ladder.statements}
    for known in product([None, False, True], repeat=len(ids)):
        facts = {one: said for one, said in zip(ids, known, strict=True) if said is not None}
        found = climb(ladder, facts)
        free = [one for one in ids if one not in facts]
        levels = set()
        for rest in product([False, True], repeat=len(free)):
            whole = facts | dict(zip(free, rest, strict=True))
            levels.add(max((ranks[one] for one in ids if whole[one]), default=ladder.least))
        assert (found.low, found.high) == (min(levels), max(levels))
        assert all(one in free for one in found.open)


def test_every_name_is_in_both_languages() -> None:
    for category in NCISS.categories:
        assert category.name.isascii()
        assert not category.name_ja.isascii()
        assert all(option.name and option.name_ja for option in category.options)
    for ladder in LADDERS.values():
        assert ladder.source
        assert all(level.name and level.name_ja for level in ladder.levels)
        assert all(not one.name_ja.isascii() for one in ladder.statements)
