"""The compiled engine: the same events, causes and shares as `stress.reference`, thousands of times faster."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from noroshi.stress.kernel_time import play
from noroshi.stress.outcome import Event, Run
from noroshi.stress.scene import CAPACITY, EVENTS, FAILED, Plan, draw_of, memo, plan, scene, told

if TYPE_CHECKING:
    from noroshi.stress.draw import Draw
    from noroshi.stress.model import Model

__all__ = ["plan", "run"]

EVENTS_FIRST = 4096
INSTANTS_FIRST = 512
NO_GRID = np.empty(0)


def run(model: Model, d: Draw, ready: Plan | None = None) -> Run:
    """Run one scenario with its trace. RuntimeError if a linear program failed, which is a bug.

    `ready` is `plan(model)`, where the caller keeps it for several runs.
    """
    m = plan(model) if ready is None else ready
    services = len(model.services.unit)
    ref = draw_of(d)
    events, instants = EVENTS_FIRST, INSTANTS_FIRST
    while True:
        s = scene(m, ref, memo(m, d.level + 1), events)
        hours, shares = np.empty(instants), np.empty((instants, services))
        seen = play(m, ref, s, NO_GRID, np.empty((0, services)), hours, shares)
        count, hour, what, who, because = told(s)
        if count[FAILED]:
            raise RuntimeError(f"{count[FAILED]} dispatch or gas programs of this scenario were not solved")
        if seen <= instants and count[EVENTS] <= count[CAPACITY]:
            break
        events, instants = max(events, int(count[EVENTS])), max(instants, seen)
    rows = zip(hour, what, who, because, strict=True)
    found = [Event(float(h), int(w), int(u), int(c)) for h, w, u, c in rows][: int(count[EVENTS])]
    return Run(d.horizon, hours[:seen], shares[:seen], tuple(found))
