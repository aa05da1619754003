"""`noroshi share`: what is known of threats, in and out of the hub."""

from __future__ import annotations

import time

import click

from noroshi.cli.verbs import AS_JSON, LANG, Verb, VerbGroup, aside, print_json
from noroshi.settings import Settings, override

__all__ = ["SUBVERBS", "command"]

SUBVERBS: dict[str, Verb] = {
    "import": Verb(
        "noroshi.cli.share:import_",
        "Bring files of others into a collection: STIX, MISP events, CSAF advisories, exploited vulnerabilities.",
        "STIXバンドル、MISPイベント、CSAFアドバイザリ、悪用確認済み脆弱性の一覧をコレクションに取り込む。",
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
    "--kind", type=click.Choice(("stix", "misp", "kev", "csaf")), help="What the files are; default: by content. 種別。"
)
@AS_JSON
@LANG
@click.pass_obj
def import_(  # noqa: PLR0913  one parameter per option
    given: Settings, *, files: tuple[str, ...], collection: str, principal: str, kind: str | None, as_json: bool,
    lang: str | None,
) -> None:  # fmt: skip
    """Bring FILEs into a collection as a principal who may write there, markings and all.

    他者のファイルを、書き込み権限のある主体としてコレクションに取り込む。
    """
    settings = override(given, lang=lang)
    from noroshi.desk.bringing_in import bring_in

    now = time.time_ns() // 1000
    with aside():
        found = bring_in(settings, files, collection=collection, principal=principal, kind=kind, now=now)
    if as_json:
        print_json([one.as_dict() for one in found])
        return
    for one in found:
        line = SAID[int(settings.lang == "ja")]
        click.echo(line.format(file=one.file, kind=one.kind, kept=one.kept, failed=len(one.failures)))
        for name, message in one.failures[:SHOWN]:
            click.echo(f"  {name}: {message}")
