"""`noroshi share export`: lists, CSV, MISP feeds and STIX of what a named principal may see."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import click

from noroshi.cli.verbs import AS_JSON, LANG, aside, print_json
from noroshi.settings import Settings, override

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["export"]

FORMS = ("ip", "domain", "url", "hashes", "csv", "misp", "stix")
GOING = ("would leave", "書き出す予定")
STAYS = ("stays", "書き出さない")
TOTAL = ("{n:,} × {rule}: {meaning}", "{n:,}件 × {rule}: {meaning}")
WRITTEN = ("written: {to}", "書き出し先: {to}")


@click.command("export")
@click.option("--collection", required=True, metavar="UUID", help="From where. 書き出すコレクション。")
@click.option("--as", "principal", required=True, metavar="NAME", help="Who may see what leaves. 閲覧する主体。")
@click.option("--form", type=click.Choice(FORMS), required=True, help="A list, csv, misp (a folder), stix. 形式。")
@click.option("--to", metavar="PATH", help="File, or for misp the folder, to write. 書き出し先。")
@click.option("--without-benign", is_flag=True, help="Leave out what is on MISP's warninglists. 既知の無害な値を除く。")
@click.option("--dry-run", is_flag=True, help="Write nothing; say of each value if it would leave. 書かずに示す。")
@AS_JSON
@LANG
@click.pass_obj
def export(  # noqa: PLR0913  one parameter per option
    given: Settings, *, collection: str, principal: str, form: str, to: str | None, without_benign: bool,
    dry_run: bool, as_json: bool, lang: str | None,
) -> None:  # fmt: skip
    """Write what a principal may see of a collection, and no more; it is entered in the delivery ledger.

    主体が閲覧できるものだけを書き出し、提供記録に残す。
    """
    settings = override(given, lang=lang)
    if (to is None) is not dry_run:
        raise click.UsageError("give either --to PATH or --dry-run")
    from noroshi.desk.sending_out import send_out
    from noroshi.share.outgoing import LEAVES, RULES

    now = time.time_ns() // 1000
    with aside():
        known = benign(settings) if without_benign else None
        found = send_out(
            settings, principal=principal, collection=collection, form=form, to=to, now=now, benign=known
        )  # fmt: skip
    if as_json:
        print_json(found.as_dict())
        return
    japanese = int(settings.lang == "ja")
    for row in found.rows if dry_run else ():
        said = (GOING if row["rule"] == LEAVES else STAYS)[japanese]
        pap = (f"PAP:{row['pap']}",) if row["pap"] else ()
        asked = " ".join((row["tlp"] or "-", *pap, *(row["communities"] or ())))
        click.echo(f"{said}  {row['id']}  {row['version']}  {asked}  {row['value'] or '-'}  {row['rule']}")
    for rule, count in found.counts.items():
        click.echo(TOTAL[japanese].format(n=count, rule=rule, meaning=RULES[rule][japanese]))
    if found.written:
        click.echo(WRITTEN[japanese].format(to=found.written))


def benign(settings: Settings) -> Callable[[str, str], Any]:
    """Return what says whether a value is known to be harmless."""
    from noroshi.files.warninglists import load_warninglists

    lists = load_warninglists(settings.cache_dir)
    return lambda value, kind: bool(lists.names(value, kind))
