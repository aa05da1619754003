"""`noroshi rate score` and `catalogue`: what an organisation's answers are worth, and the questions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from noroshi.cli.verbs import AS_JSON, LANG, language, print_json

if TYPE_CHECKING:
    from noroshi.estate.model import Estate

__all__ = ["CATALOGUE", "FORMER", "questions", "score"]

CATALOGUE = click.option(
    "--catalogue", metavar="NAME|FILE", help="A shipped catalogue, or a TOML file. 設問カタログの名前またはファイル。"
)
FORMER = click.option(
    "--former",
    multiple=True,
    metavar="OLD",
    help="Earlier answers; what others found then counts on. Repeatable. 前回までの回答。他者の所見は引き継ぐ。",
)


@click.command("score")
@click.argument("answers", metavar="FILE")
@click.option(
    "--estate",
    metavar="ESTATE",
    help="Whose sectors are the peers; default: the surveyed population. 比較対象のエステート。",
)
@click.option(
    "--scheme",
    metavar="SCHEME",
    help="Another scheme over the same answers: cpg-2.0, csf-2.0, sprs, openssf or ipa-deviation. 他の評価方式。",
)
@FORMER
@CATALOGUE
@AS_JSON
@LANG
@click.pass_context
def score(  # noqa: PLR0913  one parameter per option
    ctx: click.Context, *, answers: str, estate: str | None, scheme: str | None, former: tuple[str, ...],
    catalogue: str | None, as_json: bool, lang: str | None,
) -> None:  # fmt: skip
    """Score the answers in FILE: points with an interval, the verdict, and what would settle it.

    A claim alone never passes; evidence loses half its worth in each half-life of its question.
    回答ファイルを採点し、点数の90%区間、合否、判定を決める証拠を示す。
    """
    from noroshi.desk.rating import DEFAULT_CATALOGUE, rate_answers
    from noroshi.files.estates import load

    chosen = language(ctx, lang)
    peers = load(estate, chosen) if estate is not None else None
    if scheme is not None:
        _score_under(scheme, answers, former, catalogue or DEFAULT_CATALOGUE, peers, as_json=as_json, lang=chosen)
        return
    rating = rate_answers(answers, catalogue=catalogue or DEFAULT_CATALOGUE, estate=peers, former=former)
    if as_json:
        print_json(rating.as_dict())
        return
    from rich.console import Console

    from noroshi.report.rating_text import print_rating

    print_rating(rating, chosen, Console())


def _score_under(  # noqa: PLR0913  what the command was given
    scheme: str,
    answers: str,
    former: tuple[str, ...],
    catalogue: str,
    peers: Estate | None,
    *,
    as_json: bool,
    lang: str,
) -> None:
    """Print the score under another scheme."""
    from noroshi.desk.schemes import rate_under

    values = rate_under(answers, scheme, catalogue=catalogue, estate=peers, former=former)
    if as_json:
        print_json(values)
        return
    from rich.console import Console

    from noroshi.report.scheme_text import print_scheme

    print_scheme(values, lang, Console())


@click.command("catalogue")
@CATALOGUE
@AS_JSON
@LANG
@click.pass_context
def questions(ctx: click.Context, *, catalogue: str | None, as_json: bool, lang: str | None) -> None:
    """List the questions with their weights, levels and what proves them.

    設問、重み、水準、証拠の例を一覧する。
    """
    from noroshi.desk.rating import DEFAULT_CATALOGUE, catalogue_values
    from noroshi.files.catalogues import load_catalogue

    found = load_catalogue(catalogue or DEFAULT_CATALOGUE)
    if as_json:
        print_json(catalogue_values(found))
        return
    from rich.console import Console

    from noroshi.report.rating_text import print_catalogue

    print_catalogue(found, language(ctx, lang), Console())
