"""`noroshi share pull | push | sync | peers`: partner hubs, over TAXII 2.1."""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from noroshi.cli.verbs import AS_JSON, LANG, aside, print_json
from noroshi.errors import Fault, InputError
from noroshi.settings import Settings, override

if TYPE_CHECKING:
    from noroshi.desk.peers import Outcome
    from noroshi.wire.asking import PeerFault, Timing

__all__ = ["peers", "pull", "push", "sync"]

NAMES = click.argument("names", metavar="[PEER]...", nargs=-1)
AGAIN = click.option("--again", is_flag=True, help="From the beginning; nothing comes twice. 最初からやり直す。")
DONE = {
    "pull": (
        "{peer}: pulled {n:,} objects, {echoes:,} of ours came back and were left out, {refused:,} refused",
        "{peer}: 取り込み{n:,}件、自ハブ由来の除外{echoes:,}件、拒否{refused:,}件",
    ),
    "push": ("{peer}: sent {n:,} objects, {refused:,} refused there", "{peer}: 送信{n:,}件、先方の拒否{refused:,}件"),
}
WAITS = (
    "{peer}: left alone until {until} after failures; name it to try now",
    "{peer}: 失敗のため{until}まで待機中。名前を指定すれば試行",
)
NONE = ("No partner hub is declared for this.", "該当する連携先のハブは宣言されていない。")
GOING = ("would leave", "送る予定")
STAYS = ("stays", "送らない")
TOTAL = ("{n:,} × {rule}: {meaning}", "{n:,}件 × {rule}: {meaning}")
STANDS = (
    "  {way}: {n:,} objects, {refused:,} refused, last tried {tried}{fault}",
    "  {way}: {n:,}件、拒否{refused:,}件、最終試行{tried}{fault}",
)
SHOWN = 20
EVERY_S = 1.0


@click.command("pull")
@NAMES
@AGAIN
@AS_JSON
@LANG
@click.pass_obj
def pull(given: Settings, *, names: tuple[str, ...], again: bool, as_json: bool, lang: str | None) -> None:
    """Take in what partner hubs have added since the last time, each at its own source.

    連携先のハブで前回以降に追加されたものを取り込む。中断しても続きから再開する。
    """
    both(override(given, lang=lang), names, ("pull",), again=again, as_json=as_json)


@click.command("push")
@NAMES
@click.option(
    "--dry-run", is_flag=True, help="Send nothing; say of each object if it would leave, and why. 送らずに示す。"
)
@AGAIN
@AS_JSON
@LANG
@click.pass_obj
def push(  # noqa: PLR0913  one parameter an option
    given: Settings, *, names: tuple[str, ...], dry_run: bool, again: bool, as_json: bool, lang: str | None
) -> None:
    """Send partner hubs what they may have and have not: no more than their own principal is told of here.

    連携先のハブへ、その主体が閲覧でき、まだ渡していないものだけを送る。
    """
    settings = override(given, lang=lang)
    if dry_run:
        rehearse(settings, names, again=again, as_json=as_json)
    else:
        both(settings, names, ("push",), again=again, as_json=as_json)


@click.command("sync")
@NAMES
@AS_JSON
@LANG
@click.pass_obj
def sync(given: Settings, *, names: tuple[str, ...], as_json: bool, lang: str | None) -> None:
    """Pull from partner hubs, then push to them, once; run it by a timer.

    連携先のハブから取り込み、続けて送る。1回だけ行うので、定期実行に用いる。
    """
    both(override(given, lang=lang), names, ("pull", "push"), again=False, as_json=as_json)


@click.command("peers")
@AS_JSON
@LANG
@click.pass_obj
def peers(given: Settings, *, as_json: bool, lang: str | None) -> None:
    """Show how each partner hub stands: how far each way has come, what was refused, when it is tried next.

    連携先のハブごとに、進み具合・拒否されたもの・次の試行を示す。
    """
    settings = override(given, lang=lang)
    from noroshi.desk.peers import standing

    found = standing(settings)
    if as_json:
        print_json(found)
        return
    japanese = int(settings.lang == "ja")
    for one in found:
        click.echo(f"{one['peer']}: {one['url']} ({one['collection']}), TLP:{one['max_tlp']}")
        for way in ("pull", "push"):
            if way in one:
                now = one[way]
                fault = f", {said_of(now['fault'], settings.lang)}" if now["fault"] else ""
                tried = shown_time(now["tried"]) if now["tried"] else "-"
                click.echo(STANDS[japanese].format(way=way, n=now["objects"], refused=now["refused"], tried=tried,
                                                   fault=fault))  # fmt: skip
    if not found:
        click.echo(NONE[japanese])


def timing() -> Timing:
    """Return the world's own clocks, waits and chance."""
    from noroshi.wire.asking import Timing

    return Timing(time.time, time.monotonic, time.sleep, random.SystemRandom())


def both(settings: Settings, names: tuple[str, ...], ways: tuple[str, ...], *, again: bool, as_json: bool) -> None:
    """Do it, print what became of it; InputError with a fault for each partner that failed."""
    from noroshi.desk.peers import sync as at_desk

    last = [time.monotonic()]

    def said(peer: str, way: str, count: int) -> None:
        if sys.stderr.isatty() and time.monotonic() - last[0] > EVERY_S:
            last[0] = time.monotonic()
            click.echo(f"{peer} {way}: {count:,}", err=True)

    with aside():
        found = at_desk(settings, names, ways, timing(), again=again, said=said)
    if as_json:
        print_json([one.as_dict() for one in found])
    else:
        for one in found:
            show(one, settings.lang)
        if not found:
            click.echo(NONE[int(settings.lang == "ja")])
    faults = [fault_of(one.peer, one.way, one.fault, settings.lang) for one in found if one.fault is not None]
    if faults:
        raise InputError(faults)


def show(one: Outcome, lang: str) -> None:
    """Print what one try of one way did."""
    japanese = int(lang == "ja")
    if one.waits:
        click.echo(WAITS[japanese].format(peer=one.peer, until=shown_time(one.waits)))
        return
    click.echo(DONE[one.way][japanese].format(peer=one.peer, n=one.done, echoes=one.echoes, refused=one.refusals))
    for name, version, why in (one.refused or [])[:SHOWN]:
        click.echo(f"  {name} {version}: {said_of(why, lang)}")


def said_of(code: str, lang: str) -> str:
    """Return what a rule's or a fault's code says; any other text as it is."""
    from noroshi.share.policy import RULES
    from noroshi.wire.asking import PEER_FAULTS

    meaning = RULES.get(code) or PEER_FAULTS.get(code)
    return meaning[int(lang == "ja")] if meaning else code


def shown_time(micros: int) -> str:
    """Return a time in microseconds as people read it."""
    return datetime.fromtimestamp(micros / 1e6, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def fault_of(peer: str, way: str, fault: PeerFault, lang: str) -> Fault:
    """Return what is said of a partner that failed."""
    return Fault("bad-peer", file=peer, column=way, found=f"{fault.code}: {fault.line(lang)}",
                 expected="a hub that speaks TAXII 2.1 and knows us",
                 remedy="nothing is lost: the next run goes on from there; see `noroshi share peers`")  # fmt: skip


def rehearse(settings: Settings, names: tuple[str, ...], *, again: bool, as_json: bool) -> None:
    """Print what a push would do, object by object, and how many of each rule."""
    from noroshi.desk.peers import would_leave
    from noroshi.share.policy import RULES
    from noroshi.wire.asking import PeerFault

    japanese = int(settings.lang == "ja")
    counts: Counter[str] = Counter()
    rows: list[dict[str, Any]] = []
    try:
        for row in would_leave(settings, names, timing(), again=again):
            counts[row["rule"]] += 1
            if as_json:
                rows.append(row)
            else:
                head = (GOING if row["leaves"] else STAYS)[japanese]
                asked = " ".join((row["tlp"] or "-", *(row["communities"] or ())))
                click.echo(f"{head}  {row['peer']}  {row['id']}  {row['version']}  {asked}  {row['rule']}")
    except PeerFault as fault:
        raise InputError([fault_of(", ".join(names), "push", fault, settings.lang)]) from None
    if as_json:
        print_json({"objects": rows, "counts": dict(sorted(counts.items()))})
        return
    for rule, count in sorted(counts.items()):
        click.echo(TOTAL[japanese].format(n=count, rule=rule, meaning=RULES[rule][japanese]))
