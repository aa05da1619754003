"""Claim: STIX objects are read strictly and validated in full at 40,000 a second on one core.

Every object of an ATT&CK release (shared data), from its bytes: strict JSON (no key twice at any depth), header, all
checks of the type. Beside it, in turns, the `stix2` package's parse of a seeded sample of the same objects, from the
same bytes. Process CPU time; each figure is the median of the rounds, with the least and the most. Objects are handled
in envelopes of 1,000, as a server would, and let go. Run: python benchmarks/bench_validation.py [ROUNDS]
"""

from __future__ import annotations

import gzip
import json
import os
import random
import statistics
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import stix2

from noroshi.share.reading import Parcel, check, split
from noroshi.share.validation import Read, read

SHARED = Path(os.environ.get("NOROSHI_SHARED", str(Path(__file__).parent.parent.parent / "shared")))
CORPUS = SHARED / "data" / "attack" / "enterprise-attack-v14.1.json.gz"
LEAST, ENVELOPE, SAMPLE = 40_000, 1000, 300


def rate(task: Callable[[bytes], object], objects: tuple[bytes, ...]) -> float:
    """Objects a second of CPU time, envelope by envelope."""
    started = time.process_time()
    for first in range(0, len(objects), ENVELOPE):
        _kept = [task(raw) for raw in objects[first : first + ENVELOPE]]
    return len(objects) / (time.process_time() - started)


def headed(raw: bytes) -> object:
    """What the hub does: read it, keep its header beside its bytes, let the rest go."""
    found = read(raw)
    return found.header if isinstance(found, Read) else found


def strictly(raw: bytes) -> bool:
    """Strict JSON alone."""
    return isinstance(check(raw), dict)


def parse(raw: bytes) -> object:
    """What a client of the `stix2` package does."""
    return stix2.parse(json.loads(raw), allow_custom=True, version="2.1")


def said(rates: list[float]) -> str:
    """The median, and the spread."""
    return f"{statistics.median(rates):>10,.0f} objects/s  ({min(rates):,.0f}-{max(rates):,.0f})"


def main() -> None:
    """Print the rates and hold the claim to them."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 9
    started = time.process_time()
    parcel = split(data := gzip.decompress(CORPUS.read_bytes()), most=100_000)
    if not isinstance(parcel, Parcel):
        sys.exit(parcel.line())
    objects = parcel.objects
    accepted = sum(isinstance(read(raw), Read) for raw in objects)
    print(f"{CORPUS.name}: {len(objects):,} objects, {len(data) / 1e6:.1f} MB, {accepted:,} accepted")
    print(f"unpacked, split and once validated in {time.process_time() - started:.2f} s")
    sample = tuple(random.Random(20261122).sample(objects, SAMPLE))  # noqa: S311  not a secret
    strict, full, peer = [], [], []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # stix2 warns of custom content
        for _ in range(rounds):
            strict.append(rate(strictly, objects))
            full.append(rate(headed, objects))
            peer.append(rate(parse, sample))
    ratios = [a / b for a, b in zip(full, peer, strict=True)]
    print(f"strict JSON alone              {said(strict)}")
    print(f"strict, header, all checks     {said(full)}")
    print(f"stix2 {stix2.__version__} parse              {said(peer)}  ({SAMPLE} objects)")
    print(f"ratio to stix2                 {statistics.median(ratios):>10.1f}  ({min(ratios):.1f}-{max(ratios):.1f})")
    if accepted < len(objects):
        sys.exit("some objects of the corpus were refused")
    if statistics.median(full) < LEAST:
        sys.exit(f"below the claim of {LEAST:,} objects/s")


if __name__ == "__main__":
    main()
