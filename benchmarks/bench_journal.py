"""Claim: the journal and the ledger cost next to nothing, and the ledger is on disk within 100 ms.

On SQLite in a new folder: the share of CPU time that the journal takes of keeping envelopes of 1,000 and of 1 (store
alone, without validation); CPU time of pages of 1,000 and of single objects with the ledger over without, in turns; how
long until what is given away is on disk, while nobody writes and while four writers send envelopes of 1,000; and how
fast the chain is verified. Quartiles. Run: python benchmarks/bench_journal.py
"""

from __future__ import annotations

import hashlib
import random
import statistics
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

from noroshi.desk import journal
from noroshi.desk.ledger import Handed, deliver
from noroshi.share.headers import Header
from noroshi.share.markings import UNMARKED
from noroshi.share.taxii import Query, timestamp
from noroshi.store import sqlite, writing
from noroshi.store.contract import Classed, Declared, DeclaredPrincipal, Incoming, Status, Viewer

ROUNDS, SIZE, PAGES, DELIVERIES = 12, 1500, 40, 40
UID = "91a7b528-80eb-42ed-a74d-c6fbd5a26116"
DECLARED = Declared(
    (DeclaredPrincipal("a", "partner", 2, frozenset(), "", b"a"),), (("trust", "Trust", "", 1000),),
    (("trust", UID, "Title", "", -1, False),), (("a", UID, True, True),),
)  # fmt: skip


def row(number: int) -> Incoming:
    """Return an object of some size."""
    head = Header(f"indicator--{uuid.UUID(int=number, version=4)}", "indicator", "2.1", "", "", timestamp(1), (1, ""))
    body = b"%d" % number + b"x" * SIZE
    sha = hashlib.sha256(body).digest()
    return Incoming(header=head, own=UNMARKED, version=1, stamp=timestamp(1), sha=sha, body=body)


def classify(rows: tuple[Incoming, ...], *_: object) -> Classed:
    """Class a fifth of the rows so that the reader does not see them."""
    chance = random.Random(len(rows))  # noqa: S311  the same each time
    return Classed(tuple("high" if chance.random() < 0.2 else "low" for _ in rows), {}, {})


def send(store: sqlite.SqliteStore, rows: tuple[Incoming, ...]) -> Future[None]:
    """Send an envelope."""
    successes = tuple((one.header.id, one.stamp, "") for one in rows)
    return store.add(1, 1, rows, Status(str(uuid.uuid4()), 1, 1, 1, successes, ()), 1, classify)


def timed(spent: list[float], task: Callable[..., Any], *values: Any) -> Any:  # noqa: ANN401  whatever it is
    """Do a task and add its CPU time."""
    began = time.thread_time()
    found = task(*values)
    spent[0] += time.thread_time() - began
    return found


def journal_share(store: sqlite.SqliteStore, size: int, count: int, first: int) -> list[float]:
    """Share of CPU time that telling and sealing take, in per cent, of envelopes of a size."""
    spent = [0.0]
    shares = []
    with ExitStack() as timers:
        for module, name in ((sqlite, "tell_kept"), (writing, "seal")):
            timers.enter_context(patch.object(module, name, partial(timed, spent, getattr(module, name))))
        for k in range(ROUNDS):
            envelopes = [tuple(row(first + ((k * count) + j) * size + i) for i in range(size)) for j in range(count)]
            spent[0], began = 0.0, time.process_time()
            for envelope in envelopes:
                send(store, envelope).result()
            shares.append(100 * spent[0] / (time.process_time() - began))
    return shares


def page(store: sqlite.SqliteStore, who: Viewer, query: Query, *, told: bool) -> None:
    """Read a page and join it as a door does; enter it in the ledger."""
    rows = store.page(1, who, query, 0, 1000).rows
    body = b",".join([one.body for one in rows])
    if told:
        deliver(store, 1, Handed(1, "objects", rows, who.classes), body, strict=False)


def ledger_ratio(store: sqlite.SqliteStore, who: Viewer, query: Query, count: int) -> list[float]:
    """CPU time with the ledger over without, in turns, until all is on disk."""
    ratios = []
    for k in range(ROUNDS):
        took = {}
        for told in (True, False) if k % 2 else (False, True):
            began = time.process_time()
            for _ in range(count):
                page(store, who, query, told=told)
            time.sleep(0.2)
            took[told] = time.process_time() - began
        ratios.append(took[True] / took[False])
    return ratios


def until_on_disk(store: sqlite.SqliteStore, who: Viewer) -> list[float]:
    """Milliseconds until what is given away can be read in the ledger."""
    took = []
    for _ in range(DELIVERIES):
        ((before,),) = store.ask("SELECT max(no) FROM ledger")
        began = time.perf_counter()
        page(store, who, Query(limit=100), told=True)
        while store.ask("SELECT max(no) FROM ledger") == [(before,)]:
            time.sleep(0.002)
        took.append(1000 * (time.perf_counter() - began))
    return took


def said(what: str, values: Sequence[float], unit: str) -> None:
    """Print quartiles."""
    low, middle, high = statistics.quantiles(values, n=4)
    print(f"{what:<58} {middle:>9,.2f} {unit}  ({low:,.2f}-{high:,.2f})")


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        store = sqlite.open_sqlite(Path(folder) / "noroshi.sqlite3")
        store.apply(DECLARED)
        said("journal, of keeping envelopes of 1,000", journal_share(store, 1000, 3, 0), "% of CPU")
        said("journal, of keeping envelopes of 1", journal_share(store, 1, 200, 10_000_000), "% of CPU")
        who = Viewer(1, tuple(no for key, no in store.releases().items() if key == "low"))
        said("ledger, pages of 1,000", ledger_ratio(store, who, Query(), PAGES), "x CPU")
        one = replace(Query(), ids=(row(0).header.id,))
        said("ledger, one object", ledger_ratio(store, who, one, 500), "x CPU of the read")
        said("until on disk, nobody writes", until_on_disk(store, who), "ms")
        stop = threading.Event()

        def writing_on(first: int) -> None:
            while not stop.is_set():
                send(store, tuple(row(first + i) for i in range(1000))).result()
                first += 1000

        writers = [threading.Thread(target=writing_on, args=(k * 100_000_000,)) for k in range(1, 5)]
        for writer in writers:
            writer.start()
        said("until on disk, four write envelopes of 1,000", until_on_disk(store, who), "ms")
        stop.set()
        for writer in writers:
            writer.join()
        began = time.process_time()
        found = journal.verify(store, [], "", objects=True)
        took = time.process_time() - began
        count = found.journal.no + found.ledger.no
        there = found.objects.there if found.objects else 0
        print(f"verified: {count:,} entries and {there:,} rows in {took:.2f} s of CPU")
        store.close()


if __name__ == "__main__":
    main()
