"""Gas networks of GasLib: a small one whose every figure is known, and the public ones beside the repository."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from tests.files.gas_hours import at_once, leaner, shock_of, stepped

import noroshi as nr
from noroshi.errors import InputError, NotFoundError
from noroshi.estate.check import check
from noroshi.files import gaslib_archive
from noroshi.files.estates import load, read
from noroshi.files.gaslib import read_gaslib
from noroshi.files.gaslib_pipes import Gas, Pipe, capacity, held, mean_pressure

Files = dict[str, Any]


def link(name: str, start: int, end: int, low: float, high: float, **more: float) -> dict[str, Any]:
    return {"name": name, "fr_node": start, "to_node": end, "min_flow": low, "max_flow": high, **more}


def small() -> Files:
    """A field, a junction, a town and a works; all figures invented.

    Pressures stay below 100 psi, where gas counts as ideal.
    """
    ends = {"min_pressure": 2e5, "max_pressure": 7e5}
    nodes = ("field", "junction", "town", "works")
    return {
        "network.json": {
            "nodes": {str(k): {"id": k, "name": name, **ends} for k, name in enumerate(nodes, 1)},
            "pipes": {
                "1": link("trunk", 1, 2, -50.0, 50.0, length=50000.0, diameter=0.5, friction_factor=0.01),
                "2": link("spur", 4, 2, -3.0, 0.0, length=10000.0, diameter=0.5, friction_factor=0.01, **ends),
            },
            "compressors": {"1": link("station", 2, 3, 0.0, 40.0, max_power=1e6)},
            "valves": {"1": link("valve", 3, 4, -2.0, 4.0)},
            "short_pipes": {},
            "entries": {"1": {"name": "well", "node_id": 1}, "2": {"name": "spare", "node_id": 4}},
            "exits": {"1": {"name": "homes", "node_id": 3}, "2": {"name": "mill", "node_id": 4},
                      "10": {"name": "school", "node_id": 3}},
        },
        "nominations.json": {"mild": nomination(9.0, (4.0, 4.0, 1.0)), "cold": nomination(10.0, (5.0, 4.0, 1.0)),
                             "short": nomination(10.0, (9.0, 4.0, 1.0))},
        "params.json": {"params": {"Temperature (K):": 283.15, "Gas specific gravity (G):": 0.6,
                                   "units (SI = 0, standard = 1)": 0.0}},
    }  # fmt: skip


def nomination(supply: float, demand: tuple[float, ...]) -> dict[str, Any]:
    return {
        "entry_nominations": {
            key: {"min_injection": 0.0, "max_injection": most} for key, most in (("1", supply), ("2", 0.0))
        },
        "exit_nominations": {
            key: {"min_withdrawal": 0.0, "max_withdrawal": most}
            for key, most in zip(("1", "2", "10"), demand, strict=True)
        },
    }


def packed(tmp_path: Path, files: Files, folder: str = "Small-4/", kind: int = zipfile.ZIP_DEFLATED) -> Path:
    """Write the network into a ZIP of its own."""
    path = tmp_path / "Small-4.json.zip"
    with zipfile.ZipFile(path, "w", kind) as out:
        for name, value in files.items():
            out.writestr(folder + name, value if isinstance(value, (str, bytes)) else json.dumps(value))
    return path


def faults(tmp_path: Path, files: Files) -> list[tuple[str, str, str, str]]:
    """Return (code, file, place, found) of every fault."""
    with pytest.raises(InputError) as raised:
        read_gaslib(packed(tmp_path, files))
    return [(f.code, f.file, f.column, f.found) for f in raised.value.faults]


def test_units_and_rows_become_ours(tmp_path: Path) -> None:
    estate = load(packed(tmp_path, small()))
    assert (estate.meta.id, estate.meta.illustrative) == ("small-4", True)
    assert estate.meta.sources == ("Small-4, GasLib in JSON, nomination cold",)
    assert estate.ids("gas_nodes") == ["node-1", "node-2", "node-3", "node-4"]
    assert estate.column("gas_nodes", "demand_tph") == pytest.approx([0.0, 0.0, 21.6, 14.4])
    pipes = estate.frame("gas_pipes").select("id", "from_node", "to_node", "one_way").rows()
    assert pipes == [
        ("pipe-1", "node-1", "node-2", False), ("pipe-2", "node-2", "node-4", True),
        ("valve-1", "node-3", "node-4", False), ("compressor-1", "node-2", "node-3", True),
    ]  # fmt: skip
    # Trunk: A = 0.19635 m2, Rs T = 478.427 x 283.15; 45e10 / (0.01 x 135467 x 50000 / (A2 x 0.5)) = 128.07 = 11.317^2.
    # The spur could carry 25.3 kg/s, so that the file's 3 hold; the valve has the lesser of both ways.
    assert estate.column("gas_pipes", "capacity_tph") == pytest.approx([11.317 * 3.6, 10.8, 7.2, 144.0], rel=1e-4)
    notes = estate.column("gas_pipes", "note")
    assert [note.startswith("Capacity: Weymouth") for note in notes] == [True, False, False, False]
    assert estate.frame("gas_sources").select("id", "node", "kind", "capacity_tph").rows() == [
        ("entry-1", "node-1", "import", 36.0),
        ("entry-2", "node-4", "import", 0.0),
    ]
    assert estate.ids("services") == ["exit-1", "exit-2", "exit-10"]
    assert estate.column("services", "demand") == pytest.approx([18.0, 14.4, 3.6])
    assert estate.column("dependencies", "providers").tolist() == ["node-3", "node-4", "node-3"]
    assert "illustrative" in estate.column("organisations", "name_en")[0]
    assert "例示" in estate.column("organisations", "name_ja")[0]
    assert check(estate).faults() == ()


def test_linepack_stands_at_both_ends_of_its_pipe(tmp_path: Path) -> None:
    estate = load(packed(tmp_path, small()))
    # A L / (Rs T) = 0.0724718 t per kPa x 500 kPa in the trunk, a fifth of it in the spur; mean pressure 4.963 bar.
    trunk = 0.0724718 * 500.0
    assert estate.ids("gas_stores") == ["linepack-1", "linepack-2", "linepack-4"]
    sizes = [trunk / 2, trunk * 0.6, trunk / 10]
    assert estate.column("gas_stores", "capacity_t") == pytest.approx(sizes, rel=1e-4)
    assert estate.column("gas_stores", "initial_share") == pytest.approx([0.59259] * 3, rel=1e-4)
    rates = [11.317 * 3.6, 11.317 * 3.6 + 10.8 + 144.0, 10.8 + 7.2]
    for column in ("send_out_tph", "fill_tph"):
        assert estate.column("gas_stores", column) == pytest.approx(rates, rel=1e-4)


def test_pipes_by_formula() -> None:
    gas = Gas(299.817, 0.6)  # 80 degrees Fahrenheit, 539.67 Rankine
    # 1000 psig: 1 / (1 + 344400 x 1000 x 10^1.071 / 539.67^3.825) = 0.8743
    ideal = 8.314462618 / (0.6 * 0.0289647) * 299.817
    assert gas.spread(1000 * 6894.757 + 101325) / ideal == pytest.approx(0.8743, rel=1e-4)
    assert gas.spread(100 * 6894.757 + 101325) == ideal
    assert mean_pressure(7.0, 7.0) == pytest.approx(7.0)
    assert mean_pressure(7.0, 0.0) == pytest.approx(14 / 3)
    pipe = Pipe(1000.0, 0.5, 0.01, 4e6, 7e6)
    assert capacity(pipe._replace(length=4000.0), gas) == pytest.approx(capacity(pipe, gas) / 2)
    assert capacity(pipe._replace(diameter=1.0), gas) == pytest.approx(capacity(pipe, gas) * 2**2.5)
    assert capacity(pipe._replace(low=7e6), gas) == 0.0
    most, now = held(pipe, gas)
    assert 0.0 < now < most
    assert held(pipe._replace(length=3000.0), gas) == pytest.approx((3 * most, 3 * now))


def test_the_peak_that_is_covered_is_taken_unless_one_is_named(tmp_path: Path) -> None:
    path = packed(tmp_path, small())
    assert read_gaslib(path).column("gas_nodes", "demand_tph").sum() == pytest.approx(36.0)
    assert read_gaslib(path, "short").column("gas_nodes", "demand_tph").sum() == pytest.approx(14 * 3.6)
    with pytest.raises(NotFoundError, match="no nomination 'hot'; it has 3, such as cold, mild, short"):
        read_gaslib(path, "hot")
    files = small()
    files["nominations.json"] = {name: nomination(1.0, (2.0, 0.0, k)) for k, name in enumerate("ab")}
    assert read_gaslib(packed(tmp_path, files)).meta.sources[0].endswith("nomination b")


def test_folders_and_the_later_names_of_sections(tmp_path: Path) -> None:
    wanted = read_gaslib(packed(tmp_path, small(), folder=""))
    text = json.dumps(small())
    for old, new in (("entries", "receipts"), ("exits", "deliveries"), ("entry_", "receipt_"), ("exit_", "delivery_")):
        text = text.replace(f'"{old}', f'"{new}')
    folder = tmp_path / "Small-4"
    folder.mkdir()
    for name, value in json.loads(text).items():
        (folder / name).write_text(json.dumps(value), encoding="utf-8-sig")
    found = load(folder)
    assert found.meta == wanted.meta
    assert all(found.frame(name).equals(wanted.frame(name)) for name in wanted.frames)
    with pytest.raises(NotFoundError, match="GasLib"):
        read_gaslib(tmp_path / "none.zip")


WRONG = [
    ("network.json pipes.1.length", -5.0, "out-of-range", "-5.0"),
    ("network.json pipes.1.diameter", 500.0, "out-of-range", "500.0"),
    ("network.json pipes.1.diameter", 10**400, "out-of-range", "1000"),
    ("network.json pipes.2.min_pressure", 8e5, "out-of-range", "800000"),
    ("network.json pipes.1.min_flow", 90.0, "out-of-range", "90"),
    ("network.json pipes.1.friction_factor", None, "bad-json", "nothing"),
    ("network.json pipes.1.friction_factor", True, "bad-json", "True"),
    ("network.json pipes.1.max_flow", "fast", "bad-json", "'fast'"),
    ("network.json pipes.1.fr_node", 7, "dangling-key", "7"),
    ("network.json pipes.1.to_node", 1, "self-loop", "1"),
    ("network.json valves.1.to_node", None, "dangling-key", "nothing"),
    ("network.json entries.1.node_id", [1], "dangling-key", "[1]"),
    ("network.json nodes.2.max_pressure", 7.0, "out-of-range", "7.0"),
    ("network.json exits", None, "bad-json", "no such section"),
    ("network.json exits", {}, "bad-json", "an empty section"),
    ("network.json resistors", [1], "bad-json", "list"),
    ("network.json pipes.1", 3, "bad-json", "int"),
    ("network.json pipes.Ä", {}, "bad-id", "Ä"),
    ("nominations.json cold", [], "bad-json", "list"),
    ("nominations.json cold.exit_nominations", None, "bad-json", "no such section"),
    ("nominations.json cold.exit_nominations.1.max_withdrawal", -4.0, "out-of-range", "-4.0"),
    ("nominations.json cold.exit_nominations.1.min_withdrawal", 6.0, "out-of-range", "6"),
    ("nominations.json cold.exit_nominations.3", {"min_withdrawal": 0, "max_withdrawal": 0}, "dangling-key", "3"),
    ("params.json params", None, "bad-json", "nothing"),
    ("params.json params.Temperature (K):", 10.0, "out-of-range", "10.0"),
    ("params.json params.units (SI = 0, standard = 1)", 1.0, "bad-json", "1.0"),
]


def put(files: Files, place: str, value: object) -> None:
    """Set one value of the files; None takes it out."""
    name, path = place.split(" ", 1)
    *steps, last = path.split(".")
    at = files[name]
    for step in steps:
        at = at[step]
    if value is None:
        del at[last]
    else:
        at[last] = value


@pytest.mark.parametrize(("place", "value", "code", "found"), WRONG, ids=[f"{w[0]}={w[1]}"[:60] for w in WRONG])
def test_what_is_wrong_is_named(place: str, value: object, code: str, found: str, tmp_path: Path) -> None:
    files = small()
    put(files, place, value)
    file, where = place.split(" ", 1)
    met = faults(tmp_path, files)
    assert any(f[:3] == (code, file, where) and f[3].startswith(found) for f in met), met


def test_everything_wrong_is_told_at_once_in_both_languages(tmp_path: Path) -> None:
    files = small()
    for place, value in (("network.json pipes.1.length", -5.0), ("network.json valves.1.to_node", 9),
                         ("nominations.json mild.entry_nominations.1", None), ("params.json params", 1)):  # fmt: skip
        put(files, place, value)
    met = faults(tmp_path, files)
    assert [f[:3] for f in met] == [
        ("out-of-range", "network.json", "pipes.1.length"),
        ("dangling-key", "network.json", "valves.1.to_node"),
        ("bad-json", "params.json", "params"),
        ("bad-json", "nominations.json", "mild.entry_nominations"),
    ]
    estate, findings = read(packed(tmp_path, files))
    assert estate is None
    first = findings.faults()[0]
    assert (first.expected, first.remedy) == ("0.01 to 1e+07 m", "correct the value")
    assert all(not f.remedy.isascii() and not f.expected.isascii() for f in findings.faults("ja"))


def test_files_that_are_missing_or_no_json_are_named_together(tmp_path: Path) -> None:
    files = small()
    del files["nominations.json"]
    files["params.json"] = '{"params": '
    assert [f[:2] for f in faults(tmp_path, files)] == [
        ("missing-file", "Small-4.json.zip/nominations.json"),
        ("bad-json", "params.json"),
    ]
    files = {**small(), "params.json": "[1]", "network.json": b"\xff{}", "nominations.json": "[" * 100_000}
    assert sorted(f[:2] for f in faults(tmp_path, files)) == [
        ("bad-encoding", "network.json"), ("bad-json", "nominations.json"), ("bad-json", "params.json"),
    ]  # fmt: skip
    files = {**small(), "nominations.json": {}}
    assert [f[3] for f in faults(tmp_path, files)] == ["no nomination"]


def test_archives_that_are_none_or_too_large_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "net.zip"
    path.write_bytes(b"no zip")
    with pytest.raises(InputError, match="no ZIP that can be unpacked"):
        load(path)
    assert packed(tmp_path, small(), kind=zipfile.ZIP_BZIP2).is_file()
    with pytest.raises(InputError, match="packing 12"):
        load(tmp_path / "Small-4.json.zip")
    with zipfile.ZipFile(packed(tmp_path, small()), "a") as out:
        out.writestr("other/network.json", "{}")
    with pytest.raises(InputError, match=r"other/network\.json"):
        load(tmp_path / "Small-4.json.zip")
    bomb = {**small(), "network.json": b" " * (gaslib_archive.LARGEST + 1)}
    assert packed(tmp_path, bomb).stat().st_size < 100_000
    monkeypatch.setattr(zipfile.ZipFile, "read", None)  # nothing of it is unpacked
    assert [f[0] for f in faults(tmp_path, bomb)] == ["too-many"]
    folder = tmp_path / "net"
    folder.mkdir()
    (folder / "network.json").write_bytes(b" " * (gaslib_archive.LARGEST + 1))
    with pytest.raises(InputError, match="at most 67,108,864 bytes"):
        load(folder)
    many = {f"{k}.txt": "" for k in range(gaslib_archive.MOST_MEMBERS + 1)}
    assert [f[3] for f in faults(tmp_path, many)] == ["1,001 files"]


def test_a_size_that_lies_unpacks_no_more_than_it_says(tmp_path: Path) -> None:
    path = packed(tmp_path, small())
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as whole:
        size = whole.getinfo("Small-4/network.json").file_size
    at = data.rfind(b"Small-4/network.json") - 46 + 24  # its size in the central directory
    assert int.from_bytes(data[at : at + 4], "little") == size
    data[at : at + 4] = (10).to_bytes(4, "little")
    path.write_bytes(data)
    with pytest.raises(InputError, match="CRC"):
        load(path)


def test_the_small_network_runs_dry_as_worked_by_hand(tmp_path: Path) -> None:
    estate = load(packed(tmp_path, small()))
    calm = nr.stress.run(estate, shock_of(()))
    assert [one.served for one in calm.services] == [((0.0, 1.0),)] * 3
    # The trunk starts with 0.0724718 t/kPa x 296.296 kPa, the spur with a fifth of that: 25.768 t against 36 t/h.
    whole = 36.0 * 72 - 0.0724718 * 296.296 * 1.2
    assert stepped(estate, ("entry-1",)) == pytest.approx(whole, rel=1e-5)
    assert at_once(estate, ("entry-1",)) == pytest.approx(whole, rel=1e-5)
    # Without the station the spur's 10.8 t/h and the 2.147 t at its end (half of the spur's share) are left.
    behind = (36.0 - 10.8) * 72 - 0.0724718 * 296.296 * 0.1
    assert stepped(estate, ("compressor-1",)) == pytest.approx(behind, rel=1e-5)
    assert at_once(estate, ("compressor-1",)) == pytest.approx(behind, rel=1e-5)
    lean = leaner(estate, 0.0)
    assert at_once(lean, ("entry-1",)) == pytest.approx(36.0 * 72)
    assert stepped(lean, ("entry-1",)) == pytest.approx(36.0 * 72)


def public(shared: Path, name: str) -> Path:
    path = shared / "data" / "gas" / f"GasLib-{name}.json.zip"
    if not path.is_file():
        pytest.skip(f"needs {path.name} in the shared data")
    return path


@pytest.mark.parametrize("name", ["11", "24", "40", "134", "135"])
def test_public_networks_hold_what_their_files_say(name: str, shared: Path) -> None:
    path = public(shared, name)
    with zipfile.ZipFile(path) as whole:
        network, nominations = (
            json.loads(whole.read(f"GasLib-{name}/{one}.json")) for one in ("network", "nominations")
        )
    estate = load(path)
    assert check(estate).faults() == ()
    assert estate.count("gas_nodes") == len(network["nodes"]) == int(name)
    kinds = {"pipes": "pipe-", "short_pipes": "short-pipe-", "valves": "valve-", "control_valves": "control-valve-",
             "resistors": "resistor-", "loss_resistors": "loss-resistor-", "compressors": "compressor-"}  # fmt: skip
    ids = estate.ids("gas_pipes")
    for section, start in kinds.items():
        assert sum(one.startswith(start) for one in ids) == len(network[section]), section
    assert (estate.count("gas_sources"), estate.count("services")) == (len(network["entries"]), len(network["exits"]))
    given = nominations[estate.meta.sources[0].rsplit("nomination ", 1)[1]]
    supply = sum(one["max_injection"] for one in given["entry_nominations"].values())
    demand = [sum(one["max_withdrawal"] for one in n["exit_nominations"].values()) for n in nominations.values()]
    assert estate.column("gas_sources", "capacity_tph").sum() == pytest.approx(3.6 * supply)
    assert estate.column("gas_nodes", "demand_tph").sum() == pytest.approx(3.6 * max(demand))
    assert supply == pytest.approx(max(demand), rel=1e-9)
    calm = nr.stress.run(estate, shock_of(()))
    assert {one.served for one in calm.services} == {((0.0, 1.0),)}


OUTAGES = [
    ("11", 1.0, "entry-1", 7741.37), ("11", 1.0, "entry-2", 6610.97), ("11", 1.0, "compressor-1", 7904.10),
    ("11", 1.0, "compressor-2", 10978.54), ("11", 1.0, "entry-1 entry-2", 15654.17),
    ("24", 1.0, "entry-1", 1080.90), ("24", 1.0, "entry-2", 0.0), ("24", 1.0, "entry-3", 0.0),
    ("24", 1.0, "compressor-1", 20965.65), ("24", 1.0, "compressor-2", 13721.27),
    ("24", 1.0, "compressor-3", 11882.11), ("24", 1.0, "entry-1 entry-2 entry-3", 19037.87),
    ("40", 1.0, "entry-1", 16524.92), ("40", 1.0, "entry-2", 16524.92), ("40", 1.0, "compressor-1", 0.0),
    ("40", 1.0, "compressor-2", 2419.18), ("40", 1.0, "compressor-6", 8823.69),
    ("40", 1.0, "entry-2 compressor-4 compressor-6 pipe-21", 90777.69),
    ("134", 1.0, "entry-1", 0.0), ("134", 1.0, "entry-3", 20001.23), ("134", 1.0, "compressor-1", 5974.45),
    ("134", 1.0, "entry-1 entry-2 entry-3", 42595.88),
    ("135", 1.0, "entry-1", 0.0), ("135", 1.0, "compressor-12", 0.0), ("135", 0.1, "entry-1", 14898.69),
    ("135", 0.1, "compressor-12", 12648.99),
]  # fmt: skip
"""Network, share of the linepack that is there at the start, what trips, and the t unserved in 72 h."""


@pytest.mark.compiled
@pytest.mark.parametrize(("name", "pack", "out", "lost"), OUTAGES, ids=[f"{o[0]} {o[2]} {o[1]}" for o in OUTAGES])
def test_stepping_serves_as_much_as_one_program_over_all_hours(
    name: str, pack: float, out: str, lost: float, shared: Path
) -> None:
    estate = leaner(load(public(shared, name)), pack)
    hit = tuple(out.split())
    mine = stepped(estate, hit)
    assert mine == pytest.approx(lost, rel=1e-5, abs=1e-6)
    if mine > 0.0:  # nothing unserved cannot be bettered
        assert mine == pytest.approx(at_once(estate, hit), rel=1e-6)


def test_where_linepack_is_slow_the_future_is_worth_something(shared: Path) -> None:
    """What the engine's stepping costs where it can: it draws stores in the order of their rows, whatever comes."""
    estate = leaner(load(public(shared, "24")), 1.0, 0.05)
    mine, best = stepped(estate, ("entry-1",)), at_once(estate, ("entry-1",))
    assert best == pytest.approx(1080.90, rel=1e-5)
    assert mine == pytest.approx(1109.44, rel=1e-5)
