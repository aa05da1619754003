"""`noroshi rate rank`: ranks as intervals."""

from __future__ import annotations

import click

from noroshi.cli.rate_score import CATALOGUE, FORMER
from noroshi.cli.verbs import AS_JSON, LANG, language, print_json

__all__ = ["command"]


@click.command("rank")
@click.argument("round_", metavar="ROUND")
@click.option("--estate", metavar="ESTATE", help="Whose sectors are the peers. 比較対象のエステート。")
@FORMER
@CATALOGUE
@AS_JSON
@LANG
@click.pass_context
def command(  # noqa: PLR0913  one parameter per option
    ctx: click.Context, *, round_: str, estate: str | None, former: tuple[str, ...], catalogue: str | None,
    as_json: bool, lang: str | None,
) -> None:  # fmt: skip
    """Rank the organisations of ROUND, with the interval in which each rank lies whatever the weights.

    ROUND is a folder of answers files, or a file with one answers object a line (.jsonl). Weights, the way of adding up
    and the evidence's uncertainty are drawn anew a thousand times.
    重み・合成方法・証拠の不確かさを変えて、各組織の順位の区間を示す。
    """
    from noroshi.desk.ranking import ranking
    from noroshi.desk.rating import DEFAULT_CATALOGUE
    from noroshi.files.estates import load

    chosen = language(ctx, lang)
    peers = load(estate, chosen) if estate is not None else None
    found = ranking(round_, catalogue=catalogue or DEFAULT_CATALOGUE, estate=peers, former=former)
    if as_json:
        print_json(found.as_dict())
        return
    from rich.console import Console

    from noroshi.report.rank_text import print_ranking

    print_ranking(found, chosen, Console())
