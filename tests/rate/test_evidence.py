"""Answers weighed as arrays: the same floats as one by one, whatever the order, the chunks and the number of them."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rate.made import NAMES, TODAY, catalogue

from noroshi.rate.catalogue import Catalogue
from noroshi.rate.evidence import ACCEPTED, FIRM, GRADES, Answer, Evidence, Sheet, weigh

ANSWERS = st.builds(
    lambda item, level, grade, days, away: Answer(item, level, grade, TODAY - timedelta(days=days), "no" * away),
    st.sampled_from(NAMES[:5]), st.floats(0, 1), st.sampled_from(list(GRADES)), st.integers(-3, 4000), st.booleans(),
)  # fmt: skip
SHEETS = st.lists(st.builds(lambda a: Sheet("o", "s", TODAY, tuple(a)), st.lists(ANSWERS, max_size=30)), max_size=4)


def one_by_one(asked: Catalogue, sheets: list[Sheet]) -> Evidence:
    """The evidence of each sheet by a plain loop over its answers."""
    shape = (len(sheets), len(asked.items))
    strength, total, claimed = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    firm, shown, accepted = np.zeros(shape), np.zeros(shape), np.zeros(shape, np.bool_)
    age, silent = np.full(shape, np.inf), np.full(shape, np.inf)
    order = list(GRADES)
    for s, sheet in enumerate(sheets):
        for answer in sheet.answers:
            i = asked.index[answer.item]
            days = max((sheet.as_of - answer.date).days, 0)
            grade = order.index(answer.grade)
            if answer.not_applicable:
                if days < silent[s, i]:
                    silent[s, i], accepted[s, i] = days, grade >= order.index(ACCEPTED)
                continue
            worth = GRADES[answer.grade] * 0.5 ** (days / asked.items[i].half_life_days)
            strength[s, i] += worth
            total[s, i] += worth * answer.level
            if grade < order.index(FIRM):
                claimed[s, i] += worth
            if grade >= order.index(ACCEPTED if asked.items[i].measured_by else FIRM):
                firm[s, i] += worth
                shown[s, i] += worth * answer.level
            age[s, i] = min(age[s, i], days)
    left_out = silent < age
    level = np.divide(total, strength, out=np.zeros(shape), where=strength > 0.0)
    return Evidence(
        strength, level, claimed, firm, np.divide(shown, firm, out=np.zeros(shape), where=firm > 0.0), left_out,
        left_out & accepted, np.where(np.isfinite(age), age, np.nan),
    )  # fmt: skip


@given(SHEETS)
@settings(max_examples=200, deadline=None)
def test_weighed_as_arrays_are_the_same_floats_as_one_by_one(sheets: list[Sheet]) -> None:
    asked = catalogue(half_life=90.0)
    ours, plain = weigh(asked, sheets), one_by_one(asked, sheets)
    for name in Evidence.__slots__:
        np.testing.assert_array_equal(getattr(ours, name), getattr(plain, name), err_msg=name, strict=True)


def test_the_first_of_two_on_one_day_says_who_is_believed() -> None:
    def away(grade: str) -> Answer:
        return Answer(NAMES[0], 0.0, grade, TODAY, "nothing there")

    asked = catalogue()
    first, second = (
        weigh(asked, [Sheet("o", "s", TODAY, (away(a), away(b)))]).accepted[0, 0]
        for a, b in (("self", "measured"), ("measured", "self"))
    )
    assert (first, second) == (False, True)
