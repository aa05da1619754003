"""The constants of docs/semantics.md that both engines share."""

from __future__ import annotations

TICK = 1e-9
"""Hours: what is due within it happens together."""
STEP = 1e-11
"""The least fall of a capacity that counts."""
CHANGE = 1e-7
"""The least change of a share that is an event: far above what STEP leaves open where loops settle slowly."""
SNAP = 1e-7
"""MW or t/h: what is nearer to a bound than this is at the bound."""
SUDDEN = 1e-3
"""MW: the least loss of output or import that has to be made up at once."""
OVER = 1e-6
"""Relative overload that trips a circuit: one that dispatch has loaded up to its rating stays."""
EMPTY = 1e-6
"""Part of a store's size below which it is empty."""
REDISPATCH_H = 0.5
"""Hours from a sudden loss until the island is redispatched."""
BLOCK_H = 4.0
"""Hours for which demand is constant."""
KM_PER_DEG = 111.195
"""Kilometres per degree of latitude."""

WHOLE, DRAINING, OUT, RECOVERING = range(4)
"""States of a dependency row."""
