"""Leave that comes late: a reader that only asks for what is new hears of everything it may see, once; others do not.

Random orders of sending, granting, announcing and reading, against the plain model of tests/store/test_viewed.py.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.store.databases import KINDS, address
from tests.store.made import ALL, DECLARED, named, row, send
from tests.store.test_viewed import LINK, Sent, model, told

from noroshi.desk.announcing import announce_all
from noroshi.desk.seeing import Seeing
from noroshi.share.markings import Tlp
from noroshi.share.release import ReleaseClass
from noroshi.share.taxii import Query
from noroshi.store.contract import Classed, Declared, DeclaredPrincipal, Store
from noroshi.store.opening import open_store

WAIT = 20
LEVELS = (Tlp.CLEAR, Tlp.AMBER, Tlp.RED)
KEYS = tuple(ReleaseClass(level, None).key() for level in LEVELS)
"""Release class by level; who sees a level sees those below it."""


class Reader:
    """A principal that only ever asks for what was added after its last visit, three rows at a time."""

    def __init__(self, store: Store, name: str, collection: int = 1) -> None:
        self.store, self.name, self.seeing, self.collection = store, name, Seeing(store), collection
        self.at = 0
        self.got: list[tuple[str, str]] = []

    def visit(self) -> None:
        more = True
        while more:
            found = self.page(ALL, self.at, 3)
            self.got += [(one.id, one.version) for one in found.rows]
            self.at = found.rows[-1].seq if found.rows else self.at
            more = found.more

    def page(self, query: Query, after: int = 0, limit: int = 1000) -> Any:
        found = self.store.principal(self.name)
        assert found is not None
        viewer = self.seeing.viewer(found[0], self.collection)
        return self.store.page(self.collection, viewer, query, after, limit)


def let_see(store: Store, name: str, level: int) -> None:
    """Let a principal see levels up to a place in LEVELS; -1 = nothing."""
    sees = int(LEVELS[level]) if level >= 0 else -1
    store.apply(Declared((DeclaredPrincipal(name, "partner", sees, frozenset(), "", name.encode()),), (), (), ()))


SENDS = st.tuples(st.sampled_from([0, 1, 2, LINK]), st.integers(1, 3), st.integers(1, 3), st.sampled_from(KEYS))
STEPS = st.lists(
    st.one_of(SENDS, st.just("visit"), st.just("step"), st.tuples(st.just("see"), st.integers(-1, 2))), max_size=24
)


@pytest.fixture(scope="module", params=KINDS)
def stores(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Iterator[Store]]:
    """Yield stores, each new."""
    opened: list[Store] = []

    def fresh() -> Iterator[Store]:
        for _ in itertools.count():
            if opened:
                opened.pop().close()
            folder = tmp_path_factory.mktemp("audience")
            store = open_store(address(request.param, folder), folder)
            store.apply(DECLARED)
            opened.append(store)
            yield store

    yield fresh()
    for store in opened:
        store.close()


def play(store: Store, steps: list[Any], reader: Reader, other: Reader) -> tuple[list[Sent], int, bool]:
    """Do the steps; return what was sent, what the reader may see at last, and whether leave was ever withdrawn."""
    level, withdrawn, sent = -1, False, []
    let_see(store, "a", -1)
    let_see(store, "b", 1)
    for step in steps:
        if step == "visit":
            reader.visit()
            other.visit()
        elif step == "step":
            for what in store.announcing():
                store.announce(what, 1000).result(WAIT)
        elif step[0] == "see":
            if step[1] < level:
                announce_all(store)  # leave that is lost before all is announced may tell some of it twice
            withdrawn |= step[1] < level
            level = step[1]
            let_see(store, "a", level)
        else:
            number, version, source, key = step
            ends = (named(0), named(1)) if number == LINK else ()
            body = f"{number},{version},{source}".encode()
            send(store, row(number, version, ends, body), source=source, key=key).result(WAIT)
            sent.append(step)
    announce_all(store)
    reader.visit()
    other.visit()
    return sent, level, withdrawn


def expected(sent: list[Sent], level: int) -> set[tuple[int, int]]:
    """Return number and version of everything that may be seen up to a level."""
    return {(number, version) for number, version, _ in told(model(sent), KEYS[: level + 1], "all")}


def numbers(got: list[tuple[str, str]]) -> list[tuple[int, int]]:
    """Return number and version of what a reader got."""
    names = {named(k): k for k in range(3)} | {named(LINK, "relationship"): LINK}
    return [(names[name], int(version[-2])) for name, version in got]


def check(store: Store, steps: list[Any]) -> None:
    """Play the steps and hold what readers got against the model."""
    reader, other = Reader(store, "a"), Reader(store, "b")
    sent, level, withdrawn = play(store, steps, reader, other)
    got = numbers(reader.got)
    assert expected(sent, level) <= set(got)
    if not withdrawn:
        assert sorted(got) == sorted(expected(sent, level))
    assert sorted(numbers(other.got)) == sorted(expected(sent, 1)), "nobody else sees a change"
    everything = [(one.id, one.version) for one in reader.page(ALL).rows]
    assert sorted(numbers(everything)) == sorted(expected(sent, level)), "a new reader of the same rights gets it once"
    for name in {one.id for one in reader.page(ALL).rows}:
        asked = Query(ids=(name,), last=False, every=True)
        rows = reader.page(asked).rows
        assert sorted((one.id, one.version) for one in rows) == sorted(one for one in everything if one[0] == name)
        principal = store.principal("a")
        assert principal is not None
        stamps = store.versions(1, reader.seeing.viewer(principal[0], 1), asked, 0, 100)
        assert [one.stamp for one in stamps] == [one.version for one in rows]
        assert [one.seq for one in stamps] == [one.seq for one in rows]


@settings(max_examples=12)
@given(STEPS)
def test_who_asks_for_what_is_new_hears_of_everything_once(stores: Iterator[Store], steps: list[Any]) -> None:
    check(next(stores), steps)


@pytest.mark.slow
@settings(max_examples=600)
@given(STEPS)
def test_the_same_over_many_orders(stores: Iterator[Store], steps: list[Any]) -> None:
    check(next(stores), steps)


def classed_anew(name: str, key: str) -> Any:
    """Return what classes an envelope as CLEAR and the source's rows of an id anew."""

    def classify(rows: tuple[Any, ...], past: Any) -> Classed:
        return Classed((KEYS[0],) * len(rows), {one.n: key for one in past.rows({name})}, {})

    return classify


def test_what_nobody_might_see_is_told_once_somebody_may_and_so_is_what_joins_it(stores: Iterator[Store]) -> None:
    store = next(stores)
    reader = Reader(store, "a")
    let_see(store, "a", 0)
    nobody = ReleaseClass(None, None).key()
    send(store, row(0), key=nobody).result(WAIT)
    send(store, row(1), key=KEYS[0]).result(WAIT)
    send(store, row(LINK, 1, (named(0), named(1)), b"joins"), key=KEYS[0]).result(WAIT)
    reader.visit()
    assert numbers(reader.got) == [(1, 1)]
    send(store, row(2), key=classed_anew(named(0), KEYS[0])).result(WAIT)
    reader.visit()
    assert sorted(numbers(reader.got)) == [(0, 1), (1, 1), (2, 1), (LINK, 1)]
    everything = [(one.id, one.version) for one in reader.page(ALL).rows]
    assert sorted(everything) == sorted(reader.got)


def test_what_one_saw_stays_though_it_gets_a_class_that_one_sees_since_later(stores: Iterator[Store]) -> None:
    store = next(stores)
    reader = Reader(store, "a")
    let_see(store, "a", 0)
    send(store, row(0), key=KEYS[0]).result(WAIT)
    send(store, row(1), key=KEYS[1]).result(WAIT)
    let_see(store, "a", 1)
    announce_all(store)
    reader.visit()
    assert sorted(numbers(reader.got)) == [(0, 1), (1, 1)]
    send(store, row(2), key=classed_anew(named(0), KEYS[1])).result(WAIT)
    reader.visit()
    assert sorted(numbers(reader.got)) == [(0, 1), (1, 1), (2, 1)], "nothing comes twice"
    assert sorted(numbers([(one.id, one.version) for one in reader.page(ALL).rows])) == [(0, 1), (1, 1), (2, 1)]
