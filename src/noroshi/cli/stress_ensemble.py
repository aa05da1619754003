"""`noroshi stress ensemble` and `noroshi stress resilience`: what many scenarios say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from noroshi.cli.verbs import AS_JSON, LANG, print_json
from noroshi.settings import Settings, override

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from noroshi.estate.model import Estate

__all__ = ["ensemble", "resilience"]

THREAT = click.option(
    "--threat", metavar="NAME|FILE", help="A group or campaign by name, or a file. 脅威の名前またはファイル。"
)
THREADS = click.option("--threads", type=click.IntRange(min=0), help="Threads; 0 = all cores. スレッド数(0=全コア)。")


@click.command("ensemble")
@click.argument("estate")
@THREAT
@click.option("--trials", type=click.IntRange(min=1), help="Number of trials. 試行回数。")
@click.option("--seed", type=click.IntRange(min=0), help="Seed of the draws. 乱数種。")
@THREADS
@AS_JSON
@LANG
@click.pass_obj
def ensemble(  # noqa: PLR0913  one parameter per option
    given: Settings,
    *,
    estate: str,
    threat: str | None,
    trials: int | None,
    seed: int | None,
    threads: int | None,
    as_json: bool,
    lang: str | None,
) -> None:
    """Draw many scenarios of a threat on ESTATE: services with bands, harms, which assumption moves them.

    The same seed gives the same bytes, with any number of threads.
    脅威から多数のシナリオを抽選し、サービスの被害の幅、三種類の被害、結果を動かす仮定を示す。
    """
    settings = override(given, lang=lang, threads=threads)
    from noroshi.desk import stress_ensemble

    draws = {key: value for key, value in (("trials", trials), ("seed", seed)) if value is not None}
    loaded = _loaded(estate, settings)
    with computing(settings) as said:
        result = stress_ensemble.ensemble(loaded, threat, threads=settings.threads, progress=said, **draws)
    if as_json:
        print_json(result.as_dict())
        return
    from rich.console import Console

    from noroshi.report.ensemble_text import print_ensemble

    print_ensemble(result.report, settings.lang, Console())


@click.command("resilience")
@click.argument("estate")
@THREAT
@click.option(
    "--pairs/--no-pairs",
    default=True,
    show_default=True,
    help="Try every pair that could matter, so that 3 can be proven. 2組織の組み合わせを全数試行する。",
)
@THREADS
@AS_JSON
@LANG
@click.pass_obj
def resilience(  # noqa: PLR0913  one parameter per option
    given: Settings,
    *,
    estate: str,
    threat: str | None,
    pairs: bool,
    threads: int | None,
    as_json: bool,
    lang: str | None,
) -> None:
    """Say how many must be breached together to break each service of ESTATE, with an example and a proof.

    With --threat, only those count whom it attacks; without, anyone may be breached.
    各サービスが許容時間を超えて止まるには何組織の同時侵害が必要かを、例と証明とともに示す。
    """
    settings = override(given, lang=lang, threads=threads)
    from noroshi.desk import stress_ensemble
    from noroshi.desk.brief_schema import plain_values

    loaded = _loaded(estate, settings)
    with computing(settings) as said:
        report = stress_ensemble.resilience(loaded, threat, pairs=pairs, threads=settings.threads, progress=said)
    if as_json:
        print_json(plain_values(report))
        return
    from rich.console import Console

    from noroshi.report.ensemble_text import print_resilience

    print_resilience(report, settings.lang, Console())


def _loaded(where: str, settings: Settings) -> Estate:
    """Return the estate."""
    from noroshi.files.estates import load

    return load(where, settings.lang)


def computing(settings: Settings) -> AbstractContextManager[Callable[[str, float], None]]:
    """Show progress on standard error; what is yielded takes a step's name and the part done."""
    from contextlib import contextmanager

    from rich.console import Console

    from noroshi.desk.brief_words import STEPS
    from noroshi.report.terminal import progress

    at = int(settings.lang == "ja")

    @contextmanager
    def shown() -> Iterator[Callable[[str, float], None]]:
        with progress(STEPS["model"][at], Console(stderr=True)) as report:
            yield lambda step, part: report(STEPS[step][at], part)

    return shown()
