"""How services, sectors and areas stand now, from what the open incidents are computed to do.

A service is at each moment in one of four states: as always (0); to go below its floor within a day, or one of those
who run its sector has an open incident (1); below its floor (2); below it for longer than its tolerance (3). Times are
the medians, but for what is to come, which counts as soon as any of the three runs has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple, Protocol

from noroshi.desk.impact import HOUR, LONGEST_H, OVER

if TYPE_CHECKING:
    from noroshi.desk.impact import Below, Impact
    from noroshi.desk.incidents import Shown

__all__ = ["AHEAD_H", "HasPlace", "Spot", "Standing", "hours_to_look", "sectors_with_incidents", "standing"]

AHEAD_H = 24.0
DAY_H = 24.0
LEAST_H = 72.0


class HasPlace(Protocol):
    """A service: which sector it is of, where it is, and whom it serves."""

    @property
    def id(self) -> str:
        """Its id."""
        ...

    @property
    def sector(self) -> str:
        """Its sector."""
        ...

    @property
    def area(self) -> str:
        """Its area, "" where it is in none."""
        ...

    @property
    def people(self) -> int:
        """Whom it serves."""
        ...


class Spot(NamedTuple):
    """How an area or a sector stands: its gravest state, the service that makes it so ("" where none does).

    served: share of its people whose services are at their floor or above; ahead: the same for each hour of the next
    day. Both None, or empty, where nothing was computed.
    """

    state: int
    service: str
    served: float | None
    ahead: tuple[float, ...]


class Standing(NamedTuple):
    """How everything stands. people: those with a service below its floor now, each area counted once."""

    sectors: dict[str, Spot]
    areas: dict[str, Spot]
    people: int
    below: tuple[str, ...]


def hours_to_look(began: int | None, at: int) -> float:
    """Return over how many hours an impact is to be computed so that it tells of now and the day after: whole days."""
    passed = 0.0 if began is None else max(at - began, 0) / HOUR
    return min(max(DAY_H * ((passed + AHEAD_H) // DAY_H + 1), LEAST_H), LONGEST_H)


def sectors_with_incidents(there: Iterable[Shown]) -> frozenset[str]:
    """Return the sectors in which something has happened that is not over."""
    return frozenset(
        one.incident.sector for one in there
        if one.incident.sector and one.incident.state not in OVER and not one.incident.near_miss
    )  # fmt: skip


def standing(
    services: Iterable[HasPlace], impact: Impact | None, hit: frozenset[str], places: Mapping[str, int], at: int
) -> Standing:
    """Return how sectors and areas stand at a moment (microseconds).

    services: all of the estate; impact: None where it is not computed; hit: sectors with open incidents; places: area
    -> at least this state, for where an incident is.
    """
    every = tuple(services)
    computed = impact is not None and impact.computed
    below = {one.id: one for one in impact.below} if impact is not None and computed else {}
    hour = 0.0 if impact is None or impact.began is None else (at - impact.began) / HOUR
    states = {uid: state_of(one, hour) for uid, one in below.items()}
    sectors = {name: _spot([one for one in every if one.sector == name], below, states, hour, computed=computed)
               for name in {one.sector for one in every}}  # fmt: skip
    for name in hit:
        spot = sectors.get(name, Spot(0, "", None, ()))
        sectors[name] = spot._replace(state=max(spot.state, 1))
    areas = {name: _spot([one for one in every if one.area == name], below, states, hour, computed=computed)
             for name in {one.area for one in every if one.area}}  # fmt: skip
    for name, state in places.items():
        spot = areas.get(name, Spot(0, "", None, ()))
        areas[name] = spot._replace(state=max(spot.state, state))
    out = [one for one in every if states.get(one.id, 0) > 1]
    by_area: dict[str, int] = {}
    for one in out:
        place = one.area or one.id
        by_area[place] = max(by_area.get(place, 0), one.people)
    return Standing(sectors, areas, sum(by_area.values()), tuple(one.id for one in out))


def state_of(one: Below, hour: float) -> int:
    """Return the state of a service that goes below its floor, at an hour of the run."""
    start = one.from_h.median
    if _is_below(one, hour) and start is not None:
        return 3 if hour - start >= one.tolerance_h else 2
    starts = (one.from_h.fast, one.from_h.median, one.from_h.slow)
    lasts = (one.hours.fast, one.hours.median, one.hours.slow)
    to_come = any(
        at is not None and at <= hour + AHEAD_H and hour < at + (last or 0.0)
        for at, last in zip(starts, lasts, strict=True)
    )
    return int(to_come)


def _is_below(one: Below, hour: float) -> bool:
    """Say whether a service is below its floor at an hour of the run, at the medians of all times."""
    start, last = one.from_h.median, one.hours.median or 0.0
    return start is not None and start <= hour and (hour < start + last or one.cut[1])


def _spot(
    those: list[HasPlace], below: Mapping[str, Below], states: Mapping[str, int], hour: float, *, computed: bool
) -> Spot:
    """Return how some services stand together."""
    worst = max(those, key=lambda one: (states.get(one.id, 0), one.people), default=None)
    state = 0 if worst is None else states.get(worst.id, 0)
    total = sum(one.people for one in those)
    if not computed or not total:
        return Spot(state, worst.id if worst and state else "", None, ())

    def served(at: float) -> float:
        return 1 - sum(one.people for one in those if one.id in below and _is_below(below[one.id], at)) / total

    ahead = tuple(served(hour + step) for step in range(int(AHEAD_H) + 1)) if any(one.id in below for one in those) \
        else ()  # fmt: skip
    return Spot(state, worst.id if worst and state else "", served(hour), ahead)
