"""`noroshi situation press`: from the list of whom to press first to requests through the ministries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from noroshi.cli.acting import AS, at_desk, micros
from noroshi.cli.situation import SITUATION
from noroshi.cli.situation_incidents import moment
from noroshi.cli.verbs import AS_JSON, LANG, print_json
from noroshi.settings import Settings, override

if TYPE_CHECKING:
    from collections.abc import Iterator

    from noroshi.desk.asks_pressing import Pressable

__all__ = ["press"]

ROW = ("{n}. {name} ({organisation}), sector {sector}", "{n}. {name}({organisation})、分野{sector}")
WHAT = ("   what: {measures}", "   対策: {measures}")
WHY = ("   why: {why}", "   理由: {why}")
TO = ("   asked by name: {to}{through}", "   要請先: {to}{through}")
THROUGH = (", through {name}", "({name}経由)")
NOBODY = ("   cannot be asked: {why}", "   要請できない: {why}")
NO_CONTACT = ("no contact is declared for it", "連絡先が登録されていない")
ASKED = ("   ASKED: {to}, {state}", "   要請済み: {to}、{state}")
NEXT = (
    "Next: the same with --ask ORGANISATION for each who is chosen, and --by TIME",
    "次: 選んだ組織を --ask ORGANISATION と期限 --by で指定する",
)
DONE = ("{count} request(s). Follow them with: noroshi situation asks {uid} --as {name}", "{count}件を要請した。")
EMPTY = ("The list is empty.", "リストは空である。")


@click.command("press")
@SITUATION
@click.argument("file", metavar="LIST")
@click.option("--ask", "chosen", multiple=True, metavar="ORGANISATION", help="Ask it; may repeat. 要請する組織。")
@click.option("--by", "deadline", metavar="TIME", help="Until when, such as 2026-11-24T17:00+09:00. 期限。")
@AS
@AS_JSON
@LANG
@click.pass_obj
def press(  # noqa: PLR0913  one parameter an option
    given: Settings, *, uid: str, file: str, chosen: tuple[str, ...], deadline: str | None, principal: str,
    as_json: bool, lang: str | None,
) -> None:  # fmt: skip
    """Show whom of a press list the hub reaches and through which ministry, and ask those who are chosen.

    LIST is the JSON of `noroshi rate press --json` or `noroshi brief --json`; `-` reads it from standard input.
    優先要請リストの組織をどの省庁経由で要請できるか示し、選んだ組織に要請する。
    """
    settings = override(given, lang=lang)
    if bool(chosen) is not bool(deadline):
        raise click.UsageError("--ask ORGANISATION and --by TIME go together")
    from noroshi.desk import asks_pressing as desk
    from noroshi.desk.situations import must_find
    from noroshi.files.press_lists import load_press_list
    from noroshi.report.situation_text import EXERCISE

    rows = load_press_list(file)
    with at_desk(settings, principal) as (hub, who):
        if chosen and deadline:
            made = desk.press(hub, who, uid, rows, chosen, moment(deadline, "--by"), micros())
        else:
            made = ()
        found = desk.pressable(hub, who, uid, rows)
        drill = must_find(hub, who, uid).exercise
    if as_json:
        asked = [one.ask for one in made]
        print_json({"situation": uid, "exercise": drill, "made": asked, "press_list": list(map(plain, found))})
        return
    ja = int(settings.lang == "ja")
    if drill:
        click.echo(EXERCISE[ja])
    for n, one in enumerate(found, 1):
        for line in lines(n, one, ja):
            click.echo(line)
    if made:
        click.echo(DONE[ja].format(count=len(made), uid=uid, name=principal))
    else:
        click.echo(NEXT[ja] if found else EMPTY[ja])


def plain(one: Pressable) -> dict[str, object]:
    """Return how an organisation is reached as plain values."""
    return {
        "organisation": one.row.organisation, "to": one.to, "through": one.through, "asked": [each.ask for each in
        one.asked], "barred": [{"principal": name, "kept_from": why} for name, why in one.barred],
    }  # fmt: skip


def lines(n: int, one: Pressable, ja: int) -> Iterator[str]:
    """Yield an organisation of the list, what is asked of it, and how it is reached."""
    from noroshi.respond.asks import STATES
    from noroshi.share.warnings_words import KEPT_FROM

    row = one.row
    yield ROW[ja].format(n=n, name=row.name_ja if ja else row.name, organisation=row.organisation, sector=row.sector)
    yield WHAT[ja].format(measures="; ".join(row.measure_names_ja if ja else row.measure_names))
    if why := row.why_ja if ja else row.why:
        yield WHY[ja].format(why=why)
    if one.to:
        through = THROUGH[ja].format(name=one.through) if one.through else ""
        yield TO[ja].format(to=", ".join(one.to), through=through)
    else:
        why = "; ".join(f"{name} {KEPT_FROM[code][ja]}" for name, code in one.barred)
        yield NOBODY[ja].format(why=why or NO_CONTACT[ja])
    yield from (ASKED[ja].format(to=each.to, state=STATES[each.state][ja]) for each in one.asked)
