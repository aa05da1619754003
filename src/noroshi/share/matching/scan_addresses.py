"""Compiled reading of addresses in a line: IPv4, IPv6 and hardware addresses, each looked up with its networks."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from noroshi.flow.kernel import bare, inlined
from noroshi.share.matching.lookup import (
    COLON_CHAR,
    DASH,
    DIGIT,
    DOT_CHAR,
    HEX,
    MAC_SALT,
    NONE,
    S32,
    Tables,
    found,
    key4,
    key6,
    mixed,
)

__all__ = ["address4", "colons", "hardware", "look4", "nibble"]

Bytes = NDArray[np.uint8]


@inlined
def address4(buf: Bytes, start: int, end: int) -> int:
    """Return the IPv4 address that is written there, -1 if it is none."""
    value, octet, digits, dots = 0, 0, 0, 0
    for k in range(start, end):
        code = int(buf[k])
        if code == DOT_CHAR:
            if digits == 0:
                return -1
            value, octet, digits, dots = value * 256 + octet, 0, 0, dots + 1
        else:
            if digits > 0 and octet == 0:
                return -1
            octet, digits = octet * 10 + code - 48, digits + 1
            if octet > 255:
                return -1
    if dots != 3 or digits == 0:
        return -1
    return value * 256 + octet


@inlined
def look4(t: Tables, state: NDArray[np.int64], parts: NDArray[np.uint64], out: NDArray[np.int64], value: int) -> None:
    """Look an IPv4 address up, and every network that it may be in."""
    found(t, state, parts, out, key4(value, 32))
    if t.top[value >> 16]:
        for k in range(t.lengths4.size):
            found(t, state, parts, out, key4(value, t.lengths4[k]))


@bare
def hardware(
    t: Tables, buf: Bytes, start: int, end: int, state: NDArray[np.int64], parts: NDArray[np.uint64],
    out: NDArray[np.int64],
) -> None:  # fmt: skip
    """Look a hardware address up by its twelve digits."""
    value, digits = NONE, 0
    for k in range(start, end):
        if t.classes[buf[k]] & HEX:
            value, digits = value * np.uint64(16) + nibble(buf[k]), digits + 1
    if digits == 12:
        found(t, state, parts, out, mixed(value ^ MAC_SALT))


@inlined
def nibble(code: int) -> Any:  # noqa: ANN401  as above
    """Return the value of a hexadecimal digit."""
    return np.uint64(code - 48) if code < 58 else np.uint64((code | 32) - 87)


@bare
def colons(
    t: Tables, buf: Bytes, start: int, end: int, state: NDArray[np.int64], parts: NDArray[np.uint64],
    out: NDArray[np.int64],
) -> None:  # fmt: skip
    """Look up an IPv6 or hardware address among groups between colons, without foreign groups at the ends."""
    while start < end and (buf[start] == DOT_CHAR or buf[start] == DASH):
        start += 1
    while start < end and (buf[end - 1] == DOT_CHAR or buf[end - 1] == DASH):
        end -= 1
    at, foreign = start, False
    for k in range(start, end):  # after the last foreign group that others follow, all of one kind
        if buf[k] == COLON_CHAR:
            if foreign:
                at = k + 1
                foreign = False
                continue
        elif not t.classes[buf[k]] & HEX:
            foreign = True
    dotted = 0
    last = end
    for k in range(end - 1, at - 1, -1):
        if buf[k] == COLON_CHAR:
            break
        last = k
    if foreign:
        for k in range(last, end):
            if buf[k] == DOT_CHAR:
                dotted += 1
            elif not t.classes[buf[k]] & DIGIT:
                dotted = -1000
        if dotted < 0:
            end = last - 1
    tried(t, buf, at, end, state, parts, out)


@bare
def tried(
    t: Tables, buf: Bytes, start: int, end: int, state: NDArray[np.int64], parts: NDArray[np.uint64],
    out: NDArray[np.int64],
) -> None:  # fmt: skip
    """Look up the address that is written between `start` and `end`, if it is one."""
    if end - start > 1 and buf[start] == COLON_CHAR and buf[start + 1] != COLON_CHAR:
        start += 1
    if end - start > 1 and buf[end - 1] == COLON_CHAR and buf[end - 2] != COLON_CHAR:
        end -= 1
    if end - start == 17:
        hardware(t, buf, start, end, state, parts, out)
    count, gap, digits, value = 0, -1, 0, NONE
    k = start
    while k < end:
        code = buf[k]
        if code == COLON_CHAR:
            if digits > 0:
                parts[2, count], count, digits, value = value, count + 1, 0, NONE
            if k + 1 < end and buf[k + 1] == COLON_CHAR:
                if gap >= 0:
                    return
                gap = count
                k += 1
        elif t.classes[code] & HEX:
            digits, value = digits + 1, value * np.uint64(16) + nibble(code)
            if digits > 4:
                return
        elif code == DOT_CHAR and count < 7:  # an IPv4 address at the end, from where its first octet began
            four = address4(buf, k - digits, end)
            if four < 0:
                return
            parts[2, count], parts[2, count + 1] = np.uint64(four >> 16), np.uint64(four & 0xFFFF)
            count, digits = count + 2, 0
            break
        else:
            return
        if count > 8 or (count == 8 and digits > 0):
            return
        k += 1
    if digits > 0:
        parts[2, count], count = value, count + 1
    if count != 8 and (gap < 0 or count > 7):
        return
    high, lower, moved = NONE, NONE, 8 - count
    for g in range(8):
        if gap < 0 or g < gap:
            one = parts[2, g]
        elif g < gap + moved:
            one = NONE
        else:
            one = parts[2, g - moved]
        if g < 4:
            high = (high << np.uint64(16)) | one
        else:
            lower = (lower << np.uint64(16)) | one
    if high == NONE and (lower >> S32) == np.uint64(0xFFFF):
        look4(t, state, parts, out, int(lower & np.uint64(0xFFFFFFFF)))
        return
    found(t, state, parts, out, key6(high, lower, 128))
    for n in range(t.lengths6.size):
        found(t, state, parts, out, key6(high, lower, t.lengths6[n]))
