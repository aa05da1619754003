"""The brief about a situation, as of a moment: what is hit, what will fail when, who is warned, what is due next.

It is made of what was entered by that moment and of nothing else: the same store and the same moment give the same
brief. Who merely takes part is told the title and the incidents as each victim agreed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from msgspec import structs

from noroshi.desk import positions, situations
from noroshi.desk.blanking import without
from noroshi.desk.case_brief_parts import due_next, duties_now, warnings_now
from noroshi.desk.case_brief_shapes import (
    BarredNow,
    CaseBrief,
    ChangedLine,
    FigureNow,
    ImpactNow,
    IncidentNow,
    OpenQuestion,
    ServiceBelow,
    SeverityNow,
    SeverityOf,
    Span,
    UnwarnedNow,
)  # fmt: skip
from noroshi.desk.case_brief_words import ASSUMPTIONS, QUESTIONS, left_out, question, sentence
from noroshi.desk.case_past import as_of
from noroshi.desk.case_shapes import HarmShown, OverviewShown, ask_shown, filed, line_shown
from noroshi.desk.impact import LEFT_OUT, OVER, impact_of, verdict
from noroshi.desk.incident_severity import severity_of
from noroshi.desk.position_shapes import position_shown
from noroshi.desk.situation_warnings import missed, victims
from noroshi.desk.withholding import withheld
from noroshi.errors import NoroshiError
from noroshi.respond.asks import Words, overview
from noroshi.respond.incident import Moved
from noroshi.respond.incident_words import FIELDS, HARMS
from noroshi.share.taxii import timestamp

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from noroshi.desk import incidents
    from noroshi.desk.case_past import Past
    from noroshi.desk.hub import Hub
    from noroshi.desk.impact import Band, Below, Impact
    from noroshi.estate.model import Estate
    from noroshi.respond.incident import Line
    from noroshi.store.contract import Principal

__all__ = ["HOURS", "Briefed", "case_brief"]

HOURS = 120.0
"""How far ahead of its moment a brief looks."""
HOUR = 3_600_000_000
DAY = 24 * HOUR
ASKED_FOR = ("since", "detected", "entry", "systems", "persons", "malicious", "regimes")
"""Fields that a brief says are not known yet."""

HARM_OF = {key: (f"harm to {en}", f"被害({ja})") for key, ((en, ja), _) in HARMS.items()}


class Briefed(NamedTuple):
    """A brief as plain values, and the lines that were entered in the last day, for those who put them into words."""

    shown: CaseBrief
    changed: tuple[tuple[str, Line], ...]


def case_brief(hub: Hub, asker: Principal, uid: str, at: int, hours: float = HOURS, lang: str = "en") -> Briefed:  # noqa: PLR0913
    """Return the brief about a situation as of a moment in microseconds; Refused 404 where one may not see it.

    hours: how far ahead to look. lang: in which the estate's own messages are; the brief has both languages.
    """
    past = as_of(hub, asker, uid, at)
    refs = {one.dossier.uid: f"I{n}" for n, one in enumerate(past.incidents, 1)}
    loaded, reckoned, fault = reckon(past, hours, lang)
    called = names_of(loaded)
    told = warnings_now(hub, asker, past) if past.leads else None
    stands = positions.shown(past.dossier, past.situation) if past.free else None
    severity = severity_now(past, refs, reckoned)
    duties, undated = duties_now(past, refs)
    changed = tuple(
        (ref, line)
        for ref, lines in [("", past.situation.lines), *((refs[one.dossier.uid], one.incident.lines)
                                                         for one in past.incidents)]
        for line in lines if line.entered > at - DAY
    )  # fmt: skip
    asks = [ask_shown(one, at) for one in past.situation.asks] if past.free else None
    shown = CaseBrief(
        uid, *filed(past.dossier), past.situation.title, past.situation.closed, timestamp(at), past.leads,
        Words("", ""),
        [incident_now(one, refs, called) for one in past.incidents],
        None if reckoned is None else impact_now(reckoned, refs),
        None if loaded is None else unwarned_now(hub, past, loaded), not_computed(past, reckoned, fault),
        told, asks,
        [OverviewShown(*row) for row in overview(past.situation.asks, at)] if past.free else None,
        duties, due_next(past, duties), undated, severity,
        None if stands is None or not stands.position.entries else position_shown(stands, past.situation.lines),
        [ChangedLine(ref, line_shown(line)) for ref, line in changed],
        [*questions(past, refs, fault), *undated], list(ASSUMPTIONS) if reckoned is not None else [],
    )  # fmt: skip
    shown.sentence = sentence(shown)
    return unnamed(Briefed(shown, changed), withheld(hub, past.hidden, past.estate))


def unnamed(found: Briefed, names: tuple[str, ...]) -> Briefed:
    """Return a brief with no such name in any text: what is written of one incident may hold the name of another."""
    if not names:
        return found
    changed = tuple((ref, structs.replace(line, said=without(line.said, names))) for ref, line in found.changed)
    return Briefed(without(found.shown, names), changed)


class Reckoned(NamedTuple):
    """An estate with what the open incidents do to it, or why nobody can say."""

    loaded: Estate | None = None
    impact: Impact | None = None
    fault: str = ""


def reckon(past: Past, hours: float, lang: str) -> Reckoned:
    """Return what the open incidents do, looking so many hours ahead, or why nobody can say.

    Nothing where a victim is withheld: who depends on whom, with one name left out, would tell which it is.
    """
    if not past.free:
        return Reckoned()
    estate = past.situation.estate
    if not estate:
        return Reckoned(fault="no-estate")
    from noroshi.files.estates import load

    sinces = [since for one in past.incidents if (since := one.incident.value("since")) is not None]
    ago = max((past.at - min(sinces)) / HOUR, 0.0) if sinces else 0.0
    try:
        loaded = load(estate, lang)
        return Reckoned(loaded, impact_of(loaded, estate, past.incidents, ago + hours))
    except NoroshiError:
        return Reckoned(fault="estate")


def not_computed(past: Past, found: Impact | None, fault: str) -> Words | None:
    """Return why what the incidents do is not computed, in words; None where it is, or nothing of it is told."""
    if found is not None:
        return None if found.computed else left_out(why for _, why in found.left_out)
    if fault:
        return question(fault, past.situation.estate)
    return QUESTIONS["withheld"] if past.leads else None


def names_of(loaded: Estate | None) -> dict[str, Words]:
    """Return the names of an estate's organisations by their ids."""
    rows = () if loaded is None else loaded.frame("organisations").select("id", "name_en", "name_ja").iter_rows()
    return {key: Words(en, ja or en) for key, en, ja in rows}


def incident_now(one: incidents.Shown, refs: Mapping[str, str], names: Mapping[str, Words]) -> IncidentNow:
    """Return an incident with the lines that say what it is."""
    known = one.incident
    at = {key: known.fields[key].line.n if key in known.fields else 0 for key in ("since", "effect")}
    since, whose = known.value("since"), known.organisation
    return IncidentNow(
        refs[one.dossier.uid], one.dossier.uid, whose, names.get(whose) or Words(whose, whose), known.sector,
        known.hidden, known.value("what"),
        known.state, next((line.n for line in reversed(known.lines) if isinstance(line.said, Moved)), known.lines[0].n),
        None if since is None else timestamp(since), at["since"], known.value("effect") or "", at["effect"],
        [HarmShown(harm.harm, harm.amount, harm.line.n) for harm in known.harms],
        [FigureNow(key, known.value(key), known.fields[key].line.n) for key, field in FIELDS.items()
         if field.kind == "count" and known.value(key) is not None],
    )  # fmt: skip


def impact_now(found: Impact, refs: Mapping[str, str]) -> ImpactNow:
    """Return what the run says as plain values."""
    return ImpactNow(
        found.estate, None if found.began is None else timestamp(found.began), found.horizon_h,
        [{"target": one.target, "effect": one.effect, "onset_h": round(one.onset_h, 3), "ref": refs[one.incident],
          "assumed": one.assumed} for one in found.struck],
        [service_below(one, found.began or 0) for one in found.below] if found.computed else None,
        [{"ref": refs[uid], "reason": why, "en": LEFT_OUT[why][0], "ja": LEFT_OUT[why][1]}
         for uid, why in found.left_out],
    )  # fmt: skip


def service_below(one: Below, began: int) -> ServiceBelow:
    """Return a service that goes below its floor, with moments in place of hours of the run."""
    return ServiceBelow(
        one.id, Words(one.name_en, one.name_ja or one.name_en), one.sector, one.organisation, one.people,
        one.tolerance_h, moments(one.from_h, began), [one.hours.fast or 0.0, one.hours.median or 0.0,
                                                      one.hours.slow or 0.0],
        list(one.cut), verdict(one.beyond), list(one.causes),
    )  # fmt: skip


def moments(band: Band, began: int) -> Span:
    """Return hours of a run as moments."""
    ends = (band.fast, band.median, band.slow)
    return Span(*(None if one is None else timestamp(began + round(one * HOUR)) for one in ends))


def unwarned_now(hub: Hub, past: Past, loaded: Estate) -> list[UnwarnedNow] | None:
    """Return who depends on a victim and was chosen for no warning of the situation by its moment.

    None where no victim is in the estate: who depends on it is not known.
    """
    hit = victims(past.incidents)
    if hit and not set(hit) & set(loaded.frame("organisations")["id"].to_list()):
        return None
    there = situations.Shown(past.dossier, past.situation, past.incidents)
    return [
        UnwarnedNow(one.organisation, Words(one.name_en, one.name_ja or one.name_en), list(one.reach),
                 [BarredNow(*each) for each in one.barred], one.chain)
        for one in missed(hub, there, loaded, past.at)
    ]  # fmt: skip


def severity_now(past: Past, refs: Mapping[str, str], found: Impact | None) -> SeverityNow:
    """Return the severities of the incidents as they are seen."""
    values = severity_of("", past.incidents, found)
    nciss = values["nciss"]
    rows = [SeverityOf(refs[one["name"]], one["low"], one["high"], one["unknown"]) for one in nciss["incidents"]]
    scales = [{key: one[key] for key in ("id", "name", "name_ja", "source", "low", "high")}
              for one in values["scales"] if one["low"] is not None]  # fmt: skip
    return SeverityNow(rows, nciss["together"], scales)


def questions(past: Past, refs: Mapping[str, str], fault: str) -> Iterator[OpenQuestion]:
    """Yield what is not known: of each incident that is told and open, and of what it does."""
    for one in past.incidents:
        known = one.incident
        if known.hidden or known.state in OVER:
            continue
        names = [FIELDS[key].names for key in ASKED_FOR if known.value(key) in (None, [])]
        names += [HARM_OF[key] for key in HARMS if not any(h.harm == key and h.amount is not None for h in known.harms)]
        if names:
            yield OpenQuestion(refs[one.dossier.uid], Words(", ".join(en for en, _ in names),
                                                            "、".join(ja for _, ja in names)))  # fmt: skip
    if fault:
        yield OpenQuestion("", question(fault, past.situation.estate))
    if past.leads and not past.free:
        yield OpenQuestion("", QUESTIONS["not-told"])
