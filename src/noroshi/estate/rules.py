"""What the checks ask of an estate: one row per rule, with what is expected and what to do, in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["RULES", "Rule"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: the code it is known by, how grave a breach is, and its texts.

    The texts are format strings; the check that finds the breach gives their words.
    """

    code: str
    severity: Literal["error", "warning"]
    expected: str
    expected_ja: str
    remedy: str
    remedy_ja: str


def error(code: str, expected: str, expected_ja: str, remedy: str, remedy_ja: str) -> Rule:
    """Describe a rule whose breach stops the estate from being used."""
    return Rule(code, "error", expected, expected_ja, remedy, remedy_ja)


def warning(code: str, expected: str, expected_ja: str, remedy: str, remedy_ja: str) -> Rule:
    """Describe a rule whose breach is worth a look."""
    return Rule(code, "warning", expected, expected_ja, remedy, remedy_ja)


FILE_RULES: dict[str, Rule] = {
    "missing-file": error("missing-file", "{expected}", "{expected_ja}", "add the file {hint}", "ファイル {hint} を追加する"),
    "unknown-file": error(
        "unknown-file", "a file named after a table", "表の名前のファイル",
        "rename it to {hint}, or move it out of the folder", "{hint} に改名するか、フォルダーの外に移す"),
    "spare-file": warning(
        "unknown-file", "a file named after a table", "表の名前のファイル",
        "it is not read; move it out of the folder if it is not needed", "読み込まれない。不要なら移動する"),
    "two-files": error(
        "unknown-file", "one file per table", "1表につき1ファイル",
        "keep either {hint} or this one", "{hint} とこのファイルの一方だけを残す"),
    "bad-encoding": error(
        "bad-encoding", "UTF-8 text", "UTF-8のテキスト",
        'save it again as "CSV UTF-8" (in a spreadsheet: Save as, CSV UTF-8)',
        "「CSV UTF-8」として保存し直す(表計算ソフトの「名前を付けて保存」)"),
    "bad-toml": error(
        "bad-toml", "{expected}", "{expected_ja}", "correct estate.toml: {hint}", "estate.tomlを直す: {hint_ja}"),
    "bad-json": error("bad-json", "{expected}", "{expected_ja}", "correct the file: {hint}", "ファイルを直す: {hint_ja}"),
    "bad-parquet": error(
        "bad-parquet", "a Parquet file", "Parquetファイル",
        "write it again with `noroshi estate convert`", "`noroshi estate convert` で作り直す"),
    "bad-case": error(
        "bad-case", "{expected}", "{expected_ja}", "correct the file, or export the case from MATPOWER again",
        "ファイルを直すか、MATPOWERから出力し直す"),
    "bad-gas": error(
        "bad-json", "{expected}", "{expected_ja}", "correct it, or take the network from GasLib again",
        "直すか、GasLibから取り直す"),
    "too-large": error(
        "too-many", "{expected}", "{expected_ja}", "leave out what is not needed, such as nominations",
        "不要なもの(ノミネーションなど)を除く"),
    "empty-file": error(
        "bad-csv", "a header row with column names", "列名の見出し行",
        "add a header: {hint} ...; or delete the file if the table is empty", "見出し行({hint} ...)を加えるか、表が空なら削除する"),
    "ragged-row": error(
        "bad-csv", "{expected} cells, as in the header", "見出しと同じ{expected}個のセル",
        "put text that contains commas into double quotes, and remove extra cells",
        "カンマを含む文字列は二重引用符で囲み、余分なセルを除く"),
    "bad-quote": error(
        "bad-csv", "double quotes in pairs", "対になった二重引用符",
        'close the quote, or write "" for a quote inside a cell', '引用符を閉じる。セル内の引用符は "" と書く'),
    "wrong-delimiter": error(
        "bad-csv", "cells separated by commas", "カンマ区切り",
        "save it as comma-separated CSV (found cells separated by {hint})", "カンマ区切りのCSVで保存し直す(現在の区切り: {hint})"),
    "missing-column": error(
        "missing-column", "a column {hint}: {meaning}", "列 {hint}: {meaning_ja}",
        "add the column {hint} to the header and fill it in every row", "見出しに列 {hint} を加え、全行に値を入れる"),
    "unknown-column": error(
        "unknown-column", "a column of the table {table}", "表 {table} の列",
        "{hint}remove it or rename it; `noroshi estate show --schema` lists the columns",
        "{hint_ja}削除するか改名する。列の一覧は `noroshi estate show --schema`"),
    "duplicate-column": error(
        "duplicate-column", "each column once", "各列は1回だけ", "keep one of the two columns", "一方の列を残す"),
    "wrong-unit": error(
        "wrong-unit", "[{unit}]", "[{unit}]",
        "convert the values to {unit} and name the column {hint}", "値を {unit} に換算し、列名を {hint} とする"),
    "unknown-table": error(
        "unknown-file", "the name of a table", "表の名前", "rename it to {hint} or remove it", "{hint} に改名するか削除する"),
}  # fmt: skip
"""About files and headers."""

CELL_RULES: dict[str, Rule] = {
    "missing-value": error(
        "missing-value", "a value: {meaning}", "値: {meaning_ja}", "fill in the cell", "セルに値を入れる"),
    "bad-id": error(
        "bad-id", "lower-case letters, digits, '-', '_', '.'", "英小文字・数字・'-'・'_'・'.'",
        "write it such as {hint}, here and wherever it is referred to", "{hint} のように書く(参照側も同様)"),
    "date-mangled": error(
        "date-mangled", "{expected}", "{expected_ja}",
        "a spreadsheet turned the value into a date: format the column as text, then type the value again",
        "表計算ソフトが日付に変換した値: 列の書式を文字列にして入力し直す"),
    "bad-number": error(
        "bad-number", "a number such as 1234.5, in {unit}", "1234.5のような数値(単位: {unit})",
        "write a plain number, or leave the cell empty if it is not known", "数値だけを書く。不明なら空欄にする"),
    "thousands": error(
        "bad-number", "a number such as 1234.5, in {unit}", "1234.5のような数値(単位: {unit})",
        "write it without thousands separators: {hint}", "桁区切りを除く: {hint}"),
    "decimal-comma": error(
        "bad-number", "a number such as 1234.5, in {unit}", "1234.5のような数値(単位: {unit})",
        "write a decimal point: {hint}", "小数点はピリオドで書く: {hint}"),
    "unit-in-cell": error(
        "bad-number", "a number alone, in {unit}", "数値だけ(単位: {unit})",
        "remove the unit from the cell (convert to {unit} where it differs): {hint}", "セルから単位を除く({unit} に換算): {hint}"),
    "full-width": error(
        "bad-number", "a number in half-width digits, in {unit}", "半角数字の数値(単位: {unit})",
        "write it in half-width digits: {hint}", "半角で書く: {hint}"),
    "spreadsheet-error": error(
        "bad-number", "a number in {unit}", "数値(単位: {unit})",
        "the spreadsheet's formula failed: repair it and save again", "表計算の式がエラー: 直して保存し直す"),
    "not-finite": error(
        "not-finite", "a finite number in {unit}", "有限の数値(単位: {unit})",
        "write a number, or leave the cell empty if it is not known", "数値を書く。不明なら空欄にする"),
    "not-whole": error(
        "bad-number", "a whole number{of_unit}", "整数{of_unit}", "round it to a whole number", "整数に丸める"),
    "out-of-range": error(
        "out-of-range", "{limits}", "{limits_ja}", "correct the value{swap}", "値を直す{swap_ja}"),
    "bad-choice": error(
        "bad-choice", "one of {choices}", "{choices} のいずれか", "write {hint}", "{hint} と書く"),
    "bad-yes-no": error("bad-yes-no", "yes or no", "yes または no", "write yes or no", "yes か no と書く"),
}  # fmt: skip
"""About single cells."""

ROW_RULES: dict[str, Rule] = {
    "duplicate-id": error(
        "duplicate-id", "an id of its own (first used in {hint})", "固有の識別子(初出: {hint})",
        "rename one of the two, or delete the row that was entered twice", "一方を改名するか、重複行を削除する"),
    "dangling-key": error(
        "dangling-key", "an id of {targets}", "{targets} の識別子",
        "write the id of a row of {targets}{hint}, or add that row", "{targets} にある識別子{hint}を書くか、その行を追加する"),
    "quantiles": error(
        "out-of-range", "at most {other} (the 90th percentile; {default} if empty)", "{other}(90%点、空欄なら{default})以下",
        "make {column} at most {other}, or give {other} a larger value", "{column} を {other} 以下にするか、{other} を大きくする"),
    "interval": error(
        "out-of-range", "{expected}", "{expected}", "put the three values in order", "3つの値を順に並べる"),
    "bad-k": error(
        "out-of-range", "between 1 and the number of providers ({hint})", "1以上、供給側の数({hint})以下",
        "lower k or name more providers", "kを下げるか、供給側を増やす"),
    "self-dependency": error(
        "cycle-without-store", "providers other than the dependant itself", "自分以外の供給側",
        "remove {hint} from the providers", "供給側から {hint} を除く"),
    "cycle-without-store": error(
        "cycle-without-store", "a store somewhere in the circle: autonomy_h or degraded above 0", "循環のどこかに蓄え(autonomy_h か degraded が正)",
        "give one of these dependencies the autonomy it has, or remove the one that is not real",
        "いずれかの依存に実際の自立時間を与えるか、実在しない依存を除く"),
    "circle-with-network": warning(
        "cycle-without-store", "a store somewhere in the circle: autonomy_h or degraded above 0", "循環のどこかに蓄え(autonomy_h か degraded が正)",
        "nothing to do if it is so; the engine starts such circles only from a black-start source",
        "実際にそうなら対処不要。エンジンはブラックスタート電源からのみ再起動する"),
    "self-loop": error(
        "self-loop", "two different ends", "異なる2つの端",
        "correct {column} or its other end, or delete the row", "{column} または他端を直すか、行を削除する"),
    "no-reactance": error(
        "no-reactance", "a reactance other than 0 (per unit on 100 MVA)", "0以外のリアクタンス(100 MVA基準)",
        "give the reactance (typical: 0.4 ohm per km x length x 100 / kV^2), or set kind to dc or fc",
        "リアクタンスを与える(目安: 0.4 Ω/km×長さ×100/kV²)か、kindをdc・fcにする"),
    "frequency-tie": error(
        "frequency-tie", "both ends in one synchronous area at one frequency", "両端が同じ同期系統・同じ周波数",
        "set kind to fc (frequency converter) or dc, or correct island and frequency_hz of the buses",
        "kindをfc(周波数変換)かdcにする、または母線のisland・frequency_hzを直す"),
    "mixed-frequency": error(
        "frequency-tie", "one frequency in an island (most buses of {hint})", "同期系統内で同一の周波数(多数は {hint})",
        "correct frequency_hz, or put the bus into another island", "frequency_hzを直すか、別の系統に入れる"),
    "no-generator": warning(
        "no-generator", "at least one generator, or a DC link into the island", "発電所または直流連系が1つ以上",
        "add its generators, or join it to another island", "発電所を加えるか、他系統と連系する"),
    "short-of-capacity": warning(
        "short-of-capacity", "at least the peak demand, {hint}", "最大需要 {hint} 以上",
        "add the generators and links that are missing, or lower the demand", "不足する発電所・連系を加えるか、需要を下げる"),
    "secure-above-rating": warning(
        "secure-above-rating", "at most rating_mw, {hint}", "rating_mw({hint})以下",
        "lower the secure limit to the thermal rating or below", "運用容量を熱容量以下にする"),
    "no-provider": warning(
        "no-provider", "a dependency, or a system in commanded_by", "依存関係、またはcommanded_byの指定",
        "say in dependencies.csv what it needs: as it is, nothing can interrupt it",
        "dependencies.csvに何が必要かを書く。このままでは何があっても止まらない"),
    "half-position": warning(
        "half-position", "both lat and lon, or neither", "緯度・経度の両方、またはどちらもなし",
        "give the other coordinate", "もう一方の座標を与える"),
    "p-min-above-p-max": warning(
        "out-of-range", "at most p_max_mw, {hint}", "p_max_mw({hint})以下", "correct p_min_mw", "p_min_mwを直す"),
    "bad-address": error(
        "bad-address", "{expected}", "{expected_ja}", "correct value or kind", "valueまたはkindを直す"),
}  # fmt: skip
"""About rows and how they fit together."""

RULES: dict[str, Rule] = {**FILE_RULES, **CELL_RULES, **ROW_RULES}
"""Every rule by its own name; several rules may share a code."""
