"""What the compiled scanner looks up and how: keys of 64 bits behind a filter of bits, both in plain arrays."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from noroshi.flow.kernel import inlined, kernel

__all__ = [
    "CLASSES",
    "HOST",
    "PATH",
    "SHOW",
    "Tables",
    "filled",
    "found",
    "key4",
    "key6",
    "low",
    "mixed",
    "noted",
    "place_of",
]

WORD, COLON, DIGIT, HEX, DOT, STOP = 1, 2, 4, 8, 16, 32
SHOW, HOST, PATH = 1, 2, 4
"""What a key is good for: it names a line, it is the host or the path of a URL that is looked for."""
MOST_PARTS = 4096
LONG = 255
NEWLINE, DASH, DOT_CHAR, SLASH, COLON_CHAR, QUERY, FRAGMENT, AT = 10, 45, 46, 47, 58, 63, 35, 64
PERCENT, PLUS = 37, 43

# numba keeps unsigned numbers apart from signed ones; to a type checker both are numbers
FACTOR: Any = np.uint64(0x100000001B3)
MIX: Any = np.uint64(0x9E3779B97F4A7C15)
MIX2: Any = np.uint64(0xD6E8FEB86659FD93)
WORD_SALT: Any = np.uint64(0x51A2B3C4D5E6F701)
MAIL_SALT: Any = np.uint64(0x62B3C4D5E6F70812)
PATH_SALT: Any = np.uint64(0x73C4D5E6F7081923)
V4_SALT: Any = np.uint64(0x84D5E6F708192A34)
V6_SALT: Any = np.uint64(0x95E6F708192A3B45)
MAC_SALT: Any = np.uint64(0xA6F708192A3B4C56)
S32: Any = np.uint64(32)
S29: Any = np.uint64(29)
S8: Any = np.uint64(8)
S64: Any = np.uint64(64)
ALL_ONES: Any = np.uint64(0xFFFFFFFFFFFFFFFF)
NONE: Any = np.uint64(0)
ONE: Any = np.uint64(1)
SIX_BITS: Any = np.uint64(63)


class Tables(NamedTuple):
    """What the scanner looks up: a bit filter, an open hash table of keys, what each key is good for, and lengths."""

    bits: NDArray[np.uint64]
    slots: NDArray[np.uint64]
    places: NDArray[np.int32]
    roles: NDArray[np.uint8]
    wanted: NDArray[np.bool_]
    top: NDArray[np.bool_]
    lengths4: NDArray[np.int64]
    lengths6: NDArray[np.int64]
    classes: NDArray[np.uint8]
    parents: bool
    paths: bool


def classes() -> NDArray[np.uint8]:
    """Return what each byte is: part of a word, a digit, hexadecimal, the end of a URL."""
    table = np.zeros(256, np.uint8)
    for code in range(256):
        sign = chr(code)
        if code < 128 and (sign.isalnum() or sign in "._-"):
            table[code] |= WORD
        if "0" <= sign <= "9":
            table[code] |= DIGIT
        if sign in "0123456789abcdefABCDEF":
            table[code] |= HEX
        if sign == ".":
            table[code] |= DOT
        if sign == ":":
            table[code] |= COLON
        if code <= 32 or code == 127 or sign in "\"'<>`{}|^\\":
            table[code] |= STOP
    return table


CLASSES = classes()


@inlined
def mixed(value: Any) -> Any:  # noqa: ANN401  unsigned, see above
    """Return a number whose bits all depend on all of `value`; never 0, which marks an empty slot."""
    value = (value ^ (value >> S32)) * MIX
    value = (value ^ (value >> S29)) * MIX2
    value ^= value >> S32
    return value if value != NONE else MIX


@inlined
def low(code: int) -> Any:  # noqa: ANN401  as above
    """Return a byte in lower case."""
    return np.uint64(code + 32) if 65 <= code <= 90 else np.uint64(code)


@inlined
def place_of(t: Tables, key: Any) -> int:  # noqa: ANN401  as above
    """Return the place of a key among all keys, -1 if there is none."""
    wanted = ONE << (key & SIX_BITS) | ONE << ((key >> np.uint64(6)) & SIX_BITS)
    if t.bits[(key >> np.uint64(12)) & np.uint64(t.bits.size - 1)] & wanted != wanted:
        return -1
    mask = np.uint64(t.slots.size - 1)
    slot = (key >> np.uint64(20)) & mask
    while t.slots[slot] != NONE:
        if t.slots[slot] == key:
            return int(t.places[slot])
        slot = (slot + np.uint64(1)) & mask
    return -1


@inlined
def found(t: Tables, state: NDArray[np.int64], parts: NDArray[np.uint64], out: NDArray[np.int64], key: Any) -> None:  # noqa: ANN401
    """Look a key up; note the line if it shows one, or the part of a URL."""
    place = place_of(t, key)
    if place < 0:
        return
    role = t.roles[place]
    if role & SHOW:
        noted(state, out, place)
    for side, wanted in ((0, HOST), (1, PATH)):
        if role & wanted:
            at = state[3 + side]
            if at < MOST_PARTS:
                parts[side, at] = key
                state[3 + side] = at + 1
            else:
                state[5] = 1


@inlined
def noted(state: NDArray[np.int64], out: NDArray[np.int64], place: int) -> None:
    """Note line number, where the line starts, and the key's place; beyond the room in `out` they are counted only."""
    at = state[0]
    if at < out.shape[0]:
        out[at, 0], out[at, 1], out[at, 2] = state[1], state[2], place
    state[0] = at + 1


@inlined
def key4(value: int, length: int) -> Any:  # noqa: ANN401  as above
    """Return the key of an IPv4 network."""
    shift = 32 - length
    return mixed((np.uint64((value >> shift) << shift) << S8 | np.uint64(length)) ^ V4_SALT)


@inlined
def key6(high: Any, lower: Any, length: int) -> Any:  # noqa: ANN401  as above
    """Return the key of an IPv6 network."""
    if length <= 64:
        high = high & (ALL_ONES << np.uint64(64 - length)) if length > 0 else NONE
        lower = NONE
    elif length < 128:
        lower &= ALL_ONES << np.uint64(128 - length)
    return mixed(mixed(high ^ V6_SALT) * FACTOR + lower * MIX + np.uint64(length))


@kernel
def filled(
    unique: NDArray[np.uint64], slots: NDArray[np.uint64], places: NDArray[np.int32], bits: NDArray[np.uint64]
) -> None:
    """Put every key and its place into the hash table and the filter; all three are zeros before."""
    mask = np.uint64(slots.size - 1)
    for k in range(unique.size):
        key = unique[k]
        place = (key >> np.uint64(12)) & np.uint64(bits.size - 1)
        bits[place] |= ONE << (key & SIX_BITS) | ONE << ((key >> np.uint64(6)) & SIX_BITS)
        slot = (key >> np.uint64(20)) & mask
        while slots[slot] != NONE:
            slot = (slot + np.uint64(1)) & mask
        slots[slot] = key
        places[slot] = k
