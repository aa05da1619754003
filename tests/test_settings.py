"""The settings: which source wins, and what is said when one is at fault."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from noroshi.errors import InputError
from noroshi.settings import SETTINGS, Settings, environment_name, load_settings, override

HOME = {"HOME": "/home/someone"}


def test_the_defaults_are_those_of_the_table(tmp_path: Path) -> None:
    settings = load_settings(environ=HOME, folder=tmp_path)
    assert settings == Settings(
        host="127.0.0.1",
        port=8600,
        lang="en",
        threads=0,
        cache_dir=Path("/home/someone/.cache/noroshi"),
        data=Path("/home/someone/.local/share/noroshi"),
        database="",
    )
    assert [field.name for field in fields(Settings)] == [setting.name for setting in SETTINGS]


def test_the_base_directories_are_followed(tmp_path: Path) -> None:
    environ = {**HOME, "XDG_CACHE_HOME": "/fast", "XDG_DATA_HOME": "/safe"}
    settings = load_settings(environ=environ, folder=tmp_path)
    assert settings.cache_dir == Path("/fast/noroshi")
    assert settings.data == Path("/safe/noroshi")


def test_flags_beat_environment_beats_file_beats_default(tmp_path: Path) -> None:
    (tmp_path / "noroshi.toml").write_text('port = 1\nthreads = 1\nlang = "ja"\n', encoding="utf-8")
    environ = {**HOME, "NOROSHI_PORT": "2", "NOROSHI_THREADS": "2"}
    settings = load_settings({"port": 3, "host": None}, environ, tmp_path)
    assert (settings.port, settings.threads, settings.lang, settings.host) == (3, 2, "ja", "127.0.0.1")


def test_the_file_may_be_named_by_the_environment(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text('cache_dir = "~/mine"\n', encoding="utf-8")
    settings = load_settings(environ={**HOME, "NOROSHI_CONFIG": "mine.toml"}, folder=tmp_path)
    assert settings.cache_dir.name == "mine"
    assert "~" not in str(settings.cache_dir)


def test_a_named_file_that_is_absent_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        load_settings(environ={**HOME, "NOROSHI_CONFIG": "none.toml"}, folder=tmp_path)
    assert [fault.code for fault in caught.value.faults] == ["missing-file"]


def test_all_faults_of_all_sources_come_at_once(tmp_path: Path) -> None:
    (tmp_path / "noroshi.toml").write_text("port = true\ncolour = 1\nlang = 7\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_settings({"threads": -1}, {**HOME, "NOROSHI_HOST": " "}, tmp_path)
    found = [(fault.code, fault.column or fault.found) for fault in caught.value.faults]
    assert sorted(found) == [
        ("bad-setting", "host"),
        ("bad-setting", "lang"),
        ("bad-setting", "port"),
        ("bad-setting", "threads"),
        ("unknown-setting", "colour"),
    ]
    assert all(fault.remedy and fault.expected for fault in caught.value.faults)


@pytest.mark.parametrize(
    ("content", "code"), [(b"port = ", "bad-toml"), ('lang = "é"'.encode("latin-1"), "bad-encoding")]
)
def test_a_file_that_cannot_be_read_is_a_fault(tmp_path: Path, content: bytes, code: str) -> None:
    (tmp_path / "noroshi.toml").write_bytes(content)
    with pytest.raises(InputError) as caught:
        load_settings(environ=HOME, folder=tmp_path)
    assert [fault.code for fault in caught.value.faults] == [code]


@pytest.mark.parametrize("port", ["0", "65536", "80.5", "eighty", "", "-1", "²"])
def test_a_port_that_is_none_is_refused(tmp_path: Path, port: str) -> None:
    with pytest.raises(InputError, match="a whole number from 1 to 65535"):
        load_settings(environ={**HOME, "NOROSHI_PORT": port}, folder=tmp_path)


def test_full_width_digits_are_digits(tmp_path: Path) -> None:
    assert load_settings(environ={**HOME, "NOROSHI_PORT": "８６００"}, folder=tmp_path).port == 8600


def test_override_puts_flags_over_settings_and_checks_them(tmp_path: Path) -> None:
    settings = load_settings(environ=HOME, folder=tmp_path)
    assert override(settings, port=9000, lang=None) == load_settings({"port": 9000}, HOME, tmp_path)
    with pytest.raises(InputError, match="lang"):
        override(settings, lang="fr")
    with pytest.raises(InputError, match="unknown-setting"):
        override(settings, colour="red")


def test_environment_names_are_the_upper_case_of_the_setting() -> None:
    assert environment_name("cache_dir") == "NOROSHI_CACHE_DIR"
