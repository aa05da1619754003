"""Warninglists as arrays that can be kept in a file: digests of names, and where the intervals of networks begin."""

from __future__ import annotations

import re
from dataclasses import dataclass
from hashlib import blake2b
from ipaddress import ip_network
from itertools import accumulate
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from noroshi.share.matching.values import folded
from noroshi.share.matching.warninglists_probe import HALVES, sown

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Listed", "Packed", "Parts", "digest", "packed"]

Keys = NDArray[np.uint64]
LEAST_WORDS = 64
EXPRESSION = re.compile(r"/(.*)/([a-z]*)\Z", re.DOTALL)
Parts = tuple[int, bool, tuple[str, ...], tuple[str, ...]]
MAPPED, MAPPED_LENGTH, WITHIN = 0xFFFF_0000_0000, 96, 0xFFFF
"""IPv4 within IPv6 is ::ffff:0:0/96 (RFC 4291, section 2.5.5.2)."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One list as it comes: its name, type, values, and the kinds of values that it is about (`values.KINDS`)."""

    name: str
    type: str
    values: tuple[str, ...]
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Packed:
    """All lists as arrays and texts, which can be kept in a file.

    keys: 63 bits of BLAKE2b of each value, in order; owners: twice the list's place, and 1 if names under it count.
    four, six: where each interval of addresses begins and which set of lists its addresses are on, as `probe` has them;
    sets: the sets of lists, of which the first is empty.
    sieve: three bits for each value, which tell most of what is on no list in no time.
    parts: of each list of parts or expressions its place, whether they are plain texts, what they are, and the kinds
    of values that they are about.
    """

    names: tuple[str, ...]
    keys: Keys
    owners: NDArray[np.int32]
    four: NDArray[np.uint32]
    six: Keys
    sets: tuple[tuple[int, ...], ...]
    parts: tuple[Parts, ...]
    sieve: Keys


def digest(text: str) -> int:
    """Return 63 bits that nobody can aim at another value's; never 0, which marks an empty slot."""
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "little") >> 1 or 1


def packed(lists: Iterable[Listed]) -> Packed:
    """Return the lists as arrays; entries that are no network in a list of networks count as exact values."""
    names: list[str] = []
    texts: list[str] = []
    owners: list[int] = []
    nets: list[tuple[int, int, int]] = []
    parts: list[Parts] = []
    for place, one in enumerate(lists):
        names.append(one.name)
        if one.type in {"substring", "regex"}:
            plain = one.type == "substring"
            known = (folded(value) if plain else unslashed(value) for value in one.values if value)
            parts.append((place, plain, tuple(known), one.kinds))
            continue
        under = one.type == "hostname"
        for value in one.values:
            net = network(value) if one.type == "cidr" else None
            if net:
                nets.append((*net, place))
            else:
                texts.append(folded(value).lstrip(".") if under else folded(value))
                owners.append(2 * place + under)
    keys = np.array([digest(text) for text in texts], np.uint64)
    order = np.argsort(keys, kind="stable")
    sets: dict[tuple[int, ...], int] = {(): 0}
    four, six = by_halves(within4(nets), sets), by_number(nets, sets)
    return Packed(
        tuple(names), keys[order], np.array(owners, np.int32)[order], four, six, tuple(sets), tuple(parts),
        sieved(texts, np.array(owners, np.int32)),
    )  # fmt: skip


def sieved(texts: list[str], owners: NDArray[np.int32]) -> Keys:
    """Return a word of 64 bits for two to four texts, with three bits set for each; two words for those of names."""
    words = LEAST_WORDS
    while 4 * words < len(texts) + int((owners % 2).sum()):
        words *= 2
    sieve = np.zeros(words, np.uint64)
    raw = [text.encode("utf-8", "replace") for text in texts]
    sown(b"".join(raw), np.fromiter(accumulate(map(len, raw)), np.int64, len(raw)), owners, sieve)
    return sieve


def unslashed(text: str) -> str:
    """Return a regular expression that is written /…/i as RE2 has it."""
    found = EXPRESSION.match(text)
    return (f"(?i:{found[1]})" if "i" in found[2] else found[1]) if found else text


def network(value: str) -> tuple[int, int] | None:
    """Return a network's address and length, IPv4 as in ::ffff:0:0/96; None for other text."""
    try:
        net = ip_network(value.strip(), strict=False)
    except ValueError:
        return None
    number, length = int(net.network_address), net.prefixlen
    return (number | MAPPED, length + 96) if net.version == 4 else (number, length)  # noqa: PLR2004  the version's own


def within4(nets: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Return the networks that are of IPv4, as such."""
    return [
        (number - MAPPED, length - MAPPED_LENGTH, place)
        for number, length, place in nets
        if length >= MAPPED_LENGTH and number >> 32 == WITHIN
    ]


def intervals(
    nets: list[tuple[int, int, int]], bits: int, sets: dict[tuple[int, ...], int]
) -> tuple[list[int], list[int]]:
    """Return where each interval of addresses begins, from 0 on, and the number of its set of lists.

    One of two networks that overlap holds the other, so that those which are open form a stack.
    """
    of: dict[tuple[int, int], set[int]] = {}
    for number, length, place in nets:
        of.setdefault((number, length), set()).add(place)
    starts, numbers = [0], [0]

    def begun(at: int, owners: frozenset[int]) -> None:
        """Begin an interval, unless it is on the same lists as the one before it."""
        number = sets.setdefault(tuple(sorted(owners)), len(sets))
        if starts[-1] == at:
            numbers[-1] = number
        elif numbers[-1] != number:
            starts.append(at)
            numbers.append(number)

    still: list[tuple[int, frozenset[int]]] = [(1 << bits, frozenset())]
    for number, length in sorted(of):
        while still[-1][0] <= number:
            end, _ = still.pop()
            begun(end, still[-1][1])
        still.append((number + (1 << (bits - length)), still[-1][1] | of[number, length]))
        begun(number, still[-1][1])
    while len(still) > 1:
        end, _ = still.pop()
        if end < 1 << bits:
            begun(end, still[-1][1])
    return starts, numbers


def by_halves(nets: list[tuple[int, int, int]], sets: dict[tuple[int, ...], int]) -> NDArray[np.uint32]:
    """Return for each upper half of an IPv4 address how many intervals begin before it, where they begin, their sets.

    The last interval that begins at an address or before is the last of the upper half's own, or the one before them.
    """
    starts, numbers = intervals(nets, 32, sets)
    table = np.searchsorted(np.array(starts, np.int64), np.arange(HALVES, dtype=np.int64) << 16)
    return np.concatenate((table, starts, numbers)).astype(np.uint32)


def by_number(nets: list[tuple[int, int, int]], sets: dict[tuple[int, ...], int]) -> Keys:
    """Return where intervals of IPv6 addresses begin, upper halves and then lower ones, and their sets."""
    starts, numbers = intervals(nets, 128, sets)
    halves = [start >> 64 for start in starts], [start & (2**64 - 1) for start in starts]
    return np.concatenate([np.array(part, np.uint64) for part in (*halves, numbers)])
