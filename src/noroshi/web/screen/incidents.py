"""Incidents: the report form with three fields first, and one incident with what is known of it and what is entered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from litestar import Response

from noroshi.desk import incidents, situations
from noroshi.desk.dossiers import Filing
from noroshi.desk.permitting import must
from noroshi.respond.incident import Corrected, Harmed, Reported
from noroshi.respond.incident_words import CONSENTS, EVENTS, FIELDS, HARMS
from noroshi.respond.situation import Gathered
from noroshi.share.permissions import Leave
from noroshi.share.taxii import Refused
from noroshi.web.rest_values import fit
from noroshi.web.screen.incidents_fields import fields_in, harms_in, time_in
from noroshi.web.screen.situations_forms import ZONES, Filled, faults_of, levels, local_text
from noroshi.web.screen.warnings_form import names_of

if TYPE_CHECKING:
    from noroshi.web.screen.form import Form
    from noroshi.web.screen.page import Page
    from noroshi.web.screen.screen import Screen

__all__ = ["declare"]

SHOWN_ABOVE = frozenset({403, 409, 422})
FOLDED = (
    "detected",
    "awareness",
    "systems",
    "services",
    "entry",
    "persons",
    "records",
    "malicious",
    "regimes",
    "contact",
)
"""Fields of the fold: what can be said at once, and need not be."""


class Sent(NamedTuple):
    """A report as its form says it: the three fields, under what it is filed, and what is known besides."""

    said: Reported
    filing: Filing
    more: tuple[Corrected | Harmed, ...]


def declare(screen: Screen) -> None:
    """Declare the form by which an incident is reported."""

    @screen.view("/incidents/new")
    def new(page: Page) -> Response[Any]:
        begins = {"since": local_text(page.now), "zone": ZONES[0], "tlp": "AMBER", "consent": "withheld",
                  "situation": page.query("situation")}  # fmt: skip
        drill = "exercise" if drilled(page, page.query("situation")) else ""
        return form_of(page, Filled.of({**begins, "kind": drill or "real"}))

    @screen.change("/incidents/new")
    def report(page: Page, form: Form) -> Response[Any]:
        filled, wrong = Filled(form), list[str]()
        sent = sent_in(page, form, wrong)
        if wrong:
            return form_of(page, filled, tuple(wrong), 422)
        try:
            uid = kept(page, sent, form.get("situation"))
        except Refused as refused:
            if refused.status not in SHOWN_ABOVE:
                raise
            return form_of(page, filled, faults_of(refused, page.lang), refused.status)
        gathered = form.get("situation")
        return page.go(f"/situations/{gathered}" if gathered else f"/incidents/{uid}", said="inc_reported")


def form_of(page: Page, filled: Filled, faults: tuple[str, ...] = (), status: int = 200) -> Response[Any]:
    """Return the report form; Refused 403 for who reports nothing, 404 for a situation that one does not lead."""
    leave = must(page.who, "incidents.report")
    place = filled("situation")
    there = None if not place else situations.read(page.hub, page.who, fit(place, situations.ABSENT))
    drill = there.dossier.exercise if there is not None else filled("kind") == "exercise"
    ja = int(page.lang == "ja")
    return page.show(
        "incidents_new.html", status=status, title=page.w("inc_report"), filled=filled, faults=faults, ja=ja,
        case=there, case_title="" if there is None else page.pick(there.situation.title.en, there.situation.title.ja),
        own=leave is Leave.OWN and page.who.kind == "operator", whose=page.who.kind,
        events=[(key, names[ja]) for key, names in EVENTS.items()],
        consents=[(key, names[ja]) for key, names in CONSENTS.items()], zones=ZONES, levels=levels(page),
        folded=[(key, FIELDS[key].names[ja], FIELDS[key].kind) for key in FOLDED],
        harms=[(key, names[ja], unit[ja]) for key, (names, unit) in HARMS.items()],
        organisations=organisations(page), exercise=drill, narrow=True,
        sectors=() if page.who.kind == "operator" else sorted(names_of(page).items()),
    )  # fmt: skip


def organisations(page: Page) -> tuple[tuple[str, str], ...]:
    """Return the organisations of the estate that is looked at, to choose from; none where it cannot be read."""
    if page.who.kind == "operator":
        return ()
    found = page.estates.bodies(page.estate)
    return tuple((key, page.pick(one.name_en, one.name_ja)) for key, one in sorted(found.items()))


def drilled(page: Page, uid: str) -> bool:
    """Say whether a situation that the form is for is an exercise."""
    return bool(uid) and situations.read(page.hub, page.who, fit(uid, situations.ABSENT)).dossier.exercise


def sent_in(page: Page, form: Form, wrong: list[str]) -> Sent:
    """Return what a report form says; what is wrong with it is added in words."""
    what, effect = form.get("what"), form.get("effect")
    if what not in EVENTS:
        wrong.append(page.w("inc_need_what"))
    if not effect:
        wrong.append(page.w("inc_need_effect"))
    since = None
    if not form.get("since_unknown"):
        since = time_in(form, "since", page, wrong)
        if since is None and not form.get("since"):
            wrong.append(page.w("inc_need_since"))
        if since is not None and since > page.now:
            wrong.append(page.w("inc_later", field=FIELDS["since"].names[int(page.lang == "ja")]))
    if page.who.kind != "operator" and not form.get("organisation"):
        wrong.append(page.w("inc_need_whose"))
    fields = fields_in(form, page, wrong, (key for key in FOLDED if key != "since"))
    said = Reported(
        form.get("organisation"), what, effect, since, form.get("sector"), form.get("consent") or "withheld"
    )
    more = (*((Corrected(fields),) if fields else ()), *harms_in(form, page, wrong))
    return Sent(said, Filing(form.get("tlp") or "AMBER", None, form.get("kind") == "exercise"), more)


def kept(page: Page, sent: Sent, place: str) -> str:
    """Keep a report with what is known besides, gathered into a situation where one is named; return its id."""
    filing, who = sent.filing, page.who
    if place:
        must(who, "situations.manage")
        there = situations.read(page.hub, who, fit(place, situations.ABSENT))
        filing = filing._replace(exercise=there.dossier.exercise)
    uid = incidents.report(page.hub, who, sent.said, page.now, filing)
    if sent.more:
        incidents.say(page.hub, who, uid, sent.more, page.now, page.now)
    if place:
        situations.say(page.hub, who, place, [Gathered(uid)], page.now, page.now)
    return uid
