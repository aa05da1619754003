"""`noroshi situation severity`: how severe a situation or an incident is, from what is known of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from noroshi.cli.acting import AS, at_desk
from noroshi.cli.verbs import AS_JSON, LANG, aside, print_json
from noroshi.settings import Settings, override

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["severity"]

FOLLOWS = ("What this follows from:", "根拠:")
FACT = (
    "  {incident} line {line}: {why}: {category} = {options}",
    "  {incident} {line}行目: {why}: {category} = {options}",
)
NOTHING = ("  nothing that is known says anything of it yet", "  まだ判断材料がない")
LEFT = (
    "Not in the cascade, since it is not known what they take out: {incidents}",
    "停止対象が不明のため波及に含めていないもの: {incidents}",
)
BY_HAND = (
    "Set by hand: noroshi situation update INCIDENT --set nciss.functional=denial-critical (or several: a,b)",
    "人による設定: noroshi situation update INCIDENT --set nciss.functional=denial-critical(複数可: a,b)",
)
UID = 8


@click.command("severity")
@click.argument("uid", metavar="SITUATION|INCIDENT")
@click.option("--estate", default="", metavar="ESTATE", help="By default the situation's. 既定は事態のエステート。")
@click.option("--hours", type=click.FloatRange(min=1.0, max=720.0), default=120.0, show_default=True,
              help="How far to look for what it does to others. 波及を計算する時間。")  # fmt: skip
@AS
@AS_JSON
@LANG
@click.pass_obj
def severity(  # noqa: PLR0913  one parameter an option
    given: Settings, *, uid: str, estate: str, hours: float, principal: str, as_json: bool, lang: str | None
) -> None:
    """Say how severe a situation or an incident is, as intervals while facts are unknown.

    判明した事実から深刻度を示す(不明な点がある間は区間)。
    """
    settings = override(given, lang=lang)
    from noroshi.desk.incident_severity import severity as reckon

    with at_desk(settings, principal) as (hub, who), aside():
        values = reckon(hub, who, uid, estate, hours, settings.lang)
    if as_json:
        print_json(values)
        return
    from rich.console import Console

    from noroshi.report.respond_text import print_severities
    from noroshi.report.situation_text import EXERCISE

    ja = int(settings.lang == "ja")
    if values["exercise"]:
        click.echo(EXERCISE[ja])
    print_severities(values, settings.lang, Console())
    for line in because(values, ja):
        click.echo(line)


def because(values: dict[str, Any], ja: int) -> Iterator[str]:
    """Yield what severities follow from, and what is left out."""
    yield FOLLOWS[ja]
    for one in values["facts"]:
        category = f"{one['scale']}.{one['category']}"
        yield FACT[ja].format(**{**one, "incident": one["incident"][:UID], "category": category,
                                 "why": one["why_ja" if ja else "why_en"],
                                 "options": ", ".join(one["options"])})  # fmt: skip
    if not values["facts"]:
        yield NOTHING[ja]
    if values["left_out"]:
        yield LEFT[ja].format(incidents=", ".join(uid[:UID] for uid in values["left_out"]))
    yield BY_HAND[ja]
