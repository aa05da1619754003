"""What is known to be benign: lists of values, names with all under them, and networks, looked up in microseconds.

The lists are those of MISP (warninglists): exact values (`string`), names and what is under them (`hostname`),
networks (`cidr`), parts of values (`substring`) and regular expressions (`regex`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from noroshi.share.matching.values import KINDS, folded
from noroshi.share.matching.warninglists_packing import Packed, Parts, digest
from noroshi.share.matching.warninglists_probe import (
    DOMAIN,
    EMAIL,
    EXPRESSIONS,
    GRAMS,
    IPV4,
    IPV6,
    LAST,
    PARTS,
    URL,
    laid,
    noted,
    probe,
    probed,
)

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Warninglists", "opened"]

Keys = NDArray[np.uint64]
Searches = tuple[tuple[int, "Callable[[str], object]"], ...]
LEAST_SLOTS = 64
MEMORY = 1 << 26
FEW = 64
"""Parts that are looked for one by one."""
HEAD = 4
"""Characters at the beginning of a part that it is looked for by, where there are many."""
FORM4 = re.compile(r"[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\Z")
OF_PROBE = {"": 0, "ipv4": IPV4, "ipv6": IPV6, "email": EMAIL, "url": URL, "domain": DOMAIN}
OTHER = 31
CODES = {**{kind: n for n, kind in enumerate(KINDS, 6)}, **OF_PROBE}
"""Kind -> what the kernel calls it."""


@dataclass(frozen=True, slots=True)
class Warninglists:
    """The lists, ready to be asked. slots: digests and their places, at which `starts` says where their owners are.

    told: the names of each set of lists that networks are on; grams, four, six and sieve as `probe` has them.
    """

    lists: tuple[str, ...]
    sieve: Keys
    grams: NDArray[np.uint32]
    four: NDArray[np.uint32]
    six: Keys
    sets: tuple[tuple[int, ...], ...]
    told: tuple[tuple[str, ...], ...]
    slots: Keys
    starts: NDArray[np.int64]
    owners: NDArray[np.int32]
    parts: dict[str, Searches]
    expressions: dict[str, Searches]

    def names(self, value: str, kind: str = "") -> tuple[str, ...]:
        """Return the names of the lists that a value is on, in their order; of a URL, those of its host too.

        Lists of parts and expressions speak of some kinds only; without `kind` it is told by the value's form.
        """
        raw = value.encode("utf-8", "replace")
        place, bits = probe(raw, CODES.get(kind, OTHER), self.sieve, self.grams, self.four, self.six)
        if not bits:
            return self.told[place]
        found = self.places(folded(raw.decode()), kind, bits)
        if not found:
            return self.told[place]
        return tuple([self.lists[k] for k in sorted({*self.sets[place], *found})])

    def places(self, text: str, kind: str, bits: int) -> list[int]:
        """Return the lists that a value is on but for its networks; some may come twice. bits: where to look."""
        found = [owner >> 1 for owner in self.owned(text)] if bits & 1 else []
        if bits >> 1 & PARENTS:
            for k, name in enumerate(names_of(text), 1):
                if bits >> min(k, LAST) & 1:
                    found += [owner >> 1 for owner in self.owned(name) if owner & 1]
        for at, searches in ((PARTS, self.parts), (EXPRESSIONS, self.expressions)):
            if bits >> at & 1:
                found += [place for place, search in searches.get(kind or kind_of(text), ()) if search(text)]
        return found

    def owned(self, text: str) -> list[int]:
        """Return the owners of a value, as `Packed` has them."""
        begin, end = probed(self.slots, self.starts, digest(text))
        return self.owners[begin:end].tolist() if begin < end else []


PARENTS = (1 << LAST) - 1


def names_of(text: str) -> list[str]:
    """Return the host of a URL, "" for what is no URL, and all parents of it or of the text."""
    host = text.rpartition("://")[2]
    cut = host.find("/")
    if cut >= 0 or len(host) < len(text):
        host = (host[:cut] if cut >= 0 else host).rpartition("@")[2].partition(":")[0]
        names = [host]
    else:
        names = [""]
    dot = host.find(".")
    while dot >= 0:
        names.append(host[dot + 1 :])
        dot = host.find(".", dot + 1)
    return names


def kind_of(text: str) -> str:
    """Return the kind of a value, as far as it matters here."""
    if FORM4.match(text):
        return "ipv4"
    return "email" if "@" in text else "url" if "/" in text else "domain" if "." in text else ""


def opened(given: Packed) -> Warninglists:
    """Return the lists ready to be asked: with a hash table of values, and their parts and expressions compiled."""
    unique, first = np.unique(given.keys, return_index=True)
    size = LEAST_SLOTS
    while size < 2 * len(unique):
        size *= 2
    slots = np.zeros(2 * size, np.uint64)
    laid(unique, slots)
    return Warninglists(
        given.names, given.sieve, grams_of(given.parts), given.four, given.six, given.sets,
        tuple(tuple(given.names[place] for place in some) for some in given.sets), slots,
        np.concatenate((first, [len(given.keys)])).astype(np.int64), given.owners,
        by_kind(given, plain=True), by_kind(given, plain=False),
    )  # fmt: skip


def grams_of(parts: tuple[Parts, ...]) -> NDArray[np.uint32]:
    """Return the kinds of values whose parts have each gram, as `probe` has them."""
    grams = np.zeros(GRAMS + 2, np.uint32)
    for _, plain, texts, kinds in parts:
        bits = sum(1 << CODES[kind] for kind in set(kinds))
        if plain:
            for text in texts:
                noted(text.encode("utf-8", "replace"), bits, grams)
        else:
            grams[GRAMS + 1] |= np.uint32(bits)
    return grams


def by_kind(given: Packed, *, plain: bool) -> dict[str, Searches]:
    """Return for each kind of value the lists of parts of it, or with `plain` false of expressions, compiled."""
    made: dict[str, list[tuple[int, Callable[[str], object]]]] = {}
    for place, simple, texts, kinds in given.parts:
        if simple is plain:
            search = holding(texts) if plain else searching(texts)
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
    machine = re2.compile(("|".join(known) or r"[^\s\S]").encode(), options)
    return lambda text: machine.search(text.encode())  # bytes: it would count the characters of a text
