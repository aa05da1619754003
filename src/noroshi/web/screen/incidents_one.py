"""One incident: what is known with what was said before, its timeline, duties, severity; corrections and states."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from litestar import Response

from noroshi.desk import incidents
from noroshi.desk.due_dates import duty_rows
from noroshi.desk.incident_duties import incident_duties
from noroshi.desk.incident_severity import severity_of
from noroshi.errors import InputError, NotFoundError
from noroshi.report.html import safe
from noroshi.report.situation_text import amount_of, text_of, victim
from noroshi.respond.clock import LEVELS
from noroshi.respond.incident import Consented, Corrected, Met, Moved, Remarked
from noroshi.respond.incident_words import CONSENTS, EVENTS, FIELDS, HARMS, MOVES, OPTIONS, STATES
from noroshi.share.taxii import Refused
from noroshi.web.rest_values import fit
from noroshi.web.screen.incidents_fields import fields_in, first_of, harms_in
from noroshi.web.screen.severity_named import option_name
from noroshi.web.screen.situations_case import shown as entry_shown
from noroshi.web.screen.situations_forms import ZONES, Filled, faults_of, read_time
from noroshi.web.screen.situations_shown import level_class, marking_of, of_incident, severity_bar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from noroshi.respond.incident import Said
    from noroshi.web.screen.form import Form
    from noroshi.web.screen.page import Page
    from noroshi.web.screen.screen import Screen

__all__ = ["declare"]

SHOWN_ABOVE = frozenset({403, 409, 422})
CORRECTED = tuple(key for key, field in FIELDS.items() if field.kind != "options")
LATE = frozenset({"overdue", "last-call"})
SETTLED = frozenset({"met", "met-late"})
WAITS = frozenset({"waiting", "unverified"})
SAID = {"fields": "inc_corrected", "harms": "inc_harmed", "state": "inc_moved", "consent": "inc_consented",
        "met": "inc_met", "remark": "sit_remarked", "facts": "inc_facts_said"}  # fmt: skip


def declare(screen: Screen) -> None:
    """Declare the page of an incident, and what its forms enter."""

    @screen.view("/incidents/{uid:str}")
    def one(page: Page) -> Response[Any]:
        return shown(page, incidents.read(page.hub, page.who, fit(page.path("uid"), incidents.ABSENT)))

    @screen.change("/incidents/{uid:str}/lines")
    def said(page: Page, form: Form) -> Response[Any]:
        uid = fit(page.path("uid"), incidents.ABSENT)
        there = incidents.read(page.hub, page.who, uid)
        wrong: list[str] = []
        lines = lines_in(page, form, there, wrong)
        if not lines and not wrong:
            wrong.append(page.w("sit_nothing_said"))
        at = page.now
        if form.get("does") == "met" and form.get("met_at"):
            at = read_time(form.get("met_at"), form.get("zone")) or 0
        if at == 0:
            wrong.append(page.w("inc_bad_time", field=page.w("inc_met_when"), found=form.get("met_at")[:40]))
        if wrong:
            return shown(page, there, Filled(form), tuple(wrong), 422)
        try:
            incidents.say(page.hub, page.who, uid, lines, at, page.now)
        except Refused as refused:
            if refused.status not in SHOWN_ABOVE:
                raise
            return shown(page, there, Filled(form), faults_of(refused, page.lang), refused.status)
        return page.go(f"/incidents/{uid}", said=SAID[form.get("does")])


def lines_in(page: Page, form: Form, there: incidents.Shown, wrong: list[str]) -> Sequence[Said]:
    """Return the lines that a form of the page makes."""
    does = form.get("does")
    if does in ("fields", "facts"):
        found = fields_in(form, page, wrong, CORRECTED if does == "fields" else OPTIONS)
        known = there.incident
        began = first_of(known)
        if does == "facts":
            new = {key: value for key, value in found.items() if value != list(known.value(key) or ())}
        else:
            new = {key: value for key, value in found.items()
                   if form.get(key) != began.get(key) and not (value is None and key not in began)}  # fmt: skip
            # what was there and is emptied is not known after all
            new |= {key: None for key in CORRECTED if key in began and key in form.fields and not form.get(key)}
        return [Corrected(new, form.get("why"))] if new else []
    simple: dict[str, list[Said]] = {
        "state": [Moved(form.get("state"), form.get("why"))],
        "consent": [*([Remarked(form.get("text"))] if form.get("text") else []), Consented(form.get("consent"))],
        "met": [Met(form.get("met"))], "remark": [Remarked(form.get("text"))],
    }  # fmt: skip
    return list(harms_in(form, page, wrong)) if does == "harms" else simple.get(does, [])


def shown(
    page: Page, one: incidents.Shown, filled: Filled | None = None, faults: tuple[str, ...] = (), status: int = 200
) -> Response[Any]:
    """Return the page of an incident; filled: what was sent to one of its forms, with what was wrong."""
    known, ja = one.incident, int(page.lang == "ja")
    writes = page.may("incidents.report") and not known.hidden
    names = f"{victim(known, ja)}: {EVENTS[known.value('what')][ja]}"
    first = Filled.of(first_of(known))
    did = "" if filled is None or filled.form is None else filled.form.get("does")
    return page.show(
        "incidents_one.html", status=status, title=names, one=one, known=known, uid=one.dossier.uid, ja=ja,
        exercise=one.dossier.exercise, marking=marking_of(one.dossier), level=level_class(one.dossier), writes=writes,
        faults=faults, filled=filled or Filled(), first=filled if did == "fields" else first, did=did, zones=ZONES,
        state=STATES[known.state][ja], moves=[(key, STATES[key][ja]) for key in MOVES[known.state]],
        fields=[field_shown(key, one, ja) for key in FIELDS if key in known.fields or FIELDS[key].first],
        editable=[(key, FIELDS[key].names[ja], FIELDS[key].kind) for key in CORRECTED],
        events=[(key, both[ja]) for key, both in EVENTS.items()],
        harms=[{"key": key, "name": both[ja], "unit": unit[ja], **harm_shown(key, one, ja)}
               for key, (both, unit) in HARMS.items()],
        consents=[(key, both[ja]) for key, both in CONSENTS.items()], consent=CONSENTS[known.consent][ja],
        options=[(key, both[ja], [(each, option_name(key, each, ja)) for each in values],
                  known.value(key) or ())
                 for key, (both, values) in OPTIONS.items()],
        entries=[entry_shown(each, page) for each in reversed(of_incident(page, one, ""))],
        severity=severity_shown(one), duties=duties_of(page, one), levels_of=LEVELS,
        needs_word=page.who.kind == "centre",
    )  # fmt: skip


def field_shown(key: str, one: incidents.Shown, ja: int) -> dict[str, Any]:
    """Return a field as the page shows it, with what was said before."""
    there = one.incident.fields.get(key)
    return {
        "name": FIELDS[key].names[ja], "text": text_of(key, None if there is None else there.value, ja),
        "line": 0 if there is None else there.line.n, "known": there is not None and there.value is not None,
        "before": [] if there is None else [(text_of(key, old.value, ja), old.line.n) for old in there.before],
    }  # fmt: skip


def harm_shown(key: str, one: incidents.Shown, ja: int) -> dict[str, Any]:
    """Return a harm as it is known now."""
    there = next((harm for harm in one.incident.harms if harm.harm == key), None)
    return {
        "amount": amount_of(None if there is None else there.amount, ja), "text": "" if there is None else there.text,
        "before": [] if there is None else [amount_of(old, ja) for old in there.before],
    }  # fmt: skip


def severity_shown(one: incidents.Shown) -> dict[str, Any] | None:
    """Return the severity of an incident by itself, without what it does to others."""
    rows = severity_of("", (one,), None)["nciss"]["incidents"]
    if not rows:
        return None
    return {**rows[0], "bar": safe(severity_bar(rows[0]["low"], rows[0]["high"]))}


def duties_of(page: Page, one: incidents.Shown) -> dict[str, Any] | None:
    """Return what must be reported of an incident, the first due first; None where that is not told."""
    if one.incident.hidden:
        return None
    now = datetime.fromtimestamp(page.now / 1e6, UTC)
    if not one.incident.value("regimes"):
        return {"rows": (), "fault": ""}
    try:
        _, dues = incident_duties(page.hub, page.who, one.dossier.uid, (), "", "", now)
    except (InputError, NotFoundError) as error:
        return {"rows": (), "fault": str(error)}
    rows = [
        {**row, "when": page.at(round(datetime.fromisoformat(row["due"]).timestamp() * 1e6)) if row["due"] else "",
         "state": 3 if row["level"] in LATE else 0 if row["level"] in SETTLED else None if row["level"] in WAITS else 1}
        for row in duty_rows(dues, now)
    ]  # fmt: skip
    return {"rows": sorted(rows, key=lambda row: (row["met"] is not None, row["due"] or "~", row["id"])), "fault": ""}
