"""What can go wrong, as one tree; imports nothing outside the standard library.

    NoroshiError            anything Noroshi raises on purpose
    ├── InputError      2   the input is at fault: a list of faults, each with place and remedy
    ├── NotFoundError   3   asked for what does not exist
    └── StoppedError  130   stopped by the user

The number is the exit code of the command line (0 = done). Any other exception is a bug.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, ClassVar, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["FAULT_CODES", "KEPT_FAULTS", "Fault", "InputError", "NoroshiError", "NotFoundError", "StoppedError"]

Severity = Literal["error", "warning"]

KEPT_FAULTS = 1000
"""How many faults of one input are kept and listed; all are counted."""

FAULT_CODES: dict[str, tuple[str, str]] = {
    "missing-file": ("A file that is needed is not there.", "必要なファイルがない。"),
    "bad-encoding": ("The file is not UTF-8 text.", "ファイルがUTF-8ではない。"),
    "bad-toml": ("The file is not valid TOML, or a value has the wrong type.", "TOMLとして不正、または値の型が違う。"),
    "bad-json": ("The file is not valid JSON, or not of the expected shape.", "JSONとして不正、または構造が違う。"),
    "bad-csv": ("The file cannot be read as a CSV table.", "CSVの表として読めない。"),
    "missing-column": ("A required column is not there.", "必須の列がない。"),
    "unknown-column": ("The table has no such column.", "その表にない列がある。"),
    "bad-id": ("An id is not a slug (lower case, digits, '-', '_', '.').", "識別子の形式が不正。"),
    "duplicate-id": ("Two rows have the same id.", "識別子が重複している。"),
    "dangling-key": ("A row names an id that does not exist.", "存在しない識別子を参照している。"),
    "bad-number": ("The value is not a number.", "数値ではない。"),
    "not-finite": ("The number is not finite (NaN or infinity).", "有限の数値ではない(NaN・無限大)。"),
    "out-of-range": ("The number is outside its limits.", "数値が許容範囲外。"),
    "bad-choice": ("The value is not one of those allowed.", "許された値ではない。"),
    "not-releasable": (
        "A reduced copy would tell what it must not, or is none.",
        "縮約した写しが公開の条件を満たさない。",
    ),
    "not-accepted": ("What was said is not what it must be.", "入力内容が条件を満たさない。"),
    "bad-yes-no": ("The value is neither yes nor no.", "yes・noのどちらでもない。"),
    "missing-value": ("A required value is empty.", "必須の値が空。"),
    "date-mangled": ("A spreadsheet has turned the value into a date.", "表計算ソフトが値を日付に変えている。"),
    "wrong-unit": ("The header names another unit than the column's.", "列の単位が違う。"),
    "frequency-tie": ("An AC branch joins two frequencies or two islands.", "交流線が異なる周波数・系統を結んでいる。"),
    "cycle-without-store": ("A circular dependency has no autonomy or store.", "循環依存に蓄えがない。"),
    "unknown-file": ("The file or table is not one of an estate.", "エステートにないファイル・表。"),
    "duplicate-column": ("The header names a column twice.", "見出しに同じ列が2回ある。"),
    "bad-parquet": ("The file is not a Parquet file.", "Parquetファイルではない。"),
    "bad-case": ("The file is not a MATPOWER case.", "MATPOWERのケースではない。"),
    "refused-target": (
        "It would be a list of targets in a real country.",
        "実在の国の攻撃目標一覧になるため行わない。",
    ),
    "too-many-outages": ("More outages than can be gone through.", "事故の組合せが多すぎる。"),
    "self-loop": ("Both ends of the branch, pipe or link are the same.", "両端が同じ。"),
    "no-reactance": ("An AC branch has no reactance.", "交流線にリアクタンスがない。"),
    "no-generator": ("A synchronous island has no generator.", "同期系統に発電所がない。"),
    "short-of-capacity": ("Capacity is below peak demand.", "供給力が最大需要を下回る。"),
    "secure-above-rating": ("The secure limit is above the thermal rating.", "運用容量が熱容量を超える。"),
    "no-provider": ("Nobody provides for the service.", "サービスを支えるものがない。"),
    "half-position": ("Only one of latitude and longitude is given.", "緯度・経度の一方しかない。"),
    "bad-address": ("The value is not a network, AS number or domain.", "ネットワーク・AS番号・ドメインとして不正。"),
    "bad-shock": ("The shock file is not valid.", "ショックファイルが不正。"),
    "bad-duty": ("A file of duties to report is not valid.", "報告義務のファイルが不正。"),
    "bad-script": ("A script of a situation is not valid.", "事態のシナリオが不正。"),
    "bad-moment": ("A time cannot be read.", "時刻として読めない。"),
    "bad-assessment": ("An assessment is not valid, or contradicts itself.", "評価ファイルが不正、または矛盾がある。"),
    "bad-facts": ("A file of facts for severities is not valid.", "深刻度の事実ファイルが不正。"),
    "unknown-target": ("The shock hits what the estate does not have.", "ショックの対象がエステートにない。"),
    "bad-threat": ("The threat file is not valid.", "脅威ファイルが不正。"),
    "bad-catalogue": ("The catalogue of questions is not valid.", "設問カタログが不正。"),
    "bad-answers": ("The answers file is not valid.", "回答ファイルが不正。"),
    "bad-workbook": ("The file is not a workbook that may be opened.", "開けるブック(.xlsx)ではない。"),
    "bad-scan": ("The file is not the output of a known scanner.", "対応する走査ツールの出力ではない。"),
    "bad-xml": ("The file is not valid XML, or declares entities.", "XMLとして不正、または実体宣言を含む。"),
    "too-many": ("There is more of it than can be handled.", "数が多すぎる。"),
    "bad-objects": (
        "The file is none of the kinds that can be brought in, or damaged.",
        "取り込める種類のファイルではない、または壊れている。",
    ),
    "bad-store": (
        "The database cannot be opened or is not ours.",
        "データベースを開けない、または本製品のものではない。",
    ),
    "bad-chain": (
        "An entry of the journal or the ledger is not what was written.",
        "ジャーナルまたは提供記録の項目が、書かれたときのものではない。",
    ),
    "bad-checkpoint": (
        "A checkpoint cannot be read, or is not signed by the hub.",
        "チェックポイントが読めない、またはハブの署名ではない。",
    ),
    "bad-declaration": (
        "A file of principals and collections is not valid.",
        "主体・コレクションの宣言ファイルが不正。",
    ),
    "bad-press-list": (
        "A list of whom to press first is not valid.",
        "優先要請リストが不正。",
    ),
    "crosses-exercise": (
        "Something would cross the wall between exercises and the rest.",
        "演習と実際の区分を越えるものがある。",
    ),
    "bad-warning": (
        "A warning, or what it is matched with, is not valid.",
        "警告、またはその照合に使うファイルが不正。",
    ),
    "refused": (
        "The table of permissions, or a marking, does not allow it.",
        "権限の表または取扱区分により許可されない。",
    ),
    "bad-signature": (
        "A signature does not hold.",
        "署名が正しくない。",
    ),
    "bad-mail-server": (
        "The setting of the mail server is not valid.",
        "メールサーバーの設定が不正。",
    ),
    "bad-peer": (
        "A partner hub could not be reached, or did not keep to TAXII 2.1.",
        "連携先のハブに接続できない、またはTAXII 2.1に反する応答。",
    ),
    "bad-indicator": ("An indicator or a file of them cannot be used.", "指標またはそのファイルが使えない。"),
    "bad-log": ("A log cannot be read, or not all of it.", "ログが読めない、または一部しか読めない。"),
    "bad-setting": ("A setting has a value that it cannot take.", "設定値が不正。"),
    "unknown-setting": ("There is no such setting.", "その名前の設定はない。"),
}
"""Code of a fault -> what it means, in English and Japanese."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of an input: what was found, what was expected, where, and what to do.

    `row` is the line as a spreadsheet shows it: the header is 1, the first row of data 2. ValueError for a code that
    `FAULT_CODES` does not have, so that every fault a user can meet is documented.
    """

    code: str
    severity: Severity = "error"
    file: str = ""
    row: int | None = None
    column: str = ""
    found: str = ""
    expected: str = ""
    remedy: str = ""

    def __post_init__(self) -> None:
        """Refuse a code that is not documented."""
        if self.code not in FAULT_CODES:
            msg = f"fault code {self.code!r} is not in FAULT_CODES"
            raise ValueError(msg)

    def line(self, lang: str = "en") -> str:
        """Return the fault as one line of text: place, severity, code, meaning, found, expected, remedy."""
        japanese = lang == "ja"
        place = self.file + (f":{self.row}" if self.row is not None else "")
        place = f"{place} [{self.column}]" if self.column else place
        labels = ("実際", "期待", "対処") if japanese else ("found", "expected", "remedy")
        parts = zip(labels, (self.found, self.expected, self.remedy), strict=True)
        said = "; ".join(f"{label}: {value}" for label, value in parts if value)
        head = f"{self.severity} {self.code}: {FAULT_CODES[self.code][int(japanese)]}"
        one_line = " ".join(f"{place}: {head} {said}".split())
        return one_line.removeprefix(": ")


class NoroshiError(Exception):
    """Anything Noroshi raises on purpose; the text is what the user reads."""

    exit_code: ClassVar[int] = 1


class InputError(NoroshiError):
    """The input is at fault. `faults` holds the first 1,000, `total` counts all of them."""

    exit_code: ClassVar[int] = 2

    def __init__(self, faults: Iterable[Fault], total: int | None = None) -> None:
        """Keep the first `KEPT_FAULTS` of `faults`; `total` is their number when more were counted than are given."""
        given = iter(faults)
        self.faults: tuple[Fault, ...] = tuple(islice(given, KEPT_FAULTS))
        counted = len(self.faults) + sum(1 for _ in given)
        self.total: int = counted if total is None else max(total, counted)
        super().__init__(self.faults, self.total)

    def report(self, lang: str = "en") -> str:
        """Return every kept fault on its own line, and how many there are in all."""
        lines = [fault.line(lang) for fault in self.faults]
        if self.total > len(lines):
            rest = self.total - len(lines)
            lines.append(
                f"ほか{rest:,}件(全{self.total:,}件)"
                if lang == "ja"
                else f"… and {rest:,} more ({self.total:,} in all)"
            )
        return "\n".join(lines)

    def __str__(self) -> str:
        """Return the report in English."""
        return self.report()


class NotFoundError(NoroshiError):
    """Asked for what does not exist: a sample, a unit, a service, a threat."""

    exit_code: ClassVar[int] = 3


class StoppedError(NoroshiError):
    """Stopped by the user."""

    exit_code: ClassVar[int] = 130

    def __init__(self, message: str = "stopped") -> None:
        """Say what was stopped."""
        super().__init__(message)
