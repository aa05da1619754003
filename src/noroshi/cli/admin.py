"""`noroshi admin`: who may use the hub, and what for."""

from __future__ import annotations

import click

from noroshi.cli.verbs import AS_JSON, LANG, Verb, VerbGroup, print_json
from noroshi.settings import Settings, override

__all__ = ["SUBVERBS", "command"]

SUBVERBS: dict[str, Verb] = {
    "apply": Verb(
        "noroshi.cli.admin:apply",
        "Make the principals, API roots, collections and grants that FILE declares.",
        "FILEに宣言した主体・APIルート・コレクション・権限を作成する。",
    ),
    "backup": Verb(
        "noroshi.cli.admin:backup",
        "Copy the hub's store to a new FILE, while it runs.",
        "稼働中のハブの保存データをFILEに複写する。",
    ),
    "restore": Verb(
        "noroshi.cli.admin:restore",
        "Make the hub's store of the backup FILE.",
        "バックアップFILEからハブの保存データを復元する。",
    ),
    "erase": Verb(
        "noroshi.cli.erase:command",
        "Erase an object for good, and say who had received it.",
        "オブジェクトを完全に消去し、受け取った者を示す。",
    ),
}
"""Every command of the group, in the order in which the help shows them."""
KEPT = ("{path}: {size:,} bytes, checked", "{path}: {size:,}バイト、検査済み")
NOTHING = ("Nothing to do: all is as declared.", "変更なし。すべて宣言どおり。")


@click.group("admin", cls=VerbGroup, verbs=SUBVERBS)
def command() -> None:
    """Say who may use the hub, and what for.

    ハブの利用者と権限を管理する。
    """


@click.command("apply")
@click.argument("file", metavar="FILE")
@AS_JSON
@LANG
@click.pass_obj
def apply(given: Settings, *, file: str, as_json: bool, lang: str | None) -> None:
    """Make the principals, API roots, collections and grants that FILE declares; what is there already stays.

    FILEに宣言した主体・APIルート・コレクション・権限を作成する。何度実行しても同じ結果になる。
    """
    settings = override(given, lang=lang)
    from noroshi.desk.declaring import apply_file

    done = apply_file(settings, file)
    if as_json:
        print_json({"done": list(done)})
        return
    for line in done or (NOTHING[int(settings.lang == "ja")],):
        click.echo(line)


@click.command("backup")
@click.argument("file", metavar="FILE")
@AS_JSON
@LANG
@click.pass_obj
def backup(given: Settings, *, file: str, as_json: bool, lang: str | None) -> None:
    """Copy the hub's store to a new FILE as of one moment, while it runs, and check the copy.

    稼働中のハブの保存データを、ある時点の状態でFILEに複写し検査する。
    """
    settings = override(given, lang=lang)
    from noroshi.desk.backups import backup_hub

    told(settings, file, backup_hub(settings, file), as_json=as_json)


@click.command("restore")
@click.argument("file", metavar="FILE")
@AS_JSON
@LANG
@click.pass_obj
def restore(given: Settings, *, file: str, as_json: bool, lang: str | None) -> None:
    """Make the hub's store of the backup FILE; a store that is there is never overwritten.

    バックアップFILEからハブの保存データを復元する。既存のデータは上書きしない。
    """
    settings = override(given, lang=lang)
    from noroshi.desk.backups import restore_hub

    told(settings, file, restore_hub(settings, file), as_json=as_json)


def told(settings: Settings, file: str, size: int, *, as_json: bool) -> None:
    """Print what was copied."""
    if as_json:
        print_json({"file": file, "bytes": size})
    else:
        click.echo(KEPT[int(settings.lang == "ja")].format(path=file, size=size))
