"""Pictures of ratings: how a sector's organisations spread, and an organisation among those near it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from noroshi.report.charts import ROW
from noroshi.report.svg import element, mark, number, picture, share_of, text, ticks

if TYPE_CHECKING:
    from noroshi.desk.neighbourhood import Near, Neighbourhood

__all__ = ["around", "gauge", "spread_row"]

FULL = 100.0
WIDTH, STEP, HEAD = 1180.0, 24.0, 34.0
BOX, GAP = 168.0, 84.0
LETTERS = {"en": 24, "ja": 13}
"""Letters of a name that a box holds; the whole stands in its title and in the table."""


def spread_row(
    spread: Sequence[float], interval: tuple[float, float], value: float, state: int, line: float
) -> str:  # fmt: skip
    """Return a row chart: the 5-95 % and 25-75 % of organisations as bands, the mean with its interval, the mark."""
    low, first, _, third, high = spread
    lines = [element("line", class_="grid", x1=share(at), x2=share(at), y1="0%", y2="100%") for at in ticks(0, FULL, 4)]
    lines.append(element("line", class_="passmark", x1=share(line), x2=share(line), y1="0%", y2="100%"))
    bands = [
        element("rect", class_=class_, x=share(a), y=-half, width=share(b - a), height=2 * half, rx=2)
        for a, b, half, class_ in ((low, high, 7, "band thin"), (first, third, 7, "band"))
    ]
    along = element("line", class_=f"ivl s{state}", x1=share(interval[0]), x2=share(interval[1]), y1=0, y2=0)
    inner = element("svg", *bands, along, mark(share(value), 0, state), y="50%", overflow="visible")
    return element("svg", *lines, inner, class_="row", width="100%", height=ROW, aria_hidden="true")


def share(value: float) -> str:
    """Return where a score stands on a scale of 100."""
    return share_of(value, 0, FULL)


def gauge(value: float, interval: tuple[float, float], state: int, line: float, label: str) -> str:
    """Return one score with its interval on a scale of 100 against the pass mark, with figures under it."""
    marks = [element("line", class_="grid", x1=share(at), x2=share(at), y1=0, y2=28) for at in (0, 25, 50, 75, 100)]
    feet = [
        text(
            str(at),
            class_="tick",
            x=share(at),
            y=44,
            text_anchor="start" if at == 0 else "end" if at == FULL else "middle",
        )
        for at in (0, 25, 50, 100)
    ]
    mark_line = element("line", class_="passmark", x1=share(line), x2=share(line), y1=0, y2=30)
    mark_text = text(f"{line:g}", class_="tick strong", x=share(line), y=44, text_anchor="middle")
    along = element("line", class_=f"ivl s{state}", x1=share(interval[0]), x2=share(interval[1]), y1=14, y2=14)
    return element(
        "svg", *marks, *feet, mark_line, mark_text, along, mark(share(value), 14, state), class_="gauge",
        width="100%", height=50, role="img", aria_label=label,
    )  # fmt: skip


def around(found: Neighbourhood, lang: str, heads: Sequence[str], title: str, hours: Callable[[float], str]) -> str:
    """Return an organisation in the middle, whom it needs to the left, who needs it to the right, hours on the links.

    heads: what stands over the five columns; hours: a duration in words.
    """
    columns = {hops: [one for one in found.nodes if one.hops == hops] for hops in range(-2, 3)}
    used = [hops for hops, nodes in columns.items() if nodes]
    tall = max((len(columns[hops]) for hops in used), default=1)
    height = HEAD + max(tall, 3) * STEP + 8
    gap = (WIDTH - len(used) * BOX) / max(len(used) - 1, 1)
    left = {hops: k * (BOX + gap) for k, hops in enumerate(used)}
    middle: dict[str, tuple[float, float]] = {}
    drawn: list[str] = []
    for hops in used:
        nodes = columns[hops]
        top = HEAD + (height - HEAD - 8 - len(nodes) * STEP) / 2
        drawn.append(text(heads[hops + 2], class_="tick strong", x=left[hops] + BOX / 2, y=16, text_anchor="middle"))
        for k, one in enumerate(nodes):
            middle[one.id] = (left[hops], top + k * STEP + STEP / 2)
            drawn.append(box(one, *middle[one.id], lang))
    lines, said = [], []
    shown: set[str] = set()
    for link in sorted(found.links, key=lambda one: (one.autonomy_h is None, one.autonomy_h or 0.0)):
        (x1, y1), (x2, y2) = middle[link.provider], middle[link.dependant]
        start, end, bend = x1 + BOX, x2, (x2 - x1 - BOX) / 2
        at = (start, y1, start + bend, y1, end - bend, y2, end, y2)
        path = "M{} {}C{} {} {} {} {} {}".format(*map(number, at))
        soon = link.autonomy_h is not None and link.autonomy_h < 1.0
        lines.append(element("path", class_="link soon" if soon else "link", d=path))
        outer_left = abs(place_of(found, link.provider)) > abs(place_of(found, link.dependant))
        outer = link.provider if outer_left else link.dependant
        if link.autonomy_h is not None and outer not in shown:
            shown.add(outer)
            x, y = (start + 3, y1 - 3) if outer_left else (end - 3, y2 - 3)
            said.append(
                text(hours(link.autonomy_h), class_="hours", x=x, y=y, text_anchor="start" if outer_left else "end")
            )
    return picture(WIDTH, height, title, "", *lines, *drawn, *said, class_="picture ego")


def place_of(found: Neighbourhood, name: str) -> int:
    """Return how many steps away somebody is, and on which side."""
    return next(one.hops for one in found.nodes if one.id == name)


def box(one: Near, x: float, y: float, lang: str) -> str:
    """Return somebody as a box with its name."""
    name = one.name_ja if lang == "ja" else one.name_en
    most = LETTERS[lang]
    short = name if len(name) <= most else name[: most - 1] + "…"
    class_ = "node middle" if one.hops == 0 else "node supplier" if not one.sector else "node"
    return element(
        "g",
        element("title", name.replace("&", "&amp;").replace("<", "&lt;")),
        element("rect", class_=class_, x=x, y=y - STEP / 2 + 2, width=BOX, height=STEP - 4, rx=3),
        text(short, class_="nodename", x=x + 7, y=y + 4),
    )
