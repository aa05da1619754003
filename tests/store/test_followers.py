"""Who follows `next` or `added_after` while four writers write gets each object exactly once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from tests.store.made import ALL, everything, named, row, send, viewer

from noroshi.desk.credentials import Credentials
from noroshi.desk.cursors import Cursors
from noroshi.desk.hub import Hub
from noroshi.desk.seeing import Seeing
from noroshi.share.markings import Marking, Tlp
from noroshi.share.release import release_class
from noroshi.share.taxii import Query
from noroshi.store.contract import Page, Store, Viewer

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


def test_a_release_class_that_is_new_while_a_page_is_read_is_in_the_page(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    known, new = (release_class(Marking(one), None).key() for one in (Tlp.CLEAR, Tlp.GREEN))
    send(store, row(1), key=known).result(WAIT)
    real, late = store.page, [2, 3]

    def page(collection: int, who: Viewer, query: Query, after: int, limit: int) -> Page:
        if late:  # between what the reader may see and what it reads
            send(store, row(late.pop(0)), key=new).result(WAIT)
            send(store, row(late.pop(0)), key=known).result(WAIT)
        return real(collection, who, query, after, limit)

    monkeypatch.setattr(store, "page", page)
    hub = Hub(store, Credentials(store), Cursors(b"k" * 32), Seeing(store))
    found = store.principal("a")
    assert found is not None
    collection = store.collections(1, found[0].no)[1]
    assert [one.id for one in hub.page(found[0], collection, ALL, "objects").page.rows] == [named(k) for k in (1, 2, 3)]
