"""Reads the tables of severities that ship, and sheets of facts: TOML, all faults at once."""

from __future__ import annotations

import difflib
import math
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from noroshi.files.toml_text import Block, TomlText, is_number, read_toml
from noroshi.respond.ladders import Ladder, Level, Statement
from noroshi.respond.nciss import Category, Interval, Option, Scheme
from noroshi.respond.severity import FactSheet, Incident

__all__ = ["load_facts", "load_ladders", "load_nciss"]

SHIPPED = Path(__file__).resolve().parent.parent / "samples" / "severity"
CODE = "bad-facts"
EXAMPLE = '[[incident]] with name = "…", functional = "denial-critical" or ["…", "…"]'
MOST_ALIKE = 100_000
MOST_HOURS = 1e13


@cache
def load_nciss() -> Scheme:
    """Return the categories of the NCISS."""
    table = read_toml(SHIPPED / "nciss.toml", 'id = "nciss"').table
    categories = tuple(
        Category(one["id"], one["name"], one["name_ja"], one["weight"], tuple(Option(*row) for row in one["options"]))
        for one in table["category"]
    )
    return Scheme(table["id"], table["name"], table["name_ja"], table["source"], categories)


@cache
def load_ladders() -> tuple[Ladder, ...]:
    """Return the scales of levels that ship."""
    table = read_toml(SHIPPED / "ladders.toml", "[[ladder]]").table
    return tuple(_ladder(one) for one in table["ladder"])


def _ladder(row: dict[str, Any]) -> Ladder:
    """Return one scale; on one with axes every axis has a statement for each grade."""
    axes = tuple((one[0], one[1], one[2]) for one in row.get("axes", []))
    graded = tuple(
        Statement(f"{axis}:{grade}", rank, name, name_ja)
        for axis, _, _ in axes
        for grade, rank, name, name_ja in row["grades"]
    )
    return Ladder(
        row["id"], row["name"], row["name_ja"], row["source"], row["note"], row["note_ja"], row["least"],
        tuple(Level(*one) for one in row["levels"]),
        graded or tuple(Statement(*one) for one in row["statements"]), axes,
    )  # fmt: skip


def load_facts(path: str | Path) -> FactSheet:
    """Return the facts in a file; InputError with every fault: unknown keys, options and scales, numbers out of range.

    What is left out is not known. A list says that it is one of several.
    """
    text = read_toml(path, EXAMPLE)
    ladders = {one.id: one for one in load_ladders()}
    top = text.top()
    top.only(("name", "incident", "cascade", *ladders), CODE)
    name = top.words("name", Path(path).stem, CODE)
    incidents = tuple(_incident(block, number) for number, block in enumerate(text.blocks("incident"), 1))
    answers = {key: _answers(_table(text, key), ladder) for key, ladder in ladders.items() if key in text.table}
    hours = _cascade(_table(text, "cascade")) if "cascade" in text.table else None
    if not incidents and not answers and not text.faults:
        top.fault("incident", "", "at least one [[incident]], or a scale such as [japan]", EXAMPLE, "missing-value")
    text.raise_faults()
    return FactSheet(name, incidents, answers, hours)


def _table(text: TomlText, key: str) -> Block:
    """Return the table `[key]`; a fault, and an empty one, for anything else."""
    value = text.table.get(key, {})
    if isinstance(value, dict):
        return Block(text, value, key)
    text.top().fault(key, repr(value)[:80], f"a table [{key}]", f"write [{key}] above its keys", CODE)
    return Block(text, {}, key)


def _incident(block: Block, number: int) -> Incident:
    """Return one incident."""
    scheme = load_nciss()
    block.only(("name", "count", *(one.id for one in scheme.categories)), CODE)
    facts = {}
    for category in scheme.categories:
        if category.id in block.values:
            chosen = _chosen(block, category.id, [option.id for option in category.options])
            if chosen:
                facts[category.id] = frozenset(chosen)
    count = block.values.get("count", 1)
    if type(count) is not int or not 1 <= count <= MOST_ALIKE:
        code = "out-of-range" if type(count) is int else "bad-number"
        block.fault("count", repr(count)[:80], f"a whole number from 1 to {MOST_ALIKE}", "correct it", code)
        count = 1
    return Incident(block.words("name", f"incident {number}", CODE), facts, count)


def _chosen(block: Block, key: str, choices: Sequence[str]) -> list[str]:
    """Return what it may be: one of `choices`, or several in a list; none where it is at fault."""
    value = block.values[key]
    several = value if isinstance(value, list) else [value]
    wrong = [one for one in several if one not in choices]
    if several and not wrong:
        return [str(one) for one in several]
    near = difflib.get_close_matches(str(wrong[0]), choices, 1) if wrong else []
    remedy = f'did you mean "{near[0]}"?' if near else "give one, several in a list, or leave it out if it is not known"
    block.fault(key, repr(value)[:80], "one or several of " + ", ".join(choices), remedy, "bad-choice")
    return []


def _answers(block: Block, ladder: Ladder) -> dict[str, bool]:
    """Return which statements of a scale hold, and which do not."""
    if ladder.axes:
        grades = [one.id.partition(":")[2] for one in ladder.statements if one.id.startswith(f"{ladder.axes[0][0]}:")]
        block.only(tuple(axis for axis, _, _ in ladder.axes), CODE)
        out: dict[str, bool] = {}
        for axis, _, _ in ladder.axes:
            if axis in block.values:
                chosen = _chosen(block, axis, grades)
                out |= {f"{axis}:{grade}": False for grade in grades if chosen and grade not in chosen}
        return out
    block.only(tuple(one.id for one in ladder.statements), CODE)
    for key, value in block.values.items():
        if not isinstance(value, bool):
            block.fault(key, repr(value)[:80], "true or false", "say whether it holds, or leave it out", CODE)
    return {key: value for key, value in block.values.items() if isinstance(value, bool)}


def _cascade(block: Block) -> Interval | None:
    """Return the person-hours at others: a number, or {low, high}."""
    block.only(("person_hours",), CODE)
    value = block.values.get("person_hours")
    both = (
        [value.get("low"), value.get("high")] if isinstance(value, dict) and set(value) == {"low", "high"} else [value]
    )
    ends = [
        float(one)
        for one in both
        if isinstance(one, (int, float)) and is_number(one) and math.isfinite(one) and 0 <= one <= MOST_HOURS
    ]
    if len(ends) == len(both) and ends[0] <= ends[-1]:
        return Interval(ends[0], ends[-1])
    block.fault("person_hours", repr(value)[:80], f"a number from 0 to {MOST_HOURS:g}, or {{low = …, high = …}}",
                "give the person-hours below floor of a stress run", "bad-number")  # fmt: skip
    return None
