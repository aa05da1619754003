"""`noroshi situation`: one case from the first report on, what is known of it, and who is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from noroshi.cli.acting import AS, at_desk, micros
from noroshi.cli.verbs import AS_JSON, LANG, Verb, VerbGroup, print_json
from noroshi.settings import Settings, override

if TYPE_CHECKING:
    from collections.abc import Sequence

    from noroshi.respond.situation import Said

__all__ = ["SUBVERBS", "command"]

SUBVERBS: dict[str, Verb] = {
    "open": Verb("noroshi.cli.situation:open_", "Open a situation.", "事態を開始する。"),
    "report": Verb(
        "noroshi.cli.situation_incidents:report",
        "Report an incident: what happened, since when, with what effect.",
        "インシデントを報告する(事象・発生日時・影響)。",
    ),
    "update": Verb(
        "noroshi.cli.situation_incidents:update",
        "Say what is known better now, how far it is, what harm it does.",
        "続報する(訂正・状態・被害・開示の同意)。",
    ),
    "gather": Verb(
        "noroshi.cli.situation:gather", "Put incidents under a situation.", "インシデントを事態にまとめる。"
    ),
    "admit": Verb("noroshi.cli.situation:admit", "Say who takes part.", "参加者を決める。"),
    "note": Verb("noroshi.cli.situation:note", "Write a remark into the timeline.", "経過に記す。"),
    "ask": Verb(
        "noroshi.cli.situation_asks:ask",
        "Ask somebody for something until a deadline.",
        "期限を定めて要請する。",
    ),
    "press": Verb(
        "noroshi.cli.situation_press:press",
        "Show whom of a press list the hub reaches and through which ministry, and ask those who are chosen.",
        "優先要請リストの組織をどの省庁経由で要請できるか示し、選んだ組織に要請する。",
    ),
    "asks": Verb(
        "noroshi.cli.situation_asks:asks_", "Show requests and how they stand.", "要請とその状況を示す。"
    ),
    "answer": Verb(
        "noroshi.cli.situation_asks:answer", "Answer what one is asked for.", "要請に回答する。"
    ),
    "remind": Verb("noroshi.cli.situation_asks:remind", "Remind who was asked.", "督促する。"),
    "duties": Verb(
        "noroshi.cli.situation_duties:duties",
        "Show what must be reported of an incident to whom by when.",
        "インシデントについて、誰に、いつまでに報告するかを示す。",
    ),
    "impact": Verb(
        "noroshi.cli.situation_impact:impact",
        "Say which services go below their floor, when, and who depends on the victims.",
        "どのサービスがいつ最低水準を下回るか、誰が被害組織に依存するかを示す。",
    ),
    "severity": Verb(
        "noroshi.cli.situation_severity:severity",
        "Say how severe a situation or an incident is, as intervals while facts are unknown.",
        "判明した事実から深刻度を示す(不明な点がある間は区間)。",
    ),
    "warn": Verb(
        "noroshi.cli.situation_warn:warn",
        "Write a warning from a case, and show whom it concerns and why; nothing is sent.",
        "事態から警告を作成し、対象とその理由を示す。送信はしない。",
    ),
    "calls": Verb(
        "noroshi.cli.situation_calls:calls",
        "List whom to call in which order, and what to say: for when mail and web are down.",
        "メール・Webが使えない場合の電話連絡の順番と伝達内容を示す。",
    ),
    "list": Verb(
        "noroshi.cli.situation_showing:list_", "List situations, or incidents.", "事態・インシデントを一覧する。"
    ),
    "show": Verb(
        "noroshi.cli.situation_showing:show",
        "Show a situation or an incident with its timeline.",
        "事態・インシデントを経過とともに示す。",
    ),
    "replay": Verb(
        "noroshi.cli.situation_replay:replay",
        "Play a script through the hub, as history or as an exercise.",
        "シナリオをハブで再生する(史実または演習)。",
    ),
    "position": Verb(
        "noroshi.cli.situation_position:command",
        "Keep the position on a situation, and write its memo.",
        "事態への対処方針を記録し、メモを作る。",
    ),
    "close": Verb("noroshi.cli.situation:close", "Close a situation, or open it again.", "事態を終結・再開する。"),
}  # fmt: skip
"""Every command of the group, in the order in which the help shows them."""
SITUATION = click.argument("uid", metavar="SITUATION")
TLP = click.option("--tlp", default="AMBER", show_default=True, metavar="LEVEL", help="Its TLP level. TLP。")
COMMUNITY = click.option(
    "--community", "communities", multiple=True, metavar="NAME", help="Only its members; may repeat. 対象コミュニティ。"
)
EXERCISE = click.option("--exercise", is_flag=True, help="It is an exercise, with all that is in it. 演習。")
OPENED = ("{uid}: opened{drill}. Next: noroshi situation report … --situation {uid}", "{uid}: 開始した{drill}。")
DRILL = (" as an EXERCISE", "(演習)")
GATHERED = (
    "{uid}: {count} incident(s) gathered. Next: noroshi situation impact {uid}",
    "{uid}: インシデント{count}件をまとめた。次: noroshi situation impact {uid}",
)
ADMITTED = (
    "{uid}: {names} takes part. Next: noroshi situation ask {uid} … to ask for something",
    "{uid}: {names}が参加する。要請: noroshi situation ask {uid}",
)
LEFT = ("{uid}: {names} takes part no more.", "{uid}: {names}は参加しない。")
NOTED = (
    "{uid}: line {n} written. Next: noroshi situation show {uid}",
    "{uid}: {n}行目に記した。確認: noroshi situation show {uid}",
)  # fmt: skip


@click.group("situation", cls=VerbGroup, verbs=SUBVERBS)
def command() -> None:
    """Lead a case from the first report to its end.

    Incidents, who takes part, who is asked for what, what was said and when.
    最初の報告から終結までの事態を扱う。
    """


@click.command("open")
@click.option("--title", required=True, metavar="TEXT", help="Its title in English. 表題(英語)。")
@click.option("--title-ja", required=True, metavar="TEXT", help="Its title in Japanese. 表題(日本語)。")
@click.option("--estate", default="", metavar="ESTATE", help="Where it takes place. 対象のエステート。")
@TLP
@COMMUNITY
@EXERCISE
@AS
@AS_JSON
@LANG
@click.pass_obj
def open_(  # noqa: PLR0913  one parameter an option
    given: Settings, *, title: str, title_ja: str, estate: str, tlp: str, communities: tuple[str, ...],
    exercise: bool, principal: str, as_json: bool, lang: str | None,
) -> None:  # fmt: skip
    """Open a situation; whether it is an exercise is set here, once, and holds for everything in it.

    事態を開始する。演習か否かはここで一度だけ決める。
    """
    settings = override(given, lang=lang)
    from noroshi.desk.dossiers import Filing
    from noroshi.desk.situations import open_ as begin
    from noroshi.respond.situation import Opened, Words

    japanese = int(settings.lang == "ja")
    with at_desk(settings, principal) as (hub, who):
        filing = Filing(tlp, communities or None, exercise)
        uid = begin(hub, who, Opened(Words(title, title_ja), estate), micros(), filing)
    if as_json:
        print_json({"situation": uid, "exercise": exercise})
    else:
        click.echo(OPENED[japanese].format(uid=uid, drill=DRILL[japanese] if exercise else ""))


@click.command("gather")
@SITUATION
@click.argument("incidents", nargs=-1, required=True, metavar="INCIDENT…")
@click.option("--away", is_flag=True, help="They do not belong to it after all. まとめから外す。")
@click.option("--why", default="", metavar="TEXT", help="Why. 理由。")
@AS
@AS_JSON
@LANG
@click.pass_obj
def gather(  # noqa: PLR0913  one parameter an option
    given: Settings, *, uid: str, incidents: tuple[str, ...], away: bool, why: str, principal: str, as_json: bool,
    lang: str | None,
) -> None:  # fmt: skip
    """Put incidents under a situation, or take them away from it.

    インシデントを事態にまとめる、または外す。
    """
    settings = override(given, lang=lang)
    from noroshi.respond.situation import Gathered, Parted

    kind = Parted if away else Gathered
    written(settings, uid, principal, [kind(one, why) for one in incidents])
    if as_json:
        print_json({"situation": uid, "incidents": incidents, "gathered": not away})
    else:
        click.echo(GATHERED[int(settings.lang == "ja")].format(uid=uid, count=0 if away else len(incidents)))


@click.command("admit")
@SITUATION
@click.argument("names", nargs=-1, required=True, metavar="NAME…")
@click.option("--away", is_flag=True, help="They take part no more. 参加を終える。")
@AS
@AS_JSON
@LANG
@click.pass_obj
def admit(  # noqa: PLR0913  one parameter an option
    given: Settings, *, uid: str, names: tuple[str, ...], away: bool, principal: str, as_json: bool, lang: str | None
) -> None:
    """Say who takes part: who does not, sees neither the situation nor that there is one.

    参加者を決める。参加しない者には事態の存在も見えない。
    """
    settings = override(given, lang=lang)
    from noroshi.respond.situation import Admitted

    written(settings, uid, principal, [Admitted(name, not away) for name in names])
    if as_json:
        print_json({"situation": uid, "principals": names, "takes_part": not away})
    else:
        click.echo((LEFT if away else ADMITTED)[int(settings.lang == "ja")].format(uid=uid, names=", ".join(names)))


@click.command("note")
@SITUATION
@click.argument("text", metavar="TEXT")
@AS
@AS_JSON
@LANG
@click.pass_obj
def note(  # noqa: PLR0913  one parameter an option
    given: Settings, *, uid: str, text: str, principal: str, as_json: bool, lang: str | None
) -> None:
    """Write a remark into the timeline; it stays at the centre.

    経過に所見を記す。センターの外には出ない。
    """
    settings = override(given, lang=lang)
    from noroshi.respond.incident import Remarked

    said(settings, uid, written(settings, uid, principal, [Remarked(text)]), as_json=as_json)


@click.command("close")
@SITUATION
@click.option("--why", required=True, metavar="TEXT", help="Why. 理由。")
@click.option("--reopen", is_flag=True, help="It is not over after all. 再開する。")
@AS
@AS_JSON
@LANG
@click.pass_obj
def close(  # noqa: PLR0913  one parameter an option
    given: Settings, *, uid: str, why: str, reopen: bool, principal: str, as_json: bool, lang: str | None
) -> None:
    """Close a situation, or open it again.

    事態を終結する、または再開する。
    """
    settings = override(given, lang=lang)
    from noroshi.respond.situation import Closed, Reopened

    line = Reopened(why) if reopen else Closed(why)
    said(settings, uid, written(settings, uid, principal, [line]), as_json=as_json)


def written(settings: Settings, uid: str, principal: str, lines: Sequence[Said]) -> int:
    """Write lines into a situation, at this moment, all or none; return the number of the last."""
    from noroshi.desk.situations import say

    with at_desk(settings, principal) as (hub, who):
        now = micros()
        return say(hub, who, uid, lines, now, now)


def said(settings: Settings, uid: str, n: int, *, as_json: bool) -> None:
    """Say which line was written."""
    if as_json:
        print_json({"dossier": uid, "line": n})
    else:
        click.echo(NOTED[int(settings.lang == "ja")].format(uid=uid, n=n))
