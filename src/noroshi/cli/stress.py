"""`noroshi stress`: run a shock on an estate, and ask why something degraded."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from noroshi.cli.main import Verb
from noroshi.settings import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from noroshi.stress.result import Result

__all__ = ["AS_JSON", "LANG", "SUBVERBS", "command", "language", "print_json", "waiting"]

SEASONS = ("winter", "spring", "summer", "autumn")
LONGEST_H = 8760.0

SUBVERBS: dict[str, Verb] = {
    "run": Verb(
        "noroshi.cli.stress:run",
        "Run one shock on ESTATE, every uncertain input at its median.",
        "ESTATEに一つのショックを与え、各サービスの低下、被害、原因の連鎖を示す。",
    ),
    "explain": Verb(
        "noroshi.cli.stress:explain",
        "Say why SERVICE or UNIT (default: every service) degraded, loss by loss, back to the shock.",
        "サービスや設備が低下した理由を、損失ごとにショックまでさかのぼって示す。",
    ),
    "ensemble": Verb(
        "noroshi.cli.stress_ensemble:ensemble",
        "Draw many scenarios of a threat on ESTATE: services with bands, harms, which assumption moves them.",
        "脅威から多数のシナリオを抽選し、被害の幅と結果を動かす仮定を示す。",
    ),
    "resilience": Verb(
        "noroshi.cli.stress_ensemble:resilience",
        "Say how many must be breached together to break each service of ESTATE, with an example and a proof.",
        "各サービスが止まるには何組織の同時侵害が必要かを、例と証明とともに示す。",
    ),
}
"""Every command of the group, in the order in which the help shows them; each is imported when it is used."""

WAIT = (
    "Running the shock (the first run compiles the engine, which takes a minute or two)",
    "ショックを実行中(初回はエンジンのコンパイルに1〜2分)",
)


class StressGroup(click.Group):
    """A group that knows its commands from `SUBVERBS` and imports one only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  click's signature
        """Return the names of the commands."""
        return list(SUBVERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  as above
        """Import and return the command; None if there is none."""
        verb = SUBVERBS.get(cmd_name)
        if verb is None:
            return None
        module, _, name = verb.where.partition(":")
        found: click.Command = getattr(import_module(module), name)
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing any, in the language asked for."""
        from noroshi.cli import words

        japanese = language(ctx, None) == "ja"
        with formatter.section(words.COMMANDS[int(japanese)]):
            formatter.write_dl([(name, verb.does_ja if japanese else verb.does) for name, verb in SUBVERBS.items()])


@click.group("stress", cls=StressGroup)
def command() -> None:
    """Show what an attack does to what people rely on.

    攻撃が人々の頼るサービスに何をもたらすかを示す。
    """


SHOCK = click.option(
    "--shock",
    required=True,
    metavar="FILE",
    help="A shock file (TOML), or the name of a shipped one. ショックのファイルまたは名前。",
)
SEASON = click.option(
    "--season", type=click.Choice(SEASONS), help="Season of the demand; default: the shock's. 需要の季節。"
)
HORIZON = click.option(
    "--horizon",
    type=click.FloatRange(min=0.0, max=LONGEST_H, min_open=True),
    metavar="HOURS",
    help="Hours to simulate; default: the shock's. 計算する時間。",
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON. JSONで出力する。")
LANG = click.option("--lang", type=click.Choice(LANGUAGES), help="Language of what is printed. 表示言語。")


@click.command("run")
@click.argument("estate")
@SHOCK
@SEASON
@HORIZON
@AS_JSON
@LANG
@click.pass_context
def run(  # noqa: PLR0913  one parameter per option
    ctx: click.Context,
    *,
    estate: str,
    shock: str,
    season: str | None,
    horizon: float | None,
    as_json: bool,
    lang: str | None,
) -> None:
    """Run one shock on ESTATE, every uncertain input at its median.

    ESTATE is a folder, a .json file or the name of a sample. Harm is what the same run without the shock does not have.
    ESTATEに一つのショックを与え、各サービスの低下、被害、原因の連鎖を示す。
    """
    from noroshi.desk.stress import why

    chosen = language(ctx, lang)
    result = _result(estate, shock, season, horizon, chosen)
    if as_json:
        print_json(result.as_dict())
        return
    from rich.console import Console

    from noroshi.report.stress_text import print_result

    below = {one.id for one in result.services if one.hours_below_floor > 0.0}
    shown = [one for one in why(result) if one.id in below]
    print_result(result, shown, chosen, Console())


@click.command("explain")
@click.argument("estate")
@click.argument("unit", metavar="[SERVICE|UNIT]", required=False)
@SHOCK
@click.option(
    "--at",
    type=click.FloatRange(min=0.0),
    metavar="HOUR",
    help="Only what is missing at this hour of the run. この時刻に欠けているものだけ。",
)
@SEASON
@HORIZON
@AS_JSON
@LANG
@click.pass_context
def explain(  # noqa: PLR0913  one parameter per option
    ctx: click.Context,
    *,
    estate: str,
    unit: str | None,
    shock: str,
    at: float | None,
    season: str | None,
    horizon: float | None,
    as_json: bool,
    lang: str | None,
) -> None:
    """Say why SERVICE or UNIT (default: every service) degraded, loss by loss, back to the shock.

    サービスや設備が低下した理由を、損失ごとにショックまでさかのぼって示す。
    """
    from noroshi.desk.stress import explanation_values, why

    chosen = language(ctx, lang)
    result = _result(estate, shock, season, horizon, chosen)
    if at is not None and at >= result.horizon_h:
        raise click.BadParameter(
            f"the run ends at {result.horizon_h:g} h; name an earlier hour, or raise --horizon", ctx, param_hint="--at"
        )
    found = why(result, unit, at)
    if as_json:
        print_json({"estate": result.estate, "shock": result.shock, "explanations": explanation_values(found)})
        return
    from rich.console import Console

    from noroshi.report.stress_text import print_explanations

    print_explanations(found, chosen, Console(), unit=unit, at=at)


def language(ctx: click.Context, given: str | None) -> str:
    """Return the language asked for: of this command, else of the settings, else English."""
    from noroshi.cli.estate_words import language as of_settings

    return given or of_settings(ctx)


@contextmanager
def waiting(text: str) -> Iterator[None]:
    """Show on a terminal that work goes on while the block runs."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(text):
        yield


def print_json(value: Any) -> None:  # noqa: ANN401  anything that msgspec writes
    """Print `value` as indented JSON."""
    import msgspec

    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=1).decode())


def _result(estate: str, shock: str, season: str | None, horizon: float | None, lang: str) -> Result:
    """Run the shock, showing that work goes on."""
    from noroshi.desk.stress import run_shock

    with waiting(WAIT[int(lang == "ja")]):
        return run_shock(estate, shock, season=season, horizon_h=horizon, lang=lang)
