"""Two runs in one chart: the share that one service serves in each of them over time."""

from __future__ import annotations

from collections.abc import Sequence

from noroshi.report.svg import element, number, path, text

__all__ = ["two_curves"]

WIDTH, HEIGHT, FOOT = 1000.0, 98.0, 18.0
Steps = Sequence[tuple[float, float]]


def two_curves(  # noqa: PLR0913  two runs of one service
    first: Steps, second: Steps, end: float, floor: float, label: str, lang: str
) -> str:
    """Return a chart as wide as what it stands in: the first run solid, the second dashed, the floor in thin dashes.

    first, second: [hour, share] where the share changes, each holding until the next; `end` in hours.
    """
    unit = "時間" if lang == "ja" else " h"
    lines = [element("line", class_="grid", x1="0%", x2="100%", y1=number(HEIGHT * (1 - share)),
                     y2=number(HEIGHT * (1 - share))) for share in (0.0, 0.5, 1.0)]  # fmt: skip
    y = number(HEIGHT * (1 - floor))
    floor_line = element("line", class_="floor", x1="0%", x2="100%", y1=y, y2=y)
    feet = [
        text(f"{end * share:g}{unit if share == 1 else ''}", class_="tick", x=f"{100 * share:g}%", y=HEIGHT + FOOT - 4,
             text_anchor=anchor)
        for share, anchor in ((0.0, "start"), (0.5, "middle"), (1.0, "end"))
    ]  # fmt: skip
    drawn = [
        element("path", class_=class_, d=path(*_corners(served, end)), vector_effect="non-scaling-stroke")
        for served, class_ in ((first, "median"), (second, "median second"))
    ]
    inner = element("svg", *drawn, x=0, y=0, width="100%", height=HEIGHT,
    viewBox=f"0 0 {number(WIDTH)} {number(HEIGHT)}",
                    preserveAspectRatio="none")  # fmt: skip
    return element("svg", *lines, inner, floor_line, *feet, class_="fan", width="100%", height=HEIGHT + FOOT,
    role="img",
                   aria_label=label)  # fmt: skip


def _corners(served: Steps, end: float) -> tuple[list[float], list[float]]:
    """Return the corners of a step line."""
    xs: list[float] = []
    ys: list[float] = []
    for hour, share in served:
        x, y = min(hour, end) / end * WIDTH, HEIGHT * (1 - share)
        if ys:
            xs.append(x)
            ys.append(ys[-1])
        xs.append(x)
        ys.append(y)
    return [*xs, WIDTH], [*ys, ys[-1]]
