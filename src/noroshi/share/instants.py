"""Timestamps of STIX: RFC 3339 in UTC with any number of digits, kept exactly and compared exactly."""

from __future__ import annotations

import re
from datetime import date, datetime

__all__ = ["Instant", "before", "instant", "is_instant", "micros", "reckoned"]

Instant = tuple[int, str]
"""Microseconds since 1970-01-01T00:00:00Z (whole, rounded down), and the digits beyond them without closing zeros.

Tuples compare as the times do: "25" stands after "2" and before "3".
"""

_RFC3339 = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T(?:[01][0-9]|2[0-3]):[0-9]{2}:[0-9]{2}(?:\.[0-9]{1,100})?Z"
).fullmatch
_PLAIN = re.compile(
    r"(?!0000)[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
    r"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,100})?Z"
).fullmatch
_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  all are in UTC; naive ones subtract faster
_DAY = 86_400_000_000
_WITH_MICROS = len("2026-11-22T12:34:56.123456")


def instant(text: str) -> Instant | None:
    """Return the instant that a STIX timestamp names, or None if it is not one (STIX 2.1, section 2.16).

    `T` and `Z` are capitals, no other offset, years 0001 to 9999, no leap second, at most 100 digits of a second.
    """
    if _RFC3339(text) is None:
        return None
    try:
        return reckoned(text)
    except ValueError:  # no such day, minute or second
        return None


def reckoned(text: str) -> Instant:
    """Return the instant of a timestamp that is known to be one (`is_instant`)."""
    since = datetime.fromisoformat(text[:-1][:_WITH_MICROS]) - _EPOCH
    whole = (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
    return whole, text[_WITH_MICROS:-1].rstrip("0")


def is_instant(text: str) -> bool:
    """Return whether `instant(text)` is one, faster: days up to the 28th need no calendar."""
    return _PLAIN(text) is not None or instant(text) is not None


def before(first: str, second: str) -> bool:
    """Return whether the first of two timestamps, both known to be such, is earlier: written alike, they sort so."""
    if len(first) == len(second):
        return first < second
    one, other = instant(first), instant(second)
    return one is not None and other is not None and one < other


def micros(at: int) -> str:
    """Return the timestamp of `at` µs since 1970 with six digits, as TAXII 2.1 (section 3.2) writes dates."""
    days, rest = divmod(at, _DAY)
    seconds, fraction = divmod(rest, 1_000_000)
    minutes, second = divmod(seconds, 60)
    day = date.fromordinal(days + _EPOCH.toordinal()).isoformat()
    return f"{day}T{minutes // 60:02d}:{minutes % 60:02d}:{second:02d}.{fraction:06d}Z"
