"""How loaded the lines of all networks are over a run: it is run again to each hour, and the engine read there.

The engine's trace has no flows: most runs are thousands of draws of which nobody looks at a line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from noroshi.flow.kernel import Bools, Floats, kernel
from noroshi.stress.draw import median
from noroshi.stress.engine import EVENTS_FIRST, INSTANTS_FIRST, NO_GRID
from noroshi.stress.kernel_time import play
from noroshi.stress.model import T, build
from noroshi.stress.scene import Scene, draw_of, memo, plan, scene

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from noroshi.estate.model import Estate
    from noroshi.stress.model import Model
    from noroshi.stress.shock import Shock

__all__ = ["MOST_HOURS", "loading_of"]

MOST_HOURS = 120
SOON_H = 1e-6
"""How long after an hour the engine is read: what is due at the hour has then happened."""


@kernel
def standing(s: Scene) -> tuple[Floats, Floats, Bools, Floats, Floats]:
    """Return flows of corridors and DC links (MW), which circuits are closed, flows of pipes (t/h), loads of links."""
    return s.flow, s.f, s.closed, s.gas_flow, s.load


def loading_of(
    estate: Estate, shock: Shock, hours: Sequence[float], progress: Callable[[float], None]
) -> dict[str, tuple[int, ...]]:
    """Return line -> its load at each of the hours in per cent of its rating; `progress` may raise to stop.

    hours: ascending and before the horizon; of more than MOST_HOURS the others repeat the one before.
    """
    model = build(estate, shock.season)
    m, draw = plan(model), median(model, shock)
    kept = memo(m, draw.level + 1)
    services = len(model.services.unit)
    step = max(1, -(-len(hours) // MOST_HOURS))
    rows: list[NDArray[np.int64]] = []
    for k, hour in enumerate(hours):
        if k % step:
            rows.append(rows[-1])
            continue
        progress(k / len(hours))
        ref = draw_of(draw._replace(horizon=min(hour + SOON_H, shock.horizon_h)))
        s = scene(m, ref, kept, EVENTS_FIRST)
        instants, shares = np.empty(INSTANTS_FIRST), np.empty((INSTANTS_FIRST, services))
        play(m, ref, s, NO_GRID, np.empty((0, services)), instants, shares)
        rows.append(_percents(model, *standing(s)))
    start = model.units.start
    tables = ("power_branches", "gas_pipes", "transport_links")
    ids = [name for table in tables for name in model.ids[start[T[table]] : start[T[table] + 1]]]
    return {name: tuple(int(row[k]) for row in rows) for k, name in enumerate(ids)}


def _percents(  # noqa: PLR0913  what `standing` says
    model: Model, flow: Floats, dc: Floats, closed: Bools, pipes: Floats, links: Floats
) -> NDArray[np.int64]:
    """Return the load of every line in per cent of its rating: circuits, pipes, links."""
    w = model.power
    share = np.where(closed, np.abs(w.b_y), 0.0)
    total = np.zeros(len(w.c_from))
    ac = w.b_corridor >= 0
    np.add.at(total, w.b_corridor[ac], share[ac])
    carried = np.zeros(len(w.b_from))
    whole = total[w.b_corridor[ac]]
    carried[ac] = np.abs(flow[w.b_corridor[ac]]) * np.where(
        whole > 0.0, share[ac] / np.where(whole > 0.0, whole, 1.0), 0.0
    )
    carried[w.dc] = np.abs(dc)
    parts = ((carried, w.b_rating), (np.abs(pipes), model.gas.p_cap), (np.abs(links), model.transport.l_cap))
    shares = [100.0 * np.divide(have, most, out=np.zeros(len(have)), where=most > 0.0) for have, most in parts]
    return np.rint(np.concatenate(shares)).astype(np.int64)
