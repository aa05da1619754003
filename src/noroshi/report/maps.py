"""Two maps of risk: Japan's prefectures as tiles, and points by latitude and longitude for any other estate."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from noroshi.report.places import TILES, area_name
from noroshi.report.svg import element, mark, picture, text, ticks

__all__ = ["Point", "point_map", "tile_map"]

TILE = 46.0
GAP = 3.0
WIDTH = 560.0
TALLEST = 520.0
MARGIN = 26.0


@dataclass(frozen=True, slots=True)
class Point:
    """A place on a map: degrees, its class of risk (0 to 3), its name, and what its title says."""

    lat: float
    lon: float
    state: int
    name: str
    says: str


def tile_map(states: dict[str, tuple[int, str]], title: str, description: str, lang: str, no_data: str) -> str:
    """Return the tile map of Japan. `states`: prefecture code -> its class of risk (0 to 3) and what its title says."""
    drawn = []
    for tile in TILES:
        state, says = states.get(tile.code, (None, no_data))
        x, y, side = tile.column * TILE, tile.row * TILE, tile.size * TILE - GAP
        name = area_name(tile.code, lang)
        label = tile.short_ja if lang == "ja" else tile.short_en
        rect = element("rect", x=x, y=y, width=side, height=side, rx=4, class_=f"tile {_class(state)}")
        letters = text(label, x=x + side / 2, y=y + side / 2 + (-1 if state is not None else 5), text_anchor="middle",
                       class_="tilename")  # fmt: skip
        sign = "" if state is None else mark(x + side / 2, y + side / 2 + 11, state, 4.5)
        drawn.append(element("g", element("title", escape(f"{name}: {says}")), rect, letters, sign))
    # A line sets Okinawa apart: it lies 600 km from where its tile stands.
    inset = element(
        "path", class_="inset", d=f"M{7.4 * TILE:g} {12.6 * TILE:g}V{11.2 * TILE:g}H{9.4 * TILE:g}", fill="none"
    )
    width = max(tile.column + tile.size for tile in TILES) * TILE
    height = max(tile.row + tile.size for tile in TILES) * TILE
    return picture(width, height, title, description, inset, *drawn, class_="picture tiles")


def _class(state: int | None) -> str:
    """Return the class of a tile."""
    return "none" if state is None else f"soft{state}"


def point_map(points: Sequence[Point], title: str, description: str) -> str:
    """Return a map of the points on a graticule, equirectangular about their middle; the gravest are drawn last.

    ValueError without points.
    """
    if not points:
        msg = "a map needs at least one point"
        raise ValueError(msg)
    west, east = _limits([point.lon for point in points])
    south, north = _limits([point.lat for point in points])
    shrink = math.cos(math.radians((south + north) / 2))
    scale = min((WIDTH - 2 * MARGIN) / ((east - west) * shrink), (TALLEST - 2 * MARGIN) / (north - south))
    width = (east - west) * shrink * scale + 2 * MARGIN
    height = (north - south) * scale + 2 * MARGIN

    def place(lat: float, lon: float) -> tuple[float, float]:
        return MARGIN + (lon - west) * shrink * scale, MARGIN + (north - lat) * scale

    drawn = []
    for lon in ticks(west, east, 4):
        x, _ = place(south, lon)
        drawn.append(element("line", class_="grid", x1=x, x2=x, y1=MARGIN / 2, y2=height - MARGIN))
        drawn.append(text(f"{lon:g}°", x=x, y=height - 8, class_="tick", text_anchor="middle"))
    for lat in ticks(south, north, 4):
        _, y = place(lat, west)
        drawn.append(element("line", class_="grid", x1=MARGIN, x2=width - MARGIN / 2, y1=y, y2=y))
        drawn.append(text(f"{lat:g}°", x=2, y=y + 4, class_="tick"))
    for point in sorted(points, key=lambda p: (p.state, p.name)):
        x, y = place(point.lat, point.lon)
        drawn.append(element("g", element("title", escape(f"{point.name}: {point.says}")), mark(x, y, point.state)))
    drawn.extend(_labels(points, place, width))
    return picture(width, height, title, description, *drawn, class_="picture points")


def _labels(points: Sequence[Point], place: object, width: float) -> list[str]:
    """Return the names of the gravest points, as many as find room beside their marks."""
    taken: list[tuple[float, float, float]] = []
    drawn = []
    for point in sorted(points, key=lambda p: (-p.state, p.name)):
        x, y = place(point.lat, point.lon)  # type: ignore[operator]  # a function of two floats
        wide = 7.0 * sum(2 if ord(letter) > 0x2E7F else 1 for letter in point.name)  # noqa: PLR2004  CJK is twice as wide
        left = x + 9 if x + 9 + wide < width else x - 9 - wide
        if left < 0 or any(abs(y - b) < 13 and left < a + w and a < left + wide for a, b, w in taken):  # noqa: PLR2004
            continue
        taken.append((left, y, wide))
        drawn.append(text(point.name, x=left, y=y + 4, class_="placename"))
    return drawn


def _limits(values: Sequence[float]) -> tuple[float, float]:
    """Return the least and greatest value with a margin, at least 0.2 degrees apart."""
    low, high = min(values), max(values)
    room = max(0.06 * (high - low), 0.1)
    return low - room, high + room
