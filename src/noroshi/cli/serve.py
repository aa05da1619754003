"""`noroshi serve`: the hub over the brief of one estate."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import click

from noroshi.cli.verbs import LANG
from noroshi.report.words import said
from noroshi.settings import Settings, override

if TYPE_CHECKING:
    from noroshi.desk.hub import Hub

__all__ = ["command"]

DEFAULT_ESTATE = "japan"
FIRST = (
    "Nobody may use the hub yet. Make its owner within the hour, once, at {place}",
    "利用者はまだいません。1時間以内に一度だけ使える次のリンクで所有者を作成してください: {place}",
)


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
@click.option("--workers", type=int, help="Processes that serve. 配信プロセス数。")
@LANG
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
    workers: int | None,
    lang: str | None,
) -> None:  # fmt: skip
    """Serve the brief of ESTATE as a page until Ctrl-C.

    A stored brief is shown at once; else it is computed while the page already answers.
    要約をページとして配信する。Ctrl-Cで停止。
    """
    settings = override(given, host=host, port=port, workers=workers, lang=lang)
    from noroshi.web.logs import begin
    from noroshi.web.serve import bind, run
    from noroshi.web.tls import tls_of
    from noroshi.web.workers import inherited, supervise

    tls = tls_of(settings)
    given_to_us = inherited()
    listening = given_to_us.listening if given_to_us else bind(settings.host, settings.port)
    with closing(listening):
        from noroshi.desk.asked_apart import AskedApart
        from noroshi.desk.hub import open_hub

        with AskedApart(estate, threat, trials, seed, settings) as brief, closing(open_hub(settings)) as hub:
            if given_to_us is None:
                greet(hub, settings)
            else:
                given_to_us.watch()
            if given_to_us is None and settings.workers > 1:
                brief.stop()  # it was asked for to see that it can be: each worker has its own
                supervise(settings.workers, listening)
                return
            from noroshi.web.app import create_app
            from noroshi.web.doors import Doors
            from noroshi.web.estates import Estates
            from noroshi.web.rest import create_rest
            from noroshi.web.screen import warming
            from noroshi.web.source import BriefSource

            begin(settings.log)
            source = BriefSource(brief)
            estates = Estates(source, settings, estate)
            app = Doors(create_app(settings, source, hub, estates), hub, create_rest(hub, settings))
            source.start()
            warming.begin()
            try:
                run(app, listening, head_s=settings.header_timeout, body_s=settings.body_timeout, tls=tls)
            finally:
                brief.stop()
                estates.stop()
                source.stop()


def greet(hub: Hub, settings: Settings) -> None:
    """Say where the hub is, and where its owner is made if there is nobody yet."""
    import time

    from noroshi.desk.founding import invitation
    from noroshi.desk.oidc import provider_of
    from noroshi.web.serve import address

    here = address(settings)
    provider_of(settings, here)  # what is wrong with its settings is said before anything runs
    click.echo(said("serving", settings.lang, address=here))
    secret = invitation(hub, time.time_ns() // 1000)
    if secret:
        place = f"{(settings.address or here).rstrip('/')}/api/v1/owner/{secret}"
        click.echo(FIRST[int(settings.lang == "ja")].format(place=place))
