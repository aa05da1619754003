"""`noroshi situation report` and `update`: what an operator, a ministry or the centre says of an incident."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from noroshi.cli.acting import AS, at_desk, micros
from noroshi.cli.situation import COMMUNITY, EXERCISE, NOTED, TLP
from noroshi.cli.verbs import AS_JSON, LANG, print_json
from noroshi.errors import Fault, InputError
from noroshi.settings import Settings, override

if TYPE_CHECKING:
    from noroshi.respond.incident import Said

__all__ = ["moment", "report", "update"]

REPORTED = (
    "{uid}: reported{drill}. Next: noroshi situation update {uid} …, or show {uid}",
    "{uid}: 報告した{drill}。続報: noroshi situation update {uid}",
)
DRILL = (" as an EXERCISE", "(演習)")
INTO = ("  gathered under {uid}", "  事態{uid}にまとめた")
NOTHING = ("nothing to say", "at least one of the options, such as --set, --state, --harm, --consent or --text")


@click.command("report")
@click.option("--what", required=True, metavar="KIND", help="near-miss, leak, destruction, unavailability, malware,"
              " code-execution, intrusion or other. 事象の種別。")  # fmt: skip
@click.option("--effect", required=True, metavar="TEXT", help="What does not work or is lost. 影響。")
@click.option("--since", metavar="TIME", help="Since when, such as 2026-11-22T09:30+09:00. 発生日時。")
@click.option("--organisation", default="", metavar="ID", help="Whose; an operator's own by default. 対象組織。")
@click.option("--sector", default="", metavar="NAME", help="Its sector. 分野。")
@click.option("--consent", default="withheld", show_default=True, metavar="WHAT",
              help="What others are told of the victim: withheld, sector or named. 開示の同意。")  # fmt: skip
@click.option("--situation", metavar="SITUATION", help="Gather it there too. まとめる事態。")
@TLP
@COMMUNITY
@EXERCISE
@AS
@AS_JSON
@LANG
@click.pass_obj
def report(  # noqa: PLR0913  one parameter an option
    given: Settings, *, what: str, effect: str, since: str | None, organisation: str, sector: str, consent: str,
    situation: str | None, tlp: str, communities: tuple[str, ...], exercise: bool, principal: str, as_json: bool,
    lang: str | None,
) -> None:  # fmt: skip
    """Report an incident: what happened, since when, with what effect; the rest when it is known (`update`).

    インシデントを報告する。残りは判明後にupdateで続報する。
    """
    settings = override(given, lang=lang)
    from noroshi.desk import incidents, situations
    from noroshi.desk.dossiers import Filing
    from noroshi.respond.incident import Reported
    from noroshi.respond.situation import Gathered

    began = None if since is None else moment(since, "--since")
    first = Reported(organisation, what, effect, began, sector, consent)
    with at_desk(settings, principal) as (hub, who):
        now = micros()
        if situation:  # before anything is kept: one that may not be gathered there is not reported by halves
            exercise = exercise or situations.read(hub, who, situation).dossier.exercise
        uid = incidents.report(hub, who, first, now, Filing(tlp, communities or None, exercise))
        if situation:
            situations.say(hub, who, situation, [Gathered(uid)], now, now)
    japanese = int(settings.lang == "ja")
    if as_json:
        print_json({"incident": uid, "exercise": exercise, "situation": situation or ""})
        return
    click.echo(REPORTED[japanese].format(uid=uid, drill=DRILL[japanese] if exercise else ""))
    if situation:
        click.echo(INTO[japanese].format(uid=situation))


@click.command("update")
@click.argument("uid", metavar="INCIDENT")
@click.option("--set", "fields", multiple=True, metavar="FIELD=VALUE", help="A field as it is known now, "
              "FIELD= for not known; may repeat. 項目(複数可)。")  # fmt: skip
@click.option("--state", metavar="STATE", help="confirmed, contained, recovered or closed. 状態。")
@click.option("--harm", "harms", multiple=True, metavar="KIND=AMOUNT",
              help="service, data or strategic, and how much. 被害(複数可)。")  # fmt: skip
@click.option("--consent", metavar="WHAT", help="withheld, sector or named. 開示の同意。")
@click.option("--met", multiple=True, metavar="DUTY", help="A duty to report was met, by its id. 履行した報告義務。")
@click.option("--text", metavar="TEXT", help="A remark. 所見。")
@click.option("--why", default="", metavar="TEXT", help="Where it is known from. 根拠。")
@click.option("--at", "when", metavar="TIME", help="When it was so; now by default. その時点。")
@AS
@AS_JSON
@LANG
@click.pass_obj
def update(  # noqa: PLR0913  one parameter an option
    given: Settings, *, uid: str, fields: tuple[str, ...], state: str | None, harms: tuple[str, ...],
    consent: str | None, met: tuple[str, ...], text: str | None, why: str, when: str | None, principal: str,
    as_json: bool, lang: str | None,
) -> None:  # fmt: skip
    """Say what is known better now; what was said before is kept, with who said it and when.

    判明したことを続報する。以前の内容も、いつ誰が述べたかとともに残る。
    """
    settings = override(given, lang=lang)
    from noroshi.desk.incidents import say
    from noroshi.respond.incident import Consented, Corrected, Met, Moved, Remarked

    lines: list[Said] = []
    if fields:
        lines.append(Corrected(dict(field_of(one) for one in fields), why))
    lines += [harm_of(one, why) for one in harms]
    lines += [Consented(consent)] if consent else []
    lines += [Met(duty) for duty in met]
    lines += [Remarked(text)] if text else []
    lines += [Moved(state, why)] if state else []
    if not lines:
        raise InputError([Fault("missing-value", column="options", found=NOTHING[0], expected=NOTHING[1],
                                remedy="see noroshi situation update --help")])  # fmt: skip
    at = None if when is None else moment(when, "--at")
    with at_desk(settings, principal) as (hub, who):
        now = micros()
        n = say(hub, who, uid, lines, now if at is None else at, now)
    if as_json:
        print_json({"dossier": uid, "line": n})
    else:
        click.echo(NOTED[int(settings.lang == "ja")].format(uid=uid, n=n))


def field_of(text: str) -> tuple[str, Any]:
    """Return a field and its value as the kind of the field asks; the desk refuses what it cannot be."""
    from noroshi.respond.incident_words import FIELDS

    name, sign, value = text.partition("=")
    if not sign:
        raise InputError([Fault("bad-choice", column="--set", found=text[:100], expected="FIELD=VALUE",
                                remedy=f"fields: {', '.join(FIELDS)}")])  # fmt: skip
    kind = FIELDS[name].kind if name in FIELDS else "text"
    if not value:
        return name, None
    if kind == "time":
        return name, moment(value, f"--set {name}")
    if kind == "count":
        return name, int(value) if value.isascii() and value.isdigit() else value
    if kind == "yes":
        return name, {"yes": True, "no": False}.get(value.lower(), value)
    return name, [one.strip() for one in value.split(",")] if kind in {"names", "options"} else value


def harm_of(text: str, why: str) -> Said:
    """Return a harm of `KIND=AMOUNT`; without an amount it is not known yet."""
    from noroshi.respond.incident import Harmed

    kind, _, amount = text.partition("=")
    try:
        return Harmed(kind, float(amount) if amount else None, why)
    except ValueError:
        raise InputError([Fault("bad-number", column="--harm", found=text[:100], expected="KIND=AMOUNT",
                                remedy="such as --harm data=47000")]) from None  # fmt: skip


def moment(text: str, option: str) -> int:
    """Return a time with its zone as microseconds since 1970; InputError for one without a zone."""
    from noroshi.respond.incident import read_moment

    found = read_moment(text)
    if found is None:
        raise InputError([Fault("bad-choice", column=option, found=text[:50],
                                expected="a time with its zone, from 1970 to 9998",
                                remedy="such as 2026-11-22T09:30+09:00")])  # fmt: skip
    return found
