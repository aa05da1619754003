"""The compiled engine: the same events, causes and shares as `stress.reference`, thousands of times faster."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from noroshi.stress.kernel_time import play
from noroshi.stress.outcome import Event, Run
from noroshi.stress.scene import CAPACITY, EVENTS, FAILED, Plan, plan, scene

if TYPE_CHECKING:
    from noroshi.stress.draw import Draw

__all__ = ["plan", "run"]

EVENTS_FIRST = 4096
INSTANTS_FIRST = 512
NO_GRID = np.empty(0)


def run(m: Plan, d: Draw) -> Run:
    """Run one scenario with its trace. RuntimeError if a linear program failed, which is a bug."""
    events, instants = EVENTS_FIRST, INSTANTS_FIRST
    while True:
        s = scene(m, d, events)
        hours, shares = np.empty(instants), np.empty((instants, m.services.unit.size))
        count = play(m, d, s, NO_GRID, np.empty((0, m.services.unit.size)), hours, shares)
        if s.count[FAILED]:
            raise RuntimeError(f"{s.count[FAILED]} dispatch or gas programs of this scenario were not solved")
        if count <= instants and s.count[EVENTS] <= s.count[CAPACITY]:
            break
        events, instants = max(events, int(s.count[EVENTS])), max(instants, count)
    told = int(s.count[EVENTS])
    found = zip(s.hour[:told], s.what[:told], s.who[:told], s.because[:told], strict=True)
    return Run(
        d.horizon, hours[:count], shares[:count], tuple(Event(float(h), int(w), int(u), int(c)) for h, w, u, c in found), ()
    )
