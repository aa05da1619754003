"""`noroshi situation list` and `show`: as who asks may see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from noroshi.cli.acting import AS, at_desk, micros
from noroshi.cli.verbs import AS_JSON, LANG, print_json
from noroshi.settings import Settings, override

if TYPE_CHECKING:
    from collections.abc import Sequence

    from noroshi.desk.case_shapes import IncidentShown, SituationShown

__all__ = ["list_", "show"]

NONE = ("Nothing that you may see.", "閲覧できるものはない。")


@click.command("list")
@click.option("--incidents", "of_incidents", is_flag=True, help="List incidents instead. インシデントを一覧する。")
@AS
@AS_JSON
@LANG
@click.pass_obj
def list_(given: Settings, *, of_incidents: bool, principal: str, as_json: bool, lang: str | None) -> None:
    """List the situations that one may see, or the incidents, the newest first.

    閲覧できる事態またはインシデントを新しい順に一覧する。
    """
    settings = override(given, lang=lang)
    from noroshi.desk import incidents, situations
    from noroshi.desk.case_shapes import incident_shown, situation_shown
    from noroshi.report.situation_text import incident_row, situation_row

    ja, now = int(settings.lang == "ja"), micros()
    values: Sequence[IncidentShown | SituationShown]
    with at_desk(settings, principal) as (hub, who):
        if of_incidents:
            reports = incidents.incidents(hub, who)
            values, rows = [incident_shown(one) for one in reports], [incident_row(one, ja) for one in reports]
        else:
            cases = situations.situations(hub, who)
            values, rows = [situation_shown(one, now) for one in cases], [situation_row(one, ja) for one in cases]
    if as_json:
        print_json({"incidents" if of_incidents else "situations": values})
        return
    for row in rows or [NONE[ja]]:
        click.echo(row)


@click.command("show")
@click.argument("uid", metavar="SITUATION|INCIDENT")
@AS
@AS_JSON
@LANG
@click.pass_obj
def show(given: Settings, *, uid: str, principal: str, as_json: bool, lang: str | None) -> None:
    """Show a situation or an incident with its timeline, as one may see it.

    事態またはインシデントを、閲覧できる範囲で経過とともに示す。
    """
    settings = override(given, lang=lang)
    from noroshi.desk.case_shapes import incident_shown, situation_shown
    from noroshi.desk.cases import read
    from noroshi.desk.situations import Shown
    from noroshi.report.situation_text import incident_lines, situation_lines

    ja = int(settings.lang == "ja")
    with at_desk(settings, principal) as (hub, who):
        found = read(hub, who, uid)
    value: IncidentShown | SituationShown
    if isinstance(found, Shown):
        value, rows = situation_shown(found, micros()), list(situation_lines(found, ja))
    else:
        value, rows = incident_shown(found), list(incident_lines(found, ja))
    if as_json:
        print_json(value)
        return
    for row in rows:
        click.echo(row)
