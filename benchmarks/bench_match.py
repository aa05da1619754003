"""Matching: a million indicators against logs, and warninglists; compound patterns are in bench_patterns.py.

Speed is by CPU time of one thread; sets of indicators and logs are seeded. Run: python benchmarks/bench_match.py
"""

from __future__ import annotations

import json
import random
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from ipaddress import IPv6Address
from pathlib import Path

import msgspec

LETTERS = "abcdefghijklmnopqrstuvwxyz"
HEX = "0123456789abcdef"
AGENT = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36"
)
INDICATORS, LINES, RUNS, EVERY = 1_000_000, 300_000, 5, 1000
NOW = datetime(2026, 11, 22, tzinfo=UTC)


def name(rng: random.Random) -> str:
    """Return a random domain name."""
    return "".join(rng.choices(LETTERS, k=rng.randint(6, 14))) + rng.choice((".com", ".net", ".org", ".jp"))


def address(rng: random.Random) -> str:
    """Return a random IPv4 address."""
    return ".".join(str(rng.randint(1, 223)) for _ in range(4))


def values(rng: random.Random) -> list[str]:
    """Return a million values: 40 % addresses, 20 % names, 20 % SHA-256, 10 % MD5 and networks, 10 % URLs."""
    made = []
    for k in range(INDICATORS):
        part = k % 10
        if part < 4:
            made.append(address(rng))
        elif part < 6:
            made.append(name(rng))
        elif part < 8:
            made.append("".join(rng.choices(HEX, k=64)))
        elif part == 8:
            made.append(f"http://{name(rng)}/{''.join(rng.choices(LETTERS, k=8))}/x.php")
        else:
            made.append(f"{address(rng)}/{rng.randint(24, 30)}" if k % 1000 == 9 else "".join(rng.choices(HEX, k=32)))
    return made


def row(rng: random.Random, k: int, value: str | None) -> str:
    """Return a line of Zeek JSON: conn, dns, or http with a file's hash; `value` stands in it where one is given."""
    head = {"ts": 1_793_491_200.5 + k, "uid": "C" + "".join(rng.choices(LETTERS, k=16))}
    ends = {"id.orig_h": f"192.168.{rng.randint(0, 255)}.{rng.randint(0, 255)}", "id.orig_p": rng.randint(1024, 65535)}
    more = {} if value is None else {"note": value}
    if k % 3 == 0:
        rest = {"id.resp_h": address(rng), "id.resp_p": 443, "proto": "tcp", "service": "ssl", "duration": 1.2,
                "orig_bytes": rng.randint(0, 9999), "conn_state": "SF", "history": "ShADadFf",
                "orig_pkts": 12}  # fmt: skip
    elif k % 3 == 1:
        rest = {"id.resp_h": "192.168.1.1", "proto": "udp", "query": "www." + name(rng), "qtype_name": "A",
                "rcode_name": "NOERROR", "answers": [address(rng), address(rng)], "TTLs": [60.0, 60.0]}  # fmt: skip
    else:
        rest = {"id.resp_h": address(rng), "method": "GET", "host": "www." + name(rng), "uri": f"/js/app.{k}.js?v=123",
                "user_agent": AGENT, "status_code": 200, "sha256": "".join(rng.choices(HEX, k=64))}  # fmt: skip
    return json.dumps({**head, **ends, **rest, **more})


def spread(figures: list[float]) -> str:
    """Return the median and the range."""
    return f"{statistics.median(figures):,.0f} ({min(figures):,.0f}–{max(figures):,.0f})"


def kept(claim: bool, otherwise: str) -> None:  # noqa: FBT001  a claim is true or not
    """Stop with what was seen where a claim does not hold."""
    if not claim:
        raise SystemExit(otherwise)


def timed(work: Callable[[], object]) -> float:
    """Return the CPU time of a call, in seconds."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def logs() -> None:
    """A million indicators: read, indexed, and a log searched by the whole of `noroshi match`; and a naive peer."""
    from noroshi.desk.matching import prepared, search
    from noroshi.files.indicators import read_indicators
    from noroshi.files.logs import Log
    from noroshi.share.matching.indicators import Indicators

    rng = random.Random(1)  # noqa: S311  a benchmark
    with tempfile.TemporaryDirectory() as folder:
        known, log = Path(folder, "known.txt"), Path(folder, "log.json")
        made = values(rng)
        known.write_text("\n".join(made), encoding="utf-8")
        with log.open("w", encoding="utf-8") as out:
            for k in range(LINES):
                out.write(row(rng, k, rng.choice(made) if k % EVERY == 0 else None) + "\n")
        del made
        size = log.stat().st_size / LINES
        into = Indicators()
        begun = time.process_time()
        read_indicators(str(known), into, [])
        middle = time.process_time()
        work = prepared(into)
        print(
            f"{len(into):,} indicators read in {middle - begun:.1f} s, indexed in {time.process_time() - middle:.1f} s"
        )
        list(search(work, [Log(str(log))], now=NOW))  # compiled and warm
        rates = []
        hits = 0
        for _ in range(RUNS):
            begun = time.process_time()
            hits = sum(1 for _ in search(work, [Log(str(log))], now=NOW))
            rates.append(LINES / (time.process_time() - begun))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        print(f"noroshi match: {spread(rates)} lines/s of {size:.0f} bytes, {hits} hits; peak {peak:.2f} GB")
        table = set(into.values)
        lines = log.read_bytes().splitlines()[:20_000]
        slow = [len(lines) / timed(lambda: naive(lines, table)) for _ in range(3)]
        ratio = statistics.median(rates) / statistics.median(slow)
        print(f"naive (each line decoded, whole values looked up): {spread(slow)} lines/s; {ratio:.1f} times")
        kept(statistics.median(rates) >= 200_000 and peak <= 1.0, "slower, or more memory, than was promised")


def naive(lines: list[bytes], table: set[str]) -> int:
    """Return how many fields are whole values of the table: less than what a hit is, and no networks."""
    found = 0
    for line in lines:
        for value in msgspec.json.decode(line).values():
            for one in value if isinstance(value, list) else (value,):
                found += str(one) in table
    return found


def warninglists() -> None:
    """Look-ups in MISP's warninglists, networks included, beside the package's own."""
    from pymispwarninglists.api import WarningLists

    from noroshi.files.warninglists import load_warninglists, shipped_folder

    rng = random.Random(2)  # noqa: S311  a benchmark
    with tempfile.TemporaryDirectory() as folder:
        first = timed(lambda: load_warninglists(Path(folder)))
        begun = time.process_time()
        lists = load_warninglists(Path(folder))
        print(f"warninglists: compiled in {first:.1f} s, loaded again in {time.process_time() - begun:.1f} s")
    makers: dict[str, Callable[[], str]] = {
        "IPv4": lambda: address(rng),
        "IPv6": lambda: str(IPv6Address(rng.getrandbits(125) | 1 << 125)),
        "domain": lambda: "www." + name(rng),
        "URL": lambda: f"http://www.{name(rng)}/{''.join(rng.choices(LETTERS, k=8))}/x.php",
        "hash": lambda: "".join(rng.choices(HEX, k=rng.choice((32, 64)))),
        "mail": lambda: f"{''.join(rng.choices(LETTERS, k=6))}@{name(rng)}",
    }
    of_kind = {kind: [maker() for _ in range(20_000)] for kind, maker in makers.items()}
    listed = []
    for path in sorted((shipped_folder() or Path()).glob("*/list.json")):
        some = [str(one) for one in json.loads(path.read_bytes())["list"]]
        listed += rng.sample(some, min(len(some), 200))
    mixed = [rng.choice(some) for some in of_kind.values() for _ in range(10_000)]
    rng.shuffle(mixed)
    rng.shuffle(listed)
    rates = {}
    for kind, asked in {**of_kind, "values of lists": listed, "mixed": mixed}.items():
        lists.names(asked[0])
        rates[kind] = [len(asked) / timed(lambda some=asked: [lists.names(one) for one in some]) for _ in range(RUNS)]  # type: ignore[misc]
        hits = sum(1 for one in asked if lists.names(one)) / len(asked)
        print(f"look-ups, {kind}: {spread(rates[kind])} a second, {100 * hits:.1f} % on a list")
    asked = mixed
    kept(statistics.median(rates["mixed"]) >= 100_000, "slower than was promised")
    theirs = WarningLists(slow_search=True)
    few = asked[:6]
    rate = len(few) / timed(lambda: [theirs.search(one) for one in few])
    print(f"pymispwarninglists, slow_search (the one that knows networks): {rate:.1f} a second")


if __name__ == "__main__":
    for part in (logs, warninglists):
        if len(sys.argv) == 1 or part.__name__ in sys.argv[1:]:
            part()
