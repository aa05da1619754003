"""`noroshi situation calls`: whom to call in which order, and what to say, when mail and web are down."""

from __future__ import annotations

from pathlib import Path

import click

from noroshi.cli.acting import AS, at_desk, micros
from noroshi.cli.brief_situation import WRITTEN
from noroshi.cli.situation import SITUATION
from noroshi.cli.verbs import AS_JSON, LANG, aside, print_json
from noroshi.settings import Settings, override

__all__ = ["calls"]


@click.command("calls")
@SITUATION
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="Write a page to be printed. 印刷用HTMLの出力先。")  # fmt: skip
@AS
@AS_JSON
@LANG
@click.pass_obj
def calls(  # noqa: PLR0913  one parameter an option
    given: Settings, *, uid: str, html: Path | None, principal: str, as_json: bool, lang: str | None
) -> None:
    """List whom to call in which order, and what to say: for when mail and web are down.

    メール・Webが使えない場合の電話連絡の順番と伝達内容を示す。
    """
    settings = override(given, lang=lang)
    from noroshi.desk.case_calls import calls as listed

    with at_desk(settings, principal) as (hub, who), aside():
        sheet = listed(hub, who, uid, micros())
    if html is not None:
        from noroshi.report.case_calls import call_page

        html.write_text(call_page(sheet, settings.lang), encoding="utf-8")
        click.echo(WRITTEN[int(settings.lang == "ja")].format(path=html), err=True)
    if as_json:
        print_json(sheet)
    elif html is None:
        from noroshi.report.case_calls import call_lines

        for line in call_lines(sheet, settings.lang):
            click.echo(line)
