"""`noroshi rate sector`: how the sectors of a round of ratings stand, and what of it may be shown to whom."""

from __future__ import annotations

import click

from noroshi.cli.rate_score import CATALOGUE
from noroshi.cli.verbs import AS_JSON, LANG, language, print_json

__all__ = ["command"]


@click.command("sector")
@click.argument("rounds", metavar="ROUND...", nargs=-1, required=True)
@click.option(
    "--estate",
    metavar="ESTATE",
    help="Whose sectors, authorities and numbers of organisations. 分野と所管のエステート。",
)
@click.option(
    "--population",
    metavar="FILE",
    help="CSV sector,size,count: how many organisations there are. 分野・規模別の組織数。",
)
@click.option(
    "--for", "reader", metavar="MINISTRY", help="Who reads: its own sectors are shown in full. 閲覧する省庁。"
)
@click.option("--publish", is_flag=True, help="For everybody (as without --for). 公表用(誰にでも示せる表)。")
@CATALOGUE
@AS_JSON
@LANG
@click.pass_context
def command(  # noqa: PLR0913  one parameter per option
    ctx: click.Context,
    *,
    rounds: tuple[str, ...],
    estate: str | None,
    population: str | None,
    reader: str | None,
    publish: bool,
    catalogue: str | None,
    as_json: bool,
    lang: str | None,
) -> None:
    """Show how each sector stands in the latest ROUND, and what has changed since the one before.

    A ROUND is a folder of answers files, or a file with one answers object a line (.jsonl). Give every round that was
    published before: what they would tell together is held back. Cells of fewer than 10 are for their ministry only.
    最新の回の分野別の表と前回からの変化を示す。公表済みの回はすべて指定する。10組織未満の欄は所管省庁だけに示す。
    """
    from noroshi.desk.sector_tables import DEFAULT_CATALOGUE, sector_tables
    from noroshi.files.estates import load

    if publish and reader:
        raise click.UsageError("--publish is for everybody and --for is for one ministry: give one of the two")
    chosen = language(ctx, lang)
    found = load(estate, chosen) if estate is not None else None
    tables = sector_tables(
        rounds,
        catalogue=catalogue or DEFAULT_CATALOGUE,
        estate=found,
        population=population,
        reader=reader or "",
    )
    if as_json:
        print_json(tables.as_dict())
        return
    from rich.console import Console

    from noroshi.report.sector_text import print_sectors

    print_sectors(tables, chosen, Console())
