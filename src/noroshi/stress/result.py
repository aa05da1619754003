"""The result of one run: what each service served, the harm of three kinds, the events with their causes.

This module loads nothing heavy, since `noroshi/__init__.py` binds `Result.plot`.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import polars as pl

    from noroshi.estate.model import Estate
    from noroshi.stress.causes import Trace
    from noroshi.stress.explanation import Names
    from noroshi.stress.outcome import Run
    from noroshi.stress.shock import Shock

__all__ = ["FRAMES", "STRATEGIC", "Happened", "Harms", "Result", "ServiceResult", "exposed", "result_of", "stable"]

STRATEGIC = ("defence", "diplomatic", "industrial")
"""Kinds of holding whose loss is strategic harm, in points of sensitivity; of any other it is data harm, in records."""

FRAMES = ("services", "series", "events")
"""What `Result.frame` can give."""


@dataclass(frozen=True, slots=True)
class ServiceResult:
    """What one service served.

    `served` has [hour, share] where the share changes, each holding until the next; the last until the horizon. The
    hours below the floor, and person-hours = people x those hours, are beyond what the no-shock run has,
    and so is the longest spell that is compared with the tolerance. `causes` are
    the ids of the units whose hits the losses go back to, and "demand" where a loss is none of the shock's.
    """

    id: str
    name_en: str
    name_ja: str
    sector: str
    area: str
    people: int
    floor: float
    tolerance_h: float
    served: tuple[tuple[float, float], ...]
    person_hours_below_floor: float
    hours_below_floor: float
    beyond_tolerance: bool
    causes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Happened:
    """One event: `what` (see `outcome.WHAT`) befell the unit `id`.

    `cause` is the id of the unit that caused it, "shock" for the hit itself and its course, "demand" where more was
    asked for than there was; None for a gain.
    """

    hour: float
    what: str
    id: str
    cause: str | None


@dataclass(frozen=True, slots=True)
class Harms:
    """The three kinds of harm, and records or points by kind of holding."""

    service: dict[str, float]
    data: dict[str, Any]
    strategic: dict[str, Any]


@dataclass(frozen=True)
class Result:
    """What one shock does to an estate. Figures have nine significant digits, so that equal runs give equal bytes."""

    estate: dict[str, Any]
    shock: str
    season: str
    start_hour: float
    horizon_h: float
    services: tuple[ServiceResult, ...]
    harms: Harms
    events: tuple[Happened, ...]
    trace: Trace = field(compare=False, repr=False)
    names: Names = field(compare=False, repr=False)
    """What it was made of, and the names of units, for explanations; not part of the JSON."""

    plot: ClassVar[Callable[..., Any]]
    """Draw the share served over time; bound in `noroshi/__init__.py`."""

    def as_dict(self) -> dict[str, Any]:
        """Return the result as plain values, as `noroshi stress run --json` prints them."""
        return {
            "estate": self.estate,
            "shock": self.shock,
            "season": self.season,
            "start_hour": self.start_hour,
            "horizon_h": self.horizon_h,
            "services": [asdict(one) for one in self.services],
            "harms": asdict(self.harms),
            "events": [asdict(one) for one in self.events],
        }

    def frame(self, name: str = "services") -> pl.DataFrame:
        """Return a data frame: `services` (one row each), `series` (service, hour, share) or `events`.

        KeyError for any other name.
        """
        import polars as pl

        if name not in FRAMES:
            raise KeyError(f"{name!r} is no frame of a result; expected one of {', '.join(FRAMES)}")
        if name == "events":
            schema = {"hour": pl.Float64, "what": pl.String, "id": pl.String, "cause": pl.String}
            return pl.DataFrame([asdict(one) for one in self.events], schema=schema)
        if name == "series":
            rows = [(one.id, hour, share) for one in self.services for hour, share in one.served]
            return pl.DataFrame(rows, schema={"id": pl.String, "hour": pl.Float64, "share": pl.Float64}, orient="row")
        rows_ = [{k: v for k, v in asdict(one).items() if k != "served"} for one in self.services]
        least = [min(share for _, share in one.served) for one in self.services]
        return pl.DataFrame(rows_, infer_schema_length=None).with_columns(pl.Series("least_share", least, pl.Float64))


def result_of(estate: Estate, shock: Shock, trace: Trace, calm: Run) -> Result:
    """Return the result of the run in `trace` against `calm`, the same scenario without its hits."""
    from noroshi.stress.explanation import names_of
    from noroshi.stress.rules import TICK

    model, run = trace.model, trace.run
    services = model.services
    hours, longest = run.below(services.floor)
    without, calm_longest = calm.below(services.floor)
    causes = causes_by_unit(trace)
    columns = ("id", "name_en", "name_ja", "sector", "area")
    out = []
    for k, (name, en, ja, sector, area) in enumerate(estate.frame("services").select(columns).iter_rows()):
        lost = max(float(hours[k] - without[k]), 0.0)
        people, floor, tolerance = (
            float(column[k]) for column in (services.people, services.floor, services.tolerance)
        )
        beyond = lost > 0.0 and float(longest[k] - calm_longest[k]) > tolerance + TICK
        out.append(
            ServiceResult(
                *(name, en, ja, sector, area or ""),
                *(int(people), stable(floor), stable(tolerance), series(run, k)),
                *(stable(lost * people), stable(lost), beyond, causes.get(int(services.unit[k]), ())),
            )
        )
    total = stable(sum(one.person_hours_below_floor for one in out))
    harm = {
        "person_hours_below_floor": total,
        "services_beyond_tolerance": float(sum(one.beyond_tolerance for one in out)),
    }
    data, strategic = exposed(estate, (hit.target for hit in shock.hits if leaks(hit.effect, hit.onset_h, run.horizon)))
    return Result(
        {"id": estate.meta.id, "name_en": estate.meta.name_en, "name_ja": estate.meta.name_ja,
         "fictional": estate.meta.fictional, "illustrative": estate.meta.illustrative},
        shock.name, shock.season or estate.meta.season, stable(shock.start_hour), stable(run.horizon), tuple(out),
        Harms(harm, {"records": float(sum(data.values())), "by_kind": data},
              {"points": stable(sum(strategic.values())), "by_kind": strategic}),
        happened(trace), trace, names_of(estate),
    )  # fmt: skip


def stable(value: float) -> float:
    """Return the value to nine significant digits, and 0 without a sign."""
    return float(f"{value:.9g}") + 0.0


def series(run: Run, service: int) -> tuple[tuple[float, float], ...]:
    """Return the (hour, share) at which the service's share changes."""
    out: list[tuple[float, float]] = []
    for hour, share in zip(run.hours.tolist(), run.shares[:, service].tolist(), strict=True):
        if not out or stable(share) != out[-1][1]:
            out.append((stable(hour), stable(share)))
    return tuple(out)


def happened(trace: Trace) -> tuple[Happened, ...]:
    """Return the events with names for units and causes."""
    from noroshi.stress.outcome import DEMAND, IMPROVED, RECOVERED, SELF, WHAT

    ids = trace.model.ids
    out = []
    for event in trace.run.events:
        gain = event.what in (IMPROVED, RECOVERED)
        known = {DEMAND: "demand", SELF: None if gain else "shock"}
        cause = known[event.cause] if event.cause in known else ids[event.cause]
        out.append(Happened(stable(event.hour), WHAT[event.what], ids[event.unit], cause))
    return tuple(out)


def causes_by_unit(trace: Trace) -> dict[int, tuple[str, ...]]:
    """Return service unit -> the ids where its chains begin, each once, in the order of its losses."""
    from noroshi.stress.causes import roots
    from noroshi.stress.outcome import DEMAND, LOSSES

    wanted = set(trace.model.services.unit.tolist())
    out: dict[int, dict[str, None]] = {}
    for k, event in enumerate(trace.run.events):
        if event.unit in wanted and event.what in LOSSES:
            for root in roots(trace, k):
                last = trace.run.events[root]
                name = "demand" if last.cause == DEMAND else trace.model.ids[last.unit]
                out.setdefault(event.unit, {})[name] = None
    return {unit: tuple(found) for unit, found in out.items()}


def leaks(effect: str, onset_h: float, horizon_h: float) -> bool:
    """Say whether a hit of this effect exposes what is held, within the horizon."""
    return effect == "data_loss" and onset_h < horizon_h


def exposed(estate: Estate, systems: Iterable[str]) -> tuple[dict[str, int], dict[str, float]]:
    """Return the records (data) and points of sensitivity (strategic) exposed by data loss at these systems, by kind.

    A holding is exposed where the system that keeps it is; where none is named, with any system of its organisation.
    Ids that are no systems expose nothing.
    """
    rows = estate.rows("systems")
    hit = {name for name in systems if name in rows}
    owner = estate.column("systems", "organisation")
    owners = {owner[rows[name]] for name in hit}
    data: dict[str, int] = {}
    strategic: dict[str, float] = {}
    columns = ("organisation", "kind", "records", "sensitivity", "system")
    for organisation, kind, records, sensitivity, system in estate.frame("holdings").select(columns).iter_rows():
        if system in hit or (system is None and organisation in owners):
            if kind in STRATEGIC:
                strategic[kind] = strategic.get(kind, 0.0) + float(sensitivity)
            else:
                data[kind] = data.get(kind, 0) + int(records)
    return dict(sorted(data.items())), dict(sorted(strategic.items()))
