"""An incident as its lines tell it: what is known now, what was said before, how far it has come, what harm it does.

Nothing is changed or taken away: a correction is a line of its own, and what it corrects stays with who said it, when.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec

from noroshi.respond.incident_words import CONSENTS, EVENTS, FIELDS, HARMS, MOVES, OPTIONS, STATES

__all__ = [
    "Consented", "Corrected", "Harm", "Harmed", "Incident", "Line", "Met", "Moved", "Remarked", "Reported", "Said",
    "Value", "Wrong", "as_seen", "followed", "incident", "of_text", "read_moment",
    "wrongs",
]  # fmt: skip

LONGEST = 20_000
MOST_NAMES = 500
LONGEST_NAME = 500
LAST_TIME = 253_370_764_799_999_999
"""The end of the year 9998, in microseconds: a year before the last that there is, so that any zone can show it."""
MOST_COUNTED = 1 << 53
MOST_GRADE = 4
TOLD = frozenset({"event", "time", "count", "yes"})
"""Kinds of values that cannot hold a name."""


class Reported(msgspec.Struct, frozen=True, tag="reported", omit_defaults=True):
    """The first report: whose systems, and the three fields with which it begins; since in microseconds."""

    organisation: str
    what: str
    effect: str
    since: int | None = None
    sector: str = ""
    consent: str = "withheld"


class Corrected(msgspec.Struct, frozen=True, tag="corrected"):
    """Fields that are known better now; None: it is not known after all."""

    fields: dict[str, Any]
    why: str = ""


class Moved(msgspec.Struct, frozen=True, tag="moved", omit_defaults=True):
    """The incident comes to another state."""

    state: str
    why: str = ""


class Harmed(msgspec.Struct, frozen=True, tag="harmed", omit_defaults=True):
    """A harm as it is known now, the earlier figure of its kind corrected; amount None: not known yet."""

    harm: str
    amount: float | None = None
    text: str = ""


class Consented(msgspec.Struct, frozen=True, tag="consented"):
    """What the victim agrees that others are told."""

    consent: str


class Met(msgspec.Struct, frozen=True, tag="met"):
    """A duty to report was met, when the line says; duty: the id of one of `respond.duties`."""

    duty: str


class Remarked(msgspec.Struct, frozen=True, tag="remarked"):
    """A remark in the timeline."""

    text: str


Said = Reported | Corrected | Moved | Harmed | Consented | Met | Remarked


class Line(msgspec.Struct, frozen=True):
    """One line: its number from 1 on, when it was so and when it was entered (microseconds), by whom, what it says."""

    n: int
    at: int
    entered: int
    by: str
    said: Any


class Value(NamedTuple):
    """What is known of a field, by which line, and the lines that said something else before."""

    value: Any
    line: Line
    before: tuple[Value, ...] = ()


class Harm(NamedTuple):
    """A harm as it is known now; before: earlier figures."""

    harm: str
    amount: float | None
    text: str
    line: Line
    before: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Incident:
    """What the lines of an incident come to. met: duty -> when it was met; hidden: the reader is not told all.

    organisation "" and sector "": the victim has not agreed that the reader is told.
    """

    organisation: str
    sector: str
    state: str
    consent: str
    fields: Mapping[str, Value]
    harms: tuple[Harm, ...]
    met: Mapping[str, int]
    lines: tuple[Line, ...]
    hidden: bool = False

    @property
    def near_miss(self) -> bool:
        """Whether nothing happened, but might have."""
        return bool(self.value("what") == "near-miss")

    def value(self, field: str) -> Any:  # noqa: ANN401  of the kind that its field says
        """Return what is known of a field, None where nothing is."""
        known = self.fields.get(field)
        return None if known is None else known.value


class Wrong(NamedTuple):
    """What is wrong with a line: the field, what was found, what was expected."""

    key: str
    found: str
    expected: str


def incident(lines: Iterable[Line]) -> Incident:
    """Return what the lines of an incident come to, in the order of their numbers; ValueError without a report."""
    ordered = tuple(sorted(lines, key=lambda line: line.n))
    if not ordered or not isinstance(ordered[0].said, Reported):
        raise ValueError("an incident begins with a report")
    report = ordered[0].said
    state, consent = "reported", report.consent
    fields: dict[str, Value] = {}
    harms: dict[str, Harm] = {}
    met: dict[str, int] = {}
    for line in ordered:
        match said := line.said:
            case Reported():
                first = {"what": said.what, "since": said.since, "effect": said.effect}
                fields |= {key: Value(value, line) for key, value in first.items() if value is not None}
            case Corrected():
                for key, value in said.fields.items():
                    old = fields.get(key)
                    fields[key] = Value(value, line, () if old is None else (*old.before, old._replace(before=())))
            case Moved():
                state = said.state
            case Consented():
                consent = said.consent
            case Met():
                met[said.duty] = line.at
            case Harmed():
                was = harms.get(said.harm)
                harms[said.harm] = Harm(
                    said.harm, said.amount, said.text, line, () if was is None else (*was.before, was.amount)
                )
    there = tuple(harms[name] for name in HARMS if name in harms)
    return Incident(report.organisation, report.sector, state, consent, fields, there, met, ordered)


def as_seen(one: Incident) -> Incident:
    """Return an incident as others than its victim and the centre see it: by the victim's consent.

    Where the name is not told, no free text is either: it may hold the name, as may names of systems. Nor is told who
    entered what: that may be the victim.
    """
    if one.consent == "named":
        return one
    sector = one.sector if one.consent == "sector" else ""
    return replace(incident(without(line) for line in one.lines), sector=sector, hidden=True)


def without(line: Line) -> Line:
    """Return a line with nothing of it that could tell who the victim is."""
    match said := line.said:
        case Reported():
            kept: Said = Reported("", said.what, "", said.since, "", said.consent)
        case Corrected():
            kept = Corrected({key: value for key, value in said.fields.items() if FIELDS[key].kind in TOLD})
        case Moved():
            kept = Moved(said.state)
        case Harmed():
            kept = Harmed(said.harm, said.amount)
        case Consented():
            kept = said
        case _:
            kept = Remarked("")
    return Line(line.n, line.at, line.entered, "", kept)


def followed(one: Incident, said: Said) -> list[Wrong]:
    """Return what is wrong with a line after those that there are."""
    found = wrongs(said)
    if isinstance(said, Reported):
        found.append(Wrong("reported", "a second report", "a correction"))
    if isinstance(said, Moved) and not found and said.state not in MOVES[one.state]:
        found.append(Wrong("state", said.state, f"after {one.state}: {', '.join(MOVES[one.state])}"))
    return found


def wrongs(said: Said) -> list[Wrong]:
    """Return everything that is wrong with a line by itself."""
    match said:
        case Reported():
            found = [Wrong("organisation", "", "an id or a name")] if not said.organisation.strip() else []
            found += [] if said.consent in CONSENTS else [Wrong("consent", said.consent, ", ".join(CONSENTS))]
            found += of_text("organisation", said.organisation) + of_text("sector", said.sector)
            fields = {"what": said.what, "effect": said.effect, "since": said.since}
            return found + [wrong for key, value in fields.items() for wrong in of_field(key, value)]
        case Corrected():
            empty = [] if said.fields else [Wrong("fields", "none", "at least one field")]
            return empty + of_text("why", said.why) + [
                wrong for key, value in said.fields.items() for wrong in of_field(key, value)
            ]  # fmt: skip
        case Moved():
            unknown = [] if said.state in STATES else [Wrong("state", said.state, ", ".join(STATES))]
            return unknown + of_text("why", said.why)
        case Harmed():
            return of_harm(said) + of_text("text", said.text)
        case Consented():
            right, wrong = said.consent in CONSENTS, Wrong("consent", said.consent, ", ".join(CONSENTS))
        case Met():
            right, wrong = 0 < len(said.duty) <= LONGEST_NAME, Wrong("duty", said.duty[:100], "an id")
        case Remarked():
            right, wrong = bool(said.text.strip()), Wrong("text", "", "some text")
            if right:
                return of_text("text", said.text)
    return [] if right else [wrong]


def of_harm(said: Harmed) -> list[Wrong]:
    """Return what is wrong with a harm: amounts are not negative, a strategic one is a whole grade."""
    if said.harm not in HARMS:
        return [Wrong("harm", said.harm, ", ".join(HARMS))]
    amount = said.amount
    if amount is not None and not 0 <= amount < float("inf"):
        return [Wrong("amount", str(amount), "0 or more")]
    if said.harm == "strategic" and amount is not None and (amount > MOST_GRADE or amount != int(amount)):
        return [Wrong("amount", str(amount), "a grade: 0, 1, 2, 3 or 4")]
    return []


def of_field(key: str, value: Any) -> list[Wrong]:  # noqa: ANN401  whatever was sent
    """Return what is wrong with the value of a field."""
    if key not in FIELDS:
        return [Wrong(key[:100], "no such field", ", ".join(FIELDS))]
    kind = FIELDS[key].kind
    if value is None and key != "what":
        return []
    if kind == "text" and isinstance(value, str):
        return of_text(key, value)
    if kind == "options":
        return [] if chosen(key, value) else [Wrong(key, str(value)[:100], f"of {', '.join(OPTIONS[key][1])}")]
    right, expected = CHECKS[kind]
    return [] if right(value) else [Wrong(key, str(value)[:100], expected)]


def whole(value: Any, least: int, most: int) -> bool:  # noqa: ANN401  whatever was sent
    """Say whether a value is a whole number between two."""
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def names(value: Any) -> bool:  # noqa: ANN401  whatever was sent
    """Say whether a value is a list of not too many names."""
    listed = isinstance(value, list | tuple) and len(value) <= MOST_NAMES
    return listed and all(isinstance(one, str) and len(one) <= LONGEST_NAME for one in value)


def chosen(key: str, value: Any) -> bool:  # noqa: ANN401  whatever was sent
    """Say whether a value is a list of options of a field, each at most once."""
    listed = isinstance(value, list | tuple) and 0 < len(value) <= len(OPTIONS[key][1])
    return listed and len(set(map(str, value))) == len(value) and all(one in OPTIONS[key][1] for one in value)


CHECKS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "event": (lambda value: isinstance(value, str) and value in EVENTS, ", ".join(EVENTS)),
    "time": (lambda value: whole(value, 0, LAST_TIME), "a time"),
    "count": (lambda value: whole(value, 0, MOST_COUNTED), "a whole number, 0 or more"),
    "yes": (lambda value: isinstance(value, bool), "yes or no"),
    "names": (names, f"at most {MOST_NAMES} names"),
    "text": (lambda _: False, "text"),
}
"""Kind of a field's value -> what says that it is one, and what is expected."""


def read_moment(text: str) -> int | None:
    """Return a time with its zone (ISO 8601), from 1970 to 9998, in microseconds; None for any other text."""
    try:
        found = datetime.fromisoformat(text)
        at = round(found.astimezone(UTC).timestamp() * 1e6) if found.tzinfo is not None else -1
    except (ValueError, OverflowError):
        return None
    return at if 0 <= at <= LAST_TIME else None


def of_text(key: str, text: str) -> list[Wrong]:
    """Return what is wrong with a text."""
    return [] if len(text) <= LONGEST else [Wrong(key, f"{len(text)} characters", f"at most {LONGEST}")]
