"""What is known to be benign: lists of values, names with all under them, and networks, looked up in microseconds.

The lists are those of MISP (warninglists): exact values (`string`), names and what is under them (`hostname`),
networks (`cidr`), parts of values (`substring`) and regular expressions (`regex`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from hashlib import blake2b
from ipaddress import AddressValueError, IPv6Address, ip_network
from typing import TYPE_CHECKING, Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from noroshi.flow.kernel import kernel
from noroshi.share.matching.values import folded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["Listed", "Packed", "Warninglists", "opened", "packed"]

Keys = NDArray[np.uint64]
EMPTY: Any = np.uint64(0)
ONE: Any = np.uint64(1)
LEAST_SLOTS = 64
MEMORY = 1 << 26
EXPRESSION = re.compile(r"/(.*)/([a-z]*)\Z", re.DOTALL)
HALF = 16
FEW = 64
"""Parts that are looked for one by one."""
HEAD = 4
"""Characters at the beginning of a part that it is looked for by."""
Parts = tuple[int, bool, tuple[str, ...], tuple[str, ...]]
Networks = tuple[tuple[int, dict[int, tuple[int, ...]]], ...]
"""By length: how far to shift an address to the right, and the lists of each network of that length."""
IPV4 = re.compile(r"[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\Z")


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
    nets: address (high and low half), length and list of each network, those of IPv4 with a length of 96 + theirs.
    sieve: a bit for the CRC-32 of each value, which tells most of what is on no list in no time.
    parts: of each list of parts or expressions its place, whether they are plain texts, what they are, and the kinds
    of values that they are about.
    """

    names: tuple[str, ...]
    keys: Keys
    owners: NDArray[np.int32]
    nets: NDArray[np.uint64]
    parts: tuple[Parts, ...]
    sieve: NDArray[np.uint8]


def digest(text: str) -> int:
    """Return 63 bits that nobody can aim at another value's; never 0, which marks an empty slot."""
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "little") >> 1 or 1


def packed(lists: Iterable[Listed]) -> Packed:
    """Return the lists as arrays; entries that are no network in a list of networks count as exact values."""
    names: list[str] = []
    keys: list[int] = []
    checks: list[int] = []
    owners: list[int] = []
    nets: list[tuple[int, int, int, int]] = []
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
                text = folded(value).lstrip(".") if under else folded(value)
                keys.append(digest(text))
                checks.append(crc32(text.encode("utf-8", "replace")))
                owners.append(2 * place + under)
    order = np.argsort(np.array(keys, np.uint64), kind="stable")
    return Packed(
        tuple(names), np.array(keys, np.uint64)[order], np.array(owners, np.int32)[order],
        np.array(nets, np.uint64).reshape(-1, 4), tuple(parts), sieved(checks),
    )  # fmt: skip


def sieved(checks: list[int]) -> NDArray[np.uint8]:
    """Return bits of which at most one in sixteen is set, that of each check among them."""
    size = LEAST_SLOTS
    while size < 2 * len(checks):
        size *= 2
    bits = np.zeros(8 * size, np.bool_)
    bits[np.array(checks, np.int64) & (8 * size - 1)] = True
    return np.packbits(bits, bitorder="little")


def unslashed(text: str) -> str:
    """Return a regular expression that is written /…/i as RE2 has it."""
    found = EXPRESSION.match(text)
    return (f"(?i:{found[1]})" if "i" in found[2] else found[1]) if found else text


def network(value: str) -> tuple[int, int, int] | None:
    """Return a network's address as two halves and its length, IPv4 as in ::ffff:0:0/96; None for other text."""
    try:
        net = ip_network(value.strip(), strict=False)
    except ValueError:
        return None
    number, length = int(net.network_address), net.prefixlen
    if net.version == 4:  # noqa: PLR2004  the version's own number
        number, length = number | MAPPED, length + 96
    return number >> 64, number & (2**64 - 1), length


MAPPED, MAPPED_LENGTH, WITHIN = 0xFFFF_0000_0000, 96, 0xFFFF
"""IPv4 within IPv6 is ::ffff:0:0/96 (RFC 4291, section 2.5.5.2)."""


@dataclass(frozen=True, slots=True)
class Warninglists:
    """The lists, ready to be asked. nets4: by the upper half of the address, only the lengths that occur there."""

    lists: tuple[str, ...]
    sieve: bytes
    slots: Keys
    starts: NDArray[np.int64]
    owners: NDArray[np.int32]
    nets4: dict[int, Networks]
    nets6: Networks
    searches: dict[str, tuple[tuple[int, Callable[[str], object]], ...]] = field(default_factory=dict)

    def names(self, value: str, kind: str = "") -> tuple[str, ...]:
        """Return the names of the lists that a value is on, in their order; of a URL, those of its host too.

        Lists of parts and expressions speak of some kinds only; without `kind` it is told by the value's form.
        """
        found = set(self.places(value, kind))
        return tuple([self.lists[k] for k in sorted(found)]) if found else ()

    def places(self, value: str, kind: str = "") -> list[int]:
        """Return the lists that a value is on; some may come twice."""
        text = folded(value)
        found: list[int] = []
        kind = kind or kind_of(text)
        if kind == "ipv4" and (number := number4(text)) is not None:
            for shift, some in self.nets4.get(number >> HALF, ()):
                net = number >> shift
                if net in some:
                    found += some[net]
        elif ":" in text and (six := number6(text)) is not None:
            for shift, some in self.nets6:
                if six >> shift in some:
                    found += some[six >> shift]
        sieve, mask = self.sieve, 8 * len(self.sieve) - 1
        check = crc32(text.encode("utf-8", "replace")) & mask
        if sieve[check >> 3] >> (check & 7) & 1:
            found += [owner >> 1 for owner in self.owned(text)]
        if kind in {"ipv4", "ipv6"}:
            return self.searched(text, kind, found)
        host = text.rpartition("://")[2]
        cut = host.find("/")
        names = [] if cut < 0 and len(host) == len(text) else [host_of(host, cut)]
        host = names[0] if names else host
        dot = host.find(".")
        while dot >= 0:
            names.append(host[dot + 1 :])
            dot = host.find(".", dot + 1)
        for name in names:
            check = crc32(name.encode("utf-8", "replace")) & mask
            if sieve[check >> 3] >> (check & 7) & 1:
                found += [owner >> 1 for owner in self.owned(name) if owner & 1]
        return self.searched(text, kind, found)

    def owned(self, text: str) -> list[int]:
        """Return the owners of a value, as `Packed` has them."""
        at = probed(self.slots, digest(text))
        return [] if at < 0 else self.owners[self.starts[at] : self.starts[at + 1]].tolist()

    def searched(self, text: str, kind: str, found: list[int]) -> list[int]:
        """Add to `found` the lists that have a part of the text, or an expression for it; and return it."""
        found += [place for place, search in self.searches.get(kind, ()) if search(text)]
        return found


def host_of(rest: str, cut: int) -> str:
    """Return the host of what follows a URL's scheme; `cut`: where its path begins, -1 without one."""
    return (rest[:cut] if cut >= 0 else rest).rpartition("@")[2].partition(":")[0]


def number4(text: str) -> int | None:
    """Return an IPv4 address as a number."""
    a, b, c, d = map(int, text.split("."))
    return (a << 24) | (b << 16) | (c << 8) | d if max(a, b, c, d) < 256 else None  # noqa: PLR2004  octets


def kind_of(text: str) -> str:
    """Return the kind of a value, as far as it matters here."""
    if IPV4.match(text):
        return "ipv4"
    return "email" if "@" in text else "url" if "/" in text else "domain" if "." in text else ""


def number6(text: str) -> int | None:
    """Return an IPv6 address as a number."""
    try:
        return int(IPv6Address(text))
    except AddressValueError:
        return None


@kernel
def probed(slots: Keys, key: int) -> int:
    """Return the place of a key among all keys, -1 if there is none; odd slots hold places."""
    wanted = np.uint64(key)
    mask = np.uint64(slots.size // 2 - 1)
    slot = wanted & mask
    while slots[2 * slot] != EMPTY:
        if slots[2 * slot] == wanted:
            return np.int64(slots[2 * slot + ONE])  # type: ignore[return-value]  # a number to numba
        slot = (slot + ONE) & mask
    return -1


@kernel
def laid(unique: Keys, slots: Keys) -> None:
    """Put every key and its place into the hash table."""
    mask = np.uint64(slots.size // 2 - 1)
    for k in range(unique.size):
        slot = unique[k] & mask
        while slots[2 * slot] != EMPTY:
            slot = (slot + ONE) & mask
        slots[2 * slot] = unique[k]
        slots[2 * slot + ONE] = np.uint64(k)


def opened(given: Packed) -> Warninglists:
    """Return the lists ready to be asked: a hash table of values, a table of networks for each length."""
    unique, first = np.unique(given.keys, return_index=True)
    size = LEAST_SLOTS
    while size < 2 * len(unique):
        size *= 2
    slots = np.zeros(2 * size, np.uint64)
    laid(unique, slots)
    by_length: dict[int, dict[int, list[int]]] = {}
    for high, lower, length, place in given.nets.tolist():
        number = (high << 64) | lower
        by_length.setdefault(length, {}).setdefault(number >> (128 - length), []).append(place)
    six = [(length, {net: tuple(owners) for net, owners in some.items()}) for length, some in by_length.items()]
    inner = [
        (length, {net & ((1 << (length - 96)) - 1): owners for net, owners in some.items()
                  if net >> (length - 96) == WITHIN})
        for length, some in six if length >= MAPPED_LENGTH
    ]  # fmt: skip
    four = by_half(tuple((128 - length, some) for length, some in inner if some))
    return Warninglists(
        given.names, given.sieve.tobytes(), slots, np.concatenate((first, [len(given.keys)])).astype(np.int64),
        given.owners, four,
        tuple((128 - length, some) for length, some in six),
        by_kind(given),
    )  # fmt: skip


def by_half(nets: Networks) -> dict[int, Networks]:
    """Return for each upper half of an IPv4 address the lengths of networks that it may be in."""
    made: dict[int, list[tuple[int, dict[int, tuple[int, ...]]]]] = {}
    for shift, some in nets:
        if shift <= HALF:
            halves: Iterable[int] = {net >> (HALF - shift) for net in some}
        else:
            wide = shift - HALF
            halves = (half for net in some for half in range(net << wide, (net + 1) << wide))
        for half in halves:
            made.setdefault(half, []).append((shift, some))
    return {half: tuple(some) for half, some in made.items()}


def by_kind(given: Packed) -> dict[str, tuple[tuple[int, Callable[[str], object]], ...]]:
    """Return for each kind of value the lists of expressions about it, compiled."""
    made: dict[str, list[tuple[int, Callable[[str], object]]]] = {}
    for place, plain, expressions, kinds in given.parts:
        search = holding(expressions) if plain else searching(expressions)
        for kind in kinds:
            made.setdefault(kind, []).append((place, search))
    return {kind: tuple(some) for kind, some in made.items()}


def holding(parts: tuple[str, ...]) -> Callable[[str], object]:
    """Return a function that says whether a text holds one of many parts: by their first characters."""
    if len(parts) <= FEW:
        return lambda text: any([part in text for part in parts])  # noqa: C419  faster than a generator
    heads: dict[str, list[str]] = {}
    short = [part for part in parts if len(part) < HEAD]
    for part in parts:
        if len(part) >= HEAD:
            heads.setdefault(part[:HEAD], []).append(part)

    def search(text: str) -> bool:
        for at in range(len(text) - HEAD + 1):
            some = heads.get(text[at : at + HEAD])
            if some and any([text.startswith(part, at) for part in some]):  # noqa: C419  faster than a generator
                return True
        return any([part in text for part in short])  # noqa: C419  as above

    return search


def searching(expressions: tuple[str, ...]) -> Callable[[str], object]:
    """Return a function that searches a text for any of the expressions, in time that grows with the text alone."""
    import re2

    options = re2.Options()
    options.max_mem = MEMORY
    options.log_errors = False
    known = []
    for one in expressions:
        try:
            re2.compile(one, options)
        except re2.error:
            continue
        known.append(one)
    found: Callable[[str], object] = re2.compile("|".join(known) or r"[^\s\S]", options).search
    return found
