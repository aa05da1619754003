"""`noroshi rate import`: the output of scanners becomes measured answers."""

from __future__ import annotations

from datetime import datetime

import click

from noroshi.cli.rate_score import CATALOGUE
from noroshi.cli.verbs import AS_JSON, LANG, language, print_json

__all__ = ["import_"]

KINDS = ("nmap", "sslyze", "trivy", "nuclei", "checkdmarc", "scorecard", "kev", "cpe")
"""As files/scans has them, which is not imported for `--help`; a test holds the two together."""


@click.command("import")
@click.argument("scans", metavar="SCAN...", nargs=-1, required=True)
@click.option(
    "--into", required=True, metavar="ANSWERS", help="The answers file (JSON) to add to. 追記する回答ファイル。"
)
@click.option("--kind", type=click.Choice(KINDS), help="Format of SCAN; default: told by its content. 走査結果の形式。")
@click.option(
    "--date",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="2026-11-01",
    help="Date of scans that carry none. 日付のない走査結果の実施日。",
)
@click.option("--kev", metavar="KEV", help="Catalogue of known exploited vulnerabilities. 悪用確認済み脆弱性の一覧。")
@click.option("--inside", is_flag=True, help="What was scanned cannot be reached from the internet. 内部からの走査。")
@click.option("--organisation", metavar="NAME", help="Whose answers, if ANSWERS is new. 新規作成時の組織名。")
@click.option("--sector", metavar="ID", help="Its sector, if ANSWERS is new. 新規作成時の分野。")
@click.option("--dry-run", is_flag=True, help="Show what would be added; write nothing. 書き込まずに結果だけを示す。")
@CATALOGUE
@AS_JSON
@LANG
@click.pass_context
def import_(  # noqa: PLR0913  one parameter per option
    ctx: click.Context, *, scans: tuple[str, ...], into: str, kind: str | None, day: datetime | None, kev: str | None,
    inside: bool, organisation: str | None, sector: str | None, dry_run: bool, catalogue: str | None, as_json: bool,
    lang: str | None,
) -> None:  # fmt: skip
    """Add what scanners measured to the answers in ANSWERS: all of it, or nothing if a file is at fault.

    A scan counts for what it can see: it disproves levels, and proves none that it cannot look at.
    走査ツールの出力を読み、実測の回答として追記する。一つでも不正なら何も書き込まない。
    """
    from noroshi.desk.importing import DEFAULT_CATALOGUE, Owner, import_scans

    if (organisation is None) != (sector is None):
        raise click.UsageError("give --organisation and --sector together")
    done = import_scans(
        scans, into, kind=kind, day=day.date() if day else None, kev=kev, inside=inside,
        owner=Owner(organisation, sector) if organisation and sector else None,
        catalogue=catalogue or DEFAULT_CATALOGUE, dry_run=dry_run,
    )  # fmt: skip
    if as_json:
        print_json(done.as_dict())
        return
    from rich.console import Console

    from noroshi.report.rating_import_text import print_import

    print_import(done, language(ctx, lang), Console())
