"""Timestamps of STIX: RFC 3339 in UTC with any number of digits, kept exactly and compared exactly."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

__all__ = ["Instant", "instant", "micros"]

Instant = tuple[int, str]
"""Microseconds since 1970-01-01T00:00:00Z (whole, rounded down), and the digits beyond them without closing zeros.

Tuples compare as the times do: "25" stands after "2" and before "3".
"""

_RFC3339 = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})T([01][0-9]|2[0-3]):([0-5][0-9]):([0-5][0-9])(?:\.([0-9]{1,100}))?Z"
)
_DAY = 86_400_000_000
_EPOCH = date(1970, 1, 1).toordinal()


@lru_cache(maxsize=1 << 14)
def instant(text: str) -> Instant | None:
    """Return the instant that a STIX timestamp names, or None if it is not one (STIX 2.1, section 2.16).

    `T` and `Z` are capitals, no other offset, years 0001 to 9999, no leap second, at most 100 digits of a second.
    """
    match = _RFC3339.fullmatch(text)
    if match is None:
        return None
    day, hour, minute, second, fraction = match.groups()
    try:
        days = date.fromisoformat(day).toordinal() - _EPOCH
    except ValueError:  # no such day in the calendar
        return None
    whole = days * _DAY + ((int(hour) * 60 + int(minute)) * 60 + int(second)) * 1_000_000
    if fraction is None:
        return whole, ""
    return whole + int(fraction[:6].ljust(6, "0")), fraction[6:].rstrip("0")


def micros(at: int) -> str:
    """Return the timestamp of `at` µs since 1970 with six digits, as TAXII 2.1 (section 3.2) writes dates."""
    days, rest = divmod(at, _DAY)
    seconds, fraction = divmod(rest, 1_000_000)
    minutes, second = divmod(seconds, 60)
    day = date.fromordinal(days + _EPOCH).isoformat()
    return f"{day}T{minutes // 60:02d}:{minutes % 60:02d}:{second:02d}.{fraction:06d}Z"
