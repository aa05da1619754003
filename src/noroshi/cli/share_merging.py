"""`noroshi share merged | join | split | undo`: one thing from several sources, and people's word on it."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from noroshi.cli.verbs import AS_JSON, LANG, aside, print_json
from noroshi.errors import NotFoundError
from noroshi.settings import Settings, override

if TYPE_CHECKING:
    from collections.abc import Iterator

    from noroshi.desk.hub import Hub
    from noroshi.desk.merging import Thing, Word
    from noroshi.store.contract import Collection, Principal

__all__ = ["join", "merged", "split", "undo"]

WHERE = click.option("--collection", required=True, metavar="UUID", help="Of which collection. 対象のコレクション。")
AS = click.option("--as", "principal", required=True, metavar="NAME", help="As who sees it. 閲覧する主体。")
WHY = click.option("--reason", default="", metavar="TEXT", help="Why; kept with the judgement. 理由。")
HEAD = ("{ids} ({sources} sources)", "{ids}(提供元{sources})")
PART = ("  {id} {version} from {source}{revoked}", "  {id} {version} 提供元: {source}{revoked}")
REVOKED = (", revoked", "、取り消し済み")
ONE = ("  one since {meaning}: {text}", "  同一: {meaning}: {text}")
APART = ("  kept apart: {a} and {b} (rule {rule}), because of {by}", "  別扱い: {a} と {b}(規則{rule})、根拠 {by}")
SAID = ("  judgement {uid}: {verdict}{reason}", "  判断 {uid}: {verdict}{reason}")
VERDICT = {True: ("the same", "同一"), False: ("not the same", "別物")}
KEPT = (
    "kept as {uid}; `noroshi share undo {uid}` takes it back",
    "{uid}として記録。`noroshi share undo {uid}`で取り消し",
)
UNDONE = ("taken back: {uid}", "取り消した: {uid}")
PARTIAL = ("not all objects could be looked at: name some with --id", "対象が多すぎるため一部のみ。--idで指定する")


@contextmanager
def opened(settings: Settings, principal: str, collection: str) -> Iterator[tuple[Hub, Principal, Collection]]:
    """Yield the hub, a principal and a collection that it may read; what the desk refuses is told as not found."""
    from noroshi.desk.hub import open_hub
    from noroshi.desk.sending_out import readable
    from noroshi.share.taxii import Refused

    with aside():
        hub = open_hub(settings)
        try:
            yield hub, *readable(hub, principal, collection)
        except Refused as refused:
            raise NotFoundError(f"{refused.title}: {refused.description}") from None
        finally:
            hub.close()


@click.command("merged")
@WHERE
@AS
@click.option("--id", "ids", multiple=True, metavar="ID", help="Only what has this object. このオブジェクトだけ。")
@AS_JSON
@LANG
@click.pass_obj
def merged(  # noqa: PLR0913  one parameter per option
    given: Settings, *, collection: str, principal: str, ids: tuple[str, ...], as_json: bool, lang: str | None
) -> None:
    """Show what several sources know as one thing, as a principal sees it, and why it is one.

    複数の提供元が知るものを一つにまとめて、その理由とともに示す。
    """
    settings = override(given, lang=lang)
    import msgspec

    from noroshi.desk.merging import things

    with opened(settings, principal, collection) as (hub, who, where):
        found = things(hub, who, where, ids)
        said = {"things": [plain(one) for one in found.found], "partial": found.partial}
        entered = hub.gave(who, found.handed, msgspec.json.encode(said))
        if entered is not None:
            entered.result()
    if as_json:
        print_json(said)
        return
    for one in found.found:
        show(one, int(settings.lang == "ja"))
    if found.partial:
        click.echo(PARTIAL[int(settings.lang == "ja")], err=True)


@click.command("join")
@click.argument("a", metavar="ID")
@click.argument("b", metavar="ID")
@WHERE
@AS
@WHY
@AS_JSON
@LANG
@click.pass_obj
def join(given: Settings, /, *, as_json: bool, lang: str | None, **more: Any) -> None:  # noqa: ANN401  click's options
    """Say that two objects are the same thing: for everybody if the centre says so, else for one's own view.

    二つのオブジェクトが同一であると判断する。
    """
    say(override(given, lang=lang), same=True, as_json=as_json, **more)


@click.command("split")
@click.argument("a", metavar="ID")
@click.argument("b", metavar="ID")
@WHERE
@AS
@WHY
@AS_JSON
@LANG
@click.pass_obj
def split(given: Settings, /, *, as_json: bool, lang: str | None, **more: Any) -> None:  # noqa: ANN401  click's options
    """Say that two objects are not the same thing: for everybody if the centre says so, else for one's own view.

    二つのオブジェクトが別物であると判断する。
    """
    say(override(given, lang=lang), same=False, as_json=as_json, **more)


@click.command("undo")
@click.argument("judgement", metavar="JUDGEMENT")
@WHERE
@AS
@LANG
@click.pass_obj
def undo(given: Settings, *, judgement: str, collection: str, principal: str, lang: str | None) -> None:
    """Take a judgement back: all is as if it had not been made. It stays in the journal.

    判断を取り消す。記録には残る。
    """
    settings = override(given, lang=lang)
    from noroshi.desk.merging import take_back

    with opened(settings, principal, collection) as (hub, who, where):
        take_back(hub, who, where, judgement, time.time_ns() // 1000)
    click.echo(UNDONE[int(settings.lang == "ja")].format(uid=judgement))


def say(  # noqa: PLR0913  one parameter per option
    settings: Settings, *, a: str, b: str, collection: str, principal: str, reason: str, same: bool, as_json: bool
) -> None:
    """Keep a judgement and say how it can be taken back."""
    from noroshi.desk.merging import judge

    with opened(settings, principal, collection) as (hub, who, where):
        word = judge(hub, who, where, a, b, same=same, reason=reason, now=time.time_ns() // 1000)
    if as_json:
        print_json(word._asdict())
    else:
        click.echo(KEPT[int(settings.lang == "ja")].format(uid=word.uid))


def plain(one: Thing) -> dict[str, Any]:
    """Return a thing as plain values."""
    return {
        "ids": one.ids, "type": one.type, "sources": one.sources,
        "parts": [
            {"id": part.row.id, "version": part.row.stamp, "revoked": part.revoked,
             "source": {"kind": part.source_kind, "name": part.source or None, "own": part.own}}
            for part in one.parts
        ],
        "links": one.links, "apart": one.apart, "judgements": [word._asdict() for word in one.words],
    }  # fmt: skip


def show(one: Thing, japanese: int) -> None:
    """Print a thing with its reasons."""
    from noroshi.share.merging_keys import RULES

    click.echo(HEAD[japanese].format(ids=" = ".join(one.ids), sources=one.sources))
    for part in one.parts:
        revoked = REVOKED[japanese] if part.revoked else ""
        source = part.source or part.source_kind
        click.echo(PART[japanese].format(id=part.row.id, version=part.row.stamp, source=source, revoked=revoked))
    for link in one.links:
        click.echo(ONE[japanese].format(meaning=RULES[link.rule][japanese], text=link.text))
    for apart in one.apart:
        click.echo(APART[japanese].format(a=apart.a, b=apart.b, rule=apart.rule, by=apart.by))
    for word in one.words:
        click.echo(said_of(word, japanese))


def said_of(word: Word, japanese: int) -> str:
    """Return a judgement on one line."""
    reason = f" ({word.reason})" if word.reason else ""
    return SAID[japanese].format(uid=word.uid, verdict=VERDICT[word.same][japanese], reason=reason)
