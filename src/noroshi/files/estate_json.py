"""An estate as one JSON file: {"estate": {...}, "tables": {"assets": [{...}, ...], ...}}."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import polars as pl

from noroshi.estate.cells import Sheet, nearest
from noroshi.estate.findings import Place
from noroshi.estate.tables import TABLES
from noroshi.files.estate_toml import meta_from, meta_values
from noroshi.files.reading import decoded

if TYPE_CHECKING:
    from pathlib import Path

    from noroshi.estate.findings import Findings
    from noroshi.estate.model import Estate, Meta

__all__ = ["read_json", "to_json"]


def read_json(path: Path, findings: Findings) -> tuple[Meta | None, dict[str, Sheet]]:
    """Return what the file says the estate is, and its tables as text; faults are noted. Rows are numbered from 1."""
    data = path.read_bytes()
    if not decoded(data, path.name, findings):
        return None, {}
    try:
        whole = msgspec.json.decode(data)
    except (msgspec.DecodeError, RecursionError) as error:
        findings.add("bad-json", path.name, found=str(error), expected="valid JSON", expected_ja="正しいJSON",
                     hint="NaN, comments and trailing commas are not allowed",
                     hint_ja="NaN・注釈・末尾のカンマは使えない")  # fmt: skip
        return None, {}
    if not isinstance(whole, dict) or not isinstance(whole.get("estate"), dict):
        misshapen(path.name, "estate", whole, findings)
        return None, {}
    meta = meta_from(whole["estate"], path.name, findings)
    tables = whole.get("tables", {})
    if not isinstance(tables, dict):
        misshapen(path.name, "tables", tables, findings)
        return meta, {}
    sheets = {}
    for name, rows in tables.items():
        file = f"{path.name}#{name}"
        if name not in TABLES:
            findings.add("unknown-table", file, found=name, hint=nearest(name, list(TABLES)) or "a table")
        elif not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            findings.add("bad-json", file, found=shape(rows), expected="a list of rows, each an object",
                         expected_ja="行(オブジェクト)の配列", hint="put each row in braces",
                         hint_ja="各行を{}で囲む")  # fmt: skip
        else:
            sheets[name] = sheet_of(rows, name, file)
    return meta, sheets


def misshapen(file: str, key: str, value: object, findings: Findings) -> None:
    """Note that the file does not have the shape of an estate."""
    form = '{"estate": {...}, "tables": {...}}'
    findings.add("bad-json", file, column=key, found=shape(value), expected=f"an object {form}",
                 expected_ja=f"{form} の形", hint="put it in that shape", hint_ja="この形にする")  # fmt: skip


def sheet_of(rows: list[dict[str, Any]], name: str, file: str) -> Sheet:
    """Return rows of JSON values as text columns, so that one set of checks serves every format."""
    keys = list(dict.fromkeys(key for row in rows for key in row))
    columns = [pl.Series(key, [cell(row.get(key)) for row in rows], dtype=pl.String) for key in keys]
    return Sheet(TABLES[name], pl.DataFrame(columns), Place(file, first=1))


def cell(value: object) -> str | None:
    """Return a JSON value as the text a CSV cell would hold; None for null and blank text."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ";".join(str(part) for part in value)
    return str(value).strip() or None


def shape(value: object) -> str:
    """Return in words what a JSON value is."""
    names = {"dict": "an object", "list": "a list", "str": "text", "NoneType": "nothing"}
    return names.get(type(value).__name__, type(value).__name__)


def to_json(estate: Estate) -> bytes:
    """Return the estate as JSON, indented; tables without rows and cells without a value are left out."""
    tables = {}
    for name, frame in estate.frames.items():
        if frame.height:
            tables[name] = [{k: v for k, v in row.items() if v is not None} for row in frame.iter_rows(named=True)]
    whole = {"estate": meta_values(estate.meta), "tables": tables}
    return msgspec.json.format(msgspec.json.encode(whole), indent=1) + b"\n"
