"""Strict reading: from the bytes of an envelope or a bundle to the bytes of each object, each checked for itself.

The bytes that are kept are those that were checked: a parser that lets the last of two equal keys win would read
RED-then-CLEAR as CLEAR. JSON after RFC 8259, strings as I-JSON (RFC 7493): UTF-8, no lone surrogates, no key twice.
"""

from __future__ import annotations

import json
import re
from typing import Any

import msgspec
import numpy as np

from noroshi.share.reasons import Reason

__all__ = ["MOST_BYTES", "MOST_DEPTH", "Parcel", "check", "split"]

MOST_BYTES = 1 << 20
"""The longest object, in bytes as it was sent."""
MOST_DEPTH = 64
"""How deeply objects and lists may be nested; the object itself is at depth 1."""


class Parcel(msgspec.Struct, frozen=True):
    """What arrived: the bytes of each object in their order, and what else stood beside `objects`.

    In an envelope (TAXII 2.1, section 3.7) that is `more` and `next`, in a bundle (STIX 2.1, section 8) `type` and
    `id`.
    """

    objects: tuple[bytes, ...]
    beside: dict[str, Any]

    @property
    def is_bundle(self) -> bool:
        """Whether it says that it is a STIX bundle."""
        return self.beside.get("type") == "bundle"


class _Slices(msgspec.Struct):
    objects: list[msgspec.Raw] = []


_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder().encode
_slices = msgspec.json.Decoder(_Slices).decode
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*"|[][{},:]', re.DOTALL)
_QUOTE_SPELT_OUT = re.compile(rb"\\u0022")
_OPEN, _CLOSE = b"{[", b"}]"


def split(data: bytes, most: int = 10_000) -> Parcel | Reason:
    """Return the objects of an envelope or bundle as they were sent, at most `most`, or why there are none.

    The objects are not checked here: one that is bad must fail alone (`check`). What stands beside them is checked.
    """
    try:
        slices = _slices(data).objects
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _split_slowly(data, most)
    if len(slices) > most:
        return Reason("too-many", "objects", f"{len(slices)} > {most}")
    if not slices:
        return _parcel((), data)
    base = _address(data)
    start, last = _address(slices[0]) - base, slices[-1]
    end = _address(last) - base + len(memoryview(last))
    return _parcel(tuple(map(bytes, slices)), data[:start] + data[end:])


def _address(buffer: bytes | msgspec.Raw) -> int:
    """Return where the bytes lie in memory; slices of one message lie in it."""
    view = np.frombuffer(buffer, dtype=np.uint8)
    return int(view.__array_interface__["data"][0])


def _parcel(objects: tuple[bytes, ...], shell: bytes) -> Parcel | Reason:
    """Return the parcel if its shell, the message without its objects, is strict JSON with one list `objects`."""
    beside = check(shell, most_bytes=len(shell))
    if isinstance(beside, Reason):
        return beside
    if beside.pop("objects", []) != []:
        return Reason("not-an-envelope", "objects")
    return Parcel(objects, beside)


def _split_slowly(data: bytes, most: int) -> Parcel | Reason:
    """Return what `split` does where some object is not even JSON: by strings, brackets and commas alone."""
    inside = 2  # depth of what stands in the list `objects` of the message
    depth, key, cuts, opened, closed = 0, b"", [], -1, -1
    pending = b""
    for token in _TOKEN.finditer(data):
        mark = token.group()
        if mark in _OPEN:
            depth += 1
            if depth == inside and mark == b"[" and key == b'"objects"':
                if opened >= 0:
                    return Reason("duplicate-key", "objects")
                opened = token.end()
                cuts.append(opened)
        elif mark in _CLOSE:
            depth -= 1
            if depth == 1:
                if opened >= 0 and closed < 0:
                    closed = token.start()
                    cuts.append(closed)
                key = b""
        elif depth == inside and mark == b"," and opened >= 0 and closed < 0:
            cuts += (token.start(), token.end())
        elif depth == 1:
            key = pending if mark == b":" else b""
            pending = mark
    if closed < 0 or depth:
        found = check(data, most_bytes=len(data))
        return found if isinstance(found, Reason) else Reason("not-an-envelope")
    pieces = tuple(data[a:b].strip(b" \t\r\n") for a, b in zip(cuts[::2], cuts[1::2], strict=True))
    if len(pieces) > most:
        return Reason("too-many", "objects", f"{len(pieces)} > {most}")
    return _parcel(pieces, data[:opened] + data[closed:])


def check(raw: bytes, most_bytes: int = MOST_BYTES) -> dict[str, Any] | Reason:
    """Return the object that the bytes hold, or the first reason why they are not strict JSON.

    Refused: longer than `most_bytes`, not UTF-8 (lone surrogates included), not JSON (NaN, Infinity, trailing bytes,
    numbers beyond a double), not an object, deeper than `MOST_DEPTH`, a key twice in one object at any depth.
    """
    if len(raw) > most_bytes:
        return Reason("too-large", said=f"{len(raw)} bytes")
    value = _parse(raw)
    if type(value) is not dict:
        return value if isinstance(value, Reason) else Reason("not-an-object")
    if raw.count(b"{") + raw.count(b"[") > MOST_DEPTH and _depth_over(value):
        return Reason("too-deep")
    return _key_twice(raw, value) or value


def _parse(raw: bytes) -> object:
    """Return what the bytes hold, of equal keys the last, or the reason why it is not JSON."""
    try:
        return _decode(raw)
    except RecursionError:
        return Reason("too-deep")
    except UnicodeDecodeError as error:
        return Reason("not-utf8", said=f"byte {error.start}")
    except msgspec.DecodeError as error:
        return Reason("not-json", said=str(error))


def _depth_over(value: object) -> bool:
    """Return whether objects and lists are nested more deeply than `MOST_DEPTH`."""
    level = [value]
    for _ in range(MOST_DEPTH):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer if isinstance(outer, list) else ())
            if isinstance(inner, dict | list)
        ]
        if not level:
            return False
    return True


def _key_twice(raw: bytes, value: object) -> Reason | None:
    r"""Return the reason if some object in `raw` has a key twice; `value` is what a last-one-wins parser made of it.

    Written again, `value` has fewer strings than `raw` if and only if a key was lost. A string is two quotation marks
    and one for each `\"` in it; so the marks can be counted, unless `raw` spells one of them as `\u0022`. Spaces and
    other escapes make no difference. Where the count does not settle it, every object's pairs are looked at.
    """
    try:
        settled = b"\\" not in raw or _QUOTE_SPELT_OUT.search(raw) is None
        if settled and raw.count(b'"') == _encode(value).count(b'"'):
            return None
    except OverflowError:  # an integer beyond 64 bits can be read but not written
        pass
    try:
        json.loads(raw, object_pairs_hook=_pairs, parse_int=str, parse_float=str)
    except _TwiceError as error:
        return Reason("duplicate-key", said=str(error)[:100])
    except RecursionError:
        return Reason("too-deep")
    return None


class _TwiceError(Exception):
    """A key stands twice in one object; the text is the key."""


def _pairs(pairs: list[tuple[str, Any]]) -> None:
    """Refuse pairs of which two have the same key."""
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            raise _TwiceError(key)
        seen.add(key)
