"""When duties are due, from the moments that are known, and how urgent that is now; `now` is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from noroshi.respond.counting import COUNTINGS, Calendar, span
from noroshi.respond.duties import Duty, verified

__all__ = ["LEVELS", "SOON", "Due", "Entry", "Places", "Standing", "due", "level", "standing", "times"]

LEVELS: dict[str, tuple[str, str]] = {
    "overdue": ("overdue", "期限超過"),
    "last-call": ("past the stricter reading", "厳しい読みの期限を経過"),
    "soon": ("soon", "期限間近"),
    "due": ("running", "進行中"),
    "met": ("done in time", "期限内に実施済み"),
    "met-late": ("done late", "期限後に実施済み"),
    "waiting": ("waiting for its moment", "起算点が未確定"),
    "unverified": ("unverified: not computed", "未確認のため計算しない"),
}
"""How urgent a duty is -> its names, the most urgent first."""

SOON = 0.25
"""Part of the time from the moment to the end that is left when a duty is soon due."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a log: `anchor` happened `at` (None takes back what was said), entered when the clock said so."""

    anchor: str
    at: datetime | None
    entered: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """What the lines of one anchor come to: the moment, None if unknown, and what is doubtful about it.

    "clock-set-back": a later line bears an earlier time of entry, so that a clock was wrong; the earliest moment then
    counts. "in-future": it lies after `now`. "moved-later": the moment was put off by a correction.
    """

    at: datetime | None
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Places:
    """Where time zones and days off come from (`files` has both), and those of recipients that a duty leaves open."""

    zone: Callable[[str], tzinfo]
    calendar: Callable[[str], Calendar]
    own_zone: str = ""
    own_calendar: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """When a duty is due, or why that is not known.

    since: the moment from which it runs; at: by when to act; latest: the latest that the law can be read to allow, both
    in UTC; why: "unverified", "no-amount", "unknown-moment", "no-zone", "no-calendar"; notes: how it was counted;
    doubts: as in `Standing`; met: when it was done; zone: the IANA name in which days were counted.
    """

    duty: Duty
    since: datetime | None = None
    at: datetime | None = None
    latest: datetime | None = None
    why: str = ""
    notes: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    met: datetime | None = None
    zone: str = ""


def standing(entries: Sequence[Entry], now: datetime) -> dict[str, Standing]:
    """Return what is known of each anchor; the order of `entries` counts, as written, not the times that they bear."""
    out: dict[str, Standing] = {}
    latest_clock: datetime | None = None
    known: dict[str, list[datetime]] = {}
    back: set[str] = set()
    for entry in entries:
        before = out.get(entry.anchor)
        if latest_clock is not None and entry.entered < latest_clock:
            back.add(entry.anchor)
        latest_clock = entry.entered if latest_clock is None else max(latest_clock, entry.entered)
        if entry.at is None:
            known[entry.anchor] = []
            out[entry.anchor] = Standing(None)
            continue
        known.setdefault(entry.anchor, []).append(entry.at)
        doubts = set() if before is None else set(before.doubts) & {"moved-later"}
        at = entry.at
        if entry.anchor in back:
            at = min(known[entry.anchor])
            doubts.add("clock-set-back")
        if before is not None and before.at is not None and at > before.at:
            doubts.add("moved-later")
        out[entry.anchor] = Standing(at, tuple(sorted(doubts)))
    return {
        name: Standing(one.at, (*one.doubts, "in-future")) if one.at is not None and one.at > now else one
        for name, one in out.items()
    }


def times(duties: Sequence[Duty], moments: Mapping[str, Standing], places: Places) -> list[Due]:
    """Return when each of `duties` is due, in their order.

    moments: of each anchor, and of each duty that was met, by its id: that is from where a next step runs.
    """
    return [due(duty, moments, places) for duty in duties]


def due(duty: Duty, moments: Mapping[str, Standing], places: Places) -> Due:
    """Return when `duty` is due. A duty that nobody verified, or whose moment is unknown, has no time."""
    done = moments.get(duty.id, Standing(None)).at
    if not verified(duty):
        return Due(duty, why="unverified", met=done)
    moment = moments.get(duty.step if duty.anchor == "previous" else duty.anchor, Standing(None))
    period = duty.period()
    if period is None:
        return Due(duty, moment.at, why="no-amount", met=done)
    if moment.at is None:
        return Due(duty, why="unknown-moment", met=done)
    zone_name, calendar_name = duty.zone or places.own_zone, duty.calendar or places.own_calendar
    zone = places.zone(zone_name) if zone_name else None
    calendar = places.calendar(calendar_name) if calendar_name and period.unit != "hours" else None
    found = span(period, moment.at, COUNTINGS[duty.counting], zone, calendar)
    if isinstance(found, str):
        return Due(duty, moment.at, why=found, doubts=moment.doubts, met=done, zone=zone_name)
    return Due(duty, moment.at, found.at, found.latest, "", found.notes, moment.doubts, done, zone_name)


def level(one: Due, now: datetime) -> str:
    """Return how urgent it is at `now`: a key of LEVELS.

    Up to the last quarter of its time a duty is running, then it is soon due; from `at` on only the later reading of
    the law is left, and from `latest` on it is overdue.
    """
    if one.why == "unverified":
        return "unverified"
    if one.met is not None:
        return "met-late" if one.latest is not None and one.met > one.latest else "met"
    if one.at is None or one.latest is None or one.since is None:
        return "waiting"
    if now > one.latest:
        return "overdue"
    if now > one.at:
        return "last-call"
    whole = max(one.at - one.since, timedelta())
    return "soon" if one.at - now <= whole * SOON else "due"
