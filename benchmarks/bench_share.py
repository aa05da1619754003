"""Claim: the hub takes in and gives out objects faster than any TAXII server we know, with every check on.

A hub process on loopback with authentication, full validation, markings and the ledger on, bodies made before and
answers not decoded, four connections; the median of five with the least and the most. Twenty thousand objects (ATT&CK
14.1 if ../shared has it, then indicators from a seed), one in five hidden in 32 classes. With --medallion PYTHON,
medallion in that environment is measured in the same way with a thousand objects, since its time grows with the square.
Run: python benchmarks/bench_share.py [--objects N] [--database URL] [--workers W] [--ledger strict]
"""

from __future__ import annotations

import argparse
import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent))
from share_corpus import COMMUNITIES, corpus, envelopes

ROUNDS, CONNECTIONS, SIZE, ASKED = 5, 4, 1000, 400
LEAST_SEEN = 0.4
"""What part a reader is to be given: one in five is hidden, and with it every relationship that joins it."""
MEDIA, STIX = "application/taxii+json;version=2.1", "application/stix+json;version=2.1"
ZERO = {"writer": "a-token-that-is-long-enough-to-write", "reader": "a-token-that-is-long-enough-to-read"}


class Server(NamedTuple):
    """A server under test: its port, the paths of its collections, the headers of who writes and who reads."""

    port: int
    collections: tuple[str, ...]
    writes: str
    reads: str
    process: int


class Line:
    """A connection that is kept; it counts the bytes of answers and does not read them."""

    def __init__(self, port: int, header: str) -> None:
        """Connect."""
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.common = f"Host: 127.0.0.1:{port}\r\nAccept: {MEDIA}\r\n{header}"

    def ask(self, method: str, path: str, body: bytes = b"") -> tuple[bytes, bytes]:
        """Return head and body of an answer; SystemExit where it is an error."""
        more = f"Content-Type: {MEDIA}\r\nContent-Length: {len(body)}\r\n" if body else ""
        self.socket.sendall(f"{method} {path} HTTP/1.1\r\n{self.common}{more}\r\n".encode() + body)
        found = b""
        while b"\r\n\r\n" not in found:
            part = self.socket.recv(1 << 20)
            if not part:
                raise SystemExit(f"{path}: the connection was closed")
            found += part
        head, _, rest = found.partition(b"\r\n\r\n")
        parts, size = [rest], len(rest)
        length = next(int(x.split(b":")[1]) for x in head.lower().split(b"\r\n") if x.startswith(b"content-length:"))
        while size < length:
            part = self.socket.recv(1 << 20)
            size += len(part)
            parts.append(part)
        if head.split(b" ", 2)[1] not in {b"200", b"202"}:
            raise SystemExit(f"{method} {path}: {head[:60]!r} {b''.join(parts)[:200]!r}")
        return head, b"".join(parts)


def post(server: Server, where: str, bodies: Sequence[bytes], connections: int) -> float:
    """Return the seconds until all envelopes are answered."""
    lines = [Line(server.port, server.writes) for _ in range(connections)]
    shares = [bodies[k::connections] for k in range(connections)]

    def send(line: Line, mine: Sequence[bytes]) -> None:
        for body in mine:
            line.ask("POST", f"{where}/objects/", body)

    start = time.perf_counter()
    with ThreadPoolExecutor(connections) as pool:
        list(pool.map(send, lines, shares))
    return time.perf_counter() - start


def read_all(server: Server, where: str, limit: int, connections: int) -> tuple[float, int]:
    """Return the seconds in which each connection reads all pages, and how many objects all of them got."""

    def pages(line: Line) -> int:
        count, onwards = 0, ""
        while True:
            _, body = line.ask("GET", f"{where}/objects/?limit={limit}{onwards}")
            count += limit
            if b'"more":true' not in body[:40] and b'"more": true' not in body:
                return count - limit + body.count(b'"spec_version"')
            start = body.index(b'"next":') + 7
            cursor = body[start : start + 400].split(b'"')[1].decode()
            onwards = f"&next={cursor}"

    lines = [Line(server.port, server.reads) for _ in range(connections)]
    start = time.perf_counter()
    with ThreadPoolExecutor(connections) as pool:
        total = sum(pool.map(pages, lines))
    return time.perf_counter() - start, total


def waits(server: Server, path: str, times: int) -> float:
    """Return the median time of a request, in milliseconds."""
    line = Line(server.port, server.reads)
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        line.ask("GET", path)
        taken.append(time.perf_counter() - start)
    return 1e3 * statistics.median(taken)


def told(name: str, values: list[float], unit: str) -> None:
    """Print a median with the least and the most."""
    middle = statistics.median(values)
    print(f"{name:44} {middle:10,.2f} {unit}  ({min(values):,.2f}-{max(values):,.2f})", flush=True)


def measure(server: Server, objects: list[bytes], connections: int, sizes: Sequence[int] = (SIZE,)) -> None:
    """Print the rates of a server."""
    places = iter(server.collections)
    for size in sizes:
        bodies = envelopes(objects[: len(objects) if size > 1 else SIZE], size)
        count = len(objects) if size > 1 else min(SIZE, len(objects))
        rates = [count / post(server, next(places), bodies, connections) for _ in range(ROUNDS)]
        told(f"POST, envelopes of {size}, {connections} connections", rates, "objects/s")
    where = server.collections[0]
    rates = []
    for _ in range(ROUNDS):
        seconds, total = read_all(server, where, SIZE, connections)
        if total < LEAST_SEEN * len(objects) * connections:
            raise SystemExit(f"a reader was given {total / connections:,.0f} of {len(objects):,} objects")
        rates.append(total / seconds)
    told(f"pages of {SIZE}, {connections} connections", rates, "objects/s")
    name = json.loads(objects[len(objects) // 2])["id"]
    quick = [waits(server, f"{where}/objects/?match[id]={name}", ASKED) for _ in range(ROUNDS)]
    told("match[id]", quick, "ms, median")
    quick = [waits(server, f"{where}/objects/?added_after=2100-01-01T00:00:00Z", ASKED) for _ in range(ROUNDS)]
    told("empty poll", quick, "ms, median")
    print(f"{'anonymous memory':44} {anonymous(server.process) / 1e6:10,.0f} MB a process")


def anonymous(process: int) -> float:
    """Return the anonymous memory of a process in bytes; 0 where the system does not say."""
    path = Path(f"/proc/{process}/smaps_rollup")
    lines = path.read_text().splitlines() if path.exists() else []
    return next((1024.0 * int(line.split()[1]) for line in lines if line.startswith("Anonymous:")), 0.0)


def free_port() -> int:
    """Return a port of loopback that nobody uses."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
    return port


@contextmanager
def started(command: list[str], environment: dict[str, str], ready: Callable[[], bool]) -> Iterator[int]:
    """Run a server until the block ends; yield its process id once it is ready."""
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            end = time.monotonic() + 120
            while not ready():
                if process.poll() is not None or time.monotonic() > end:
                    raise SystemExit(f"{command[0]} did not start")
                time.sleep(0.2)
            yield process.pid
        finally:
            process.terminate()
            process.wait(30)


def listens(port: int) -> bool:
    """Say whether somebody listens."""
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def noroshi(folder: Path, database: str, workers: int, ledger: str) -> Iterator[Server]:
    """Run the hub, its brief computed before anything is measured."""
    uids = [str(uuid.UUID(int=k + 1, version=4)) for k in range(4 * ROUNDS)]
    lines = [
        '[[principal]]\nname = "writer"\nkind = "centre"\nsees = "RED"', f"communities = {list(COMMUNITIES)}",
        f'token = "{ZERO["writer"]}"', '[[principal]]\nname = "reader"\nkind = "partner"\nsees = "GREEN"',
        f'token = "{ZERO["reader"]}"', '[[api_root]]\nname = "trust"\ntitle = "Trust"\nmax_content_length = 100000000',
    ]  # fmt: skip
    for uid in uids:
        lines += [f'[[collection]]\napi_root = "trust"\nid = "{uid}"\ntitle = "T"\ndefault_marking = "CLEAR"']
        lines += [f'[[grant]]\nprincipal = "{name}"\ncollection = "{uid}"\nread = true\nwrite = true' for name in ZERO]
    (folder / "hub.toml").write_text("\n".join(lines))
    told_to = {**os.environ, "NOROSHI_DATA": str(folder / "data"), "NOROSHI_CACHE_DIR": str(folder / "cache"),
               "NOROSHI_LEDGER": ledger, **({"NOROSHI_DATABASE": database} if database else {})}  # fmt: skip
    command = [sys.executable, "-m", "noroshi"]
    subprocess.run([*command, "admin", "apply", str(folder / "hub.toml")], env=told_to, check=True, capture_output=True)
    port = free_port()
    command += ["serve", "--brief", "sorami", "--trials", "50", "--port", str(port), "--workers", str(workers)]

    def ready() -> bool:
        return listens(port) and b'"ready"' in Line(port, "").ask("GET", "/healthz")[1]

    with started(command, told_to, ready) as process:
        paths = tuple(f"/trust/collections/{uid}" for uid in uids)
        headers = [f"Authorization: Bearer {ZERO[name]}\r\n" for name in ("writer", "reader")]
        yield Server(port, paths, headers[0], headers[1], process)


@contextmanager
def medallion(python: str, folder: Path) -> Iterator[Server]:
    """Run medallion over its memory backend."""
    import base64

    uids = [str(uuid.UUID(int=k + 1, version=4)) for k in range(4 * ROUNDS)]
    collections = [
        {"id": uid, "title": "T", "can_read": True, "can_write": True, "media_types": [STIX],
         "manifest": [], "objects": []}
        for uid in uids
    ]  # fmt: skip
    information = {"title": "Trust", "versions": [MEDIA], "max_content_length": 100_000_000}
    data = {"/discovery": {"title": "T", "default": "trust", "api_roots": ["trust"]},
            "trust": {"information": information, "status": [], "collections": collections}}  # fmt: skip
    (folder / "data.json").write_text(json.dumps(data))
    port = free_port()
    config = {
        "backend": {"module_class": "MemoryBackend", "filename": str(folder / "data.json")},
        "users": {"bench": "bench"}, "taxii": {"max_page_size": SIZE},
    }  # fmt: skip
    (folder / "config.json").write_text(json.dumps(config))
    command = [python, "-m", "medallion.scripts.run", "--port", str(port), str(folder / "config.json")]
    header = "Authorization: Basic " + base64.b64encode(b"bench:bench").decode() + "\r\n"
    with started(command, dict(os.environ), lambda: listens(port)) as process:
        paths = tuple(f"/trust/collections/{uid}" for uid in uids)
        yield Server(port, paths, header, header, process)


def main() -> None:
    """Measure what the options ask for."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--objects", type=int, default=20_000)
    options.add_argument("--database", default="")
    options.add_argument("--workers", type=int, default=1)
    options.add_argument("--ledger", default="async", choices=("async", "strict"))
    options.add_argument("--connections", type=int, default=CONNECTIONS)
    options.add_argument("--medallion", metavar="PYTHON")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(f"noroshi, {given.objects:,} objects, {given.workers} worker(s), ledger {given.ledger}")
        with noroshi(Path(folder), given.database, given.workers, given.ledger) as server:
            measure(server, corpus(given.objects), given.connections)
    if given.medallion:
        with tempfile.TemporaryDirectory() as folder:
            print(f"medallion, {SIZE:,} objects")
            with medallion(given.medallion, Path(folder)) as server:
                measure(server, corpus(SIZE), given.connections)


if __name__ == "__main__":
    main()
