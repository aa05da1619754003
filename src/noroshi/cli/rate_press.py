"""`noroshi rate press`: whom a ministry should press first, and with what."""

from __future__ import annotations

import click

from noroshi.cli.stress_ensemble import computing
from noroshi.cli.verbs import AS_JSON, LANG, aside, print_json
from noroshi.settings import Settings, override

__all__ = ["command"]


@click.command("press")
@click.argument("estate", default="japan")
@click.option("--budget", type=click.FloatRange(min=0), required=True, help="Million yen in all. 総予算(百万円)。")
@click.option("--ministry", help="Press its organisations only. この省庁の所管だけを対象とする。")
@click.option("--threat", metavar="NAME|FILE", help="A threat by name, or a file. 脅威の名前またはファイル。")
@click.option("--trials", type=click.IntRange(min=100), help="Number of trials. 試行回数。")
@click.option("--seed", type=click.IntRange(min=0), help="Seed of the draws. 乱数種。")
@click.option("--threads", type=click.IntRange(min=0), help="Threads; 0 = all cores. スレッド数(0=全コア)。")
@click.option(
    "--check", is_flag=True, help="Run the ensemble anew with the plans done. 計画実施後を再計算して確かめる。"
)
@AS_JSON
@LANG
@click.pass_obj
def command(  # noqa: PLR0913  one parameter per option
    given: Settings, *, estate: str, budget: float, ministry: str | None, threat: str | None, trials: int | None,
    seed: int | None, threads: int | None, check: bool, as_json: bool, lang: str | None,
) -> None:  # fmt: skip
    """Say whom to press first in ESTATE and with what: a plan each, for the most harm saved within the budget.

    予算内で被害の期待値を最も減らすよう、どの組織にどの対策を求めるかを選ぶ。
    """
    settings = override(given, lang=lang, threads=threads)
    from noroshi.desk.pressing import press_estate
    from noroshi.files.estates import load

    draws = {key: value for key, value in (("trials", trials), ("seed", seed)) if value is not None}
    loaded = load(estate, settings.lang)
    with computing(settings) as said, aside():
        found = press_estate(
            loaded, threat, budget=budget, ministry=ministry, threads=settings.threads, check=check, progress=said,
            **draws,
        )  # fmt: skip
    if as_json:
        print_json(found.as_dict())
        return
    from rich.console import Console

    from noroshi.report.press_text import print_press

    print_press(found, loaded, settings.lang, Console())
