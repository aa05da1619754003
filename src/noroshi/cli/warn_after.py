"""`noroshi warn receipt | coverage | correct | retract | erase`: what comes after a warning was sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import click

from noroshi.cli.acting import AS, at_desk, micros
from noroshi.cli.verbs import AS_JSON, LANG, print_json
from noroshi.cli.warn_showing import UID, show
from noroshi.errors import Fault, InputError
from noroshi.settings import Settings, override

if TYPE_CHECKING:
    from noroshi.desk.hub import Hub
    from noroshi.store.contract import Principal

__all__ = ["correct", "coverage", "erase", "receipt", "retract", "verify"]

HOLDS = ("{uid}, version {version}: signed by the hub.", "{uid} 第{version}版: ハブの署名を確認した。")
ERASED = ("Erased. Had by: {names}", "消去した。受け取った者: {names}")


@click.command("receipt")
@UID
@AS
@click.option("--state", type=click.Choice(("acknowledged", "acted")), required=True, help="How far one is. 状態。")
@click.option("--note", default="", metavar="TEXT", help="What was done. 対処の内容。")
@AS_JSON
@LANG
@click.pass_obj
def receipt(  # noqa: PLR0913  one parameter an option
    given: Settings, *, uid: str, principal: str, state: str, note: str, as_json: bool, lang: str | None
) -> None:
    """Acknowledge the last version of a warning, or say that one has acted on it; it never falls again.

    警告の最新版を確認した、または対処したと返答する。
    """
    settings = override(given, lang=lang)
    from noroshi.share.warnings_words import STATE_WORDS

    with at_desk(settings, principal) as (hub, who):
        from noroshi.desk.warnings import answer

        found = answer(hub, who, uid, state, note, micros())
    if as_json:
        print_json({"warning": uid, "version": found.kept.last.said.version, "state": found.state})
    else:
        click.echo(STATE_WORDS[found.state][int(settings.lang == "ja")])


@click.command("coverage")
@UID
@AS
@AS_JSON
@LANG
@click.pass_obj
def coverage(given: Settings, *, uid: str, principal: str, as_json: bool, lang: str | None) -> None:
    """Show who got a warning, acknowledged it and acted, who did not get it and why, and the counts by sector.

    警告の到達・確認・対処、未達とその理由、分野別の件数を示す。
    """
    settings = override(given, lang=lang)
    with at_desk(settings, principal) as (hub, who):
        from noroshi.desk.warnings_proposing import follow

        found = follow(hub, who, uid)
    show(found, settings.lang, as_json=as_json)


@click.command("correct")
@UID
@click.argument("file", metavar="FILE")
@AS
@AS_JSON
@LANG
@click.pass_obj
def correct(  # noqa: PLR0913  one parameter an option
    given: Settings, *, uid: str, file: str, principal: str, as_json: bool, lang: str | None
) -> None:
    """Keep FILE as the next version of a warning, and send it to everyone who had an earlier one, or was chosen.

    FILEを次の版とし、前の版を受け取った全員に送る。
    """
    settings = override(given, lang=lang)
    from noroshi.files.warnings import load_warning

    said = load_warning(file)

    def change(hub: Hub, who: Principal) -> None:
        from noroshi.desk.warnings import correct as keep

        keep(hub, settings.data, who, uid, said, micros())

    changed(settings, principal, uid, change, as_json=as_json)


@click.command("retract")
@UID
@AS
@click.option("--why-en", required=True, metavar="TEXT", help="Why, in English. 理由(英語)。")
@click.option("--why-ja", required=True, metavar="TEXT", help="Why, in Japanese. 理由(日本語)。")
@AS_JSON
@LANG
@click.pass_obj
def retract(  # noqa: PLR0913  one parameter an option
    given: Settings, *, uid: str, principal: str, why_en: str, why_ja: str, as_json: bool, lang: str | None
) -> None:
    """Withdraw a warning, and tell everyone who had any version of it.

    警告を撤回し、受け取った全員に知らせる。
    """
    settings = override(given, lang=lang)

    def change(hub: Hub, who: Principal) -> None:
        from noroshi.desk.warnings import retract as keep
        from noroshi.share.warnings import Words

        keep(hub, settings.data, who, uid, Words(why_en, why_ja), micros())

    changed(settings, principal, uid, change, as_json=as_json)


@click.command("verify")
@click.argument("file", metavar="FILE")
@click.option("--key", required=True, metavar="HEX", help="The hub's public key, as it gave it to you. ハブの公開鍵。")
@LANG
@click.pass_obj
def verify(given: Settings, *, file: str, key: str, lang: str | None) -> None:
    """Check that the warning in FILE (warning.json of the mail, or what the hook got) was signed with the hub's key.

    FILE(メールのwarning.json、またはウェブフックの本文)がハブの鍵で署名されたものかを検証する。
    """
    settings = override(given, lang=lang)
    from noroshi.desk.warnings import genuine
    from noroshi.files.warnings import load_signed

    found = load_signed(file)
    if not genuine(found, key.strip().lower()):
        raise InputError([Fault("bad-signature", file=file, found=f"a signature that is not by {key[:80]}",
                                expected="the hub's own signature over all of it",
                                remedy="do not act on it; ask the hub by another way")])  # fmt: skip
    click.echo(HOLDS[int(settings.lang == "ja")].format(uid=found.said.warning, version=found.said.version))


@click.command("erase")
@UID
@AS
@click.option("--reason", required=True, help="Why; it stays in the journal. 理由(ジャーナルに残る)。")
@AS_JSON
@LANG
@click.pass_obj
def erase(  # noqa: PLR0913  one parameter an option
    given: Settings, *, uid: str, principal: str, reason: str, as_json: bool, lang: str | None
) -> None:
    """Erase every version of a warning for good, and say who had it; the journal still verifies.

    警告の全版を完全に消去し、受け取った者を示す。
    """
    settings = override(given, lang=lang)
    with at_desk(settings, principal) as (hub, who):
        from noroshi.desk.warnings_erasing import erase_warning

        had = erase_warning(hub, who, uid, reason)
    if as_json:
        print_json({"had": list(had)})
    else:
        click.echo(ERASED[int(settings.lang == "ja")].format(names=", ".join(had) or "-"))


def changed(
    settings: Settings, principal: str, uid: str, change: Callable[[Hub, Principal], None], *, as_json: bool
) -> None:
    """Make the next version, send it to who is to have it, and show how they stand."""
    with at_desk(settings, principal) as (hub, who):
        from noroshi.desk.warnings_proposing import follow
        from noroshi.desk.warnings_sending import real_timing, resend

        change(hub, who)
        resend(hub, settings, who, uid, real_timing())
        found = follow(hub, who, uid)
    show(found, settings.lang, as_json=as_json)
