"""MATPOWER cases: a typed one whose every figure is known, and the public ones beside the repository."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from noroshi.errors import InputError, NotFoundError
from noroshi.estate.check import check
from noroshi.files.estates import load
from noroshi.files.matpower import marginal, read_matpower

CASE = """function mpc = small
%% a comment with mpc.bus = [ in it
mpc.version = '2';
mpc.baseMVA = 50;
mpc.bus = [
  1 3 10 0 0 0 1 1 0 275 1 1.1 0.9;  % slack
  2 1 -5 0 0 0 1 1 0 275 1 1.1 0.9; 4 1 20 0 0 0 2 1 0 0 1 1.1 0.9
  7, 4, 99, 0, 0, 0, 1, 1, 0, 275, 1, 1.1, 0.9;
  9 1 3 0 0 0 1 1 0 66 1 1.1 0.9;
];
mpc.gen = [
  1 0 0 0 0 1 100 1 80 -20;
  4 0 0 0 0 1 100 1 40 10;
  9 0 0 0 0 1 100 1 30 0;
  1 0 0 0 0 1 100 0 50 0;
  2 0 0 0 0 1 100 1 0 0;
];
mpc.branch = [
  1 2 0.01 0.10 0 100 100 120 0 0 1 -360 360;
  1 2 0.01 0.10 0 100 100 0 0.5 0 1 -360 360;
  2 4 0.01 0.20 0 0 0 0 0 0 1 -360 360;
  1 4 0.01 0.20 0 0 0 0 0 0 0 -360 360;
  1 7 0.01 0.20 0 0 0 0 0 0 1 -360 360;
];
mpc.gencost = [
  2 0 0 3 0.1 20 5;
  1 0 0 3 0 0 10 100 40 700 ;
  2 0 0 2 15 0 0;
  2 0 0 3 0 0 0;
  2 0 0 3 0 0 0;
];
"""


def case(tmp_path: Path, text: str = CASE) -> Path:
    """Write the case into a file of its own."""
    path = tmp_path / "Small Case.m"
    path.write_text(text, encoding="utf-8")
    return path


def test_units_and_rows_become_ours(tmp_path: Path) -> None:
    estate = read_matpower(case(tmp_path), frequency_hz=50.0)
    assert estate.meta.id == "small-case"
    assert estate.ids("power_buses") == ["bus-1", "bus-2", "bus-4", "bus-9"]
    assert estate.column("power_buses", "demand_mw").tolist() == [10.0, 0.0, 20.0, 3.0]
    assert estate.column("power_buses", "kv").tolist() == [275.0, 275.0, 1.0, 66.0]
    assert estate.column("power_buses", "island").tolist() == ["island-1"] * 3 + ["island-9"]
    assert set(estate.column("power_buses", "frequency_hz")) == {50.0}
    # base 50 -> 100 MVA doubles x; the tap of 0.5 halves it; a rating of 0 is no limit
    assert estate.column("power_branches", "x_pu") == pytest.approx([0.2, 0.1, 0.4])
    assert estate.column("power_branches", "rating_mw").tolist() == [100.0, 100.0, 9900.0]
    assert estate.column("power_branches", "corridor").tolist() == ["1-2", "1-2", "2-4"]
    # out of service and without active power: left out; the bus that feeds in becomes a plant
    assert estate.ids("generators") == ["gen-1", "gen-2", "gen-3", "feed-2"]
    assert estate.column("generators", "p_max_mw").tolist() == [80.0, 40.0, 30.0, 5.0]
    assert estate.column("generators", "p_min_mw").tolist() == [0.0, 10.0, 0.0, 0.0]
    assert check(estate).faults() == ()


def test_merit_is_the_rank_of_marginal_cost(tmp_path: Path) -> None:
    cost = read_matpower(case(tmp_path)).column("generators", "cost")
    # marginal costs 28 at 40 MW, 20 at 25 MW, 15; the two free plants rank first and are not in the estate
    assert cost == pytest.approx([0.95, 0.02 + 0.93 * 2 / 3, 0.02 + 0.93 / 3, 0.02])
    assert np.all((cost > 0) & (cost < 1))


@pytest.mark.parametrize(
    ("row", "mw", "expected"),
    [
        ([2, 0, 0, 3, 0.1, 20, 5], 40.0, 28.0),
        ([2, 0, 0, 1, 5], 40.0, 0.0),
        ([1, 0, 0, 3, 0, 0, 10, 100, 40, 700], 5.0, 10.0),
        ([1, 0, 0, 3, 0, 0, 10, 100, 40, 700], 99.0, 20.0),
        ([1, 0, 0, 1, 0, 0], 1.0, 0.0),
    ],
)
def test_marginal_cost(row: list[float], mw: float, expected: float) -> None:
    assert marginal(row, mw) == pytest.approx(expected)


@pytest.mark.parametrize(
    "costs",
    ["", "mpc.gencost = [\n 2 0 0 3 0 20 5;\n];\n", "mpc.gencost = [\n" + " 2 0 0 x 0 20 5;\n" * 5 + "];\n"],
    ids=["none", "too few", "no numbers"],
)
def test_without_costs_all_are_equal(costs: str, tmp_path: Path) -> None:
    text = CASE[: CASE.index("mpc.gencost")] + costs
    assert read_matpower(case(tmp_path, text)).column("generators", "cost")[:3].tolist() == [0.5] * 3


@pytest.mark.parametrize(
    ("old", "new", "row", "column", "found"),
    [
        ("mpc.bus = [\n", "mpc.buses = [\n", None, "mpc.bus", "no such table"),
        ("1 2 0.01 0.10 0 100 100 120 0 0 1 -360 360", "1 2 0.01 ten 0 100 100 120 0 0 1", 19, "mpc.branch", "ten"),
        ("9 0 0 0 0 1 100 1 30 0", "9 0 0", 14, "mpc.gen", "9 0 0"),
        ("9 0 0 0 0 1 100 1 30 0", "8 0 0 0 0 1 100 1 30 0", None, "mpc.gen", "bus 8"),
        ("  2 4 0.01", "  2 5 0.01", None, "mpc.branch", "bus 5"),
        ("  9 1 3 0", "  1 1 3 0", None, "mpc.bus", "bus 1 twice"),
    ],
)
def test_what_is_wrong_is_named(
    old: str, new: str, row: int | None, column: str, found: str, tmp_path: Path
) -> None:  # fmt: skip
    assert old in CASE
    with pytest.raises(InputError) as raised:
        read_matpower(case(tmp_path, CASE.replace(old, new, 1)))
    fault = next(f for f in raised.value.faults if f.column == column)
    assert fault.code == "bad-case"
    assert fault.row == row
    assert found in fault.found


def test_packed_files_and_files_that_are_not(tmp_path: Path) -> None:
    packed = tmp_path / "small.m.gz"
    packed.write_bytes(gzip.compress(CASE.encode()))
    assert load(packed).meta.id == "small"
    packed.write_bytes(b"no gzip")
    with pytest.raises(InputError, match="gzip"):
        read_matpower(packed)
    with pytest.raises(NotFoundError, match="MATPOWER"):
        read_matpower(tmp_path / "none.m")


def test_comments_in_latin_1_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "small.m"
    path.write_bytes(b"% M\xfcnchen\n" + CASE.encode())
    assert read_matpower(path).count("power_buses") == 4


@pytest.mark.parametrize(
    ("name", "buses", "branches", "demand"),
    [
        ("case118_ieee", 118, 186, 4242.0),
        ("case200_activ", 200, 245, 1475.69),
        ("case1354_pegase", 1354, 1991, 74146.01),
        ("case2869_pegase", 2869, 4582, 138934.99),
    ],
)
def test_public_cases(name: str, buses: int, branches: int, demand: float, shared: Path) -> None:
    path = shared / "data" / "grids" / f"pglib_opf_{name}.m.gz"
    if not path.is_file():
        pytest.skip(f"needs {path.name} in the shared data")
    estate = read_matpower(path)
    assert estate.count("power_buses") == buses
    assert estate.count("power_branches") == branches
    assert estate.column("power_buses", "demand_mw").sum() == pytest.approx(demand)
    assert check(estate).errors == 0
