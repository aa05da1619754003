# ruff: noqa: E501  a table of rows reads best with one row a line
"""GeoJSON as RFC 7946 wants it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from noroshi.estate.model import Meta, from_frames
from noroshi.files.geojson import line, to_geojson


def exported() -> dict[str, Any]:
    """Return the GeoJSON of an estate with points, borrowed points, lines and things without a place."""
    estate = from_frames(
        Meta("g"),
        {
            "assets": {"id": ["a", "b"], "kind": ["berth", "berth"], "lat": [35.0, None], "lon": [136.0, None]},
            "power_buses": {"id": ["b1", "b2", "b3"], "island": ["e"] * 3, "lat": [35.0, 36.0, None], "lon": [139.0, 140.0, None]},
            "power_branches": {"id": ["l1", "l2"], "from_bus": ["b1", "b2"], "to_bus": ["b2", "b3"], "rating_mw": [1.0, 1.0]},
            "generators": {"id": ["g1", "g2", "g3"], "bus": ["b1", "b3", "b2"], "fuel": ["gas"] * 3, "p_max_mw": [1.0] * 3,
                           "lat": [None, None, 37.0], "lon": [None, None, 141.0]},
            "services": {"id": ["s"], "name_en": ["S"], "name_ja": ["S"], "sector": ["x"], "lat": [35.5], "lon": [139.5]},
        },
    )  # fmt: skip
    whole: dict[str, Any] = json.loads(to_geojson(estate))
    return whole


def test_everything_with_a_place_is_there_once() -> None:
    whole = exported()
    assert whole["type"] == "FeatureCollection"
    ids = [feature["id"] for feature in whole["features"]]
    assert sorted(ids) == [
        "assets/a", "generators/g1", "generators/g3", "power_branches/l1", "power_buses/b1", "power_buses/b2", "services/s",
    ]  # fmt: skip
    assert len(set(ids)) == len(ids)


def test_positions_are_longitude_first_and_not_repeated() -> None:
    by_id = {feature["id"]: feature for feature in exported()["features"]}
    assert by_id["assets/a"]["geometry"] == {"type": "Point", "coordinates": [136.0, 35.0]}
    assert by_id["generators/g1"]["geometry"]["coordinates"] == [139.0, 35.0]
    assert by_id["generators/g3"]["geometry"]["coordinates"] == [141.0, 37.0]
    assert by_id["power_branches/l1"]["geometry"] == {
        "type": "LineString",
        "coordinates": [[139.0, 35.0], [140.0, 36.0]],
    }
    properties = by_id["assets/a"]["properties"]
    assert properties["table"] == "assets"
    assert {"lat", "lon", "name_en"} & set(properties) == set()


@pytest.mark.parametrize(("a", "b"), [((179.0, 10.0), (-179.0, 20.0)), ((-179.0, 20.0), (179.0, 10.0))])
def test_lines_are_cut_at_the_date_line(a: tuple[float, float], b: tuple[float, float]) -> None:
    parts = line(a, b)
    assert parts["type"] == "MultiLineString"
    (start, cut), (other, end) = parts["coordinates"]
    assert (tuple(start), tuple(end)) == (a, b)
    assert cut == [180.0 if a[0] > 0 else -180.0, 15.0]
    assert other == [-cut[0], 15.0]
