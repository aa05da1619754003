"""The index of a million indicators, and the lines of a buffer that may hold one of them."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_network
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from noroshi.share.matching.lookup import CLASSES, HOST, LONG, MOST_PARTS, PATH, SHOW, Tables
from noroshi.share.matching.scanner import (
    joined_keys,
    keys4,
    keys6,
    mac_keys,
    mail_keys,
    path_keys,
    scan,
    word_keys,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from noroshi.share.matching.indicators import Indicators

__all__ = ["Candidates", "Index", "build", "candidates"]

Keys = NDArray[np.uint64]
RUN = re.compile(r"[A-Za-z0-9._-]+")
COMMON = frozenset(
    [
        "mozilla",
        "windows",
        "applewebkit",
        "khtml",
        "gecko",
        "chrome",
        "safari",
        "like",
        "compatible",
        "linux",
        "android",
        "version",
        "mobile",
        "http",
        "https",
        "com",
        "www",
        "index",
        "html",
        "php",
        "5.0",
        "537.36",
        "nt",
        "x64",
        "win64",
        "u",
        "en-us",
    ]
)
"""Words that say little in a log of the web; another word of the text is looked for where there is one."""
FREE = ("file-name", "user-agent", "text", "idn")
WORDS = ("domain", "md5", "sha1", "sha256", "sha512")
ROOM = 4096
LEAST_SLOTS = 64


@dataclass(frozen=True, slots=True)
class Index:
    """What is looked up: tables of the scanner; rows of each key, from `starts[place]` on; texts without ASCII words.

    parents: whether a domain stands for all names under it. unfindable: rows that no line can be found for.
    """

    tables: Tables
    rows: NDArray[np.int32]
    starts: NDArray[np.int64]
    loose: tuple[tuple[bytes, int], ...]
    parents: bool
    unfindable: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Lines of a buffer that may hold an indicator: line (from 0), its start in bytes, and the rows; lines in all.

    crowded: lines that hold more parts of URLs than are looked at, as the same pairs of line and start.
    """

    found: dict[tuple[int, int], set[int]]
    lines: int
    crowded: tuple[tuple[int, int], ...]


class _Gathered:
    """Keys, the rows that they stand for, and what they are good for: a class, since every kind adds its own."""

    def __init__(self) -> None:
        self.keys: list[Keys] = []
        self.rows: list[NDArray[np.int32]] = []
        self.roles: list[NDArray[np.uint8]] = []
        self.wanted = np.zeros(LONG + 1, np.bool_)

    def add(self, keys: Keys, rows: Sequence[int] | NDArray[np.int64], role: int = SHOW) -> None:
        """Add keys for rows; where the role is not to show lines, the rows do not matter."""
        self.keys.append(keys)
        self.rows.append(np.asarray(rows, dtype=np.int32))
        self.roles.append(np.full(len(keys), role, np.uint8))

    def words(self, texts: Sequence[str], rows: Sequence[int], role: int = SHOW) -> Keys:
        """Add words, whose lengths are then wanted, and return their keys."""
        keys = hashed(word_keys, texts)
        lengths = np.fromiter((min(len(text), LONG) for text in texts), np.int64, len(texts))
        self.wanted[np.unique(lengths)] = True
        self.add(keys, rows, role)
        return keys


def hashed(kernel: object, texts: Sequence[str]) -> Keys:
    """Return the keys of texts by one of the scanner's own functions, (len(texts),)."""
    raw = [text.encode() for text in texts]
    ends = np.cumsum(np.fromiter((len(one) for one in raw), np.int64, len(raw)))
    out = np.empty(len(raw), np.uint64)
    kernel(np.frombuffer(b"".join(raw) or b"\0", np.uint8), ends, out)  # type: ignore[operator]  # compiled
    return out


def build(indicators: Indicators, *, parents: bool = True) -> Index:
    """Return the index; `parents`: a domain stands for all names under it, too."""
    of: dict[str, list[int]] = {}
    for row, kind in enumerate(indicators.kinds):
        of.setdefault(kind, []).append(row)
    got, values = _Gathered(), indicators.values
    for kind in WORDS:
        rows = of.get(kind, [])
        if rows and kind == "domain":
            got.add(hashed(word_keys, [values[row] for row in rows]), rows)
        elif rows:
            got.words([values[row] for row in rows], rows)
    rows = of.get("email", [])
    got.add(hashed(mail_keys, [values[row] for row in rows]), rows)
    top, lengths4, lengths6 = networks(values, of, got)
    rows = of.get("asn", [])
    got.words([values[row] for row in rows], rows)
    got.words([values[row][2:] for row in rows], rows)
    rows = of.get("mac", [])
    macs = np.array([int(values[row].replace(":", ""), 16) for row in rows], np.uint64)
    out = np.empty(len(rows), np.uint64)
    mac_keys(macs, out)
    got.add(out, rows)
    has_paths, lost = locators(values, of.get("url", []), got)
    loose = free_text(values, [row for kind in FREE for row in of.get(kind, [])], got)
    return finished(got, (top, lengths4, lengths6), parents=parents, paths=has_paths, loose=loose, lost=lost)


def networks(
    values: Sequence[str], of: dict[str, list[int]], got: _Gathered
) -> tuple[NDArray[np.bool_], NDArray[np.int64], NDArray[np.int64]]:
    """Add addresses and networks; return which upper halves of IPv4 have networks, and the lengths that occur."""
    four = [(int(IPv4Address(values[row])), 32, row) for row in of.get("ipv4", [])]
    six = [(int(IPv6Address(values[row])), 128, row) for row in of.get("ipv6", [])]
    top = np.zeros(1 << 16, np.bool_)
    for row in of.get("net", []):
        net = ip_network(values[row])
        (four if net.version == 4 else six).append((int(net.network_address), net.prefixlen, row))  # noqa: PLR2004
        if net.version == 4:  # noqa: PLR2004  the version's own number
            top[int(net.network_address) >> 16 : (int(net.broadcast_address) >> 16) + 1] = True
    if four:
        bases, lengths, rows = (np.array(column, np.int64) for column in zip(*four, strict=True))
        out = np.empty(len(four), np.uint64)
        keys4(bases, lengths, out)
        got.add(out, rows)
    if six:
        high = np.array([base >> 64 for base, _, _ in six], np.uint64)
        lower = np.array([base & (2**64 - 1) for base, _, _ in six], np.uint64)
        out = np.empty(len(six), np.uint64)
        keys6(high, lower, np.array([length for _, length, _ in six], np.int64), out)
        got.add(out, [row for _, _, row in six])
    return top, lengths_of(four, 32), lengths_of(six, 128)


def lengths_of(nets: Iterable[tuple[int, int, int]], whole: int) -> NDArray[np.int64]:
    """Return the lengths of prefixes that occur, without that of single addresses."""
    return np.array(sorted({length for _, length, _ in nets} - {whole}), np.int64)


def locators(values: Sequence[str], rows: Sequence[int], got: _Gathered) -> tuple[bool, list[int]]:
    """Add URLs: by host alone, or by host and path together; return whether there are paths, and what has no host."""
    alone: list[tuple[str, int]] = []
    both: list[tuple[str, str, int]] = []
    lost: list[int] = []
    for row in rows:
        end = re.search(r"[/?#]", values[row])
        at = end.start() if end else len(values[row])
        host, path = values[row][:at], values[row][at:]
        anchor = max((run.strip(".-") for run in RUN.findall(host)), key=len, default="")
        if not anchor:
            lost.append(row)
        elif path == "/":
            alone.append((anchor, row))
        else:
            both.append((anchor, path, row))
    got.words([anchor for anchor, _ in alone], [row for _, row in alone])
    places = [row for _, _, row in both]
    hosts = got.words([anchor for anchor, _, _ in both], places, HOST)
    paths = hashed(path_keys, [path for _, path, _ in both])
    got.add(paths, places, PATH)
    out = np.empty(len(both), np.uint64)
    joined_keys(hosts, paths, out)
    got.add(out, places)
    return bool(both), lost


def free_text(values: Sequence[str], rows: Sequence[int], got: _Gathered) -> tuple[tuple[bytes, int], ...]:
    """Add texts by the word of each that is rarest among them; return those without ASCII words, as bytes."""
    runs = [[run.strip(".-").lower() for run in RUN.findall(values[row])] for row in rows]
    often = Counter(run for some in runs for run in set(some))
    anchors: list[tuple[str, int]] = []
    loose: list[tuple[bytes, int]] = []
    for row, some in zip(rows, runs, strict=True):
        known = [run for run in some if run]
        if known:
            best = min(known, key=lambda run: (run in COMMON, len(run) < 3, often[run], -len(run)))  # noqa: PLR2004
            anchors.append((best, row))
        else:
            loose.append((values[row].encode(), row))
    got.words([anchor for anchor, _ in anchors], [row for _, row in anchors])
    return tuple(loose)


def finished(  # noqa: PLR0913  all that was gathered
    got: _Gathered, nets: tuple[NDArray[np.bool_], NDArray[np.int64], NDArray[np.int64]], *, parents: bool, paths: bool,
    loose: tuple[tuple[bytes, int], ...], lost: list[int],
) -> Index:  # fmt: skip
    """Return the index of what was gathered: keys made unique, their rows in order, hash table and filter filled."""
    keys, rows, roles = np.concatenate(got.keys), np.concatenate(got.rows), np.concatenate(got.roles)
    order = np.argsort(keys, kind="stable")
    keys, rows, roles = keys[order], rows[order], roles[order]
    unique, first = np.unique(keys, return_index=True)
    role = np.bitwise_or.reduceat(roles, first).astype(np.uint8) if len(unique) else np.zeros(0, np.uint8)
    shows = (roles & SHOW) > 0
    counts = np.add.reduceat(shows.astype(np.int64), first) if len(unique) else np.zeros(0, np.int64)
    slots, places, bits = table(unique)
    return Index(
        tables=Tables(bits, slots, places, role, got.wanted, *nets, CLASSES, parents, paths),
        rows=rows[shows], starts=np.concatenate(([0], np.cumsum(counts))), loose=loose, parents=parents,
        unfindable=tuple(lost),
    )  # fmt: skip


def table(unique: Keys) -> tuple[Keys, NDArray[np.int32], Keys]:
    """Return an open hash table that is at most half full, the place of each key in it, and a filter of bits."""
    from noroshi.share.matching.lookup import filled

    size = LEAST_SLOTS
    while size < 2 * len(unique):
        size *= 2
    slots, places = np.zeros(size, np.uint64), np.zeros(size, np.int32)
    bits = np.zeros(max(size // 16, 1), np.uint64)
    filled(unique, slots, places, bits)
    return slots, places, bits


def candidates(index: Index, data: bytes) -> Candidates:
    """Return the lines of `data`, whole lines as they are in a log, that may hold an indicator."""
    buf = np.frombuffer(data, np.uint8)
    parts, room = np.empty((3, MOST_PARTS), np.uint64), ROOM
    while True:
        state, out = np.zeros(6, np.int64), np.empty((room, 3), np.int64)
        scan(index.tables, buf, state, parts, out)
        if state[0] <= room:
            break
        room = int(state[0])
    found: dict[tuple[int, int], set[int]] = {}
    crowded = []
    for line, start, place in out[: state[0]].tolist():
        if place < 0:
            crowded.append((line, start))
        else:
            rows = index.rows[index.starts[place] : index.starts[place + 1]].tolist()
            found.setdefault((line, start), set()).update(rows)
    for text, row in index.loose:
        at = data.find(text)
        while at >= 0:
            start = data.rfind(b"\n", 0, at) + 1
            found.setdefault((data.count(b"\n", 0, start), start), set()).add(row)
            at = data.find(text, at + 1)
    lines = int(state[1]) + (not data.endswith(b"\n") if data else 0)
    return Candidates(dict(sorted(found.items())), lines, tuple(crowded))
