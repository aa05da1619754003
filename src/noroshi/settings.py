"""One frozen struct of settings: defaults, then a TOML file, then the environment, then flags; later ones win."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path

from noroshi.errors import Fault, InputError

__all__ = ["SETTINGS", "Setting", "SettingKind", "Settings", "environment_name", "load_settings", "override"]

CONFIG_FILE = "noroshi.toml"
"""Read from the current directory unless NOROSHI_CONFIG names another file."""

CONFIG_VARIABLE = "NOROSHI_CONFIG"
LANGUAGES = ("en", "ja")
WORDS = (
    "database", "oidc_issuer", "oidc_client", "oidc_secret", "address", "smtp", "smtp_password", "mail_from",
    "tls_certificate", "tls_key",
)  # fmt: skip
"""Settings of which the table describes the default in words: it is nothing at all."""


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
    Setting("ledger", SettingKind.CHOICE, "async",
            "When it is on disk what a response gives away: async = within 100 ms, strict = before it is sent.", "提供記録を書き込む時点(async=100ミリ秒以内、strict=応答の送信前)。", choices=("async", "strict")),
    Setting("workers", SettingKind.COUNT, "1", "Processes that serve; each takes requests from the one address.", "配信するプロセスの数。", low=1, high=64),
    Setting("session_hours", SettingKind.COUNT, "8", "Hours after which who logged in must do so again.", "ログインの有効時間(時間)。", low=1, high=720),
    Setting("login_failures", SettingKind.COUNT, "10", "Log-ins that may fail for one name in a quarter of an hour, five times that for one address; 0 = no limit.", "名前ごとに15分間で許すログイン失敗の数(アドレスごとは5倍、0は無制限)。", high=1000),
    Setting("request_rate", SettingKind.COUNT, "600", "Requests of the REST interface that one principal may make in a minute; 0 = no limit.", "REST APIで主体ごとに1分間に許す要求の数(0は無制限)。", high=1_000_000),
    Setting("header_timeout", SettingKind.COUNT, "10", "Seconds in which a request's head must have come.", "要求ヘッダーを待つ秒数。", low=1, high=600),
    Setting("body_timeout", SettingKind.COUNT, "60", "Seconds in which a request's body must have come.", "要求本文を待つ秒数。", low=1, high=3600),
    Setting("tls_certificate", SettingKind.TEXT, "none", "File of the hub's certificate and those above it, in PEM: it answers by https then.", "ハブの証明書(中間証明書を含むPEMファイル)。指定するとhttpsで配信。"),
    Setting("tls_key", SettingKind.TEXT, "none", "File of the certificate's key, in PEM, without a password.", "証明書の秘密鍵(パスワードなしのPEMファイル)。"),
    Setting("log", SettingKind.CHOICE, "text", "What is written on standard error: text = what is amiss, json = that and every request, an object a line.", "標準エラーへのログ(text=異常のみ、json=要求も含め1行1オブジェクト)。", choices=("text", "json")),
    Setting("oidc_issuer", SettingKind.TEXT, "none", "Issuer of an OpenID provider that people may log in with; https, or this machine.", "ログインに使うOpenIDプロバイダーの発行者URL(https、または同じ機械)。"),
    Setting("oidc_client", SettingKind.TEXT, "none", "What the provider calls this hub (client id).", "プロバイダーでのクライアントID。"),
    Setting("oidc_secret", SettingKind.TEXT, "none", "The hub's secret at the provider; better in the environment than in a file.", "プロバイダーでのクライアントシークレット(環境変数を推奨)。"),
    Setting("smtp", SettingKind.TEXT, "none", "Server that takes the mail of warnings: smtps://NAME@HOST:465, or smtp://NAME@HOST:587, which must offer STARTTLS unless it is this machine.", "警告メールを送るサーバー(smtps://名前@ホスト:465、またはSTARTTLS必須のsmtp://名前@ホスト:587。同じ機械なら平文可)。"),
    Setting("smtp_password", SettingKind.TEXT, "none", "The hub's password there; better in the environment than in a file.", "メールサーバーのパスワード(環境変数を推奨)。"),
    Setting("mail_from", SettingKind.TEXT, "none", "Address that warnings come from.", "警告メールの差出人アドレス。"),
    Setting("address", SettingKind.TEXT, "http://HOST:PORT", "Where browsers find the hub, where a proxy stands before it.", "ブラウザーから見たハブのURL(プロキシの背後に置く場合)。"),
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
    ledger: str = "async"
    workers: int = field(default=1, kw_only=True)
    session_hours: int = field(default=8, kw_only=True)
    login_failures: int = field(default=10, kw_only=True)
    request_rate: int = field(default=600, kw_only=True)
    header_timeout: int = field(default=10, kw_only=True)
    body_timeout: int = field(default=60, kw_only=True)
    tls_certificate: str = field(default="", kw_only=True)
    tls_key: str = field(default="", kw_only=True)
    log: str = field(default="text", kw_only=True)
    oidc_issuer: str = field(default="", kw_only=True)
    oidc_client: str = field(default="", kw_only=True)
    oidc_secret: str = field(default="", kw_only=True)
    smtp: str = field(default="", kw_only=True)
    smtp_password: str = field(default="", kw_only=True)
    mail_from: str = field(default="", kw_only=True)
    address: str = field(default="", kw_only=True)


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

    What the table says of some is words: no URL of a database means the file in the data folder, and so on.
    """
    home = Path(env["HOME"]) if env.get("HOME") else Path.home()
    cache = Path(env["XDG_CACHE_HOME"]) if env.get("XDG_CACHE_HOME") else home / ".cache"
    data = Path(env["XDG_DATA_HOME"]) if env.get("XDG_DATA_HOME") else home / ".local" / "share"
    folders = {"cache_dir": cache / "noroshi", "data": data / "noroshi"}
    plain = {s.name: int(s.default) if s.kind is SettingKind.COUNT else s.default for s in SETTINGS}
    return {**plain, **folders, **dict.fromkeys(WORDS, "")}


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
