"""The sentences of the brief: why someone is warned, what was assumed, what was proven; in English and Japanese."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from noroshi.desk.brief_schema import Warn
from noroshi.desk.numbers import amount, percent

if TYPE_CHECKING:
    from noroshi.estate.model import Estate
    from noroshi.flow.kernel import Floats
    from noroshi.stress.breaking import Resilience
    from noroshi.stress.ensembles import Ensemble
    from noroshi.stress.threat import Threat

__all__ = ["FACTOR_WORDS", "PRESS_BUDGET", "STEPS", "assumptions", "proof", "warnings", "why_press"]

TARGETS, DEPENDANTS = 12, 10
PRESS_BUDGET = 1000.0
"""Million yen that a brief spends on those whom it presses first: an assumption, since no ministry has said any."""
FACTOR_WORDS = {
    "autonomy": ("How long services last without what they need", "自立時間(供給なしで持つ時間)"),
    "degraded": ("What is left once autonomy is spent", "自立時間経過後に残る能力"),
    "manual_share": ("How much can be done by hand", "手動運用で残る能力"),
    "manual_delay": ("How soon manual operation is staffed", "手動運用開始までの時間"),
    "detection": ("How soon an attack is noticed", "検知までの時間"),
    "restoration": ("How long systems take to restore", "システムの復旧時間"),
    "access": ("How often a breach gets through to control systems", "制御システムへの到達率"),
    "slope": ("How strongly the chance of breach depends on the score", "評点と侵害確率の関係の強さ"),
    "demand": ("Electricity and gas demand", "電力・ガス需要"),
    "capacity": ("Generating capacity that can be counted on", "発電供給力"),
}
"""Common factor of the ensemble -> its name in English and Japanese."""

STEPS = {
    "elsewhere": ("Another process computes it", "別のプロセスが計算中"),
    "kernels": ("Compiling the engine (once)", "エンジンのコンパイル(初回のみ)"),
    "model": ("Runs without a shock", "平常計算"),
    "ensemble": ("Scenarios", "シナリオ計算"),
    "alone": ("Each organisation alone", "組織ごとの影響"),
    "resilience": ("Resilience numbers", "同時侵害数"),
    "press": ("Whom to press first", "改善を求める組織"),
    "report": ("Figures", "集計"),
}
"""Step of the computation -> what the progress bar says."""

_ASSUMED = (
    (
        (
            "Organisations without evidence of their own have their sector's distribution as prior ({spread} points of "
            "spread is assumed); nothing sharper is known of any of them."
        ),
        "独自の証拠がない組織には分野の分布を事前分布として用いる(標準偏差{spread}点は仮定)。個別の状況は推測しない。",
    ),
    (
        (
            "The chance of breach follows from the score by a correlation found in three vendor studies, for "
            "incidents with harm (35.6 % of organisations a year), over {days:g} days and times {reach:g} for "
            "this threat. It is relative risk first, a probability second."
        ),
        (
            "侵害確率は三つの調査にみられる評点との相関から求める(被害を伴う事案: 年35.6%)。期間{days:g}日、"
            "本脅威の係数{reach:g}。まず相対的なリスク、次に確率として読むこと。"
        ),
    ),
    (
        (
            "A breach gets through to a control system with a factor of 0.2 (median; 0.5 at the 90 % point): office "
            "surveys say nothing about control systems."
        ),
        "侵害が制御システムに達する係数は中央値0.2(90%点0.5)。事務系の調査は制御系を語らない。",
    ),
    (
        (
            "All that is breached in the period is hit at the same hour: a coordinated attack. Every trial has at "
            "least one breach."
        ),
        "期間中の侵害はすべて同時刻に発動する(協調攻撃)。どの試行にも侵害が1件以上ある。",
    ),
    (
        (
            "Autonomy, what is left without supply, manual operation, detection, restoration, access, slope, demand "
            "and capacity are drawn, each half in common and half on its own."
        ),
        "自立時間、枯渇後の能力、手動運用、検知、復旧、到達率、傾き、需要、供給力は毎回抽選する(半分は共通、半分は個別)。",
    ),
    (
        (
            "Person-hours are people times hours below the floor, beyond what the same day without an attack has; "
            "people in several services are counted in each."
        ),
        "人時は「基本水準を下回る時間×利用者数」で、攻撃のない同じ日との差。複数のサービスの利用者は重複して数える。",
    ),
    (
        (
            "Rankings (services, whom to press, whom to warn) count each person-hour times the weight of its "
            "service, which the estate assumes (here {weights}); totals count all alike."
        ),
        (
            "順位(サービス、改善を求める組織、警告先)では人時にサービスの重みを掛ける。重みはエステートの仮定"
            "(ここでは{weights})。合計には掛けない。"
        ),
    ),
    (
        (
            "Whom to press first with what: ¥{budget:,.0f} million in all is assumed, as are the costs and effects of "
            "measures; of organisations without answers every question is believed to be met as the score says."
        ),
        (
            "まず改善を求める相手と対策: 総額{budget:,.0f}百万円、対策の費用と効果はいずれも仮定。回答のない組織は、"
            "どの設問も評点どおりに満たすとみなす。"
        ),
    ),
    (
        "The effects of the threat on systems follow from its ATT&CK techniques by our own table{assumed}.",
        "脅威がシステムに及ぼす影響は、ATT&CK技術から独自の対応表で求める{assumed}。",
    ),
)
"""What every brief assumes, in English and Japanese."""


def assumptions(estate: Estate, threat: Threat, lang: str) -> tuple[str, ...]:
    """Return what the brief assumes, in the language asked for; first what the estate says of itself."""
    at = int(lang == "ja")
    spreads = sorted({f"{x:g}" for x in estate.column("sectors", "score_spread")})
    assumed = ("; here they are a default, no technique of it having an impact", "(本脅威には影響技術がなく既定値)")[at]
    words = {
        "spread": "/".join(spreads), "days": threat.period_days, "reach": threat.reach,
        "assumed": assumed if threat.assumed_effects else "", "weights": weights_of(estate),
        "budget": PRESS_BUDGET,
    }  # fmt: skip
    meta = estate.meta
    posture = (meta.posture, meta.posture_ja or meta.posture)[at]
    own = (meta.assumptions, meta.assumptions_ja or meta.assumptions)[at]
    return (*((posture,) if posture else ()), *own, *(pair[at].format(**words) for pair in _ASSUMED))


def weights_of(estate: Estate) -> str:
    """Return the range of the services' weights."""
    weights = estate.column("services", "weight")
    if not len(weights):
        return "1"
    low, high = float(weights.min()), float(weights.max())
    return f"{low:g}" if low == high else f"{low:g}–{high:g}"


def why_press(chance: float, harm: float, left: float, days: float) -> tuple[str, str]:
    """Return why an organisation is pressed: its chance of breach, what that does, what its plan takes away."""
    english = (
        f"{percent(chance, 'en')} chance of breach within {days:g} days; {amount(harm, 'en')} weighted person-hours "
        f"below floor if it happens; the plan takes away {percent(1.0 - left, 'en')} of attacks' success"
    )
    japanese = (
        f"{days:g}日以内の侵害確率{percent(chance, 'ja')}、侵害時は加重{amount(harm, 'ja')}人時が基本水準を下回る。"
        f"計画により攻撃の成功は{percent(1.0 - left, 'ja')}減る"
    )
    return english, japanese


def proof(number: Resilience, lang: str) -> str:
    """Return what `low` and `high` of a resilience number rest on."""
    en = f"every one of {number.singles} organisations and suppliers tried alone"
    ja = f"{number.singles}の組織・供給者を一つずつ全数試行"
    if number.pairs:
        en += f", and all {number.pairs} pairs that can reach it"
        ja += f"、到達し得る{number.pairs}組の対も全数試行"
    if number.high is None:
        en += "; no example was found with favourable assumptions"
        ja += "。有利な仮定では例が見つからない"
    return ja if lang == "ja" else en


def warnings(estate: Estate, runs: Ensemble, chance: Floats, harm: Floats) -> tuple[Warn, ...]:
    """Return whom to warn: likely targets with large consequences, then those whose services fall with others'."""
    rows = estate.frame("organisations").to_dicts()
    out: dict[int, Warn] = {}
    for i in np.argsort(-chance * harm, kind="stable")[:TARGETS]:
        if chance[i] * harm[i] > 0:
            out[int(i)] = Warn(
                organisation=rows[i]["id"], name=rows[i]["name_en"], name_ja=rows[i]["name_ja"],
                why=f"likely target: {percent(chance[i], 'en')} in the period; if breached, expect "
                f"{amount(harm[i], 'en')} weighted person-hours below floor",
                why_ja=f"標的となり得る。期間中の侵害確率{percent(chance[i], 'ja')}。侵害されれば"
                f"加重{amount(harm[i], 'ja')}人時が基本水準を下回る見込み",
            )  # fmt: skip
    places = estate.rows("organisations")
    services = estate.frame("services").to_dicts()
    below = []
    for s, row in enumerate(services):
        if row["organisation"] is not None and row["people"]:
            i = places[row["organisation"]]
            innocent = runs.weight * ~runs.who[:, i]
            hours = float((runs.below[:, s] * innocent).sum() / runs.weight.sum())
            often = float(((runs.below[:, s] > 0.0) * innocent).sum() / max(float(innocent.sum()), 1e-300))
            below.append((-hours * row["people"] * row["weight"], s, i, often))
    for worth, s, i, often in sorted(below):
        if len(out) >= TARGETS + DEPENDANTS or worth >= 0:
            break
        if i not in out:
            out[i] = Warn(
                organisation=rows[i]["id"], name=rows[i]["name_en"], name_ja=rows[i]["name_ja"],
                why=f"depends on others: {services[s]['name_en']} falls below its floor in {percent(often, 'en')} of "
                "trials in which it is not breached itself",
                why_ja=f"他者に依存。{services[s]['name_ja']}は、自組織が侵害されなくても試行の{percent(often, 'ja')}で"
                "基本水準を下回る",
            )  # fmt: skip
    return tuple(out.values())
