"""Other schemes over the same answers: their published figures, and the axioms under every one of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from noroshi.files.catalogues import load_catalogue
from noroshi.files.schemes import load_scheme, schemes
from noroshi.rate.evidence import FIRM, GRADES, Answer, Sheet
from noroshi.rate.schemes import Scheme, SchemeScore, deviation, score_under, scorecard

CATALOGUE = load_catalogue()
TODAY = date(2026, 11, 1)
NAMES = [item.id for item in CATALOGUE.items]
ALL = {name: load_scheme(name, CATALOGUE) for name in schemes()}
FIRM_GRADES = list(GRADES)[list(GRADES).index(FIRM) :]
CLOSE = 1e-9
NOTHING = Sheet("org", "sec", TODAY, ())

answers = st.builds(
    lambda item, level, grade, days, away, up: Answer(
        item, level, grade, TODAY - timedelta(days=days), away, "", None if away or up < 0.7 else max(level, up)
    ),
    st.sampled_from(NAMES),
    st.sampled_from([0.0, 0.25, 0.33, 0.5, 0.67, 0.75, 1.0]) | st.floats(0.0, 1.0),
    st.sampled_from(list(GRADES)),
    st.integers(0, 900),
    st.sampled_from(["", "", "", "none here"]),
    st.floats(0.0, 1.0),
)
sheets = st.lists(answers, max_size=30).map(lambda rows: Sheet("org", "sec", TODAY, tuple(rows)))
any_scheme = st.sampled_from(sorted(ALL))


def answered(level: float, grade: str = "measured", *, but: tuple[str, ...] = ()) -> Sheet:
    return Sheet("org", "sec", TODAY, tuple(Answer(name, level, grade, TODAY) for name in NAMES if name not in but))


def scored(name: str, sheet: Sheet) -> SchemeScore:
    return score_under(ALL[name], CATALOGUE, sheet)


def whole(name: str) -> Scheme:
    """Return a scheme each of whose units one item answers to, as it would be with a catalogue made for it."""
    scheme = ALL[name]
    units = tuple(
        replace(unit, items=(NAMES[k % len(NAMES)],), shown_never=False, met_from=min(unit.met_from, 1.0))
        for k, unit in enumerate(scheme.units)
    )
    return replace(scheme, units=units)


# ---- as published


def test_sprs_is_110_with_all_requirements_met_and_minus_203_with_none() -> None:
    sprs = ALL["sprs"]
    assert len(sprs.units) == 110
    assert sum(unit.weight for unit in sprs.units) == 313
    assert sorted({unit.weight for unit in sprs.units}) == [0, 1, 3, 5]
    per_family = {name: sum(unit.group == name for unit in sprs.units) for name in sprs.groups}
    assert list(per_family.values()) == [22, 3, 9, 9, 11, 3, 6, 9, 2, 6, 3, 4, 16, 7]
    every = whole("sprs")
    assert score_under(every, CATALOGUE, answered(1.0)).low == pytest.approx(110)
    assert score_under(every, CATALOGUE, answered(1.0)).published == pytest.approx(110)
    nothing = score_under(every, CATALOGUE, answered(0.0))
    assert nothing.low == nothing.high == pytest.approx(-203)


def test_sprs_of_our_answers_is_a_range_and_never_invents_what_was_not_asked() -> None:
    best, worst, none = (
        scored("sprs", sheet) for sheet in (answered(1.0), answered(0.0), answered(1.0, but=(*NAMES,)))
    )
    assert best.low < best.high == pytest.approx(110)
    assert worst.low == pytest.approx(-203)
    assert worst.low < worst.high < 110
    assert none.published is None
    assert none.low == pytest.approx(-203)
    assert none.high == pytest.approx(110)
    asked = {one.unit.id for one in best.units if one.unit.items}
    assert "3.10.1" not in asked  # physical protection is asked by no question
    assert best.high - best.low == pytest.approx(
        sum(one.unit.weight for one in best.units if not one.unit.items) + 3  # and what FIPS validation would give back
    )


@pytest.mark.parametrize(
    ("item", "requirement", "levels"),
    [("mfa", "3.5.3", {0.0: 5, 0.33: 5, 0.67: 3, 1.0: 0}), ("tls", "3.13.11", {0.33: 5, 0.67: 3, 1.0: 3})],
)
def test_sprs_gives_partial_credit_to_two_requirements_only(
    item: str, requirement: str, levels: dict[float, float]
) -> None:
    for level, lost in levels.items():
        sheet = Sheet("org", "sec", TODAY, (Answer(item, level, "measured", TODAY),))
        one = next(one for one in scored("sprs", sheet).units if one.unit.id == requirement)
        assert one.unit.weight * (1.0 - (one.low or 0.0)) == pytest.approx(lost)
    assert sum(unit.partly_credit > 0.0 for unit in ALL["sprs"].units) == 2


def test_what_does_not_apply_costs_nothing_under_sprs_if_a_third_party_says_so() -> None:
    for grade, credit in (("third_party", 1.0), ("self", 0.0)):
        sheet = Sheet("org", "sec", TODAY, (Answer("training", 0.0, grade, TODAY, "none"),))
        one = next(one for one in scored("sprs", sheet).units if one.unit.id == "3.2.1")
        assert one.low == credit


def test_openssf_weighs_critical_10_high_7_5_medium_5_low_2_5() -> None:
    assert {unit.group: unit.weight for unit in ALL["openssf"].units} == {
        "critical": 10.0, "high": 7.5, "medium": 5.0, "low": 2.5,
    }  # fmt: skip
    published, low = scorecard([(10.0, 10.0), (7.5, 4.0), (5.0, -1.0), (2.5, 0.0)])
    assert published == pytest.approx((10 * 10 + 7.5 * 4) / 20)
    assert low == pytest.approx((10 * 10 + 7.5 * 4) / 25)
    assert scorecard([(10.0, -1.0)]) == (None, 0.0)


def test_the_deviation_score_is_50_at_the_mean_and_60_one_deviation_above() -> None:
    assert deviation(58.5, 58.5, 20.0) == 50.0
    assert deviation(78.5, 58.5, 20.0) == 60.0
    with pytest.raises(ValueError, match="above 0"):
        deviation(50.0, 50.0, 0.0)
    for level in (0.0, 0.4, 1.0):
        assert scored("ipa-deviation", answered(level)).published == pytest.approx(deviation(100 * level, 58.5, 20.0))
    finance = load_scheme("ipa-deviation", CATALOGUE, (72.3, 15.0))
    assert score_under(finance, CATALOGUE, answered(0.723)).low == pytest.approx(50.0)


def test_the_csf_profile_has_106_subcategories_in_6_functions() -> None:
    csf = ALL["csf-2.0"]
    sizes = {name: sum(unit.group == name for unit in csf.units) for name in csf.groups}
    assert sizes == {"GV": 31, "ID": 21, "PR": 22, "DE": 11, "RS": 13, "RC": 8}
    named = {name for item in CATALOGUE.items for name in item.csf}
    assert named <= {unit.id for unit in csf.units}
    half = scored("csf-2.0", answered(0.5))
    assert half.published == pytest.approx(50.0)
    assert all(group.said == pytest.approx(0.5) for group in half.groups if group.answered)
    assert half.low < 50.0 < half.high


def test_every_goal_that_the_catalogue_names_is_a_goal_of_cpg() -> None:
    cpg = ALL["cpg-2.0"]
    assert {unit.id for unit in cpg.units} == {name for item in CATALOGUE.items for name in item.cpg}
    assert scored("cpg-2.0", answered(1.0)).low == 100.0
    steps = {0.67: 100.0, 0.66: 50.0, 0.25: 50.0, 0.24: 0.0}
    assert {level: scored("cpg-2.0", answered(level)).low for level in steps} == steps
    one = replace(answered(1.0), answers=tuple(
        replace(a, level=0.0) if a.item == "ot-separation" else a for a in answered(1.0).answers
    ))  # fmt: skip
    states = {unit.unit.id: unit.state for unit in scored("cpg-2.0", one).units}
    assert states["3.I"] == "not"  # segmentation is as good as its weakest place
    assert states["3.F"] == "met"


# ---- the axioms, under every scheme


@settings(max_examples=60, deadline=None)
@given(any_scheme, sheets, st.data())
def test_a_better_answer_never_lowers_any_figure(name: str, sheet: Sheet, data: st.DataObject) -> None:
    plain = [k for k, answer in enumerate(sheet.answers) if not answer.not_applicable and answer.up_to is None]
    if not plain:
        return
    k = data.draw(st.sampled_from(plain))
    same = [j for j, answer in enumerate(sheet.answers) if answer == sheet.answers[k]]
    better = data.draw(st.floats(sheet.answers[k].level, 1.0))
    rows = [replace(a, level=better) if j in same else a for j, a in enumerate(sheet.answers)]
    before, after = scored(name, sheet), scored(name, replace(sheet, answers=tuple(rows)))
    assert after.low >= before.low - CLOSE
    assert after.high >= before.high - CLOSE
    assert (after.published or 0.0) >= (before.published or 0.0) - CLOSE


@settings(max_examples=60, deadline=None)
@given(any_scheme, sheets, st.data())
def test_withdrawing_evidence_never_raises_the_low_end(name: str, sheet: Sheet, data: st.DataObject) -> None:
    item = data.draw(st.sampled_from([answer.item for answer in sheet.answers] or NAMES))
    less = replace(sheet, answers=tuple(a for a in sheet.answers if a.item != item))
    claims = replace(sheet, answers=tuple(a for a in sheet.answers if a.item != item or a.grade not in FIRM_GRADES))
    for fewer in (less, claims):
        assert scored(name, fewer).low <= scored(name, sheet).low + CLOSE
    assert scored(name, less).high >= scored(name, sheet).high - CLOSE


@settings(max_examples=40, deadline=None)
@given(any_scheme, sheets, st.data())
def test_an_answer_given_twice_moves_nothing(name: str, sheet: Sheet, data: st.DataObject) -> None:
    again = data.draw(st.lists(st.sampled_from(sheet.answers), max_size=9)) if sheet.answers else []
    one, twice = scored(name, sheet), scored(name, replace(sheet, answers=(*sheet.answers, *again)))
    assert (one.published, one.low, one.high) == (twice.published, twice.low, twice.high)


@pytest.mark.parametrize("name", sorted(ALL))
def test_no_unit_moves_the_score_more_than_one_of_more_weight(name: str) -> None:
    scheme = ALL[name]
    gains = []
    for unit in scheme.units:
        alone = replace(scheme, units=tuple(replace(u, items=("mfa",) if u is unit else ()) for u in scheme.units))
        full = score_under(alone, CATALOGUE, answered(1.0)).low - score_under(alone, CATALOGUE, NOTHING).low
        gains.append((unit.weight * (unit.partly_credit if unit.shown_never else 1.0), full))
    worth = np.array(sorted(gains))
    assert (np.diff(worth[:, 1]) >= -CLOSE).all()
    assert worth[-1, 1] > 0.0


@settings(max_examples=60, deadline=None)
@given(any_scheme, sheets)
def test_the_figures_are_in_order_and_on_the_scale(name: str, sheet: Sheet) -> None:
    found, scheme = scored(name, sheet), ALL[name]
    ends = sorted((scheme.start, scheme.start + scheme.span))
    assert ends[0] - CLOSE <= found.low <= found.high + CLOSE <= ends[1] + 2 * CLOSE
    if found.published is not None:
        assert found.published <= found.high + CLOSE
        assert found.published >= found.low - CLOSE or not scheme.leaves_out


@pytest.mark.parametrize("name", ["openssf", "cpg-2.0", "csf-2.0", "ipa-deviation"])
def test_what_leaves_out_the_unanswered_rewards_deleting_a_bad_scan_but_not_in_the_low_end(name: str) -> None:
    bad = replace(answered(1.0), answers=(*answered(1.0, but=("leadership",)).answers,
                                          Answer("leadership", 0.0, "measured", TODAY)))  # fmt: skip
    gone = answered(1.0, but=("leadership",))
    before, after = scored(name, bad), scored(name, gone)
    assert before.published is not None
    assert after.published is not None
    assert after.published > before.published  # as published, the axiom is broken
    assert after.low <= before.low


@pytest.mark.parametrize("name", sorted(ALL))
def test_not_applicable_everywhere_gains_nothing(name: str) -> None:
    silent = Sheet("org", "sec", TODAY, tuple(Answer(n, 0.0, "self", TODAY, "no") for n in NAMES))
    assert scored(name, silent).low == scored(name, NOTHING).low
    assert scored(name, silent).published is None


@pytest.mark.parametrize("name", sorted(ALL))
def test_every_scheme_says_where_it_is_from_in_both_languages(name: str) -> None:
    scheme = ALL[name]
    assert scheme.id == name
    assert scheme.source
    assert not scheme.note_ja.isascii()
    assert {unit.group for unit in scheme.units} == set(scheme.groups)
    assert len({unit.id for unit in scheme.units}) == len(scheme.units)
    assert scheme.score(CATALOGUE, answered(1.0)) == scored(name, answered(1.0))
