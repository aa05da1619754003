"""The charts of the brief: pure functions from figures to SVG text. A row chart stands in a row, beside its numbers."""

from __future__ import annotations

from collections.abc import Sequence

from noroshi.desk.brief_schema import CurveBand
from noroshi.report.svg import element, mark, number, path, share_of, text, ticks

__all__ = ["axis", "bar", "dot_interval", "fan", "span", "swing"]

ROW = 26
"""Height of a chart that stands in a table row, in pixels, where its cell gives it no other."""

TOP, FOOT = "0%", "100%"
FAN_HEIGHT = 116
FAN_FOOT = 18
FAN_VIEW = 1000.0
"""Width and height of the stretched drawing inside a fan; its lines keep their thickness."""


def _row(upright: str, *middle: str) -> str:
    """Return a chart as wide and as high as its cell: `upright` lines, and what lies along its middle (y = 0).

    The cells beside it say the same in figures, so it is silent.
    """
    along = element("svg", *middle, y="50%", overflow="visible")
    return element("svg", upright, along, class_="row", width="100%", height=ROW, aria_hidden="true")


def _grid(at: Sequence[float], low: float, high: float) -> str:
    """Return faint full-height lines at the values `at`."""
    return "".join(_line(value, low, high, "grid") for value in at)


def _line(value: float, low: float, high: float, class_: str) -> str:
    """Return a full-height line at `value`."""
    x = share_of(value, low, high)
    return element("line", class_=class_, x1=x, x2=x, y1=TOP, y2=FOOT)


def axis(labels: Sequence[tuple[float, str]], low: float, high: float, strong: tuple[float, str] | None = None) -> str:
    """Return the axis that stands over the row charts: a label at each value, `strong` in bold above them."""
    drawn = [
        text(said, x=share_of(value, low, high), y=ROW - 4, class_="tick", text_anchor=_anchor(value, low, high))
        for value, said in labels
    ]
    if strong is not None:
        x = share_of(strong[0], low, high)
        drawn.append(text(strong[1], x=x, y=ROW / 2 - 4, class_="tick strong", text_anchor="middle"))
    return element("svg", *drawn, class_="row", width="100%", height=ROW, aria_hidden="true")


def _anchor(value: float, low: float, high: float) -> str:
    """Return how a label at `value` is aligned so that it stays inside the drawing."""
    if value <= low:
        return "start"
    return "end" if value >= high else "middle"


def dot_interval(
    value: float, interval: tuple[float, float], limits: tuple[float, float], state: int, line: float | None = None
) -> str:
    """Return a mark at `value` on its interval, on the scale `limits`, against a vertical line."""
    (low, high), (a, b) = interval, limits
    upright = _grid(ticks(a, b, 4), a, b) + ("" if line is None else _line(line, a, b, "passmark"))
    along = element("line", class_=f"ivl s{state}", x1=share_of(low, a, b), x2=share_of(high, a, b), y1=0, y2=0)
    return _row(upright, along, mark(share_of(value, a, b), 0, state))


def bar(value: float, top: float, *, low: float | None = None, high: float | None = None) -> str:
    """Return a bar from 0 to `value` on a scale that ends at `top`, with an interval over it where one is given."""
    drawn = [element("rect", class_="bar", x=0, y=-8, width=share_of(value, 0, top), height=16, rx=1.5)]
    if low is not None and high is not None:
        a, b = share_of(low, 0, top), share_of(high, 0, top)
        drawn.append(element("line", class_="whisker", x1=a, x2=b, y1=0, y2=0))
        drawn.extend(element("line", class_="whisker", x1=x, x2=x, y1=-4, y2=4) for x in (a, b))
    return _row(_grid(ticks(0, top, 3), 0, top), *drawn)


def swing(low: float, high: float, mean: float, limits: tuple[float, float], *, strong: bool = False) -> str:
    """Return one bar of a tornado: the result at the assumption's low end and at its high end, about `mean`."""
    a, b = limits
    parts = []
    for value, class_ in ((low, "swing low"), (high, "swing high")):
        left, right = sorted((value, mean))
        width = share_of(right - left, 0, b - a)
        parts.append(element("rect", class_=class_, x=share_of(left, a, b), y=-7, width=width, height=14))
    sign = mark(share_of(high, a, b), 0, 2, 4.5) if strong else ""
    return _row(_line(mean, a, b, "passmark"), *parts, sign)


def span(low: float, high: float | None, top: float, *, state: int) -> str:
    """Return the interval of a whole number on a scale from 0 to `top`; open to the right if `high` is None."""
    end = top if high is None else high
    a, b = share_of(low, 0, top), share_of(end, 0, top)
    class_ = f"ivl s{state}" + (" open" if high is None else "")
    drawn = [element("line", class_=class_, x1=a, x2=b, y1=0, y2=0), mark(a, 0, state)]
    if high is not None and high > low:
        drawn.append(element("circle", class_=f"end s{state}", cx=b, cy=0, r=4))
    return _row(_grid(range(int(top) + 1), 0, top), *drawn)


def fan(bands: CurveBand, *, floor: float | None = None, label: str = "", lang: str = "en") -> str:
    """Return quantile bands of a share (0 to 1) over time: the band, the median in steps, the floor dashed.

    As wide as what it stands in. Without `label` it is silent: then a table must say the same.
    """
    hours = bands.hours
    first, last = hours[0], hours[-1]
    body = FAN_HEIGHT - FAN_FOOT
    unit = "時間" if lang == "ja" else " h"
    grid = [
        element("line", class_="grid", x1="0%", x2="100%", y1=number(body * (1 - s)), y2=number(body * (1 - s)))
        for s in (0.0, 0.5, 1.0)
    ]
    feet = [
        text(f"{value:g}{unit if value == last else ''}", class_="tick", x=share_of(value, first, last),
             y=FAN_HEIGHT - 4, text_anchor=_anchor(value, first, last))
        for value in _day_ticks(first, last)
    ]  # fmt: skip
    floor_line = []
    if floor is not None:
        y = number(body * (1 - floor))
        floor_line = [element("line", class_="floor", x1="0%", x2="100%", y1=y, y2=y)]
    inner = element(
        "svg",
        element("path", class_="band", d=_band(hours, bands.p05, bands.p95)),
        element("path", class_="median", d=path(*_steps(hours, bands.p50)), vector_effect="non-scaling-stroke"),
        x=0, y=0, width="100%", height=body, viewBox=f"0 0 {number(FAN_VIEW)} {number(FAN_VIEW)}",
        preserveAspectRatio="none",
    )  # fmt: skip
    names = {"role": "img", "aria_label": label} if label else {"aria_hidden": "true"}
    return element("svg", *grid, inner, *floor_line, *feet, class_="fan", width="100%", height=FAN_HEIGHT, **names)


def _day_ticks(first: float, last: float) -> list[float]:
    """Return the hours to label: every day or half day where there are few, else round values."""
    for step in (6, 12, 24, 48, 168):
        if (last - first) / step <= 4:  # noqa: PLR2004  more than four labels crowd a small chart
            values = [first + step * k for k in range(int((last - first) / step + 1e-9) + 1)]
            return values if values[-1] == last else [v for v in values if last - v > step / 2] + [last]
    return [first, last]


def _steps(hours: Sequence[float], values: Sequence[float]) -> tuple[list[float], list[float]]:
    """Return the corners of a step line: a value holds until the next hour."""
    first, last = hours[0], hours[-1]
    scale = FAN_VIEW / (last - first) if last > first else 0.0
    xs: list[float] = []
    ys: list[float] = []
    for k, (hour, value) in enumerate(zip(hours, values, strict=True)):
        x, y = (hour - first) * scale, FAN_VIEW * (1 - value)
        if k and y != ys[-1]:
            xs.append(x)
            ys.append(ys[-1])
        if not k or y != ys[-1] or k == len(hours) - 1:
            xs.append(x)
            ys.append(y)
    return xs, ys


def _band(hours: Sequence[float], lower: Sequence[float], upper: Sequence[float]) -> str:
    """Return the closed path between two step lines."""
    top_x, top_y = _steps(hours, upper)
    low_x, low_y = _steps(hours, lower)
    return path(top_x + low_x[::-1], top_y + low_y[::-1]) + "Z"
