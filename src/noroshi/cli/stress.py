"""`noroshi stress`: run a shock on an estate, and ask why something degraded."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from noroshi.cli.verbs import AS_JSON, LANG, Verb, VerbGroup, language, print_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from noroshi.stress.result import Result

__all__ = ["SUBVERBS", "command"]

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
    "screen": Verb(
        "noroshi.cli.stress_screen:screen",
        "Say what every outage of a few branches of a grid overloads and cuts off, worst first.",
        "電力系統の設備の同時停止ごとに、過負荷と系統分離を悪い順に示す。",
    ),
    "cascade": Verb(
        "noroshi.cli.stress_cascade:cascade",
        "Let outages of a grid spread: what trips when, which islands part or collapse, what is lost, worst first.",
        "電力系統の設備停止からの連鎖を計算し、停止の順序、系統の分離と崩壊、停電量を示す。",
    ),
}
"""Every command of the group, in the order in which the help shows them; each is imported when it is used."""

WAIT = (
    "Running the shock (the first run compiles the engine, which takes a minute or two)",
    "ショックを実行中(初回はエンジンのコンパイルに1〜2分)",
)


@click.group("stress", cls=VerbGroup, verbs=SUBVERBS)
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


@contextmanager
def waiting(text: str) -> Iterator[None]:
    """Show on a terminal that work goes on while the block runs."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(text):
        yield


def _result(estate: str, shock: str, season: str | None, horizon: float | None, lang: str) -> Result:
    """Run the shock, showing that work goes on."""
    from noroshi.desk.stress import run_shock

    with waiting(WAIT[int(lang == "ja")]):
        return run_shock(estate, shock, season=season, horizon_h=horizon, lang=lang)
