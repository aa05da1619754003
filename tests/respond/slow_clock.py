"""A slow clock that walks: an independent reading of the same laws, and days off typed from the laws by hand.

It shares nothing with the code: no arithmetic of dates, no library of holidays. It looks at a wall clock every quarter
of an hour (every minute for hours) and notes what the calendar on the wall says.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo

QUARTER = timedelta(minutes=15)

OFF = {
    "JP-administration": """
        2024: 1/1 1/2 1/3 1/8 2/11 2/12 2/23 3/20 4/29 5/3 5/4 5/5 5/6 7/15 8/11 8/12 9/16 9/22 9/23 10/14 11/3 11/4
              11/23 12/29 12/30 12/31
        2025: 1/1 1/2 1/3 1/13 2/11 2/23 2/24 3/20 4/29 5/3 5/4 5/5 5/6 7/21 8/11 9/15 9/23 10/13 11/3 11/23 11/24
              12/29 12/30 12/31
        2026: 1/1 1/2 1/3 1/12 2/11 2/23 3/20 4/29 5/3 5/4 5/5 5/6 7/20 8/11 9/21 9/22 9/23 10/12 11/3 11/23
              12/29 12/30 12/31
        2027: 1/1 1/2 1/3 1/11 2/11 2/23 3/21 3/22 4/29 5/3 5/4 5/5 7/19 8/11 9/20 9/23 10/11 11/3 11/23
              12/29 12/30 12/31
        2028: 1/1 1/2 1/3 1/10 2/11 2/23 3/20""",
    "DE": """
        2024: 1/1 3/29 4/1 5/1 5/9 5/20 10/3 12/25 12/26
        2025: 1/1 4/18 4/21 5/1 5/29 6/9 10/3 12/25 12/26
        2026: 1/1 4/3 4/6 5/1 5/14 5/25 10/3 12/25 12/26
        2027: 1/1 3/26 3/29 5/1 5/6 5/17 10/3 12/25 12/26
        2028: 1/1""",
    "US": """
        2024: 1/1 1/15 2/19 5/27 6/19 7/4 9/2 10/14 11/11 11/28 12/25
        2025: 1/1 1/20 2/17 5/26 6/19 7/4 9/1 10/13 11/11 11/27 12/25
        2026: 1/1 1/19 2/16 5/25 6/19 7/3 9/7 10/12 11/11 11/26 12/25
        2027: 1/1 1/18 2/15 5/31 6/18 7/5 9/6 10/11 11/11 11/25 12/24 12/31
        2028: 1/17""",
}
"""Calendar -> days off besides Saturdays and Sundays: 国民の祝日に関する法律 and 行政機関の休日に関する法律; those of
all Germany; 5 U.S.C. 6103 with the days on which they are observed."""


def _typed(text: str) -> frozenset[date]:
    days, year = set(), 0
    for word in text.split():
        if word.endswith(":"):
            year = int(word[:-1])
        else:
            month, _, day = word.partition("/")
            days.add(date(year, int(month), int(day)))
    return frozenset(days)


DAYS_OFF = {name: _typed(text) for name, text in OFF.items()}


def works(day: date, calendar: str) -> bool:
    return day.isoweekday() not in {6, 7} and day not in DAYS_OFF[calendar]


class Wall:
    """The dates that a wall calendar in `zone` shows from `moment` on, and the instant at which each is over."""

    def __init__(self, moment: datetime, zone: tzinfo) -> None:
        self.zone = zone
        at = moment.astimezone(UTC)
        self.at = at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)
        self.shown: list[date] = []
        self.over: dict[date, datetime] = {}

    def dates(self) -> Iterator[date]:
        place = 0
        while True:
            while len(self.shown) <= place:
                self._walk()
            yield self.shown[place]
            place += 1

    def _walk(self) -> None:
        seen = self.at.astimezone(self.zone).date()
        if not self.shown or seen > self.shown[-1]:
            if self.shown:
                self.over[self.shown[-1]] = self.at
            self.shown.append(seen)
        self.at += QUARTER

    def end(self, day: date) -> datetime:
        """The instant from which `day` is not shown again (walks a day on, since clocks may go back)."""
        for shown in self.dates():
            if shown > day:
                break
        over = self.over[day]
        at = over
        while at < over + timedelta(hours=6):
            at += QUARTER
            if at.astimezone(self.zone).date() <= day:
                over = at + QUARTER
        return over


def slow(  # one parameter per column of the table
    unit: str, least: int | None, amount: int, counting: str, zone: tzinfo, calendar: str, moment: datetime,
    *, rolls: bool, closes: time | None,
) -> tuple[datetime, datetime]:  # fmt: skip
    """Return by when to act, and the latest that the law can be read to allow."""
    low = amount if least is None else least
    if unit == "hours":
        at = latest = moment.astimezone(UTC)
        for _ in range(60 * low):
            at += timedelta(minutes=1)
        if counting == "eu-1182-71":
            latest = latest.replace(second=0, microsecond=0) + timedelta(minutes=1)
            while latest.astimezone(zone).minute != 0:
                latest += timedelta(minutes=1)
        for _ in range(60 * amount):
            latest += timedelta(minutes=1)
        return at, latest
    wall = moment.astimezone(zone)
    nought = counting.startswith("jp") and (wall.hour, wall.minute, wall.second, wall.microsecond) == (0, 0, 0, 0)
    ends = []
    for count, own in ((low, counting == "jp-appi" or nought), (amount, nought)):
        seen = Wall(moment, zone)
        day = _last(seen, unit, count, counting, own=own, calendar=calendar)
        if rolls and calendar and unit != "business_days" and counting != "plain":
            day = _moved(seen, unit, count, counting, day, calendar)
        ends.append(_closed(day, closes, zone) if closes else seen.end(day))
    return ends[0], ends[1]


def _last(seen: Wall, unit: str, count: int, counting: str, *, own: bool, calendar: str) -> date:
    dates = seen.dates()
    first = next(dates)
    if unit == "days":
        day, left = first, count - own
        while left:
            day, left = next(dates), left - 1
        return day
    if unit == "business_days":
        day, left = first, count
        while left:
            day = next(dates)
            left -= works(day, calendar)
        return day
    begin = first if own or not counting.startswith("jp") else next(dates)
    before, day, passed = begin, begin, 0
    while True:
        before, day = day, next(dates)
        if day.month != before.month:
            if passed == count:
                return before  # the month had no such date
            passed += 1
        if passed == count and day.day == begin.day:
            return before if counting.startswith("jp") else day


def _moved(seen: Wall, unit: str, count: int, counting: str, day: date, calendar: str) -> date:
    dates = list_from(seen, day)
    day = next(dates)
    while not works(day, calendar):
        day = next(dates)
    if counting == "eu-1182-71" and not (unit == "days" and count == 1):
        start = seen.shown[0]
        while sum(works(one, calendar) for one in seen.shown if start < one <= day) < 2:
            day = next(dates)
            while not works(day, calendar):
                day = next(dates)
    return day


def list_from(seen: Wall, day: date) -> Iterator[date]:
    return (one for one in seen.dates() if one >= day)


def _closed(day: date, closes: time, zone: tzinfo) -> datetime:
    return datetime.combine(day, closes, tzinfo=zone).astimezone(UTC)
