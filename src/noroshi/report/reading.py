"""What a brief says in words: the one sentence, the key figures, classes of risk and the worst of each area."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from noroshi.desk.brief_schema import Brief, MattersMost, ServiceRisk
from noroshi.desk.numbers import amount, hours, interval, percent, plain, points
from noroshi.report.places import tile_of
from noroshi.report.words import pick, said

__all__ = [
    "RISK_EDGES", "HasServices", "KeyFigure", "headline", "key_figures", "notice", "pressed", "ranked", "risk",
    "sector_names", "worst_by_area", "worst_by_tile",
]  # fmt: skip

RISK_EDGES = (0.01, 0.05, 0.2)
"""Chances of being beyond tolerance at which the class of risk rises: low, raised, high, severe."""


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One of the large figures at the head: what it is, the figure, its unit or interval in words."""

    label: str
    figure: str
    note: str


def risk(p_beyond_tolerance: float) -> int:
    """Return the class of risk, 0 to 3, of a chance of being beyond tolerance."""
    return sum(p_beyond_tolerance >= edge for edge in RISK_EDGES)


class HasServices(Protocol):
    """A brief, or any other report that has services."""

    @property
    def services(self) -> tuple[ServiceRisk, ...]:
        """What happens to each service."""
        ...


def ranked(brief: HasServices) -> tuple[list[ServiceRisk], list[ServiceRisk]]:
    """Return the services by expected person-hours x weight, then chance, then id: those harmed, and the others."""
    order = sorted(
        brief.services, key=lambda s: (-s.person_hours_below_floor.mean * s.weight, -s.p_beyond_tolerance, s.id)
    )  # fmt: skip
    harmed = [s for s in order if s.person_hours_below_floor.mean > 0 or s.p_beyond_tolerance > 0]
    calm = [s for s in order if not (s.person_hours_below_floor.mean > 0 or s.p_beyond_tolerance > 0)]
    return harmed, calm


def pressed(brief: Brief) -> list[MattersMost]:
    """Return the organisations by expected harm (chance of breach × consequence), the greatest first."""
    return sorted(brief.matters_most, key=lambda m: (-m.breach_probability * m.consequence, m.organisation))


def sector_names(brief: Brief, lang: str) -> dict[str, str]:
    """Return sector id -> its name."""
    return {sector.id: pick(sector.name, sector.name_ja, lang) for sector in brief.ratings.sectors}


def headline(brief: Brief, lang: str) -> tuple[str, str]:
    """Return the brief in one sentence, and what to do next (empty if nobody is to be pressed or warned)."""
    total = brief.harms.service.person_hours_below_floor
    harmed, _ = ranked(brief)
    fields: dict[str, object] = {
        "sectors_under": sum(s.verdict == "fail" for s in brief.ratings.sectors),
        "sectors_all": len(brief.ratings.sectors),
        "mark": plain(brief.ratings.pass_mark),
        "threat": pick(brief.threat.name, brief.threat.name_ja, lang),
        "horizon": hours(brief.horizon_h, lang),
    }
    if harmed and total.mean > 0:
        worst = pick(harmed[0].name, harmed[0].name_ja, lang)
        harm = {"harm": amount(total.mean, lang), "interval": interval(total.p05, total.p95, lang), "worst": worst}
        first = said("headline", lang, **fields, **harm)
    else:
        first = said("headline_calm", lang, **fields)
    return first, _next(brief, lang)


def _next(brief: Brief, lang: str) -> str:
    """Return whom to press first and how many to warn."""
    names = [(one.name, one.name_ja) for one in brief.press_first] or [(m.name, m.name_ja) for m in pressed(brief)]
    if not names:
        return ""
    press = pick(*names[0], lang)
    count = len(brief.warn)
    if not count:
        return said("headline_press", lang, press=press)
    warn = said("organisation_one", lang) if count == 1 else said("organisations", lang, count=f"{count:,}")
    return said("headline_next", lang, press=press, warn=warn)


def key_figures(brief: Brief, lang: str) -> list[KeyFigure]:
    """Return the four figures at the head of the brief."""
    harm, beyond = brief.harms.service.person_hours_below_floor, brief.harms.service.services_beyond_tolerance
    beyond_range = interval(round(beyond.p05), round(beyond.p95), lang)
    return [
        KeyFigure(
            said("p_any", lang),
            percent(brief.p_any, lang),
            said("p_any_note", lang, days=plain(brief.threat.period_days)),
        ),
        KeyFigure(
            said("person_hours", lang),
            amount(harm.mean, lang),
            said("harm_note", lang, interval=interval(harm.p05, harm.p95, lang)),
        ),
        KeyFigure(
            said("beyond", lang),
            plain(beyond.mean, 2) if beyond.mean < 10 else plain(round(beyond.mean)),  # noqa: PLR2004  two digits
            said("beyond_note", lang, count=f"{len(brief.services):,}", interval=beyond_range),
        ),
        KeyFigure(
            said("overall", lang),
            points(brief.ratings.overall.score),
            said("overall_note", lang, mark=plain(brief.ratings.pass_mark)),
        ),
    ]


def notice(brief: Brief, lang: str) -> str:
    """Return what the reader must know of the data before any figure; empty for an estate of real postures."""
    if brief.estate.fictional:
        return said("fictional", lang)
    return said("illustrative", lang) if brief.estate.illustrative else ""


def worst_by_area(brief: Brief) -> dict[str, ServiceRisk]:
    """Return area -> its service most likely to be beyond tolerance (ties: more expected harm, then id)."""
    worst: dict[str, ServiceRisk] = {}
    for service in brief.services:
        other = worst.get(service.area)
        if service.area and (other is None or _gravity(service) > _gravity(other)):
            worst[service.area] = service
    return worst


def worst_by_tile(brief: Brief) -> dict[str, ServiceRisk]:
    """Return prefecture code -> its service most likely to be beyond tolerance; empty outside Japan."""
    worst: dict[str, ServiceRisk] = {}
    for area, service in worst_by_area(brief).items():
        tile = tile_of(area)
        if tile is not None and (tile.code not in worst or _gravity(service) > _gravity(worst[tile.code])):
            worst[tile.code] = service
    return worst


def _gravity(service: ServiceRisk) -> tuple[float, float, str]:
    """Return what decides which of two services is the worse."""
    return service.p_beyond_tolerance, service.person_hours_below_floor.mean, service.id
