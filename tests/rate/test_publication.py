"""What is published: the rules by hand, and an attacker on all tables of three years who finds no cell under ten."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.rate.attacker import LEAST, NARROW, equations, exactly, narrowest
from tests.rate.series import MARK, Round, rated, series, shown

from noroshi.rate.publication import Rules, published
from noroshi.rate.shown import merged_bins, rounded
from noroshi.rate.tables import Key, Population, sector_cells

OFF = Rules(watch=False)
FINEST = Rules(steps=(0.1,))
PUBLIC: frozenset[str] = frozenset()
MINISTRIES = (PUBLIC, frozenset({"sector0", "sector3"}), frozenset({"sector1"}))
SERIES: list[dict[str, Any]] = [
    {"seed": 1, "sectors": 3, "typical": 24.0},
    {"seed": 2, "sectors": 2, "typical": 30.0},
    {"seed": 3, "sectors": 2, "typical": 24.0, "moved": 0.3},
    {"seed": 4, "sectors": 3, "typical": 40.0, "everyone": 0.7},
]
"""Three years each, with entries, exits, moves; scores unchanged, a third changed, and strata of known size."""


def one_round(name: str, sectors: dict[Key, list[float]], population: dict[Key, int] | None = None) -> Round:
    """A round from the scores of each sector and size; organisations are numbered within them."""
    rows = [(f"{s}{z}{k}", s, z, score) for (s, z), scores in sectors.items() for k, score in enumerate(scores)]
    found = rated(name, *(list(column) for column in zip(*rows, strict=True)))
    counted = Population(population) if population else None
    return found, sector_cells(found, counted, MARK), counted


def spread(count: int, low: float = 40.0, high: float = 80.0) -> list[float]:
    return [float(x) for x in np.linspace(low, high, count)]


LARGER = pytest.param({"seed": 2, "sectors": 4, "typical": 24.0}, marks=pytest.mark.slow)


@pytest.mark.parametrize("made", [*SERIES, LARGER], ids=lambda made: f"series{made['seed']}-{made['sectors']}")
def test_an_attacker_on_three_years_of_tables_finds_no_cell_under_ten(made: dict[str, Any]) -> None:
    rounds = series(**made)
    tables = shown(rounds)
    for own in MINISTRIES:
        fewest = exactly(equations(rounds, tables, finest=True, own=own))
        assert fewest is None or fewest >= LEAST
        width, count = narrowest(equations(rounds, tables, own=own))
        assert width > NARROW, f"the mean of {count} organisations is told to {width:.1f} points"
    for table in tables:  # and something is left to read
        assert sum(one.mean is not None for one in table.values()) >= 3
        assert all(one.step == 0.1 for one in table.values() if one.bins or one.passing or one.passing_few)


@pytest.mark.parametrize("made", SERIES, ids=lambda made: f"series{made['seed']}")
def test_without_the_rule_on_differencing_the_same_attacker_finds_some(made: dict[str, Any]) -> None:
    rounds = series(**made)
    tables = shown(rounds, OFF)
    fewest = exactly(equations(rounds, tables, finest=True))
    assert fewest is not None
    assert fewest < LEAST
    assert narrowest(equations(rounds, tables))[0] < NARROW


def test_tables_that_are_safe_one_by_one_are_not_so_together() -> None:
    rounds = [one_round("2025", {("a", ""): spread(30)}), one_round("2026", {("a", ""): [*spread(30), 11.0, 13.0]})]
    alone = [shown([one])[0] for one in rounds]
    for one, table in zip(rounds, alone, strict=True):
        assert narrowest(equations([one], [table]))[0] > NARROW
    assert narrowest(equations(rounds, alone))[0] < NARROW


def test_what_was_published_stays_as_it_was_and_comes_out_the_same_again() -> None:
    rounds = series(**SERIES[0])
    tables = shown(rounds)
    assert shown(rounds[:2]) == tables[:2]
    assert shown(rounds) == tables


def test_nine_are_not_shown_and_ten_are() -> None:
    (table,) = shown([one_round("2026", {("a", ""): spread(9), ("b", ""): spread(10), ("c", ""): spread(30)})])
    assert (table["a", ""].why, table["a", ""].mean, table["a", ""].rated) == ("few", None, None)
    # all less b and c is a: the last in turn is said less finely, and held back where that may not be
    assert (table["b", ""].why, table["b", ""].step > 0.1) == ("", True)
    (table,) = shown([one_round("2026", {("a", ""): spread(9), ("b", ""): spread(10), ("c", ""): spread(30)})], FINEST)
    assert (table["b", ""].why, table["b", ""].isolates) == ("follows", 9)
    assert table["", ""].mean == 60.0
    # who is in charge of b knows b: to that reader all less c tells of a
    assert table["c", ""].why == "follows"
    (table,) = shown([one_round("2026", {("b", ""): spread(10), ("c", ""): spread(30)})])
    assert (table["b", ""].mean, table["b", ""].rated, table["b", ""].step) == (60.0, 10, 0.1)


def test_the_complement_of_what_is_held_back_is_not_told() -> None:
    sizes = {("a", "large"): spread(15), ("a", "small"): spread(3)}
    found = one_round("2026", {**sizes, ("b", "large"): spread(40), ("b", "small"): spread(40)})
    (table,) = shown([found])
    assert table["a", "small"].why == "few"
    held = [one for one in table.values() if one.why == "follows" or one.step > 0.1]
    assert held
    assert narrowest(equations([found], [table]))[0] > NARROW


def test_two_more_in_a_second_year_would_be_told_by_the_difference() -> None:
    first = one_round("2025", {("a", ""): spread(30)})
    second = one_round("2026", {("a", ""): [*spread(30), 11.0, 13.0]})
    before, after = shown([first, second])
    assert before["a", ""].step == 0.1
    assert after["a", ""].step > 0.1
    loose = shown([first, second], OFF)[1]["a", ""]
    assert loose.mean is not None
    assert loose.step == 0.1
    told = (32 * loose.mean - 30 * 60.0) / 2  # what the rule is there for
    assert told == pytest.approx(12.0, abs=2.0)


def test_a_cell_that_cannot_be_said_less_finely_waits_and_says_with_which_round() -> None:
    first = one_round("2025", {("a", ""): spread(30)})
    second = one_round("2026", {("a", ""): [*spread(30), 11.0, 13.0]})
    third = one_round("2027", {("a", ""): [*spread(30), 11.0, 13.0, *spread(12)]})
    _, after, later = shown([first, second, third], FINEST)
    assert (after["a", ""].why, after["a", ""].isolates, after["a", ""].since) == ("series", 2, "2025")
    assert later["a", ""].mean is not None  # by then fourteen have joined


def test_a_mean_that_one_organisation_dominates_is_not_shown() -> None:
    """One of stratum x stands for 900 organisations: its part of the sum dwarfs those of the other eleven."""
    sectors = {("a", "x"): [80.0], ("a", "y"): spread(11)}
    population = {("a", "x"): 900, ("a", "y"): 11}
    (table,) = shown([one_round("2026", sectors, population)])
    assert table["a", ""].why == "dominated"
    (plain,) = shown([one_round("2026", sectors)])
    assert plain["a", ""].why == ""


def test_bins_are_merged_until_each_has_ten() -> None:
    assert merged_bins((0, 3, 8, 2, 12, 0, 0, 5, 4, 1), 10) == ((0.0, 30.0, 11), (30.0, 50.0, 14), (50.0, 100.0, 10))
    assert merged_bins((12, 0, 0, 0, 11, 0, 0, 0, 0, 3), 10) == ((0.0, 10.0, 12), (10.0, 100.0, 14))
    assert merged_bins((9, 0, 0, 0, 0, 0, 0, 0, 0, 9), 10) == ()  # one bin of all says nothing
    assert merged_bins((0,) * 10, 10) == ()


def test_who_passes_is_a_count_too() -> None:
    def passing(scores: list[float]) -> tuple[object, str]:
        one = shown([one_round("2026", {("a", ""): scores})])[0]["a", ""]
        return one.passing, one.passing_few

    assert passing([50.0] * 25 + [95.0] * 5) == (None, "pass")
    assert passing([50.0] * 5 + [95.0] * 25) == (None, "fail")
    found, few = passing([50.0] * 15 + [95.0] * 15)
    assert few == ""
    assert isinstance(found, tuple)
    assert found[0] == 0.5


def test_nothing_shown_is_finer_than_its_step() -> None:
    rounds = series(**SERIES[0])
    for table, (_, cells, _) in zip(shown(rounds), rounds, strict=True):
        for key, one in table.items():
            if one.mean is None or one.low is None or one.high is None or one.rated is None:
                continue
            cell = cells[key]
            for value in (one.mean, one.low, one.high):
                assert value == pytest.approx(rounded(value, one.step))
            assert abs(one.mean - cell.mean) <= 0.5 * one.step + 1e-9
            assert one.low <= cell.low + 1e-9
            assert one.high >= cell.high - 1e-9
            assert one.rated % 5 == 0
            assert one.rated <= cell.rated < one.rated + 5


def test_nobody_and_no_authority() -> None:
    assert published([], {}, MARK) == []
    (table,) = published([one_round("2026", {("a", ""): spread(3)})], {}, MARK)
    assert {one.why for one in table.values()} == {"few"}
