"""Time to impact as a picture: when each service is below its floor, as a band over time, against what people bear."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from noroshi.desk.case_brief_shapes import CaseBrief, ServiceBelow
from noroshi.desk.numbers import amount, plain
from noroshi.report.case_brief_words import say
from noroshi.report.html import safe
from noroshi.report.svg import element, share_of, text
from noroshi.stress.sentences import EFFECT_WORDS

if TYPE_CHECKING:
    from noroshi.web.screen.page import Page

__all__ = ["BAND_HEAD", "band_rows", "bands_of"]

HEIGHT = 30
HOUR_S = 3600.0
JAPAN_H = 9.0
STEPS_H = (1, 2, 3, 6, 12, 24, 48, 96, 168)
MOST_TICKS = 7
STATES = {"no": 0, "maybe": 1, "unknown": 1, "yes": 3}
BAND_HEAD = (
    "service", "name", "sector", "organisation", "people", "below_from_fast", "below_from_median", "below_from_slow",
    "hours_fast", "hours_median", "hours_slow", "tolerance_h", "beyond", "because_of",
)  # fmt: skip


class Stretch(NamedTuple):
    """Hours from the beginning of the picture: when one run is below the floor."""

    start: float
    end: float


def bands_of(brief: CaseBrief, page: Page) -> dict[str, Any]:
    """Return what the picture and its table show; nothing where no service goes below its floor."""
    there = brief.impact
    if there is None or not there.below or there.began is None:
        return {"bands": (), "taken": () if there is None else there.taken, "effects": effects(page)}
    began = seconds(there.began)
    now = (page.now / 1e6 - began) / HOUR_S
    top = min(there.horizon_h, max(now, *(latest(one, began) for one in there.below)) * 1.08 + 1.0)
    steps = ticks_of(began, top)
    return {
        "bands": [row(one, began, top, now, steps, page) for one in there.below], "taken": there.taken,
        "axis": safe(axis_of(steps, top)), "estate": there.estate, "began": there.began,
        "horizon": there.horizon_h, "left_out": there.left_out, "effects": effects(page),
    }  # fmt: skip


def band_rows(brief: CaseBrief, page: Page) -> Iterator[tuple[object, ...]]:
    """Yield the services below their floor as rows of a CSV file."""
    for one in (brief.impact.below or ()) if brief.impact is not None else ():
        yield (
            one.service, page.pick(one.name.en, one.name.ja), one.sector, one.organisation, one.people, one.since.fast,
            one.since.median, one.since.slow, *one.hours, one.tolerance_h, one.beyond, " ".join(one.causes),
        )  # fmt: skip


def seconds(moment: str) -> float:
    """Return an RFC 3339 time in seconds since 1970."""
    return datetime.fromisoformat(moment).timestamp()


def stretches(one: ServiceBelow, began: float) -> list[Stretch]:
    """Return when a service is below its floor, in each of the three runs in which it is."""
    starts = (one.since.fast, one.since.median, one.since.slow)
    found = [((seconds(at) - began) / HOUR_S, hours) for at, hours in zip(starts, one.hours, strict=True) if at]
    return [Stretch(start, start + hours) for start, hours in found]


def latest(one: ServiceBelow, began: float) -> float:
    """Return the last hour that has something to show of a service."""
    there = stretches(one, began)
    return max(*(each.end for each in there), min(each.start for each in there) + one.tolerance_h)


def middle(one: ServiceBelow, began: float) -> Stretch:
    """Return the stretch of the median run, or of the one that is there."""
    there = stretches(one, began)
    at = one.since.median
    if at is None:
        return there[-1]
    start = (seconds(at) - began) / HOUR_S
    return Stretch(start, start + one.hours[1])


def ticks_of(began: float, top: float) -> list[tuple[float, str]]:
    """Return the hours of the axis with their labels: whole hours on Japan's clock, at most a handful."""
    step = next((one for one in STEPS_H if top / one <= MOST_TICKS), STEPS_H[-1])
    local = began / HOUR_S + JAPAN_H
    found = []
    at = math.ceil(local / step) * step - local
    while at <= top:
        clock = datetime.fromtimestamp(began + at * HOUR_S, ZoneInfo("Asia/Tokyo"))
        found.append((at, f"{clock:%m-%d}" if clock.hour == 0 else f"{clock:%H:%M}"))
        at += step
    return found


def axis_of(steps: Sequence[tuple[float, str]], top: float) -> str:
    """Return the axis over the bands."""
    labels = [text(said, x=share_of(at, 0, top), y=HEIGHT - 10, class_="tick", text_anchor="middle")
              for at, said in steps if at < top * 0.97]  # fmt: skip
    return element("svg", *labels, class_="bandrow", width="100%", height=HEIGHT - 4, aria_hidden="true")


def effects(page: Page) -> dict[str, str]:
    """Return what an attack does to a thing, in words."""
    return {name: page.pick(*both) for name, both in EFFECT_WORDS.items()}


def row(  # noqa: PLR0913  which, on which scale, now, for whom
    one: ServiceBelow, began: float, top: float, now: float, steps: Sequence[tuple[float, str]], page: Page
) -> dict[str, Any]:
    """Return a service: its figures, and its band beside them."""
    there, median = stretches(one, began), middle(one, began)
    least, most = min(each.start for each in there), max(each.end for each in there)
    bears = median.start + one.tolerance_h
    lines = [vertical(at, top, "grid") for at, _ in steps]
    drawn = [
        *lines, bar(least, most, top, "below-wide", 7), bar(median.start, median.end, top, "below-median", 11),
        vertical(bears, top, "bears") if bears <= top else "", vertical(now, top, "atnow") if 0 <= now <= top else "",
    ]  # fmt: skip
    fast, mid, slow = (
        say("cut", page.lang, value=plain(hours)) if cut else plain(hours)
        for hours, cut in zip(one.hours, one.cut, strict=True)
    )
    return {
        "name": page.pick(one.name.en, one.name.ja), "people": amount(one.people, page.lang), "sector": one.sector,
        "svg": safe(element("svg", *drawn, class_="bandrow", width="100%", height=HEIGHT, aria_hidden="true")),
        "from": page.at(round((began + median.start * HOUR_S) * 1e6)),
        "between": " – ".join(dict.fromkeys(
            page.at(round((began + hour * HOUR_S) * 1e6)) for hour in (least, max(each.start for each in there))
        )),
        "hours": mid, "hours_between": f"{fast} – {slow}", "tolerance": plain(one.tolerance_h),
        "state": STATES[one.beyond], "beyond": say(f"beyond_{one.beyond}", page.lang), "causes": one.causes,
    }  # fmt: skip


def bar(start: float, end: float, top: float, class_: str, half: int) -> str:
    """Return a bar between two hours, never so short that it is not seen."""
    width = max(end - start, top * 0.004)
    return element("rect", class_=class_, x=share_of(start, 0, top), width=share_of(width, 0, top),
                   y=HEIGHT / 2 - half, height=2 * half, rx=1.5)  # fmt: skip


def vertical(at: float, top: float, class_: str) -> str:
    """Return an upright line at an hour."""
    x = share_of(at, 0, top)
    return element("line", class_=class_, x1=x, x2=x, y1=0, y2=HEIGHT)
