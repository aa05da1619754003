"""`noroshi share release` and `noroshi share derived`: reduced copies of objects for other readers, by two persons."""

from __future__ import annotations

import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from noroshi.cli.acting import AS, at_desk
from noroshi.cli.verbs import AS_JSON, LANG, Verb, VerbGroup, aside, print_json
from noroshi.errors import Fault, InputError
from noroshi.settings import Settings, override

if TYPE_CHECKING:
    from collections.abc import Iterator

    from noroshi.desk.hub import Hub
    from noroshi.desk.releasing import Shown
    from noroshi.share.releasing import Plan
    from noroshi.store.contract import Principal

__all__ = ["SUBVERBS", "command", "derived"]

SUBVERBS: dict[str, Verb] = {
    "propose": Verb(
        "noroshi.cli.share_release:propose",
        "Propose a reduced copy of an object, as a plan says; nothing goes out.",
        "計画に従い縮約した写しを提案する。まだ公開しない。",
    ),
    "list": Verb(
        "noroshi.cli.share_release:list_",
        "List what one proposed or may decide on.",
        "自分の提案と、判断できる提案を一覧する。",
    ),
    "show": Verb(
        "noroshi.cli.share_release:show",
        "Show what was taken out of a copy and what is left.",
        "除いたものと残るものを示す。",
    ),
    "approve": Verb(
        "noroshi.cli.share_release:approve",
        "Approve a copy that somebody else proposed: it goes out.",
        "他者の提案を承認し、公開する。",
    ),
    "refuse": Verb("noroshi.cli.share_release:refuse", "Refuse a proposal.", "提案を却下する。"),
    "withdraw": Verb(
        "noroshi.cli.share_release:withdraw",
        "Withdraw a proposal, or a copy that is out: its readers get it as revoked.",
        "提案または公開済みの写しを撤回する。読者には取り消しとして届く。",
    ),
}
"""Every command of the group, in the order in which the help shows them."""
WHERE = click.option("--collection", required=True, metavar="UUID", help="Where the object is. 対象のコレクション。")
WHY = click.option("--why", default="", metavar="TEXT", help="Why. 理由。")
UID = click.argument("uid", metavar="PROPOSAL")
HEAD = (
    "{uid}  {state}  {source} -> {derived}  by {by}{decided}: {reason}",
    "{uid}  {state}  {source} -> {derived}  提案者 {by}{decided}: {reason}",
)
DECIDED = (", decided by {by}", "、判断 {by}")
ERASED = ("(erased)", "(消去済み)")
STATES = {
    "proposed": ("proposed", "提案中"), "approved": ("approved", "承認済み"), "refused": ("refused", "却下"),
    "withdrawn": ("withdrawn", "撤回済み"),
}  # fmt: skip
SOURCES = {
    "there": ("", ""), "newer": ("  the source has a newer version", "  元の対象に新しい版がある"),
    "gone": ("  the source is gone", "  元の対象はもうない"),
}  # fmt: skip
WHAT = {
    "removed": ("taken out", "除いた"), "changed": ("changed", "変えた"), "added": ("added", "加えた"),
    "left": ("left", "残る"),
}  # fmt: skip
REMEDY = "change the plan: take it out, or name it in `allow` if it may be left"
LONG = ("plan", "object", "changes")
COPY = ("{source} -> {derived} in {target}: {state}{how}", "{source} -> {derived}({target}): {state}{how}")


@click.group("release", cls=VerbGroup, verbs=SUBVERBS)
def command() -> None:
    """Release reduced copies of objects to other readers, by two persons.

    縮約した写しを二人の確認を経て公開する。
    """


@contextmanager
def opened(settings: Settings, principal: str) -> Iterator[tuple[Hub, Principal]]:
    """Yield the hub and a principal; what the desk refuses is told as input at fault, or as not there."""
    from noroshi.desk.releasing import NotReleasable

    with aside():
        try:
            with at_desk(settings, principal) as found:
                yield found
        except NotReleasable as refused:
            raise InputError([
                Fault("not-releasable", column=one.place, found=one.said, expected=f"not: {one.meaning(settings.lang)}",
                      remedy=REMEDY)
                for one in refused.refusals
            ]) from None  # fmt: skip


@click.command("propose")
@click.argument("name", metavar="ID")
@click.option("--plan", "plan_file", required=True, metavar="FILE", help="What goes, as JSON. 計画(JSON)。")
@click.option("--into", metavar="UUID", help="Where the copy goes; default: the same collection. 公開先。")
@click.option("--reason", required=True, metavar="TEXT", help="Why it is to be released. 公開の理由。")
@WHERE
@AS
@AS_JSON
@LANG
@click.pass_obj
def propose(  # noqa: PLR0913  one parameter per option
    given: Settings, *, name: str, plan_file: str, into: str | None, reason: str, collection: str, principal: str,
    as_json: bool, lang: str | None,
) -> None:  # fmt: skip
    """Propose a reduced copy of the object ID, as a plan says; nothing goes out until a second person approves.

    対象IDの縮約した写しを提案する。二人目が承認するまで公開しない。
    """
    settings = override(given, lang=lang)
    from noroshi.desk.releasing import propose as begin
    from noroshi.desk.sending_out import readable

    plan = read_plan(plan_file)
    with opened(settings, principal) as (hub, who):
        _, where = readable(hub, principal, collection)
        one = begin(hub, who, where, name, plan, into or collection, reason, time.time_ns() // 1000)
        enter(hub, who, one)
    tell(one, settings, as_json=as_json)


@click.command("list")
@AS
@AS_JSON
@LANG
@click.pass_obj
def list_(given: Settings, *, principal: str, as_json: bool, lang: str | None) -> None:
    """List what a principal proposed or may decide on, the oldest first.

    自分の提案と、判断できる提案を古い順に一覧する。
    """
    settings = override(given, lang=lang)
    from noroshi.desk.releasing import proposals

    with opened(settings, principal) as (hub, who):
        found = proposals(hub, who)
    if as_json:
        print_json([{key: value for key, value in plain(one).items() if key not in LONG} for one in found])
    else:
        for one in found:
            click.echo(head(one, int(settings.lang == "ja")))


@click.command("show")
@UID
@AS
@AS_JSON
@LANG
@click.pass_obj
def show(given: Settings, *, uid: str, principal: str, as_json: bool, lang: str | None) -> None:
    """Show a proposal: what was taken out, what is left, and every word of it.

    提案の内容、除いたもの、残るものを示す。
    """
    settings = override(given, lang=lang)
    from noroshi.desk.releasing import show as look

    with opened(settings, principal) as (hub, who):
        one = look(hub, who, uid)
        enter(hub, who, one)
    tell(one, settings, as_json=as_json)


@click.command("approve")
@UID
@AS
@AS_JSON
@LANG
@click.pass_obj
def approve(given: Settings, *, uid: str, principal: str, as_json: bool, lang: str | None) -> None:
    """Approve a copy that somebody else proposed; it goes out at once, as the approver's.

    他者が提案した写しを承認する。承認者の提供として直ちに公開される。
    """
    settings = override(given, lang=lang)
    from noroshi.desk.releasing import approve as agree

    with opened(settings, principal) as (hub, who):
        one = agree(hub, who, uid, time.time_ns() // 1000)
        enter(hub, who, one)
    tell(one, settings, as_json=as_json)


@click.command("refuse")
@UID
@WHY
@AS
@AS_JSON
@LANG
@click.pass_obj
def refuse(  # noqa: PLR0913  one parameter per option
    given: Settings, *, uid: str, why: str, principal: str, as_json: bool, lang: str | None
) -> None:
    """Refuse a proposal; it stays, as refused.

    提案を却下する。却下の記録は残る。
    """
    settings = override(given, lang=lang)
    from noroshi.desk.releasing import refuse as say_no

    with opened(settings, principal) as (hub, who):
        one = say_no(hub, who, uid, why, time.time_ns() // 1000)
        enter(hub, who, one)
    tell(one, settings, as_json=as_json)


@click.command("withdraw")
@UID
@WHY
@AS
@AS_JSON
@LANG
@click.pass_obj
def withdraw(  # noqa: PLR0913  one parameter per option
    given: Settings, *, uid: str, why: str, principal: str, as_json: bool, lang: str | None
) -> None:
    """Withdraw a proposal, or a copy that is out: its readers get a version that is revoked.

    提案または公開済みの写しを撤回する。公開済みなら、読者に取り消しの版が届く。
    """
    settings = override(given, lang=lang)
    from noroshi.desk.releasing import withdraw as take_back

    with opened(settings, principal) as (hub, who):
        one = take_back(hub, who, uid, why, time.time_ns() // 1000)
        enter(hub, who, one)
    tell(one, settings, as_json=as_json)


@click.command("derived")
@click.argument("name", metavar="ID")
@WHERE
@AS
@AS_JSON
@LANG
@click.pass_obj
def derived(  # noqa: PLR0913  one parameter per option
    given: Settings, *, name: str, collection: str, principal: str, as_json: bool, lang: str | None
) -> None:
    """Show what an object was reduced from, or which copies of it are out: only where one sees both.

    写しの元、または公開された写しを示す。両方を閲覧できる場合に限る。
    """
    settings = override(given, lang=lang)
    from noroshi.desk.releasing import origins_of
    from noroshi.desk.sending_out import readable

    with opened(settings, principal) as (hub, who):
        found = origins_of(hub, who, readable(hub, principal, collection)[1], name)
    if as_json:
        print_json([one._asdict() for one in found])
        return
    japanese = int(settings.lang == "ja")
    for one in found:
        words = {"source": one.source or ERASED[japanese], "state": STATES[one.state][japanese],
                 "how": SOURCES[one.source_state][japanese]}  # fmt: skip
        click.echo(COPY[japanese].format(**{**one._asdict(), **words}))


def read_plan(where: str) -> Plan:
    """Return the plan in a file; InputError where it is none."""
    import msgspec

    from noroshi.share.releasing import Plan

    try:
        return msgspec.json.decode(Path(where).read_bytes(), type=Plan)
    except OSError as error:
        fault = Fault("missing-file", file=where, found=error.strerror or str(error), expected="a plan as JSON",
                      remedy="correct the name")  # fmt: skip
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        fault = Fault("bad-json", file=where, found=str(error), remedy="see docs/howto/release-a-reduced-copy.md",
                      expected='{"tlp": "GREEN", "drop": ["description"], "words": ["Aoba Power"]}')  # fmt: skip
    raise InputError([fault])


def enter(hub: Hub, who: Principal, one: Shown) -> None:
    """Enter in the ledger that somebody was shown what a source says."""
    import msgspec

    entered = None if one.handed is None else hub.gave(who, one.handed, msgspec.json.encode(plain(one)))
    if entered is not None:
        entered.result()


def plain(one: Shown) -> dict[str, Any]:
    """Return a proposal as plain values."""
    import msgspec

    of = one.release
    return {
        "id": of.uid, "state": of.state, "source": of.source or None, "version": of.stamp or None,
        "source_state": one.source_state, "collection": one.collection, "derived": of.derived, "into": one.target,
        "proposer": one.proposer, "reason": of.reason, "at": of.at, "decided_by": one.decided_by or None,
        "decided_at": of.decided_at, "why": of.why, "out": of.sent_at is not None,
        "plan": msgspec.Raw(of.plan.encode()) if of.plan else None, "object": msgspec.Raw(of.body),
        "changes": [change._asdict() for change in one.changes],
    }  # fmt: skip


def head(one: Shown, japanese: int) -> str:
    """Return a proposal on one line."""
    of = one.release
    decided = DECIDED[japanese].format(by=one.decided_by) if one.decided_by else ""
    line = HEAD[japanese].format(
        uid=of.uid, state=STATES[of.state][japanese], source=of.source or ERASED[japanese], derived=of.derived,
        by=one.proposer, decided=decided, reason=of.reason,
    )  # fmt: skip
    return line + SOURCES[one.source_state][japanese]


def tell(one: Shown, settings: Settings, *, as_json: bool) -> None:
    """Print a proposal with what was taken out and what is left."""
    if as_json:
        print_json(plain(one))
        return
    import msgspec

    japanese = int(settings.lang == "ja")
    click.echo(head(one, japanese))
    for change in one.changes:
        value = change.before if change.what == "removed" else change.after
        said = msgspec.json.encode(value).decode()
        if change.what == "changed":
            said = f"{msgspec.json.encode(change.before).decode()} -> {said}"
        click.echo(f"  {WHAT[change.what][japanese]}  {change.place}: {said}")
