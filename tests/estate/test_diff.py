"""What changed between two estates."""

from __future__ import annotations

import dataclasses

import numpy as np

from noroshi.estate.diff import Change, diff
from noroshi.estate.generate import generate
from noroshi.estate.model import Meta, from_frames

OLD = {
    "assets": {"id": ["a", "b", "c"], "kind": ["berth"] * 3, "capacity": [1.0, 2.0, 3.0], "area": [None, "x", None]},
    "crews": {"id": ["k"], "name_en": ["K"], "name_ja": ["K"], "teams": [2]},
}
NEW = {
    "assets": {"id": ["d", "c", "b"], "kind": ["berth"] * 3, "capacity": [9.0, 3.5, 2.0], "area": [None, "y", None]},
    "crews": {"id": ["k"], "name_en": ["K"], "name_ja": ["K"], "teams": [2]},
}


def test_rows_and_cells() -> None:
    found = diff(from_frames(Meta("e"), OLD), from_frames(Meta("e"), NEW))
    assert found
    assert found.meta == ()
    (assets,) = found.tables
    assert (assets.table, assets.added, assets.removed) == ("assets", ("d",), ("a",))
    assert assets.changed == (
        Change("b", "area", "x", None),
        Change("c", "area", None, "y"),
        Change("c", "capacity", 3.0, 3.5),
    )


def test_what_the_estate_says_of_itself() -> None:
    a = from_frames(Meta("e", version="1"), OLD)
    found = diff(a, dataclasses.replace(a, meta=Meta("e", version="2")))
    assert found
    assert found.meta == (Change("", "version", "1", "2"),)
    assert found.tables == ()


def test_no_difference_from_itself_and_the_reverse_mirrors() -> None:
    a = generate(200, np.random.default_rng(1))
    b = generate(200, np.random.default_rng(2))
    assert not diff(a, a)
    forth, back = diff(a, b), diff(b, a)
    assert {t.table: set(t.added) for t in forth.tables} == {t.table: set(t.removed) for t in back.tables}
    swapped = {(t.table, c.id, c.column, c.old, c.new) for t in forth.tables for c in t.changed}
    assert swapped == {(t.table, c.id, c.column, c.new, c.old) for t in back.tables for c in t.changed}
