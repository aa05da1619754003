"""Cascades by hand, against the plain specification on random grids, and what must not change them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import config
from tests.flow.test_screening import random_network

from noroshi.flow.cascade import cascade_many, cascade_of
from noroshi.flow.cascade_grid import CHANGES, COUNTS, FACTORS, prepared, room
from noroshi.flow.cascade_reference import reference_cascade
from noroshi.flow.cascade_rules import Cascade, Limits, Rules
from noroshi.flow.kernel import Ints
from noroshi.flow.ldl import factored
from noroshi.flow.ldl_changes import changed
from noroshi.flow.network import Network

PLAIN = Rules(relay=False)
GRIDS = 100 if config.DISABLE_JIT else 400


def run(net: Network, out: list[int] | Ints, rules: Rules | None = None, limits: Limits | None = None) -> Cascade:
    """Return the compiled cascade."""
    made = prepared(net, limits)
    return cascade_of(made, np.asarray(out, np.int64), rules or Rules(), room(made.grid))


def network(ends: list[tuple[int, int]], rating: list[float], made: list[float], capacity: list[float],
            demand: list[float]) -> Network:  # fmt: skip
    """Return a network whose branches are all alike but for their ratings."""
    a, b = np.array(ends, np.int64).T
    m, need = len(a), np.array(demand, float)
    return Network(a.copy(), b.copy(), np.full(m, 100.0), np.zeros(m), np.array(rating, float), np.array(made) - need,
                   np.array(capacity, float), need)  # fmt: skip


def same(one: Cascade, two: Cascade) -> None:
    """Assert that two cascades agree to 1e-9: the same branches in the same order, times, MW, islands."""
    assert [(t.branch, t.turn) for t in one.trips] == [(t.branch, t.turn) for t in two.trips]
    assert [t.time_s for t in one.trips] == pytest.approx([t.time_s for t in two.trips], rel=1e-9, abs=1e-9)
    assert [t.loading for t in one.trips] == pytest.approx([t.loading for t in two.trips], rel=1e-9, abs=1e-9)
    assert one.shed == pytest.approx(two.shed, rel=1e-9, abs=1e-7)
    assert one.shed_by_priority == pytest.approx(two.shed_by_priority, rel=1e-9, abs=1e-7)
    assert one.lost_mw == pytest.approx(two.lost_mw, rel=1e-9, abs=1e-7)
    size = max(1.0, np.abs(two.flow).max(initial=0.0))
    assert one.flow == pytest.approx(two.flow, rel=1e-9, abs=1e-9 * size)
    assert one.collapsed.tolist() == two.collapsed.tolist()
    assert one[4:5] + one[6:7] + one[8:] == two[4:5] + two[6:7] + two[8:]


def ring(rating: list[float]) -> Network:
    """Return four buses in a ring, 90 MW from bus 0 to bus 2: 45 each way."""
    return network([(0, 1), (1, 2), (2, 3), (3, 0)], rating, [90, 0, 0, 0], [100, 0, 0, 0], [0, 0, 90, 0])


def test_a_ring_cascades_by_hand() -> None:
    # Without 0-1 all 90 MW go by bus 3: 90 / 80 = 1.125 on 3-0, 80 / (1.125² - 1) s; then bus 0 is alone, others dark.
    found = run(ring([60, 100, 100, 80]), [0])
    assert [(t.branch, t.turn) for t in found.trips] == [(0, 0), (3, 1)]
    assert found.trips[1].time_s == pytest.approx(80 / (1.125**2 - 1))
    assert found.trips[1].loading == pytest.approx(1.125)
    assert (found.lost_mw, found.collapses, found.islands, found.rounds) == pytest.approx((90, 1, 0, 1))
    assert found.collapsed.tolist() == [-1, 1, 1, 1]
    assert found.shed == pytest.approx([0, 0, 90, 0])
    assert found.flow == pytest.approx(np.zeros(4))
    # People are quicker than a relay that needs 301 s: it stays overloaded, nothing is lost.
    held = run(ring([60, 100, 100, 80]), [0], Rules(horizon_s=300))
    assert (len(held.trips), held.lost_mw, held.overloaded, held.islands) == (1, 0, 1, 1)
    assert run(ring([60, 100, 100, 95]), [0]).overloaded == 0  # nothing is over its limit


def test_the_plain_rule_trips_all_at_once_and_takes_no_time() -> None:
    found = run(ring([60, 100, 80, 80]), [0], PLAIN)
    assert [(t.branch, t.time_s, t.turn) for t in found.trips] == [(0, 0.0, 0), (2, 0.0, 1), (3, 0.0, 1)]
    relays = run(ring([60, 100, 70, 80]), [0])  # the more loaded one is first, and then the other carries nothing
    assert [(t.branch, t.turn) for t in relays.trips] == [(0, 0), (2, 1)]


def test_parallel_lines_heat_and_remember() -> None:
    # 150 MW over three: 50 each. Without the third 75 each; the first trips after 80 / (1.25² - 1) s, while the second
    # has used up its share of the 80 / ((75/70)² - 1) s that it could have stood that; then 150 / 70.
    net = network([(0, 1)] * 3, [60, 70, 200], [150, 0], [200, 0], [0, 150])
    found = run(net, [2])
    first = 80 / (1.25**2 - 1)
    heat = first * ((75 / 70) ** 2 - 1) / 80
    assert [t.branch for t in found.trips] == [2, 0, 1]
    assert [t.time_s for t in found.trips] == pytest.approx([0, first, first + (1 - heat) * 80 / ((150 / 70) ** 2 - 1)])


def test_twins_trip_together_in_the_order_of_their_index() -> None:
    found = run(network([(0, 1)] * 3, [60, 60, 200], [150, 0], [200, 0], [0, 150]), [2])
    assert [(t.branch, t.turn) for t in found.trips] == [(2, 0), (0, 1), (1, 1)]
    assert found.trips[1].time_s == found.trips[2].time_s == pytest.approx(80 / (1.25**2 - 1))
    # The last digits do not decide who is first; the fifth does.
    for more, turns in ((1e-13, [0, 1, 1]), (1e-4, [0, 1, 2])):
        rating = [60 * (1 + more), 60, 200]
        assert [t.turn for t in run(network([(0, 1)] * 3, rating, [150, 0], [200, 0], [0, 150]), [2]).trips] == turns


def test_an_island_short_of_generation_sheds_by_priority() -> None:
    # Cut off, buses 1 and 2 need 90, have 50, and raise 5 % of 60: 37 are shed, of the normal 60 and 20 in proportion.
    net = network([(0, 1), (1, 2)], [100, 100], [100, 50, 0], [150, 60, 0], [60, 60, 30])
    net = net._replace(critical=np.array([0.0, 1 / 6, 0.0]))
    found = run(net, [0])
    assert found.shed == pytest.approx([0, 37 * 50 / 80, 37 * 30 / 80])
    assert found.shed_by_priority == pytest.approx([37, 0])
    assert (found.islands, found.collapses, found.lost_mw) == pytest.approx((2, 0, 37))
    deep = run(net._replace(critical=np.full(3, 0.8)), [0])  # only 18 are normal: 19 of the others too
    assert deep.shed_by_priority == pytest.approx([18, 19])
    assert deep.shed == pytest.approx([0, 12 + 19 * 48 / 72, 6 + 19 * 24 / 72])
    assert run(net, [0], Rules(reserve=1.0)).lost_mw == pytest.approx(30)  # no more than the 60 MW there are


def test_an_island_collapses_where_shedding_cannot_follow() -> None:
    net = network([(0, 1), (1, 2)], [100, 100], [100, 50, 0], [150, 60, 0], [60, 60, 30])
    assert run(net, [0], Rules(follow=37 / 90 + 1e-6)).collapses == 0
    found = run(net, [0], Rules(follow=37 / 90 - 1e-6))
    assert (found.collapses, found.islands, found.lost_mw) == pytest.approx((1, 1, 90))
    assert found.collapsed.tolist() == [-1, 0, 0]


def test_generators_ramp_while_a_relay_waits() -> None:
    # 40 MW over one line of 35 MW: it trips after 80 / ((40/35)² - 1) s, and so long bus 1 has risen by 2 % a minute.
    net = network([(0, 1), (0, 1)], [35, 80], [40, 60], [100, 100], [0, 100])
    found = run(net, [1], Rules(reserve=0.0, ramp=0.02))
    minutes = 80 / ((40 / 35) ** 2 - 1) / 60
    assert (found.collapses, found.lost_mw) == pytest.approx((0, 40 - 2 * minutes))


def test_what_was_shed_before_counts() -> None:
    # Bus 2 first loses 30 of its 100 MW; then 20 more, which alone relays could follow, but 50 in all are over 47 %.
    net = network([(0, 2), (1, 2), (1, 2)], [80, 17.5, 80], [30, 20, 50], [30, 20, 50], [0, 0, 100])
    found = run(net, [0, 2], Rules(reserve=0.0, ramp=0.0))
    assert (found.collapses, found.lost_mw, *found.collapsed) == pytest.approx((1, 100, -1, -1, 1))
    held = run(net, [0, 2], Rules(reserve=0.0, ramp=0.0, follow=0.51))
    assert (held.collapses, held.lost_mw) == pytest.approx((0, 50))


def test_what_a_case_starts_with_is_allowed() -> None:
    net = ring([40, 100, 100, 80])  # 0-1 carries 45 of 40 before anything happens
    made = prepared(net)
    assert made.start.limit == pytest.approx([49.5, 100, 100, 80])
    assert run(net, [2], Rules(), Limits(headroom=2.5)).trips[1:] == []
    assert [t.branch for t in run(net, [2]).trips] == [2, 0]


@pytest.mark.parametrize("batch", range(GRIDS // 25))
def test_compiled_and_plain_agree(batch: int) -> None:
    deep = 0
    for seed in range(25 * batch, 25 * batch + 25):
        rng = np.random.default_rng(seed)
        net = random_network(rng, int(rng.integers(3, 30)), int(rng.integers(0, 25)))
        net = net._replace(critical=rng.random(len(net.injection)))
        limits = Limits(rng.uniform(0.3, 2.0))
        rules = Rules(bool(seed % 2), rng.uniform(0, 0.3), rng.uniform(0, 0.1), rng.uniform(0.2, 0.9), cool_s=100.0)
        out = rng.choice(len(net.a), min(len(net.a), int(rng.integers(1, 5))), replace=False)
        found = run(net, out, rules, limits)
        same(found, reference_cascade(net, limits, rules, out))
        deep += found.rounds >= 3
    assert deep > 0


@pytest.mark.parametrize("seed", range(1 if config.DISABLE_JIT else 12))
@pytest.mark.parametrize("relay", [True, False])
def test_they_agree_on_long_cascades_whose_factor_changes_often(seed: int, relay: bool) -> None:
    rng = np.random.default_rng(seed)
    net = random_network(rng, 150, 120)
    made, rules, limits = prepared(net, Limits(0.5)), Rules(relay, follow=0.8), Limits(0.5)
    many = seed % 2 == 0
    out = rng.choice(len(net.a), 150 if many else 3, replace=False)
    own = room(made.grid)
    same(cascade_of(made, out, rules, own), reference_cascade(net, limits, rules, out))
    assert own.counts[CHANGES] >= 3
    assert own.counts[FACTORS] > 0 or not many


@settings(max_examples=8 if config.DISABLE_JIT else 60, deadline=None)
@given(st.integers(0, 10_000), st.booleans())
def test_names_order_a_bus_beside_and_a_line_of_two_halves_change_nothing(seed: int, relay: bool) -> None:
    rng = np.random.default_rng(seed)
    net = random_network(rng, 12, 10)
    m, n = len(net.a), len(net.injection)
    rules, limits, out = Rules(relay), Limits(0.6), rng.choice(m, 2, replace=False)
    one = run(net, out, rules, limits)
    bus, branch = rng.permutation(n), rng.permutation(m)
    at, new = np.argsort(branch), np.argsort(bus)
    other = Network(
        new[net.a[branch]], new[net.b[branch]], net.susceptance[branch], net.shifted[branch], net.rating[branch],
        *(np.append(part[bus], 0.0) for part in (net.injection, net.capacity, net.demand)),
    )  # fmt: skip
    renamed = run(other, at[out], rules, limits)
    assert sorted((t.turn, int(branch[t.branch])) for t in renamed.trips) == sorted(
        (t.turn, t.branch) for t in one.trips
    )
    assert renamed.shed[:n] == pytest.approx(one.shed[bus], abs=1e-7)
    assert (renamed.islands, renamed.collapses, renamed.rounds) == (one.islands, one.collapses, one.rounds)
    cut = int(rng.choice(m))
    halves = net._replace(
        a=np.append(net.a, n), b=np.append(net.b, net.b[cut]), shifted=np.append(net.shifted, net.shifted[cut]),
        susceptance=np.append(net.susceptance, 2 * net.susceptance[cut]), rating=np.append(net.rating, net.rating[cut]),
        **{name: np.append(getattr(net, name), 0.0) for name in ("injection", "capacity", "demand")},
    )  # fmt: skip
    halves.b[cut], halves.susceptance[cut] = n, 2 * net.susceptance[cut]
    split = run(halves, np.append(out, m) if cut in out else out, rules, limits)
    assert [(t.branch, t.turn) for t in split.trips if t.branch < m] == [(t.branch, t.turn) for t in one.trips]
    assert split.shed[:n] == pytest.approx(one.shed, abs=1e-7)
    assert (split.islands, split.collapses, split.rounds) == (one.islands, one.collapses, one.rounds)


def test_a_room_is_as_good_as_new_and_an_outage_named_twice_is_one() -> None:
    made = prepared(ring([60, 100, 100, 80]))
    own, outages = room(made.grid), np.array([[0, 0], [1, 2], [0, 0]])
    counts, lost = np.zeros((3, len(COUNTS)), np.int64), np.zeros(3)
    cascade_many(made.grid, Rules(), outages, 0, 3, own, counts, lost)
    assert counts[0].tolist() == counts[2].tolist()
    assert lost == pytest.approx([90, 90, 90])
    assert counts[:, 0].tolist() == [2, 2, 2]


def test_two_branches_that_cancel_are_a_fault_not_a_number() -> None:
    net = network([(0, 1), (0, 1)], [1, 1], [5, 0], [10, 0], [0, 5])
    with np.errstate(divide="ignore", invalid="ignore"), pytest.raises(ValueError, match="cancel"):
        prepared(net._replace(susceptance=np.array([100.0, -100.0])))


def test_a_change_that_leaves_no_digits_says_so() -> None:
    # Two buses, 1e9 between them and 1 to the ground: without the branch 1 is left of 1e9.
    start, row = np.array([0, 2, 4], np.int64), np.array([0, 1, 0, 1], np.int64)
    factor = factored(2, start, row, np.array([1e9 + 1, -1e9, -1e9, 1e9 + 1]))
    work = np.zeros(2)
    assert not changed(factor, 0, 1, -1e9, work)
    assert work.tolist() == [0, 0]
    factor = factored(2, start, row, np.array([3.0, -1.0, -1.0, 3.0]))
    assert changed(factor, 0, 1, -1.0, np.zeros(2))
    assert factor.d == pytest.approx([2, 2])
    assert factor.value == pytest.approx([0])
