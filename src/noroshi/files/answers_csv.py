"""Answers as CSV: the same table as the workbook's first sheet, for those without a spreadsheet program."""

from __future__ import annotations

import csv
import io
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from noroshi.errors import Fault, InputError
from noroshi.files.answer_words import COLUMNS, HEAD, TITLE, escape, label, number_text
from noroshi.files.answers_book import FORMULA, rows_of
from noroshi.files.answers_grid import Grid, Row, has_header, read_grid

if TYPE_CHECKING:
    from noroshi.rate.catalogue import Catalogue
    from noroshi.rate.evidence import Sheet

__all__ = ["read_csv", "write_csv"]

LARGEST_BYTES = 50_000_000
LONGEST_FIELD = 10_000_000
DELIMITERS = (",", ";", "\t")
"""Spreadsheets write the second where a comma is the decimal sign."""
ENCODINGS = ("utf-8-sig", "cp932")
"""Excel in Japan saves CSV in the second unless told otherwise."""


def write_csv(path: str | Path, catalogue: Catalogue, sheet: Sheet | None, lang: str) -> None:
    """Write the answers of a sheet, or a blank form, as CSV (UTF-8 with a mark, so that Excel sees it).

    A text that a spreadsheet would take for a formula is written after an apostrophe.
    """
    head: dict[str, object] = {"catalogue": f"{catalogue.id} ({catalogue.version})"}
    if sheet is not None:
        head |= {"organisation": sheet.organisation, "sector": sheet.sector, "as_of": sheet.as_of}
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([label(TITLE, lang)])
    writer.writerows([label(words, lang), _text(head.get(key))] for key, words in HEAD.items())
    writer.writerow([])
    writer.writerow([label((column.en, column.ja), lang) for column in COLUMNS.values()])
    for row in rows_of(catalogue, sheet, lang):
        writer.writerow([_text(row.get(key)) for key in COLUMNS])
    try:
        Path(path).write_text(out.getvalue(), encoding="utf-8-sig", newline="")
    except OSError as error:
        fault = Fault("missing-file", "error", str(path), None, "", error.strerror or "", "a file that can be written",
                      "correct the path, and close the file elsewhere")  # fmt: skip
        raise InputError([fault]) from None


def _text(value: object) -> str:
    """Return a value as a CSV field."""
    if isinstance(value, str):
        text = escape(value)
        return "'" + text if text.startswith((*FORMULA, "'")) else text
    if isinstance(value, date):
        return value.isoformat()
    return number_text(value) if isinstance(value, float) else "" if value is None else str(value)


def read_csv(where: str | Path, catalogue: Catalogue) -> Sheet:
    """Return the answers in a CSV file, UTF-8 or Shift JIS; InputError with every fault (see `read_grid`)."""
    path = Path(where)
    refuse = partial(Fault, severity="error", file=str(path))
    try:
        size = path.stat().st_size
        data = path.read_bytes() if size <= LARGEST_BYTES else b""
    except OSError as error:
        said = error.strerror or ""
        fault = refuse("missing-file", found=said, expected="a CSV file that can be read", remedy="correct the path")
        raise InputError([fault]) from None
    if size > LARGEST_BYTES:
        most = f"at most {LARGEST_BYTES:,} bytes"
        raise InputError([refuse("too-many", found=f"{size:,} bytes", expected=most, remedy="give a smaller file")])
    text = _decoded(path, data)
    tables = [_rows(path, text, delimiter) for delimiter in DELIMITERS]
    rows = next((rows for rows in tables if any(has_header(row) for row in rows)), tables[0])
    return read_grid(Grid(str(path), "", rows), catalogue)


def _rows(path: Path, text: str, delimiter: str) -> tuple[Row, ...]:
    """Return the rows of a CSV text that hold something; InputError where it is no CSV."""
    csv.field_size_limit(LONGEST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[Row] = []
    try:
        for number, fields in enumerate(reader, start=1):
            cells = {k: field.removeprefix("'") for k, field in enumerate(fields, start=1) if field.strip()}
            if cells:
                rows.append((number, cells))
    except csv.Error as error:
        wrong = Fault(
            "bad-csv", "error", str(path), reader.line_num, "", str(error), "a CSV table", "correct this line"
        )
        raise InputError([wrong]) from None
    return tuple(rows)


def _decoded(path: Path, data: bytes) -> str:
    """Return the text of a file, in the first encoding that fits."""
    for encoding in ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError as error:
            last = error
    row = data[: last.start].count(b"\n") + 1
    found = repr(data[last.start : last.start + 4])
    raise InputError([Fault("bad-encoding", "error", str(path), row, "", found, "UTF-8", "save it as UTF-8")])
