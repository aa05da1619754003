"""What an attack takes out, when and for how long: the input of one run (docs/semantics.md, "What a hit does")."""

from __future__ import annotations

import math
from dataclasses import dataclass

__all__ = ["EFFECTS", "HORIZON_H", "Z90", "Hit", "Shock", "Spread"]

EFFECTS = ("trip", "freeze", "loss_of_view", "loss_of_control", "wrong_setpoint", "data_loss")
"""What a hit can do; docs/semantics.md has the table of what each does to each kind of system."""

HORIZON_H = 72.0
"""Hours that are simulated when a shock does not say."""

Z90 = 1.2815515655446004
"""The 90 % point of the standard normal distribution."""


@dataclass(frozen=True, slots=True)
class Spread:
    """An uncertain duration in hours: lognormal with this median and 90 % point; fixed where they are equal.

    ValueError unless 0 < p50 <= p90 and both are finite, or both are 0.
    """

    p50: float
    p90: float

    def __post_init__(self) -> None:
        """Refuse what is no lognormal distribution."""
        good = 0.0 < self.p50 <= self.p90 < math.inf
        if not (good or self.p50 == self.p90 == 0.0):
            raise ValueError(f"expected 0 < p50 <= p90, found p50 = {self.p50:g}, p90 = {self.p90:g}")

    @property
    def sigma(self) -> float:
        """The standard deviation of the logarithm: ln(p90/p50) / 1.2816."""
        return math.log(self.p90 / self.p50) / Z90 if self.p50 > 0.0 else 0.0

    def at(self, z: float) -> float:
        """Return the duration in hours at the standard normal deviate `z`: p50·exp(sigma·z); z = 0 is the median."""
        return self.p50 * math.exp(self.sigma * z)

    def quantile(self, q: float) -> float:
        """Return the duration in hours that is not exceeded with probability `q`; ValueError unless 0 < q < 1."""
        from statistics import NormalDist

        if not 0.0 < q < 1.0:
            raise ValueError(f"expected a probability between 0 and 1, found {q:g}")
        return self.at(NormalDist().inv_cdf(q))


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that the attack does to one unit.

    `onset_h` counts from the start of the run, `restore_h` from detection. Where `restore_h` or `detect_h` is None the
    target's own figures hold (a system's restore and detect columns, else repair, else a day; detection at once for
    what is not a system). ValueError for an unknown effect or a negative time.
    """

    target: str
    effect: str
    onset_h: float = 0.0
    restore_h: float | Spread | None = None
    detect_h: float | Spread | None = None

    def __post_init__(self) -> None:
        """Refuse an effect that is not in `EFFECTS` and times before the start."""
        if self.effect not in EFFECTS:
            raise ValueError(f"expected an effect of {', '.join(EFFECTS)}; found {self.effect!r}")
        for name, value in (("onset_h", self.onset_h), ("restore_h", self.restore_h), ("detect_h", self.detect_h)):
            if isinstance(value, (int, float)) and not 0.0 <= value < math.inf:
                raise ValueError(f"expected {name} of 0 or more hours, found {value!r}")


@dataclass(frozen=True, slots=True)
class Shock:
    """An attack on an estate over `horizon_h` hours from `start_hour` (hour of the day, 0-24).

    `season` names the demand (winter, spring, summer, autumn); None takes the estate's own default season.
    """

    name: str
    horizon_h: float = HORIZON_H
    hits: tuple[Hit, ...] = ()
    start_hour: float = 0.0
    season: str | None = None

    @property
    def targets(self) -> tuple[str, ...]:
        """The ids that are hit, each once, in the order of the hits."""
        return tuple(dict.fromkeys(hit.target for hit in self.hits))
