"""The door for the terminal: the command group, the table of its verbs, and the one boundary where errors end."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from itertools import pairwise
from typing import NoReturn

import click
from click.shell_completion import shell_complete

from noroshi.cli import words
from noroshi.cli.verbs import Verb, VerbGroup, language
from noroshi.errors import InputError, NoroshiError, StoppedError
from noroshi.settings import LANGUAGES, load_settings

__all__ = ["VERBS", "cli", "main"]

PROGRAM = "noroshi"
COMPLETE_VARIABLE = "_NOROSHI_COMPLETE"


VERBS: dict[str, Verb] = {
    "brief": Verb("noroshi.cli.brief:command", "Compute the national brief.", "国の要約を計算する。"),
    "serve": Verb("noroshi.cli.serve:command", "Serve the brief as a page.", "要約をページとして配信する。"),
    "estate": Verb(
        "noroshi.cli.estate:command",
        "Check, show, convert, compare and generate estates.",
        "エステートの検査・表示・変換・比較・生成。",
    ),
    "stress": Verb(
        "noroshi.cli.stress:command",
        "Show what an attack does to what people rely on.",
        "攻撃が人々の頼るサービスに何をもたらすかを示す。",
    ),
    "rate": Verb(
        "noroshi.cli.rate:command",
        "Score organisations out of 100 from graded evidence.",
        "証拠の質を踏まえて組織を100点満点で評価する。",
    ),
    "share": Verb(
        "noroshi.cli.share:command",
        "Bring what others know of threats into the hub.",
        "脅威に関する情報をハブに取り込む。",
    ),
    "situation": Verb(
        "noroshi.cli.situation:command",
        "Lead a case from the first report to its end.",
        "最初の報告から終結まで、事態を扱う。",
    ),
    "respond": Verb(
        "noroshi.cli.respond:command",
        "Show what must be reported by when, and how severe a case is.",
        "報告義務の期限と、事案の深刻度を示す。",
    ),
    "warn": Verb(
        "noroshi.cli.warn:command",
        "Warn those at risk, and see who got it and acted.",
        "危険にさらされている相手に警告し、到達と対処を追う。",
    ),
    "attribute": Verb(
        "noroshi.cli.attribute:command",
        "Say how far evidence agrees with published attribution.",
        "証拠と公表された帰属との一致を示す。",
    ),
    "admin": Verb(
        "noroshi.cli.admin:command", "Say who may use the hub, and what for.", "ハブの利用者と権限を管理する。"
    ),
    "journal": Verb(
        "noroshi.cli.journal:command",
        "Verify what was done and given to whom.",
        "何が行われ、誰に何が渡ったかを検証する。",
    ),
    "match": Verb(
        "noroshi.cli.match:command",
        "Find shared indicators in your own logs.",
        "共有された指標を自組織のログから探す。",
    ),
    "completion": Verb(
        "noroshi.cli.completion:command",
        "Print the completion script of a shell.",
        "シェルの補完スクリプトを表示する。",
    ),
}
"""Every verb, in the order in which the help shows them; only what exists is listed."""


class Program(VerbGroup):
    """The program's own group: its help says what it is for, in the language asked for."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write what the program is for."""
        with formatter.indentation():
            formatter.write_paragraph()
            formatter.write_text(words.PURPOSE[int(language(ctx) == "ja")])


@click.group(PROGRAM, cls=Program, verbs=VERBS, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--lang", type=click.Choice(LANGUAGES), is_eager=True, help="Language of what is printed. 表示言語。")
@click.version_option(package_name=PROGRAM, prog_name=PROGRAM, message="%(prog)s %(version)s")
@click.pass_context
def cli(ctx: click.Context, lang: str | None) -> None:
    """Show what people lose when an attack lands, for how long, and what to do first."""
    ctx.obj = load_settings({"lang": lang})


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line on `arguments` (default: the process's) and exit.

    Exit codes: 0 done, 2 the input is at fault, 3 asked for what does not exist, 130 stopped by the user. Anything
    else is a bug and shows its traceback.
    """
    try:
        code = _run(list(sys.argv[1:] if arguments is None else arguments))
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read our output has stopped reading, which is no fault of anyone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    sys.exit(code)


def _run(arguments: list[str]) -> int:
    """Run the command and return its exit code; every error that is meant for the user ends here."""
    completing = os.environ.get(COMPLETE_VARIABLE)
    if completing:
        return shell_complete(cli, {}, PROGRAM, COMPLETE_VARIABLE, completing)
    try:
        with cli.make_context(PROGRAM, list(arguments)) as ctx:
            cli.invoke(ctx)
    except click.exceptions.Exit as done:
        return done.exit_code
    except NoroshiError as error:
        _show(error, _asked_language(arguments))
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        _show(StoppedError(), _asked_language(arguments))
        return StoppedError.exit_code
    except click.ClickException as error:
        error.show()
        return InputError.exit_code
    return 0


def _show(error: NoroshiError, lang: str) -> None:
    """Print an error to standard error: what was found, what was expected, where, and what to do."""
    japanese = int(lang == "ja")
    if isinstance(error, InputError):
        click.secho(words.FAULTS[japanese].format(total=error.total), fg="red", bold=True, err=True)
        click.echo(error.report(lang), err=True)
    elif isinstance(error, StoppedError):
        click.secho(words.STOPPED[japanese], fg="yellow", err=True)
    else:
        click.secho(f"{words.ERROR[japanese]}{error}", fg="red", err=True)


def _asked_language(arguments: Sequence[str]) -> str:
    """Return the language to show an error in: the flag, else that of the settings, else English."""
    flags = [value for flag, value in pairwise(arguments) if flag == "--lang"]
    flags += [flag.partition("=")[2] for flag in arguments if flag.startswith("--lang=")]
    if flags:
        return flags[0]
    try:
        return load_settings().lang
    except InputError:
        return os.environ.get("NOROSHI_LANG", "en")
