"""A script of a situation: who plays in it, and what happens when, each step with its source. Data only.

Two kinds: one that happened is played as history, at its own times, or as an exercise at others; one that never
happened is only ever an exercise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from noroshi.respond.asks import Words
from noroshi.respond.incident_words import FIELDS
from noroshi.respond.script_words import ILLUSTRATIVE, VALUES

__all__ = ["Player", "Script", "Step", "begun", "told", "worded"]


class Player(NamedTuple):
    """Somebody who plays in it: its short name, kind, the highest TLP that it may see, what it stands for."""

    name: str
    kind: str
    sees: str
    role: Words
    organisation: str = ""
    sectors: tuple[str, ...] = ()
    products: tuple[str, ...] = ()


class Step(NamedTuple):
    """One step: when (microseconds), of which kind, by whom, what happens in words, and what its kind takes besides.

    illustrative: it is ours, and no history.
    """

    key: str
    at: int
    kind: str
    by: str
    source: str
    illustrative: bool
    says: Words
    has: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Script:
    """A whole script. happened: whether it may be played as history; file: where it was read."""

    id: str
    title: Words
    estate: str
    zone: str
    tlp: str
    happened: bool
    note: Words
    sources: tuple[str, ...]
    cast: tuple[Player, ...]
    steps: tuple[Step, ...]
    file: str = ""

    def __getitem__(self, key: str) -> Step:
        """Return a step by its key."""
        return next(one for one in self.steps if one.key == key)


def begun(script: Script, begin: int) -> Script:
    """Return a script with all its times moved alike, so that the first step is at `begin` (microseconds)."""
    by = begin - script.steps[0].at
    return replace(script, steps=tuple(moved(one, by) for one in script.steps)) if by else script


def moved(step: Step, by: int) -> Step:
    """Return a step with all its times moved."""
    has = {key: value + by if VALUES[key] == "time" else value for key, value in step.has.items()}
    if "fields" in has:
        has["fields"] = {
            key: value + by if FIELDS[key].kind == "time" and isinstance(value, int) else value
            for key, value in has["fields"].items()
        }
    return step._replace(at=step.at + by, has=has)


def told(step: Step) -> str:
    """Return what a step says as it is kept: both languages, its source, and whether it is ours and no history."""
    ours = f" {' '.join(ILLUSTRATIVE)}" if step.illustrative else ""
    return f"{step.says.en}\n{step.says.ja}\n[{step.source}]{ours}"


def worded(step: Step) -> Words:
    """Return what a step says in each language, its source, and whether it is ours and no history."""
    ours = tuple(f" {text}" for text in ILLUSTRATIVE) if step.illustrative else ("", "")
    return Words(f"{step.says.en} [{step.source}]{ours[0]}", f"{step.says.ja} [{step.source}]{ours[1]}")
