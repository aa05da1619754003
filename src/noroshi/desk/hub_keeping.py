"""The hub as it is set up, for its owner: where each setting came from, and backups made and listed while it runs."""

from __future__ import annotations

import os
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from noroshi.desk.backups import backup_hub
from noroshi.desk.permitting import must
from noroshi.settings import CONFIG_FILE, CONFIG_VARIABLE, SETTINGS, Setting, environment_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from noroshi.settings import Settings
    from noroshi.store.contract import Principal

__all__ = ["BACKUPS", "Backup", "Standing", "back_up", "backups", "settings_of"]

BACKUPS = "backups"
SUFFIX = ".sqlite3"
MICROS = 1_000_000
SECRETS = frozenset({"oidc_secret", "smtp_password"})


class Standing(NamedTuple):
    """A setting in force: its value ("" = not set; of a secret only whether it is), and where it came from.

    origin: "default", "file", "environment", or "start" for what was said when the hub was started.
    """

    setting: Setting
    value: str
    secret: bool
    origin: str


class Backup(NamedTuple):
    """A backup that is there: its file's name, its size in bytes, when it was made (microseconds)."""

    name: str
    size: int
    at: int


def settings_of(
    asker: Principal, settings: Settings, environ: Mapping[str, str] | None = None, folder: Path | None = None
) -> tuple[Standing, ...]:
    """Return every setting with its value and where it came from; a password within an address is not told."""
    must(asker, "hub.keep")
    env = os.environ if environ is None else environ
    filed = file_says(env, folder or Path.cwd())
    found = []
    for one in SETTINGS:
        value = str(getattr(settings, one.name))
        secret = one.name in SECRETS
        asked = env.get(environment_name(one.name)), filed.get(one.name)
        plain = str(Path(one.default).expanduser()) == value or one.default == value or not value
        if asked[0] is not None and same(asked[0], value):
            origin = "environment"
        elif asked[1] is not None and same(str(asked[1]), value):
            origin = "file"
        elif plain or (one.default.startswith("$") and not any(asked)):
            origin = "default"
        else:
            origin = "start"
        shown = "" if secret else without_password(value)
        found.append(Standing(one, shown if not secret else ("•" if value else ""), secret, origin))
    return tuple(found)


def same(said: str, value: str) -> bool:
    """Say whether what a place says is the value in force."""
    return said == value or str(Path(said).expanduser()) == value


def without_password(value: str) -> str:
    """Return an address without the password that may stand in it."""
    head, at, rest = value.rpartition("@")
    scheme, mark, login = head.partition("://")
    if not at or not mark or ":" not in login:
        return value
    return f"{scheme}://{login.partition(':')[0]}:•@{rest}"


def file_says(env: Mapping[str, str], folder: Path) -> dict[str, object]:
    """Return what the file of settings says; nothing where there is none that can be read."""
    try:
        return tomllib.loads((folder / (env.get(CONFIG_VARIABLE) or CONFIG_FILE)).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def backups(asker: Principal, settings: Settings) -> tuple[Backup, ...]:
    """Return the backups that this hub has made in its data folder, the newest first."""
    must(asker, "hub.keep")
    folder = settings.data / BACKUPS
    found = []
    for path in folder.glob(f"*{SUFFIX}") if folder.is_dir() else ():
        stat = path.stat()
        found.append(Backup(path.name, stat.st_size, int(stat.st_mtime * MICROS)))
    return tuple(sorted(found, key=lambda one: (one.at, one.name), reverse=True))


def back_up(asker: Principal, settings: Settings, now: int) -> Backup:
    """Copy the store of this moment into the data folder, and check the copy. `now` in microseconds.

    InputError for a database server, which has backups of its own, or where the copy cannot be made.
    """
    must(asker, "hub.keep")
    folder = settings.data / BACKUPS
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    name = f"noroshi-{datetime.fromtimestamp(now / MICROS, UTC):%Y%m%dT%H%M%S%fZ}{SUFFIX}"
    size = backup_hub(settings, str(folder / name))
    (folder / name).chmod(0o600)
    return Backup(name, size, now)
