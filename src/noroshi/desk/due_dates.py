"""When duties to report are due, from times as a person writes them: for the command line, the API and other rooms."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from noroshi.errors import Fault, InputError, NotFoundError
from noroshi.files.calendars import calendar
from noroshi.files.duties import load_duties
from noroshi.files.zones import zone
from noroshi.respond.clock import LEVELS, Due, Places, Standing, level, times
from noroshi.respond.clock_words import DOUBTS, NOTES, WHY
from noroshi.respond.counting import read_wall
from noroshi.respond.duties import ANCHORS, STATUSES, Duty, verified

__all__ = ["Asked", "due_dates", "duty_rows", "moment"]

FIRST_YEAR, LAST_YEAR = 1950, 2090
YEARS_AFTER = 2
"""Years for which days off are looked up after the latest moment, besides those that the longest period takes."""
A_YEAR = {"hours": math.inf, "days": 365, "business_days": 150, "months": 12}
"""At least how much of a unit makes up a year."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is known: name of an anchor or of a duty that was met -> time as written; and where the recipients are.

    start: the time of detection and of becoming aware, where these are not given by name; zone: IANA name, of times
    without offset and of recipients that a duty leaves open; holidays: name of a calendar, likewise; regimes: only
    these; files: own duties in place of those that ship.
    """

    start: str = ""
    moments: Mapping[str, str] | None = None
    zone: str = ""
    holidays: str = ""
    regimes: Sequence[str] = ()
    files: Sequence[str | Path] = ()


def moment(text: str, zone_name: str, option: str = "") -> Standing:
    """Return the time that a person wrote: ISO 8601, with an offset or on the wall clock of `zone_name`.

    InputError for what is none, has no year that is known, or neither offset nor zone. Of two readings of a wall clock
    the earlier is taken, and said.
    """

    def refuse(expected: str, remedy: str) -> InputError:
        return InputError([Fault("bad-moment", column=option, found=text, expected=expected, remedy=remedy)])

    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise refuse("a time such as 2026-11-22T09:30 or 2026-11-22T09:30+09:00", "write date and time") from None
    if len(text.strip()) <= len("2026-11-22"):
        raise refuse("a date and a time of day", "such as 2026-11-22T09:30")
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise refuse(f"a year from {FIRST_YEAR} to {LAST_YEAR}", "correct the year")
    if found.tzinfo is not None:
        return Standing(found.astimezone(UTC))
    if not zone_name:
        raise refuse("an offset, or a zone for times without one", "such as +09:00, or --zone Asia/Tokyo")
    reading = read_wall(found, zone(zone_name))
    return Standing(reading.at, (reading.doubt,) if reading.doubt else ())


def due_dates(asked: Asked, now: datetime) -> tuple[Due, ...]:
    """Return when each duty is due that was asked for, in the order of the files.

    InputError with every fault of files and times; NotFoundError for a regime, zone, calendar or name of a moment that
    there is not.
    """
    duties = load_duties(asked.files)
    wanted = {regime.casefold() for regime in asked.regimes}
    known = {duty.regime.casefold(): duty.regime for duty in duties}
    if wanted - set(known):
        raise NotFoundError(
            f"no duties of {', '.join(sorted(wanted - set(known)))}; there are {', '.join(known.values())}"
        )
    standings = _standings(asked, duties, now)
    years = [one.at.year for one in standings.values() if one.at is not None] or [now.year]
    first, last = min(years) - 1, max(years) + YEARS_AFTER + _longest(duties)
    for named, find in ((asked.zone, zone), (asked.holidays, lambda name: calendar(name, first, last))):
        if named:
            find(named)  # a wrong name is a fault even where no duty asks for it
    places = Places(zone, lambda name: calendar(name, first, last), asked.zone, asked.holidays)
    return tuple(times([duty for duty in duties if not wanted or duty.regime.casefold() in wanted], standings, places))


def _longest(duties: Sequence[Duty]) -> int:
    """Return at most how many whole years the longest period of the duties takes."""
    return max((math.ceil((duty.amount or 0) / A_YEAR[duty.unit]) for duty in duties), default=0)


def _standings(asked: Asked, duties: Sequence[Duty], now: datetime) -> dict[str, Standing]:
    """Return what is known of each anchor and of each duty that was met."""
    given = dict(asked.moments or {})
    names = {name for name in ANCHORS if name != "previous"} | {duty.id for duty in duties}
    for name in given:
        if name not in names:
            raise NotFoundError(f"no moment {name!r}; there are {', '.join(sorted(names))}")
    if asked.start:
        given = {"detection": asked.start, "awareness": asked.start} | given
    out: dict[str, Standing] = {}
    faults: list[Fault] = []
    for name, text in given.items():
        try:
            out[name] = moment(text, asked.zone, name)
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(dict.fromkeys(faults))
    return {
        name: replace(one, doubts=(*one.doubts, "in-future")) if one.at is not None and one.at > now else one
        for name, one in out.items()
    }


def duty_rows(dues: Sequence[Due], now: datetime) -> list[dict[str, Any]]:
    """Return the duties as plain values: every text in both languages, times in UTC and on the recipient's clock."""
    return [_row(one, now) for one in dues]


def _row(one: Due, now: datetime) -> dict[str, Any]:
    """Return one duty as plain values. What is not verified shows no length of time either."""
    duty = one.duty
    urgency = level(one, now)
    counted = verified(duty)
    return {
        "id": duty.id, "regime": duty.regime, "name": duty.name, "name_ja": duty.name_ja,
        "level": urgency, "level_en": LEVELS[urgency][0], "level_ja": LEVELS[urgency][1],
        "since": _utc(one.since), "due": _utc(one.at), "latest": _utc(one.latest), "met": _utc(one.met),
        "zone": one.zone, "due_there": _there(one.at, one.zone), "latest_there": _there(one.latest, one.zone),
        "left_h": round((one.at - now) / timedelta(hours=1), 2) if one.at is not None else None,
        "why": _said(WHY, (one.why,) if one.why else ()), "notes": _said(NOTES, one.notes),
        "doubts": _said(DOUBTS, one.doubts),
        "trigger": duty.trigger, "trigger_ja": duty.trigger_ja, "anchor": duty.anchor, "step": duty.step,
        "amount": duty.amount if counted else None, "least": duty.least if counted else None,
        "unit": duty.unit if counted else None,
        "status": duty.status, "status_en": STATUSES[duty.status][0], "status_ja": STATUSES[duty.status][1],
        "recipients": [{"en": en, "ja": ja} for en, ja in duty.recipients],
        "form": duty.form, "form_ja": duty.form_ja, "source": duty.source, "note": duty.note, "note_ja": duty.note_ja,
        "verified_by": duty.verified_by, "verified_on": duty.verified_on.isoformat() if duty.verified_on else None,
    }  # fmt: skip


def _said(words: Mapping[str, tuple[str, str]], keys: Sequence[str]) -> list[dict[str, str]]:
    """Return what keys stand for."""
    return [{"id": key, "en": words[key][0], "ja": words[key][1]} for key in keys]


def _utc(when: datetime | None) -> str | None:
    """Return an instant in UTC as text."""
    return None if when is None else when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _there(when: datetime | None, zone_name: str) -> str | None:
    """Return an instant on the wall clock of a zone, with its offset."""
    return None if when is None or not zone_name else when.astimezone(zone(zone_name)).isoformat(timespec="minutes")
