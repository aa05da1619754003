"""The compiled scanner: finds in a buffer of log lines those that may hold an indicator, at memory's own pace.

It may name a line too many, never one too few: what is a hit is decided by `tokens` and `exact` alone. Words are hashed
from right to left, so that every parent domain is looked up on the way; paths of URLs from left to right, so that
every beginning is. A URL is found by its host and its path in one line, since many logs keep them in two fields.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from noroshi.flow.kernel import bare_kernel, inlined, kernel
from noroshi.share.matching.lookup import (
    AT,
    COLON_CHAR,
    DASH,
    DOT_CHAR,
    FACTOR,
    FRAGMENT,
    LONG,
    MAC_SALT,
    MAIL_SALT,
    NEWLINE,
    NONE,
    PATH_SALT,
    PERCENT,
    PLUS,
    QUERY,
    SHOW,
    SLASH,
    STOP,
    WORD,
    WORD_SALT,
    Tables,
    found,
    key4,
    key6,
    low,
    mixed,
    noted,
    place_of,
)
from noroshi.share.matching.scan_addresses import address4, colons, hardware, look4

__all__ = ["joined_keys", "keys4", "keys6", "mac_keys", "mail_keys", "path_keys", "scan", "word_keys"]

Bytes = NDArray[np.uint8]
Keys = NDArray[np.uint64]
JOIN: Any = np.uint64(0xB708192A3B4C5D67)
MANY_PARTS = -1
"""What stands in place of a key where a line has more parts of URLs than are kept apart."""


@inlined
def word_hash(buf: Bytes, start: int, end: int) -> Any:  # noqa: ANN401  as above
    """Return the hash of a word, from right to left."""
    value = NONE
    for k in range(end - 1, start - 1, -1):
        value = value * FACTOR + low(buf[k])
    return value


@inlined
def word(
    t: Tables, buf: Bytes, start: int, end: int, dots: int, digits: int, state: NDArray[np.int64],
    parts: NDArray[np.uint64], out: NDArray[np.int64],
) -> None:  # fmt: skip
    """Look a word up: as an address, as a name with all its parents, as any other word of a length that is wanted."""
    while start < end and (buf[start] == DOT_CHAR or buf[start] == DASH):
        dots -= buf[start] == DOT_CHAR
        start += 1
    while start < end and (buf[end - 1] == DOT_CHAR or buf[end - 1] == DASH):
        end -= 1
        dots -= buf[end] == DOT_CHAR
    length = end - start
    if length <= 0:
        return
    others = length - dots - digits
    if others == 0 and dots == 3:
        value = address4(buf, start, end)
        if value >= 0:
            look4(t, state, parts, out, value)
    named = dots > 0 and others > 0
    if named or t.wanted[min(length, LONG)]:
        value = NONE
        k = end - 1
        while True:
            code = int(buf[k]) if k >= start else 0
            if k < start or (code == DOT_CHAR and t.parents and named):
                found(t, state, parts, out, mixed(value ^ WORD_SALT))
                if k < start:
                    break
            value = value * FACTOR + low(code)
            k -= 1
    if (length == 17 and buf[start + 2] == DASH) or (length == 14 and dots == 2):
        hardware(t, buf, start, end, state, parts, out)


@inlined
def mail(
    t: Tables, buf: Bytes, at: int, state: NDArray[np.int64], parts: NDArray[np.uint64], out: NDArray[np.int64]
) -> None:
    """Look up the mail address around the '@' at `at`."""
    start, end = at, at + 1
    while start > 0 and (t.classes[buf[start - 1]] & WORD or buf[start - 1] == PERCENT or buf[start - 1] == PLUS):
        start -= 1
    while end < buf.size and t.classes[buf[end]] & WORD:
        end += 1
    while buf[end - 1] == DOT_CHAR or buf[end - 1] == DASH:
        end -= 1
    if start < at and end > at + 1:
        found(t, state, parts, out, mixed(word_hash(buf, start, end) ^ MAIL_SALT))


@inlined
def path(
    t: Tables, buf: Bytes, start: int, state: NDArray[np.int64], parts: NDArray[np.uint64], out: NDArray[np.int64]
) -> None:
    """Look up every beginning of the path at `start` that ends where a part of it may end."""
    value, k = NONE, start
    while k < buf.size and not t.classes[buf[k]] & STOP:
        code = buf[k]
        edge = k > start and (code == DOT_CHAR or not t.classes[code] & WORD)
        if edge:
            found(t, state, parts, out, mixed(value ^ PATH_SALT))
        value = value * FACTOR + low(code)
        if edge or k == start:
            found(t, state, parts, out, mixed(value ^ PATH_SALT))
        k += 1
    if k > start:
        found(t, state, parts, out, mixed(value ^ PATH_SALT))


@inlined
def ended(t: Tables, state: NDArray[np.int64], parts: NDArray[np.uint64], out: NDArray[np.int64]) -> None:
    """At the end of a line, look up every host in it with every path in it; then forget both."""
    for h in range(state[3]):
        for p in range(state[4]):
            place = place_of(t, mixed(parts[0, h] ^ (parts[1, p] * JOIN)))
            if place >= 0 and t.roles[place] & SHOW:
                noted(state, out, place)
    if state[5]:
        noted(state, out, MANY_PARTS)
    state[3], state[4], state[5] = 0, 0, 0


@inlined
def slashes(
    t: Tables, buf: Bytes, k: int, state: NDArray[np.int64], parts: NDArray[np.uint64], out: NDArray[np.int64]
) -> None:
    """Look up the path that may begin at `k`: after the host of a URL, or where a field begins with it."""
    last = buf[k - 1] if k > 0 else np.uint8(NEWLINE)
    if buf[k] == SLASH and last == COLON_CHAR and k + 1 < buf.size and buf[k + 1] == SLASH:
        at = k + 2
        while at < buf.size and not t.classes[buf[at]] & STOP:
            if buf[at] == SLASH or buf[at] == QUERY or buf[at] == FRAGMENT:
                path(t, buf, at, state, parts, out)
                break
            at += 1
    elif not t.classes[last] & WORD and last != SLASH and last != COLON_CHAR:
        path(t, buf, k, state, parts, out)


@bare_kernel
def scan(t: Tables, buf: Bytes, state: NDArray[np.int64], parts: NDArray[np.uint64], out: NDArray[np.int64]) -> None:
    """Write line (from 0), start of line and place of key for what may be a hit in `buf`, whole lines of a log.

    state: (6,), zeros; then how much was found, which may be more than `out`, (room, 3), holds, and how many lines
    ended. parts: (3, MOST_PARTS) of room for hosts, paths and the groups of an address.
    """
    n, k = buf.size, 0
    group, seen, double = -1, 0, False
    while k <= n:  # one step beyond the end, which ends the last line
        start = k
        dots, digits = 0, 0
        while k < n:
            kind = int(t.classes[buf[k]])
            if not kind & WORD:
                break
            dots += (kind >> 4) & 1
            digits += (kind >> 2) & 1
            k += 1
        if start < k:
            word(t, buf, start, k, dots, digits, state, parts, out)
        code = buf[k] if k < n else np.uint8(NEWLINE)
        if code == COLON_CHAR:
            if group < 0:
                group = start
            double |= k > 0 and buf[k - 1] == COLON_CHAR
            seen += 1
            k += 1
            continue
        if group >= 0:
            if seen > 1 and (double or seen > 4):
                colons(t, buf, group, k, state, parts, out)
            group, seen, double = -1, 0, False
        if code == NEWLINE:
            ended(t, state, parts, out)
            state[1] += k < n
            state[2] = k + 1
        elif t.paths and (code == SLASH or code == QUERY or code == FRAGMENT):
            slashes(t, buf, k, state, parts, out)
        elif code == AT:
            mail(t, buf, k, state, parts, out)
        k += 1


@kernel
def word_keys(blob: Bytes, ends: NDArray[np.int64], out: Keys) -> None:
    """Write the keys of the words that lie in `blob` one after the other, each up to its end."""
    start = 0
    for k in range(ends.size):
        out[k] = mixed(word_hash(blob, start, ends[k]) ^ WORD_SALT)
        start = ends[k]


@kernel
def mail_keys(blob: Bytes, ends: NDArray[np.int64], out: Keys) -> None:
    """Write the keys of mail addresses, as `word_keys` does."""
    start = 0
    for k in range(ends.size):
        out[k] = mixed(word_hash(blob, start, ends[k]) ^ MAIL_SALT)
        start = ends[k]


@kernel
def path_keys(blob: Bytes, ends: NDArray[np.int64], out: Keys) -> None:
    """Write the keys of paths, as `word_keys` does."""
    start = 0
    for k in range(ends.size):
        value = NONE
        for at in range(start, ends[k]):
            value = value * FACTOR + low(blob[at])
        out[k] = mixed(value ^ PATH_SALT)
        start = ends[k]


@kernel
def joined_keys(hosts: Keys, paths: Keys, out: Keys) -> None:
    """Write the keys of hosts with paths."""
    for k in range(hosts.size):
        out[k] = mixed(hosts[k] ^ (paths[k] * JOIN))


@kernel
def keys4(values: NDArray[np.int64], lengths: NDArray[np.int64], out: Keys) -> None:
    """Write the keys of IPv4 networks."""
    for k in range(values.size):
        out[k] = key4(values[k], lengths[k])


@kernel
def keys6(high: Keys, lower: Keys, lengths: NDArray[np.int64], out: Keys) -> None:
    """Write the keys of IPv6 networks."""
    for k in range(high.size):
        out[k] = key6(high[k], lower[k], lengths[k])


@kernel
def mac_keys(values: Keys, out: Keys) -> None:
    """Write the keys of hardware addresses."""
    for k in range(values.size):
        out[k] = mixed(values[k] ^ MAC_SALT)
