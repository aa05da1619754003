"""The map of a what-if at one hour as an SVG file of its own: networks by texture, states by shape and colour."""

from __future__ import annotations

import json
import math
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from noroshi.desk.numbers import hours
from noroshi.desk.whatif_states import states_at
from noroshi.report.palette import PALETTE
from noroshi.report.svg import element, mark, number, picture, text

if TYPE_CHECKING:
    from noroshi.desk.whatif_map import LineShown, MapShown
    from noroshi.desk.whatif_runs import Answer

__all__ = ["map_svg"]

WIDTH, TALLEST, MARGIN, HEAD, KEY = 900.0, 900.0, 24.0, 44.0, 34.0
STATES = (("normal", "正常"), ("degraded", "低下"), ("failing", "機能不全"), ("out", "停止"))
NETWORKS = ("power", "gas", "transport")
LEAST_SPAN = 0.2
ROOM = 0.04
FULL = 100


def style() -> str:
    """Return the style of the file: the light palette, so that it prints."""
    colour = {name: pair[0] for name, pair in PALETTE.items()}
    states = "".join(
        f".mark.s{k}{{fill:{colour[f'state-{k}']}}}.line.s{k}{{stroke:{colour[f'state-{k}']}}}" for k in range(4)
    )
    return (
        f"svg{{background:{colour['paper']}}}text{{font:13px 'Noto Sans CJK JP',sans-serif;fill:{colour['ink']}}}"
        f".head{{font-size:17px;font-weight:700}}.land{{fill:{colour['grid']};stroke:{colour['rule']}}}"
        f".line{{fill:none;stroke:{colour['muted']}}}.gas{{stroke-dasharray:6 4}}.inner{{stroke:{colour['paper']}}}"
        f".over{{fill:none;stroke:{colour['ink']}}}.node{{fill:{colour['paper']};stroke:{colour['muted']}}}"
    ) + states.replace(f".line.s0{{stroke:{colour['state-0']}}}", "")


def map_svg(shown: MapShown, answer: Answer, hour: float, title: str, lang: str) -> str:
    """Return the map at an hour of a run, with its title and key; all places by Mercator's projection."""
    points = [(one.lon, one.lat) for one in shown.nodes] + [(one.lon, one.lat) for one in shown.lines]
    if not points:
        points = [(0.0, 0.0)]
    west, east = min(x for x, _ in points), max(x for x, _ in points)
    south, north = (_up(f(y for _, y in points)) for f in (min, max))
    span = max(east - west, north - south, LEAST_SPAN) * (1 + 2 * ROOM)
    scale = min((WIDTH - 2 * MARGIN) / max((east - west) * (1 + 2 * ROOM), LEAST_SPAN), (TALLEST - 2 * MARGIN) / span)
    tall = max((north - south) * (1 + 2 * ROOM) * scale, 200.0)
    left = (WIDTH - (east - west) * scale) / 2

    def at(lon: float, lat: float) -> tuple[float, float]:
        return left + (lon - west) * scale, HEAD + tall / 2 - (_up(lat) - (north + south) / 2) * scale

    states = states_at(answer.playback, hour)
    step = max((k for k, when in enumerate(answer.playback.hours) if when <= hour + 1e-9), default=0)
    clip = element("clipPath", element("rect", x=0, y=HEAD, width=WIDTH, height=tall), id="frame")
    land = "".join(_ring(ring, at) for ring in coast()) if shown.coast else ""
    drawn = [element("style", style()), element("defs", clip), text(title, x=MARGIN, y=26, class_="head"),
             text("+" + hours(hour, lang), x=WIDTH - MARGIN, y=26, text_anchor="end", class_="head")]  # fmt: skip
    if land:
        drawn.append(element("g", element("path", d=land, class_="land"), clip_path="url(#frame)"))
    for line in shown.lines:
        loads = answer.loading.get(line.id, ())
        load = loads[step] if step < len(loads) else 0
        drawn.append(_line(line, states.get(line.id, 0), load, at(line.lon, line.lat), at(line.to_lon, line.to_lat)))
    for state in (0, 1, 2, 3):
        for one in shown.nodes:
            if states.get(one.id, 0) == state:
                x, y = at(one.lon, one.lat)
                said = element("title", f"{_escape(one.name_ja if lang == 'ja' else one.name_en)}")
                sign = element("circle", cx=x, cy=y, r=2, class_="node") if state == 0 else mark(x, y, state, 6)
                drawn.append(element("g", said, sign))
    foot = HEAD + tall + KEY - 10
    for k, pair in enumerate(STATES):
        x = MARGIN + 150 * k
        drawn += [mark(x + 6, foot - 4, k, 6), text(pair[lang == "ja"], x=x + 20, y=foot)]
    return picture(WIDTH, HEAD + tall + KEY, title, "+" + hours(hour, lang), *drawn)


def _line(line: LineShown, state: int, load: int, start: tuple[float, float], end: tuple[float, float]) -> str:
    """Return a line: solid power, dashed gas, double transport; wider with its load, cased in dark above 100 %."""
    width = 1.0 + 2.5 * min(load, FULL) / FULL
    d = f"M{number(start[0])} {number(start[1])}L{number(end[0])} {number(end[1])}"
    made = element("path", d=d, class_="over", stroke_width=width + 3) if load > FULL else ""
    double = line.network == "transport"
    made += element("path", d=d, class_=f"line {line.network} s{state}", stroke_width=width + 2 if double else width)
    return made + (element("path", d=d, class_="inner", stroke_width=max(width - 1, 0.8)) if double else "")


def _up(lat: float) -> float:
    """Return Mercator's northing of a latitude, in degrees."""
    return math.degrees(math.log(math.tan(math.pi / 4 + math.radians(lat) / 2)))


def _escape(said: str) -> str:
    """Return a text as markup."""
    from html import escape

    return escape(said)


@cache
def coast() -> tuple[tuple[tuple[float, float], ...], ...]:
    """Return the rings of the coast that ships with the screen, in degrees."""
    packed = json.loads((files("noroshi.web") / "static" / "coast.json").read_text(encoding="utf-8"))
    rings = []
    for flat in (*packed["other"], *packed["own"]):
        x = y = 0
        ring = []
        for k in range(0, len(flat), 2):
            x, y = x + flat[k], y + flat[k + 1]
            ring.append((x / packed["scale"], y / packed["scale"]))
        rings.append(tuple(ring))
    return tuple(rings)


def _ring(ring: tuple[tuple[float, float], ...], at: object) -> str:
    """Return one ring as path data."""
    places = [at(lon, lat) for lon, lat in ring]  # type: ignore[operator]  # how a place is projected
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in places) + "Z"
