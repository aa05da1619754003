"""The calendar feed of duties, read back by the library: RFC 5545, one entry a duty with a time, ids that stay."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from noroshi.files.calendars import calendar
from noroshi.files.duties import load_duties
from noroshi.files.ics import calendar_bytes
from noroshi.files.zones import zone
from noroshi.respond.clock import Due, Places, Standing, times
from noroshi.respond.feed import FeedEntry, feed

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
PLACES = Places(zone, lambda name: calendar(name, 2025, 2030), "Europe/Berlin", "DE")
DUTIES = load_duties()


def dues(**moments: datetime) -> list[Due]:
    return times(DUTIES, {name: Standing(when) for name, when in moments.items()}, PLACES)


def read(data: bytes) -> tuple[Any, dict[str, Any]]:
    whole = Calendar.from_ical(data)
    return whole, {str(one["UID"]): one for one in whole.walk("VEVENT")}


@pytest.mark.parametrize("lang", ["en", "ja"])
def test_what_was_written_is_read_back(lang: str) -> None:
    entries = feed(dues(awareness=NOON), "case-1", lang)
    data = calendar_bytes(entries, NOON, "Noroshi 事案")
    whole, events = read(data)
    assert str(whole["VERSION"]) == "2.0"
    assert len(events) == len(entries) == 8
    for entry in entries:
        event = events[entry.uid]
        assert event["DTSTART"].dt == entry.at
        assert event["DTSTAMP"].dt == NOON
        assert str(event["SUMMARY"]) == entry.title
        assert str(event["DESCRIPTION"]) == entry.text
        (alarm,) = event.walk("VALARM")
        assert alarm["TRIGGER"].dt == -(entry.ring_before // timedelta(minutes=1)) * timedelta(minutes=1)
        assert "DTEND" not in event
    assert events["case-1.nis2-early-warning@noroshi"]["DTSTART"].dt == NOON + timedelta(hours=24)


def test_lines_are_folded_by_octets_and_end_as_the_standard_says() -> None:
    data = calendar_bytes(feed(dues(awareness=NOON), "c", "ja"), NOON, "n")
    lines = data.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert b"\n" not in data.replace(b"\r\n", b"")


def test_the_end_of_a_day_is_entered_on_that_day() -> None:
    entries = {one.uid: one for one in feed(dues(awareness=NOON), "c")}
    there = entries["c.appi-final@noroshi"].at.astimezone(zone("Asia/Tokyo"))
    assert there.strftime("%Y-%m-%d %H:%M") == "2026-06-30 23:59"


def test_only_what_has_a_time_and_is_open_is_entered() -> None:
    assert feed(dues(), "c") == ()
    open_ = {one.uid for one in feed(dues(awareness=NOON), "c")}
    assert not any("jp-acd" in uid or "ransom" in uid or "final-report" in uid for uid in open_)
    met = dues(awareness=NOON, **{"nis2-notification": NOON + timedelta(hours=5)})
    assert open_ - {one.uid for one in feed(met, "c")} == {"c.nis2-notification@noroshi"}
    assert "c.nis2-final-report@noroshi" in {one.uid for one in feed(met, "c")}


def test_a_moved_duty_keeps_its_id_and_the_same_case_gives_the_same_bytes() -> None:
    first, later = (feed(dues(awareness=NOON + timedelta(hours=h)), "c") for h in (0, 3))
    assert [one.uid for one in first] == [one.uid for one in later]
    assert calendar_bytes(first, NOON, "n") == calendar_bytes(first, NOON, "n")


def test_an_exercise_says_so_everywhere() -> None:
    entries = feed(dues(awareness=NOON), "c", "ja", exercise=True)
    _, events = read(calendar_bytes(entries, NOON, "n"))
    for event in events.values():
        assert str(event["SUMMARY"]).startswith("EXERCISE 演習")
        assert str(event["DESCRIPTION"]).startswith("EXERCISE 演習")
        assert str(event["X-NOROSHI-EXERCISE"]) == "TRUE"
        assert "EXERCISE" in [str(one) for one in event["CATEGORIES"].cats]


def test_text_cannot_break_out_of_its_line() -> None:
    text = "a\r\nEND:VEVENT\nBEGIN:VEVENT;x,y\\z"
    entry = FeedEntry("u@noroshi", NOON, text, text, ("x",), timedelta(hours=1))
    _, events = read(calendar_bytes([entry], NOON, text))
    assert list(events) == ["u@noroshi"]
    assert str(events["u@noroshi"]["SUMMARY"]) == "a END:VEVENT BEGIN:VEVENT;x,y\\z"
    assert str(events["u@noroshi"]["DESCRIPTION"]) == "a\nEND:VEVENT\nBEGIN:VEVENT;x,y\\z"
