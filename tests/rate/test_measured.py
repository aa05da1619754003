"""What scans prove and disprove: the tables against the catalogue's wording, and that no way of cutting scans gains."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as given_settings
from hypothesis import strategies as st

from noroshi.files.catalogues import load_catalogue
from noroshi.rate.catalogue import Catalogue
from noroshi.rate.evidence import Answer, Sheet, columns, settled, weigh
from noroshi.rate.exploited import Exploited, Kev, Product, exposure, with_ages
from noroshi.rate.measured import CAPS, SIGNS, Scan, Seen, by_tool, end, measured, worst
from noroshi.rate.score import Peers, pass_probability, score

DAY = date(2026, 11, 1)
PAIRS = sorted(CAPS)
few = given_settings(max_examples=40, deadline=None)


@cache
def catalogue() -> Catalogue:
    return load_catalogue()


def of(item: str) -> list[str]:
    return [name for name, sign in SIGNS.items() if sign.item == item]


def scan(item: str, tool: str, seen: dict[str, list[str]], day: date = DAY, file: str = "a") -> Scan:
    findings = tuple(Seen(asset, sign, "x") for asset, signs in seen.items() for sign in signs)
    return Scan(tool, "1", day, file, (item,), tuple(seen), findings)


def span(*scans: Scan) -> tuple[float, float]:
    """The range that scans of one item give; from nothing to everything where they give none."""
    answers = measured(scans, catalogue())[0]
    assert len(answers) <= 1
    return (answers[0].level, end(answers[0])) if answers else (0.0, 1.0)


@st.composite
def looks(draw: Any) -> tuple[str, str, dict[str, list[str]]]:
    item, tool = draw(st.sampled_from(PAIRS))
    signs = st.lists(st.sampled_from(of(item)), max_size=3)
    return item, tool, draw(st.dictionaries(st.sampled_from("abcdef"), signs, min_size=1))


def test_every_pair_of_the_catalogue_can_be_measured_and_no_other() -> None:
    assert set(CAPS) == {(item.id, tool) for item in catalogue().items for tool in item.measured_by}


@pytest.mark.parametrize("name", SIGNS)
def test_a_sign_speaks_of_levels_that_the_question_has(name: str) -> None:
    sign = SIGNS[name]
    levels = {level.at for level in catalogue().items[catalogue().index[sign.item]].levels}
    assert {sign.low, sign.high} <= levels
    assert sign.low <= sign.high
    assert not sign.ja.isascii()


@pytest.mark.parametrize("pair", PAIRS)
def test_a_cap_is_a_level_and_never_the_highest(pair: tuple[str, str]) -> None:
    levels = [level.at for level in catalogue().items[catalogue().index[pair[0]]].levels]
    assert CAPS[pair].level in levels[:-1]


def test_a_clean_scan_proves_its_cap_and_leaves_the_rest_open() -> None:
    assert span(scan("exposed-services", "nmap", {"a": []})) == (0.33, 1.0)
    assert span(scan("exposed-services", "nuclei", {"a": []})) == (0.0, 1.0)
    assert span(scan("tls", "sslyze", {"a": ["tls-old"], "b": []})) == (0.33, 0.33)
    assert span(scan("exposed-services", "nuclei", {"a": ["panel-found"]})) == (0.0, 0.33)


def test_a_scan_that_reached_nobody_proves_nothing_and_says_so() -> None:
    answers, silent = measured([scan("tls", "sslyze", {})], catalogue())
    assert answers == ()
    assert [(s.item, s.why) for s in silent] == [("tls", "no-asset")]


def test_a_tool_that_the_catalogue_does_not_take_for_an_item() -> None:
    other = replace(
        catalogue(), items=tuple(replace(i, measured_by=()) if i.id == "tls" else i for i in catalogue().items)
    )
    assert measured([scan("tls", "sslyze", {"a": []})], other)[1][0].why == "not-asked"


def test_a_scan_without_a_date_is_refused() -> None:
    with pytest.raises(ValueError, match="without a date"):
        measured([replace(scan("tls", "sslyze", {"a": []}), day=None)], catalogue())


@few
@given(looks(), st.data())
def test_splitting_doubling_and_leaving_good_ones_out_gain_nothing(
    look: tuple[str, str, dict[str, list[str]]], data: Any
) -> None:
    item, tool, seen = look
    whole = span(scan(item, tool, seen))
    asset = data.draw(st.sampled_from(sorted(seen)))
    # one asset in ten: its findings lie on some of the parts, the others are clean
    parts: dict[str, list[str]] = {f"{asset}{k}": [] for k in range(10)}
    for sign in seen[asset]:
        parts[f"{asset}{data.draw(st.integers(0, 9))}"].append(sign)
    assert span(scan(item, tool, {**{k: v for k, v in seen.items() if k != asset}, **parts})) == whole
    # in ten files, and each of them twice
    files = [scan(item, tool, {part: signs}, file=part) for part, signs in parts.items()]
    rest = scan(item, tool, {k: v for k, v in seen.items() if k != asset}, file="rest")
    assert span(*files, *([rest] if rest.assets else []), *files) == whole
    # without those on which nothing was found
    bad = {k: v for k, v in seen.items() if v}
    if bad:
        assert span(scan(item, tool, bad)) == whole


@few
@given(looks(), st.data())
def test_one_more_finding_never_helps(look: tuple[str, str, dict[str, list[str]]], data: Any) -> None:
    item, tool, seen = look
    more = {**seen, "g": [data.draw(st.sampled_from(of(item)))]}
    before, after = span(scan(item, tool, seen)), span(scan(item, tool, more))
    assert after[0] <= before[0]
    assert after[1] <= before[1]


def test_scans_of_two_days_are_two_answers_and_name_their_tool() -> None:
    same = [scan("tls", "sslyze", {"a": []}), scan("tls", "sslyze", {"a": ["tls-old"]}, DAY - timedelta(7), "b")]
    answers = measured(same, catalogue())[0]
    assert [(a.date, a.level, a.up_to) for a in answers] == [(DAY - timedelta(7), 0.33, None), (DAY, 0.67, 1.0)]
    assert {by_tool(a) for a in answers} == {"sslyze"}
    assert by_tool(replace(answers[0], source="our own word")) == ""


def test_of_two_answers_of_a_day_each_end_is_the_lower() -> None:
    one = Answer("tls", 0.33, "measured", DAY, source="sslyze 1: one", up_to=1.0)
    two = Answer("tls", 0.0, "measured", DAY, source="sslyze 1: two", up_to=0.67)
    assert worst(one, one) is one
    assert worst(two, one) is two
    assert (worst(one, two).level, worst(one, two).up_to, worst(one, two).source) == (0.0, 0.67, "sslyze 1: two")


# ---- what is known to be exploited

KEV = Kev("1", DAY, "kev", tuple(
    Exploited(f"CVE-2026-{k}", vendor, product, DAY - timedelta(days))
    for k, (vendor, product, days) in enumerate(
        [("Example", "Portal", 91), ("Example", "Gateway", 90), ("Microsoft", "Windows", 31),
         ("Sample", "Multiple Products", 15), ("Later", "Thing", -1)]
    )
))  # fmt: skip


def test_the_age_of_what_is_open_decides() -> None:
    def found(*cves: int) -> tuple[float, float]:
        nuclei = Scan(
            "nuclei", "?", DAY, "n", ("exposed-patching",), ("a",), (), tuple(("a", f"CVE-2026-{k}") for k in cves)
        )
        return span(*with_ages(KEV, [nuclei]))

    assert [found(k) for k in range(4)] == [(0.0, 0.0), (0.0, 0.25), (0.0, 0.25), (0.0, 0.5)]
    assert found(3, 0) == (0.0, 0.0)
    assert found() == found(99) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("vendor", "product", "hit"),
    [("example", "portal", True), ("microsoft", "windows_server_2019", True), ("sample", "anything", True),
     ("example", "portals", False), ("other", "portal", False), ("later", "thing", False),
     ("microsoft", "windowsill", False)],
)  # fmt: skip
def test_products_are_matched_by_vendor_and_name(vendor: str, product: str, hit: bool) -> None:
    found = span(exposure(KEV, [Product("a", "a", vendor, product, "1")], DAY, "f"))
    assert found == ((0.0, 0.75) if hit else (0.25, 1.0))


def test_a_catalogue_from_long_before_the_scan_proves_nothing() -> None:
    product = [Product("a", "a", "quiet", "server", "1")]
    assert span(exposure(KEV, product, DAY + timedelta(31), "f")) == (0.0, 1.0)
    assert span(exposure(KEV, product, DAY + timedelta(30), "f")) == (0.25, 1.0)
    assert span(exposure(KEV, product, DAY, "f", inside=True)) == (0.0, 1.0)


# ---- how a range counts among other answers

PEERS = Peers(np.full(26, 0.585), 20.0, 0.0, 0.05)
ITEM = "exposed-services"
levels = st.floats(0.0, 1.0)
ranges = st.tuples(levels, levels).map(sorted).map(tuple)
grades = st.sampled_from(["self", "document", "third_party", "measured"])
ages = st.integers(0, 1000)
others = st.lists(st.tuples(levels, grades, ages), max_size=4)


def sheet(*answers: Answer) -> Sheet:
    return Sheet("org", "sec", DAY, answers)


def exact(level: float, grade: str = "document", days: int = 0) -> Answer:
    return Answer(ITEM, level, grade, DAY - timedelta(days))


def between(low: float, high: float, days: int = 0) -> Answer:
    return Answer(ITEM, low, "measured", DAY - timedelta(days), up_to=high)


def level_of(*answers: Answer) -> float:
    """The level at which the last answer counts."""
    return float(settled(catalogue(), columns(catalogue(), [sheet(*answers)])).level[-1])


def test_a_clean_scan_does_not_pull_down_what_a_document_shows() -> None:
    assert level_of(exact(0.67), between(0.33, 1.0)) == 0.67
    known = [weigh(catalogue(), [sheet(*a)]) for a in ([exact(0.67)], [exact(0.67), between(0.33, 1.0)])]
    place = catalogue().index[ITEM]
    assert known[1].level[0, place] == known[0].level[0, place] == 0.67
    assert score(catalogue(), known[1], PEERS).mean[0] > score(catalogue(), known[0], PEERS).mean[0]


def test_a_claim_does_not_ride_on_a_clean_scan() -> None:
    assert level_of(exact(1.0, "self"), between(0.33, 1.0)) == 0.33
    assert level_of(between(0.33, 1.0)) == 0.33


def test_a_scan_that_disproves_holds_a_document_down() -> None:
    assert level_of(exact(1.0), between(0.0, 0.33)) == 0.33
    assert level_of(exact(0.1), between(0.0, 0.33)) == pytest.approx(0.1)


def test_a_document_that_has_faded_bears_out_less() -> None:
    assert level_of(exact(1.0, days=180), between(0.33, 1.0)) == 1.0  # 1.5 observations left
    assert level_of(exact(1.0, days=540), between(0.33, 1.0)) == pytest.approx(3.0 / 8.0)
    assert level_of(exact(1.0, days=5000), between(0.33, 1.0)) == 0.33


def test_one_scan_bears_out_another_within_its_range() -> None:
    assert level_of(between(0.33, 1.0), between(0.0, 0.33)) == 0.33
    assert level_of(between(0.33, 1.0), between(0.0, 0.25)) == 0.25


def passing(*answers: Answer) -> float:
    """The chance of half the item's own points: with nothing else evidenced, it alone decides."""
    half = float(catalogue().points()[catalogue().index[ITEM]]) / 2.0
    return float(pass_probability(catalogue(), weigh(catalogue(), [sheet(*answers)]), PEERS, half)[0])


@few
@given(others, ranges, ranges, st.integers(0, 3), levels)
def test_a_better_answer_or_a_wider_range_lowers_nothing(
    known: list[tuple[float, str, int]], one: tuple[float, float], other: tuple[float, float], place: int, better: float
) -> None:
    answers = [exact(*a) for a in known]
    (a, b), (c, d) = one, other
    low, high = between(min(a, c), min(b, d)), between(max(a, c), max(b, d))
    assert level_of(*answers, low) <= level_of(*answers, high)
    assert passing(*answers, low) <= passing(*answers, high)
    if place < len(answers):
        raised = [replace(a, level=max(a.level, better)) if k == place else a for k, a in enumerate(answers)]
        assert level_of(*answers, between(*one)) <= level_of(*raised, between(*one)) + 1e-12
        assert passing(*answers, between(*one)) <= passing(*raised, between(*one)) + 1e-12


@few
@given(st.lists(st.tuples(levels, ages), max_size=3), st.lists(ranges, min_size=1, max_size=3))
def test_deleting_scans_never_helps_where_there_are_only_claims(
    claims: list[tuple[float, int]], scans: list[tuple[float, float]]
) -> None:
    said = [exact(level, "self", days) for level, days in claims]
    assert passing(*said) <= passing(*said, *(between(*one) for one in scans))


@few
@given(others, ranges, levels)
def test_a_bad_scan_never_helps_a_good_one(
    known: list[tuple[float, str, int]], one: tuple[float, float], bad: float
) -> None:
    """Of one tool and day the lower ends hold: the chance of passing is not above that of the good one."""
    answers = [exact(*a) for a in known]
    good, worse = between(*one), between(min(one[0], bad), min(one[1], bad))
    assert passing(*answers, worst(good, worse)) <= passing(*answers, good)
