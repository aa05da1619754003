"""`noroshi brief`: the national brief in the terminal, as JSON or as files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from noroshi.cli.verbs import AS_JSON, LANG
from noroshi.settings import LANGUAGES, Settings, override

if TYPE_CHECKING:
    from noroshi.desk.brief_schema import Brief

__all__ = ["command"]

DEFAULT_ESTATE = "japan"
TITLE = ("Brief", "要約")
WRITTEN = ("Written: {path}", "書き出し: {path}")


@click.command("brief", short_help="Compute the national brief.")
@click.argument("estate", default=DEFAULT_ESTATE)
@click.option(
    "--threat", metavar="NAME|FILE", help="A group or campaign by name, or a file. 脅威の名前またはファイル。"
)
@click.option("--trials", type=click.IntRange(min=1), help="Number of trials. 試行回数。")
@click.option("--seed", type=click.IntRange(min=0), help="Seed of the draws. 乱数種。")
@click.option("--threads", type=click.IntRange(min=0), help="Threads; 0 = all cores. スレッド数(0=全コア)。")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write JSON and pages there. 出力先。",
)
@LANG
@AS_JSON
@click.pass_obj
def command(  # noqa: PLR0913  one parameter an option
    given: Settings,
    *,
    estate: str,
    threat: str | None,
    trials: int | None,
    seed: int | None,
    threads: int | None,
    out: Path | None,
    lang: str | None,
    as_json: bool,
) -> None:
    """Compute the national brief of ESTATE: ratings, services at risk, whom to press first, whom to warn.

    ESTATE is a folder, a .json file or the name of a sample. The same seed gives the same bytes.
    国の要約(評点、危険なサービス、優先して働きかける組織、警告先)を計算する。
    """
    settings = override(given, lang=lang, threads=threads)
    brief = computed(settings, estate, threat, trials, seed)
    from noroshi.desk.brief_schema import encode

    if out is not None:
        write(brief, out, settings.lang)
    if as_json:
        sys.stdout.buffer.write(encode(brief))
    elif out is None:
        from rich.console import Console

        from noroshi.report.terminal import print_brief

        print_brief(brief, settings.lang, Console())


def computed(settings: Settings, where: str, threat: str | None, trials: int | None, seed: int | None) -> Brief:
    """Return the brief, stored or computed with progress on standard error."""
    from rich.console import Console

    from noroshi.desk.asked import asked_brief
    from noroshi.report.terminal import progress

    compute = asked_brief(where, threat, trials, seed, settings)
    with progress(TITLE[int(settings.lang == "ja")], Console(stderr=True)) as report:
        return compute(report)


def write(brief: Brief, folder: Path, lang: str) -> None:
    """Write brief.json and the self-contained pages in both languages into `folder`."""
    from noroshi.desk.brief_schema import encode
    from noroshi.report.html import standalone

    folder.mkdir(parents=True, exist_ok=True)
    files = {"brief.json": encode(brief)}
    files |= {f"brief.{one}.html": standalone(brief, one).encode() for one in LANGUAGES}
    for name, data in files.items():
        (folder / name).write_bytes(data)
        click.echo(WRITTEN[int(lang == "ja")].format(path=folder / name), err=True)
