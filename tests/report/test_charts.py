"""The charts and maps: sound XML, no style attributes, and what they draw is where it belongs."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from noroshi.desk.brief_schema import CurveBand
from noroshi.report import charts, maps, svg
from noroshi.report.places import TILES, area_name, tile_of

SHARES = st.floats(min_value=0, max_value=1)


def parsed(markup: str) -> ET.Element:
    tree = ET.fromstring(markup)  # noqa: S314  our own markup
    for node in tree.iter():
        assert "style" not in node.attrib
        assert not any(name.startswith("on") for name in node.attrib)
    return tree


def local(node: ET.Element) -> str:
    return node.tag.rpartition("}")[2]


def of_class(tree: ET.Element, name: str) -> list[ET.Element]:
    return [node for node in tree.iter() if name in node.attrib.get("class", "").split()]


@pytest.mark.parametrize(
    ("value", "said"), [(0, "0"), (-0.001, "0"), (1.5, "1.5"), (10, "10"), (2 / 3, "0.67"), (-3, "-3")]
)
def test_numbers_are_short(value: float, said: str) -> None:
    assert svg.number(value) == said


def test_a_coordinate_must_be_finite() -> None:
    with pytest.raises(ValueError, match="cannot be nan"):
        svg.number(float("nan"))


def test_what_is_said_is_escaped() -> None:
    tree = parsed(svg.text("<b> & 'x'", class_='a"b'))
    assert tree.text == "<b> & 'x'"
    assert tree.attrib["class"] == 'a"b'


@given(st.floats(-1e6, 1e6), st.floats(0.001, 1e6))
def test_ticks_are_round_and_inside(low: float, width: float) -> None:
    at = svg.ticks(low, low + width)
    assert len(at) <= 6
    assert all(low - 1e-6 * width <= v <= low + width * (1 + 1e-6) for v in at)


def test_ticks_of_nothing() -> None:
    assert svg.ticks(3, 3) == [3]


@pytest.mark.parametrize(("value", "place"), [(-5, "0%"), (0, "0%"), (25, "25%"), (100, "100%"), (900, "100%")])
def test_places_stay_inside(value: float, place: str) -> None:
    assert svg.share_of(value, 0, 100) == place


def test_the_ladder_row_shows_score_interval_and_mark() -> None:
    tree = parsed(charts.dot_interval(58.5, (54, 63), (0, 100), 2, 72))
    (line,) = of_class(tree, "ivl")
    assert (line.attrib["x1"], line.attrib["x2"]) == ("54%", "63%")
    assert of_class(tree, "passmark")[0].attrib["x1"] == "72%"
    assert any(node.attrib.get("x") == "58.5%" for node in tree.iter())
    assert tree.attrib["aria-hidden"] == "true"


def test_each_state_has_its_own_shape() -> None:
    shapes = {re.search(r' d="([^"]+)"', svg.glyph(state))[1] for state in range(4)}  # type: ignore[index]
    assert len(shapes) == 4


def test_a_bar_has_its_length_and_its_whisker() -> None:
    tree = parsed(charts.bar(25, 100, low=10, high=60))
    assert of_class(tree, "bar")[0].attrib["width"] == "25%"
    assert {n.attrib["x1"] for n in of_class(tree, "whisker")} == {"10%", "60%"}
    assert of_class(parsed(charts.bar(0, 0)), "bar")[0].attrib["width"] == "0%"


def test_a_swing_goes_from_the_mean_to_both_ends() -> None:
    tree = parsed(charts.swing(50, 175, 100, (50, 250), strong=True))
    low, high = of_class(tree, "swing")
    assert (low.attrib["x"], low.attrib["width"]) == ("0%", "25%")
    assert (high.attrib["x"], high.attrib["width"]) == ("25%", "37.5%")
    assert of_class(tree, "mark")


def test_a_span_is_open_where_no_example_is_known() -> None:
    assert of_class(parsed(charts.span(2, None, 4, state=0)), "open")
    assert of_class(parsed(charts.span(1, 2, 4, state=1)), "end")
    assert not of_class(parsed(charts.span(2, 2, 4, state=1)), "end")


def test_an_axis_keeps_its_end_labels_inside() -> None:
    tree = parsed(charts.axis([(0.0, "0"), (50.0, "50"), (100.0, "100")], 0, 100, (72.0, "72")))
    anchors = [node.attrib["text-anchor"] for node in tree.iter() if local(node) == "text"]
    assert anchors == ["start", "middle", "end", "middle"]


@given(st.lists(st.tuples(SHARES, SHARES, SHARES), min_size=1, max_size=30), SHARES)
def test_a_fan_draws_any_curves(rows: list[tuple[float, float, float]], floor: float) -> None:
    ordered = [sorted(row) for row in rows]
    low, middle, high = (tuple(row[k] for row in ordered) for k in range(3))
    bands = CurveBand(hours=tuple(float(h) for h in range(len(rows))), p05=low, p50=middle, p95=high)
    tree = parsed(charts.fan(bands, floor=floor, label="what", lang="ja"))
    assert tree.attrib["aria-label"] == "what"
    ys = [float(v) for v in re.findall(r"[ML][\d.]+ ([\d.]+)", of_class(tree, "median")[0].attrib["d"])]
    assert max(ys) == pytest.approx(1000 * (1 - min(middle)), abs=0.01)
    assert min(ys) == pytest.approx(1000 * (1 - max(middle)), abs=0.01)


def test_the_47_tiles_do_not_overlap() -> None:
    assert sorted(tile.code for tile in TILES) == [f"JP-{k:02d}" for k in range(1, 48)]
    for a in TILES:
        for b in TILES:
            apart = (
                a is b
                or a.column + a.size <= b.column
                or b.column + b.size <= a.column
                or a.row + a.size <= b.row
                or b.row + b.size <= a.row
            )
            assert apart, (a.name_en, b.name_en)


def test_no_two_tiles_say_the_same() -> None:
    assert len({tile.short_en for tile in TILES}) == len({tile.short_ja for tile in TILES}) == 47


def test_the_facts_name_the_same_prefectures(shared: object) -> None:
    import csv
    from pathlib import Path

    with (Path(str(shared)) / "facts/japan/prefectures.csv").open(encoding="utf-8") as file:
        facts = {row["code"]: (row["name_en"], row["name_ja"]) for row in csv.DictReader(file)}
    assert facts == {tile.code: (tile.name_en, tile.name_ja) for tile in TILES}


@pytest.mark.parametrize("written", ["JP-23", "aichi", "Aichi", "愛知県", "愛知"])
def test_a_prefecture_is_known_however_it_is_written(written: str) -> None:
    tile = tile_of(written)
    assert tile is not None
    assert tile.code == "JP-23"
    assert area_name(written, "ja") == "愛知"
    assert area_name(written, "en") == "Aichi"


def test_other_areas_are_shown_as_words() -> None:
    assert area_name("chubu", "ja") == "中部"
    assert area_name("north-coast", "en") == "North Coast"
    assert area_name("Old Harbour", "ja") == "Old Harbour"
    assert area_name("", "en") == ""


def test_the_tile_map_says_every_prefecture() -> None:
    tree = parsed(maps.tile_map({"JP-23": (3, "Electricity 40 %")}, "title", "words", "en", "no service"))
    titles = [node.text for node in tree.iter() if local(node) == "title"]
    assert len(titles) == 48
    assert "Aichi: Electricity 40 %" in titles
    assert len(of_class(tree, "soft3")) == 1
    assert len(of_class(tree, "none")) == 46


def test_the_point_map_keeps_points_inside_and_names_the_gravest() -> None:
    points = [maps.Point(35 + k / 10, 139 - k / 7, k % 4, f"Place {k}", "10 %") for k in range(12)]
    tree = parsed(maps.point_map(points, "title", "words"))
    width, height = (float(v) for v in tree.attrib["viewBox"].split()[2:])
    marks = [node for node in tree.iter() if local(node) == "svg" and "x" in node.attrib]
    assert len(marks) == 12
    assert all(0 <= float(m.attrib["x"]) <= width and 0 <= float(m.attrib["y"]) <= height for m in marks)
    names = [node.text for node in of_class(tree, "placename")]
    assert "Place 3" in names
    assert of_class(parsed(maps.point_map(points[:1], "one", "point")), "placename")
    with pytest.raises(ValueError, match="at least one"):
        maps.point_map([], "title", "words")
