"""What each organisation's breach would do, by itself: the consequence beside the chance."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import numpy as np

from noroshi.stress.ensembles import calm_runs
from noroshi.stress.kernel_draw import FACTORS, LEVELS, chunk, odds_of
from noroshi.stress.scene import memo, plan

if TYPE_CHECKING:
    from collections.abc import Callable

    from noroshi.flow.kernel import Floats
    from noroshi.stress.model import Model
    from noroshi.stress.odds import Odds

DRAWS = 16
"""Scenarios per organisation, the same random numbers for each: organisations are compared on equal terms."""


def consequences(
    model: Model,
    odds: Odds,
    items: int,
    *,
    seed: int,
    horizon: float,
    clock: float,
    threads: int,
    progress: Callable[[float], None],
) -> tuple[Floats, Floats]:
    """Return person-hours below floor if each of the first `items` items alone is breached, (items, DRAWS), and the
    common deviates of the draws, (DRAWS, factors). Weighted by the services' weights.
    """
    m, o, kept = plan(model), odds_of(odds), memo(plan(model), LEVELS)
    calm, _ = calm_runs(model, m, kept, horizon, clock)
    services, systems = len(model.services.unit), int(model.units.start[1])
    worth = model.services.people * model.services.weight
    harm, deviates = np.zeros((items, DRAWS)), np.zeros((DRAWS, len(FACTORS)))

    def work(item: int) -> int:
        below, longest, z = np.empty((DRAWS, services)), np.empty((DRAWS, services)), np.empty((DRAWS, len(FACTORS)))
        who, weight, count = (
            np.zeros((DRAWS, odds.chance.shape[1]), np.bool_),
            np.empty(DRAWS),
            np.zeros((DRAWS, 3), np.int64),
        )
        failed = chunk(
            m, o, kept, seed, 0, DRAWS, item, clock, np.empty(0), horizon, below, longest, z, who, weight, count,
            np.zeros((DRAWS, systems), np.bool_), np.zeros((DRAWS, 0, services), np.uint8),
        )  # fmt: skip
        harm[item] = (np.maximum(below - calm[count[:, 2]], 0.0) * worth).sum(axis=1)
        deviates[:] = z
        return int(failed)

    todo = [i for i in range(items) if odds.first[i + 1] > odds.first[i] and odds.chance[:, i].max() > 0.0]
    with ThreadPoolExecutor(max(threads, 1)) as pool:
        for k, failed in enumerate(pool.map(work, todo)):
            if failed:
                raise RuntimeError(f"{failed} programs of the scenarios of item {todo[k]} were not solved")
            progress((k + 1) / len(todo))
    return harm, deviates
