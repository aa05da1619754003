"""What the REST interface reckons of a case: duties, impact, severity, the brief, and the calendar of what is due.

The engine runs in a worker thread, and in one at a time: whoever asks while it runs is asked to come again.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from litestar import Request, Response
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from msgspec import Struct

from noroshi.desk import incidents, situations
from noroshi.desk.case_brief import HOURS, case_brief
from noroshi.desk.case_brief_shapes import CaseBrief
from noroshi.desk.case_calls import CallSheet, calls
from noroshi.desk.case_feed import case_calendar
from noroshi.desk.due_dates import duty_rows
from noroshi.desk.duty_names import unknown_of
from noroshi.desk.impact import LONGEST_H, impact_shown
from noroshi.desk.impact import impact as reckon_impact
from noroshi.desk.incident_duties import incident_duties
from noroshi.desk.incident_severity import severity as reckon_severity
from noroshi.desk.permitting import must
from noroshi.errors import InputError, NotFoundError
from noroshi.share.taxii import Refused
from noroshi.web.headers import language
from noroshi.web.rest_asking import asker_of, get, pairs_of
from noroshi.web.rest_values import fit, micros, moment, sample
from noroshi.web.turns import Running, one_at_a_time

if TYPE_CHECKING:
    from noroshi.desk.hub import Hub
    from noroshi.settings import Settings

__all__ = ["QUERY", "handlers"]

Ask = Request[Any, Any, Any]
Found = TypeVar("Found")
TIME = {"type": "string", "format": "date-time"}
NAME = {"type": "string", "maxLength": 100}
QUERY: dict[str, tuple[str, dict[str, Any]]] = {
    "hours": ("How far to look, in hours.", {"type": "number", "minimum": 1, "maximum": LONGEST_H}),
    "estate": ("A sample's name; by default the situation's.", {"type": "string", "pattern": "^[a-z0-9-]{1,100}$"}),
    "at": ("As of then; now by default.", TIME),
    "regime": ("Only duties of this regime; may repeat. By default those that the incident names.", NAME),
    "zone": ("Time zone (IANA) of recipients that a law leaves open.", NAME),
    "holidays": ("Days off of such recipients: a calendar's name.", NAME),
    "lang": ("Language of the calendar.", {"type": "string", "enum": ["en", "ja"]}),
}
"""Parameter of a query -> what it is for, and what it may be."""


class IncidentDuties(Struct):
    """What must be reported of an incident, as `noroshi situation duties --json` says it.

    unknown: regimes and duties that it names and that there are not.
    """

    incident: str
    exercise: bool
    duties: list[dict[str, Any]]
    unknown: list[str]


def handlers(hub: Hub, settings: Settings) -> list[HTTPRouteHandler]:
    """Return what answers for what is reckoned of a case."""
    running = one_at_a_time()

    @get("/incidents/{uid:str}/duties", sync_to_thread=True, opt={"query": ("regime", "zone", "holidays")},
         summary="What must be reported of an incident to whom by when")  # fmt: skip
    def duties(request: Ask, uid: FromPath[str]) -> IncidentDuties:
        found, now = asked(request), datetime.now(UTC)
        regimes = [value for name, value in pairs_of(request) if name == "regime"]
        place = fit(uid, incidents.ABSENT)
        one, dues = tried(lambda: incident_duties(
            hub, asker_of(request).principal, place, regimes, found.get("zone", ""), found.get("holidays", ""), now
        ))  # fmt: skip
        return IncidentDuties(uid, one.dossier.exercise, duty_rows(dues, now), list(unknown_of(one.incident)))

    def impact(request: Ask, uid: str, absent: Refused) -> dict[str, Any]:
        estate, hours = of_run(request)
        who, place = asker_of(request).principal, fit(uid, absent)
        seen(hub, request, place, absent)
        with running():
            return impact_shown(tried(lambda: reckon_impact(hub, who, place, estate, hours)))

    def severity(request: Ask, uid: str, absent: Refused) -> dict[str, Any]:
        estate, hours = of_run(request)
        who, place = asker_of(request).principal, fit(uid, absent)
        seen(hub, request, place, absent)
        with running():
            return tried(lambda: reckon_severity(hub, who, place, estate, hours))

    @get("/situations/{uid:str}/impact", sync_to_thread=True, opt={"query": ("hours", "estate")},
         summary="Which services open incidents take below their floor, and who depends on the victims")  # fmt: skip
    def of_situation(request: Ask, uid: FromPath[str]) -> dict[str, Any]:
        return impact(request, uid, situations.ABSENT)

    @get("/incidents/{uid:str}/impact", sync_to_thread=True, opt={"query": ("hours", "estate")},
         summary="Which services an incident takes below their floor, and when")  # fmt: skip
    def of_incident(request: Ask, uid: FromPath[str]) -> dict[str, Any]:
        return impact(request, uid, incidents.ABSENT)

    @get("/situations/{uid:str}/severity", sync_to_thread=True, opt={"query": ("hours", "estate")},
         summary="How severe a situation is, as intervals while facts are unknown")  # fmt: skip
    def severity_of_situation(request: Ask, uid: FromPath[str]) -> dict[str, Any]:
        return severity(request, uid, situations.ABSENT)

    @get("/incidents/{uid:str}/severity", sync_to_thread=True, opt={"query": ("hours", "estate")},
         summary="How severe an incident is, as intervals while facts are unknown")  # fmt: skip
    def severity_of_incident(request: Ask, uid: FromPath[str]) -> dict[str, Any]:
        return severity(request, uid, incidents.ABSENT)

    return [duties, of_situation, of_incident, severity_of_situation, severity_of_incident,
            *of_case(hub, settings, running)]  # fmt: skip


def of_case(hub: Hub, settings: Settings, running: Running) -> list[HTTPRouteHandler]:
    """Return what answers for a situation as a whole; running: the engine's turn."""

    @get("/situations/{uid:str}/brief", sync_to_thread=True, opt={"query": ("at", "hours")},
         summary="The brief of a situation, as of a moment")  # fmt: skip
    def brief(request: Ask, uid: FromPath[str]) -> CaseBrief:
        found, who = asked(request), asker_of(request).principal
        at = moment("at", found["at"]) if "at" in found else micros()
        place = fit(uid, situations.ABSENT)
        situations.must_find(hub, who, place)
        with running():
            return case_brief(hub, who, place, at, hours_of(found)).shown

    @get("/situations/{uid:str}/calls", sync_to_thread=True,
         summary="Whom to call in which order, and what to say, when mail and web are down (centre)")  # fmt: skip
    def call_sheet(request: Ask, uid: FromPath[str]) -> CallSheet:
        who, place = asker_of(request).principal, fit(uid, situations.ABSENT)
        must(who, "situations.manage")
        situations.must_find(hub, who, place)
        with running():
            return calls(hub, who, place, micros())

    @get("/situations/{uid:str}/calendar", sync_to_thread=True, opt={"query": ("lang",)}, media_type="text/calendar",
         summary="What is due in a situation, as a calendar (RFC 5545)")  # fmt: skip
    def calendar(request: Ask, uid: FromPath[str]) -> Response[bytes]:
        lang = language(asked(request).get("lang"), request.headers.get("accept-language", ""), settings.lang)
        who = asker_of(request).principal
        body = case_calendar(hub, who, fit(uid, situations.ABSENT), micros(), lang)
        return Response(body, media_type="text/calendar")

    return [brief, call_sheet, calendar]


def seen(hub: Hub, request: Ask, uid: str, absent: Refused) -> None:
    """Let pass who may see what is asked about; Refused as absent, before anybody waits for the engine."""
    who = asker_of(request).principal
    if absent is situations.ABSENT:
        situations.must_find(hub, who, uid)
    else:
        incidents.read(hub, who, uid)


def asked(request: Ask) -> dict[str, str]:
    """Return the parameters of the query."""
    return dict(pairs_of(request))


def of_run(request: Ask) -> tuple[str, float]:
    """Return estate and hours that are asked for; Refused 422."""
    found = asked(request)
    estate = found.get("estate", "")
    return sample(estate), hours_of(found)


def hours_of(found: dict[str, str]) -> float:
    """Return how far to look; Refused 422."""
    try:
        hours = float(found.get("hours", HOURS))
    except ValueError:
        hours = 0.0
    if not 1.0 <= hours <= LONGEST_H:
        raise Refused(422, "Unprocessable", f"hours: {found['hours'][:50]} (expected 1 to {LONGEST_H:g})")
    return hours


def tried(work: Callable[[], Found]) -> Found:
    """Return what is reckoned; Refused 422 for an estate, a regime or a calendar that there is not."""
    try:
        return work()
    except (InputError, NotFoundError) as error:
        raise Refused(422, "Unprocessable", str(error)[:500]) from None
