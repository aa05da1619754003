"""`noroshi situation duties`: what must be reported of an incident, to whom, by when."""

from __future__ import annotations

from pathlib import Path

import click

from noroshi.cli.acting import AS, at_desk
from noroshi.cli.verbs import AS_JSON, LANG, print_json
from noroshi.settings import Settings, override

__all__ = ["duties"]

WRITTEN = ("The calendar was written to {path}.", "カレンダーを{path}に書き出した。")
UNKNOWN = (
    "Left out, as there is no such regime or duty: {names}", "存在しない制度・報告義務のため対象外: {names}",
)  # fmt: skip


@click.command("duties")
@click.argument("uid", metavar="INCIDENT")
@click.option("--only", multiple=True, metavar="REGIME", help="NIS2, APPI, …; by default the incident's. 制度。")
@click.option("--zone", default="", metavar="NAME", help="Time zone of recipients that a law leaves open. 時間帯。")
@click.option("--holidays", default="", metavar="NAME", help="Days off of such recipients: DE, … 提出先の休日暦。")
@click.option("--ics", type=click.Path(dir_okay=False), help="Write a calendar (RFC 5545) as well. カレンダー出力。")
@AS
@AS_JSON
@LANG
@click.pass_obj
def duties(  # noqa: PLR0913  one parameter an option
    given: Settings, *, uid: str, only: tuple[str, ...], zone: str, holidays: str, ics: str | None, principal: str,
    as_json: bool, lang: str | None,
) -> None:  # fmt: skip
    """Show what must be reported of an incident to whom by when, and what of it was done (`update --met DUTY`).

    インシデントについて、誰に、いつまでに報告するか、何を済ませたかを示す。
    """
    settings = override(given, lang=lang)
    from datetime import UTC, datetime

    from noroshi.desk.due_dates import duty_rows
    from noroshi.desk.duty_names import unknown_of
    from noroshi.desk.incident_duties import incident_duties

    now = datetime.now(UTC)
    with at_desk(settings, principal) as (hub, who):
        one, dues = incident_duties(hub, who, uid, only, zone, holidays, now)
    if ics:
        from noroshi.files.ics import calendar_bytes
        from noroshi.respond.feed import EXERCISE as DRILL
        from noroshi.respond.feed import feed

        drill = one.dossier.exercise
        entries = feed(dues, uid, settings.lang, exercise=drill)
        name = f"{' '.join(DRILL)} Noroshi {uid}" if drill else f"Noroshi {uid}"
        Path(ics).write_bytes(calendar_bytes(entries, now, name))
        click.echo(WRITTEN[int(settings.lang == "ja")].format(path=ics), err=True)
    rows, strange = duty_rows(dues, now), unknown_of(one.incident)
    if as_json:
        print_json({"incident": uid, "exercise": one.dossier.exercise, "duties": rows, "unknown": list(strange)})
        return
    from rich.console import Console

    from noroshi.report.respond_text import print_duties
    from noroshi.report.situation_text import EXERCISE

    if one.dossier.exercise:
        click.echo(EXERCISE[int(settings.lang == "ja")])
    print_duties(rows, settings.lang, Console())
    if strange:
        click.echo(UNKNOWN[int(settings.lang == "ja")].format(names=", ".join(strange)))
