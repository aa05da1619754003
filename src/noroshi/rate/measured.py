"""What a scan proves and what it disproves: from what was seen on assets to answers of grade `measured`.

A scan sees some things and not others, so its answer is a range: `level` is what it proves, `up_to` what it leaves
possible. For each asset the range ends where the worst sign on it says; it starts there too, but never above the
tool's cap for the item, which is the highest level whose wording the tool alone can bear out. An organisation's range
is that of its worst asset, end by end. So one asset split in ten, an asset listed twice, or a good one left out moves
nothing up, and one more bad one can only move it down. Several scans by one tool on one day are one scan.
What says nothing (level 0, up to 1) is no answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from noroshi.rate.evidence import Answer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from noroshi.rate.catalogue import Catalogue

__all__ = ["CAPS", "SIGNS", "Cap", "Scan", "Seen", "Sign", "Silent", "by_tool", "measured", "worst"]

NAMED = 3
"""How many findings the source of an answer names."""


@dataclass(frozen=True, slots=True)
class Sign:
    """What can be seen of an item on an asset: the range it leaves, and what it is."""

    item: str
    low: float
    high: float
    en: str
    ja: str


@dataclass(frozen=True, slots=True)
class Cap:
    """The highest level that a clean scan by a tool proves by itself, and what it cannot see."""

    level: float
    en: str
    ja: str


SIGNS: dict[str, Sign] = {
    # ---- exposed-services. Nmap has seen that nothing worse is there; Nuclei has not, so its low end is 0.
    "exposed-core": Sign("exposed-services", 0.0, 0.0, "remote desktop, file sharing, database or control protocol",
                         "リモートデスクトップ、ファイル共有、データベース又は制御用プロトコル"),
    "management-open": Sign("exposed-services", 0.33, 0.33, "management service open", "管理用サービスが開放"),
    "panel-found": Sign("exposed-services", 0.0, 0.33, "management screen found", "管理画面を検出"),
    "ports-left-out": Sign("exposed-services", 0.0, 1.0, "ports not scanned", "走査していないポートがある"),
    # ---- exposed-patching: the longest time open is at least the time since the catalogue knew of the exploit
    "exploited-90": Sign("exposed-patching", 0.0, 0.0, "known exploited for over 90 days", "悪用確認から90日超"),
    "exploited-30": Sign("exposed-patching", 0.25, 0.25, "known exploited for over 30 days", "悪用確認から30日超"),
    "exploited-14": Sign("exposed-patching", 0.25, 0.5, "known exploited for over 14 days", "悪用確認から14日超"),
    "exploited-now": Sign("exposed-patching", 0.25, 0.75, "known exploited, still open", "悪用確認済みの脆弱性が残存"),
    "exploited-undated": Sign("exposed-patching", 0.0, 0.75, "known exploited, since when is not said",
                              "悪用確認済み、時期は不明"),
    "exploited-product": Sign("exposed-patching", 0.0, 0.75, "product with known exploited vulnerabilities",
                              "悪用確認済みの脆弱性がある製品"),
    "catalogue-old": Sign("exposed-patching", 0.0, 1.0, "the catalogue is over 30 days older than the scan",
                          "カタログが走査より30日以上古い"),
    # ---- internal-patching. Above 0.25 the control systems must be in the count, and a report does not say so.
    "overdue-most": Sign("internal-patching", 0.0, 0.0, "over 50 % of components overdue", "部品の50%超が未修正"),
    "overdue-some": Sign("internal-patching", 0.25, 0.25, "over 20 % of components overdue", "部品の20%超が未修正"),
    "overdue-few": Sign("internal-patching", 0.25, 0.5, "over 5 % of components overdue", "部品の5%超が未修正"),
    "overdue-rare": Sign("internal-patching", 0.25, 0.75, "over 1 % of components overdue", "部品の1%超が未修正"),
    "overdue-unmeasured": Sign("internal-patching", 0.0, 0.0, "overdue, and the components are not listed",
                               "未修正、部品数が不明のため割合を測れない"),
    "exploited-inside": Sign("internal-patching", 0.0, 0.75, "product with known exploited vulnerabilities",
                             "悪用確認済みの脆弱性がある製品"),
    # ---- hardening
    "factory-password": Sign("hardening", 0.0, 0.0, "factory password works", "初期パスワードでログイン可能"),
    # ---- tls
    "tls-broken": Sign("tls", 0.0, 0.0, "SSL 2 or 3, or an expired certificate", "SSL 2若しくは3、又は期限切れ証明書"),
    "tls-old": Sign("tls", 0.33, 0.33, "TLS 1.0 or 1.1", "TLS 1.0又は1.1"),
    "tls-weak": Sign("tls", 0.33, 0.33, "weak cipher", "弱い暗号"),
    "tls-not-best": Sign("tls", 0.67, 0.67, "no TLS 1.3, no HSTS, or a certificate that ends within 14 days",
                         "TLS 1.3若しくはHSTSがない、又は証明書の残りが14日未満"),
    "tls-not-asked": Sign("tls", 0.0, 1.0, "not all versions and the certificate were tested",
                          "全ての版と証明書を試験していない"),
    # ---- email-authentication. DKIM and who reads the reports are not in DNS for all to see.
    "mail-open": Sign("email-authentication", 0.0, 0.0, "no valid SPF or DMARC", "有効なSPF又はDMARCがない"),
    "mail-unread": Sign("email-authentication", 0.25, 0.25, "no address for reports", "報告の宛先がない"),
    "mail-none": Sign("email-authentication", 0.25, 0.5, "DMARC policy none", "DMARCポリシーがnone"),
    "mail-partly": Sign("email-authentication", 0.25, 0.75, "not reject on domain and subdomains",
                        "ドメインとサブドメインの全てがrejectではない"),
    # ---- software-supply
    "unreviewed": Sign("software-supply", 0.0, 0.0, "changes without a second person", "第二者の承認がない変更"),
    "review-unknown": Sign("software-supply", 0.0, 1.0, "review could not be judged", "承認の有無を判定できない"),
    "build-unchecked": Sign("software-supply", 0.33, 0.33, "components not pinned, or code not analysed",
                            "部品の版が固定されていない、又はコードを解析していない"),
    "release-open": Sign("software-supply", 0.33, 0.67, "releases not signed, or approval can be bypassed",
                         "署名のない配布物、又は承認を回避可能"),
}  # fmt: skip
"""What readers find -> the item it tells of, and the levels that remain."""

CAPS: dict[tuple[str, str], Cap] = {
    ("exposed-services", "nmap"): Cap(
        0.33, "a register, reasons, how often scans run", "登録簿、公開の理由、走査の頻度"
    ),
    ("exposed-services", "nuclei"): Cap(0.0, "what it looked at and found clean", "検出のなかった走査対象"),
    ("exposed-patching", "kev"): Cap(
        0.25, "other days, versions, names it does not know", "当日以外の状況、製品の版、別名の製品"
    ),
    ("exposed-patching", "nuclei"): Cap(0.0, "what it looked at and found clean", "検出のなかった走査対象"),
    ("internal-patching", "trivy"): Cap(0.25, "control systems, compensating controls", "制御系、代替策"),
    ("internal-patching", "kev"): Cap(0.0, "what is not known to be exploited", "悪用確認済み以外の脆弱性"),
    ("hardening", "nuclei"): Cap(0.0, "baselines, and what it found clean", "設定基準、検出のなかった走査対象"),
    ("tls", "sslyze"): Cap(0.67, "whether renewal is always in time", "証明書の更新が常に間に合うか"),
    ("email-authentication", "checkdmarc"): Cap(
        0.25, "DKIM, who reads reports, incoming mail", "DKIM、報告の確認、受信側"
    ),
    ("software-supply", "scorecard"): Cap(0.33, "bills of materials, what is ordered", "部品表、外部から調達するもの"),
}
"""Item and tool -> the level a clean scan proves, and what it cannot see. Every pair that can be imported is here."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One finding: on which asset, which sign, and the fact in few words."""

    asset: str
    sign: str
    detail: str


@dataclass(frozen=True, slots=True)
class Scan:
    """One file of a tool: when it ran, what it can tell of, what it reached, what it found.

    items: what it looked at by its nature; assets: what answered. cves: (asset, CVE) that it found open.
    """

    tool: str
    version: str
    day: date | None
    file: str
    items: tuple[str, ...]
    assets: tuple[str, ...]
    seen: tuple[Seen, ...] = ()
    cves: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Silent:
    """Scans that give no answer on an item: `why` is `no-asset`, `not-asked`, `inside`, a sign, or `cap`."""

    item: str
    tool: str
    files: tuple[str, ...]
    why: str


def measured(scans: Iterable[Scan], catalogue: Catalogue) -> tuple[tuple[Answer, ...], tuple[Silent, ...]]:
    """Return the answers that scans give, and where they give none; both in the order of the catalogue.

    ValueError for a scan without a date: the reader asks for one.
    """
    groups: dict[tuple[str, str, date], list[Scan]] = {}
    silent: list[Silent] = []
    for scan in scans:
        for item in scan.items:
            place = catalogue.index.get(item)
            if place is None or scan.tool not in catalogue.items[place].measured_by:
                silent.append(Silent(item, scan.tool, (scan.file,), "not-asked"))
            elif not scan.assets:
                silent.append(Silent(item, scan.tool, (scan.file,), "no-asset"))
            elif scan.day is None:
                raise ValueError(f"{scan.file}: a scan without a date")
            else:
                groups.setdefault((item, scan.tool, scan.day), []).append(scan)
    answers = []
    for (item, tool, day), same in groups.items():
        low, high, why = span(item, tool, same)
        if (low, high) == (0.0, 1.0):
            silent.append(Silent(item, tool, tuple(scan.file for scan in same), why))
            continue
        up_to = None if low == high else high
        answers.append(Answer(item, low, "measured", day, source=source(item, same), up_to=up_to))
    order = {item.id: place for place, item in enumerate(catalogue.items)}
    answers.sort(key=lambda a: (order[a.item], a.date, a.source))
    silent.sort(key=lambda s: (order.get(s.item, len(order)), s.tool, s.files))
    return tuple(answers), tuple(silent)


def span(item: str, tool: str, scans: Sequence[Scan]) -> tuple[float, float, str]:
    """Return the lowest start and the lowest end of the assets' ranges, and what set the start: a sign, or `cap`."""
    low, high, why = CAPS[item, tool].level, 1.0, "cap"
    for sign in sorted({seen.sign for scan in scans for seen in scan.seen if SIGNS[seen.sign].item == item}):
        if SIGNS[sign].low < low:
            low, why = SIGNS[sign].low, sign
        high = min(high, SIGNS[sign].high)
    return min(low, high), high, why


def source(item: str, scans: Sequence[Scan]) -> str:
    """Return what an answer rests on: tool, version, files, how many assets, the worst of what was seen."""
    files = ", ".join(sorted({scan.file for scan in scans}))
    assets = {asset for scan in scans for asset in scan.assets}
    seen = sorted(
        {(SIGNS[s.sign].high, SIGNS[s.sign].low, f"{s.detail} ({s.asset})") for scan in scans for s in scan.seen
         if SIGNS[s.sign].item == item}
    )  # fmt: skip
    found = "; ".join(text for _, _, text in seen[:NAMED]) or "nothing found"
    more = f"; +{len(seen) - NAMED}" if len(seen) > NAMED else ""
    version = "of unknown version" if scans[0].version == "?" else scans[0].version
    return f"{scans[0].tool} {version}: {files}; assets: {len(assets)}; {found}{more}"


def by_tool(answer: Answer) -> str:
    """Return the tool that measured an answer, from its source; empty where none of ours did."""
    tool = answer.source.partition(" ")[0]
    return tool if answer.grade == "measured" and (answer.item, tool) in CAPS else ""


def worst(known: Answer, new: Answer) -> Answer:
    """Return one answer for two on the same item by the same tool on the same day: the lower of each end.

    It keeps the source of `known` where that one already says so, else that of `new`.
    """
    low, high = min(known.level, new.level), min(end(known), end(new))
    if (low, high) == (known.level, end(known)):
        return known
    return Answer(new.item, low, new.grade, new.date, source=new.source, up_to=None if low == high else high)


def end(answer: Answer) -> float:
    """Return the highest level that an answer leaves possible."""
    return answer.level if answer.up_to is None else answer.up_to
