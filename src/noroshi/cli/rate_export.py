"""`noroshi rate export`: answers out to a spreadsheet and back, and to OSCAL."""

from __future__ import annotations

import click

from noroshi.cli.rate_score import CATALOGUE
from noroshi.cli.verbs import AS_JSON, LANG, language, print_json

__all__ = ["export"]

FORMATS = ("xlsx", "csv", "json", "oscal-ar", "oscal-poam")
"""Format by name; desk/exporting.py knows how each is written."""


@click.command("export")
@click.argument("answers", metavar="[FILE]", required=False)
@click.option("--blank", is_flag=True, help="A blank form, without answers. 未記入の回答票。")
@click.option("--to", required=True, metavar="OUT", help="Where it is written. 出力先。")
@click.option(
    "--format", "form", type=click.Choice(FORMATS), help="Default: the ending of OUT. 形式（既定は出力先の拡張子）。"
)
@click.option("--plan", metavar="PLAN", help="For OSCAL: the output of `rate plan --json`. 計画のファイル。")
@CATALOGUE
@AS_JSON
@LANG
@click.pass_context
def export(  # noqa: PLR0913  one parameter per option
    ctx: click.Context, *, answers: str | None, blank: bool, to: str, form: str | None, plan: str | None,
    catalogue: str | None,
    as_json: bool, lang: str | None,
) -> None:  # fmt: skip
    """Write the answers in FILE as a spreadsheet to fill in, as CSV or JSON, or as OSCAL.

    FILE may be JSON, a filled-in spreadsheet or CSV; every command that reads answers reads all three.
    回答を表計算ファイル、CSV、JSON又はOSCALとして書き出す。
    """
    from noroshi.desk.exporting import export_answers
    from noroshi.desk.rating import DEFAULT_CATALOGUE

    if blank == (answers is not None):
        raise click.UsageError("give either FILE or --blank")
    chosen = language(ctx, lang)
    done = export_answers(
        None if blank else answers, to, form=form, lang=chosen, catalogue=catalogue or DEFAULT_CATALOGUE, plan=plan
    )
    if as_json:
        print_json(done)
        return
    from noroshi.report.words import said

    click.echo(said("exported", chosen, path=done["written"], count=done["answers"]))
