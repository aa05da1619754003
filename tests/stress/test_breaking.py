"""Resilience numbers: known ones of tiny estates, and on random ones what trying every set gives."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from tests.stress.random_estates import small

from noroshi.estate.model import Estate, Meta, from_frames
from noroshi.stress.breaking import END, Breaker, Resilience, find
from noroshi.stress.model import Model, build
from noroshi.stress.odds import SLOPES, Odds, cumulative, links
from noroshi.stress.upstream import distance, reachable

HOURS = 24.0


def redundant(providers: int, *, supplier: bool = False, restore: float = 48.0) -> Estate:
    """Return an estate of one service that any one of its providers can carry, each of another organisation."""
    ids = range(providers)
    shared = {"suppliers": "all"} if supplier else {}
    return from_frames(
        Meta("tiny"),
        {
            "sectors": [{"id": "sec", "name_en": "s", "name_ja": "s"}],
            "organisations": [{"id": f"org{k}", "name_en": "o", "name_ja": "o", "sector": "sec"} for k in ids],
            "suppliers": [{"id": "all", "name_en": "v", "name_ja": "v", "kind": "vendor"}] if supplier else [],
            "systems": [
                {"id": f"sys{k}", "organisation": f"org{k}", "name_en": "s", "name_ja": "s", "kind": "it",
                 "restore_p50_h": restore, "restore_p90_h": restore, **shared}
                for k in ids
            ],
            "assets": [{"id": f"plant{k}", "kind": "plant", "commanded_by": f"sys{k}"} for k in ids],
            "services": [
                {"id": "service", "name_en": "s", "name_ja": "s", "sector": "sec", "people": 10, "tolerance_h": 4.0},
            ],
            "dependencies": [
                {"id": "need", "dependant": "service", "providers": ";".join(f"plant{k}" for k in ids), "logic": "any",
                 "commodity": "electricity"},
            ],
        },
    )  # fmt: skip


def certain(estate: Estate, model: Model) -> Odds:
    """Return odds of the estate's own links; who is likely does not matter here."""
    first, system, reach, guarded = links(estate, model)
    return Odds(
        np.full((SLOPES, len(first) - 1), 0.5), first, system, reach, guarded, cumulative((("trip", 1.0),)), 1, 1
    )


def number(estate: Estate, **more: Any) -> Resilience:
    model = build(estate)
    return find(model, certain(estate, model), horizon=HOURS, **more)[0]


@pytest.mark.parametrize("providers", [1, 2, 3])
def test_as_many_as_there_are_providers(providers: int) -> None:
    found = number(redundant(providers))
    assert (found.low, found.high, found.example) == (providers, providers, tuple(range(providers)))


def test_what_four_carry_is_proven_to_three() -> None:
    found = number(redundant(4))
    assert (found.low, found.high, found.example, found.low_example) == (3, None, (), ())
    assert (found.singles, found.pairs) == (4, 6)


def test_a_common_supplier_is_a_single_point_of_failure() -> None:
    found = number(redundant(3, supplier=True))
    assert (found.low, found.high, found.example) == (1, 1, (3,))


def test_what_is_back_within_the_tolerance_is_not_broken() -> None:
    found = number(redundant(1, restore=1.0))
    assert (found.low, found.high) == (3, None)


def test_without_pairs_two_is_all_that_is_proven() -> None:
    found = number(redundant(4), exhaustive=False)
    assert (found.low, found.high, found.pairs) == (2, None, 0)


def test_only_those_asked_for_count() -> None:
    only = np.array([True, False])
    found = number(redundant(2), only=only)
    assert (found.low, found.high, found.singles) == (3, None, 1)


def test_nobody_to_breach_breaks_nothing() -> None:
    found = number(redundant(2), only=np.zeros(2, np.bool_))
    assert (found.low, found.high, found.singles) == (3, None, 0)


def test_progress_rises_to_one_and_may_stop() -> None:
    parts: list[float] = []
    number(redundant(3), progress=parts.append)
    assert parts == sorted(parts)
    assert parts[-1] == 1.0

    def stop(_: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        number(redundant(3), progress=stop)


def test_one_thread_or_two_say_the_same() -> None:
    assert number(redundant(3), threads=1) == number(redundant(3), threads=2)


def with_owners(rng: np.random.Generator) -> Estate:
    """Return a random estate in which each system has an organisation of its own."""
    estate = small(rng)
    systems = estate.ids("systems")
    frames = dict(estate.frames)
    owners = [{"id": f"of-{name}", "name_en": "o", "name_ja": "o", "sector": "sec"} for name in systems]
    rows = frames["systems"].to_dicts()
    for row in rows:
        row["organisation"] = f"of-{row['id']}"
    return from_frames(estate.meta, {**frames, "organisations": owners, "systems": rows})


@pytest.mark.parametrize("seed", [0, 1, 2, pytest.param(3, marks=pytest.mark.compiled), 4, 5])
def test_low_and_high_are_what_every_set_gives_in_each_corner(seed: int) -> None:
    estate = with_owners(np.random.default_rng(seed))
    model = build(estate)
    odds = certain(estate, model)
    numbers = find(model, odds, horizon=HOURS)
    tolerance = model.services.tolerance + 1e-9
    fewest = {}
    for z in (END, -END):
        breaker = Breaker(model, odds, z, HOURS, 0.0)
        fewest[z] = np.full(len(tolerance), 9)
        for size in (3, 2, 1):
            for some in combinations(range(len(odds.first) - 1), size):
                fewest[z][breaker.longest(some) > tolerance] = size
    for s, found in enumerate(numbers):
        assert found.low == min(fewest[END][s], fewest[-END][s], 3)
        assert found.high is None or found.low <= fewest[-END][s] <= found.high
        if fewest[-END][s] == 1:
            assert found.high == 1
        if found.example:
            assert Breaker(model, odds, -END, HOURS, 0.0).longest(found.example)[s] > tolerance[s]


@pytest.mark.parametrize("seed", range(6))
def test_nothing_falls_that_is_not_downstream(seed: int) -> None:
    estate = with_owners(np.random.default_rng(100 + seed))
    model = build(estate)
    odds = certain(estate, model)
    breaker = Breaker(model, odds, END, HOURS, 0.0)
    for item in range(len(odds.first) - 1):
        reach = reachable(model, odds.system[odds.first[item] : odds.first[item + 1]])
        assert not (breaker.longest((item,)) > 0.0)[~reach].any()


def test_distance_counts_steps_up_from_the_service() -> None:
    model = build(redundant(2))
    steps = distance(model, 0)
    assert {name: int(steps[model.index[name]]) for name in model.ids} == {
        "service": 0, "plant0": 1, "plant1": 1, "sys0": 2, "sys1": 2,
    }  # fmt: skip
