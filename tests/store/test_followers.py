"""Who follows `next` or `added_after` while four writers write gets each object exactly once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from tests.store.made import ALL, everything, named, row, send, viewer

from noroshi.store.contract import Store

WRITERS, ENVELOPES, SIZE = 4, 30, 5
WAIT = 60


def write(store: Store, writer: int) -> None:
    """Send envelopes, by a clock that stands still; classes are seen by all from the start."""
    for k in range(ENVELOPES):
        first = (writer * ENVELOPES + k) * SIZE
        rows = [row(first + i) for i in range(SIZE)]
        send(store, *rows, source=writer % 3 + 1, now=1000).result(WAIT)


def follow(store: Store, done: threading.Event, limit: int, *, by_added_after: bool) -> list[str]:
    """Return the ids that a poller gets, in order, until the writers are done and nothing more comes."""
    found: list[str] = []
    after = 0
    while True:
        ended = done.is_set()
        query = replace(ALL, added_after=after) if by_added_after else ALL
        page = store.page(1, viewer(store), query, 0 if by_added_after else after, limit)
        if ended and not page.rows:
            return found
        found += [one.id for one in page.rows]
        after = page.rows[-1].seq if page.rows else after


@pytest.mark.parametrize("limit", [3, 1000])
def test_followers_get_each_object_once_while_four_write(store: Store, opened: Callable[[], Store], limit: int) -> None:
    send(store, row(100_000)).result(WAIT)  # the class is known before anybody follows
    stores = (store, opened())  # two processes' worth
    done = threading.Event()
    with ThreadPoolExecutor() as pool:
        followers = [
            pool.submit(follow, stores[k % 2], done, limit, by_added_after=k < 2) for k in range(4)
        ]  # fmt: skip
        writers = [pool.submit(write, stores[k % 2], k) for k in range(WRITERS)]
        try:
            for one in writers:
                one.result(WAIT)
        finally:
            done.set()
        seen = [one.result(WAIT) for one in followers]
    wanted = sorted([named(k) for k in range(WRITERS * ENVELOPES * SIZE)] + [named(100_000)])
    for found in seen:
        assert sorted(found) == wanted
    seqs = [one.seq for one in everything(store)]
    assert seqs == sorted(set(seqs))
