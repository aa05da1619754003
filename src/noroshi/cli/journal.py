"""`noroshi journal`: what was done and what was given to whom, and the proof that none of it was changed since."""

from __future__ import annotations

from pathlib import Path

import click

from noroshi.cli.verbs import AS_JSON, LANG, Verb, VerbGroup, print_json
from noroshi.settings import Settings, override

__all__ = ["SUBVERBS", "command"]

SUBVERBS: dict[str, Verb] = {
    "verify": Verb(
        "noroshi.cli.journal:verify",
        "Check every entry, and the checkpoints that were kept.",
        "全項目と、保管したチェックポイントを検証する。",
    ),
    "checkpoint": Verb(
        "noroshi.cli.journal:checkpoint",
        "Sign where the journal and the ledger end now.",
        "ジャーナルと提供記録の現在の末尾に署名する。",
    ),
    "deliveries": Verb(
        "noroshi.cli.journal:deliveries",
        "Show who got which version of what, and when.",
        "誰が何のどの版をいつ受け取ったかを示す。",
    ),
}
"""Every command of the group, in the order in which the help shows them."""
HOLDS = (
    "Journal: {journal:,} entries, ledger: {ledger:,} entries, checkpoints: {points:,}. All hold.",
    "ジャーナル{journal:,}項目、提供記録{ledger:,}項目、チェックポイント{points:,}件。すべて正しい。",
)
THERE = (
    "Objects: {there:,} as they were kept, {deleted:,} deleted, {erased:,} erased, {older:,} from before the journal.",
    "オブジェクト: 保存時のまま{there:,}件、削除{deleted:,}件、消去{erased:,}件、ジャーナル開始前{older:,}件。",
)
KEPT = ("{path}: give it to those who are to trust the hub.", "{path}: ハブを信頼する相手に渡して保管してもらう。")
NOTHING = ("No deliveries.", "提供の記録はない。")


@click.group("journal", cls=VerbGroup, verbs=SUBVERBS)
def command() -> None:
    """Verify what was done and given to whom.

    何が行われ、誰に何が渡ったかを検証する。
    """


@click.command("verify")
@click.option(
    "--checkpoint",
    "files",
    multiple=True,
    metavar="FILE",
    help="A checkpoint that was kept. 保管したチェックポイント。",
)
@click.option(
    "--key", default="", metavar="HEX", help="The hub's public key, if it is not this hub's own. ハブの公開鍵。"
)
@click.option("--objects", is_flag=True, help="Compare what was kept with what is there. 保存内容も照合する。")
@AS_JSON
@LANG
@click.pass_obj
def verify(  # noqa: PLR0913  one parameter an option
    given: Settings, *, files: tuple[str, ...], key: str, objects: bool, as_json: bool, lang: str | None
) -> None:  # fmt: skip
    """Check every entry of the journal and the ledger, and the checkpoints; name the first entry that does not hold.

    ジャーナルと提供記録の全項目、チェックポイントを検証し、最初に合わない項目を示す。
    """
    settings = override(given, lang=lang)
    from noroshi.desk.journal import verify_hub

    found = verify_hub(settings, files, key, objects=objects)
    if as_json:
        ends = {
            name: {"no": end.no, "hash": end.hash.hex()} for name, end in zip(found._fields, found[:2], strict=False)
        }
        print_json({**ends, "checkpoints": found.checkpoints,
                    "objects": found.objects and found.objects._asdict()})  # fmt: skip
        return
    japanese = int(settings.lang == "ja")
    click.echo(HOLDS[japanese].format(journal=found.journal.no, ledger=found.ledger.no, points=found.checkpoints))
    if found.objects:
        click.echo(THERE[japanese].format(**found.objects._asdict()))


@click.command("checkpoint")
@click.option("--out", metavar="FILE", help="Write it to FILE. FILEに書き出す。")
@LANG
@click.pass_obj
def checkpoint(given: Settings, *, out: str | None, lang: str | None) -> None:
    """Sign where the journal and the ledger end now, for an auditor or a partner to keep.

    監査人や相手組織が保管するため、ジャーナルと提供記録の現在の末尾に署名する。
    """
    settings = override(given, lang=lang)
    import msgspec

    from noroshi.desk.journal import checkpoint_hub

    text = msgspec.json.format(msgspec.json.encode(checkpoint_hub(settings)), indent=1).decode() + "\n"
    if out is None:
        click.echo(text, nl=False)
        return
    Path(out).write_text(text, encoding="utf-8")
    click.echo(KEPT[int(settings.lang == "ja")].format(path=out))


@click.command("deliveries")
@click.option("--object", "name", default="", metavar="ID", help="Of this object. このオブジェクトだけ。")
@click.option("--principal", default="", metavar="NAME", help="To this principal. この主体だけ。")
@AS_JSON
@LANG
@click.pass_obj
def deliveries(
    given: Settings, *, name: str, principal: str, as_json: bool, lang: str | None
) -> None:  # fmt: skip
    """Show who got which version of what, and when; of all, or of an object, or to a principal.

    誰が何のどの版をいつ受け取ったかを示す。
    """
    settings = override(given, lang=lang)
    from noroshi.desk.deliveries import deliveries_hub

    found = deliveries_hub(settings, name, principal)
    if as_json:
        print_json([one._asdict() for one in found])
        return
    for one in found:
        click.echo("  ".join((one.at, one.principal, one.route, one.collection, one.object or "-", one.version or "-")))
    if not found:
        click.echo(NOTHING[int(settings.lang == "ja")])
