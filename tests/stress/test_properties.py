"""What must hold of any run, over a thousand random estates and shocks (tests/stress/random_estates.py)."""

from __future__ import annotations

import copy
import dataclasses
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from numba import config
from tests.stress.random_estates import shock, small

from noroshi.estate.model import from_frames
from noroshi.flow.kernel import Floats, kernel
from noroshi.stress import engine, reference
from noroshi.stress.causes import chain, index
from noroshi.stress.draw import Draw, median, quiet
from noroshi.stress.effects import EXPOSES
from noroshi.stress.kernel_time import play
from noroshi.stress.model import NONE, Model, Services, T, build
from noroshi.stress.networks import TRANCHES
from noroshi.stress.outcome import DEMAND, DETECTED, DOWN, HIT, LOSSES, SELF, Run
from noroshi.stress.reference_flow import advance_stores
from noroshi.stress.rules import BLOCK_H, TICK
from noroshi.stress.scene import Plan, Scene, draw_of, memo, plan, scene
from noroshi.stress.shock import EFFECTS

if TYPE_CHECKING:
    from noroshi.estate.model import Estate

SCENARIOS = 100 if config.DISABLE_JIT else 1000
FIRST = 5000
"""Other seeds than those of test_equal."""


@cache
def scenario(seed: int, *, flat: bool = False) -> tuple[Estate, Model, Draw]:
    """Return the estate and shock of this seed."""
    rng = np.random.default_rng(FIRST + seed)
    estate = small(rng, flat=flat)
    model = build(estate)
    return estate, model, median(model, shock(rng, estate))


@cache
def ran(seed: int) -> tuple[Run, Run]:
    """Return the run of the scenario, and that without its hits."""
    _, model, draw = scenario(seed)
    ready = plan(model)
    return engine.run(model, draw, ready), engine.run(model, quiet(draw), ready)


def test_no_shock_no_harm() -> None:
    """Hits that take nothing (data loss) change nothing: no event but their own, no further hour below a floor."""
    for seed in range(0, SCENARIOS, 4):
        _, model, draw = scenario(seed)
        zero = np.zeros(draw.onset.size)
        leak = np.full(draw.effect.size, EFFECTS.index("data_loss"))
        same = draw._replace(
            effect=leak, onset=zero, seen=zero, end=zero + 2 * draw.horizon, manual=draw.manual * np.nan
        )
        assert EXPOSES[same.effect].all()
        run, calm = engine.run(model, same), ran(seed)[1]
        assert [event for event in run.events if event.what not in (HIT, DETECTED)] == list(calm.events)
        for found, expected in zip(run.below(model.services.floor), calm.below(model.services.floor), strict=True):
            np.testing.assert_array_equal(found, expected)


def test_without_hits_nothing_is_lost_but_for_demand() -> None:
    for seed in range(0, SCENARIOS, 5):
        _, model, draw = scenario(seed)
        calm = ran(seed)[1]
        trace = index(calm, model, quiet(draw))
        for k, event in enumerate(calm.events):
            if event.what in LOSSES:
                assert calm.events[chain(trace, k)[-1]].cause == DEMAND, (seed, event)


@pytest.mark.compiled
def test_every_loss_goes_back_to_a_hit_or_to_demand() -> None:
    """A chain never cycles, and ends at a hit or at demand, which is short without a hit too.

    The thousand have every kind of event, so that the properties here are about something.
    """
    seen = set()
    for seed in range(SCENARIOS):
        _, model, draw = scenario(seed)
        run, calm = ran(seed)
        seen |= {event.what for event in run.events}
        trace = index(run, model, draw)
        short = any(event.cause == DEMAND for event in calm.events)
        for k, event in enumerate(run.events):
            if event.what not in LOSSES:
                continue
            links = chain(trace, k)
            assert len(set(links)) == len(links)
            assert list(links) == sorted(links, reverse=True), "a cause comes before what it causes"
            last = run.events[links[-1]]
            assert last.what == HIT or (last.cause == DEMAND and short), (seed, event, last)
    assert config.DISABLE_JIT or seen == set(range(DOWN + 5)) | {HIT}, "a hundred without the JIT are too few for that"


def test_a_loss_by_its_own_hit_is_within_that_hit() -> None:
    for seed in range(SCENARIOS):
        _, _, draw = scenario(seed)
        run, _ = ran(seed)
        for event in run.events:
            if event.what in LOSSES and event.cause == SELF:
                own = draw.unit == event.unit
                assert (own & (draw.onset <= event.hour + TICK)).any(), (seed, event)


@kernel
def power_left(m: Plan, s: Scene) -> Floats:
    """Return what each AC island gets and does not serve, MW; (buses + 1), the last for what is dark."""
    w = m.power
    out = np.zeros(w.critical.size + 1)
    for b in range(w.critical.size):
        out[s.label[b]] += s.shed[b].sum() - s.demand[b]
    for g in range(w.g_bus.size):
        out[s.label[w.g_bus[g]]] += s.p[g]
    for k in range(w.dc.size):
        out[s.label[w.b_to[w.dc[k]]]] += s.f[k]
        out[s.label[w.b_from[w.dc[k]]]] -= s.f[k]
    out[-1] = 0.0
    return out


@kernel
def gas_left(m: Plan, s: Scene) -> Floats:
    """Return what each gas network gets and neither serves nor stores, t/h; (nodes)."""
    g = m.gas
    out = np.zeros(g.critical.size)
    for n in range(g.critical.size):
        out[g.part[n]] += s.unserved[n].sum() - s.gas_demand[n]
    for q in range(g.s_node.size):
        out[g.part[g.s_node[q]]] += s.q[q]
    for t in range(g.t_node.size):
        out[g.part[g.t_node[t]]] += s.draw[t] - s.fill[t]
    return out


def test_what_goes_in_comes_out() -> None:
    """Power per island and gas per network balance to 1e-6, at hours at random (test_equal checks every instant)."""
    rng = np.random.default_rng(7)
    nothing, none = np.empty(0), np.empty((0, 0))
    for seed in range(SCENARIOS):
        _, model, draw = scenario(seed)
        ready = plan(model)
        cut = draw_of(draw._replace(horizon=rng.uniform(0.0, draw.horizon)))
        state = scene(ready, cut, memo(ready, 1), 0)
        play(ready, cut, state, nothing, none, nothing, none)
        for left in (power_left(ready, state), gas_left(ready, state)):
            np.testing.assert_allclose(left, 0.0, atol=1e-6, err_msg=f"seed {seed}")


class Falling(list[float]):
    """A list whose entries may only go down."""

    def __setitem__(self, at: Any, value: Any) -> None:
        assert value <= self[at], f"entry {at} rose from {self[at]} to {value}"
        super().__setitem__(at, value)


@pytest.mark.parametrize("batch", [0, *(pytest.param(k, marks=pytest.mark.slow) for k in range(1, SCENARIOS // 10))])
def test_in_an_instant_shares_only_fall(batch: int) -> None:
    """Step 3 of every instant, on a copy of the reference's state whose lists refuse to rise."""
    for seed in range(10 * batch, 10 * batch + 10):
        _, model, draw = scenario(seed)
        s = reference.begin(model, draw)
        reference.instant(s)
        s.calm = False
        while s.now < draw.horizon:
            twin = copy.deepcopy(s, {id(model): model, id(draw): draw})
            reference.equipment(twin)
            reference.candidates(twin)
            twin.c, twin.v, twin.crit = Falling(twin.c), Falling(twin.v), Falling(twin.crit)
            alive = list(twin.alive)
            while reference.lower(twin):
                pass
            assert all(was or not now for was, now in zip(alive, twin.alive, strict=True)), "nothing starts in step 3"
            reference.instant(s)
            due = reference.coming(s)
            advance_stores(s, min(due, draw.horizon) - s.now)
            s.now = due


def unserved(model: Model, draw: Draw) -> float:
    """Return the unserved energy of all buses and gas nodes, weighted as dispatch weighs it."""
    w, g = model.power, model.gas
    first = [int(model.units.start[T[t]]) for t in ("power_buses", "power_branches", "gas_nodes", "gas_pipes")]
    units = np.concatenate([np.arange(first[0], first[1]), np.arange(first[2], first[3])])
    zeros = np.zeros(units.size)
    run = engine.run(dataclasses.replace(model, services=Services(units, zeros, zeros, zeros, zeros)), draw)
    total = 0.0
    steps = np.append(np.diff(run.hours), draw.horizon - run.hours[-1])
    for hour, lasts, share in zip(run.hours, steps, run.shares, strict=True):
        block = int(np.floor((hour + draw.clock + TICK) / BLOCK_H)) % 6
        mw, tph = w.demand[:, block], g.demand[:, block]
        normal = [(1.0 - w.critical) * mw / (TRANCHES - 1)] * (TRANCHES - 1)
        gas = [(1.0 - g.critical) * tph, g.critical * tph]
        parts = [(mw, [*normal, w.critical * mw], w.weight), (tph, gas, g.weight)]
        at = 0
        for demand, tranches, weight in parts:
            left = (1.0 - share[at : at + demand.size]) * demand
            at += demand.size
            for k, most in enumerate(tranches):
                cut = np.minimum(left, most)
                left = left - cut
                total += lasts * float((cut * weight[:, k]).sum())
    return total


def plain(model: Model) -> Model:
    """Return the model without commands, crews, shared stores, sudden losses and relays' limits."""
    u, w, g = model.units, model.power, model.gas
    nobody = np.full(u.crew.size, NONE)
    return dataclasses.replace(
        model, units=u._replace(crew=nobody, commander=nobody.copy()),
        power=w._replace(bus_system=np.full(w.bus_system.size, NONE), g_fast=w.g_max.copy(), ufls=np.ones(w.ufls.size)),
        gas=g._replace(t_draw=np.zeros(g.t_draw.size), t_fill=np.zeros(g.t_fill.size)),
    )  # fmt: skip


def reversals(*, simple: bool, scenarios: int = SCENARIOS) -> list[int]:
    """Return the seeds for which twice the autonomy leaves more energy unserved."""
    out = []
    for seed in range(scenarios):
        estate, model, draw = scenario(seed, flat=simple)
        if simple:
            model = plain(model)
            draw = median(model, shock(np.random.default_rng(seed), estate))
        less, more = unserved(model, draw), unserved(model, draw._replace(autonomy=2.0 * draw.autonomy))
        if more > less * (1 + 1e-9) + 1e-6:
            out.append(seed)
    return out


# each takes a minute, so that the suite has a tenth of them and `-m slow` has all
OFTEN = pytest.mark.parametrize("scenarios", [SCENARIOS // 10, pytest.param(SCENARIOS, marks=pytest.mark.slow)])


@OFTEN
def test_longer_autonomy_never_hurts_where_it_cannot(scenarios: int) -> None:
    """Control kept, no crew limit, no shared store, nothing divided by a network, no relays that act at once."""
    assert reversals(simple=True, scenarios=scenarios) == []


@OFTEN
def test_reversals_elsewhere_are_rare(record_property: Any, scenarios: int) -> None:
    """With crews, lost control, stores, relays and networks a later failure may be a worse one: docs/semantics.md."""
    found = reversals(simple=False, scenarios=scenarios)
    record_property("reversals", len(found))
    print(f"longer autonomy made it worse in {len(found)} of {scenarios} scenarios")  # noqa: T201
    assert len(found) <= scenarios // 20


def test_order_and_names_of_services_do_not_matter() -> None:
    rng = np.random.default_rng(11)
    for seed in range(0, SCENARIOS, 5):
        estate, model, draw = scenario(seed)
        frames = dict(estate.frames)
        order = rng.permutation(estate.count("services"))
        frames["services"] = frames["services"][order.tolist()]
        again = build(from_frames(estate.meta, frames))
        first, second = ran(seed)[0], engine.run(again, draw_for(model, again, draw))
        np.testing.assert_array_equal(first.hours, second.hours)
        np.testing.assert_allclose(second.shares, first.shares[:, order], rtol=0, atol=1e-12)
        told = sorted((e.hour, e.what, model.ids[e.unit]) for e in first.events)
        assert told == sorted((e.hour, e.what, again.ids[e.unit]) for e in second.events)


def draw_for(model: Model, again: Model, draw: Draw) -> Draw:
    """Return the draw with its values per dependency row in the order of the other model."""
    rows = [model.row_ids.index(name) for name in again.row_ids]
    return draw._replace(autonomy=draw.autonomy[rows], degraded=draw.degraded[rows])


def test_the_same_run_twice() -> None:
    for seed in range(0, SCENARIOS, 5):
        _, model, draw = scenario(seed)
        first, second = ran(seed)[0], engine.run(model, draw)
        assert first.events == second.events
        np.testing.assert_array_equal(first.shares, second.shares)
