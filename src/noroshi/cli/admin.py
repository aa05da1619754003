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
}
"""Every command of the group, in the order in which the help shows them."""
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
