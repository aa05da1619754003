"""Why an object or an envelope is refused or warned of: codes with their meaning in English and Japanese."""

from __future__ import annotations

import re

import msgspec

__all__ = ["REASONS", "Reason", "in_language", "of_conversion"]

REASONS: dict[str, tuple[str, str]] = {
    "not-json": ("is not JSON", "JSONではない"),
    "not-utf8": ("is not UTF-8", "UTF-8ではない"),
    "not-an-object": ("is not a JSON object", "JSONオブジェクトではない"),
    "not-an-envelope": ("is neither an envelope nor a bundle", "エンベロープでもバンドルでもない"),
    "too-deep": ("is nested deeper than 64 levels", "入れ子が64段を超える"),
    "too-large": ("is larger than 1 MiB", "1 MiBを超える"),
    "too-many": ("holds more objects than one envelope may", "1つのエンベロープの上限個数を超える"),
    "duplicate-key": ("has a key twice", "同じキーが2回ある"),
    "missing": ("is required", "必須のプロパティがない"),
    "wrong-type": ("has the wrong type or value", "型または値が違う"),
    "bad-type-name": ("is not the name of a type", "型の名前として不正"),
    "a-bundle": (
        "is a bundle, which is no object: send what it holds",
        "バンドルはオブジェクトではない: 中身を送ること",
    ),
    "bad-spec-version": ("is not a known version of STIX", "STIXの版として不正"),
    "bad-id": ("is not an identifier (type--UUID)", "識別子(型--UUID)として不正"),
    "id-of-other-type": ("names another type than the object's", "識別子の型がオブジェクトの型と違う"),
    "bad-ref": ("refers to an object that may not stand here", "ここに置けない参照"),
    "bad-timestamp": ("is not an RFC 3339 timestamp in UTC", "RFC 3339(UTC)の時刻として不正"),
    "wrong-order": ("is before the time that it must follow", "時刻の前後が逆"),
    "empty-list": ("is an empty list", "空のリスト"),
    "empty-dictionary": ("is an empty dictionary", "空の辞書"),
    "bad-key": ("is not a valid name of a key", "キーの名前として不正"),
    "bad-choice": ("is not one of the values allowed", "許された値ではない"),
    "bad-hash": ("is not a hash of that algorithm", "そのアルゴリズムのハッシュ値ではない"),
    "bad-selector": ("does not select anything in the object", "対象を選べないセレクタ"),
    "reserved": ("is reserved by the standard", "規格で予約された名前"),
    "one-of": ("needs at least one of its companions", "いずれか1つが必要"),
    "not-together": ("may not stand beside its rival", "併記できない"),
    "needs": ("needs another property beside it", "対になるプロパティが必要"),
    "bad-extension": ("is not a valid extension", "拡張として不正"),
    "out-of-range": ("is outside its limits", "許容範囲外"),
    "not-encoded": ("is not in the encoding that it must have", "符号化の形式が不正"),
    "exercise-alone": ("only what is labelled an exercise may stand here", "演習の標示があるものだけを置ける"),
    "no-exercise": ("what is labelled an exercise may not stand here", "演習の標示があるものは置けない"),
    "unknown-property": ("is not a property of this type", "この型にないプロパティ"),
}
"""Code -> what is said of the place, in English and Japanese."""


class Reason(msgspec.Struct, frozen=True):
    """Why something is refused, or what is odd in it: a code of `REASONS`, the property, what was found or asked."""

    code: str
    place: str = ""
    said: str = ""

    def line(self, lang: str = "en") -> str:
        """Return the reason as one short line, `place: meaning (said)`."""
        meaning = REASONS[self.code][int(lang == "ja")]
        head = f"{self.place}: {meaning}" if self.place else meaning
        return f"{head} ({self.said})" if self.said else head


def in_language(line: str, lang: str) -> str:
    """Return the English line of a reason in another language; as it is where it is not the line of one."""
    for english, japanese in sorted(REASONS.values(), key=lambda both: -len(both[0])) if lang == "ja" else ():
        found = re.fullmatch(rf"(\S+: )?{re.escape(english)}( \(.*\))?", line, re.DOTALL)
        if found:
            return f"{found[1] or ''}{japanese}{found[2] or ''}"
    return line


def of_conversion(error: msgspec.ValidationError) -> Reason:
    """Return the reason that msgspec's message of a failed conversion states: which property, what was expected."""
    text, _, path = str(error).partition(" - at `$")
    place = path.removesuffix("`").removeprefix(".")
    missing = _MISSING.fullmatch(text)
    if missing:
        return Reason("missing", f"{place}.{missing[1]}" if place else missing[1])
    code = next((code for pattern, code in _CODES if pattern in text), "wrong-type")
    if code == "not-encoded" and _REFERENCE.search(place):
        return Reason("bad-ref", place)
    return Reason(code, place, text[:150])


_MISSING = re.compile(r"Object missing required field `(.*)`")
_REFERENCE = re.compile(r"_refs?(\[[^.]*\])?\Z")
_CODES = (
    ("`array` of length >= 1", "empty-list"),
    ("`object` of length >= 1", "empty-dictionary"),
    ("Invalid enum value", "bad-choice"),
    ("matching regex", "not-encoded"),
    ("Expected `int` >=", "out-of-range"),
    ("Expected `int` <=", "out-of-range"),
    ("Expected `float` >=", "out-of-range"),
    ("Expected `float` <=", "out-of-range"),
)
"""What msgspec's message contains -> our code; the first that fits."""
