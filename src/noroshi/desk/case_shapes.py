"""Situations, incidents and requests as plain values, the same for the command line and the REST interface.

Times are RFC 3339 in UTC.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

from noroshi.respond.asks import Words
from noroshi.respond.incident_words import FIELDS
from noroshi.share.markings import Tlp
from noroshi.share.taxii import timestamp

if TYPE_CHECKING:
    from noroshi.desk import asks, incidents, situations
    from noroshi.respond.asks import Ask
    from noroshi.respond.incident import Line
    from noroshi.store.dossiers import Dossier

__all__ = [
    "AskShown", "BeforeShown", "HarmShown", "IncidentShown", "LineShown", "MyAsk", "OverviewShown", "SituationShown",
    "ValueShown", "ask_shown", "incident_shown", "my_ask", "situation_shown",
]  # fmt: skip


class LineShown(Struct):
    """A line: what kind it is, what it says, when it was so, when it was entered, by whom ("" = not told)."""

    line: int
    at: str
    entered: str
    by: str
    kind: str
    said: dict[str, Any]


class BeforeShown(Struct):
    """What was said of a field before, by which line."""

    value: Any
    line: int


class ValueShown(Struct):
    """What is known of a field, by which line, and what was said before."""

    value: Any
    line: int
    before: list[BeforeShown]


class HarmShown(Struct):
    """A harm as it is known now; amount null: not known yet."""

    harm: str
    amount: float | None
    line: int


class IncidentShown(Struct):
    """An incident as one may see it; hidden: the victim has not agreed that one is told its name."""

    incident: str
    exercise: bool
    tlp: str
    communities: list[str] | None
    organisation: str
    sector: str
    state: str
    near_miss: bool
    consent: str
    hidden: bool
    fields: dict[str, ValueShown]
    harms: list[HarmShown]
    met: dict[str, str]
    made: str
    lines: list[LineShown]


class AskShown(Struct):
    """A request as it stands."""

    ask: str
    to: str
    through: str
    what: Words
    deadline: str
    state: str
    why: str
    overdue: bool
    reminders: int
    asked_at: str
    answered_at: str | None


class MyAsk(AskShown):
    """A request to oneself, or as a ministry through oneself."""

    exercise: bool
    to_me: bool


class OverviewShown(Struct):
    """How requests stand by the ministry that they went through."""

    through: str
    asked: int
    accepted: int
    done: int
    refused: int
    overdue: int


class SituationShown(Struct):
    """A situation as one may see it."""

    situation: str
    exercise: bool
    tlp: str
    communities: list[str] | None
    title: Words
    estate: str
    closed: bool
    takes_part: list[str]
    incidents: list[IncidentShown]
    asks: list[AskShown]
    made: str
    lines: list[LineShown]


def incident_shown(one: incidents.Shown) -> IncidentShown:
    """Return an incident as plain values."""
    known = one.incident
    fields = {
        key: ValueShown(plain(key, there.value), there.line.n,
                        [BeforeShown(plain(key, old.value), old.line.n) for old in there.before])
        for key, there in known.fields.items()
    }  # fmt: skip
    met = {duty: timestamp(at) for duty, at in known.met.items()}
    harms = [HarmShown(harm.harm, harm.amount, harm.line.n) for harm in known.harms]
    return IncidentShown(
        one.dossier.uid, *filed(one.dossier), known.organisation, known.sector, known.state, known.near_miss,
        known.consent, known.hidden, fields, harms, met, timestamp(one.dossier.made),
        list(map(line_shown, known.lines)),
    )  # fmt: skip


def situation_shown(one: situations.Shown, now: int) -> SituationShown:
    """Return a situation as plain values; `now` says what is overdue."""
    there = one.situation
    return SituationShown(
        one.dossier.uid, *filed(one.dossier), there.title, there.estate, there.closed, list(there.takes_part),
        list(map(incident_shown, one.incidents)), [ask_shown(each, now) for each in there.asks],
        timestamp(one.dossier.made), list(map(line_shown, there.lines)),
    )  # fmt: skip


def ask_shown(one: Ask, now: int) -> AskShown:
    """Return a request as plain values."""
    return AskShown(**ask_values(one, now))


def my_ask(one: asks.Mine, now: int) -> MyAsk:
    """Return a request to oneself as plain values."""
    return MyAsk(**ask_values(one.ask, now), exercise=one.exercise, to_me=one.to_me)


def ask_values(one: Ask, now: int) -> dict[str, Any]:
    """Return what a request is shown with."""
    answered = None if one.answered_at is None else timestamp(one.answered_at)
    return {
        "ask": one.ask, "to": one.to, "through": one.through, "what": one.what, "deadline": timestamp(one.deadline),
        "state": one.state, "why": one.why, "overdue": one.overdue(now), "reminders": one.reminders,
        "asked_at": timestamp(one.asked_at), "answered_at": answered,
    }  # fmt: skip


def filed(one: Dossier) -> tuple[bool, str, list[str] | None]:
    """Return under what a dossier is filed."""
    return one.exercise, str(Tlp(one.tlp)), None if one.communities is None else sorted(one.communities)


def line_shown(line: Line) -> LineShown:
    """Return a line as plain values."""
    said: dict[str, Any] = msgspec.to_builtins(line.said)
    kind = str(said.pop("type"))
    for key in ("since", "deadline"):
        if said.get(key) is not None:
            said[key] = timestamp(said[key])
    if "fields" in said:
        said["fields"] = {key: plain(key, value) for key, value in said["fields"].items()}
    return LineShown(line.n, timestamp(line.at), timestamp(line.entered), line.by, kind, said)


def plain(key: str, value: Any) -> Any:  # noqa: ANN401  a field's value
    """Return the value of a field as it is shown."""
    return timestamp(value) if value is not None and FIELDS[key].kind == "time" else value
