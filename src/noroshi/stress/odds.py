"""Who may be breached in the period, and what a breach reaches: what an ensemble is drawn from.

The chances come from outside (`desk` computes them from ratings and a threat); nothing here knows about scores.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from noroshi.flow.kernel import Bools, Floats, Ints, Tables
from noroshi.stress.shock import EFFECTS

if TYPE_CHECKING:
    from noroshi.estate.model import Estate
    from noroshi.stress.model import Model

SLOPES = 32
"""Equally likely values of the score's slope for which chances are given."""
REACH = {"internet": 1.0, "partner": 0.8, "internal": 0.6, "isolated": 0.2}
"""Exposure of a system -> chance that a breach of its organisation gets to it (assumed)."""
OT_KINDS = (
    "scada", "ems", "plant_control", "gas_dispatch", "water_control", "telecom_core", "signalling", "traffic_control",
)  # fmt: skip
"""Kinds behind a second barrier: the access factor applies."""


class Odds(NamedTuple):
    """Items are organisations in estate order, then suppliers.

    chance (SLOPES, items): probability of breach in the period; links of item i are first[i] … first[i + 1]: the unit
    of a system, the chance to reach it, and whether the access factor applies. effects (effects,): cumulative weights.
    """

    chance: Tables
    first: Ints
    system: Ints
    reach: Floats
    guarded: Bools
    effects: Floats
    access50: float
    access90: float


def links(estate: Estate, model: Model) -> tuple[Ints, Ints, Floats, Bools]:
    """Return (first, system, reach, guarded): what each organisation's and supplier's breach may reach."""
    organisations, suppliers = estate.rows("organisations"), estate.rows("suppliers")
    by_item: list[list[tuple[int, float, bool]]] = [[] for _ in range(len(organisations) + len(suppliers))]
    frame = estate.frame("systems")
    reach = estate.column("suppliers", "reach")
    for row, clients in zip(frame.to_dicts(), estate.lists("systems", "suppliers"), strict=True):
        unit, guarded = model.index[row["id"]], row["kind"] in OT_KINDS
        by_item[organisations[row["organisation"]]].append((unit, REACH[row["exposure"]], guarded))
        for name in clients:
            by_item[len(organisations) + suppliers[name]].append((unit, float(reach[suppliers[name]]), guarded))
    flat = [link for some in by_item for link in some]
    return (
        np.cumsum([0, *(len(some) for some in by_item)]).astype(np.int64),
        np.array([unit for unit, _, _ in flat], dtype=np.int64),
        np.array([chance for _, chance, _ in flat], dtype=np.float64),
        np.array([guarded for _, _, guarded in flat], dtype=np.bool_),
    )


def cumulative(effects: tuple[tuple[str, float], ...]) -> Floats:
    """Return the cumulative weights of `EFFECTS`, ending at 1. ValueError if no effect has weight."""
    weights = np.zeros(len(EFFECTS))
    for effect, weight in effects:
        weights[EFFECTS.index(effect)] += weight
    if weights.sum() <= 0:
        raise ValueError("expected at least one effect with weight above 0")
    return np.asarray(np.cumsum(weights) / weights.sum())
