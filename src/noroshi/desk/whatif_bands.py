"""How sure a what-if is: the same shock many times, each uncertain input drawn anew; quantiles of what is served.

What is uncertain, and how wide, is as in the ensembles of threats (`stress.kernel_draw`); only who is hit, and how, is
what was asked for. The same seed gives the same bytes.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from noroshi.desk.brief_schema import CurveBand
from noroshi.stress import engine
from noroshi.stress.draw import median, quiet
from noroshi.stress.kernel_draw import (
    AUTONOMY,
    CAPACITY_F,
    CAPACITY_SD,
    DEGRADED,
    DELAY_SD,
    DEMAND_F,
    DEMAND_SD,
    DETECTION,
    FACTORS,
    MANUAL_DELAY,
    MANUAL_SD,
    MANUAL_SHARE,
    MIDDLES,
    RESTORATION,
    SHARED,
    STEPS,
    Z90,
)
from noroshi.stress.model import T, build
from noroshi.stress.result import stable
from noroshi.stress.shock import Spread

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from noroshi.estate.model import Estate
    from noroshi.stress.draw import Draw
    from noroshi.stress.model import Model
    from noroshi.stress.shock import Hit, Shock

    Numbers = NDArray[np.float64]

__all__ = ["MOST_DRAWS", "SEED", "Banded", "Bands", "bands_of", "drawn"]

SEED = 2014
MOST_DRAWS = 500
GRID = 72
TOUCHED = 1e-6
"""A share that is lost and is worth a curve."""


class Banded(Struct, frozen=True, kw_only=True):
    """One service: quantiles of its share over time and of its person-hours, and how often it fell for too long."""

    id: str
    curve: CurveBand
    person_hours: tuple[float, float, float]
    p_beyond_tolerance: float


class Bands(Struct, frozen=True, kw_only=True):
    """What `draws` runs say: 5 %, 50 % and 95 % points of person-hours in all, and each service that is touched."""

    draws: int
    seed: int
    person_hours: tuple[float, float, float]
    services: tuple[Banded, ...]


def bands_of(estate: Estate, shock: Shock, draws: int, progress: Callable[[float], None], seed: int = SEED) -> Bands:
    """Return what many runs of a shock say; `progress` gets the part done and may raise to stop."""
    model = build(estate, shock.season)
    ready = engine.plan(model)
    asked = sorted(shock.hits, key=lambda hit: hit.onset_h)
    grid = np.linspace(0.0, shock.horizon_h, GRID + 1)
    floor, people = model.services.floor, model.services.people
    shares = np.empty((draws, GRID + 1, len(floor)))
    harm, spell = np.empty((draws, len(floor))), np.empty((draws, len(floor)))
    calm: dict[int, tuple[Numbers, Numbers]] = {}
    for k in range(draws):
        progress(k / draws)
        draw = drawn(model, shock, asked, np.random.default_rng([seed, k]))
        run = engine.run(model, draw, ready)
        shares[k] = run.shares[np.searchsorted(run.hours, grid + 1e-9) - 1]
        # without a hit what differs between draws of one level is what nothing needs: kept by level
        if draw.level not in calm:
            calm[draw.level] = engine.run(model, quiet(draw), ready).below(floor)
        hours, longest = run.below(floor)
        without, calm_longest = calm[draw.level]
        harm[k] = np.maximum(hours - without, 0.0) * people
        spell[k] = np.where(hours > without, longest - calm_longest, 0.0)
    touched = (1.0 - shares).max(axis=(0, 1)) > TOUCHED
    ids = [model.ids[int(unit)] for unit in model.services.unit]
    low, middle, high = np.quantile(shares, (0.05, 0.5, 0.95), axis=0, method="inverted_cdf")
    found = tuple(
        Banded(
            id=ids[s],
            curve=CurveBand(hours=_numbers(grid), p05=_numbers(low[:, s]), p50=_numbers(middle[:, s]),
                            p95=_numbers(high[:, s])),
            person_hours=_points(harm[:, s]),
            p_beyond_tolerance=stable(float((spell[:, s] > model.services.tolerance[s] + 1e-9).mean())),
        )
        for s in np.flatnonzero(touched).tolist()
    )  # fmt: skip
    return Bands(draws=draws, seed=seed, person_hours=_points(harm.sum(axis=1)), services=found)


def _numbers(values: Numbers) -> tuple[float, ...]:
    """Return an array as stable numbers."""
    return tuple(stable(float(one)) for one in values)


def _points(values: Numbers) -> tuple[float, float, float]:
    """Return the 5 %, 50 % and 95 % points of what was drawn."""
    low, middle, high = np.quantile(values, (0.05, 0.5, 0.95), method="inverted_cdf")
    return stable(float(low)), stable(float(middle)), stable(float(high))


def drawn(model: Model, shock: Shock, hits: list[Hit], rng: np.random.Generator) -> Draw:
    """Return one scenario of a shock, every uncertain input drawn; half of each variance is common to all of its kind.

    hits: those of the shock in the order of their onset.
    """
    u, rows = model.units, model.rows
    middle = median(model, shock)
    z = rng.standard_normal(len(FACTORS))
    systems = slice(0, int(u.start[1]))

    def own(factor: int, count: int) -> Numbers:
        found: Numbers = SHARED * (z[factor] + rng.standard_normal(count))
        return found

    autonomy = np.where(
        rows.autonomy50 > 0.0, _spread(rows.autonomy50, rows.autonomy90, own(AUTONOMY, rows.unit.size)), 0.0
    )
    shift = np.array([math.erf(x / math.sqrt(2.0)) for x in own(DEGRADED, rows.unit.size)])
    degraded = np.where(rows.spread > 0.0, np.clip(rows.degraded + rows.spread * shift, 0.0, 1.0), rows.degraded)
    manual, after = u.manual.copy(), u.manual_after.copy()
    count = systems.stop
    staffed = np.clip(manual[systems] + MANUAL_SD * own(MANUAL_SHARE, count), 0.0, 1.0)
    manual[systems] = np.where(manual[systems] > 0.0, staffed, manual[systems])
    after[systems] = after[systems] * np.exp(DELAY_SD * own(MANUAL_DELAY, count))
    seen, end, work = middle.seen.copy(), middle.end.copy(), middle.work.copy()
    late, long = own(DETECTION, len(hits)), own(RESTORATION, len(hits))
    for k, hit in enumerate(hits):
        unit = int(middle.unit[k])
        seen[k] = hit.onset_h + _hours(hit.detect_h, float(late[k]), u.detect50[unit], u.detect90[unit])
        lasts = _hours(hit.restore_h, float(long[k]), u.restore50[unit], u.restore90[unit])
        if math.isnan(end[k]):
            work[k] = lasts
        else:
            end[k] = seen[k] + lasts
    demand, capacity = _step(float(z[DEMAND_F])), _step(float(z[CAPACITY_F]))
    return middle._replace(
        seen=seen, end=end, work=work, manual=manual, manual_after=after, autonomy=autonomy, degraded=degraded,
        demand=1.0 + DEMAND_SD * MIDDLES[demand], capacity=1.0 + CAPACITY_SD * MIDDLES[capacity],
        level=STEPS * demand + capacity,
    )  # fmt: skip


def _hours(value: float | Spread | None, z: float, p50: float, p90: float) -> float:
    """Return how long something takes this time: what was said, or the target's own figures."""
    if value is None:
        return float(_spread(np.array([p50]), np.array([p90]), np.array([z]))[0])
    return value.at(z) if isinstance(value, Spread) else float(value)


def _step(z: float) -> int:
    """Return which of the equally likely steps a deviate falls into, as the kernels do."""
    return min(int(STEPS * 0.5 * math.erfc(-z / math.sqrt(2.0))), STEPS - 1)


def _spread(p50: Numbers, p90: Numbers, z: Numbers) -> Numbers:
    """Return lognormals with these medians and 90 % points at z; 0 stays 0."""
    safe = np.where(p50 > 0.0, p50, 1.0)
    sigma = np.log(np.maximum(p90, safe) / safe) / Z90
    found: Numbers = np.where(p50 > 0.0, p50 * np.exp(sigma * z), 0.0)
    return found


assert T["systems"] == 0  # noqa: S101  `drawn` takes the first units for the systems
