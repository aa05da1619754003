"""`noroshi situation impact`: which services open incidents take below their floor, and when."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from noroshi.cli.acting import AS, at_desk
from noroshi.cli.verbs import AS_JSON, LANG, aside, print_json
from noroshi.settings import Settings, override

if TYPE_CHECKING:
    from collections.abc import Iterator

    from noroshi.desk.impact import Band, Below, Impact

__all__ = ["impact"]

HEAD = ("From {when}, over {hours:g} hours, estate {estate}", "{when}から{hours:g}時間、エステート{estate}")
TAKEN = ("Taken to be out (an assumption):", "停止とみなしたもの(仮定):")
ASSUMED = ("no system was named: all of the organisation's", "システム不明のため組織の全システム")
FROM_HOUR = ("from hour {hour:.3g}", "{hour:.3g}時間目から")
ELSEWHERE = ("none of the systems named is in the estate: all of the organisation's",
             "挙げられたシステムがエステートにないため組織の全システム")  # fmt: skip
SERVICES = (
    "Services below their floor (hours; in brackets with all times to detect and restore at their 10 and 90 % points):",
    "最低水準を下回るサービス(時間。括弧内は検知・復旧時間を10%点・90%点とした場合):",
)
ROW = (
    "  {name}: from hour {start} for {hours}; {people:,} people, tolerance {tolerance:g} h{beyond}",
    "  {name}: {start}時間目から{hours}時間、{people:,}人、許容{tolerance:g}時間{beyond}",
)
BEYOND = {
    "no": ("", ""), "yes": (": EXCEEDED", ":超過"), "maybe": (": exceeded in the worse cases", ":悪い場合に超過"),
    "unknown": (": whether exceeded is not known within the hours looked at", ":計算した時間内では超過か不明"),
}  # fmt: skip
NONE_BELOW = ("No service goes below its floor.", "最低水準を下回るサービスはない。")
NOT_COMPUTED = ("Not computed: no incident could be taken into the run.", "未計算:計算に含められるインシデントがない。")
NOTHING = ("Nothing is known to be out.", "停止しているものは知られていない。")
LEFT = ("Left out:", "対象外:")
DEPENDS = ("Depend on the victims:", "被害組織に依存する組織:")
NEXT = (
    "Next: noroshi situation warn SITUATION … to warn those who depend on the victims",
    "次: noroshi situation warn SITUATION",
)  # fmt: skip
NEVER = ("never", "なし")


@click.command("impact")
@click.argument("uid", metavar="SITUATION|INCIDENT")
@click.option("--estate", default="", metavar="ESTATE", help="By default the situation's. 既定は事態のエステート。")
@click.option("--hours", type=click.FloatRange(min=1.0, max=720.0), default=120.0, show_default=True,
              help="How far to look. 計算する時間。")  # fmt: skip
@AS
@AS_JSON
@LANG
@click.pass_obj
def impact(  # noqa: PLR0913  one parameter an option
    given: Settings, *, uid: str, estate: str, hours: float, principal: str, as_json: bool, lang: str | None
) -> None:
    """Say which services open incidents take below their floor, when and for how long, and who depends on the victims.

    未復旧のインシデントにより、どのサービスがいつから最低水準を下回るか、誰が依存しているかを示す。
    """
    settings = override(given, lang=lang)
    from noroshi.desk.impact import impact as reckon
    from noroshi.desk.impact import impact_shown

    with at_desk(settings, principal) as (hub, who), aside():
        found = reckon(hub, who, uid, estate, hours, settings.lang)
    if as_json:
        print_json(impact_shown(found))
        return
    for line in lines(found, int(settings.lang == "ja")):
        click.echo(line)
    if found.depends:
        click.echo(NEXT[int(settings.lang == "ja")])


def lines(found: Impact, ja: int) -> Iterator[str]:
    """Yield what open incidents come to, as text: whether it is an exercise first."""
    from noroshi.desk.impact import LEFT_OUT
    from noroshi.report.situation_text import EXERCISE, when

    if found.exercise:
        yield EXERCISE[ja]
    if found.began is None:
        yield NOTHING[ja] if found.computed else NOT_COMPUTED[ja]
    else:
        yield HEAD[ja].format(when=when(found.began), hours=found.horizon_h, estate=found.estate)
        yield TAKEN[ja]
        for one in found.struck:
            more = f" ({(ELSEWHERE if one.elsewhere else ASSUMED)[ja]})" if one.assumed else ""
            yield f"  {one.target}: {one.effect}, {FROM_HOUR[ja].format(hour=one.onset_h)}{more}"
        yield SERVICES[ja] if found.below else NONE_BELOW[ja]
        yield from (row(one, ja) for one in found.below)
    if found.depends:
        yield DEPENDS[ja]
        yield from (f"  {name}: {chain}" for name, chain in sorted(found.depends.items()))
    if found.left_out:
        yield LEFT[ja]
        yield from (f"  {uid}: {LEFT_OUT[why][ja]}" for uid, why in found.left_out)


def row(one: Below, ja: int) -> str:
    """Return a service on one line."""
    from noroshi.desk.impact import verdict

    return ROW[ja].format(
        name=one.name_ja if ja else one.name_en, start=band(one.from_h, ja), hours=band(one.hours, ja, one.cut),
        people=one.people, tolerance=one.tolerance_h, beyond=BEYOND[verdict(one.beyond)][ja],
    )  # fmt: skip


def band(one: Band, ja: int, cut: tuple[bool, bool, bool] = (False, False, False)) -> str:
    """Return a median with its band; cut: which of them end where the run does, fast, median, slow."""
    shown = [NEVER[ja] if value is None else f"{'≥ ' if ends else ''}{value:.3g}"
             for value, ends in ((one.median, cut[1]), (one.fast, cut[0]), (one.slow, cut[2]))]  # fmt: skip
    return f"{shown[0]} [{shown[1]}–{shown[2]}]"
