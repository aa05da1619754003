"""estate.toml: what an estate is, read with every fault at once and written so that it reads back equal."""

from __future__ import annotations

import dataclasses
import json
import re
import tomllib
from typing import TYPE_CHECKING, Any

from noroshi.estate.cells import SLUG, nearest
from noroshi.estate.model import SEASONS, Benchmark, Meta

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from noroshi.estate.findings import Findings

__all__ = ["META_FILE", "meta_from", "meta_text", "meta_values", "read_meta"]

META_FILE = "estate.toml"
LISTS = ("assumptions", "assumptions_ja", "sources")
NUMBERS = ("pass_mark", "overall", "technical", "organisational")
POINTS = 100


def read_meta(text: str, file: str, findings: Findings) -> Meta | None:
    """Return what the text of estate.toml says; None, with faults noted, if it cannot be read."""
    try:
        values = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        line = re.search(r"line (\d+)", str(error))
        findings.add("bad-toml", file, row=int(line[1]) if line else None, found=str(error), expected="valid TOML",
                     expected_ja="正しいTOML", hint='texts stand in double quotes, as in name_en = "Sorami"',
                     hint_ja='文字列は二重引用符で囲む(例 name_en = "Sorami")')  # fmt: skip
        return None
    return meta_from(values, file, findings, text)


def meta_from(values: Mapping[str, Any], file: str, findings: Findings, text: str = "") -> Meta | None:
    """Return `values` as Meta; note every key that is missing, unknown or of the wrong type, and return None if any is.

    `text` is the TOML they come from, to name the line.
    """
    wrongs = [*wrong_keys(values, KEYS, ""), *wrong_benchmark(values.get("benchmark"))]
    for wrong in wrongs:
        findings.add("bad-toml", file, row=line_of(text, wrong.key), column=wrong.key, found=wrong.found,
                     expected=wrong.form.expected, expected_ja=wrong.form.expected_ja, hint=wrong.hint,
                     hint_ja=wrong.hint)  # fmt: skip
    if wrongs:
        return None
    plain: dict[str, Any] = {key: value for key, value in values.items() if key not in {*LISTS, "benchmark"}}
    benchmark = values.get("benchmark")
    known = None
    if benchmark:
        points = {key: float(benchmark[key]) for key in NUMBERS}
        known = Benchmark(**points, source=benchmark["source"], year=benchmark["year"])
    lists = {key: tuple(values.get(key, ())) for key in LISTS}
    return Meta(**(plain | lists), benchmark=known)


@dataclasses.dataclass(frozen=True, slots=True)
class Form:
    """What the value of a key must be: in words, as a test, and as an example of the line that sets it."""

    expected: str
    expected_ja: str
    fits: Callable[[Any], bool]
    example: str


@dataclasses.dataclass(frozen=True, slots=True)
class Wrong:
    """One key that is wrong: what was found, what it should be and how to write it."""

    key: str
    found: str
    form: Form
    hint: str


def is_text(value: object) -> bool:
    """Say whether `value` is text."""
    return isinstance(value, str)


def is_texts(value: object) -> bool:
    """Say whether `value` is a list of texts."""
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def is_points(value: object) -> bool:
    """Say whether `value` is a number from 0 to 100."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= POINTS


TEXT = Form("text in double quotes", "二重引用符で囲んだ文字列", is_text, '"..."')
FLAG = Form("true or false, without quotes", "true または false(引用符なし)", lambda v: isinstance(v, bool), "true")
SCORE = Form("points from 0 to 100", "0~100の点数", is_points, "72")
KEYS: dict[str, Form] = {
    "id": Form("lower-case letters, digits, '-', '_', '.'", "英小文字・数字・'-'・'_'・'.'",
               lambda v: isinstance(v, str) and re.match(SLUG, v) is not None, '"my-estate"'),
    **dict.fromkeys(
        ("name_en", "name_ja", "region", "currency", "time_zone", "version", "posture", "posture_ja"), TEXT
    ),
    **dict.fromkeys(("illustrative", "fictional"), FLAG),
    **dict.fromkeys(LISTS, Form("a list of texts", "文字列の配列", is_texts, '["first", "second"]')),
    "season": Form(f"one of {', '.join(SEASONS)}", f"{', '.join(SEASONS)} のいずれか", lambda v: v in SEASONS,
                   '"summer"'),
    "benchmark": Form("a table", "テーブル", lambda v: isinstance(v, dict), "{ pass_mark = 72, ... }"),
}  # fmt: skip
"""Key of estate.toml -> what its value must be."""
BENCHMARK_KEYS: dict[str, Form] = {
    **dict.fromkeys(NUMBERS, SCORE),
    "source": TEXT,
    "year": Form("a year", "年", lambda v: isinstance(v, int) and not isinstance(v, bool), "2014"),
}
"""The same for its table [benchmark]; all of them are needed."""
UNKNOWN = Form("a key that is known", "既知のキー", is_text, "")


def wrong_keys(values: Mapping[str, Any], keys: Mapping[str, Form], prefix: str) -> list[Wrong]:
    """Return what is wrong with the keys of a table of estate.toml: unknown ones, wrong values, a missing id."""
    out = []
    needed = keys if prefix else ("id",)
    for key, form in keys.items():
        if key not in values and key in needed:
            out.append(Wrong(prefix + key, "nothing", form, f"{key} = {form.example}"))
        elif key in values and not form.fits(values[key]):
            out.append(Wrong(prefix + key, str(values[key]), form, f"{key} = {form.example}"))
    for key in values:
        if key not in keys:
            near = nearest(key, list(keys))
            out.append(Wrong(prefix + key, key, UNKNOWN, f"{key} -> {near}" if near else f"remove {key} (削除)"))
    return out


def wrong_benchmark(value: object) -> list[Wrong]:
    """Return what is wrong inside the table [benchmark]."""
    return wrong_keys(value, BENCHMARK_KEYS, "benchmark.") if isinstance(value, dict) else []


def line_of(text: str, key: str) -> int | None:
    """Return the line on which `key` is set in the TOML `text`, None if it is not."""
    name = re.escape(key.rsplit(".", 1)[-1])
    found = re.search(rf"(?m)^\s*\[?\s*{name}\s*(?:=|\])", text)
    return text.count("\n", 0, found.start()) + 1 + found[0].startswith("\n") if found else None


def meta_values(meta: Meta) -> dict[str, Any]:
    """Return Meta as plain values, for TOML and JSON; a benchmark that is not given is left out."""
    values = dataclasses.asdict(meta)
    for key in LISTS:
        values[key] = list(values[key])
    if meta.benchmark is None:
        del values["benchmark"]
    return values


def meta_text(meta: Meta) -> str:
    """Return Meta as the text of estate.toml."""
    values = meta_values(meta)
    benchmark = values.pop("benchmark", None)
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
    if benchmark:
        lines += ["", "[benchmark]", *(f"{k} = {json.dumps(v, ensure_ascii=False)}" for k, v in benchmark.items())]
    return "\n".join(lines) + "\n"
