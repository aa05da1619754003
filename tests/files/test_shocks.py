"""Shock files: what is read, and that every fault comes at once with its line and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from noroshi.errors import InputError, NotFoundError
from noroshi.estate.model import Estate, Meta, from_frames
from noroshi.files.shocks import load_shock, shipped_shocks
from noroshi.files.toml_text import read_toml
from noroshi.stress.shock import Hit, Spread


@pytest.fixture(scope="module")
def estate() -> Estate:
    return from_frames(
        Meta("toy"),
        {
            "organisations": [{"id": "port-co", "name_en": "Port", "name_ja": "港", "sector": "port"},
                              {"id": "idle", "name_en": "Idle", "name_ja": "空", "sector": "port"}],
            "systems": [{"id": "port-tos", "organisation": "port-co", "name_en": "TOS", "name_ja": "TOS",
                         "kind": "terminal_os"}],
            "assets": [{"id": "berth-1", "kind": "berth"}],
        },
    )  # fmt: skip


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "s.toml"
    path.write_text(text, encoding="utf-8")
    return path


def faults(path: Path, estate: Estate) -> list[tuple[str, int | None, str]]:
    with pytest.raises(InputError) as caught:
        load_shock(path, estate)
    assert all(fault.file == str(path) and fault.remedy for fault in caught.value.faults)
    return [(fault.code, fault.row, fault.column) for fault in caught.value.faults]


def test_a_whole_file(tmp_path: Path, estate: Estate) -> None:
    shock = load_shock(write(tmp_path, """
name = "port"
horizon_h = 96
start_hour = 6.5
season = "winter"

[[hit]]
target = "port-tos"
effect = "freeze"
onset_h = 1
restore_h = {p50 = 48, p90 = 120}
detect_h = 0.25

[[hit]]
target = "berth-1"
effect = "trip"
restore_h = 12
"""), estate)  # fmt: skip
    assert (shock.name, shock.horizon_h, shock.start_hour, shock.season) == ("port", 96.0, 6.5, "winter")
    assert shock.hits == (
        Hit("port-tos", "freeze", 1.0, Spread(48.0, 120.0), 0.25),
        Hit("berth-1", "trip", 0.0, 12.0, None),
    )


def test_defaults(tmp_path: Path, estate: Estate) -> None:
    shock = load_shock(write(tmp_path, ""), estate)
    assert (shock.name, shock.horizon_h, shock.hits, shock.season) == ("s", 72.0, (), None)


def test_all_faults_at_once_each_with_its_line(tmp_path: Path, estate: Estate) -> None:
    path = write(tmp_path, """name = ""
horizon_h = 24
season = "rainy"
wind = 3

[[hit]]
target = "port-toss"
effect = "frieze"
onset_h = -1

[[hit]]
effect = "trip"
restore_h = {p50 = 4, p90 = 2}
detect_h = "soon"

[[hit]]
target = "berth-1"
effect = "trip"
onset_h = 30
restore_h = nan
extra = 1
""")  # fmt: skip
    assert sorted(faults(path, estate), key=lambda f: (f[1] or 0, f[0])) == [
        ("bad-shock", 1, "name"),
        ("bad-choice", 3, "season"),
        ("bad-shock", 4, "wind"),
        ("unknown-target", 7, "target"),
        ("bad-shock", 8, "effect"),
        ("out-of-range", 9, "onset_h"),
        ("bad-shock", 11, "target"),
        ("bad-shock", 13, "restore_h"),
        ("bad-number", 14, "detect_h"),
        ("out-of-range", 19, "onset_h"),
        ("not-finite", 20, "restore_h"),
        ("bad-shock", 21, "extra"),
    ]


@pytest.mark.parametrize(
    ("target", "said"),
    [("port-toss", "port-tos"), ("port-co", "port-tos"), ("idle", "no system"), ("zzz", "estate show")],
)
def test_an_unknown_target_is_told_what_is_near(tmp_path: Path, estate: Estate, target: str, said: str) -> None:
    path = write(tmp_path, f'[[hit]]\ntarget = "{target}"\neffect = "trip"\n')
    with pytest.raises(InputError) as caught:
        load_shock(path, estate)
    assert said in caught.value.faults[0].remedy


@pytest.mark.parametrize(
    ("text", "code"),
    [("hit = 3", "bad-toml"), ("[hit]\ntarget='berth-1'", "bad-toml"), ("horizon_h = 0", "out-of-range"),
     ("horizon_h = true", "bad-number"), ("start_hour = 25", "out-of-range"), ("horizon_h = 1e9", "out-of-range"),
     ("name = 'x'\nname = ", "bad-toml"), ("horizon_h = {p50 = 1, p90 = 2}", "bad-number")],
)  # fmt: skip
def test_one_fault(tmp_path: Path, estate: Estate, text: str, code: str) -> None:
    assert {found[0] for found in faults(write(tmp_path, text), estate)} == {code}


def test_bad_toml_names_the_line(tmp_path: Path, estate: Estate) -> None:
    assert faults(write(tmp_path, 'name = "a"\n\n[[hit]\n'), estate) == [("bad-toml", 3, "")]
    assert faults(write(tmp_path, 'name = "a\n'), estate)[0][:2] == ("bad-toml", 1)


def test_not_utf_8(tmp_path: Path, estate: Estate) -> None:
    path = tmp_path / "s.toml"
    path.write_bytes(b'# a\nname = "\x8d\x60"\n')
    assert faults(path, estate) == [("bad-encoding", 2, "")]


def test_missing(tmp_path: Path, estate: Estate) -> None:
    assert faults(tmp_path / "none.toml", estate) == [("missing-file", None, "")]
    with pytest.raises(NotFoundError, match="port-ransomware"):
        load_shock("no-such-shock", estate)


def test_shipped_shocks_are_found_by_name() -> None:
    assert {"port-ransomware", "grid-centre-loss-of-control"} <= set(shipped_shocks())


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_bytes(b'\xef\xbb\xbfname = "a"\n')
    assert read_toml(path, "x = 1").table == {"name": "a"}


def test_too_large(tmp_path: Path, estate: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("noroshi.files.toml_text.LARGEST_BYTES", 3)
    assert faults(write(tmp_path, 'name = "a"'), estate) == [("too-many", None, "")]
