"""`noroshi admin erase`: an object goes for good, and who had received it is shown."""

from __future__ import annotations

import click

from noroshi.cli.verbs import AS_JSON, LANG, print_json
from noroshi.settings import Settings, override

__all__ = ["command"]

ERASED = (
    "{rows:,} rows erased; the journal tells so, without the id.",
    "{rows:,}行を消去した。ジャーナルには識別子を残さず記録した。",
)
NOBODY = ("Nobody had received it.", "受け取った者はいない。")
RECEIVED = ("Received by, to be told:", "受け取った者(通知が必要):")
NAMED_BY = (
    "{count:,} relationships, sightings or warnings still name it: erase them too where they must not.",
    "これを参照する関係・目撃情報・警告が{count:,}件残っている。必要ならそれらも消去する。",
)


@click.command("erase")
@click.argument("name", metavar="OBJECT_ID")
@click.option("--collection", default="", metavar="UUID", help="Only in this collection. このコレクションだけ。")
@click.option("--reason", required=True, help="Why; it stays in the journal. 理由(ジャーナルに残る)。")
@AS_JSON
@LANG
@click.pass_obj
def command(  # noqa: PLR0913  one parameter an option
    given: Settings, *, name: str, collection: str, reason: str, as_json: bool, lang: str | None
) -> None:  # fmt: skip
    """Erase every version of OBJECT_ID for good, and say who had received it; the journal still verifies.

    Backups made before, and what others have received, still hold it.
    OBJECT_IDの全版を完全に消去し、受け取った者を示す。以前のバックアップには残る。
    """
    settings = override(given, lang=lang)
    from noroshi.desk.erasing import erase_hub

    done = erase_hub(settings, name, collection, reason)
    if as_json:
        print_json({"rows": done.rows, "named_by": done.named_by,
                    "deliveries": [one._asdict() for one in done.deliveries]})  # fmt: skip
        return
    japanese = int(settings.lang == "ja")
    click.echo(ERASED[japanese].format(rows=done.rows))
    click.echo((RECEIVED if done.deliveries else NOBODY)[japanese])
    for one in done.deliveries:
        click.echo(f"  {one.principal}  {one.at}  {one.collection}  {one.route}  {one.version}")
    if done.named_by:
        click.echo(NAMED_BY[japanese].format(count=done.named_by))
