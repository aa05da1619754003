"""Severities side by side from one sheet of facts: NCISS with its additions, and the scales of levels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from noroshi.respond.ladders import Ladder, Rung, climb
from noroshi.respond.nciss import Interval, Scheme, Score, score
from noroshi.respond.uplift import Uplift, uplift

__all__ = ["FactSheet", "Incident", "Judged", "Severities", "judge"]


@dataclass(frozen=True, slots=True)
class Incident:
    """What is known of an incident: NCISS category -> options that it may be; count: how many are alike."""

    name: str
    facts: Mapping[str, frozenset[str]]
    count: int = 1


@dataclass(frozen=True, slots=True)
class FactSheet:
    """What is known of a case: its incidents, answers to the statements of scales, and person-hours at others.

    ladders: scale -> statement -> whether it holds; person_hours: below floor, at others than the victims; None where
    no stress run was made.
    """

    name: str
    incidents: tuple[Incident, ...]
    ladders: Mapping[str, Mapping[str, bool]] = field(default_factory=dict)
    person_hours: Interval | None = None


class Judged(NamedTuple):
    """An incident and its score."""

    incident: Incident
    score: Score


class Severities(NamedTuple):
    """Every severity of a case: of each incident, of all together, and by each scale (None: nothing was answered)."""

    incidents: tuple[Judged, ...]
    together: Uplift | None
    rungs: tuple[tuple[Ladder, Rung | None], ...]


def judge(scheme: Scheme, ladders: Sequence[Ladder], sheet: FactSheet) -> Severities:
    """Return the severities of a case. KeyError and ValueError for what the tables do not have, as `score`, `climb`."""
    judged = tuple(Judged(one, score(scheme, one.facts)) for one in sheet.incidents)
    values = [one.score.value for one in judged for _ in range(one.incident.count)]
    together = uplift(values, sheet.person_hours) if values else None
    rungs = tuple(
        (ladder, climb(ladder, sheet.ladders[ladder.id]) if ladder.id in sheet.ladders else None) for ladder in ladders
    )
    return Severities(judged, together, rungs)
