"""One scenario as numbers: when each hit starts, is seen and ends, and what each uncertain input is this time."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from noroshi.flow.kernel import Floats, Ints
from noroshi.stress.shock import EFFECTS, Spread

if TYPE_CHECKING:
    from noroshi.stress.model import Model
    from noroshi.stress.shock import Shock


class Draw(NamedTuple):
    """Hits (sorted by onset, then file order), and the values of all uncertain inputs.

    `end` is NaN for a hit that a crew repairs; `work` is then the hours of work on site. Hours from the start.
    """

    unit: Ints
    effect: Ints
    onset: Floats
    seen: Floats
    end: Floats
    work: Floats
    manual: Floats  # per unit; NaN = no manual mode
    manual_after: Floats
    autonomy: Floats  # per dependency row
    degraded: Floats
    demand: float
    capacity: float
    horizon: float
    clock: float  # hour of the day at which the scenario starts
    level: int  # which of the few pairs of demand and capacity this is: nominal solutions are kept per level


def hours(value: float | Spread | None, z: float, p50: float, p90: float) -> float:
    """Return a number as it is, or the lognormal's value at z standard deviations from its median."""
    if value is None:
        value = Spread(p50, p90)
    return value.at(z) if isinstance(value, Spread) else float(value)


def median(model: Model, shock: Shock) -> Draw:
    """Return the scenario of `shock` in which every uncertain input has its median.

    KeyError for a target that is no unit: `files.shocks` reports that properly.
    """
    u = model.units
    hits = sorted(shock.hits, key=lambda hit: hit.onset_h)
    unit = np.array([model.index[hit.target] for hit in hits], dtype=np.int64)
    seen, end, work = (np.full(len(hits), np.nan) for _ in range(3))
    for k, (hit, x) in enumerate(zip(hits, unit, strict=True)):
        seen[k] = hit.onset_h + hours(hit.detect_h, 0.0, u.detect50[x], u.detect90[x])
        lasts = hours(hit.restore_h, 0.0, u.restore50[x], u.restore90[x])
        by_crew = u.crew[x] >= 0 and hit.effect == "trip"
        work[k], end[k] = (lasts, np.nan) if by_crew else (0.0, seen[k] + lasts)
    return Draw(
        unit, np.array([EFFECTS.index(hit.effect) for hit in hits], dtype=np.int64),
        np.array([hit.onset_h for hit in hits], dtype=np.float64), seen, end, work, u.manual, u.manual_after,
        model.rows.autonomy50, model.rows.degraded, 1.0, 1.0, shock.horizon_h, shock.start_hour, 0,
    )  # fmt: skip


def quiet(draw: Draw) -> Draw:
    """Return the same scenario without its hits: what harm is measured against."""
    none = np.empty(0)
    return draw._replace(
        unit=np.empty(0, np.int64), effect=np.empty(0, np.int64), onset=none, seen=none, end=none, work=none
    )
