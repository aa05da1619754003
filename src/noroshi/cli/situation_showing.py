"""`noroshi situation list` and `show`: as who asks may see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from noroshi.cli.acting import AS, at_desk, micros
from noroshi.cli.verbs import AS_JSON, LANG, print_json
from noroshi.settings import Settings, override

if TYPE_CHECKING:
    from noroshi.desk import incidents, situations
    from noroshi.respond.incident import Line
    from noroshi.store.dossiers import Dossier

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
    from noroshi.report.situation_text import incident_row, situation_row

    ja = int(settings.lang == "ja")
    with at_desk(settings, principal) as (hub, who):
        if of_incidents:
            reports = incidents.incidents(hub, who)
            values, rows = [incident_values(one) for one in reports], [incident_row(one, ja) for one in reports]
        else:
            cases = situations.situations(hub, who)
            values, rows = [situation_values(one) for one in cases], [situation_row(one, ja) for one in cases]
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
    from noroshi.desk.cases import read
    from noroshi.desk.situations import Shown
    from noroshi.report.situation_text import incident_lines, situation_lines

    ja = int(settings.lang == "ja")
    with at_desk(settings, principal) as (hub, who):
        found = read(hub, who, uid)
    if isinstance(found, Shown):
        values, rows = situation_values(found), list(situation_lines(found, ja))
    else:
        values, rows = incident_values(found), list(incident_lines(found, ja))
    if as_json:
        print_json(values)
        return
    for row in rows:
        click.echo(row)


def incident_values(one: incidents.Shown) -> dict[str, Any]:
    """Return an incident as plain values; times as RFC 3339."""
    from noroshi.share.taxii import timestamp

    known = one.incident
    fields = {
        key: {"value": value_of(key, there.value), "line": there.line.n,
              "before": [{"value": value_of(key, old.value), "line": old.line.n} for old in there.before]}
        for key, there in known.fields.items()
    }  # fmt: skip
    return {
        "incident": one.dossier.uid, **filed_values(one.dossier), "organisation": known.organisation,
        "sector": known.sector, "state": known.state, "near_miss": known.near_miss, "consent": known.consent,
        "hidden": known.hidden, "fields": fields,
        "harms": [{"harm": harm.harm, "amount": harm.amount, "line": harm.line.n} for harm in known.harms],
        "made": timestamp(one.dossier.made), "lines": [line_values(line) for line in known.lines],
    }  # fmt: skip


def situation_values(one: situations.Shown) -> dict[str, Any]:
    """Return a situation as plain values."""
    from noroshi.cli.situation_asks import ask_values
    from noroshi.share.taxii import timestamp

    there = one.situation
    return {
        "situation": one.dossier.uid, **filed_values(one.dossier),
        "title": {"en": there.title.en, "ja": there.title.ja}, "estate": there.estate, "closed": there.closed,
        "takes_part": there.takes_part, "asks": [ask_values(each, micros()) for each in there.asks],
        "incidents": [incident_values(each) for each in one.incidents],
        "made": timestamp(one.dossier.made), "lines": [line_values(line) for line in there.lines],
    }  # fmt: skip


def filed_values(one: Dossier) -> dict[str, Any]:
    """Return under what a dossier is filed, as plain values."""
    from noroshi.share.markings import Tlp

    shared = None if one.communities is None else sorted(one.communities)
    return {"exercise": one.exercise, "tlp": str(Tlp(one.tlp)), "communities": shared}


def line_values(line: Line) -> dict[str, Any]:
    """Return a line as plain values; times as RFC 3339."""
    import msgspec

    from noroshi.share.taxii import timestamp

    said = msgspec.to_builtins(line.said)
    if said.get("since") is not None:
        said["since"] = timestamp(said["since"])
    if said.get("type") == "corrected":
        said["fields"] = {key: value_of(key, value) for key, value in said["fields"].items()}
    return {"line": line.n, "at": timestamp(line.at), "entered": timestamp(line.entered), "by": line.by, **said}


def value_of(key: str, value: Any) -> Any:  # noqa: ANN401  a field's value
    """Return the value of a field as it is printed: times as RFC 3339."""
    from noroshi.respond.incident_words import FIELDS
    from noroshi.share.taxii import timestamp

    return timestamp(value) if value is not None and FIELDS[key].kind == "time" else value
