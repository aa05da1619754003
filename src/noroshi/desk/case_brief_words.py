"""The words of the brief about a situation that it has in both languages, the one sentence among them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from noroshi.desk.impact import LEFT_OUT, OVER, UNCOUNTED
from noroshi.respond.asks import Words
from noroshi.respond.incident_words import EVENTS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from noroshi.desk.case_brief_shapes import CaseBrief, DueNow, IncidentNow, ServiceBelow

__all__ = ["ASSUMPTIONS", "QUESTIONS", "clock", "left_out", "question", "sentence"]

JAPAN = ZoneInfo("Asia/Tokyo")
QUESTIONS: dict[str, Words] = {
    "no-estate": Words("what it does to services: the situation names no estate",
                       "サービスへの影響:事態に対象のエステートが指定されていない"),
    "estate": Words("what it does to services: the estate {what} cannot be read",
                    "サービスへの影響:エステート「{what}」を読めない"),
    "no-regimes": Words("under which laws it must be reported: no regime is named, so nothing is computed",
                        "報告義務の根拠法:制度が未記入のため計算していない"),
    "withheld": Words("not told here: a victim in it is not named", "非開示:名称非開示の被害組織があるため"),
    "duties": Words("what must be reported by when cannot be computed: {what}",
                    "報告義務の期限を計算できない:起算点などの時刻を確認のこと"),
    "unknown-duties": Words("named, and there is no such regime or duty: {what}; nothing is computed of it",
                            "存在しない制度・報告義務のため計算していない:{what}"),
    "not-told": Words("what people wrote in this situation is not told to you: a victim in it is not named",
                      "本事態に書かれた文章は開示されない:名称非開示の被害組織があるため"),
}  # fmt: skip
"""What is not known of a case as a whole -> in words."""
ASSUMPTIONS = (
    Words("Taken to be out: the systems that an incident names, else every system of its organisation.",
          "停止とみなすもの:インシデントが挙げるシステム、なければその組織の全システム。"),
    Words("In brackets: all times to detect and to restore at their 10 % and 90 % points; what is restored is what the "
          "model restores, until somebody reports it.",
          "括弧内:検知・復旧時間をすべて10%点・90%点とした場合。復旧は、報告があるまでモデルによる。"),
    Words("Severity is an interval that holds every way in which what is not known may turn out.",
          "深刻度は、不明な点がどう判明しても収まる区間。"),
    Words("The brief computes and explains. A person decides and signs.",
          "本書は計算し説明するもの。判断し署名するのは人。"),
)  # fmt: skip
NONE = Words("No incident is open", "進行中のインシデントはない")
HIT = Words("{whom} hit: {what}", "{whom}に{what}")
UNNAMED = (Words("an organisation that is not named", "名称非開示の組織"),
           Words("{count} organisations that are not named", "名称非開示の{count}組織"))  # fmt: skip
OTHERS = Words("{count} more", "ほか{count}組織")
BELOW = Words("{service} below its floor from {when}{band}{more}", "{when}から{service}が最低水準未満{band}{more}")
MORE = Words(" and {count} more", "(ほか{count}件)")
NO_BELOW = Words("no service goes below its floor", "最低水準を下回るサービスはない")
NOT_COMPUTED = Words("what it does is not computed: {what}", "影響は未計算:{what}")
NOT_TOLD = Words("what it does and what is due are not told here", "影響と期限は非開示")
UNDATED = Words("what is due is not computed", "期限は未計算")
WARNED = Words("{acknowledged} of {chosen} warned have answered", "警告{chosen}者のうち{acknowledged}者が回答")
NOBODY = Words("nobody has been warned", "警告は未発出")
UNWARNED = Words("{count} who depend on the victims not warned", "被害組織に依存する{count}組織が未警告")
OVERDUE = Words("overdue: {what} ({when})", "期限超過:{what}({when})")
NEXT = Words("next due: {what} by {when}", "次の期限:{what}({when})")
CLOSED = Words("Closed. ", "終結。")
MOST_NAMED = 2
VAGUE = ("other", "near-miss")
"""Kinds of event that are named last."""


def question(key: str, what: str) -> Words:
    """Return what is not known, with what it is about."""
    text = QUESTIONS[key]
    return Words(text.en.format(what=what), text.ja.format(what=what))


def left_out(reasons: Iterable[str]) -> Words:
    """Return why incidents take part in no run though they are not over, in words."""
    said = [LEFT_OUT[why] for why in dict.fromkeys(reasons) if why in UNCOUNTED]
    return Words("; ".join(en for en, _ in said), "、".join(ja for _, ja in said))


def clock(text: str) -> str:
    """Return an RFC 3339 time on Japan's clock, to the minute."""
    return f"{datetime.fromisoformat(text).astimezone(JAPAN):%Y-%m-%d %H:%M} JST"


def sentence(brief: CaseBrief) -> Words:
    """Return the one sentence: what is hit, what goes below its floor when, who is warned, what is due next."""
    parts = [hit([one for one in brief.incidents if one.state not in OVER])]
    if brief.impact is not None and brief.impact.below is not None:
        parts.append(below(brief.impact.below))
    elif brief.not_computed is not None:
        what: tuple[dict[str, object], ...] = ({"what": brief.not_computed.en}, {"what": brief.not_computed.ja})
        parts.append(NOT_TOLD if brief.next_due is None else filled(NOT_COMPUTED, *what))
    if brief.warnings is not None:
        parts += warned(brief)
    if brief.next_due:
        parts.append(due(brief.next_due[0]))
    elif brief.undated:
        parts.append(UNDATED)
    start = CLOSED if brief.closed else Words("", "")
    return Words(
        start.en + "; ".join(one.en for one in parts) + ".", start.ja + "。".join(one.ja for one in parts) + "。"
    )


def filled(text: Words, en: dict[str, object], ja: dict[str, object]) -> Words:
    """Return a text with its fields in each language."""
    return Words(text.en.format(**en), text.ja.format(**ja))


def hit(open_: list[IncidentNow]) -> Words:
    """Return who is hit, and by what."""
    if not open_:
        return NONE
    named = list({one.organisation: one.name for one in open_ if one.organisation}.values())
    unnamed = sum(not one.organisation for one in open_)
    names = named[:MOST_NAMED]
    if len(named) > MOST_NAMED:
        count: dict[str, object] = {"count": len(named) - MOST_NAMED}
        names.append(filled(OTHERS, count, count))
    if unnamed:
        count = {"count": unnamed}
        names.append(filled(UNNAMED[unnamed > 1], count, count))
    kinds = sorted(dict.fromkeys(one.what for one in open_), key=VAGUE.__contains__)
    return filled(
        HIT,
        {"whom": " and ".join(one.en for one in names), "what": ", ".join(EVENTS[one][0] for one in kinds)},
        {"whom": "・".join(one.ja for one in names), "what": "、".join(EVENTS[one][1] for one in kinds)},
    )


def below(services: list[ServiceBelow]) -> Words:
    """Return which service goes below its floor first, when, and how many more do."""
    if not services:
        return NO_BELOW
    first = services[0]
    when = first.since.median or first.since.slow or first.since.fast or ""
    ends = [clock(one) for one in (first.since.fast, first.since.slow) if one is not None]
    several = len(set(ends)) > 1
    more: dict[str, object] = {"count": len(services) - 1}
    rest = filled(MORE, more, more) if len(services) > 1 else Words("", "")
    values: dict[str, object] = {"when": clock(when), "band": f" [{min(ends)} – {max(ends)}]" if several else ""}
    return filled(BELOW, {**values, "service": first.name.en, "more": rest.en},
                  {**values, "service": first.name.ja, "more": rest.ja})  # fmt: skip


def warned(brief: CaseBrief) -> list[Words]:
    """Return who is warned and answered, and who depends on the victims and is not warned."""
    told = brief.warnings or []
    counts: dict[str, object] = {
        "chosen": sum(one.chosen for one in told), "acknowledged": sum(one.acknowledged for one in told),
    }  # fmt: skip
    parts = [filled(WARNED, counts, counts) if counts["chosen"] else NOBODY]
    if brief.unwarned:
        count: dict[str, object] = {"count": len(brief.unwarned)}
        parts.append(filled(UNWARNED, count, count))
    return parts


def due(one: DueNow) -> Words:
    """Return what is due next, or the first that is overdue."""
    values: dict[str, object] = {"when": clock(one.due)}
    text = OVERDUE if one.overdue else NEXT
    whose = f"{one.whose}: " if one.kind == "ask" else ""
    en, ja = (whose + said.rstrip(" .。") for said in (one.what.en, one.what.ja))
    return filled(text, {**values, "what": en}, {**values, "what": ja})
