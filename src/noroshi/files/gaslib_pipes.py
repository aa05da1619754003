"""What a gas pipe can carry and hold, from its size and the pressures it may have: steady, isothermal, level flow.

Sources: T. Koch and others (eds.), Evaluating Gas Network Capacities, SIAM 2015, chapter 2 (flow, mean pressure), the
book on the networks of GasLib; E. S. Menon, Gas Pipeline Hydraulics, CRC Press 2005, chapter 1 (compressibility).
"""

from __future__ import annotations

import math
from typing import NamedTuple

__all__ = ["Gas", "Pipe", "capacity", "held", "mean_pressure"]

MOLAR_GAS_CONSTANT = 8.314462618
"""J/(mol K)."""
MOLAR_MASS_AIR = 0.0289647
"""kg/mol: specific gravity is relative to it."""
ATMOSPHERE_PA, PSI_PA = 101325.0, 6894.757293168
LEAST_PSIG = 100.0
"""Gauge pressure up to which the formula of compressibility takes gas as ideal."""
KG_PER_T = 1000.0


class Gas(NamedTuple):
    """Temperature in K, and specific gravity (its density relative to air)."""

    temperature: float
    gravity: float

    def spread(self, pressure: float) -> float:
        """Return Z·R_s·T in m²/s² (pressure over density) at a pressure in Pa.

        Z by the formula of the California Natural Gas Association, 1 / (1 + 344400·p·10^(1.785 G) / T^3.825) with p in
        psi above the atmosphere and T in degrees Rankine; 1 up to 100 psi.
        """
        ideal = MOLAR_GAS_CONSTANT / (self.gravity * MOLAR_MASS_AIR) * self.temperature
        psig = (pressure - ATMOSPHERE_PA) / PSI_PA
        if psig <= LEAST_PSIG:
            return ideal
        heavy = 344400.0 * psig * math.pow(10.0, 1.785 * self.gravity)
        return ideal / (1.0 + heavy / math.pow(1.8 * self.temperature, 3.825))


class Pipe(NamedTuple):
    """Length and diameter in m, Darcy's friction factor, least and greatest pressure in Pa (absolute)."""

    length: float
    diameter: float
    friction: float
    low: float
    high: float

    @property
    def area(self) -> float:
        """The cross-section in m²."""
        return math.pi * self.diameter**2 / 4.0


def mean_pressure(high: float, low: float) -> float:
    """Return the mean pressure of a pipe in steady flow between two end pressures: 2/3·(p + q - p·q/(p + q))."""
    return 2.0 / 3.0 * (high + low - high * low / (high + low))


def capacity(pipe: Pipe, gas: Gas) -> float:
    """Return the greatest steady flow in kg/s: inlet at its greatest, outlet at its least pressure.

    Weymouth's equation in its general form, p² - q² = λ·Z·R_s·T·L / (A²·D) · flow², with Z at the mean pressure.
    """
    spread = gas.spread(mean_pressure(pipe.high, pipe.low))
    resistance = pipe.friction * spread * pipe.length / (pipe.area**2 * pipe.diameter)
    return math.sqrt((pipe.high**2 - pipe.low**2) / resistance)


def held(pipe: Pipe, gas: Gas) -> tuple[float, float]:
    """Return the linepack in t: what a pipe gives from its greatest to its least pressure, and from its greatest flow.

    The mass at one pressure is A·L·p / (Z·R_s·T). The second figure counts from the mean pressure at `capacity`.
    """

    def tonnes(pressure: float) -> float:
        return pipe.area * pipe.length * pressure / gas.spread(pressure) / KG_PER_T

    least = tonnes(pipe.low)
    return tonnes(pipe.high) - least, tonnes(mean_pressure(pipe.high, pipe.low)) - least
