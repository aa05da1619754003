"""The brief about a situation as plain values, the same for the command line, pages and the REST interface.

Times are RFC 3339 in UTC. What a figure follows from stands beside it: incidents are I1, I2, …, warnings W1, W2, …,
with the number of the line; the ids are with them.
"""

from __future__ import annotations

from typing import Any

from msgspec import Struct

from noroshi.desk.case_shapes import AskShown, HarmShown, LineShown, OverviewShown
from noroshi.desk.position_shapes import PositionShown
from noroshi.respond.asks import Words

__all__ = [
    "CaseBrief", "ChangedLine", "DueNow", "DutyNow", "FigureNow", "ImpactNow", "IncidentNow", "OpenQuestion",
    "ServiceBelow", "SeverityNow", "SeverityOf", "Span", "UnwarnedNow", "WarningNow",
]  # fmt: skip


class Span(Struct):
    """A moment with all times to detect and restore at their 10 %, 50 % and 90 % points; null: not at all."""

    fast: str | None
    median: str | None
    slow: str | None


class FigureNow(Struct):
    """A field that is a number, and the line that says so."""

    field: str
    value: int
    line: int


class IncidentNow(Struct):
    """An incident: whose ("" = not told), what, how far, and the lines that say so; effect "" where it is not told."""

    ref: str
    incident: str
    organisation: str
    name: Words
    sector: str
    hidden: bool
    what: str
    state: str
    state_line: int
    since: str | None
    since_line: int
    effect: str
    effect_line: int
    harms: list[HarmShown]
    figures: list[FigureNow]


class ServiceBelow(Struct):
    """A service that goes below its floor: from when, for how many hours, against the hours that people bear.

    beyond: no, maybe (in the worse cases), yes, or unknown: it is below to the end of the hours looked at. cut: of each
    of the hours, whether it ends where the run does, so that it is a least.
    """

    service: str
    name: Words
    sector: str
    organisation: str
    people: int
    tolerance_h: float
    since: Span
    hours: list[float]
    cut: list[bool]
    beyond: str
    causes: list[str]


class ImpactNow(Struct):
    """What the open incidents do to the estate, by a run of the engine; taken: what is assumed to be out, by whom.

    below null: not computed.
    """

    estate: str
    began: str | None
    horizon_h: float
    taken: list[dict[str, Any]]
    below: list[ServiceBelow] | None
    left_out: list[dict[str, str]]


class BarredNow(Struct):
    """Who may not be told; reason: "tlp" or "community" of the marking, or "exercise": the wall around exercises."""

    principal: str
    reason: str


class UnwarnedNow(Struct):
    """Who depends on a victim and was chosen for no warning of this situation.

    reach: principals by which it can be told; barred: those that may not be told, and why; chain: how it depends.
    """

    organisation: str
    name: Words
    reach: list[str]
    barred: list[BarredNow]
    chain: str


class WarningNow(Struct):
    """A warning written from the situation: how many got it and answered, and who did not answer.

    title, silent null: not told.
    """

    ref: str
    warning: str
    version: int
    kind: str
    at: str
    severity: str
    tlp: str
    title: Words | None
    chosen: int
    delivered: int
    acknowledged: int
    acted: int
    silent: list[str] | None


class DutyNow(Struct):
    """What must be reported of an incident, by when, by which law; due null: it waits for its moment."""

    ref: str
    duty: str
    regime: str
    name: Words
    level: str
    due: str | None
    latest: str | None
    met: str | None
    source: str


class SeverityOf(Struct):
    """NCISS of an incident, as an interval; unknown: of how many of its eight categories not all is known."""

    ref: str
    low: float
    high: float
    unknown: int


class SeverityNow(Struct):
    """Severities: of each incident, of all together with what is added, and by each scale of levels."""

    incidents: list[SeverityOf]
    together: dict[str, Any] | None
    scales: list[dict[str, Any]]


class DueNow(Struct):
    """What is due: a request or a duty, until when, of whom or what."""

    kind: str
    id: str
    whose: str
    what: Words
    due: str
    overdue: bool


class ChangedLine(Struct):
    """A line that was entered in the last day; ref "": of the situation itself."""

    ref: str
    said: LineShown


class OpenQuestion(Struct):
    """What is not known; ref "": of the situation as a whole."""

    ref: str
    what: Words


class CaseBrief(Struct):
    """The brief about a situation as it stood at `at`; leads false: the reader merely takes part, null: not told.

    not_computed: why what the incidents do, or who is not warned, is null or not computed, in words; else null.
    undated: what is due of which nothing is computed, and why.
    """

    situation: str
    exercise: bool
    tlp: str
    communities: list[str] | None
    title: Words
    closed: bool
    at: str
    leads: bool
    sentence: Words
    incidents: list[IncidentNow]
    impact: ImpactNow | None
    unwarned: list[UnwarnedNow] | None
    not_computed: Words | None
    warnings: list[WarningNow] | None
    asks: list[AskShown] | None
    by_ministry: list[OverviewShown] | None
    duties: list[DutyNow]
    next_due: list[DueNow] | None
    undated: list[OpenQuestion]
    severity: SeverityNow
    position: PositionShown | None
    changed: list[ChangedLine]
    not_known: list[OpenQuestion]
    assumptions: list[Words]
