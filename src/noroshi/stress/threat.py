"""A threat: who may attack whom, within which period, by which techniques, and what those do to a system."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from noroshi.stress.shock import EFFECTS

__all__ = ["DEFAULT_EFFECTS", "PERIOD_DAYS", "TECHNIQUE_EFFECTS", "Threat", "effects_of", "parent"]

PERIOD_DAYS = 30.0
"""Days within which the threat may strike when nothing else is said."""

DEFAULT_EFFECTS = (("trip", 0.1), ("freeze", 0.3), ("data_loss", 0.6))
"""What a threat does of whose techniques none has an impact: mostly theft, at times encryption. An assumption."""

TECHNIQUE_EFFECTS: dict[str, str] = {
    # Enterprise, tactic impact
    "T1485": "freeze", "T1486": "freeze", "T1490": "freeze", "T1489": "trip", "T1529": "trip",
    "T1495": "trip", "T1561": "trip", "T1487": "trip", "T1488": "trip", "T1531": "loss_of_control",
    "T1498": "loss_of_view", "T1499": "loss_of_view",
    "T1565": "wrong_setpoint", "T1492": "wrong_setpoint", "T1493": "wrong_setpoint", "T1494": "wrong_setpoint",
    # Enterprise, tactic exfiltration
    "T1011": "data_loss", "T1020": "data_loss", "T1041": "data_loss", "T1048": "data_loss", "T1052": "data_loss",
    "T1537": "data_loss", "T1567": "data_loss",
    # ICS, tactic inhibit response function
    "T0800": "loss_of_control", "T0803": "loss_of_control", "T0804": "loss_of_view", "T0805": "loss_of_control",
    "T0809": "freeze", "T0814": "loss_of_view", "T0816": "trip", "T0835": "wrong_setpoint", "T0838": "loss_of_view",
    "T0857": "loss_of_control", "T0878": "loss_of_view", "T0881": "trip", "T0892": "loss_of_control",
    # ICS, tactic impair process control
    "T0806": "wrong_setpoint", "T0836": "wrong_setpoint", "T0839": "loss_of_control", "T0855": "wrong_setpoint",
    "T0856": "loss_of_view",
    # ICS, tactic impact
    "T0813": "loss_of_control", "T0815": "loss_of_view", "T0826": "trip", "T0827": "loss_of_control",
    "T0828": "freeze", "T0829": "loss_of_view", "T0831": "wrong_setpoint", "T0832": "loss_of_view",
    "T0837": "loss_of_control", "T0879": "trip", "T0880": "loss_of_control", "T0882": "data_loss",
}  # fmt: skip
"""ATT&CK technique (enterprise and ICS; sub-techniques count as their parent) -> effect, by our reading of it."""


@dataclass(frozen=True, slots=True)
class Threat:
    """A named threat.

    `techniques` are ATT&CK ids, `sectors` ids of the estate's sectors (empty = all), `countries` names of known
    victims. `effects` are (effect, weight) pairs whose weights add up to 1; `assumed_effects` says that they are
    `DEFAULT_EFFECTS` for want of a technique with an impact. `reach` multiplies the ordinary rate of incidents of an
    organisation in its sectors while the threat is about (1 = the surveyed rate). `source` says where all this is from.
    ValueError for an unknown effect, weights that do not add up to 1, or a period or reach that is not positive.
    """

    id: str
    name: str
    name_ja: str = ""
    aliases: tuple[str, ...] = ()
    source: str = ""
    techniques: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    period_days: float = PERIOD_DAYS
    effects: tuple[tuple[str, float], ...] = DEFAULT_EFFECTS
    reach: float = 1.0
    assumed_effects: bool = True

    def __post_init__(self) -> None:
        """Refuse what no run could use."""
        for effect, weight in self.effects:
            if effect not in EFFECTS or not weight > 0.0:
                raise ValueError(f"expected weights above 0 of {', '.join(EFFECTS)}; found {effect!r}: {weight!r}")
        if not math.isclose(sum(weight for _, weight in self.effects), 1.0, abs_tol=1e-9):
            raise ValueError(f"expected weights that add up to 1; found {self.effects!r}")
        if not (0.0 < self.period_days < math.inf and 0.0 < self.reach < math.inf):
            raise ValueError(f"expected a period and a reach above 0; found {self.period_days!r}, {self.reach!r}")


def parent(technique: str) -> str:
    """Return the technique of a sub-technique: T1561.002 -> T1561."""
    return technique.partition(".")[0]


def effects_of(techniques: Iterable[str]) -> tuple[tuple[str, float], ...]:
    """Return the effects of ATT&CK techniques with weights that add up to 1, in the order of `EFFECTS`.

    Each technique with an effect weighs the same, its sub-techniques once together. Empty if none has an effect.
    """
    found = [TECHNIQUE_EFFECTS[one] for one in sorted({parent(t) for t in techniques}) if one in TECHNIQUE_EFFECTS]
    return tuple((effect, found.count(effect) / len(found)) for effect in EFFECTS if effect in found)
