"""What a sheet of answers says, in both languages: columns, head, grades, instructions; and how texts are read back."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from noroshi.rate.catalogue import Item, Level

__all__ = [
    "COLUMNS",
    "GRADE_WORDS",
    "HEAD",
    "HOW_TO",
    "SHEETS",
    "TITLE",
    "Column",
    "choice",
    "escape",
    "label",
    "named",
    "normal",
    "unescape",
]


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its heading in English and Japanese, its width in characters, whether people fill it in."""

    en: str
    ja: str
    width: float
    filled: bool = False
    needed: bool = False


COLUMNS: dict[str, Column] = {
    "item": Column("Question id", "設問ID", 19.0, needed=True),
    "question": Column("Question", "設問", 38.0),
    "levels": Column("Levels", "水準", 52.0),
    "level": Column("Answer (level)", "回答（水準）", 24.0, filled=True, needed=True),
    "grade": Column("Grade of evidence", "証拠の種類", 13.0, filled=True, needed=True),
    "date": Column("Date of evidence", "証拠の日付", 13.0, filled=True, needed=True),
    "not_applicable": Column("Why it does not apply", "該当しない理由", 22.0, filled=True),
    "source": Column("Source or note", "出典・備考", 24.0, filled=True),
    "evidence": Column("What proves it", "証拠の例", 40.0),
    "earlier": Column("Earlier answer", "前回の回答", 24.0),
    "number": Column("Answer no.", "回答番号", 9.0),
}
"""Column of the sheet, in its order -> what it is."""

HEAD: dict[str, tuple[str, str]] = {
    "organisation": ("Organisation", "組織"),
    "sector": ("Sector (id)", "分野（ID）"),
    "as_of": ("As of", "基準日"),
    "catalogue": ("Catalogue", "設問カタログ"),
}
"""What stands above the table -> its label."""

GRADE_WORDS: dict[str, tuple[str, str]] = {
    "self": ("own claim", "自己申告"),
    "document": ("document", "文書"),
    "third_party": ("third party", "第三者"),
    "measured": ("measured", "実測"),
}
"""Grade of evidence -> how people write it."""

SHEETS: dict[str, tuple[str, str]] = {
    "answers": ("Answers", "回答"),
    "how": ("How to", "記入方法"),
    "levels": ("Levels", "水準"),
}
TITLE = ("Answers on cyber resilience", "サイバーレジリエンス回答票")

HOW_TO: tuple[tuple[str, str], ...] = (
    ("Fill in the yellow cells only; the others are locked, without a password.",
     "黄色のセルだけに記入する。ほかのセルは保護してある（パスワードなし）。"),
    ("Above the table: organisation, the id of its sector, and the day as of which the answers are true.",
     "表の上に、組織名、分野のID、回答の基準日を記入する。"),
    ("Answer: choose the highest level that is true everywhere in scope; a number from 0 to 1 or a percentage will do.",
     "回答：範囲の全てに当てはまる最も高い水準を選ぶ。0〜1の数値、又は75％のような割合でもよい。"),
    ("Grade of evidence: own claim, document, third party, or measured. Only what others can check counts for a pass.",
     "証拠の種類：自己申告、文書、第三者、実測から選ぶ。合格の判定では、他者が確認できる証拠だけを数える。"),
    ("Date of evidence: the day on which it was true, no later than the day as of which you answer.",
     "証拠の日付：その状態が事実であった日。基準日より後の日付は記入できない。"),
    ("If a question does not apply, say why and leave the answer empty; grade and date are needed all the same.",
     "該当しない設問は理由を記入し、回答は空欄にする。証拠の種類と日付は必要である。"),
    ("Several answers to one question (an own claim and a scan): use the free rows at the end, with the question's id.",
     "一つの設問に複数の回答（自己申告と走査結果など）がある場合は、末尾の予備行に設問IDとともに記入する。"),
    ("Leave a question that you cannot answer empty. Empty is not zero, and it is not a pass either.",
     "答えられない設問は空欄にする。空欄は0点ではないが、合格の根拠にもならない。"),
    ("Rows may be sorted and hidden, columns moved and added. Then: noroshi rate score answers.xlsx",
     "行の並べ替えと非表示、列の移動と追加は自由である。記入後：noroshi rate score answers.xlsx"),
)  # fmt: skip
"""The instructions, a line each."""

BETWEEN = (" – ", "：")
"""Between a level and its wording; the second is in Shift JIS, in which Excel in Japan saves CSV."""
LONGEST_CHOICE = 120
"""Letters of a level in a drop-down; the whole wording stands beside it."""
ILLEGAL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


def label(words: tuple[str, str], lang: str) -> str:
    """Return the English or the Japanese of two texts."""
    return words[int(lang == "ja")]


def normal(text: str) -> str:
    """Return a text as it is compared: full-width forms made narrow (NFKC), no case, single blanks."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def named(words: dict[str, tuple[str, str]]) -> dict[str, str]:
    """Return normal text -> key, for the key itself and its words in both languages."""
    return {normal(text): key for key, both in words.items() for text in (key, *both)}


def number_text(value: float) -> str:
    """Return a level as people write it, exactly."""
    short = f"{value:g}"
    return short if float(short) == value else repr(value)


def choice(level: Level, lang: str) -> str:
    """Return a level as the drop-down shows it: its number and the start of its wording."""
    words = label((level.en, level.ja), lang)
    cut = words if len(words) <= LONGEST_CHOICE else words[: LONGEST_CHOICE - 1] + "…"
    return f"{number_text(level.at)}{BETWEEN[int(lang == 'ja')]}{cut}"


def same_level(words: str, item: Item) -> Level | None:
    """Return the level of `item` whose wording, in either language, `words` is or begins; None if there is none."""
    asked = normal(words)
    start = asked.removesuffix("…").removesuffix("...").rstrip()
    for level in item.levels:
        for wording in (normal(level.en), normal(level.ja)):
            if start and (asked == wording or (start != asked and wording.startswith(start))):
                return level
    return None


def escape(text: str) -> str:
    """Return a text as it is written into a cell: what XML cannot hold, and blanks at the ends, as _xHHHH_.

    Office Open XML's own escapes (ECMA-376, ST_Xstring), which spreadsheets undo; so blanks typed by a person can be
    taken off without losing those that belong to the text.
    """
    safe = ILLEGAL.sub(_coded, re.sub("_(?=x[0-9A-Fa-f]{4}_)", "_x005F_", text))
    if safe[:1].isspace():
        safe = _code(safe[0]) + safe[1:]
    if safe[-1:].isspace():
        safe = safe[:-1] + _code(safe[-1])
    return safe


def unescape(text: str) -> str:
    """Return a cell's text without blanks at its ends and without the escapes of `escape`."""
    return ESCAPED.sub(lambda found: chr(int(found[1], 16)), text.strip())


def _code(letter: str) -> str:
    """Return the escape of one letter."""
    return f"_x{ord(letter):04X}_"


def _coded(found: re.Match[str]) -> str:
    """Return the escape of a matched letter."""
    return _code(found[0])
