"""Reading and writing whole estates: a folder of CSV or Parquet files, a JSON file, or a shipped sample by name."""

from __future__ import annotations

from importlib.resources import files as resources
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import polars as pl

from noroshi.errors import NotFoundError
from noroshi.estate.cells import Sheet, nearest, typed
from noroshi.estate.check import check, check_frames
from noroshi.estate.findings import Findings, Place
from noroshi.estate.headers import header, match
from noroshi.estate.model import Estate, Meta, empty
from noroshi.estate.tables import TABLES
from noroshi.files.estate_json import read_json, to_json
from noroshi.files.estate_toml import META_FILE, meta_text, read_meta
from noroshi.files.gaslib import gaslib_estate
from noroshi.files.gaslib_archive import is_gaslib
from noroshi.files.matpower import read_matpower
from noroshi.files.reading import decoded, read_csv, read_parquet

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Format", "is_sample", "load", "read", "samples", "save"]

Format = Literal["csv", "json", "parquet"]
CASES = (".m", ".m.gz")
READERS = {".csv": read_csv, ".parquet": read_parquet}


def samples() -> list[str]:
    """Return the names of the estates that ship with the product."""
    root = resources("noroshi.samples")
    return sorted(entry.name for entry in root.iterdir() if entry.is_dir() and (entry / META_FILE).is_file())


def is_sample(name: str) -> bool:
    """Say whether an estate of that name ships with the product: what a door may read that takes no paths."""
    return name in samples()


def load(where: str | Path, lang: str = "en") -> Estate:
    """Return the estate at `where`: a folder, a .json file, a MATPOWER case, a GasLib network or a sample's name.

    InputError (texts in `lang`) with every fault of every table if one is an error; NotFoundError if nothing is there.
    """
    estate, findings = read(where)
    findings.raise_errors(lang)
    if estate is None:  # pragma: no cover  without errors there is an estate
        raise AssertionError(where)
    return estate


def read(where: str | Path, progress: Callable[[str], None] | None = None) -> tuple[Estate | None, Findings]:
    """Return the estate at `where`, None if it has errors, and everything that was found in it.

    `progress` is called with the name of each table before it is read. NotFoundError if there is nothing at `where`.
    """
    path = locate(where)
    findings = Findings()
    step = progress or (lambda _: None)
    if path.name.endswith(CASES):
        case = read_matpower(path)
        findings = check(case)
        return (None if findings.errors else case), findings
    if is_gaslib(path) and not (path / META_FILE).is_file():
        network = gaslib_estate(path, findings)
        if network is None:
            return None, findings
        findings = check(network)
        return (None if findings.errors else network), findings
    if path.is_dir():
        meta, frames, places = read_folder(path, findings, step)
    else:
        meta, sheets = read_json(path, findings)
        frames, places = {}, {}
        for name, sheet in sheets.items():
            step(name)
            frames[name], places[name] = typed(match(sheet, findings), findings), sheet.place
    for name, table in TABLES.items():
        if name not in frames:
            frames[name] = empty(table)
            places[name] = Place(f"{name}.csv")
    step("keys")
    check_frames(frames, places, findings)
    if meta is None or findings.errors:
        return None, findings
    return Estate(meta, {name: frames[name] for name in TABLES}), findings


def locate(where: str | Path) -> Path:
    """Return the folder or file that `where` means; NotFoundError, naming the samples, if there is none.

    A sample's name always means the sample, so that what a case was opened with does not hang on the current folder; a
    folder of that name is given as ./NAME.
    """
    known = samples()
    if str(where) in known:
        return Path(str(resources("noroshi.samples") / str(where)))
    path = Path(where)
    if path.is_dir() or (path.is_file() and path.name.endswith((".json", ".zip", *CASES))):
        return path
    if path.is_file() and path.name == META_FILE:
        return path.parent
    near = nearest(str(where), known)
    hint = f" (did you mean {near}?)" if near else ""
    raise NotFoundError(
        f"no estate at {str(where)!r}{hint}: expected a folder with {META_FILE}, a .json file, "
        f"a MATPOWER case (.m), a GasLib network (.zip), or a sample: "
        f"{', '.join(known) or 'none is installed'}"
    )


def read_folder(
    folder: Path, findings: Findings, step: Callable[[str], None]
) -> tuple[Meta | None, dict[str, pl.DataFrame], dict[str, Place]]:
    """Return estate.toml and the tables of a folder; faults are noted."""
    meta = None
    if (folder / META_FILE).is_file():
        data = (folder / META_FILE).read_bytes()
        if decoded(data, META_FILE, findings):
            meta = read_meta(data.decode("utf-8-sig"), META_FILE, findings)
    else:
        findings.add("missing-file", META_FILE, found="no such file", expected="a file that says what the estate is",
                     expected_ja="エステートの基本情報のファイル",
                     hint=f'{META_FILE} with a line such as id = "{folder.name.lower()}"')  # fmt: skip
    found = table_files(folder, findings)
    if not found:
        findings.add("missing-file", "*.csv", found="no table", expected="at least one table",
                     expected_ja="1つ以上の表", hint="services.csv")  # fmt: skip
    frames, places = {}, {}
    for name, path in found.items():
        step(name)
        sheet: Sheet | None = READERS[path.suffix](path, TABLES[name], findings)
        if sheet is not None:
            frames[name], places[name] = typed(match(sheet, findings), findings), sheet.place
        else:
            places[name] = Place(path.name)
            frames[name] = empty(TABLES[name])
    return meta, frames, places


def table_files(folder: Path, findings: Findings) -> dict[str, Path]:
    """Return table -> file, in the order of `TABLES`; note files that look like tables and are none."""
    found: dict[str, Path] = {}
    for path in sorted(folder.iterdir()):
        if not path.is_file() or path.suffix not in READERS:
            continue
        if path.stem in found:
            findings.add("two-files", path.name, found=path.name, hint=found[path.stem].name)
        elif path.stem in TABLES:
            found[path.stem] = path
        else:
            near = nearest(path.stem, list(TABLES))
            findings.add("unknown-file" if near else "spare-file", path.name, found=path.name, hint=near + path.suffix)
    return {name: found[name] for name in TABLES if name in found}


def save(estate: Estate, where: str | Path, form: Format = "csv", *, with_units: bool = False) -> None:
    """Write the estate: a folder with estate.toml and a file per table that has rows, or one JSON file.

    Columns without any value are left out of CSV files unless they are required. With `with_units` CSV headers carry
    the unit. Table files of an older save in the same folder are removed, others are left alone.
    """
    path = Path(where)
    if form == "json":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(to_json(estate))
        return
    path.mkdir(parents=True, exist_ok=True)
    (path / META_FILE).write_text(meta_text(estate.meta), encoding="utf-8")
    for name, frame in estate.frames.items():
        for suffix in READERS:
            (path / f"{name}{suffix}").unlink(missing_ok=True)
        if not frame.height:
            continue
        if form == "parquet":
            frame.write_parquet(path / f"{name}.parquet")
        else:
            shown(name, frame, with_units=with_units).write_csv(path / f"{name}.csv")


def shown(name: str, frame: pl.DataFrame, *, with_units: bool) -> pl.DataFrame:
    """Return the table as its CSV shows it: yes/no as words, empty columns left out, headers with units if asked."""
    kept = [col for col in TABLES[name].columns if col.required or frame[col.name].null_count() < frame.height]
    columns = []
    for col in kept:
        values = pl.col(col.name)
        if frame[col.name].dtype == pl.Boolean:
            values = pl.when(values).then(pl.lit("yes")).otherwise(pl.lit("no"))
        columns.append(values.alias(header(col, with_unit=with_units)))
    return frame.select(columns)
