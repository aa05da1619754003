"""How laws count a period: from a moment to the last instant at which the duty is met. No clock is read here.

A law can often be read in two ways. So a period has two ends: `at`, the earliest that a reading gives, by which to act,
and `latest`, the latest that one gives. Where the law leaves no doubt they are the same.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

__all__ = [
    "COUNTINGS", "UNITS", "Calendar", "Counting", "Period", "Reading", "Span", "day_ends", "months_on", "read_wall",
    "span",
]  # fmt: skip

UNITS: dict[str, tuple[str, str]] = {
    "hours": ("hours", "時間"),
    "days": ("days", "日"),
    "business_days": ("business days", "営業日"),
    "months": ("months", "か月"),
}
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
DECEMBER = 12
WORKING_DAYS = 2
"""Working days that a period of two days or more includes at least (Regulation 1182/71, article 3(5))."""


@dataclass(frozen=True, slots=True)
class Counting:
    """How one body of law counts.

    own_day and own_day_latest: the day of the moment is day 1, for `at` and for `latest`; midnight: it is where the
    moment is 00:00; full_hours: for `latest` hours run from the next full hour; corresponding: months end on the day
    before the one that corresponds to their first; rolls: an end on a day off moves to the next working day;
    two_working: a period of two days or more includes two working days.
    """

    name: str
    name_ja: str
    source: str
    own_day: bool = False
    own_day_latest: bool = False
    midnight: bool = False
    full_hours: bool = False
    corresponding: bool = False
    rolls: bool = False
    two_working: bool = False


COUNTINGS: dict[str, Counting] = {
    "plain": Counting(
        "hours as they pass; days from the next day on; nothing moves",
        "時間は即時から、日は翌日から数え、末日は動かさない",
        "the words of the rule itself",
    ),
    "eu-1182-71": Counting(
        "Regulation (EEC, Euratom) No 1182/71", "規則(EEC, Euratom) 1182/71",
        "Regulation (EEC, Euratom) No 1182/71, article 3(1) to (5)",
        full_hours=True, rolls=True, two_working=True,
    ),
    "jp-civil-code": Counting(
        "Civil Code of Japan", "民法(期間の計算)",
        "民法 第139条–第143条; 行政機関の休日に関する法律 第2条 (filings with the state)",
        midnight=True, corresponding=True, rolls=True,
    ),
    "jp-appi": Counting(
        "guideline of the PPC of Japan, else the Civil Code", "個人情報保護委員会の運用、なければ民法",
        "the day of knowing as day 1 (the earlier reading); 民法 第140条 (the later); 行政機関の休日に関する法律 第2条",
        own_day=True, midnight=True, corresponding=True, rolls=True,
    ),
}  # fmt: skip
"""Name of a counting -> how it counts."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days off of an authority, known from `first` to `last`; `weekend`: days of the week, Monday 0."""

    name: str
    holidays: frozenset[date]
    first: date
    last: date
    weekend: frozenset[int] = frozenset({5, 6})

    def works(self, day: date) -> bool:
        """Return whether it is a working day; ValueError outside the days that are known."""
        if not self.first <= day <= self.last:
            msg = f"the calendar {self.name} is known from {self.first} to {self.last}, not on {day}"
            raise ValueError(msg)
        return day.weekday() not in self.weekend and day not in self.holidays


class Period(NamedTuple):
    """A period of a rule: `amount` of `unit`, and the least of it where the rule gives a range; when a day closes."""

    amount: int
    unit: str
    least: int | None = None
    rolls: bool = True
    closes: time | None = None


class Reading(NamedTuple):
    """What a time on a wall clock means: the instant in UTC, and "gap" or "fold" where it means none or two."""

    at: datetime
    doubt: str = ""


class Span(NamedTuple):
    """Both ends of a period in UTC, and what was done to find them: keys of the words of the report."""

    at: datetime
    latest: datetime
    notes: tuple[str, ...] = ()


def read_wall(wall: datetime, zone: tzinfo) -> Reading:
    """Return the instant of a time on a wall clock, without offset, in `zone`: of two readings the earlier.

    When clocks go back an hour is there twice ("fold"): the first is taken. When they go forward an hour is missing
    ("gap"): a clock that had not been put forward, or one that had; the earlier instant is taken. So no period ends
    later than it may.
    """
    both = [wall.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1)]
    early = min(both)
    if both[0] == both[1]:
        return Reading(early)
    there = early.astimezone(zone).replace(tzinfo=None) == wall
    return Reading(early, "fold" if there else "gap")


def day_ends(day: date, zone: tzinfo) -> datetime:
    """Return the instant in UTC at which `day` is over in `zone`: the first of the next day.

    Where clocks go back over midnight a day ends twice: the second time counts. Where they go back after it, it is
    over. Where midnight or a whole day is missing, it ends when the clocks go forward.
    """
    midnight = datetime.combine(day + DAY, time())
    low, high = (midnight.replace(tzinfo=zone, fold=fold).astimezone(UTC) for fold in (0, 1))
    if low == high:
        return low
    if low < high:
        again = (high - timedelta(seconds=1)).astimezone(zone).date() == day
        return high if again else low
    # Clocks went forward over midnight: between the two readings lies the change itself.
    low, high = high, low
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).date() > day:
            high = middle
        else:
            low = middle
    return high.replace(microsecond=0)


def months_on(day: date, months: int) -> date:
    """Return the same date `months` later, or the last day of that month where it has none (31 January -> 28 or 29)."""
    years, month = divmod(day.year * DECEMBER + day.month - 1 + months, DECEMBER)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))


def span(
    period: Period, moment: datetime, counting: Counting, zone: tzinfo | None, calendar: Calendar | None
) -> Span | str:
    """Return both ends of a period from `moment` (aware); a reason in one word where they cannot be found.

    "no-zone": days are counted, and nobody said where; "no-calendar": business days, and nobody said whose. Without a
    calendar nothing moves off a day off, noted as "not-moved": then the end is too early rather than too late.
    """
    if moment.tzinfo is None:
        msg = "a moment has a time zone"
        raise ValueError(msg)
    start = moment.astimezone(UTC)
    least = period.amount if period.least is None else period.least
    if period.unit == "hours":
        begun, notes = start, ("range",) if period.least is not None else ()
        if counting.full_hours:
            local = start.astimezone(zone or UTC)
            past = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
            begun, notes = start - past + HOUR, (*notes, "full-hours")
        return Span(start + least * HOUR, begun + period.amount * HOUR, notes)
    if zone is None:
        return "no-zone"
    if period.unit == "business_days" and calendar is None:
        return "no-calendar"
    local = start.astimezone(zone)
    nought = counting.midnight and local.time() == time()
    ends = [
        _last_day(local.date(), amount, period, counting, calendar, own=own or nought)
        for amount, own in ((least, counting.own_day), (period.amount, counting.own_day_latest))
    ]
    done = {note for _, said in ends for note in said} | ({"own-day"} if counting.own_day else set())
    done |= {"range"} if period.least is not None else set()
    at, latest = (_closing(day, period.closes, zone) for day, _ in ends)
    return Span(min(at, latest), max(at, latest), tuple(sorted(done)))


def _last_day(  # noqa: PLR0913  as above
    day: date, amount: int, period: Period, counting: Counting, calendar: Calendar | None, *, own: bool
) -> tuple[date, set[str]]:
    """Return the last day of a period that begins on `day` (day 1 if `own`), and what was done to find it."""
    notes: set[str] = set()
    if period.unit == "business_days":
        assert calendar is not None  # noqa: S101  the caller has seen to it
        left, last = amount, day - DAY if own else day
        while left:
            last += DAY
            left -= calendar.works(last)
        return last, notes
    last = _month_end(day, amount, counting, own=own) if period.unit == "months" else day + (amount - own) * DAY
    if not (counting.rolls and period.rolls):
        return last, notes
    if calendar is None:
        return last, {"not-moved"}
    last, moved = _next_working(last, calendar)
    if moved:
        notes.add("moved")
    if counting.two_working and (period.unit != "days" or amount >= WORKING_DAYS):
        worked = sum(calendar.works(day + k * DAY) for k in range(1, min((last - day).days, 2 * WORKING_DAYS * 7) + 1))
        for _ in range(worked, WORKING_DAYS):
            last, _ = _next_working(last + DAY, calendar)
            notes.add("two-working-days")
    return last, notes


def _month_end(day: date, months: int, counting: Counting, *, own: bool) -> date:
    """Return the last day of a period of months: the same date, or the day before the corresponding one."""
    if not counting.corresponding:
        return months_on(day, months)
    first = day if own else day + DAY
    same = months_on(first, months)
    return same - DAY if same.day == first.day else same


def _next_working(day: date, calendar: Calendar) -> tuple[date, bool]:
    """Return the first working day from `day` on, and whether it is another day."""
    last = day
    while not calendar.works(last):
        last += DAY
    return last, last != day


def _closing(day: date, closes: time | None, zone: tzinfo) -> datetime:
    """Return the instant at which `day` is over for the recipient: at `closes`, else when the day ends."""
    return day_ends(day, zone) if closes is None else read_wall(datetime.combine(day, closes), zone).at
