"""What a form, or a file that was sent, makes of an estate: typed and checked as its files are."""

from __future__ import annotations

import io
import tempfile
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from noroshi.errors import Fault, InputError, NotFoundError
from noroshi.estate.cells import Sheet, typed
from noroshi.estate.check import check_frames
from noroshi.estate.findings import Findings, Place
from noroshi.estate.model import Estate
from noroshi.estate.tables import TABLES
from noroshi.files.estate_json import sheet_of
from noroshi.files.estates import read

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["KINDS_OF_FILE", "brought_in", "with_row", "without_row"]

KINDS_OF_FILE = (".json", ".zip", ".m", ".m.gz")
LARGEST, MOST_FILES = 64_000_000, 100


def with_row(estate: Estate, table: str, ident: str, cells: Mapping[str, str], lang: str) -> Estate:
    """Return the estate with a row's cells as they were typed; ident "": a new row at the end.

    InputError with every fault that the estate has by it; NotFoundError where there is no such row.
    """
    rows = texts(estate, table)
    fresh = {col.name: cells.get(col.name, "").strip() or None for col in TABLES[table].columns}
    if ident:
        rows[at(estate, table, ident)] = fresh
    else:
        rows.append(fresh)
    return checked(estate, table, rows, lang)


def without_row(estate: Estate, table: str, ident: str, lang: str) -> Estate:
    """Return the estate without a row; InputError where another row names it, NotFoundError where there is none."""
    rows = texts(estate, table)
    del rows[at(estate, table, ident)]
    return checked(estate, table, rows, lang)


def at(estate: Estate, table: str, ident: str) -> int:
    """Return the number of a row."""
    if table not in TABLES or ident not in estate.rows(table):
        raise NotFoundError(f"the estate {estate.meta.id} has no {ident!r} in {table!r}")
    return estate.rows(table)[ident]


def texts(estate: Estate, table: str) -> list[dict[str, str | None]]:
    """Return the rows of a table as files have them."""
    if table not in TABLES:
        raise NotFoundError(f"an estate has no table {table!r}")
    return [
        {name: written(value) for name, value in row.items()} for row in estate.frame(table).iter_rows(named=True)
    ]  # fmt: skip


def written(value: object) -> str | None:
    """Return a cell as a file has it: what is read again is the same."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return None if value is None else str(value)


def checked(estate: Estate, table: str, rows: list[dict[str, str | None]], lang: str) -> Estate:
    """Return the estate with a table's rows, checked as a whole; InputError with every fault."""
    findings = Findings()
    places = {name: Place(f"{name}.csv") for name in TABLES}
    frames = dict(estate.frames)
    frames[table] = typed(Sheet(TABLES[table], sheet_of(rows, table, f"{table}.csv").frame, places[table]), findings)
    check_frames(frames, places, findings)
    findings.raise_errors(lang)
    return Estate(estate.meta, frames)


def brought_in(name: str, data: bytes) -> tuple[Estate | None, Findings]:
    """Return the estate of a file that was sent, None where it has errors, and all that was found in it.

    A JSON estate, a MATPOWER case, or a ZIP of a folder of tables. InputError for anything else. Nothing is kept.
    """
    kind = next((one for one in KINDS_OF_FILE if name.lower().endswith(one)), "")
    if not kind:
        raise InputError([Fault("unknown-file", file=name[:100], found=name[:100], expected=", ".join(KINDS_OF_FILE),
                                remedy="send an estate as JSON, its tables as a ZIP, or a MATPOWER case")])  # fmt: skip
    with tempfile.TemporaryDirectory(prefix="noroshi-") as folder:
        if kind == ".zip":
            return read(unpacked(name, data, Path(folder)))
        plain = Path(name.replace("\\", "/")).name
        sent = Path(folder) / f"{plain[: -len(kind)][:80] or 'estate'}{kind}"
        sent.write_bytes(data)
        return read(sent)


def unpacked(name: str, data: bytes, folder: Path) -> Path:
    """Unpack the files of a ZIP that could be tables into one folder; InputError for what is none, or too large."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            inside = [one for one in packed.infolist() if not one.is_dir() and "__MACOSX" not in one.filename]
            if len(inside) > MOST_FILES or sum(one.file_size for one in inside) > LARGEST:
                raise InputError([Fault("bad-csv", file=name[:100], found=f"{len(inside)} files",
                                        expected=f"at most {MOST_FILES} files and {LARGEST // 1_000_000} MB",
                                        remedy="send the tables of one estate alone")])  # fmt: skip
            for one in inside:
                plain = Path(one.filename.replace("\\", "/")).name
                if plain:
                    (folder / plain).write_bytes(packed.read(one))
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, zlib.error) as error:
        raise InputError([Fault("bad-csv", file=name[:100], found=str(error)[:100], expected="a ZIP of CSV tables",
                                remedy="pack the folder again, without a password")]) from None  # fmt: skip
    return folder
