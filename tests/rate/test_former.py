"""What others found stays found: deleting, bettering or re-dating a finding gains nothing once it has been shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rate.test_measured import catalogue

from noroshi.rate.evidence import GRADES, Answer, Sheet, columns, weigh, weigh_columns
from noroshi.rate.former import NOT_THERE, carried, carried_sheet
from noroshi.rate.score import Peers, pass_probability, score

THEN, NOW = date(2026, 5, 1), date(2026, 11, 1)
ITEMS = ("mfa", "tls", "backup", "exposed-services")
few = settings(max_examples=60, deadline=None)

levels = st.sampled_from([0.0, 0.1, 0.33, 0.67, 1.0])


@st.composite
def an_answer(draw: st.DrawFn, grades: tuple[str, ...] = tuple(GRADES)) -> Answer:
    low, high = sorted((draw(levels), draw(levels)))
    day = THEN - timedelta(draw(st.integers(0, 400)))
    return Answer(draw(st.sampled_from(ITEMS)), low, draw(st.sampled_from(grades)), day,
                  up_to=high if high > low and draw(st.booleans()) else None)  # fmt: skip


def at(day: date, *answers: Answer) -> Sheet:
    return Sheet("org", "sec", day, answers)


def passing(one: Sheet, part: float = 0.5) -> float:
    """The chance of a part of the points of the items in play."""
    asked = catalogue()
    mark = part * sum(float(asked.points()[asked.index[item]]) for item in ITEMS)
    peers = Peers(np.full(len(asked.items), 0.585), 20.0)
    return float(pass_probability(asked, weigh(asked, [one]), peers, mark)[0])


@few
@given(st.lists(an_answer(), max_size=8), st.data())
def test_deleting_or_bettering_findings_never_helps_to_pass(answers: list[Answer], data: st.DataObject) -> None:
    """Whatever else is known: also beside a third party's good report and beside a later good scan."""
    left: list[Answer] = []
    for answer in answers:
        does = data.draw(st.sampled_from(["keep", "delete", "better"])) if others(answer) else "keep"
        if does == "better":
            end = answer.level if answer.up_to is None else answer.up_to
            left.append(replace(answer, level=data.draw(st.floats(end, 1.0)), up_to=None))
        elif does == "keep":
            left.append(answer)
    honest = at(NOW, *answers)
    gamed = carried_sheet(catalogue(), at(THEN, *answers), at(NOW, *left))
    assert passing(gamed) <= passing(honest) + 1e-12
    assert sorted(map(repr, gamed.answers)) == sorted(map(repr, honest.answers))


def others(answer: Answer) -> bool:
    return answer.grade in {"third_party", "measured"}


@pytest.mark.parametrize("good", ["third_party", "measured"])
@pytest.mark.parametrize("later", [0, 30])
def test_a_bad_scan_beside_a_good_one_cannot_be_taken_back(good: str, later: int) -> None:
    bad = Answer("mfa", 0.1, "measured", THEN)
    fine = [Answer(item, 1.0, good, THEN + timedelta(later)) for item in ITEMS]
    with_it, without, redated = at(NOW, bad, *fine), at(NOW, *fine), at(NOW, replace(bad, date=NOW, level=1.0), *fine)
    honest = passing(with_it, 0.85)
    assert passing(without, 0.85) > honest + 0.01, "a score of one moment cannot see it"
    former = at(THEN, bad)
    held = passing(carried_sheet(catalogue(), former, without), 0.85)
    # a good one of the same grade and day could be the bad one made better: it does not count then
    assert held < honest if (good, later) == ("measured", 0) else held == honest
    assert passing(carried_sheet(catalogue(), former, redated), 0.85) < passing(redated, 0.85) - 0.01


def test_what_one_said_oneself_may_be_withdrawn_and_what_is_worse_now_is_worse() -> None:
    said = [Answer("mfa", 1.0, "self", THEN), Answer("tls", 1.0, "document", THEN),
            Answer("tls", 0.0, "third_party", THEN, not_applicable="no site")]  # fmt: skip
    assert carried_sheet(catalogue(), at(THEN, *said), at(NOW)).answers == ()
    scan = Answer("tls", 0.67, "measured", THEN)
    worse = replace(scan, level=0.33)
    assert carried_sheet(catalogue(), at(THEN, scan), at(NOW, worse)).answers == (worse,)
    twice = carried_sheet(catalogue(), at(THEN, scan, scan), at(NOW, scan))
    assert twice.answers == (scan, scan)


def test_former_answers_are_of_the_same_organisation_and_not_later() -> None:
    for former in (replace(at(THEN), organisation="other"), at(NOW + timedelta(1))):
        with pytest.raises(ValueError, match="former answers of"):
            carried_sheet(catalogue(), former, at(NOW))


@few
@given(st.data())
def test_many_organisations_at_once_are_as_one_by_one(data: st.DataObject) -> None:
    asked = catalogue()
    old = [Sheet(f"org{k}", "s", THEN - timedelta(k), tuple(data.draw(st.lists(an_answer(), max_size=4))))
           for k in range(4)]  # fmt: skip
    old = [replace(s, answers=tuple(replace(a, date=min(a.date, s.as_of)) for a in s.answers)) for s in old]
    order = data.draw(st.permutations([1, 2, 3, 9]))
    new = [
        Sheet(f"org{k}", "s", NOW, (*data.draw(st.lists(an_answer(), max_size=3)),
                                    *(a for a in (old[k].answers if k < 4 else ()) if data.draw(st.booleans()))))
        for k in order
    ]  # fmt: skip
    place = np.array([order.index(k) if k in order else NOT_THERE for k in range(4)])
    elapsed = np.array([(NOW - s.as_of).days for s in old])
    found = weigh(asked, [
        carried_sheet(asked, old[k], s) if k < 4 else s for k, s in zip(order, new, strict=True)
    ])  # fmt: skip
    peers = Peers(np.full(len(asked.items), 0.585), 20.0)
    together = weigh_columns(asked, carried(columns(asked, old), columns(asked, new), place, elapsed))
    np.testing.assert_allclose(score(asked, together, peers).mean, score(asked, found, peers).mean, atol=1e-12)
    np.testing.assert_allclose(together.firm, found.firm, atol=1e-12)
