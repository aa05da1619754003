"""What each attack effect leaves, per family of system and phase (docs/semantics.md, What a hit does)."""

from __future__ import annotations

import numpy as np

from noroshi.stress.shock import EFFECTS

UNSEEN, SEEN, BY_HAND = range(3)
MANUAL = -1.0
"""Stands for "the unit's own manual share" in the table."""

_LEFT = {  # effect -> (process, fail-safe, work, any other unit), each by phase
    "trip": ((0, 0, MANUAL), (0, 0, MANUAL), (0, 0, MANUAL), (0, 0, 0)),
    "freeze": ((1, 1, MANUAL), (0, 0, MANUAL), (0, 0, MANUAL), (1, 1, 1)),
    "loss_of_control": ((1, 1, MANUAL), (0, 0, MANUAL), (0, 0, MANUAL), (1, 1, 1)),
    "wrong_setpoint": ((0.5, 0.5, MANUAL), (0, 0, MANUAL), (0.5, 0.5, MANUAL), (0.5, 0.5, 0.5)),
    "loss_of_view": ((1, 1, MANUAL), (1, 1, MANUAL), (1, 1, MANUAL), (1, 1, 1)),
    "data_loss": ((1, 1, 1), (1, 1, 1), (1, 1, 1), (1, 1, 1)),
}
LEFT = np.array([_LEFT[effect] for effect in EFFECTS], dtype=np.float64)
"""(effects, 4 families, 3 phases): capacity left; MANUAL = by hand."""
TAKES_CONTROL = np.array([effect not in ("loss_of_view", "data_loss") for effect in EFFECTS])
EXPOSES = np.array([effect == "data_loss" for effect in EFFECTS])
TRIP = EFFECTS.index("trip")
