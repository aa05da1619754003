"""A chain of hashes over what was done: each entry binds all before it, so that none can be changed or taken out alone.

hash(k) = SHA-256(hash(k-1) ‖ no ‖ LF ‖ at ‖ LF ‖ kind ‖ LF ‖ content), numbers in decimal; hash(0) is that of the
chain's name. What may have to be erased stands in an entry as HMAC-SHA-256 (RFC 2104) under a salt that is kept apart:
without the salt the chain is as valid as before, and nothing can be linked to it any more, guesses included.
"""

from __future__ import annotations

import hashlib
import hmac
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import msgspec

__all__ = [
    "CHAINS", "SALT_BYTES", "Broken", "Entry", "Tail", "Told", "begin", "canonical", "linked", "numbers", "runs",
    "sealed", "spans", "statement", "walked", "within",
]  # fmt: skip

CHAINS = ("journal", "ledger")
"""journal: what was done to the store; ledger: what was given to whom."""
SALT_BYTES = 16


class Told(NamedTuple):
    """What is to become an entry; salt: what its sealed values were made with, empty where there is none."""

    chain: str
    kind: str
    content: bytes
    salt: bytes = b""


class Tail(NamedTuple):
    """Where a chain ends: the number of its last entry (0 = none yet) and its hash."""

    no: int
    hash: bytes


class Entry(NamedTuple):
    """One entry: its number from 1 on, when (microseconds), of what kind, what it says, its hash."""

    no: int
    at: int
    kind: str
    content: bytes
    hash: bytes


class Broken(NamedTuple):
    """Where a chain does not hold: the number that the entry has or should have, what was found, what was expected."""

    no: int
    found: str
    expected: str


def begin(chain: str) -> Tail:
    """Return the end of a chain that has no entry: two chains never have a hash in common."""
    return Tail(0, hashlib.sha256(b"noroshi chain 1\n" + chain.encode()).digest())


def canonical(value: Any) -> bytes:  # noqa: ANN401  anything that msgspec writes
    """Return a value as JSON with its keys sorted and nothing between: the same value, the same bytes."""
    return msgspec.json.encode(value, order="sorted")


def sealed(salt: bytes, value: bytes) -> str:
    """Return what stands for a value, as hexadecimal digits: HMAC-SHA-256 of its SHA-256 under a salt."""
    return hmac.digest(salt, hashlib.sha256(value).digest(), "sha256").hex()


def hashed(before: bytes, no: int, at: int, kind: str, content: bytes) -> bytes:
    """Return the hash of an entry after the one that has the hash `before`."""
    return hashlib.sha256(b"%b%d\n%d\n%b\n%b" % (before, no, at, kind.encode(), content)).digest()


def linked(tail: Tail, at: int, told: Iterable[Told]) -> list[Entry]:
    """Return the entries that what was told becomes at the end of a chain."""
    made: list[Entry] = []
    no, before = tail
    for one in told:
        no += 1
        before = hashed(before, no, at, one.kind, one.content)
        made.append(Entry(no, at, one.kind, one.content, before))
    return made


def walked(tail: Tail, entries: Iterable[Entry]) -> tuple[Tail, Broken | None]:
    """Return the end of the chain after these entries; at the first that does not hold, the end before it, and why."""
    for one in entries:
        if one.no != tail.no + 1:
            return tail, Broken(tail.no + 1, f"entry {one.no!r}", f"entry {tail.no + 1}")
        fault = shapeless(one)
        if fault:
            return tail, Broken(one.no, fault, "a number, a kind, bytes, a hash")
        right = hashed(tail.hash, *one[:4])
        if one.hash != right:
            return tail, Broken(one.no, f"hash {one.hash.hex()[:16]}…", f"hash {right.hex()[:16]}…")
        tail = Tail(one.no, one.hash)
    return tail, None


def shapeless(one: Entry) -> str:
    """Return what of an entry is not of its type, "" where all is: a database may give back anything."""
    wanted = {"at": (one.at, int), "kind": (one.kind, str), "content": (one.content, bytes), "hash": (one.hash, bytes)}
    return next((f"{name} {value!r:.40}" for name, (value, kind) in wanted.items() if not isinstance(value, kind)), "")


def statement(hub: str, at: str, tails: Sequence[Tail], key: str) -> bytes:
    """Return what a checkpoint says and its hub signs: where each chain ended at a moment, and the signer's key."""
    ends = {name: {"no": tail.no, "hash": tail.hash.hex()} for name, tail in zip(CHAINS, tails, strict=True)}
    return canonical({"checkpoint": 1, "hub": hub, "at": at, "key": key, **ends})


def runs(values: Iterable[int]) -> list[int]:
    """Return whole numbers as runs: the first, how many follow each other from it, the step to the next run, and so on.

    Rising numbers without gaps are two numbers, however many they are. `numbers` reads it back, in the same order.
    """
    found: list[int] = []
    last = start = 0
    for value in values:
        if found and value == last + 1:
            last = value
            continue
        if found:
            found.append(last - start + 1)
        found.append(value - last)
        start = last = value
    if found:
        found.append(last - start + 1)
    return found


def spans(packed: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and last number of each of `runs`."""
    last = 0
    for step, count in zip(packed[::2], packed[1::2], strict=True):
        first, last = last + step, last + step + count - 1
        yield first, last


def numbers(packed: Sequence[int]) -> Iterator[int]:
    """Yield the numbers of `runs`, in their order."""
    for first, last in spans(packed):
        yield from range(first, last + 1)


def within(packed: Sequence[int], wanted: Sequence[int]) -> list[int]:
    """Return which of some rising numbers are among those of `runs`."""
    found: list[int] = []
    for first, last in spans(packed):
        found += wanted[bisect_left(wanted, first) : bisect_right(wanted, last)]
    return found
