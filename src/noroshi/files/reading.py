"""Reading one table from a file, CSV as spreadsheets write it or Parquet; what cannot be read is a fault."""

from __future__ import annotations

import codecs
import csv
import io
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from noroshi.estate.cells import Sheet
from noroshi.estate.column import Table
from noroshi.estate.findings import Place
from noroshi.estate.headers import DOUBLE

if TYPE_CHECKING:
    from pathlib import Path

    from noroshi.estate.findings import Findings

__all__ = ["decoded", "read_csv", "read_parquet"]

CHUNK = 1 << 22
OTHER_ENCODINGS = ("cp932", "euc_jp")
BOMS = ((codecs.BOM_UTF16_LE, "UTF-16"), (codecs.BOM_UTF16_BE, "UTF-16"))
DELIMITERS = {";": '";"', "\t": "tab", "|": '"|"'}
LARGEST_FIELD = 1 << 24


def read_csv(path: Path, table: Table, findings: Findings) -> Sheet | None:
    """Return the rows of a CSV file as text, empty cells as null and empty rows dropped; None if it cannot be read.

    The file is UTF-8, with or without byte order mark. Row numbers are those a spreadsheet shows.
    """
    data = path.read_bytes()
    if not decoded(data, path.name, findings):
        return None
    data = data.removeprefix(codecs.BOM_UTF8)
    if b"\n" not in data:
        data = data.replace(b"\r", b"\n")
    if not data[:CHUNK].strip():
        findings.add("empty-file", path.name, found="an empty file", hint=",".join(c.name for c in table.columns[:3]))
        return None
    first_line = data[: data.find(b"\n") if b"\n" in data else None].decode()
    if "," not in first_line:
        other = next((d for d in DELIMITERS if d in first_line), None)
        if other:
            findings.add("wrong-delimiter", path.name, row=1, found=first_line, hint=DELIMITERS[other])
            return None
    frame = parsed(data, path.name, findings)
    if frame is None:
        return None
    return without_blank_rows(stripped(frame), table, path.name)


def decoded(data: bytes, file: str, findings: Findings) -> bool:
    """Say whether `data` is UTF-8; if not, note the first byte that is not, and what the text seems to be."""
    for bom, name in BOMS:
        if data.startswith(bom):
            findings.add("bad-encoding", file, row=1, found=f"{name} text (byte 0)")
            return False
    decoder = codecs.getincrementaldecoder("utf-8")()
    for start in range(0, len(data) or 1, CHUNK):
        pending = len(decoder.getstate()[0])
        try:
            decoder.decode(data[start : start + CHUNK], final=start + CHUNK >= len(data))
        except UnicodeDecodeError as error:
            at = start - pending + error.start
            row = data.count(b"\n", 0, at) + 1
            findings.add("bad-encoding", file, row=row, found=f"byte {at} is 0x{data[at]:02x}{seems(data)}")
            return False
    return True


def seems(data: bytes) -> str:
    """Return in words what encoding the text seems to have, "" if none fits."""
    for name in OTHER_ENCODINGS:
        try:
            data.decode(name)
        except UnicodeDecodeError:
            continue
        return f"; the text seems to be {'Shift_JIS (cp932)' if name == 'cp932' else name}"
    return ""


def parsed(data: bytes, file: str, findings: Findings) -> pl.DataFrame | None:
    """Return the cells as text: fast where the file is well-formed, else row by row with a fault for each bad row."""
    try:
        titles = next(csv.reader(io.StringIO(data[: first_record_end(data)].decode()), strict=True))
        if len(set(titles)) == len(titles) and all(titles) and b"\x00" not in data:
            return pl.read_csv(data, infer_schema=False, has_header=True)
    except (pl.exceptions.PolarsError, csv.Error, StopIteration):
        pass
    return slowly(data.decode(), file, findings)


def first_record_end(data: bytes) -> int:
    """Return where the header's record ends: the first line end outside quotes."""
    quotes = 0
    start = 0
    while (end := data.find(b"\n", start)) >= 0:
        quotes += data.count(b'"', start, end)
        if quotes % 2 == 0:
            return end
        start = end + 1
    return len(data)


def slowly(text: str, file: str, findings: Findings) -> pl.DataFrame | None:
    """Read with Python's csv: rows of the wrong length and unpaired quotes are faults, the rest is returned."""
    csv.field_size_limit(LARGEST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[list[str]] = []
    long: list[tuple[int, int]] = []
    number = 0
    try:
        titles = next(reader)
        number = 1
        width = len(titles)
        for row in reader:
            number += 1
            if len(row) > width and any(row[width:]):
                long.append((number, len(row)))
            rows.append(row[:width] + [""] * (width - len(row)))
    except csv.Error as error:
        findings.add("bad-quote", file, row=number + 1, found=str(error))
        return None
    wrong = np.zeros(len(rows), dtype=np.bool_)
    wrong[[n - 2 for n, _ in long]] = True
    findings.many("ragged-row", Place(file), "", pl.Series(wrong), [f"{n} cells" for _, n in long[: findings.limit]],
                  expected=str(width))  # fmt: skip
    columns: dict[str, pl.Series] = {}
    for k, title in enumerate(titles):
        name = title
        while name in columns:
            name += DOUBLE
        columns[name] = pl.Series(name, [row[k] or None for row in rows], dtype=pl.String)
    return pl.DataFrame(columns)


def stripped(frame: pl.DataFrame) -> pl.DataFrame:
    """Return text columns without blanks around their cells, and with null where nothing is left."""
    frame = frame.with_columns(pl.all().str.strip_chars())
    least = frame.select(pl.all().str.len_bytes().min()).row(0)
    hollow = [name for name, length in zip(frame.columns, least, strict=True) if length == 0]
    return frame.with_columns(pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in hollow)


def without_blank_rows(frame: pl.DataFrame, table: Table, file: str) -> Sheet:
    """Return the sheet without rows that have no value at all; the others keep their numbers."""
    if any(series.null_count() == 0 for series in frame.get_columns()):
        return Sheet(table, frame, Place(file))
    keep = frame.select(~pl.all_horizontal(pl.all().is_null())).to_series()
    rows = keep.arg_true().to_numpy().astype(np.int64) + 2
    return Sheet(table, frame.filter(keep), Place(file, rows))


def read_parquet(path: Path, table: Table, findings: Findings) -> Sheet | None:
    """Return the table of a Parquet file, typed as it is stored; None if it is no Parquet file."""
    try:
        frame = pl.read_parquet(path, glob=False)
    except (pl.exceptions.PolarsError, OSError) as error:
        findings.add("bad-parquet", path.name, found=str(error).splitlines()[0])
        return None
    nested = [series.name for series in frame.get_columns() if series.dtype.is_nested()]
    frame = frame.with_columns(pl.Series(name, [str(v) for v in frame[name].to_list()]) for name in nested)
    return Sheet(table, frame, Place(path.name))
