"""`noroshi brief`: the national brief in the terminal, as JSON or as files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from click.core import ParameterSource

from noroshi.cli.verbs import AS_JSON, LANG
from noroshi.errors import Fault, InputError
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
@click.option("--situation", metavar="SITUATION", help="The brief about this case instead. 事態の要約。")
@click.option("--as", "principal", metavar="NAME", help="With --situation: who reads it. 閲覧する主体。")
@click.option("--at", "when", metavar="TIME", help="With --situation: as of then; now by default. その時点。")
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE",
              help="With --situation: write a page that can be printed. 印刷用HTMLの出力先。")  # fmt: skip
@LANG
@AS_JSON
@click.pass_context
def command(  # noqa: PLR0913  one parameter an option
    ctx: click.Context,
    *,
    estate: str,
    threat: str | None,
    trials: int | None,
    seed: int | None,
    threads: int | None,
    out: Path | None,
    situation: str | None,
    principal: str | None,
    when: str | None,
    html: Path | None,
    lang: str | None,
    as_json: bool,
) -> None:
    """Compute the national brief of ESTATE: ratings, services at risk, whom to press first, whom to warn.

    ESTATE is a folder, a .json file or the name of a sample. The same seed gives the same bytes. With --situation it
    is the brief about that case: what is hit, what fails when, who is warned, what is due next.
    国の要約(評点、危険なサービス、優先して働きかける組織、警告先)を計算する。--situationは事態の要約。
    """
    settings = override(ctx.obj, lang=lang, threads=threads)
    refuse_mixed(ctx, situation)
    if situation is not None and principal is not None:
        from noroshi.cli.brief_situation import show

        show(settings, situation, principal, when, html, as_json=as_json)
        return
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


NATIONAL = ("estate", "threat", "trials", "seed", "threads", "out")
OF_A_CASE = ("principal", "when", "html")
NAMES = {"principal": "--as", "when": "--at", "estate": "ESTATE"}


def refuse_mixed(ctx: click.Context, situation: str | None) -> None:
    """Refuse what belongs to the national brief with --situation, and the reverse; --situation needs --as."""
    there = {name for name in (*NATIONAL, *OF_A_CASE) if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE}
    wrong = [name for name in (OF_A_CASE if situation is None else NATIONAL) if name in there]
    if wrong:
        found = ", ".join(NAMES.get(name, f"--{name}") for name in wrong)
        expected = "only with --situation" if situation is None else "not with --situation"
        raise InputError([Fault("bad-choice", column="options", found=found, expected=expected,
                                remedy="see noroshi brief --help")])  # fmt: skip
    if situation is not None and "principal" not in there:
        raise InputError([Fault("missing-value", column="options", found="--situation without --as",
                                expected="--as NAME: who reads it", remedy="add --as NAME")])  # fmt: skip


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
