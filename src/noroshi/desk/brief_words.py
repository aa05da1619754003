"""The sentences of the brief: why someone is warned, what was assumed, what was proven; in English and Japanese."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from noroshi.desk.brief_schema import Warn

if TYPE_CHECKING:
    from noroshi.estate.model import Estate
    from noroshi.flow.kernel import Floats
    from noroshi.stress.breaking import Resilience
    from noroshi.stress.ensembles import Ensemble
    from noroshi.stress.threat import Threat

__all__ = ["FACTOR_WORDS", "STEPS", "assumptions", "proof", "warnings"]

TARGETS, DEPENDANTS = 12, 10
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
    "model": ("Compiling the engine (once) and the no-shock runs", "エンジンのコンパイル(初回のみ)と平常計算"),
    "ensemble": ("Scenarios", "シナリオ計算"),
    "alone": ("Each organisation alone", "組織ごとの影響"),
    "resilience": ("Resilience numbers", "同時侵害数"),
    "report": ("Figures", "集計"),
}
"""Step of the computation -> what the progress bar says."""

_ASSUMED = (
    ("Organisations without evidence of their own have their sector's distribution as prior ({spread} points of spread is "
     "assumed); nothing sharper is known of any of them.",
     "独自の証拠がない組織には分野の分布を事前分布として用いる(標準偏差{spread}点は仮定)。個別の状況は推測しない。"),
    ("The chance of breach follows from the score by a correlation found in three vendor studies, for incidents with harm "
     "(35.6 % of organisations a year), over {days:g} days and times {reach:g} for this threat. It is relative risk first, "
     "a probability second.",
     "侵害確率は三つの調査にみられる評点との相関から求める(被害を伴う事案:年35.6%)。期間{days:g}日、本脅威の係数{reach:g}。"
     "まず相対的なリスク、次に確率として読むこと。"),
    ("A breach gets through to a control system with a factor of 0.2 (median; 0.5 at the 90 % point): office surveys say "
     "nothing about control systems.",
     "侵害が制御システムに達する係数は中央値0.2(90%点0.5)。事務系の調査は制御系を語らない。"),
    ("All that is breached in the period is hit at the same hour: a coordinated attack. Scenarios have at least one breach.",
     "期間中の侵害はすべて同時刻に発動する(協調攻撃)。各試行には少なくとも一つの侵害がある。"),
    ("Autonomy, what is left without supply, manual operation, detection, restoration, access, slope, demand and capacity "
     "are drawn, each half in common and half on its own.",
     "自立時間、枯渇後の能力、手動運用、検知、復旧、到達率、傾き、需要、供給力は毎回抽選する(半分は共通、半分は個別)。"),
    ("Person-hours are people times hours below the floor, beyond what the same day without an attack has; people in "
     "several services are counted in each.",
     "人時は「下限割れ時間×利用者数」で、攻撃のない同じ日との差。複数のサービスの利用者は重複して数える。"),
    ("The effects of the threat on systems follow from its ATT&CK techniques by our own table{assumed}.",
     "脅威がシステムに及ぼす影響は、ATT&CK技術から独自の対応表で求める{assumed}。"),
)  # fmt: skip


def assumptions(estate: Estate, threat: Threat, lang: str) -> tuple[str, ...]:
    """Return what the brief assumes, in the language asked for; first what the estate says of itself."""
    at = int(lang == "ja")
    spreads = sorted({f"{x:g}" for x in estate.column("sectors", "score_spread")})
    assumed = ("; here they are a default, no technique of it having an impact", "(本脅威には影響技術がなく既定値)")[at]
    words = {
        "spread": "/".join(spreads), "days": threat.period_days, "reach": threat.reach,
        "assumed": assumed if threat.assumed_effects else "",
    }  # fmt: skip
    first = (estate.meta.posture,) if estate.meta.posture else ()
    return (*first, *(pair[at].format(**words) for pair in _ASSUMED))


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
                why=f"likely target: {chance[i]:.1%} in the period; {harm[i]:,.0f} person-hours to expect if breached",
                why_ja=f"標的の可能性:期間中{chance[i]:.1%}。侵害時に{harm[i]:,.0f}人時の影響",
            )  # fmt: skip
    places = estate.rows("organisations")
    services = estate.frame("services").to_dicts()
    below = []
    for s, row in enumerate(services):
        if row["organisation"] is not None and row["people"]:
            i = places[row["organisation"]]
            innocent = ~runs.who[:, i]
            hours = float((runs.below[:, s] * innocent * runs.weight).sum() / runs.weight.sum())
            often = float(((runs.below[:, s] > 0.0) * innocent * runs.weight).sum() / runs.weight.sum())
            below.append((-hours * row["people"], s, i, often))
    for worth, s, i, often in sorted(below):
        if len(out) >= TARGETS + DEPENDANTS or worth >= 0:
            break
        if i not in out:
            out[i] = Warn(
                organisation=rows[i]["id"], name=rows[i]["name_en"], name_ja=rows[i]["name_ja"],
                why=f"depends on others: {services[s]['name_en']} falls below its floor in {often:.0%} of cases without "
                "being attacked itself",
                why_ja=f"他者への依存:{services[s]['name_ja']}は自らが攻撃されなくても{often:.0%}の場合に下限を割る",
            )  # fmt: skip
    return tuple(out.values())
