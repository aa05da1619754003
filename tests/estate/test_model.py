"""The estate in memory: complete tables, typed columns, look-ups."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from noroshi.estate.model import DTYPES, Meta, complete, empty, from_frames
from noroshi.estate.tables import TABLES, UNIT_TABLES


def test_every_table_is_there_and_complete() -> None:
    estate = from_frames(Meta("e"), {})
    assert list(estate.frames) == list(TABLES)
    for name, table in TABLES.items():
        assert estate.frame(name).schema == {col.name: DTYPES[col.kind] for col in table.columns}
        assert estate.count(name) == 0


@pytest.mark.parametrize(
    "data",
    [
        {"id": ["a", "b"], "island": ["x", "x"], "demand_mw": [1, None]},
        [{"id": "a", "island": "x", "demand_mw": 1}, {"id": "b", "island": "x"}],
        pl.DataFrame({"demand_mw": [1, None], "id": ["a", "b"], "island": ["x", "x"]}),
    ],
    ids=["columns", "rows", "frame"],
)
def test_tables_are_given_as_columns_rows_or_a_frame(data: pl.DataFrame) -> None:
    estate = from_frames(Meta("e"), {"power_buses": data})
    assert estate.frames["power_buses"].columns == [col.name for col in TABLES["power_buses"].columns]
    assert estate.column("power_buses", "demand_mw").tolist() == [1.0, 0.0]
    assert estate.column("power_buses", "critical_share").tolist() == [0.1, 0.1]


def test_columns_are_arrays_of_their_kind() -> None:
    estate = from_frames(
        Meta("e"),
        {
            "organisations": {"id": ["a", "b"], "employees": [1, None]},
            "power_branches": {"id": ["l"], "x_pu": [None], "rating_mw": [1.0]},
            "crews": {"id": ["c"]},
        },
    )
    assert estate.column("power_branches", "x_pu").dtype == np.float64
    assert np.isnan(estate.column("power_branches", "x_pu")[0])
    employees = estate.column("organisations", "employees")
    assert employees[0] == 1.0
    assert np.isnan(employees[1])
    assert estate.column("crews", "teams").dtype == np.int64
    assert estate.column("organisations", "illustrative").dtype == np.bool_
    names = estate.column("organisations", "name_en")
    assert names.dtype == object
    assert names.tolist() == [None, None]


def test_rows_and_lists() -> None:
    estate = from_frames(Meta("e"), {"dependencies": {"id": ["d", "e"], "providers": [" a;b ;;c", None]}})
    assert estate.rows("dependencies") == {"d": 0, "e": 1}
    assert estate.rows("dependencies") is estate.rows("dependencies")
    assert estate.lists("dependencies", "providers") == [["a", "b", "c"], []]
    assert estate.ids("dependencies") == ["d", "e"]


@pytest.mark.parametrize("frames", [{"bus": {"id": ["a"]}}, {"power_buses": {"id": ["a"], "island_name": ["x"]}}])
def test_what_is_not_described_is_refused(frames: dict[str, dict[str, list[str]]]) -> None:
    with pytest.raises(KeyError):
        from_frames(Meta("e"), frames)


def test_rows_without_any_value_are_kept_as_rows() -> None:
    table = TABLES["sectors"]
    frame = complete(table, pl.DataFrame(), 3)
    assert frame.height == 3
    assert frame["id"].null_count() == 3
    assert frame["score_spread"].to_list() == [20.0] * 3
    assert complete(table, pl.DataFrame()).equals(empty(table))


def test_unit_tables_have_ids_and_are_marked_as_units() -> None:
    assert set(UNIT_TABLES) == {name for name, table in TABLES.items() if table.units}
    assert all(table.columns[0].name == "id" for table in TABLES.values())
