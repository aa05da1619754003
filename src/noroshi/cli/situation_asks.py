"""`noroshi situation ask`, `asks`, `answer`, `remind`: who is asked for what until when, and what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from noroshi.cli.acting import AS, at_desk, micros
from noroshi.cli.situation import SITUATION
from noroshi.cli.situation_incidents import moment
from noroshi.cli.verbs import AS_JSON, LANG, print_json
from noroshi.settings import Settings, override

if TYPE_CHECKING:
    from collections.abc import Sequence

    from noroshi.respond.asks import Ask, Overview

__all__ = ["answer", "ask", "asks_", "remind"]

ASK = click.argument("name", metavar="REQUEST")
MADE = ("{name}: {to} is asked. Follow it with: noroshi situation asks {uid}", "{name}: {to}に要請した。")
ANSWERED = ("{name}: {state}.", "{name}: {state}")
REMINDED = ("{name}: reminded.", "{name}: 督促した。")
NONE = ("No requests.", "要請はない。")
OVERVIEW = (
    "{through}: {asked} asked, {accepted} accepted, {done} done, {refused} refused; {overdue} overdue",
    "{through}: 要請中{asked} 受諾{accepted} 実施済み{done} 拒否{refused}(期限超過{overdue})",
)
DIRECT = ("(directly)", "(直接)")
THROUGH = (" through {through}", "({through}経由)")
BY = ("by {when}", "期限 {when}")
OVERDUE = ("OVERDUE", "期限超過")
REMINDERS = ("reminded {times}", "督促{count}回")


@click.command("ask")
@SITUATION
@click.option("--to", required=True, metavar="NAME", help="Who is asked. 要請先。")
@click.option("--through", default="", metavar="NAME", help="The ministry between. 経由する省庁。")
@click.option("--what", required=True, metavar="TEXT", help="For what, in English. 要請内容(英語)。")
@click.option("--what-ja", required=True, metavar="TEXT", help="For what, in Japanese. 要請内容(日本語)。")
@click.option("--by", "deadline", required=True, metavar="TIME",
              help="Until when, such as 2026-11-24T17:00+09:00. 期限。")  # fmt: skip
@AS
@AS_JSON
@LANG
@click.pass_obj
def ask(  # noqa: PLR0913  one parameter an option
    given: Settings, *, uid: str, to: str, through: str, what: str, what_ja: str, deadline: str, principal: str,
    as_json: bool, lang: str | None,
) -> None:  # fmt: skip
    """Ask somebody for something until a deadline, through its ministry or directly.

    期限を定めて、省庁経由または直接に要請する。
    """
    settings = override(given, lang=lang)
    from noroshi.desk.asks import ask as ask_for
    from noroshi.respond.asks import Words

    until = moment(deadline, "--by")
    with at_desk(settings, principal) as (hub, who):
        name = ask_for(hub, who, uid, to, through, Words(what, what_ja), until, micros())
    if as_json:
        print_json({"ask": name, "situation": uid})
    else:
        click.echo(MADE[int(settings.lang == "ja")].format(name=name, to=to, uid=uid))


@click.command("asks")
@click.argument("uid", metavar="[SITUATION]", required=False)
@AS
@AS_JSON
@LANG
@click.pass_obj
def asks_(given: Settings, *, uid: str | None, principal: str, as_json: bool, lang: str | None) -> None:
    """Show what one is asked for; with a SITUATION, for the centre, how all of its requests stand by ministry.

    自分への要請を示す。事態を指定すると(センター)省庁別の状況を示す。
    """
    settings = override(given, lang=lang)
    from noroshi.desk.asks import mine, stand
    from noroshi.desk.case_shapes import AskShown, ask_shown, my_ask
    from noroshi.desk.situations import must_find
    from noroshi.report.situation_text import EXERCISE

    ja, now = int(settings.lang == "ja"), micros()
    rows: tuple[Overview, ...] = ()
    values: Sequence[AskShown]
    drill = False
    with at_desk(settings, principal) as (hub, who):
        if uid is None:
            asked = mine(hub, who)
            values = [my_ask(one, now) for one in asked]
            lines = [("[EXERCISE / 演習] " if one.exercise else "") + ask_line(one.ask, now, ja) for one in asked]
        else:
            every, rows = stand(hub, who, uid, now)
            drill = must_find(hub, who, uid).exercise
            values, lines = [ask_shown(one, now) for one in every], [ask_line(one, now, ja) for one in every]
    if as_json:
        of_case = {"by_ministry": [row._asdict() for row in rows]} if uid else {}
        print_json({**({"exercise": drill} if uid else {}), "asks": values, **of_case})
        return
    if drill:
        click.echo(EXERCISE[ja])
    for row in rows:
        click.echo(OVERVIEW[ja].format(**{**row._asdict(), "through": row.through or DIRECT[ja]}))
    for line in lines or [NONE[ja]]:
        click.echo(line)


@click.command("answer")
@ASK
@click.argument("state", metavar="accepted|done|refused")
@click.option("--why", default="", metavar="TEXT", help="What was done, or why not. 内容・理由。")
@AS
@AS_JSON
@LANG
@click.pass_obj
def answer(  # noqa: PLR0913  one parameter an option
    given: Settings, *, name: str, state: str, why: str, principal: str, as_json: bool, lang: str | None
) -> None:
    """Say that one accepts, has done, or refuses what one is asked for.

    要請を受諾・実施・拒否したことを回答する。
    """
    settings = override(given, lang=lang)
    from noroshi.desk.asks import answer as give
    from noroshi.respond.asks import STATES

    with at_desk(settings, principal) as (hub, who):
        give(hub, who, name, state, why, micros())
    if as_json:
        print_json({"ask": name, "state": state})
    else:
        ja = int(settings.lang == "ja")
        click.echo(ANSWERED[ja].format(name=name, state=STATES[state][ja]))


@click.command("remind")
@ASK
@AS
@AS_JSON
@LANG
@click.pass_obj
def remind(given: Settings, *, name: str, principal: str, as_json: bool, lang: str | None) -> None:
    """Keep that who was asked was reminded.

    督促したことを記録する。
    """
    settings = override(given, lang=lang)
    from noroshi.desk.asks import remind as keep

    with at_desk(settings, principal) as (hub, who):
        keep(hub, who, name, micros())
    if as_json:
        print_json({"ask": name, "reminded": True})
    else:
        click.echo(REMINDED[int(settings.lang == "ja")].format(name=name))


def ask_line(one: Ask, now: int, ja: int) -> str:
    """Return a request on one line."""
    from noroshi.report.situation_text import when
    from noroshi.respond.asks import STATES

    through = THROUGH[ja].format(through=one.through) if one.through else ""
    parts = [
        f"{one.to}{through}: {one.what.ja if ja else one.what.en}",
        STATES[one.state][ja] + (f" ({one.why})" if one.why else ""),
        BY[ja].format(when=when(one.deadline)) + (f" {OVERDUE[ja]}" if one.overdue(now) else ""),
        *([REMINDERS[ja].format(count=one.reminders, times=times(one.reminders))] if one.reminders else []),
    ]
    return f"{one.ask}  " + "  ".join(parts)


def times(count: int) -> str:
    """Return how often, in words."""
    return "once" if count == 1 else f"{count} times"
