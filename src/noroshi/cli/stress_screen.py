"""`noroshi stress screen`: every outage of a few branches of a grid, worst first."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from noroshi.cli.verbs import AS_JSON, LANG, print_json
from noroshi.settings import Settings, override

if TYPE_CHECKING:
    from noroshi.desk.screening import Screening

__all__ = ["screen"]

HEADS = (("out", "loading", "on", "overloaded", "cut off, MW"), ("停止", "負荷率", "箇所", "過負荷数", "孤立, MW"))
SAID = (
    ("{case}: {buses:,} buses, {branches:,} branches; {outages:,} outages of {k}{drawn}, {rate:,.0f}/s. "
    "{over:,} overload something, {island:,} cut something off. Before any outage the worst loading is {base:.1%}."),
    ("{case}: 母線{buses:,}、設備{branches:,}。{k}設備の同時停止{outages:,}通り{drawn}、毎秒{rate:,.0f}。"
    "過負荷{over:,}通り、系統分離{island:,}通り。停止前の最大負荷率は{base:.1%}。"),
)  # fmt: skip
DRAWN = (" (drawn)", "(抽出)")
PREPARING = ("Screening (the first run compiles the kernels, half a minute)", "計算中(初回はコンパイルに約30秒)")


@click.command("screen")
@click.argument("case", metavar="CASE|ESTATE")
@click.option("--k", default=1, show_default=True, help="How many branches are out together, 1 to 5. 同時停止数。")
@click.option("--limit", default=1.0, show_default=True, type=click.FloatRange(min=0.0),
              help="Show outages with a loading above it. この負荷率を超えるものを示す。")  # fmt: skip
@click.option("--mode", type=click.Choice(("auto", "cold", "warm")), default="auto", show_default=True,
              help="cold: 64-bit; warm: 32-bit, the grave again with 64; auto by their number. 計算精度。")  # fmt: skip
@click.option("--sample", type=click.IntRange(min=0), default=0, help="Draw so many instead of all. 抽出数。")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Seed of the draw. 乱数種。")
@click.option("--top", type=click.IntRange(min=0), default=20, show_default=True, help="Show so many. 表示件数。")
@click.option("--dump", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.npz",
              help="Write every outage and its worst loading. 全件を保存。")  # fmt: skip
@AS_JSON
@LANG
@click.pass_obj
def screen(  # noqa: PLR0913  one parameter an option
    given: Settings, *, case: str, k: int, limit: float, mode: str, sample: int, seed: int, top: int, dump: Path | None,
    as_json: bool, lang: str | None,
) -> None:  # fmt: skip
    """Say what every outage of a few branches of a grid overloads and cuts off, worst first.

    電力系統の設備の同時停止ごとに、過負荷と系統分離を悪い順に示す。
    """
    settings = override(given, lang=lang)
    from rich.progress import Progress

    from noroshi.desk.screening import screen_grid
    from noroshi.files.grid_cases import read_grid

    ja, begun, stop = int(settings.lang == "ja"), time.perf_counter(), threading.Event()
    grid = read_grid(case, settings.lang)
    read_s = time.perf_counter() - begun
    from rich.console import Console

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(PREPARING[ja], total=1.0)
        try:
            found, swept = screen_grid(
                grid, k, mode=mode, sample=sample, seed=seed, top=top, threads=settings.threads, read_s=read_s,
                progress=lambda _, share: bar.update(task, completed=share), stop=stop,
            )  # fmt: skip
        except KeyboardInterrupt:
            stop.set()
            raise
    if dump is not None:
        import numpy as np

        np.savez(dump, outage=grid.place[swept.outage], worst_loading=swept.worst_loading, island_mw=swept.island_mw)
    if as_json:
        print_json(found)
        return
    show(found, limit, ja)


def show(found: Screening, limit: float, ja: int) -> None:
    """Print a screening: one sentence, then the table of the worst."""
    from rich.console import Console
    from rich.table import Table

    click.echo(SAID[ja].format(
        case=found.case, buses=found.buses, branches=found.branches, outages=found.outages, k=found.k,
        drawn=DRAWN[ja] if found.sampled else "", rate=found.rate_per_s, over=found.overloading, island=found.islanding,
        base=found.base_loading,
    ))  # fmt: skip
    table = Table(*HEADS[ja], box=None)
    for one in found.worst:
        if one.loading > limit or one.island_mw > 0:
            table.add_row("; ".join(one.names), f"{one.loading:.1%}", one.branch_name, str(one.overloaded),
                          f"{one.island_mw:,.0f}")  # fmt: skip
    if table.row_count:
        Console().print(table)
