"""Whole estates read and written: folders, JSON, Parquet, MATPOWER cases and samples."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from noroshi.errors import InputError, NotFoundError
from noroshi.estate.diff import diff
from noroshi.estate.generate import generate
from noroshi.estate.model import DTYPES, Benchmark
from noroshi.estate.tables import TABLES
from noroshi.files.estates import Format, load, read, samples, save

Files = dict[str, str]
Write = Callable[[Mapping[str, "str | bytes"]], Path]


def test_the_tiny_estate_is_sound_and_typed(tiny: Files, write: Write) -> None:
    estate, findings = read(write(tiny))
    assert estate is not None
    assert findings.faults() == ()
    assert list(estate.frames) == list(TABLES)
    for name, table in TABLES.items():
        frame = estate.frames[name]
        assert frame.schema == {col.name: DTYPES[col.kind] for col in table.columns}
    assert estate.meta.id == "tiny"
    assert estate.meta.season == "winter"
    assert estate.meta.benchmark == Benchmark(72.0, 58.5, 37.8, 20.7, "a survey", 2014)
    assert estate.column("organisations", "employees").tolist() == [1200, 300]
    assert estate.column("organisations", "illustrative").tolist() == [True, True]
    assert estate.lists("dependencies", "providers")[:2] == [["b1", "b2"], ["berth-1", "berth-2"]]


def test_what_is_not_given_takes_the_default_or_stays_empty(tiny: Files, write: Write) -> None:
    estate = load(write(tiny))
    assert estate.column("generators", "cost").tolist() == [0.5, 0.5]
    assert estate.column("dependencies", "logic").tolist() == ["mean", "k_of_n", "all", "all"]
    assert estate.column("dependencies", "k").dtype == np.int64
    assert estate.frames["power_branches"]["x_pu"].to_list() == [0.02, None]
    assert estate.frames["generators"]["black_start"].to_list() == [False, False]
    assert estate.frames["services"]["lat"].null_count() == 2


@pytest.mark.parametrize("form", ["csv", "parquet", "json"])
@pytest.mark.parametrize("units", [False, True])
def test_what_is_saved_reads_back_equal(form: Format, units: bool, tiny: Files, write: Write, tmp_path: Path) -> None:
    estate = load(write(tiny))
    where = tmp_path / ("out.json" if form == "json" else "out")
    save(estate, where, form, with_units=units)
    again = load(where)
    assert again.meta == estate.meta
    for name in TABLES:
        assert again.frames[name].equals(estate.frames[name]), name


def test_a_generated_estate_survives_every_format(tmp_path: Path) -> None:
    estate = generate(300, np.random.default_rng(5))
    forms: dict[Format, str] = {"csv": "a", "json": "b.json", "parquet": "c"}
    for form, name in forms.items():
        save(estate, tmp_path / name, form)
        assert not diff(estate, load(tmp_path / name))


def test_an_older_save_leaves_nothing_behind(tiny: Files, write: Write, tmp_path: Path) -> None:
    estate = load(write(tiny))
    save(estate, tmp_path / "out", "csv")
    (tmp_path / "out" / "README.md").write_text("kept")
    save(estate, tmp_path / "out", "parquet")
    assert not list((tmp_path / "out").glob("*.csv"))
    assert (tmp_path / "out" / "README.md").exists()
    assert load(tmp_path / "out").meta == estate.meta


def test_units_in_headers(tiny: Files, write: Write, tmp_path: Path) -> None:
    estate = load(write(tiny))
    save(estate, tmp_path / "out", with_units=True)
    header = (tmp_path / "out" / "power_branches.csv").read_text(encoding="utf-8").splitlines()[0]
    assert '"x_pu [per unit, 100 MVA]"' in header
    assert "rating_mw [MW]" in header


def test_a_unit_in_the_header_fills_the_unit_column(tiny: Files, write: Write) -> None:
    tiny["assets.csv"] = "id,kind,capacity [t/h]\nberth-1,berth,400\nberth-2,berth,300\n"
    assert load(write(tiny)).column("assets", "unit").tolist() == ["t/h", "t/h"]


def test_load_raises_with_every_error_and_no_warning(tiny: Files, write: Write) -> None:
    tiny["gas_nodes.csv"] = "id,demand_tph\nn1,-1\nn2,NaN\n"
    tiny["services.csv"] += "lone,Lone,孤立,power,1,0.5,24,\n"
    folder = write(tiny)
    with pytest.raises(InputError) as raised:
        load(folder)
    assert [fault.code for fault in raised.value.faults] == ["out-of-range", "not-finite"]
    assert raised.value.total == 2
    with pytest.raises(InputError) as raised:
        load(folder, "ja")
    assert "以上" in raised.value.faults[0].expected


def test_unknown_places_name_the_samples(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"expected a folder with estate\.toml") as raised:
        load(tmp_path / "nothing")
    assert all(name in str(raised.value) for name in samples())


def test_a_samples_name_means_the_sample_whatever_lies_in_the_current_folder(
    tiny: Files, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = write(tiny)
    own.rename(own.parent / "sorami")
    monkeypatch.chdir(own.parent)
    assert load("sorami").meta.name_en != load("./sorami").meta.name_en


def test_estate_toml_itself_means_its_folder(tiny: Files, write: Write) -> None:
    assert load(write(tiny) / "estate.toml").meta.id == "tiny"


def test_a_folder_without_tables_is_a_fault(write: Write) -> None:
    estate, findings = read(write({"estate.toml": 'id = "bare"\n'}))
    assert estate is None
    assert [(f.code, f.file) for f in findings.faults()] == [("missing-file", "*.csv")]


def test_a_file_unlike_any_table_is_only_a_warning(tiny: Files, write: Write) -> None:
    tiny["answers.csv"] = "question,answer\n"
    estate, findings = read(write(tiny))
    assert estate is not None
    assert [(f.code, f.severity) for f in findings.faults()] == [("unknown-file", "warning")]


def test_progress_names_each_table(tiny: Files, write: Write) -> None:
    seen: list[str] = []
    read(write(tiny), seen.append)
    assert seen[0] == "sectors"
    assert seen[-1] == "keys"
    assert "power_buses" in seen


def test_parquet_columns_of_another_type_are_checked_as_text(tiny: Files, write: Write) -> None:
    folder = write({k: v for k, v in tiny.items() if k != "gas_nodes.csv"})
    pl.DataFrame({"id": ["n1", "n2"], "demand_tph": ["10", "lots"]}).write_parquet(folder / "gas_nodes.parquet")
    _, findings = read(folder)
    assert [(f.code, f.file, f.row) for f in findings.faults()] == [("bad-number", "gas_nodes.parquet", 3)]


def test_parquet_columns_that_no_cell_can_hold_are_faults_too(tiny: Files, write: Write) -> None:
    folder = write({k: v for k, v in tiny.items() if k != "gas_nodes.csv"})
    frame = pl.DataFrame({"id": ["n1", "n2"], "demand_tph": [[1.0], [2.0]], "area": [date(2024, 3, 1), None]})
    frame.write_parquet(folder / "gas_nodes.parquet")
    _, findings = read(folder)
    assert [(f.code, f.column, f.found) for f in findings.faults()] == [
        ("date-mangled", "area", "2024-03-01"),
        ("bad-number", "demand_tph", "[1.0]"),
        ("bad-number", "demand_tph", "[2.0]"),
    ]


def test_toml_that_is_nested_too_deeply_is_a_fault(tiny: Files, write: Write) -> None:
    tiny["estate.toml"] = "id = " + "[" * 50_000
    _, findings = read(write(tiny))
    assert [f.code for f in findings.faults()] == ["bad-toml"]


def test_every_sample_is_without_errors() -> None:
    for name in samples():
        estate, findings = read(name)
        assert estate is not None, findings.faults()
        assert findings.errors == 0
        assert estate.meta.id == name
