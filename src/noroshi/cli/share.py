"""`noroshi share`: what is known of threats, in and out of the hub."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import click

from noroshi.cli.verbs import AS_JSON, LANG, Verb, VerbGroup, aside, print_json
from noroshi.settings import Settings, override

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["SUBVERBS", "command"]

SUBVERBS: dict[str, Verb] = {
    "import": Verb(
        "noroshi.cli.share:import_",
        "Bring files of others into a collection: STIX, MISP events, CSAF advisories, exploited vulnerabilities.",
        "STIXバンドル、MISPイベント、CSAFアドバイザリ、悪用確認済み脆弱性の一覧をコレクションに取り込む。",
    ),
    "export": Verb(
        "noroshi.cli.share_export:export",
        "Write what a principal may see as lists, CSV, a MISP feed or STIX; --dry-run shows what would leave.",
        "主体が閲覧できるものを、一覧・CSV・MISPフィード・STIXとして書き出す。--dry-runで確認。",
    ),
    "merged": Verb(
        "noroshi.cli.share_merging:merged",
        "Show what several sources know as one thing, and why it is one.",
        "複数の提供元が知るものを一つにまとめて、その理由とともに示す。",
    ),
    "join": Verb(
        "noroshi.cli.share_merging:join", "Say that two objects are the same thing.", "二つが同一であると判断する。"
    ),
    "split": Verb(
        "noroshi.cli.share_merging:split",
        "Say that two objects are not the same thing.",
        "二つが別物であると判断する。",
    ),
    "undo": Verb("noroshi.cli.share_merging:undo", "Take such a judgement back.", "その判断を取り消す。"),
    "release": Verb(
        "noroshi.cli.share_release:command",
        "Release reduced copies of objects to other readers, by two persons.",
        "縮約した写しを二人の確認を経て公開する。",
    ),
    "derived": Verb(
        "noroshi.cli.share_release:derived",
        "Show what an object was reduced from, or which copies of it are out.",
        "写しの元、または公開された写しを示す。",
    ),
    "pull": Verb(
        "noroshi.cli.share_peers:pull",
        "Take in what partner hubs have added since the last time.",
        "連携先のハブで追加されたものを取り込む。",
    ),
    "push": Verb(
        "noroshi.cli.share_peers:push",
        "Send partner hubs what they may have; --dry-run shows exactly what would leave.",
        "連携先のハブへ送る。--dry-runで送る予定のものだけを示す。",
    ),
    "sync": Verb("noroshi.cli.share_peers:sync", "Pull, then push, once.", "取り込みと送信を1回ずつ行う。"),
    "peers": Verb("noroshi.cli.share_peers:peers", "Show how each partner hub stands.", "連携先のハブの状態を示す。"),
}
"""Every command of the group, in the order in which the help shows them."""
SAID = (
    "{file} ({kind}): {kept:,} objects kept, {failed:,} refused",
    "{file}({kind}): 保存{kept:,}件、拒否{failed:,}件",
)
SHOWN = 20
LEVELS = ("CLEAR", "GREEN", "AMBER", "AMBER+STRICT", "RED")


@click.group("share", cls=VerbGroup, verbs=SUBVERBS)
def command() -> None:
    """Bring what others know of threats into the hub.

    脅威に関する情報をハブに取り込む。
    """


@click.command("import")
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@click.option("--collection", required=True, metavar="UUID", help="Where to. 取り込み先のコレクション。")
@click.option("--as", "principal", required=True, metavar="NAME", help="Whose contribution it is. 提供者。")
@click.option(
    "--kind",
    type=click.Choice(("stix", "misp", "kev", "csaf", "csv", "list")),
    help="What the files are; default: by content, except csv and list. 種別。",
)
@click.option("--source", default="", metavar="NAME", help="Who made a csv or list. csv・listの出所。")
@click.option(
    "--marking", type=click.Choice(LEVELS), help="TLP of a csv or list; without one, unmarked. csv・listのTLP。"
)
@click.option("--date", "day", type=click.DateTime(["%Y-%m-%d"]), help="Of a csv or list; default: the file's. 日付。")
@AS_JSON
@LANG
@click.pass_obj
def import_(  # noqa: PLR0913  one parameter per option
    given: Settings, *, files: tuple[str, ...], collection: str, principal: str, kind: str | None, source: str,
    marking: str | None, day: datetime | None, as_json: bool, lang: str | None,
) -> None:  # fmt: skip
    """Bring FILEs, or the folder of a MISP feed, into a collection as a principal who may write there.

    他者のファイルを、書き込み権限のある主体としてコレクションに取り込む。
    """
    settings = override(given, lang=lang)
    from noroshi.desk.bringing_in import bring_in
    from noroshi.files.lists_in import ListAbout

    about = ListAbout(source, marking or "", day.date() if day else None)
    now = time.time_ns() // 1000
    with aside():
        found = bring_in(
            settings, files, collection=collection, principal=principal, kind=kind, now=now, about=about
        )  # fmt: skip
    if as_json:
        print_json([one.as_dict() for one in found])
        return
    for one in found:
        line = SAID[int(settings.lang == "ja")]
        click.echo(line.format(file=one.file, kind=one.kind, kept=one.kept, failed=len(one.failures)))
        for name, message in one.failures[:SHOWN]:
            click.echo(f"  {name}: {message}")
