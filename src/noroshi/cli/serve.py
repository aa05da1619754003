"""`noroshi serve`: the hub over the brief of one estate."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

import click

from noroshi.report.words import said
from noroshi.settings import LANGUAGES, Settings, override

if TYPE_CHECKING:
    from noroshi.web.source import Compute

__all__ = ["command"]

DEFAULT_ESTATE = "japan"


@click.command("serve", short_help="Serve the brief as a page.")
@click.option(
    "--brief",
    "estate",
    default=DEFAULT_ESTATE,
    show_default=True,
    metavar="ESTATE",
    help="Folder, file or sample whose brief is shown. 表示するエステート。",
)
@click.option("--threat", help="Name of a threat, or a file. 脅威の名前またはファイル。")
@click.option("--trials", type=click.IntRange(min=1), help="Number of trials. 試行回数。")
@click.option("--seed", type=click.IntRange(min=0), help="Seed of the draws. 乱数種。")
@click.option("--host", help="Address to listen on. 待ち受けアドレス。")
@click.option("--port", type=int, help="Port to listen on. 待ち受けポート。")
@click.option("--lang", type=click.Choice(LANGUAGES), help="Language of pages that ask for none. 表示言語。")
@click.pass_obj
def command(  # noqa: PLR0913  one parameter an option
    given: Settings,
    *,
    estate: str,
    threat: str | None,
    trials: int | None,
    seed: int | None,
    host: str | None,
    port: int | None,
    lang: str | None,
) -> None:  # fmt: skip
    """Serve the brief of ESTATE as a page until Ctrl-C.

    A stored brief is shown at once; else it is computed while the page already answers.
    要約をページとして配信する。Ctrl-Cで停止。
    """
    settings = override(given, host=host, port=port, lang=lang)
    from noroshi.web.serve import address, bind, run

    with closing(bind(settings.host, settings.port)) as listening:
        compute = _prepared(estate, threat, trials, seed, settings)
        from noroshi.web.app import create_app
        from noroshi.web.source import BriefSource

        source = BriefSource(compute)
        app = create_app(settings, source)
        source.start()
        click.echo(said("serving", settings.lang, address=address(settings.host, settings.port)))
        try:
            run(app, listening)
        finally:
            source.stop()


def _prepared(where: str, threat: str | None, trials: int | None, seed: int | None, settings: Settings) -> Compute:
    """Return what computes the brief, or takes the stored one; the estate and the threat are read now."""
    from noroshi.files.estates import load

    estate = load(where, settings.lang)

    from noroshi.desk import stored
    from noroshi.desk.brief import DEFAULT_SEED, DEFAULT_TRIALS, make_brief, threat_for
    from noroshi.desk.brief_schema import Brief
    from noroshi.desk.brief_words import STEPS
    from noroshi.web.source import Progress

    chosen = threat_for(estate, threat)
    draws = {"trials": DEFAULT_TRIALS if trials is None else trials, "seed": DEFAULT_SEED if seed is None else seed}

    def in_words(progress: Progress) -> Progress:
        return lambda step, part: progress(STEPS[step][int(settings.lang == "ja")], part)

    def compute(progress: Progress) -> Brief:
        key = stored.key(estate, chosen, **draws)
        make = partial(
            make_brief, estate, threat=chosen, threads=settings.threads, progress=in_words(progress), **draws
        )
        return stored.kept(settings.cache_dir, key, make)

    return compute
