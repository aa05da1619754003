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
    from collections.abc import Mapping

    from noroshi.estate.findings import Findings

__all__ = ["META_FILE", "meta_from", "meta_text", "meta_values", "read_meta"]

META_FILE = "estate.toml"
TEXTS = ("id", "name_en", "name_ja", "region", "currency", "time_zone", "version", "posture", "season")
FLAGS = ("illustrative", "fictional")
NUMBERS = ("pass_mark", "overall", "technical", "organisational")
POINTS = 100


def read_meta(text: str, file: str, findings: Findings) -> Meta | None:
    """Return what the text of estate.toml says; None, with faults noted, if it cannot be read."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        findings.add("bad-toml", file, row=int(line[1]) if line else None, found=str(error), expected="valid TOML",
                     hint='strings stand in double quotes, as in name_en = "Sorami"')  # fmt: skip
        return None
    return meta_from(values, file, findings, text)


def meta_from(values: Mapping[str, Any], file: str, findings: Findings, text: str = "") -> Meta | None:
    """Return `values` as Meta; note every key that is missing, unknown or of the wrong type, and return None if any is.

    `text` is the TOML they come from, to name the line.
    """
    before = len(findings.batches)

    def wrong(key: str, found: object, expected: str, hint: str) -> None:
        findings.add(
            "bad-toml", file, row=line_of(text, key), column=key, found=str(found), expected=expected, hint=hint
        )

    if "id" not in values:
        wrong("id", "nothing", "an id", 'add id = "my-estate"')
    for key in values:
        if key not in (*TEXTS, *FLAGS, "sources", "benchmark"):
            near = nearest(key, [*TEXTS, *FLAGS, "sources", "benchmark"])
            wrong(key, key, "a key of estate.toml", f"rename it to {near}" if near else "remove it")
    for key in TEXTS:
        if key in values and not isinstance(values[key], str):
            wrong(key, values[key], "text in double quotes", f'write {key} = "{values[key]}"')
    for key in FLAGS:
        if key in values and not isinstance(values[key], bool):
            wrong(key, values[key], "true or false", f"write {key} = true or {key} = false, without quotes")
    if isinstance(values.get("id"), str) and not re.match(SLUG, values["id"]):
        wrong("id", values["id"], "lower-case letters, digits, '-', '_', '.'", 'write it such as id = "my-estate"')
    if isinstance(season := values.get("season", "summer"), str) and season not in SEASONS:
        wrong("season", season, f"one of {', '.join(SEASONS)}", "name one of the four seasons")
    sources = values.get("sources", [])
    if not isinstance(sources, list) or not all(isinstance(item, str) for item in sources):
        wrong("sources", sources, "a list of texts", 'write sources = ["first", "second"]')
    benchmark = read_benchmark(values.get("benchmark"), wrong)
    if len(findings.batches) > before:
        return None
    plain = {key: values[key] for key in (*TEXTS, *FLAGS) if key in values}
    return Meta(**plain, sources=tuple(sources), benchmark=benchmark)


def read_benchmark(value: object, wrong: Any) -> Benchmark | None:  # noqa: ANN401  the noting function of the caller
    """Return the [benchmark] table; its faults go to `wrong`."""
    if value is None:
        return None
    if not isinstance(value, dict):
        wrong("benchmark", value, "a table", "write [benchmark] and its keys below it")
        return None
    for key in NUMBERS:
        number = value.get(key)
        if isinstance(number, bool) or not isinstance(number, (int, float)) or not 0 <= number <= POINTS:
            wrong(f"benchmark.{key}", number, "points from 0 to 100", f"give {key} as a number")
    if not isinstance(value.get("source"), str):
        wrong("benchmark.source", value.get("source"), "text", "say where the figures were published")
    if not isinstance(value.get("year"), int):
        wrong("benchmark.year", value.get("year"), "a year", "say when they were published")
    for key in value:
        if key not in (*NUMBERS, "source", "year"):
            wrong(f"benchmark.{key}", key, "a key of [benchmark]", "remove it")
    try:
        return Benchmark(**{key: float(value[key]) for key in NUMBERS}, source=value["source"], year=value["year"])
    except (KeyError, TypeError, ValueError):
        return None


def line_of(text: str, key: str) -> int | None:
    """Return the line on which `key` is set in the TOML `text`, None if it is not."""
    name = re.escape(key.split(".")[-1])
    found = re.search(rf"(?m)^\s*\[?\s*{name}\s*(?:=|\])", text)
    return text.count("\n", 0, found.start()) + 1 + found[0].startswith("\n") if found else None


def meta_values(meta: Meta) -> dict[str, Any]:
    """Return Meta as plain values, for TOML and JSON; a benchmark that is not given is left out."""
    values = dataclasses.asdict(meta)
    values["sources"] = list(meta.sources)
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
