"""A map as data: the nodes and lines of an estate, and how they stand at an hour; for the page and for files."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from noroshi.desk.whatif_places import CHOOSABLE, lines_of, units_of
from noroshi.desk.whatif_states import states_at

if TYPE_CHECKING:
    from noroshi.desk.whatif_runs import Answer
    from noroshi.estate.model import Estate

__all__ = ["LineShown", "MapShown", "NodeShown", "geojson", "map_of"]

LINE_TABLES = ("power_branches", "gas_pipes", "transport_links")
STATE_NAMES = ("normal", "degraded", "failing", "out")


class NodeShown(Struct, frozen=True, kw_only=True, array_like=True):
    """A unit at a place: degrees to a thousandth; hit: whether one can choose it."""

    id: str
    name_en: str
    name_ja: str
    table: str
    lat: float
    lon: float
    hit: bool


class LineShown(Struct, frozen=True, kw_only=True, array_like=True):
    """A line: its names, its network (power, gas, transport), and its two ends."""

    id: str
    name_en: str
    name_ja: str
    network: str
    lat: float
    lon: float
    to_lat: float
    to_lon: float


class MapShown(Struct, frozen=True, kw_only=True):
    """An estate as a map. coast: whether Japan's coast belongs to it; we know none of a fictional country."""

    estate: str
    coast: bool
    nodes: tuple[NodeShown, ...]
    lines: tuple[LineShown, ...]


def map_of(estate: Estate) -> MapShown:
    """Return an estate as a map: everything that has a place."""
    units = {one.id: one for one in units_of(estate)}
    nodes = tuple(
        NodeShown(id=one.id, name_en=one.name("en"), name_ja=one.name("ja"), table=one.table,
                  lat=round(one.lat, 3), lon=round(one.lon, 3), hit=one.table in CHOOSABLE)
        for one in units.values() if one.table not in LINE_TABLES and one.lat is not None and one.lon is not None
    )  # fmt: skip
    lines = tuple(
        LineShown(id=one.id, name_en=units[one.id].name("en"), name_ja=units[one.id].name("ja"), network=one.network,
                  lat=round(one.lat, 3), lon=round(one.lon, 3), to_lat=round(one.to_lat, 3),
                  to_lon=round(one.to_lon, 3))
        for one in lines_of(estate)
    )  # fmt: skip
    return MapShown(estate=estate.meta.id, coast=not estate.meta.fictional, nodes=nodes, lines=lines)


def geojson(shown: MapShown, answer: Answer, hour: float, ident: str) -> str:
    """Return where everything is and in which state at an hour, as GeoJSON (RFC 7946: longitude first, WGS 84)."""
    states = states_at(answer.playback, hour)
    features: list[dict[str, Any]] = []
    for one in shown.nodes:
        place = {"type": "Point", "coordinates": [one.lon, one.lat]}
        features.append(_feature(one.id, one.name_en, one.name_ja, one.table, states, place))
    for line in shown.lines:
        ends = {"type": "LineString", "coordinates": [[line.lon, line.lat], [line.to_lon, line.to_lat]]}
        features.append(_feature(line.id, line.name_en, line.name_ja, line.network, states, ends))
    said = {"type": "FeatureCollection", "run": ident, "hour": hour, "estate": shown.estate, "features": features}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def _feature(  # noqa: PLR0913  what a feature says
    ident: str, english: str, japanese: str, kind: str, states: dict[str, int], place: dict[str, Any]
) -> dict[str, Any]:
    """Return one feature."""
    said = {"name_en": english, "name_ja": japanese, "kind": kind, "state": STATE_NAMES[states.get(ident, 0)]}
    return {"type": "Feature", "id": ident, "properties": said, "geometry": place}
