"""A page goes over rows of the classes that its reader sees, and over no other: what is hidden costs nobody time."""

from __future__ import annotations

import re
from typing import Any

import pytest
from tests.store.made import ALL, classed_as, named, row, send

from noroshi.share.taxii import Query
from noroshi.store.contract import Store, Viewer
from noroshi.store.postgres import PostgresStore
from noroshi.store.queries import STREAMS, page_rows

KEYS = tuple(f"class {k}" for k in range(STREAMS + 8))
SHAPES = (Query(), ALL, Query(types=("indicator",)), Query(first=True, last=False), Query(versions=(1,), last=False))


@pytest.fixture
def filled(store: Store) -> Store:
    """Return a store with three rows of each class, classes taking turns."""
    rows = [row(k) for k in range(3 * len(KEYS))]
    send(store, *rows, key=classed_as(*KEYS * 3)).result(20)
    return store


def sees(store: Store, *keys: str) -> Viewer:
    """Return who sees these classes."""
    places = store.releases()
    return Viewer(1, tuple(sorted(places[key] for key in keys)), False, ())


@pytest.mark.parametrize("count", [0, 1, 2, STREAMS, STREAMS + 1, len(KEYS)])
def test_pages_of_any_number_of_classes_have_all_rows_in_order(filled: Store, count: int) -> None:
    who = sees(filled, *KEYS[:count])
    wanted = [named(k) for k in range(3 * len(KEYS)) if k % len(KEYS) < count]
    for query in SHAPES:
        found: list[str] = []
        after, more = 0, True
        while more:
            page = filled.page(1, who, query, after, 7)
            found += [one.id for one in page.rows]
            after, more = (page.rows[-1].seq if page.rows else after), page.more
        assert found == wanted, query


def plan(store: Store, text: str, values: list[Any]) -> str:
    """Return how the database goes about a statement."""
    if isinstance(store, PostgresStore):
        return "\n".join(one for (one,) in store.ask(f"EXPLAIN {text}", values))
    return "\n".join(one[3] for one in store.ask(f"EXPLAIN QUERY PLAN {text}", values))


@pytest.mark.parametrize("query", SHAPES)
def test_rows_are_found_by_class_and_merged_without_sorting(filled: Store, query: Query) -> None:
    said = plan(filled, *page_rows(1, sees(filled, *KEYS[:3]), query, 0, 10))
    if isinstance(filled, PostgresStore):
        assert "Merge Append" in said
        assert said.count("(release = ") >= 3
        assert "->  Sort" not in said
    else:
        assert "MERGE (UNION ALL)" in said
        assert said.count("release=? AND seq>?") == 3
        assert "TEMP B-TREE" not in said


@pytest.mark.parametrize("query", SHAPES)
def test_what_a_row_joins_and_its_other_versions_are_looked_up_by_id(filled: Store, query: Query) -> None:
    """By class a look-up goes over every row of that class: pages of relationships took seconds."""
    said = plan(filled, *page_rows(1, sees(filled, *KEYS[:3]), query, 0, 10))
    lines = [one for one in said.splitlines() if re.search(r"(on object|SEARCH) [epq](_\d+)?\b", one)]
    assert len(lines) >= 6, said
    assert all("object_version" in one for one in lines), said
