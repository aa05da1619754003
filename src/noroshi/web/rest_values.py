"""What handlers of the REST interface read alike: ids, times, names of estates, and what time it is."""

from __future__ import annotations

import re
import time

from noroshi.respond.incident import read_moment
from noroshi.share.taxii import Refused

__all__ = ["fit", "micros", "moment", "sample"]

UID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z", re.ASCII)


def fit(uid: str, absent: Refused) -> str:
    """Return an id; what cannot be one is as absent as what is not there."""
    if not UID.match(uid):
        raise absent
    return uid


def moment(key: str, text: str) -> int:
    """Return a time in microseconds since 1970; Refused 422 for one that cannot be read or has no zone."""
    found = read_moment(text)
    if found is None:
        raise Refused(422, "Unprocessable", f"{key}: {text[:50]} (expected a time with its zone, from 1970 to 9998)")
    return found


def sample(estate: str) -> str:
    """Return an estate's name, "" = none; Refused 422 for what is no shipped one: over REST no path is read."""
    from noroshi.files.estates import is_sample

    if estate and not is_sample(estate):
        raise Refused(422, "Unprocessable", f"estate: {estate[:50]!r} (expected a sample's name)")
    return estate


def micros() -> int:
    """Return the time in microseconds."""
    return time.time_ns() // 1000
