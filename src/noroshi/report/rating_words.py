"""What reports say of ratings, plans and evidence, in English and Japanese; part of the catalogue in words.py."""

from __future__ import annotations

__all__ = ["RATING_WORDS"]

RATING_WORDS: dict[str, tuple[str, str]] = {
    # ---- an organisation's score
    "rating_title": ("Score of {organisation}", "{organisation} の評点"),
    "rating_lead": ("As of {as_of}. Peers: {peers}.", "{as_of}時点。比較対象: {peers}。"),
    "peers_population": ("the population surveyed in 2014", "2014年調査の母集団"),
    "peers_sector": ("its sector in the estate", "エステートの同じ分野"),
    "rating_range": ("5–95 %: {range}", "5〜95%: {range}"),
    "rating_p_pass": ("chance of {mark} on evidence alone: {chance}", "証拠だけで{mark}点に届く確率: {chance}"),
    "technical": ("Technical", "技術"),
    "organisational": ("Organisational", "組織"),
    "of_points": ("of {points} points", "{points}点中"),
    "worth_points": ("{points} points", "{points}点"),
    "would_settle": ("What would settle it", "判定を決める証拠"),
    "would_settle_note": ("half of what is unknown lies here", "不確かさの半分はここにある"),
    "rating_items": ("Questions", "設問ごとの結果"),
    "item": ("Question", "設問"),
    "met": ("Met", "達成度"),
    "rating_points": ("Points", "配点"),
    "evidence": ("Best evidence", "最良の証拠"),
    "age": ("Age", "経過"),
    "not_applicable": ("does not apply", "該当しない"),
    "grade_none": ("none", "なし"),
    "grade_self": ("own claim", "自己申告"),
    "grade_document": ("document", "文書"),
    "grade_third_party": ("third party", "第三者"),
    "grade_measured": ("measured", "実測"),
    # ---- answers out and back
    "exported": ("{path}: {count} answers", "{path}: 回答{count}件"),
}
"""Key -> the text in English and in Japanese, as in WORDS."""
