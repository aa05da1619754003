"""An estate as GeoJSON (RFC 7946): things with a position as points, what joins them as lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from noroshi.estate.tables import TABLES

if TYPE_CHECKING:
    from noroshi.estate.model import Estate

__all__ = ["features", "to_geojson"]

LINES = (
    ("power_branches", "from_bus", "to_bus", "power_buses"),
    ("gas_pipes", "from_node", "to_node", "gas_nodes"),
    ("transport_links", "from_stop", "to_stop", "transport_stops"),
)
"""Tables of lines, the columns of their ends, and the table in which those stand."""
BORROWED = (
    ("generators", "bus", "power_buses"),
    ("gas_sources", "node", "gas_nodes"),
    ("gas_stores", "node", "gas_nodes"),
)
"""Tables whose rows stand where another row stands unless they say where."""
Position = tuple[float, float]


def to_geojson(estate: Estate) -> bytes:
    """Return a FeatureCollection of everything in the estate that has a position, as JSON text.

    Positions are longitude, latitude in WGS 84. A feature's id is "table/id"; its properties are the row's columns that
    have a value, and `table`. Lines are straight, and cut at the 180th meridian where that is the shorter way (section
    3.1.9). Rows without a position, and lines with an end that has none, are left out.
    """
    collection = {"type": "FeatureCollection", "features": features(estate)}
    return msgspec.json.format(msgspec.json.encode(collection), indent=1) + b"\n"


def features(estate: Estate) -> list[dict[str, Any]]:
    """Return the features of the estate, points first."""
    out: list[dict[str, Any]] = []
    where: dict[str, dict[str, Position]] = {}
    for name, table in TABLES.items():
        if "lat" not in {col.name for col in table.columns}:
            continue
        where[name] = positions(estate, name)
    for name, column, target in BORROWED:
        own = where.setdefault(name, {})
        for ident, at in zip(estate.ids(name), estate.frames[name][column].to_list(), strict=True):
            if ident not in own and at in where[target]:
                own[ident] = where[target][at]
    for name, known in where.items():
        out += [
            feature(name, row, {"type": "Point", "coordinates": list(known[row["id"]])})
            for row in estate.frames[name].iter_rows(named=True)
            if row["id"] in known
        ]
    for name, start, end, target in LINES:
        known = where[target]
        for row in estate.frames[name].iter_rows(named=True):
            a, b = known.get(row[start]), known.get(row[end])
            if a and b:
                out.append(feature(name, row, line(a, b)))
    return out


def positions(estate: Estate, name: str) -> dict[str, Position]:
    """Return id -> (lon, lat) of the table's rows that have both."""
    frame = estate.frames[name].select("id", "lon", "lat").drop_nulls()
    return {ident: (lon, lat) for ident, lon, lat in frame.iter_rows()}


def feature(table: str, row: dict[str, Any], geometry: dict[str, Any]) -> dict[str, Any]:
    """Return one feature; the position is not repeated among its properties."""
    values = {key: value for key, value in row.items() if value is not None and key not in {"lat", "lon"}}
    properties = {"table": table, **values}
    return {"type": "Feature", "id": f"{table}/{row['id']}", "geometry": geometry, "properties": properties}


def line(a: Position, b: Position) -> dict[str, Any]:
    """Return the line between two positions, in two parts where it crosses the 180th meridian."""
    span = b[0] - a[0]
    if abs(span) <= 180:  # noqa: PLR2004  half the way round
        return {"type": "LineString", "coordinates": [list(a), list(b)]}
    edge = 180.0 if a[0] > 0 else -180.0
    whole = 360.0 - abs(span)
    lat = a[1] + (b[1] - a[1]) * (abs(edge - a[0]) / whole if whole else 0.0)
    return {"type": "MultiLineString", "coordinates": [[list(a), [edge, lat]], [[-edge, lat], list(b)]]}
