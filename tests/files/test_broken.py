# ruff: noqa: E501  the table of cases reads best with one case a line
"""Sixty-four broken estates: each report names file, row, column and remedy; the command exits with 2 and no traceback."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from noroshi.cli.main import main
from noroshi.files.estates import read

Files = dict[str, "str | bytes"]
Write = Callable[[Mapping[str, "str | bytes"]], Path]


@dataclass(frozen=True)
class Broken:
    """One broken estate: how it is broken, and the fault that must be reported."""

    name: str
    file: str
    old: str | None
    new: str | bytes | None
    code: str
    row: int | None
    column: str
    found: str = ""
    at: str = ""
    severity: str = "error"

    def breaks(self, files: Files) -> Files:
        """Return the files with this one broken: removed, replaced whole, or one text in it replaced."""
        if self.new is None:
            del files[self.file]
        elif self.old is None:
            files[self.file] = self.new
        else:
            text = files.get(self.file, "")
            assert isinstance(text, str)
            assert isinstance(self.new, str)
            assert self.old in text
            assert self.old != self.new
            files[self.file] = text.replace(self.old, self.new, 1)
        return files


CYCLE = "d5,b-x,b-y,all,,control,0,0\nd6,b-y,b-x,all,,control,0,0\n"
CASES = (
    Broken("no estate.toml", "estate.toml", None, None, "missing-file", None, ""),
    Broken("no table that is referred to", "sectors.csv", None, None, "dangling-key", 2, "sector", "power", "organisations.csv"),
    Broken("no buses", "power_buses.csv", None, None, "dangling-key", 2, "bus", "b1", "generators.csv"),
    Broken("bad TOML", "estate.toml", 'name_en = "Tiny"', "name_en = Tiny", "bad-toml", 2, ""),
    Broken("TOML without id", "estate.toml", 'id = "tiny"\n', "", "bad-toml", None, "id"),
    Broken("TOML of the wrong type", "estate.toml", "fictional = true", 'fictional = "yes"', "bad-toml", 4, "fictional"),
    Broken("TOML with an unknown key", "estate.toml", "season =", "saison =", "bad-toml", 5, "saison"),
    Broken("TOML with a season nobody knows", "estate.toml", "winter", "monsoon", "bad-toml", 5, "season", "monsoon"),
    Broken("benchmark without a year", "estate.toml", "year = 2014\n", "", "bad-toml", None, "benchmark.year"),
    Broken("benchmark above 100", "estate.toml", "pass_mark = 72", "pass_mark = 720", "bad-toml", 9, "benchmark.pass_mark", "720"),
    Broken("estate.toml in Shift_JIS", "estate.toml", None, 'id = "小さな国"'.encode("cp932"), "bad-encoding", 1, ""),
    Broken("file in Shift_JIS", "sectors.csv", None, "id,name_en,name_ja\npower,Power,電力\n".encode("cp932"), "bad-encoding", 2, "", "byte 31 is 0x93; the text seems to be Shift_JIS (cp932)"),
    Broken("file in UTF-16", "sectors.csv", None, "id,name_en,name_ja\n".encode("utf-16"), "bad-encoding", 1, "", "UTF-16 text (byte 0)"),
    Broken("file that is binary", "sectors.csv", None, b"id\n\xff\xfe\x00\x81\x00", "bad-encoding", 2, "", "byte 3 is 0xff"),
    Broken("empty file", "sectors.csv", None, "", "bad-csv", None, "", "an empty file"),
    Broken("semicolons", "gas_nodes.csv", None, "id;demand_tph\nn1;10\nn2;5\n", "bad-csv", 1, "", "id;demand_tph"),
    Broken("unpaired quote", "gas_nodes.csv", "n2,5", 'n2,"5', "bad-csv", 3, ""),
    Broken("row with too many cells", "gas_nodes.csv", "n2,5", "n2,5,6,7", "bad-csv", 3, "", "4 cells"),
    Broken("misspelt file", "gas_node.csv", None, "id,demand_tph\n", "unknown-file", None, "", "gas_node.csv"),
    Broken("one table in two files", "gas_nodes.parquet", None, b"", "unknown-file", None, "", "gas_nodes.parquet"),
    Broken("no Parquet", "trips.parquet", None, b"PAR0", "bad-parquet", None, ""),
    Broken("missing column", "power_branches.csv", "rating_mw,secure_mw", "secure_back_mw,secure_mw", "missing-column", 1, "rating_mw"),
    Broken("unknown column", "gas_nodes.csv", "demand_tph", "demand_tpd", "unknown-column", 1, "demand_tpd", "demand_tpd"),
    Broken("column twice", "gas_nodes.csv", "id,demand_tph\nn1,10\nn2,5", "id,demand_tph,demand_tph\nn1,10,1\nn2,5,1", "duplicate-column", 1, "demand_tph"),
    Broken("wrong unit", "gas_nodes.csv", "demand_tph", "demand_tph [m3/h]", "wrong-unit", 1, "demand_tph", "[m3/h]"),
    Broken("unit in the header against the rows' own", "assets.csv", "capacity,unit", "capacity [TEU/h],unit", "wrong-unit", 2, "unit", "t/h"),
    Broken("unit in the cell", "gas_nodes.csv", "n1,10", "n1,10 t/h", "bad-number", 2, "demand_tph", "10 t/h"),
    Broken("duplicate id", "gas_nodes.csv", "n2,5", "n2,5\nn2,7", "duplicate-id", 4, "id", "n2"),
    Broken("id of another table of units", "assets.csv", "berth-2,", "tos,", "duplicate-id", 3, "id", "tos"),
    Broken("id that is no slug", "gas_nodes.csv", "n2,5", "Node 2,5", "bad-id", 3, "id", "Node 2"),
    Broken("id missing", "gas_nodes.csv", "n2,5", ",5", "missing-value", 3, "id"),
    Broken("dangling key", "systems.csv", "tos,harbour", "tos,harbor", "dangling-key", 3, "organisation", "harbor"),
    Broken("dangling key in a list", "dependencies.csv", "b1; b2", "b1; b9", "dangling-key", 2, "providers", "b9"),
    Broken("required key missing", "systems.csv", "tos,harbour", "tos,", "missing-value", 3, "organisation"),
    Broken("negative capacity", "gas_pipes.csv", ",20,", ",-20,", "out-of-range", 2, "capacity_tph", "-20"),
    Broken("share above 1", "services.csv", "0.9", "90", "out-of-range", 2, "floor", "90"),
    Broken("latitude and longitude swapped", "assets.csv", "35.0,136.8", "136.8,35.0", "out-of-range", 2, "lat", "136.8"),
    Broken("NaN", "gas_nodes.csv", "n1,10", "n1,NaN", "not-finite", 2, "demand_tph", "NaN"),
    Broken("infinity", "power_branches.csv", "0.02,100", "0.02,inf", "not-finite", 2, "rating_mw", "inf"),
    Broken("overflow", "power_branches.csv", "0.02,100", "0.02,1e999", "not-finite", 2, "rating_mw", "1e999"),
    Broken("formula error", "gas_nodes.csv", "n1,10", "n1,#REF!", "bad-number", 2, "demand_tph", "#REF!"),
    Broken("thousands separator", "gas_nodes.csv", "n1,10", 'n1,"1,234"', "bad-number", 2, "demand_tph", "1,234"),
    Broken("decimal comma", "gas_nodes.csv", "n1,10", 'n1,"10,5"', "bad-number", 2, "demand_tph", "10,5"),
    Broken("full-width digits", "gas_nodes.csv", "n1,10", "n1,\uff11\uff10", "bad-number", 2, "demand_tph", "\uff11\uff10"),
    Broken("word for a number", "gas_nodes.csv", "n1,10", "n1,many", "bad-number", 2, "demand_tph", "many"),
    Broken("half a person", "organisations.csv", "1200", "1200.5", "bad-number", 2, "employees", "1200.5"),
    Broken("date for an id", "gas_nodes.csv", "n2,5", "1-Mar,5", "date-mangled", 3, "id", "1-Mar"),
    Broken("day number for an id", "assets.csv", "berth-2", "45352", "date-mangled", 3, "id", "45352"),
    Broken("date for a number", "gas_nodes.csv", "n2,5", "n2,2024/03/01 0:00", "date-mangled", 3, "demand_tph"),
    Broken("date for a key", "gas_pipes.csv", "n1,n2", "n1,3月1日", "date-mangled", 2, "to_node", "3月1日"),
    Broken("date for a name", "sectors.csv", "Ports", "2024-03-01", "date-mangled", 3, "name_en", "2024-03-01"),
    Broken("unknown choice", "power_branches.csv", ",fc,", ",dcc,", "bad-choice", 3, "kind", "dcc"),
    Broken("neither yes nor no", "gas_pipes.csv", ",no", ",maybe", "bad-yes-no", 2, "one_way", "maybe"),
    Broken("tie across 50 and 60 Hz", "power_branches.csv", "fc1,b2,b3,fc,", "fc1,b2,b3,ac,0.1", "frequency-tie", 3, "kind", "ac from b2 (east, 50 Hz) to b3 (west, 60 Hz)"),
    Broken("two frequencies in an island", "power_buses.csv", "b2,east,50", "b2,east,60", "frequency-tie", 3, "frequency_hz", "60"),
    Broken("no reactance", "power_branches.csv", "0.02", "", "no-reactance", 2, "x_pu"),
    Broken("reactance of zero", "power_branches.csv", "0.02", "0", "no-reactance", 2, "x_pu", "0"),
    Broken("line to itself", "power_branches.csv", "l1,b1,b2", "l1,b1,b1", "self-loop", 2, "to_bus", "b1"),
    Broken("dependency on itself", "dependencies.csv", "d3,berth-1,b3", "d3,berth-1,berth-1", "cycle-without-store", 4, "providers", "berth-1"),
    Broken("circle without store", "dependencies.csv", "b3,all,,electricity,6,0.2\nd4,berth-2,b3,all,,electricity,6,0.2", "berth-2,all,,access,0,0\nd4,berth-2,berth-1,all,,access,0,0", "cycle-without-store", 4, "autonomy_h", "berth-1 -> berth-2 -> berth-1"),
    Broken("more wanted than there are", "dependencies.csv", "k_of_n,1", "k_of_n,3", "out-of-range", 3, "k", "3"),
    Broken("median above the 90th percentile", "systems.csv", "48,240", "480,240", "out-of-range", 3, "restore_p50_h", "480"),
    Broken("no address", "networks.csv", "192.0.2.0/24", "192.0.2.0/240", "bad-address", 2, "value", "192.0.2.0/240"),
    Broken("interval beside its mean", "sectors.csv", "score [points]\npower,Power,電力,60\nport,Ports,港湾,", "score,score_low\npower,Power,電力,60,70\nport,Ports,港湾,,", "out-of-range", 2, "score", "60"),
)  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_fault_is_reported_with_its_place(case: Broken, tiny: Files, write: Write) -> None:
    folder = write(case.breaks(tiny))
    estate, findings = read(folder)
    assert estate is None
    fault = next(f for f in findings.faults() if f.code == case.code and f.column == case.column)
    if case.file.endswith(".csv") or case.at:
        assert fault.file == (case.at or case.file)
    assert (fault.row, fault.severity) == (case.row, case.severity)
    assert case.found in fault.found
    assert fault.remedy
    assert fault.expected
    japanese = findings.faults("ja")[findings.faults().index(fault)]
    assert (japanese.file, japanese.row, japanese.column, japanese.found) == (
        fault.file,
        fault.row,
        fault.column,
        fault.found,
    )
    assert not japanese.line("ja").isascii()
    assert "{" not in japanese.remedy.replace("{ pass_mark", "")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_command_says_so_and_exits_with_2(
    case: Broken, tiny: Files, write: Write, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write(case.breaks(tiny))
    with pytest.raises(SystemExit) as exited:
        main(["estate", "check", str(folder)])
    out, err = capsys.readouterr()
    assert exited.value.code == 2
    place = f":{case.row}" if case.row else ""
    place += f" [{case.column}]" if case.column else ""
    line = next(line for line in out.splitlines() if f"{place}: error {case.code}:" in line)
    assert line.startswith(case.at or case.file) or not case.file.endswith(".csv")
    assert "remedy: " in line
    assert "Traceback" not in out + err


def test_one_fault_does_not_cause_others(tiny: Files, write: Write) -> None:
    """A cell that cannot be read is not also missing, out of range or dangling."""
    tiny["systems.csv"] = str(tiny["systems.csv"]).replace("48,240", "48,many")
    tiny["gas_pipes.csv"] = str(tiny["gas_pipes.csv"]).replace("n1,n2", "n1,1-Mar")
    tiny["power_branches.csv"] = str(tiny["power_branches.csv"]).replace("100,80", "many,80")
    found = [(f.code, f.column) for f in read(write(tiny))[1].faults() if f.severity == "error"]
    assert sorted(found) == [("bad-number", "rating_mw"), ("bad-number", "restore_p90_h"), ("date-mangled", "to_node")]


def test_all_faults_of_all_tables_come_at_once(tiny: Files, write: Write) -> None:
    whole = tiny
    for case in (c for c in CASES if c.name in {"negative capacity", "dangling key", "unknown choice", "NaN"}):
        whole = case.breaks(whole)
    _, findings = read(write(whole))
    assert findings.errors == 4
    assert {f.file for f in findings.faults()} == {
        "systems.csv",
        "gas_pipes.csv",
        "gas_nodes.csv",
        "power_branches.csv",
    }


def test_the_first_thousand_are_listed_and_all_are_counted(tiny: Files, write: Write) -> None:
    rows = "".join(f"x{k},-1\n" for k in range(30_000))
    tiny["gas_nodes.csv"] = "id,demand_tph\nn1,10\nn2,5\n" + rows
    _, findings = read(write(tiny))
    faults = findings.faults()
    assert len(faults) == 1000
    assert findings.errors == 30_000
    assert findings.counts()["error"] == {"out-of-range": 30_000}
    assert [f.row for f in faults[:3]] == [4, 5, 6]


def test_warnings_come_after_errors_and_do_not_stop(tiny: Files, write: Write) -> None:
    tiny["services.csv"] = str(tiny["services.csv"]) + "lone,Lone,孤立,power,1,0.5,24,\n"
    estate, findings = read(write(tiny))
    assert estate is not None
    assert [(f.code, f.row, f.severity) for f in findings.faults()] == [("no-provider", 4, "warning")]
