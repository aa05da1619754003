"""What is asked of a what-if: what is hit, how and when, in words as a page gives it, checked against an estate."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from noroshi.errors import Fault, InputError
from noroshi.estate.cells import nearest
from noroshi.estate.model import SEASONS
from noroshi.estate.tables import UNIT_TABLES
from noroshi.files.shocks import load_shock, shipped_shocks
from noroshi.files.toml_text import read_toml
from noroshi.stress.shock import EFFECTS, HORIZON_H, Hit, Shock, Spread

if TYPE_CHECKING:
    from noroshi.estate.model import Estate

__all__ = [
    "LONGEST_H",
    "MOST_HITS",
    "Asked",
    "HitAsked",
    "asked_of",
    "effect_for",
    "names_of_shipped",
    "said",
    "shipped_for",
    "shock_of",
]

MOST_HITS = 200
LONGEST_H = 8760.0
DAY_H = 24.0
LONGEST_NAME = 120
RANGE = "-–〜~"
"""Marks between the median of an uncertain time and its 90 % point."""


class HitAsked(Struct, frozen=True, kw_only=True):
    """One hit in words: hours as typed; "" takes the target's own, "18-60" is a median and a 90 % point."""

    target: str
    effect: str
    onset: str = "0"
    detect: str = ""
    restore: str = ""


class Asked(Struct, frozen=True, kw_only=True):
    """A shock in words. season "" takes the estate's own."""

    name: str = ""
    horizon: str = f"{HORIZON_H:g}"
    start: str = "0"
    season: str = ""
    hits: tuple[HitAsked, ...] = ()


def effect_for(table: str) -> str:
    """Return what befalls a unit of a table where nobody says: a system is frozen, anything else trips."""
    return "freeze" if table == "systems" else "trip"


def asked_of(shock: Shock) -> Asked:
    """Return a shock in words, from which `shock_of` makes the same shock again."""
    hits = tuple(
        HitAsked(target=one.target, effect=one.effect, onset=said(one.onset_h), detect=said(one.detect_h),
                 restore=said(one.restore_h))
        for one in shock.hits
    )  # fmt: skip
    return Asked(name=shock.name, horizon=said(shock.horizon_h), start=said(shock.start_hour),
                 season=shock.season or "", hits=hits)  # fmt: skip


def said(value: float | Spread | None) -> str:
    """Return hours as one types them."""
    if value is None:
        return ""
    return f"{_plain(value.p50)}-{_plain(value.p90)}" if isinstance(value, Spread) else _plain(value)


def _plain(value: float) -> str:
    """Return a number as short as it can be without being another one."""
    return repr(float(value)).removesuffix(".0")


def shipped_for(estate: Estate) -> dict[str, Shock]:
    """Return the shocks that ship for an estate, by their names in files."""
    found = {}
    for name, path in shipped_shocks().items():
        if read_toml(path, "").top().values.get("estate") == estate.meta.id:
            found[name] = load_shock(path, estate)
    return found


def names_of_shipped(estate: Estate) -> dict[str, tuple[str, str]]:
    """Return what the shocks that ship for an estate are called in English and Japanese, by their names in files."""
    found = {}
    for name, path in shipped_shocks().items():
        top = read_toml(path, "").top().values
        if top.get("estate") == estate.meta.id:
            called = str(top.get("name", name))
            found[name] = (called, str(top.get("name_ja", called)))
    return found


def shock_of(asked: Asked, estate: Estate) -> Shock:
    """Return the shock that is asked for; InputError with every fault: its row (1 = the first hit), and a remedy."""
    faults: list[Fault] = []
    horizon = _number(asked.horizon, "horizon", None, faults, LONGEST_H)
    if horizon == 0.0:
        faults.append(_fault("out-of-range", None, "horizon", "0", "more than 0 h", "such as 72"))
    start = _number(asked.start, "start", None, faults, DAY_H)
    if asked.season and asked.season not in SEASONS:
        faults.append(
            _fault("bad-choice", None, "season", asked.season, ", ".join(SEASONS), "choose one of them, or none")
        )
    if len(asked.name) > LONGEST_NAME:
        faults.append(
            _fault("bad-shock", None, "name", f"{len(asked.name)}", f"at most {LONGEST_NAME} letters", "shorten it")
        )
    if not asked.hits:
        faults.append(_fault("bad-shock", None, "hit", "0", "at least one thing that is hit",
                             "choose on the map or in the table, or take a shock that ships"))  # fmt: skip
    if len(asked.hits) > MOST_HITS:
        faults.append(_fault("bad-shock", None, "hit", f"{len(asked.hits)}", f"at most {MOST_HITS}", "leave some out"))
    hits = [_hit(row, one, estate, horizon, faults) for row, one in enumerate(asked.hits[:MOST_HITS], 1)]
    if faults:
        raise InputError(faults)
    return Shock(
        asked.name or "what if", horizon, tuple(one for one in hits if one is not None), start, asked.season or None
    )


def _hit(row: int, one: HitAsked, estate: Estate, horizon: float, faults: list[Fault]) -> Hit | None:
    """Return one hit; None, and faults, where it cannot be."""
    before = len(faults)
    if not any(one.target in estate.rows(table) for table in UNIT_TABLES):
        near = nearest(one.target, [name for table in UNIT_TABLES for name in estate.ids(table)][:20_000])
        remedy = f"did you mean {near}?" if near else "choose it in the table"
        faults.append(
            _fault("unknown-target", row, "target", one.target, f"a unit of the estate {estate.meta.id}", remedy)
        )
    if one.effect not in EFFECTS:
        faults.append(_fault("bad-shock", row, "effect", one.effect, ", ".join(EFFECTS), "choose one of them"))
    onset = _number(one.onset or "0", "onset_h", row, faults, LONGEST_H)
    if onset >= horizon > 0.0:
        faults.append(_fault("out-of-range", row, "onset_h", one.onset, f"less than {horizon:g}",
                             "let it begin earlier, or look at more hours"))  # fmt: skip
    detect, restore = (_duration(text, name, row, faults) for text, name in
                       ((one.detect, "detect_h"), (one.restore, "restore_h")))  # fmt: skip
    return Hit(one.target, one.effect, onset, restore, detect) if len(faults) == before else None


def _duration(text: str, name: str, row: int, faults: list[Fault]) -> float | Spread | None:
    """Return hours, a spread for two numbers, None for nothing."""
    if not text:
        return None
    parts: Sequence[str] = (text,)
    for mark in RANGE:
        parts = text.split(mark) if mark in text.lstrip(RANGE) else parts
    if len(parts) == 1:
        return _number(text, name, row, faults, LONGEST_H)
    try:
        low, high = map(float, parts)
        return Spread(low, high)
    except ValueError:
        faults.append(_fault("bad-shock", row, name, text, "hours, or median-90 % point with 0 < median <= point",
                             "such as 18 or 18-60"))  # fmt: skip
        return None


def _number(text: str, name: str, row: int | None, faults: list[Fault], most: float) -> float:
    """Return hours; 0, and a fault, where they cannot be."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 0.0 <= value <= most:
        faults.append(_fault("out-of-range", row, name, text, f"hours from 0 to {most:g}", "such as 18"))
        return 0.0
    return value


def _fault(code: str, row: int | None, column: str, found: str, expected: str, remedy: str) -> Fault:  # noqa: PLR0913
    """Return a fault of what was asked."""
    return Fault(code, "error", "", row, column, found[:80], expected, remedy)
