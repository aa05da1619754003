"""Days off of authorities, from the package holidays: a country's, one of its parts', and Japan's administration's."""

from __future__ import annotations

import difflib
import re
from contextlib import suppress
from datetime import date
from functools import cache

from noroshi.errors import NotFoundError
from noroshi.respond.counting import Calendar

__all__ = ["ADMINISTRATION", "calendar", "calendar_names"]

ADMINISTRATION = "JP-administration"
"""行政機関の休日に関する法律 第1条: Saturdays, Sundays, national holidays, and 29 December to 3 January."""
COUNTRY = re.compile(r"[A-Z]{2,3}")
YEAR_END = ((12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3))


@cache
def calendar_names() -> tuple[str, ...]:
    """Return the names of all calendars: countries (ISO 3166-1), their parts as "DE-BY", and `ADMINISTRATION`."""
    import holidays

    found = holidays.list_supported_countries(include_aliases=False)
    parts = [f"{country}-{part}" for country, several in found.items() for part in several]
    return tuple(sorted((*found, *parts, ADMINISTRATION)))


@cache
def calendar(name: str, first: int, last: int) -> Calendar:
    """Return the days off of `name` in the years `first` to `last`; NotFoundError, with what is near, for no name.

    Public holidays by law as the package knows them: a day that was decreed after its release is not among them.
    """
    import holidays

    country, _, part = ("JP", "", "") if name == ADMINISTRATION else name.partition("-")
    years = range(first, last + 1)
    known = None
    if COUNTRY.fullmatch(country):
        with suppress(NotImplementedError):
            known = holidays.country_holidays(country, subdiv=part or None, years=years)
    if known is None:
        near = difflib.get_close_matches(name, calendar_names(), 3, 0.3)
        said = f"near: {', '.join(near)}" if near else "such as DE or DE-BY"
        raise NotFoundError(f"no calendar {name!r}; {said}")
    days = {day for day in known if first <= day.year <= last}
    if name == ADMINISTRATION:
        days |= {date(year, *day) for year in years for day in YEAR_END}
    return Calendar(name, frozenset(days), date(first, 1, 1), date(last, 12, 31), frozenset(known.weekend))
