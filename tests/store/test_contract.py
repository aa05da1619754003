"""What every store promises, on SQLite and on PostgreSQL."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from tests.store.made import ALL, DECLARED, UIDS, everything, named, row, send, viewer

from noroshi.share.inheritance import Passed
from noroshi.share.markings import Marking, Tlp
from noroshi.share.taxii import Query
from noroshi.store.contract import Classed, Store

WAIT = 20


def test_what_is_acknowledged_is_seen_by_all_and_sent_again_stays_once(
    store: Store, opened: Callable[[], Store]
) -> None:
    body = b'{"\x00\xff' + "狼煙".encode()
    send(store, row(1, body=body), row(2), row(1, version=2)).result(WAIT)
    send(store, row(1, body=body), row(3), now=5000).result(WAIT)
    other = opened()
    found = everything(other)
    assert [(one.id, one.seq) for one in found] == [
        (named(1), 1000), (named(2), 1001), (named(1), 1002), (named(3), 5000),
    ]  # fmt: skip
    assert found[0].body == body
    assert everything(store) == found


def test_one_version_of_several_sources_is_kept_of_each_and_told_once(store: Store) -> None:
    send(store, row(1, body=b"of a"), source=1, key="low").result(WAIT)
    send(store, row(1, body=b"of b"), source=2, key="high").result(WAIT)
    send(store, row(1, body=b"of c"), source=3, key="low").result(WAIT)
    assert [one.body for one in everything(store)] == [b"of a"]
    assert [one.body for one in everything(store, 1, 0, ALL, "high")] == [b"of b"]
    assert [one.body for one in everything(store, 1, 0, Query(), "low")] == [b"of a"]


def test_a_clock_set_back_lowers_no_place_even_after_what_stood_last_went(store: Store) -> None:
    send(store, row(1), row(2), now=9000).result(WAIT)
    send(store, row(3), now=10).result(WAIT)
    assert [one.seq for one in everything(store)] == [9000, 9001, 9002]
    assert store.delete(1, viewer(store), Query(ids=(named(3),), last=False, every=True)).result(WAIT) == 1
    send(store, row(4), now=10).result(WAIT)
    assert [one.seq for one in everything(store)] == [9000, 9001, 9003]
    send(store, row(5), collection=2, now=10).result(WAIT)
    assert [one.seq for one in everything(store, 2)] == [10]


def test_of_requests_that_share_a_transaction_one_that_fails_fails_alone(store: Store) -> None:
    going, go = threading.Event(), threading.Event()

    def slow(rows: Any, *_: Any) -> Classed:
        going.set()
        assert go.wait(WAIT)
        return Classed(("low",) * len(rows), {}, {})

    def fails(rows: Any, past: Any) -> Classed:
        del rows, past
        raise ZeroDivisionError

    first = send(store, row(1), key=slow)
    assert going.wait(WAIT)
    uid = "00000000-0000-4000-8000-000000000000"
    later = [send(store, row(2)), send(store, row(3), key=fails, uid=uid), send(store, row(4))]
    twice = [send(store, row(5), uid="x"), send(store, row(6), uid="x")]  # a fault that the database itself finds
    go.set()
    for future in (first, later[0], later[2], twice[0]):
        future.result(WAIT)
    assert isinstance(later[1].exception(WAIT), ZeroDivisionError)
    assert twice[1].exception(WAIT) is not None
    assert [one.id for one in everything(store)] == [named(k) for k in (1, 2, 4, 5)]
    assert store.status(1, 1, uid) is None


def test_a_status_is_for_its_sender_alone(store: Store) -> None:
    send(store, row(1), source=2, uid="mine").result(WAIT)
    found = store.status(1, 2, "mine")
    assert found is not None
    assert found.successes == ((named(1), "1970-01-01T00:00:00.000001Z", ""),)
    assert store.status(1, 1, "mine") is None
    assert store.status(2, 2, "mine") is None
    assert store.status(1, 2, "mi\0ne") is None


def test_a_relationship_that_waits_for_an_end_is_announced_when_it_comes(store: Store) -> None:
    send(store, row(9, ends=(named(1), named(2)))).result(WAIT)
    send(store, row(1), now=2000).result(WAIT)
    before = everything(store)
    assert [one.id for one in before] == [named(1)]
    send(store, row(2), now=3000).result(WAIT)
    assert [one.id for one in everything(store, after=before[-1].seq)] == [named(2), named(9, "relationship")]
    send(store, row(1, version=2), now=4000).result(WAIT)
    assert [one.id for one in everything(store, after=3001)] == [named(1)]  # an end that was there announces nothing


def test_release_classes_are_interned(store: Store, opened: Callable[[], Store]) -> None:
    other = opened()
    for k in range(4):
        send((store, other)[k % 2], row(k), key=("low", "high", "high", "low")[k]).result(WAIT)
    assert store.releases() == other.releases()
    assert set(store.releases()) == {"low", "high"}
    assert everything(store, 1, 0, ALL, "none") == ()


def passes_on(name: str, key: str) -> Callable[..., Classed]:
    """Return a container that makes what the source has of an id, anywhere, of a class."""

    def classify(rows: Any, past: Any) -> Classed:
        assert past.passed({name}) in ({}, {name: Passed(bound=Marking(Tlp.RED))})
        return Classed(
            ("low",) * len(rows), {one.n: key for one in past.rows({name})}, {name: Passed(bound=Marking(Tlp.RED))}
        )

    return classify


def test_a_container_classes_anew_what_its_source_sent_and_nobody_elses(store: Store) -> None:
    for source in (1, 2):
        send(store, row(1, body=str(source).encode()), source=source).result(WAIT)
        send(store, row(1, body=str(source).encode()), source=source, collection=2).result(WAIT)
    send(store, row(7), key=passes_on(named(1), "high")).result(WAIT)
    for collection in (1, 2):
        told = everything(store, collection, 0, Query(ids=(named(1),)), "low")
        assert [one.body for one in told] == [b"2"]
    send(store, row(8), key=passes_on(named(1), "high")).result(WAIT)
    kept: list[dict[str, Passed]] = []

    def looks(rows: Any, past: Any) -> Classed:
        kept.append(past.passed({named(1), named(2)}))
        return Classed(("low",) * len(rows), {}, {})

    send(store, row(10), key=looks).result(WAIT)
    send(store, row(11), key=looks, source=2).result(WAIT)
    assert kept == [{named(1): Passed(bound=Marking(Tlp.RED))}, {}]


def test_a_container_waits_for_who_writes_where_it_reaches(store: Store, opened: Callable[[], Store]) -> None:
    """Two processes, each within a collection into which the other reaches: neither waits for ever."""
    stores, both = (store, opened()), threading.Barrier(2)
    for k in (0, 1):
        send(store, row(k), source=k + 1, collection=2 - k).result(WAIT)

    def reaching(k: int) -> Callable[..., Classed]:
        once = passes_on(named(k), "high")

        def classify(rows: Any, past: Any) -> Classed:
            with contextlib.suppress(threading.BrokenBarrierError):
                both.wait(0.5)  # in PostgreSQL both are within at a time; in SQLite one is
            return once(rows, past)

        return classify

    sent = [send(stores[k], row(10 + k), source=k + 1, collection=1 + k, key=reaching(k)) for k in (0, 1)]
    for future in sent:
        future.result(WAIT)
    for k in (0, 1):
        assert [one.id for one in everything(store, 2 - k, 0, ALL, "high")] == [named(k)]


def test_what_is_declared_is_made_once_and_a_change_raises_the_version(store: Store) -> None:
    assert store.apply(DECLARED) == ()
    before = store.principal("a")
    assert before is not None
    people = (replace(DECLARED.principals[0], sees=1), *DECLARED.principals[1:])
    collections = tuple((*one[:4], 2, False) for one in DECLARED.collections)
    done = store.apply(replace(DECLARED, principals=people, collections=collections))
    assert done == ("principal a: changed", *(f"collection {uid}: changed" for uid in UIDS))
    after = store.principal("a")
    assert after is not None
    assert (after[0].sees, after[0].version) == (1, before[0].version + 1)
    assert store.token(b"a") == after[0]
    assert store.token(b"z") is None
    assert store.principal("a\0") is None
    assert store.root_names() == {"trust"}
    assert [one.uid for one in store.collections(1, after[0].no)] == sorted(UIDS)
    assert [one.default_tlp for one in store.collections(1, after[0].no)] == [2, 2]
    assert store.roots(99) == ()


@pytest.mark.parametrize("limit", [1, 3, 7])
def test_pages_and_versions_follow_each_other(store: Store, limit: int) -> None:
    rows = [row(k % 5, version=k) for k in range(1, 21)]
    send(store, *rows).result(WAIT)
    seen: list[int] = []
    more = True
    while more:
        page = store.page(1, viewer(store), ALL, seen[-1] if seen else 0, limit)
        assert 0 < len(page.rows) <= limit
        seen += [one.seq for one in page.rows]
        more = page.more
    assert seen == list(range(1000, 1020))
    stamps = store.versions(1, viewer(store), Query(ids=(named(2),), last=False, every=True), 0, limit)
    assert [one.seq for one in stamps] == [1001, 1006, 1011, 1016][: limit + 1]
