"""`noroshi situation position`: what others claim, what we find, what is said, what was decided, who signed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import click

from noroshi.cli.acting import AS, at_desk, micros
from noroshi.cli.situation import SITUATION
from noroshi.cli.situation_incidents import moment
from noroshi.cli.verbs import AS_JSON, LANG, Verb, VerbGroup, print_json
from noroshi.settings import Settings, override

if TYPE_CHECKING:
    from noroshi.respond.asks import Words
    from noroshi.respond.position import Content, Withdrawn

__all__ = ["SUBVERBS", "command"]

SUBVERBS: dict[str, Verb] = {
    "show": Verb(
        "noroshi.cli.situation_position:show",
        "Show the position with what is warned of.",
        "対処方針を警告とともに示す。",
    ),
    "claim": Verb("noroshi.cli.situation_position:claim", "Enter what others say of who did it.", "他者の主張を記す。"),
    "finding": Verb(
        "noroshi.cli.situation_position:finding",
        "Enter our own finding, from an assessment file or by hand.",
        "我が方の評価を、評価ファイルまたは手入力で記す。",
    ),
    "say": Verb(
        "noroshi.cli.situation_position:say",
        "Enter what is said in public or in private.",
        "公表・非公表の発言を記す。",
    ),
    "effect": Verb(
        "noroshi.cli.situation_position:effect", "Enter an effect on another matter.", "他の案件への影響を記す。"
    ),
    "option": Verb(
        "noroshi.cli.situation_position:option",
        "Enter an option with what speaks for and against it.",
        "選択肢を利点・難点とともに記す。",
    ),
    "decide": Verb(
        "noroshi.cli.situation_position:decide",
        "Enter what a person decided, and why.",
        "人が決定した内容と理由を記す。",
    ),
    "sign": Verb("noroshi.cli.situation_signing:sign", "Sign what stands.", "現在の記録に署名する。"),
    "withdraw": Verb("noroshi.cli.situation_position:withdraw", "Take an entry back.", "記載を撤回する。"),
    "memo": Verb(
        "noroshi.cli.situation_signing:memo", "Write the memo as HTML or PDF.", "メモをHTMLまたはPDFで書き出す。"
    ),
}  # fmt: skip
"""Every command of the group, in the order in which the help shows them."""
WRITTEN = ("{uid}: {entry} entered (line {n}).", "{uid}: {entry}を記した({n}行目)。")
HELD = ("Warning: {text}", "警告: {text}")
AT = click.option("--at", metavar="TIME", help="When it was so; default: now. その時刻。")
ENTRY = click.option(
    "--id", "entry", default="", metavar="ID", help="Of the entry; one that is there is corrected. 識別名。"
)
NEXUS = click.option("--nexus", default="", metavar="CODE", help="A state (ISO 3166), such as KP. 国コード。")
GROUP = click.option("--group", default="", metavar="ID", help="An intrusion set of ATT&CK, such as G0032. 攻撃集団。")
Given = Callable[..., Any]


def both(name: str, meaning: str, meaning_ja: str, *, required: bool = True) -> Callable[[Given], Given]:
    """Return two options, one a language, whose values come as NAME and NAME_ja."""

    def put(of: Given) -> Given:
        japanese = click.option(f"--{name}-ja", required=required, default=None if required else "", metavar="TEXT",
                                help=f"The same in Japanese. {meaning_ja}(日本語)。")  # fmt: skip
        english = click.option(f"--{name}", required=required, default=None if required else "", metavar="TEXT",
                               help=f"{meaning}, in English. {meaning_ja}(英語)。")  # fmt: skip
        return english(japanese(of))

    return put


@click.group("position", cls=VerbGroup, verbs=SUBVERBS)
def command() -> None:
    """Keep the position on a situation, and write its memo.

    What others claim, what we find, what is said, what was decided. Nothing is sent or decided by the machine.
    主張・評価・発言・決定を記録し、メモを作る。機械は何も送らず、何も決めない。
    """


@click.command("show")
@SITUATION
@AS
@AS_JSON
@LANG
@click.pass_obj
def show(given: Settings, /, *, uid: str, principal: str, as_json: bool, lang: str | None) -> None:
    """Show the position with what is warned of.

    対処方針を警告とともに示す。
    """
    settings = override(given, lang=lang)
    from noroshi.desk.memos import seen
    from noroshi.report.position_text import position_rows

    with at_desk(settings, principal) as (hub, who):
        found = seen(hub, who, uid)
    if as_json:
        print_json(found)
        return
    for row in position_rows(found, int(settings.lang == "ja")):
        click.echo(row)


@click.command("claim")
@SITUATION
@click.option("--by", required=True, metavar="NAME", help="Which organisation says so. 主張する組織。")
@click.option("--party", required=True, metavar="ally|government|company", help="What it is. 主体の区分。")
@click.option("--grade", required=True, metavar="GRADE", help="Admiralty grade, such as B2. 情報の格付け。")
@click.option("--source", required=True, metavar="TEXT", help="Where it says so. 出典。")
@click.option("--url", default="", metavar="URL", help="The same on the web. 出典のURL。")
@NEXUS
@GROUP
@click.option("--confidence", default="", metavar="TEXT", help="How sure, in its own words. 確信度(本人の表現)。")
@both("text", "What it says", "主張の内容", required=False)
@click.option("--not-public", is_flag=True, help="It was not said in public. 非公開。")
@ENTRY
@AT
@AS
@AS_JSON
@LANG
@click.pass_obj
def claim(
    given: Settings, /, *, not_public: bool, text: str, text_ja: str, entry: str, **more: Any  # noqa: ANN401  options
) -> None:  # fmt: skip
    """Enter what others say of who did it: a state or an intrusion set, never a person.

    他者が誰の仕業と主張するかを記す。名指しできるのは国と攻撃集団のみ。
    """
    from noroshi.respond.position import Claimed

    keys = ("by", "party", "grade", "source", "nexus", "group", "confidence", "url")
    said = Claimed(**{key: more.pop(key) for key in keys}, id=entry, text=words(text, text_ja), public=not not_public)
    enter(given, said, **more)


@click.command("finding")
@SITUATION
@click.option("--from", "file", metavar="FILE", help="What `noroshi attribute assess --json` wrote. 評価ファイル。")
@click.option("--guard", metavar="STATUS", help="By hand: asserted, not-attributed or not-assessed. ガードの結果。")
@NEXUS
@GROUP
@click.option("--low", type=float, help="Probability at least, 0-1. 確率の下限。")
@click.option("--high", type=float, help="Probability at most, 0-1. 確率の上限。")
@click.option("--reason", "reasons", nargs=2, multiple=True, metavar="EN JA",
              help="Why the guard does not hold; may repeat. ガードを満たさない理由。")  # fmt: skip
@both("text", "In a sentence", "要約", required=False)
@AT
@AS
@AS_JSON
@LANG
@click.pass_obj
def finding(  # noqa: PLR0913  one parameter an option
    given: Settings, /, *, file: str | None, guard: str | None, reasons: tuple[tuple[str, str], ...], text: str,
    text_ja: str, **more: Any,  # noqa: ANN401  options
) -> None:  # fmt: skip
    """Enter our own finding, from an assessment file or by hand; said again it is corrected.

    我が方の評価を、評価ファイルまたは手入力で記す。再度記せば訂正となる。
    """
    from noroshi.desk.positions import finding_from
    from noroshi.respond.asks import Words
    from noroshi.respond.position import Found

    keys = ("nexus", "group", "low", "high")
    by_hand = {key: more.pop(key) for key in keys}
    if (file is None) == (guard is None):
        raise click.UsageError("give --from FILE, or by hand --guard")
    if file is not None:
        if any(by_hand.values()) or reasons or text or text_ja:
            raise click.UsageError("--from FILE says all of it: give nothing by hand beside it")
        enter(given, finding_from(file), **more)
        return
    said = Found(str(guard), **by_hand, reasons=tuple(Words(*one) for one in reasons), text=words(text, text_ja))
    enter(given, said, **more)


@click.command("say")
@SITUATION
@click.option("--audience", required=True, metavar="public|private", help="To whom it is open. 公表・非公表。")
@both("text", "What is said", "発言の内容")
@click.option("--to", default="", metavar="NAME", help="To whom, or where. 相手・場。")
@click.option("--spoken", is_flag=True, help="It has been said; else it is proposed. 発言済み。")
@NEXUS
@GROUP
@ENTRY
@AT
@AS
@AS_JSON
@LANG
@click.pass_obj
def say(given: Settings, /, *, text: str, text_ja: str, entry: str, **more: Any) -> None:  # noqa: ANN401  options
    """Enter what is said in public or in private; --nexus and --group are whom it names as responsible.

    公表・非公表の発言を記す。--nexusと--groupは責任主体として名指しする相手。
    """
    from noroshi.respond.asks import Words
    from noroshi.respond.position import Stated

    keys = ("audience", "to", "nexus", "group", "spoken")
    enter(given, Stated(**{key: more.pop(key) for key in keys}, text=Words(text, text_ja), id=entry), **more)


@click.command("effect")
@SITUATION
@both("topic", "Which matter", "案件")
@both("effect", "What it does to it", "影響")
@ENTRY
@AT
@AS
@AS_JSON
@LANG
@click.pass_obj
def effect(  # noqa: PLR0913  one parameter an option
    given: Settings, /, *, topic: str, topic_ja: str, effect: str, effect_ja: str, entry: str,
    **more: Any,  # noqa: ANN401  options
) -> None:  # fmt: skip
    """Enter an effect on another matter, such as talks that are under way.

    進行中の協議など、他の案件への影響を記す。
    """
    from noroshi.respond.asks import Words
    from noroshi.respond.position import Touched

    enter(given, Touched(Words(topic, topic_ja), Words(effect, effect_ja), entry), **more)


@click.command("option")
@SITUATION
@click.option("--rung", required=True, metavar="RUNG",
              help="private-message, public-statement, joint-statement, retorsion, sanctions or countermeasures. "
              "段階。")  # fmt: skip
@both("text", "What would be done", "内容")
@both("pros", "What speaks for it", "利点")
@both("cons", "What speaks against it", "難点")
@NEXUS
@GROUP
@click.option("--norm", "norms", multiple=True, metavar="LETTER",
              help="Of UN GGE 2015, 13, said to be breached; may repeat. 抵触するとされる規範。")  # fmt: skip
@click.option("--factor", "factors", multiple=True, metavar="NAME=LEVEL",
              help="scope, scale, duration, intensity, complexity, sophistication, impact = low, medium, high. "
              "要素。")  # fmt: skip
@ENTRY
@AT
@AS
@AS_JSON
@LANG
@click.pass_obj
def option(given: Settings, /, *, factors: tuple[str, ...], entry: str, **more: Any) -> None:  # noqa: ANN401  options
    """Enter an option with what speaks for and against it, on a rung of the ladder.

    選択肢を段階・利点・難点とともに記す。
    """
    from noroshi.respond.asks import Words
    from noroshi.respond.position import Considered

    split = [one.partition("=") for one in factors]
    if any(not level for _, _, level in split):
        raise click.UsageError("--factor: NAME=LEVEL, such as scale=high")
    texts: dict[str, Any] = {key: Words(more.pop(key), more.pop(f"{key}_ja")) for key in ("text", "pros", "cons")}
    plain: dict[str, Any] = {key: more.pop(key) for key in ("rung", "nexus", "group", "norms")}
    levels = {name: level for name, _, level in split}
    enter(given, Considered(**plain, **texts, id=entry, factors=levels), **more)


@click.command("decide")
@SITUATION
@click.option("--option", "chosen", default="", metavar="ID", help="Which option; default: none of them. 選択肢。")
@both("why", "Why", "理由")
@AT
@AS
@AS_JSON
@LANG
@click.pass_obj
def decide(given: Settings, /, *, chosen: str, why: str, why_ja: str, **more: Any) -> None:  # noqa: ANN401  options
    """Enter what a person decided, and why.

    人が決定した内容と理由を記す。
    """
    from noroshi.respond.asks import Words
    from noroshi.respond.position import Decided

    enter(given, Decided(Words(why, why_ja), chosen), **more)


@click.command("withdraw")
@SITUATION
@click.argument("entry", metavar="ENTRY")
@click.option("--why", required=True, metavar="TEXT", help="Why. 理由。")
@AT
@AS
@AS_JSON
@LANG
@click.pass_obj
def withdraw(given: Settings, /, *, entry: str, why: str, **more: Any) -> None:  # noqa: ANN401  options
    """Take an entry back; it stays in the record.

    記載を撤回する。記録には残る。
    """
    from noroshi.respond.position import Withdrawn

    enter(given, Withdrawn(entry, why), **more)


def words(english: str, japanese: str) -> Words | None:
    """Return a text in both languages, None where there is none in either."""
    from noroshi.respond.asks import Words

    return Words(english, japanese) if english or japanese else None


def enter(  # noqa: PLR0913  what every command takes
    given: Settings, said: Content | Withdrawn, *, uid: str, at: str | None, principal: str, as_json: bool,
    lang: str | None,
) -> None:  # fmt: skip
    """Enter one line, and say which entry it made and what is warned of beside it."""
    settings = override(given, lang=lang)
    from noroshi.desk.memos import seen
    from noroshi.desk.positions import assess, say
    from noroshi.respond.position import Found, Withdrawn, named

    ja = int(settings.lang == "ja")
    with at_desk(settings, principal) as (hub, who):
        now = micros()
        when = now if at is None else moment(at, "--at")
        if isinstance(said, Found) and said.origin == "assessment":
            n = assess(hub, who, uid, said, when, now)
        else:
            n = say(hub, who, uid, [said], when, now)
        there = seen(hub, who, uid)
    entry = said.entry if isinstance(said, Withdrawn) else named(said, n)
    beside = [one for one in there.warnings if one.entry == entry]
    if as_json:
        print_json({"situation": uid, "exercise": there.exercise, "entry": entry, "line": n, "warnings": beside})
        return
    click.echo(WRITTEN[ja].format(uid=uid, entry=entry, n=n))
    shown(beside, ja)


def shown(beside: Sequence[Any], ja: int) -> None:
    """Say what is warned of, aside from the output."""
    for one in beside:
        click.echo(HELD[ja].format(text=one.text.ja if ja else one.text.en), err=True)
