"""Writes entries as a calendar that programs can subscribe to: iCalendar (RFC 5545), times in UTC."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from noroshi.respond.feed import FeedEntry

__all__ = ["calendar_bytes"]

MAKER = "-//Noroshi//duties//EN"
MINUTE = timedelta(minutes=1)


def calendar_bytes(entries: Sequence[FeedEntry], now: datetime, name: str) -> bytes:
    """Return the calendar called `name` of these entries as it is at `now`: the same bytes for the same arguments.

    An entry is a VEVENT that takes no time (RFC 5545, 3.6.1: DTSTART without DTEND), so that programs which leave out
    tasks show it, with an alarm. An exercise says so in its title, categories and in X-NOROSHI-EXERCISE.
    """
    from icalendar import Alarm, Calendar, Event

    calendar = Calendar()
    for key, value in (("PRODID", MAKER), ("VERSION", "2.0"), ("METHOD", "PUBLISH"), ("NAME", _line(name)),
                       ("X-WR-CALNAME", _line(name)), ("CALSCALE", "GREGORIAN")):  # fmt: skip
        calendar.add(key, value)
    for entry in entries:
        event = Event()
        event.add("UID", _line(entry.uid))
        event.add("DTSTAMP", now.astimezone(UTC).replace(microsecond=0))
        event.add("DTSTART", entry.at.astimezone(UTC).replace(microsecond=0))
        event.add("SUMMARY", _line(entry.title))
        event.add("DESCRIPTION", "\n".join(map(_line, entry.text.splitlines())))
        event.add("CATEGORIES", [_line(one) for one in entry.categories])
        event.add("TRANSP", "TRANSPARENT")
        if entry.exercise:
            event.add("X-NOROSHI-EXERCISE", "TRUE")
        alarm = Alarm()
        alarm.add("ACTION", "DISPLAY")
        alarm.add("DESCRIPTION", _line(entry.title))
        alarm.add("TRIGGER", -(entry.ring_before // MINUTE) * MINUTE)
        event.add_component(alarm)
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _line(text: str) -> str:
    """Return a text on one line, without control characters: the library refuses some, and leaves others."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())
