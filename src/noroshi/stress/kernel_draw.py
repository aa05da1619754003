"""Kernels: one scenario's draw from the odds, and a chunk of scenarios one after the other."""

from __future__ import annotations

import math

import numpy as np

from noroshi.flow.kernel import Bools, Floats, Ints, Tables, bare, copied, inner, kernel, row_kept
from noroshi.flow.reference_types import BOOLS, FLOATS, by_reference, kind_of
from noroshi.flow.seams import entry, seam
from noroshi.stress.draw import Draw
from noroshi.stress.kernel_time import played
from noroshi.stress.model import NONE
from noroshi.stress.odds import SLOPES, Odds
from noroshi.stress.random import normal, uniform
from noroshi.stress.scene import DRAW, FAILED, PLAN, SOLVES, DrawRef, Memo, Plan, before

OddsRef = by_reference(Odds, globals())

FACTORS = (
    "autonomy", "degraded", "manual_share", "manual_delay", "detection", "restoration", "access", "slope", "demand",
    "capacity",
)  # fmt: skip
"""What is uncertain for all at once; half of the variance of each single value is its own."""
AUTONOMY, DEGRADED, MANUAL_SHARE, MANUAL_DELAY, DETECTION, RESTORATION, ACCESS, SLOPE, DEMAND_F, CAPACITY_F = range(10)
KIND_FACTOR, KIND_ITEM, KIND_LINK, KIND_EFFECT, KIND_AUTONOMY = range(5)
KIND_DEGRADED, KIND_SHARE, KIND_DELAY, KIND_SEEN, KIND_END = range(5, 10)
SHARED = math.sqrt(0.5)
Z90 = 1.2815515655446004
STEPS = 5
LEVELS = STEPS * STEPS
DEMAND_SD, CAPACITY_SD, MANUAL_SD, DELAY_SD = 0.02, 0.02, 0.1, 0.4
MIDDLES = np.array([-1.2815515655446004, -0.5244005127080407, 0.0, 0.5244005127080407, 1.2815515655446004])
"""Deviates at the middles of five equally likely steps."""


@kernel
def odds_of(odds: Odds) -> Odds:
    """Return odds as the kernels take them."""
    return OddsRef(*odds)


@bare
def step_of(z: float) -> int:
    """Return which of the five equally likely steps a deviate falls into."""
    return min(int(STEPS * 0.5 * math.erfc(-z / math.sqrt(2.0))), STEPS - 1)


@bare
def spread(p50: float, p90: float, z: float) -> float:
    """Return the lognormal with this median and 90 % point at z; 0 stays 0."""
    if p50 <= 0.0:
        return 0.0
    return p50 * math.exp(math.log(max(p90, p50) / p50) / Z90 * z)


@inner
def breached(odds: Odds, seed: int, scenario: int, slope: int, out: Bools) -> float:
    """Draw who is breached, given that at least one is; answer the probability of that.

    The first of them is drawn from its exact distribution, those after it independently.
    """
    items = out.size
    chance = odds.chance
    out[:] = False
    none = 1.0
    for i in range(items):
        none *= 1.0 - chance[slope, i]
    some = 1.0 - none
    if some <= 0.0:
        return 0.0
    target = uniform(seed, scenario, KIND_ITEM, items) * some
    none = 1.0
    first = items - 1
    for i in range(items):
        target -= none * chance[slope, i]
        none *= 1.0 - chance[slope, i]
        if target < 0.0:
            first = i
            break
    out[first] = True
    for i in range(first + 1, items):
        out[i] = uniform(seed, scenario, KIND_ITEM, i) < chance[slope, i]
    return some


@inner
def effects_on(odds: Odds, seed: int, scenario: int, z: float, who: Bools, out: Ints) -> int:
    """Draw which systems are hit and how (NONE = not); answer how many."""
    access = min(spread(odds.access50, odds.access90, z), 1.0)
    first = odds.first
    system = odds.system
    reach = odds.reach
    guarded = odds.guarded
    effects = odds.effects
    count = 0
    for i in range(who.size):
        if not who[i]:
            continue
        for k in range(first[i], first[i + 1]):
            unit = system[k]
            chance = reach[k] * access if guarded[k] else reach[k]
            if out[unit] == NONE and uniform(seed, scenario, KIND_LINK, k) < chance:
                u = uniform(seed, scenario, KIND_EFFECT, unit)
                effect = 0
                while effect < effects.size - 1 and u > effects[effect]:
                    effect += 1
                out[unit] = effect
                count += 1
    return count


@inner
def values(
    m: Plan, seed: int, scenario: int, z: Floats, autonomy: Floats, degraded: Floats, manual: Floats, after: Floats
) -> None:
    """Draw what is uncertain about rows and systems, each half common and half its own."""
    autonomy50 = m.rows.autonomy50
    autonomy90 = m.rows.autonomy90
    middle = m.rows.degraded
    width = m.rows.spread
    for k in range(autonomy.size):
        if autonomy50[k] > 0.0:
            own = SHARED * (z[AUTONOMY] + normal(seed, scenario, KIND_AUTONOMY, k))
            autonomy[k] = spread(autonomy50[k], autonomy90[k], own)
        else:
            autonomy[k] = 0.0
        degraded[k] = middle[k]
        if width[k] > 0.0:
            x = SHARED * (z[DEGRADED] + normal(seed, scenario, KIND_DEGRADED, k))
            degraded[k] = min(max(middle[k] + width[k] * math.erf(x / math.sqrt(2.0)), 0.0), 1.0)
    share = m.units.manual
    hours = m.units.manual_after
    for u in range(m.units.start[1]):
        manual[u] = share[u]
        after[u] = hours[u]
        if share[u] > 0.0:
            x = SHARED * (z[MANUAL_SHARE] + normal(seed, scenario, KIND_SHARE, u))
            manual[u] = min(max(share[u] + MANUAL_SD * x, 0.0), 1.0)
        if hours[u] > 0.0:
            x = SHARED * (z[MANUAL_DELAY] + normal(seed, scenario, KIND_DELAY, u))
            after[u] = hours[u] * math.exp(DELAY_SD * x)


@seam(DRAW, PLAN, kind_of(Odds), "int64", "int64", "int64", "float64", "float64", FLOATS, BOOLS, FLOATS)
def drawn(
    m: Plan, odds: Odds, seed: int, scenario: int, only: int, horizon: float, clock: float, z: Floats, who: Bools,
    weight: Floats,
) -> Draw:  # fmt: skip
    """Draw one scenario; z (factors,), who (items,) and weight (1,) are written.

    only: the one item that is breached, or NONE for whoever the odds say.
    """
    for k in range(z.size):
        z[k] = normal(seed, scenario, KIND_FACTOR, k)
    slope = min(int(SLOPES * 0.5 * math.erfc(-z[SLOPE] / math.sqrt(2.0))), SLOPES - 1)
    if only == NONE:
        weight[0] = breached(odds, seed, scenario, slope, who)
    else:
        who[:] = False
        who[only] = True
        weight[0] = odds.chance[slope, only]
    systems = m.units.start[1]
    effect = np.full(systems, NONE)
    hits = effects_on(odds, seed, scenario, z[ACCESS], who, effect)
    unit = np.empty(hits, np.int64)
    kind = np.empty(hits, np.int64)
    seen = np.empty(hits)
    end = np.empty(hits)
    detect50, detect90 = m.units.detect50, m.units.detect90
    restore50, restore90 = m.units.restore50, m.units.restore90
    at = 0
    for u in range(systems):
        if effect[u] != NONE:
            unit[at] = u
            kind[at] = effect[u]
            x = SHARED * (z[DETECTION] + normal(seed, scenario, KIND_SEEN, u))
            seen[at] = spread(detect50[u], detect90[u], x)
            x = SHARED * (z[RESTORATION] + normal(seed, scenario, KIND_END, u))
            end[at] = seen[at] + spread(restore50[u], restore90[u], x)
            at += 1
    rows = m.rows.unit.size
    units = m.units.table.size
    autonomy, degraded = np.empty(rows), np.empty(rows)
    manual, after = np.full(units, np.nan), np.zeros(units)
    values(m, seed, scenario, z, autonomy, degraded, manual, after)
    demand, capacity = step_of(z[DEMAND_F]), step_of(z[CAPACITY_F])
    return DrawRef(
        unit, kind, np.zeros(hits), seen, end, np.zeros(hits), manual, after, autonomy, degraded,
        1.0 + DEMAND_SD * MIDDLES[demand], 1.0 + CAPACITY_SD * MIDDLES[capacity], horizon, clock,
        STEPS * demand + capacity,
    )  # fmt: skip


@entry
def scenario_draw(
    m: Plan, odds: Odds, seed: int, scenario: int, only: int, horizon: float, clock: float, z: Floats, who: Bools,
    weight: Floats,
) -> Draw:  # fmt: skip
    """Draw one scenario, as `drawn`; for Python."""
    return drawn(m, odds, seed, scenario, only, horizon, clock, z, who, weight)


@entry
def chunk(
    m: Plan, odds: Odds, kept: Memo, seed: int, first: int, last: int, only: int, clock: float, grid: Floats,
    horizon: float, out_below: Tables, out_longest: Tables, out_z: Tables, out_who: np.ndarray, out_weight: Floats,
    out_count: np.ndarray, out_exposed: np.ndarray, out_share: np.ndarray,
) -> int:  # fmt: skip
    """Run scenarios first … last - 1 and write their rows (row 0 = `first`); answer how many programs failed.

    kept: solutions known to this thread, filled for every level by runs without a shock.

    out_count (S, 3): hits, solves, level; out_exposed (S, systems): data taken; out_share (S, grid,
    services): shares x 250.
    """
    services = m.services.unit.size
    none = np.empty(0)
    nothing = np.empty((0, services))
    shares = np.empty((grid.size, services))
    failed = 0
    for i in range(last - first):
        d = drawn(m, odds, seed, first + i, only, horizon, clock, out_z[i], out_who[i], out_weight[i : i + 1])
        s = before(m, d, kept, 0)
        played(m, d, s, grid, shares, none, nothing)
        row_kept(s.below, out_below, i)
        row_kept(s.longest, out_longest, i)
        out_count[i, 0] = d.unit.size
        out_count[i, 1] = s.count[SOLVES]
        out_count[i, 2] = d.level
        failed += s.count[FAILED]
        for k in range(d.unit.size):
            if d.effect[k] == 5:
                out_exposed[i, d.unit[k]] = True
        for j in range(grid.size):
            for k in range(services):
                out_share[i, j, k] = int(250.0 * shares[j, k] + 0.5)
    return failed


@entry
def one(m: Plan, d: Draw, kept: Memo, out_below: Floats, out_longest: Floats) -> int:
    """Run one given draw without a trace; answer how many programs failed."""
    services = m.services.unit.size
    s = before(m, d, kept, 0)
    played(m, d, s, np.empty(0), np.empty((0, services)), np.empty(0), np.empty((0, services)))
    copied(s.below, out_below)
    copied(s.longest, out_longest)
    return s.count[FAILED]
