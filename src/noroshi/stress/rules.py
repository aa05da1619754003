"""The constants of docs/semantics.md that both engines share."""

from __future__ import annotations

TICK = 1e-9
"""Hours: what is due within it happens together."""
STEP = 1e-12
"""The least fall of a capacity that counts."""
CHANGE = 1e-9
"""The least change of a share that is an event."""
SNAP = 1e-7
"""MW or t/h: what is nearer to a bound than this is at the bound."""
OVER = 1e-9
"""Relative overload that trips a circuit."""
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
