"""A situation as its lines tell it: a case at the centre that gathers incidents, and whatever is done about them.

As with incidents nothing is changed or taken away. Whether it is an exercise is set once, when it is opened, and holds
for everything in it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

from noroshi.respond.asks import Answered, Ask, Asked, Reminded, Words, asks
from noroshi.respond.asks import followed as ask_followed
from noroshi.respond.incident import Line, Remarked, Wrong, of_text
from noroshi.respond.position import Saying
from noroshi.respond.position_checks import followed as position_followed

__all__ = [
    "Admitted", "Closed", "Gathered", "Opened", "Parted", "Reopened", "Said", "Situation", "Warned", "Words",
    "followed", "situation", "wrongs",
]  # fmt: skip


class Opened(msgspec.Struct, frozen=True, tag="opened", omit_defaults=True):
    """A situation is opened; estate: a sample's name or a path, where it takes place."""

    title: Words
    estate: str = ""


class Gathered(msgspec.Struct, frozen=True, tag="gathered", omit_defaults=True):
    """An incident belongs to it."""

    incident: str
    why: str = ""


class Parted(msgspec.Struct, frozen=True, tag="parted", omit_defaults=True):
    """An incident does not belong to it after all."""

    incident: str
    why: str = ""


class Admitted(msgspec.Struct, frozen=True, tag="admitted"):
    """A principal takes part from now on, or no more: a ministry, an operator, a partner."""

    principal: str
    takes_part: bool = True


class Warned(msgspec.Struct, frozen=True, tag="warned"):
    """A warning was written from it, by its id; its text and whom it reached are the warning's own."""

    warning: str


class Closed(msgspec.Struct, frozen=True, tag="closed"):
    """It is over."""

    why: str


class Reopened(msgspec.Struct, frozen=True, tag="reopened"):
    """It is not over after all."""

    why: str


Said = (
    Opened | Gathered | Parted | Admitted | Closed | Reopened | Remarked | Asked | Answered | Reminded | Warned | Saying
)


@dataclass(frozen=True, slots=True)
class Situation:
    """What the lines of a situation come to. incidents, takes_part, warnings: in the order in which they came.

    ever: every incident that was ever gathered, also those that were taken away since.
    """

    title: Words
    estate: str
    closed: bool
    incidents: tuple[str, ...]
    takes_part: tuple[str, ...]
    asks: tuple[Ask, ...]
    lines: tuple[Line, ...]
    warnings: tuple[str, ...] = ()
    ever: tuple[str, ...] = ()


def situation(lines: Iterable[Line]) -> Situation:
    """Return what the lines of a situation come to, in the order of their numbers; ValueError unless it is opened."""
    ordered = tuple(sorted(lines, key=lambda line: line.n))
    if not ordered or not isinstance(ordered[0].said, Opened):
        raise ValueError("a situation begins with being opened")
    first, closed = ordered[0].said, False
    incidents: dict[str, None] = {}
    takes_part: dict[str, None] = {}
    warnings: dict[str, None] = {}
    ever: dict[str, None] = {}
    for line in ordered:
        match said := line.said:
            case Gathered():
                incidents[said.incident] = ever[said.incident] = None
            case Parted():
                incidents.pop(said.incident, None)
            case Admitted(takes_part=True):
                takes_part[said.principal] = None
            case Admitted():
                takes_part.pop(said.principal, None)
            case Warned():
                warnings[said.warning] = None
            case Closed() | Reopened():
                closed = isinstance(said, Closed)
    return Situation(first.title, first.estate, closed, tuple(incidents), tuple(takes_part), asks(ordered), ordered,
                     tuple(warnings), tuple(ever))  # fmt: skip


def followed(one: Situation, said: Said, entered: int | None = None) -> list[Wrong]:
    """Return what is wrong with a line after those that there are; entered: as `asks.followed`."""
    found = by_kind(one, said, entered)
    match said:
        case Opened():
            found.append(Wrong("opened", "opened a second time", "a remark, or another situation"))
        case Gathered() if said.incident in one.incidents:
            found.append(Wrong("incident", said.incident, "one that does not belong to it yet"))
        case Parted() if said.incident not in one.incidents:
            found.append(Wrong("incident", said.incident, "one that belongs to it"))
        case Closed() if one.closed:
            found.append(Wrong("closed", "it is closed", "a situation that is open"))
        case Reopened() if not one.closed:
            found.append(Wrong("reopened", "it is open", "a situation that is closed"))
        case _:
            pass
    if one.closed and not isinstance(said, Reopened | Remarked | Closed | Answered):
        found.append(Wrong("closed", "it is closed", "to reopen it first"))
    return found


def by_kind(one: Situation, said: Said, entered: int | None = None) -> list[Wrong]:
    """Return what is wrong with a line of its kind: requests and the position have their own rules."""
    if isinstance(said, Asked | Answered | Reminded):
        return ask_followed(one.asks, said, entered)
    return position_followed(one.lines, said) if isinstance(said, Saying) else wrongs(said)


def wrongs(said: Opened | Gathered | Parted | Admitted | Warned | Closed | Reopened | Remarked) -> list[Wrong]:
    """Return everything that is wrong with a line by itself; requests have their own (`asks.wrongs`)."""
    match said:
        case Opened():
            texts = {"title.en": said.title.en, "title.ja": said.title.ja}
            found = [Wrong(key, "", "a title in both languages") for key, text in texts.items() if not text.strip()]
            return found + [wrong for key, text in texts.items() for wrong in of_text(key, text)]
        case Closed() | Reopened():
            return of_text("why", said.why) if said.why.strip() else [Wrong("why", "", "why")]
        case Gathered() | Parted():
            return of_text("why", said.why)
        case Admitted():
            return [] if said.principal else [Wrong("principal", "", "a principal")]
        case Warned():
            return [] if said.warning else [Wrong("warning", "", "the id of a warning")]
        case Remarked():
            return of_text("text", said.text) if said.text.strip() else [Wrong("text", "", "some text")]
