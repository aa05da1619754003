"""Many scenarios drawn from a threat: harm with bands, and which assumption moves it (docs/semantics.md, Harm)."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from noroshi.flow.kernel import Bools, Floats, Ints
from noroshi.stress import draw as one_draw
from noroshi.stress.draw import Draw
from noroshi.stress.kernel_draw import (
    CAPACITY_SD,
    DEMAND_SD,
    FACTORS,
    LEVELS,
    MIDDLES,
    STEPS,
    chunk,
    odds_of,
    one,
    scenario_draw,
)
from noroshi.stress.model import NONE
from noroshi.stress.scene import draw_of, fields, memo, plan
from noroshi.stress.shock import Shock

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from noroshi.stress.model import Model
    from noroshi.stress.odds import Odds
    from noroshi.stress.scene import Memo, Plan

__all__ = ["FACTORS", "Ensemble", "quantiles", "replay", "run_ensemble"]

CHUNK = 250
GRID_H = 4.0


@dataclass(frozen=True, slots=True)
class Ensemble:
    """What S scenarios did. Arrays are by scenario; `weight` is the probability of at least one breach behind each.

    below, longest (S, services): hours below the floor beyond the no-shock run, and the longest spell of them;
    z (S, factors): the common deviates; who (S, items): organisations, then suppliers, that were breached;
    hits, solves (S,); exposed (S, systems): whose data were taken; share (S, grid, services): shares x 250 at the
    hours of `grid`.
    """

    seed: int
    horizon: float
    grid: Floats
    weight: Floats
    below: Floats
    longest: Floats
    z: Floats
    who: Bools
    hits: Ints
    solves: Ints
    exposed: Bools
    share: np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]

    @property
    def p_any(self) -> float:
        """Return the probability that anyone is breached in the period."""
        return float(self.weight.mean())

    def mean(self, values: Floats) -> Floats:
        """Return the weighted mean over scenarios (first axis), summed in scenario order."""
        total = np.cumsum((values.T * self.weight).T, axis=0)[-1]
        return np.asarray(total / np.cumsum(self.weight)[-1])


def run_ensemble(
    model: Model,
    odds: Odds,
    *,
    trials: int,
    seed: int,
    horizon: float = 72.0,
    clock: float = 0.0,
    threads: int = 2,
    progress: Callable[[float], None] | None = None,
) -> Ensemble:
    """Run `trials` scenarios on `threads` threads; the result does not depend on how many.

    `progress` is called with the part done, and may raise to stop. ValueError if nobody can be breached;
    RuntimeError if a linear program failed, which is a bug.
    """
    if float(odds.chance.max(initial=0.0)) <= 0.0:
        raise ValueError("expected at least one organisation or supplier with a chance of breach above 0")
    m, o = plan(model), odds_of(odds)
    services, systems, items = len(model.services.unit), int(model.units.start[1]), odds.chance.shape[1]
    grid = np.arange(0.0, horizon + 1e-9, GRID_H)
    memos, calm_below, calm_longest = calm_memos(model, m, horizon, clock)
    below, longest = np.empty((trials, services)), np.empty((trials, services))
    z, who, weight = np.empty((trials, len(FACTORS))), np.zeros((trials, items), np.bool_), np.empty(trials)
    count, exposed = np.zeros((trials, 3), np.int64), np.zeros((trials, systems), np.bool_)
    share = np.zeros((trials, len(grid), services), np.uint8)

    def work(first: int) -> int:
        last = min(first + CHUNK, trials)
        span = slice(first, last)
        with memos.lent() as mine:
            return int(chunk(
                m, o, mine, seed, first, last, NONE, clock, grid, horizon, below[span], longest[span], z[span],
                who[span], weight[span], count[span], exposed[span], share[span],
            ))  # fmt: skip

    failed = done = 0
    pool = ThreadPoolExecutor(max(threads, 1))
    try:
        jobs = [pool.submit(work, first) for first in range(0, trials, CHUNK)]
        for job in as_completed(jobs):
            failed += job.result()
            done += 1
            if progress is not None:
                progress(done / len(jobs))
    finally:
        pool.shutdown(cancel_futures=True)
    if failed:
        raise RuntimeError(f"{failed} dispatch or gas programs of this ensemble were not solved")
    below = np.maximum(below - calm_below[count[:, 2]], 0.0)
    longest = np.where(calm_longest[count[:, 2]] > 0.0, np.maximum(longest - calm_longest[count[:, 2]], 0.0), longest)
    return Ensemble(seed, horizon, grid, weight, below, longest, z, who, count[:, 0], count[:, 1], exposed, share)


class Memos:
    """Solutions known already, lent to one run at a time: kernels write them as they go."""

    def __init__(self, m: Plan, levels: int, first: Callable[[Memo], None] = lambda _: None) -> None:
        """Prepare for `levels` levels; `first` fills a new memo."""
        self.m, self.levels, self.first = m, levels, first
        self.free: list[Memo] = []

    @contextmanager
    def lent(self) -> Iterator[Memo]:
        """Lend a memo that nobody else has until this ends: as many are made as threads ask at once."""
        try:
            mine = self.free.pop()
        except IndexError:
            mine = memo(self.m, self.levels)
            self.first(mine)
        try:
            yield mine
        finally:
            self.free.append(mine)


def calm_memos(model: Model, m: Plan, horizon: float, clock: float) -> tuple[Memos, Floats, Floats]:
    """Return memos with every level's nominal solutions, and hours below the floor and longest spell without a shock.

    Those are (levels, services). Every memo knows all of them from the start, or which block of demand a scenario may
    pass would depend on what its thread did before.
    """
    services = len(model.services.unit)
    below, longest = np.empty((LEVELS, services)), np.empty((LEVELS, services))
    quiet = one_draw.median(model, Shock("no shock", horizon, (), clock))

    def calm(mine: Memo) -> None:
        for level in range(LEVELS):
            demand, capacity = divmod(level, STEPS)
            d = quiet._replace(
                demand=1.0 + DEMAND_SD * MIDDLES[demand], capacity=1.0 + CAPACITY_SD * MIDDLES[capacity], level=level
            )
            one(m, draw_of(d), mine, below[level], longest[level])

    memos = Memos(m, LEVELS, calm)
    with memos.lent():  # makes the first, and so the calm runs
        return memos, below, longest


def replay(model: Model, odds: Odds, *, seed: int, scenario: int, horizon: float = 72.0, clock: float = 0.0) -> Draw:
    """Return scenario number `scenario` as a draw for `engine.run` or `reference.run`, which give its trace."""
    z, who, weight = np.empty(len(FACTORS)), np.zeros(odds.chance.shape[1], np.bool_), np.empty(1)
    drawn = scenario_draw(plan(model), odds_of(odds), seed, scenario, NONE, horizon, clock, z, who, weight)
    *arrays, numbers, level = fields(drawn)
    return Draw(*arrays, *(float(x) for x in numbers), level)  # type: ignore[call-arg, arg-type]


def quantiles(values: Floats, weight: Floats, at: tuple[float, ...]) -> Floats:
    """Return weighted quantiles over the first axis, (len(at), …): the least value with that share at or below it."""
    order = np.argsort(values, axis=0, kind="stable")
    ranked = np.take_along_axis(values, order, axis=0)
    part = np.cumsum(weight[order], axis=0)
    out = []
    for q in at:
        place = np.minimum((part < q * part[-1]).sum(axis=0), len(values) - 1)
        out.append(np.take_along_axis(ranked, place[None], axis=0)[0])
    return np.array(out)
