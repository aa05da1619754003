"""Every text that a report or page shows, in English and Japanese: one catalogue, both languages side by side."""

from __future__ import annotations

from noroshi.report.rating_words import RATING_WORDS

__all__ = ["LANGUAGES", "RISKS", "VERDICTS", "WORDS", "pick", "said"]

LANGUAGES = ("en", "ja")

WORDS: dict[str, tuple[str, str]] = {
    # ---- the page
    "brand": ("Noroshi", "狼煙 Noroshi"),
    "brief": ("National brief", "国家サイバー強靱性ブリーフ"),
    "title": ("{estate} – brief", "{estate} ブリーフ"),
    "skip": ("Skip to the brief", "本文へ"),
    "language": ("日本語", "English"),
    "illustrative": (
        "Sample data. The figures illustrate the method; they do not describe the posture of any real organisation.",
        "例示データです。手法を示すための数値であり、実在の組織の状態を表すものではありません。",
    ),
    "fictional": (
        "A fictional country. Every place, organisation and figure in it is invented.",
        "架空の国です。地名・組織・数値はすべて創作です。",
    ),
    "decides": (
        "This brief computes and explains. A person decides and signs.",
        "このブリーフは計算し説明するものです。判断し署名するのは人です。",
    ),
    "as_json": ("The brief as JSON", "JSON形式のブリーフ"),
    "as_schema": ("Its schema", "そのスキーマ"),
    "method": (
        "{trials} trials of {horizon} each, seed {seed}. Every trial has at least one breach; intervals are 5–95 %.",
        "{horizon}の試行{trials}回(乱数種{seed})。どの試行にも侵害が1件以上ある。区間は5〜95%。",
    ),
    # ---- the one sentence
    "headline": (
        (
            "{sectors_under} of {sectors_all} sectors are under the pass mark of {mark}. If {threat} breaks in, expect "
            "{harm} person-hours below the basic level within {horizon} (5–95 %: {interval}); most at risk: {worst}."
        ),
        (
            "{sectors_all}分野のうち{sectors_under}分野が合格点{mark}点を下回る。{threat}が侵入した場合、{horizon}で"
            "基本水準を下回る人時は平均{harm}(5〜95%: {interval})、最も危ういのは{worst}。"
        ),
    ),
    "headline_calm": (
        (
            "{sectors_under} of {sectors_all} sectors are under the pass mark of {mark}. If {threat} breaks in, no "
            "service falls below its basic level within {horizon}."
        ),
        (
            "{sectors_all}分野のうち{sectors_under}分野が合格点{mark}点を下回る。{threat}が侵入しても、{horizon}の間に"
            "基本水準を下回るサービスはない。"
        ),
    ),
    "headline_next": ("Press first: {press}. Warn: {warn}.", "まず{press}に改善を求め、{warn}に警告する。"),
    "headline_press": ("Press first: {press}.", "まず{press}に改善を求める。"),
    "organisations": ("{count} organisations", "{count}組織"),
    "organisation_one": ("1 organisation", "1組織"),
    # ---- key figures
    "key_figures": ("Key figures", "主要な数値"),
    "p_any": ("Chance of a breach", "侵害が起きる確率"),
    "p_any_note": ("at least one, within {days} days", "{days}日以内に1件以上"),
    "harm_note": ("mean; 5–95 %: {interval}", "平均、5〜95%: {interval}"),
    "beyond": ("Services beyond tolerance", "許容時間を超えるサービス"),
    "beyond_note": ("mean of {count}; 5–95 %: {interval}", "{count}件中の平均、5〜95%: {interval}"),
    "overall": ("Overall score", "総合評点"),
    "overall_note": ("of 100; pass mark {mark}", "100点満点、合格点{mark}点"),
    # ---- threat
    "threat": ("Threat", "脅威"),
    "threat_source": ("Source", "出典"),
    "threat_period": ("Period", "期間"),
    "threat_sectors": ("Sectors", "対象分野"),
    "threat_techniques": ("Techniques", "手法"),
    "threat_effects": ("Effects on systems", "システムへの影響"),
    "threat_hits": ("Systems hit, mean", "攻撃を受けるシステム数(平均)"),
    "all_sectors": ("all", "すべて"),
    "days": ("{count} days", "{count}日"),
    # ---- ladder
    "ladder": ("Sectors against the pass mark", "分野別評点と合格点"),
    "ladder_lead": (
        "Score of 100 with its interval. The line marks {mark}. Overall: {score}. Source: {source}.",
        "100点満点の評点と区間。線は合格点{mark}点。総合{score}点。出典: {source}。",
    ),
    "ladder_lead_parts": (
        (
            "Score of 100 with its interval. The line marks {mark}. Overall: {score} = technical {technical} + "
            "organisational {organisational}. Source: {source}."
        ),
        (
            "100点満点の評点と区間。線は合格点{mark}点。総合{score}点(技術{technical}+組織{organisational})。"
            "出典: {source}。"
        ),
    ),
    "ladder_note": ("Pass mark {mark} ┃ {source}", "合格点{mark}点 ┃ {source}"),
    "sector": ("Sector", "分野"),
    "score": ("Score", "評点"),
    "interval": ("Interval", "区間"),
    "basis": ("Basis", "根拠"),
    "verdict": ("Verdict", "判定"),
    "basis_published": ("published", "公表値"),
    "basis_assumed": ("assumed", "仮定"),
    "basis_own": ("own", "自己評点"),
    "verdict_pass": ("passes", "合格"),
    "verdict_evidence_needed": ("evidence needed", "証拠が必要"),
    "verdict_fail": ("under the mark", "合格点未満"),
    # ---- services
    "services": ("Services at risk", "危険にさらされるサービス"),
    "services_lead": (
        (
            "Ranked by expected person-hours below the floor, the basic level that must hold, times the weight of the "
            "service. Below floor: the share of trials in which it falls below at all. Beyond tolerance: for longer "
            "than it may."
        ),
        (
            "基本水準(維持すべき水準)を下回る人時の期待値×重みの順。「下回る」は基本水準を下回る試行の割合、"
            "「許容超過」は許容時間を超えて下回る割合。"
        ),
    ),
    "services_none": ("No service falls below its floor.", "基本水準を下回るサービスはない。"),
    "rest": ("The other {count}", "ほか{count}件"),
    "services_rest": ("The other {count} services", "ほか{count}サービス"),
    "service": ("Service", "サービス"),
    "area": ("Area", "地域"),
    "people": ("People", "人数"),
    "floor": ("Floor", "基本水準"),
    "tolerance": ("Tolerance", "許容時間"),
    "person_hours": ("Person-hours below floor", "基本水準を下回る人時"),
    "mean": ("Mean", "平均"),
    "range": ("5–95 %", "5〜95%区間"),
    "median": ("Median", "中央値"),
    "p_below": ("Below floor", "下回る"),
    "when_below": ("When it falls", "下回るとき"),
    "weight": ("Weight", "重み"),
    "weighted": ("Person-hours × weight", "人時×重み"),
    "p_beyond": ("Beyond tolerance", "許容超過"),
    "risk": ("Risk", "危険度"),
    "risk_0": ("low", "低"),
    "risk_1": ("raised", "やや高"),
    "risk_2": ("high", "高"),
    "risk_3": ("severe", "非常に高"),
    "risk_key": ("Chance of being beyond tolerance", "許容超過の確率"),
    "risk_under": ("under {high}", "{high}未満"),
    "risk_from": ("{low} and over", "{low}以上"),
    "risk_between": ("{low} to {high}", "{low}〜{high}"),
    "curves": ("When it falls: share served over time", "下回るときの供給率の推移"),
    "curves_lead": (
        (
            "Only the trials in which the service falls below its floor. Line: median. Band: 5–95 %. Dashed: "
            "the floor. Beside the name: the chance of being beyond tolerance."
        ),
        (
            "サービスが基本水準を下回る試行のみ。実線は中央値、帯はその5〜95%、破線は基本水準。"
            "名称の横は許容超過の確率。"
        ),
    ),
    "curve_of": (
        "{service}: share served over {horizon}; lowest median {low}, lowest 5 % quantile {worst}",
        "{service}: {horizon}の供給率。中央値の最低{low}、5%点の最低{worst}",
    ),
    "lowest_median": ("Lowest median", "中央値の最低"),
    "lowest_p05": ("Lowest 5 % quantile", "5%点の最低"),
    "recovers": ("Median back above floor", "中央値が基本水準に戻る時刻"),
    "never_below": ("never below", "下回らない"),
    "not_within": ("not within {horizon}", "{horizon}以内に戻らない"),
    # ---- map, matrix
    "map": ("Where", "地域"),
    "map_lead": (
        "Each area takes the class of its service that is most likely to be beyond tolerance.",
        "各地域は、許容超過の確率が最も高いサービスの区分で示す。",
    ),
    "map_tiles": ("Prefectures of Japan as tiles, by risk", "都道府県別の危険度(タイル地図)"),
    "map_points": ("Services by place and risk", "サービスの位置と危険度"),
    "no_data": ("no service", "対象なし"),
    "worst_service": ("Service most at risk", "最も危ういサービス"),
    "matrix": ("Sector by area", "分野×地域"),
    "matrix_lead": (
        "The highest chance of being beyond tolerance, for the areas with the most expected harm.",
        "許容超過の確率の最大値。被害の期待値が大きい地域のみ。",
    ),
    # ---- resilience
    "resilience": ("How many breaches it takes", "何か所の同時侵害で止まるか"),
    "resilience_lead": (
        (
            "The fewest organisations, control systems or suppliers that must be breached together to hold a service "
            "below its floor for longer than its tolerance. The lower end is proven; the upper end has an example."
        ),
        (
            "サービスが許容時間を超えて基本水準を下回るために、同時に侵害されなければならない組織・制御システム・"
            "供給者の最少数。下端は証明済み、上端には例がある。"
        ),
    ),
    "resilience_rest": ("The other {count} services", "ほか{count}サービス"),
    "example": ("Example", "例"),
    "if_unfavourable": ("unfavourable case: {names}", "不利な場合: {names}"),
    "proof": ("Why not fewer", "下端の根拠"),
    "breaches": ("Breaches", "侵害数"),
    "at_least": ("{low} or more", "{low}以上"),
    # ---- who
    "matters": ("Where a breach would matter most", "侵害の被害が大きい組織"),
    "matters_lead": (
        (
            "Ranked by chance of being breached × weighted person-hours below floor to expect if it is, with "
            "whatever falls after it."
        ),
        "侵害される確率×侵害された場合に基本水準を下回る人時(重み付き、波及を含む)の順。",
    ),
    "organisation": ("Organisation", "組織"),
    "breach_probability": ("Chance of breach", "侵害確率"),
    "consequence": ("If breached", "侵害された場合"),
    "expected": ("Expected harm", "被害の期待値"),
    "warn": ("Warn", "警告する組織"),
    "warn_lead": (
        "They run what this threat goes for, or depend on it.",
        "この脅威の標的を運用するか、それに依存する。",
    ),
    "why": ("Why", "理由"),
    "nobody": ("Nobody.", "該当なし。"),
    # ---- harms
    "harms": ("Three kinds of harm", "三種類の被害"),
    "harm": ("Harm", "被害"),
    "harm_service": ("Service", "サービス"),
    "harm_data": ("Data", "データ"),
    "harm_strategic": ("Strategic", "戦略"),
    "unit_service": ("person-hours below floor", "基本水準を下回る人時"),
    "unit_beyond": ("services beyond tolerance", "許容時間を超えるサービス数"),
    "unit_data": ("persons or records exposed", "漏えいする人・件数"),
    "unit_strategic": ("points of sensitivity exposed", "漏えいする機微度の点数"),
    "p_harm": ("Chance of any", "発生確率"),
    "by_kind": ("Mean by kind", "種別ごとの平均"),
    "kind_personal": ("personal", "個人"),
    "kind_medical": ("medical", "医療"),
    "kind_payment": ("payment", "決済"),
    "kind_defence": ("defence", "防衛"),
    "kind_diplomatic": ("diplomatic", "外交"),
    "kind_industrial": ("industrial", "産業"),
    # ---- tornado, assumptions
    "tornado": ("Which assumption moves the result", "結果を動かす仮定"),
    "tornado_lead": (
        (
            "Expected person-hours below floor in the lowest and the highest fifth of each assumption; the line is the "
            "mean. An effect within two standard errors is not told from chance."
        ),
        "各仮定の下位2割と上位2割での、基本水準を下回る人時の期待値。線は平均。標準誤差2倍以内の差は偶然と区別しない。",
    ),
    "within_chance": ("unclear", "不明確"),
    "assumption": ("Assumption", "仮定"),
    "at_low": ("At its low end", "下端"),
    "at_high": ("At its high end", "上端"),
    "effect": ("Effect", "影響"),
    "changes_first": ("Changes who is first", "最優先の組織が変わる"),
    "yes": ("yes", "はい"),
    "no": ("no", "いいえ"),
    "assumptions": ("Assumptions", "前提"),
    # ---- ensembles
    "ensemble_title": ("{estate} – {threat}", "{estate} – {threat}"),
    "resilience_all": ("Anyone may be breached.", "どの組織・供給者も侵害され得る。"),
    "resilience_threat": ("Only whom {threat} attacks may be breached.", "{threat}の対象だけが侵害され得る。"),
    "resilience_count": ("{breaches}: {count} services", "{breaches}: {count}サービス"),
    "no_pairs": ("Pairs were not tried: 2 or more may be more.", "2組織の組み合わせは全数試行していない。"),
    # ---- pictures of runs
    "run": ("Share served after the shock", "ショック後の供給率"),
    "ensemble": ("Share served over the ensemble", "アンサンブルの供給率"),
    # ---- terminal
    "more": ("… and {count} more", "…ほか{count}件"),
    # ---- the hub
    "computing": ("The brief is being computed", "ブリーフを計算しています"),
    "computing_lead": (
        "This page looks again every two seconds and shows the brief when it is there.",
        "このページは2秒ごとに更新し、でき次第ブリーフを表示します。",
    ),
    "step": ("Now", "現在の処理"),
    "failed": ("The brief could not be computed", "ブリーフを計算できませんでした"),
    "failed_lead": ("Correct what is named below and start again.", "以下を直してから、もう一度起動してください。"),
    "starting": ("starting", "開始"),
    "not_found": ("There is no such page", "ページがありません"),
    "not_found_lead": ("The brief is on the first page.", "ブリーフは最初のページにあります。"),
    "to_brief": ("To the brief", "ブリーフへ"),
    "serving": (
        "The brief is at {address} – stop with Ctrl-C.",
        "ブリーフは {address} で表示中。Ctrl-Cで停止。",
    ),
    **RATING_WORDS,
}
"""Key -> the text in English and in Japanese; `{fields}` are filled in by `said`."""

RISKS = ("risk_0", "risk_1", "risk_2", "risk_3")
"""Class of risk, 0 to 3 -> the key of its word."""

VERDICTS = {"pass": 0, "evidence_needed": 1, "fail": 2}
"""Verdict of a sector -> the class (shape and colour) it is shown in."""


def said(key: str, lang: str, **fields: object) -> str:
    """Return the text `key` in the language `lang` with its fields filled in; KeyError for an unknown key or field."""
    return WORDS[key][LANGUAGES.index(lang)].format_map(fields)


def pick(english: str, japanese: str, lang: str) -> str:
    """Return the text of data that is there in both languages; English where the Japanese is empty."""
    return japanese if lang == "ja" and japanese else english
