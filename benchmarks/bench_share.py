"""Claim: the hub takes in and gives out objects faster than any TAXII server we know, with every check on.

A hub process on loopback with authentication, full validation, markings and the ledger on; bodies made before and
answers not decoded; the median of five with the least and the most, and beside rates the same of the processor time of
the hub's own processes, which neighbours do not slow. First as the claim has it (four connections, gzip off, the ledger
asynchronous, envelopes of 1,000), then envelopes of 100 and of 1, one connection, gzip, and the strict ledger; on
SQLite, and on PostgreSQL with --postgres (the server of its wheel) or --database. More than a hundred thousand objects
are sent once, in five parts, and as the claim has it alone. With --medallion PYTHON, the hub and medallion in that
environment are measured with a thousand objects, and medallion is given twenty thousand for as long as its time-out.
Run: python benchmarks/bench_share.py [--objects N ...] [--postgres | --database URL] [--workers W ...]
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent))
from share_corpus import Bodies
from share_servers import Line, Memory, Server, medallion, noroshi, postgres, spent

ROUNDS, CONNECTIONS, SIZE, ASKED, SMALL = 5, 4, 1000, 400, 1000
MANY = 100_000
"""From here on, objects are sent once, in as many parts as there are rounds."""
LEAST_SEEN = 0.4
"""What part a reader is to be given: one in five is hidden, and with it every relationship that joins it."""
WHOLE = 20_000
"""Objects among which all of ATT&CK is."""
PATIENT, TIME_OUT_S = (3, 5), 60.0
"""Of medallion: rounds and questions, since a page takes seconds; and how long it is given for many objects."""
GZIP = "Accept-Encoding: gzip\r\n"


class Page(NamedTuple):
    """A page as a reader is given it: its address and how many objects it has."""

    path: str
    objects: int


class Rate(NamedTuple):
    """Objects a second, and objects a second of the server's own processor time."""

    wall: float
    own: float


def together(server: Server, header: str, tasks: Sequence[Callable[[Line], None]], count: int) -> Rate:
    """Do tasks at once, each on a connection of its own, which move so many objects."""
    lines = [Line(server.port, header) for _ in tasks]
    used, start = spent(server.process), time.perf_counter()
    with ThreadPoolExecutor(len(tasks)) as pool:
        list(pool.map(lambda task, line: task(line), tasks, lines))
    took = time.perf_counter() - start
    return Rate(count / took, count / max(0.01, spent(server.process) - used))


def post(server: Server, where: str, bodies: Bodies, envelopes: Sequence[range], connections: int) -> Rate:
    """Send objects, in envelopes of these numbers."""

    def sender(mine: Sequence[range]) -> Callable[[Line], None]:
        def send(line: Line) -> None:
            for one in mine:
                line.ask("POST", f"{where}/objects/", bodies.envelope(one.start, one.stop))

        return send

    senders = [sender(envelopes[turn::connections]) for turn in range(connections)]
    return together(server, server.writes, senders, sum(map(len, envelopes)))


def parts(count: int, rounds: int) -> list[range]:
    """Return the numbers of the objects of each round: all of them each time, or a part of many."""
    if count < MANY:
        return [range(count)] * rounds
    each = count // rounds
    return [range(k * each, (k + 1) * each) for k in range(rounds)]


def pages(server: Server, where: str) -> list[Page]:
    """Return the pages of a collection as its reader is given them; SystemExit where an object comes twice."""
    line, found, onwards = Line(server.port, server.reads), list[Page](), ""
    seen = set[tuple[str, str]]()
    while True:
        path = f"{where}/objects/?limit={SIZE}{onwards}"
        page = json.loads(line.ask("GET", path)[1])
        objects = page.get("objects", [])
        before = len(seen)
        seen.update((one["id"], one.get("modified", one.get("created", ""))) for one in objects)
        if len(seen) != before + len(objects):
            raise SystemExit(f"{path}: objects came twice")
        found.append(Page(path, len(objects)))
        if not page.get("more"):
            return found
        onwards = f"&next={page['next']}"


def read(server: Server, them: Sequence[Page], connections: int, more: str = "") -> Rate:
    """Read the pages on every connection."""

    def reader(line: Line) -> None:
        for page in them:
            line.ask("GET", page.path)

    count = connections * sum(page.objects for page in them)
    return together(server, server.reads + more, [reader] * connections, count)


def waits(server: Server, paths: Sequence[str], name: str, rounds: int) -> None:
    """Print the median time of a request, and what it takes of the server's own processor time on average."""
    line, found, used = Line(server.port, server.reads), [], spent(server.process)
    for _ in range(rounds):
        taken = []
        for path in paths:
            start = time.perf_counter()
            line.ask("GET", path)
            taken.append(time.perf_counter() - start)
        found.append(1e3 * statistics.median(taken))
    own = 1e3 * (spent(server.process) - used) / (rounds * len(paths))
    row(f"{name}, p50", found, "ms", f"; of its own CPU {own:.2f}")


def row(name: str, values: Sequence[float], unit: str, more: str = "") -> None:
    """Print a median with the least and the most."""
    form = ",.2f" if unit == "ms" else ",.0f"
    middle, least, most = (format(one, form) for one in (statistics.median(values), min(values), max(values)))
    print(f"  {name:42} {middle:>10} {unit} ({least}-{most}){more}", flush=True)


def rates(name: str, found: Sequence[Rate]) -> None:
    """Print rates."""
    own = [one.own for one in found]
    more = f"; of its own CPU {statistics.median(own):,.0f} ({min(own):,.0f}-{max(own):,.0f})"
    row(name, [one.wall for one in found], "objects/s", more)


class Measured:
    """One server being measured; a class, since rounds take one collection after the other."""

    def __init__(self, server: Server, bodies: Bodies, rounds: int = ROUNDS, asked: int = ASKED) -> None:
        """Take what is measured, in how many rounds, of how many single questions each."""
        self.server, self.bodies, self.places = server, bodies, iter(server.collections)
        self.rounds, self.asked = rounds, asked

    def posts(self, size: int, connections: int, count: int = 0) -> str:
        """Print the rate of keeping objects (the first `count`; all for 0); return the last collection written to."""
        found, many = [], (count or len(self.bodies)) >= MANY
        where = next(self.places)
        for k, numbers in enumerate(parts(count or len(self.bodies), self.rounds)):
            where = next(self.places) if k and not many else where
            envelopes = [numbers[start : start + size] for start in range(0, len(numbers), size)]
            found.append(post(self.server, where, self.bodies, envelopes, connections))
        rates(f"POST, envelopes of {size:,}, {lines(connections)}", found)
        return where

    def reads(self, them: Sequence[Page], connections: int, more: str = "") -> None:
        """Print the rate of reading pages."""
        shares = [them] * self.rounds
        if len(self.bodies) >= MANY:
            each = -(-len(them) // self.rounds)
            shares = [them[k : k + each] for k in range(0, len(them), each)]
        name = f"pages of {SIZE:,}, {lines(connections)}{', gzip' if more else ''}"
        rates(name, [read(self.server, share, connections, more) for share in shares])

    def quick(self, where: str) -> None:
        """Print the times of single questions."""
        names = self.bodies.ids(self.asked)
        paths = [f"{where}/objects/?match[id]={name}" for name in names]
        waits(self.server, paths, f"match[id], {len(paths)} ids", self.rounds)
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        waits(self.server, [f"{where}/objects/?added_after={now}"] * self.asked, "empty poll", self.rounds)

    def as_claimed(self) -> list[Page]:
        """Print what the claim is about; return the pages of what was written."""
        where = self.posts(SIZE, CONNECTIONS)
        them = pages(self.server, where)
        given = sum(page.objects for page in them)
        print(f"  a reader is given {given:,} of {len(self.bodies):,} objects")
        if given < LEAST_SEEN * len(self.bodies) and len(self.bodies) >= WHOLE:  # of fewer, many ends are missing
            raise SystemExit("that is less than there is to see")
        self.reads(them, CONNECTIONS)
        self.quick(where)
        return them

    def otherwise(self, them: Sequence[Page]) -> None:
        """Print the variants: one connection, gzip, small envelopes."""
        self.posts(SIZE, 1)
        self.reads(them, 1)
        self.reads(them, CONNECTIONS, GZIP)
        self.posts(100, CONNECTIONS)
        self.posts(1, CONNECTIONS, SMALL)


def lines(connections: int) -> str:
    """Return how many connections, in words."""
    return "1 connection" if connections == 1 else f"{connections} connections"


@contextmanager
def watched(server: Server) -> Iterator[None]:
    """Print the memory of a server after the block."""
    memory = Memory(server.process)
    yield
    print(f"  anonymous memory: {memory.told()}", flush=True)


def measure_hub(folder: Path, name: str, url: str, workers: int, bodies: Bodies) -> None:
    """Print all there is to measure of the hub on a database."""
    for ledger in ("async", "strict")[: 1 if len(bodies) >= MANY else 2]:
        print(f"noroshi, {name}, {len(bodies):,} objects, {workers} worker(s), ledger {ledger}", flush=True)
        with noroshi(folder, url, workers, ledger) as server, watched(server):
            measured = Measured(server, bodies)
            them = measured.as_claimed()
            if ledger == "async" and len(bodies) < MANY:
                measured.otherwise(them)


def measure_medallion(folder: Path, python: str) -> None:
    """Print what medallion and the hub do with a thousand objects, and how far medallion comes with many."""
    few = Bodies(folder, SMALL)
    print(f"noroshi, SQLite, {SMALL:,} objects, 1 worker(s), ledger async", flush=True)
    with noroshi(folder, "", 1, "async") as server, watched(server):
        beside_medallion(Measured(server, few))
    print(f"medallion, memory backend, {SMALL:,} objects; no check, no marking, nothing on disk", flush=True)
    with medallion(python, folder, SIZE) as server, watched(server):
        measured = Measured(server, few, *PATIENT)
        beside_medallion(measured)
        print(f"  {WHOLE:,} objects, 1 connection: {within(server, next(measured.places), Bodies(folder, WHOLE))}")


def beside_medallion(measured: Measured) -> None:
    """Print what is compared with medallion."""
    measured.as_claimed()
    measured.posts(100, CONNECTIONS)
    measured.posts(1, CONNECTIONS)


def within(server: Server, where: str, bodies: Bodies) -> str:
    """Return how many objects were kept until the time-out."""
    line, start = Line(server.port, server.writes, TIME_OUT_S), time.monotonic()
    for kept in range(0, len(bodies), SIZE):
        line.socket.settimeout(max(0.1, start + TIME_OUT_S - time.monotonic()))
        try:
            line.ask("POST", f"{where}/objects/", bodies.envelope(kept, kept + SIZE))
        except TimeoutError:
            return f"{kept:,} were kept when its {TIME_OUT_S:.0f} s had passed"
    return f"all kept in {time.monotonic() - start:.0f} s"


def main() -> None:
    """Measure what the options ask for."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--objects", type=int, nargs="+", default=[20_000], metavar="N")
    options.add_argument("--workers", type=int, nargs="+", default=[1], metavar="W")
    options.add_argument("--postgres", action="store_true", help="on the server of its wheel too")
    options.add_argument("--database", default="", metavar="URL", help="on this PostgreSQL, not on SQLite")
    options.add_argument("--medallion", default="", metavar="PYTHON")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        places = [("PostgreSQL", given.database)] if given.database else [("SQLite", "")]
        if given.postgres:
            places.append(("PostgreSQL", stack.enter_context(postgres(folder))))
        for count in given.objects:
            bodies = Bodies(folder, count)
            for title, url in places:
                for workers in given.workers:
                    measure_hub(folder, title, url, workers, bodies)
        if given.medallion:
            measure_medallion(folder, given.medallion)


if __name__ == "__main__":
    main()
