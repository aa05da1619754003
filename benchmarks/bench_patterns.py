"""Claim: compound STIX patterns are matched at least 100 times as fast as by stix2-matcher, with the same answers.

The same observations for both, in memory, each pattern compiled before in both: its best case. Also, quoted apart: one
pattern asked once of observations that nothing was made of before; with parsing; and what `noroshi match` does with a
log, line by line, beside the peer that is given the whole log at once. CPU time of one thread, the least and the most
of five. Run: python benchmarks/bench_patterns.py
"""

from __future__ import annotations

import random
import statistics
import tempfile
import warnings
from pathlib import Path
from typing import Any

from bench_match import HEX, LETTERS, NOW, RUNS, address, kept, name, row, timed

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from stix2matcher.matcher import Pattern

from noroshi.share.matching.pattern_match import Batch, Observed, batch, matcher
from noroshi.share.matching.pattern_parse import microseconds, parse

SIZES = (100, 1_000, 10_000)
SPAN = "START t'2026-11-01T00:00:00Z' STOP t'2026-11-01T01:00:00Z'"
PATTERNS = (
    "[network-traffic:dst_port = 443 AND network-traffic:src_byte_count > 100000]",
    "[file:name LIKE '%.exe' AND file:hashes.'SHA-256' = 'aa'] FOLLOWEDBY [domain-name:value MATCHES '^evil[0-9]+']",
    "([domain-name:value = 'a.example'] AND [ipv4-addr:value ISSUBSET '10.0.0.0/8']) WITHIN 300 SECONDS",
    "[process:command_line MATCHES 'powershell.*-enc' OR process:name IN ('a.exe', 'b.exe')] REPEATS 2 TIMES",
    "[process:name = 'a.exe'] REPEATS 5 TIMES WITHIN 60 SECONDS",
    "([file:name LIKE 'setup%'] FOLLOWEDBY [network-traffic:dst_port IN (4444, 8443)]) WITHIN 30 SECONDS",
    f"[url:value MATCHES 'gate[.]php[?]id=[0-9]' AND url:value NOT LIKE '%.jp/%'] {SPAN}",
    "[network-traffic:dst_ref.value ISSUBSET '198.51.100.0/24' AND network-traffic:dst_port != 443]",
)
MANY, ASKED, LINES = 200, 5, 5_000


def observation(rng: random.Random) -> list[dict[str, Any]]:
    """Return the objects of one observation: half of their values random, half of a few that the patterns speak of."""

    def one_of(made: str, *known: str) -> str:
        return rng.choice(known) if rng.random() < 0.5 else made

    word = "".join(rng.choices(LETTERS, k=8))
    kind = rng.randrange(6)
    if kind == 0:
        return [
            {"type": "network-traffic", "dst_port": rng.choice((80, 443, 443, 8080, 8443)), "dst_ref": "other",
             "protocols": ["tcp"], "src_byte_count": rng.randint(0, 101_000)},
            {"type": "ipv4-addr", "value": address(rng)},
        ]  # fmt: skip
    if kind == 1:
        return [{"type": "domain-name", "value": one_of(name(rng), "a.example", "evil7.example", "good.example")}]
    if kind == 2:
        return [{"type": "ipv4-addr", "value": address(rng)}]
    if kind == 3:
        digest = one_of("".join(rng.choices(HEX, k=64)), "aa", "bb")
        return [{"type": "file", "name": one_of(f"{word}.dll", "x.exe", "y.txt"), "hashes": {"SHA-256": digest}}]
    if kind == 4:
        line = one_of(f"C:\\{word}.exe --quiet", "powershell -nop")
        return [{"type": "process", "name": one_of(f"{word}.exe", "a.exe", "c.exe"), "command_line": line}]
    return [{"type": "url", "value": f"http://{name(rng)}/{one_of(word, 'gate.php?id=x')}"}]


def world(count: int) -> tuple[list[Observed], list[dict[str, Any]]]:
    """Return observations, ours and as a bundle: one a second."""
    rng = random.Random(3)  # noqa: S311  a benchmark
    objects: list[dict[str, Any]] = []
    ours: list[Observed] = []
    for k in range(count):
        stamp = f"2026-11-{1 + k // 86400:02}T{k // 3600 % 24:02}:{k // 60 % 60:02}:{k % 60:02}Z"
        some = observation(rng)
        ids = [f"{one['type']}--{k}-{n}" for n, one in enumerate(some)]
        for one, id_ in zip(some, ids, strict=True):
            one["id"] = id_
            if "dst_ref" in one:
                one["dst_ref"] = ids[1]
        seen = dict(zip(ids, some, strict=True))
        objects += [*some, {"type": "observed-data", "id": f"observed-data--{k}", "number_observed": 1,
                            "object_refs": ids, "first_observed": stamp, "last_observed": stamp}]  # fmt: skip
        ours.append(Observed(seen, microseconds(stamp), microseconds(stamp)))
    return ours, [{"type": "bundle", "id": "bundle--1", "objects": objects}]


def from_bundle(bundle: list[dict[str, Any]]) -> Batch:
    """Return a bundle's observations: what the peer does anew for each pattern."""
    objects = {one["id"]: one for part in bundle for one in part["objects"]}
    return batch([
        Observed({ref: objects[ref] for ref in one["object_refs"]}, microseconds(one["first_observed"]),
                 microseconds(one["last_observed"]), one["number_observed"])
        for one in objects.values() if one["type"] == "observed-data"
    ])  # fmt: skip


def spread(slow: list[float], fast: list[float]) -> tuple[float, str]:
    """Return how many times as fast one is as the other: the median, and with the least and the most."""
    times = sorted(b / a for a, b in zip(fast, slow, strict=True))
    middle = statistics.median(times)
    return middle, f"{middle:,.0f} ({times[0]:,.0f}–{times[-1]:,.0f})"


def compiled() -> None:
    """Each pattern at each size, compiled in both; the same answers asserted."""
    least: list[tuple[float, str]] = []
    for size in SIZES:
        ours, bundle = world(size)
        given = batch(ours)
        repeats = max(2, 20_000 // size)
        made = [timed(lambda some=ours: batch(some)) for _ in range(RUNS)]  # type: ignore[misc]
        print(f"{size:,} observations, made ready for all patterns in {1e3 * statistics.median(made):.2f} ms:")
        for text in PATTERNS:
            mine, theirs = matcher(parse(text)), Pattern(text, stix_version="2.1")
            found = mine.match(given)
            kept((found is not None) == bool(theirs.match(bundle)), f"another answer: {text}")
            fast, slow, cold = [], [], []
            for _ in range(RUNS):
                fast.append(timed(lambda m=mine, g=given, n=repeats: [m.match(g) for _ in range(n)]) / repeats)  # type: ignore[misc]
                slow.append(timed(lambda p=theirs, b=bundle: p.match(b)))  # type: ignore[misc]
                cold.append(timed(lambda m=mine, o=ours: m.match(o)))  # type: ignore[misc]
            middle, shown = spread(slow, fast)
            least.append((middle, f"{text} of {size:,}"))
            said = "found" if found else "not found"
            print(f"  {shown} times; once, of what is not made ready, {spread(slow, cold)[1]}; {said}: {text[:60]}…")
    print(f"least: {min(least)[0]:,.0f} times, {min(least)[1]}")
    kept(min(least)[0] >= 100, "slower than was promised")


def varied(rng: random.Random) -> str:
    """Return one of the patterns about other values."""
    text = rng.choice(PATTERNS[:6])
    word = "".join(rng.choices(LETTERS, k=6))
    changes = (("443", str(rng.randint(1, 9999))), ("aa", word), ("evil", word), ("a.ex", f"{word}.ex"),
               ("10.0.0.0/8", f"{address(rng)}/24"), ("powershell", word),
               ("300 ", f"{rng.randint(1, 900)} "))  # fmt: skip
    for old, new in changes:
        if rng.random() < 0.7:
            text = text.replace(old, new)
    return text


def all_of(given: Batch, texts: list[str]) -> None:
    """Parse patterns and match each."""
    for text in texts:
        matcher(parse(text)).match(given)


def parsed() -> None:
    """Many patterns, from their text on, about observations that come as a bundle; the peer's time of every tenth."""
    rng = random.Random(4)  # noqa: S311  a benchmark
    texts = [varied(rng) for _ in range(MANY)]
    _, bundle = world(1_000)
    some = texts[::10]
    fast, slow = [], []
    for _ in range(RUNS):
        fast.append(
            timed(lambda: [matcher(parse(one)).match(given) for given in (from_bundle(bundle),) for one in texts])
        )
        slow.append(timed(lambda: [Pattern(one, stix_version="2.1").match(bundle) for one in some]) * MANY / len(some))
    print(f"{MANY} patterns parsed and asked of a bundle of 1,000: {spread(slow, fast)[1]} times")


def of_log() -> None:
    """What `noroshi match` does: a log from its bytes on; the peer is given its observations, in one bundle."""
    from noroshi.desk.matching import prepared, search
    from noroshi.files.log_lines import event_time, fields_of, shape_of
    from noroshi.files.logs import Log
    from noroshi.share.matching.indicators import About, Indicators
    from noroshi.share.matching.observing import observables

    rng = random.Random(5)  # noqa: S311  a benchmark
    lines = [row(rng, k, None).encode() for k in range(LINES)]
    objects: list[dict[str, Any]] = []
    shape = shape_of(lines[0], "x.json")
    for k, line in enumerate(lines):
        fields = fields_of(line, shape)
        stamp = f"2026-11-01T{k // 3600:02}:{k // 60 % 60:02}:{k % 60:02}Z"
        kept(event_time(fields, NOW) is not None, "a line without a time")
        made = {f"{key}-{k}": dict(one) for key, one in observables(fields).items()}
        for key, one in made.items():
            one["id"] = key
            for end in {"src_ref", "dst_ref"} & one.keys():
                one[end] = f"{one[end]}-{k}"
        objects += [*made.values(), {"type": "observed-data", "id": f"observed-data--{k}", "number_observed": 1,
                                     "object_refs": [*made], "first_observed": stamp,
                                     "last_observed": stamp}]  # fmt: skip
    bundle = [{"type": "bundle", "id": "bundle--1", "objects": objects}]
    for anchored in (True, False):
        texts = [logged(rng, anchored=anchored) for _ in range(MANY)]
        theirs = [Pattern(one, stix_version="2.1") for one in texts[:ASKED]]
        with tempfile.TemporaryDirectory() as folder:
            log = Path(folder, "log.json")
            log.write_bytes(b"\n".join(lines))
            into = Indicators()
            into.patterns += [(parse(one), About(id=str(k))) for k, one in enumerate(texts)]
            work = prepared(into)
            list(search(prepared(into), [Log(str(log))], now=NOW))  # compiled and warm
            fast, slow = [], []
            for _ in range(RUNS):
                fast.append(timed(lambda w=work, name=str(log): list(search(w, [Log(name)], now=NOW))))  # type: ignore[misc]
                slow.append(timed(lambda some=theirs: [one.match(bundle) for one in some]) * MANY / ASKED)  # type: ignore[misc]
        how = "that name a value, which the log is searched for" if anchored else "that every line must be read for"
        print(f"noroshi match, {MANY} patterns {how}, {LINES:,} lines: {spread(slow, fast)[1]} times")


def logged(rng: random.Random, *, anchored: bool) -> str:
    """Return a compound pattern about what is in the log's lines."""
    port, size = rng.randint(1, 9999), rng.randint(9000, 9999)
    if anchored:
        return (f"([domain-name:value = '{name(rng)}'] FOLLOWEDBY [network-traffic:dst_port = {port} AND "
                f"network-traffic:dst_ref.value = '{address(rng)}']) WITHIN {port} SECONDS")  # fmt: skip
    return (f"[network-traffic:src_byte_count > {size} AND network-traffic:dst_port = {port}] FOLLOWEDBY "
            f"[domain-name:value LIKE 'www.{''.join(rng.choices(LETTERS, k=4))}%']")  # fmt: skip


if __name__ == "__main__":
    compiled()
    parsed()
    of_log()
