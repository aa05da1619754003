"""The brief as data: what `noroshi brief --json` writes, its encoding and its JSON Schema.

The field names are a contract with programs outside this repository: a field may be added, none may be renamed.
"""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from noroshi.errors import Fault, InputError

__all__ = [
    "SCHEMA_VERSION", "SIGNIFICANT_DIGITS", "Band", "Brief", "CurveBand", "DataHarm", "EstateSummary", "Harms",
    "MattersMost", "Movement", "Overall", "PressFirst", "Ratings", "Resilience", "SectorRating", "Sensitivity",
    "ServiceHarm", "ServiceRisk", "StrategicHarm", "ThreatSummary", "Warn", "decode", "encode",
    "plain_values", "schema",
]  # fmt: skip

S = TypeVar("S", bound=Struct)

SCHEMA_VERSION = 1
"""Raised when a field changes its meaning, never for a new field."""

SIGNIFICANT_DIGITS = 9
"""Digits kept of each float: more than any figure is worth, fewer than two machines may differ in."""

Share = Annotated[float, Meta(ge=0, le=1)]
Points = Annotated[float, Meta(ge=0, le=100)]
Amount = Annotated[float, Meta(ge=0)]
Count = Annotated[int, Meta(ge=0)]
Latitude = Annotated[float, Meta(ge=-90, le=90)]
Longitude = Annotated[float, Meta(ge=-180, le=180)]


class Band(Struct, frozen=True, kw_only=True):
    """A quantity over the ensemble: its mean and its 5, 50 and 95 % quantiles."""

    mean: Amount
    p05: Amount
    p50: Amount
    p95: Amount


class CurveBand(Struct, frozen=True, kw_only=True):
    """The share served over time where it falls: quantiles at each of `hours`; all four lists are of one length."""

    hours: tuple[Amount, ...]
    p05: tuple[Share, ...]
    p50: tuple[Share, ...]
    p95: tuple[Share, ...]


class EstateSummary(Struct, frozen=True, kw_only=True):
    """Which estate the brief is about. `fictional`: an invented place; `illustrative`: its figures are sample data."""

    id: str
    fictional: bool
    illustrative: bool
    name_en: str
    name_ja: str


class ThreatSummary(Struct, frozen=True, kw_only=True):
    """The attack considered: who or what, and where that is from.

    Over `period_days` days, on which sectors (ids), with which ATT&CK techniques (ids) and effects on systems.
    """

    id: str
    name: str
    name_ja: str
    source: str
    period_days: Amount
    sectors: tuple[str, ...]
    techniques: tuple[str, ...]
    effects: tuple[str, ...]


class Overall(Struct, frozen=True, kw_only=True):
    """The overall score of 100 and its technical (of 60) and organisational (of 40) parts; null where not known."""

    score: Points
    technical: Points | None
    organisational: Points | None


class SectorRating(Struct, frozen=True, kw_only=True):
    """A sector's score with its interval.

    `basis` says what the score is: a published benchmark, an assumption or the sector's own. `verdict`: "pass" if the
    whole interval is at or above the pass mark, "fail" if it is below it, else "evidence_needed".
    """

    id: str
    name: str
    name_ja: str
    authority: str
    authority_ja: str
    score: Points
    low: Points
    high: Points
    basis: Literal["published", "assumed", "own"]
    verdict: Literal["pass", "fail", "evidence_needed"]


class Ratings(Struct, frozen=True, kw_only=True):
    """How secure the sectors are, out of 100, against the pass mark; `source` and `year` are the overall score's."""

    pass_mark: Points
    source: str
    year: int | None
    overall: Overall
    sectors: tuple[SectorRating, ...]


class ServiceRisk(Struct, frozen=True, kw_only=True):
    """What the threat does to one service, given that at least one breach happens.

    `floor` is the basic level as a share of normal, `tolerance_h` how long it may be below it, `p_below_floor` the
    chance that it is below it at all, `p_beyond_tolerance` that it is for longer. `weight` is what a person-hour of it
    counts in rankings. `bands` is the share served over time in the trials in which it falls below its floor; null for
    services that hardly do.
    """

    id: str
    name: str
    name_ja: str
    sector: str
    area: str
    people: Count
    floor: Share
    tolerance_h: Amount
    weight: Amount
    person_hours_below_floor: Band
    p_below_floor: Share
    p_beyond_tolerance: Share
    bands: CurveBand | None = None
    lat: Latitude | None = None
    lon: Longitude | None = None


class ServiceHarm(Struct, frozen=True, kw_only=True):
    """Harm to all services: person-hours below floor, and how many services are beyond their tolerance."""

    person_hours_below_floor: Band
    services_beyond_tolerance: Band


class DataHarm(Struct, frozen=True, kw_only=True):
    """Persons or records exposed, the chance that any are, and the mean by kind of holding."""

    records: Band
    p_any: Share
    by_kind: dict[str, Amount] = {}


class StrategicHarm(Struct, frozen=True, kw_only=True):
    """Defence, diplomatic and industrial secrets exposed, in points of sensitivity (1-5 a holding); chance of any."""

    points: Band
    p_any: Share
    by_kind: dict[str, Amount] = {}


class Harms(Struct, frozen=True, kw_only=True):
    """The three kinds of harm."""

    service: ServiceHarm
    data: DataHarm
    strategic: StrategicHarm


class Resilience(Struct, frozen=True, kw_only=True):
    """How many must be breached together to push a service below its floor for longer than its tolerance.

    At least `low` (proven, as `proof` says); `high` are enough, as `example` (ids) shows; null if no example was found.
    `low_example` is enough where every assumption is unfavourable; empty if none was found.
    """

    service: str
    low: Count
    high: Count | None
    example: tuple[str, ...]
    example_names: tuple[str, ...] = ()
    example_names_ja: tuple[str, ...] = ()
    low_example: tuple[str, ...] = ()
    low_example_names: tuple[str, ...] = ()
    low_example_names_ja: tuple[str, ...] = ()
    proof: str = ""
    proof_ja: str = ""


class MattersMost(Struct, frozen=True, kw_only=True):
    """An organisation from whose breach most harm is to be expected.

    `breach_probability`: that the threat breaches it in its period. `consequence`: person-hours below floor to expect
    if it does, each times the weight of its service.
    """

    organisation: str
    name: str
    name_ja: str
    sector: str
    area: str
    breach_probability: Share
    consequence: Amount


class PressFirst(Struct, frozen=True, kw_only=True):
    """An organisation to press first, and with what.

    `measures` (ids of the catalogue, in the order in which to do them) are one plan within a budget for all together;
    `saves`: person-hours below floor to expect less in the threat's period, each times the weight of its service, if it
    alone does so; `cost` in million yen; `why` with the figures behind it.
    """

    organisation: str
    name: str
    name_ja: str
    sector: str
    measures: tuple[str, ...]
    measure_names: tuple[str, ...]
    measure_names_ja: tuple[str, ...]
    saves: Amount
    cost: Amount
    why: str
    why_ja: str


class Warn(Struct, frozen=True, kw_only=True):
    """An organisation to warn, and why."""

    organisation: str
    name: str
    name_ja: str
    why: str
    why_ja: str


class Movement(Struct, frozen=True, kw_only=True):
    """How far one assumption moves the result.

    `low` and `high` are the expected person-hours below floor with the assumption at the low and high end of its range;
    `effect` is their difference as a share of the mean, `effect_error` one standard error of it: an effect of less than
    two of them cannot be told from chance.
    """

    assumption: str
    assumption_ja: str
    effect: float
    effect_error: Amount
    low: Amount
    high: Amount


class Sensitivity(Movement, frozen=True, kw_only=True):
    """How far one assumption moves the result, and whether it would change who is pressed first."""

    changes_first: bool


class Brief(Struct, frozen=True, kw_only=True):
    """The national brief: estate, threat, ratings, services at risk, resilience, whom to press and warn, assumptions.

    Figures on services, harms and resilience are over `trials` scenarios of `horizon_h` hours with at least one breach;
    `p_any` is the chance of that in the threat's period, `mean_hits` the mean number of systems hit in such a scenario,
    `power_solves` the mean number of dispatches that one needs, those whose answer is known from before included.
    """

    schema_version: int
    estate: EstateSummary
    seed: int
    trials: Count
    horizon_h: Amount
    threat: ThreatSummary
    ratings: Ratings
    services: tuple[ServiceRisk, ...]
    harms: Harms
    resilience: tuple[Resilience, ...]
    matters_most: tuple[MattersMost, ...]
    press_first: tuple[PressFirst, ...]
    warn: tuple[Warn, ...]
    p_any: Share
    mean_hits: Amount
    power_solves: Amount
    sensitivity: tuple[Sensitivity, ...]
    assumptions: tuple[str, ...]
    assumptions_ja: tuple[str, ...]


def encode(brief: Brief) -> bytes:
    """Return the brief as one line of JSON with a newline: keys in struct order, floats to nine significant digits.

    The same brief gives the same bytes on any machine: no time, path or version is in it. ValueError for a float that
    is not finite, which JSON cannot hold; msgspec.ValidationError for a value outside the schema's limits.
    """
    return msgspec.json.encode(_checked(brief)) + b"\n"


def plain_values(value: Struct) -> Any:  # noqa: ANN401  the tree of what the struct holds
    """Return a struct of this module, or one made of them, as plain values, rounded and checked as in `encode`."""
    return msgspec.to_builtins(_checked(value))


def _checked(value: S) -> S:
    """Return the struct with rounded floats; msgspec.ValidationError for a value outside its limits."""
    # Converting back checks the limits, and turns a whole number that stands for a float into one.
    return msgspec.convert(_rounded(msgspec.to_builtins(value, enc_hook=_scalar)), type(value))


def _scalar(value: Any) -> Any:  # noqa: ANN401  whatever the engine's arrays hold
    """Return an array's scalar as a plain number; TypeError for anything else."""
    if hasattr(value, "item"):
        return value.item()
    msg = f"a brief cannot hold a {type(value).__name__}"
    raise TypeError(msg)


def decode(data: bytes, file: str = "brief.json") -> Brief:
    """Return the brief that `data` holds; InputError (bad-json) naming `file` where it is none."""
    try:
        return msgspec.json.decode(data, type=Brief)
    except msgspec.DecodeError as error:
        expected = "a brief as docs/reference/brief.schema.json says"
        remedy = "write it again with `noroshi brief --json`"
        fault = Fault("bad-json", file=file, found=str(error), expected=expected, remedy=remedy)
        raise InputError([fault]) from error


def schema() -> bytes:
    """Return the JSON Schema (draft 2020-12) of the brief, indented, with a newline at the end."""
    described: dict[str, Any] = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Noroshi brief"}
    described |= msgspec.json.schema(Brief)
    return msgspec.json.format(msgspec.json.encode(described, order="deterministic"), indent=2) + b"\n"


def _rounded(value: Any) -> Any:  # noqa: ANN401  a tree of plain JSON values
    """Return the tree with each float rounded to `SIGNIFICANT_DIGITS`; whole floats stay floats."""
    if isinstance(value, float):
        if not math.isfinite(value):
            msg = f"a brief cannot hold {value}"
            raise ValueError(msg)
        return float(f"{value:.{SIGNIFICANT_DIGITS}g}") + 0.0  # adding 0.0 turns -0.0 into 0.0
    if isinstance(value, dict):
        return {key: _rounded(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_rounded(item) for item in value]
    return value
