"""What is due in a situation as entries of a calendar feed: duties to report, and requests with their deadlines."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from noroshi.desk.blanking import without
from noroshi.desk.case_brief_parts import dated, moment_of
from noroshi.desk.case_past import as_of
from noroshi.desk.withholding import withheld
from noroshi.errors import NoroshiError
from noroshi.files.ics import calendar_bytes
from noroshi.respond.feed import EXERCISE, FeedEntry, feed

if TYPE_CHECKING:
    from noroshi.desk.case_past import Past
    from noroshi.desk.hub import Hub
    from noroshi.respond.asks import Ask
    from noroshi.store.contract import Principal

__all__ = ["case_calendar"]

ASKED = ("Request to {to}{through}", "{to}への要請{through}")
THROUGH = (" through {name}", "({name}経由)")
RINGS = 0.25
"""Part of the time of a request that is left when it rings."""


def case_calendar(hub: Hub, asker: Principal, uid: str, now: int, lang: str = "en") -> bytes:
    """Return the calendar (RFC 5545) of a situation: what one may be told of what is due; Refused 404."""
    past = as_of(hub, asker, uid, now)
    entries: list[FeedEntry] = []
    drill = past.dossier.exercise
    for one in past.incidents:
        if one.dossier.uid not in past.reports or not one.incident.value("regimes"):
            continue
        try:
            entries += feed(dated(one, moment_of(now)), one.dossier.uid, lang, exercise=drill)
        except NoroshiError:
            continue  # a regime that there is not, or a time that no clock has: the brief says so
    entries += [
        asked(one, past, int(lang == "ja")) for one in past.situation.asks if one.state in {"asked", "accepted"}
    ]
    told = without(past.situation.title, withheld(hub, past.hidden, past.estate))
    title = told.ja if lang == "ja" else told.en
    name = f"{EXERCISE[0]} {EXERCISE[1]} {title}" if drill else title
    return calendar_bytes(sorted(entries, key=lambda one: (one.at, one.uid)), moment_of(now), name)


def asked(one: Ask, past: Past, ja: int) -> FeedEntry:
    """Return the entry of a request."""
    through = THROUGH[ja].format(name=one.through) if one.through else ""
    what = one.what.ja if ja else one.what.en
    head = f"{EXERCISE[0]} {EXERCISE[1]} " if past.dossier.exercise else ""
    rings = max(timedelta(microseconds=one.deadline - one.asked_at) * RINGS, timedelta())
    return FeedEntry(
        f"{one.ask}@noroshi", moment_of(one.deadline), f"{head}{ASKED[ja].format(to=one.to, through=through)}: {what}",
        f"{head}{what}", ("REQUEST", EXERCISE[0]) if past.dossier.exercise else ("REQUEST",), rings,
        past.dossier.exercise,
    )  # fmt: skip
