"""What a what-if says in figures: what each service lost, how that ran over time, two runs side by side; as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from noroshi.desk.brief_schema import CurveBand
from noroshi.desk.whatif_states import NORMAL, states_at

if TYPE_CHECKING:
    from noroshi.desk.whatif_runs import Answer

__all__ = [
    "Compared",
    "Loss",
    "Moment",
    "compared",
    "curve_of",
    "curves_csv",
    "losses_csv",
    "losses_of",
    "moment",
    "share_at",
    "worst",
]

HEADS = ("id", "name_en", "name_ja", "sector", "area", "people", "floor", "lowest", "first_below_h",
         "hours_below_floor", "tolerance_h", "beyond_tolerance", "person_hours_below_floor", "causes")  # fmt: skip
WHOLE = 1.0 - 1e-9


class Loss(NamedTuple):
    """What one service lost; `since` is the first hour below its floor, None where it never is."""

    id: str
    name_en: str
    name_ja: str
    sector: str
    area: str
    people: int
    floor: float
    lowest: float
    since: float | None
    hours: float
    tolerance: float
    beyond: bool
    person_hours: float
    causes: tuple[str, ...]
    served: tuple[tuple[float, float], ...]


class Moment(NamedTuple):
    """How things stand at an hour: services below their floor, people whose area lacks one or more, units by state."""

    hour: float
    below: int
    people: int
    states: tuple[int, int, int, int]


class Compared(NamedTuple):
    """One service in two runs; None where it is not in one of the estates."""

    id: str
    name_en: str
    name_ja: str
    first: Loss | None
    second: Loss | None

    @property
    def difference(self) -> float:
        """Person-hours of the second beyond those of the first."""
        return (self.second.person_hours if self.second else 0.0) - (self.first.person_hours if self.first else 0.0)


def losses_of(answer: Answer, *, every: bool = False) -> tuple[Loss, ...]:
    """Return the services that lost anything (or every one), the largest harm first."""
    found = []
    for row in answer.result["services"]:
        served = tuple((float(hour), float(share)) for hour, share in row["served"])
        lowest = min(share for _, share in served)
        since = next((hour for hour, share in served if share < row["floor"] - 1e-9), None)
        if every or lowest < WHOLE:
            found.append(Loss(
                row["id"], row["name_en"], row["name_ja"], row["sector"], row["area"], row["people"], row["floor"],
                lowest,
                since, row["hours_below_floor"], row["tolerance_h"], row["beyond_tolerance"],
                row["person_hours_below_floor"], tuple(row["causes"]), served,
            ))  # fmt: skip
    return tuple(sorted(found, key=lambda one: (-one.person_hours, -one.hours, one.lowest, one.id)))


def share_at(served: Sequence[tuple[float, float]], hour: float) -> float:
    """Return the share that is served at an hour."""
    return next((share for when, share in reversed(served) if when <= hour + 1e-9), 1.0)


def moment(answer: Answer, losses: Iterable[Loss], hour: float) -> Moment:
    """Return how things stand at an hour. Where one area lacks several services its people count once."""
    below = [one for one in losses if share_at(one.served, hour) < one.floor - 1e-9]
    areas: dict[str, int] = {}
    for one in below:
        areas[one.area] = max(areas.get(one.area, 0), one.people)
    states = list(states_at(answer.playback, hour).values())
    counts = (0, states.count(1), states.count(2), states.count(3))
    return Moment(hour, len(below), sum(areas.values()), counts)


def worst(answer: Answer, losses: Sequence[Loss]) -> Moment:
    """Return the moment at which most people lack something; the first of several."""
    hours = sorted({0.0, *(hour for one in losses for hour, _ in one.served), *answer.playback.hours})
    return max(
        (moment(answer, losses, hour) for hour in hours), key=lambda one: (one.people, sum(one.states), -one.hour)
    )


def curve_of(answer: Answer, loss: Loss) -> CurveBand:
    """Return what a service served over time, with its band where it was drawn, else as a band without width."""
    if answer.bands is not None:
        for one in answer.bands.services:
            if one.id == loss.id:
                return one.curve
    hours, shares = zip(*loss.served, strict=True)
    end = answer.playback.horizon_h
    if hours[-1] < end:
        hours, shares = (*hours, end), (*shares, shares[-1])
    return CurveBand(hours=hours, p05=shares, p50=shares, p95=shares)


def compared(first: Answer, second: Answer) -> tuple[Compared, ...]:
    """Return the services that lost anything in either of two runs, those that differ most first."""
    one, other = ({loss.id: loss for loss in losses_of(answer, every=True)} for answer in (first, second))
    found = []
    for ident in dict.fromkeys((*one, *other)):
        a, b = one.get(ident), other.get(ident)
        if any(loss is not None and loss.lowest < WHOLE for loss in (a, b)):
            known: Any = a or b
            found.append(Compared(ident, known.name_en, known.name_ja, a, b))
    return tuple(sorted(found, key=lambda row: (-abs(row.difference), row.id)))


def losses_csv(answer: Answer) -> str:
    """Return every service with what it lost, as CSV."""
    rows = [
        (one.id, one.name_en, one.name_ja, one.sector, one.area, one.people, one.floor, one.lowest,
         "" if one.since is None else one.since, one.hours, one.tolerance, "yes" if one.beyond else "no",
         one.person_hours, ";".join(one.causes))
        for one in losses_of(answer, every=True)
    ]  # fmt: skip
    return _csv(HEADS, rows)


def curves_csv(answer: Answer) -> str:
    """Return the share served where it changes, each holding until the next, and the bands where they were drawn."""
    rows: list[tuple[Any, ...]] = [
        (one.id, hour, share, "", "", "") for one in losses_of(answer, every=True) for hour, share in one.served
    ]
    for one in answer.bands.services if answer.bands else ():
        curve = one.curve
        rows += [(one.id, *row) for row in zip(curve.hours, [""] * len(curve.hours), curve.p05, curve.p50, curve.p95,
                                               strict=True)]  # fmt: skip
    return _csv(("id", "hour", "share", "p05", "p50", "p95"), rows)


def _csv(heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Return rows under their heads as CSV, with the mark by which spreadsheets know UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows(rows)
    return "\ufeff" + out.getvalue()


assert NORMAL == 0  # noqa: S101  `Moment.states` counts by state
