"""Stored briefs: whole or not there, under a key that changes with everything that matters."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.report.made_brief import made_brief

from noroshi.desk import stored
from noroshi.desk.brief_schema import Brief, encode
from noroshi.estate.model import Estate, Meta, from_frames

KEY = "ab" * 32


def estate(name: str = "Power") -> Estate:
    return from_frames(Meta("here"), {"sectors": {"id": ["power"], "name_en": [name], "name_ja": ["電力"]}})


def test_what_was_stored_comes_back(tmp_path: Path) -> None:
    brief = made_brief()
    path = stored.store(tmp_path, KEY, brief)
    assert path.is_file()
    back = stored.load(tmp_path, KEY)
    assert back is not None
    assert encode(back) == encode(brief)
    assert [p.name for p in path.parent.iterdir()] == [path.name]


def test_what_was_never_stored_is_not_there(tmp_path: Path) -> None:
    assert stored.load(tmp_path, KEY) is None


@pytest.mark.parametrize("at", [0, 10, 64, 65, 500, -2])
def test_a_changed_byte_means_not_there(tmp_path: Path, at: int) -> None:
    path = stored.store(tmp_path, KEY, made_brief())
    data = bytearray(path.read_bytes())
    data[at] ^= 1
    path.write_bytes(data)
    assert stored.load(tmp_path, KEY) is None or at == 64  # the line break between digest and brief says nothing


@pytest.mark.parametrize("length", [0, 1, 64, 65, 1000])
def test_a_cut_file_means_not_there(tmp_path: Path, length: int) -> None:
    path = stored.store(tmp_path, KEY, made_brief())
    path.write_bytes(path.read_bytes()[:length])
    assert stored.load(tmp_path, KEY) is None


def test_a_brief_of_another_schema_means_not_there(tmp_path: Path) -> None:
    import hashlib

    path = stored.store(tmp_path, KEY, made_brief())
    old = b'{"seed": 1}\n'
    path.write_bytes(hashlib.sha256(old).hexdigest().encode() + b"\n" + old)
    assert stored.load(tmp_path, KEY) is None


def test_a_brief_is_computed_once(tmp_path: Path) -> None:
    made: list[int] = []

    def make() -> Brief:
        made.append(1)
        return made_brief()

    first, again = stored.kept(tmp_path, KEY, make), stored.kept(tmp_path, KEY, make)
    assert encode(first) == encode(again)
    assert made == [1]


def test_a_folder_that_cannot_be_written_does_not_lose_the_brief(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    assert stored.kept(blocked, KEY, made_brief).estate.id == "japan"


def test_a_failed_write_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        stored.store(tmp_path, KEY, made_brief())
    assert list((tmp_path / "briefs").iterdir()) == []


def test_only_the_newest_are_kept_and_strays_go(tmp_path: Path) -> None:
    folder = tmp_path / "briefs"
    folder.mkdir()
    stray = folder / "killed.tmp"
    stray.write_bytes(b"half")
    os.utime(stray, (0, 0))
    for k in range(stored.KEPT + 3):
        path = stored.store(tmp_path, f"{k:064x}", made_brief())
        os.utime(path, (1000 + k, 1000 + k))
    stored.store(tmp_path, KEY, made_brief())
    names = {p.name for p in folder.iterdir()}
    assert len(names) == stored.KEPT
    assert KEY + ".brief" in names
    assert f"{0:064x}.brief" not in names


def test_the_key_changes_with_all_that_matters(monkeypatch: pytest.MonkeyPatch) -> None:
    def key(name: str = "Power", threat: object = "a", trials: int = 10, seed: int = 1) -> str:
        return stored.key(estate(name), threat, trials=trials, seed=seed)

    keys = {key(), key("Gas"), key(threat="b"), key(trials=11), key(seed=2)}
    assert len(keys) == 5
    assert key() in keys
    monkeypatch.setattr(stored, "code_fingerprint", lambda: "another program")
    assert key() not in keys
