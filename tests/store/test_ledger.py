"""The delivery ledger on both databases: within 100 ms, never dropped, flushed at the end, waiting where it must."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

import pytest
from tests.slowness import slowness
from tests.store.journals import chain_of, give, givens, holds
from tests.store.made import ALL, row, send, viewer

from noroshi.share.chain import CHAINS, Told, sealed
from noroshi.share.entries import Given
from noroshi.store import ledger
from noroshi.store.contract import Store
from noroshi.store.journal_reading import salt_of
from noroshi.store.ledger import Deliveries
from noroshi.store.opening import open_store

WAIT = 20
SOON_S = 0.1


def test_what_is_given_is_on_disk_within_a_tenth_of_a_second(store: Store, opened: Callable[[], Store]) -> None:
    send(store, row(1), row(2)).result(WAIT)
    other, took = opened(), []
    for k in range(20):
        assert give(store, viewer(store), ALL) is None
        began = time.monotonic()
        while len(chain_of(other, CHAINS[1])) <= k:
            time.sleep(0.002)
            assert time.monotonic() - began < WAIT
        took.append(time.monotonic() - began)
    assert sorted(took)[len(took) // 2] < SOON_S * slowness(), took
    assert holds(other).ledger.no == len(took)


def test_an_entry_says_what_was_given_and_seals_the_body(store: Store) -> None:
    send(store, row(1), row(2), now=7).result(WAIT)
    send(store, row(3), key="high").result(WAIT)
    give(store, viewer(store, "low"), ALL, strict=True, body=b"the bytes").result(WAIT)
    give(store, viewer(store, "low"), ALL)
    salt = salt_of(store.ask, CHAINS[1], 1)
    assert salt is not None
    low = store.releases()["low"]
    while len(found := givens(store)) == 1:
        time.sleep(0.01)
    assert found == [
        Given(1, 1, "objects", [1, 2], 2, 7, 8, [low, 1], body) for body in (sealed(salt, b"the bytes"), "")
    ]  # fmt: skip
    assert salt_of(store.ask, CHAINS[1], 2) is None


def test_strict_is_on_disk_before_the_future_is_done(store: Store, opened: Callable[[], Store]) -> None:
    send(store, row(1)).result(WAIT)
    other = opened()
    for k in range(5):
        give(store, viewer(store), ALL, strict=True).result(WAIT)
        assert len(chain_of(other, CHAINS[1])) == k + 1


def test_what_waits_is_written_when_the_store_is_closed(store: Store, url: str, tmp_path: Path) -> None:
    send(store, row(1)).result(WAIT)
    who, other = viewer(store), open_store(url, tmp_path)
    for _ in range(300):
        give(other, who, ALL)
    other.close()
    assert holds(store).ledger.no == 300


def test_an_answer_without_objects_has_no_entry(store: Store) -> None:
    assert give(store, viewer(store), ALL, strict=True) is None
    assert givens(store) == []


class Disk:
    """What makes transactions, as a store's writer does: none while it is full; it remembers what was written."""

    def __init__(self, *, full: bool) -> None:
        """Start empty."""
        self.full, self.kept, self.asked = full, list[Told](), threading.Event()
        self.deliveries = Deliveries(self.write)

    def write(self) -> Future[None]:
        """Return the future of a transaction that takes along what waits."""
        done: Future[None] = Future()
        self.asked.set()
        given = self.deliveries.taken()
        if self.full:
            self.deliveries.back(given)
            done.set_exception(OSError("full"))
        else:
            self.kept += [told for told, _ in given]
            self.deliveries.written(given)
            done.set_result(None)
        return done


def entry(k: int) -> Told:
    """Return the entry of a number."""
    return Told("ledger", "given", str(k).encode())


def test_where_the_disk_is_full_responses_wait_and_nothing_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "MOST", 10)
    monkeypatch.setattr(ledger, "AGAIN_S", 0.01)
    disk = Disk(full=True)
    deliveries = disk.deliveries
    answers = [deliveries.put(entry(k)) for k in range(25)]
    assert answers[:10] == [None] * 10
    waiting = [one for one in answers if one is not None]
    assert len(waiting) == 15
    assert disk.asked.wait(WAIT)
    assert not any(one.done() for one in waiting)
    disk.full = False
    for one in waiting:
        one.result(WAIT)
    assert deliveries.put(entry(25)) is None
    deliveries.close()
    assert [one.content for one in disk.kept] == [str(k).encode() for k in range(26)]


def test_a_disk_that_stays_full_ends_the_waiting_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "MOST", 0)
    monkeypatch.setattr(ledger, "AGAIN_S", 0.001)
    deliveries = Disk(full=True).deliveries
    waits = deliveries.put(entry(0))
    deliveries.close()
    assert waits is not None
    assert isinstance(waits.exception(0), OSError)
