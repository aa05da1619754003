"""The words of an incident in English and Japanese: kinds of events, states, harms, consent, and its fields."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["CONSENTS", "EVENTS", "FIELDS", "HARMS", "MOVES", "OPTIONS", "STATES", "Field"]

Names = tuple[str, str]

EVENTS: dict[str, Names] = {
    "near-miss": ("near miss: nothing happened, but might have", "予兆・ヒヤリハット"),
    "leak": ("data leaked", "情報の漏えい"),
    "destruction": ("data destroyed", "情報の破壊"),
    "unavailability": ("systems or services not available", "システム等の利用困難"),
    "malware": ("malware infection", "マルウェア等の感染"),
    "code-execution": ("foreign code executed", "不正コード等の実行"),
    "intrusion": ("intrusion into systems", "システム等への侵入"),
    "other": ("something else", "その他"),
}
"""Kind of event -> its names: the eight by which critical infrastructure operators of Japan report (NISC, 情報連絡)."""

STATES: dict[str, Names] = {
    "reported": ("reported", "報告"), "confirmed": ("confirmed", "確認"), "contained": ("contained", "封じ込め"),
    "recovered": ("recovered", "復旧"), "closed": ("closed", "終結"),
}  # fmt: skip

MOVES: dict[str, tuple[str, ...]] = {
    "reported": ("confirmed", "closed"), "confirmed": ("contained", "recovered", "closed"),
    "contained": ("confirmed", "recovered", "closed"), "recovered": ("confirmed", "closed"), "closed": ("confirmed",),
}  # fmt: skip
"""State -> those that may follow: it may flare up again, and a closed one may be opened anew."""

HARMS: dict[str, tuple[Names, Names]] = {
    "service": (("service", "サービス"), ("person-hours below floor", "人時(最低水準未満)")),
    "data": (("data", "データ"), ("persons or records exposed", "漏えいした人数・件数")),
    "strategic": (("strategic", "戦略的利益"), ("grade 0 to 4", "段階0~4")),
}
"""Kind of harm -> its names and its unit."""

CONSENTS: dict[str, Names] = {
    "withheld": ("neither name nor sector", "名称・分野とも非開示"), "sector": ("the sector alone", "分野のみ開示"),
    "named": ("the name", "名称を開示"),
}  # fmt: skip
"""What the victim agreed that others are told -> its meaning, from the least on."""


class Field(NamedTuple):
    """One thing known of an incident: its names, the kind of its value, and whether it is one of the first three."""

    names: Names
    kind: str
    first: bool = False


GRADES = ("none", "hardly", "some", "large", "extreme")
OPTIONS: dict[str, tuple[Names, tuple[str, ...]]] = {
    "nciss.functional": (("NCISS: functional impact", "NCISS: 機能への影響"), (
        "none", "no-service-lost", "minimal-non-critical", "minimal-critical", "significant-non-critical",
        "denial-non-critical", "significant-critical", "denial-critical",
    )),
    "nciss.activity": (("NCISS: observed activity", "NCISS: 観測された活動"), (
        "none", "prepare", "engage", "presence", "effect",
    )),
    "nciss.location": (("NCISS: location of observed activity", "NCISS: 活動が観測された場所"), (
        "business-dmz", "business-network", "unknown", "business-management", "critical-dmz", "critical-management",
        "critical-system", "safety",
    )),
    "nciss.actor": (("NCISS: actor characterisation", "NCISS: 攻撃者の性格"), (
        "hacktivist", "unwitting-insider", "criminal", "unknown", "insider", "apt", "targeted-apt",
    )),
    "nciss.information": (("NCISS: information impact", "NCISS: 情報への影響"), (
        "none", "suspected", "privacy", "proprietary", "non-critical-destroyed", "critical-breach", "core-credentials",
        "critical-destroyed",
    )),
    "nciss.recovery": (("NCISS: recoverability", "NCISS: 復旧可能性"), (
        "regular", "supplemented", "extended", "not-recoverable",
    )),
    "nciss.cross-sector": (("NCISS: cross-sector dependency", "NCISS: 分野間依存"), (
        "nuclear", "food", "chemical", "dams", "emergency", "health", "commercial", "finance", "defence", "government",
        "manufacturing", "water", "communications", "transport", "it", "energy",
    )),
    "nciss.potential": (("NCISS: potential impact", "NCISS: 潜在的影響"), ("0", "25", "50", "75", "100")),
    "japan.continuity": (("Japan's levels: continuity", "深刻度(日本): 持続性"), GRADES),
    "japan.safety": (("Japan's levels: safety", "深刻度(日本): 安全性"), GRADES),
}  # fmt: skip
"""Field of a severity -> its names, and the options of samples/severity (tests compare); one or several are chosen."""

FIELDS: dict[str, Field] = {
    "what": Field(("what happened", "事象"), "event", first=True),
    "since": Field(("since when", "発生日時"), "time", first=True),
    "effect": Field(("effect", "影響"), "text", first=True),
    "detected": Field(("detected", "検知日時"), "time"),
    "ended": Field(("over since", "終息日時"), "time"),
    "systems": Field(("systems hit", "被害システム"), "names"),
    "services": Field(("services affected", "影響を受けたサービス"), "names"),
    "entry": Field(("way in", "侵入経路"), "text"),
    "persons": Field(("persons affected", "影響を受けた人数"), "count"),
    "records": Field(("records exposed", "漏えい件数"), "count"),
    "malicious": Field(("meant to harm", "悪意によるもの"), "yes"),
    "regimes": Field(("reports due under", "報告義務の制度"), "names"),
    "awareness": Field(("became aware", "認知日時"), "time"),
    "contact": Field(("who can be asked", "連絡先"), "text"),
    **{key: Field(names, "options") for key, (names, _) in OPTIONS.items()},
}
"""Field -> what it is. The first three make a report; the rest follows when it is known."""
