"""Estates as one JSON file: what is wrong with it is named by table and row."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from noroshi.estate.schema import schema
from noroshi.files.estates import load, read

WHOLE: dict[str, Any] = {
    "estate": {"id": "j", "name_en": "J", "illustrative": False},
    "tables": {
        "sectors": [{"id": "power", "name_en": "Power", "name_ja": "電力", "score": 60}],
        "organisations": [{"id": "grid", "name_en": "G", "name_ja": "G", "sector": "power", "illustrative": True}],
        "systems": [
            {
                "id": "ems",
                "organisation": "grid",
                "name_en": "E",
                "name_ja": "E",
                "kind": "ems",
                "suppliers": ["msp", "v"],
            }
        ],
        "suppliers": [
            {"id": "msp", "name_en": "M", "name_ja": "M", "kind": "cloud", "note": None},
            {"id": "v", "name_en": "V", "name_ja": "V", "kind": "vendor", "note": " "},
        ],
    },
}


def write(tmp_path: Path, value: object) -> Path:
    """Write a value as JSON, text as it is; return the file."""
    path = tmp_path / "e.json"
    path.write_text(value if isinstance(value, str) else json.dumps(value), encoding="utf-8")
    return path


def test_values_of_every_type(tmp_path: Path) -> None:
    estate = load(write(tmp_path, WHOLE))
    assert estate.lists("systems", "suppliers") == [["msp", "v"]]
    assert estate.column("sectors", "score").tolist() == [60.0]
    assert estate.column("organisations", "illustrative").tolist() == [True]
    assert estate.column("suppliers", "note").tolist() == [None, None]
    assert not estate.meta.illustrative


@pytest.mark.parametrize(
    ("value", "file", "column"),
    [
        ('{"estate": ', "e.json", ""),
        ('{"estate": {"id": "j"}, "tables": {"sectors": [{"id": "a", "score": NaN}]}}', "e.json", ""),
        ("[" * 100_000, "e.json", ""),
        ([1], "e.json", "estate"),
        ({"estate": "x"}, "e.json", "estate"),
        ({"estate": {"id": "j"}, "tables": []}, "e.json", "tables"),
        ({"estate": {"id": "j"}, "tables": {"sectors": {"id": 1}}}, "e.json#sectors", ""),
        ({"estate": {"id": "j"}, "tables": {"sectors": [1]}}, "e.json#sectors", ""),
    ],
)
def test_what_is_no_estate(value: object, file: str, column: str, tmp_path: Path) -> None:
    estate, findings = read(write(tmp_path, value))
    assert estate is None
    assert [(f.code, f.file, f.column) for f in findings.faults()] == [("bad-json", file, column)]


def test_an_unknown_table_and_a_bad_cell(tmp_path: Path) -> None:
    whole = {**WHOLE, "tables": {**WHOLE["tables"], "asset": [], "holding": []}}
    whole["tables"]["sectors"] = [{"id": "power", "name_en": "Power", "name_ja": "電力", "score": {"is": 1}}]
    _, findings = read(write(tmp_path, whole))
    assert [(f.code, f.file, f.row) for f in findings.faults()] == [
        ("unknown-file", "e.json#asset", None),
        ("unknown-file", "e.json#holding", None),
        ("bad-number", "e.json#sectors", 1),
    ]


def test_a_file_in_another_encoding(tmp_path: Path) -> None:
    (tmp_path / "e.json").write_bytes('{"estate": {"id": "j", "name_ja": "電力"}}'.encode("cp932"))
    _, findings = read(tmp_path / "e.json")
    assert [f.code for f in findings.faults()] == ["bad-encoding"]


def test_the_schema_describes_the_file() -> None:
    described = schema()
    sectors = described["properties"]["tables"]["properties"]["sectors"]["items"]
    assert sectors["required"] == ["id", "name_en", "name_ja"]
    assert sectors["properties"]["score"] == {
        "type": "number",
        "description": "Mean security score of the sector, 0-100. Unit: points.",
        "minimum": 0.0,
        "maximum": 100.0,
    }
    assert set(WHOLE["tables"]) <= set(described["properties"]["tables"]["properties"])
    assert set(WHOLE["estate"]) <= set(described["properties"]["estate"]["properties"])
    systems = described["properties"]["tables"]["properties"]["systems"]["items"]["properties"]
    assert systems["organisation"]["x-refs"] == ["organisations"]
    assert systems["exposure"]["default"] == "internal"
    assert "ems" in systems["kind"]["enum"]
