"""The JSON Schema of an estate file, made from the described columns."""

from __future__ import annotations

from typing import Any

from noroshi.estate.cells import SLUG
from noroshi.estate.column import Column, Kind, Table
from noroshi.estate.model import SEASONS
from noroshi.estate.tables import TABLES

__all__ = ["schema"]

TYPES: dict[Kind, dict[str, Any]] = {
    Kind.ID: {"type": "string", "pattern": SLUG},
    Kind.TEXT: {"type": "string"},
    Kind.NUMBER: {"type": "number"},
    Kind.COUNT: {"type": "integer"},
    Kind.YES_NO: {"type": "boolean"},
    Kind.CHOICE: {"type": "string"},
    Kind.REF: {"type": "string"},
    Kind.REFS: {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
}
POINTS = {"type": "number", "minimum": 0, "maximum": 100}
META: dict[str, Any] = {
    "type": "object",
    "required": ["id"],
    "additionalProperties": False,
    "properties": {
        "id": {"type": "string", "pattern": SLUG},
        **{key: {"type": "string"} for key in
           ("name_en", "name_ja", "region", "currency", "time_zone", "version", "posture", "posture_ja")},
        "illustrative": {"type": "boolean", "description": "The figures are examples, not findings."},
        "fictional": {"type": "boolean", "description": "The place does not exist."},
        **{key: {"type": "array", "items": {"type": "string"}} for key in ("assumptions", "assumptions_ja", "sources")},
        "season": {"enum": list(SEASONS)},
        "benchmark": {
            "type": "object",
            "required": ["pass_mark", "overall", "technical", "organisational", "source", "year"],
            "additionalProperties": False,
            "properties": {
                **dict.fromkeys(("pass_mark", "overall", "technical", "organisational"), POINTS),
                "source": {"type": "string"},
                "year": {"type": "integer"},
            },
        },
    },
}  # fmt: skip


def schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of an estate as one JSON file."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Noroshi estate",
        "type": "object",
        "required": ["estate"],
        "additionalProperties": False,
        "properties": {
            "estate": META,
            "tables": {
                "type": "object",
                "additionalProperties": False,
                "properties": {name: table_schema(table) for name, table in TABLES.items()},
            },
        },
    }


def table_schema(table: Table) -> dict[str, Any]:
    """Return the schema of a table: a list of rows."""
    return {
        "description": table.row,
        "type": "array",
        "items": {
            "type": "object",
            "required": [col.name for col in table.columns if col.required],
            "additionalProperties": False,
            "properties": {col.name: column_schema(col) for col in table.columns},
        },
    }


def column_schema(col: Column) -> dict[str, Any]:
    """Return the schema of a cell: type, limits, allowed values, default, unit and meaning."""
    out = dict(TYPES[col.kind])
    out["description"] = f"{col.meaning} Unit: {col.unit}." if col.unit else col.meaning
    if col.choices:
        out["enum"] = list(col.choices)
    if col.low is not None and col.kind in {Kind.NUMBER, Kind.COUNT}:
        out["minimum"] = col.low
    if col.high is not None:
        out["maximum"] = col.high
    if col.default is not None:
        out["default"] = col.default
    if col.refs:
        out["x-refs"] = list(col.refs)
    return out
