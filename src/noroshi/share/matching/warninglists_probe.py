"""Compiled: one pass over a value says whether a list of known benign values can hold it, and which networks do.

It may name a name too many, never one too few: which lists hold a name is decided by the names' digests alone. Names
are hashed from right to left, so that every parent is looked up on the way.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from noroshi.flow.kernel import bare, bare_kernel, inlined, kernel
from noroshi.share.matching.lookup import (
    AT,
    COLON_CHAR,
    DOT_CHAR,
    FACTOR,
    NONE,
    ONE,
    PERCENT,
    S32,
    SIX_BITS,
    SLASH,
    WORD_SALT,
    low,
    mixed,
)

__all__ = [
    "DOMAIN", "EMAIL", "EXPRESSIONS", "GRAMS", "HALVES", "IPV4", "IPV6", "LAST", "PARTS", "URL", "laid", "noted",
    "probe", "probed", "sown",
]  # fmt: skip

Keys = NDArray[np.uint64]
Buffer: Any = bytes
"""What numba reads as it reads an array of bytes."""
IPV4, IPV6, EMAIL, URL, DOMAIN = 1, 2, 3, 4, 5
"""Kinds as the kernel has them; 0: told by the value's form; others only say which parts are looked for."""
GRAM = 5
"""Bytes of a part of a value that it is looked for by."""
GRAMS = 1 << 16
HALVES = (1 << 16) + 1
LAST, PARTS, EXPRESSIONS = 60, 61, 62
"""Bits of the answer: 0 the value itself, 1 its host, 2 and on its parents, `LAST` for all from there on; the rest."""
GRAM_ONES: Any = np.uint64((1 << 8 * GRAM) - 1)
GRAMS_ONES: Any = np.uint64(GRAMS - 1)
PARENT_SALT: Any = np.uint64(0xC91A2B3C4D5E6F78)
S16: Any = np.uint64(16)
S48: Any = np.uint64(48)


@inlined
def signed(value: Any) -> int:  # noqa: ANN401  unsigned, see lookup.py
    """Return a number that may be counted with: of signed and unsigned ones numba would make a float."""
    return np.int64(value)  # type: ignore[return-value]  # a number to numba


@inlined
def sown_bits(key: Any) -> Any:  # noqa: ANN401  unsigned
    """Return the three bits that a key has in its word of the sieve."""
    return (
        ONE << (key & SIX_BITS) | ONE << ((key >> np.uint64(6)) & SIX_BITS) | ONE << ((key >> np.uint64(12)) & SIX_BITS)
    )


@inlined
def passes(sieve: Keys, value: Any, salt: Any) -> bool:  # noqa: ANN401  unsigned
    """Say whether what was hashed so far can be a value of a list; with the other salt, one that stands for parents."""
    key = mixed(value ^ salt)
    bits = sown_bits(key)
    return sieve[(key >> np.uint64(20)) & np.uint64(sieve.size - 1)] & bits == bits  # type: ignore[no-any-return]  # numpy


@inlined
def backwards(text: Buffer, start: int, end: int) -> Any:  # noqa: ANN401  unsigned
    """Return the hash of a part of a text, from right to left."""
    value = NONE
    for k in range(end - 1, start - 1, -1):
        value = value * FACTOR + low(signed(text[k]))
    return value


@inlined
def slots_of(window: Any) -> tuple[Any, Any]:  # noqa: ANN401  unsigned
    """Return the two places of a gram in the table of grams."""
    key = mixed(window)
    return key & GRAMS_ONES, key >> S32 & GRAMS_ONES


@bare_kernel
def noted(part: Buffer, kinds: int, grams: NDArray[np.uint32]) -> None:
    """Note a gram of a part of values of some kinds: from its middle, since many begin and end alike.

    Kinds of which a part is too short are noted after all grams: their parts are always looked for.
    """
    if len(part) < GRAM:
        grams[GRAMS] |= np.uint32(kinds)
        return
    start = (len(part) - GRAM) // 2 if len(part) > GRAM + 2 else 0
    window = NONE
    for k in range(start, start + GRAM):
        window = window << np.uint64(8) | low(signed(part[k]))
    one, two = slots_of(window)
    grams[one] |= np.uint32(kinds)
    grams[two] |= np.uint32(kinds)


@bare_kernel
def sown(text: Buffer, ends: NDArray[np.int64], owners: NDArray[np.int32], sieve: Keys) -> None:
    """Put into the sieve, zeros before, every value of many that stand one after the other; names of parents twice."""
    start = 0
    for n in range(ends.size):
        value = backwards(text, start, ends[n])
        for k in range(1 + owners[n] % 2):
            key = mixed(value ^ (PARENT_SALT if k else WORD_SALT))
            sieve[(key >> np.uint64(20)) & np.uint64(sieve.size - 1)] |= sown_bits(key)
        start = ends[n]


@bare
def number4(text: Buffer, start: int, end: int) -> int:
    """Return an IPv4 address, -1 for other text, -2 for four octets of which one is too large."""
    value, octet, digits, dots, large = 0, 0, 0, 0, 0
    for k in range(start, end):
        code = signed(text[k])
        if code == DOT_CHAR:
            if digits == 0:
                return -1
            value, octet, digits, dots = value * 256 + octet, 0, 0, dots + 1
        elif 48 <= code <= 57 and digits < 3:
            octet, digits = octet * 10 + code - 48, digits + 1
            large |= octet > 255
        else:
            return -1
    if dots != 3 or digits == 0:
        return -1
    return -2 if large else value * 256 + octet


@inlined
def nibble(code: int) -> int:
    """Return the value of a hexadecimal digit, -1 for another sign."""
    if 48 <= code <= 57:
        return code - 48
    code |= 32
    return code - 87 if 97 <= code <= 102 else -1


@bare
def number6(text: Buffer) -> tuple[Any, Any, bool]:
    """Return an IPv6 address as two halves (RFC 4291, section 2.2; RFC 4007's zone is left out); False for other text.

    As `ipaddress.IPv6Address` reads it: IPv4 at the end without leading zeros, `::` once and for one group at least.
    """
    end = len(text)
    for k in range(len(text)):
        if text[k] == SLASH or (text[k] == PERCENT and end < len(text)):
            return NONE, NONE, False
        if text[k] == PERCENT:
            end = k
    if end == len(text) - 1 or end < 2:
        return NONE, NONE, False
    high, lower, front_high, front_lower = NONE, NONE, NONE, NONE
    groups, gap, k = 0, -1, 0
    if text[0] == COLON_CHAR and text[1] == COLON_CHAR:
        gap, k = 0, 2
    while k < end:
        begun, value, one = k, 0, 0
        while k < end and k < begun + 5 and one >= 0:
            one = nibble(signed(text[k]))
            if one >= 0:
                value, k = value * 16 + one, k + 1
        if k < end and text[k] == DOT_CHAR:
            four = -1 if leading_zero(text, begun, end) else number4(text, begun, end)
            if four < 0 or groups > 6:
                return NONE, NONE, False
            high, lower, groups = high << S32 | lower >> S32, lower << S32 | np.uint64(four), groups + 2
            break
        if k == begun or k > begun + 4 or groups == 8:
            return NONE, NONE, False
        high, lower, groups = high << S16 | lower >> S48, lower << S16 | np.uint64(value), groups + 1
        if k == end:
            break
        if text[k] != COLON_CHAR or k + 1 == end:
            return NONE, NONE, False
        k += 1
        if text[k] == COLON_CHAR:
            if gap >= 0:
                return NONE, NONE, False
            gap, front_high, front_lower, high, lower, k = groups, high, lower, NONE, NONE, k + 1
    if gap < 0:
        return high, lower, groups == 8
    for _ in range(8 - gap):
        front_high, front_lower = front_high << S16 | front_lower >> S48, front_lower << S16
    return high | front_high, lower | front_lower, groups < 8


@inlined
def leading_zero(text: Buffer, start: int, end: int) -> bool:
    """Say whether an octet of more than one digit begins with 0."""
    for k in range(start, end - 1):
        if text[k] == 48 and (k == start or text[k - 1] == DOT_CHAR) and text[k + 1] != DOT_CHAR:
            return True
    return False


@bare
def net4(four: NDArray[np.uint32], number: int) -> int:
    """Return the set of lists of the interval that an IPv4 address is in: by its upper half, then by halving."""
    count = (four.size - HALVES) // 2
    least, most = signed(four[number >> 16]), signed(four[(number >> 16) + 1])
    while least < most:  # the last interval that begins at the address or before
        middle = (least + most) // 2
        if signed(four[HALVES + middle]) <= number:
            least = middle + 1
        else:
            most = middle
    return signed(four[HALVES + count + least - 1])


@bare
def net6(six: Keys, high: Any, lower: Any) -> int:  # noqa: ANN401  unsigned
    """Return the set of lists of the interval that an IPv6 address is in."""
    count = six.size // 3
    least, most = 0, count
    while least < most:
        middle = (least + most) // 2
        one = six[middle]
        if one < high or (one == high and six[count + middle] <= lower):
            least = middle + 1
        else:
            most = middle
    return signed(six[2 * count + least - 1])


@inlined
def host(text: Buffer) -> tuple[int, int, bool]:
    """Return where the host of a URL begins and ends, and whether the text has more than it."""
    start, size = 0, len(text)
    for k in range(size - 3, -1, -1):
        if text[k] == COLON_CHAR and text[k + 1] == SLASH and text[k + 2] == SLASH:
            start = k + 3
            break
    end = size
    for k in range(start, size):
        if text[k] == SLASH:
            end = k
            break
    if start == 0 and end == size:
        return 0, size, False
    for k in range(end - 1, start - 1, -1):
        if text[k] == AT:
            start = k + 1
            break
    for k in range(start, end):
        if text[k] == COLON_CHAR:
            end = k
            break
    return start, end, True


@bare_kernel
def probe(
    text: Buffer, kind: int, sieve: Keys, grams: NDArray[np.uint32], four: NDArray[np.uint32], six: Keys
) -> tuple[int, int]:
    """Return the set of lists of the networks that a value is in, 0 for none, and bits of what is to be looked up.

    sieve: three bits in a word for each value of a list, and three more for one that stands for all names under it.
    grams: the kinds of the parts that have a gram, at its two places; after them the kinds whose parts are always
    looked for, and those of expressions. four, six: where intervals of addresses begin, and their sets; of IPv4 with a
    table before them of the first one after each upper half.
    """
    size, dots, colons, slash, at = len(text), 0, 0, False, False
    parts, window = grams[GRAMS], NONE
    for k in range(size):
        code = signed(text[k])
        window = (window << np.uint64(8) | low(code)) & GRAM_ONES
        if k >= GRAM - 1:
            one, two = slots_of(window)
            parts |= grams[one] & grams[two]
        dots += code == DOT_CHAR
        colons += code == COLON_CHAR
        slash |= code == SLASH
        at |= code == AT
    place, mask = 0, 0
    number = number4(text, 0, size) if kind in (0, IPV4) and dots == 3 else -1
    if number >= 0:
        place = net4(four, number)
    elif colons > 1:
        high, lower, right = number6(text)
        if right:
            place = net6(six, high, lower)
    if kind == 0:
        kind = IPV4 if number != -1 else EMAIL if at else URL if slash else DOMAIN if dots > 0 else 0
    if parts >> np.uint32(kind) & np.uint32(1):
        mask = 1 << PARTS
    if grams[GRAMS + 1] >> np.uint32(kind) & np.uint32(1):
        mask |= 1 << EXPRESSIONS
    if kind in (IPV4, IPV6):
        return place, mask | passes(sieve, backwards(text, 0, size), WORD_SALT)
    start, end, more = host(text)
    if more:
        mask |= passes(sieve, backwards(text, 0, size), WORD_SALT)
    dots = 0
    for k in range(start, end):
        dots += text[k] == DOT_CHAR
    value = NONE
    for k in range(end - 1, start - 1, -1):
        code = signed(text[k])
        if code == DOT_CHAR:
            dots -= 1
            if passes(sieve, value, PARENT_SALT):
                mask |= 1 << min(dots + 2, LAST)
        value = value * FACTOR + low(code)
    if passes(sieve, value, PARENT_SALT if more else WORD_SALT):
        mask |= 2 if more else 1
    return place, mask


@bare_kernel
def probed(slots: Keys, starts: NDArray[np.int64], key: int) -> tuple[int, int]:
    """Return where the owners of a key begin and end, twice the same if there are none; odd slots hold places."""
    wanted = np.uint64(key)
    mask = np.uint64(slots.size // 2 - 1)
    slot = wanted & mask
    while slots[2 * slot] != NONE:
        if slots[2 * slot] == wanted:
            place = signed(slots[2 * slot + ONE])
            return starts[place], starts[place + 1]
        slot = (slot + ONE) & mask
    return 0, 0


@kernel
def laid(unique: Keys, slots: Keys) -> None:
    """Put every key and its place into the hash table."""
    mask = np.uint64(slots.size // 2 - 1)
    for k in range(unique.size):
        slot = unique[k] & mask
        while slots[2 * slot] != NONE:
            slot = (slot + ONE) & mask
        slots[2 * slot] = unique[k]
        slots[2 * slot + ONE] = np.uint64(k)
