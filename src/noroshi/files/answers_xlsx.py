"""Reads a workbook of answers, after making sure that it is one and may be opened: size, macros, links, encryption."""

from __future__ import annotations

import zipfile
import zlib
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from noroshi.errors import Fault, InputError
from noroshi.files.answer_cells import EPOCH, Broken
from noroshi.files.answers_grid import Grid, Row, has_header, read_grid

if TYPE_CHECKING:
    from noroshi.rate.catalogue import Catalogue
    from noroshi.rate.evidence import Sheet

__all__ = ["SUFFIXES", "read_workbook"]

SUFFIXES = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
"""Files that are taken for workbooks; all but the first are refused, with what to do."""
LARGEST_FILE, LARGEST_WHOLE, MOST_PARTS = 20_000_000, 60_000_000, 2_000
MOST_COLUMNS = 64
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LOCKED = "EncryptedPackage".encode("utf-16-le")
ENTITIES = ("<!DOCTYPE", "<!ENTITY")
CODE = "bad-workbook"
SAVE_AS = "save it as an Excel workbook (.xlsx)"


def read_workbook(where: str | Path, catalogue: Catalogue) -> Sheet:
    """Return the answers in the .xlsx file at `where`, from the first sheet that has their table.

    InputError for what is no such file, or must not be opened, and for every fault of the answers (see `read_grid`).
    """
    path = Path(where)
    _inspect(path)
    return read_grid(_grid(path), catalogue)


def _refuse(path: Path, found: str, expected: str, remedy: str, code: str = CODE) -> InputError:
    """Return the error that a file is refused with."""
    return InputError([Fault(code, "error", str(path), None, "", found, expected, remedy)])


def _inspect(path: Path) -> None:
    """Refuse files that are no workbook, too large when unpacked, encrypted, or with macros or links to other files."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(1 << 16)
    except OSError as error:
        raise _refuse(
            path, error.strerror or "", "a workbook that can be read", "correct the path", "missing-file"
        ) from None
    if not start:
        raise _refuse(path, "an empty file", "an .xlsx workbook", "export the form again")
    if size > LARGEST_FILE:
        most = f"at most {LARGEST_FILE:,} bytes"
        raise _refuse(path, f"{size:,} bytes", most, "remove pictures and other sheets", "too-many")
    if start.startswith(OLE):
        locked = LOCKED in start or LOCKED in path.read_bytes()
        found = "an encrypted workbook" if locked else "an old Excel workbook (.xls)"
        raise _refuse(path, found, "an .xlsx workbook", "remove its password and save it again" if locked else SAVE_AS)
    try:
        with zipfile.ZipFile(path) as parts:
            _inspect_parts(path, parts)
    except (
        zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError, zlib.error,
    ) as error:  # fmt: skip
        raise _refuse(path, f"no workbook: {error}", "an .xlsx workbook", SAVE_AS) from None


def _inspect_parts(path: Path, parts: zipfile.ZipFile) -> None:
    """Refuse an archive that is no workbook or holds more than a form of answers may."""
    infos = parts.infolist()
    whole = sum(info.file_size for info in infos)
    if whole > LARGEST_WHOLE or len(infos) > MOST_PARTS:
        found = f"{whole:,} bytes unpacked in {len(infos):,} parts"
        most = f"at most {LARGEST_WHOLE:,} bytes in {MOST_PARTS:,} parts"
        raise _refuse(path, found, most, "copy the answers into a fresh form", "too-many")
    names = [info.filename for info in infos]
    low = [name.lower() for name in names]
    if "xl/workbook.xml" not in low:
        kind = "an OpenDocument or other archive" if "mimetype" in low else "an archive without xl/workbook.xml"
        raise _refuse(path, kind, "an .xlsx workbook", SAVE_AS)
    if any(name.endswith("vbaproject.bin") or name.startswith("xl/macrosheets/") for name in low):
        raise _refuse(path, "macros", "a workbook without macros", SAVE_AS)
    if any(name.startswith("xl/externallinks/") for name in low):
        remedy = "replace links to other files by their values"
        raise _refuse(path, "links to other files", "a workbook without links", remedy)
    if any(info.flag_bits & 1 for info in infos):
        raise _refuse(path, "an encrypted archive", "an .xlsx workbook", "remove its password")
    for name in names:
        # A definition of entities can unfold to gigabytes in the parser; no spreadsheet writes one.
        text = parts.read(name) if name.lower().endswith((".xml", ".rels", ".vml")) else b""
        if any(mark.encode(code) in text for mark in ENTITIES for code in ("ascii", "utf-16-le", "utf-16-be")):
            raise _refuse(path, f"definitions of entities in {name}", "a workbook as spreadsheets write it", SAVE_AS)


def _grid(path: Path) -> Grid:
    """Return the cells of the first sheet that has a table of answers; of the first sheet if none has."""
    import warnings

    from openpyxl import load_workbook

    grids: list[Grid] = []
    data = path.read_bytes()  # held here, since the library leaves a file open where it fails
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of extensions that it leaves out when it writes; nothing is written
            values = load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
            source = load_workbook(BytesIO(data), read_only=True, keep_links=False)
            epoch = values.epoch.date()
            for name in values.sheetnames:
                if not hasattr(values[name], "iter_rows"):
                    continue  # a sheet that is a chart
                for page in (values[name], source[name]):
                    page.reset_dimensions()  # what the file says of its size may be wrong
                rows = _rows(values[name], source[name])
                grids.append(Grid(str(path), name, rows, epoch if epoch.year > EPOCH.year else EPOCH))
                if any(has_header(row) for row in rows):
                    break
    except Exception as error:  # noqa: BLE001  a damaged workbook can fail anywhere in the library; each is the file's fault
        said = f"{type(error).__name__}: {error}"[:200]
        raise _refuse(path, said, "an .xlsx workbook that can be read", "open and save it in a spreadsheet") from None
    if not grids:
        raise _refuse(path, "no sheet with cells", "a workbook with a sheet of answers", "export the form again")
    return next((grid for grid in grids if any(has_header(row) for row in grid.rows)), grids[0])


def _rows(values: Any, source: Any) -> tuple[Row, ...]:  # noqa: ANN401  openpyxl has no types
    """Return the cells of a sheet that hold something, by row; a formula is its stored value."""
    rows: list[Row] = []
    pairs = zip(values.iter_rows(max_col=MOST_COLUMNS), source.iter_rows(max_col=MOST_COLUMNS), strict=False)
    for number, (shown, written) in enumerate(pairs, start=1):
        cells: dict[int, object] = {}
        for column, (cell, formula) in enumerate(zip(shown, written, strict=False), start=1):
            value: object = cell.value
            if cell.data_type == "e":
                value = Broken("bad-answers", str(value), "a value", "correct the formula, or type the value")
            elif value is None and formula.value is not None:
                remedy = "open and save it in a spreadsheet, or type the value"
                value = Broken("missing-value", str(formula.value)[:60], "a formula with a stored value", remedy)
            if value is not None:
                cells[column] = value
        if cells:
            rows.append((number, cells))
    return tuple(rows)
