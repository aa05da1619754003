"""Duties as entries of a calendar feed: plain records; `files.ics` writes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from noroshi.respond.clock import SOON, Due
from noroshi.respond.duties import STATUSES

__all__ = ["FeedEntry", "feed"]

EXERCISE = ("EXERCISE", "演習")
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One entry: an id that stays when the time changes, the instant in UTC, a title, a text, and when to ring."""

    uid: str
    at: datetime
    title: str
    text: str
    categories: tuple[str, ...]
    ring_before: timedelta
    exercise: bool = False


def feed(dues: Sequence[Due], case: str, lang: str = "en", *, exercise: bool = False) -> tuple[FeedEntry, ...]:
    """Return an entry for each duty that has a time and is not met yet, the first due first.

    case: what the duties belong to; its name makes the ids, so that a feed read again moves entries rather than adding
    some. What is unverified or waits for its moment has no time, and no entry.
    """
    entries = [_entry(one, case, lang, exercise=exercise) for one in dues if one.met is None]
    return tuple(sorted((one for one in entries if one is not None), key=lambda one: (one.at, one.uid)))


def _entry(one: Due, case: str, lang: str, *, exercise: bool) -> FeedEntry | None:
    """Return the entry of a duty, None where it has no time; an end of day is entered a minute before, on that day."""
    if one.at is None or one.latest is None or one.since is None:
        return None
    duty, ja = one.duty, int(lang == "ja")
    ends_a_day = duty.unit != "hours" and duty.closes is None
    at = one.at - MINUTE if ends_a_day else one.at
    title = f"{duty.regime}: {(duty.name, duty.name_ja)[ja]}"
    lines = [
        (duty.trigger, duty.trigger_ja)[ja],
        "; ".join(names[ja] for names in duty.recipients),
        (duty.form, duty.form_ja)[ja],
        duty.source,
        (f"latest reading: {one.latest:%Y-%m-%d %H:%M} UTC", f"遅い方の読み: {one.latest:%Y-%m-%d %H:%M} UTC")[ja],
    ]
    if duty.status != "in-force":
        lines.insert(0, STATUSES[duty.status][ja])
    if exercise:
        title = f"{EXERCISE[0]} {EXERCISE[1]} {title}"
        lines.insert(0, f"{EXERCISE[0]} {EXERCISE[1]}")
    return FeedEntry(
        f"{case}.{duty.id}@noroshi", at, title, "\n".join(line for line in lines if line),
        (duty.regime, EXERCISE[0]) if exercise else (duty.regime,), (one.at - one.since) * SOON, exercise,
    )  # fmt: skip
