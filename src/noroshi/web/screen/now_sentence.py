"""The one sentence of the duty officer's page: what is abnormal, how many people it concerns, what is due."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from noroshi.desk.numbers import amount

if TYPE_CHECKING:
    from collections.abc import Callable

    from noroshi.desk.now import Now
    from noroshi.desk.now_state import Standing
    from noroshi.web.screen.page import Page

__all__ = ["duration", "sentence"]

MINUTE, HOUR, DAY = 60_000_000, 3_600_000_000, 86_400_000_000
WITHIN = DAY
"""What is due later than this is not in the sentence, but for when the next is."""


def duration(micros: int, w: Callable[..., str]) -> str:
    """Return a length of time in words, rounded down: minutes below two hours, hours below two days."""
    micros = abs(micros)
    if micros < 2 * HOUR:
        return w("now_minutes", count=micros // MINUTE)
    if micros < 2 * DAY:
        return w("now_hours", count=micros // HOUR)
    return w("now_days", count=micros // DAY)


def sentence(page: Page, now: Now, standing: Standing) -> str:
    """Return what is going on, in one sentence; a calm one where nothing is."""
    if now.calm:
        return page.w("now_calm")
    parts = [*_sectors(page, standing), *_people(page, standing), *_open(page, now), *_due(page, now)]
    said = page.w("now_join").join(parts)
    return said[:1].upper() + said[1:] + page.w("now_end")


def _counted(page: Page, count: int, one: str, many: str, **fields: object) -> str:
    """Return a text for one or for several."""
    return page.w(one if count == 1 else many, count=count, **fields)


def _sectors(page: Page, standing: Standing) -> list[str]:
    """Return how many sectors are in which state, the gravest first."""
    counts = Counter(spot.state for spot in standing.sectors.values())
    hit = [page.w(f"now_sectors_{state}", count=counts[state]) for state in (3, 2, 1) if counts[state]]
    if not hit:
        return []
    return [page.w("now_sectors_many", what=page.w("now_sectors_join").join(hit))]


def _people(page: Page, standing: Standing) -> list[str]:
    """Return how many people have a service below its floor."""
    return [page.w("now_people", people=amount(standing.people, page.lang))] if standing.people else []


def _open(page: Page, now: Now) -> list[str]:
    """Return how many cases are open: situations where there are any, and the incidents."""
    found = []
    if now.incidents:
        found.append(_counted(page, len(now.incidents), "now_incidents_one", "now_incidents"))
    if now.situations and not now.incidents:
        found.append(_counted(page, len(now.situations), "now_situations_one", "now_situations_many"))
    return found


def _due(page: Page, now: Now) -> list[str]:
    """Return what is late, what is due within a day, and what waits for an answer."""
    dues = sorted(one.due for one in now.pending if one.due is not None)
    late = [one for one in dues if one < now.at]
    soon = [one for one in dues if now.at <= one <= now.at + WITHIN]
    found = []
    if late:
        found.append(_counted(page, len(late), "now_overdue_one", "now_overdue"))
    if soon:
        first = [one for one in soon if one - now.at <= max(HOUR, soon[0] - now.at)]
        found.append(_counted(page, len(first), "now_due_one", "now_due", time=_at_most(page, first[-1] - now.at)))
    elif dues and not late:
        found.append(page.w("now_next", time=duration(dues[0] - now.at, page.w)))
    for kind, key in (("warning", "now_mine"), ("unanswered", "now_answers")):
        count = sum(one.kind == kind for one in now.pending)
        if count:
            found.append(_counted(page, count, f"{key}_one", key))
    return found


def _at_most(page: Page, micros: int) -> str:
    """Return a length of time in words that is not shorter than it is."""
    step = MINUTE if micros < 2 * HOUR - MINUTE else HOUR
    return duration(-(-micros // step) * step, page.w)
