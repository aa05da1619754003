"""What `noroshi estate` prints, in English and Japanese."""

from __future__ import annotations

from typing import Any

__all__ = ["WORDS", "say"]

WORDS: dict[str, tuple[str, str]] = {
    "sound": ("{id}: no errors, {warnings:,} warnings, {rows:,} rows.",
              "{id}: エラーなし、警告{warnings:,}件、{rows:,}行。"),
    "at-fault": ("{errors:,} errors, {warnings:,} warnings.", "エラー{errors:,}件、警告{warnings:,}件。"),
    "more": ("... and {rest:,} more; all are counted above.", "...ほか{rest:,}件(件数は上記に含む)。"),
    "reading": ("Reading", "読み込み中"),
    "making": ("Making", "生成中"),
    "table": ("table", "表"),
    "rows": ("rows", "行数"),
    "meaning": ("what a row is", "行の内容"),
    "column": ("column", "列"),
    "value": ("value", "値"),
    "needs": ("names or depends on", "参照・依存先"),
    "needed-by": ("named by, or depended on by", "参照元・被依存"),
    "through": ("through", "関係"),
    "total": ("{shown} of {total:,} shown", "{total:,}件中{shown}件を表示"),
    "sources": ("Sources", "出所"),
    "posture": ("Ratings", "評点"),
    "benchmark": ("Benchmark", "基準値"),
    "illustrative": ("The figures are illustrative: they show how the tool works and are no findings.",
                     "数値は例示であり、調査結果ではない。"),
    "fictional": ("The place and its organisations are invented.", "架空の地域・組織である。"),
    "written": ("Wrote {what} to {where}.", "{what} を {where} に書き出した。"),
    "same": ("No difference.", "差分なし。"),
    "added": ("added", "追加"),
    "removed": ("removed", "削除"),
    "changed": ("changed", "変更"),
    "empty": ("(empty)", "(空)"),
    "summary": ("{table}: {added:,} added, {removed:,} removed, {changed:,} cells changed",
                "{table}: 追加{added:,}行、削除{removed:,}行、変更{changed:,}セル"),
}  # fmt: skip
"""Key -> text in English and Japanese."""


def say(key: str, lang: str, **words: Any) -> str:  # noqa: ANN401  the words of a format string
    """Return the text of `key` in the language `lang`, with its words filled in."""
    return WORDS[key][int(lang == "ja")].format(**words)
