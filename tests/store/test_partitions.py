"""The partitions of docs/scale.md: the same answers before and after, and a page reads one of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
from tests.store.databases import address
from tests.store.journals import holds
from tests.store.made import ALL, DECLARED, everything, row, send, viewer

from noroshi.store import queries
from noroshi.store.contract import Store
from noroshi.store.opening import open_store

ROOT = Path(__file__).parent.parent.parent


def plan() -> str:
    """Return the statements of the page."""
    (found,) = re.findall(r"```sql\n(.*?)```", (ROOT / "docs" / "scale.md").read_text(encoding="utf-8"), re.DOTALL)
    return str(found)


def fill(store: Store, first: int) -> None:
    """Send versions, relationships before and after their ends, and other classes, to both collections."""
    for collection in (1, 2):
        for k in range(first, first + 60, 3):
            one, other = row(k).header.id, row(k + 1).header.id
            send(store, row(k), row(k + 2, ends=(one, other)), collection=collection, key="low").result(10)
            send(store, row(k + 1), row(k, version=2), collection=collection, key="high", source=2).result(10)


def told(store: Store) -> list[list[Any]]:
    """Return what three kinds of viewer are told of both collections."""
    return [[(one.seq, one.id, one.version) for one in everything(store, of, 0, ALL, *keys)]
            for of in (1, 2) for keys in ((), ("low",), ("high",))]  # fmt: skip


def unplaced(store: Store) -> list[list[Any]]:
    """Return the same without the places, which are times."""
    return [[one[1:] for one in those] for those in told(store)]


def steps(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every step of a plan of PostgreSQL."""
    yield plan
    for one in plan.get("Plans", ()):
        yield from steps(one)


def test_a_partitioned_hub_goes_on_with_the_same_answers(tmp_path: Path) -> None:
    url = address("postgres", tmp_path)
    store = open_store(url, tmp_path)
    store.apply(DECLARED)
    fill(store, 0)
    before = told(store)
    store.close()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(plan().encode())
    store, alone = open_store(url, tmp_path), open_store("", tmp_path / "whole")
    assert told(store) == before
    alone.apply(DECLARED)
    fill(alone, 0)
    fill(store, 30)
    fill(alone, 30)
    assert [[one[1:] for one in those] for those in told(store)] == [
        [one[1:] for one in those] for those in told(alone)
    ]
    assert holds(store).objects == holds(alone).objects
    text, values = queries.page_rows(1, viewer(store), ALL, 0, 100)
    ((explained,),) = store.ask(f"EXPLAIN (ANALYZE, FORMAT JSON) {text}", values)
    run = [one for one in steps(explained[0]["Plan"]) if one["Actual Loops"]]
    read = {one["Relation Name"] for one in run if "Relation Name" in one}
    assert len([name for name in read if name.startswith("object")]) == 1, "a page reads one partition"
    store.close()
    alone.close()


def test_the_page_names_every_index_that_there_is(tmp_path: Path) -> None:
    url = address("postgres", tmp_path)
    open_store(url, tmp_path).close()
    with psycopg.connect(url) as connection:
        rows = connection.execute(
            "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema() AND tablename IN ('object', 'link')"
        ).fetchall()
    assert {name for (name,) in rows if not name.endswith("_pkey")} == set(re.findall(r"INDEX (\w+)", plan()))
