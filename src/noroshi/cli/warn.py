"""`noroshi warn`: write a warning once, see whom it concerns, send it, follow who got it, correct and retract it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from noroshi.cli.acting import AS, at_desk, micros
from noroshi.cli.verbs import AS_JSON, LANG, Verb, VerbGroup, print_json
from noroshi.cli.warn_showing import UID, plain, show
from noroshi.settings import Settings, override

if TYPE_CHECKING:
    from noroshi.desk.warnings_proposing import Lenses

__all__ = ["SUBVERBS", "command"]

SUBVERBS: dict[str, Verb] = {
    "write": Verb(
        "noroshi.cli.warn:write",
        "Keep the warning in FILE; nobody is told yet.",
        "FILEの警告を登録する(まだ送らない)。",
    ),
    "propose": Verb(
        "noroshi.cli.warn:propose", "Show whom a warning concerns, and why.", "警告の対象と理由を示す。"
    ),
    "send": Verb(
        "noroshi.cli.warn:send",
        "Send it to those who are chosen, or again to those who have not got it.",
        "選んだ相手に送る、または未達の相手に再送する。",
    ),
    "list": Verb("noroshi.cli.warn:list_", "List warnings, or show one.", "警告を一覧する、または1件を示す。"),
    "receipt": Verb(
        "noroshi.cli.warn_after:receipt",
        "Acknowledge a warning, or say that one has acted.",
        "警告の確認・対処を返答する。",
    ),
    "coverage": Verb(
        "noroshi.cli.warn_after:coverage",
        "Show who got it, who answered, who did not get it and why, by sector.",
        "到達・返答・未達とその理由を分野別に示す。",
    ),
    "correct": Verb(
        "noroshi.cli.warn_after:correct",
        "Correct it, and tell everyone who had it.",
        "訂正し、受け取った全員に知らせる。",
    ),
    "retract": Verb(
        "noroshi.cli.warn_after:retract",
        "Withdraw it, and tell everyone who had it.",
        "撤回し、受け取った全員に知らせる。",
    ),
    "verify": Verb(
        "noroshi.cli.warn_after:verify",
        "Check the signature of a warning as it was received.",
        "受け取った警告の署名を検証する。",
    ),
    "erase": Verb("noroshi.cli.warn_after:erase", "Erase a warning for good.", "警告を完全に消去する。"),
}  # fmt: skip
"""Every command of the group, in the order in which the help shows them."""
ESTATE = click.option(
    "--estate",
    metavar="ESTATE",
    help="Whose dependencies, products and networks count. 依存関係等を参照するエステート。",
)
BRIEF = click.option(
    "--brief", metavar="FILE", help="A brief as JSON: whom it says to warn. 要約のJSON(警告先の根拠)。"
)
COLLECTION = click.option(
    "--collection", default="", metavar="UUID", help="Post it there for TAXII too. TAXIIの掲載先。"
)
WRITTEN = ("{uid}: written and signed; nobody is told yet.", "{uid}: 登録・署名した。まだ誰にも送っていない。")
NOBODY = ("It concerns nobody whom the hub knows.", "対象となる登録済みの主体はない。")
NONE = ("No warnings.", "警告はない。")
VERSION = ("version {version}, {state}", "第{version}版、{state}")


@click.group("warn", cls=VerbGroup, verbs=SUBVERBS)
def command() -> None:
    """Warn those at risk, and see who got it and acted.

    危険にさらされている相手に警告し、到達・確認・対処を追う。
    """


@click.command("write")
@click.argument("file", metavar="FILE")
@AS
@AS_JSON
@LANG
@click.pass_obj
def write(given: Settings, *, file: str, principal: str, as_json: bool, lang: str | None) -> None:
    """Keep the warning in FILE, written in English and Japanese, and sign it; nobody is told yet.

    FILEの警告(日英)を登録し署名する。まだ送らない。
    """
    settings = override(given, lang=lang)
    from noroshi.files.warnings import load_warning

    said = load_warning(file)
    with at_desk(settings, principal) as (hub, who):
        from noroshi.desk.warnings import write as keep

        there = keep(hub, settings.data, who, said, micros())
    if as_json:
        print_json({"warning": there.uid, "version": 1})
    else:
        click.echo(WRITTEN[int(settings.lang == "ja")].format(uid=there.uid))


@click.command("propose")
@UID
@AS
@ESTATE
@BRIEF
@AS_JSON
@LANG
@click.pass_obj
def propose(  # noqa: PLR0913  one parameter an option
    given: Settings, *, uid: str, principal: str, estate: str | None, brief: str | None, as_json: bool, lang: str | None
) -> None:
    """Show whom a warning concerns, each with the reasons, and who of them may not be told; nothing is sent.

    警告の対象と理由、通知できない相手を示す。送信はしない。
    """
    settings = override(given, lang=lang)
    from noroshi.share.warnings_words import EXERCISE, KEPT_FROM, reason

    lenses = looked_through(settings, estate, brief)
    with at_desk(settings, principal) as (hub, who):
        from noroshi.desk.warnings import must_find
        from noroshi.desk.warnings_proposing import proposed

        found = proposed(hub, who, uid, lenses)
        drill = must_find(hub, uid).last.said.exercise
    if as_json:
        print_json({"exercise": drill, "proposed": found})
        return
    japanese = int(settings.lang == "ja")
    if drill:
        click.echo(EXERCISE[japanese])
    for one in found:
        barred = f"  [{KEPT_FROM[one.kept_from][japanese]}]" if one.kept_from else ""
        click.echo(f"{one.principal}{barred}")
        for why in one.reasons:
            click.echo(f"  {reason(why, settings.lang)}")
    if not found:
        click.echo(NOBODY[japanese])


@click.command("send")
@UID
@AS
@click.option("--to", multiple=True, metavar="NAME", help="A recipient; as often as needed. 宛先(複数可)。")
@click.option("--proposed", is_flag=True, help="Everyone proposed who may be told. 通知可能な対象全員。")
@COLLECTION
@ESTATE
@BRIEF
@AS_JSON
@LANG
@click.pass_obj
def send(  # noqa: PLR0913  one parameter an option
    given: Settings, *, uid: str, principal: str, to: tuple[str, ...], proposed: bool, collection: str,
    estate: str | None, brief: str | None, as_json: bool, lang: str | None,
) -> None:  # fmt: skip
    """Send a warning to those who are chosen; without a choice, again to all chosen who have not got it.

    選んだ相手に警告を送る。選択がなければ、未達の相手に再送する。
    """
    settings = override(given, lang=lang)
    lenses = looked_through(settings, estate, brief)
    with at_desk(settings, principal) as (hub, who):
        from noroshi.desk.warnings_proposing import follow
        from noroshi.desk.warnings_sending import Wanted, real_timing
        from noroshi.desk.warnings_sending import send as deliver

        deliver(hub, settings, who, uid, Wanted(to, proposed, collection), real_timing(), lenses)
        found = follow(hub, who, uid)
    show(found, settings.lang, as_json=as_json)


@click.command("list")
@click.argument("uid", metavar="[WARNING]", default="")
@AS
@AS_JSON
@LANG
@click.pass_obj
def list_(given: Settings, *, uid: str, principal: str, as_json: bool, lang: str | None) -> None:
    """List the warnings that one may read, or show one: for a recipient it counts as delivered by that.

    閲覧できる警告を一覧する、または1件を示す。
    """
    settings = override(given, lang=lang)
    from noroshi.share.warnings_words import EXERCISE, STATE_WORDS, message

    with at_desk(settings, principal) as (hub, who):
        from noroshi.desk.warnings import listed, read

        found = (read(hub, who, uid, micros()),) if uid else listed(hub, who)
    japanese = int(settings.lang == "ja")
    if as_json:
        print_json({
            "warnings": [
                {**plain(one.kept.last.said), "exercise": one.kept.last.said.exercise, "state": one.state,
                 "to_me": one.to_me, "key": one.kept.last.key, "signature": one.kept.last.signature}
                for one in found
            ]
        })  # fmt: skip
    elif uid:
        click.echo(message(found[0].kept.last, settings.address).text)
    else:
        for one in found:
            said = one.kept.last.said
            state = VERSION[japanese].format(version=said.version, state=STATE_WORDS[one.state][japanese])
            title = said.title.ja if japanese else said.title.en
            drill = f"[{EXERCISE[japanese].split()[0]}] " if said.exercise else ""
            click.echo(f"{said.warning}  {drill}TLP:{said.tlp}  {said.kind}  {title}  ({state})")
        if not found:
            click.echo(NONE[japanese])


def looked_through(settings: Settings, estate: str | None, brief: str | None) -> Lenses:
    """Return what an estate and a brief add to the contacts."""
    from noroshi.desk.warnings_proposing import Lenses

    found, warn = None, None
    if estate is not None:
        from noroshi.files.estates import load

        found = load(estate, settings.lang)
    if brief is not None:
        from noroshi.files.warnings import load_brief_lens

        warn = load_brief_lens(brief)
    return Lenses(found, warn)
