"""What the REST interface takes and gives of situations, incidents and requests, as its OpenAPI describes it."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

from noroshi.desk.case_shapes import AskShown, IncidentShown, MyAsk, OverviewShown, SituationShown
from noroshi.respond.asks import Words
from noroshi.web.rest_shapes import CommunityName, Level, Name

__all__ = [
    "AskAnswer", "Asks", "Harm", "Incidents", "Known", "Made", "MoreOfIncident", "MoreOfSituation", "MyAsks", "NewAsk",
    "NewIncident", "NewSituation", "Situations", "Written",
]  # fmt: skip

Event = Literal["near-miss", "leak", "destruction", "unavailability", "malware", "code-execution", "intrusion", "other"]
Consent = Literal["withheld", "sector", "named"]
State = Literal["confirmed", "contained", "recovered", "closed"]
Time = Annotated[str, Meta(description="RFC 3339, with its zone", max_length=50)]
Text = Annotated[str, Meta(max_length=20_000, pattern="^[^\\x00]*$")]
Estate = Annotated[str, Meta(pattern="^[a-z0-9-]{0,100}$")]
Communities = Annotated[tuple[CommunityName, ...], Meta(min_length=1, max_length=1000)]
Known = str | int | bool | list[str] | None
Names = Annotated[tuple[Name, ...], Meta(max_length=1000)]
Ids = Annotated[tuple[str, ...], Meta(max_length=1000)]


class NewIncident(Struct, forbid_unknown_fields=True):
    """A first report: three fields; an operator's organisation is its own where it says none."""

    what: Event
    effect: Text
    since: Time | None = None
    organisation: Text = ""
    sector: Text = ""
    consent: Consent = "withheld"
    tlp: Level = "AMBER"
    communities: Communities | None = None
    exercise: bool = False


class Harm(Struct, forbid_unknown_fields=True):
    """A harm as it is known now; amount null: not known yet."""

    harm: Literal["service", "data", "strategic"]
    amount: Annotated[float, Meta(ge=0)] | None = None
    text: Text = ""


class MoreOfIncident(Struct, forbid_unknown_fields=True):
    """What is known better now; at least one of these. fields: by name, null = not known after all."""

    fields: dict[str, Known] = {}
    harms: Annotated[tuple[Harm, ...], Meta(max_length=10)] = ()
    state: State | None = None
    consent: Consent | None = None
    met: Names = ()
    text: Text = ""
    why: Text = ""
    at: Time | None = None


class NewSituation(Struct, forbid_unknown_fields=True):
    """A situation as it is opened; exercise holds for everything in it. estate: a sample's name, never a path."""

    title: Words
    estate: Estate = ""
    tlp: Level = "AMBER"
    communities: Communities | None = None
    exercise: bool = False


class MoreOfSituation(Struct, forbid_unknown_fields=True):
    """What is written into a situation, all or none; at least one of these."""

    gather: Ids = ()
    part: Ids = ()
    admit: Names = ()
    dismiss: Names = ()
    text: Text = ""
    close: bool | None = None
    why: Text = ""


class NewAsk(Struct, forbid_unknown_fields=True):
    """Who is asked, for what, until when; through: the ministry between."""

    to: Name
    what: Words
    deadline: Time
    through: Name | None = None


class AskAnswer(Struct, forbid_unknown_fields=True):
    """What one says to a request; a refusal gives its reason."""

    state: Literal["accepted", "done", "refused"]
    why: Text = ""


class Made(Struct):
    """The id of what was made."""

    id: str


class Written(Struct):
    """The number of the last line that was written."""

    line: int


class Incidents(Struct):
    """Incidents that one may see."""

    incidents: list[IncidentShown]


class Situations(Struct):
    """Situations that one may see."""

    situations: list[SituationShown]


class MyAsks(Struct):
    """What one is asked for."""

    asks: list[MyAsk]


class Asks(Struct):
    """The requests of a situation, and how they stand by ministry."""

    exercise: bool
    asks: list[AskShown]
    by_ministry: list[OverviewShown]
