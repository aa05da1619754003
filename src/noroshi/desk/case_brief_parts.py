"""Parts of the brief about a situation: warnings as they stood at a moment, duties, and what is due next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from noroshi.desk.case_brief_shapes import DueNow, DutyNow, OpenQuestion, WarningNow
from noroshi.desk.case_brief_words import QUESTIONS, question
from noroshi.desk.due_dates import duty_rows
from noroshi.desk.duty_names import unknown_of
from noroshi.desk.impact import OVER
from noroshi.desk.incident_duties import dated as dated_of
from noroshi.desk.permitting import may, rights_of
from noroshi.desk.warnings_taxii import collected
from noroshi.errors import NoroshiError
from noroshi.respond.asks import Words
from noroshi.respond.incident import read_moment
from noroshi.share.permissions import Leave
from noroshi.share.release import visible
from noroshi.share.taxii import timestamp
from noroshi.share.warnings import release_of
from noroshi.share.warnings_receipts import STATES, Standing, coverage, risen
from noroshi.store import warnings as kept

if TYPE_CHECKING:
    from collections.abc import Mapping

    from noroshi.desk import incidents
    from noroshi.desk.case_past import Past
    from noroshi.desk.hub import Hub
    from noroshi.respond.clock import Due as Dated
    from noroshi.store.contract import Principal

__all__ = ["dated", "due_next", "duties_now", "moment_of", "warnings_now"]

MOST_DUE = 8
OPEN_DUTIES = frozenset({"overdue", "last-call", "soon", "due"})


def warnings_now(hub: Hub, asker: Principal, past: Past) -> list[WarningNow]:
    """Return the warnings written from a situation by a moment, as they stood then.

    Only those of which one may see who was warned, by the table and by their marking.
    """
    if may(asker, "warnings.follow") is not Leave.ALLOWED:
        return []
    found: list[WarningNow] = []
    for uid in past.situation.warnings:
        there = kept.found(hub.store, uid)
        if there is None:
            continue
        collected(hub, there)
        versions = [
            one.said for one in kept.versions(hub.store, there.no) if (read_moment(one.said.at) or 0) <= past.at
        ]
        if not versions or not all(
            visible(rights_of(asker), release_of(one)) for one in (versions[-1], there.last.said)
        ):
            continue
        said = versions[-1]
        chosen = [one for one in kept.recipients(hub.store, there.no) if one.chosen_by and one.at <= past.at]
        came = [one for one in kept.receipts(hub.store, there.no)
                if one.at <= past.at and one.version == said.version]  # fmt: skip
        state = {one.principal: risen(each.state for each in came if each.principal == one.principal) for one in chosen}
        counts = coverage(Standing(one.name, one.sectors, chosen=True, kept_from="", state=state[one.principal])
                          for one in chosen)[0]  # fmt: skip
        silent = [one.name for one in chosen if state[one.principal] in STATES[:2]] if past.free else None
        found.append(WarningNow(
            f"W{len(found) + 1}", uid, said.version, said.kind, said.at, said.severity, said.tlp,
            Words(said.title.en, said.title.ja) if past.free else None, counts.chosen, counts.delivered,
            counts.acknowledged, counts.acted, silent,
        ))  # fmt: skip
    return found


def duties_now(past: Past, refs: Mapping[str, str]) -> tuple[list[DutyNow], list[OpenQuestion]]:
    """Return what must be reported of the incidents under the regimes that they name, and of which nothing is known."""
    rows, unknown = [], []
    for one in past.incidents:
        uid, ref = one.dossier.uid, refs[one.dossier.uid]
        if uid not in past.reports or one.incident.state == "closed":
            continue
        if not one.incident.value("regimes"):
            if one.incident.state not in OVER:
                unknown.append(OpenQuestion(ref, QUESTIONS["no-regimes"]))
            continue
        if strange := unknown_of(one.incident):
            unknown.append(OpenQuestion(ref, question("unknown-duties", ", ".join(strange))))
        try:
            dues = dated(one, moment_of(past.at))
        except NoroshiError as error:
            unknown.append(OpenQuestion(ref, question("duties", str(error))))
            continue
        rows += [
            DutyNow(ref, row["id"], row["regime"], Words(row["name"], row["name_ja"]), row["level"], row["due"],
                    row["latest"], row["met"], row["source"])
            for row in duty_rows(dues, moment_of(past.at))
        ]  # fmt: skip
    return sorted(rows, key=lambda row: (row.due or "~", row.ref, row.duty)), unknown


def dated(one: incidents.Shown, now: datetime) -> tuple[Dated, ...]:
    """Return when what must be reported of an incident is due, under the regimes that it names.

    NotFoundError, InputError for what no table has: a time for which no days off are known.
    """
    return dated_of(one.incident, now)


def due_next(past: Past, duties: list[DutyNow]) -> list[DueNow] | None:
    """Return what is due, of requests and of duties, the first due first; None where not all of it is told."""
    if past.leads and not past.free:
        return None
    found = [
        DueNow("ask", one.ask, one.to, one.what, timestamp(one.deadline), one.overdue(past.at))
        for one in past.situation.asks if one.state in {"asked", "accepted"}
    ]  # fmt: skip
    found += [
        DueNow("duty", f"{one.ref} {one.duty}", one.ref, regimed(one),
            timestamp(read_moment(one.due) or 0), one.level in {"overdue", "last-call"})
        for one in duties if one.level in OPEN_DUTIES and one.due is not None
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.due, one.kind, one.id))[:MOST_DUE]


def regimed(one: DutyNow) -> Words:
    """Return the name of a duty with its regime."""
    return Words(f"{one.regime}: {one.name.en}", f"{one.regime}: {one.name.ja}")


def moment_of(at: int) -> datetime:
    """Return a moment in microseconds as the clocks of duties take it."""
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=at)
