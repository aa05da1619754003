"""`noroshi attribute train | evaluate`: learn from releases, and test on them."""

from __future__ import annotations

from pathlib import Path

import click

from noroshi.cli.verbs import AS_JSON, LANG, language, print_json

__all__ = ["evaluate", "train"]


@click.command("train")
@click.option(
    "--knowledge", required=True, multiple=True, metavar="BUNDLE",
    help="STIX bundles of ATT&CK, or folders of them. ATT&CKのSTIXバンドル、またはそのフォルダ。",
)  # fmt: skip
@click.option("--out", required=True, metavar="MODEL", help="Where to write the model. モデルの保存先。")
@AS_JSON
@LANG
@click.pass_context
def train(ctx: click.Context, *, knowledge: tuple[str, ...], out: str, as_json: bool, lang: str | None) -> None:
    """Train a model: each release is predicted from those before it, then learned from.

    The file holds the weights, the SHA-256 of every release, the version of the code and the reliability diagram.
    各版をそれ以前の版から予測しながら学習し、モデルを一つの小さなファイルに保存する。
    """
    from noroshi.desk.attributing import train as trained

    made = trained(knowledge, out, said)
    if as_json:
        print_json(made)
        return
    from rich.console import Console

    from noroshi.report.attribution_text import print_model

    print_model(made, out, language(ctx, lang), Console())


@click.command("evaluate")
@click.option(
    "--releases", required=True, multiple=True, metavar="DIR",
    help="Folders or bundles of releases; all are used. 版のフォルダまたはバンドル。",
)  # fmt: skip
@click.option(
    "--after", metavar="RELEASE", help="Count only what came after it, e.g. v14.1. この版より後だけを数える。"
)
@click.option(
    "--base", metavar="RELEASE", help="Keep the knowledge at it; all later is one step. 知識をこの版に固定する。"
)
@click.option("--markdown", metavar="FILE", help="Write the tables to FILE. 表をMarkdownで保存する。")
@click.option("--svg", metavar="FILE", help="Write the reliability diagram to FILE. 信頼度図をSVGで保存する。")
@AS_JSON
@LANG
@click.pass_context
def evaluate(  # noqa: PLR0913  one parameter per option
    ctx: click.Context, *, releases: tuple[str, ...], after: str | None, base: str | None, markdown: str | None,
    svg: str | None, as_json: bool, lang: str | None,
) -> None:  # fmt: skip
    """Test on releases by rolling origin, with baselines, and print the tables as Markdown.

    An incident is a report that a later release cites first, or a new campaign. Figures are agreement with published
    vendor attribution. Intervals are by bootstrap over groups.
    各版で将来予測の試験を行い、ベースラインと並べて表を出力する。数値は公表された帰属との一致を表す。
    """
    from noroshi.desk.attributing import evaluate as figures
    from noroshi.report.attribution_tables import results_markdown
    from noroshi.report.attribution_tables import write as written

    found = figures(releases, said, after, base)
    japanese = language(ctx, lang) == "ja"
    text = results_markdown(found, japanese=japanese)
    if markdown is not None:
        written(Path(markdown), text)
    if svg is not None:
        from noroshi.report.attribution_charts import reliability_diagram

        written(Path(svg), reliability_diagram(found.bins, japanese=japanese))
    if as_json:
        print_json(found)
    else:
        click.echo(text)


def said(step: str) -> None:
    """Say on standard error which step has begun."""
    click.echo(step, err=True)
