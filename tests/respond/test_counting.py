"""How periods are counted: 520 cases, each worked by hand, a slow clock that walks, and what always holds.

The first 83 cases were chosen, the others drawn; who worked these from the texts of the laws saw no program's answer.
"""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.respond.slow_clock import DAYS_OFF, slow

from noroshi.files.calendars import calendar
from noroshi.files.zones import zone
from noroshi.respond.counting import COUNTINGS, Period, Span, day_ends, months_on, read_wall, span

FIRST, LAST = 2024, 2029


class Case(NamedTuple):
    """One row of the table."""

    case: str
    unit: str
    least: str
    amount: str
    counting: str
    rolls: str
    closes: str
    zone: str
    calendar: str
    moment: str
    at: str
    latest: str
    why: str


with Path(__file__).with_name("clock_cases.csv").open(encoding="utf-8", newline="") as file:
    CASES = [Case(*row) for row in list(csv.reader(file))[1:]]


def counted(case: Case) -> Span:
    period = Period(
        int(case.amount),
        case.unit,
        int(case.least) if case.least else None,
        case.rolls == "yes",
        time.fromisoformat(case.closes) if case.closes else None,
    )
    days_off = calendar(case.calendar, FIRST, LAST) if case.calendar else None
    found = span(period, datetime.fromisoformat(case.moment), COUNTINGS[case.counting], zone(case.zone), days_off)
    assert isinstance(found, Span)
    return found


def test_500_cases_are_worked_by_hand_each_with_its_reason() -> None:
    assert sum(bool(case.why) for case in CASES) == len(CASES) >= 500
    assert len({(case.unit, case.amount, case.counting, case.zone, case.moment) for case in CASES}) >= 500


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.case)
def test_both_ends_of_a_period(case: Case) -> None:
    found = counted(case)
    assert (found.at, found.latest) == (datetime.fromisoformat(case.at), datetime.fromisoformat(case.latest)), case.why


def walked(case: Case) -> tuple[datetime, datetime]:
    return slow(
        case.unit, int(case.least) if case.least else None, int(case.amount), case.counting, zone(case.zone),
        case.calendar, datetime.fromisoformat(case.moment), rolls=case.rolls == "yes",
        closes=time.fromisoformat(case.closes) if case.closes else None,
    )  # fmt: skip


def skipped_a_day(case: Case) -> bool:
    return case.zone == "Pacific/Apia"  # the walking clock does not count a day that never was


@pytest.mark.parametrize("case", CASES[:83:2] + CASES[83::9], ids=lambda case: case.case)
def test_the_clock_that_walks_says_the_same(case: Case) -> None:
    if not skipped_a_day(case):
        assert walked(case) == (datetime.fromisoformat(case.at), datetime.fromisoformat(case.latest))


@pytest.mark.slow
def test_the_clock_that_walks_says_the_same_of_every_case() -> None:
    wrong = [
        case.case
        for case in CASES
        if not skipped_a_day(case)
        and walked(case) != (datetime.fromisoformat(case.at), datetime.fromisoformat(case.latest))
    ]
    assert wrong == []


@pytest.mark.parametrize("name", DAYS_OFF)
def test_days_off_are_those_of_the_law(name: str) -> None:
    typed = {day for day in DAYS_OFF[name] if day.year < 2028 and day.weekday() < 5}
    known = {day for day in calendar(name, 2024, 2027).holidays if day.weekday() < 5}
    assert known == typed


def test_no_zone_no_days_and_no_calendar_no_business_days() -> None:
    moment = datetime(2026, 6, 1, 10, tzinfo=UTC)
    eu = COUNTINGS["eu-1182-71"]
    assert span(Period(3, "days"), moment, eu, None, None) == "no-zone"
    assert span(Period(3, "business_days"), moment, eu, zone("Europe/Berlin"), None) == "no-calendar"
    hours = span(Period(72, "hours"), moment, eu, None, None)
    assert isinstance(hours, Span)
    assert hours.at == moment + timedelta(hours=72)
    with pytest.raises(ValueError, match="time zone"):
        span(Period(3, "hours"), datetime(2026, 6, 1, 10), eu, None, None)  # noqa: DTZ001  that is the point


def test_a_calendar_is_not_believed_where_it_knows_nothing() -> None:
    with pytest.raises(ValueError, match="known from"):
        calendar("DE", 2026, 2026).works(date(2027, 1, 1))


def test_notes_say_what_was_done() -> None:
    moment = datetime.fromisoformat("2026-04-02T10:00+02:00")
    berlin, days_off, eu = zone("Europe/Berlin"), calendar("DE", 2026, 2026), COUNTINGS["eu-1182-71"]
    found = span(Period(3, "days"), moment, eu, berlin, days_off)
    assert isinstance(found, Span)
    assert found.notes == ("moved", "two-working-days")
    found = span(Period(3, "days"), moment, eu, berlin, None)
    assert isinstance(found, Span)
    assert found.notes == ("not-moved",)


@pytest.mark.parametrize(
    ("wall", "name", "at", "doubt"),
    [
        ("2026-10-25T02:30", "Europe/Berlin", "2026-10-25T00:30+00:00", "fold"),
        ("2026-03-29T02:30", "Europe/Berlin", "2026-03-29T00:30+00:00", "gap"),
        ("2026-06-01T02:30", "Europe/Berlin", "2026-06-01T00:30+00:00", ""),
        ("2011-12-30T12:00", "Pacific/Apia", "2011-12-29T22:00+00:00", "gap"),
        ("2026-11-01T01:30", "America/New_York", "2026-11-01T05:30+00:00", "fold"),
    ],
)
def test_of_two_readings_of_a_wall_clock_the_earlier(wall: str, name: str, at: str, doubt: str) -> None:
    assert read_wall(datetime.fromisoformat(wall), zone(name)) == (datetime.fromisoformat(at), doubt)


MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 6, 1), timezones=st.just(UTC))  # noqa: DTZ001  of UTC
ZONES = st.sampled_from(["Europe/Berlin", "Asia/Tokyo", "America/New_York", "America/Havana", "Australia/Lord_Howe"])


@given(
    MOMENTS, st.sampled_from(["hours", "days", "months"]), st.integers(1, 20), st.sampled_from(list(COUNTINGS)), ZONES
)
def test_a_period_ends_after_it_begins_and_grows(when: datetime, unit: str, amount: int, law: str, name: str) -> None:
    days_off = calendar("JP-administration", FIRST, LAST)
    one, more = (span(Period(n, unit), when, COUNTINGS[law], zone(name), days_off) for n in (amount, amount + 1))
    assert isinstance(one, Span)
    assert isinstance(more, Span)
    assert when < one.at <= one.latest
    assert one.at <= more.at
    assert one.latest <= more.latest


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), ZONES)
def test_a_day_is_over_where_the_next_begins(day: date, name: str) -> None:
    end = day_ends(day, zone(name))
    assert end.astimezone(zone(name)).date() > day
    assert (end - timedelta(seconds=1)).astimezone(zone(name)).date() == day


def test_a_day_that_clocks_cut_short_is_over_when_they_do() -> None:
    there = zone("America/Toronto")  # 30 March 1919: from 23:30 to 00:30 of the next day
    end = day_ends(date(1919, 3, 30), there)
    assert end.astimezone(there).isoformat() == "1919-03-31T00:30:00-04:00"
    assert (end - timedelta(seconds=1)).astimezone(there).isoformat() == "1919-03-30T23:29:59-05:00"


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 40))
def test_months_on_is_the_same_date_or_the_last_of_the_month(day: date, months: int) -> None:
    later = months_on(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)
