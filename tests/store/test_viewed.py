"""First, last and all versions are those among what a viewer sees, for any order of arrival: against a plain model."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.store.databases import KINDS, address
from tests.store.made import CLASSES, DECLARED, everything, named, row, send, viewer

from noroshi.share.taxii import Query
from noroshi.store.contract import Store
from noroshi.store.opening import open_store

WAIT = 20
LINK = 9
"""A relationship between ids 0 and 1."""


class Kept(NamedTuple):
    """A row of the model."""

    place: int
    number: int
    version: int
    source: int
    key: str


Sent = tuple[int, int, int, str]
SENT = st.tuples(
    st.sampled_from([0, 1, 2, LINK]), st.integers(1, 4), st.integers(1, 3), st.sampled_from(CLASSES)
)  # fmt: skip
QUERIES = {
    "all": Query(last=False, every=True), "last": Query(), "first": Query(last=False, first=True),
    "both": Query(first=True), "one": Query(last=False, versions=(2,)),
    "id": Query(ids=(named(0), named(LINK, "relationship"))), "type": Query(types=("indicator",)),
}  # fmt: skip


def model(sent: list[Sent]) -> list[Kept]:
    """Return the rows that are kept; a relationship moves to the end when an end comes that was never there."""
    kept: list[Kept] = []
    place = 0
    for number, version, source, key in sent:
        if any((one.number, one.version, one.source) == (number, version, source) for one in kept):
            continue
        new = all(one.number != number for one in kept)
        place += 1
        kept.append(Kept(place, number, version, source, key))
        if new and number in (0, 1):
            for k, one in enumerate(kept):
                if one.number == LINK:
                    place += 1
                    kept[k] = one._replace(place=place)
    return sorted(kept)


def told(kept: list[Kept], sees: tuple[str, ...], name: str) -> list[tuple[int, int, int]]:
    """Return (number, version, source) of what is told to who sees some classes, in order."""
    mine = [one for one in kept if one.key in sees]
    there = {one.number for one in mine}
    mine = [one for one in mine if one.number != LINK or {0, 1} <= there]
    once = [
        one for one in mine
        if not any((p.number, p.version) == (one.number, one.version) and p.place < one.place for p in mine)
    ]  # fmt: skip
    found = []
    for one in once:
        versions = [other.version for other in mine if other.number == one.number]
        last, first = one.version == max(versions), one.version == min(versions)
        asked = {
            "all": True, "last": last, "first": first, "both": first or last, "one": one.version == 2,
            "id": last and one.number in (0, LINK), "type": last and one.number != LINK,
        }  # fmt: skip
        if asked[name]:
            found.append((one.number, one.version, one.source))
    return found


@pytest.fixture(scope="module", params=KINDS)
def shared_store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Return a store for all examples: each has ids of its own, after those of the others."""
    folder = tmp_path_factory.mktemp("viewed")
    store = open_store(address(request.param, folder), folder)
    store.apply(DECLARED)
    yield store
    store.close()


EXAMPLES = itertools.count(1)


@settings(max_examples=60)
@given(st.lists(SENT, max_size=14), st.lists(st.sampled_from(CLASSES), unique=True, max_size=3))
def test_a_viewer_is_told_what_a_plain_model_says(shared_store: Store, sent: list[Sent], sees: list[str]) -> None:
    store, base = shared_store, 16 * next(EXAMPLES)
    after = max((one.seq for one in everything(store)), default=0)
    for number, version, source, key in sent:
        ends = (named(base), named(base + 1)) if number == LINK else ()
        body = f"{number},{version},{source}".encode()
        send(store, row(base + number, version, ends, body), source=source, key=key).result(WAIT)
    kept = model(sent)
    who = viewer(store, *sees) if sees else viewer(store, "none")
    for name, query in QUERIES.items():
        ids = (named(base), named(base + LINK, "relationship")) if query.ids else ()
        rows = store.page(1, who, replace(query, ids=ids), after, 1000).rows
        assert [tuple(map(int, one.body.split(b","))) for one in rows] == told(kept, tuple(sees), name), name
