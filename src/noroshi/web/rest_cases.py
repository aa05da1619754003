"""The REST interface's situations, incidents and requests: reported, gathered, asked, answered, shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from litestar import Request, Response, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, JSONBody

from noroshi.desk import asks, incidents, situations
from noroshi.desk.case_shapes import (
    IncidentShown,
    OverviewShown,
    SituationShown,
    ask_shown,
    incident_shown,
    my_ask,
    situation_shown,
)
from noroshi.desk.dossiers import Filing
from noroshi.respond.incident import Consented, Corrected, Harmed, Met, Moved, Remarked, Reported
from noroshi.respond.incident_words import FIELDS
from noroshi.respond.situation import Admitted, Closed, Gathered, Opened, Parted, Reopened
from noroshi.share.taxii import Refused
from noroshi.web import rest_case_shapes as shapes
from noroshi.web.rest_asking import asker_of, get
from noroshi.web.rest_values import fit, micros, moment, sample

if TYPE_CHECKING:
    from noroshi.desk.hub import Hub
    from noroshi.respond.incident import Said as OfIncident
    from noroshi.respond.situation import Said as OfSituation

__all__ = ["handlers"]

Ask = Request[Any, Any, Any]
Line = TypeVar("Line")


def handlers(hub: Hub) -> list[HTTPRouteHandler]:
    """Return what answers for situations, incidents and requests."""
    return [*of_incidents(hub), *of_situations(hub), *of_asks(hub)]


def of_incidents(hub: Hub) -> list[HTTPRouteHandler]:
    """Return what answers for incidents."""

    @get("/incidents", sync_to_thread=True, summary="Incidents that I may see")
    def every_incident(request: Ask) -> shapes.Incidents:
        return shapes.Incidents(list(map(incident_shown, incidents.incidents(hub, asker_of(request).principal))))

    @post("/incidents", sync_to_thread=True, opt={"json": True}, summary="Report an incident: three fields first")
    def report(request: Ask, data: JSONBody[shapes.NewIncident]) -> Response[shapes.Made]:
        since = None if data.since is None else moment("since", data.since)
        said = Reported(data.organisation, data.what, data.effect, since, data.sector, data.consent)
        filing = Filing(data.tlp, data.communities, data.exercise)
        return made("incidents", incidents.report(hub, asker_of(request).principal, said, micros(), filing))

    @get("/incidents/{uid:str}", sync_to_thread=True, summary="One incident")
    def incident(request: Ask, uid: FromPath[str]) -> IncidentShown:
        return incident_shown(incidents.read(hub, asker_of(request).principal, fit(uid, incidents.ABSENT)))

    @post("/incidents/{uid:str}/lines", sync_to_thread=True, opt={"json": True}, status_code=200,
          summary="Say what is known better now, how far it is, what harm it does")  # fmt: skip
    def more_of_incident(request: Ask, uid: FromPath[str], data: JSONBody[shapes.MoreOfIncident]) -> shapes.Written:
        now = micros()
        at = now if data.at is None else moment("at", data.at)
        who = asker_of(request).principal
        return shapes.Written(incidents.say(hub, who, fit(uid, incidents.ABSENT), some(lines_of(data)), at, now))

    return [every_incident, report, incident, more_of_incident]


def of_situations(hub: Hub) -> list[HTTPRouteHandler]:
    """Return what answers for situations."""

    @get("/situations", sync_to_thread=True, summary="Situations that I may see")
    def every_situation(request: Ask) -> shapes.Situations:
        found, now = situations.situations(hub, asker_of(request).principal), micros()
        return shapes.Situations([situation_shown(one, now) for one in found])

    @post("/situations", sync_to_thread=True, opt={"json": True}, summary="Open a situation")
    def begin(request: Ask, data: JSONBody[shapes.NewSituation]) -> Response[shapes.Made]:
        filing = Filing(data.tlp, data.communities, data.exercise)
        said = Opened(data.title, sample(data.estate))
        return made("situations", situations.open_(hub, asker_of(request).principal, said, micros(), filing))

    @get("/situations/{uid:str}", sync_to_thread=True, summary="One situation with its incidents, as I may see them")
    def situation(request: Ask, uid: FromPath[str]) -> SituationShown:
        found = situations.read(hub, asker_of(request).principal, fit(uid, situations.ABSENT))
        return situation_shown(found, micros())

    @post("/situations/{uid:str}/lines", sync_to_thread=True, opt={"json": True}, status_code=200,
          summary="Gather incidents, say who takes part, write a remark, close it or open it again")  # fmt: skip
    def more_of_situation(request: Ask, uid: FromPath[str], data: JSONBody[shapes.MoreOfSituation]) -> shapes.Written:
        now, who = micros(), asker_of(request).principal
        return shapes.Written(
            situations.say(hub, who, fit(uid, situations.ABSENT), some(lines_written(data)), now, now)
        )

    return [every_situation, begin, situation, more_of_situation]


def of_asks(hub: Hub) -> list[HTTPRouteHandler]:
    """Return what answers for requests."""

    @get("/situations/{uid:str}/asks", sync_to_thread=True, summary="Requests of a situation, and how they stand")
    def asked(request: Ask, uid: FromPath[str]) -> shapes.Asks:
        now = micros()
        who, place = asker_of(request).principal, fit(uid, situations.ABSENT)
        every, rows = asks.stand(hub, who, place, now)
        drill = situations.must_find(hub, who, place).exercise
        return shapes.Asks(drill, [ask_shown(one, now) for one in every], [OverviewShown(*row) for row in rows])

    @post("/situations/{uid:str}/asks", sync_to_thread=True, opt={"json": True},
          summary="Ask somebody for something until a deadline, through its ministry or directly")  # fmt: skip
    def ask(request: Ask, uid: FromPath[str], data: JSONBody[shapes.NewAsk]) -> Response[shapes.Made]:
        who, until = asker_of(request).principal, moment("deadline", data.deadline)
        place = fit(uid, situations.ABSENT)
        return made("asks", asks.ask(hub, who, place, data.to, data.through or "", data.what, until, micros()))

    @get("/asks", sync_to_thread=True, summary="What I am asked for, or what goes through me")
    def mine(request: Ask) -> shapes.MyAsks:
        now = micros()
        return shapes.MyAsks([my_ask(one, now) for one in asks.mine(hub, asker_of(request).principal)])

    @post("/asks/{uid:str}/answer", sync_to_thread=True, opt={"json": True}, status_code=204,
          summary="Accept, have done, or refuse what I am asked for")  # fmt: skip
    def answer(request: Ask, uid: FromPath[str], data: JSONBody[shapes.AskAnswer]) -> None:
        who = asker_of(request).principal
        asks.answer(hub, who, fit(uid, asks.ABSENT), data.state, data.why, micros())

    @post("/asks/{uid:str}/reminder", sync_to_thread=True, status_code=204, summary="Keep that I reminded who is asked")
    def remind(request: Ask, uid: FromPath[str]) -> None:
        asks.remind(hub, asker_of(request).principal, fit(uid, asks.ABSENT), micros())

    return [asked, ask, mine, answer, remind]


def lines_of(data: shapes.MoreOfIncident) -> list[OfIncident]:
    """Return the lines that are said of an incident."""
    found: list[OfIncident] = []
    if data.fields:
        found.append(Corrected({key: value_of(key, value) for key, value in data.fields.items()}, data.why))
    found += [Harmed(one.harm, one.amount, one.text) for one in data.harms]
    found += [Consented(data.consent)] if data.consent else []
    found += [Met(duty) for duty in data.met]
    found += [Remarked(data.text)] if data.text else []
    return found + ([Moved(data.state, data.why)] if data.state else [])


def lines_written(data: shapes.MoreOfSituation) -> list[OfSituation]:
    """Return the lines that are written into a situation."""
    found: list[OfSituation] = [Gathered(name, data.why) for name in data.gather]
    found += [Parted(name, data.why) for name in data.part]
    found += [Admitted(name) for name in data.admit]
    found += [Admitted(name, takes_part=False) for name in data.dismiss]
    found += [Remarked(data.text)] if data.text else []
    if data.close is not None:
        found.append(Closed(data.why) if data.close else Reopened(data.why))
    return found


def some(lines: list[Line]) -> list[Line]:
    """Return lines; Refused 422 where there is none."""
    if not lines:
        raise Refused(422, "Unprocessable", "nothing was said")
    return lines


def value_of(key: str, value: shapes.Known) -> Any:  # noqa: ANN401  of the kind that the field is of; the desk checks it
    """Return the value of a field as it is kept: times in microseconds."""
    if key in FIELDS and FIELDS[key].kind == "time" and isinstance(value, str):
        return moment(key, value)
    return value


def made(where: str, uid: str) -> Response[shapes.Made]:
    """Return what says that something was made, and where it is."""
    return Response(shapes.Made(uid), status_code=201, headers={"Location": f"/api/v1/{where}/{uid}"})
