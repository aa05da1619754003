"""Explanations in words, in English and Japanese."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from noroshi.stress.explanation import Beside, Explanation, Link, Struck

__all__ = ["COMMODITIES", "EFFECT_WORDS", "WORDS", "at_hour", "called", "lasting", "said", "sentences", "share_text"]

WORDS: dict[str, tuple[str, str]] = {
    # ---- the loss itself
    "down": ("{it} is down from {at}.", "{it}は{at}から停止。"),
    "degraded": ("{it} is degraded from {at}.", "{it}は{at}から低下。"),
    "degraded_to": ("{it} falls to {share} at {at}.", "{it}は{at}に{share}へ低下。"),
    "blackout": ("{it} is blacked out from {at}.", "{it}は{at}から停電。"),
    "tripped": ("{it} trips at {at}.", "{it}は{at}に遮断。"),
    # ---- in what state the cause is
    "is_down": ("out since {at}", "{at}から停止中"),
    "is_degraded": ("degraded since {at}", "{at}から低下中"),
    "is_blackout": ("blacked out since {at}", "{at}から停電中"),
    "is_tripped": ("tripped since {at}", "{at}から遮断中"),
    "is_hit": ("out of control since {at}", "{at}から制御不能"),
    "is_empty": ("empty since {at}", "{at}から空"),
    # ---- how it led to the loss
    "command": ("The system that runs it, {by}, is {state}.", "それを動かすシステム{by}が{state}。"),
    "supply": ("It needs {what} from {by}, which is {state}.", "{what}を{by}に頼っており、それが{state}。"),
    "supply_after": (
        "Its {lasted} without {what} ran out: {by}, on which it relies for {what}, is {state}.",
        "{what}なしで持つ{lasted}が尽きた。{what}を頼る{by}が{state}。",
    ),
    "overload": (
        "It was overloaded and nobody could relieve it: {by}, which controls it, is {state}.",
        "過負荷となったが、制御する{by}が{state}のため解消できなかった。",
    ),
    "blackout_by": (
        "Its grid could not hold after the loss of {by}, {state}.",
        "{by}({state})を失い、系統が持たなかった。",
    ),
    "network": ("Its network is short because of {by}, {state}.", "{by}({state})のため、網が不足している。"),
    "bus": ("It is connected to {by}, which is {state}.", "接続先の{by}が{state}。"),
    "also": ("In the same moment the grid also lost {others}.", "同じ瞬間に{others}も失われた。"),
    "also_hit": ("{it} (hit: {effect})", "{it}(攻撃: {effect})"),
    "also_tripped": (
        "{it} (overloaded, and {root}, hit by {effect}, could not relieve it)",
        "{it}(過負荷。{root}が{effect}のため解消できず)",
    ),
    "also_other": ("{it} (because of {root})", "{it}(原因は{root})"),
    "demand": (
        "More was asked for than there was to give; the shock has no part in it.",
        "需要が供給力を上回ったためで、ショックによるものではない。",
    ),
    # ---- the hit
    "hit": ("{it} was hit at {at}: {effect}{life}.", "{it}が{at}に攻撃された({effect}{life})。"),
    "detected": ("noticed at {at}", "検知{at}"),
    "by_hand": ("worked by hand from {at}", "手動運用{at}から"),
    "restored": ("restored at {at}", "復旧{at}"),
    "not_restored": ("not restored within this run", "期間内に復旧せず"),
    # ---- the end
    "better": ("It improves to {steps}.", "{steps}まで回復。"),
    "better_one": ("{share} at {at}", "{at}に{share}"),
    "better_unknown": ("It improves at {at}.", "{at}に改善。"),
    "whole": ("It is whole again at {at}.", "{at}に全面回復。"),
    "not_whole": (
        "It is not whole again before the next loss or the end of the run.",
        "次の低下または期間の終わりまで全面回復しない。",
    ),
}  # fmt: skip
"""Key -> text in English and Japanese."""

COMMODITIES: dict[str, tuple[str, str]] = {
    "electricity": ("electricity", "電力"),
    "gas": ("gas", "ガス"),
    "telecom": ("telecommunications", "通信"),
    "water": ("water", "水"),
    "fuel": ("fuel", "燃料"),
    "control": ("control", "制御"),
    "data": ("data", "データ"),
    "staff": ("staff", "要員"),
    "access": ("access", "輸送・出入り"),
    "finance": ("payment", "決済"),
}
"""Commodity of a dependency -> its words."""

EFFECT_WORDS: dict[str, tuple[str, str]] = {
    "trip": ("trip", "停止"),
    "freeze": ("freeze", "使用不能"),
    "loss_of_view": ("loss of view", "監視喪失"),
    "loss_of_control": ("loss of control", "制御喪失"),
    "wrong_setpoint": ("wrong set-points", "設定値改ざん"),
    "data_loss": ("data loss", "情報漏えい"),
}
"""Effect of a hit -> its words."""

DIGITS = 4


def said(key: str, lang: str, **fields: str) -> str:
    """Return the text `key` in the language, its fields filled in."""
    return WORDS[key][int(lang == "ja")].format_map(fields)


def at_hour(hour: float, lang: str) -> str:
    """Return a time of a run: "+0.5 h"."""
    return f"+{hour:.{DIGITS}g}" + ("時間" if lang == "ja" else " h")


def lasting(hours: float, lang: str) -> str:
    """Return a duration: "24 h"."""
    return f"{hours:.{DIGITS}g}" + ("時間" if lang == "ja" else " h")


def share_text(share: float, lang: str) -> str:
    """Return a share in per cent; what is neither 0 nor 1 is never shown as either."""
    points = 100.0 * share
    shown = f"{points:.0f}"
    if (shown == "0" and share > 0.0) or (shown == "100" and share < 1.0):
        shown = f"{points:.3g}" if 0.1 <= points <= 99.9 else "<0.1" if share < 0.5 else ">99.9"
    return shown + ("%" if lang == "ja" else " %")


def called(link: Link | Explanation, lang: str) -> str:
    """Return the name with the id, the id alone where there is no name."""
    return named(link.name_ja if lang == "ja" else link.name_en, link.id, lang)


def named(name: str, ident: str, lang: str) -> str:
    """Return a name with its id, the id alone where there is no name."""
    if name == ident:
        return ident
    return f"「{name}」({ident})" if lang == "ja" else f"{name} ({ident})"


def sentences(explanation: Explanation, lang: str) -> list[str]:
    """Return what happened, one sentence a link from the loss back to what began it, and when it got better."""
    links = explanation.chain
    key = explanation.what
    share = "" if explanation.share is None else share_text(explanation.share, lang)
    head = {"it": called(explanation, lang), "at": at_hour(explanation.hour, lang), "share": share}
    out = [said("degraded_to" if key == "degraded" and share else key, lang, **head)]
    for here, there in zip(links, (*links[1:], None), strict=True):
        out += because(here, there, lang)
    return [*out, *ending(explanation, lang)]


def because(here: Link, there: Link | None, lang: str) -> list[str]:
    """Return why the link `here` came about, `there` being what caused it; [] where the next sentence says it."""
    if here.why == "demand" or there is None:
        return [hit_text(here, lang) if here.struck else said("demand", lang)]
    if here.why == "own":
        return []
    key = "blackout_by" if here.why == "blackout" else here.why
    words = {
        "by": called(there, lang),
        "state": said(f"is_{there.what}", lang, at=at_hour(there.hour, lang)),
        "what": COMMODITIES.get(here.commodity, (here.commodity,) * 2)[int(lang == "ja")],
        "lasted": lasting(here.lasted_h, lang),
    }
    if key == "supply" and here.lasted_h > 0.0:
        key = "supply_after"
    out = [said(key, lang, **words)]
    if here.also:
        others = [beside_text(one, lang) for one in here.also]
        out.append(said("also", lang, others="、".join(others) if lang == "ja" else " and ".join(others)))
    return out


def beside_text(one: Beside, lang: str) -> str:
    """Return what fell at the same moment, and why."""
    ja = lang == "ja"
    root = named(one.root_ja if ja else one.root_en, one.root, lang)
    effect = EFFECT_WORDS[one.effect][int(ja)] if one.effect else ""
    key = "also_hit" if one.root == one.id and effect else "also_tripped" if one.what == "tripped" else "also_other"
    return said(key, lang, it=named(one.name_ja if ja else one.name_en, one.id, lang), root=root, effect=effect)


def hit_text(link: Link, lang: str) -> str:
    """Return what the attack did to the unit of a chain's last link, and how that went on."""
    struck = link.struck
    if struck is None:  # a chain that ends without a hit or demand would be a bug of the engine
        raise ValueError(f"the chain ends at {link.id}, which was not hit")
    effect = EFFECT_WORDS[struck.effect][int(lang == "ja")]
    life = life_text(struck, lang)
    return said("hit", lang, it=called(link, lang), at=at_hour(link.hour, lang), effect=effect, life=life)


def life_text(struck: Struck, lang: str) -> str:
    """Return when the hit was noticed, worked around and over."""
    course = {"detected": struck.detected_h, "by_hand": struck.by_hand_h, "restored": struck.restored_h}
    steps = [said(key, lang, at=at_hour(hour, lang)) for key, hour in course.items() if hour is not None]
    if struck.restored_h is None:
        steps.append(said("not_restored", lang))
    return "".join(("、" if lang == "ja" else "; ") + step for step in steps)


def ending(explanation: Explanation, lang: str) -> list[str]:
    """Return how the unit got better, and when it was whole."""
    out = []
    steps = [
        said("better_one", lang, share=share_text(share, lang), at=at_hour(hour, lang))
        for hour, share in explanation.better
        if share is not None
    ]
    if steps:
        out.append(said("better", lang, steps=("、" if lang == "ja" else ", ").join(steps)))
    elif explanation.better:
        out.append(said("better_unknown", lang, at=at_hour(explanation.better[0][0], lang)))
    whole = explanation.whole_h
    out.append(said("not_whole", lang) if whole is None else said("whole", lang, at=at_hour(whole, lang)))
    return out
