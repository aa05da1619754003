"""How severe incidents are on each scale, from what is known of them: unknown facts stay unknown, as intervals.

Each incident gives its facts, all of them together the campaign, and the services that go below their floor at others
than the victims the cascade.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from noroshi.desk import cases, situations
from noroshi.desk.impact import UNCOUNTED, impact_at
from noroshi.desk.severities import severities
from noroshi.respond.incident_facts import RULES, answers, facts, nciss
from noroshi.respond.nciss import Interval
from noroshi.respond.severity import FactSheet, Incident

if TYPE_CHECKING:
    from collections.abc import Sequence

    from noroshi.desk import incidents
    from noroshi.desk.hub import Hub
    from noroshi.desk.impact import Band, Impact
    from noroshi.store.contract import Principal

__all__ = ["person_hours", "severity", "severity_of"]


def severity(hub: Hub, asker: Principal, uid: str, estate: str, hours: float, lang: str = "en") -> dict[str, Any]:  # noqa: PLR0913
    """Return the severities of a situation's incidents, or of one incident, as `severities` and what they follow from.

    estate "": the situation's; where there is none, what it does to others is not computed. Refused 404; NotFoundError,
    InputError for the estate.
    """
    found = cases.read(hub, asker, uid)
    if isinstance(found, situations.Shown):
        title = found.situation.title
        there, name, estate = found.incidents, title.ja if lang == "ja" else title.en, estate or found.situation.estate
    else:
        there, name = (found,), found.incident.organisation or uid
    reckoned = impact_at(there, estate, hours, lang) if estate else None
    return {"case": uid, "exercise": found.dossier.exercise, **severity_of(name, there, reckoned)}


def severity_of(name: str, there: Sequence[incidents.Shown], reckoned: Impact | None) -> dict[str, Any]:
    """Return the severities of incidents as one sees them; facts: what each follows from, by incident and line."""
    known = [facts(one.incident) for one in there]
    sheet = FactSheet(
        name,
        tuple(Incident(one.dossier.uid, nciss(each)) for one, each in zip(there, known, strict=True)),
        {"japan": answered} if (answered := answers(known)) and there else {},
        None if reckoned is None or not reckoned.computed else person_hours(reckoned),
    )
    return {
        **severities(sheet),
        "facts": [
            {"incident": one.dossier.uid, "line": fact.line, "scale": fact.scale, "category": fact.category,
             "options": sorted(fact.options), "why": fact.why, "why_en": RULES[fact.why][0],
             "why_ja": RULES[fact.why][1]}
            for one, each in zip(there, known, strict=True) for fact in each
        ],
        "left_out": [] if reckoned is None else [uid for uid, why in reckoned.left_out if why in UNCOUNTED],
    }  # fmt: skip


def person_hours(reckoned: Impact) -> Interval:
    """Return the person-hours below floor at others than the victims, from the fastest to the slowest restoring."""
    others = [one for one in reckoned.below if one.organisation not in reckoned.victims]
    sums = [sum(values) for values in zip(*(hours(one.person_hours) for one in others), strict=True)] or [0.0]
    return Interval(min(sums), max(sums))


def hours(band: Band) -> tuple[float, float, float]:
    """Return the three figures of a band, nothing as 0."""
    return band.fast or 0.0, band.median or 0.0, band.slow or 0.0
