"""Pictures of an estate's dependencies: sector by sector as a heat map, and what is around one thing, to walk along."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from html import escape
from typing import TYPE_CHECKING

from noroshi.report.svg import element, number, picture, text

if TYPE_CHECKING:
    from noroshi.desk.estate_graph import Matrix
    from noroshi.desk.neighbourhood import Link, Near, Neighbourhood

__all__ = ["heat_map", "layers"]

CELL, LEFT, TOP = 38.0, 226.0, 150.0
SHADES = 5
LETTERS = {"en": 30, "ja": 17}
TOP_LETTERS = {"en": 24, "ja": 13}
WIDTH, STEP, HEAD, ROOM = 1180.0, 26.0, 30.0, 8.0
BOX = 186.0
BOX_LETTERS = {"en": 25, "ja": 14}


def heat_map(found: Matrix, lang: str, title: str, says: Callable[[str, str, int], str]) -> str:
    """Return sector x sector as cells: rows are needed, columns need; shades rise with the logarithm of the links.

    says: what a cell says, from the needed sector, the needing one and the number of links.
    """
    names = [name[2] if lang == "ja" else name[1] for name in found.sectors]
    most = max((count for row in found.cells for count in row), default=0)
    side = len(names) * CELL
    drawn = []
    for k, name in enumerate(names):
        at = LEFT + k * CELL + CELL / 2
        turned = f"translate({number(at + 4)} {number(TOP - 8)}) rotate(-52)"
        drawn.append(text(short(name, TOP_LETTERS[lang]), class_="heatname", transform=turned))
        middle = TOP + k * CELL + CELL / 2 + 4
        drawn.append(text(short(name, LETTERS[lang]), class_="heatname", x=LEFT - 8, y=middle, text_anchor="end"))
    for i, row in enumerate(found.cells):
        for k, count in enumerate(row):
            x, y = LEFT + k * CELL, TOP + i * CELL
            cell = element("rect", class_=f"heat h{shade(count, most)}", x=x, y=y, width=CELL - 2, height=CELL - 2)
            if not count:
                drawn.append(cell)
                continue
            figure = text(
                f"{count:,}", class_="heatfigure", x=x + CELL / 2 - 1, y=y + CELL / 2 + 3, text_anchor="middle"
            )
            drawn.append(element("g", element("title", escape(says(names[i], names[k], count))), cell, figure))
    return picture(LEFT + side + 96, TOP + side + 4, title, "", *drawn, class_="picture heatmap")


def shade(count: int, most: int) -> int:
    """Return the shade of a number: 0 for none, then 1 to 5 by its logarithm."""
    if count <= 0:
        return 0
    return 1 + min(SHADES - 1, int(SHADES * math.log(count) / math.log(most + 1))) if most > 1 else SHADES


def layers(  # noqa: PLR0913  what, in which words, and where it leads
    found: Neighbourhood, lang: str, heads: Sequence[str], title: str, hours: Callable[[float], str],
    address: Callable[[Near], str],
) -> str:  # fmt: skip
    """Return one thing in the middle, what it needs to the left, what needs it to the right; each box is a link.

    heads: what stands over the five columns; hours: a duration in words; address: where the box of another leads.
    """
    columns = {hops: [one for one in found.nodes if one.hops == hops] for hops in range(-2, 3)}
    used = [hops for hops, nodes in columns.items() if nodes]
    tall = max(len(columns[hops]) for hops in used)
    height = HEAD + max(tall, 3) * STEP + ROOM
    gap = (WIDTH - len(used) * BOX) / max(len(used) - 1, 1)
    left = {hops: k * (BOX + gap) if len(used) > 1 else (WIDTH - BOX) / 2 for k, hops in enumerate(used)}
    at: dict[str, tuple[float, float]] = {}
    boxes = []
    for hops in used:
        nodes = columns[hops]
        first = HEAD
        boxes.append(text(heads[hops + 2], class_="tick strong", x=left[hops] + BOX / 2, y=16, text_anchor="middle"))
        for k, one in enumerate(nodes):
            at[one.id] = (left[hops], first + k * STEP + STEP / 2)
            boxes.append(box(one, *at[one.id], lang, address))
    lines, said = [], []
    placed: set[str] = set()
    steps = {one.id: one.hops for one in found.nodes}
    for link in sorted(found.links, key=soonest):
        line, label = drawn_link(link, at, outer_left=abs(steps[link.provider]) > abs(steps[link.dependant]),
                                 placed=placed, hours=hours)  # fmt: skip
        lines.append(line)
        said.append(label)
    return element(
        "svg", element("title", escape(title)), *lines, *boxes, *said, class_="picture ego", role="group",
        viewBox=f"0 0 {number(WIDTH)} {number(height)}", aria_label=title, xmlns="http://www.w3.org/2000/svg",
    )  # fmt: skip


def soonest(one: Link) -> tuple[bool, float]:
    """Return by what links are put in order: who lasts shortest first."""
    return one.autonomy_h is None, one.autonomy_h or 0.0


def drawn_link(
    link: Link, at: dict[str, tuple[float, float]], *, outer_left: bool, placed: set[str], hours: Callable[[float], str]
) -> tuple[str, str]:
    """Return a link as a line and, once for each box farther out, how long one lasts without."""
    (x1, y1), (x2, y2) = at[link.provider], at[link.dependant]
    start, bend = x1 + BOX, (x2 - x1 - BOX) / 2
    way = (
        f"M{number(start)} {number(y1)}C{number(start + bend)} {number(y1)} {number(x2 - bend)} {number(y2)} "
        f"{number(x2)} {number(y2)}"
    )
    soon = link.autonomy_h is not None and link.autonomy_h < 1.0
    line = element("path", class_="link soon" if soon else "link", d=way)
    outer = link.provider if outer_left else link.dependant
    if link.autonomy_h is None or outer in placed:
        return line, ""
    placed.add(outer)
    x, y, anchor = (start + 4, y1 - 3, "start") if outer_left else (x2 - 4, y2 - 3, "end")
    return line, text(hours(link.autonomy_h), class_="hours", x=x, y=y, text_anchor=anchor)


def box(one: Near, x: float, y: float, lang: str, address: Callable[[Near], str]) -> str:
    """Return a thing as a box with its name, which leads to its own page; the middle leads nowhere."""
    name = one.name_ja if lang == "ja" else one.name_en
    kind = "node middle" if one.hops == 0 else "node"
    inner = (
        element("title", escape(name)),
        element("rect", class_=kind, x=x, y=y - STEP / 2 + 2, width=BOX, height=STEP - 4, rx=3),
        text(short(name, BOX_LETTERS[lang]), class_="nodename", x=x + 7, y=y + 4),
    )
    return element("g", *inner) if one.hops == 0 else element("a", *inner, href=address(one))


def short(name: str, most: int) -> str:
    """Return a name that fits; the whole stands in the title and in the table."""
    return name if len(name) <= most else name[: most - 1] + "…"
