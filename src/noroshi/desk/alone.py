"""What each organisation's breach would do by itself, and which assumption would change who is first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from noroshi.stress.ensembles import calm_memos
from noroshi.stress.kernel_draw import FACTORS, chunk, odds_of
from noroshi.stress.odds import SLOPES
from noroshi.stress.scene import plan

if TYPE_CHECKING:
    from collections.abc import Callable

    from noroshi.flow.kernel import Floats, Ints
    from noroshi.stress.model import Model
    from noroshi.stress.odds import Odds

__all__ = ["CLOSER", "DRAWS", "FIRST", "Alone", "changes_first", "consequences"]

FIRST = 8
"""Scenarios of every organisation in the first pass, with the same random numbers: compared on equal terms."""
CLOSER = 40
"""Organisations with the largest chance x consequence after the first pass, which are looked at more closely."""
DRAWS = 64
"""Scenarios of those."""
ERRORS = 4.0
"""Standard errors by which another must lead before we say that an assumption changes who is first: of some 800 such
comparisons (40 organisations, 10 factors, two halves of 32 draws) chance passes 2 in every brief, 4 hardly ever."""


@dataclass(frozen=True, slots=True)
class Alone:
    """What the breach of each organisation does by itself.

    harm (items,): person-hours below floor to expect, each times its service's weight; closer (c,): the items with most
    draws, by chance x harm, the greatest first; drawn (c, DRAWS): their harm in each draw, z (DRAWS, factors): the
    common deviates of the draws, the same for all.
    """

    harm: Floats
    closer: Ints
    drawn: Floats
    z: Floats


def consequences(  # noqa: PLR0913  what a run of the engine takes
    model: Model,
    odds: Odds,
    items: int,
    *,
    seed: int,
    horizon: float,
    clock: float,
    threads: int,
    progress: Callable[[float], None],
) -> Alone:
    """Return what the breach of each of the first `items` items does by itself; nothing for those never breached.

    Every item has `FIRST` scenarios, the `CLOSER` with the largest chance x harm have `DRAWS`. `progress` gets the part
    done and may raise to stop. RuntimeError if a program was not solved, which is a bug.
    """
    m, o = plan(model), odds_of(odds)
    memos, calm, _ = calm_memos(model, m, horizon, clock)
    services, systems = len(model.services.unit), int(model.units.start[1])
    worth = model.services.people * model.services.weight
    chance = odds.chance[:, :items].mean(axis=0)
    drawn, deviates = np.zeros((items, DRAWS)), np.zeros((DRAWS, len(FACTORS)))

    def work(item: int, first: int, last: int) -> int:
        size = last - first
        below, longest, z = np.empty((size, services)), np.empty((size, services)), np.empty((size, len(FACTORS)))
        who, weight = np.zeros((size, odds.chance.shape[1]), np.bool_), np.empty(size)
        count, exposed = np.zeros((size, 3), np.int64), np.zeros((size, systems), np.bool_)
        with memos.lent() as mine:
            failed = chunk(
                m, o, mine, seed, first, last, item, clock, np.empty(0), horizon, below, longest, z, who, weight,
                count, exposed, np.zeros((size, 0, services), np.uint8),
            )  # fmt: skip
        drawn[item, first:last] = (np.maximum(below - calm[count[:, 2]], 0.0) * worth).sum(axis=1)
        deviates[first:last] = z  # the same whoever is breached
        return int(failed)

    def passed(some: list[int], first: int, last: int, start: float, end: float) -> None:
        with ThreadPoolExecutor(max(threads, 1)) as pool:
            jobs = [pool.submit(work, item, first, last) for item in some]
            try:
                for k, job in enumerate(jobs):
                    if job.result():
                        raise RuntimeError(f"programs of the scenarios of item {some[k]} were not solved")
                    progress(start + (end - start) * (k + 1) / len(some))
            finally:
                pool.shutdown(cancel_futures=True)

    todo = [i for i in range(items) if odds.first[i + 1] > odds.first[i] and chance[i] > 0.0]
    passed(todo, 0, FIRST, 0.0, 0.5)
    harm = drawn[:, :FIRST].mean(axis=1)
    chosen = [int(i) for i in np.argsort(-chance * harm, kind="stable")[:CLOSER] if chance[i] * harm[i] > 0.0]
    passed(chosen, FIRST, DRAWS, 0.5, 1.0)
    harm[chosen] = drawn[chosen].mean(axis=1)
    closer = np.array(sorted(chosen, key=lambda i: (-chance[i] * harm[i], i)), dtype=np.int64)
    return Alone(harm, closer, drawn[closer], deviates)


def changes_first(alone: Alone, odds: Odds, factor: int) -> bool:
    """Say whether someone else is first where one common factor is low or where it is high.

    First is who has the largest chance x harm over all draws. In each half of the draws, by the factor, the others are
    compared with it draw by draw; someone else is first there if it leads by more than `ERRORS` standard errors.
    """
    if len(alone.closer) < 2:  # noqa: PLR2004  nobody to compare with
        return False
    slope = slopes_of(alone.z)
    expected = odds.chance[slope][:, alone.closer].T * alone.drawn
    ahead = expected - expected[int(np.argmax(expected.mean(axis=1)))]
    z = alone.z[:, factor]
    for half in (z <= np.median(z), z > np.median(z)):
        lead = ahead[:, half]
        error = lead.std(axis=1, ddof=1) / np.sqrt(lead.shape[1])
        if bool((lead.mean(axis=1) > ERRORS * error + 1e-9).any()):
            return True
    return False


def slopes_of(z: Floats) -> Ints:
    """Return which of the equally likely slopes each draw has, as the ensemble's kernel takes it."""
    from scipy.special import ndtr

    place = ndtr(z[:, FACTORS.index("slope")]) * SLOPES
    return np.asarray(np.minimum(place.astype(np.int64), SLOPES - 1))
