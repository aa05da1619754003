"""What a position may say, as tables: who claims, grades, the guard's status, rungs, norms, factors, warnings.

Sources: grades as in STANAG 2511 (AJP-2.1); norms, shortened, from paragraph 13 of the report of 2015 of the UN's Group
of Governmental Experts (A/70/174); factors as the European Union weighs them (Council Decision (CFSP) 2019/797) with
what M. Schmitt proposed. A norm or a factor in the record is what somebody says, never a legal conclusion.
"""

from __future__ import annotations

__all__ = [
    "AUDIENCES", "CREDIBILITY", "FACTORS", "GRAVITIES", "GUARDS", "KINDS", "NORMS", "ORIGINS", "PARTIES", "RELIABILITY",
    "RUNGS", "WARNINGS",
]  # fmt: skip

Table = dict[str, tuple[str, str]]

KINDS: Table = {
    "claim": ("claim", "他者の主張"), "finding": ("our finding", "我が方の評価"), "statement": ("statement", "発言"),
    "effect": ("effect on another matter", "他の案件への影響"), "option": ("option", "選択肢"),
    "decision": ("decision", "決定"),
}  # fmt: skip
PARTIES: Table = {
    "ally": ("ally", "同盟・友好国"), "government": ("government", "政府"), "company": ("company", "企業"),
}  # fmt: skip
RELIABILITY: Table = {
    "A": ("reliable source", "信頼できる情報源"), "B": ("usually reliable source", "おおむね信頼できる情報源"),
    "C": ("fairly reliable source", "ある程度信頼できる情報源"),
    "D": ("not usually reliable source", "通常は信頼できない情報源"),
    "E": ("unreliable source", "信頼できない情報源"), "F": ("reliability of the source unknown", "情報源の信頼度不明"),
}  # fmt: skip
CREDIBILITY: Table = {
    "1": ("confirmed", "裏付けあり"), "2": ("probably true", "おそらく真実"),
    "3": ("possibly true", "真実の可能性あり"), "4": ("doubtful", "疑わしい"),
    "5": ("improbable", "ありそうにない"), "6": ("truth cannot be judged", "真偽不明"),
}  # fmt: skip
GUARDS: Table = {
    "asserted": ("attributed: every rule of the guard holds", "帰属:ガードの全規則を満たす"),
    "not-attributed": ("not attributed: the guard does not hold", "帰属せず:ガードの規則を満たさない"),
    "not-assessed": ("the guard has not been run", "ガード未実施"),
}  # fmt: skip
ORIGINS: Table = {
    "hand": ("entered by hand", "手入力"), "assessment": ("from an assessment file", "評価ファイルによる"),
}  # fmt: skip
AUDIENCES: Table = {"public": ("in public", "公表"), "private": ("in private", "非公表")}
RUNGS: Table = {
    "private-message": ("private message", "非公開の申入れ"), "public-statement": ("public statement", "公式声明"),
    "joint-statement": ("joint statement", "共同声明"), "retorsion": ("retorsion", "報復(レトルシオン)"),
    "sanctions": ("sanctions", "制裁"), "countermeasures": ("countermeasures", "対抗措置"),
}  # fmt: skip
"""The ladder, from its lowest rung on."""
NORMS: Table = {
    "a": ("cooperate for stability and security", "安定と安全のための協力"),
    "b": ("consider all relevant information", "関連情報の総合的な考慮"),
    "c": ("not let one's territory be used for wrongful acts", "領域を国際違法行為に使わせない"),
    "d": ("cooperate against criminal and terrorist use", "犯罪・テロ利用への協力対処"),
    "e": ("respect human rights and privacy", "人権とプライバシーの尊重"),
    "f": ("not damage critical infrastructure", "重要インフラを損なわない"),
    "g": ("protect one's own critical infrastructure", "自国の重要インフラの保護"),
    "h": ("respond to requests for assistance", "支援要請への対応"),
    "i": ("keep the supply chain intact", "供給網の健全性"),
    "j": ("report vulnerabilities responsibly", "脆弱性の責任ある報告"),
    "k": ("not harm emergency response teams", "緊急対応チームを害さない"),
}  # fmt: skip
"""Letter of paragraph 13 -> what it asks of States."""
FACTORS: Table = {
    "scope": ("scope", "範囲"), "scale": ("scale", "規模"), "duration": ("duration", "期間"),
    "intensity": ("intensity", "強度"), "complexity": ("complexity", "複雑さ"),
    "sophistication": ("sophistication", "巧妙さ"), "impact": ("impact", "影響"),
}  # fmt: skip
GRAVITIES: Table = {"low": ("low", "小"), "medium": ("medium", "中"), "high": ("high", "大")}
WARNINGS: Table = {
    "no-finding": (
        "It names {who} as responsible, but there is no finding of our own.",
        "{who}を責任主体として名指ししているが、我が方の評価がない。",
    ),
    "not-attributed": (
        "It names {who} as responsible, but our finding is: not attributed. The guard does not hold.",
        "{who}を責任主体として名指ししているが、我が方の評価は「帰属せず」である(ガードを満たさない)。",
    ),
    "not-assessed": (
        "It names {who} as responsible, but the guard has not been run on our finding.",
        "{who}を責任主体として名指ししているが、我が方の評価にガードを実施していない。",
    ),
    "by-hand": (
        "It names {who} as responsible; that the guard holds was entered by hand, and no assessment file shows it.",
        "{who}を責任主体として名指ししている。ガードの結果は手入力であり、評価ファイルの裏付けがない。",
    ),
    "other": (
        "It names {who} as responsible, but our finding asserts {found}.",
        "{who}を責任主体として名指ししているが、我が方の評価が帰属させたのは{found}である。",
    ),
    "mentions": (
        "It mentions {who} without being marked as naming it: see that it cannot be read as naming who is responsible.",
        "名指しとの印はないが{who}に言及している。名指しと読まれないか確認のこと。",
    ),
    "unsupported": (
        "Countermeasures: not supported by the finding.", "対抗措置:我が方の評価はこれを支えない。",
    ),
    "option-withdrawn": ("The option that was decided on was withdrawn.", "決定した選択肢は撤回されている。"),
    "changed-since": ("Signed, but changed since.", "署名後に変更あり。"),
}  # fmt: skip
"""What is shown beside an entry, in every output; {who} and {found} are filled in."""
