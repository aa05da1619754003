"""`noroshi stress cascade`: what goes out after some branches of a grid are out, and what is then no longer served."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import click

from noroshi.cli.verbs import AS_JSON, LANG, print_json
from noroshi.settings import Settings, override

if TYPE_CHECKING:
    from noroshi.desk.cascading import Cascaded, Told

__all__ = ["cascade"]

SAID = (
    ("{case}: {buses:,} buses, {branches:,} branches, {demand:,.0f} MW; {cascades:,} cascades{drawn}, {rate:,.0f}/s. "
    "{spreading:,} spread, {deep:,} for five rounds or more, {collapsing:,} lose an island; lost on average "
    "{mean:,.0f} MW, at most {most:,.0f}."),
    ("{case}: 母線{buses:,}、設備{branches:,}、需要{demand:,.0f} MW。連鎖計算{cascades:,}通り{drawn}、毎秒{rate:,.0f}。"
    "波及{spreading:,}、5段以上{deep:,}、系統崩壊{collapsing:,}。停電は平均{mean:,.0f} MW、最大{most:,.0f} MW。"),
)  # fmt: skip
RAISED = (
    "{raised:,} branches are over their limit before any outage; their limit was raised.",
    "停止前から限度を超える設備{raised:,}は、その限度を引き上げた。",
)
DRAWN = (" (drawn)", "(抽出)")
ONE = (
    ("Out: {names}. {lost:,.1f} MW lost. Trips: {trips:,}, rounds: {rounds:,}, the last after {ended:,.0f} s. "
    "Islands served: {islands:,}, collapsed: {collapses:,}."),
    ("停止: {names}。停電 {lost:,.1f} MW。{rounds:,}段で{trips:,}設備が停止、最後は{ended:,.0f}秒後。"
    "供給中の系統{islands:,}、崩壊{collapses:,}。"),
)  # fmt: skip
HEADS = (("after, s", "round", "branch", "loading"), ("経過, 秒", "段", "設備", "負荷率"))
REST = ("and {count:,} more; --json has all", "ほか{count:,}件。全件は --json")
WAIT = ("Cascades (the first run compiles the kernels, half a minute)", "計算中(初回はコンパイルに約30秒)")
SHOWN = 20
"""Trips of a cascade that are shown in the text."""


def rows(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[int, ...]:
    """Return rows of a file, given with commas between."""
    try:
        return tuple(int(part) for part in value.split(",")) if value else ()
    except ValueError as error:
        said = f"{value!r}: expected rows of the file, from 0, with commas between, such as 3,17"
        raise click.BadParameter(said, ctx, param) from error


@click.command("cascade")
@click.argument("case", metavar="CASE|ESTATE")
@click.option("--out", callback=rows, metavar="I,J,…",
              help="Branches that are out, as rows of the file from 0. 停止設備の行番号。")  # fmt: skip
@click.option("--k", default=1, show_default=True, help="Without --out: so many are out together, 1 to 5. 同時停止数。")
@click.option("--sample", type=click.IntRange(min=0), default=0, help="Draw so many instead of all. 抽出数。")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed of the draw. 乱数種。")
@click.option("--rule", type=click.Choice(("relay", "plain")), default="relay", show_default=True,
              help="relay: by inverse time; plain: all that is overloaded at once. 停止の規則。")  # fmt: skip
@click.option("--limit", type=click.FloatRange(min=0.0, min_open=True), default=1.0, show_default=True,
              help="Ratings are taken times this. 定格に掛ける係数。")  # fmt: skip
@click.option("--reserve", type=click.FloatRange(0.0, 1.0), default=0.05, show_default=True,
              help="Share of their capacity by which generators rise at once. 瞬動予備力。")  # fmt: skip
@click.option("--follow", type=click.FloatRange(0.0, 1.0), default=0.47, show_default=True,
              help="Share of the demand that relays can shed; beyond it islands collapse. 遮断量の上限。")  # fmt: skip
@click.option("--horizon", type=click.FloatRange(min=0.0), default=1800.0, show_default=True, metavar="SECONDS",
              help="After so long nothing more trips. 計算する秒数。")  # fmt: skip
@click.option("--top", type=click.IntRange(min=0), default=5, show_default=True, help="Show so many. 表示件数。")
@AS_JSON
@LANG
@click.pass_obj
def cascade(  # noqa: PLR0913  one parameter an option
    given: Settings, *, case: str, out: tuple[int, ...], k: int, sample: int, seed: int, rule: str, limit: float,
    reserve: float, follow: float, horizon: float, top: int, as_json: bool, lang: str | None,
) -> None:  # fmt: skip
    """Let outages of a grid spread: what trips when, which islands part or collapse, what is lost, worst first.

    電力系統の設備停止からの連鎖を計算し、停止の順序、系統の分離と崩壊、停電量を示す。
    """
    settings = override(given, lang=lang)
    from rich.console import Console
    from rich.progress import Progress

    from noroshi.desk.cascading import cascade_grid
    from noroshi.files.grid_cases import read_grid
    from noroshi.flow.cascade_rules import Limits, Rules

    ja, begun, stop = int(settings.lang == "ja"), time.perf_counter(), threading.Event()
    grid = read_grid(case, settings.lang)
    read_s = time.perf_counter() - begun
    rules = Rules(relay=rule == "relay", reserve=reserve, follow=follow, horizon_s=horizon)
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(WAIT[ja], total=1.0)
        try:
            found = cascade_grid(
                grid, rules, Limits(scale=limit), out=out, k=k, sample=sample, seed=seed, top=top,
                threads=settings.threads, read_s=read_s, progress=lambda share: bar.update(task, completed=share),
                stop=stop,
            )  # fmt: skip
        except KeyboardInterrupt:
            stop.set()
            raise
    if as_json:
        print_json(found)
        return
    show(found, ja)


def show(found: Cascaded, ja: int) -> None:
    """Print cascades: a sentence for all, then the worst one by one."""
    click.echo(SAID[ja].format(
        case=found.case, buses=found.buses, branches=found.branches, demand=found.demand_mw, cascades=found.cascades,
        drawn=DRAWN[ja] if found.sampled else "", rate=found.rate_per_s, spreading=found.spreading, deep=found.deep,
        collapsing=found.collapsing, mean=found.mean_lost_mw, most=found.most_lost_mw,
    ))  # fmt: skip
    if found.raised:
        click.echo(RAISED[ja].format(raised=found.raised))
    for one in found.worst:
        show_one(one, ja)


def show_one(one: Told, ja: int) -> None:
    """Print one cascade: a sentence, then its trips."""
    from rich.console import Console
    from rich.table import Table

    click.echo()
    click.echo(ONE[ja].format(
        names="; ".join(one.names), lost=one.lost_mw, trips=sum(trip.turn > 0 for trip in one.trips), rounds=one.rounds,
        ended=one.ended_s, islands=one.islands, collapses=one.collapses,
    ))  # fmt: skip
    trips = [trip for trip in one.trips if trip.turn > 0]
    if not trips:
        return
    table = Table(*HEADS[ja], box=None)
    for trip in trips[:SHOWN]:
        table.add_row(f"{trip.time_s:,.1f}", str(trip.turn), trip.name, f"{trip.loading:.1%}")
    Console().print(table)
    if len(trips) > SHOWN:
        click.echo(REST[ja].format(count=len(trips) - SHOWN))
