"""The words of a cascade on a grid: by which rules it runs and what it answers; both engines use them."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from noroshi.flow.kernel import Bools, Floats, Tables
from noroshi.flow.network import Network

__all__ = ["EVEN", "OVER", "TINY_MW", "Cascade", "Limits", "Rules", "Start", "Trip", "begun"]

OVER = 1e-6
"""A branch is overloaded when its flow is over its limit by more than this share."""
EVEN = 1e-9
"""Relays due within this share of the wait (of a second, if it is shorter) of the first trip with it."""
TINY_MW = 1e-7
"""An island that lacks or has too much by less than this is in balance."""


class Limits(NamedTuple):
    """What a network is held to. Ratings are taken times `scale`.

    A branch that is over its limit before anything happens is allowed `headroom` times what it carries then: what a
    case starts with is no fault of the attack.
    """

    scale: float = 1.0
    headroom: float = 1.1


class Rules(NamedTuple):
    """How a cascade goes on. Times are from the attack.

    relay: relays with time, or else all that is overloaded trips at once, and no time passes.
    reserve, ramp: generators may rise above their output before the attack by `reserve` of their capacity at once, and
    by `ramp` of it with every minute. 5 %: what the thermal units of Hokkaido had in 2018; 2 % a minute: assumed.
    follow: share of an island's demand that under-frequency relays can shed before the frequency is lost. Hokkaido
    2018: relays for 1,460 of 3,087 MW; 1,180 held, 1,518 did not (docs/backtests/hokkaido-2018.md).
    relay_s, relay_power: at a loading l a relay takes relay_s / (l ** relay_power - 1) seconds: 80 and 2 are the
    extremely inverse curve of IEC 60255-151 at a time multiplier of 1; 64 s at 150 %.
    cool_s: seconds in which a relay just short of tripping forgets, once its branch is not overloaded (assumed).
    horizon_s: after so long people have relieved what is still overloaded, and nothing more trips: half an hour, as in
    the event engine.
    """

    relay: bool = True
    reserve: float = 0.05
    ramp: float = 0.02
    follow: float = 0.47
    relay_s: float = 80.0
    relay_power: float = 2.0
    cool_s: float = 600.0
    horizon_s: float = 1800.0


class Trip(NamedTuple):
    """A branch that went out. turn: 0 = the attack, then the round; loading: flow over limit, 0 if attacked."""

    branch: int
    time_s: float
    turn: int
    loading: float


class Cascade(NamedTuple):
    """What a cascade came to. n buses, m branches, in the order of the network.

    trips: in the order of time, at one instant in that of the branches; shed (n,): MW no longer served at each bus;
    shed_by_priority: MW, the first shed first; lost_mw: the sum; islands: parts in which demand is still served;
    collapsed: turn at which each bus went dark because its island's frequency was lost, -1 = never (n,); collapses: how
    many islands; flow (m,): MW at the end; overloaded: branches that are still over their limit; rounds, solves.
    """

    trips: list[Trip]
    shed: Floats
    shed_by_priority: Floats
    lost_mw: float
    islands: int
    collapsed: NDArray[Any]
    collapses: int
    flow: Floats
    overloaded: int
    rounds: int
    solves: int


class Start(NamedTuple):
    """A network just before an attack, from whichever engine. n buses, m branches, p priorities.

    made, most, capacity (n,): MW given, MW that could be given, MW of generators; demand (p, n): MW, what is shed first
    first; limit (m,): MW, infinite for none; flow (m,): MW.
    """

    made: Floats
    most: Floats
    capacity: Floats
    demand: Tables
    limit: Floats
    flow: Floats


def begun(net: Network, injection: Floats, alive: Bools, flow: Floats, limits: Limits) -> Start:
    """Return a network before an attack. injection: balanced by island, alive (n,): island has capacity.

    What a bus takes beyond its demand (pumps, shunts) is demand too.
    """
    demand = np.where(alive, net.demand, 0.0)
    supply = injection + demand
    made = np.maximum(supply, 0.0)
    critical = demand * (0.0 if net.critical is None else net.critical)
    first = demand - critical + np.maximum(-supply, 0.0)
    rating = net.rating * limits.scale
    limit = np.where(np.abs(flow) > rating, np.abs(flow) * limits.headroom, rating)
    return Start(
        made, np.maximum(net.capacity, made), net.capacity, np.stack([first, critical]),
        np.where(net.rating > 0, limit, np.inf), flow,
    )  # fmt: skip
