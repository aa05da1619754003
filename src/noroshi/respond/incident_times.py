"""Times of an incident that cannot be: after they were entered, or in an order that nothing happens in.

They are compared with when the line was entered, which in a replay is the script's time; no clock is read here.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from noroshi.respond.incident import Corrected, Met, Reported, Wrong

if TYPE_CHECKING:
    from noroshi.respond.incident import Incident, Said

__all__ = ["PAST", "SLACK", "shown", "untimely"]

SLACK = 10 * 60 * 1_000_000
"""By how much clocks may differ, in microseconds."""
PAST = ("since", "detected", "awareness", "ended")
"""Fields that are times at which something has happened."""
START = datetime(1970, 1, 1, tzinfo=UTC)


def untimely(one: Incident | None, said: Said, at: int, entered: int) -> list[Wrong]:
    """Return what is wrong with the times of a line after those that there are (None: it is the first).

    at: when it was so; entered: when that was entered; both in microseconds since 1970.
    """
    found = [] if at <= entered + SLACK else [Wrong("at", shown(at), f"no later than now, {shown(entered)}")]
    fields = {"since": said.since} if isinstance(said, Reported) else said.fields if isinstance(said, Corrected) else {}
    given = {key: value for key in PAST if isinstance(value := fields.get(key), int)}
    found += [
        Wrong(key, shown(value), f"no later than now, {shown(entered)}")
        for key, value in given.items() if value > entered + SLACK
    ]  # fmt: skip
    if one is None:
        return found
    since, ended = (fields[key] if key in fields else one.value(key) for key in ("since", "ended"))
    if given.keys() & {"since", "ended"} and isinstance(since, int) and isinstance(ended, int) and ended < since:
        found.append(Wrong("ended", shown(ended), f"no earlier than since, {shown(since)}"))
    if isinstance(said, Met) and isinstance(since, int) and at < since:
        found.append(Wrong("at", shown(at), f"no earlier than since, {shown(since)}"))
    return found


def shown(at: int) -> str:
    """Return a time for people; one that no calendar has as the number that it is."""
    try:
        return f"{START + timedelta(microseconds=at):%Y-%m-%dT%H:%M}Z"
    except OverflowError:
        return str(at)
