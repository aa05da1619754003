"""A catalogue and answers made for tests, with the shape of the real one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np

from noroshi.rate.catalogue import Catalogue, Item
from noroshi.rate.evidence import GRADES, Answer, Evidence, Sheet

TODAY = date(2026, 11, 1)
ITEMS = 26
NAMES = tuple(f"item{k}" for k in range(ITEMS))


def catalogue(seed: int = 0, half_life: float = 365.0) -> Catalogue:
    """Return 16 technical and 10 organisational items of random importance."""
    weight = 1.0 + 2.0 * np.random.default_rng(seed).random(ITEMS)
    items = tuple(
        Item(name, "technical" if k < 16 else "organisational", "?", "?", (), "", "", half_life, float(weight[k]))
        for k, name in enumerate(NAMES)
    )
    return Catalogue("made", "1", "Made", "試験用", "a test", 60.0, 40.0, items)


def sheet(levels: dict[str, tuple[float, str]], *, days: int = 0, more: tuple[Answer, ...] = ()) -> Sheet:
    """Return a sheet with one answer an item: level and grade."""
    then = TODAY - timedelta(days=days)
    return Sheet("org", "sec", TODAY, (*(Answer(i, a, g, then) for i, (a, g) in levels.items()), *more))


def evidence(strength: Any, level: Any) -> Evidence:
    """Return evidence from arrays (organisations, items); what is worth 1 is claimed."""
    strength = np.asarray(strength, dtype=np.float64)
    none = np.zeros(strength.shape, np.bool_)
    claimed = np.where(strength == GRADES["self"], strength, 0.0)
    age = np.where(strength > 0.0, 0.0, np.nan)
    firm = np.where(strength > GRADES["self"], strength, 0.0)
    return Evidence(strength, np.asarray(level), claimed, firm, np.asarray(level), none, none, age)
