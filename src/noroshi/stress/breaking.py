"""Resilience numbers: the fewest organisations or suppliers that must be breached together to break a service.

A breach trips all that the organisation's systems command at hour 0. Each number is an interval over the drawn
assumptions: `low` is proven with all of them at their unfavourable 25 % end (every single item tried, every pair that
can reach the service); `high` has an example with all of them at their favourable end.
"""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from noroshi.flow.kernel import Bools, Floats
from noroshi.stress.draw import Draw, median
from noroshi.stress.ensembles import Memos
from noroshi.stress.kernel_draw import DELAY_SD, MANUAL_SD, one
from noroshi.stress.scene import draw_of, plan
from noroshi.stress.shock import Shock
from noroshi.stress.upstream import distance, downstream, reachable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from noroshi.stress.model import Model
    from noroshi.stress.odds import Odds
    from noroshi.stress.scene import Plan

Z10 = 1.2815515655446004
END = 0.6744897501960817
"""How far out the two ends are: one in four values lies beyond, for every assumption at once, which is far rarer."""
NEAR = 3
"""Items per service among which examples are searched: so many that hurt most in each corner, and so many nearest."""
Items = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Resilience:
    """The interval of one service: `low` proven, `high` by `example` (item numbers); None if nothing tried breaks it.

    `low_example` breaks it with every assumption unfavourable; empty if `low` is what is left when all that was tried
    held. `singles` and `pairs` say how many were tried for the proof.
    """

    low: int
    high: int | None
    example: tuple[int, ...]
    low_example: tuple[int, ...]
    singles: int
    pairs: int


def corner(model: Model, z: float, horizon: float, clock: float) -> Draw:
    """Return the draw without hits in which every assumption is z deviations towards the unfavourable."""
    d = median(model, Shock("corner", horizon, (), clock))
    rows, units = model.rows, model.units
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = np.where(rows.autonomy50 > 0, np.maximum(rows.autonomy90, rows.autonomy50) / rows.autonomy50, 1.0)
    share = np.where(units.manual > 0, np.clip(units.manual - z * MANUAL_SD, 0.0, 1.0), units.manual)
    return d._replace(
        autonomy=rows.autonomy50 * ratio ** (-z / Z10),
        degraded=np.clip(rows.degraded - math.erf(z / math.sqrt(2.0)) * rows.spread, 0.0, 1.0),
        manual=share,
        manual_after=units.manual_after * math.exp(z * DELAY_SD),
    )


class Breaker:
    """Tries sets of items in one corner of the assumptions."""

    def __init__(self, model: Model, odds: Odds, z: float, horizon: float, clock: float) -> None:
        """Prepare the corner and its no-shock run."""
        self.model, self.odds, self.z = model, odds, z
        self.base = corner(model, z, horizon, clock)
        self.plan: Plan = plan(model)
        self.memos = Memos(self.plan, 1)
        self.calm = np.zeros(len(model.services.unit))
        self.calm = self.longest(())

    def hits(self, items: Iterable[int]) -> Draw:
        """Return the corner with every system of `items` tripped at hour 0."""
        o, u = self.odds, self.model.units
        systems = sorted({int(x) for i in items for x in o.system[o.first[i] : o.first[i + 1]]})
        unit = np.array(systems, dtype=np.int64)
        sign = self.z / Z10
        seen = (
            u.detect50[unit]
            * (np.maximum(u.detect90[unit], u.detect50[unit]) / np.maximum(u.detect50[unit], 1e-12)) ** sign
        )
        lasts = (
            u.restore50[unit]
            * (np.maximum(u.restore90[unit], u.restore50[unit]) / np.maximum(u.restore50[unit], 1e-12)) ** sign
        )
        none = np.zeros(len(unit))
        return self.base._replace(
            unit=unit, effect=np.zeros(len(unit), np.int64), onset=none, seen=seen, end=seen + lasts, work=none
        )

    def longest(self, items: Iterable[int]) -> Floats:
        """Return the longest spell below the floor per service, beyond the no-shock run's. RuntimeError on a bug."""
        below, longest = np.empty_like(self.calm), np.empty_like(self.calm)
        with self.memos.lent() as mine:
            failed = one(self.plan, draw_of(self.hits(items)), mine, below, longest)
        if failed:
            raise RuntimeError(f"a program was not solved for items {tuple(items)}")
        return np.maximum(longest - self.calm, 0.0)


def find(
    model: Model,
    odds: Odds,
    *,
    horizon: float = 72.0,
    clock: float = 0.0,
    exhaustive: bool = True,
    only: Bools | None = None,
    threads: int = 2,
    progress: Callable[[float], None] | None = None,
) -> tuple[Resilience, ...]:
    """Return the resilience number of each service, in service order.

    With `exhaustive`, every pair that could break a service nobody breaks alone is tried in the unfavourable corner, so
    that `low` may be proven to be 2 or 3; without, only single items are, and `low` is at most 2. Examples of two and
    three are searched among the items that hurt most or stand nearest, and the pairs that break it in the unfavourable
    corner. `only` (items,) says who may be breached (default: everyone with
    a system). `progress` gets the part done and may raise to stop.
    """
    worst, best = Breaker(model, odds, END, horizon, clock), Breaker(model, odds, -END, horizon, clock)
    asked = np.ones(len(odds.first) - 1, np.bool_) if only is None else only
    items = [int(i) for i in np.flatnonzero(asked & (np.diff(odds.first) > 0))]
    graph = downstream(model)
    reach = {i: reachable(model, odds.system[odds.first[i] : odds.first[i + 1]], graph) for i in items}
    tolerance = model.services.tolerance + 1e-9
    nobody = np.zeros(len(tolerance), np.bool_)
    report = progress or (lambda _: None)
    with ThreadPoolExecutor(max(threads, 1)) as pool:
        hurt = tried(pool, worst, [(i,) for i in items], report, 0.0, 0.2)
        sure = tried(pool, best, [(i,) for i in items], report, 0.2, 0.3)
        one_hurts = np.any([nobody, *(hours > tolerance for hours in hurt.values())], axis=0)
        wanted = pairs_for(items, reach, ~one_hurts) if exhaustive else []
        two_hurt = tried(pool, worst, wanted, report, 0.3, 0.8)
        found = dict(sure)
        for size in (2, 3) if exhaustive else (2,):
            open_ = ~np.any([nobody, *(hours > tolerance for hours in found.values())], axis=0)
            near = near_sets(model, odds, items, reach, (sure, hurt), open_, size)
            if size == 2:  # what breaks a service in one corner may well do so in the other
                near |= {pair for pair, hours in two_hurt.items() if bool((open_ & (hours > tolerance)).any())}
            found |= tried(pool, best, sorted(near), report, 0.6 + 0.1 * size, 0.7 + 0.1 * size)
    report(1.0)
    return tuple(
        number(s, tolerance[s], hurt, {pair: two_hurt[pair] for pair in wanted if all(reach[i][s] for i in pair)},
               found, exhaustive=exhaustive)
        for s in range(len(model.services.unit))
    )  # fmt: skip


def number(
    s: int,
    tolerance: float,
    alone: dict[Items, Floats],
    pairs: dict[Items, Floats],
    found: dict[Items, Floats],
    *,
    exhaustive: bool,
) -> Resilience:
    """Return the interval of service s: single items and pairs in the unfavourable corner, `found` in the favourable.

    What breaks it with favourable assumptions bounds `low` too: more of something need not be better in every case.
    """

    def first(tried: dict[Items, Floats]) -> Items:
        return next((some for some, hours in tried.items() if hours[s] > tolerance), ())

    example = first(found)
    low_example = first(alone) or (first(pairs) if exhaustive else ())
    low = len(low_example) or (3 if exhaustive else 2)
    if example and len(example) < low:
        low, low_example = len(example), example
    return Resilience(low, len(example) or None, example, low_example, len(alone), len(pairs))


def tried(
    pool: ThreadPoolExecutor,
    breaker: Breaker,
    sets: list[Items],
    report: Callable[[float], None],
    start: float,
    end: float,
) -> dict[Items, Floats]:
    """Return the longest spells of each set of items, in the order given, reporting progress from `start` to `end`."""
    out = {}
    jobs = [pool.submit(breaker.longest, some) for some in sets]
    try:
        for k, (some, job) in enumerate(zip(sets, jobs, strict=True)):
            out[some] = job.result()
            if k % 100 == 0:
                report(start + (end - start) * k / len(sets))
    finally:  # so that a stop does not wait for all that is still queued
        for job in jobs:
            job.cancel()
    return out


def pairs_for(items: list[int], reach: dict[int, Bools], open_: Bools) -> list[Items]:
    """Return the pairs of items of which both can reach a service that is still open."""
    return [(i, j) for i, j in combinations(items, 2) if bool((reach[i] & reach[j] & open_).any())]


def near_sets(
    model: Model,
    odds: Odds,
    items: list[int],
    reach: dict[int, Bools],
    alone: tuple[dict[Items, Floats], ...],
    open_: Bools,
    size: int,
) -> set[Items]:
    """Return sets of `size` items to try on the services still open: of those that hurt each most, or stand nearest."""
    wanted: set[Items] = set()
    for s in np.flatnonzero(open_):
        near: set[int] = set()
        able = [i for i in items if reach[i][s]]
        for hours in alone:
            harmful = [i for i in able if hours[i,][s] > 0.0]
            near |= set(sorted(harmful, key=lambda i: (-hours[i,][s], i))[:NEAR])
        steps = distance(model, int(s))
        far = {i: [k for k in steps[odds.system[odds.first[i] : odds.first[i + 1]]].tolist() if k >= 0] for i in able}
        near |= set(sorted((i for i in able if far[i]), key=lambda i: (min(far[i]), i))[:NEAR])
        wanted |= set(combinations(sorted(near), size))
    return wanted
