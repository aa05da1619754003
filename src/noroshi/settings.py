"""One frozen struct of settings: defaults, then a TOML file, then the environment, then flags; later ones win."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from noroshi.errors import Fault, InputError

__all__ = ["SETTINGS", "Setting", "SettingKind", "Settings", "environment_name", "load_settings", "override"]

CONFIG_FILE = "noroshi.toml"
"""Read from the current directory unless NOROSHI_CONFIG names another file."""

CONFIG_VARIABLE = "NOROSHI_CONFIG"
LANGUAGES = ("en", "ja")


class SettingKind(Enum):
    """The type of a setting's value."""

    TEXT = "text"
    COUNT = "whole number"
    CHOICE = "choice"
    FOLDER = "folder"


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its name, type, default as the docs show it, limits and meaning in both languages."""

    name: str
    kind: SettingKind
    default: str
    meaning: str
    meaning_ja: str
    low: int = 0
    high: int = 0
    choices: tuple[str, ...] = ()


SETTINGS: tuple[Setting, ...] = (
    Setting("host", SettingKind.TEXT, "127.0.0.1", "Address that `noroshi serve` listens on.", "待ち受けアドレス。"),
    Setting("port", SettingKind.COUNT, "8600", "Port that `noroshi serve` listens on.", "待ち受けポート。", low=1, high=65535),
    Setting("lang", SettingKind.CHOICE, "en", "Language of what is printed and shown.", "表示言語。", choices=LANGUAGES),
    Setting("threads", SettingKind.COUNT, "0", "Threads of the engine; 0 = all cores.", "計算スレッド数(0は全コア)。", high=1024),
    Setting("cache_dir", SettingKind.FOLDER, "$XDG_CACHE_HOME/noroshi, else ~/.cache/noroshi",
            "What can be computed again: stored briefs.", "再計算できるもの(保存した要約)の置き場所。"),
    Setting("data", SettingKind.FOLDER, "$XDG_DATA_HOME/noroshi, else ~/.local/share/noroshi",
            "What cannot be computed again: the hub's store and keys.", "再計算できないもの(ハブの保存データと鍵)の置き場所。"),
    Setting("database", SettingKind.TEXT, "SQLite in the data folder",
            "Where the hub keeps its objects: sqlite:///PATH, or postgresql://USER@HOST/NAME (needs noroshi[postgres]).", "ハブのデータベース(sqlite:///PATH、またはpostgresql://USER@HOST/NAME。後者はnoroshi[postgres]が必要)。"),
)  # fmt: skip
"""Every setting, in the order in which the docs show them."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings in force; `SETTINGS` describes each field."""

    host: str
    port: int
    lang: str
    threads: int
    cache_dir: Path
    data: Path
    database: str


def environment_name(name: str) -> str:
    """Return the environment variable of the setting `name`: `port` -> `NOROSHI_PORT`."""
    return f"NOROSHI_{name.upper()}"


def load_settings(
    flags: Mapping[str, object] | None = None,
    environ: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Settings:
    """Return the settings in force: defaults < TOML file < environment < `flags`.

    `flags` that are None count as not given. `environ` defaults to the process's environment, `folder` (where
    `noroshi.toml` is looked for) to the current directory. Raises InputError with every fault of every source at once.
    """
    env = os.environ if environ is None else environ
    faults: list[Fault] = []
    values: dict[str, object] = dict(_defaults(env))
    sources = (
        *_from_file(env, folder or Path.cwd(), faults),
        *((s.name, env[environment_name(s.name)], environment_name(s.name), s) for s in SETTINGS
          if environment_name(s.name) in env),
        *_known((flags or {}).items(), "--flag", faults),
    )  # fmt: skip
    for name, value, source, setting in sources:
        if value is not None:
            values[name] = _parsed(setting, value, source, faults)
    if faults:
        raise InputError(faults)
    return Settings(**values)  # type: ignore[arg-type]  # each value was made by _parsed to its setting's kind


def override(settings: Settings, **flags: object) -> Settings:
    """Return `settings` with the flags that are not None put over them; InputError where one is not valid."""
    faults: list[Fault] = []
    known = _known(flags.items(), "--flag", faults)
    values = {
        name: _parsed(setting, value, f"--{name}", faults) for name, value, _, setting in known if value is not None
    }
    if faults:
        raise InputError(faults)
    return replace(settings, **values)  # type: ignore[arg-type]  # as above


_Given = tuple[str, object, str, Setting]


def _defaults(env: Mapping[str, str]) -> dict[str, object]:
    """Return the default of every setting; the two folders follow the XDG base directory specification.

    What the table says of a database is words: no URL means the file in the data folder.
    """
    home = Path(env["HOME"]) if env.get("HOME") else Path.home()
    cache = Path(env["XDG_CACHE_HOME"]) if env.get("XDG_CACHE_HOME") else home / ".cache"
    data = Path(env["XDG_DATA_HOME"]) if env.get("XDG_DATA_HOME") else home / ".local" / "share"
    folders = {"cache_dir": cache / "noroshi", "data": data / "noroshi"}
    plain = {s.name: int(s.default) if s.kind is SettingKind.COUNT else s.default for s in SETTINGS}
    return {**plain, **folders, "database": ""}


def _from_file(env: Mapping[str, str], folder: Path, faults: list[Fault]) -> list[_Given]:
    """Return what the TOML file gives; a file that NOROSHI_CONFIG names must exist."""
    named = env.get(CONFIG_VARIABLE)
    path = folder / (named or CONFIG_FILE)
    if not path.is_file():
        if named:
            faults.append(Fault("missing-file", file=str(path), expected=f"the TOML file that {CONFIG_VARIABLE} names",
                                remedy=f"create it, or unset {CONFIG_VARIABLE}"))  # fmt: skip
        return []
    import tomllib

    try:
        table = tomllib.loads(path.read_bytes().decode())
    except UnicodeDecodeError as error:
        faults.append(Fault("bad-encoding", file=str(path), found=str(error), expected="UTF-8 text",
                            remedy="save the file as UTF-8"))  # fmt: skip
    except tomllib.TOMLDecodeError as error:
        faults.append(Fault("bad-toml", file=str(path), found=str(error), expected="TOML such as: port = 8600",
                            remedy="correct the line that is named"))  # fmt: skip
    else:
        return _known(table.items(), str(path), faults)
    return []


def _known(items: Iterable[tuple[str, object]], source: str, faults: list[Fault]) -> list[_Given]:
    """Return the items that are settings; add a fault for each that is not."""
    described = {s.name: s for s in SETTINGS}
    given: list[_Given] = []
    for name, value in items:
        if name in described:
            given.append((name, value, source, described[name]))
        else:
            faults.append(Fault("unknown-setting", file=source, found=name, expected=", ".join(described),
                                remedy="remove it, or correct its name"))  # fmt: skip
    return given


def _parsed(setting: Setting, value: object, source: str, faults: list[Fault]) -> object:
    """Return `value` in the setting's type; add a fault and return None where it cannot be."""
    expected = ""
    if setting.kind is SettingKind.COUNT:
        expected = f"a whole number from {setting.low} to {setting.high}"
        is_count = not isinstance(value, bool) and isinstance(value, (int, str)) and str(value).strip().isdecimal()
        if is_count and setting.low <= int(str(value)) <= setting.high:
            return int(str(value))
    elif setting.kind is SettingKind.CHOICE:
        expected = "one of " + ", ".join(setting.choices)
        if value in setting.choices:
            return value
    else:
        expected = "text that is not empty"
        if isinstance(value, (str, Path)) and str(value).strip():
            return Path(value).expanduser() if setting.kind is SettingKind.FOLDER else str(value)
    faults.append(Fault("bad-setting", file=source, column=setting.name, found=repr(value), expected=expected,
                        remedy=f"correct {setting.name}, or remove it to get the default {setting.default}"))  # fmt: skip
    return None
